"""What a list set names — fields, sheets, units — held against what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.language import Words
from planner.problems import Problem, did_you_mean, nearest
from planner.publish.book.text import SHEET_LIMIT, sheet_name
from planner.publish.field import Kind as FieldKind
from planner.publish.lists.codes import problem
from planner.publish.lists.kinds import KINDS, PREFIXES, Kind, identity
from planner.publish.lists.schema import ListColumn, ListSet, ListSheet
from planner.publish.lists.table_fields import KIND_OF
from planner.reading.table import Tables
from planner.settings.complaints import standing
from planner.settings.document import Keys, Spot, dotted
from planner.settings.filters import Condition, conditions
from planner.settings.partial import Refused
from planner.tables.column import Column
from planner.tables.facts import facts_of
from planner.tables.misfits import misfits
from planner.tables.spec import TABLES, resource_columns

_KEY = re.compile("[a-z][a-z0-9_]{0,39}")
NO_NUMBER = Words("这一列不是数，不能用 min、max", "the field holds no numbers: min and max cannot be asked of it")
NO_QUARTER = Words("这一列不是季度，不能用 from、until", "the field holds no quarters: from and until cannot be asked of it")
QUARTERS = Words("这一列是季度，不能用 min、max", "the field holds quarters: min and max cannot be asked of it")
NO_UNIT = Words("单位换算不到{unit}", "the unit does not convert to {unit}")
UPSIDE_DOWN = Words("min 大于 max", "min is above max")
LED = Words("{here}不属于任何{there}，无从链接", "{here} belong to none of {there}, so that no row is led to")
COUNTED = Words("{there}不属于任何{here}，无从计数", "{there} belong to none of {here}, so that none can be counted")
OTHERWISE = Words(
    "换一张表；to 可用有前缀的字段（link.、chain.、park.、candidate.）",
    "name another sheet; with to, a field with a prefix (link., chain., park., candidate.)",
)
ALIKE = Words("besides 所指的表须是同一种记录（of 相同）", "besides names a sheet of the same records (with the same of)")
NO_CHOICE = Words("这一列没有这个选项", "the field has no such choice")


@dataclass(frozen=True)
class Declared:
    """A field that records of a kind may have, whatever the plan."""

    heading: Words
    kind: FieldKind
    unit: str
    column: Column | None = None


def declared_fields(kind: str, tables: Tables | None = None) -> dict[str, Declared]:
    """Every field that lists may name of a kind of records, with those of what they belong to; ``tables``: a plan's, which has
    resources and columns of its own."""
    found = _own(KINDS[kind], tables)
    for prefix in KINDS[kind].prefixes:
        found |= {f"{prefix}.{name}": one for name, one in _own(KINDS[PREFIXES[prefix]], tables).items()}
    return found


def _own(kind: Kind, tables: Tables | None) -> dict[str, Declared]:
    spec, found = TABLES[kind.table], dict[str, Declared]()
    resources = () if tables is None or not spec.takes_resources else resource_columns(kind.table, tables.resources)
    columns = {column.name: column for column in (*spec.columns, *resources)}
    for field in (field for catalogue in (kind.catalogue, kind.more) if catalogue is not None for field in catalogue.declared()):
        unit = "1" if field.kind == "share" else field.unit.zh if field.unit is not None else ""
        found.setdefault(field.name, Declared(field.full_heading, field.kind, unit, columns.get(field.name)))
    for name, column in columns.items():
        found.setdefault(name, Declared(Words(column.zh, column.en), KIND_OF[column.kind], column.unit, column))
    for name, settings in ({} if tables is None else tables.resources).items():
        for of_resource in (one.format(name) for one in kind.by_resource if kind.of_scope in ("", settings.scope)):
            share = of_resource.endswith("share")
            heading = Words(settings.name or name, settings.name or name)
            found.setdefault(of_resource, Declared(heading, "share" if share else "number", "1" if share else settings.unit))
    held = None if tables is None else tables.get(kind.table)
    for name in () if held is None else held.extra:
        found.setdefault(str(name), Declared(Words(str(name), str(name)), "mixed", str(held.units.get(name, "")) if held else ""))
    return found


class _Faults:
    """The faults of one set, as they are found."""

    def __init__(self, spots: Mapping[Keys, Spot], refused: Refused, tables: Tables | None) -> None:
        self.spots, self.refused, self.tables = spots, refused, tables

    def at(self, code: str, keys: Keys, found: str = "", /, **said: object) -> Problem:
        spot = self.spots[standing(keys, self.spots)]
        return problem(code, spot.value, dotted(keys), found, **said)

    def line(self, keys: Keys) -> int:
        return self.spots[standing(keys, self.spots)].value.line or 0


def faults(content: ListSet, spots: Mapping[Keys, Spot], refused: Refused, tables: Tables | None) -> Iterator[Problem]:
    """All that is wrong with a set that the schema allows; of what it refused nothing more is said."""
    ground = _Faults(spots, refused, tables)
    sheets = {sheet.key: sheet for sheet in content.sheets}
    for number, sheet in enumerate(content.sheets):
        keys: Keys = ("sheets", number)
        yield from _names(ground, content, number)
        if not refused.part(*keys, "of") and sheet.of is not None:
            yield from _of_fields(ground, sheet, keys)
            yield from _filter(ground, sheet.of, sheet.where, (*keys, "where"))
        yield from _links(ground, sheet, sheets, keys)


def _names(ground: _Faults, content: ListSet, number: int) -> Iterator[Problem]:
    """Keys and names of sheets, each its own; names that Excel takes."""
    sheet, before = content.sheets[number], content.sheets[:number]
    keys: Keys = ("sheets", number)
    if not ground.refused.whole(*keys, "key"):
        same = next((at for at, other in enumerate(before) if other.key == sheet.key), None)
        if _KEY.fullmatch(sheet.key) is None:
            yield ground.at("H109", (*keys, "key"), sheet.key)
        elif same is not None:
            yield ground.at("H103", (*keys, "key"), sheet.key, line=ground.line(("sheets", same, "key")))
    if ground.refused.part(*keys, "name"):
        return
    for language in ("zh", "en"):
        name = getattr(sheet.name, language)
        way = (*keys, "name", language) if (*keys, "name", language) in ground.spots else (*keys, "name")
        same = next((at for at, other in enumerate(before) if getattr(other.name, language).casefold() == name.casefold()), None)
        if same is not None:
            yield ground.at("H104", way, name, line=ground.line(("sheets", same, "name")))
        elif sheet_name(name, ()) != name:
            units = len(name.encode("utf-16-le", "replace")) // 2
            rule = Words(
                f"表名至多 {SHEET_LIMIT} 个字符，不含 [ ] : * ? / \\ ' 和首尾空格，不用 History（此名 {units} 个字符）",
                f"a sheet's name has at most {SHEET_LIMIT} characters, none of [ ] : * ? / \\ ', no blank at its ends, and is not "
                f"History (this one has {units})",
            )
            yield ground.at("H105", way, name, rule=rule)
        if sheet.name.zh == sheet.name.en:
            break


def _of_fields(ground: _Faults, sheet: ListSheet, keys: Keys) -> Iterator[Problem]:
    """Fields of columns, of the order and of the group."""
    asked: list[tuple[Keys, str]] = []
    for number, column in enumerate(sheet.columns):
        way = (*keys, "columns", number)
        named = (*way, "field") if (*way, "field") in ground.spots else way
        if column.field is not None and not ground.refused.part(*way):
            asked.append((named, column.field))
    asked += [((*keys, "sort", number), name.removeprefix("-")) for number, name in enumerate(sheet.sort)]
    asked += [((*keys, "group"), sheet.group)] if sheet.group is not None else []
    for way, name in asked:
        yield from _field(ground, sheet.of or "", name, way)


def _field(ground: _Faults, kind: str, name: str, keys: Keys) -> Iterator[Problem]:
    known = declared_fields(kind, ground.tables)
    if name not in known and not ground.refused.whole(*keys):
        near = Words.listed(nearest(name, known) or sorted(known)[:12])
        yield ground.at("H102", keys, name, kind=KINDS[kind].words, near=near)


def _filter(ground: _Faults, kind: str, where: Mapping[str, object], keys: Keys) -> Iterator[Problem]:
    """Fields of a filter, and what is asked of each that no field of its kind can answer."""
    known = declared_fields(kind, ground.tables)
    for way, name, wanted in conditions(where, keys):
        if name not in known:
            yield from _field(ground, kind, name, way)
            continue
        if ground.refused.part(*way):
            continue
        one = known[name]
        if (
            isinstance(wanted, Condition)
            and wanted.bounded
            and one.kind in ("text", "short", "flag", "tick")
            and not _in_quarters(one)
        ):
            yield ground.at("H108", way, name, rule=NO_NUMBER, remedy="")
            continue
        closed = one.column is not None and (one.column.choices is not None or one.column.kind == "flag")
        for misfit in misfits(facts_of([], one.unit, one.column), wanted, [one.unit]):
            below = (*way, *misfit.way) if (*way, *misfit.way) in ground.spots else way
            if misfit.kind == "value" and closed:
                yield ground.at("H108", below, misfit.found, rule=NO_CHOICE, remedy=misfit.said["nearest"])
            elif misfit.kind == "quarter" and not _in_quarters(one):
                yield ground.at("H108", below, name, rule=NO_QUARTER, remedy="")
            elif misfit.kind == "number":
                yield ground.at("H108", below, name, rule=QUARTERS, remedy=Words.listed([misfit.said["instead"]]))
            elif misfit.kind == "unit":
                allowed = Words("可写：{allowed}", "units to write: {allowed}").fill(allowed=misfit.said["allowed"])
                yield ground.at("H108", below, misfit.found, rule=NO_UNIT.fill(unit=misfit.said["unit"]), remedy=allowed)
            elif misfit.kind == "order":
                yield ground.at("H108", below, misfit.found, rule=UPSIDE_DOWN, remedy="")


def _in_quarters(one: Declared) -> bool:
    return one.column is not None and one.column.kind == "quarter"


def _links(ground: _Faults, sheet: ListSheet, sheets: Mapping[str, ListSheet], keys: Keys) -> Iterator[Problem]:
    """Sheets that columns and items lead to."""
    for number, column in enumerate(sheet.columns):
        for name in ("to", "count"):
            key, way = getattr(column, name), (*keys, "columns", number, name)
            if key is None or ground.refused.part(*way):
                continue
            if key not in sheets:
                yield _no_sheet(ground, sheets, key, way)
            elif sheet.of is not None and not _joined(sheet.of, column, sheets[key]):
                there = sheets[key]
                said = there.name.words if there.of is None else KINDS[there.of].words
                rule = (COUNTED if name == "count" else LED).fill(here=KINDS[sheet.of].words, there=said)
                yield ground.at("H107", way, key, rule=rule, remedy=OTHERWISE)
    if sheet.besides is not None and not ground.refused.part(*keys, "besides"):
        if sheet.besides not in sheets:
            yield _no_sheet(ground, sheets, sheet.besides, (*keys, "besides"))
        elif sheets[sheet.besides].of != sheet.of:
            yield ground.at("H107", (*keys, "besides"), sheet.besides, rule=ALIKE, remedy="")
    for number, item in enumerate(sheet.items):
        if item.sheet is not None and item.sheet not in sheets:
            yield _no_sheet(ground, sheets, item.sheet, (*keys, "items", number, "sheet"))


def _no_sheet(ground: _Faults, sheets: Mapping[str, ListSheet], key: str, way: Keys) -> Problem:
    remedy = did_you_mean(nearest(key, sheets), Words("改为其中之一", "name one of them"))
    return ground.at("H106", way, key, known=Words.listed(sheets), remedy=remedy)


def _joined(kind: str, column: ListColumn, there: ListSheet) -> bool:
    """Whether rows of a sheet say to which rows of the other they belong, or the other way round."""
    if there.of is None:
        return False
    if column.count is not None:
        return identity(kind) in leads_to(there.of)
    prefix = (column.field or "").partition(".")[0] if "." in (column.field or "") else ""
    wanted = identity(there.of)
    return PREFIXES.get(prefix) == wanted if prefix in KINDS[kind].prefixes else wanted in leads_to(kind)


def leads_to(kind: str) -> frozenset[str]:
    """The kinds to whose records those of a kind belong, its own among them; a link's chain is that of all that belongs to the link."""
    of = KINDS[kind]
    found = {PREFIXES[prefix] for prefix in of.prefixes} | ({identity(kind)} if of.key else set())
    return frozenset(found | ({"chains"} if "links" in found else set()))
