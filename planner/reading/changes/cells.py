"""A column changed in some rows; what plan.yaml writes in place of a cell, as a cell of a file would hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import isinf
from types import MappingProxyType

import numpy as np

from planner.language import Words
from planner.problems import Problem
from planner.reading.cells import Converted, convert, whole
from planner.reading.changes.state import Ints, State, labels_of
from planner.reading.table import Table
from planner.settings.base import factor_of
from planner.settings.changes import Change, Value
from planner.settings.document import Keys
from planner.settings.filters import amount_of, amount_parts
from planner.tables.codes import problem
from planner.tables.column import Column
from planner.tables.facts import amount_in, comparable
from planner.tables.misfits import units_said
from planner.tables.spec import OF_RESOURCE, TABLES
from planner.tables.units import UnitError, known_unit

SHOWN = 5
"""Rows that a message names at most."""


def changed_cells(state: State, change: Change, way: str, rows: Ints, keys: Keys) -> Table | None:
    """The table with the column changed in ``rows``, the ``way`` that is written; None, and the problems noted, where it cannot be."""
    name, table = change.table, state.tables[change.table]
    column = column_changed(state, change, keys)
    if column is None or state.refused.part(*keys, way):
        return None
    frame, units, at = table.frame.copy(), state.units(name, column, rows), (*keys, way)
    if column.name not in frame.columns:
        frame[column.name] = convert(_plain(column), [None] * len(frame)).array
    # Where no row is meant (the filter has been refused), what is written is judged all the same, in every unit that rows have.
    different = list(dict.fromkeys(units or state.units(name, column)))
    if change.set is not None:
        of_unit = {unit: cell_of(state, name, column, change.set, unit, at) for unit in different}
        judged = [cell for cell in of_unit.values() if cell is not REFUSED]
        if len(judged) < len(of_unit) or not _usable(state, column, judged, at):
            return None
        written = [of_unit[unit] for unit in units]
    else:
        held = _numbers(state, table, column, rows, at, frame[column.name].to_numpy(float) if column.numeric else None)
        more = None if held is None or change.add is None else _amounts(state, column, change.add, different, at)
        if held is None or (more is None and change.add is not None):
            return None
        reckoned = _sums(held, units, more) if more is not None else _products(state, change, held, at)
        labels = labels_of(table)
        if reckoned is None or not _usable(state, column, reckoned, at, [labels[row].words for row in rows.tolist()]):
            return None
        written = reckoned
    if not len(rows):
        return None
    converted = convert(_plain(column), written)
    series = frame[column.name].copy()
    series.iloc[rows] = np.asarray(converted.array)
    frame[column.name] = series
    marked = {(row, column.name) for row in rows.tolist()}
    state.spots |= {table.place(row, column.name): at for row in rows.tolist()} if column.reference else {}
    unit = {column.name: column.unit} if column.numeric and column.unit not in ("", OF_RESOURCE) else {}
    further = not state.spec(name).has(column.name) and column.name not in table.extra
    return replace(
        table,
        frame=frame,
        assumed_cells=table.assumed_cells | marked,
        units=MappingProxyType({**table.units, **unit}),
        headers=MappingProxyType({column.name: column.zh, **table.headers}),
        extra=(*table.extra, column.name) if further else table.extra,
        refused=table.refused - marked,
        changed=table.changed | marked,
    )


def column_changed(state: State, change: Change, keys: Keys) -> Column | None:
    """The column that a change is of; None, and the problem noted, where it cannot be changed."""
    if change.column is None or state.refused.part(*keys, "column"):
        return None
    column = state.column(change.table, change.column)
    if column is None:
        state.unknown("T172", (*keys, "column"), change.table, change.column)
    elif column.name in TABLES[change.table].key:
        state.wrong("T173", (*keys, "column"), column.name)
        return None
    return column


class _Refused:
    """Stands for a cell of which a problem has been told."""


REFUSED = _Refused()


def _plain(column: Column) -> Column:
    """The column in no unit of its own, where each row has one."""
    return replace(column, unit="") if column.unit == OF_RESOURCE else column


def cell_of(state: State, name: str, column: Column, value: Value, unit: str, keys: Keys) -> object:
    """A value of plan.yaml as a cell of a column in ``unit``: an amount with its unit converted, a name as the id that it stands for;
    :data:`REFUSED` where a problem was noted."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        entries = [cell_of(state, name, column, entry, unit, keys) for entry in value]
        return REFUSED if REFUSED in entries else ";".join(map(whole, entries))
    if not isinstance(value, str):
        return value
    if column.numeric:
        amount = amount_of(value)
        try:
            return value if amount is None or not _has_unit(amount, unit) else amount_in(amount, unit)
        except UnitError:
            state.wrong("T356", keys, value, column=column.name, **units_said([unit]))
            return REFUSED
    return _id_of(state, name, column, value, keys) if column.kind in ("id", "list") else value


