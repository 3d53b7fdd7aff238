"""The changes of the tables that a plan rests on, in words and with the rows that they are of (R5)."""

from __future__ import annotations

from collections.abc import Iterable

from planner.plan.records import ChangedRow, ChangeMade
from planner.reading.changes.words import words_of
from planner.reading.table import Made

NAMED = 50
"""Rows of one change that a plan names; the others are counted."""


def changes_made(made: Iterable[Made]) -> tuple[ChangeMade, ...]:
    """Changes as a plan records them."""
    return tuple(_record(one) for one in made)


def _record(made: Made) -> ChangeMade:
    words = words_of(made.change)
    rows, cells = ([row for row in made.rows if bool(row.column) is of_cell] for of_cell in (False, True))
    return ChangeMade(
        key=made.key,
        table=made.change.table,
        way=made.change.way,
        zh=words.zh,
        en=words.en,
        count=made.count,
        rows=tuple(
            ChangedRow(table=row.table, row=row.row, name=row.name, column=row.column) for row in (*rows[:NAMED], *cells[:NAMED])
        ),
        reason=made.change.reason,
    )
