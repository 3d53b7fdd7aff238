"""Which rows a change means: its filter held against the tables, with what is wrong with it at the key that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.language import Words
from planner.reading.changes.state import Named, State, owner_of
from planner.settings.document import Keys
from planner.settings.filters import Condition, bounds_of, conditions
from planner.tables.facts import Bools, possible
from planner.tables.misfits import Kind, misfits
from planner.tables.spec import OF_RESOURCE, TABLES

_CODES: Mapping[Kind, str] = {
    "value": "T182",
    "ids": "T355",
    "unit": "T356",
    "words": "T357",
    "quarter": "T358",
    "number": "T380",
    "order": "T359",
}
FEW = 3
"""Numbers of a column below which it says nothing that all meet a bound."""


def rows_meeting(state: State, name: str, where: Mapping[str, Any], keys: Keys) -> Bools | None:
    """The rows of a table that a filter at ``keys`` takes; None, and its problems noted, where it cannot be read, takes none, or rests
    on what is not known."""
    before, named, known = len(state.problems), dict[str, Named](), not state.refused.part(*keys)
    for way, wanted, asked in conditions(where, keys):
        if state.refused.part(*way):
            continue
        meant = state.named(name, wanted)
        if len(meant) != 1:
            if meant:
                both = Words.listed([f"{owner_of(one.table)}.{one.column.name}" for one in meant])
                state.wrong("T367", way, wanted, both=both)
            else:
                state.unknown("T172", way, name, wanted)
            known = False
            continue
        column = meant[0]
        if state.doubts.values(column.table, column.column.name):
            known = False
        else:
            named[wanted] = column
            _check(state, column, asked, way)
    if any(one.severity == "error" for one in state.problems[before:]) or not known:
        return None
    rows = possible(where, lambda wanted, asked: state.meeting(named[wanted], asked), len(state.tables[name]))
    if not rows.any():
        if not state.tables[name].left_out:
            state.wrong("T174", keys, "", table=TABLES[name].zh, name=name)
        return None
    return rows


def _check(state: State, named: Named, wanted: Any, keys: Keys) -> None:
    """What of a condition its column cannot answer; bounds that leave nothing out."""
    said = {"table": TABLES[named.table].zh, "name": named.table, "column": named.column.name}
    for one in misfits(state.facts(named.table, named.column), wanted, state.units(named.table, named.column)):
        state.wrong(_CODES[one.kind], (*keys, *one.way), one.found or named.column.name, **said, **one.said)
    if isinstance(wanted, Condition) and wanted.bounded and not any(isinstance(bound, str) for bound in bounds_of(wanted)):
        _takes_all(state, named, wanted, keys)


def _takes_all(state: State, named: Named, wanted: Condition, keys: Keys) -> None:
    """Note bounds without a unit that every number of the column meets: perhaps they mean another unit."""
    unit, numbers = named.column.unit, state.facts(named.table, named.column).values
    known = numbers[np.isfinite(numbers)]
    low, high = (default if bound is None else float(bound) for bound, default in ((wanted.min, -np.inf), (wanted.max, np.inf)))
    if len(known) >= FEW and unit not in ("", OF_RESOURCE) and ((known >= low) & (known <= high)).all():
        bound = ", ".join(f"{side} {value:g}" for side, value in (("min", low), ("max", high)) if np.isfinite(value))
        span = f"{known.min():g}–{known.max():g}"
        state.wrong("T368", keys, bound, column=named.column.name, unit=unit, span=span)
