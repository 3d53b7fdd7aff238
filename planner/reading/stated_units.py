"""In which unit a column of numbers is: header, rows above it and plan held against each other (R1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from planner.language import Words
from planner.problems import Problem
from planner.reading.headers import Layout
from planner.reading.table import Grid, Table
from planner.settings.schema import ResourceSettings, TableSource
from planner.tables.codes import problem
from planner.tables.column import Column
from planner.tables.spec import OF_RESOURCE
from planner.tables.units import UnitError, allowed_units, known_unit, scale, scaled, without_year

_NOTE = re.compile(r"单位\s*[:：]?\s*([^\s()（）]+)")


def stated_unit(grid: Grid, layout: Layout, source: TableSource, column: Column) -> str | Problem:
    """The unit that the file has the column in, or why it cannot be told.

    plan.yaml's ``units`` says what a header without a unit means, and may say what one means that cannot stand (吨 for
    a daily use of water); it may not contradict a header that can.
    """
    header, told = layout.headers[layout.columns[column.name]], source.units.get(column.name)
    if column.unit == OF_RESOURCE:
        return told or header.unit or ""
    stated, wanted = _as_unit(header.unit, column), _as_unit(told, column)
    if wanted is None and stated is None:
        return _contradiction_above(grid, layout, column) or column.unit
    possible = [unit for unit in (wanted, stated) if unit is not None and _fits(unit, column)]
    if len({scale(unit, column.unit) for unit in possible}) == 1 and (wanted is None or wanted in possible):
        return possible[0]
    found = header.unit or "" if told is None else f"{header.unit or ''} / units: {told}"
    allowed = allowed_words(column.unit)
    if column.resource and not column.unit:
        allowed = Words("无，资源没有声明 unit", "none, as the resource declares no unit")
    place = grid.place(layout.row, layout.columns[column.name])
    return problem("T126", place, header.text, found, allowed=allowed, name=column.name)


def _contradiction_above(grid: Grid, layout: Layout, column: Column) -> Problem | None:
    """Something written above the header (``单位：亿元、亩``) that contradicts the unit a column has by default."""
    own, at = known_unit(column.unit), layout.columns[column.name]
    above = [cell for row in grid.rows[: layout.row] for cell in row if isinstance(cell, str)]
    for note in (match[1] for cell in above for match in _NOTE.finditer(cell)):
        for stated in re.split(r"[、,，;；/和]", note):
            unit = known_unit(stated)
            if unit is not None and own is not None and unit.kind == own.kind and unit.factor != own.factor:
                header = layout.headers[at]
                said = {"note": note, "unit": column.unit, "header": header.name, "stated": stated}
                return problem("T144", grid.place(layout.row, at), header.text, name=column.name, **said)
    return None


def _as_unit(label: str | None, column: Column) -> str | None:
    """The label as a unit of the column: ``万元/年`` of a yearly amount is ``万元``; a remark on a column that has no
    unit is none."""
    if label is None or (column.unit == "" and not column.resource and known_unit(label) is None):
        return None
    return without_year(label) if column.yearly and not _fits(label, column) else label


def _fits(unit: str, column: Column) -> bool:
    try:
        scale(unit, column.unit)
    except UnitError:
        return False
    return True


def allowed_words(unit: str) -> Words:
    """The units that convert to ``unit``."""
    allowed = allowed_units(unit)
    return Words.listed(allowed) if allowed else Words("无", "none")


def in_resource_units(table: Table, resources: Mapping[str, ResourceSettings]) -> tuple[Table, list[Problem]]:
    """``capacities`` with every amount in the unit of its resource, from the unit of the header if it states one."""
    stated = table.units.get("amount", "")
    if not stated or "resource_id" not in table.frame.columns:
        return table, []
    amounts, ids = table.frame["amount"].to_numpy(float).copy(), table.frame["resource_id"]
    problems: list[Problem] = []
    for resource in ids.unique().tolist():
        unit = resources[resource].unit if resource in resources else stated
        rows = np.flatnonzero((ids == resource) & np.isfinite(amounts)).tolist()
        try:
            factor = scale(stated, unit)
        except UnitError:
            place, header = table.place(rows[0] if rows else None, "amount"), table.headers["amount"]
            said = {"allowed": allowed_words(unit), "name": "amount"}
            problems.append(problem("T126", place, header, f"{stated}（{resource}）", **said))
            continue
        amounts[rows] = [scaled(amount, factor) for amount in amounts[rows].tolist()]
    units = {name: unit for name, unit in table.units.items() if name != "amount"}
    return replace(table, frame=table.frame.assign(amount=amounts), units=MappingProxyType(units)), problems
