"""The tables while changes are made to them: what their columns are called and mean, and how their rows refer to those of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.join import row_keys, shown_key
from planner.reading.table import RESOURCES, Cell, Doubts, Made, RowLabel, Table, Tables
from planner.settings.document import Keys, dotted
from planner.settings.partial import NOTHING_REFUSED, Refused
from planner.settings.schema import ResourceSettings
from planner.spelling import fold
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.facts import Bools, ColumnFacts, facts_of, names_of
from planner.tables.provenance import PROVENANCE, provenance_column
from planner.tables.spec import OF_RESOURCE, PARKS, TABLES, resource_columns
from planner.tables.units import UnitError

Setting = Callable[..., Place | None]
Ints = NDArray[np.int64]
_NOT_NAMED = frozenset({"geometry"})
REFERRED: Mapping[str, dict[str, str]] = {
    name: {column.name: column.reference for column in spec.columns if column.reference is not None and column.kind == "id"}
    for name, spec in TABLES.items()
} | {"capacities": {"resource_id": "resources", "scope_id": PARKS.name}}
"""Table → its columns that hold the id of a row → the table of that row. The scope of a capacity is a park, or a zone's name."""


OWNERS = ("candidate", "link", "chain", "park")
"""Whose columns need no table in front where nothing else has them."""


def owner_of(table: str) -> str:
    """What a filter calls the table in front of a column: ``park`` for parks."""
    return table.removesuffix("s")


@dataclass(frozen=True)
class Named:
    """A column that a filter names: the table that has it, and the row of that table for each row that is asked (−1: none; None: the
    rows are its own)."""

    table: str
    column: Column
    at: Ints | None


