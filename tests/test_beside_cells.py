"""What a workbook says beside its cells, alike in every format: what nobody sees, what is void, what was never calculated, units in
formats; and files that are not what they are called."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import xlsxwriter

from planner.problems import Problem
from planner.reading.excel import read_excel
from planner.reading.table import Broken, Grid
from planner.reading.workbooks import inspect
from planner.reading.workbooks.facts import SheetFacts
from planner.reading.workbooks.formats import section_of, shown_divisor, shown_words
from planner.reading.workbooks.ods import facts_of
from planner.settings.schema import TableSource
from planner.tables.spec import TABLES
from tests.programs import needs
from tests.table_files import read, said, write_csv, write_xlsx

OFFICE = (pytest.mark.slow, pytest.mark.office, needs(shutil.which("libreoffice"), "LibreOffice is not installed"))
FORMATS = ("xlsx", *(pytest.param(kind, marks=OFFICE) for kind in ("xls", "ods", "xlsx again")))


def converted(file: Path, kind: str) -> Path:
    """The workbook in another format, as LibreOffice saves it."""
    if kind == "xlsx":
        return file
    kind, out = kind.split()[0], file.parent / "saved"
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    subprocess.run(
        ["libreoffice", profile, "--headless", "--convert-to", kind, "--outdir", out, file],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return out / f"{file.stem}.{kind}"


def written(folder: Path, fill: Callable[[Any, Any], None], kind: str = "xlsx") -> Path:
    """A workbook whose only sheet 客商库 is filled with XlsxWriter."""
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        fill(book, book.add_worksheet("客商库"))
    return converted(folder / "a.xlsx", kind)


def grid_of(file: Path) -> tuple[Grid, list[Problem]]:
    grid, problems = read_excel(file.name, file.read_bytes(), TableSource(file=file.name), TABLES["candidates"])
    assert grid is not None, problems
    return grid, problems


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
    words = {at: shown_words(code) for at, code in grid.formats.items()}
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


def formulas(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["项目编号", "用工", "产值"])
    for row in (1, 2):
        sheet.write_row(row, 0, [f"K{row}", 5, 7])
    sheet.write_formula("B2", "=C2+1")
    sheet.write_formula("B3", "=C3+1")


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


@pytest.mark.parametrize("kind", FORMATS[1:2])
def test_an_old_workbook_with_a_password(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path, formulas, kind)
    data = file.read_bytes()
    after = data.index(b"\x09\x08\x10\x00") + 20  # the record behind the first becomes the one that tells of a password
    (tmp_path / "b.xls").write_bytes(data[:after] + b"\x2f\x00" + data[after + 2 :])
    problems = read(tmp_path, candidates="b.xls")[1]
    assert said(problems) == ["T102 b.xls"]
    assert "密码" in problems[0].say("zh")


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


def rewritten(file: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """The zip with some of its parts changed."""
    with zipfile.ZipFile(file) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in kept.items():
            parts.writestr(name, changes.get(name, bytes)(content))
    return file


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
    assert facts.extent == (7, 3)
    assert facts.broken == {(6, 0): Broken("", "T141")}  # the 0 beside it is a result: another formula has one


CANDIDATE_ROWS = [["项目编号", "企业名称", "用工", "投资额"], *[[f"K{n}", f"企业{n}", n, 100] for n in range(1, 10)]]


def table_of(change: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def fill(book: Any, sheet: Any) -> None:
        for row, cells in enumerate(CANDIDATE_ROWS):
            sheet.write_row(row, 0, cells)
        change(book, sheet)

    return fill


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


def test_hidden_sheets_are_told_whether_they_are_read_or_not(tmp_path: Path) -> None:
    rows = (("项目编号",), ("A",))
    write_xlsx(tmp_path / "a.xlsx", {"客商库": rows, "旧": rows, "草稿": rows}, hidden=("旧", "草稿"))
    problems = read(tmp_path, candidates="a.xlsx")[1]
    assert said(problems) == ["T207 a.xlsx"]
    assert all(name in problems[0].say("zh") for name in ("旧、草稿", "客商库"))
    assert said(read(tmp_path, candidates={"file": "a.xlsx", "sheet": "旧"})[1]) == ["T206 a.xlsx[旧]"]
    assert said(read(tmp_path, candidates={"file": "a.xlsx", "sheet": "客商库"})[1]) == []


def locked_container(stream: str) -> bytes:
    """The container of the old Office with one stream of that name in its directory, as a workbook with a password is."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(4000)


