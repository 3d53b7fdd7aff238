"""All searches together on one model: they end with a proof, what they say holds, and they find what each finds by itself."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.solvers import process
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import Claim, conclude, sound, value_of
from planner.solvers.protocol import Floats, Ints, Listener, Matrix, Signs, Solution, Solver, Stopping, StopSign, Termination, never
from planner.solvers.search import together
from planner.solvers.search.auto import Auto
from planner.solvers.search.entrants import EntrantParameters, with_places
from planner.solvers.search.incumbent import RELAXATION, Incumbent
from planner.solvers.search.parts.lanes import Lanes
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.together import Together, TogetherParameters
from tests.matrices import matrix_of, random_mixed, small
from tests.racing import QUICK, apart, built, incumbent, quiet, small_city, until
from tests.sweep import sweep


@pytest.mark.parametrize(
    ("matrix", "ends"), [(small(), ("optimal", 5.0)), (matrix_of([1], [[1]], lower=2, upper=3), ("infeasible", None))]
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


@dataclass
class Crew:
    """Runs what is to be searched, who is slow only until they are stopped, and knows who began when, and when one of these stood still."""

    slow: tuple[str, ...] = ()
    began: list[tuple[str, bool]] = field(default_factory=list)
    held: bool = False
    dice: dict[str, set[int]] = field(default_factory=dict)
    """Of each the seeds that it had."""

    def __call__(self, matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, *led: Any) -> Solution:
        start, stop, signs = led
        self.began.append((solver.name, start is not None))
        self.dice.setdefault(solver.name, set()).add(stopping.seed)
        if solver.name not in self.slow:
            return apart(matrix, solver, stopping, listen, *led)
        until(lambda: stop() or self._look(signs))
        return conclude(matrix, stopping, solver.name, Claim("interrupted", start, None), 0.0)

    def _look(self, signs: Signs) -> bool:
        self.held |= signs.hold()
        return False


def led(crew: Crew, lead: float, threads: int, small: bool, ahead: float = 0.2, stop: StopSign = never) -> Termination:
    """How a search ends in which HiGHS leads, from the best plan on: one of three, and half of each to a linear relaxation."""
    triangle = matrix_of([1, math.sqrt(2.0), 1.3], [[1, 1, 0], [1, 0, 1], [0, 1, 1]], upper=1)
    best = incumbent(triangle, replace(QUICK, threads=threads, time_limit=10.0))
    best.adopt(np.array([0.0, 1.0, 0.0]))
    best.stop = stop
    assert best.matrix.periods is not None
    return Together(best, best.matrix.periods, crew, small, lead, parameters=TogetherParameters(ahead=ahead)).run().termination


@pytest.mark.parametrize("small", [False, True])
def test_who_leads_on_one_thread_and_proves_is_all_there_is(small: bool) -> None:
    crew = Crew()
    assert led(crew, 20.0, 1, small).reason == "optimal"
    assert crew.began == [("highs", True)]


@pytest.mark.parametrize("small", [False, True])
def test_who_begins_beside_the_leaders_from_the_same_plan_may_be_the_one_that_proves(small: bool) -> None:
    crew = Crew(("highs",))
    assert led(crew, 20.0, 3, small, ahead=20.0).reason == "optimal"
    assert sorted(crew.began) == [("highs", True), ("highs", True), ("scip", True)]


@pytest.mark.parametrize("threads", [1, 2])
def test_who_asks_to_stop_while_highs_leads_has_the_plan_of_before(threads: int) -> None:
    crew = Crew(("highs",))
    ended = led(crew, 20.0, threads, False, ahead=20.0, stop=lambda: len(crew.began) == threads)
    assert (ended.reason, ended.value) == ("interrupted", pytest.approx(math.sqrt(2.0)))


@pytest.mark.parametrize(("threads", "seeds"), [(1, {1}), (2, {1, 501})])
def test_a_second_tree_with_other_dice_leads_too_where_there_are_threads(threads: int, seeds: set[int]) -> None:
    crew = Crew(("highs", "scip"))
    led(crew, 2.0, threads, False)
    assert crew.dice["highs"] == seeds


@pytest.mark.parametrize(("threads", "small"), [(1, False), (2, False), (2, True)])
def test_others_join_who_leads_and_its_tree_goes_on(threads: int, small: bool) -> None:
    crew = Crew(("highs",))
    assert led(crew, 0.5, threads, small).reason == "optimal"
    names = [name for name, _ in crew.began]
    assert names[0] == "highs"
    assert names.count("highs") == len(crew.dice["highs"]) == threads, "each of them has begun once"
    assert len(names) > 1
    assert crew.held or threads > 1


@pytest.mark.parametrize("threads", [2, 4])
def test_who_leads_from_an_earlier_plan_goes_on_while_prices_are_looked_for(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of the plan are improved meanwhile only where there are threads besides."""
    crew, held = Crew(("highs",)), list[bool]()

    def long(*_: object) -> None:
        time.sleep(1.5)
        held.append(crew.held)

    monkeypatch.setattr(together, "prices_of", long)
    assert led(crew, 4.0, threads, False).reason == "optimal"
    assert held == [False]


