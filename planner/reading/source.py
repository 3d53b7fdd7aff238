"""One source of a table, from its grid to a :class:`~planner.reading.table.Table`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Problem
from planner.reading.amounts import Reading, Unread, says_nothing
from planner.reading.beside import broken_headers, scaled, unseen
from planner.reading.cells import TEXT, Converted, Fault, convert, doubtful_comma, extra_column, has_decimal_comma
from planner.reading.headers import Layout, header_row, match_headers, missing_column
from planner.reading.points import holds_degrees, holds_pairs, names_pair, read_pair
from planner.reading.rows.body import body_of
from planner.reading.rows.void import void_rows
from planner.reading.stated_units import Said, check_units_of_rows, own_unit, stated_unit, units_of_rows, what_is_said
from planner.reading.systems import check_system
from planner.reading.table import Cell, Grid, Origin, Table, TableInput, column_letter, filled
from planner.reading.unit_places.row import under_header
from planner.settings.filters import conditions
from planner.settings.schema import ResourceSettings
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.codes import problem
from planner.tables.column import Column, TableSpec
from planner.tables.form import is_form
from planner.tables.spec import OF_RESOURCE
from planner.tables.units import known_unit, scale
from planner.tables.units import scaled as times


@dataclass
class _Reading:
    """The table as it grows, column by column; lives only inside :func:`read_source`."""

    grid: Grid
    layout: Layout
    source: TableSource
    spec: TableSpec
    positions: NDArray[np.int64]
    """Row of the grid that each row of the table is."""
    said: Said
    resources: Mapping[str, ResourceSettings]
    problems: list[Problem]
    arrays: dict[str, Any] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    assumed_cells: set[Cell] = field(default_factory=set)
    refused: set[Cell] = field(default_factory=set)
    decimal_commas: bool = False
    """Whether the table writes decimals with a comma somewhere."""

    by_assumption: set[str] = field(default_factory=set)
    """Columns that the plan converts by an assumption of its own, the power factor."""

    @property
    def on_shapes(self) -> bool:
        """Whether the points of the table are taken from its shapes."""
        return self.grid.geometry is not None and not {"lon", "lat"} & self.layout.columns.keys()

    def cells(self, at: int) -> list[object]:
        rows = self.grid.rows
        return [rows[row][at] if at < len(rows[row]) else None for row in self.positions.tolist()]

    def figures(self, at: int) -> list[object]:
        """The cells of a column of numbers: 1,234 is doubtful where the table has a 10,5 anywhere, 1.234 where the column has."""
        cells = self.cells(at)
        if not self.decimal_commas:
            return cells
        points = any(map(has_decimal_comma, cells))
        return [doubtful_comma(cell, points) for cell in cells]

    def take(self, name: str, at: int, column: Converted, extra: bool = False) -> None:
        """A column's values, marks and faults; those of an ``extra`` one are warnings."""
        self.arrays[name] = column.array
        self.assumed_cells.update((row, name) for row in column.assumed)
        for fault in column.faults:
            place = self.grid.place(int(self.positions[fault.row]), at)
            found = problem(fault.code, place, self.layout.headers[at].text, fault.found, **fault.values)
            self.problems.append(replace(found, severity="warning") if extra else found)
            if found.severity == "error":
                self.refused.add((fault.row, name))


def columns_of(grid: Grid, spec: TableSpec, source: TableSource) -> set[str]:
    """The table's columns that a source has, for what its other sources want to know."""
    row = header_row(grid, spec, source)
    return set() if row is None else set(match_headers(grid, row, spec, source)[0].columns)