def zipped(*names: str, manifest: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in names:
            parts.writestr(name, "x")
        if manifest:
            parts.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


TEXT = "项目编号,企业名称\nA,甲\n".encode()


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("a.xlsx", TEXT, "T200", ".csv"),
        ("a.xls", TEXT.decode().encode("gb18030"), "T200", ".csv"),
        ("a.xls", "项目编号\t企业名称\n".encode("utf-16"), "T200", "另存为 .xlsx"),
        ("a.ods", b"<html><body><table><tr><td>1</td></tr></table>", "T200", "HTML"),
        ("a.xls", b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "T200", "XML"),
        ("a.csv", zipped("xl/workbook.xml"), "T200", ".xlsx"),
        ("a.csv", zipped("content.xml"), "T200", ".ods"),
        ("a.txt", locked_container("Workbook"), "T200", ".xls"),
        ("a.csv", b"<!DOCTYPE html><html></html>", "T200", "HTML"),
        ("a.xlsx", zipped("xl/workbook.bin"), "T200", ".xlsb"),
        ("a.xlsx", zipped("word/document.xml"), "T200", "Word"),
        ("a.xlsx", zipped("a.txt"), "T200", "压缩包"),
        ("a.xlsx", b"%PDF-1.7", "T200", "PDF"),
        ("a.xlsx", locked_container("EncryptedPackage"), "T102", "密码"),
        ("a.csv", locked_container("EncryptedPackage"), "T102", "密码"),
        ("a.ods", zipped("content.xml", manifest="<manifest:encryption-data/>"), "T102", "密码"),
        ("a.xlsx", b"", "T102", "空"),
        ("a.xlsx", bytes(2000), "T102", "损坏"),
        ("a.xlsb", zipped("xl/workbook.bin"), "T103", ".xlsx"),
        ("a.et", locked_container("Workbook"), "T103", ".xlsx"),
        ("a.wps", b"x", "T103", ".xlsx"),
    ],
)
def test_a_file_that_is_not_what_it_is_called_is_told_in_one_clear_word(
    tmp_path: Path, name: str, data: bytes, code: str, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    problems = read(tmp_path, candidates=name)[1]
    assert said(problems) == [f"{code} {name}"]
    assert words in problems[0].say("zh")


@pytest.mark.parametrize("header", ["PK编号", "<园区>", "{编号}", "%园区"])
def test_text_that_begins_like_something_else_is_text(tmp_path: Path, header: str) -> None:
    write_csv(tmp_path / "a.csv", [[header, "企业名称"], ["A", "mso-application"]])
    assert said(read(tmp_path, candidates={"file": "a.csv", "columns": {"candidate_id": header}})[1]) == []


def test_a_table_that_is_there_in_no_kind_that_is_read_is_told(tmp_path: Path) -> None:
    from planner.reading.readers import offered_files

    for name in ("客商库.xlsb", "园区.et", "环节.pdf"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_bytes(b"x")
    write_csv(tmp_path / "data" / "环节.csv", [["环节编号"], ["L"]])
    offered, problems = offered_files(tmp_path)
    assert list(offered) == ["links"]
    assert sorted(said(problems)) == ["T103 园区.et", "T103 客商库.xlsb"]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_small_file_that_unpacks_to_two_hundred_megabytes_is_not_opened(tmp_path: Path, kind: str) -> None:
    main = {"xlsx": "xl/workbook.xml", "ods": "content.xml"}[kind]
    with zipfile.ZipFile(tmp_path / f"a.{kind}", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(main, "x")
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b"<row/>" * 170_000)
    problems = read(tmp_path, candidates=f"a.{kind}")[1]
    assert said(problems) == [f"T102 a.{kind}"]
    assert "解压" in problems[0].say("zh")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sheet_nearly_empty_as_far_as_it_reaches_is_told(tmp_path: Path, kind: str) -> None:
    """Stray cells far away; far cells that only have a format are none."""

    def far(book: Any, sheet: Any) -> None:
        sheet.write(60_000, 250, "x")

    file = written(tmp_path, table_of(far), kind)
    found, problems = read_excel(file.name, file.read_bytes(), TableSource(file=file.name), TABLES["candidates"])
    assert (found, [problem.code for problem in problems]) == (None, ["T201"])
    assert "IQ60001" in problems[0].say("zh")


def test_far_cells_that_have_a_format_alone_are_no_strays(tmp_path: Path) -> None:
    written(tmp_path, table_of(lambda book, sheet: sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))))
    tables, problems = read(tmp_path, candidates="a.xlsx")
    assert said(problems) == []
    assert len(tables["candidates"]) == 9


def test_a_workbook_of_many_tables_is_gone_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"客商库": (("项目编号",), ("A",)), "园区": (("园区编号",), ("P",))})
    plain = zipfile.ZipFile.testzip
    tested = Mock(side_effect=plain)
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda parts: tested(parts))
    assert said(read(tmp_path, candidates="a.xlsx", parks="a.xlsx")[1]) == []
    assert tested.call_count == 1
    assert inspect._spoilt.cache_info().currsize == 0


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
