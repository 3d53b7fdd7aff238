"""One source of a table, from its grid to a :class:`~planner.reading.table.Table`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from planner.language import Words
from planner.problems import Problem
from planner.reading.cells import Fault, convert, extra_column
from planner.reading.grid import Grid, Merged, column_letter
from planner.reading.headers import Layout, header_row, match_headers
from planner.reading.table import Origin, Table, TableInput
from planner.settings.schema import TableSource
from planner.tables.codes import problem
from planner.tables.column import Column, TableSpec
from planner.tables.spec import OF_RESOURCE
from planner.tables.units import Header, UnitError, allowed_units, known_unit, scale, without_year


@dataclass
class _Reading:
    """The table as it grows, column by column; lives only inside :func:`read_source`."""

    grid: Grid
    layout: Layout
    source: TableSource
    spec: TableSpec
    positions: np.ndarray[tuple[int], np.dtype[np.int64]]
    problems: list[Problem]
    series: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)
    assumed_cells: set[tuple[int, str]] = field(default_factory=set)
    refused: set[tuple[int, str]] = field(default_factory=set)

    def cells(self, at: int) -> list[object]:
        rows = self.grid.rows
        return [rows[row][at] if at < len(rows[row]) else None for row in self.positions.tolist()]

    def note(self, name: str, at: int, values: Any, assumed: Sequence[int]) -> None:
        header = self.layout.headers[at]
        self.series[name], self.headers[name], self.origins[name] = values, header.text, Origin(0, at)
        if header.assumed:
            self.assumed.add(name)
        self.assumed_cells.update((row, name) for row in assumed)

    def report(self, fault: Fault, name: str, at: int, extra: bool = False) -> None:
        place = self.grid.place(int(self.positions[fault.row]), at)
        found = problem(fault.code, place, self.layout.headers[at].text, fault.found, **fault.values)
        self.problems.append(replace(found, severity="warning") if extra else found)
        self.refused.add((fault.row, name))


def layout_of(grid: Grid, spec: TableSpec, source: TableSource) -> tuple[Layout | None, list[Problem]]:
    """The layout alone, for what other sources of the table want to know; None of an empty file."""
    row = header_row(grid, spec, source)
    return (None, [problem("T109", grid.place(), spec.zh)]) if row is None else match_headers(grid, row, spec, source)


def read_source(
    grid: Grid, spec: TableSpec, source: TableSource, elsewhere: Collection[str] = (), first: bool = True
) -> tuple[Table | None, list[Problem]]:
    """The table that ``grid`` holds. Required columns may be ``elsewhere``, in another source, but for the key.

    None when nothing can be told: no header, no rows, or no key.
    """
    row = header_row(grid, spec, source)
    if row is None:
        return None, [problem("T109", grid.place(), spec.zh)]
    layout, problems = match_headers(grid, row, spec, source, elsewhere)
    lacking = [
        c
        for c in spec.columns
        if c.required and c.name not in layout.columns and (c.name in spec.key or (first and c.name not in elsewhere))
    ]
    for column in lacking:
        aliases = Words("、".join((column.zh, *column.aliases[:3])), column.name)
        place = grid.place(row) if not grid.layer else grid.place()
        problems.append(problem("T121", place, column.zh, table=spec.zh, name=column.name, aliases=aliases))
    body = range(row + 1, len(grid.rows))
    ragged = _ragged(grid, layout) if grid.sheet is None else {}
    problems += ragged.values()
    filled = [at for at in body if grid.layer or (at not in ragged and _has_content(grid.rows[at]))]
    if not filled:
        return None, problems if ragged else [*problems, problem("T109", grid.place(), spec.zh)]
    reading = _Reading(grid, layout, source, spec, np.array(filled, dtype=np.int64), problems)
    for column in spec.columns:
        if column.name in layout.columns:
            _read_column(reading, column, layout.columns[column.name])
    for name, at in layout.extra.items():
        _read_extra(reading, name, at)
    _check_merged(reading)
    _add_geometry(reading)
    return (None if any(c.name in spec.key for c in lacking) else _table(reading)), problems


def _has_content(row: Sequence[object]) -> bool:
    return any(cell is not None and str(cell).strip() != "" for cell in row)


def _ragged(grid: Grid, layout: Layout) -> dict[int, Problem]:
    """Rows of a CSV that have fewer or more cells than the header: their cells may stand in the wrong columns."""
    width, found = len(layout.headers), {}
    for at in range(layout.row + 1, len(grid.rows)):
        row = grid.rows[at]
        if len(row) == width or (len(row) > width and not _has_content(row[width:])) or not _has_content(row):
            continue
        cells = len(row)
        what = Words(f"此行有 {cells} 格，表头有 {width} 格", f"this row has {cells} cells, the header {width}")
        found[at] = problem("T107", grid.place(at), grid.file, what=what)
    return found


def _read_column(reading: _Reading, column: Column, at: int) -> None:
    unit = _unit_of(reading, column, at) if column.numeric else None
    if unit is None and column.numeric:
        values: Any = np.full(len(reading.positions), np.nan)
        reading.note(column.name, at, values, ())
        reading.refused.update((row, column.name) for row in range(len(values)))
        return
    if column.unit == OF_RESOURCE:
        column = replace(column, unit=unit or "")
    if column.kind in ("lon", "lat") and "coordinates" not in reading.source.model_fields_set:
        _check_system(reading, at)
    done = convert(column, reading.cells(at), unit)
    reading.note(column.name, at, done.values, done.assumed)
    if column.numeric and column.unit:
        reading.units[column.name] = column.unit
    for fault in done.faults:
        reading.report(fault, column.name, at)
    if column.required and column.name not in reading.spec.key:
        for row in np.flatnonzero(done.blank):
            if (int(row), column.name) not in reading.refused:
                reading.report(Fault(int(row), "T131", ""), column.name, at)


_SYSTEMS = {"GCJ-02": re.compile("gcj|火星|高德|amap", re.I), "BD-09": re.compile("bd-?_?09|百度|baidu", re.I)}


def _check_system(reading: _Reading, at: int) -> None:
    """A header that speaks of shifted coordinates, of which plan.yaml says nothing."""
    header = reading.layout.headers[at].text
    for system, speaks_of in _SYSTEMS.items():
        if speaks_of.search(header):
            place = reading.grid.place(reading.layout.row, at)
            reading.problems.append(problem("T184", place, header, system=system))


def _unit_of(reading: _Reading, column: Column, at: int) -> str | None:
    """The unit that the file has the column in; None, with a problem, when it is not one the column can have.

    plan.yaml's ``units`` says what a header without a unit means, and may say what one means that cannot stand (吨 for
    a daily use of water); it may not contradict a header that can.
    """
    header = reading.layout.headers[at]
    told = reading.source.units.get(column.name)
    if column.unit == OF_RESOURCE:
        return told or header.unit or ""
    stated, wanted = _as_unit(header.unit, column), _as_unit(told, column)
    if wanted is None and stated is None:
        return column.unit if _default_unit_stands(reading, column, header) else None
    possible = [unit for unit in (wanted, stated) if unit is not None and _fits(unit, column)]
    if len({scale(unit, column.unit) for unit in possible}) == 1 and (wanted is None or wanted in possible):
        return possible[0]
    found = header.unit if told is None else f"{header.unit or ''} / units: {told}"
    allowed = allowed_units(column.unit)
    words = Words.listed(allowed)
    if not allowed:
        words = Words("无", "none")
        if column.resource:
            words = Words("无，资源没有声明 unit", "none, as the resource declares no unit")
    place = reading.grid.place(reading.layout.row, at)
    reading.problems.append(problem("T126", place, header.text, found or "", allowed=words, name=column.name))
    return None


_NOTE = re.compile(r"单位\s*[:：]?\s*([^\s()（）]+)")


def _default_unit_stands(reading: _Reading, column: Column, header: Header) -> bool:
    """Whether nothing written above the header (``单位：亿元、亩``) contradicts the unit a column has by default."""
    above = [cell for row in reading.grid.rows[: reading.layout.row] for cell in row if isinstance(cell, str)]
    for note in (match[1] for cell in above for match in _NOTE.finditer(cell)):
        for stated in re.split(r"[、,，;；/和]", note):
            unit, own = known_unit(stated), known_unit(column.unit)
            if unit is not None and own is not None and unit.kind == own.kind and unit.factor != own.factor:
                place = reading.grid.place(reading.layout.row, reading.layout.columns[column.name])
                said = {"note": note, "unit": column.unit, "header": header.name, "stated": stated}
                reading.problems.append(problem("T144", place, header.text, name=column.name, **said))
                return False
    return True


def _as_unit(label: str | None, column: Column) -> str | None:
    """The label as a unit of the column: ``万元/年`` of a yearly amount is ``万元``; a remark on a column that has no
    unit is none."""
    if label is None:
        return None
    if column.unit == "" and not column.resource and known_unit(label) is None:
        return None
    return without_year(label) if column.yearly and not _fits(label, column) else label


def _fits(unit: str, column: Column) -> bool:
    try:
        scale(unit, column.unit)
    except UnitError:
        return False
    return True


def _read_extra(reading: _Reading, name: str, at: int) -> None:
    values, assumed, faults = extra_column(reading.cells(at))
    reading.note(name, at, values, assumed)
    unit = reading.source.units.get(name) or reading.layout.headers[at].unit
    if unit is not None and known_unit(unit) is not None:
        reading.units[name] = unit
    for fault in faults:
        reading.report(fault, name, at, extra=True)


def _check_merged(reading: _Reading) -> None:
    """A cell merged over several rows has its value in the first only: the others would be blank."""
    for span in reading.grid.merged:
        for name, at in reading.layout.columns.items():
            (top, left), (bottom, right) = span
            if left <= at <= right and top > reading.layout.row:
                place = reading.grid.place(top, at)
                header = reading.layout.headers[at].text
                reading.problems.append(problem("T142", place, header, range=_span(span)))
                rows = np.flatnonzero((reading.positions >= top) & (reading.positions <= bottom))
                reading.refused.update((int(row), name) for row in rows)


def _span(span: Merged) -> str:
    (top, left), (bottom, right) = span
    return f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"


def _add_geometry(reading: _Reading) -> None:
    """Shapes of a layer, and the coordinates of a point on each where the layer has no columns for them."""
    if reading.grid.geometry is None:
        return
    shapes: list[Any] = [reading.grid.geometry[at - 1] for at in reading.positions.tolist()]
    holder = np.empty(len(shapes), dtype=object)
    holder[:] = shapes
    reading.series["geometry"] = holder
    if not reading.spec.has("lon") or {"lon", "lat"} & reading.layout.columns.keys():
        return
    points = [None if shape is None or shape.is_empty else shape.representative_point() for shape in shapes]
    reading.series["lon"] = np.array([np.nan if p is None else p.x for p in points])
    reading.series["lat"] = np.array([np.nan if p is None else p.y for p in points])
    reading.units.update(lon="degree", lat="degree")


def _table(reading: _Reading) -> Table:
    grid, source = reading.grid, reading.source
    made = TableInput(
        source.file,
        None if grid.layer else grid.sheet,
        grid.sheet if grid.layer else None,
        grid.sha256,
        len(reading.positions),
        grid.encoding,
        source.source,
    )
    order = [*(name for name in reading.spec.names if name in reading.series), *reading.layout.extra]
    order += ["geometry"] if "geometry" in reading.series else []
    frame = pd.DataFrame({name: _series(reading.series[name]) for name in order})
    for column in reading.spec.columns:
        if column.default_from is not None and {column.name, column.default_from} <= set(order):
            frame[column.name] = frame[column.name].where(frame[column.name] != "", frame[column.default_from])
    return Table(
        name=reading.spec.name,
        frame=frame,
        headers=MappingProxyType(reading.headers),
        assumed=frozenset(reading.assumed),
        assumed_cells=frozenset(reading.assumed_cells),
        units=MappingProxyType(reading.units),
        inputs=(made,),
        extra=tuple(reading.layout.extra),
        refused=frozenset(reading.refused),
        coordinates=source.coordinates,
        origins=MappingProxyType(reading.origins),
        positions=(reading.positions,),
    )


def _series(values: Any) -> pd.Series[Any]:
    if isinstance(values, np.ndarray):
        return pd.Series(values)
    if values and isinstance(values[0], tuple):
        holder = np.empty(len(values), dtype=object)
        holder[:] = values
        return pd.Series(holder)
    return pd.Series(values, dtype="str")
