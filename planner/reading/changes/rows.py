"""Rows put into a table and rows taken out of it, so that the tables are as if the file had, or had not, these rows."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.cells import convert
from planner.reading.changes.cells import REFUSED, accepted, cell_of
from planner.reading.changes.state import REFERRED, State, labels_of
from planner.reading.checks import check_alike, check_coordinates
from planner.reading.join import row_keys, shown_key
from planner.reading.phrases import whole_ids
from planner.reading.places import read_places
from planner.reading.sizes import check_sizes
from planner.reading.stack import stacked
from planner.reading.table import Origin, RowLabel, Table, TableInput
from planner.settings.changes import Change, Row
from planner.settings.document import Keys, dotted
from planner.settings.schema import Region
from planner.tables.column import Column
from planner.tables.facts import Bools
from planner.tables.spec import OF_RESOURCE, TABLES

NEVER_EMPTY = frozenset({"candidates", "parks", "chains", "links"})
"""Tables that a plan needs, or that would be made up from what other tables name, were they empty."""
MAY_BE_LOST = frozenset({"refused_parks", "preferred_parks"})
"""Lists whose last entry may go: a blank one opens no park that the entry had closed, and wishes for none that is there."""


def with_rows(state: State, change: Change, keys: Keys, region: Region) -> Table | None:
    """The table with the rows of ``insert`` below its own, their problems noted; None where nothing of them can be read. Each cell
    passes what a cell of a file passes, and is marked as an assumption; one that is refused counts as blank."""
    rows, name = change.insert or (), change.table
    ways: list[Keys] = [(*keys, "insert", position) for position in range(len(rows))]
    named = _columns(state, name, rows, ways)
    if not named:
        state.refuse(name, rows=True)
        return None
    new = _read(state, change, named, keys, ways)
    spec, table = state.spec(name), state.tables.get(name)
    whole, before = new, list[Problem]()
    if table is not None:
        new = replace(new, coordinates=table.coordinates, assumed=table.assumed & frozenset(new.frame.columns))
        both, further = stacked(spec, [table, new])
        whole, before = replace(both, form=table.form), _checked(state, table, region)
        state.problems += further
    whole = _with_defaults(whole, spec.columns, len(whole) - len(rows))
    whole = _keyed(state, whole, len(whole) - len(rows), ways)
    whole, of_places = read_places(whole, _points_from_names(table))
    known = [*before, *read_places(table, False)[1]] if table is not None else []
    state.problems += _news([*of_places, *_checked(state, whole, region)], known)
    return whole


def _columns(state: State, name: str, rows: Sequence[Row], ways: Sequence[Keys]) -> dict[str, tuple[Column, list[str | None]]]:
    """Each column that some row names, and what each row calls it (None: not named)."""
    found: dict[str, tuple[Column, list[str | None]]] = {}
    for position, (row, way) in enumerate(zip(rows, ways, strict=True)):
        for wanted in row:
            column = state.column(name, wanted)
            if column is None:
                state.unknown("T172", (*way, wanted), name, wanted)
                continue
            names = found.setdefault(column.name, (column, [None] * len(rows)))[1]
            if names[position] is not None:
                state.wrong("T363", (*way, wanted), wanted, other=names[position])
            names[position] = wanted
        for lost in _lost(state, way):
            if (column := state.column(name, lost)) is not None:
                found.setdefault(column.name, (column, [None] * len(rows)))
    return found


def _lost(state: State, way: Keys) -> list[str]:
    """What a row calls the columns whose cells were refused before the tables were read."""
    both = (way, way[:-1])  # a single row stands without a list
    return [str(keys[-1]) for keys in state.refused.keys if keys[:-1] in both and isinstance(keys[-1], str)]


def _read(
    state: State, change: Change, named: Mapping[str, tuple[Column, list[str | None]]], keys: Keys, ways: Sequence[Keys]
) -> Table:
    """The new rows as a table of their own, whose places are those of the plan file."""
    rows, spec = change.insert or (), state.spec(change.table)
    order = [name for name in spec.names if name in named] + [name for name in named if not spec.has(name)]
    values, units, given = dict[str, Any](), dict[str, str](), set[tuple[int, str]]()
    places: dict[tuple[int, int], Place] = {}
    refused: set[tuple[int, str]] = set()
    for at, name in enumerate(order):
        column, called = named[name]
        own = [(*way, word) if word is not None else way for way, word in zip(ways, called, strict=True)]
        unit_of = _units(state, column, rows, values.get("resource_id"))
        cells = [
            None if word is None else cell_of(state, change.table, column, row[word], unit, way)
            for row, word, unit, way in zip(rows, called, unit_of, own, strict=True)
        ]
        read = replace(column, unit="") if column.unit == OF_RESOURCE else column
        converted = convert(read, [None if cell is REFUSED else cell for cell in cells])
        accepted(state, column, converted, own, blanks=False)
        values[name] = pd.Series(converted.array)
        lost = [{one.name for word in _lost(state, way) if (one := state.column(change.table, word)) is not None} for way in ways]
        bad = {row for row, columns in enumerate(lost) if name in columns}
        bad |= {fault.row for fault in converted.faults} | {row for row, cell in enumerate(cells) if cell is REFUSED}
        given |= {(row, name) for row in np.flatnonzero(~converted.blank).tolist()}
        if column.required:
            code = "T151" if name in spec.key else "T131"
            for row in (row for row in np.flatnonzero(converted.blank).tolist() if row not in bad):
                state.wrong(code, own[row], key=name)
                bad.add(row)
        refused |= {(row, name) for row in bad}
        if column.numeric and column.unit not in ("", OF_RESOURCE):
            units[name] = column.unit
        for row, way in enumerate(own):
            if (place := state.setting(*way)) is not None:
                places[row, at] = place
                state.spots[place] = way
    for column in (one for one in spec.columns if one.required and one.name not in named):
        for way in (way for way in ways if not _lost(state, way)):
            state.wrong("T362", way, column=column.name)
    whole = [state.setting(*way) for way in ways]
    file = next((place.file for place in whole if place is not None), "plan.yaml")
    places |= {(row, -1): place for row, place in enumerate(whole) if place is not None}
    digest = hashlib.sha256(json.dumps([dict(row) for row in rows], ensure_ascii=False).encode()).hexdigest()
    source = change.reason or dotted(keys)
    told = TableInput(file, dotted(keys), None, digest, len(rows), None, source, name=file, places=MappingProxyType(places))
    return Table(
        name=change.table,
        frame=pd.DataFrame({name: values[name] for name in order}),
        headers=MappingProxyType({name: named[name][0].zh for name in order}),
        assumed=frozenset(),
        assumed_cells=frozenset(given),
        units=MappingProxyType(units),
        inputs=(told,),
        extra=tuple(name for name in order if not spec.has(name)),
        refused=frozenset(refused),
        coordinates="WGS84",
        origins=MappingProxyType({name: Origin(0, at) for at, name in enumerate(order)}),
        positions=(np.arange(len(rows), dtype=np.int64),),
    )


def _units(state: State, column: Column, rows: Sequence[Row], resources: object) -> list[str]:
    """The unit of the column in each new row."""
    if column.unit != OF_RESOURCE:
        return [column.unit] * len(rows)
    ids = [""] * len(rows) if resources is None else list(resources)  # type: ignore[call-overload]
    return [state.resources[one].unit if one in state.resources else "" for one in ids]


def _with_defaults(table: Table, columns: Sequence[Column], first: int) -> Table:
    """The table; where a new row leaves out a column that another one fills, filled."""
    frame = table.frame
    for column in columns:
        if column.default_from is not None and {column.name, column.default_from} <= set(frame.columns):
            new = np.arange(len(frame)) >= first
            keep = ~new | (frame[column.name] != "").to_numpy(bool)
            frame = frame.assign(**{column.name: frame[column.name].where(keep, frame[column.default_from])})
    return replace(table, frame=frame)


def _points_from_names(table: Table | None) -> bool:
    """Whether the plan asks for points of rows that have none: the table then has points that no file has."""
    return (
        table is not None and "lon" in table.frame.columns and "lon" not in table.origins and "geometry" not in table.frame.columns
    )


def _checked(state: State, table: Table, region: Region) -> list[Problem]:
    """What a table that was read is asked as a whole."""
    spec = state.spec(table.name)
    return [*check_coordinates(table, region), *check_alike(spec, table), *check_sizes(table, state.resources)]


def _news(now: Sequence[Problem], before: Sequence[Problem]) -> list[Problem]:
    known = Counter(map(str, before))
    return [one for one in now if str(one) not in known]


def _keyed(state: State, table: Table, first: int, ways: Sequence[Keys]) -> Table:
    """The table without the new rows that have the key of another row, which are noted."""
    key = [name for name in TABLES[table.name].key if name in table.frame.columns]
    seen: dict[tuple[str, ...], int] = {}
    double: list[int] = []
    for row, own in enumerate(row_keys(table, key) if key else ()):
        other = seen.setdefault(own, row)
        if row >= first and other != row and own[0]:
            double.append(row)
            state.wrong("T152", ways[row - first], shown_key(own), other=str(table.place(other, key[0])))
    return table.rows(np.setdiff1d(np.arange(len(table)), double)) if double else table


@dataclass(frozen=True)
class Removed:
    """Ids that a change has taken out of a table."""

    table: str
    ids: frozenset[str]
    keys: Keys


def without_rows(state: State, name: str, gone: Bools, keys: Keys) -> tuple[list[RowLabel], list[Removed]] | None:
    """Take rows out, and with them the rows of other tables that are theirs alone; lists that name them lose the entry where another
    remains. Returns the rows that are gone and the cells with such lists, and the ids; None, and the problem noted, where that would leave nothing."""
    table = state.tables[name]
    if gone.all() and name in NEVER_EMPTY:
        state.wrong("T364", keys, "", table=TABLES[name].zh, name=name)
        return None
    labels = labels_of(table)
    told = [labels[row] for row in np.flatnonzero(gone).tolist()]
    first = TABLES[name].key[0]
    if gone.all():
        del state.tables[name]
    else:
        state.tables[name] = table.rows(np.flatnonzero(~gone))
    if first not in table.frame.columns:
        return told, []
    left = set() if gone.all() else set(state.tables[name].frame[first])
    ids = frozenset(table.frame[first][gone]) - left - {""}
    removed = [Removed(name, ids, keys)] if ids else []
    for other in list(state.tables) if removed else ():
        owned = [column for column, target in REFERRED[other].items() if target == name and column in TABLES[other].key]
        owned = [column for column in owned if TABLES[other].column(column).required or column == "scope_id"]
        held = state.tables[other].frame
        theirs = np.any(
            [held[column].isin(ids).to_numpy(bool) for column in owned if column in held.columns] or [np.zeros(len(held), bool)],
            axis=0,
        )
        if theirs.any() and other != name:
            further = without_rows(state, other, theirs, keys)
            if further is not None:
                told, removed = told + further[0], removed + further[1]
    for other in list(state.tables) if removed else ():
        told += _shorten_lists(state, other, name, ids)
    return told, removed


def _shorten_lists(state: State, name: str, target: str, ids: frozenset[str]) -> list[RowLabel]:
    """Entries of lists that name what is gone are taken out, and the cells marked, where the list still says something. Returns the
    cells."""
    table, told = state.tables[name], list[RowLabel]()
    for column in TABLES[name].columns:
        if column.kind != "list" or column.reference != target or column.name not in table.frame.columns:
            continue
        lists = whole_ids(table.frame[column.name].tolist(), ids)
        short = [tuple(one for one in entries if one not in ids) for entries in lists]
        lost = [
            row
            for row, (was, now) in enumerate(zip(lists, short, strict=True))
            if len(now) < len(was) and (now or column.name in MAY_BE_LOST)
        ]
        if lost:
            kept, labels = set(lost), labels_of(table)
            told += [replace(labels[row], column=column.name) for row in lost]
            cells = pd.Series(
                [now if row in kept else was for row, (was, now) in enumerate(zip(lists, short, strict=True))], dtype=object
            )
            marked = frozenset((row, column.name) for row in lost)
            table = replace(table, frame=table.frame.assign(**{column.name: cells}), assumed_cells=table.assumed_cells | marked)
    state.tables[name] = table
    return told


def still_named(state: State, removed: Sequence[Removed]) -> None:
    """Note the rows that name what a change has taken out, and what nobody has put in again."""
    for one in removed:
        there = state.tables.get(one.table)
        key = TABLES[one.table].key[0]
        ids = one.ids - (frozenset() if there is None else frozenset(there.frame[key]))
        for name, table in list(state.tables.items()) if ids else ():
            for column in TABLES[name].columns:
                if column.reference != one.table or column.name not in table.frame.columns:
                    continue
                held = table.frame[column.name].tolist()
                lists = whole_ids(held, ids) if column.kind == "list" else [(value,) for value in held]
                rows = [row for row, entries in enumerate(lists) if ids.intersection(entries)]
                if rows:
                    labels = labels_of(table)
                    cells = {(row, column.name) for row in rows}
                    state.tables[name] = replace(state.tables[name], refused=state.tables[name].refused | cells)
                    listed = Words.listed([labels[row].words for row in rows[:10]] + ([f"… {len(rows)}"] if len(rows) > 10 else []))
                    said = {"table": TABLES[name].zh, "name": name, "column": column.name, "rows": listed}
                    state.wrong("T365", one.keys, Words.listed(sorted(ids)[:10]).zh, **said)
