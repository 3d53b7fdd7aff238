"""Files that are not what they are called, that cannot be opened, or that would do harm if they were."""

from __future__ import annotations

import io
import time
import zipfile
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from planner.reading.excel import read_excel
from planner.reading.readers import offered_files
from planner.reading.workbooks import inspect
from planner.settings.sources import TableSource
from planner.tables.spec import TABLES
from tests.table_files import read, said, write_csv, write_xlsx
from tests.workbook_files import FORMATS, formulas, table_of, written


@pytest.mark.parametrize("kind", FORMATS[1:2])
def test_an_old_workbook_with_a_password(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path, formulas, kind)
    data = file.read_bytes()
    after = data.index(b"\x09\x08\x10\x00") + 20  # the record behind the first becomes the one that tells of a password
    (tmp_path / "b.xls").write_bytes(data[:after] + b"\x2f\x00" + data[after + 2 :])
    problems = read(tmp_path, candidates="b.xls")[1]
    assert said(problems) == ["T102 b.xls"]
    assert "密码" in problems[0].say("zh")


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


@pytest.mark.parametrize(
    ("data", "done", "not_done"),
    [(locked_container("EncryptedPackage"), "去掉密码", "损坏"), (b"", "重新取一份", "密码"), (bytes(2000), "另存后重试", "密码")],
)
def test_what_is_to_be_done_with_a_file_goes_by_what_is_wrong_with_it(
    tmp_path: Path, data: bytes, done: str, not_done: str
) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    (told,) = read(tmp_path, candidates="a.xlsx")[1]
    assert done in told.remedy.zh
    assert not_done not in told.remedy.zh
    assert told.say("zh").count("a.xlsx") == 1  # its name is said once


@pytest.mark.parametrize("header", ["PK编号", "<园区>", "{编号}", "%园区"])
def test_text_that_begins_like_something_else_is_text(tmp_path: Path, header: str) -> None:
    write_csv(tmp_path / "a.csv", [[header, "企业名称"], ["A", "mso-application"]])
    assert said(read(tmp_path, candidates={"file": "a.csv", "columns": {"candidate_id": header}})[1]) == []


def test_a_table_that_is_there_in_no_kind_that_is_read_is_told(tmp_path: Path) -> None:
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


@pytest.mark.slow
def test_the_work_of_reading_grows_with_the_rows_and_no_faster(tmp_path: Path) -> None:
    """Fifty thousand rows of 25 columns, with number formats, formulas and hidden rows, so that every cell is gone through; a tenth of them takes
    about a tenth of the processor."""

    def fill(rows: int, book: Any, sheet: Any) -> None:
        money = book.add_format({"num_format": '#,##0.00"万元"'})
        sheet.write_row(0, 0, ["项目编号", "企业名称", "投资额(万元)", "用工", *(f"附加{n}" for n in range(21))])
        for row in range(1, rows + 1):
            sheet.set_row(row, None, None, {"hidden": row % 7 == 0})
            sheet.write_row(row, 0, [f"K{row}", f"企业{row}"])
            sheet.write(row, 2, row % 900 + 1.5, money)
            sheet.write_row(row, 3, [row % 500 + 1, *(f"文{row % 100}" for _ in range(14))])
            for at in range(18, 25):
                sheet.write_formula(row, at, f"=D{row + 1}*2", None, 2 * (row % 500 + 1))

    took = []
    for rows in (5_000, 50_000):
        folder = tmp_path / str(rows)
        folder.mkdir()
        written(folder, partial(fill, rows))
        started = time.process_time()
        tables, problems = read(folder, candidates="a.xlsx")
        took.append(time.process_time() - started)
        assert said(problems) == ["T202 a.xlsx[客商库]!8"]
        assert len(tables["candidates"]) == rows
    few, many = took
    assert many < 25.0 * few
