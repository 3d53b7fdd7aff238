"""The records of a desk as lists read them, and every field that may be asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from planner.language import Words
from planner.publish.field import Field
from planner.publish.lists.kinds import KINDS, PREFIXES, Entry, Kind
from planner.publish.lists.table_fields import Cells, Row, column_fields, own_field
from planner.publish.view import View
from planner.reading.table import Tables
from planner.settings.schema import ResourceSettings
from planner.tables.column import Column
from planner.tables.spec import TABLES, resource_columns

if TYPE_CHECKING:
    from planner.publish.desk import Desk

FILLED_IN: Mapping[str, Words] = {
    "outside": Words(
        "本省（plan.yaml 的 region.province）或客商库表的“所在省”（province）",
        "the home province (region.province of plan.yaml) or “Province” (province) of the table candidates",
    )
}
"""Where a field is filled in that is worked out from others."""
Pick = Callable[[Entry], Any]
"""The record, or entry, that a field is of; None where there is none."""


@dataclass(frozen=True, eq=False)
class Known:
    """A field as lists read it: what it shows of an entry, and what a filter takes it for."""

    field: Field[Entry]
    raw: Callable[[Entry], Any]
    """Ids, choices and numbers as the tables have them, in their canonical unit; None: not known."""
    unit: str
    column: Column | None
    """How its table declares it."""
    place: Words
    """Where it would have to be filled in."""


def _columns(table: str, resources: Mapping[str, ResourceSettings]) -> tuple[Column, ...]:
    spec = TABLES[table]
    return (*spec.columns, *(resource_columns(table, resources) if spec.takes_resources else ()))


class Ground:
    """Everything that lists of one desk are made from; what is worked out is kept."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._known: dict[str, dict[str, Known]] = {}

    @property
    def tables(self) -> Tables:
        return self.desk.opened.case.tables

    @property
    def view(self) -> View:
        return self.desk.view

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Every record of a kind, in the order of the plan or the table."""
        if kind not in self._entries:
            self._entries[kind] = tuple(self._made(kind))
        return self._entries[kind]

    def _rows(self, table: str) -> list[Row]:
        held = self.tables.get(table)
        if held is None:
            return []
        cells = Cells(held)
        return [Row(cells, number) for number in range(len(held.frame))]

    def _made(self, name: str) -> Iterator[Entry]:
        kind, rows = KINDS[name], self._rows(KINDS[name].table)
        if kind.records is None:
            records = self._candidates if name == "candidates" else {}
            for row in rows:
                yield self._entry(kind, records.get(str(row.raw(kind.key) or "")) if kind.key else None, row)
            return
        by_key = {str(row.raw(kind.key)): row for row in rows} if kind.key else {}
        if name == "incumbents":  # told apart by their place in the table: an id is not asked for
            numbers = self.desk.opened.case.incumbents["row"].tolist()
            for record, number in zip(self.desk.plan.incumbents, numbers, strict=True):
                entry = self._entry(kind, record, rows[int(number)])
                yield entry if entry.key else replace(entry, key=f"#{number}")
            return
        for record in kind.records(self.desk.plan):
            yield self._entry(kind, record, by_key.get(str(getattr(record, kind.key))) if kind.key else None)

    @cached_property
    def _candidates(self) -> Mapping[str, Any]:
        plan = self.desk.plan
        return {**{one.candidate_id: one for one in plan.selected}, **{one.candidate_id: one for one in plan.not_selected}}

    def _entry(self, kind: Kind, record: Any, row: Row | None) -> Entry:
        def said(name: str) -> tuple[str, ...]:
            value = getattr(record, name, None)
            value = row.raw(name) if not value and row is not None else value
            return () if not value else tuple(map(str, value)) if isinstance(value, (tuple, list)) else (str(value),)

        refs = {prefix: said(column) for prefix, column in kind.belongs.items()}
        if not refs.get("chain") and (firm := refs.get("candidate")):
            refs["chain"] = tuple(filter(None, (getattr(self._candidates.get(firm[0]), "chain_id", None),)))
        links = [link for prefix in refs if PREFIXES[prefix] == "links" for link in refs[prefix]]
        if links and not refs.get("chain"):
            refs["chain"] = tuple(dict.fromkeys(self._chain_of[link] for link in links if link in self._chain_of))
        return Entry("".join(said(kind.key)[:1]) if kind.key else "", record, row, refs)

    @cached_property
    def _chain_of(self) -> Mapping[str, str]:
        return {link.link_id: link.chain_id for link in self.desk.plan.links}

    def of(self, prefix: str, entry: Entry) -> Entry | None:
        """The one record that an entry belongs to; None where there is none, or several."""
        ids = entry.refs.get(prefix, ())
        return self._by_key(PREFIXES[prefix]).get(ids[0]) if len(ids) == 1 else None

    def _by_key(self, kind: str) -> Mapping[str, Entry]:
        if kind not in self._keys:
            self._keys[kind] = {entry.key: entry for entry in self.entries(kind)}
        return self._keys[kind]

    @cached_property
    def _keys(self) -> dict[str, Mapping[str, Entry]]:
        return {}

    def known(self, kind: str) -> Mapping[str, Known]:
        """Every field of a kind by the name that lists give it, the bureau's own columns too."""
        if kind not in self._known:
            found = self._of(KINDS[kind], lambda entry: entry)
            for prefix in KINDS[kind].prefixes:
                above = self._of(KINDS[PREFIXES[prefix]], partial(self.of, prefix))
                found |= {f"{prefix}.{name}": known for name, known in above.items()}
            self._known[kind] = found
        return self._known[kind]

    def _of(self, kind: Kind, pick: Callable[[Entry], Entry | None]) -> dict[str, Known]:
        """The fields of a kind, of the entry that ``pick`` gives."""
        found: dict[str, Known] = {}
        columns = {column.name: column for column in _columns(kind.table, self.tables.resources)}
        table = self.tables.get(kind.table)

        def add(name: str, field: Field[Any], part: Callable[[Entry], Any], raw: Callable[[Entry], Any]) -> None:
            column = columns.get(name)
            unit = column.unit if column is not None else "1" if field.kind == "share" else field.unit.zh if field.unit else ""
            zh, en = field.heading.zh, field.heading.en
            spec = TABLES[kind.table]
            place = FILLED_IN.get(name) or Words(f"{spec.zh}表的“{zh}”（{name}）", f"“{en}” ({name}) of the table {kind.table}")
            found.setdefault(name, Known(_through(field, pick, part), _of_entry(pick, raw), unit, column, place))

        for field in () if kind.catalogue is None else kind.catalogue.every(self.view):
            absent = (
                (column := columns.get(field.name)) is not None and column.kind == "flag" and not self._has(kind.table, field.name)
            )
            add(field.name, field, lambda entry: entry.record, partial(_raw, self.view, field, absent))
        for field in () if kind.more is None else kind.more.every(self.view):
            add(field.name, field, lambda entry: entry, partial(_shown, self.view, field))
        for name, field in column_fields(tuple(columns.values())).items():
            names = self._names.get(columns[name].reference or "") if columns[name].kind == "list" else None
            shown = field if names is None else replace(field, get=partial(_named, names, field))
            add(name, shown, lambda entry: entry, partial(_cell, name))
        own = {} if table is None else {str(name): str(table.units.get(name, "")) for name in table.extra}
        for name, unit in own.items():
            add(name, own_field(name, unit), lambda entry: entry, partial(_cell, name))
        return found

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        """Table → id → name, for lists of ids to be read."""
        plan = self.desk.plan
        return {
            "chains": {one.chain_id: one.name for one in plan.chains},
            "links": {one.link_id: one.name for one in plan.links},
            "parks": {one.park_id: one.name for one in plan.parks},
        }

    def _has(self, table: str, column: str) -> bool:
        held = self.tables.get(table)
        return held is not None and column in held.frame.columns


