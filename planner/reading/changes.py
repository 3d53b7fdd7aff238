"""Cells changed by the plan (``changes`` in plan.yaml, scenarios, questions): new tables, every changed cell an assumption (R5).

A change passes the same checks as a cell of a file: kind, unit, range, references. Codes ``T17x``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.cells import convert
from planner.reading.checks import check_coordinates, check_references
from planner.reading.headers import fold
from planner.reading.table import Table, Tables
from planner.settings.changes import CellChange
from planner.settings.schema import Region
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.spec import OF_RESOURCE, TABLES, resource_columns

Setting = Callable[..., Place | None]
Rows = NDArray[np.int64]


def change_tables(
    tables: Tables, changes: Sequence[CellChange], setting: Setting, region: Region | None = None
) -> tuple[Tables, tuple[Problem, ...]]:
    """The tables with ``changes`` made in order, and what is wrong with them; a change with a problem is not made.

    ``setting`` gives the place of a key path of plan.yaml; ``region`` says where coordinates may lie.
    """
    made = dict(tables.tables)
    problems: list[Problem] = []
    box = Region() if region is None else region
    touched: dict[str, TableSpec] = {}
    for number, change in enumerate(changes):
        at = _Change(change, number, setting)
        table = made.get(change.table)
        if table is None:
            problems.append(at.problem("T171", "table", change.table, names=Words.listed(made)))
            continue
        spec = TABLES[change.table]
        if spec.takes_resources:
            spec = spec.adding(resource_columns(spec.name, tables.resources))
        found = _made(table, spec, at)
        if isinstance(found, Table) and change.column in ("lon", "lat"):
            found = _off_the_ground(found, table, box, at) or found
        if isinstance(found, Table):
            made[change.table] = found
            touched[change.table] = spec
        else:
            problems += found
    problems += _dangling(made, touched, tables)
    return Tables(MappingProxyType(made), tables.resources), tuple(problems)


def _off_the_ground(changed: Table, before: Table, region: Region, at: _Change) -> list[Problem]:
    """Coordinates that a change has put where none may lie."""
    known = {str(one) for one in check_coordinates(before, region)}
    news = [one for one in check_coordinates(changed, region) if str(one) not in known]
    return [at.problem("T177", "column", one.found, column=at.change.column, rule=one.rule) for one in news[:1]]


class _Change:
    """One change and where its parts stand."""

    def __init__(self, change: CellChange, number: int, setting: Setting) -> None:
        self.change, self._number, self._setting = change, number, setting

    def problem(self, code: str, key: str, found: str, **values: object) -> Problem:
        return problem(code, self._setting("changes", self._number, key), f"changes[{self._number + 1}].{key}", found, **values)


def _made(table: Table, spec: TableSpec, at: _Change) -> Table | list[Problem]:
    change = at.change
    column, problems = _column(spec, change.column, "column", at)
    rows: Rows = np.arange(len(table))
    for name, wanted in change.where.items():
        by, missing = _column(spec, name, "where", at)
        problems += missing
        if by is not None:
            problems += _unmet(table, spec, by, wanted, at)
            rows = rows[_matches(table, by, wanted, rows)]
    if column is not None and column.name in spec.key:
        problems.append(at.problem("T173", "column", column.name))
    if not problems and not len(rows):
        problems.append(at.problem("T174", "where", str(dict(change.where)), table=spec.zh, name=spec.name))
    if problems or column is None:
        return problems
    return _written(table, column, rows, at)


def _column(spec: TableSpec, name: str, key: str, at: _Change) -> tuple[Column | None, list[Problem]]:
    """The column of that name or header; what is wrong when there is none."""
    for column in spec.columns:
        if fold(name) in {fold(known) for known in column.known_as}:
            return column, []
    near = nearest(name, spec.names)
    known = Words.listed(spec.names)
    remedy = nearest_words(near, Words(f"可用：{known.zh}", f"there are: {known.en}"))
    return None, [at.problem("T172", key, name, table=spec.zh, name=spec.name, nearest=remedy)]


def _unmet(table: Table, spec: TableSpec, column: Column, wanted: object, at: _Change) -> list[Problem]:
    """Of several wanted values those that no row has: the change would pass them over in silence. (A single one leaves
    no row at all.)"""
    values = wanted if isinstance(wanted, tuple) else ()
    every: Rows = np.arange(len(table))
    unmet = [value for value in values if not _matches(table, column, value, every).any()]
    held = sorted({str(value) for value in table.frame.get(column.name, ())}) if unmet else []
    check = Words("核对这个值", "check the value")
    return [
        at.problem(
            "T182",
            "where",
            str(value),
            table=spec.zh,
            name=spec.name,
            column=column.name,
            nearest=nearest_words(nearest(str(value), held), check),
        )
        for value in unmet
    ]


def _matches(table: Table, column: Column, wanted: object, rows: Rows) -> NDArray[np.bool_]:
    """Which of the rows hold one of the wanted values."""
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    if column.name not in table.frame.columns:
        return np.zeros(len(rows), dtype=bool)
    held = table.frame[column.name].iloc[rows]
    if column.kind == "list":
        return np.array([bool(set(map(str, values)) & set(cell)) for cell in held], dtype=bool)
    asked = convert(column, [_cell(value) for value in values])
    if column.numeric:
        return np.isin(held.to_numpy(float), np.asarray(asked.values, dtype=float))
    return np.asarray(held.isin(list(asked.values)), dtype=bool)


def _cell(value: object) -> object:
    """A value of YAML as a cell would hold it."""
    return ("是" if value else "否") if isinstance(value, bool) else value


def _written(table: Table, column: Column, rows: Rows, at: _Change) -> Table | list[Problem]:
    change, name = at.change, column.name
    if column.unit == OF_RESOURCE:
        column = replace(column, unit="")
    frame = table.frame.copy()
    if name not in frame.columns:
        frame[name] = _blank(column, len(frame))
    key = "set" if change.set is not None else "add" if change.add is not None else "times"
    if change.set is not None:
        cells: list[object] = [_cell(change.set)] * len(rows)
    elif not column.numeric:
        return [at.problem("T175", key, name)]
    else:
        held = frame[name].to_numpy(float)[rows]
        if np.isnan(held).any():
            where = table.place(int(rows[np.isnan(held)][0]), name)
            return [at.problem("T176", key, name, where=str(where))]
        with np.errstate(over="ignore", invalid="ignore"):
            made = held + change.add if change.add is not None else held * (change.times or 0.0)
        cells = ["不限" if was == np.inf and now == np.inf else now for was, now in zip(held, made, strict=True)]
    done = convert(column, cells)
    if column.required and done.blank.any():
        return [at.problem("T177", key, "", column=name, rule=problem("T131", None, name).rule)]
    if done.faults:
        fault = done.faults[0]
        said = problem(fault.code, None, name, fault.found, **fault.values)
        return [at.problem("T177", key, fault.found, column=name, rule=said.rule)]
    frame[name] = _laid(frame[name], rows, done.values)
    marks = table.assumed_cells | {(int(row), name) for row in rows}
    units = dict(table.units) | ({name: column.unit} if column.numeric and column.unit and name not in table.units else {})
    headers = {name: column.zh, **table.headers}
    return replace(
        table,
        frame=frame,
        assumed_cells=marks,
        units=MappingProxyType(units),
        headers=MappingProxyType(headers),
        refused=table.refused - {(int(row), name) for row in rows},
    )


def _blank(column: Column, count: int) -> pd.Series[Any]:
    """A column of blank cells."""
    if column.kind == "list":
        return pd.Series([()] * count, dtype=object)
    if column.numeric:
        return pd.Series(np.full(count, column.blank, dtype=float))
    if column.kind == "flag":
        return pd.Series(np.full(count, bool(column.blank)))
    return pd.Series([column.blank] * count, dtype="str")


def _laid(series: pd.Series[Any], rows: Rows, values: Any) -> pd.Series[Any]:
    laid = series.copy()
    if laid.dtype == object:
        holder = laid.to_numpy(dtype=object).copy()
        for row, value in zip(rows.tolist(), values, strict=True):
            holder[row] = value
        return pd.Series(holder, index=series.index)
    laid.iloc[rows] = values
    return laid


def _dangling(made: Mapping[str, Table], touched: Mapping[str, TableSpec], tables: Tables) -> list[Problem]:
    """References that the changes have broken."""
    ids = {
        name: frozenset(table.frame[TABLES[name].key[0]]) - {""}
        for name, table in made.items()
        if TABLES[name].key[0] in table.frame.columns
    }
    ids["resources"] = frozenset(tables.resources)
    names = {name: spec.zh for name, spec in TABLES.items()}
    found: list[Problem] = []
    for name, spec in touched.items():
        before = {str(one) for one in check_references(spec, tables[name], ids, names)[0]}
        found += [one for one in check_references(spec, made[name], ids, names)[0] if str(one) not in before]
    return found
