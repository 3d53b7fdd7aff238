"""Exchanges of single choices: what is found is a plan of the whole and better, and what rows are worth is what a linear programme says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.duals import Own
from planner.solvers.check import sound, value_of
from planner.solvers.exact import prepare
from planner.solvers.loose import settled, worth_of_rows
from planner.solvers.lp import is_optimal, new_highs
from planner.solvers.protocol import Floats, Matrix, Stopping, StopSign
from planner.solvers.search.auto import plain
from planner.solvers.search.parts.exchanges import exchanged, ways_of
from planner.solvers.search.parts.kinds import Part
from planner.solvers.search.parts.lanes import Lanes
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.parts.solving import Order, solved
from planner.solvers.search.parts.structure import Parts
from tests.matrices import INF, matrix_of
from tests.racing import built, incumbent, neighbourhoods, small_city
from tests.random_city import write_random
from tests.solving import EXACT
from tests.sweep import sweep


def _rounds(count: int) -> StopSign:
    """Over after so many."""
    left = iter(range(count))
    return lambda: next(left, None) is None


def _found(matrix: Matrix, plan: Floats, seed: int = 1, rounds: int = 200) -> Floats | None:
    return exchanged(matrix, plan, np.random.default_rng(seed), _rounds(rounds))


def _better(matrix: Matrix, plan: Floats, seed: int = 1, rounds: int = 200) -> Floats | None:
    """What is found, if it is better."""
    found = _found(matrix, plan, seed, rounds)
    return None if found is None or value_of(matrix, found) <= value_of(matrix, plan) else found


def _choices(worth: Sequence[float], rows: Sequence[Sequence[float]], blocks: Sequence[int], **sides: Any) -> Matrix:
    """0-1 columns with a block each, −1: a loose continuous one of any size."""
    block = np.array(blocks)
    made = matrix_of(worth, rows, **sides, most=np.where(block < 0, 1e6, 1.0), whole=block >= 0)
    return replace(made, periods=replace(plain(made), block=block))


def test_the_dearer_of_two_takes_the_place_of_the_other() -> None:
    matrix = _choices([3.0, 5.0], [[1, 1]], [0, 1], upper=1.0)
    found = _better(matrix, np.array([1.0, 0.0]))
    assert found is not None
    assert found.tolist() == [0.0, 1.0]


def test_a_plan_that_nothing_is_better_than_stays() -> None:
    matrix = _choices([3.0, 5.0], [[1, 1]], [0, 1], upper=1.0)
    assert _better(matrix, np.array([0.0, 1.0])) is None


def test_a_loss_is_gone_through_where_more_lies_behind_it() -> None:
    """Room for 4: one of 4 that brings 10 in it, or two of 2 that bring 6 each. One of these in place of it is a loss of 4."""
    matrix = _choices([10.0, 6.0, 6.0], [[4, 2, 2]], [0, 1, 2], upper=4.0)
    found = _better(matrix, np.array([1.0, 0.0, 0.0]))
    assert found is not None
    assert found.tolist() == [0.0, 1.0, 1.0]


def test_what_is_chosen_moves_to_another_place_to_make_room() -> None:
    """Choice 0 stands in the first place, or in the second; choice 1 in the first alone. A place holds one."""
    matrix = _choices([2.0, 2.0, 3.0], [[1, 0, 1], [0, 1, 0], [1, 1, 0]], [0, 0, 1], upper=1.0)
    found = _better(matrix, np.array([1.0, 0.0, 0.0]))
    assert found is not None
    assert found.tolist() == [0.0, 1.0, 1.0]


def test_a_shortage_is_paid_once_and_what_is_more_than_enough_brings_nothing() -> None:
    """A shortage of 10 at 1 each. Two of 6 leave none, and the second brings 4, less than the one of 5 that costs nothing else."""
    matrix = _choices([0.0, -2.0, 0.0, -1.0], [[6, 6, 5, 1], [1, 1, 1, 0]], [0, 1, 2, -1], lower=[10.0, -INF], upper=[INF, 2.0])
    found = _better(matrix, np.array([0.0, 0.0, 0.0, 10.0]))
    assert found is not None
    assert found.tolist() == pytest.approx([1.0, 0.0, 1.0, 0.0])


def test_where_and_when_go_together() -> None:
    """One choice with two places and two quarters, tied; the second quarter brings more, and the first place is full then."""
    #        p1  p2  q1  q2  other
    rows = [[1, 1, -1, -1, 0], [1, 1, 0, 0, 0], [1, 0, 0, 1, 0], [0, 0, 0, 0, 1]]
    matrix = _choices([0.0, 0.0, 1.0, 4.0, 0.0], rows, [0, 0, 0, 0, 1], lower=[0.0, -INF, -INF, -INF], upper=[0.0, 1.0, 1.0, 1.0])
    assert matrix.periods is not None
    ways = ways_of(matrix, Own.of(matrix, matrix.periods.block))
    assert sorted(zip(ways.first.tolist(), ways.second.tolist(), strict=True)) == [(0, 2), (1, 2), (1, 3), (4, -1)]
    found = _better(matrix, np.array([1.0, 0.0, 1.0, 0.0, 0.0]))
    assert found is not None
    assert found[:4].tolist() == [0.0, 1.0, 0.0, 1.0]


def test_what_must_come_stays_but_may_move() -> None:
    matrix = _choices([-5.0, -3.0, 1.0], [[1, 1, 0], [0, 1, 1]], [0, 0, 1], lower=[1.0, -INF], upper=[1.0, 2.0])
    found = _better(matrix, np.array([1.0, 0.0, 0.0]))
    assert found is not None
    assert found.tolist() == [0.0, 1.0, 1.0]


def test_a_choice_that_does_what_no_way_does_is_left_alone() -> None:
    """Both columns of choice 0 are taken, which no row forbids."""
    matrix = _choices([1.0, 1.0, 5.0], [[1, 1, 1]], [0, 0, 1], upper=3.0)
    found = _better(matrix, np.array([1.0, 1.0, 0.0]))
    assert found is not None
    assert found.tolist() == [1.0, 1.0, 1.0]


def test_a_whole_column_that_a_row_lets_rise_is_counted() -> None:
    """A bonus of 4 where two come; each of the two brings 1, and the one that stands in their way 3."""
    matrix = _choices([3.0, 1.0, 1.0, 4.0], [[2, 1, 1, 0], [0, 1, 1, -2]], [0, 1, 2, -1], lower=[-INF, 0.0], upper=[2.0, INF])
    matrix = replace(matrix, integer=np.ones(4, dtype=bool), upper=np.ones(4))
    found = _better(matrix, np.array([1.0, 0.0, 0.0, 0.0]))
    assert found is not None
    assert found.tolist() == [0.0, 1.0, 1.0, 1.0]


figures = some.sampled_from([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])


@given(
    some.lists(
        some.tuples(figures, figures.filter(bool), some.sampled_from([0.0, 1.0, 4.0]), some.booleans()), min_size=1, max_size=3
    ),
    some.sampled_from([(-INF, 3.0), (1.0, INF), (-1.0, 2.0), (2.0, 2.0)]),
    some.integers(-8, 8),
)
def test_what_loose_columns_bring_is_what_a_linear_programme_says(
    loose: list[tuple[float, float, float, bool]], side: tuple[float, float], taken: int
) -> None:
    """One row; each loose column has an objective, a coefficient and a width. A column that brings something is never without an end."""
    objective, values, widths, endless = (np.array(each) for each in zip(*loose, strict=True))
    upper = np.where(endless & (objective <= 0.0), INF, widths)
    matrix = matrix_of([0.0, *objective], [[1.0, *values]], *side, most=[max(taken, 0) + 10.0, *upper], whole=False)
    moved = np.arange(len(upper) + 1) == 0
    worth = worth_of_rows(matrix, moved, np.zeros(len(upper) + 1))
    row, activity = np.array([0]), np.array([float(taken)])
    fixed = replace(matrix, lower=np.array([float(taken), *np.zeros(len(upper))]), upper=np.array([float(taken), *upper]))
    highs = new_highs(fixed, integers=False)
    highs.run()
    assert bool(worth.broken(row, activity)[0]) is not is_optimal(highs)
    if is_optimal(highs):
        assert worth.at(row, activity)[0] == pytest.approx(-highs.getInfo().objective_function_value, abs=1e-6)


@given(
    figures,
    figures.filter(bool),
    some.sampled_from([(-INF, 3.0), (1.0, INF), (-1.0, 2.0)]),
    some.lists(some.integers(-6, 6), min_size=2, max_size=2, unique=True),
)
def test_a_whole_column_alone_in_a_row_is_at_the_better_of_its_two_ends(
    brings: float, value: float, side: tuple[float, float], taken: list[int]
) -> None:
    """Differences of worth count, since a plan is compared with another; where an end is forbidden by what is taken, the other one is had."""
    matrix = matrix_of([0.0, brings], [[1.0, value]], *side, least=[-9.0, 0.0], most=[9.0, 1.0])
    loose = worth_of_rows(matrix, np.array([True, False]), np.zeros(2))
    able = [[end for end in (0.0, 1.0) if side[0] <= one + value * end <= side[1]] for one in taken]
    broken = loose.broken(np.zeros(2, dtype=np.int64), np.array(taken, dtype=float))
    if all(able):
        assert not broken.any()
        best = [max(brings * end for end in ends) for ends in able]
        worth = loose.at(np.zeros(2, dtype=np.int64), np.array(taken, dtype=float))
        assert worth[0] - worth[1] == pytest.approx(best[0] - best[1])
        for one, most in zip(taken, best, strict=True):
            point = settled(matrix, loose, np.array([float(one), 0.0]))
            assert brings * point[1] == pytest.approx(most)
            assert side[0] <= one + value * point[1] <= side[1]


@pytest.mark.parametrize("seed", sweep(range(1, 21), 4))
def test_what_is_found_is_a_plan_of_the_whole_and_better(tmp_path: Path, seed: int) -> None:
    matrix = small_city(tmp_path, seed)
    plan = built(matrix, seed)
    found = sound(matrix, _better(matrix, plan, seed))
    assert found is not None
    assert value_of(matrix, found) > value_of(matrix, plan)


@pytest.mark.parametrize("seed", sweep(range(720, 760), 8))
def test_of_any_model_what_is_found_is_a_plan_between_the_first_one_and_the_best(tmp_path: Path, seed: int) -> None:
    """Variants, must-include, rules and relations come and go with the seed."""
    opened = open_plan(write_random(tmp_path, seed, candidates=8, parks=3, quarters=3))
    matrix = prepare(build(opened.case, opened.eligible).matrix).matrix
    exact = Highs().solve(matrix, EXACT, lambda _: None)
    first = Highs().solve(replace(matrix, objective=0.0 * matrix.objective), EXACT, lambda _: None)
    if exact.values is None or first.values is None:
        assert exact.values is None
        assert first.values is None
        return
    most = value_of(matrix, exact.values)
    found = _better(matrix, first.values, seed)
    if found is not None:
        plan = sound(matrix, found)
        assert plan is not None
        assert value_of(matrix, first.values) < value_of(matrix, plan) <= most + 1e-9 * max(abs(most), 1.0)


def test_the_same_dice_and_rounds_give_the_same_plan(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan = built(matrix, 1)
    one, other = (_better(matrix, plan, 3, 50) for _ in range(2))
    assert one is not None
    assert other is not None
    assert (one == other).all()


def _parts_of(hoods: Neighbourhoods, plan: Floats, gain: float) -> list[Part]:
    """Sixty parts that each gain so much."""
    parts = list[Part]()
    for _ in range(60):
        parts.append(hoods.propose(plan))
        hoods.feed(parts[-1], gain, True, 0.4)
    return parts


def test_ways_out_have_their_turn_where_parts_give_nothing_and_what_they_meet_is_crossed(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan = built(matrix, 1)
    hoods = neighbourhoods(matrix)
    hoods.parameters = replace(hoods.parameters, far=10)
    parts = _parts_of(hoods, plan, gain=0.0)
    assert [part.offered for part in parts] == ([False] * 9 + [True]) * 6
    assert {part.kind for part in parts if part.offered} == {"core", "exchanges"}
    assert "core" not in {part.kind for part in parts if not part.offered}
    assert not any(part.offered for part in _parts_of(neighbourhoods(matrix), plan, gain=1.0))


def test_exchanges_have_turns_by_what_they_pay_however_little_other_parts_give(tmp_path: Path) -> None:
    """They were a way out where eleven parts in a row had given nothing: gains of a ten-thousandth each kept a region of 596 firms for 45 s from a
    plan that half a second of exchanges makes better by five hundredths."""
    matrix = small_city(tmp_path)
    plan, turns = built(matrix, 1), dict[bool, int]()
    for pays in (True, False):
        hoods, kinds = neighbourhoods(matrix), list[str]()
        for _ in range(300):
            part = hoods.propose(plan)
            kinds.append(part.kind)
            hoods.feed(part, 0.05 if (part.kind == "exchanges") is pays else 0.0001, True, 0.4)
        turns[pays] = kinds.count("exchanges")
    assert turns[True] > 2 * turns[False] > 0


def test_a_part_of_exchanges_is_of_all_choices_or_of_as_many_as_are_looked_at(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    assert matrix.periods is not None
    plan, every = built(matrix, 1), int(matrix.periods.block.max()) + 1
    taken = np.unique(matrix.periods.block[(plan > 0.5) & (matrix.periods.block >= 0)])
    for most, whole in ((10**9, True), (2_000, False)):
        hoods = neighbourhoods(matrix)
        hoods.parameters = replace(hoods.parameters, exchanged=most, cored=0)
        parts = _parts_of(hoods, plan, gain=0.0)
        blocks = [np.unique(matrix.periods.block[part.columns]) for part in parts if part.kind == "exchanges"]
        assert blocks
        for some_blocks in blocks:
            here = some_blocks[some_blocks >= 0]
            assert (len(here) == every) is whole
            assert 2 <= np.isin(here, taken).sum() < len(here)


def test_there_are_no_exchanges_where_they_would_look_at_next_to_nothing(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan = built(matrix, 1)
    for most, wanted in ((2_000, True), (100, False)):
        hoods = neighbourhoods(matrix, exchanged=most)
        assert ("exchanges" in {part.kind for part in _parts_of(hoods, plan, gain=0.0)}) is wanted


def test_a_lane_gives_back_what_exchanges_have_found(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan = built(matrix, 1)
    every = np.arange(len(plan))
    result = solved(Order(Parts(matrix).model(every, plan), plan, Stopping(5.0, 0.0, 1, 1), 0.5, 0, "exchanges"))
    assert result.values is not None
    assert not result.searched
    assert value_of(matrix, result.values) > value_of(matrix, plan)


def test_where_nothing_is_better_another_plan_is_met_which_is_crossed_with_the_best_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = small_city(tmp_path)
    best = Highs().solve(matrix, Stopping(60.0, 1e-9, 1, 1), lambda _: None).values
    assert best is not None
    other = sound(matrix, _found(matrix, best))
    assert other is not None
    assert 0.9 * value_of(matrix, best) < value_of(matrix, other) <= value_of(matrix, best)
    state, hoods, kinds = incumbent(matrix), neighbourhoods(matrix), list[str]()
    state.adopt(best)
    propose = hoods.propose

    def noted(plan: Floats) -> Part:
        part = propose(plan)
        kinds.append(part.kind)
        return part

    hoods.parameters = replace(hoods.parameters, cored=0)
    monkeypatch.setattr(hoods, "propose", noted)
    lanes, end = Lanes(1), time.monotonic() + 60.0
    try:
        lanes.improve(hoods, state, lambda: "crossed" in kinds or time.monotonic() > end)
    finally:
        lanes.close()
    assert kinds.index("exchanges") < kinds.index("crossed")
