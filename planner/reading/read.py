"""All tables of a plan, read and checked in one go: every problem of every table comes back at once (R2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.checks import check_coordinates, check_keys, check_references, listed, without_doubles
from planner.reading.grid import Grid
from planner.reading.headers import fold
from planner.reading.join import join_sources
from planner.reading.readers import offered_files, read_grid
from planner.reading.source import layout_of, read_source
from planner.reading.table import Table, TableInput, Tables
from planner.settings.schema import ResourceSettings, Settings, TableSource
from planner.tables.codes import problem
from planner.tables.column import TableSpec
from planner.tables.spec import TABLES, resource_columns
from planner.tables.units import UnitError, allowed_units, scale, scaled

__all__ = ["Table", "TableInput", "Tables", "read_tables"]


def read_tables(
    settings: Settings, folder: Path, setting: Callable[..., Place | None] = lambda *keys: None
) -> tuple[Tables, tuple[Problem, ...]]:
    """The tables that ``settings`` names, or that lie in ``folder/data/`` under the tables' names when it names none.

    ``folder`` is that of plan.yaml, ``setting`` gives the place of a key path of it. A table that cannot be read is left out and has its problems; a cell that is
    refused is in ``Table.refused``. What the tables mean together is :mod:`planner.case.link`.
    """
    problems: list[Problem] = []
    sources: dict[str, tuple[TableSource, ...]] = {str(name): told for name, told in settings.tables.items()}
    if not sources:
        sources, problems = offered_files(folder, TABLES)
    resources_spec = TABLES["resources"]
    told, found = _read_table(folder, resources_spec, sources.get("resources", ()))
    declared = _resources(settings, told)
    specs, clashes, declared = _specs(declared, lambda name: setting("resources", name))
    tables: dict[str, Table] = {} if told is None else {"resources": told}
    by_table: dict[str, list[Problem]] = {"resources": found}
    for name, spec in specs.items():
        if name != "resources" and name in sources:
            table, by_table[name] = _read_table(folder, spec, sources[name])
            if table is not None and name == "capacities":
                table, mismatches = _in_resource_units(table, declared)
                by_table[name] += mismatches
            if table is not None:
                tables[name] = table
    problems += clashes + _missing_tables(sources, folder)
    by_table, tables = _with_checks(by_table, tables, specs, settings, declared)
    for name in specs:
        problems += listed(_in_reading_order(by_table.get(name, [])), specs[name].zh)
    return Tables(MappingProxyType(tables), MappingProxyType(declared)), tuple(problems)


def _read_table(folder: Path, spec: TableSpec, sources: Sequence[TableSource]) -> tuple[Table | None, list[Problem]]:
    """One table from all its sources."""
    grids: list[tuple[Grid, TableSource]] = []
    problems: list[Problem] = []
    for source in sources:
        grid, found = read_grid(folder, source, spec)
        problems += found
        if grid is not None:
            grids.append((grid, source))
    columns = [set(layout.columns) if (layout := layout_of(grid, spec, source)[0]) else set() for grid, source in grids]
    complete = len(grids) == len(sources)
    tables: list[Table] = []
    for number, (grid, source) in enumerate(grids):
        elsewhere = set().union(*(has for other, has in enumerate(columns) if other != number))
        table, found = read_source(grid, spec, source, elsewhere, first=number == 0 and complete)
        problems += found
        if table is not None:
            problems += check_keys(spec, table)
            tables.append(table)
    if not tables or len(tables) < len(sources):
        return None, problems
    joined, found = join_sources(spec, tables)
    return without_doubles(spec, joined), problems + found


def _resources(settings: Settings, told: Table | None) -> dict[str, ResourceSettings]:
    """The plan's resources: those of the table, overlaid by those of plan.yaml (the plan wins)."""
    declared: dict[str, ResourceSettings] = {}
    if told is not None:
        fields = [name for name in ("name", "unit", "kind", "scope") if name in told.frame.columns]
        for row in told.frame.to_dict("records"):
            if row["resource_id"]:
                declared[str(row["resource_id"])] = ResourceSettings.model_validate({f: row[f] for f in fields})
    return {**declared, **settings.resources}


RESERVED = frozenset({"quarter", "fund", "team", "row", "link", "chain", "geometry"})
"""Words that the settings, or a case, use for something else beside the columns of tables."""


