"""Parts of a plan set free: what is found is a plan of the whole, never a worse one, whatever the model looks like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.relaxations import Aggregate, aggregate
from planner.solvers.check import fault, sound, value_of
from planner.solvers.exact import prepare
from planner.solvers.lp import new_highs, row_duals
from planner.solvers.protocol import Floats, Ints, Matrix, Stopping
from planner.solvers.search.auto import plain
from planner.solvers.search.construct import nothing
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.parts.kinds import Kind, NeighbourhoodParameters, Part
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods, merge
from planner.solvers.search.parts.structure import Parts, Structure
from tests.city import PLAN, TABLES, write_city
from tests.matrices import INF, matrix_of
from tests.random_city import write_random
from tests.solving import EXACT
from tests.sweep import sweep

SEEDS = range(700, 730)


def _model(path: Path) -> tuple[Matrix, Aggregate]:
    opened = open_plan(path)
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    return matrix, aggregate(matrix, matrix.periods)


def _random(path: Path, seed: int) -> tuple[Matrix, Aggregate]:
    """Variants, must-include, rules and relations come and go with the seed."""
    return _model(write_random(path, seed, candidates=8, parks=3, quarters=3))


def _relaxed(model: Aggregate) -> Floats | None:
    highs = new_highs(model.matrix, integers=False)
    highs.run()
    values = np.array(highs.getSolution().col_value)
    return values if highs.getModelStatus().name == "kOptimal" else None


def _improved(matrix: Matrix, hoods: Neighbourhoods, best: Floats, tries: int) -> tuple[Floats, list[Part]]:
    """The plan after some parts, each checked on the way, with time left out of account so that runs are equal."""
    parts = []
    value = value_of(matrix, best)
    for _ in range(tries):
        part = hoods.propose(best)
        parts.append(part)
        found = Highs().solve(hoods.model(part, best), EXACT, lambda _: None, best[part.columns])
        assert found.values is not None  # what the plan does now is always possible
        plan = sound(matrix, merge(best, part, found.values))
        assert plan is not None
        new = value_of(matrix, plan)
        hoods.feed(part, new - value, found.termination.reason == "optimal", 0.1)
        if new > value:
            best, value = plan, new
    return best, parts


@pytest.mark.parametrize("seed", sweep(SEEDS, 2))
def test_a_part_is_never_worse_and_always_a_plan(tmp_path: Path, seed: int) -> None:
    matrix, model = _random(tmp_path, seed)
    start = first_plan(matrix, model, _relaxed(model), None, 20.0, seed)
    exact = Highs().solve(matrix, EXACT, lambda _: None).termination
    if exact.value is None:
        assert start is None
        return
    assert start is not None, "there is a plan, and none was found"
    hoods = Neighbourhoods(matrix, model, row_duals(model.matrix, 10.0), seed)
    best, parts = _improved(matrix, hoods, start, 25)
    assert value_of(matrix, start) <= value_of(matrix, best) <= exact.value + 1e-6 * max(abs(exact.value), 1.0)
    assert all(np.all(np.diff(part.columns) > 0) for part in parts)
    # Eight candidates fit into one part: the tilt aside, nothing is left to find.
    assert value_of(matrix, best) == pytest.approx(exact.value, rel=0.02, abs=1e-6)


@pytest.mark.parametrize("seed", sweep(range(700, 740), 10))
def test_a_part_of_all_choices_leaves_nothing_to_find(tmp_path: Path, seed: int) -> None:
    """Whatever else stands in the model (shortages, backups, what a rule lacks) moves with them, from the plan that chooses nothing or any."""
    matrix, model = _random(tmp_path, seed)
    matrix = prepare(matrix).matrix
    exact = Highs().solve(matrix, EXACT, lambda _: None).termination
    start = nothing(matrix)
    start = first_plan(matrix, model, None, None, 20.0, seed) if start is None else start
    assert (start is None) == (exact.value is None)
    if start is None or exact.value is None:
        return
    parts = Parts(matrix)
    columns = parts.with_loose(np.flatnonzero(~parts.loose))
    found = Highs().solve(parts.model(columns, start), EXACT, lambda _: None, start[columns]).values
    assert found is not None
    whole = start.copy()
    whole[columns] = found
    assert value_of(matrix, whole) == pytest.approx(exact.value, rel=1e-7, abs=1e-7)


def test_what_only_loose_columns_are_tied_to_is_free_with_these() -> None:
    """Two projects, each with its own shortage, a total of both shortages that is paid for, a bonus that goes with the total, and a
    column with a row of its own. None of the last three shares a row with a project."""
    #        x1  x2  s1  s2  total bonus own
    rows = [[1, 0, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 0, 0], [0, 0, -1, -1, 1, 0, 0], [0, 0, 0, 0, 1, 2, 0], [0, 0, 0, 0, 0, 0, 1]]
    lower, upper = [1.0, 1.0, 0.0, -INF, -INF], [INF, INF, 0.0, 2.0, 1.0]
    loose = np.arange(7) >= 2
    matrix = matrix_of([0.0, 0.0, 0.0, 0.0, -1.0, 1.0, 0.5], rows, lower, upper, most=np.where(loose, 2.0, 1.0), whole=~loose)
    matrix = replace(matrix, periods=replace(plain(matrix), block=np.where(loose, -1, np.arange(7))))
    parts = Parts(matrix)
    assert parts.with_loose(np.array([0])).tolist() == [0, 2, 4, 5, 6]
    start = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 0.0, 0.0])
    found = Highs().solve(parts.model(np.array([0, 2, 4, 5, 6]), start), EXACT, lambda _: None).values
    assert found is not None
    assert found.tolist() == pytest.approx([1.0, 0.0, 1.0, 0.5, 1.0])


@pytest.mark.parametrize("seed", sweep([701, 705, 717], 1))
@pytest.mark.parametrize("known", ["prices", "no prices", "no clusters", "no blocks known apart"])
def test_missing_hints_only_cost_quality(tmp_path: Path, seed: int, known: str) -> None:
    matrix, _ = _random(tmp_path, seed)
    periods = matrix.periods
    assert periods is not None
    if known == "no clusters":
        periods = replace(periods, cluster=np.full_like(periods.cluster, -1))
    if known == "no blocks known apart":
        periods = replace(periods, block=np.full_like(periods.block, -1))
    matrix = replace(matrix, periods=periods)
    model = aggregate(matrix, periods)
    start = first_plan(matrix, model, None, None, 20.0, seed)
    if start is None:
        assert Highs().solve(matrix, EXACT, lambda _: None).termination.reason == "infeasible"
        return
    prices = row_duals(model.matrix, 10.0) if known == "prices" else None
    best, _ = _improved(matrix, Neighbourhoods(matrix, model, prices, 1), start, 8)
    assert value_of(matrix, best) >= value_of(matrix, start)


def test_the_same_seed_and_results_give_the_same_parts(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    prices = row_duals(model.matrix, 10.0)
    runs = [_improved(matrix, Neighbourhoods(matrix, model, prices, 5), start, 12)[1] for _ in range(2)]
    for one, other in zip(*runs, strict=True):
        assert one.kind == other.kind
        assert one.columns.tolist() == other.columns.tolist()
        assert one.tilt.tolist() == other.tilt.tolist()


def test_a_kind_that_paid_a_lot_long_ago_gives_way_to_one_that_pays_a_little_now(tmp_path: Path) -> None:
    """The first part of one kind gives 1, and nothing after; from then on another gives a thousandth each time, in the same seconds."""
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    hoods = Neighbourhoods(matrix, model, row_duals(model.matrix, 10.0), 3, parameters=NeighbourhoodParameters(stalled=10_000))
    seen: list[str] = []
    for _ in range(400):
        part = hoods.propose(start)
        gain = 1.0 if part.kind == "margin" and "margin" not in seen else 1e-3 if part.kind == "places" else 0.0
        hoods.feed(part, gain, True, 0.3)
        seen.append(part.kind)
    assert {"margin", "places"} <= set(seen)
    for part_of_them in (seen[:100], seen[100:]):
        assert part_of_them.count("places") > part_of_them.count("margin")
    assert "margin" in seen[-100:], "who pays nothing is asked now and then"


def test_parts_get_more_time_while_nothing_is_found_and_less_again_after(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    few = NeighbourhoodParameters(seconds=1.0, longest=3.0, tired=2, longer=2.0)
    hoods = Neighbourhoods(matrix, model, None, 3, parameters=few)
    given = []
    for gain in (0.0, 0.0, 0.0, 0.0, 1.0, 1.0):
        part = hoods.propose(start)
        given.append(part.seconds)
        hoods.feed(part, gain, True, 0.1)
    given.append(hoods.propose(start).seconds)
    assert given == [1.0, 1.0, 2.0, 2.0, 3.0, 1.5, 1.0]


def test_what_may_go_may_stand_elsewhere_where_no_place_is_set_free(tmp_path: Path) -> None:
    """One alternative in a part leaves a firm where it is or sends it to one other place; with more it finds the one that helps."""
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    assert matrix.periods is not None
    wide = []
    for moves in (1, 3):
        hoods = Neighbourhoods(matrix, model, row_duals(model.matrix, 10.0), 3, parameters=NeighbourhoodParameters(moves=moves))
        assert hoods.structure.places > 1
        kinds = set()
        columns = 0
        for _ in range(20):
            part = hoods.propose(start)
            hoods.feed(part, 1.0, True, 0.4)
            kinds.add(part.kind)
            if part.kind == "margin":
                columns = max(columns, len(part.columns))
        assert kinds == {"places", "margin"}  # both have their turn from the beginning, the others only when these give nothing
        wide.append(columns)
    assert wide[0] < wide[1]


def test_a_hint_comes_into_the_part(tmp_path: Path) -> None:
    matrix, model = _model(write_city(tmp_path))
    assert matrix.periods is not None
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    hoods = Neighbourhoods(matrix, model, None, 1)
    away = ~hoods.structure.taken(start)
    idle = np.flatnonzero(away)
    hoods = Neighbourhoods(matrix, model, None, 1, away)
    for _ in range(6):
        part = hoods.propose(start)
        hoods.feed(part, 0.0, True, 0.1)
        if len(idle):
            assert np.isin(matrix.periods.block[part.columns], idle).any()


def test_what_must_come_is_in_the_first_plan(tmp_path: Path) -> None:
    """A and C must come, so doing nothing is no plan."""
    rows = [{**row, "must_include": "是" if row["candidate_id"] in "AC" else "否"} for row in TABLES["candidates"]]
    matrix, model = _model(write_city(tmp_path, PLAN, {**TABLES, "candidates": rows}))
    plan = first_plan(matrix, model, _relaxed(model), None, 20.0, 1)
    assert plan is not None
    assert fault(matrix, plan) == ""


def test_no_plan_is_said_when_there_is_none(tmp_path: Path) -> None:
    """C and D must come, need 130 of money, and there are 120."""
    rows = [{**row, "must_include": "是" if row["candidate_id"] in "CD" else "否"} for row in TABLES["candidates"]]
    funds = [{"fund_id": "FUND", "quarter": "2027Q1", "amount": 120, "carry_over": "是"}]
    matrix, model = _model(write_city(tmp_path, tables={**TABLES, "candidates": rows, "funds": funds}))
    assert first_plan(matrix, model, None, None, 20.0, 1) is None


def test_a_wish_to_stop_is_heard(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    hurried = first_plan(matrix, model, None, None, 20.0, 1, stop=lambda: True)
    assert hurried is None or fault(matrix, hurried) == ""


def test_the_held_columns_stay(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    part = Neighbourhoods(matrix, model, None, 3).propose(start)
    values = (
        Highs().solve(Neighbourhoods(matrix, model, None, 3).model(part, start), Stopping(5.0, 0.0, 1, 1), lambda _: None).values
    )
    assert values is not None
    held = np.setdiff1d(np.arange(len(start)), part.columns)
    assert merge(start, part, values)[held].tolist() == start[held].tolist()


@pytest.mark.parametrize("seed", sweep([701, 708, 715, 722], 1))
def test_what_clusters_take_leads_to_a_plan(tmp_path: Path, seed: int) -> None:
    matrix, model = _random(tmp_path, seed)
    assert matrix.periods is not None
    prices = row_duals(model.matrix, 10.0)
    exact = Highs().solve(matrix, EXACT, lambda _: None).termination
    if prices is None or exact.value is None:
        return
    block, cluster = model.of(matrix.periods.block), model.of(matrix.periods.cluster)
    chosen = choose(model, block, cluster, prices, 1)
    assert chosen is not None
    plan = first_plan(matrix, model, _relaxed(model), None, 20.0, 1, chosen=chosen)
    assert plan is not None
    assert fault(matrix, plan) == ""
    assert value_of(matrix, plan) <= exact.value + 1e-6 * max(abs(exact.value), 1.0)


def test_no_clusters_no_choice(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    assert matrix.periods is not None
    prices = row_duals(model.matrix, 10.0)
    assert prices is not None
    block = model.of(matrix.periods.block)
    assert choose(model, block, np.full_like(block, -1), prices, 1) is None


def test_what_rows_elsewhere_take_at_their_prices_counts_against_a_choice() -> None:
    # Two choices worth 3 and 2, of which one fits at a price of 1; a row that the relaxation does not have takes 1.5 of the first.
    model = matrix_of([3.0, 2.0], [[1.0, 1.0]], upper=1.0)
    model = replace(model, periods=plain(model))
    assert model.periods is not None
    relaxed, price, nobody = aggregate(model, model.periods), np.array([1.0]), np.zeros(2)
    assert Structure(model, relaxed, price).score(nobody).tolist() == [2.0, 1.0]
    assert Structure(model, relaxed, price, np.array([1.5, 0.0])).score(nobody).tolist() == [0.5, 1.0]


def _priced(hoods: Neighbourhoods, plan: Floats, kind: Kind | None = None) -> Part:
    """The next part that its relaxation is to choose from, of that kind; the others find nothing, and are relaxed neither slowly nor easily."""
    while not (part := hoods.propose(plan)).most or kind not in (None, part.kind):
        hoods.feed(part, 0.0, True, 0.3, 0.5 * part.seconds)
    return part


def test_a_part_whose_relaxation_takes_too_long_asks_fewer_the_next_time_and_more_again_when_it_is_quick(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    hoods = Neighbourhoods(matrix, model, None, 1, in_lanes=True)
    asked = [(part := _priced(hoods, start)).asked]
    for relaxed in (2.0, 9.0, 100.0, 0.01):
        hoods.feed(part, 0.0, False, 1.0, relaxed * part.seconds)
        asked.append((part := _priced(hoods, start, part.kind)).asked)
    assert asked == [1_500.0, 750.0, 187.5, 46.875, 70.3125]
    for _ in range(20):
        hoods.feed(part, 0.0, False, 1.0, 100.0 * part.seconds)
        part = _priced(hoods, start, part.kind)
    assert part.asked == NeighbourhoodParameters().fewest


def test_a_kind_of_part_begins_with_as_few_as_others_had_to_and_goes_its_own_way_then(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    hoods = Neighbourhoods(matrix, model, None, 1, in_lanes=True)
    slow = _priced(hoods, start)
    hoods.feed(slow, 0.0, False, 1.0, 4.0 * slow.seconds)
    while (other := _priced(hoods, start)).kind == slow.kind:
        hoods.feed(other, 0.0, False, 1.0, 0.5 * other.seconds)
    assert other.asked == slow.asked / 4.0
    hoods.feed(other, 0.0, False, 1.0, 0.01 * other.seconds)
    assert _priced(hoods, start, other.kind).asked == 1.5 * slow.asked / 4.0
    while (again := _priced(hoods, start)).kind != slow.kind:
        hoods.feed(again, 0.0, False, 1.0, 0.5 * again.seconds)
    assert again.asked == slow.asked / 4.0


def test_fewer_are_shifted_in_time_where_the_relaxation_of_such_a_part_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    few, shifted = NeighbourhoodParameters(shifted=3), list[int]()
    hoods = Neighbourhoods(matrix, model, None, 1, parameters=few, in_lanes=True)
    shifts = hoods._shifts

    def count(blocks: Ints, best: Floats) -> Ints:
        shifted.append(len(blocks))
        return shifts(blocks, best)

    monkeypatch.setattr(hoods, "_shifts", count)
    part = _priced(hoods, start, "priced shifts")
    hoods.feed(part, 0.0, False, 1.0, 4.0 * part.seconds)
    _priced(hoods, start, "priced shifts")
    assert (shifted[0], shifted[-1]) == (3, 1)


def test_with_many_limits_to_a_choice_parts_begin_small(tmp_path: Path) -> None:
    """At a hundredth of the entries a hundredth of the choices may come, and a tenth of what is chosen is set free."""
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    each = matrix.rows.nnz / Neighbourhoods(matrix, model, None, 1).structure.blocks
    few = NeighbourhoodParameters(asked=10_000, entries=round(100 * each))
    part = _priced(Neighbourhoods(matrix, model, None, 1, parameters=few, in_lanes=True), start)
    assert part.asked == pytest.approx(100.0, rel=0.01)
    assert part.kind_size == pytest.approx(0.1, rel=0.01)


def test_prices_that_come_later_are_taken_and_what_parts_have_paid_is_kept(tmp_path: Path) -> None:
    matrix, model = _random(tmp_path, 708)
    start = first_plan(matrix, model, None, None, 20.0, 1)
    assert start is not None
    hoods = Neighbourhoods(matrix, model, None, 1, in_lanes=True)
    kinds = {hoods.propose(start).kind for _ in range(100)}
    assert "margin" not in kinds, "nothing says what is hardly worth having"
    part = _priced(hoods, start)
    hoods.feed(part, 1.0, True, 0.01)
    prices = row_duals(model.matrix, 10.0)
    assert prices is not None
    hoods.learn(prices, None)
    assert hoods.structure.dual is prices
    kinds = set()
    while ((again := hoods.propose(start)).kind, again.by) != (part.kind, part.by):
        kinds.add(again.kind)
        hoods.feed(again, 0.0, True, 0.3)
    assert "margin" in kinds, "it was not tried before, and has its turn first"
    assert again.kind_size == pytest.approx(part.kind_size * NeighbourhoodParameters().grow)
