"""What a bureau is told when a table is wrong: each problem with its place in the file, its code and its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planner.language import Language
from planner.reading.checks import LISTED
from planner.reading.read import read_tables
from planner.settings.schema import Settings
from planner.tables.codes import CODES
from tests.table_files import CANDIDATES, PARKS, Rows, read, said, write_csv, write_layer, write_xlsx

Case = tuple[Callable[[Path], Any], list[str], str]
"""What to write (returns the arguments of ``read``), the codes and places expected, a text that the message holds."""


def csv_of(table: str, *rows: list[Any], **told: Any) -> Callable[[Path], Any]:
    def write(folder: Path) -> Any:
        write_csv(folder / f"{table}表.csv", rows)
        return {table: {"file": f"{table}表.csv", **told}}

    return write


def book_of(table: str, sheet: str, *rows: list[Any], **told: Any) -> Callable[[Path], Any]:
    def write(folder: Path) -> Any:
        write_xlsx(folder / f"{sheet}.xlsx", {sheet: rows})
        return {table: {"file": f"{sheet}.xlsx", **told}}

    return write


def raw(name: str, data: bytes, **told: Any) -> Callable[[Path], Any]:
    def write(folder: Path) -> Any:
        (folder / name).write_bytes(data)
        return {"candidates": {"file": name, **told}}

    return write


def two_sheets(folder: Path) -> Any:
    write_xlsx(folder / "总表.xlsx", {"一月": CANDIDATES, "二月": CANDIDATES})
    return {"candidates": "总表.xlsx"}


def missing_sheet(folder: Path) -> Any:
    write_xlsx(folder / "总表.xlsx", {"客商库2026": CANDIDATES})
    return {"candidates": {"file": "总表.xlsx", "sheet": "客商库2027"}}


def near_file(folder: Path) -> Any:
    write_csv(folder / "客商库.csv", CANDIDATES)
    return {"candidates": "客商表.csv"}


def joined(first: Rows, second: Rows) -> Callable[[Path], Any]:
    def write(folder: Path) -> Any:
        write_csv(folder / "a.csv", first)
        write_csv(folder / "b.csv", second)
        return {"links": ["a.csv", "b.csv"]}

    return write


def layer_without_crs(folder: Path) -> Any:
    from shapely.geometry import Point

    write_layer(folder / "园区.gpkg", "园区", PARKS, [Point(1, 1), Point(2, 2)], crs=None)
    return {"parks": "园区.gpkg"}


def merged_cells(folder: Path) -> Any:
    import openpyxl

    write_xlsx(folder / "园区.xlsx", {"园区": [["园区编号", "所在区县"], ["P1", "东县"], ["P2", None]]})
    book = openpyxl.load_workbook(folder / "园区.xlsx")
    book["园区"].merge_cells("B2:B3")
    book.save(folder / "园区.xlsx")
    return {"parks": "园区.xlsx"}


def formula_error(folder: Path) -> Any:
    import xlsxwriter

    with xlsxwriter.Workbook(folder / "客商库.xlsx") as book:
        sheet = book.add_worksheet("客商库")
        sheet.write_row(0, 0, ["项目编号", "用工", "备注"])
        sheet.write_row(1, 0, ["A"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    return {"candidates": "客商库.xlsx"}


ID = ["项目编号"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

CASES: dict[str, Case] = {
    # Files
    "missing file": (near_file, ["T101 客商表.csv"], "客商库.csv"),
    "damaged workbook": (raw("a.xlsx", b"nonsense"), ["T102 a.xlsx"], "另存"),
    "unknown type": (raw("a.docx", b""), ["T103 a.docx"], ".xlsx"),
    "neither encoding": (raw("a.csv", "项目编号\n甲".encode("utf-16-le")), ["T104 a.csv:1"], "utf-8 或 gb18030"),
    "damaged UTF-8 is not read as GB18030": (
        raw("a.csv", "项目编号,企业名称\nA,一家名称很长的公司\n".encode() + b"B,\xe5\xff\n"),
        ["T104 a.csv:3"],
        "gb18030",
    ),
    "not the encoding that the plan says": (
        raw("a.csv", "项目编号\n甲".encode("gb18030"), encoding="utf-8"),
        ["T104 a.csv:1"],
        "utf-8",
    ),
    "missing sheet": (missing_sheet, ["T105 总表.xlsx[客商库2027]"], "客商库2026"),
    "two sheets, none named": (two_sheets, ["T106 总表.xlsx"], "一月、二月"),
    "a row too long": (csv_of("candidates", ["项目编号", "用工"], ["A", "1,2", "3"]), ["T107 candidates表.csv!2"], "3 格"),
    "a quote without its pair": (raw("a.csv", '项目编号,企业名称\nA,甲\nB,"乙\n'.encode()), ["T107 a.csv!3"], "引号"),
    "a layer without CRS": (layer_without_crs, ["T108 园区.gpkg[园区]"], "坐标系"),
    "no rows": (csv_of("candidates", ID), ["T109 candidates表.csv"], "没有数据行"),
    "nothing": (raw("a.csv", b""), ["T109 a.csv"], "没有数据行"),
    # Headers
    "missing column": (csv_of("links", ["环节编号"], ["L1"]), ["T121 links表.csv!1"], "chain_id: 你的表头"),
    "map to a header that is not there": (
        csv_of("candidates", [*ID, "总投资"], ["A", "1"], columns={"investment": "总投资额"}),
        ["T122 candidates表.csv"],
        "总投资",
    ),
    "map of an unknown column": (
        csv_of("candidates", [*ID, "总投资"], ["A", "1"], columns={"invest": "总投资"}),
        ["T123 candidates表.csv"],
        "investment",
    ),
    "unit of an unknown column": (csv_of("candidates", ID, ["A"], units={"taxes": "万元"}), ["T123 candidates表.csv"], "tax"),
    "two headers for one column": (
        csv_of("candidates", [*ID, "总投资", "投资额"], ["A", "1", "2"]),
        ["T124 candidates表.csv!C1"],
        "总投资（B）、投资额（C）",
    ),
    "a slip in a header": (
        csv_of("candidates", [*ID, "投资额度"], ["A", "1"]),
        ["T125 candidates表.csv!B1"],
        "investment: 投资额度",
    ),
    "a unit of another kind": (
        book_of("parks", "园区", ["园区编号", "最低投资强度(万元)"], ["P1", 3], ["P2", 3]),
        ["T126 园区.xlsx[园区]!B1"],
        "亿元/亩",
    ),
    "an unknown unit": (csv_of("parks", ["园区编号", "power(箱)"], ["P1", "3"], ["P2", "1"]), ["T126 parks表.csv!B1"], "kW、MW"),
    "apparent power": (
        csv_of("parks", ["园区编号", "power(kVA)"], ["P1", "3"], ["P2", "1"]),
        ["T195 parks表.csv!B1"],
        "power_factor",
    ),
    "a unit that contradicts the header's": (
        csv_of("candidates", [*ID, "投资额(亿元)"], ["A", "1"], units={"investment": "万元"}),
        ["T126 candidates表.csv!B1"],
        "亿元 / units: 万元",
    ),
    "data under no header": (csv_of("candidates", [*ID, "", "用工"], ["A", "x", "1"]), ["T127 candidates表.csv!B1"], "B"),
    "one column, two answers": (
        joined([["link_id", "chain_id", "name"], ["L", "C", "一"]], [["link_id", "name"], ["L", "二"]]),
        ["T128 b.csv!B"],
        "a.csv",
    ),
    "a resource that is not declared": (
        csv_of("parks", ["园区编号", "可供用地(亩)"], ["P1", "5"], ["P2", "5"]),
        ["T129 parks表.csv!B1"],
        "land",
    ),
    "the unit only in the title": (
        csv_of("candidates", ["单位：亿元、亩", ""], [*ID, "投资额"], ["A", "3"]),
        ["T144 candidates表.csv!B2"],
        "投资额(亿元)",
    ),
    "a header and a note that disagree": (
        csv_of("candidates", ["注：投资额单位为亿元", ""], [*ID, "投资额(万元)"], ["A", "3"]),
        ["T192 candidates表.csv!B2"],
        "投资额单位为亿元",
    ),
    # Cells
    "blank in a required column": (csv_of("links", ["环节编号", "产业链"], ["L1", ""]), ["T131 links表.csv!B2"], "不能为空"),
    "text in a number": (
        book_of(
            "candidates",
            "客商库",
            *([*ID, "a", "b", "c", "d", "计划投资额"], *[[f"K{n}", *"abcd", 1] for n in range(15)], ["K99", *"abcd", "约3亿"]),
        ),
        ["T132 客商库.xlsx[客商库]!F17"],
        "写 30000",
    ),
    "a unit in a cell is offered, never taken": (
        csv_of("candidates", [*ID, "总投资(亿元)"], ["A", "5,000万元"]),
        ["T132 candidates表.csv!B2"],
        "写 0.5",
    ),
    "a date for a number": (
        book_of("candidates", "客商库", [*ID, "用工"], ["A", date(2027, 1, 1)]),
        ["T133 客商库.xlsx[客商库]!B2"],
        "2027-01-01",
    ),
    "a date for an id": (book_of("candidates", "客商库", ID, [date(2027, 1, 1)]), ["T133 客商库.xlsx[客商库]!A2"], "文字"),
    "a bad quarter": (csv_of("candidates", [*ID, "fixed_quarter"], ["A", "27年春"]), ["T134 candidates表.csv!B2"], "2027Q1"),
    "a bad flag": (csv_of("candidates", [*ID, "必选"], ["A", "也许"]), ["T135 candidates表.csv!B2"], "是 或 否"),
    "a bad choice": (csv_of("candidates", [*ID, "状态"], ["A", "在淡"]), ["T136 candidates表.csv!B2"], "在谈"),
    "not whole": (csv_of("links", ["环节编号", "产业链", "最少来源数"], ["L1", "C", "1.5"]), ["T137 links表.csv!C2"], "整数"),
    "negative": (csv_of("candidates", [*ID, "capacity"], ["A", "-5"]), ["T138 candidates表.csv!B2"], "不小于 0"),
    "a probability above 1": (csv_of("candidates", [*ID, "落地概率"], ["A", "65"]), ["T138 candidates表.csv!B2"], "0 与 1"),
    "an edge that needs nothing": (
        csv_of("link_edges", ["from_link", "to_link", "coefficient"], ["a", "b", "0"]),
        ["T138 link_edges表.csv!C2"],
        "大于 0",
    ),
    "a long id as a number": (book_of("candidates", "客商库", ID, [913401000000000123]), ["T139 客商库.xlsx[客商库]!A2"], "文本"),
    "formula errors": (formula_error, ["T140 客商库.xlsx[客商库]!B2", "T140 客商库.xlsx[客商库]!C2"], "#DIV/0!"),
    "a formula error as text": (csv_of("candidates", [*ID, "用工"], ["A", "#REF!"]), ["T140 candidates表.csv!B2"], "#REF!"),
    "a formula without a saved result": (
        book_of("candidates", "客商库", [*ID, "用工"], ["A", "=1+1"]),
        ["T141 客商库.xlsx[客商库]!B2"],
        "保存一次",
    ),
    "cells merged over rows": (merged_cells, ["T142 园区.xlsx[园区]!B2"], "B2:B3"),
    "a share under a header that says %": (
        csv_of("candidates", [*ID, "落地概率(%)"], ["A", "35"], ["B", "0.35"]),
        ["T143 candidates表.csv!B3"],
        "0.35%",
    ),
    # Keys and references
    "a blank key": (csv_of("candidates", [*ID, "用工"], ["", "3"], ["B", "3"]), ["T151 candidates表.csv!A2"], "项目编号"),
    "a duplicate": (csv_of("candidates", ID, ["A"], ["B"], ["A"]), ["T152 candidates表.csv!A4"], "A2"),
    "a duplicate of two columns": (
        csv_of("funds", ["fund_id", "季度", "额度"], ["F", "2027Q1", "1"], ["F", "2027Q2", "1"], ["F", "2027年1季度", "2"]),
        ["T152 funds表.csv!A4"],
        "F / 2027Q1",
    ),
    "a dangling reference": (csv_of("candidates", [*ID, "指定园区"], ["A", "P11"]), ["T153 candidates表.csv!B2"], "P1"),
    "a dangling reference in a list": (
        csv_of("candidates", [*ID, "拒绝园区"], ["A", "P1、P3"]),
        ["T153 candidates表.csv!B2"],
        "P3",
    ),
    "a key that the first source has not": (
        joined([["link_id", "chain_id"], ["L1", "C"]], [["link_id", "需求"], ["L2", "4"]]),
        ["T154 b.csv!A2"],
        "L1",
    ),
    "a total": (csv_of("candidates", [*ID, "用工"], ["A", "3"], ["合 计", "3"]), ["T155 candidates表.csv!A3"], "未读入"),
    # Coordinates
    "swapped in a park": (
        csv_of("parks", ["园区编号", "经度", "纬度"], ["P1", "31.8", "117.2"], ["P2", "117", "31"]),
        ["T161 parks表.csv!B2"],
        "填反",
    ),
    "swapped in a firm's city": (
        csv_of("candidates", [*ID, "经度", "纬度"], ["A", "31.2", "121.5"]),
        ["T161 candidates表.csv!B2"],
        "填反",
    ),
    "a firm abroad is no problem": (csv_of("candidates", [*ID, "经度", "纬度"], ["A", "-74", "40.7"]), [], ""),
    "a park abroad": (
        csv_of("parks", ["园区编号", "经度", "纬度"], ["P1", "-74", "40.7"], ["P2", "117", "31"]),
        ["T162 parks表.csv!B2"],
        "region.bounds",
    ),
    "a latitude alone": (
        csv_of("parks", ["园区编号", "经度", "纬度"], ["P1", "", "31"], ["P2", "117", "31"]),
        ["T163 parks表.csv!B2"],
        "经度",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_problem_has_its_place_and_its_remedy(tmp_path: Path, name: str) -> None:
    write, expected, text = CASES[name]
    problems = read(tmp_path, {"power": {"unit": "MW"}}, **write(tmp_path))[1]
    assert said(problems) == expected
    assert any(text in problem.say("zh") for problem in problems) == bool(problems)
    assert not any(re.search(r"\{\w*\}", problem.say(language)) for problem in problems for language in LANGUAGES)


def test_every_code_is_tried() -> None:
    """By the tests of what raises it, which name the code that they expect."""
    texts = (file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.py"))
    assert set(CODES.entries) - {code for text in texts for code in re.findall(r"\bT\d{3}\b", text)} == set()


def test_five_problems_in_one_file_give_five_messages(tmp_path: Path) -> None:
    rows = [[*ID, "用工", "落地概率", "必选", "指定园区"], ["A", "多", "2", "?", "P9"], ["A", "1", "0.5", "是", "P1"]]
    write_xlsx(tmp_path / "客商库.xlsx", {"客商库": rows})
    problems = read(tmp_path, candidates="客商库.xlsx")[1]
    sheet = "客商库.xlsx[客商库]"
    assert said(problems) == [f"T132 {sheet}!B2", f"T138 {sheet}!C2", f"T135 {sheet}!D2", f"T153 {sheet}!E2", f"T152 {sheet}!A3"]
    assert len({problem.say("zh") for problem in problems}) == 5


def test_all_tables_are_reported_at_once(tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [["park_id", "lon"], ["P1", "x"]])
    problems = read(tmp_path, parks="p.csv", candidates="nowhere.csv", funds="nowhere2.csv")[1]
    assert said(problems) == ["T132 p.csv!B2", "T101 nowhere.csv", "T101 nowhere2.csv"]


def test_a_message_in_full(tmp_path: Path) -> None:
    write_csv(tmp_path / "客商库.csv", [[*ID, "计划投资额(万元)"], ["A", "约3亿"]])
    (problem,) = read(tmp_path, candidates="客商库.csv")[1]
    assert problem.say("zh") == '客商库.csv!B2 计划投资额(万元): "约3亿" — 须为数字（万元）；若确为 30000 万元，请写 30000（T132）'
    assert problem.say("en").endswith("a number (万元) is needed; if 30000 万元 is meant, write 30000 (T132)")


def test_a_refused_cell_is_blank_and_known_as_refused(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [[*ID, "用工"], ["A", "x"], ["B", "2"]])
    table = read(tmp_path, candidates="c.csv")[0]["candidates"]
    assert table.refused == {(0, "jobs")}
    assert table.frame["jobs"].isna().tolist() == [True, False]


def test_a_header_that_looks_canonical_can_be_kept_as_its_own_column(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [[*ID, "投资额度"], ["A", "1"]])
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "columns": {"投资额度": "投资额度"}})
    assert problems == []
    assert tables["candidates"].extra == ("投资额度",)


def test_many_problems_of_one_kind_are_counted_not_hidden(tmp_path: Path) -> None:
    write_csv(tmp_path / "c.csv", [[*ID, "用工"], *([f"K{n}", "多"] for n in range(LISTED + 7))])
    problems = read(tmp_path, candidates="c.csv")[1]
    assert len(problems) == LISTED + 1
    assert "还有 7 处" in problems[-1].say("zh")


def test_needed_tables_and_names_of_files(tmp_path: Path) -> None:
    write_csv(tmp_path / "data" / "candidate.csv", CANDIDATES)
    write_csv(tmp_path / "data" / "parks.csv", PARKS)
    write_csv(tmp_path / "data" / "园区.csv", PARKS)
    problems = read_tables(Settings(), tmp_path)[1]
    assert [problem.code for problem in problems] == ["T111", "T112", "T110"]
    assert "candidates.csv" in problems[-1].remedy.zh
    # Where the plan names tables, a file in data/ is not read by its name: it has to be named too.
    named = read_tables(Settings.model_validate({"tables": {"parks": "data/parks.csv"}}), tmp_path)[1]
    assert [(told.code, told.remedy.zh) for told in named] == [
        ("T110", "在 plan.yaml 的 tables 下写 candidates: data/candidate.csv")
    ]
    assert "candidates" in problems[1].say("zh")
    assert "candidate.csv" in problems[2].say("zh")


def test_a_file_whose_name_is_no_text_is_left_out_and_told(tmp_path: Path) -> None:
    write_csv(tmp_path / "data" / "candidates.csv", CANDIDATES)
    write_csv(tmp_path / "data" / "parks.csv", PARKS)
    write_csv(tmp_path / "data" / "links\udcff.csv", [["link_id", "chain_id"], ["L", "C"]])
    tables, problems = read_tables(Settings(), tmp_path)
    assert said(problems) == ["T178 links\udcff.csv"]
    assert "links" not in tables


def test_a_resource_may_not_be_called_like_a_column(tmp_path: Path) -> None:
    problems = read(tmp_path, {"score": {}})[1]
    assert [problem.code for problem in problems] == ["T130"]
    assert "resources.score" in problems[0].say("zh")


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_formula_errors_in_the_older_formats(tmp_path: Path, kind: str) -> None:
    """calamine alone reports them as blank cells: a broken figure would pass for one that is not known."""
    source = Path(__file__).parent / "data" / f"formula_error.{kind}"
    (tmp_path / source.name).write_bytes(source.read_bytes())
    problems = read(tmp_path, candidates=source.name)[1]
    assert said(problems) == [f"T140 {source.name}[客商库]!B3"]
