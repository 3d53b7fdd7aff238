"""Cells changed by the plan (``changes`` in plan.yaml, scenarios, questions): new tables, every changed cell an assumption (R5).

A change passes the same checks as a cell of a file: kind, unit, range, references. Codes ``T17x``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.cells import convert
from planner.reading.checks import check_coordinates, check_references, known_ids, on_known_ground
from planner.reading.table import RESOURCES, Doubts, Table, Tables
from planner.settings.filters import Condition, conditions, values_of
from planner.settings.partial import NOTHING_REFUSED, Refused
from planner.settings.rules import CellChange
from planner.settings.schema import Region
from planner.spelling import fold
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.facts import ColumnFacts, facts_of, names_of, plain, possible
from planner.tables.spec import OF_RESOURCE, TABLES, resource_columns
from planner.tables.units import UnitError

Setting = Callable[..., Place | None]
Report = Callable[..., Problem]
"""A problem of one change, from the code, the key of the change, what was found there, and what fills the message."""


@dataclass(frozen=True, eq=False)
class _Change:
    """One change as it stands in the settings, and what is not known of it and of the tables."""

    number: int
    change: CellChange
    spec: TableSpec
    report: Report
    doubts: Doubts

    def refused(self, *keys: str | int) -> bool:
        """Whether a value of it, or something in it, was refused already."""
        return self.doubts.settings.part("changes", self.number, *keys)


def _problem(setting: Setting, number: int, code: str, key: str, found: str, **values: object) -> Problem:
    return problem(code, setting("changes", number, key), f"changes[{number}].{key}", found, **values)


def change_tables(
    tables: Tables,
    changes: Sequence[CellChange],
    setting: Setting,
    region: Region | None = None,
    refused: Refused = NOTHING_REFUSED,
) -> tuple[Tables, tuple[Problem, ...]]:
    """The tables with ``changes`` made in order, and what is wrong with them; a change with a problem is not made, and of the cells
    that it would have changed nothing is known. What of it was ``refused`` already is not told again.

    ``setting`` gives the place of a key path of plan.yaml; ``region`` says where coordinates may lie.
    """
    changed = dict(tables.tables)
    problems: list[Problem] = []
    touched: dict[str, TableSpec] = {}
    for number, change in enumerate(changes):
        report = partial(_problem, setting, number)
        table = changed.get(change.table)
        if refused.whole("changes", number, "table") or change.table in tables.unread:
            continue
        if table is None:
            problems.append(report("T171", "table", change.table, names=Words.listed(changed)))
            continue
        spec = TABLES[change.table]
        if spec.takes_resources:
            spec = spec.adding(resource_columns(spec.name, tables.resources))
        doubts = Doubts(refused, replace(tables, tables=changed))
        outcome, problems_of = _made(table, _Change(number, change, spec, report, doubts))
        if not problems_of and change.column in ("lon", "lat"):
            off = on_known_ground(_off_the_ground(outcome, table, region or Region()), refused)
            problems_of = [report("T177", "column", one.found, column=change.column, rule=one.rule) for one in off[:1]]
            outcome = table if problems_of else outcome
        problems += problems_of
        changed[change.table] = outcome
        touched |= {} if problems_of else {change.table: spec}
    ids = known_ids(changed, tables.resources)
    doubtful = Doubts(refused, replace(tables, tables=changed)).of_ids
    for name, spec in touched.items():
        before = set(map(str, check_references(spec, tables[name], ids, doubtful)[0]))
        problems += [fault for fault in check_references(spec, changed[name], ids, doubtful)[0] if str(fault) not in before]
    return Tables(MappingProxyType(changed), tables.resources, tables.unread), tuple(problems)


def _off_the_ground(changed: Table, table: Table, region: Region) -> list[Problem]:
    """What is wrong with coordinates that was not before."""
    before = set(map(str, check_coordinates(table, region)))
    return [fault for fault in check_coordinates(changed, region) if str(fault) not in before]


def _made(table: Table, told: _Change) -> tuple[Table, list[Problem]]:
    """The table with the change made, and what is wrong with it. Where it is not made, its cells are refused as far as it is known
    which they are."""
    change, report, spec = told.change, told.report, told.spec
    column = None if told.refused("column") else _column(told, change.column, "column")
    problems = [column] if isinstance(column, Problem) else []
    facts: dict[str, ColumnFacts] = {}
    met = known = not told.refused("where")
    for _, name, wanted in conditions(change.where):
        by = None if told.refused("where", name) else _column(told, name, "where")
        unmet = [by] if isinstance(by, Problem) else []
        if isinstance(by, Column) and not told.doubts.values(table.name, by.name):
            facts[name] = _facts(table, by)
            unmet = _unmet(table, spec, by, facts[name], wanted, report)
        problems += unmet
        known &= name in facts
        met &= not unmet
    if isinstance(column, Column) and column.name in spec.key:
        problems.append(report("T173", "column", column.name))
    if not (known and met):
        return table, problems
    rows = possible(change.where, lambda name, wanted: facts[name].passes(wanted), len(table))
    if not problems and not rows.any():
        problems.append(report("T174", "where", str(dict(change.where)), table=spec.zh, name=spec.name))
    if not isinstance(column, Column):
        return table, problems
    outcome: Table | list[Problem] = problems
    if not problems and not told.refused():
        outcome = _written(table, column, np.flatnonzero(rows), change, report)
    if isinstance(outcome, Table):
        return outcome, []
    return replace(table, refused=table.refused | {(row, column.name) for row in np.flatnonzero(rows).tolist()}), outcome


def _column(told: _Change, name: str, key: str) -> Column | Problem | None:
    """The column of that name or header; what is wrong when there is none. None where it may be that of a resource that is not
    known."""
    spec, report = told.spec, told.report
    for column in spec.columns:
        if fold(name) in map(fold, column.known_as):
            return column
    if spec.takes_resources and told.doubts.any_of(RESOURCES):
        return None
    known = Words.listed(spec.names)
    near = nearest_words(nearest(name, spec.names), Words(f"可用：{known.zh}", f"there are: {known.en}"))
    return report("T172", key, name, table=spec.zh, name=spec.name, nearest=near)


def _facts(table: Table, column: Column) -> ColumnFacts:
    """The column as filters read it; blank throughout where the file does not have it."""
    if column.name not in table.frame.columns:
        return facts_of([None] * len(table), column.unit, column)
    names: Mapping[str, tuple[str, ...]] = {}
    if column.name.endswith("_id") and table.name == f"{column.name.removesuffix('_id')}s" and "name" in table.frame.columns:
        names = names_of(table.frame[column.name].tolist(), table.frame["name"].tolist())
    unit = column.unit if column.unit != OF_RESOURCE else table.units.get(column.name, "")
    return facts_of(table.frame[column.name], unit, column, names)


def _unmet(table: Table, spec: TableSpec, column: Column, facts: ColumnFacts, wanted: object, report: Report) -> list[Problem]:
    """Of several values those that no row has, which would be passed over in silence (a single one leaves no row at all); names
    of several ids; and units that do not convert."""
    problems = []
    several = isinstance(wanted, (tuple, Condition))
    for value in values_of(wanted):
        spelt = facts.spelt(value)
        if len(spelt) > 1 or (several and not spelt and plain(value) != ""):
            near = nearest_words(nearest(str(value), sorted({*facts.texts, *spelt})), Words("核对这个值", "check the value"))
            said = {"table": spec.zh, "name": spec.name, "column": column.name, "nearest": near}
            problems.append(report("T182", "where", str(value), **said))
    try:
        facts.passes(wanted)
    except UnitError:
        problems.append(report("T174", "where", str(wanted), table=spec.zh, name=spec.name))
    return problems


def _cell(value: object) -> object:
    """A value of YAML as a cell would hold it."""
    return ("是" if value else "否") if isinstance(value, bool) else value


def _written(table: Table, column: Column, rows: NDArray[np.int64], change: CellChange, report: Report) -> Table | list[Problem]:
    name = column.name
    if column.unit == OF_RESOURCE:
        column = replace(column, unit="")
    frame = table.frame.copy()
    if name not in frame.columns:
        frame[name] = convert(column, [None] * len(frame)).series
    key = next(way for way in ("set", "add", "times") if getattr(change, way) is not None)
    if change.set is not None:
        cells: list[object] = [_cell(change.set)] * len(rows)
    elif not column.numeric:
        return [report("T175", key, name)]
    else:
        held = frame[name].to_numpy(float)[rows]
        if any((row, name) in table.refused for row in rows.tolist()):
            return []
        if np.isnan(held).any():
            return [report("T176", key, name, where=str(table.place(int(rows[np.isnan(held)][0]), name)))]
        with np.errstate(over="ignore", invalid="ignore"):
            amounts = held + change.add if change.add is not None else held * (change.times or 0.0)
        cells = ["不限" if was == now == np.inf else now for was, now in zip(held, amounts, strict=True)]
    converted = convert(column, cells)
    if column.required and converted.blank.any():
        return [report("T177", key, "", column=name, rule=problem("T131", None, name).rule)]
    for fault in converted.faults[:1]:
        said = problem(fault.code, None, name, fault.found, **fault.values)
        return [report("T177", key, fault.found, column=name, rule=said.rule)]
    series = frame[name].copy()
    series.iloc[rows] = converted.series.to_numpy()
    frame[name] = series
    marked = {(row, name) for row in rows.tolist()}
    unit = {name: column.unit} if column.numeric and column.unit else {}
    return replace(
        table,
        frame=frame,
        assumed_cells=table.assumed_cells | marked,
        units=MappingProxyType({**table.units, **unit}),
        headers=MappingProxyType({name: column.zh, **table.headers}),
        refused=table.refused - marked,
    )