def read_source(
    grid: Grid,
    spec: TableSpec,
    source: TableSource,
    elsewhere: Collection[str] = (),
    first: bool = True,
    resources: Mapping[str, ResourceSettings] = MappingProxyType({}),
) -> tuple[Table | None, list[Problem]]:
    """The table that ``grid`` holds. Required columns may be ``elsewhere``, in another source, but for the key; amounts of
    ``resources`` come in their units.

    None when nothing can be told: no header, no rows, or no key.
    """
    row = header_row(grid, spec, source)
    if row is None:
        return None, [] if spec.may_be_empty else [problem("T109", grid.place(), spec.zh)]
    layout, problems = match_headers(grid, row, spec, source, elsewhere)
    problems += broken_headers(grid, row)
    absent = [column for column in spec.columns if column.required and column.name not in layout.columns]
    doubtful = {*layout.doubtful, *(column.name for column in absent if first and column.name not in elsewhere)}
    keyless = any(column.name in spec.key for column in absent)
    header_place = grid.place() if grid.layer else grid.place(row)
    problems += [
        missing_column(spec, column, header_place)
        for column in absent
        if column.name in spec.key or (first and column.name not in elsewhere)
    ]
    under = under_header(grid, layout, spec)
    sorted_out = body_of(grid, layout, spec, () if under is None else (under.row,))
    ragged = _ragged(grid, layout, [at for at in sorted_out.rows if at not in sorted_out.doubtful]) if grid.sheet is None else {}
    problems += [*sorted_out.problems, *ragged.values()]
    body = [at for at in sorted_out.rows if at not in ragged]
    said, unclear = what_is_said(grid, layout, source, spec, body, under)
    problems += unclear
    if not body:
        nothing = not any(filled(cell) for cells in grid.rows[row + 1 :] for cell in cells)
        if nothing and not spec.needed and is_form(grid.rows[:row]):
            return None, problems  # an input sheet of ours that nobody filled in: the plan has no such table
    if not body and (ragged or not spec.may_be_empty):
        return None, problems if ragged else [*problems, problem("T109", grid.place(), spec.zh)]
    reading = _Reading(grid, layout, source, spec, np.array(body, dtype=np.int64), said, resources, problems)
    numbers = [layout.columns[column.name] for column in spec.columns if column.numeric and column.name in layout.columns]
    reading.decimal_commas = any(has_decimal_comma(cell) for at in numbers for cell in reading.cells(at))
    for column in spec.columns:
        if column.name in layout.columns:
            _read_column(reading, column, layout.columns[column.name])
    for name, at in layout.extra.items():
        reading.take(name, at, extra_column(reading.cells(at)), extra=True)
        unit = source.units.get(name) or layout.headers[at].unit
        if unit is not None and known_unit(unit) is not None:
            reading.units[name] = unit
    for name in doubtful:
        _refuse(reading, name, range(len(body)))
    problems += unseen(grid, body, {**layout.columns, **layout.extra})
    problems += [void for _, void in void_rows(grid, layout, spec, body, {name for _, name, _ in conditions(source.rows)})]
    _check_merged(reading)
    _check_pairs(reading)
    problems += check_system(grid, layout, "coordinates" in source.model_fields_set, body)
    _add_geometry(reading)
    return (None if keyless else replace(_table(reading), left_out=bool(ragged))), problems


def _ragged(grid: Grid, layout: Layout, rows: Sequence[int]) -> dict[int, Problem]:
    """Rows of a CSV that have fewer or more cells than the header: their cells may stand in the wrong columns."""
    width, ragged = len(layout.headers), {}
    for at in rows:
        row = grid.rows[at]
        cells = len(row)
        if cells != width and any(map(filled, row if cells < width else row[width:])):
            what = Words(f"此行有 {cells} 格，表头有 {width} 格", f"this row has {cells} cells, the header {width}")
            ragged[at] = problem("T107", grid.place(at), grid.file, what=what)
    return ragged


def _read_column(reading: _Reading, column: Column, at: int) -> None:
    if column.name in ("lon", "lat") and reading.layout.columns.get("lon") == reading.layout.columns.get("lat"):
        return reading.take(column.name, at, _of_pairs(reading, column, at))
    if column.unit == OF_RESOURCE:
        return _take_checked(reading, column, at, _amounts_of_resources(reading, column, at))
    said = reading.said
    unit = stated_unit(said, column) if column.numeric else None
    if isinstance(unit, Problem) or column.name in said.unclear:
        reading.problems += [unit] if isinstance(unit, Problem) else []
        _refuse(reading, column.name, range(len(said.body)))
        count = len(said.body)
        return reading.take(column.name, at, Converted(np.full(count, np.nan), np.ones(count, dtype=bool), (), ()))
    cells = reading.figures(at) if column.numeric else reading.cells(at)
    labels = units_of_rows(said, column) if unit is not None else None
    if unit is None or labels is None:
        converted = convert(column, cells, unit, reading.source.power_factor)
    else:
        usable = _checked_labels(reading, column, unit, labels)
        converted = _by_label(column, cells, [label or unit for label in usable], reading.source.power_factor)
    if column.numeric and column.unit:
        reading.units[column.name] = column.unit
    kinds = {known.kind for label in (unit or "", *(labels or ())) if (known := known_unit(label)) is not None}
    if "power: apparent" in kinds and column.unit != unit:
        reading.by_assumption.add(column.name)
    return _take_checked(reading, column, at, converted)


