"""Parts that the linear relaxation chooses: nothing better is left out by its reduced costs, and what is held stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks.instances import write_instance
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.check import fault, value_of
from planner.solvers.protocol import Floats, Ints, Matrix, Stopping
from planner.solvers.search.parts.kinds import PRICED, NeighbourhoodParameters
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.parts.priced import worth_keeping
from planner.solvers.search.parts.solving import Order, solved
from planner.solvers.search.parts.structure import Parts, Structure
from tests.matrices import matrix_of
from tests.random_city import write_random
from tests.solving import EXACT
from tests.sweep import sweep

SEEDS = range(740, 770)
EVERY = 10_000
"""More columns than these cities have."""


def _city(folder: Path, seed: int) -> tuple[Matrix, Floats | None]:
    """A random small city, and some plan of it; None: it has none."""
    opened = open_plan(write_random(folder, seed, candidates=8, parks=3, quarters=3))
    matrix = build(opened.case, opened.eligible).matrix
    some = Highs().solve(matrix, Stopping(20.0, 0.5, 1, 1), lambda _: None)
    return matrix, some.values


def _planned(folder: Path) -> tuple[Matrix, Floats]:
    """Some 60 firms, and a plan of 34."""
    opened = open_plan(write_instance(folder, size="small", seed=1, density=0.5))
    matrix = build(opened.case, opened.eligible).matrix
    plan = Highs().solve(matrix, Stopping(20.0, 0.5, 1, 1), lambda _: None).values
    assert plan is not None
    return matrix, plan


def _better(matrix: Matrix, plan: Floats, free: Ints, most: int, seed: int) -> tuple[Floats, Ints]:
    """The plan after its part was solved to the end over the columns worth keeping, and these; none where nothing better is there."""
    part = Parts(matrix).model(free, plan)
    kept = worth_keeping(part, plan[free], most, 20.0, np.random.default_rng(seed))
    if kept is None:
        return plan, np.zeros(0, dtype=np.int64)
    found = Highs().solve(part.part(kept), EXACT, lambda _: None, plan[free[kept]])
    assert found.values is not None  # what the plan does now is always possible
    better = plan.copy()
    better[free[kept]] = found.values
    return better, free[kept]


def _all(matrix: Matrix) -> Ints:
    return np.arange(len(matrix.objective))


@pytest.mark.parametrize("seed", sweep(SEEDS, 3))
def test_the_best_plan_is_in_the_part_where_nothing_is_held(tmp_path: Path, seed: int) -> None:
    """Columns are left out by their reduced costs alone: the best plan needs none of them."""
    matrix, plan = _city(tmp_path, seed)
    best = Highs().solve(matrix, EXACT, lambda _: None).termination.value
    if plan is None:
        assert best is None
        return
    assert best is not None
    found, _ = _better(matrix, plan, _all(matrix), EVERY, seed)
    assert fault(matrix, found) == ""
    assert value_of(matrix, found) == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", sweep(SEEDS, 2))
def test_part_after_part_a_plan_gets_better_and_what_is_held_stays(tmp_path: Path, seed: int) -> None:
    matrix, plan = _city(tmp_path, seed)
    if plan is None:
        return
    assert matrix.periods is not None
    block, dice = matrix.periods.block, np.random.default_rng(seed)
    for number in range(8):
        held = (block >= 0) & (block % 3 == dice.integers(3))
        better, columns = _better(matrix, plan, np.flatnonzero(~held), 3, number)
        if not len(columns):
            continue
        assert not held[columns].any()
        assert set(np.flatnonzero((plan != 0.0) & ~held)) <= set(columns)  # all that the plan has and may change
        assert fault(matrix, better) == ""
        assert value_of(matrix, better) >= value_of(matrix, plan) - 1e-9
        plan = better


def test_where_all_is_held_nothing_better_is_there(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    shut = replace(matrix, lower=plan, upper=plan)
    assert worth_keeping(shut, plan, EVERY, 20.0, np.random.default_rng(1)) is None


def test_few_columns_are_kept_where_few_are_asked_for(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    few, many = (set(_better(matrix, plan, _all(matrix), most, 1)[1]) for most in (0, EVERY))
    assert few < many


def _alike() -> tuple[Matrix, Floats]:
    """Thirty firms, each of which may come to any of twenty alike parks, of which each has room for one; nobody has come."""
    firms, parks = 30, 20
    firm, park = np.repeat(np.arange(firms), parks), np.tile(np.arange(parks), firms)
    columns = np.arange(firms * parks)
    rows = csr_array((np.ones(2 * len(columns)), (np.r_[firm, firms + park], np.r_[columns, columns])))
    return matrix_of(np.repeat(1.0 + 0.01 * np.arange(firms), parks), rows, upper=1.0), np.zeros(len(columns))


def test_at_a_vertex_no_more_columns_are_used_than_there_are_rows_and_worths_that_lean_lead_to_another_one() -> None:
    """Twenty of thirty come; of 600 ways half are as good as any, and interior points take a little of each."""
    matrix, plan = _alike()
    found = [worth_keeping(matrix, plan, 0, 20.0, np.random.default_rng(seed), lean=0.01) for seed in (1, 2)]
    for kept in found:
        assert kept is not None
        assert 20 <= len(kept) <= matrix.rows.shape[0]
        best = Highs().solve(matrix.part(kept), EXACT, lambda _: None).termination.value
        assert best == pytest.approx(sum(1.0 + 0.01 * firm for firm in range(10, 30)))
    one, other = (set(kept.tolist()) for kept in found if kept is not None)
    assert one != other


def test_the_same_dice_keep_the_same_columns(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    one, other = (_better(matrix, plan, _all(matrix), 5, 4)[1].tolist() for _ in range(2))
    assert one == other
    assert one


def test_proposed_parts_free_some_of_what_is_chosen_and_all_else_that_has_room(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    assert matrix.periods is not None
    everybody = NeighbourhoodParameters(asked=100_000)
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, parameters=everybody, in_lanes=True)
    taken, block = hoods.structure.taken(plan), matrix.periods.block
    kinds = set()
    for _ in range(60):
        part = hoods.propose(plan)
        hoods.feed(part, 1.0, True, 0.3)
        kinds.add(part.kind)
        if part.kind not in PRICED:
            assert part.most == 0
            continue
        assert part.most > 0
        free, now = np.zeros(len(block), dtype=bool), part.columns[plan[part.columns] != 0.0]
        free[part.columns] = True
        assert (block[now] >= 0).any()
        room = hoods.parts.room(now[block[now] >= 0], plan)
        able = np.flatnonzero((block >= 0) & ~np.append(taken, False)[block])
        assert free[able[hoods.parts.fits(able, room)]].all()
        assert not free[able[~hoods.parts.fits(able, room)]].any()
    assert {"priced anywhere", "priced places", "priced clusters"} <= kinds


def test_no_priced_part_frees_more_of_what_is_chosen_than_it_is_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two projects of 34, however many stand in one place or belong to one cluster; those tied to them are not the matter here."""
    monkeypatch.setattr(Structure, "with_partners", lambda _, blocks: blocks)
    matrix, plan = _planned(tmp_path)
    assert matrix.periods is not None
    few = NeighbourhoodParameters(freed=1.0, most_freed=2, easy=0.0, times=(1.0,))
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, parameters=few, in_lanes=True)
    block, many = matrix.periods.block, {}
    for _ in range(60):
        part = hoods.propose(plan)
        hoods.feed(part, 1.0, True, 0.3)
        now = part.columns[plan[part.columns] != 0.0]
        many[part.kind] = max(len(np.unique(block[now[block[now] >= 0]])), many.get(part.kind, 0))
    assert hoods.structure.taken(plan).sum() > 10
    assert many.pop("priced shifts") > 2, "these move all others in time"
    assert {kind: count for kind, count in many.items() if kind in PRICED} == {
        kind: 2 for kind in PRICED if kind != "priced shifts"
    }