@dataclass
class State:
    """The tables with the changes made so far, and what was found wrong with these."""

    tables: dict[str, Table]
    resources: Mapping[str, ResourceSettings]
    setting: Setting
    refused: Refused = NOTHING_REFUSED
    """What of the settings is not known, because it was refused."""
    unread: frozenset[str] = frozenset()
    """Tables of which nothing is known."""
    problems: list[Problem] = field(default_factory=list)
    spots: dict[Place, Keys] = field(default_factory=dict)
    """Which key of plan.yaml says what stands in a cell, by the place of the cell."""
    made: list[Made] = field(default_factory=list)

    @staticmethod
    def of(tables: Tables, setting: Setting, refused: Refused) -> State:
        """Before any change."""
        return State(dict(tables.tables), tables.resources, setting, refused, tables.unread, made=list(tables.made))

    @property
    def as_tables(self) -> Tables:
        """The tables with the changes made so far."""
        return Tables(MappingProxyType(dict(self.tables)), self.resources, self.unread, tuple(self.made))

    @property
    def doubts(self) -> Doubts:
        """What is not known of settings and tables."""
        return Doubts(self.refused, self.as_tables)

    def may_be_of_resource(self, name: str) -> bool:
        """Whether a column that a table does not have may be that of a resource which is not known."""
        return TABLES[name].takes_resources and self.doubts.any_of(RESOURCES)

    def refuse(self, name: str, cells: Iterable[Cell] = (), rows: bool = False) -> None:
        """Of these cells, or of further ``rows`` of a table, nothing is known."""
        if name in self.tables:
            table = self.tables[name]
            self.tables[name] = replace(table, refused=table.refused | frozenset(cells), left_out=table.left_out or rows)
        elif rows:
            self.unread |= {name}

    def wrong(self, code: str, keys: Keys, found: str = "", /, **values: object) -> None:
        """Note a problem of what stands at a key path."""
        self.problems.append(problem(code, self.setting(*keys), dotted(keys), found, **values))

    def spec(self, name: str) -> TableSpec:
        """A table as declared, with the columns of the plan's resources."""
        spec = TABLES[name]
        return spec.adding(resource_columns(name, self.resources)) if spec.takes_resources else spec

    def column(self, name: str, wanted: str) -> Column | None:
        """The column of a table by its canonical name or a header; further columns of its file, and those that say where a row's
        facts come from, too. None where there is none."""
        table = self.tables.get(name)
        for column in self.spec(name).columns:
            if fold(wanted) in map(fold, column.known_as):
                return column
        held = [] if table is None else [str(one) for one in table.frame.columns if one not in _NOT_NAMED]
        for extra in (one for one in held if fold(one) == fold(wanted)):
            assert table is not None
            number = table.frame[extra].dtype.kind == "f"
            return Column(name=extra, kind="number" if number else "text", zh=extra, en=extra, unit=table.units.get(extra, ""))
        for meaning, column in PROVENANCE.items():
            if fold(wanted) in map(fold, column.known_as):
                own = provenance_column(meaning, held)
                return column if own is None else replace(column, name=own)
        return None

    def unknown(self, code: str, keys: Keys, name: str, wanted: str) -> None:
        """Note that a table has no such column, if that is known."""
        if self.may_be_of_resource(name):
            return
        spec, table = self.spec(name), self.tables.get(name)
        names = (*spec.names, *(table.extra if table is not None else ()))
        known = Words.listed(names)
        near = nearest_words(nearest(wanted, names), Words(f"可用：{known.zh}", f"there are: {known.en}"))
        self.wrong(code, keys, wanted, table=spec.zh, name=name, nearest=near)

    def named(self, name: str, wanted: str) -> list[Named]:
        """The columns that a filter of a table's rows may mean: its own; ``link.tier`` of a row that they refer to; ``tier``, where the
        table has no such column, of any row that they refer to."""
        owner, dot, rest = wanted.partition(".")
        if (own := self.column(name, rest if dot and owner == owner_of(name) else wanted)) is not None:
            return [Named(name, own, None)]
        owners = [owner] if dot else [one for one in OWNERS if one != owner_of(name)]
        found = (self._of_owner(name, one, rest if dot else wanted) for one in owners)
        return [one for one in found if one is not None]

    def _of_owner(self, name: str, owner: str, wanted: str) -> Named | None:
        """The column of a row that rows refer to as ``owner``."""
        if (ids := self.ids(name, owner)) is None:
            return None
        target, held = ids
        key = TABLES[target].column(TABLES[target].key[0])
        if target not in self.tables or len(TABLES[target].key) > 1:  # no such rows, or several for one id: only the id is known
            known = fold(wanted) in map(fold, key.known_as)
            own = next((one for one, to in REFERRED[name].items() if to == target), None)
            return Named(name, self.spec(name).column(own), None) if known and own is not None else None
        inner = self.column(target, wanted)
        return None if inner is None else Named(target, inner, self._rows_of(target, held))

    def ids(self, name: str, owner: str) -> tuple[str, list[str]] | None:
        """The table that rows refer to as ``owner`` (``link``, ``fixed_park``), and the id of its row that each of them names, blank
        for none: as it says itself, else as a row says that it refers to (the chain of a candidate's link)."""
        table = self.tables[name]
        found: tuple[str, list[str]] | None = None
        through: list[tuple[str, list[str]]] = []
        for column, target in REFERRED[name].items():
            held = [str(one) for one in table.frame[column]] if column in table.frame.columns else [""] * len(table)
            if owner == (owner_of(target) if column == "scope_id" else column.removesuffix("_id")):
                found = target, held
            elif column.removesuffix("_id") == owner_of(target) and target in self.tables:
                through.append((target, held))
        for middle, held in through:
            if (beyond := self.ids(middle, owner)) is not None and (found is None or found[0] == beyond[0]):
                further = [*beyond[1], ""]
                reached = [further[row] for row in self._rows_of(middle, held).tolist()]
                own = [""] * len(table) if found is None else found[1]
                found = beyond[0], [first or then for first, then in zip(own, reached, strict=True)]
        return found

    def _rows_of(self, name: str, ids: list[str]) -> Ints:
        """The row of a table that has each of these ids, −1 for none."""
        rows = {key: row for row, key in enumerate(self.tables[name].frame[TABLES[name].key[0]].tolist())}
        return np.array([rows.get(one, -1) if one else -1 for one in ids], dtype=np.int64)

    def names(self, name: str, column: Column) -> Mapping[str, tuple[str, ...]]:
        """Name → ids, of a column that holds ids of rows with names."""
        target = REFERRED[name].get(column.name) or column.reference
        if column.name == TABLES[name].key[0] and len(TABLES[name].key) == 1:
            target = name
        table = self.tables.get(target) if target is not None else None
        if table is None or "name" not in table.frame.columns:
            return {}
        return names_of(table.frame[TABLES[table.name].key[0]].tolist(), table.frame["name"].tolist())

    def units(self, name: str, column: Column, rows: Ints | None = None) -> list[str]:
        """The unit of a column's numbers in each row; that of capacities is their resource's."""
        table = self.tables[name]
        count = len(table) if rows is None else len(rows)
        if column.unit != OF_RESOURCE:
            return [column.unit] * count
        ids = table.frame["resource_id"].to_numpy() if rows is None else table.frame["resource_id"].to_numpy()[rows]
        return [self.resources[one].unit if one in self.resources else "" for one in ids.tolist()]

    def facts(self, name: str, column: Column) -> ColumnFacts:
        """The column as filters read it; blank throughout where the file does not have it."""
        table, unit = self.tables[name], "" if column.unit == OF_RESOURCE else column.unit
        values: Any = table.frame[column.name] if column.name in table.frame.columns else [None] * len(table)
        if column.name in REFERRED[name] and (ids := self.ids(name, column.name.removesuffix("_id"))) is not None:
            values = ids[1]
        return facts_of(values, unit, column, self.names(name, column))

    def facts_by_unit(self, name: str, column: Column) -> dict[str, ColumnFacts]:
        """The column as filters read it in each of the units that its rows have."""
        facts = self.facts(name, column)
        return {unit: replace(facts, unit=unit) for unit in self.units(name, column)} or {facts.unit: facts}

    def meeting(self, named: Named, wanted: object) -> Bools:
        """Rows that meet what is asked of a column. Of capacities in several units an amount takes those to whose unit it converts.

        Raises:
            UnitError: a bound converts to no row's unit.
        """
        held = _by_unit(self.facts_by_unit(named.table, named.column), self.units(named.table, named.column), wanted)
        if named.at is None:
            return held
        # A row that refers to none has blank facts of it.
        return np.append(held, facts_of([None], named.column.unit, named.column).passes(wanted))[named.at]


def _by_unit(facts: Mapping[str, ColumnFacts], units: list[str], wanted: object) -> Bools:
    held, refused = np.zeros(len(units), dtype=bool), list[UnitError]()
    for unit, one in facts.items():
        try:
            held |= one.passes(wanted) & np.array([own == unit for own in units], dtype=bool)
        except UnitError as error:
            refused.append(error)
    if refused and len(refused) == len(facts):
        raise refused[0]
    return held


def labels_of(table: Table) -> list[RowLabel]:
    """What people call each row: its key, and its name where it has one."""
    key = [name for name in TABLES[table.name].key if name in table.frame.columns]
    keys = [shown_key(one) for one in row_keys(table, key)] if key else [""] * len(table)
    names = table.frame["name"].astype(str).tolist() if "name" in table.frame.columns else [""] * len(table)
    both = zip(keys, names, strict=True)
    return [RowLabel(table.name, own or name, name if own and name != own else "") for own, name in both]
