"""Another plan beside the best one, and what comes of the two."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.solvers import process
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import fault, sound, value_of
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Matrix, Stopping, StopSign, never
from planner.solvers.search.construct import nothing
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.lines import LineParameters, Lines
from planner.solvers.search.parts.lanes import Lanes
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods, merge
from planner.solvers.search.parts.structure import Structure
from planner.solvers.search.together import Together
from tests.racing import built, neighbourhoods, next_crossed, small_city
from tests.solving import EXACT
from tests.sweep import sweep

LIMITS = replace(EXACT, time_limit=60.0)


def _state(matrix: Matrix, plan: Floats) -> Incumbent:
    state = Incumbent(matrix, LIMITS, Reporter(lambda _: None), never, "lines")
    assert state.adopt(plan)
    return state


def _good(matrix: Matrix) -> Floats:
    """A plan that parts hardly better."""
    plan = Highs().solve(matrix, Stopping(20.0, 0.01, 1, 1), lambda _: None).values
    assert plan is not None
    return plan


@pytest.mark.parametrize("seed", sweep(range(1, 9), 2))
def test_two_plans_crossed_are_as_good_as_the_better_one(tmp_path: Path, seed: int) -> None:
    """Either is in the part: what both do alike is held, and nothing else is."""
    matrix = small_city(tmp_path, seed)
    assert matrix.periods is not None
    block = matrix.periods.block
    best, other = built(matrix, seed), built(matrix, seed + 100)
    hoods = neighbourhoods(matrix)
    hoods.offer(other, by="someone")
    part = next_crossed(hoods, best)
    assert part is not None
    apart = np.unique(block[((best > 0.5) != (other > 0.5)) & (block >= 0)])
    freed = np.unique(block[part.columns[block[part.columns] >= 0]])
    assert set(apart.tolist()) <= set(freed.tolist()) <= set(hoods.structure.with_partners(apart).tolist())
    found = Highs().solve(hoods.model(part, best), Stopping(30.0, 1e-6, 1, 1), lambda _: None, best[part.columns])
    assert found.values is not None
    plan = sound(matrix, merge(best, part, found.values))
    assert plan is not None
    assert value_of(matrix, plan) >= max(value_of(matrix, best), value_of(matrix, other)) - 1e-6
    held = np.setdiff1d(np.arange(len(best)), part.columns)
    assert plan[held].tolist() == best[held].tolist()


def test_plans_are_crossed_once(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    best, other = built(matrix, 1), built(matrix, 101)
    hoods = neighbourhoods(matrix)
    assert next_crossed(hoods, best) is None, "nobody has offered anything"
    hoods.offer(best.copy(), by="the same")
    hoods.offer(built(matrix, 201), by="someone")
    hoods.offer(other, by="someone")
    assert next_crossed(hoods, best) is not None
    assert next_crossed(hoods, best) is None


def test_crossed_parts_have_the_time_that_they_pay(tmp_path: Path) -> None:
    """There is always a plan to cross with, and that takes three seconds, other parts half a second: of two threads nearly every part comes when
    there is a better plan already. With 175,175 columns crossed parts had two thirds of what parts had in half a minute, and gave next to
    nothing."""
    matrix = small_city(tmp_path)
    best, other = built(matrix, 1), built(matrix, 101)

    def share(gain: float) -> float:
        """Of the time of 300 parts, where crossed ones gain so much each."""
        hoods, seconds = neighbourhoods(matrix), {True: 0.0, False: 0.0}
        for _ in range(300):
            hoods.offer(other, by="someone")
            part = hoods.propose(best)
            crossed = part.kind == "crossed"
            takes = 3.0 if crossed else 0.5
            seconds[crossed] += takes
            hoods.feed(part, gain if crossed else 0.01, False, takes)
        return seconds[True] / sum(seconds.values())

    nothing, much = share(0.0), share(9.0)
    assert 0.0 < nothing < 0.3
    assert 0.2 < much < 0.9
    assert much > 2.0 * nothing


def test_what_is_not_searched_to_its_end_is_crossed_in_a_smaller_part_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Structure, "with_partners", lambda _, blocks: blocks)
    matrix = small_city(tmp_path)
    best, other = built(matrix, 1), built(matrix, 101)
    hoods, sizes = neighbourhoods(matrix, in_lanes=False), []  # by one solver: each has sizes of its own
    for _ in range(3):
        hoods.offer(other, by="someone")
        part = next_crossed(hoods, best)
        assert part is not None
        sizes.append(len(part.columns))
        hoods.feed(part, 0.0, False, 3.0)
    assert sizes[0] > sizes[1] > sizes[2]


def test_another_plan_begins_where_parts_give_nothing_and_ends_by_being_offered(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    good = _good(matrix)
    best, hoods = _state(matrix, good), neighbourhoods(matrix)
    lines = Lines(best, hoods, LineParameters(barren=2, parts=3))

    def nothing_comes() -> None:
        plan = (lines.beside or best).values
        assert plan is not None
        hoods.feed(hoods.propose(plan), 0.0, True, 0.1)

    assert lines.go_on() is best
    nothing_comes()
    hoods.feed(hoods.propose(good), 1.0, True, 0.1)
    nothing_comes()
    assert not lines.due(), "one of the last two gave something"
    nothing_comes()
    assert lines.due()
    beside = lines.go_on()
    assert beside is not best
    assert beside.values is not None
    assert fault(matrix, beside.values) == ""
    assert not best.beaten_by(beside.value or 0.0)
    for _ in range(3):
        assert lines.go_on() is beside
        nothing_comes()
    assert lines.go_on() is best
    assert best.values is not None
    assert best.values.tolist() == good.tolist()
    merged = hoods.propose(good)
    assert merged.kind == "merged"
    hoods.feed(merged, 0.0, True, 0.1)
    assert next_crossed(hoods, good) is not None


def test_what_all_plans_do_is_merged_when_a_line_ends(tmp_path: Path) -> None:
    """No choice that none of them makes is in the part, and the best of it is no worse than any of them."""
    matrix = small_city(tmp_path)
    assert matrix.periods is not None
    good = _good(matrix)
    best, hoods = _state(matrix, good), neighbourhoods(matrix)
    lines, plans = Lines(best, hoods, LineParameters(barren=1, parts=1)), [good]
    while len(plans) < 3:
        hoods.feed(hoods.propose(good), 0.0, True, 0.1)
        beside = lines.go_on().values
        assert beside is not None
        assert fault(matrix, beside) == ""
        plans.append(beside)
        hoods.feed(hoods.propose(beside), 0.0, True, 0.1)
        assert lines.go_on() is best
    done, choices = np.max(plans, axis=0) > 0.5, matrix.periods.block >= 0
    parts = [hoods.propose(good) for _ in range(3)]
    assert [part.kind == "merged" for part in parts] == [True, True, False], "one for each solver"
    assert {part.by for part in parts[:2]} == {"highs", "cpsat"}
    assert np.flatnonzero(done & choices).tolist() == parts[0].columns[choices[parts[0].columns]].tolist()
    found = Highs().solve(hoods.model(parts[0], good), Stopping(30.0, 1e-6, 1, 1), lambda _: None, good[parts[0].columns])
    assert found.values is not None
    plan = sound(matrix, merge(good, parts[0], found.values))
    assert plan is not None
    assert value_of(matrix, plan) >= max(value_of(matrix, each) for each in plans) - 1e-6


def test_a_plan_whose_parts_now_and_then_give_something_has_no_other_beside_it(tmp_path: Path) -> None:
    """However near its bound it is: it would stand still while another, which is behind it, is improved. Three of them in parts at a vertex took the
    last fifteen of thirty seconds of a prefecture."""
    matrix = small_city(tmp_path)
    good = _good(matrix)
    best, hoods = _state(matrix, good), neighbourhoods(matrix)
    best.lower(1.0001 * value_of(matrix, good), by="someone")
    lines = Lines(best, hoods)
    for number in range(100):
        assert lines.go_on() is best
        hoods.feed(hoods.propose(good), 0.0 if number % lines.parameters.barren else 1.0, True, 3.0)


def test_the_newest_plans_are_merged_and_the_last_one_of_each_finder(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    assert matrix.periods is not None
    best = built(matrix, 1)
    hoods = neighbourhoods(matrix)
    hoods.merge_soon()
    assert hoods.propose(best).kind != "merged", "there is nothing to merge the best plan with"
    plans = [built(matrix, seed) for seed in range(101, 112)]
    hoods.know(plans[0], "scip")
    for number, plan in enumerate(plans[1:]):
        hoods.know(plan, str(number % 9))
    hoods.merge_soon()
    columns = hoods.propose(best).columns
    done = np.max([best, *plans[3:]], axis=0) > 0.5
    choices = matrix.periods.block >= 0
    assert np.flatnonzero(done & choices).tolist() == columns[choices[columns]].tolist()


def test_a_plan_beside_that_is_better_is_the_best_and_the_other_one_is_offered(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    poor, good = nothing(matrix), _good(matrix)
    assert poor is not None
    best, hoods = _state(matrix, poor), neighbourhoods(matrix)
    lines = Lines(best, hoods, LineParameters(barren=1, parts=50))
    hoods.feed(hoods.propose(poor), 0.0, True, 0.1)
    beside = lines.go_on()  # what is built is better than nothing at once
    assert beside is not best
    beside.adopt(good)
    assert lines.due()
    assert lines.go_on() is best
    assert best.value == value_of(matrix, good)
    assert best.earned["other beginnings"][0] > 0.0
    merged = hoods.propose(good)
    assert merged.kind == "merged"
    hoods.feed(merged, 0.0, True, 0.1)
    part = next_crossed(hoods, good)
    assert part is not None
    assert (poor[part.columns] != good[part.columns]).any()


def test_what_a_tree_has_found_is_crossed_with_the_best_plan_whichever_is_better(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    assert matrix.periods is not None
    good = _good(matrix)
    for known, found, better in ((built(matrix, 1), good, True), (good, built(matrix, 1), False)):
        best, hoods = _state(matrix, known), neighbourhoods(matrix)
        search = Together(best, matrix.periods, process.solve)
        search.lines = Lines(best, hoods)
        search.found.put(("scip", found))
        search._adopt_found()
        assert ("scip" in best.earned) is better
        assert best.values is not None
        assert best.values.tolist() == good.tolist()
        part = next_crossed(hoods, best.values)
        assert part is not None
        apart = (known > 0.5) != (found > 0.5)
        assert np.isin(np.flatnonzero(apart & (matrix.periods.block >= 0)), part.columns).all()


def after(seconds: float) -> StopSign:
    """Says that so many seconds have passed."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