def _of_pairs(reading: _Reading, column: Column, at: int) -> Converted:
    """The longitudes, or the latitudes, of a column that the plan says to hold both."""
    axis, cells = int(column.name == "lat"), reading.cells(at)
    converted = convert(replace(column, kind="text"), cells)
    read = [read_pair(text) if text else None for text in converted.values]
    reading.units[column.name] = column.unit
    faults = [] if axis else list(converted.faults)
    for row, pair in enumerate(read):
        if isinstance(pair, Unread) and not says_nothing(pair.raw):
            faults += [Fault(row, "T310", str(pair.raw), {"why": pair.why})] if not axis else []
            reading.refused.add((row, column.name))
    first = next((pair for pair in read if isinstance(pair, Reading)), None)
    if first is not None and not axis:
        count = sum(isinstance(pair, Reading) for pair in read)
        said = {"count": count, "cell": first.raw, "lon": f"{first.value[0]:g}", "lat": f"{first.value[1]:g}"}
        reading.problems.append(problem("T311", reading.grid.place(None, at), reading.layout.headers[at].text, **said))
    values = np.array([pair.value[axis] if isinstance(pair, Reading) else np.nan for pair in read], dtype=float)
    return Converted(values, np.isnan(values), converted.assumed, tuple(faults))


def _check_pairs(reading: _Reading) -> None:
    """A column that holds both coordinates where the table has none, or only one, and the plan says nothing of it (``T309``)."""
    columns = reading.layout.columns
    if not reading.spec.has("lon") or {"lon", "lat"} <= columns.keys() or reading.grid.geometry is not None:
        return
    kept = {fold(header) for header in reading.source.columns.values()}
    alone = [columns[name] for name in ("lon", "lat") if name in columns]
    for at in [*reading.layout.extra.values(), *alone]:
        header = reading.layout.headers[at].text
        cells = reading.cells(at)
        if fold(header) not in kept and (holds_pairs(cells) or (names_pair(header) and holds_degrees(cells))):
            cell = next(cell for cell in cells if filled(cell))
            place = reading.grid.place(reading.layout.row, at)
            reading.problems.append(problem("T309", place, header, str(cell), header=header))


def _take_checked(reading: _Reading, column: Column, at: int, converted: Converted) -> None:
    if column.required and column.name not in reading.spec.key:
        refused = {fault.row for fault in converted.faults}
        blank = [Fault(row, "T131", "") for row in np.flatnonzero(converted.blank).tolist() if row not in refused]
        converted = replace(converted, faults=(*converted.faults, *blank))
    if column.numeric:
        shown = scaled(reading.grid, reading.positions.tolist(), at, reading.layout.headers[at].text, column.unit == "1")
        reading.problems += [found for _, found in shown]
        _refuse(reading, column.name, (row for row, _ in shown))
    reading.take(column.name, at, converted)


def _refuse(reading: _Reading, name: str, rows: Iterable[int]) -> None:
    reading.refused.update((row, name) for row in rows)


def _checked_labels(
    reading: _Reading, column: Column, unit: str, labels: Sequence[str], rows: Collection[int] | None = None
) -> list[str]:
    """The units of the rows; ``""``, and the cell refused, where one cannot be used."""
    found = check_units_of_rows(reading.said, column, unit, labels, own_unit(reading.said, column), rows)
    reading.problems += [wrong for _, wrong in found]
    _refuse(reading, column.name, (row for row, _ in found))
    bad = {row for row, _ in found}
    return ["" if row in bad else label for row, label in enumerate(labels)]


def _by_label(column: Column, cells: Sequence[object], labels: Sequence[str], power_factor: float | None) -> Converted:
    """The column's values where each row has a unit of its own."""
    of_label = {
        label: convert(
            column, [cell if own == label else None for cell, own in zip(cells, labels, strict=True)], label, power_factor
        )
        for label in dict.fromkeys(labels)
    }
    rows = list(enumerate(labels))
    return Converted(
        np.array([of_label[label].values[row] for row, label in rows], dtype=float),
        np.array([of_label[label].blank[row] for row, label in rows], dtype=bool),
        tuple(sorted(row for part in of_label.values() for row in part.assumed)),
        tuple(sorted((fault for part in of_label.values() for fault in part.faults), key=lambda fault: fault.row)),
    )


