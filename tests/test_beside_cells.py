"""What a workbook says beside its cells, alike in every format: what nobody sees, what is void, what was never calculated, units in
formats."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from planner.reading.table import Broken, Grid
from planner.reading.workbooks import inspect
from planner.reading.workbooks.facts import SheetFacts
from planner.reading.workbooks.formats import section_of, shown_divisor, shown_words
from planner.reading.workbooks.ods import facts_of
from tests.table_files import read, said, write_xlsx
from tests.workbook_files import FORMATS, formulas, grid_of, rewritten, table_of, written


def everything(book: Any, sheet: Any) -> None:
    line = book.add_format({"font_strikeout": True})
    sheet.write_row(0, 0, ["项目编号", "企业名称", "投资额", "用地", "日期"])
    sheet.write_row(1, 0, ["K1", "甲"], line)
    for at, code in ((2, '0.00"亿元"'), (3, '#,##0"亩"')):
        sheet.write(1, at, 3, book.add_format({"num_format": code}))
    sheet.write_row(2, 0, ["K2", "乙"])
    sheet.write(2, 2, 3.5, book.add_format({"num_format": '0.0" 公顷"'}))
    sheet.write(2, 3, 35000, book.add_format({"num_format": '0.0,"千元"'}))
    sheet.write(2, 4, 45000, book.add_format({"num_format": 'yyyy"年"m"月"'}))
    sheet.write_row(3, 0, ["K3", "丙", 3, 4])
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.write_rich_string(4, 0, "K", line, "4")
    sheet.write(4, 2, 0.5, book.add_format({"num_format": "0%"}))
    sheet.merge_range(5, 1, 6, 1, "己")
    sheet.merge_range(0, 6, 0, 8, "合并的表头")
    sheet.set_column(3, 3, None, None, {"hidden": True})


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_tells_the_same_beside_its_cells(tmp_path: Path, kind: str) -> None:
    grid, problems = grid_of(written(tmp_path, everything, kind))
    assert said(problems) == []
    assert set(grid.merged) == {((5, 1), (6, 1)), ((0, 6), (0, 8))}
    assert (grid.hidden, grid.struck, set(grid.hidden_columns)) == (frozenset({3}), frozenset({1, 4}), {3})
    words = {at: shown_words(code) for at, code in grid.formats.items() if shown_words(code)}
    assert words == {(1, 2): "亿元", (1, 3): "亩", (2, 2): "公顷", (2, 3): "千元"}
    assert {at: shown_divisor(code) for at, code in grid.formats.items() if shown_divisor(code) != 1} == {(2, 3): 1000}


@pytest.mark.parametrize(
    ("code", "words", "divisor"),
    [
        ('0.00"亿元"', "亿元", 1),
        ("#,##0\\亩", "亩", 1),
        ("0.0_ \\公\\顷;[Red]-0.0", "公顷", 1),
        ("[$USD] #,##0.00", "USD", 1),
        ("0.00亿元", "亿元", 1),
        ('G/通用格式"万元"', "万元", 1),
        ('General"㎡"', "㎡", 1),
        ('0!.0,"万元"', "万元", 10_000),
        ('0\\.0,"万"', "万", 10_000),
        ("#,##0,", "", 1000),
        ('0.00,,"百万元"', "百万元", 1_000_000),
        ("General", "", 1),
        ("0.00%", "", 1),
        ("0.00E+00", "", 1),
        ("#,##0.00", "", 1),
        ('"¥"#,##0.00', "", 1),
        ("[h]:mm:ss", "", 1),
        ("_-* #,##0.00_-;-* #,##0.00_-", "", 1),
    ],
)
def test_words_and_scale_of_a_number_format(code: str, words: str, divisor: int) -> None:
    assert (shown_words(code), shown_divisor(code)) == (words, divisor)


def never_calculated(grid: Grid) -> set[tuple[int, int]]:
    cells = {(row, at): cell for row, cells in enumerate(grid.rows) for at, cell in enumerate(cells)}
    return {at for at, cell in cells.items() if isinstance(cell, Broken) and cell.code == "T141"}


@pytest.mark.parametrize(
    ("code", "number", "section"),
    [
        ('0.0"亩"', -3, '0.0"亩"'),
        ('[>=10000]0!.0,"万元";0"元"', 35000, '[>=10000]0!.0,"万元"'),
        ('[>=10000]0!.0,"万元";0"元"', 5, '0"元"'),
        ('[<10]0"a";[<20]0"b";0"c"', 15, '[<20]0"b"'),
        ('[<10]0"a";[<20]0"b";0"c"', 25, '0"c"'),
        ('0"亩";-0"公顷"', -1, '-0"公顷"'),
        ('0"亩";-0"公顷"', 0, '0"亩"'),
        ('0";亩";;"无"', 0, '"无"'),
        ('0";亩";;"无"', 2, '0";亩"'),
        ('0.0;;;@"亩"', 2, "0.0"),
    ],
)
def test_the_part_of_a_format_by_which_a_number_is_shown(code: str, number: float, section: str) -> None:
    assert section_of(code, number) == section


@pytest.mark.parametrize("kind", FORMATS)
def test_formulas_whose_every_result_is_zero_were_never_calculated(tmp_path: Path, kind: str) -> None:
    """XlsxWriter writes 0 for each formula, and what opens the file and saves it elsewhere may take the 0 over."""
    assert never_calculated(grid_of(written(tmp_path, formulas, kind))[0]) == {(1, 1), (2, 1)}


def test_what_a_formula_of_another_cell_fills_was_not_calculated_either(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        formulas(book, sheet)
        sheet.write_array_formula("C2:C3", "{=B2:B3*2}")
        sheet.write("D2", 0)

    assert never_calculated(grid_of(written(tmp_path, fill))[0]) == {(1, 1), (2, 1), (1, 2), (2, 2)}


def test_a_header_that_was_never_calculated_is_no_header(tmp_path: Path) -> None:
    """Nobody knows which column it is, nor what a title above it says of units."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("客商库")
        sheet.write_formula(0, 0, '="单位："&"亩"')
        sheet.write_row(1, 0, ["项目编号", "企业名称"])
        sheet.write_formula(1, 2, '="用地"&"(公顷)"')
        sheet.write_row(2, 0, ["A", "甲", 3])
    problems = read(tmp_path, candidates="a.xlsx")[1]
    assert [(f"{problem.code} {problem.place}", problem.severity) for problem in problems] == [
        ("T141 a.xlsx[客商库]!A1", "warning"),
        ("T141 a.xlsx[客商库]!C2", "error"),
    ]


