"""Which entries a filter takes, and of which it cannot be said: what is blank is not known, and never taken for no (R1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.publish.lists.ground import Known
from planner.publish.lists.kinds import Entry
from planner.publish.view import View
from planner.settings.filters import asks_of_blanks, is_alternatives
from planner.tables.facts import ColumnFacts, comparable, facts_of, plain

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """What a filter says of N entries; shapes (N,)."""

    taken: Bools
    open: Bools
    """It cannot be said: something that the filter asks is not known."""
    wanting: Mapping[str, Bools]
    """Field → entries of which it is not known where it is asked."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields for want of which some entry is left open."""
        return tuple(name for name, rows in self.wanting.items() if (rows & self.open).any())

    def besides(self, other: Judged) -> Judged:
        """Less what another filter takes; left open is also what that one leaves open."""
        wanting = {**other.wanting, **self.wanting}
        return Judged(self.taken & ~other.taken & ~other.open, (self.open & ~other.taken) | (self.taken & other.open), wanting)


def judge(view: View, where: Mapping[str, Any], entries: Sequence[Entry], known: Mapping[str, Known]) -> Judged:
    """A filter whose names and units have been checked (:mod:`planner.publish.lists.check`)."""
    size = len(entries)
    fails, open_, wanting = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool), dict[str, Bools]()
    for name, wanted in where.items():
        if is_alternatives(wanted):
            arms = [judge(view, entry, entries, known) for entry in wanted]
            taken = np.any([arm.taken for arm in arms], axis=0)
            unsaid = np.any([arm.open for arm in arms], axis=0) & ~taken
            for arm in arms:
                for column, rows in arm.wanting.items():
                    wanting[column] = wanting.get(column, np.zeros(size, dtype=bool)) | rows
        else:
            facts = facts_of_field(view, known[name], entries)
            taken = facts.passes(wanted)
            said = asks_of_blanks(wanted) or _says(known[name])
            unsaid = np.zeros(size, dtype=bool) if said else facts.blank
            wanting[name] = wanting.get(name, np.zeros(size, dtype=bool)) | unsaid
        fails |= ~taken & ~unsaid
        open_ |= unsaid
    return Judged(~fails & ~open_, open_ & ~fails, wanting)


def _says(known: Known) -> bool:
    """Whether a blank cell of the column says something: none, or any."""
    return known.column is not None and known.column.blank_says != "gap"


def facts_of_field(view: View, known: Known, entries: Sequence[Entry]) -> ColumnFacts:
    """A field as filters read it; what it shows stands for what is behind it: 缺失 for ``missing``."""
    raw = [known.raw(entry) for entry in entries]
    lists = any(isinstance(value, (tuple, list)) for value in raw)
    if lists:
        raw = [() if value is None else value for value in raw]
    names: dict[str, tuple[str, ...]] = {}
    if known.column is None and not lists:
        for entry, value in zip(entries, raw, strict=True):
            if isinstance(value, str) and isinstance(shown := known.field.value(view, entry), str) and shown != value:
                names[comparable(shown)] = (value,)
    return facts_of(raw, known.unit, known.column, names)


def order_of(known: Known, entries: Sequence[Entry], falling: bool) -> list[int]:
    """Positions by a field, numbers by size and texts by their characters; what is not known last; ties as they stood."""
    values = [known.raw(entry) for entry in entries]
    numbers = all(isinstance(value, (int, float)) for value in values if value is not None)
    filled = [at for at, value in enumerate(values) if value is not None]
    blank = [at for at, value in enumerate(values) if value is None]

    def key(at: int) -> Any:
        return float(values[at]) if numbers else plain(values[at])

    return [*sorted(filled, key=key, reverse=falling), *blank]
