"""Which rows a change means: its filter held against the tables, with what is wrong with it at the key that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.language import Words
from planner.problems import nearest
from planner.reading.changes.state import Named, State, owner_of
from planner.settings.document import Keys
from planner.settings.filters import Condition, conditions, values_of
from planner.tables.codes import nearest_words
from planner.tables.facts import Bools, amount_in, plain, possible
from planner.tables.spec import OF_RESOURCE, TABLES
from planner.tables.units import UnitError, allowed_units

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
    """Values that no row has (they would be passed over in silence), names of several ids, bounds that cannot be held against the
    column."""
    facts, said = state.facts(named.table, named.column), {"table": TABLES[named.table].zh, "name": named.table}
    for value in values_of(wanted):
        spelt = facts.spelt(value)
        if len(spelt) > 1:
            state.wrong("T355", keys, str(value), ids=Words.listed(spelt[:10]))
        elif not spelt and plain(value) != "":
            known = sorted({*facts.texts, *facts.names} - {""})
            some = Words.listed(known[:10] + ["…"] * (len(known) > 10))
            remedy = nearest_words(nearest(str(value), known), Words(f"有：{some.zh}", f"there are: {some.en}"))
            state.wrong("T182", keys, str(value), column=named.column.name, nearest=remedy, **said)
    if not isinstance(wanted, Condition):
        return
    if (wanted.since is not None or wanted.until is not None) and not facts.quarterly:
        state.wrong("T358", keys, named.column.name)
    if wanted.bounded and not any(isinstance(bound, str) for bound in (wanted.min, wanted.max)):
        _takes_all(state, named, wanted, keys)
    bounds = {side: bound for side in ("min", "max") if (bound := getattr(wanted, side)) is not None}
    if bounds and facts.words:
        state.wrong("T357", keys, named.column.name, words="、".join(facts.words[:5]))
    elif sum(_converts(state, named, bound, (*keys, side)) for side, bound in bounds.items()) == 2:
        units = set(state.units(named.table, named.column))
        unit = units.pop() if len(units) == 1 else ""
        try:
            low, high = (amount_in(bound, unit) for bound in bounds.values())
        except UnitError:  # amounts of several resources
            return
        if low > high:
            state.wrong("T359", keys, f"{bounds['min']} > {bounds['max']}")


def _takes_all(state: State, named: Named, wanted: Condition, keys: Keys) -> None:
    """Note bounds without a unit that every number of the column meets: perhaps they mean another unit."""
    unit, numbers = named.column.unit, state.facts(named.table, named.column).values
    known = numbers[np.isfinite(numbers)]
    low, high = (default if bound is None else float(bound) for bound, default in ((wanted.min, -np.inf), (wanted.max, np.inf)))
    if len(known) >= FEW and unit not in ("", OF_RESOURCE) and ((known >= low) & (known <= high)).all():
        bound = "、".join(f"{side} {value:g}" for side, value in (("min", low), ("max", high)) if np.isfinite(value))
        span = f"{known.min():g}–{known.max():g}"
        state.wrong("T368", keys, bound, column=named.column.name, unit=unit, span=span)


def _converts(state: State, named: Named, bound: float | str, keys: Keys) -> bool:
    """Whether a bound has a unit of the column, or none of its own."""
    try:
        state.meeting(named, Condition.model_validate({"min": bound}))
    except UnitError:
        units = dict.fromkeys(state.units(named.table, named.column))
        state.wrong("T356", keys, str(bound), **units_words(named.column.name, list(units)))
        return False
    return True


def units_words(column: str, units: list[str]) -> dict[str, object]:
    """What a message says of the units that an amount may have."""
    allowed = list(dict.fromkeys(label for unit in units for label in allowed_units(unit)))
    none = Words("这一列没有单位，只能写数", "the column has no unit: write the number alone")
    return {"column": column, "unit": "、".join(filter(None, units)) or "—", "allowed": Words.listed(allowed) if allowed else none}
