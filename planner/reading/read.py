"""All tables of a plan, read and checked in one go: every problem of every table comes back at once (R2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from planner.language import Words
from planner.problems import Place, Problem, errors, nearest
from planner.reading.checks import (
    check_alike,
    check_coordinates,
    check_keys,
    check_references,
    known_ids,
    listed,
    on_known_ground,
    with_blank_keys_refused,
    without_doubles,
)
from planner.reading.join import join_sources
from planner.reading.outlines import check_outlines
from planner.reading.places import read_places
from planner.reading.readers import read_grid, shown_names, sources_of
from planner.reading.reshape import Part, parts_of
from planner.reading.sizes import check_sizes
from planner.reading.source import columns_of, read_source
from planner.reading.stack import stacked
from planner.reading.table import RESOURCES, Doubts, Table, Tables
from planner.reading.workbooks.inspect import forget
from planner.settings.partial import NOTHING_REFUSED, Refused
from planner.settings.schema import ResourceSettings, Settings
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.codes import problem
from planner.tables.column import TableSpec
from planner.tables.following import FOLLOWED
from planner.tables.spec import TABLES, resource_columns


def read_tables(
    settings: Settings, folder: Path, setting: Callable[..., Place | None] = lambda *keys: None, refused: Refused = NOTHING_REFUSED
) -> tuple[Tables, tuple[Problem, ...]]:
    """The tables that ``settings`` names, or that lie in ``folder/data/`` under the tables' names when it names none.

    ``folder`` is that of plan.yaml, ``setting`` gives the place of a key path of it. A table that cannot be read is left
    out and has its problems; a cell that is refused is in ``Table.refused``. A table of which the settings are ``refused`` is not
    read; what reading would say of that, or of a resource that is not known, is not told. What the tables mean together is
    :mod:`planner.case.link`.
    """
    sources, problems = sources_of(settings, folder, not refused.part("tables"))
    unknown = {name for name in TABLES if _where_is_refused(refused, name)}
    sources = {name: told for name, told in sources.items() if name not in unknown}
    names = shown_names(one.file for told in sources.values() for one in told)
    read = {"resources": _read_table(folder, TABLES["resources"], sources.get("resources", ()), names)}
    specs, resources, clashes = _specs(_resources(settings, read["resources"][0]), setting)
    read |= {
        name: _read_table(folder, specs[name], sources[name], names, resources)
        for name in specs
        if name in sources and name not in read
    }
    tables = {name: table for name, (table, _) in read.items() if table is not None}
    faults = {name: found for name, (_, found) in read.items()}
    idle = _idle(tables, set(resources) - set(settings.resources))
    resources = {name: told for name, told in resources.items() if name not in idle}
    faults.setdefault("resources", []).extend(idle.values())
    missing = {name for name, spec in TABLES.items() if spec.needed and name not in sources}
    problems += [*clashes.values(), *_missing_tables(missing - unknown, folder, bool(settings.tables.keys() - FOLLOWED))]
    of_clash = {"resources"} if clashes else set()
    unread = frozenset(unknown | missing | of_clash | {name for name in sources if name not in tables and errors(faults[name])})
    ids = known_ids(tables, resources)
    for name in tables:
        tables[name] = _without_units(tables[name], faults[name], refused)
    doubts = Doubts(refused, Tables(MappingProxyType(tables), MappingProxyType(resources), unread))
    doubtful = doubts.of_ids
    for name in tables:
        told = sources.get(name, ())
        table, of_places = read_places(tables[name], any(source.points_from_names for source in told))
        faults[name] += of_places
        dangling, cells = check_references(specs[name], table, ids, doubtful, tables)
        faults[name] += dangling
        faults[name] += on_known_ground(check_coordinates(table, settings.region) + check_outlines(table, settings.region), refused)
        faults[name] += check_alike(specs[name], table) + check_sizes(table, resources)
        tables[name] = replace(table, refused=table.refused | cells)  # so that nobody reports them again
    undeclared = doubts.any_of(RESOURCES)
    for name, spec in specs.items():
        heard = (found for found in faults.get(name, []) if not (undeclared and found.code == UNDECLARED))
        heard = (found for found in heard if not (found.code == UNKNOWN_COLUMN and found.subject.rpartition(".")[2] in clashes))
        problems += listed(_in_reading_order(list(heard)), spec.zh)
    forget()
    return Tables(MappingProxyType(tables), MappingProxyType(resources), unread), tuple(dict.fromkeys(problems))


UNKNOWN_COLUMN = "T123"
"""The code of a column that a map names and that there is not: of a resource that was refused it only follows."""
UNDECLARED = "T129"
"""The code of a column that looks like a resource which the plan does not have."""
_TOLD_ONLY = frozenset({"source", "as_of", "confidence"})
"""Settings of a source that change nothing of what is read."""


def _where_is_refused(refused: Refused, name: str) -> bool:
    """Whether it is not known where a table is, or how it is to be read."""
    below = (keys[-1] for keys in refused.keys if keys[:2] == ("tables", name) and len(keys) > 2)
    return refused.whole("tables", name) or any(key not in _TOLD_ONLY for key in below)


def _without_units(table: Table, faults: list[Problem], refused: Refused) -> Table:
    """The table; of resources whose unit is not known the amounts are refused, and what was said of them taken out of ``faults``."""
    resources = {str(keys[1]) for keys in refused.keys if keys[0] == "resources" and len(keys) > 1 and keys[2:3] in ((), ("unit",))}
    columns = {"amount"} if table.name == "capacities" and resources else resources & set(table.headers)
    if not columns:
        return table
    headers = {table.headers[column] for column in columns if column in table.headers}
    faults[:] = [found for found in faults if found.subject not in headers]
    return replace(table, refused=table.refused | {(row, column) for row in range(len(table)) for column in columns})


def _read_table(
    folder: Path,
    spec: TableSpec,
    sources: Sequence[TableSource],
    names: Mapping[str, str],
    resources: Mapping[str, ResourceSettings] = MappingProxyType({}),
) -> tuple[Table | None, list[Problem]]:
    """One table from all its sources, whose files messages call by ``names``."""
    parts: list[Part] = []
    groups: list[int] = []
    problems: list[Problem] = []
    complete = True
    for number, source in enumerate(sources):
        grid, faults = read_grid(folder, source, spec, names[source.file])
        own, found = parts_of(grid, spec, source) if grid is not None else ([], [])
        groups += [groups[-1] if groups and (source.below and number) else number] * len(own)
        parts += own
        complete &= bool(own)
        problems += [*faults, *found]
    several = len(set(groups)) > 1
    columns = [columns_of(part.grid, spec, part.source) if several else set() for part in parts]
    tables: dict[int, list[Table]] = {}
    for group, part in zip(groups, parts, strict=True):
        elsewhere = set().union(*(has for other, has in zip(groups, columns, strict=True) if other != group))
        first = group == groups[0] and complete
        table, faults = read_source(part.grid, spec, part.source, elsewhere, first, resources)
        problems += faults
        if table is not None:
            tables.setdefault(group, []).append(part.placed(table))
    if not tables or not complete or sum(map(len, tables.values())) < len(parts):
        problems += [fault for own_tables in tables.values() for table in own_tables for fault in check_keys(spec, table)]
        return None, list(dict.fromkeys(problems))
    whole: list[Table] = []
    for own_tables in tables.values():
        table, faults = stacked(spec, own_tables)
        problems += [*faults, *check_keys(spec, table)]
        whole.append(table)
    joined, faults = join_sources(spec, whole)
    return with_blank_keys_refused(spec, without_doubles(spec, joined)), list(dict.fromkeys(problems + faults))


def _resources(settings: Settings, table: Table | None) -> dict[str, ResourceSettings]:
    """The plan's resources: those of the table, overlaid by those of plan.yaml (the plan wins)."""
    if table is None:
        return dict(settings.resources)
    fields = table.frame.columns.intersection(["name", "unit", "kind", "scope"])
    rows = zip(table.frame["resource_id"], table.frame[fields].to_dict("records"), strict=True)
    return {**{str(name): ResourceSettings.model_validate(row) for name, row in rows if name}, **settings.resources}


