"""The clean tables: canonical headers with units, one row a row, texts as texts, ``*`` on what is assumed."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from planner.intake.rows import ReadSheet, Row
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column
from planner.publish.book.table import page_of_one_table
from planner.publish.forms.cells import NO, YES, written
from planner.reading.headers import NEAR, forms
from planner.spelling import fold
from planner.tables.column import Column as TableColumn
from planner.tables.column import TableSpec
from planner.tables.form import header_of
from planner.tables.units import parse_header

MARK = "planner intake"
"""In the properties of every workbook that an intake writes: only such a file is written over."""
ORIGIN = "导入自"
"""Header of the column that says where a row comes from."""


def written_by_us(path: Path) -> bool:
    """Whether an intake wrote this workbook."""
    try:
        with zipfile.ZipFile(path) as parts:
            return MARK.encode() in parts.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def write_table(path: Path, spec: TableSpec, sheets: Sequence[ReadSheet], without: Collection[str] = ()) -> None:
    """The taken rows of the sheets, one below the other, in a workbook of one sheet, ``without`` the columns that another file of
    the table has. A column is marked where every sheet marks its header, else the cells of those that do."""
    names = [name for name in columns_of(spec, sheets) if name not in without]
    marked = {name for name in names if all(name in sheet.assumed for sheet in sheets if name in sheet.columns)}
    marked -= {name for name in names if not any(name in sheet.columns for sheet in sheets)}
    columns = [_column(spec, name, sheets, name in marked) for name in names]
    if ORIGIN not in without:
        columns.append(Column(ORIGIN, [str(row.place) for sheet in sheets for row in sheet.taken], "cell"))
    with Book(path, "zh", spec.zh, comments=MARK) as book:
        page_of_one_table(book, spec.zh, columns, headed=False)[0].finish()


def _column(spec: TableSpec, name: str, sheets: Sequence[ReadSheet], marked: bool) -> Column:
    declared = spec.column(name) if spec.has(name) else None
    cells = [
        _cell(declared, row.values.get(name), not marked and (name in row.assumed or name in sheet.assumed))
        for sheet in sheets
        for row in sheet.taken
    ]
    return Column(header_of(declared, "zh", marked) if declared is not None else name + "*" * marked, cells, "cell")


def _cell(column: TableColumn | None, value: Any, star: bool) -> Cell:
    if value is None:
        return None
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        value = str(value).removesuffix(" 00:00:00")
    return written(column, (YES if value else NO).zh if isinstance(value, bool) else value, "zh", star)


def columns_of(spec: TableSpec, sheets: Iterable[ReadSheet]) -> list[str]:
    """The columns that some row has, those of the table first."""
    rows: list[Row] = [row for sheet in sheets for row in sheet.taken]
    used = dict.fromkeys(name for row in rows for name in row.values)
    return [*(name for name in spec.names if name in used), *(name for name in used if not spec.has(name))]


def extra_columns(spec: TableSpec, sheets: Iterable[ReadSheet]) -> list[str]:
    """Columns that are none of the table's but are called like one, or nearly: a plan has to say that they stand for themselves."""
    known = [fold(text) for column in spec.columns for text in column.known_as]
    own = [name for name in columns_of(spec, sheets) if not spec.has(name)]
    return [name for name in own if any(_alike(form, text) for form in forms(parse_header(name)) for text in known)]


def _alike(header: str, known: str) -> bool:
    return SequenceMatcher(None, header, known).ratio() >= NEAR
