"""Where each value comes from: file, sheet, cell, source, day, confidence, assumption or not; and which values have grown old (R5).

What a row says of itself (columns 数据来源, 数据日期, 可信度) goes before what plan.yaml says of its file.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.checks import listed
from planner.reading.join import shown_key
from planner.reading.phrases import read_date
from planner.reading.table import Table, TableInput, Tables
from planner.tables.codes import problem
from planner.tables.provenance import provenance_column
from planner.tables.spec import TABLES


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a table, and what is known of it. ``value`` is in ``unit``; ``as_of`` is None where no day is stated."""

    table: str
    key: str
    column: str
    header: str
    value: Any
    unit: str
    place: Place
    source: str | None
    as_of: dt.date | None
    confidence: str | None
    assumed: bool


def _texts(table: Table, meaning: str) -> list[str]:
    """What each row says of itself; blank where it says nothing, or the table has no such column."""
    column = provenance_column(meaning, table.frame.columns)
    if column is None:
        return [""] * len(table)
    return ["" if value is None or value != value else str(value) for value in table.frame[column].tolist()]


def _day_column(table: Table) -> str | None:
    """The column that says of which day a row's facts are; of a table of events that has none the day of the event."""
    own = {"date"} if _of_events(table) else set()
    said = provenance_column("as_of", [column for column in table.frame.columns if column not in own])
    return said or next((column for column in own if column in table.frame.columns), None)


def _of_events(table: Table) -> bool:
    """Whether the rows are events, each of its own day, which is part of the key: they do not grow old."""
    return any(TABLES[table.name].column(name).kind == "date" for name in TABLES[table.name].key)


def _dates(table: Table) -> list[tuple[dt.date | None, str]]:
    """For each row the day it states, and what stands there if that is no day."""
    column = _day_column(table)
    if column is None:
        return [(None, "")] * len(table)
    known: dict[object, tuple[dt.date | None, str]] = {}
    values = ["" if value is None or value != value else value for value in table.frame[column].tolist()]
    return [known[value] if value in known else known.setdefault(value, _day(value)) for value in values]


def _day(value: object) -> tuple[dt.date | None, str]:
    read = read_date(value)
    day = getattr(read, "value", None)
    return (day, "") if day is not None or hasattr(read, "value") else (None, str(value))


def inputs_of(table: Table, column: str) -> list[TableInput]:
    """For each row the file (sheet, layer) that a column was read from."""
    origin = table.origins.get(column)
    numbers = origin.inputs(len(table)) if origin is not None else _row_inputs(table)
    return [table.inputs[number] for number in numbers]


def _row_inputs(table: Table) -> list[int]:
    """For each row the position of the input that holds it: that of its key, or of its first column."""
    column = next(name for name in (*TABLES[table.name].key, *table.origins) if name in table.origins)
    return table.origins[column].inputs(len(table))


def facts(tables: Tables) -> Iterator[Fact]:
    """Every value that is there, table by table, row by row."""
    for name in tables:
        yield from facts_of(tables[name])


def facts_of(table: Table) -> Iterator[Fact]:
    """Every value of a table that is there, row by row; what the rows say of themselves is no fact of its own."""
    dates, sources, sure = _dates(table), _texts(table, "source"), _texts(table, "confidence")
    apart = {provenance_column(meaning, table.frame.columns) for meaning in ("source", "as_of", "confidence")}
    apart -= {"date"} if _of_events(table) else set()
    columns = [column for column in table.frame.columns if column not in apart and column != "geometry"]
    keys = _keys(table)
    values = {column: table.frame[column].tolist() for column in columns}
    inputs = {column: inputs_of(table, column) for column in columns}
    for row in range(len(table)):
        for column in columns:
            value = values[column][row]
            if value in ("", ()) or value != value or value is None:
                continue
            told = inputs[column][row]
            yield Fact(
                table=table.name,
                key=keys[row],
                column=column,
                header=table.headers.get(column, column),
                value=value,
                unit=table.units.get(column, ""),
                place=table.place(row, column),
                source=sources[row] or told.source,
                as_of=dates[row][0] or _stated(told),
                confidence=sure[row] or told.confidence,
                assumed=column in table.assumed or (row, column) in table.assumed_cells,
            )