def test_in_a_part_with_shifts_what_stays_where_it_is_may_come_in_another_quarter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most two projects leave, and five others keep their places and have columns of other quarters there."""
    monkeypatch.setattr(Structure, "with_partners", lambda _, blocks: blocks)
    matrix, plan = _planned(tmp_path)
    assert matrix.periods is not None
    few = NeighbourhoodParameters(freed=1.0, most_freed=2, shifted=5, asked=1)
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, parameters=few, in_lanes=True)
    part = hoods.propose(plan)
    while part.kind != "priced shifts":
        hoods.feed(part, 0.0, True, 0.3)
        part = hoods.propose(plan)
    block, group, period = matrix.periods.block, hoods.structure.group, matrix.periods.period
    used, stays, moves = part.columns[plan[part.columns] > 0.5], 0, 0
    for one in np.unique(block[used][block[used] >= 0]):
        mine = part.columns[block[part.columns] == one]
        now = mine[plan[mine] > 0.5]
        if np.isin(group[mine], group[now]).all():
            stays += 1
            moves += len(np.unique(period[mine])) > len(np.unique(period[now]))
    assert 3 <= stays <= 7
    assert moves > 0


def test_a_relaxation_that_takes_too_long_is_a_part_without_a_result(tmp_path: Path) -> None:
    """It counts as tried and not searched, so that the next part is smaller."""
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    part = Parts(matrix).model(_all(matrix), plan)
    with pytest.raises(TimeoutError):
        worth_keeping(part, plan, 1, 0.0, np.random.default_rng(1))
    result = solved(Order(part, plan, EXACT, 0.0, 1, "highs"))
    assert result.values is None
    assert not result.searched


def test_a_part_without_anything_better_is_searched_to_its_end(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    best = Highs().solve(matrix, EXACT, lambda _: None).values
    assert plan is not None
    assert best is not None
    shut = Parts(matrix).model(_all(matrix), best)
    result = solved(Order(replace(shut, lower=best, upper=best), best, EXACT, 5.0, 5, "highs"))
    assert (result.values, result.searched) == (None, True)
