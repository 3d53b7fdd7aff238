"""Cities and districts that a table names: codes read as names, one place under two names, points outside of what is named,
and points of rows that have none, from the name, where the plan asks for them.

Names that are no division of the country (高新区, a city abroad) are texts like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.geography.coordinates import from_wgs84, kilometres, to_wgs84
from planner.geography.divisions import Division, areas, code_in, find
from planner.language import Words
from planner.problems import Problem
from planner.reading.table import Cell, Table
from planner.tables.codes import problem
from planner.tables.spec import TABLES

_COLUMNS = ("province", "city", "county")
"""Columns that name divisions, the largest first: each lies in those before it."""
NEAR_KM = 3.0
"""Boundaries are drawn about so roughly: a point no farther outside counts as inside."""
_Named = dict[str, list[tuple[Division, ...]]]
"""Column → for each row what its cell may name."""


def read_places(table: Table, points_from_names: bool) -> tuple[Table, list[Problem]]:
    """The table with codes as names and one name for each place; where asked for, with a point for each row that has none and
    names a division: a point inside of it, marked as an assumption."""
    own = {column.name for column in TABLES[table.name].columns if column.kind == "list"}  # of places that a row is meant for
    columns = [
        name for name in _COLUMNS if name in table.frame.columns and name not in own and table.frame[name].astype(bool).any()
    ]
    if not columns:
        return table, []
    named, problems = _named(table, columns)
    table, renamed = _one_name_each(table, named)
    smallest = [next((row[0] for row in rows[::-1] if len(row) == 1), None) for rows in zip(*named.values(), strict=True)]
    where: dict[int, Division] = {row: one for row, one in enumerate(smallest) if one is not None}
    problems += renamed + _outside(table, where)
    if points_from_names:
        table, unplaced = _with_points(table, named, where)
        problems += unplaced
    return table, problems


def _named(table: Table, columns: list[str]) -> tuple[_Named, list[Problem]]:
    """What each cell names, looked for inside of what the cells before it name; codes that no division has (``T237``), and names
    that only divisions elsewhere have (``T238``)."""
    named: _Named = {name: [] for name in columns}
    problems: list[Problem] = []
    known: dict[tuple[str, str, str], tuple[Division, ...]] = {}
    for row, cells in enumerate(zip(*(table.frame[name].tolist() for name in columns), strict=True)):
        within, upper = "", ""
        for column, cell in zip(columns, cells, strict=True):
            key = (cell, column, within)
            if key not in known:
                known[key] = (find(cell, column, within) or find(cell, column)) if cell else ()
            found = known[key]
            named[column].append(found)
            header = table.headers.get(column, column)
            if not found and len(cell) > 4 and code_in(cell) is not None:
                problems.append(problem("T237", table.place(row, column), header, cell, why=_NO_CODE, remedy=_CHECK_CODE))
            elif found and not any(one.code.startswith(within) for one in found):
                why = Words(f"同一行写的是 {upper}，其中没有 {cell}", f"the same row says {upper}, in which there is no {cell}")
                problems.append(problem("T238", table.place(row, column), header, cell, why=why))
            elif len(found) == 1:
                within, upper = found[0].prefix, cell
    return named, problems


_NO_CODE = Words("不是 GB/T 2260 的现行代码", "is no code of GB/T 2260 in force")
_CHECK_CODE = Words("核对代码，或改写名称", "check the code, or write the name")


def _one_name_each(table: Table, named: _Named) -> tuple[Table, list[Problem]]:
    """Codes as the names they stand for, and one name for a place that the column names in two ways (``T239``): rules that
    count by city would take them for two."""
    frame, problems = table.frame.copy(), []
    for column, rows in named.items():
        cells = frame[column].tolist()
        told = [row[0] if len(row) == 1 else None for row in rows]
        spelt: dict[Division, Counter[str]] = {}
        for cell, one in zip(cells, told, strict=True):
            if one is not None:
                spelt.setdefault(one, Counter())[cell] += 1
        both = {one: spellings for one, spellings in spelt.items() if len(spellings) > 1}
        frame[column] = pd.Series(
            [
                one.name if one is not None and (one in both or code_in(cell)) else cell
                for cell, one in zip(cells, told, strict=True)
            ],
            dtype=frame[column].dtype,
        )
        for one, spellings in both.items():
            odd = min((spelling == one.name, count, spelling) for spelling, count in spellings.items())[2]
            row = next(at for at, cell in enumerate(cells) if cell == odd and told[at] == one)
            others = "、".join(spelling for spelling in spellings if spelling != odd)
            said = {"others": others, "name": one.name}
            problems.append(problem("T239", table.place(row, column), table.headers.get(column, column), odd, **said))
    return replace(table, frame=frame), problems


def _points(table: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude as the table has them; NaN where it has none."""
    lon, lat = (
        table.frame[name].to_numpy(float) if name in table.frame.columns else np.full(len(table), np.nan) for name in ("lon", "lat")
    )
    return lon, lat