def _has_unit(amount: str, unit: str) -> bool:
    """Whether what stands behind a number is a unit, and no rest of a number that was not understood."""
    own = amount_parts(amount)[1]
    return own == unit or known_unit(own) is not None


def _id_of(state: State, name: str, column: Column, value: str, keys: Keys) -> object:
    """The id that a name stands for, in a column that refers to rows with names; other texts as they are."""
    own = column.name == TABLES[name].key[0] and column.reference is None
    names = {} if own else state.names(name, column)
    ids = names.get(comparable(value), ())
    if value in {one for several in names.values() for one in several} or not ids:
        return value
    if len(ids) > 1:
        state.wrong("T355", keys, value, ids=Words.listed(ids[:10]))
        return REFUSED
    return ids[0]


def accepted(
    state: State, column: Column, converted: Converted, keys: Sequence[Keys], blanks: bool, rows: Sequence[Words] = ()
) -> bool:
    """Note what is wrong with the cells of a column, each at its keys; with ``blanks`` also that they are blank and must not be.
    ``rows``: the rows that they are of, where they were reckoned from what stands there. Whether all can be used."""
    found: dict[tuple[Keys, str, str], Problem] = {}
    in_rows: dict[tuple[Keys, str, str], list[Words]] = {}
    for fault in converted.faults:
        said = problem(fault.code, state.setting(*keys[fault.row]), column.name, fault.found, **fault.values)
        key = (keys[fault.row], fault.code, "" if rows else fault.found)
        found.setdefault(key, said)
        if rows:
            row = rows[fault.row]
            in_rows.setdefault(key, []).append(Words(f"{row.zh} {fault.found}", f"{row.en} {fault.found}"))
    if blanks and column.required and converted.blank.any():
        said = problem("T131", None, column.name)
        found |= {(keys[row], "T131", ""): said for row in np.flatnonzero(converted.blank).tolist() if not converted.faults}
    for key, said in found.items():
        if said.severity == "error":
            where = Words.listed(in_rows.get(key, []), SHOWN)
            of = Words(f"；{where.zh}", f"; {where.en}") if where.zh else where
            state.wrong("T177", key[0], said.found, column=column.name, rule=said.rule, rows=of)
        else:
            state.problems.append(said)
    return not any(said.severity == "error" for said in found.values())


def _usable(state: State, column: Column, cells: Sequence[object], keys: Keys, rows: Sequence[Words] = ()) -> bool:
    """Whether a column can hold these cells, all written by one key."""
    return accepted(state, column, convert(_plain(column), cells), [keys] * len(cells), True, rows)


def _numbers(state: State, table: Table, column: Column, rows: Ints, keys: Keys, held: object) -> list[float] | None:
    """What stands in the rows, where that is numbers throughout."""
    if not column.numeric:
        state.wrong("T175", keys, column.name)
        return None
    if any((row, column.name) in table.refused for row in rows.tolist()):
        return None
    numbers = np.asarray(held, dtype=float)[rows]
    if np.isnan(numbers).any():
        state.wrong("T176", keys, column.name, where=str(table.place(int(rows[np.isnan(numbers)][0]), column.name)))
        return None
    return [float(number) for number in numbers]


def _amounts(state: State, column: Column, amount: float | str, units: Sequence[str], keys: Keys) -> dict[str, Fraction] | None:
    """An amount in each of the units; None, and the problem noted, where it does not convert."""
    try:
        return {unit: Fraction(repr(amount_in(amount, unit))) for unit in units}
    except UnitError:
        state.wrong("T356", keys, str(amount), column=column.name, **units_said(list(units)))
        return None


def _sums(held: list[float], units: Sequence[str], more: dict[str, Fraction]) -> list[object]:
    """The numbers with something added: exactly, rounded once. What is unlimited stays so."""
    return ["不限" if isinf(was) else _float(Fraction(repr(was)) + more[unit]) for was, unit in zip(held, units, strict=True)]


def _products(state: State, change: Change, held: list[float], keys: Keys) -> list[object] | None:
    """The numbers multiplied: exactly, rounded once. What is unlimited stays so, but for a factor of 0."""
    factor = factor_of(change.times or 0.0)
    if not factor and any(map(isinf, held)):
        state.wrong("T361", keys, str(change.times))
        return None
    return ["不限" if isinf(was) else _float(Fraction(repr(was)) * factor) for was in held]


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return 1e300