def test_while_two_plans_are_improved_no_tree_runs_beside_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes shared two cores."""
    matrix = small_city(tmp_path)
    best, crew, proving = incumbent(matrix), Crew(("highs", "scip", "cbc")), list[int]()
    best.matrix = matrix
    assert best.adopt(built(matrix, 1), built=True)
    assert matrix.periods is not None

    def overtake(_lanes: Lanes, _hoods: Neighbourhoods, state: Incumbent, plan: Floats | None, *_told: object) -> None:
        assert plan is not None
        crew.held = False
        until(lambda: crew.held)  # who has begun stands still now
        proving.append(state.proving)
        state.done = True

    monkeypatch.setattr(Lanes, "overtake", overtake)
    Together(best, matrix.periods, crew).run()
    assert proving == [0]


def test_relaxations_have_a_turn_whatever_trees_have_proved(tmp_path: Path) -> None:
    best = incumbent(small_city(tmp_path))
    periods, parameters = best.matrix.periods, EntrantParameters()
    assert periods is not None
    search = Together(best, periods, Crew())
    search._enter_relaxations(None, None)
    granted = {racer.entrant.name: racer.entrant.granted for racer in search.race.racers}
    assert granted[RELAXATION] == parameters.relaxation_granted > 0.0
    assert with_places(best, periods, search.relaxed, parameters).granted == parameters.places_granted > 0.0


def test_a_plan_of_a_relaxation_that_proves_less_than_is_known_is_not_searched_around(tmp_path: Path) -> None:
    """It is once its places are whole: such a plan is near the whole's, whoever proves more."""
    best = incumbent(small_city(tmp_path))
    periods = best.matrix.periods
    assert periods is not None
    search = Together(best, periods, Crew())
    search._enter_relaxations(None, None)
    best.lower(9.0, RELAXATION)
    search.relaxed.show(best.matrix.lower)
    assert search._look_is_due()
    best.lower(8.0, "highs")
    assert not search._look_is_due()
    search.relaxed.placed = True
    assert search._look_is_due()


def test_what_others_find_counts_while_a_part_is_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only once it has ended: a proof that needs such a plan would wait for that, and who searches would not know of it."""
    best = incumbent(small_city(tmp_path))
    assert best.matrix.periods is not None
    search, worth = Together(best, best.matrix.periods, Crew()), list[float | None]()

    def solve_over(best: Incumbent, allowed: Ints, seconds: float, over: StopSign) -> None:
        for plan in plans:
            assert plan is not None
            search.found.put(("scip", plan))
            assert not over()
            worth.append(best.value)

    plans = [sound(best.matrix, plan) for plan in (best.matrix.lower, built(best.matrix, 1))]
    monkeypatch.setattr(together, "solve_over", solve_over)
    search._solve_part(np.arange(3))
    assert worth == [value_of(best.matrix, plan) for plan in plans if plan is not None]


def test_a_look_at_a_plan_of_the_relaxation_is_as_long_as_the_last_ones_have_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no plan is looked at twice. Models of the first plan, which are no looks, have all of the time."""
    best = incumbent(small_city(tmp_path))
    assert best.matrix.periods is not None
    search, lengths = Together(best, best.matrix.periods, Crew()), list[float]()
    values = iter([1.0, 2.0, 2.0, 2.0])

    def solve_over(best: Incumbent, allowed: Ints, seconds: float, over: StopSign) -> None:
        lengths.append(seconds)
        best.value = next(values)

    monkeypatch.setattr(together, "solve_over", solve_over)
    search.relaxed.placed = True
    for number in range(1, 4):
        search.relaxed.show(best.matrix.lower)
        assert search._look_is_due()
        search._look(np.arange(3), number)
        assert not search._look_is_due()
    search._solve_part(np.arange(3))
    share = search.looks.parameters.share
    assert [seconds / lengths[3] for seconds in lengths[:3]] == pytest.approx([share, 2 * share, 4 * share])
    assert search.looks.length == share, "the last one gave nothing"
