"""What a plan says of the changes that it rests on: marks, sheets, comparisons; explanations that put a row in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner import api
from planner.content import content_folder
from planner.plan.model import Plan, read_plan
from planner.plan.reopen import open_run
from planner.questions.compare.text import comparison_text
from planner.questions.explain.ask import applied, explain, repaired_yaml
from planner.settings.changes import Change
from tests.changed_city import opened
from tests.city import PLAN, TABLES, write_city
from tests.quick import finished

PAGE = content_folder("data").parent / "docs" / "changes.md"
HIRED = {
    "candidate_id": "X",
    "name": "新公司",
    "link_id": "FOAM",
    "capacity": 500,
    "output": "0.05 亿元",
    "investment": 300,
    "land": 1,
}
HIRED |= {"power": "100 kW", "subsidy": 10, "effort": 0.5, "landing_probability": "100 %", "score": 1, "lon": 117.2, "lat": 31.8}
NEW_FIRM = {"table": "candidates", "insert": HIRED, "reason": "传闻将至"}
NO_MORE = {"table": "candidates", "where": {"candidate_id": "乙公司"}, "remove": True, "reason": "已与外地签约"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    """The city with a firm put in and another taken out; X needs next to nothing and closes the whole of FOAM's gap."""
    folder = tmp_path_factory.mktemp("changed")
    changes = [NEW_FIRM, NO_MORE, {"table": "parks", "column": "land", "times": "3/2"}]
    plan = PLAN + f"changes: {json.dumps(changes, ensure_ascii=False)}\n"
    run = finished(folder, plan, outputs=("workbook", "map"))
    return read_plan(run / "plan.json"), run


def test_what_was_put_in_and_taken_out_is_marked_and_told(ran: tuple[Plan, Path]) -> None:
    plan, _ = ran
    new = next(firm for firm in plan.selected if firm.candidate_id == "X")
    assert {"name", "investment", "output", "land"} <= set(new.assumed)
    assert new.output == 500.0
    assert new.source == "传闻将至"
    assert {firm.source for firm in plan.selected if firm is not new} == {None}
    assert "B" not in {firm.candidate_id for firm in (*plan.selected, *plan.not_selected)}
    told = {made.key: made for made in plan.changes}
    assert [(made.way, made.count, made.reason) for made in plan.changes] == [
        ("insert", 1, "传闻将至"),
        ("remove", 1, "已与外地签约"),
        ("times", 2, None),
    ]
    assert (told["changes[1]"].rows[0].row, told["changes[1]"].rows[0].name) == ("B", "乙公司")
    assert "删去" in told["changes[1]"].zh
    read = [(file.table, file.file, file.sheet, file.rows, file.source) for file in plan.inputs if file.file.endswith(".yaml")]
    assert read == [("candidates", "plan.yaml", "changes[0]", 1, "传闻将至")]
    assert {("candidates", "name"), ("parks", "land")} <= {(one.table, one.column) for one in plan.assumptions}


def test_every_output_tells_them(ran: tuple[Plan, Path]) -> None:
    _, folder = ran
    book = load_workbook(next(folder.glob("*.xlsx")), read_only=True)
    cells = {str(cell) for row in book["数据与假设"].iter_rows(values_only=True) for cell in row if cell is not None}
    assert {"传闻将至", "已与外地签约", "B（乙公司）", "X（新公司）"} <= cells
    overview = " ".join(str(cell) for row in book[book.sheetnames[0]].iter_rows(values_only=True) for cell in row if cell)
    assert "加入 1 行，删去 1 行" in overview
    assert "加入 1 行" in next(folder.glob("*.html")).read_text(encoding="utf-8")


def test_a_run_with_changes_is_opened_again_and_asked(ran: tuple[Plan, Path]) -> None:
    run = open_run(ran[1])
    assert [made.key for made in run.opened.case.tables.made] == ["changes[0]", "changes[1]", "changes[2]"]
    again = run.opened.changed([Change(table="capacities", insert=({"resource_id": "power", "scope_id": "P1", "amount": 1},))])
    power = again.case.resources[again.case.resource("power")]
    assert power.amount[0].tolist() == [1.0, 1.0]


