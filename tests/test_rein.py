"""Solves that are led while they run: they stand still and go on, take plans that others have found, and tell what they know."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from planner.solvers import process
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import Claim, conclude
from planner.solvers.exact import prepare
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Signs, Solution, Stopping, StopSign, never
from planner.solvers.registry import make_solver
from planner.solvers.rein import offered
from tests.matrices import hard, matrix_of
from tests.racing import quiet, until


def test_a_worker_that_is_held_does_nothing_and_goes_on_where_it_was() -> None:
    """In a process of its own, HiGHS tells its state at least twice a second while it searches."""
    held = threading.Event()
    heard: list[float] = []
    over = threading.Event()
    limits = Stopping(time_limit=60.0, gap=0.0, threads=1, seed=1)

    def listen(progress: Progress) -> None:
        if progress.phase == "search":
            heard.append(time.monotonic())

    def run() -> None:
        process.solve(hard(60, 8), Highs(), limits, listen, None, over.is_set, Signs(held.is_set))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: len(heard) >= 2)
        held.set()
        time.sleep(1.5)  # what was on its way has come
        told = len(heard)
        time.sleep(1.5)
        assert len(heard) == told
        held.clear()
        until(lambda: len(heard) > told)
    finally:
        over.set()
        thread.join()


@pytest.mark.slow
def test_a_solver_goes_on_from_a_plan_that_others_have_found() -> None:
    """Five sums of thirty numbers that only the planted choice makes, as far as is known: HiGHS finds none within its time."""
    dice = np.random.default_rng(7)
    planted = (dice.random(40) < 0.5).astype(float)
    sums = dice.integers(1, 1000, (5, 40)).astype(float)
    matrix = matrix_of(np.ones(40), sums, lower=sums @ planted, upper=sums @ planted)
    began = time.monotonic()
    offers: list[np.ndarray] = [planted]

    def hint() -> np.ndarray | None:
        return offers.pop() if offers and time.monotonic() > began + 1.5 else None

    limits = Stopping(time_limit=5.0, gap=0.0, threads=1, seed=1)
    assert process.solve(matrix, Highs(), limits, quiet).values is None
    began = time.monotonic()
    found = process.solve(matrix, Highs(), limits, quiet, signs=Signs(hint=hint))
    assert found.values is not None
    assert found.values.tolist() == planted.tolist()


class Waits:
    """Its word is the plan that it is offered, unless that breaks its model: as of a library, which puts nothing right."""

    name = "waits"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Until there is one."""
        reporter, plan = Reporter(listen), None
        while plan is None and reporter.seconds < stopping.time_limit:
            time.sleep(0.01)
            plan = offered(stop)
        assert plan is not None
        activity = matrix.rows @ plan
        holds = (plan <= matrix.upper).all() and (matrix.row_lower <= activity).all() and (activity <= matrix.row_upper).all()
        plan = plan if holds else None
        return conclude(matrix, stopping, self.name, Claim("time_limit", plan, None), reporter.seconds, mend="never")


def test_a_plan_that_is_offered_is_measured_as_the_model_is_that_the_solver_has() -> None:
    """Of what two projects ask there is half, and the rest is paid for: before a solver sees it, that column is measured by another unit.
    A plan offered in the old one breaks the row."""
    worth, whole = [5, 4, 3, -0.001], [True, True, True, False]
    matrix = matrix_of(worth, [[1000, 1000, 1000, -1]], lower=1000, upper=1000, most=[1, 1, 1, 5000], whole=whole)
    assert (prepare(matrix).step != 1.0).any()
    plan, offers = np.array([1.0, 1.0, 0.0, 1000.0]), [np.array([1.0, 1.0, 0.0, 1000.0])]
    limits = Stopping(time_limit=10.0, gap=0.0, threads=1, seed=1)
    found = process.solve(matrix, Waits(), limits, quiet, signs=Signs(hint=lambda: offers.pop() if offers else None))
    assert found.values is not None
    assert found.values.tolist() == plan.tolist()
    assert found.termination.value == 8.0


@pytest.mark.parametrize("name", ["scip", "cbc"])
def test_bounds_are_told_while_the_search_goes_on_and_none_is_below_the_best_plan(name: str) -> None:
    heard: list[Progress] = []
    limits = Stopping(time_limit=4.0, gap=0.0, threads=1, seed=1)
    matrix = hard(40, 6, 2)
    ended = make_solver(name).solve(matrix, limits, heard.append, np.zeros(len(matrix.objective))).termination
    assert ended.value is not None
    bounds = [one.bound for one in heard if one.phase == "search" and one.bound is not None]
    assert bounds
    assert min(bounds) >= ended.value - 1e-6
