"""A tree that is given up for a better plan to begin from: where, and when, that is worth it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from planner.solvers.check import Claim, conclude
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Runner, Signs, Solution, Solver, Stopping, StopSign, never
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.race import Entrant, RaceParameters, Racer
from tests.matrices import small
from tests.racing import QUICK, Owes, apart, incumbent, until

THREE, FIVE, FOUR = np.eye(3)
"""Plans, by their values."""


@dataclass(frozen=True)
class Goes:
    """Proves 9 at once and goes on until it is told to stop; remembers which of three it has begun from, and with which dice."""

    name: str = "goes"
    begun: list[tuple[int, int]] = field(default_factory=list)

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Nothing found."""
        self.begun.append((-1 if start is None else int(start.argmax()), stopping.seed))
        listen(Progress("search", 0.0, None, 9.0))
        while not stop():
            time.sleep(0.01)
        return conclude(matrix, stopping, self.name, Claim("interrupted", None, 9.0, ""), 0.0)


@contextmanager
def going(
    solver: Solver, anew: float | None, near: float = 10.0, stopping: Stopping = QUICK, run: Runner = apart
) -> Iterator[tuple[Incumbent, Racer]]:
    """One that is under way from the plan of 3 and has proved 9; it may begin anew after 0.3 s, then after 30."""
    best = incumbent(small(), stopping)
    assert best.adopt(THREE)
    name, plan = solver.name, lambda: best.values
    entrant = Entrant(name, solver, lambda: best.matrix, start=plan, hear=best.adopt, exact=True, anew=anew, dice=7)
    racer = Racer(entrant, best, run, RaceParameters(life=0.3, longer=100.0, near=near))
    racer.go()
    try:
        until(lambda: best.bound == 9.0)
        yield best, racer
    finally:
        best.done = True
        racer.join()


def test_a_tree_begins_anew_from_a_better_plan_and_nothing_of_it_is_lost() -> None:
    """Not before its time, with other dice, and its time goes on being counted; the next time it goes on for longer."""
    goes = Goes()
    with going(goes, anew=0.0) as (best, racer):
        time.sleep(0.5)
        assert len(goes.begun) == 1, "there is no better plan"
        assert best.adopt(FOUR)
        until(lambda: len(goes.begun) == 2)
        (first, dice), (second, others) = goes.begun
        assert (first, second) == (0, 2)
        assert dice == best.stopping.seed + 7 != others
        assert racer.spent >= 0.5 > racer.active
        assert (best.bound, racer.ended) == (9.0, None)
        assert best.adopt(FIVE)
        time.sleep(0.5)
        assert len(goes.begun) == 2, "not yet"
    assert racer.ended is not None


@pytest.mark.parametrize(
    ("anew", "near", "begun"),
    [
        pytest.param(0.5, 10.0, 1, id="much to lose: half of what lies between 3 and 9 is not won by 5"),
        pytest.param(0.2, 10.0, 2, id="a fifth is"),
        pytest.param(0.0, 10.0, 2, id="little to lose"),
        pytest.param(0.0, 0.02, 1, id="5 is far from 9, where a tree makes nothing of a better plan"),
        pytest.param(None, 10.0, 1, id="one that goes on whatever plan there is"),
    ],
)
def test_a_tree_begins_anew_where_the_plan_is_much_better_and_near_the_bound(anew: float | None, near: float, begun: int) -> None:
    goes = Goes()
    with going(goes, anew, near) as (best, _):
        assert best.adopt(FIVE)
        time.sleep(0.6)
        assert len(goes.begun) == begun


def killed(
    matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, start: Floats | None, stop: StopSign, signs: Signs
) -> Solution:
    """Whoever is ended, and was not asked to finish, takes along what it has not told, as a process does that is killed."""
    found = apart(matrix, solver, stopping, listen, start, stop, signs)
    return conclude(matrix, stopping, solver.name, Claim("interrupted", start, 9.0), 0.0) if stop() else found


def test_before_it_begins_anew_a_tree_hands_over_the_better_plan_that_it_has_told_of() -> None:
    """It has told of 5 without the plan, and there is one of 4 to begin from: ended for that one, it would take its own along. So the next begins from 5."""
    owes = Owes(FIVE)
    with going(owes, anew=0.0, run=killed) as (best, _):
        assert best.adopt(FOUR)
        until(lambda: len(owes.begun) == 2)
        assert (best.value, owes.begun) == (5.0, [0, 1])


def test_near_the_end_a_tree_is_not_given_up() -> None:
    """After 0.6 s of 0.8 a new one would not come to where it is, whatever plan there is by then."""
    goes = Goes()
    with going(goes, anew=0.0, stopping=replace(QUICK, time_limit=0.8)) as (best, _):
        time.sleep(0.6)
        assert best.adopt(FIVE)
        until(best.over)
        assert len(goes.begun) == 1
