"""Seasons: a factor on what there is of a resource in some quarters and places, in one line of plan.yaml."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner import api
from planner.plan.open import Opened, open_plan
from planner.problems import InputError, errors
from planner.publish.basis import Basis
from planner.questions.explain.ask import applied, explain
from planner.questions.sensitivity.ask import sensitivity
from planner.questions.sensitivity.text import what
from tests.city import EARLY, TABLES, wide, write_city
from tests.quick import ran
from tests.solving import planned

FOUR = EARLY.replace("count: 2", "count: 4")
Tables = dict[str, list[dict[str, Any]]]


def powered(*power: int, **more: list[dict[str, Any]]) -> Tables:
    """The wide city with so much power in its parks; P1 lies in 东县, P2 in 西县."""
    tables = wide(**more)
    tables["parks"] = [{**row, "power": amount} for row, amount in zip(tables["parks"], power, strict=True)]
    return tables


def opened(folder: Path, seasons: str, tables: Tables | None = None, plan: str = FOUR) -> Opened:
    return open_plan(write_city(folder, f"{plan}seasons: [{seasons}]\n", tables or powered(6, 10)))


def amounts(folder: Path, seasons: str, tables: Tables | None = None, plan: str = FOUR) -> list[list[float]]:
    case = opened(folder, seasons, tables, plan).case
    return next(supply.amount.tolist() for supply in case.resources if supply.resource_id == "power")


SIX = float(Fraction(6) * Fraction(5, 7))


@pytest.mark.parametrize(
    ("season", "first", "second"),
    [
        ("quarter: 2027Q3, times: 5/7, where: {county: 东县}", [6, 6, SIX, 6], [10] * 4),
        ("quarter: [2027Q3, 2028Q3], times: 5/7, where: {county: 东县}", [6, 6, SIX, 6], [10] * 4),
        ("quarter: 2027年第3季度, times: 0.5", [6, 6, 3, 6], [10, 10, 5, 10]),
        ("quarter: {from: 2027Q3}, times: 50 %", [6, 6, 3, 3], [10, 10, 5, 5]),
        ("quarter: {from: 2026Q1, until: 2027Q2}, times: 2, where: {park_id: 二号园}", [6] * 4, [20, 20, 10, 10]),
        ("quarter: 2027Q1, times: 0, where: {park.power: {min: 8 MW}}", [6] * 4, [0, 10, 10, 10]),
        ("quarter: 2027Q1, times: 1.5 / 3, where: {any: [{park_id: P1}, {county: {contains: 西}}]}", [3, 6, 6, 6], [5, 10, 10, 10]),
    ],
)
def test_what_a_season_leaves(tmp_path: Path, season: str, first: list[float], second: list[float]) -> None:
    assert amounts(tmp_path, f"{{resource: power, {season}}}") == [first, second]


def test_a_decimal_is_meant_as_it_is_written(tmp_path: Path) -> None:
    """0.1 of 3 is 0.3, which binary arithmetic misses; three times a third is all of it."""
    assert amounts(tmp_path / "tenth", "{resource: power, quarter: 2027Q1, times: 0.1}", powered(3, 3))[0][0] == 0.3
    thirds = ", ".join(["{resource: power, quarter: 2027Q1, times: 1/3}", "{resource: power, quarter: 2027Q1, times: 3}"])
    assert amounts(tmp_path / "third", thirds)[0][0] == 6


def test_seasons_come_after_phases_and_changes(tmp_path: Path) -> None:
    phases = [{"resource_id": "power", "scope_id": "P1", "quarter": "2027Q2", "amount": 14}]
    changes = "changes: [{table: capacities, column: amount, times: 2}]\n"
    found = amounts(
        tmp_path, "{resource: power, quarter: {from: 2027Q1}, times: 1/2}", powered(6, 10, capacities=phases), FOUR + changes
    )
    assert found == [[3, 14, 14, 14], [5, 5, 5, 5]]


@pytest.mark.parametrize(("scope", "left"), [("zone", [[16, 8, 16, 16]]), ("region", [[16, 8, 16, 16]])])
def test_a_zone_and_the_region_have_seasons_as_a_whole(tmp_path: Path, scope: str, left: list[list[float]]) -> None:
    plan = FOUR.replace("power: {unit: MW, kind: flow, scope: park}", f"power: {{unit: MW, kind: flow, scope: {scope}}}")
    half = "{resource: power, quarter: 2027Q2, times: 1/2"
    assert amounts(tmp_path / "all", half + "}", plan=plan) == left
    assert amounts(tmp_path / "zone", half + ", where: {zone: 北区}}", plan=plan) == left
    with pytest.raises(InputError) as refused:
        opened(tmp_path / "part", half + ", where: {county: 东县}}", plan=plan)
    assert [one.code for one in errors(refused.value.problems)] == ["C289"]


def test_the_plan_is_that_of_the_same_capacities(tmp_path: Path) -> None:
    """5/7 of 7 MW in the third quarter, said in one line or in a row for each park and quarter."""
    season = "{name: 迎峰度夏, resource: power, quarter: 2027Q3, times: 5/7, reason: 有序用电方案}"
    tables = powered(7, 7)
    rows = [
        {"resource_id": "power", "scope_id": park, "quarter": quarter, "amount": amount}
        for park in ("P1", "P2")
        for quarter, amount in (("2027Q1", 7), ("2027Q3", 5), ("2027Q4", 7))
    ]
    _, by_line, plan = planned(write_city(tmp_path / "line", f"{FOUR}seasons: [{season}]\n", tables))
    _, by_rows, same = planned(write_city(tmp_path / "rows", FOUR, {**tables, "capacities": rows}))
    assert plan.objective.value == same.objective.value
    assert [(one.candidate_id, one.park_id, one.quarter) for one in plan.selected] == [
        (one.candidate_id, one.park_id, one.quarter) for one in same.selected
    ]
    assert (by_line.matrix.rows != by_rows.matrix.rows).nnz == 0
    assert np.array_equal(by_line.matrix.row_upper, by_rows.matrix.row_upper)
    # D needs 6 MW, more than the 5 of the third quarter: it comes when that is over.
    assert {one.candidate_id: one.quarter for one in plan.selected}["D"] == "2027Q4"
    # It is told as an assumption, with its reason, and so is every figure of the resource's capacity and of no other.
    (assumed,) = plan.assumptions
    assert (assumed.header, assumed.column, assumed.cells, assumed.source) == ("迎峰度夏 × 5/7", "power", 2, "有序用电方案")
    basis = Basis(plan)
    assert [basis.park_capacity(plan.parks[0], resource) for resource in ("power", "land")] == [True, False]


@pytest.mark.parametrize(
    ("season", "code", "found"),
    [
        ("{resource: steam, quarter: 2027Q1, times: 1/2}", "C286", "steam"),
        ("{resource: land, quarter: 2027Q1, times: 1/2}", "C287", "land"),
        ("{resource: power, quarter: 2027Q1, times: 1/2, where: {county: 南县}}", "C224", "南县"),
        ("{resource: power, quarter: 2027Q1, times: 1/2, where: {park.power: {min: 99}}}", "C288", "2027Q1 × 1/2"),
        ("{resource: power, quarter: 2027Q1, times: 1/2, where: {link_id: SEAT}}", "C310", "link_id"),
        ("{resource: power, quarter: 2027Q1, times: 1/2, where: {colour: red}}", "C220", "colour"),
        ("{resource: power, quarter: 2027Q1, times: 1/2, where: {class: 甲}}", "C201", ""),  # of P2 it is not known
        ("{resource: power, quarter: 2027Q5, times: 1/2}", "S116", "2027Q5"),
        ("{resource: power, quarter: [], times: 1/2}", "S116", "[…]"),
        ("{resource: power, quarter: {min: 1}, times: 1/2}", "S110", ""),
        ("{resource: power, quarter: {from: 2027Q3, until: 2027Q1}, times: 1/2}", "S118", "{…}"),
        ("{resource: power, quarter: 2027Q1, times: 5/0}", "S116", "5/0"),
        ("{resource: power, quarter: 2027Q1, times: -1}", "S116", "-1"),
        ("{resource: power, quarter: 2027Q1, times: half}", "S116", "half"),
        ("{resource: power, quarter: 2027Q1}", "S111", ""),
    ],
)
def test_a_season_that_cannot_be_meant_is_refused(tmp_path: Path, season: str, code: str, found: str) -> None:
    tables = powered(6, 10)
    tables["parks"] = [{**row, "class": name} for row, name in zip(tables["parks"], ("甲", ""), strict=True)]
    with pytest.raises(InputError) as refused:
        opened(tmp_path, season, tables)
    assert [(one.code, one.found) for one in errors(refused.value.problems)] == [(code, found)]


@pytest.mark.parametrize(
    ("seasons", "code", "said"),
    [
        ("{resource: power, quarter: 2029Q1, times: 1/2}", "C290", "2027Q1–2027Q4"),
        ("{resource: power, quarter: 2027Q1, times: 5/7}, {resource: 电力, quarter: {until: 2027Q2}, times: 0.9}", "C291", "9/14"),
    ],
)
def test_what_a_season_does_besides_is_told(tmp_path: Path, seasons: str, code: str, said: str) -> None:
    plan = FOUR.replace("power: {unit", "power: {name: 电力, unit")
    (warning,) = (one for one in opened(tmp_path, seasons, plan=plan).warnings if one.code.startswith("C29"))
    assert warning.code == code
    assert said in warning.rule.zh
    assert said in warning.rule.en


def test_what_is_unlimited_stays_so_and_is_told(tmp_path: Path) -> None:
    tables = powered(6, 10)
    tables["parks"][0]["power"] = "不限"
    found = opened(tmp_path, "{resource: power, quarter: 2027Q1, times: 0}", tables)
    assert found.case.resources[1].amount.tolist() == [[np.inf] * 4, [0, 10, 10, 10]]
    assert [(one.code, one.found) for one in found.warnings if one.code == "C292"] == [("C292", "电力 P1")]


MUST = {"must_include": "是", "fixed_park": "P1"}


def asking(times: str) -> tuple[str, Tables]:
    """C and A, 6 MW together, must stand in P1, which has 7."""
    tables = powered(7, 10)
    tables["candidates"] = [{**row, **(MUST if row["candidate_id"] in "AC" else {})} for row in TABLES["candidates"]]
    return f"{{name: 迎峰度夏, resource: power, quarter: {{from: 2027Q3}}, times: {times}}}", tables


def test_explain_raises_the_cell_by_as_much_as_the_season_takes(tmp_path: Path) -> None:
    """5/7 of 7 are 5: 1 MW short, for which the cell has to have 1.4 more."""
    found = explain(plan := opened(tmp_path, *asking("5/7")), 20.0)
    raised = next(one for one in found.repairs if [cell.column for cell in one.cells] == ["power"])
    assert (raised.confirmed, raised.cells[0].add) == (True, 1.4)
    assert "迎峰度夏 × 5/7" in raised.steps[0].text.zh
    assert any("迎峰度夏 × 5/7" in limit.en for one in found.conflicts for limit in one.limits)
    assert {"A", "C"} <= {one.candidate_id for one in api.solve(applied(plan, raised)).selected}


def test_explain_drops_a_season_that_leaves_nothing(tmp_path: Path) -> None:
    found = explain(plan := opened(tmp_path, *asking("0")), 20.0)
    dropped = next(one for one in found.repairs if one.settings == ((("seasons", 0), None),))
    assert (dropped.confirmed, dropped.cells) == (True, ())
    assert {"A", "C"} <= {one.candidate_id for one in api.solve(applied(plan, dropped)).selected}


def test_sensitivity_names_the_season(tmp_path: Path) -> None:
    """D needs 6 MW, all that P1 has; 5/7 of that keep it out, so that it takes 2.4 more in the cell."""
    tables = powered(6, 1)
    plan = FOUR + "seasons: [{name: 迎峰度夏, resource: power, quarter: 2027Q3, times: 5/7}]\nsensitivity: {steps: {power: 2.4}}\n"
    answer = sensitivity(ran(tmp_path, plan, tables=tables), time_limit=10.0)
    more = next(one for one in answer.additions if one.id == "power" and one.place_id == "P1")
    assert what(more) == "电力 一号园（迎峰度夏 × 5/7）"
    assert more.asked == "solved"
    assert "D" in {one.id for one in more.came}


def test_the_echo_says_where_and_when_a_season_holds(tmp_path: Path) -> None:
    season = "{name: 迎峰度夏, resource: power, quarter: {from: 2027Q3}, times: 5/7, where: {county: 西县}}"
    (line,) = (one for one in api.echo(opened(tmp_path, season)).lines if one.kind == "season")
    assert (line.name, line.zh) == ("迎峰度夏 × 5/7", "电力，2027Q3、2027Q4，1 处（二号园）")
    assert (line.parks, line.quarters) == (1, 2)
