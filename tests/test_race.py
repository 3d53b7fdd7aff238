"""Two libraries at one model: whichever proves first ends both, and a wrong word of one does no harm to the other."""

from __future__ import annotations

import time

import numpy as np
import pytest

from planner.solvers.adapters.highs import Highs
from planner.solvers.adapters.scip import Scip
from planner.solvers.check import Claim, conclude
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Reason, Solution, Solver, Stopping, StopSign, never
from planner.solvers.search import race
from planner.solvers.search.auto import Auto
from planner.solvers.search.incumbent import Incumbent
from tests.sweep import sweep
from tests.test_solvers import hard, model, random_mixed

QUICK = Stopping(time_limit=30.0, gap=0.0, threads=2, seed=1)


def quiet(_: Progress) -> None:
    """Nobody listens."""


def small() -> Matrix:
    """Take one of three; the second is the best: 5."""
    return model([3, 5, 4], [[1, 1, 1]], [-np.inf], [1], [1, 1, 1], [True, True, True])


def apart(
    matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
) -> Solution:
    """A solve in this process."""
    return solver.solve(matrix, stopping, listen, start, stop)


def waits(matrix: Matrix, stopping: Stopping, stop: StopSign, reason: Reason = "interrupted") -> Solution:
    """A solver that finds nothing and ends only when it is told to."""
    while not stop():
        time.sleep(0.02)
    return conclude(matrix, stopping, "waits", Claim(reason, None, None, ""), 0.0)


class Waits(Highs):
    """In the place of HiGHS."""

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        return waits(matrix, stopping, stop)


def run(matrix: Matrix, other: race.Runner = apart, start: Floats | None = None) -> Solution:
    best = Incumbent(matrix, QUICK, Reporter(quiet), never, "auto")
    best.adopt(start)
    return race.Race(best, other).run()


@pytest.mark.parametrize(
    ("matrix", "ends"), [(small(), ("optimal", 5.0)), (model([1], [[1]], [2], [3], [1], [True]), ("infeasible", None))]
)
def test_the_second_solver_proves_where_the_first_does_not(
    monkeypatch: pytest.MonkeyPatch, matrix: Matrix, ends: tuple[str, float | None]
) -> None:
    monkeypatch.setattr(race, "Highs", Waits)
    monkeypatch.setattr(race, "HEAD_START", 0.0)
    ended = run(matrix).termination
    assert (ended.reason, ended.value) == ends
    assert ended.seconds < 10.0


def test_the_first_solver_ends_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "HEAD_START", 0.0)
    heard: list[str] = []

    def other(
        matrix: Matrix, solver: Solver, stopping: Stopping, _hear: Listener, _start: Floats | None, stop: StopSign
    ) -> Solution:
        heard.append(solver.name)
        return waits(matrix, stopping, stop)

    ended = run(random_mixed(3), other).termination
    assert ended.reason == "optimal"
    assert ended.seconds < 10.0
    assert heard in ([], ["scip"])  # none where HiGHS is through at once


def test_a_word_below_a_checked_plan_is_no_bound_and_takes_no_other_ones_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """One says 0 while a plan of 3 is known and breaks down; the other one's 9 holds."""
    monkeypatch.setattr(race, "HEAD_START", 0.0)

    def other(
        matrix: Matrix, _solver: Solver, stopping: Stopping, hear: Listener, _start: Floats | None, _stop: StopSign
    ) -> Solution:
        hear(Progress("search", 0.0, None, 0.0))
        return conclude(matrix, stopping, "scip", Claim("failed", None, None, ""), 0.0)

    class Says(Highs):
        def solve(
            self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
        ) -> Solution:
            time.sleep(0.3)
            return conclude(matrix, stopping, "highs", Claim("time_limit", start, 9.0, ""), 0.0)

    monkeypatch.setattr(race, "Highs", Says)
    ended = run(small(), other, np.array([1.0, 0.0, 0.0])).termination
    assert (ended.reason, ended.value, ended.bound) == ("time_limit", 3.0, 9.0)


@pytest.mark.parametrize("seed", sweep(range(40), 2))
def test_the_default_finds_what_highs_finds(seed: int) -> None:
    matrix = random_mixed(seed)
    mine, other = (solver.solve(matrix, QUICK, quiet).termination for solver in (Auto(apart), Highs()))
    assert mine.reason == other.reason
    assert mine.value == pytest.approx(other.value, abs=1e-6)


def test_scip_tells_no_bound_below_the_optimum() -> None:
    """While SCIP has no bound yet it says 0 of a plan: that is none."""
    matrix = hard(8, 2)
    start = np.zeros(len(matrix.objective))
    heard: list[Progress] = []
    ended = Scip().solve(matrix, QUICK, heard.append, start).termination
    assert ended.value is not None
    assert all(one.bound >= ended.value - 1e-6 for one in heard if one.bound is not None)
