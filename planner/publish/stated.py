"""Rows of a table as documents read them: each value known or not, with its source and whether it is assumed (R5)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.plan.facts import Marks
from planner.reading.table import Tables


@dataclass(frozen=True)
class Stated:
    """One row. What it does not state is ``""``, None or ``()``, never 0 (R1)."""

    values: Mapping[str, Any]
    source: str | None = None
    assumed: frozenset[str] = field(default_factory=frozenset)
    """Columns that rest on an assumption in this row."""

    def text(self, column: str) -> str:
        value = self.values.get(column)
        return "" if value is None or value != value else str(value).strip()

    def number(self, column: str) -> float | None:
        value = self.values.get(column)
        return float(value) if isinstance(value, int | float) and math.isfinite(value) else None

    def names(self, column: str) -> tuple[str, ...]:
        """The entries of a list."""
        value = self.values.get(column)
        return tuple(str(name) for name in value) if isinstance(value, tuple | list) else ()

    def day(self, column: str) -> dt.date | None:
        value = self.values.get(column)
        if isinstance(value, dt.date):
            return value
        return dt.date.fromisoformat(value) if isinstance(value, str) and value else None

    def yes(self, column: str) -> bool:
        """A flag that is set; a blank one is not."""
        return self.values.get(column) is True or str(self.values.get(column)) == "True"


def stated_rows(tables: Tables, name: str) -> tuple[Stated, ...]:
    """Every row of a table in its order; none where the plan has no such table."""
    table = tables.get(name)
    if table is None:
        return ()
    marks = Marks(tables)
    rows = enumerate(table.frame.to_dict("records"))
    return tuple(
        Stated(
            {str(column): value for column, value in row.items()},
            str(row.get("source") or "") or marks.source(name, n),
            frozenset(marks.of_row(name, n)),
        )
        for n, row in rows
    )
