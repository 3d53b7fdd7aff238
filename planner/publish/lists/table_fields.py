"""Fields of rows of the tables, for records that no plan holds: each column is one, as its table declares it (R10).

They stand beside the catalogues of :mod:`planner.publish.fields` and are read like them. A row knows the record that the plan
has of it, so that a field of either may be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.language import Language, Words
from planner.publish.field import Field, Kind, Shown
from planner.publish.view import NOT_LIMITED, View
from planner.publish.words import unit_words
from planner.reading.table import Table
from planner.tables.column import Column
from planner.tables.column import Kind as ColumnKind
from planner.tables.facts import plain

NOWHERE = Shown(0)
"""Such a field stands where a list asks for it, and in no output by itself."""
KIND_OF: Mapping[ColumnKind, Kind] = {
    "id": "short",
    "text": "text",
    "number": "number",
    "integer": "count",
    "flag": "flag",
    "list": "text",
    "quarter": "short",
    "date": "short",
    "lon": "number",
    "lat": "number",
    "choice": "short",
}
"""Kind of a column → kind of its field."""
YEAR = "年"
"""The unit of what is a year and no amount: its digits are not parted."""
WITH_CONSENT = frozenset({"contact_note", "home_people"})
NO_CONSENT = Words("未授权", "no consent")
"""Columns that are shown only of those who have consented."""


class Cells:
    """The cells of a table, each column taken out of its frame once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._columns: dict[str, list[Any]] = {}

    def column(self, name: str) -> list[Any] | None:
        """What stands in a column, in its canonical unit, None where nothing does; None: there is no such column."""
        if name not in self.table.frame.columns:
            return None
        if name not in self._columns:
            self._columns[name] = [_known(value) for value in self.table.frame[name].tolist()]
        return self._columns[name]


def _known(value: Any) -> Any:
    return None if plain(value) == "" or (isinstance(value, (tuple, list)) and not value) else value


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a table."""

    cells: Cells
    number: int

    @property
    def table(self) -> Table:
        """The table that it is a row of."""
        return self.cells.table

    def raw(self, name: str) -> Any:
        """What stands in a column, in its canonical unit; None: nothing, or there is no such column."""
        column = self.cells.column(name)
        return None if column is None else column[self.number]

    def assumed(self, name: str) -> bool:
        """Whether it is marked as an assumption."""
        return name in self.table.assumed or (self.number, name) in self.table.assumed_cells

    @property
    def source(self) -> str:
        """Where it comes from, in the row's own words or the plan's; empty: not stated."""
        if said := self.raw("source"):
            return str(said)
        held = (one for one, rows in zip(self.table.inputs, self.table.positions, strict=True) if rows[self.number] >= 0)
        return next((one.source or "" for one in held), "")


def row_of(record: Any) -> Row | None:
    """The row of a record: itself, or the one that it has."""
    return record if isinstance(record, Row) else record.row


def column_fields(columns: Sequence[Column]) -> dict[str, Field[Any]]:
    """Column → its field, in their order."""
    return {column.name: _field(column) for column in columns}


def _field(column: Column) -> Field[Any]:
    share = column.unit == "1"
    year = column.unit == YEAR
    unit = None if share or year or not column.unit or column.kind in ("lon", "lat") else unit_words(column.unit)

    def get(view: View, record: Any) -> Any:
        row = row_of(record)
        value = None if row is None else row.raw(column.name)
        if value is None and row is not None and column.blank_says == "any":
            return NOT_LIMITED.say(view.language)
        if value is None or row is None:
            return None
        if column.name in WITH_CONSENT and not row.raw("consent"):
            return NO_CONSENT.say(view.language)
        return str(int(value)) if year else said(column, value, view.language)

    def assumed(_: Any, record: Any) -> bool:
        return (row := row_of(record)) is not None and row.assumed(column.name)

    heading = Words(column.zh, column.en[:1].upper() + column.en[1:])
    return Field(column.name, "share" if share else "short" if year else KIND_OF[column.kind], heading, NOWHERE, unit, get, assumed)


def own_field(name: str, unit: str) -> Field[Any]:
    """The field of a column of the bureau's own, under its own header."""
    return _field(Column(name=name, kind="text", zh=name, en=name, unit="" if unit == "1" else unit))


def said(column: Column, value: Any, language: Language) -> Any:
    """A value as it is shown: the word for a choice, the entries of a list, anything else as it is."""
    if column.choices is not None and (words := column.choices.get(str(value))):
        return words[0] if language == "zh" else str(value)
    if isinstance(value, (tuple, list)):
        return Words.listed(value).say(language)
    if column.numeric or column.kind == "flag":
        return value.item() if hasattr(value, "item") else value
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else plain(value)
