"""Amounts of another size than all others of their column, as one in yuan among ones in 亿元: told, never changed (R1)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Problem
from planner.reading.table import Table
from planner.settings.schema import ResourceSettings
from planner.tables.codes import problem
from planner.tables.units import allowed_units, family, known_unit, scale

FEWEST = 3
"""Amounts of a column from which their sizes are compared."""
GAP = 100
"""How many times as large the next amount is, where two units have been mixed; of the amounts of real plans it is below 10."""
ODD = 1 / 3
"""Most of the amounts that can be the odd ones; of more nobody can tell which are."""
SLACK = 3
"""In the other unit the odd ones lie among the rest, or no further off than this."""
_MEASURED = frozenset({"money", "area", "power", "electricity", "water per day", "coal equivalent", "mass", "volume"})
_FIRST = 5


def check_sizes(table: Table, resources: Mapping[str, ResourceSettings]) -> list[Problem]:
    """A warning (``T308``) for each column of amounts of which a few are apart from the rest by a wide gap that another unit of
    the column would close. Amounts of several ``resources`` are compared within each."""
    every = np.arange(len(table))
    groups = [(name, unit, every) for name, unit in table.units.items()]
    if {"resource_id", "amount"} <= set(table.frame.columns):
        of = table.frame["resource_id"].to_numpy(object)
        groups += [("amount", told.unit, every[of == name]) for name, told in resources.items()]
    return [
        one
        for name, unit, rows in groups
        if name in table.origins and _is_measured(unit) and table.frame[name].dtype.kind == "f"
        for one in _odd_ones(table, name, unit, rows)
    ]


def _is_measured(unit: str) -> bool:
    known = known_unit(unit) if unit else None
    return known is not None and (family(known.kind) in _MEASURED or " per " in family(known.kind))


def _odd_ones(table: Table, name: str, unit: str, rows: NDArray[np.int64]) -> list[Problem]:
    column = table.frame[name].to_numpy(float)
    rows = rows[np.isfinite(column[rows]) & (column[rows] > 0)]
    if len(rows) < FEWEST:
        return []
    rows = rows[np.argsort(column[rows], kind="stable")]
    values = column[rows]
    at = int(np.argmax(values[1:] / values[:-1])) + 1
    low, high = values[:at], values[at:]
    odd, rest = (low, high) if len(low) < len(high) else (high, low)
    if high[0] < GAP * low[-1] or len(odd) > ODD * len(values) or (label := _closing(odd, rest, unit)) is None:
        return []
    cells = sorted((rows[:at] if odd is low else rows[at:]).tolist())
    places = [table.place(row, name) for row in cells]
    first = Words.listed(place.cell or place for place in places[:_FIRST])
    shown = table.frame[name][cells[0]]
    said = {
        "count": len(cells),
        "cells": Words(first.zh + " 等", first.en + " and others") if len(cells) > _FIRST else first,
        "rest": f"{rest[0]:,g}–{rest[-1]:,g} {unit}",
        "label": label,
        "meant": f"{shown * float(scale(label, unit)):,g} {unit}",
    }
    return [problem("T308", places[0], table.headers.get(name, name), f"{shown:,.12g} {unit}", **said)]


def _closing(odd: NDArray[np.float64], rest: NDArray[np.float64], unit: str) -> str | None:
    """The unit in which the odd amounts would lie among the rest, nearest to their middle."""
    off: dict[str, float] = {}
    for label in allowed_units(unit):
        with np.errstate(over="ignore"):  # beyond all numbers is not among the rest
            meant = odd * float(scale(label, unit, 1.0))
        if rest[0] / SLACK <= meant.min() and meant.max() <= rest[-1] * SLACK:
            off[label] = abs(float(np.log(np.median(meant) / np.median(rest))))
    return min(off, key=off.__getitem__, default=None)
