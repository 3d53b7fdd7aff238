"""Solvers that take turns on few threads: whoever is expected to prove most has the turn, and whoever proves ends the others."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from planner.settings.schema import Solve
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import Claim, conclude
from planner.solvers.protocol import SEEDS, Floats, Listener, Matrix, Progress, Reason, Solution, Stopping, StopSign, never
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.race import Entrant, Race, RaceParameters, Racer
from tests.matrices import matrix_of, small
from tests.racing import QUICK, Owes, apart, incumbent, quiet, until


@dataclass(frozen=True)
class Says:
    """Tells one bound after the other, one in each tenth of a second that it has its turn, then ends as it is told to."""

    bounds: tuple[float, ...]
    reason: Reason = "interrupted"
    name: str = "says"
    ticks: list[float] = field(default_factory=list)

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, _start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Nothing found."""
        for bound in self.bounds:
            if stop():
                break
            listen(Progress("search", 0.0, None, bound))
            self.ticks.append(time.monotonic())
            time.sleep(0.1)
        while self.reason == "interrupted" and not stop():
            time.sleep(0.02)
        return conclude(matrix, stopping, self.name, Claim(self.reason, None, self.bounds[-1], ""), 0.0)


def entered(best: Incumbent, *says: Says, threads: int = 1) -> Race:
    entrants = [Entrant(f"{number}", solver, lambda: best.matrix, threads, exact=True) for number, solver in enumerate(says)]
    return Race(best, apart, entrants, RaceParameters(probe=0.0, least=0.25, most=0.25))


def test_the_turn_goes_to_whom_most_is_expected_of() -> None:
    """One stands at 8 and falls no more, the other at 9 and falls: with half a minute left the other is expected to end lower."""
    best = incumbent(small())
    race = entered(best, Says((8.0,) * 9), Says(tuple(9.0 - 0.2 * step for step in range(9))))
    try:
        for _ in range(20):
            race.turn(1)
            time.sleep(0.05)
        seconds = race.seconds()
        assert all(had > 0.2 for had in seconds.values())  # each has had its first turn
        falling = race.racers[1]
        assert race.line()[0] is falling
        assert falling.expected(30.0) < 8.0
        assert race.racers[0].expected(30.0) == 8.0
    finally:
        best.done = True
        race.close()


def test_a_bound_that_has_not_moved_gets_more_time_before_it_is_given_up() -> None:
    """Twice the first turn for one that stands still, once for one that moves."""
    best = incumbent(small())
    race = entered(best, Says((8.0,) * 30), Says(tuple(9.0 - 0.2 * step for step in range(30))))
    try:
        for racer, most in zip(race.racers, (0.5, 0.25), strict=True):
            racer.go()
            until(lambda racer=racer: not race._is_fresh(racer))
            racer.hold()
            assert most <= racer.active < most + 0.2
    finally:
        best.done = True
        race.close()


def test_a_relaxation_that_cannot_come_to_what_is_known_has_no_first_turn() -> None:
    best = incumbent(small())
    race = Race(
        best, apart, [Entrant("loose", Says((9.0,) * 30), lambda: best.matrix)], RaceParameters(probe=0.0, least=5.0, most=5.0)
    )
    try:
        best.lower(8.5)
        race.turn(1)
        until(lambda: race.racers[0].expected(0.0) == 9.0)
        assert not race._is_fresh(race.racers[0])
        assert race.behind() == ""  # it does not solve the whole
    finally:
        best.done = True
        race.close()


@pytest.mark.parametrize(("seconds", "fresh"), [(4.9, True), (5.1, False)])
def test_a_relaxation_that_a_tree_searches_has_a_usual_turn_before_it_is_judged(seconds: float, fresh: bool) -> None:
    best = incumbent(small())
    entrant = Entrant("tree", Says((9.0,) * 30), lambda: best.matrix, probe=3.0, granted=1.0)
    race = Race(best, apart, [entrant], RaceParameters(probe=0.0, least=5.0, most=5.0))
    racer = race.racers[0]
    try:
        best.lower(8.5)
        race.turn(1)
        until(lambda: racer.expected(0.0) == 9.0)
        racer.hold()
        racer.active = seconds
        assert race._is_fresh(racer) is fresh
    finally:
        best.done = True
        race.close()


