"""All searches together on one model: they end with a proof, what they say holds, and they find what each finds by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.solvers import process
from planner.solvers.adapters.highs import Highs
from planner.solvers.protocol import Matrix
from planner.solvers.search.auto import Auto
from planner.solvers.search.together import Together
from tests.racing import QUICK, apart, incumbent, quiet
from tests.sweep import sweep
from tests.test_solver_worker import small
from tests.test_solvers import model, random_mixed


@pytest.mark.parametrize(
    ("matrix", "ends"), [(small(), ("optimal", 5.0)), (model([1], [[1]], [2], [3], [1], [True]), ("infeasible", None))]
)
def test_whoever_proves_ends_the_search(matrix: Matrix, ends: tuple[str, float | None]) -> None:
    best = incumbent(matrix)
    assert best.matrix.periods is not None
    ended = Together(best, best.matrix.periods, apart).run().termination
    assert (ended.reason, ended.value) == ends
    assert ended.seconds < 20.0


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", sweep(range(40), 2))
def test_the_default_finds_what_highs_finds(seed: int, threads: int) -> None:
    matrix = random_mixed(seed)
    limits = replace(QUICK, threads=threads)
    mine, other = (solver.solve(matrix, limits, quiet).termination for solver in (Auto(apart), Highs()))
    assert mine.reason == other.reason
    assert mine.value == pytest.approx(other.value, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", range(12))
def test_the_whole_search_finds_what_highs_finds(seed: int, threads: int) -> None:
    """Models that the default would hand to HiGHS, given to all searches together."""
    matrix = random_mixed(seed)
    best = incumbent(matrix, replace(QUICK, threads=threads))
    assert best.matrix.periods is not None
    mine, other = (
        Together(best, best.matrix.periods, process.solve).run().termination,
        Highs().solve(matrix, QUICK, quiet).termination,
    )
    assert mine.reason == other.reason or {mine.reason, other.reason} <= {"optimal", "gap_reached"}
    assert mine.value == pytest.approx(other.value, abs=1e-5)