def test_a_comparison_tells_who_is_new_apart_from_who_was_not_selected(tmp_path: Path) -> None:
    scenarios = "".join(
        f"  - {{name: {name}, changes: {json.dumps(changes, ensure_ascii=False)}}}\n"
        for name, changes in [("来", [NEW_FIRM]), ("去", [{**NO_MORE, "where": {"candidate_id": "A"}}])]
    )
    plan = PLAN + "publish: {outputs: []}\ncompare: {workers: 1}\nscenarios:\n" + scenarios
    found = api.compare(write_city(tmp_path, plan), tmp_path / "out")
    _, come, gone = found.entries
    assert come.difference is not None
    assert gone.difference is not None
    assert come.difference.projects.only_here == ("X",)
    assert come.difference.projects.only_base == ()
    assert gone.difference.projects.only_base == ("A",)
    text = comparison_text(found, None)
    assert "新公司（" in text
    assert "，基准的数据中没有）" in text
    assert "甲公司（本计划的数据中没有）" in text
    assert "客商库加入" in text
    book = load_workbook(tmp_path / "out" / "compare.xlsx", read_only=True)
    cells = {str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell is not None}
    assert {"新增（基准的数据中没有）", "退出（此计划的数据中没有）"} <= cells


def test_divisors_that_candidates_put_in_have_changed_are_told(tmp_path: Path) -> None:
    """What is on offer grows with a firm: values normalised by it are not compared as if they were of one measure."""
    plan = PLAN.replace("normalise: false", "normalise: true").replace("gap: 1.0", "score: 1.0")
    plan += "publish: {outputs: []}\ncompare: {workers: 1}\nscenarios:\n"
    plan += f"  - {{name: 来, changes: {json.dumps([NEW_FIRM], ensure_ascii=False)}}}\n"
    found = api.compare(write_city(tmp_path, plan), tmp_path / "out")
    told = found.entries[1].difference
    assert told is not None
    assert told.certainty.differs == ("divisors",)


def test_a_quarter_before_the_first_phase_is_given_a_row(tmp_path: Path) -> None:
    """Labour comes from the second quarter on; A must be signed in the first, for which no cell says how much there is."""
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    tables["candidates"] = [{**row, "labour": 10} for row in tables["candidates"]]
    tables["candidates"][0] |= {"must_include": "是", "fixed_quarter": "2027Q1"}
    tables["capacities"] = [{"resource_id": "labour", "quarter": "2027Q2", "amount": 100}]
    plan = PLAN.replace("objective:", "  labour: {unit: 人, kind: flow, scope: region}\nobjective:", 1)
    city = opened(tmp_path, tables=tables, plan=plan)
    labour = city.case.resource("labour")
    repair = next(one for one in explain(city).repairs if one.cells)
    assert [cell.way for cell in repair.cells] == ["insert"]
    assert applied(city, repair).case.resources[labour].amount.tolist() == [[10.0, 100.0]]
    path = tmp_path / "plan.repaired.yaml"
    path.write_text(repaired_yaml(city, repair), encoding="utf-8")
    assert api.open_plan(path).case.resources[labour].amount.tolist() == [[10.0, 100.0]]


@pytest.mark.skipif(not PAGE.is_file(), reason="the pages stand beside the package in a checkout only")
def test_the_blocks_of_the_page_run_on_the_demo(tmp_path: Path) -> None:
    """All of them together; each says what it takes, and a filter that took no row would be refused."""
    blocks = re.findall(r"```yaml\nchanges:\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    demo = content_folder("data") / "demo"
    (tmp_path / "data").symlink_to(demo / "data")
    path = tmp_path / "plan.yaml"
    path.write_text((demo / "plan.yaml").read_text("utf-8") + "\nchanges:\n" + "".join(blocks), encoding="utf-8")
    made = api.open_plan(path).case.tables.made
    assert len(made) == len(blocks) + 6
    assert {one.change.way for one in made} == {"set", "add", "times", "insert", "remove"}
