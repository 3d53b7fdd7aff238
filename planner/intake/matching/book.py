"""Workbooks that a person fills in or hands on: sheets of plain rows, texts that stay texts (R6), written whole or not at all (R7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter.exceptions import FileCreateError

from planner.intake.codes import refusal
from planner.language import Language, Words
from planner.plan.whole_folder import cannot_write
from planner.problems import Place
from planner.publish.excel import new_workbook
from planner.publish.forms.book import on_paper
from planner.publish.workbook.text import clean

HEAD = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E79",
    "text_wrap": True,
    "valign": "vcenter",
    "align": "center",
    "border": 1,
}
TO_FILL = {"bg_color": "#FFF4CE", "border": 1, "border_color": "#B8C2CC"}


@dataclass(frozen=True)
class Heading:
    """A column: its heading, its width in characters, a number format, and what may be chosen where a person is to fill it in."""

    words: Words
    width: float = 14
    form: str = ""
    choices: tuple[str, ...] = ()
    to_fill: bool = False


@contextmanager
def whole_file(path: Path, replace: bool = False) -> Iterator[Path]:
    """Where to write a file that takes its place only when the block ends well. Raises InputError: a file stands there that may hold a
    person's decisions (I156), or it cannot be written there (R116)."""
    if path.exists() and not replace:
        raise refusal("I156", Place(path.name), "--out", str(path))
    fresh = path.with_name(f".{path.name}.new")
    try:
        yield fresh
        fresh.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """A workbook in which every text is a text."""
    with whole_file(path) as fresh:
        book = new_workbook(fresh)
        yield book
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error


def add_sheet(book: Any, name: str, headings: Sequence[Heading], rows: Sequence[Sequence[object]], language: Language) -> None:
    """A sheet of rows under a header that stays in sight, with a filter; yellow is what a person fills in."""
    sheet, head, fill, wrap = (
        book.add_worksheet(name),
        book.add_format(HEAD),
        book.add_format(TO_FILL),
        book.add_format({"text_wrap": True}),
    )
    wrap.set_align("vcenter")
    on_paper(sheet, name)
    sheet.repeat_rows(0)
    for at, heading in enumerate(headings):
        form = book.add_format({"num_format": heading.form}) if heading.form else None
        sheet.set_column(at, at, heading.width, form)
        sheet.write_string(0, at, heading.words.say(language), head)
        if rows and heading.choices:
            sheet.data_validation(1, at, len(rows), at, {"validate": "list", "source": list(heading.choices)})
    for row, cells in enumerate(rows, start=1):
        for at, (cell, heading) in enumerate(zip(cells, headings, strict=True)):
            put(sheet, row, at, cell, fill if heading.to_fill else wrap if isinstance(cell, str) else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)


def put(sheet: Any, row: int, column: int, cell: object, form: Any = None) -> None:
    """A cell as what it is: text as text, a number as a number, nothing as nothing."""
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, form)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell, form)
    else:
        sheet.write_string(row, column, clean(str(cell)), form)


def add_notes(book: Any, name: str, notes: Sequence[str]) -> None:
    """A sheet of sentences."""
    sheet, wrap = book.add_worksheet(name), book.add_format({"text_wrap": True, "valign": "top"})
    on_paper(sheet, name)
    sheet.set_column(0, 0, 110)
    for row, note in enumerate(notes):
        sheet.write_string(row, 0, clean(note), wrap)
