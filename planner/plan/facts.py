"""What records take from the tables as it stands there: every field that has a column's name."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from planner.case.case import Case
from planner.plan.records import Record

Row = Mapping[Any, Any]


def known(value: Any) -> float | None:
    """A number, or None where it is not known (R1)."""
    number = float(value)
    return number if math.isfinite(number) else None


def text(value: object) -> str | None:
    """A text, or None where there is none."""
    return None if value is None or value != value or value == "" else str(value)


_READ: Mapping[Any, Callable[[Any], Any]] = {str: str, bool: bool, int: int, float: float, str | None: text, float | None: known}
"""Type of a field → how its column is read."""


def stated_in(case: Case, column: str, *tables: str) -> bool:
    """Whether any of the tables has the column; one that is absent is not known, whatever the model assumes."""
    return any((table := case.tables.get(name)) is not None and column in table.frame.columns for name in tables)


def facts_of(
    record: type[Record], case: Case, table: str, columns: Iterable[str], but: Collection[str] = ()
) -> Callable[[Row], dict[str, Any]]:
    """How a record takes from a row of its table each field that is one of its columns, ``but`` those reckoned otherwise.

    A number that may be unknown is told only where the table states it.
    """
    fields = {name: record.model_fields[name].annotation for name in columns if name in record.model_fields}
    read = {name: _READ[kind] for name, kind in fields.items() if kind in _READ and name not in but}
    unknown = [name for name, how in read.items() if how is known and not stated_in(case, name, table)]
    nothing = dict.fromkeys(unknown)
    return lambda row: {name: how(row[name]) for name, how in read.items()} | nothing