def _idle(tables: Mapping[str, Table], names: Collection[str]) -> dict[str, Problem]:
    """Resources that the sheet of an input template offers and of which no table says anything: they limit nothing."""
    offer = tables.get("resources")
    if offer is None or not offer.form:
        return {}
    spoken = {
        column for name, spec in TABLES.items() if spec.takes_resources and name in tables for column in tables[name].frame.columns
    }
    if "capacities" in tables and "resource_id" in tables["capacities"].frame.columns:
        spoken |= set(tables["capacities"].frame["resource_id"])
    rows = {str(name): row for row, name in enumerate(offer.frame["resource_id"])}
    idle = sorted(set(rows) & set(names) - spoken, key=rows.__getitem__)
    return {name: problem("T246", offer.place(rows[name], "resource_id"), offer.headers["resource_id"], name) for name in idle}


RESERVED = frozenset({"quarter", "fund", "team", "row", "link", "chain", "geometry"})
"""Words that the settings, or a case, use for something else beside the columns of tables."""


def _specs(
    resources: Mapping[str, ResourceSettings], setting: Callable[..., Place | None]
) -> tuple[dict[str, TableSpec], dict[str, ResourceSettings], dict[str, Problem]]:
    """Every table with the columns of the plan's resources, and the resources that have a name of their own: one that is
    called like a column, or like a word of the settings, is a problem and left out."""
    clashes = {
        name: problem("T179", setting("resources", name), f"resources.{name}", name, name=name)
        for name in resources
        if fold(name) in RESERVED or "." in name
    }
    specs = dict(TABLES)
    for name, spec in TABLES.items():
        own = {fold(known): column.name for column in spec.columns for known in column.known_as}
        added = []
        for column in resource_columns(name, resources) if spec.takes_resources else ():
            clash = own.get(fold(column.name), own.get(fold(column.zh)))
            if clash is None:
                added.append(column)
            else:
                place, subject = setting("resources", column.name), f"resources.{column.name}"
                clashes[column.name] = problem("T130", place, subject, column.zh, table=spec.zh, name=clash)
        specs[name] = spec.adding(added)
    kept = {name: resource for name, resource in resources.items() if name not in clashes}
    return specs, kept, clashes


