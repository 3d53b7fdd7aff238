"""What plan.yaml says of a table's shape: files below each other, rows that are kept, ids of several columns, quarters in columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from shapely import Point

from tests.table_files import read, write_layer


def book(path: Path, sheets: Mapping[str, list[list[Any]]]) -> None:
    with xlsxwriter.Workbook(str(path)) as out:
        for name, rows in sheets.items():
            page = out.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)


@pytest.fixture
def two_sheets(tmp_path: Path) -> Path:
    """Two counties in two sheets, with units of their own, serial numbers that begin anew, and a column that one lacks."""
    east = [["序号", "企业名称", "投资额(亿元)", "用工"], [1, "甲", 1.5, 20], [2, "乙", 2, 30]]
    west = [["东县以西"], ["序号", "企业名称", "投资额(万元)", "状态"], [1, "丙", 300, "在谈"], [2, "丁", -4, "在谈"]]
    book(tmp_path / "客商.xlsx", {"东县": east, "西县": west})
    return tmp_path


def test_sheets_below_each_other_keep_their_units_and_every_cell_its_place(two_sheets: Path) -> None:
    stack = [{"file": "客商.xlsx", "sheet": "东县"}, {"file": "客商.xlsx", "sheet": "西县"}]
    tables, problems = read(two_sheets, candidates={"stack": stack, "id": ["sheet", "序号"]})
    table = tables["candidates"]
    assert table.frame["candidate_id"].tolist() == ["东县-1", "东县-2", "西县-1", "西县-2"]
    assert table.frame["investment"].tolist()[:3] == [15000, 20000, 300]
    assert table.frame["jobs"].tolist()[:2] == [20, 30]
    assert table.frame["jobs"].isna().tolist() == [False, False, True, True]
    assert table.frame["status"].tolist() == ["prospect", "prospect", "negotiating", "negotiating"]
    assert [(found.code, str(found.place)) for found in problems] == [("T138", "客商.xlsx[西县]!C4")]
    assert str(table.place(1, "investment")) == "客商.xlsx[东县]!C3"
    assert str(table.place(2, "candidate_id")) == "客商.xlsx[西县]!A3"
    assert str(table.place(2, "jobs")) == "客商.xlsx[西县]!3"
    assert [(held.sheet, held.rows) for held in table.inputs] == [("东县", 2), ("西县", 2)]


def test_the_same_id_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    for name in ("一", "二"):
        (tmp_path / f"{name}.csv").write_text("项目编号,企业名称\nA,甲\n", encoding="utf-8")
    tables, problems = read(tmp_path, candidates={"stack": ["一.csv", "二.csv"]})
    assert [(found.code, str(found.place)) for found in problems if found.severity == "error"] == [("T152", "二.csv!A2")]
    assert len(tables["candidates"]) == 1


def test_a_further_column_in_two_units_is_no_column(tmp_path: Path) -> None:
    (tmp_path / "一.csv").write_text("项目编号,营收(亿元)\nA,1\n", encoding="utf-8")
    (tmp_path / "二.csv").write_text("项目编号,营收(万元)\nB,1\n", encoding="utf-8")
    assert "T187" in [found.code for found in read(tmp_path, candidates={"stack": ["一.csv", "二.csv"]})[1]]


def test_a_stack_is_joined_with_further_columns(tmp_path: Path) -> None:
    (tmp_path / "一.csv").write_text("项目编号,企业名称\nA,甲\n", encoding="utf-8")
    (tmp_path / "二.csv").write_text("项目编号,企业名称\nB,乙\n", encoding="utf-8")
    (tmp_path / "税.csv").write_text("项目编号,年税收\nB,7\nA,x\n", encoding="utf-8")
    tables, problems = read(tmp_path, candidates=[{"stack": ["一.csv", "二.csv"]}, "税.csv"])
    assert tables["candidates"].frame["tax"].tolist()[1] == 7
    assert [(found.code, str(found.place)) for found in problems] == [("T132", "税.csv!B3")]
    assert str(tables["candidates"].place(1, "tax")) == "税.csv!B2"
    assert str(tables["candidates"].place(1, "name")) == "二.csv!B2"


def test_only_the_rows_asked_for_are_read_and_judged(tmp_path: Path) -> None:
    text = "项目编号,企业名称,年税收,县\nA,甲,1,东县\nB,乙,很多,西县\nC,丙,3, 东县\nD,丁,4,南县\n"
    (tmp_path / "客商.csv").write_text(text, encoding="utf-8")
    tables, problems = read(tmp_path, candidates={"file": "客商.csv", "rows": {"县": ["东县", "南县"]}})
    assert tables["candidates"].frame["candidate_id"].tolist() == ["A", "C", "D"]
    assert problems == []
    assert str(tables["candidates"].place(1, "tax")) == "客商.csv!C4"


CHOSEN = """项目编号,企业名称,产业链,县,投资额(万元),状态,最早季度,批次,备注
A,甲,IC,东县,1000,在谈,2027Q1,1,
B,乙,IC,西县,"2,500",签约,2027年二季度,2,市重点
C,丙,BIO, 东 县,300,在谈,2027Q3,2,
D,丁,BIO,南县,4000,签约,,A3,省重点
"""


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ({"县": "東縣"}, "AC"),
        ({"county": ["东县", "南县"]}, "ACD"),
        ({"县": {"exclude": ["东县", "西县"]}}, "D"),
        ({"备注": {"contains": "重点"}}, "BD"),
        ({"备注": {"contains": "省"}}, "D"),
        ({"备注": {"blank": True}}, "AC"),
        ({"备注": ""}, "AC"),
        ({"最早季度": {"blank": False}}, "ABC"),
        ({"投资额": {"min": 1000, "max": 2500}}, "AB"),
        ({"investment": {"max": 999}}, "C"),
        ({"最早季度": {"from": "2027Q2"}}, "BC"),
        ({"最早季度": {"until": "2027Q2"}}, "AB"),
        ({"最早季度": "2027Q2"}, "B"),
        ({"status": "signed"}, "BD"),
        ({"状态": "在谈"}, "AC"),
        ({"批次": 2}, "BC"),
        ({"批次": ["A3", "1"]}, "AD"),
        ({"any": [{"县": "南县"}, {"投资额": {"max": 300}}]}, "CD"),
        ({"县": "东县", "any": [{"投资额": {"min": 1000}}, {"批次": 1}]}, "A"),
    ],
)
def test_the_one_filter_chooses_rows_of_a_file(tmp_path: Path, rows: dict[str, Any], ids: str) -> None:
    (tmp_path / "客商.csv").write_text(CHOSEN, encoding="utf-8")
    source = {"file": "客商.csv", "rows": rows, "columns": {"county": "县", "earliest_quarter": "最早季度"}}
    tables, _ = read(tmp_path, candidates=source)
    assert tables["candidates"].frame["candidate_id"].tolist() == list(ids)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"县": "北县"}, ("T186", "rows.县", "客商.csv!D1")),
        ({"县": ["东县", "北县"]}, ("T186", "rows.县", "客商.csv!D1")),
        ({"any": [{"县": {"exclude": ["北县"]}}]}, ("T186", "rows.any[0].县", "客商.csv!D1")),
        ({"乡": "东县"}, ("T185", "rows.乡", "客商.csv!1")),
        ({"投资额": {"min": "1 亿元"}}, ("T356", "rows.投资额.min", "客商.csv!E1")),
        ({"投资额": {"min": 5000}}, ("T186", "rows", "客商.csv!1")),
        ({"批次": {"min": 2}}, ("T357", "rows.批次", "客商.csv!H1")),
        ({"县": {"from": "2027Q1"}}, ("T358", "rows.县", "客商.csv!D1")),
    ],
)
def test_a_filter_that_the_file_cannot_answer_is_an_error(tmp_path: Path, rows: dict[str, Any], told: tuple[str, ...]) -> None:
    (tmp_path / "客商.csv").write_text(CHOSEN, encoding="utf-8")
    _, problems = read(tmp_path, candidates={"file": "客商.csv", "rows": rows})
    assert told in [(found.code, found.subject, str(found.place)) for found in problems]
    if told[0] == "T356":  # 1 亿元 in a column of 万元
        assert problems[0].rule.zh.endswith("不带单位：10000")


def test_an_id_of_several_columns_that_is_not_unique_or_blank_is_told_at_its_cell(tmp_path: Path) -> None:
    (tmp_path / "客商.csv").write_text("企业名称,批次,序\n甲,一,1\n乙,一,1\n丙,二,\n", encoding="utf-8")
    _, problems = read(tmp_path, candidates={"file": "客商.csv", "id": ["批次", "序"]})
    assert {(found.code, str(found.place)) for found in problems} == {("T152", "客商.csv!C3"), ("T151", "客商.csv!C4")}


def test_quarters_in_columns_become_rows_each_with_its_own_unit_and_place(tmp_path: Path) -> None:
    text = "资金池,2027Q1(万元),2027年二季度(亿元),备注\n甲,100,0.5,x\n乙,200,多,y\n"
    (tmp_path / "资金.csv").write_text(text, encoding="utf-8")
    tables, problems = read(tmp_path, funds={"file": "资金.csv", "unpivot": {"value": "amount"}})
    frame = tables["funds"].frame
    rows = list(zip(frame["fund_id"], frame["quarter"], frame["amount"], strict=True))
    assert rows[:3] == [("甲", "2027Q1", 100), ("乙", "2027Q1", 200), ("甲", "2027Q2", 5000)]
    assert [(found.code, str(found.place)) for found in problems] == [("T132", "资金.csv!C3")]
    assert str(tables["funds"].place(2, "amount")) == "资金.csv!C2"
    assert [held.rows for held in tables["funds"].inputs] == [4]


def test_columns_named_by_hand_become_the_values_that_are_said(tmp_path: Path) -> None:
    (tmp_path / "专班.csv").write_text("专班,一季度,二季度\n甲,3,4\n", encoding="utf-8")
    told = {"value": "effort", "columns": {"一季度": "2027Q1", "二季度": "2027Q2"}}
    tables, problems = read(tmp_path, teams={"file": "专班.csv", "unpivot": told})
    assert problems == []
    assert tables["teams"].frame["quarter"].tolist() == ["2027Q1", "2027Q2"]
    assert tables["teams"].frame["effort"].tolist() == [3, 4]
    del told["columns"]
    assert "T188" in [found.code for found in read(tmp_path, teams={"file": "专班.csv", "unpivot": told})[1]]


def test_a_layer_is_not_filtered(tmp_path: Path) -> None:
    write_layer(tmp_path / "园区.gpkg", "园区", [("park_id", "县"), ("P1", "东县")], [Point(117, 31)])
    told = {"file": "园区.gpkg", "rows": {"县": "东县"}}
    assert "T189" in [found.code for found in read(tmp_path, parks=told)[1]]
