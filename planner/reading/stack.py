"""Tables whose rows stand one below the other: several files, several sheets, several columns of one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from planner.geography.coordinates import to_wgs84
from planner.problems import Problem
from planner.reading.table import Cell, Origin, Table, TableInput
from planner.tables.codes import problem
from planner.tables.column import TableSpec


def stacked(spec: TableSpec, tables: Sequence[Table]) -> tuple[Table, list[Problem]]:
    """One table of the rows of all, in their order, each with its own place. A column that some do not have is blank in their
    rows; a further column in two units is a problem, as nothing converts it."""
    if len(tables) == 1:
        return tables[0], []
    tables = _in_one_system(tables)
    inputs = _inputs(tables)
    number_of = {_key(held): number for number, held in enumerate(inputs)}
    starts = np.cumsum([0, *(len(table) for table in tables)])
    columns = dict.fromkeys(name for table in tables for name in table.frame.columns)
    order = [*(name for name in spec.names if name in columns), *(name for name in columns if not spec.has(name))]
    frame = pd.DataFrame({name: _column(spec, name, tables) for name in order})
    positions = [np.full(len(frame), -1, dtype=np.int64) for _ in inputs]
    origins: dict[str, Origin] = {}
    for table, start, end in zip(tables, starts, starts[1:], strict=False):
        for held, lines in zip(table.inputs, table.positions, strict=True):
            positions[number_of[_key(held)]][start:end] = lines
        for name, origin in table.origins.items():
            whole = origins.setdefault(name, Origin(np.zeros(len(frame), np.int64), np.full(len(frame), -1, np.int64)))
            assert not isinstance(whole.input, int)
            assert not isinstance(whole.column, int)
            whole.column[start:end] = origin.column
            whole.input[start:end] = [number_of[_key(table.inputs[at])] for at in origin.inputs(end - start)]
    marked = {name for name in order if all(name in table.assumed for table in tables if name in table.frame.columns)}
    assumed = {(row, name) for row, name in _moved(tables, starts, "assumed_cells")}
    for table, start, end in zip(tables, starts, starts[1:], strict=False):
        assumed |= {(row, name) for name in table.assumed - marked for row in range(start, end)}
    return Table(
        name=spec.name,
        frame=frame,
        headers=MappingProxyType({name: text for table in reversed(tables) for name, text in table.headers.items()}),
        assumed=frozenset(marked & {name for table in tables for name in table.assumed}),
        assumed_cells=frozenset(assumed),
        units=MappingProxyType({name: unit for table in reversed(tables) for name, unit in table.units.items()}),
        inputs=inputs,
        extra=tuple(dict.fromkeys(name for table in tables for name in table.extra)),
        refused=frozenset(_moved(tables, starts, "refused")),
        left_out=any(table.left_out for table in tables),
        coordinates=tables[0].coordinates,
        origins=MappingProxyType(origins),
        positions=tuple(positions),
    ), _two_units(tables)


def _in_one_system(tables: Sequence[Table]) -> list[Table]:
    """The tables with their points in one system of coordinates: WGS84 where they are in several."""
    if len({table.coordinates for table in tables if "lon" in table.frame.columns}) < 2:
        system = next((table.coordinates for table in tables if "lon" in table.frame.columns), tables[0].coordinates)
        return [replace(table, coordinates=system) for table in tables]
    converted = []
    for table in tables:
        frame = table.frame
        if {"lon", "lat"} <= set(frame.columns):
            lon, lat = to_wgs84(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float), table.coordinates)
            frame = frame.assign(lon=lon, lat=lat)
        converted.append(replace(table, frame=frame, coordinates="WGS84"))
    return converted


def _key(held: TableInput) -> tuple[object, ...]:
    return held.file, held.sheet, held.layer, held.sha256


def _inputs(tables: Sequence[Table]) -> tuple[TableInput, ...]:
    """Every input once, with all the rows that come from it."""
    found: dict[tuple[object, ...], TableInput] = {}
    for held in (held for table in tables for held in table.inputs):
        before = found.get(_key(held))
        found[_key(held)] = held if before is None else replace(held, rows=before.rows + held.rows)
    return tuple(found.values())


def _column(spec: TableSpec, name: str, tables: Sequence[Table]) -> pd.Series[Any]:
    """The column of all tables; one that is numbers in some and text in others is text."""
    dtypes = {table.frame[name].dtype for table in tables if name in table.frame.columns}
    numbers = all(dtype.kind == "f" for dtype in dtypes)
    blank = spec.column(name).blank if spec.has(name) else np.nan if numbers else None if name == "geometry" else ""
    parts: list[Any] = []
    for table in tables:
        own = table.frame[name].tolist() if name in table.frame.columns else [blank] * len(table)
        mixed = not spec.has(name) and name != "geometry" and not numbers
        parts += ["" if value != value else str(value) for value in own] if mixed else own
    dtype = next(iter(dtypes)) if len(dtypes) == 1 else "str" if not numbers else float
    return pd.Series(parts, dtype=dtype)


def _moved(tables: Sequence[Table], starts: Any, cells: str) -> set[Cell]:
    return {(int(start) + row, name) for table, start in zip(tables, starts, strict=False) for row, name in getattr(table, cells)}


def _two_units(tables: Sequence[Table]) -> list[Problem]:
    """Further columns that are in different units in two of the tables."""
    first: dict[str, tuple[str, Table]] = {}
    problems = []
    for table in tables:
        for name in table.extra:
            unit, other = first.setdefault(name, (table.units.get(name, ""), table))
            if unit != table.units.get(name, ""):
                said = {"other": str(other.place(None, name)), "units": f"{unit or '—'} / {table.units.get(name, '') or '—'}"}
                problems.append(problem("T187", table.place(None, name), table.headers[name], **said))
    return problems
