"""When a project may be signed: its earliest and latest quarter, in the plan, in its reasons and in every question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner import api
from planner.case.case import Choice
from planner.plan.open import open_plan
from planner.plan.verify import broken, held
from planner.problems import InputError
from planner.questions.explain.ask import applied, explain
from planner.questions.why.ask import rulings
from planner.terms.registry import reckon
from tests.city import EARLY, SCORE, changed, wide_candidates, write_city
from tests.solving import planned


def codes(error: InputError) -> list[str]:
    return [problem.code for problem in error.problems]


@pytest.mark.parametrize(
    ("cells", "quarter"),
    [
        ({"earliest_quarter": "2027Q2"}, "2027Q2"),
        ({"最早签约季度": "2027年第2季度"}, "2027Q2"),
        ({"latest_quarter": "2027Q1"}, "2027Q1"),
        ({"earliest_quarter": "2026Q1", "latest_quarter": "2029Q4"}, "2027Q1"),  # both outside the horizon on the open side
        ({"earliest_quarter": "2028Q1", "latest_quarter": ""}, None),  # not before the horizon has ended
        ({"latest_quarter": "2026Q4"}, None),  # not after it has begun
    ],
)
def test_a_project_is_signed_from_its_earliest_to_its_latest_quarter(
    tmp_path: Path, cells: dict[str, str], quarter: str | None
) -> None:
    _, _, plan = planned(write_city(tmp_path, EARLY, wide_candidates((3, cells))))
    assert {one.candidate_id: one.quarter for one in plan.selected}.get("D") == quarter
    # Three come in the first quarter (score 6, early 3); D adds its 4 and 1, in the second quarter 0.5.
    assert plan.objective.value == pytest.approx(9 + {"2027Q1": 5, "2027Q2": 4.5, None: 0}[quarter])


@pytest.mark.parametrize(
    ("column", "quarter", "said"),
    [("earliest_quarter", "2028Q1", "最早 2028Q1 才能签约"), ("latest_quarter", "2026Q4", "2026Q4 之后不能签约")],
)
def test_one_that_cannot_come_in_the_horizon_says_why(tmp_path: Path, column: str, quarter: str, said: str) -> None:
    from planner.publish.sentences import Teller

    opened, _, plan = planned(write_city(tmp_path, SCORE, wide_candidates((3, {column: quarter}))))
    left_out = next(one for one in plan.not_selected if one.candidate_id == "D")
    assert left_out.reason == "excluded"
    assert [(one.code, one.quarter, one.parks) for one in left_out.exclusions] == [(column, quarter, 2)]
    assert Teller(plan, "zh").why_not(left_out) == said + "。"
    # ``why`` names the cell; with it changed the project may come.
    (rule,), choices = rulings(opened, 3, None, None)
    assert (rule.code, rule.other, choices) == (column, quarter, ())
    assert rule.change == {
        "table": "candidates",
        "where": {"candidate_id": "D"},
        "column": column,
        "set": opened.case.quarters[-1 if column == "earliest_quarter" else 0],
    }


def test_why_not_in_a_quarter_outside_its_window(tmp_path: Path) -> None:
    tables = wide_candidates((3, {"earliest_quarter": "2027Q2", "fixed_quarter": "2027Q2"}))
    opened = open_plan(write_city(tmp_path, SCORE, tables))
    rules, _ = rulings(opened, 3, None, 0)
    assert [(rule.code, rule.other, rule.change["set"]) for rule in rules if rule.change] == [
        ("earliest_quarter", "2027Q2", "2027Q1"),
        ("other_quarter", "2027Q2", "2027Q1"),
    ]


def test_an_earliest_quarter_after_the_latest_is_refused_at_its_cell(tmp_path: Path) -> None:
    path = write_city(tmp_path, SCORE, wide_candidates((1, {"earliest_quarter": "2027Q2", "latest_quarter": "2027Q1"})))
    with pytest.raises(InputError) as refused:
        open_plan(path)
    (problem,) = refused.value.problems
    assert (problem.code, problem.found) == ("C285", "2027Q1")
    assert problem.place is not None
    assert problem.place.cell == "N3"
    assert all("2027Q2" in text for text in (problem.rule.zh, problem.rule.en))


@pytest.mark.parametrize("window", [{"earliest_quarter": "2027Q2"}, {"latest_quarter": "2026Q4"}])
def test_a_fixed_quarter_outside_is_a_contradiction_unless_it_is_signed(tmp_path: Path, window: dict[str, str]) -> None:
    fixed = {"fixed_quarter": "2027Q1", "fixed_park": "P1", **window}
    with pytest.raises(InputError) as refused:
        open_plan(write_city(tmp_path / "fixed", SCORE, wide_candidates((0, fixed))))
    assert codes(refused.value) == ["C230"]
    assert next(iter(window)) in refused.value.problems[0].subject
    _, _, plan = planned(write_city(tmp_path / "signed", SCORE, wide_candidates((0, {**fixed, "status": "signed"}))))
    assert next(one.quarter for one in plan.selected if one.candidate_id == "A") == "2027Q1"


def test_the_check_reads_the_quarters_from_the_table(tmp_path: Path) -> None:
    """Whatever the filter let through: a plan that signs too early or too late is broken."""
    tables = wide_candidates((0, {"earliest_quarter": "2027Q2"}), (1, {"latest_quarter": "2027Q1"}))
    case = open_plan(write_city(tmp_path, SCORE, tables)).case
    ends = {}
    for quarters in ((1, 0), (0, 0), (1, 1), (0, 1)):
        choice = Choice(np.array([0, 1]), np.array([0, 0]), np.array(quarters))
        ends[quarters] = [one.family for one in broken(held(case, reckon(case, choice)))]
    assert ends == {(1, 0): [], (0, 0): ["admission"], (1, 1): ["admission"], (0, 1): ["admission"]}


def test_a_need_is_held_against_what_is_there_by_the_latest_quarter(tmp_path: Path) -> None:
    """P1 has 30 亩 in the first quarter and 80 from the second on: C (50) with a latest quarter of 2027Q1 fits nowhere."""
    tables = changed("candidates", 2, latest_quarter="2027Q1")
    tables["capacities"] = [
        {"resource_id": "land", "scope_id": "P1", "quarter": quarter, "amount": amount}
        for quarter, amount in (("2027Q1", 30), ("2027Q2", 80))
    ]
    _, _, plan = planned(write_city(tmp_path, SCORE, tables))
    reasons = next(one.exclusions for one in plan.not_selected if one.candidate_id == "C")
    assert [(one.code, one.parks) for one in reasons] == [("need_above_capacity", 2)]
    assert (reasons[0].example_park_id, reasons[0].found, reasons[0].allowed) == ("P1", 50, 30)


@pytest.mark.parametrize(
    ("cells", "column", "quarter"),
    [({"earliest_quarter": "2028Q3"}, "earliest_quarter", "2027Q2"), ({"latest_quarter": "2026Q3"}, "latest_quarter", None)],
)
def test_explain_offers_the_cell_of_one_that_must_come(
    tmp_path: Path, cells: dict[str, str], column: str, quarter: str | None
) -> None:
    opened = open_plan(write_city(tmp_path, SCORE, wide_candidates((0, {"must_include": "是", **cells}))))
    found = explain(opened, 20.0)
    assert found.feasible is False
    assert any(cells[column] in one.text.zh and cells[column] in one.text.en for one in found.contradictions)
    cellsets = {(cell.column, cell.set) for one in found.repairs for cell in one.cells}
    assert ("must_include", False) in cellsets
    moved = [one for one in found.repairs if [cell.column for cell in one.cells] == [column]]
    assert [one.confirmed for one in moved] == [True]
    assert quarter is None or moved[0].cells[0].set in opened.case.quarters
    assert api.solve(applied(opened, moved[0])).selected
    assert all("最" in step.text.zh for step in moved[0].steps)


def test_explain_moves_a_window_inside_the_horizon_too(tmp_path: Path) -> None:
    """A and C must both come in the first quarter and take 4 person-months of 3; one of them a quarter later, and all is well."""
    tables = wide_candidates(
        (0, {"must_include": "是", "latest_quarter": "2027Q1"}), (2, {"must_include": "是", "latest_quarter": "2027Q1"})
    )
    tables["teams"][0]["effort"] = 3
    opened = open_plan(write_city(tmp_path, SCORE, tables))
    found = explain(opened, 20.0)
    assert found.feasible is False
    moved = next(one for one in found.repairs if all(cell.column == "latest_quarter" for cell in one.cells))
    assert [cell.set for cell in moved.cells] == ["2027Q2"]
    assert moved.confirmed


def test_the_echo_counts_who_cannot_be_signed_at_any_time(tmp_path: Path) -> None:
    tables = wide_candidates(
        (0, {"earliest_quarter": "2027Q2"}), (1, {"latest_quarter": "2027Q1"}), (2, {"latest_quarter": "2028Q4"})
    )
    locks = {
        line.name: line.candidates for line in api.echo(open_plan(write_city(tmp_path, SCORE, tables))).lines if line.kind == "lock"
    }
    assert locks == {"earliest_quarter": 1, "latest_quarter": 1}
