"""The clean tables: canonical headers with units, one row a row, texts as texts, ``*`` on what is assumed."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from planner.intake.rows import ReadSheet, Row
from planner.publish.excel import new_workbook
from planner.reading.headers import NEAR, forms
from planner.spelling import fold
from planner.tables.column import Column, TableSpec
from planner.tables.units import parse_header

MARK = "planner intake"
"""In the properties of every workbook that an intake writes: only such a file is written over."""
ORIGIN = "导入自"
"""Header of the column that says where a row comes from."""


def workbook(path: Path) -> Any:
    """A new workbook, marked as ours."""
    return new_workbook(path, comments=MARK)


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
    origin = len(names) if ORIGIN not in without else None
    marked = {name for name in names if all(name in sheet.assumed for sheet in sheets if name in sheet.columns)}
    marked -= {name for name in names if not any(name in sheet.columns for sheet in sheets)}
    with workbook(path) as book:
        page = book.add_worksheet(spec.zh)
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        for at, name in enumerate(names):
            column = spec.column(name) if spec.has(name) else None
            header = header_of(column, name in marked) if column is not None else name + "*" * (name in marked)
            page.write_string(0, at, header, head)
            page.set_column(at, at, min(40, 2 * len(header) + 2))
        if origin is not None:
            page.write_string(0, origin, ORIGIN, head)
        page.freeze_panes(1, 0)
        line = 0
        for sheet in sheets:
            for row in sheet.taken:
                line += 1
                for at, name in enumerate(names):
                    star = name not in marked and (name in row.assumed or name in sheet.assumed)
                    _write(page, line, at, row.values.get(name), star)
                if origin is not None:
                    page.write_string(line, origin, str(row.place))


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


def header_of(column: Column, assumed: bool) -> str:
    """``计划投资额*(万元)``."""
    unit = (
        f"({column.unit})"
        if column.numeric and column.unit not in ("", "1", "degree", "分") and not column.unit.startswith("@")
        else ""
    )
    return column.zh + "*" * assumed + unit


def _write(page: Any, line: int, at: int, value: Any, star: bool) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        value = str(value).removesuffix(" 00:00:00")
    if isinstance(value, (int, float)) and not star:
        page.write_number(line, at, value)
    else:
        page.write_string(line, at, f"{_plain(value)}{'*' * star}")


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)