def facts_frame(tables: Tables) -> pd.DataFrame:
    """The same as a frame: one row a value, its place as text."""
    rows = [
        {**{name: getattr(fact, name) for name in Fact.__slots__ if name != "place"}, "place": str(fact.place)}
        for fact in facts(tables)
    ]
    return pd.DataFrame(rows, columns=list(Fact.__slots__))


def _stated(told: TableInput) -> dt.date | None:
    return None if told.as_of is None else dt.date.fromisoformat(told.as_of)


def _keys(table: Table) -> list[str]:
    key = [name for name in TABLES[table.name].key if name in table.frame.columns]
    return (
        [shown_key(tuple(map(str, cells))) for cells in table.frame[key].itertuples(index=False, name=None)]
        if key
        else [""] * len(table)
    )


@dataclass(frozen=True, slots=True)
class Ages:
    """How old the facts of a table are: rows, how many state a day or have one from plan.yaml, the first and the last of these
    days, and how many are older than allowed."""

    rows: int
    dated: int
    oldest: dt.date | None
    newest: dt.date | None
    old: int


def row_days(table: Table) -> list[dt.date | None]:
    """The day of which each row is: its own, else that of the file that holds the row."""
    held = _row_inputs(table)
    return [day or _stated(table.inputs[number]) for (day, _), number in zip(_dates(table), held, strict=True)]


def days_and_confidence(table: Table) -> list[dict[str, str | None]]:
    """For each row the day of its facts, as 2026-09-30, and how sure they are, in words."""
    said = zip(_texts(table, "confidence"), _row_inputs(table), strict=True)
    sure = [words or table.inputs[held].confidence for words, held in said]
    days = (None if day is None else day.isoformat() for day in row_days(table))
    return [{"as_of": day, "confidence": words} for day, words in zip(days, sure, strict=True)]


def ages(table: Table, on: dt.date | None = None, days: int = 0) -> Ages:
    """The ages of a table's rows; none is old without ``on``."""
    known = [day for day in row_days(table) if day is not None]
    old = 0 if on is None or _of_events(table) else sum((on - day).days > days for day in known)
    return Ages(len(table), len(known), min(known, default=None), max(known, default=None), old)


def old_facts(tables: Tables, on: dt.date, days: int) -> list[Problem]:
    """A warning for each row whose facts are more than ``days`` days old on the day ``on``, or of a later day, or of a day that
    cannot be read; one for each table, or file, of which no day is known."""
    problems: list[Problem] = []
    for name in tables:
        problems += [] if _of_events(tables[name]) else listed(_of_table(tables[name], on, days), TABLES[name].zh)
    return problems


def _of_table(table: Table, on: dt.date, days: int) -> Iterator[Problem]:
    column, spec = provenance_column("as_of", table.frame.columns), TABLES[table.name]
    key, limits = _keys(table), {"on": on.isoformat(), "days": days}
    where = column if column is not None else spec.key[0]
    header = table.headers.get(where, where)
    undated: list[int] = []
    for row, (day, unread) in enumerate(_dates(table)):
        place = table.place(row, where)
        if unread:
            yield problem("T244", place, header, unread)
        elif day is None:
            undated.append(row)
        elif day > on:
            yield problem("T243", place, header, day.isoformat(), key=key[row], **limits)
        elif (on - day).days > days:
            yield problem("T242", place, header, day.isoformat(), key=key[row], age=(on - day).days, **limits)
    if undated:
        yield from _of_files(table, undated, on, limits)


def _of_files(table: Table, undated: Sequence[int], on: dt.date, limits: Mapping[str, object]) -> Iterator[Problem]:
    """The same for rows that state no day, by the day that plan.yaml says of their files."""
    zh = TABLES[table.name].zh
    words = Words(zh, table.name)
    held = _row_inputs(table)
    of_input = Counter(held[row] for row in undated)
    for number, told in enumerate(table.inputs):
        count = of_input[number] if number in held else len(undated)  # a source that adds columns speaks of every row
        if not count or told.places:  # rows that the plan puts in are assumptions, and of no day
            continue
        day, place = _stated(told), Place(told.name, told.sheet or told.layer)
        if day is None:
            yield problem("T245", place, zh, "", rows=count, name=table.name)
        elif day > on:
            yield problem("T243", place, zh, day.isoformat(), key=words, **limits)
        elif (on - day).days > int(str(limits["days"])):
            yield problem("T242", place, zh, day.isoformat(), key=words, age=(on - day).days, **limits)