def test_what_bounds_are_hoped_to_fall_by_is_known_once_each_has_had_its_first_turn() -> None:
    """8.4 is known; the second falls by as much whenever its time doubles, and half a minute is left: a few hundredths a second at the most."""
    best = incumbent(small())
    race = entered(best, Says((9.0,) * 30), Says(tuple(9.0 - 0.2 * step for step in range(4))))
    try:
        assert race.hoped() == np.inf
        for racer in race.racers:
            racer.go()
        until(lambda: race.hoped() < np.inf)
        assert best.bound is not None
        least = min(racer.expected(best.left()) for racer in race.racers)
        assert race.hoped() == pytest.approx((best.bound - least) / best.left(), rel=0.1)
        assert race.hoped() > 0.0
    finally:
        best.done = True
        race.close()


def test_only_who_has_had_no_turn_is_dropped() -> None:
    best = incumbent(small())
    race = entered(best, Says((9.0,) * 50), Says((9.0,) * 50))
    try:
        race.racers[0].go()
        for name in ("0", "1"):
            race.drop(name)
        assert [racer.entrant.name for racer in race.racers] == ["0"]
    finally:
        best.done = True
        race.close()


def test_whoever_had_the_least_time_is_known() -> None:
    best = incumbent(small())
    race = entered(best, Says((9.0,) * 50), Says((9.0,) * 50))
    try:
        for racer, turn in zip(race.racers, (0.9, 0.6), strict=True):
            assert race.behind() == ""  # not all have had their first turn
            racer.go()
            time.sleep(turn)
            racer.hold()
        assert race.behind() == race.last() == "1"
    finally:
        best.done = True
        race.close()


def test_who_cannot_come_to_what_is_known_is_not_the_one_to_be_tried_again() -> None:
    """The first stays at 9, the second is at 8 before it has had as much time."""
    best = incumbent(small())
    race = entered(best, Says((9.0,) * 50), Says((9.0, 8.0, *(8.0,) * 50)))
    try:
        for racer, turn in zip(race.racers, (0.6, 0.9), strict=True):
            racer.go()
            time.sleep(turn)
            racer.hold()
        assert best.bound == 8.0
        assert race.last() == "0"
        assert race.behind() == "1"
    finally:
        best.done = True
        race.close()


def test_who_cannot_come_to_what_is_known_has_no_thread_that_the_first_in_line_leaves() -> None:
    """8 is known; the first stays at 9 and has a thread only when it is named. While nothing is known it may come to that."""
    best = incumbent(small())
    race = entered(best, Says((9.0,) * 90), Says((9.0, 8.0, *(8.0,) * 90)))
    names = {"0", "1"}
    try:
        assert all(race.reaches(name) for name in names)
        for racer in race.racers:
            racer.go()
        until(lambda: best.bound == 8.0 and not any(race.fresh([name]) for name in names))
        assert race.turn(2) == 1
        assert [racer.running for racer in race.racers] == [False, True]
        assert race.turn(2, "0") == race.turn(2, anybody=True) == 2
        assert [name for name in sorted(names) if race.reaches(name)] == ["1"]
    finally:
        best.done = True
        race.close()


def test_who_has_proved_the_best_bound_reaches_it_when_it_has_ended() -> None:
    best = incumbent(small())
    race = entered(best, Says((9.0,)), Says((9.0, 8.0), "time_limit"))
    try:
        race.racers[1].go()
        until(lambda: race.ended("1") is not None)
        assert race.reaches("1")
        best.lower(7.0, "0")
        assert not race.reaches("1")
    finally:
        best.done = True
        race.close()


def test_a_plan_that_was_only_told_of_is_handed_over_before_the_time_is_up() -> None:
    """3 seconds, of which the last three quarters of a second are kept for that; a plan no better than the best is nobody's debt."""
    matrix = small()
    exact = Highs().solve(matrix, QUICK, quiet)
    assert exact.values is not None
    best = incumbent(matrix, replace(QUICK, time_limit=3.0))
    plans: list[Floats] = []
    race = Race(best, apart, [Entrant("owes", Owes(exact.values), lambda: matrix, hear=plans.append, exact=True)])
    try:
        race.turn(1)
        time.sleep(1.0)
        race.turn(0)  # it stands still, and still has its turn in the end
        assert not plans
        until(lambda: best.left() < 0.7)
        race.turn(0)
        until(lambda: bool(plans))
        assert best.left() > 0.0
        assert plans[0].tolist() == exact.values.tolist()
        best.adopt(plans[0])
        assert not Racer(race.racers[0].entrant, best, apart).owes()
    finally:
        best.done = True
        race.close()


