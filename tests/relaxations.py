"""Random cities as matrices with blocks, with and without quarters, and their linear relaxations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Ints, Matrix
from tests.city import write_city
from tests.random_city import random_tables

INF = float("inf")
SEEDS = (900, 901, 902, 903, 904, 905, 906, 916, 953, 962, 977, 988)
WHOLE, CHOSEN = "whole", "chosen"
KINDS = (WHOLE, CHOSEN)


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


def programme(
    objective: Sequence[float], rows: Sequence[Sequence[float]], sides: Sequence[tuple[float, float]], most: float = 1.0
) -> Matrix:
    """Columns between 0 and ``most``."""
    count = len(objective)
    lower, upper = np.array(sides, dtype=float).reshape(-1, 2).T
    table = csr_array(np.array(rows, dtype=float).reshape(-1, count))
    zeros = np.zeros(count)
    return Matrix(np.array(objective, dtype=float), 0.0, table, lower, upper, zeros, zeros + most, np.zeros(count, dtype=bool))
