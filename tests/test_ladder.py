"""Nested plans for growing shares of some limits, against every plan there is."""

from __future__ import annotations

import json
from itertools import pairwise, product
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.language import Words
from planner.plan.model import Plan
from planner.problems import InputError
from planner.questions.conflict import Infeasible
from planner.questions.ladder.ask import ladder
from planner.questions.ladder.record import Ladder
from planner.questions.ladder.text import text_of
from tests.brute import every_choice, value_of
from tests.city import PLAN, TABLES, changed, settled, write_city
from tests.random_city import random_tables
from tests.sweep import sweep

SHARES = (0.5, 0.8, 1.0)
Places = frozenset[tuple[str, str, str]]
"""(candidate, park, quarter) of each project of a plan."""


def places(plan: Plan) -> Places:
    return frozenset((firm.candidate_id, firm.park_id, firm.quarter) for firm in plan.selected)


def at_share(tables: dict[str, Any], share: float) -> dict[str, Any]:
    """The tables with a share of all money and of the land of park P0, written by hand."""
    scaled = {"funds": "amount", "parks": "land", "capacities": "amount"}
    elsewhere = {"P1"}

    def row_at(table: str, row: dict[str, Any]) -> dict[str, Any]:
        here = row.get("park_id", row.get("scope_id")) not in elsewhere
        return {**row, scaled[table]: row[scaled[table]] * share} if here else row

    return {name: [row_at(name, row) for row in rows] if name in scaled else rows for name, rows in tables.items()}


def everything(path: Path) -> dict[Places, float]:
    """Every plan that keeps all limits, and its value: no matrix, no solver."""
    try:
        opened = api.open_plan(path)
    except InputError:
        return {}
    case, found = opened.case, {}
    ids, parks = (case.candidates["candidate_id"].tolist(), case.parks["park_id"].tolist())
    for choice in every_choice(opened):
        if (value := value_of(opened, choice)) is not None:
            rows = zip(choice.candidate, choice.park, choice.quarter, strict=True)
            found[frozenset((ids[i], parks[k], case.quarters[t]) for i, k, t in rows)] = value
    return found


def best_sum(every: list[dict[Places, float]]) -> float | None:
    """The largest sum of values of plans that contain each other."""
    best = dict(every[0])
    for plans in every[1:]:
        inner = {outer: [sum_ for plan, sum_ in best.items() if plan <= outer] for outer in plans}
        best = {outer: max(inner[outer]) + value for outer, value in plans.items() if inner[outer]}
    return max(best.values(), default=None)


def disagreements(folder: Path, seed: int, way: str) -> list[str]:
    """What the ladder of one city says otherwise than all its plans do."""
    plan, tables = random_tables(seed)
    plan += "" if "rules:" in plan or seed % 2 else "rules: [{name: 至少两个, count: {min: 2}}]\n"
    every = []
    for share in SHARES:
        every.append(everything(write_city(folder / f"{share}", plan, at_share(tables, share))))
    try:
        opened = api.open_plan(write_city(folder, plan, tables))
    except InputError:
        return []
    told = list[str]()

    def hold(what: str, found: float | None, right: float | None) -> None:
        same = found == right if found is None or right is None else abs(found - right) <= 1e-6 * max(1.0, abs(right))
        told.extend([] if same else [f"{seed} {way}: {what} is {found}, not {right}"])

    limits = [*dict.fromkeys(str(row["fund_id"]) for row in tables.get("funds", [])), "P0/land"]
    if not any(every):
        with pytest.raises((Infeasible, InputError)):
            ladder(opened, SHARES, limits, way)
        return told
    answer, plans = ladder(opened, SHARES, limits, way)
    own = [None if one is None else places(one) for one in plans]
    for rung, found, plans_there in zip(answer.rungs, own, every, strict=True):
        hold(f"V* at {rung.share}", rung.levels[0].best if rung.levels else None, max(plans_there.values(), default=None))
        if found is not None:
            cost = max(plans_there.values()) - plans_there[found]  # KeyError: it breaks a limit
            hold(f"cost at {rung.share}", rung.levels[0].cost_least, max(cost, 0.0))
            hold(f"cost at {rung.share}, at most", rung.levels[0].cost_most, max(cost, 0.0))
    there = [(found, plans_there) for found, plans_there in zip(own, every, strict=True) if found is not None]
    told += [f"{seed} {way}: not nested" for (inner, _), (outer, _) in pairwise(there) if not inner <= outer]
    if way == "joint":
        hold("the sum", answer.joint and answer.joint.value, best_sum([one for one in every if one]))
    elif way == "down":
        roots = next(one for one in every if one) if answer.notices else {frozenset()}
        tops: list[Places | None] = [frozenset.union(*every[-1]), *reversed(own)]
        for outer, inner, plans_there in zip(tops, reversed(own), reversed(every), strict=False):
            within = [
                value
                for plan, value in plans_there.items()
                if outer is not None and plan <= outer and any(root <= plan for root in roots)
            ]
            hold("a plan within", None if inner is None else plans_there[inner], max(within, default=None))
    else:
        for inner, outer, plans_there in zip([None, *own], own, every, strict=False):
            around = [value for plan, value in plans_there.items() if inner is None or inner <= plan]
            hold("a plan around", None if outer is None else plans_there[outer], max(around, default=None))
    return told


