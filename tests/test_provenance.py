"""Where a value comes from and how old it is: what a row says of itself goes before what plan.yaml says of its file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.reading.provenance import facts, old_facts
from planner.reading.read import read_tables
from planner.settings.schema import Settings
from planner.tables.spec import TABLES
from tests.table_files import CANDIDATES, PARKS, read, write_csv, write_xlsx

ON = dt.date(2026, 11, 26)


def plan_with(folder: Path, firms: list[tuple[Any, ...]], parks: Any = PARKS, **source: str) -> Path:
    """A plan of candidates in a workbook and parks in a CSV; ``source`` is said of both in plan.yaml."""
    write_xlsx(folder / "firms.xlsx", {"客商库": firms})
    write_csv(folder / "parks.csv", parks)
    said = "".join(f", {key}: {value}" for key, value in source.items())
    (folder / "plan.yaml").write_text(
        f"name: x\nquarters: {{start: 2027Q1, count: 2}}\ntables:\n  candidates: {{file: firms.xlsx{said}}}\n  parks: {{file: parks.csv{said}}}\n",
        encoding="utf-8",
    )
    return folder / "plan.yaml"


def told(path: Path, days: int = 180) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in api.inspect(path, ON, days).problems]


def test_each_value_knows_its_cell_source_day_confidence_and_mark(tmp_path: Path) -> None:
    firms = [
        ("candidate_id", "name", "计划投资额(亿元)", "用工*(人)", "来源", "数据日期", "可信度"),
        ("A", "甲", "1.5*", 300, "年报", dt.datetime(2026, 9, 30), "高"),
        ("B", "乙", 2, None, None, None, None),
    ]
    path = plan_with(tmp_path, firms, source="招商局", as_of="2026年1月2日", confidence="低")
    frame = api.facts(api.open_plan(path)).set_index(["table", "key", "column"])
    own, stated = frame.loc["candidates", "A", "investment"], frame.loc["candidates", "B", "investment"]
    assert (own["value"], own["unit"], own["place"], own["header"]) == (15000, "万元", "firms.xlsx[客商库]!C2", "计划投资额(亿元)")
    assert (own["source"], own["as_of"], own["confidence"], bool(own["assumed"])) == ("年报", dt.date(2026, 9, 30), "高", True)
    assert (stated["source"], stated["as_of"], stated["confidence"], bool(stated["assumed"])) == (
        "招商局",
        dt.date(2026, 1, 2),
        "低",
        False,
    )
    assert bool(frame.loc["candidates", "A", "jobs"]["assumed"])
    assert ("candidates", "B", "jobs") not in frame.index  # a blank is no fact
    assert not set(frame.index.get_level_values("column")) & {"数据日期", "可信度", "source"}


@pytest.mark.parametrize("header", ["as_of", "数据日期", "日期", "更新日期", "As of", "as-of"])
@pytest.mark.parametrize("table", [name for name in TABLES if name != "resources"])
def test_every_table_may_say_of_which_day_a_row_is_and_keeps_all_else(tmp_path: Path, header: str, table: str) -> None:
    rows = {"candidates": CANDIDATES, "parks": PARKS}.get(table)
    if rows is None:
        spec = TABLES[table]
        names = [column.name for column in spec.columns if column.required] or [spec.columns[0].name]
        clear = {"quarter": "2027Q1", "date": "2027-03-01"}
        rows = [names, [clear.get(name, next(iter(spec.column(name).choices or "1"))) for name in names]]
    file = {"candidates": "candidates.csv", "parks": "parks.csv"}.get(table, "x.csv")
    write_csv(tmp_path / file, [(*rows[0], header), *((*row, "2026.9.30") for row in rows[1:])])
    tables, _ = read(tmp_path, **{table: file})
    days = {fact.as_of for fact in facts(tables) if fact.table == table}
    assert days == {dt.date(2026, 9, 30)}
    assert set(TABLES[table].names) >= set(tables[table].frame.columns) - set(tables[table].extra)


def test_a_header_of_ones_own_is_mapped_like_any_other(tmp_path: Path) -> None:
    write_csv(tmp_path / "firms.csv", [("candidate_id", "name", "核实于", "把握"), ("A", "甲", "2026-09", "大")])
    source = {"file": "firms.csv", "columns": {"as_of": "核实于", "confidence": "把握"}}
    tables, problems = read_tables(Settings.model_validate({"tables": {"candidates": source}}), tmp_path)
    assert [problem.code for problem in problems] == ["T110"]
    fact = next(facts(tables))
    assert (fact.as_of, fact.confidence) == (dt.date(2026, 9, 1), "大")


def test_old_undated_unclear_and_later_rows_are_told_each_at_its_cell(tmp_path: Path) -> None:
    days = ["2026-05-30", "2026/5/29", "20260101", "2027年1月1日", "去年", "", "2026-13-01"]
    firms = [("candidate_id", "name", "日期"), *((f"K{at}", f"甲{at}", day) for at, day in enumerate(days))]
    path = plan_with(tmp_path, firms)
    found = told(path)
    candidates = [entry for entry in found if "firms" in entry[1]]
    assert candidates == [
        ("T242", "firms.xlsx[客商库]!C3"),  # 181 days; the one above is 180
        ("T242", "firms.xlsx[客商库]!C4"),
        ("T243", "firms.xlsx[客商库]!C5"),
        ("T244", "firms.xlsx[客商库]!C6"),
        ("T244", "firms.xlsx[客商库]!C8"),
        ("T245", "firms.xlsx[客商库]"),
    ]
    assert [entry for entry in found if "parks" in entry[1]] == [("T245", "parks.csv")]
    assert ("T242", "firms.xlsx[客商库]!C3") not in told(path, 181)


def test_a_file_that_plan_yaml_dates_is_told_once(tmp_path: Path) -> None:
    path = plan_with(tmp_path, list(CANDIDATES), as_of="2026-01-02")
    assert told(path) == [("T242", "parks.csv"), ("T242", "firms.xlsx[客商库]")]
    assert told(path, 400) == []


def test_nothing_is_asked_of_dates_without_a_day_to_check_by(tmp_path: Path) -> None:
    path = plan_with(tmp_path, [("candidate_id", "name", "日期"), ("A", "甲", "去年")])
    assert api.check(path) == ()


def test_facts_of_a_plan_with_errors_are_looked_at_too(tmp_path: Path) -> None:
    path = plan_with(tmp_path, [("candidate_id", "name", "jobs", "日期"), ("A", "甲", "多", "2020-01-01")])
    assert {"T132", "T242"} <= {code for code, _ in told(path)}


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [
        (["--as-of", "2026/11/26"], 0, "T242"),
        (["--as-of", "2026-11-26", "--older-than", "4000"], 0, "check passed"),
        (["--as-of", "soon"], 2, "2026-09-30"),
        (["--older-than", "9"], 2, "--as-of"),
    ],
)
def test_the_command(tmp_path: Path, options: list[str], code: int, word: str) -> None:
    path = plan_with(tmp_path, [("candidate_id", "name", "日期"), ("A", "甲", "2020-01-01")], as_of="2026-11-01")
    path.write_text(path.read_text(encoding="utf-8") + "language: en\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path), *options])
    assert (result.exit_code, word in result.output) == (code, True), result.output


def test_a_report_says_where_each_column_comes_from_and_colours_what_is_old(tmp_path: Path) -> None:
    path = plan_with(
        tmp_path, [("candidate_id", "name", "日期"), ("A", "甲", "2020-01-01"), ("B", "", "2026-11-01")], source="招商局"
    )
    book = openpyxl.load_workbook(api.report(api.inspect(path, ON), tmp_path / "report.xlsx"))
    assert book["客商库"]["C2"].fill.fgColor.rgb == "FFFFE699"
    assert "T242" in book["客商库"]["C2"].comment.text
    rows = list(book["来源与日期"].iter_rows(values_only=True))
    firms = next(row for row in rows if row[1] == "firms.xlsx")
    assert firms[3:11] == ("招商局", "见“日期”列", "", 2, 2, dt.datetime(2020, 1, 1), dt.datetime(2026, 11, 1), 1)
    name = next(row for row in rows if row[1] == "name" and row[2] == "firms.xlsx")
    assert name[5:8] == (2, 0, 0)


def test_what_plan_yaml_says_of_a_day_must_be_one(tmp_path: Path) -> None:
    path = plan_with(tmp_path, list(CANDIDATES), as_of="2026-02-30")
    problems = api.inspect(path).problems
    assert {problem.place.line for problem in problems if problem.place is not None} == {4, 5}
    assert all("2026-09-30" in problem.say("en") for problem in problems)


def test_rows_of_several_files_keep_the_source_and_the_day_of_their_own(tmp_path: Path) -> None:
    for name, firm in (("east.csv", "A"), ("west.csv", "B"), ("north.csv", "C")):
        write_csv(tmp_path / name, [("candidate_id", "name"), (firm, f"{firm}公司")])
    write_csv(tmp_path / "more.csv", [("candidate_id", "jobs"), ("B", 9)])
    stack = {"source": "东县", "as_of": "2026-10-01", "stack": ["east.csv", "west.csv", "north.csv"]}
    sources = [stack, {"file": "more.csv", "source": "人社局", "as_of": "2020-01-01"}]
    tables, problems = read_tables(Settings.model_validate({"tables": {"candidates": sources}}), tmp_path)
    assert [problem.code for problem in problems] == ["T110"]
    known = {(fact.key, fact.column): (fact.place.file, fact.source, fact.as_of) for fact in facts(tables)}
    assert known["B", "name"] == ("west.csv", "东县", dt.date(2026, 10, 1))
    assert known["B", "jobs"] == ("more.csv", "人社局", dt.date(2020, 1, 1))
    assert [(fault.code, str(fault.place)) for fault in old_facts(tables, ON, 180)] == [("T242", "more.csv")]


@pytest.mark.parametrize("headers", [("as_of", "confidence"), ("数据日期", "可信度")])
def test_a_firm_bears_its_day_and_confidence_into_the_plan_and_its_workbook(tmp_path: Path, headers: tuple[str, str]) -> None:
    firms = [("candidate_id", "name", "output", *headers), ("A", "甲", 5, "2026.9.30", "高"), ("B", "乙", 3, None, None)]
    path = plan_with(tmp_path, firms, confidence="低")
    text = "objective: {normalise: false, weights: {output: 1}}\nsolve: {time_limit: 20}\npublish: {outputs: [workbook]}\n"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    plan = api.solve(api.open_plan(path))
    assert {firm.candidate_id: (firm.as_of, firm.confidence) for firm in plan.selected} == {
        "A": ("2026-09-30", "高"),
        "B": (None, "低"),
    }
    folder = api.publish(plan, tmp_path / "run", ("workbook",))
    cells = [cell for row in openpyxl.load_workbook(folder / "plan.xlsx")["招商清单"].iter_rows(values_only=True) for cell in row]
    assert {"数据日期", "2026-09-30", "可信度", "高", "低"} <= set(cells)