def _specs(
    resources: Mapping[str, ResourceSettings], place: Callable[[str], Place | None]
) -> tuple[dict[str, TableSpec], list[Problem], dict[str, ResourceSettings]]:
    """Every table with the columns of the plan's resources, and the resources that have a name of their own: one that is
    called like a column, or like a word of the settings, is a problem and left out."""
    specs: dict[str, TableSpec] = {}
    clashes = {
        name: problem("T179", place(name), f"resources.{name}", name, name=name)
        for name in resources
        if fold(name) in RESERVED or "." in name
    }
    for name, spec in TABLES.items():
        specs[name] = spec
        if not spec.takes_resources:
            continue
        own = {fold(known): column.name for column in spec.columns for known in column.known_as}
        added = []
        for column in resource_columns(name, resources):
            clash = next((own[fold(known)] for known in (column.name, column.zh) if fold(known) in own), None)
            if clash is None:
                added.append(column)
            else:
                found = problem("T130", place(column.name), f"resources.{column.name}", column.zh, table=spec.zh, name=clash)
                clashes[column.name] = found
        specs[name] = spec.adding(added)
    kept = {name: one for name, one in resources.items() if name not in clashes}
    return specs, list(clashes.values()), kept


def _missing_tables(sources: Mapping[str, object], folder: Path) -> list[Problem]:
    """A problem for each table that every plan needs and this one does not name."""
    data = folder / "data"
    files = [file.name for file in sorted(data.iterdir()) if file.is_file()] if data.is_dir() else []
    problems = []
    for name, spec in TABLES.items():
        if spec.needed and name not in sources:
            near = {file for known in spec.known_as for file in nearest(known, files)}
            listing = "、".join(sorted(near))
            hint = Words(f"（其中有 {listing}）", f" (it has {listing})") if near else ""
            problems.append(problem("T110", Place("plan.yaml"), "tables", zh=spec.zh, name=name, nearest=hint))
    return problems


def _in_resource_units(table: Table, resources: Mapping[str, ResourceSettings]) -> tuple[Table, list[Problem]]:
    """``capacities`` with every amount in the unit of its resource, from the unit of the header if it states one."""
    stated = table.units.get("amount", "")
    if not stated or "resource_id" not in table.frame.columns:
        return table, []
    amounts = table.frame["amount"].to_numpy(float).copy()
    ids = table.frame["resource_id"]
    problems: list[Problem] = []
    for resource_id in dict.fromkeys(ids.tolist()):
        unit = resources[resource_id].unit if resource_id in resources else stated
        rows = np.flatnonzero((ids == resource_id) & np.isfinite(amounts))
        try:
            factor = scale(stated, unit)
        except UnitError:
            allowed = Words.listed(allowed_units(unit)) if allowed_units(unit) else Words("无", "none")
            where = table.place(int(rows[0]) if rows.size else None, "amount")
            found, header = f"{stated}（{resource_id}）", table.headers["amount"]
            problems.append(problem("T126", where, header, found, allowed=allowed, name="amount"))
            continue
        amounts[rows] = [scaled(amount, factor) for amount in amounts[rows].tolist()]
    units = {name: unit for name, unit in table.units.items() if name != "amount"}
    return replace(table, frame=table.frame.assign(amount=amounts), units=MappingProxyType(units)), problems


def _with_checks(
    problems: Mapping[str, list[Problem]],
    tables: Mapping[str, Table],
    specs: Mapping[str, TableSpec],
    settings: Settings,
    resources: Mapping[str, ResourceSettings],
) -> tuple[dict[str, list[Problem]], dict[str, Table]]:
    """``problems`` with those of references between tables and of coordinates; ``tables`` with the cells of dangling
    references refused, so that nobody reports them again."""
    ids = {
        name: frozenset(table.frame[specs[name].key[0]]) - {""}
        for name, table in tables.items()
        if specs[name].key[0] in table.frame.columns
    }
    ids["resources"] = frozenset(resources)
    names = {name: spec.zh for name, spec in specs.items()}
    checked = {name: list(found) for name, found in problems.items()}
    refused = {}
    for name, table in tables.items():
        dangling, cells = check_references(specs[name], table, ids, names)
        checked[name] += dangling + check_coordinates(table, settings.region)
        refused[name] = replace(table, refused=table.refused | cells) if cells else table
    return checked, refused


def _in_reading_order(problems: Sequence[Problem]) -> list[Problem]:
    """By file as they came, then by row and column; what concerns a file or column as a whole comes first."""
    files: dict[tuple[str, str | None], int] = {}

    def position(found: Problem) -> tuple[int, int, int, str]:
        place = found.place
        if place is None:
            return (-1, 0, 0, "")
        file = files.setdefault((place.file, place.sheet), len(files))
        cell = place.cell or ""
        letters = cell.rstrip("0123456789")
        row = int(cell[len(letters) :] or place.line or 0)
        return (file, row, len(letters), letters)

    return sorted(problems, key=position)