class Nothing(Lanes):
    """No process, and no part that gives anything."""

    def __init__(self) -> None:
        """Nothing is begun."""

    def improve(self, hoods: Neighbourhoods, best: Incumbent, over: Callable[[], bool], apart: bool = False) -> None:
        """Waits."""
        while not over():
            time.sleep(0.01)


def test_what_other_beginnings_take_counts_as_time_in_which_nothing_was_given(tmp_path: Path) -> None:
    """As if it had paid, parts would keep every turn after it."""
    matrix = small_city(tmp_path)
    plan = _good(matrix)
    best, hoods = _state(matrix, plan), neighbourhoods(matrix)
    assert best.matrix.periods is not None
    search = Together(best, best.matrix.periods, process.solve)
    lines = search.lines = Lines(best, hoods, LineParameters(barren=1))
    hoods.feed(hoods.propose(plan), 0.0, True, 0.1)
    for many in (1, 2):
        search._improve_parts(Nothing(), lines, after(0.3))
        assert lines.beside is not None
        assert search.idle == search.spent >= 0.2 * many


def test_no_plan_is_built_beside_one_of_a_very_large_model(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan = built(matrix, 1)
    hoods = neighbourhoods(matrix)
    hoods.feed(hoods.propose(plan), 0.0, True, 0.1)
    for largest, due in ((len(matrix.objective), True), (len(matrix.objective) - 1, False)):
        assert Lines(_state(matrix, plan), hoods, LineParameters(barren=1, largest=largest)).due() is due


def test_a_plan_beside_has_the_time_that_is_left_and_the_threads_that_there_are(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan = built(matrix, 1)
    best, hoods = _state(matrix, plan), neighbourhoods(matrix)
    best.stopping = replace(LIMITS, threads=4)
    best.report.began -= 50.0
    lines = Lines(best, hoods, LineParameters(barren=1))
    hoods.feed(hoods.propose(plan), 0.0, True, 0.1)
    beside = lines.go_on()
    assert beside is not best
    assert 0.0 < beside.left() <= 10.0
    for proving in (1, 3):
        best.proving = proving
        assert lines.go_on().free_threads() == 4 - proving


def test_beside_a_tree_that_goes_on_from_an_earlier_plan_another_begins_at_once(tmp_path: Path) -> None:
    """What the tree does with that plan, parts of it need not do as well; once, and then only where nothing comes of parts."""
    matrix = small_city(tmp_path)
    earlier = built(matrix, 1)
    best, hoods = _state(matrix, earlier), neighbourhoods(matrix)
    assert not Lines(best, hoods).due()
    lines = Lines(best, hoods, elsewhere=True)
    assert lines.due()
    state = lines.go_on()
    assert state is lines.beside
    assert state is not best
    while not lines.due():
        assert state.values is not None
        hoods.feed(hoods.propose(state.values), 0.0, True, 0.1)
    assert lines.go_on() is best
    assert not lines.due()