def _outside(table: Table, where: Mapping[int, Division]) -> list[Problem]:
    """Points outside of the smallest division that their row names."""
    import shapely

    given = _points(table)
    rows = [row for row in where if np.isfinite(given[0][row]) and np.isfinite(given[1][row])]
    if not rows:
        return []
    lon, lat = to_wgs84(given[0][rows], given[1][rows], table.coordinates)
    shapes = areas({where[row] for row in rows})
    held = np.array([shapes.get(where[row]) for row in rows], dtype=object)
    points = np.asarray(shapely.points(lon, lat))
    shapely.prepare(list(shapes.values()))
    out = np.flatnonzero(~shapely.intersects(held, points))
    ends = shapely.get_coordinates(shapely.shortest_line(points[out], held[out])).reshape(-1, 2, 2)
    off = kilometres(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1])
    header, problems = " / ".join(table.headers.get(name, name) for name in ("lon", "lat")), []
    for at, km in zip(out.tolist(), off.tolist(), strict=True):
        if km > NEAR_KM:
            row, name = rows[at], where[rows[at]].name
            why = Words(f"在所写的 {name} 之外 {km:.0f} 公里", f"{km:.0f} km outside of {name}, which the row names")
            found = f"{given[0][row]:g}, {given[1][row]:g}"
            problems.append(problem("T238", table.place(row, "lon"), header, found, why=why))
    return problems


def _with_points(table: Table, named: _Named, where: Mapping[int, Division]) -> tuple[Table, list[Problem]]:
    """Rows without coordinates with those of a point in the division they name; a row that names none, or several, is told."""
    lon, lat = (axis.copy() for axis in _points(table))
    blank = [row for row in np.flatnonzero(np.isnan(lon) & np.isnan(lat)).tolist() if (row, "lon") not in table.refused]
    shapes = areas({where[row] for row in blank if row in where})
    rows = [row for row in blank if where.get(row) in shapes]
    points = [shapes[where[row]].representative_point() for row in rows]
    x, y = from_wgs84([point.x for point in points], [point.y for point in points], table.coordinates)
    lon[rows], lat[rows] = np.round(x, 6), np.round(y, 6)
    cells: frozenset[Cell] = frozenset((row, name) for row in rows for name in ("lon", "lat"))
    placed = replace(
        table,
        frame=table.frame.assign(lon=lon, lat=lat),
        assumed_cells=table.assumed_cells | cells,
        headers=MappingProxyType({"lon": "lon", "lat": "lat", **table.headers}),
        units=MappingProxyType({**table.units, "lon": "degree", "lat": "degree"}),
    )
    return placed, list(_unplaced(table, named, [row for row in blank if row not in set(rows)]))


def _unplaced(table: Table, named: _Named, rows: list[int]) -> Iterator[Problem]:
    """Rows whose names give no point."""
    for row in rows:
        column = next((name for name in reversed(named) if table.frame[name][row]), next(iter(named)))
        meant = next((found for found in (named[name][row] for name in reversed(named)) if found), ())
        why = Words("不是行政区划的名称，得不到坐标", "is no name of a division, and gives no point")
        if meant:
            why = Words("可指多处：{which}", "may be any of {which}").fill(
                which=Words.listed(f"{one.name} {one.code}" for one in meant)
            )
        remedy = Words("填写经度、纬度，或写全名称", "give lon and lat, or the full name")
        cell = str(table.frame[column][row])
        told = problem("T237", table.place(row, column), table.headers.get(column, column), cell, why=why, remedy=remedy)
        yield replace(told, severity="warning")
