"""Who solves a part of a plan: HiGHS or CP-SAT, by what each has paid; a part comes to the same whoever solves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.solvers.adapters.highs import Highs
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Floats, Matrix, Stopping
from planner.solvers.search.construct import nothing
from planner.solvers.search.parts import solving
from planner.solvers.search.parts.kinds import SOLVERS, NeighbourhoodParameters, Part
from planner.solvers.search.parts.pays import PayParameters, Pays
from planner.solvers.search.parts.solving import Order, Result, solved, take_over
from planner.solvers.search.parts.structure import Parts
from tests.matrices import small
from tests.racing import built, incumbent, neighbourhoods, next_crossed, small_city
from tests.solving import EXACT
from tests.sweep import sweep


def _pays() -> Pays:
    return Pays(PayParameters(memory=0.9, prior=1.0, explore=0.1))


def _drawn(pays: Pays, count: int = 400) -> Counter[str]:
    dice = np.random.default_rng(1)
    return Counter(pays.draw(("one", "other"), dice) for _ in range(count))


def test_every_way_is_tried_before_what_it_pays_is_asked() -> None:
    pays = _pays()
    pays.count("one", 100.0, 1.0)
    assert _drawn(pays) == {"other": 400}


def test_who_pays_more_in_a_second_is_drawn_more_often_and_nobody_never() -> None:
    pays = _pays()
    for _ in range(10):
        pays.count("one", 4.0, 0.5)
        pays.count("other", 0.0, 0.5)
    assert pays.has_paid("one")
    assert not pays.has_paid("other")
    drawn = _drawn(pays)
    assert drawn["one"] > 3 * drawn["other"] > 0
    for _ in range(60):  # what was paid long ago is forgotten, and taken to be what all pay now
        pays.count("other", 1.0, 0.5)
    drawn = _drawn(pays)
    assert 150 < drawn["other"] < 250


def test_what_pays_alike_has_as_much_time_and_not_as_many_turns() -> None:
    """Parts of three seconds had as many turns as those of half a second that paid as much in each, or nothing as well, and so most of the
    time."""
    for gain in (1e-4, 0.0):
        pays = _pays()
        for _ in range(50):
            pays.count("one", 36.0 * gain, 3.0)
            pays.count("other", gain, 0.5)
        drawn = _drawn(pays, 2_000)
        assert 3.0 < drawn["other"] / drawn["one"] < 9.0


@pytest.mark.parametrize("seed", sweep(range(1, 9), 2))
def test_a_part_is_worth_the_same_whoever_solves_it(tmp_path: Path, seed: int) -> None:
    """All of the programme, to its end, from a plan that is built: both optima are plans by the data, and equal."""
    matrix = small_city(tmp_path, seed)
    plan, every, values = built(matrix, seed), np.arange(len(matrix.objective)), []
    for by in SOLVERS:
        found = solved(Order(Parts(matrix).model(every, plan), plan, Stopping(60.0, 0.0, 1, 1), 60.0, 0, by))
        assert found.searched
        assert found.values is not None
        whole = sound(matrix, found.values)
        assert whole is not None
        values.append(value_of(matrix, whole))
    assert values[1] == pytest.approx(values[0], rel=1e-6)
    assert values[0] > value_of(matrix, plan)


def _proposed(folder: Path, in_lanes: bool, ended: Callable[[Part], bool]) -> list[Part]:
    """Two hundred parts that give nothing; ``ended``: which of them are searched to their end."""
    matrix = small_city(folder)
    plan, hoods, parts = built(matrix, 1), neighbourhoods(matrix, in_lanes=in_lanes), list[Part]()
    for _ in range(200):
        parts.append(hoods.propose(plan))
        hoods.feed(parts[-1], 0.0, ended(parts[-1]), 0.4)
    return parts


def test_both_solve_parts_in_lanes_beside_exchanges_and_highs_alone_where_work_is_counted(tmp_path: Path) -> None:
    for in_lanes, solvers in ((True, {"highs", "cpsat", "exchanges"}), (False, {"highs"})):
        assert {part.by for part in _proposed(tmp_path, in_lanes, lambda _: True)} == solvers


def test_what_one_solver_does_not_end_is_smaller_for_that_one_alone(tmp_path: Path) -> None:
    parts = _proposed(tmp_path, True, lambda part: part.by == "highs")
    assert min(part.kind_size for part in parts if part.by == "highs") >= 1.0
    assert min(part.kind_size for part in parts if part.by == "cpsat") < 0.8


def test_the_relaxation_of_a_part_may_take_four_times_its_seconds_and_the_part_is_given_up_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten times was most of what parts of a model with a thousand links had."""
    told = list[float]()

    def slow(part: Matrix, start: Floats, most: int, seconds: float, dice: np.random.Generator, lean: float) -> None:
        told.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(solving, "worth_keeping", slow)
    part = small()
    found = solved(Order(part, part.lower, EXACT, 0.5, 10, "highs"))
    assert told == [2.0]
    assert (found.values, found.searched) == (None, False)


@pytest.mark.parametrize(("gains", "crossed"), [(True, True), (False, False)])
def test_what_comes_when_there_is_a_better_plan_already_is_crossed_with_it_if_it_was_a_gain(
    tmp_path: Path, gains: bool, crossed: bool
) -> None:
    """A part of seconds began from one plan, and another was better before it ended: what it had found was thrown away."""
    matrix = small_city(tmp_path)
    plan, found = nothing(matrix), built(matrix, 1)
    best = Highs().solve(matrix, Stopping(20.0, 0.01, 1, 1), lambda _: None).values
    assert plan is not None
    assert best is not None
    assert value_of(matrix, plan) < value_of(matrix, found) < value_of(matrix, best)
    state, hoods = incumbent(matrix), neighbourhoods(matrix)
    assert state.adopt(best)
    every = np.arange(len(plan))
    part = Part(every, "places", 1.0, 0.5, np.zeros(len(every)), by="highs")
    take_over(state, hoods, part, plan, Result(found if gains else plan, False, 0.5))
    assert (next_crossed(hoods, best) is not None) is crossed


@pytest.mark.parametrize("best", NeighbourhoodParameters().times)
def test_parts_are_of_the_size_that_pays_though_those_of_other_sizes_gain_too(tmp_path: Path, best: float) -> None:
    """A part that gained a little in its time was held to be of the right size, where one of a third of it gained ten times as much."""
    matrix = small_city(tmp_path)
    plan, hoods, drawn = built(matrix, 1), neighbourhoods(matrix), list[float | None]()
    for _ in range(400):
        part = hoods.propose(plan)
        drawn.append(part.times)
        hoods.feed(part, 0.1 if part.times == best else 0.0001, False, 0.5)
    of_some = [times for times in drawn[100:] if times is not None]
    assert set(of_some) == set(NeighbourhoodParameters().times), "others are tried now and then"
    assert of_some.count(best) > 0.4 * len(of_some), "a quarter if that were not asked"


def test_what_a_size_is_multiplied_by_is_no_part_of_what_its_kind_has_learned(tmp_path: Path) -> None:
    """Where parts gain and do not come to their end, every part has the size of its kind, times what was drawn."""
    matrix = small_city(tmp_path)
    plan, hoods = built(matrix, 1), neighbourhoods(matrix)
    first: dict[tuple[str, str], float] = {}
    for _ in range(200):
        part = hoods.propose(plan)
        if part.times is not None:
            assert part.kind_size == pytest.approx(first.setdefault((part.kind, part.by), part.size / part.times))
        hoods.feed(part, 1.0, False, 0.5)
    assert len(first) > 4
