"""The frame of all workbooks: what a sheet of declared columns looks like, and that every workbook is made in it."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.language import Words
from planner.plan.whole_folder import whole_file
from planner.problems import InputError
from planner.publish.book.book import TONES, Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table

MONEY = Words("万元", "CNY 10k")
HEADS = (
    Column(Words("企业", "firm"), room=40),
    Column(Words("信用代码", "credit code"), kind="cell"),
    Column(Words("投资", "investment"), kind="number", unit=MONEY, assumed=[True, False]),
    Column(Words("占比", "share"), kind="share"),
    Column(Words("日期", "day"), kind="date"),
    Column(Words("准数", "exact"), kind="cell"),
    Column(Words("采纳", "accept"), choices=("是", "否")),
)
ROWS: list[list[Cell]] = [
    ["=1+1", "913401000000000012", 1234.5, 0.25, dt.date(2026, 11, 1), 0.1 + 0.2, None],
    ["@甲公司", "007", None, 0.5, None, 12345678901234.567, None],
]


def made(path: Path, headed: bool = True, tones: tuple[str | None, ...] = (None, "error"), rows: Any = ROWS) -> Any:
    with Book(path, "zh", "台账") as book:
        page_of_one_table(book, Words("表", "table"), with_rows(HEADS, rows), headed=headed, tones=tones)[0].finish()
    return openpyxl.load_workbook(path).active


def test_a_sheet_is_declared_and_every_cell_is_what_it_was_given(tmp_path: Path) -> None:
    page = made(tmp_path / "a.xlsx")
    head, first, second = list(page.iter_rows(min_row=2, values_only=True))
    assert head == ("企业", "信用代码", "投资*\n万元", "占比", "日期", "准数", "采纳")
    assert first == ("=1+1", "913401000000000012", 1234.5, 0.25, dt.datetime(2026, 11, 1), 0.1 + 0.2, None)
    assert second == ("@甲公司", "007", "—", 0.5, "—", 12345678901234.567, None)
    assert [page.cell(3, at).data_type for at in (1, 2, 3)] == ["s", "s", "n"]
    assert page["B3"].number_format == "@"  # retyped there, a long number stays a text
    assert (page["D3"].number_format, page["E3"].number_format) == ("0%", "yyyy-mm-dd")


def test_marks_tones_and_choices_are_seen(tmp_path: Path) -> None:
    page = made(tmp_path / "a.xlsx", rows=[ROWS[0], ["乙", "2", 7.0, *ROWS[1][3:]]])
    assert ['"*"' in page.cell(row, 3).number_format for row in (3, 4)] == [True, False]  # of two figures one is assumed
    assert page["A4"].fill.fgColor.rgb == "FF" + TONES["error"]["bg_color"][1:]
    assert page["A3"].fill.fgColor.rgb == "00000000"
    assert page["G3"].fill.fgColor.rgb == "FF" + TONES["fill"]["bg_color"][1:]
    assert [(str(rule.sqref), rule.formula1) for rule in page.data_validations.dataValidation] == [("G3:G4", '"是,否"')]


@pytest.mark.parametrize("headed", [True, False])
def test_a_sheet_prints_on_a4_and_its_head_stays_in_sight(tmp_path: Path, headed: bool) -> None:
    page, top = made(tmp_path / "a.xlsx", headed), 2 if headed else 1
    setup = page.page_setup
    assert (int(setup.paperSize), setup.orientation, setup.fitToHeight) == (9, "landscape", 0)
    assert page.print_title_rows == f"${top}:${top}"
    assert page.auto_filter.ref == f"A{top}:G{top + 2}"
    assert page.freeze_panes == f"C{top + 1}"
    assert "台账" in page.oddFooter.left.text
    assert page.oddFooter.center.text.strip() == "表"


def test_columns_are_as_wide_as_their_content_and_chinese_counts_double(tmp_path: Path) -> None:
    latin, chinese = (
        made(tmp_path / f"{name}.xlsx", rows=[[name, *ROWS[0][1:]], ROWS[1]]).column_dimensions["A"].width
        for name in ("a" * 12, "甲" * 12)
    )
    assert chinese > 24 > latin > 12


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "neu" / "a.xlsx"
    with whole_file(path) as fresh:
        fresh.write_text("first", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), whole_file(path) as fresh:
        fresh.write_text(f"half{1 / 0}", encoding="utf-8")
    assert [(one.name, one.read_text(encoding="utf-8")) for one in path.parent.iterdir()] == [("a.xlsx", "first")]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="R116"), whole_file(tmp_path / "file" / "a.xlsx") as fresh:
        fresh.write_text("", encoding="utf-8")


def test_a_workbook_that_cannot_be_written_is_an_operating_systems_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"), Book(tmp_path / "nowhere" / "a.xlsx", "zh", "x") as book:
        book.page("a")


def test_every_workbook_of_the_planner_is_made_in_the_frame() -> None:
    made_in = [path for path in Path("planner").rglob("*.py") if "xlsxwriter.Workbook(" in path.read_text(encoding="utf-8")]
    assert [path.as_posix() for path in made_in] == ["planner/publish/book/book.py"]


def test_a_number_that_is_none_is_a_dash_and_never_zero(tmp_path: Path) -> None:
    page = made(tmp_path / "a.xlsx", rows=[["甲", "1", math.nan, None, None, None, None], ROWS[1]])
    assert [cell.value for cell in page[3]] == ["甲", "1", "—", "—", "—", None, None]


def test_the_second_workbook_of_a_process_is_the_same_as_the_first(tmp_path: Path) -> None:
    """The library that writes it changes the options that it is given."""
    from planner.publish.book.book import Book

    for name in ("one", "two"):
        with Book(tmp_path / f"{name}.xlsx", "zh", "题") as book:
            book.page("页").finish()
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
