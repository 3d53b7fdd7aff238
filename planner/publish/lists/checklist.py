"""A checklist: what is to be there or to be done, who answers for it, by when, how far it is, and where it is to be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.language import Language, Words
from planner.publish.book.columns import Column
from planner.publish.lists.content import Filled, Leads, Outside, SheetContent, Target
from planner.publish.lists.ground import Ground
from planner.publish.lists.kinds import Entry
from planner.publish.lists.schema import ListItem, ListSheet
from planner.publish.lists.table_fields import Row
from planner.settings.outputs import OUTPUTS
from planner.tables.facts import plain
from planner.tables.following import STAGE_WORDS

STATES = (Words("未开始", "not begun"), Words("进行中", "under way"), Words("已完成", "done"))
"""What may be chosen where the state is filled in by hand."""
UNNAMED = Words("{name}（待本单位命名）", "{name} (to be named by the bureau)")
TO_BE_SET = Words("待定", "to be set")
NOBODY = Words("待指定（责任人表中没有{roles}）", "to be appointed (the table people has no {roles})")
IN_SHEET = Words("{sheet}：{n} 行", "{sheet}: {n:row}")
NOT_LISTED = Words("{sheet}：未知", "{sheet}: not known")
ENTERED = frozenset({"charts", "lists"})
"""Outputs that are folders of pages."""
OUTPUT_WORDS: Mapping[str, Words] = {
    "workbook": Words("计划工作簿", "the plan's workbook"),
    "map": Words("计划地图", "the plan's map"),
    "geopackage": Words("地理数据", "the plan's layers"),
    "charts": Words("产业链图", "charts of the chains"),
    "lists": Words("清单集", "list sets"),
    "dossiers": Words("企业一页", "pages of firms"),
    "brief": Words("汇报一页", "the chief's page"),
    "report": Words("报告", "reports"),
}
"""Outputs that lists lead to."""
CHIEFS: Mapping[str, str] = {
    "链长": "chief",
    "链长办": "lead_office",
    "牵头部门": "lead_office",
    "牵头园区": "lead_park",
    "链主": "anchor_firm",
}
"""Role → the column of the table chains that says who has it too."""


def place_of_output(name: str) -> str:
    """The file or folder of an output, from the run folder; a folder is entered by its index."""
    return f"{OUTPUTS[name]}/index.html" if name in ENTERED else OUTPUTS[name]


@dataclass(frozen=True)
class Listed:
    """Another sheet of the set."""

    name: str
    entries: Sequence[Entry] | None
    """Its rows; None: not known, or it is no sheet of records."""
    records: bool


@dataclass(frozen=True)
class _Line:
    """One thing for one chain, or for the whole plan."""

    item: ListItem
    chain_id: str | None


def checklist(ground: Ground, sheet: ListSheet, listed: Mapping[str, Listed], chain_id: str | None) -> SheetContent:
    """``listed``: every sheet of the set, by key."""
    language, view = ground.desk.language, ground.view
    chains = [chain.chain_id for chain in ground.desk.plan.chains] if sheet.per == "chain" and chain_id is None else [chain_id]
    lines = [_Line(item, chain) for chain in chains for item in sheet.items]
    owners = [_owner(ground, line) for line in lines]
    days = [_day(ground, line.item) for line in lines]
    seen = [_seen(language, line, listed) for line in lines]

    def name(line: _Line) -> str:
        words = line.item.name.words
        return UNNAMED.say(language, name=words) if line.item.placeholder else words.say(language)

    states = [_state(ground, line) for line in lines]
    notes = [None if line.item.remark is None else line.item.remark.words.say(language) for line in lines]
    columns = [
        Filled(Column(Words("事项", "Item"), [name(line) for line in lines], room=30)),
        Filled(Column(Words("责任人", "Owner"), [owner for owner, _ in owners], assumed=[mark for _, mark in owners], room=26)),
        Filled(Column(Words("期限", "Due"), [day or TO_BE_SET.say(language) for day in days], "short", room=12)),
        Filled(Column(Words("状态", "State"), states, "short", room=10, choices=[one.say(language) for one in STATES])),
        Filled(Column(Words("见", "See"), [text for text, _ in seen], room=26), [lead for _, lead in seen]),
    ]
    if any(notes):
        columns.append(Filled(Column(Words("说明", "Remark"), notes, room=40)))
    if len(chains) > 1:
        names = [view.chain_names.get(str(line.chain_id), "") for line in lines]
        columns.insert(0, Filled(Column(Words("产业链", "Chain"), names, room=14)))
    said = tuple(one.words.say(language) for one in sheet.notes)
    return SheetContent(sheet.key, sheet.name.words.say(language), tuple(columns), len(lines), said, page=sheet.page)


def _owner(ground: Ground, line: _Line) -> tuple[str, bool]:
    """Who answers for it, and whether that is assumed: as it is written, or whoever has the first of its roles that somebody has."""
    language, item = ground.desk.language, line.item
    if item.owner is not None:
        return item.owner.words.say(language), False
    for role in item.role:
        if people := list(_people(ground, role, line.chain_id)):
            return Words.listed(dict.fromkeys(str(row.raw("person")) for row in people)).say(language), any(
                row.assumed("person") for row in people
            )
        if line.chain_id is not None and (said := _of_chain(ground, role, line.chain_id)):
            return said, False
    return (NOBODY.say(language, roles=Words.listed(item.role)) if item.role else TO_BE_SET.say(language)), False


def _people(ground: Ground, role: str, chain_id: str | None) -> Iterator[Row]:
    """Whoever has a role for a chain by name; where nobody has, whoever has it for every chain; none who has it for some places."""
    rows = [entry.row for entry in ground.entries("people") if entry.row is not None and plain(entry.row.raw("role")) == role]
    rows = [row for row in rows if not row.raw("scope")]
    own = [row for row in rows if chain_id is not None and chain_id in (row.raw("chain_id") or ())]
    yield from own or [row for row in rows if not row.raw("chain_id")]


def _of_chain(ground: Ground, role: str, chain_id: str) -> str | None:
    entry = next((one for one in ground.entries("chains") if one.key == chain_id), None)
    value = None if entry is None or entry.row is None or role not in CHIEFS else entry.row.raw(CHIEFS[role])
    return None if value is None else str(value)


def _day(ground: Ground, item: ListItem) -> str | None:
    """The day by which it is due; None: not known."""
    if item.due is not None or item.meeting is None:
        return item.due
    rows = [entry.row for entry in ground.entries("calendar") if entry.row is not None and entry.row.raw("kind") == "meeting"]
    days = [str(row.raw("date")) for row in rows if item.meeting in plain(row.raw("name"))]
    return min(days, default=None)


def _state(ground: Ground, line: _Line) -> str:
    """How far it is: as it is written, or how far the projects of its chain are; empty: to be filled in."""
    view, item = ground.view, line.item
    if item.state is not None:
        return item.state.words.say(view.language)
    firms = [firm for firm in view.plan.selected if line.chain_id in (None, firm.chain_id)] if item.stages else []
    stages = Counter(view.stage(firm) for firm in firms if firm.stage is not None)
    order = sorted(stages, key=lambda stage: [words.say(view.language) for words in STAGE_WORDS.values()].index(str(stage)))
    return Words.listed([Words(f"{stage} {stages[stage]}", f"{stage} {stages[stage]}") for stage in order]).say(view.language)


def _seen(language: Language, line: _Line, listed: Mapping[str, Listed]) -> tuple[str | None, Leads]:
    """Where it is to be seen, and what leads there."""
    item = line.item
    if item.sheet is not None:
        there = listed[item.sheet]
        if there.entries is None:
            return (NOT_LISTED.say(language, sheet=there.name) if there.records else there.name), Target(item.sheet, 0)
        of = [entry.ids("chains") or (line.chain_id,) for entry in there.entries]
        rows = [at for at, chains in enumerate(of) if line.chain_id is None or line.chain_id in chains]
        return IN_SHEET.say(language, sheet=there.name, n=len(rows)), Target(item.sheet, rows[0] if rows else 0)
    if item.output is not None:
        place = place_of_output(item.output)
        return OUTPUT_WORDS[item.output].say(language), Outside(place)
    return None, None