def _missing_tables(missing: Collection[str], folder: Path, named: bool) -> list[Problem]:
    """A problem for each table that every plan needs and this one does not name. Files in ``data/`` are read where the plan has
    ``named`` no table at all."""
    data = folder / "data"
    files = [file.name for file in sorted(data.iterdir()) if file.is_file()] if data.is_dir() else []
    problems = []
    for name, spec in TABLES.items():
        if name in missing:
            near = sorted({file for known in spec.known_as for file in nearest(known, files)})
            file = f"data/{near[0] if near else f'{spec.zh}.xlsx'}"
            line = Words(f"在 plan.yaml 的 tables 下写 {name}: {file}", f"write {name}: {file} under tables in plan.yaml")
            there = f"（其中有 {'、'.join(near)}）", f" (it has {', '.join(near)})"
            beside = Words(
                f"，或把 {name}.csv（或 {spec.zh}.xlsx）放入 data/{there[0] if near else ''}",
                f", or put {name}.csv (or {spec.zh}.xlsx) into data/{there[1] if near else ''}",
            )
            how = line if named else Words(line.zh + beside.zh, line.en + beside.en)
            problems.append(problem("T110", Place("plan.yaml"), "tables", zh=spec.zh, name=name, how=how))
    return problems


def _in_reading_order(problems: Sequence[Problem]) -> list[Problem]:
    """By file as they came, then by row and column; what concerns a file or column as a whole comes first."""
    files: dict[tuple[str, str | None], int] = {}

    def position(fault: Problem) -> tuple[int, int, int, str]:
        place = fault.place
        if place is None:
            return (-1, 0, 0, "")
        file = files.setdefault((place.file, place.sheet), len(files))
        letters = (place.cell or "").rstrip("0123456789")
        row = (place.cell or "").removeprefix(letters)
        return (file, int(row or place.line or 0), len(letters), letters)

    return sorted(problems, key=position)
