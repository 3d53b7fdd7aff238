"""The sheet of a report that says where the facts of each column come from, of which days they are, and how much is assumed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from planner.language import Words
from planner.publish.forms.book import FormBook, put
from planner.publish.forms.cells import Cell
from planner.reading.provenance import ages, inputs_of
from planner.reading.table import Table, Tables
from planner.tables.provenance import provenance_column
from planner.tables.spec import TABLES

ORIGINS = Words("来源与日期", "Sources and dates")
_ROW_SOURCE = Words("见“{column}”列", "see column {column}")
_OLD = Words("到 {on} 超过 {days} 天的行", "Rows over {days} days old on {on}")
_OF_TABLES = (
    (Words("表", "Table"), 16),
    (Words("文件", "File"), 26),
    (Words("工作表或图层", "Sheet or layer"), 18),
    (Words("来源", "Source"), 24),
    (Words("数据日期", "As of"), 14),
    (Words("可信度", "Confidence"), 12),
    (Words("行数", "Rows"), 10),
    (Words("有日期的行", "Rows with a day"), 12),
    (Words("最早", "Oldest"), 12),
    (Words("最近", "Newest"), 12),
)
_OF_COLUMNS = (
    Words("表", "Table"),
    Words("列", "Column"),
    Words("文件", "File"),
    Words("表头", "Header"),
    Words("单位", "Unit"),
    Words("值", "Values"),
    Words("空白", "Blanks"),
    Words("假设 *", "Assumed *"),
)


def write_origins(form: FormBook, tables: Tables, on: dt.date | None, days: int) -> None:
    """A line for each file of each table, then one for each column: how many values, blanks, assumptions."""
    language = form.language
    page: Any = form.sheet(ORIGINS.say(language))
    head, body = form.style("head"), form.style("body", text_wrap=True)
    for at, (heading, room) in enumerate(_OF_TABLES):
        page.set_column(at, at, room)
        put(page, 0, at, heading.say(language), head)
    if on is not None:
        page.set_column(len(_OF_TABLES), len(_OF_TABLES), 18)
        put(page, 0, len(_OF_TABLES), _OLD.say(language, on=on.isoformat(), days=days), head)
    page.set_row(0, 36)
    row = 0
    for table in (tables[name] for name in tables):
        for cells in _of_files(table, form, on, days):
            row += 1
            for at, cell in enumerate(cells):
                put(page, row, at, cell, body)
    row += 2
    for at, heading in enumerate(_OF_COLUMNS):
        put(page, row, at, heading.say(language), head)
    for table in (tables[name] for name in tables):
        for column in (column for column in table.frame.columns if column != "geometry"):
            row += 1
            for at, cell in enumerate(_of_column(table, column, form)):
                put(page, row, at, cell, body)


def _of_files(table: Table, form: FormBook, on: dt.date | None, days: int) -> list[list[Cell]]:
    language, spec, known = form.language, TABLES[table.name], ages(table, on, days)
    own = {meaning: provenance_column(meaning, table.frame.columns) for meaning in ("source", "as_of", "confidence")}
    lines: list[list[Cell]] = []
    for number, told in enumerate(table.inputs):
        stated = {"source": told.source, "as_of": told.as_of, "confidence": told.confidence}
        words = [stated[meaning] or (own[meaning] and _ROW_SOURCE.say(language, column=own[meaning])) for meaning in stated]
        cells: list[Cell] = [spec.zh if language == "zh" else spec.name, told.file, told.sheet or told.layer, *words]
        if number == 0:
            days_of = [None if day is None else day.isoformat() for day in (known.oldest, known.newest)]
            cells += [float(known.rows), float(known.dated), *days_of]
            cells += [] if on is None else [float(known.old)]
        lines.append(cells)
    return lines


def _of_column(table: Table, column: str, form: FormBook) -> list[Cell]:
    spec = TABLES[table.name]
    blank = sum(value in ("", ()) or value is None or value != value for value in table.frame[column].tolist())
    single = sum(name == column for _, name in table.assumed_cells)
    assumed = len(table) - blank if column in table.assumed else single
    files = "、".join(dict.fromkeys(told.file for told in inputs_of(table, column)))
    name = spec.zh if form.language == "zh" else spec.name
    texts = [name, column, files, table.headers.get(column, column), table.units.get(column)]
    return [*texts, float(len(table) - blank), float(blank), float(assumed)]
