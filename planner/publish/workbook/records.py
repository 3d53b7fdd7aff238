"""The columns of a plan's records, from the catalogues of their fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.language import Words
from planner.publish.book import columns
from planner.publish.book.columns import Column
from planner.publish.field import Catalogue, Field, Kind, R, Shown
from planner.publish.view import View

_DRAWN: Mapping[Kind, columns.Kind] = {
    "text": "text",
    "short": "short",
    "number": "number",
    "mixed": "mixed",
    "share": "share",
    "count": "count",
    "points": "number",
    "flag": "short",
    "tick": "short",
}
"""How each kind of field is drawn."""
YES, NO = Words("是", "yes"), Words("否", "no")


def columns_of(view: View, catalogue: Catalogue[R], rows: Sequence[R], where: Shown = Shown.SHEET) -> list[Column]:
    """The columns of a catalogue's fields; a group of a single column is its heading."""
    fields = catalogue.shown(view, where)
    size = Counter(field.group for field in fields)
    return [column_of(view, field, rows, where, size[field.group] == 1) for field in fields]


def column_of(view: View, field: Field[R], rows: Sequence[R], where: Shown = Shown.SHEET, alone: bool = False) -> Column:
    """The column of one field; ``alone``: it is the only one of its group."""
    values = [field.value(view, row) for row in rows]
    if field.kind in ("flag", "tick"):
        no = NO.say(view.language) if field.kind == "flag" else ""
        values = [None if value is None else YES.say(view.language) if value else no for value in values]
    brief = where is Shown.BRIEF and field.brief_room is not None
    return Column(
        field.group if alone and field.group else field.heading,
        values,
        _DRAWN[field.kind],
        field.unit,
        [field.is_assumed(view, row) for row in rows],
        field.total,
        field.bar,
        None if alone else field.group,
        field.brief_room if brief else field.room,
        4 if field.kind == "points" and view.plan.objective.normalise else None,
        0 if field.stretch and where is Shown.BRIEF else field.span,
    )


def stretched(columns: Sequence[Column], wide: int, least: int = 1) -> list[Column]:
    """The column that takes what is left as wide as all need to span ``wide`` sheet columns, but ``least`` at least."""
    left = max(least, wide - sum(column.span for column in columns))
    return [column if column.span else replace(column, span=left) for column in columns]
