"""What rows mean together: names that stand where ids belong, the same row or firm entered twice, deals without a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from planner.intake.codes import problem
from planner.intake.mapping import MAP_FILE
from planner.intake.rows import CellNote, ReadSheet, Row
from planner.language import Words
from planner.problems import Problem, nearest
from planner.reading.phrases import split_list
from planner.reading.table import Table
from planner.spelling import fold, fold_name
from planner.tables.codes import nearest_words
from planner.tables.codes import problem as of_table
from planner.tables.column import Column, TableSpec
from planner.tables.form import is_form
from planner.tables.spec import STATUSES, TABLES

BY_NAME = Words("按名称查到编号", "the id of that name")
FIRMS = ("candidates", "incumbents")
"""Tables whose rows are firms: the same firm is looked for by its name."""


class Ids:
    """The ids of one table, and which have which name."""

    def __init__(self, key: str, rows: Iterable[dict[str, Any]]) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.named: dict[str, list[str]] = defaultdict(list)
        for values in rows:
            name = values.get(key)
            if name and name not in self.rows:
                self.rows[name] = values
                self.named[fold_name(str(values.get("name", "")))].append(name)

    def find(self, text: str, chain: str | None) -> list[str]:
        """The ids that a text means: itself, or those of that name, in the ``chain`` where one is said."""
        if text in self.rows:
            return [text]
        found = self.named.get(fold_name(text), [])
        if len(found) > 1 and chain:
            return [name for name in found if self.rows[name].get("chain_id") == chain] or found
        return found


def resolve(tables: Mapping[str, Sequence[ReadSheet]], planned: Mapping[str, Table]) -> None:
    """Ids in the place of names, wherever a column refers to a table that is taken in, or ``planned`` already. A chain comes
    before its links."""
    ids = {name: Ids(TABLES[name].key[0], _records(table)) for name, table in planned.items()}
    for name, sheets in tables.items():
        rows = (row.values for sheet in sheets if not sheet.told.joins for row in sheet.taken)
        ids[name] = Ids(TABLES[name].key[0], rows)
    for sheets in tables.values():
        for sheet in sheets:
            ordered = sorted(sheet.spec.columns, key=lambda column: column.reference != "chains")
            for column in ordered:
                if column.reference in ids and column.name in sheet.columns:
                    for row in sheet.taken:
                        _resolve_cell(row, column, sheet.headers[column.name], ids[column.reference])


def _records(table: Table) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.frame.to_dict("records")]


def _resolve_cell(row: Row, column: Column, header: str, ids: Ids) -> None:
    written = row.values.get(column.name)
    if written is None:
        return
    texts = split_list(str(written)) if column.kind == "list" else (str(written),)
    found: list[str] = []
    for text in texts:
        options = ids.find(text, row.values.get("chain_id"))
        zh = TABLES[column.reference or ""].zh
        if len(options) == 1:
            found += options
        elif options:
            row.refuse(problem("I112", row.places[column.name], header, text, table=zh, ids=Words.listed(options[:5])))
            return
        else:
            known = [str(values.get("name", name)) for name, values in ids.rows.items()]
            hint = nearest_words(nearest(text, known), Words(f"先在“{zh}”表中登记，或改正", f"enter it in {zh} first, or mend it"))
            row.refuse(problem("I111", row.places[column.name], header, text, table=zh, nearest=hint))
            return
    value = "、".join(found)
    if value != written:
        row.notes.append(CellNote(row.places[column.name], column.name, header, written, value, BY_NAME, False))
        row.values[column.name] = value


def settle_signed(sheet: ReadSheet) -> Problem | None:
    """Deals that are signed and say neither park nor quarter cannot be planned as signed: the map says what they are read as."""
    told = sheet.told.columns.get("status")
    if sheet.spec.name != "candidates" or told is None:
        return None
    rows = [
        row
        for row in sheet.taken
        if row.values.get("status") == "signed" and not {"fixed_park", "fixed_quarter"} <= row.values.keys()
    ]
    header = sheet.headers.get("status", "")
    for row in rows:
        if told.without_place is None:
            why = Words("已签约的须写明指定园区和指定季度", "a signed deal needs its park and quarter")
            row.refuse(problem("I110", row.places["status"], header, str(row.raw["status"]), why=why))
            continue
        row.notes = [note for note in row.notes if note.column != "status"]
        rule = Words("已签约而没有写明园区和季度", "signed, and no park and quarter are said")
        row.notes.append(CellNote(row.places["status"], "status", header, row.raw["status"], told.without_place, rule, True))
        row.values["status"] = told.without_place
        row.assumed.add("status")
    if not rows or told.without_place is None:
        return None
    status = STATUSES[told.without_place][0]
    return problem("I118", rows[0].places["status"], header, count=len(rows), status=status, map=MAP_FILE)


def merge_repeats(spec: TableSpec, sheets: Sequence[ReadSheet]) -> list[Problem]:
    """The same row or firm entered more than once: merged where all values agree, told with the evidence where not."""
    rows = [row for sheet in sheets if not sheet.told.joins for row in sheet.taken]
    _merge(rows, [_firm(row) if spec.name in FIRMS else "" for row in rows], spec, same_id=False)
    problems: list[Problem] = []
    for joins in (False, True):
        own = [row for sheet in sheets if sheet.told.joins is joins for row in sheet.taken]
        keys = ["\0".join(str(row.values.get(name, "")) for name in spec.key) if spec.key[0] in row.values else "" for row in own]
        _merge(own, keys, spec, same_id=True)
    if spec.name == "candidates":
        problems += _told_apart([row for row in rows if row.outcome == "taken"], spec)
    return problems


def _firm(row: Row) -> str:
    return fold_name(str(row.values.get("name", "")))


def _merge(rows: Sequence[Row], keys: Sequence[str], spec: TableSpec, same_id: bool) -> None:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row, key in zip(rows, keys, strict=True):
        if key:
            groups[key].append(row)
    for group in groups.values():
        distinct: list[Row] = []
        for row in group:
            same = next((earlier for earlier in distinct if not differences(earlier, row, spec, () if same_id else spec.key)), None)
            if same is None:
                distinct.append(row)
            else:
                row.leave("repeat", Words(f"与 {same.place} 相同", f"the same as {same.place}"))
        for row in distinct if same_id and len(distinct) > 1 else ():
            other = distinct[0] if row is not distinct[0] else distinct[1]
            columns = Words.listed(differences(other, row, spec))
            found = _shown(row, spec)
            row.refuse(problem("I115", row.place, found, other=str(other.place), columns=columns, map=MAP_FILE))


def _told_apart(rows: Sequence[Row], spec: TableSpec) -> list[Problem]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if _firm(row) and "variant_group" not in row.values:
            groups[_firm(row)].append(row)
    problems = []
    for first, *others in groups.values():
        for row in others:
            columns = Words.listed(differences(first, row, spec, spec.key))
            problems.append(problem("I116", row.place, _shown(row, spec), other=str(first.place), columns=columns, map=MAP_FILE))
    return problems


def _shown(row: Row, spec: TableSpec) -> str:
    return " ".join(str(row.values[name]) for name in dict.fromkeys((spec.key[0], "name")) if name in row.values)


def differences(one: Row, other: Row, spec: TableSpec, without: Sequence[str] = ()) -> list[str]:
    """The columns in which two rows differ, by their names for people."""
    names = [name for name in dict.fromkeys((*one.values, *other.values)) if name not in without]
    differing = [name for name in names if _compared(one, name) != _compared(other, name)]
    return [spec.column(name).zh if spec.has(name) else name for name in differing]


def _compared(row: Row, name: str) -> object:
    value = row.values.get(name)
    return fold_name(value) if isinstance(value, str) else value


def leave_unused_resources(tables: Mapping[str, Sequence[ReadSheet]]) -> list[Problem]:
    """Leave out the resources that an input template of ours offers and that no row speaks of; they would ask every park for a
    capacity."""
    rows = [row for own in tables.values() for sheet in own if sheet.spec.takes_resources for row in sheet.taken]
    spoken = {fold(column) for row in rows for column in row.values}
    spoken |= {fold(str(row.values.get("resource_id", ""))) for sheet in tables.get("capacities", ()) for row in sheet.taken}
    problems: list[Problem] = []
    for sheet in tables.get("resources", ()):
        for row in sheet.taken if is_form(sheet.sheet.grid.rows[: (sheet.told.header_row or 1) - 1]) else ():
            name = str(row.values.get("resource_id", ""))
            if not {fold(name), fold(str(row.values.get("name", "")))} & spoken:
                problems.append(of_table("T246", row.place, sheet.headers.get("resource_id", ""), name))
                row.leave("no data", problems[-1].rule)
    return problems