def _amounts_of_resources(reading: _Reading, column: Column, at: int) -> Converted:
    """The amounts of ``capacities``, each in the unit of its row's resource."""
    said, header = reading.said, reading.layout.headers[at]
    stated = reading.source.units.get(column.name) or header.unit or ""
    converted = convert(replace(column, unit=stated), reading.figures(at), stated)
    ids = reading.arrays["resource_id"].to_numpy() if "resource_id" in reading.arrays else np.full(len(said.body), "")
    labels, amounts = units_of_rows(said, column), converted.values.copy()
    for resource in (name for name in dict.fromkeys(ids.tolist()) if name in reading.resources):
        own = replace(column, unit=reading.resources[resource].unit)
        rows = [row for row in np.flatnonzero(ids == resource).tolist() if not np.isnan(amounts[row])]
        unit = stated_unit(said, own, [said.body[row] for row in rows])
        if isinstance(unit, Problem) and rows:
            place = reading.grid.place(said.body[rows[0]], at)
            reading.problems.append(replace(unit, place=place, found=f"{unit.found}（{resource}）"))
            _refuse(reading, column.name, rows)
        if isinstance(unit, Problem):
            continue
        of_rows = ["" if labels is None else labels[row] if row in rows else "" for row in range(len(amounts))]
        if labels is not None:
            of_rows = _checked_labels(reading, own, unit, of_rows, rows)
        for row in rows:
            if np.isfinite(amounts[row]):
                amounts[row] = times(amounts[row].item(), scale(of_rows[row] or unit, own.unit, reading.source.power_factor))
    return replace(converted, values=amounts)


def _check_merged(reading: _Reading) -> None:
    """A cell merged over several rows or columns has its value in the first only: the others would be blank."""
    columns = {**reading.layout.columns, **reading.layout.extra}
    for (top, left), (bottom, right) in reading.grid.merged:
        rows = np.flatnonzero((reading.positions >= top) & (reading.positions <= bottom)).tolist()
        if top <= reading.layout.row or not rows:
            continue
        down, first = bool((reading.positions[rows] > top).any()), reading.grid.rows[top][left : left + 1]
        for name, at in columns.items():
            if left <= at <= right if down else left < at <= right and any(map(filled, first)):
                span = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
                header, place = reading.layout.headers[at].text, reading.grid.place(top, at)
                found = problem("T142" if down else "T226", place, header, range=span)
                own = name in reading.layout.columns  # blanks of a further column are told where the plan uses it
                reading.problems.append(found if own else replace(found, severity="warning"))
                reading.refused.update((row, name) for row in rows if own)


def _add_geometry(reading: _Reading) -> None:
    """Shapes of a layer, and the coordinates of a point on each where the layer has no columns for them."""
    if reading.grid.geometry is None:
        return
    shapes: list[Any] = [reading.grid.geometry[at - 1] for at in reading.positions.tolist()]
    reading.arrays["geometry"] = pd.Series(shapes, dtype=object).array
    if not reading.spec.has("lon") or not reading.on_shapes:
        return
    points = [None if shape is None else shape.representative_point() for shape in shapes]
    for name, axis in (("lon", "x"), ("lat", "y")):
        values = [np.nan if point is None else getattr(point, axis) for point in points]
        reading.arrays[name] = np.array(values, dtype=float)
    reading.units.update(lon="degree", lat="degree")


def _table(reading: _Reading) -> Table:
    grid, source, arrays = reading.grid, reading.source, reading.arrays
    at = {**reading.layout.columns, **reading.layout.extra}
    sheet, layer = (None, grid.sheet) if grid.layer else (grid.sheet, None)
    order = [name for name in (*reading.spec.names, *reading.layout.extra, "geometry") if name in arrays]
    for column in reading.spec.columns:
        if column.default_from is not None and {column.name, column.default_from} <= set(order):
            told = zip(arrays[column.name].tolist(), arrays[column.default_from].tolist(), strict=True)
            arrays[column.name] = pd.array([own if own != "" else other for own, other in told], dtype=TEXT)
    frame = pd.DataFrame({name: arrays[name] for name in order})
    return Table(
        name=reading.spec.name,
        frame=frame,
        headers=MappingProxyType({name: reading.layout.headers[at[name]].text for name in order if name in at}),
        assumed=frozenset(name for name in at if reading.layout.headers[at[name]].assumed) | reading.by_assumption,
        assumed_cells=frozenset(reading.assumed_cells),
        units=MappingProxyType(reading.units),
        inputs=(
            TableInput(
                source.file,
                sheet,
                layer,
                grid.sha256,
                len(frame),
                grid.encoding,
                source.source,
                source.as_of,
                source.confidence,
                grid.file,
            ),
        ),
        extra=tuple(reading.layout.extra),
        refused=frozenset(reading.refused),
        coordinates="WGS84" if reading.on_shapes else source.coordinates,
        origins=MappingProxyType({name: Origin(0, at[name]) for name in order if name in at}),
        positions=(reading.positions,),
        form=is_form(grid.rows[: reading.layout.row]),
    )
