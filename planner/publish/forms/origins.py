"""The sheet of a report that says where the facts of each column come from, of which days they are, and how much is assumed."""

from __future__ import annotations

import datetime as dt

from planner.language import Language, Words
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import titled_table
from planner.reading.provenance import ages, inputs_of
from planner.reading.table import Table, Tables
from planner.tables.provenance import provenance_column
from planner.tables.spec import TABLES

ORIGINS = Words("来源与日期", "Sources and dates")
_ROW_SOURCE = Words("见“{column}”列", "see column {column}")
_OLD = Words("到 {on} 超过 {days} 天的行", "Rows over {days} days old on {on}")
_TABLES, _COLUMNS = Words("各表", "Tables"), Words("各列", "Columns")
_NOTE = Words(
    "“值”为非空单元格，“假设”为其中以 * 标明的。没有写的来源、日期留空。",
    "“Values” are cells that are not blank, “assumed” those of them with *. Sources and days that nobody stated are blank.",
)
_OF_TABLES = (
    Column(Words("表", "Table"), room=20),
    Column(Words("文件", "File"), room=30),
    Column(Words("工作表或图层", "Sheet or layer"), room=24),
    Column(Words("来源", "Source"), room=30),
    Column(Words("数据日期", "As of"), room=20),
    Column(Words("可信度", "Confidence"), room=20),
    Column(Words("行数", "Rows"), kind="count"),
    Column(Words("有日期的行", "Rows with a day"), kind="count"),
    Column(Words("最早", "Oldest"), kind="date"),
    Column(Words("最近", "Newest"), kind="date"),
)
_OF_COLUMNS = (
    Column(Words("表", "Table"), room=20),
    Column(Words("列", "Column"), room=30),
    Column(Words("文件", "File"), room=24),
    Column(Words("表头", "Header"), room=30),
    Column(Words("单位", "Unit"), room=20),
    Column(Words("值", "Values"), kind="count"),
    Column(Words("空白", "Blanks"), kind="count"),
    Column(Words("假设 *", "Assumed *"), kind="count"),
)


def write_origins(book: Book, tables: Tables, on: dt.date | None, days: int) -> None:
    """A line for each file of each table, then one for each column: how many values, blanks, assumptions."""
    page, language = book.page(ORIGINS.say(book.language)), book.language
    old = [] if on is None else [Column(_OLD.fill(on=on.isoformat(), days=days), kind="count")]
    every = [tables[name] for name in tables]
    of_tables = with_rows([*_OF_TABLES, *old], [cells for table in every for cells in _of_files(table, language, on, days)])
    of_columns = [
        _of_column(table, str(column), language) for table in every for column in table.frame.columns if column != "geometry"
    ]
    row = titled_table(page, 2, _TABLES, of_tables)
    titled_table(page, row, _COLUMNS, with_rows(_OF_COLUMNS, of_columns))
    page.head(len(of_tables) - 1, ORIGINS, _NOTE)
    page.finish(frozen=(2, 0))


def _of_files(table: Table, language: Language, on: dt.date | None, days: int) -> list[list[Cell]]:
    spec, known = TABLES[table.name], ages(table, on, days)
    named = {meaning: provenance_column(meaning, table.frame.columns) for meaning in ("source", "as_of", "confidence")}
    lines: list[list[Cell]] = []
    for number, told in enumerate(table.inputs):
        stated = {"source": told.source, "as_of": told.as_of, "confidence": told.confidence}
        words = [stated[meaning] or (named[meaning] and _ROW_SOURCE.say(language, column=named[meaning])) for meaning in stated]
        own_rows: list[Cell] = [known.rows, known.dated, known.oldest, known.newest, *([] if on is None else [known.old])]
        texts = [spec.zh if language == "zh" else spec.name, told.file, told.sheet or told.layer, *words]
        lines.append([*(text or "" for text in texts), *(own_rows if number == 0 else [""] * len(own_rows))])
    return lines


def _of_column(table: Table, column: str, language: Language) -> list[Cell]:
    spec = TABLES[table.name]
    blank = sum(value in ("", ()) or value is None or value != value for value in table.frame[column].tolist())
    single = sum(name == column for _, name in table.assumed_cells)
    assumed = len(table) - blank if column in table.assumed else single
    files = "、".join(dict.fromkeys(told.file for told in inputs_of(table, column)))
    name = spec.zh if language == "zh" else spec.name
    texts = [name, column, files, table.headers.get(column, column), table.units.get(column, "")]
    return [*texts, len(table) - blank, blank, assumed]