@pytest.mark.parametrize(("results", "broken"), [((6, 0), set()), ((0, 0), {1, 2}), (("乙", 0), set())])
def test_a_zero_stands_where_the_workbook_was_calculated(tmp_path: Path, results: tuple[Any, ...], broken: set[int]) -> None:
    """Of a workbook that Excel has saved a 0 is a result, as long as any formula has another."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["项目编号", "用工"])
        for row, result in enumerate(results, start=1):
            sheet.write(row, 0, f"K{row}")
            sheet.write_formula(row, 1, "=1*0", None, result)

    file = written(tmp_path, fill)
    flag = b' fullCalcOnLoad="1"'
    changed = rewritten(file, {"xl/workbook.xml": lambda part: part.replace(flag, b"")})
    assert {row for row, cells in enumerate(grid_of(changed)[0].rows) if isinstance(cells[1], Broken)} == broken
    flagged, _ = grid_of(written(tmp_path, fill))
    assert {row for row, cells in enumerate(flagged.rows) if isinstance(cells[1], Broken)} == {
        row for row, result in enumerate(results, start=1) if result == 0
    }


NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("table", "office", "text", "style")
)


def ods_facts(rows: str, columns: str = "", styles: str = "") -> SheetFacts:
    """Of a sheet of OpenDocument written by hand."""
    head = f"<office:document-content {NAMES} xmlns:calcext='urn:x'><office:automatic-styles>{styles}</office:automatic-styles>"
    body = f"<office:body><table:table table:name='t'>{columns}{rows}</table:table></office:body></office:document-content>"
    return facts_of((head + body).encode(), b"")[0]


def cell(text: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


NUMBER = 'office:value-type="float" office:value="{}"'


def test_an_ods_sheet_written_by_hand() -> None:
    note = "<office:annotation><text:p>单位：亩</text:p></office:annotation>"
    facts = ods_facts(
        "".join(
            f"<table:table-row {of}>{cells}</table:table-row>"
            for of, cells in (
                ("", cell("标题", 'table:number-columns-spanned="2" table:number-rows-spanned="1"') + cell()),
                ('table:visibility="filter"', cell("a", 'table:number-rows-spanned="2"')),
                ('table:number-rows-repeated="2" table:visibility="collapse"', cell("b") + cell("3.0 亿元", NUMBER.format(3))),
                ("", cell("c", 'table:style-name="gone"') + cell("3.0", NUMBER.format(3)).replace(">", f">{note}", 1)),
                ("", cell() * 2 + cell("d&gt;e", 'table:formula="of:=[.A1]>3" office:value-type="string"')),
                ("", cell(attributes='table:formula="of:=1"') + cell("0", 'table:formula="of:=1" ' + NUMBER.format(0))),
            )
        ),
        '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>',
        '<style:style style:name="base"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="gone" style:parent-style-name="base"/>',
    )
    assert set(facts.merged) == {((0, 0), (0, 1)), ((1, 0), (2, 0))}
    assert facts.hidden == {1, 2, 3}
    assert facts.hidden_columns == {2}
    assert facts.struck == {4}
    assert facts.formats == {(2, 1): '0"亿元"', (3, 1): '0"亿元"'}
    assert facts.comments == {(4, 1): "单位：亩"}
    assert facts.extent == (7, 3)
    assert facts.broken == {(6, 0): Broken("", "T141")}  # the 0 beside it is a result: another formula has one


@pytest.mark.parametrize("kind", FORMATS)
def test_rows_and_columns_that_nobody_sees_are_told_with_their_count(tmp_path: Path, kind: str) -> None:
    def hide(book: Any, sheet: Any) -> None:
        for row in (3, 4, 6, 7, 8, 9):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_row(12, None, None, {"hidden": True})  # nothing stands there
        sheet.write(2, 1, "企业2", book.add_format({"font_strikeout": True}))
        sheet.set_column(3, 3, None, None, {"hidden": True})
        sheet.set_column(7, 7, None, None, {"hidden": True})

    file = written(tmp_path, table_of(hide), kind)
    (tmp_path / file.name).write_bytes(file.read_bytes())
    tables, problems = read(tmp_path, candidates=file.name)
    assert sorted(said(problems)) == [f"{code} {file.name}[客商库]!{at}" for code, at in (("T202", 4), ("T203", 3), ("T204", "D"))]
    assert {problem.severity for problem in problems} == {"warning"}
    assert any("6 行被隐藏或筛选掉，照样读入：第 4、5、7、8、9 等" in problem.say("zh") for problem in problems)
    assert len(tables["candidates"]) == 9


def test_a_number_that_is_shown_as_another_is_refused(tmp_path: Path) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write(1, 3, 35000, book.add_format({"num_format": "0.0,"}))
        sheet.write(2, 3, 0, book.add_format({"num_format": "0.0,"}))

    written(tmp_path, table_of(change))
    tables, problems = read(tmp_path, candidates="a.xlsx")
    assert said(problems) == ["T205 a.xlsx[客商库]!D2"]
    assert all(number in problems[0].say("zh") for number in ("35000", "1,000"))
    assert (0, "investment") in tables["candidates"].refused


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("code", ["0%", "0.00%", "0.0%"])
def test_an_amount_that_is_shown_as_a_percentage_is_refused_and_a_share_is_not(tmp_path: Path, kind: str, code: str) -> None:
    def change(book: Any, sheet: Any) -> None:
        percent = book.add_format({"num_format": code})
        sheet.write_row(0, 0, ["项目编号", "企业名称", "年税收", "落地概率"])
        for row, name in enumerate("甲乙", start=1):
            sheet.write_row(row, 0, [f"K{row}", name])
            sheet.write(row, 2, row, percent if row == 1 else None)
            sheet.write(row, 3, 0.5, percent)

    path = written(tmp_path, change, kind)
    tables, problems = read(tmp_path, candidates=path.relative_to(tmp_path).as_posix())
    assert said(problems) == [f"T205 {path.name}[客商库]!C2"]
    assert tables["candidates"].frame["landing_probability"].tolist() == [0.5, 0.5]


def test_hidden_sheets_are_told_whether_they_are_read_or_not(tmp_path: Path) -> None:
    rows = (("项目编号",), ("A",))
    write_xlsx(tmp_path / "a.xlsx", {"客商库": rows, "旧": rows, "草稿": rows}, hidden=("旧", "草稿"))
    problems = read(tmp_path, candidates="a.xlsx")[1]
    assert said(problems) == ["T207 a.xlsx"]
    assert all(name in problems[0].say("zh") for name in ("旧、草稿", "客商库"))
    assert said(read(tmp_path, candidates={"file": "a.xlsx", "sheet": "旧"})[1]) == ["T206 a.xlsx[旧]"]
    assert said(read(tmp_path, candidates={"file": "a.xlsx", "sheet": "客商库"})[1]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb'<c r="(\w+)" s="(\d+)"', rb'<c s="\2" r="\1"'),
        (rb"<(/?)(c|row|v|f|sheetData)\b", rb"<\1x:\2"),
        (rb'<c r="(\w+)"', rb"<c r='\1'"),
        (rb'(<row|<c) r="\w+"', rb"\1"),
    ],
)
def test_cells_written_in_another_way_tell_the_same(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Attributes in another order, prefixes, other quotes; and no references, where the cells follow each other."""

    def fill(book: Any, sheet: Any) -> None:
        for row in range(3):
            sheet.write(row, 0, row, book.add_format({"num_format": '0"亩"'}))
            sheet.write(row, 1, "甲", book.add_format({"font_strikeout": row == 1}))
            sheet.write_formula(row, 2, "=1/0", None, "#DIV/0!" if row == 2 else 0)

    def changed(xml: bytes) -> bytes:
        return re.sub(old, new, xml).replace(
            b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        )

    file = written(tmp_path, fill)
    usual = inspect.sheet_facts(file.read_bytes(), 0, "客商库")
    assert len(usual.formats) == 3
    assert usual.struck == {1}
    assert [usual.broken[row, 2].code for row in range(3)] == ["T141", "T141", "T140"]
    other = inspect.sheet_facts(rewritten(file, {"xl/worksheets/sheet1.xml": changed}).read_bytes(), 0, "客商库")
    assert (other.broken, other.formats, other.struck) == (usual.broken, usual.formats, usual.struck)