@pytest.mark.parametrize(("way", "seeds"), sweep([*product(("joint", "down", "up"), [range(4), range(4, 16)])], 0))
def test_every_way_against_every_plan_of_cities_of_twelve_choices(way: str, seeds: range, tmp_path: Path) -> None:
    assert [told for seed in seeds for told in disagreements(tmp_path / str(seed), seed, way)] == []


def test_the_tiny_city_by_hand(tmp_path: Path) -> None:
    """Of 220 万元: 30 % pays B (60) alone, 0.5 · 400 · 2 less the foam it needs; all of it pays A, B and D: 1800."""
    path = write_city(tmp_path, PLAN, {**TABLES, "candidates": settled(TABLES["candidates"])})
    done = CliRunner().invoke(app, ["ladder", str(path), "--shares", "30%，1", "--way", "down", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    answer = Ladder.model_validate_json((tmp_path / "out/ladder.json").read_text("utf-8"))
    small, large = answer.rungs
    assert [(one.amounts[0].amount, one.amounts[0].need) for one in (small, large)] == [(66, 60), (220, 210)]
    assert [one.levels[0].value for one in (small, large)] == [pytest.approx(360), pytest.approx(1800)]
    assert (small.levels[0].cost_least, small.levels[0].cost_most) == (0, 0)
    first, then = answer.steps
    assert [firm.candidate_id for firm in first.firms] == ["B"]
    assert {firm.candidate_id: (firm.investment, dict(firm.needs)) for firm in then.firms} == {
        "A": (900, {"FUND": 100}),
        "D": (300, {"FUND": 50}),
    }
    assert (then.investment, then.gained, dict(then.more)) == (1200, pytest.approx(1440), {"万元": 154})
    assert then.marginal == pytest.approx(1440 / 154)
    assert "份额 30% → 100% 买来" in done.output
    # Each plan is a run folder of its own: sealed, verified, its settings and changes of the tables beside it.
    inner = api.open_run(tmp_path / "out" / str(small.folder)).plan
    assert (inner.status.proved, inner.objective.bound, inner.changes[0].table) == (True, pytest.approx(360), "funds")
    book = load_workbook(tmp_path / "out/ladder.xlsx")
    assert book.sheetnames == ["分级计划", "每级引入", "逐级差异"]
    assert len(book["分级计划"]._charts) == 1


def test_downwards_there_is_room_for_the_smallest_share(tmp_path: Path) -> None:
    """Two projects, no more, no less: all the money pays A and C; 55 % of it B and D, and no two of A and C."""
    text = f"{PLAN}rules: [{{name: 两个, count: {{min: 2, max: 2}}}}]\n"
    answer, plans = ladder(api.open_plan(write_city(tmp_path, text)), [0.55, 1], way="down")
    assert [sorted(one for one, _, _ in places(plan)) for plan in plans if plan] == [["B", "D"], ["B", "D"]]
    assert len(answer.notices) == 1
    assert [rung.levels[0].cost_least for rung in answer.rungs] == [0, pytest.approx(1540 - 660)]
    assert [firm.id for firm in answer.rungs[1].came] == ["A", "C"]
    assert answer.steps[1].firms == ()


def test_a_plan_that_the_order_makes_worse_claims_no_proof(tmp_path: Path) -> None:
    """At 60 % A alone is worth 1140; within the plan of 100 % there may be less, and its run folder says so."""
    answer, plans = ladder(api.open_plan(write_city(tmp_path)), [0.3, 0.6, 0.8, 1], way="up")
    for rung, plan in zip(answer.rungs, plans, strict=True):
        assert plan is not None
        assert plan.objective.bound == pytest.approx(rung.levels[0].bound)
        assert plan.status.proved == (rung.levels[0].cost_most == 0)
    assert any(rung.levels[0].cost_least for rung in answer.rungs)


def test_a_share_without_a_plan_is_explained_and_the_others_stand(tmp_path: Path) -> None:
    path = write_city(tmp_path, tables=changed("candidates", 0, must_include="是"))  # A asks for 100 of 120 + 100
    answer, plans = ladder(api.open_plan(path), [0.2, 0.4, 0.6, 1])
    assert [rung.missing for rung in answer.rungs] == ["infeasible", "infeasible", None, None]
    assert [plan is None for plan in plans] == [True, True, False, False]
    why = [rung.why.en if rung.why else "" for rung in answer.rungs]
    assert "FUND" in why[1]
    assert "no plan at 0.4" in why[0]
    assert why[1] in text_of(answer, plans, "en")


def test_a_lock_that_a_small_share_contradicts_is_told(tmp_path: Path) -> None:
    tables = changed("candidates", 0, must_include="是", fixed_park="P2")  # 40 of its 40 亩
    answer, _ = ladder(api.open_plan(write_city(tmp_path, tables=tables)), [0.5, 1], ["P2/land"])
    assert [rung.missing for rung in answer.rungs] == ["infeasible", None]
    assert answer.rungs[0].why is not None
    assert "A" in answer.rungs[0].why.zh


def test_no_share_has_a_plan(tmp_path: Path) -> None:
    path = write_city(tmp_path, tables=changed("candidates", 0, must_include="是"))
    done = CliRunner().invoke(app, ["ladder", str(path), "--shares", "0.2,0.3", "--out", str(tmp_path / "out")])
    assert done.exit_code == 3
    assert "FUND" in done.output
    assert not (tmp_path / "out").exists()


REGIONS: dict[str, Any] = {
    **TABLES,
    "parks": [{**row, "zone": zone, "heat": heat} for row, zone, heat in zip(TABLES["parks"], ("北", "南"), (10, 6), strict=True)],
    "candidates": [{**row, "heat": 1, "gas": 1} for row in TABLES["candidates"]],
    "capacities": [
        {"resource_id": "heat", "scope_id": "南", "quarter": "2027Q2", "amount": 8},
        {"resource_id": "gas", "scope_id": "全市", "quarter": "2027Q1", "amount": 4},
    ],
}
ZONED = PLAN.replace(
    "resources:", "resources:\n  heat: {unit: 吨, kind: flow, scope: zone}\n  gas: {unit: 吨, kind: stock, scope: region}"
)


@pytest.mark.parametrize(
    ("of", "amounts"),
    [
        pytest.param("南/heat", {"南/heat": 4}, marks=pytest.mark.slow),
        ("heat", {"北/heat": 5, "南/heat": 4}),
        pytest.param("gas", {"region/gas": 2}, marks=pytest.mark.slow),
        pytest.param("一号园/用地", {"P1/land": 40}, marks=pytest.mark.slow),
        ("FUND", {"FUND": 110}),
    ],
)
def test_a_limit_by_id_or_name_of_one_place_or_all(of: str, amounts: dict[str, float], tmp_path: Path) -> None:
    answer, _ = ladder(api.open_plan(write_city(tmp_path, ZONED, REGIONS)), ["50 %", "1"], [of])
    assert {amount.id: amount.amount for amount in answer.rungs[0].amounts} == amounts


BAD = [
    ({"shares": [1]}, "R170"),
    ({"shares": ["0.7", "many"]}, "R170"),
    ({"shares": [0.9, 0.8]}, "R170"),
    ({"shares": [0.5, 0.5]}, "R170"),
    ({"shares": [0.5, 1.5]}, "R170"),
    ({"shares": [0, 1]}, "R170"),
    ({"shares": [float("nan"), 1]}, "R170"),
    ({"shares": [True, 0.5]}, "R170"),
    ({"of": ["FUNDS"]}, "R171"),
    ({"of": ["P3/land"]}, "R171"),
    ({"of": ["power"]}, "R172"),
    ({"of": ["P1/water"]}, "R173"),
    ({"way": "sideways"}, "R177"),
]
WATER = PLAN.replace("resources:", "resources:\n  water: {unit: 吨, kind: flow, scope: park}")


@pytest.mark.parametrize(("asked", "code"), BAD)
def test_what_cannot_be_asked(asked: dict[str, Any], code: str, tmp_path: Path) -> None:
    tables = {
        **TABLES,
        "parks": [{**row, "water": 0} for row in TABLES["parks"]],
        "candidates": [{**row, "water": 0, "fund_id": "FUND"} for row in TABLES["candidates"]],
        "funds": [*TABLES["funds"], {"fund_id": "power", "quarter": "2027Q1", "amount": 5, "carry_over": "是"}],
    }
    with pytest.raises(InputError) as raised:
        ladder(api.open_plan(write_city(tmp_path, WATER, tables)), **asked)
    assert [problem.code for problem in raised.value.problems] == [code]
    if code == "R171":
        assert "FUND" in str(raised.value)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        ladder(api.open_plan(write_city(tmp_path)), [2, 1], ["nothing", "P9/land"], "sideways")
    assert [problem.code for problem in raised.value.problems] == ["R170", "R171", "R171", "R177"]


def test_priorities_are_nested_level_by_level(tmp_path: Path) -> None:
    text = PLAN.replace("  weights: {gap: 1.0}", "  mode: priorities\n  levels: [{weights: {gap: 1}}, {weights: {output: 1}}]")
    opened = api.open_plan(write_city(tmp_path, text))
    with pytest.raises(InputError, match="R176"):
        ladder(opened, [0.5, 1], way="joint")
    answer, plans = ladder(opened, [0.5, 1])
    assert answer.way == "down"
    assert [len(rung.levels) for rung in answer.rungs] == [2, 2]
    assert places(plans[0]) <= places(plans[1]) if plans[0] and plans[1] else False


@pytest.mark.slow
def test_settings_say_what_is_asked_where_nothing_else_does(tmp_path: Path) -> None:
    text = f"{PLAN}ladder: {{shares: [50 %, 1], of: [P1/land], way: joint, weights: [1, 100]}}\n"
    answer, _ = ladder(api.open_plan(write_city(tmp_path, text)))
    assert ([rung.share for rung in answer.rungs], answer.way, answer.weights) == ([0.5, 1.0], "joint", (1, 100))
    assert answer.rungs[1].levels[0].cost_most == 0  # what counts a hundredfold
    with pytest.raises(InputError, match="R175"):
        ladder(api.open_plan(write_city(tmp_path, text)), [0.4, 0.5, 1])
    with pytest.raises(InputError, match=r"ladder\.shares"):
        api.open_plan(write_city(tmp_path, text.replace("[50 %, 1]", "[1, 50 %]")))


@pytest.mark.parametrize("way", sweep(["joint", "down", "up"], 1))
def test_what_was_found_before_it_was_ended_is_told(way: str, tmp_path: Path) -> None:
    heard, told = Event(), list[str]()

    def tell(words: Words) -> None:
        told.append(words.en)
        if len(told) == 3:  # the first solve is done
            heard.set()

    out = tmp_path / "out"
    answer, plans = ladder(api.open_plan(write_city(tmp_path)), [0.3, 0.6, 1], way=way, out=out, tell=tell, stop=heard.is_set)
    assert answer.interrupted
    assert len(told) == 3
    assert "interrupted" in text_of(answer, plans, "en")
    assert any(rung.missing == "not_found" for rung in answer.rungs)
    assert (out / "ladder.json").is_file()


@pytest.mark.slow
def test_the_answer_is_one_in_both_languages(tmp_path: Path) -> None:
    answer, plans = ladder(api.open_plan(write_city(tmp_path)), [0.5, 1])
    assert json.loads(answer.model_dump_json())["rungs"][0]["verified"] is True
    assert "cost of nesting" in text_of(answer, plans, "en")
    assert "逐级包含的代价" in text_of(answer, plans, "zh")
