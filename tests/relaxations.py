"""Random cities as matrices with blocks, with and without quarters, and their linear relaxations."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.bounds.sifting import Sieve, SiftingParameters
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Ints, Matrix
from tests.city import write_city
from tests.random_city import random_tables

SEEDS = (900, 901, 902, 903, 904, 905, 906, 916, 953, 962, 977, 988)
WHOLE, CHOSEN = "whole", "chosen"
KINDS = (WHOLE, CHOSEN)
IN_PARTS = SiftingParameters(at_once=0, blocks=0.0, choices=1, more=1, added=6, sample=2, iterations=20)
"""Small models are sifted too, beginning with next to nothing."""


@cache
def city(seed: int, kind: str) -> tuple[Matrix, Ints]:
    """The model of a random city, or what is left of it without quarters, and the block of each column."""
    with TemporaryDirectory() as folder:
        return model(Path(folder), kind, *random_tables(seed, candidates=14, parks=5, quarters=3))


def model(folder: Path, kind: str, plan: str, tables: dict[str, list[dict[str, Any]]]) -> tuple[Matrix, Ints]:
    opened = open_plan(write_city(folder, plan, tables))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    if kind == WHOLE:
        return matrix, matrix.periods.block
    relaxed = aggregate(matrix, matrix.periods)
    block = np.full(len(relaxed.matrix.objective), -1, dtype=np.int64)
    block[relaxed.column] = matrix.periods.block
    return relaxed.matrix, block


@cache
def relaxation(seed: int, kind: str) -> float:
    """The optimum of the linear relaxation, by the simplex method; −inf when there is no solution."""
    value = relaxation_bound(city(seed, kind)[0], 60)
    assert value is not None
    return value


def sifted(
    matrix: Matrix, block: Ints, told: list[float] | None = None, seed: int = 1, parameters: SiftingParameters = IN_PARTS
) -> Sieve:
    hear = (told if told is not None else []).append
    found = Sieve(matrix, block, 60, 1, seed, hear, parameters=parameters).run()
    assert found.duals is not None
    return found