def _through(field: Field[Any], pick: Pick, part: Pick) -> Field[Entry]:
    """A field of a record as one of the entry that has it."""

    def at(entry: Entry) -> Any:
        return None if (found := pick(entry)) is None else part(found)

    def value(view: View, entry: Entry) -> Any:
        return None if (found := at(entry)) is None else field.value(view, found)

    def assumed(basis: Any, entry: Entry) -> bool:
        if (found := at(entry)) is None:
            return False
        if callable(field.assumed):
            return bool(field.assumed(basis, found))
        return bool(basis.record(found, *((field.name,) if field.assumed is None else field.assumed)))

    return replace(field, get=value, assumed=assumed)


def _of_entry(pick: Pick, raw: Callable[[Entry], Any]) -> Callable[[Entry], Any]:
    return lambda entry: None if (found := pick(entry)) is None else raw(found)


def _raw(view: View, field: Field[Any], absent: bool, entry: Entry) -> Any:
    """What the plan's record says, before it is put into words; nothing of a flag that nobody gave."""
    if entry.record is None or absent:
        return None
    value = getattr(entry.record, field.name, None)
    return field.value(view, entry.record) if value is None and field.get is not None else value


def _shown(view: View, field: Field[Entry], entry: Entry) -> Any:
    return field.value(view, entry)


def _named(names: Mapping[str, str], field: Field[Any], view: View, entry: Entry) -> Any:
    """A list of ids as the names of what they are of."""
    ids = _cell(field.name, entry)
    return field.value(view, entry) if ids is None else view.listed(names.get(str(one), str(one)) for one in ids)


def _cell(name: str, entry: Entry) -> Any:
    return None if entry.row is None else entry.row.raw(name)