def test_whoever_has_no_turn_stands_still() -> None:
    best = incumbent(small())
    first, other = Says((9.0,) * 50), Says((9.0,) * 50)
    race = entered(best, first, other)
    try:
        race.turn(1)
        time.sleep(0.4)
        assert first.ticks
        assert not other.ticks
        race.turn(0)
        time.sleep(0.3)
        had = len(first.ticks)
        time.sleep(0.4)
        assert len(first.ticks) == had
        assert not other.ticks
        assert race.turn(2) == 2
        time.sleep(0.4)
        assert len(first.ticks) > had
        assert other.ticks
    finally:
        best.done = True
        race.close()


def test_one_that_wants_more_threads_than_there_are_has_no_turn() -> None:
    best = incumbent(small())
    race = entered(best, Says((9.0,)), threads=2)
    assert race.wanted() == 2
    assert race.turn(1) == 0
    assert race.turn(2) == 2
    best.done = True
    race.close()


def test_an_entrant_is_offered_what_is_better_than_all_it_knows_and_once() -> None:
    """Of three choices worth 1 each, one is chosen, then two."""
    best = incumbent(matrix_of([1, 1, 1], [[1, 1, 1]], lower=0, upper=2))
    # Its model has one column more: how many are chosen.
    entrant = Entrant("one", Says((9.0,)), lambda: best.matrix, shares=lambda plan: np.append(plan, plan.sum()))
    racer = Racer(entrant, best, apart)
    assert racer._hint() is None
    racer.running = True
    assert best.adopt(np.array([1.0, 0.0, 0.0]))
    hint = racer._hint()
    assert hint is not None
    assert hint.tolist() == [1.0, 0.0, 0.0, 1.0]
    assert racer._hint() is None
    assert best.adopt(np.array([1.0, 1.0, 0.0]))
    racer._hear(Progress("search", 0.0, best.value, None))
    assert racer._hint() is None
    assert Racer(replace(entrant, shares=None), best, apart)._hint() is None


def test_a_word_below_a_checked_plan_is_no_bound() -> None:
    """One says 0 while a plan of 3 is known: what it said before counts no more; the other one's 9 holds."""
    best = incumbent(small())
    best.adopt(np.array([1.0, 0.0, 0.0]))
    for name, bound in (("other", 9.0), ("one", 5.0), ("one", 0.0)):
        best.lower(bound, name)
    assert best.bound == 9.0
    race = entered(best, Says((0.0,)))
    race.turn(1)
    time.sleep(0.1)
    assert best.bound == 9.0
    best.done = True
    race.close()


def test_two_that_may_prove_the_plan_do_not_keep_a_third_from_its_first_turn() -> None:
    """Both bounds fall so fast that the plan, worth nothing, seems to be proved soon; a third one has shown nothing yet."""
    best = incumbent(small())
    assert best.adopt(best.matrix.lower)
    race = entered(best, Says((9.0, 7.5, 6.0)), Says((9.0, 7.0, 5.0)), Says((9.0,)))
    try:
        for racer in race.racers[:2]:
            racer.go()
        until(lambda: all(not race._is_fresh(racer) and racer.expected(best.left()) < 0.0 for racer in race.racers[:2]))
        assert [racer.entrant.name for racer in race.line()] == ["1", "2", "0"]
        assert race.turn(2) == 2
        assert [racer.running for racer in race.racers] == [False, True, True]
    finally:
        best.done = True
        race.close()


def test_what_is_put_last_has_its_first_turn_after_the_others() -> None:
    best = incumbent(small())
    race = entered(best, Says((9.0,)), Says((9.0,)))
    race.put_last("0")
    assert [racer.entrant.name for racer in race.line()] == ["1", "0"]


def test_every_seed_that_a_plan_may_ask_for_is_one_of_those_that_searches_draw_from() -> None:
    """Its upper end stands in the settings, which know of no solver, and in the searches."""
    seed = Solve.model_fields["seed"]
    assert [bound.le for bound in seed.metadata if hasattr(bound, "le")] == [SEEDS - 1]
    stopping = Stopping(1.0, 0.0, 1, SEEDS - 1)
    assert [stopping.other_seed(number) for number in (0, 1, 500)] == [SEEDS - 1, 0, 499]


def test_who_has_no_memory_for_its_model_leaves_its_turns_to_the_others() -> None:
    """It is written down in the entrant's own thread, whose end nobody would notice."""
    best = incumbent(small())

    def write() -> Matrix:
        raise MemoryError

    each = [Entrant("large", Says((9.0,)), write, exact=True), Entrant("says", Says((8.0,)), lambda: best.matrix, exact=True)]
    race = Race(best, apart, each)
    race.turn(1)
    until(lambda: race.ended("large") is not None)
    ended = race.ended("large")
    assert ended is not None
    assert ended.reason == "failed"
    race.turn(1)
    until(lambda: best.bound == 8.0)
    best.done = True
    race.close()
