"""The tables changed by the plan (``changes`` in plan.yaml, scenarios, questions): new tables, what is changed or put in an assumption (R5).

A change passes the same checks as a file: kind, unit, range, keys, references. Codes ``T17x``, ``T35x`` and ``T36x``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.language import Words
from planner.problems import Problem
from planner.reading.changes.cells import changed_cells
from planner.reading.changes.filtered import rows_meeting
from planner.reading.changes.rows import Removed, still_named, with_rows, without_rows
from planner.reading.changes.state import Setting, State, labels_of
from planner.reading.checks import check_coordinates, check_references, known_ids, on_known_ground
from planner.reading.table import Made, RowLabel, Table, Tables
from planner.settings.changes import OF_CELLS, WAYS, Change
from planner.settings.document import Keys, dotted
from planner.settings.partial import NOTHING_REFUSED, Refused
from planner.settings.schema import Region

SHOWN = 1_000
"""Rows of one change that are kept by name; the others are counted."""


def change_tables(
    tables: Tables, changes: Sequence[Change], setting: Setting, region: Region | None = None, refused: Refused = NOTHING_REFUSED
) -> tuple[Tables, tuple[Problem, ...]]:
    """The tables with ``changes`` made in order, and what is wrong with them; a change with a problem is not made, and of what it
    would have changed nothing is known. What of it was ``refused`` already is not told again.

    ``setting`` gives the place of a key path of plan.yaml; ``region`` says where coordinates may lie.
    """
    state, ground = State.of(tables, setting, refused), region or Region()
    touched: set[str] = set()
    removed: list[Removed] = []
    for number, change in enumerate(changes, start=len(tables.made)):
        if _make(state, change, ("changes", number), ground, removed):
            touched.add(change.table)
    still_named(state, removed)
    ids, gone = known_ids(state.tables, state.resources), {(one.table, name) for one in removed for name in one.ids}
    doubtful = state.doubts.of_ids
    for name in touched & state.tables.keys():
        spec = state.spec(name)
        before = set(map(str, check_references(spec, tables[name], ids, doubtful, state.tables)[0])) if name in tables else set()
        dangling, cells = check_references(spec, state.tables[name], ids, doubtful, state.tables)
        found = [one for one in dangling if str(one) not in before]
        state.refuse(name, cells)  # so that nobody reports them again
        targets = {column.reference for column in spec.columns}
        state.problems += [one for one in found if not any((target, one.found) in gone for target in targets)]
    problems = tuple(dict.fromkeys(_at_its_key(state, one) for one in on_known_ground(state.problems, refused)))
    return state.as_tables, problems


def _at_its_key(state: State, found: Problem) -> Problem:
    """A problem of a cell that plan.yaml writes, told of the key that writes it."""
    keys = None if found.place is None else state.spots.get(found.place)
    return found if keys is None or found.place is None else replace(found, place=state.setting(*keys), subject=dotted(keys))


def _make(state: State, change: Change, keys: Keys, region: Region, removed: list[Removed]) -> bool:
    """Make a change; False, and the problems noted, where it cannot be made."""
    name = change.table
    if state.refused.whole(*keys, "table") or name in state.unread:
        return False
    way = next((way for way in WAYS if getattr(change, way) is not None or state.refused.part(*keys, way)), "")
    if name == "resources":
        state.wrong("T366", (*keys, "table"), name)
        return False
    if way == "insert" and (change.insert is None or state.refused.part(*keys, "where") or state.refused.part(*keys, "column")):
        state.refuse(name, rows=True)
        return False
    if way == "insert":
        before = len(state.tables[name]) if name in state.tables else 0
        whole = with_rows(state, change, keys, region)
        if whole is not None:
            state.tables[name] = whole
            _note(state, change, keys, labels_of(whole)[before:], before)
        return whole is not None
    table = state.tables.get(name)
    if table is None:
        state.wrong("T171", (*keys, "table"), name, names=Words.listed(state.tables))
        return False
    rows = rows_meeting(state, name, change.where, (*keys, "where"))
    if way in OF_CELLS:
        # Without rows the column and the value are still judged, on no rows.
        at = np.flatnonzero(rows) if rows is not None else np.zeros(0, dtype=np.int64)
        made = changed_cells(state, change, way, at, keys)
        if made is None or rows is None or not _on_the_ground(state, made, table, change.column or "", region, (*keys, way)):
            column = state.column(name, change.column or "")
            state.refuse(name, () if column is None else ((row, column.name) for row in at.tolist()))
            return False
        labels = labels_of(table)
        state.tables[name] = made
        _note(state, change, keys, [labels[row] for row in np.flatnonzero(rows).tolist()], len(table))
        return True
    gone = (
        None if rows is None or way != "remove" or state.refused.part(*keys) else without_rows(state, name, rows, (*keys, "where"))
    )
    if gone is None:
        return False
    removed += gone[1]
    _note(state, change, keys, gone[0], len(table))
    return True


def _note(state: State, change: Change, keys: Keys, told: Sequence[RowLabel], of: int) -> None:
    rows, cells = ([one for one in told if bool(one.column) is of_cell] for of_cell in (False, True))
    state.made.append(Made(dotted(keys), change, (*rows[:SHOWN], *cells[:SHOWN]), len(rows), of))


def _on_the_ground(state: State, made: Table, table: Table, column: str, region: Region, keys: Keys) -> bool:
    """Whether coordinates are where some may lie, if those were changed."""
    if column not in ("lon", "lat"):
        return True
    before = set(map(str, check_coordinates(table, region)))
    news = [found for found in check_coordinates(made, region) if str(found) not in before]
    for found in news[:1]:
        where = Words(f"；{found.place}", f"; {found.place}")
        state.wrong("T177", keys, found.found, column=column, rule=found.rule, rows=where)
    return not news
