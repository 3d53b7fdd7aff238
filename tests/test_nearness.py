"""Of plans equally good the one that changes least of the earlier plan: against enumeration, with its bound, by its prices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import api
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.plan.reference.nearness import Near, grain
from planner.plan.solving import solve_plan, stopping_of
from planner.settings.schema import Objective
from planner.solvers.protocol import Progress, Stopping
from tests.brute import every_choice, value_of
from tests.city import PLAN, TABLES, write_city
from tests.random_city import write_random
from tests.replanned import FIVE, by_id, differing, placed


def told(plan: Plan) -> dict[str, int]:
    assert plan.nearness is not None
    return plan.nearness.changes.model_dump(exclude={"fallen"})


def test_a_plan_without_new_facts_changes_nothing(tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path, tables=FIVE))
    for seed in (1, 2, 3):
        first = solve_plan(opened, stopping=replace(stopping_of(opened), seed=seed))
        again = solve_plan(opened, start=first, stopping=replace(stopping_of(opened), seed=seed + 10))
        assert placed(again) == placed(first)
        assert again.nearness is not None
        assert again.nearness.proved
        assert again.nearness.cost == 0.0


def test_one_deal_lost_is_replaced_and_nothing_else_moves(tmp_path: Path) -> None:
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    lost = first.selected[0].candidate_id
    rows = [{**row, "status": "lost" if row["candidate_id"] == lost else ""} for row in FIVE["candidates"]]
    after = api.solve(open_plan(write_city(tmp_path / "new", tables={**FIVE, "candidates": rows})), start=first)
    assert (
        told(after)
        == {"dropped": 0, "added": 1, "park_moves": 0, "quarter_moves": 0}
        == differing({name: place for name, place in placed(first).items() if name != lost}, placed(after))
    )
    assert after.nearness is not None
    assert (after.nearness.changes.fallen, after.nearness.proved, after.nearness.least) == (1, True, 1.0)


def test_a_project_paused_with_no_day_known_is_a_fact_and_no_change(tmp_path: Path) -> None:
    """With no change allowed at all there is a plan, without it; nobody comes in its place."""
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    run = api.publish(first, tmp_path / "run", ())
    events = tmp_path / "events.csv"
    gone = first.selected[0].candidate_id
    events.write_text(f"candidate_id,date,stage\n{gone},2027-01-01,暂缓\n", encoding="utf-8")
    given = {"solve.start": str(run), "objective.ceilings.changes": 0}
    opened = open_plan(write_city(tmp_path / "new", tables=FIVE), given, status=events, on="2027-01-01")
    after = api.solve(opened)
    assert placed(after) == {name: place for name, place in placed(first).items() if name != gone}
    assert after.nearness is not None
    assert after.nearness.changes.fallen == 1


def test_prices_say_which_change_is_the_lesser(tmp_path: Path) -> None:
    """P1 shrinks to 40: of its two firms one must go somewhere. Nothing else is free, so one leaves; with P2 grown it moves."""
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    parks = [{**TABLES["parks"][0], "land": 40}, {**TABLES["parks"][1], "land": 80}]
    for price, expected in (
        ("{park_moves: 1}", {"dropped": 0, "added": 0, "park_moves": 1, "quarter_moves": 0}),
        ("{park_moves: 3}", {"dropped": 1, "added": 1, "park_moves": 0, "quarter_moves": 0}),
    ):
        folder = tmp_path / expected.__repr__()[-20:].strip("{} :,'")
        opened = open_plan(write_city(folder, PLAN + f"nearness: {price}\n", tables={**FIVE, "parks": parks}))
        assert told(api.solve(opened, start=first)) == expected


def test_value_is_given_up_for_nearness_only_where_the_settings_say_so(tmp_path: Path) -> None:
    """B can be bettered by E, which is worth 1 % more; the old plan keeps its word within a tolerance of 1 %."""
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    out = next(row["candidate_id"] for row in FIVE["candidates"] if row["candidate_id"] not in placed(first))
    rows = [{**row, "capacity": 101 if row["candidate_id"] == out else 100} for row in FIVE["candidates"]]
    tables = {**FIVE, "candidates": rows}
    strict = api.solve(open_plan(write_city(tmp_path / "strict", tables=tables)), start=first)
    assert told(strict)["added"] == 1
    assert strict.nearness is not None
    assert strict.nearness.given_up == 0.0
    lenient = api.solve(
        open_plan(write_city(tmp_path / "lenient", PLAN + "nearness: {tolerance: 0.01}\n", tables=tables)), start=first
    )
    assert sum(told(lenient).values()) == 0
    assert lenient.nearness is not None
    assert strict.objective.value > lenient.objective.value
    assert lenient.nearness.given_up == pytest.approx(strict.objective.value - lenient.objective.value)
    assert not lenient.status.proved
    assert lenient.objective.bound == pytest.approx(strict.objective.value)


def test_brief_is_in_proportion_to_the_solve_and_proves_a_small_city(tmp_path: Path) -> None:
    """It is still the nearest, and proved; where work is counted the clock has no say."""
    limits = Stopping(8.0, 0.0, 2, 1)
    assert Near(brief=True).limits(limits, 40.0).time_limit == pytest.approx(4.0)
    assert Near(brief=True).limits(limits, 0.1).time_limit == pytest.approx(1.0)
    assert Near(brief=True).limits(limits, 300.0) == limits == Near().limits(limits, 0.1)
    counted = replace(limits, work=5)
    assert Near(brief=True).limits(counted, 0.1) == counted
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    lost = first.selected[0].candidate_id
    rows = [{**row, "status": "lost" if row["candidate_id"] == lost else ""} for row in FIVE["candidates"]]
    opened = open_plan(write_city(tmp_path / "new", tables={**FIVE, "candidates": rows}))
    after = solve_plan(opened, start=first, near=Near(brief=True))
    assert told(after) == {"dropped": 0, "added": 1, "park_moves": 0, "quarter_moves": 0}
    assert after.nearness is not None
    assert (after.nearness.proved, after.nearness.least) == (True, 1.0)


def test_with_firms_first_one_firm_less_outweighs_any_move(tmp_path: Path) -> None:
    """E, of twice the land, is worth two of the others and must come: one way drops two firms, the other one and moves."""
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    weights = Near(firms_first=True).prices(
        open_plan(write_city(tmp_path, tables=FIVE)).loaded.settings.nearness, len(first.selected)
    )
    assert weights["dropped"] > 2 * len(first.selected) * max(weights["park_moves"], weights["quarter_moves"])


def test_changes_are_terms_that_may_be_priced_and_capped(tmp_path: Path) -> None:
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    run = api.publish(first, tmp_path / "run", ())
    others = [row["candidate_id"] for row in FIVE["candidates"] if row["candidate_id"] not in placed(first)]
    rows = [{**row, "capacity": 150 if row["candidate_id"] in others else 100} for row in FIVE["candidates"]]
    tables = {**FIVE, "candidates": rows}
    for extra, added in (("", 2), ("  ceilings: {added: 1}\n", 1), ("  ceilings: {changes: 1}\n", 0)):
        text = PLAN.replace("objective:\n", f"objective:\n{extra}")
        plan = api.solve(open_plan(write_city(tmp_path / f"caps{added}", text, tables=tables), {"solve.start": str(run)}))
        assert told(plan)["added"] == added
        assert plan.status.proved
    priced = PLAN.replace("weights: {", "weights: {added: -30, dropped: -30, ")
    assert "added: -30" in priced
    plan = api.solve(open_plan(write_city(tmp_path / "priced", priced, tables=tables), {"solve.start": str(run)}))
    # One exchange brings 50 more and costs 60.
    assert told(plan) == {"dropped": 0, "added": 0, "park_moves": 0, "quarter_moves": 0}


@pytest.mark.parametrize(("prices", "least"), [({"a": 1.0, "b": 2.5}, 0.5), ({"a": 0.3, "b": 0.1}, 0.1), ({"a": 0.0}, 0.0)])
def test_the_least_difference_of_two_sums_of_prices(prices: dict[str, float], least: float) -> None:
    assert grain(prices) == pytest.approx(least)


def agrees(folder: Path, seed: int) -> bool:
    """The plan nearest to that of another objective, held against every choice there is."""
    opened = open_plan(write_random(folder, seed))
    other = Objective(normalise=False, weights={"output": 1.0, "jobs": -0.5})
    try:
        first = solve_plan(opened.pursuing(other, ()))
        plan = solve_plan(opened, start=first)
    except Exception as error:
        return type(error).__name__ not in ("NoPlan", "InputError")
    if not first.selected:  # nothing to stay near to
        return False
    old = placed(first)
    best, least = -1e300, 10**6
    for choice in every_choice(opened):
        value = value_of(opened, choice)
        if value is None:
            continue
        changes = sum(differing(old, by_id(opened, choice)).values())
        if value > best + 1e-9 * max(abs(best), 1.0):
            best, least = value, changes
        elif value >= best - 1e-9 * max(abs(best), 1.0):
            least = min(least, changes)
    assert plan.objective.value == pytest.approx(best, rel=1e-7, abs=1e-7)
    assert plan.nearness is not None
    assert plan.nearness.proved
    assert plan.nearness.cost == plan.nearness.least == sum(differing(old, placed(plan)).values()) == least
    return True


def test_no_plan_as_good_changes_less(tmp_path: Path) -> None:
    assert sum(agrees(tmp_path / str(seed), seed) for seed in range(2)) == 2


@pytest.mark.slow
def test_no_plan_as_good_changes_less_in_many_cities(tmp_path: Path) -> None:
    assert sum(agrees(tmp_path / str(seed), seed) for seed in range(2, 160)) >= 70


@given(st.dictionaries(st.sampled_from(["dropped", "added", "park_moves", "quarter_moves"]), st.integers(0, 400), min_size=1))
def test_every_sum_of_prices_is_a_multiple_of_their_grain(hundredths: dict[str, int]) -> None:
    step = grain({kind: number / 100 for kind, number in hundredths.items()})
    total = sum(hundredths.values()) / 100
    assert (step == 0.0) == (total == 0.0)
    assert step == 0.0 or abs(total / step - round(total / step)) < 1e-6


def test_a_project_of_a_quarter_that_is_over_stays_where_no_event_speaks_of_it(tmp_path: Path) -> None:
    """The first quarter is over. Of its projects one is still in talks and must wait, of the others nobody wrote anything: they stay,
    with a warning; new ones cannot come in a quarter that is over."""
    first = api.solve(open_plan(write_city(tmp_path / "old", PLAN.replace("weights: {", "weights: {early: 0.5, "), tables=FIVE)))
    run = api.publish(first, tmp_path / "run", ())
    old = placed(first)
    past = sorted(name for name, (_, quarter) in old.items() if quarter == "2027Q1")
    assert len(past) >= 2
    events = tmp_path / "events.csv"
    events.write_text(f"candidate_id,date,stage\n{past[0]},2027-02-01,在谈\n", encoding="utf-8")
    opened = open_plan(
        write_city(tmp_path / "new", PLAN.replace("weights: {", "weights: {early: 0.5, "), tables=FIVE),
        {"solve.start": str(run)},
        status=events,
        on="2027-04-15",
    )
    warning = next(problem for problem in opened.warnings if problem.code == "C370")
    assert all(name in str(warning) for name in past[1:])
    assert past[0] not in warning.rule.zh
    now = placed(api.solve(opened))
    assert {name: now[name] for name in past[1:]} == {name: old[name] for name in past[1:]}
    assert all(quarter == "2027Q2" for name, (_, quarter) in now.items() if name not in past[1:])


def test_what_is_heard_of_the_second_stage_counts_changes_and_claims_no_more_than_is_proved(tmp_path: Path) -> None:
    """The price of a tie is no change, and the bound of a part of the model none of the whole."""
    first = api.solve(open_plan(write_city(tmp_path / "old", tables=FIVE)))
    lost = {firm.candidate_id for firm in first.selected[:2]}
    rows = [{**row, "status": "lost" if row["candidate_id"] in lost else ""} for row in FIVE["candidates"]]
    heard: list[Progress] = []
    after = api.solve(open_plan(write_city(tmp_path / "new", tables={**FIVE, "candidates": rows})), heard.append, start=first)
    assert after.nearness is not None
    assert after.nearness.cost == 2.0
    told = [progress for progress in heard if progress.phase == "nearness"]
    assert told
    assert {progress.value for progress in told} <= {None, *(-float(count) for count in range(2, 8))}
    assert all(-progress.bound <= after.nearness.least for progress in told if progress.bound is not None)
