"""A list set filled from a desk: entries chosen, ordered, put into columns, and joined with those of other sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.language import Words
from planner.plan.records import LinkResult
from planner.publish.book.columns import Column, title_of
from planner.publish.lists.checklist import Listed, checklist
from planner.publish.lists.content import Box, Filled, Leads, SetContent, SheetContent, Target
from planner.publish.lists.ground import Ground, Known
from planner.publish.lists.judge import judge, order_of
from planner.publish.lists.kinds import KINDS, Entry, identity
from planner.publish.lists.schema import ListColumn, ListSet, ListSheet
from planner.publish.view import View
from planner.publish.words import UNKNOWN
from planner.publish.workbook.records import column_of
from planner.settings.shape import plain_data
from planner.settings.write import flow
from planner.tables.spec import TABLES

TO_BE_NAMED = Words(
    "待本单位命名：“{source}”所据文件没有逐项列出这张清单。在清单集的 YAML 中写上它的 name 与 of、columns（或 items），去掉 placeholder 即可。",
    "To be named by the bureau: the paper behind “{source}” does not itemise this list. Write its name and of, columns (or items) in the YAML "
    "of the list set, and take placeholder away.",
)
NO_TABLE = Words(
    "无法列出：计划没有“{zh}”表（{name}）。这不是说没有，而是未提供；补上该表后重新生成。",
    "Cannot be listed: the plan has no table {name}. That is not to say that there are none: it is not provided; add the table and "
    "publish again.",
)
NO_COLUMN = Words(
    "无法列出：要看的 {columns} 没有填写，{n} 行都无法判断。这不是说没有，而是未知；补上后重新生成。",
    "Cannot be listed: {columns} is not filled in, so that none of the {n:row} can be judged. That is not to say that there are none: it "
    "is not known; fill it in and publish again.",
)
SOME_OPEN = Words(
    "另有 {n} 行因 {columns} 空白而无法判断，不在表中。", "{n:further row} left out, which cannot be judged: {columns} is blank."
)
NONE_PASSES = Words("没有一行符合（共看了 {n} 行）。", "No row passes (of {n} that were looked at).")
EMPTY = Words("“{zh}”表中没有行。", "The table {name} has no row.")
NOT_GIVEN = Words("未提供（列中为“—”）：{columns}。", "Not provided (“—” in the column): {columns}.")
FILTER = Words("筛选：{where}", "Filter: {where}")
FROM = Words("数据：{sources}", "Data: {sources}")
PLAN_FIGURES = Words("计划的数字取自 plan.json", "figures of the plan from plan.json")
MARKED = Words("带 * 的为假设。", "* marks assumptions.")


@dataclass(frozen=True, eq=False)
class _Rows:
    """The entries of one sheet."""

    kind: str
    entries: tuple[Entry, ...]
    looked_at: int
    open: int
    missing: tuple[str, ...]
    """Fields for want of which some are left open."""
    provided: bool
    """The plan has the table, or it is of the plan's own records."""


def fill(ground: Ground, content: ListSet, chain_id: str | None = None) -> SetContent:
    """A list set of the whole plan, or of one chain alone."""
    view, language = ground.view, ground.desk.language
    by_key = {sheet.key: sheet for sheet in content.sheets}
    rows = {
        sheet.key: _rows(ground, sheet, by_key.get(sheet.besides or ""), chain_id)
        for sheet in content.sheets
        if sheet.of is not None
    }
    sheets = tuple(_sheet(ground, content, sheet, rows, chain_id) for sheet in content.sheets)
    name = content.name.words.say(language)
    chain = "" if chain_id is None else view.chain_names.get(chain_id, chain_id)
    return SetContent(
        name,
        content.source.words.say(language),
        tuple(said.words.say(language) for said in content.notes),
        sheets,
        chain_id,
        name if chain_id is None else Words(f"{chain}：{name}", f"{chain}: {name}").say(language),
    )


def _rows(ground: Ground, sheet: ListSheet, besides: ListSheet | None, chain_id: str | None) -> _Rows:
    kind = str(sheet.of)
    known, provided = ground.known(kind), KINDS[kind].records is not None or KINDS[kind].table in ground.tables
    entries = [entry for entry in ground.entries(kind) if _in_chain(kind, entry, chain_id)]
    judged = judge(ground.view, sheet.where, entries, known)
    if besides is not None:
        judged = judged.besides(judge(ground.view, besides.where, entries, known))
    taken = [entries[at] for at in np.flatnonzero(judged.taken)]
    for name in reversed(sheet.sort):
        bare = name.removeprefix("-")
        taken = [taken[at] for at in order_of(known[bare], taken, falling=name != bare)]
    if sheet.group is not None:
        shown = [known[sheet.group].field.value(ground.view, entry) for entry in taken]
        first = {value: at for at, value in reversed(list(enumerate(shown)))}
        taken = [taken[at] for at in sorted(range(len(taken)), key=lambda at: (shown[at] is None, first[shown[at]]))]
    return _Rows(kind, tuple(taken), len(entries), int(judged.open.sum()), judged.missing, provided)


def _in_chain(kind: str, entry: Entry, chain_id: str | None) -> bool:
    if chain_id is None:
        return True
    if kind == "chains":
        return entry.key == chain_id
    ids = entry.ids("chains")
    return chain_id in ids or (not ids and KINDS[kind].for_all)


def _sheet(ground: Ground, content: ListSet, sheet: ListSheet, rows: Mapping[str, _Rows], chain_id: str | None) -> SheetContent:
    language = ground.desk.language
    name = sheet.name.words.say(language)
    notes = [said.words.say(language) for said in sheet.notes]
    if sheet.placeholder:
        instead = TO_BE_NAMED.say(language, source=content.name.words)
        return SheetContent(sheet.key, name, (), 0, tuple(notes), instead, known=False, page=sheet.page)
    if sheet.of is None:
        listed = {other.key: Listed(other.name.words.say(language), *(_seen(rows.get(other.key)))) for other in content.sheets}
        return checklist(ground, sheet, listed, chain_id)
    held, kind = rows[sheet.key], KINDS[sheet.of]
    spec = TABLES[kind.table]
    of_table = {"zh": spec.zh, "name": spec.name}
    names = {other.key: other.name.words for other in content.sheets}
    filled = tuple(_filled(ground, sheet, asked, rows, names) for asked in _columns(sheet))
    instead, known = "", True
    if not held.entries:
        if not held.provided:
            instead, known = NO_TABLE.say(language, **of_table), False
        elif held.open:
            instead, known = NO_COLUMN.say(language, columns=_places(ground, sheet, held.missing), n=held.open), False
        else:
            instead = NONE_PASSES.say(language, n=held.looked_at) if held.looked_at else EMPTY.say(language, **of_table)
    elif held.open:
        notes.append(SOME_OPEN.say(language, columns=_places(ground, sheet, held.missing), n=held.open))
    if sheet.where:
        notes.append(FILTER.say(language, where=filter_text(sheet.where)))
    notes += _of_origin(ground, sheet, held, filled)
    boxes = tuple(_boxes(ground, sheet, held.entries, filled)) if sheet.graph else ()
    return SheetContent(sheet.key, name, filled, len(held.entries), tuple(notes), instead, known, sheet.page, boxes)


def _boxes(ground: Ground, sheet: ListSheet, entries: Sequence[Entry], filled: Sequence[Filled]) -> Iterator[Box]:
    view, language = ground.view, ground.desk.language
    counts = [one for asked, one in zip(_columns(sheet), filled, strict=True) if asked.count is not None]
    heads = [title_of(one.column, language) for one in counts]
    order = {chain.chain_id: at for at, chain in enumerate(view.plan.chains)}
    for row, entry in sorted(enumerate(entries), key=lambda one: order.get(one[1].record.chain_id, -1)):
        link: LinkResult = entry.record
        known: list[tuple[str, int, Leads]] = []
        for head, one in zip(heads, counts, strict=True):
            if isinstance(number := one.column.values[row], int) and number:
                known.append((head, number, one.leads[row]))
        chain = view.chain_names.get(link.chain_id, link.chain_id)
        yield Box(
            row,
            link.link_id,
            chain,
            link.tier or UNKNOWN.say(language),
            link.name,
            link.grade_before,
            view.grades(link),
            tuple(known),
        )


def _answers(held: _Rows) -> bool:
    """Whether it is known how many rows there are, even if some are left open."""
    return bool(held.entries) or (held.provided and not held.open)


def _seen(held: _Rows | None) -> tuple[Sequence[Entry] | None, bool]:
    """The entries of a sheet as checklists tell of them, and whether it is one of records."""
    return (None if held is None or not _answers(held) else held.entries), held is not None


def _columns(sheet: ListSheet) -> Iterable[ListColumn]:
    """The group first, unless it stands there anyway."""
    first = sheet.columns[0].field if sheet.columns else None
    lead = [] if sheet.group is None or sheet.group == first else [ListColumn(field=sheet.group)]
    return (*lead, *(column for column in sheet.columns if column.field != sheet.group or not lead))


def filter_text(where: Mapping[str, object]) -> str:
    """A filter as it is written."""
    return flow(_written(plain_data(where)))


def _written(value: object) -> object:
    """Without what a condition leaves open."""
    if isinstance(value, dict):
        return {key: _written(entry) for key, entry in value.items() if entry is not None and entry != []}
    return [_written(entry) for entry in value] if isinstance(value, list) else value


def _places(ground: Ground, sheet: ListSheet, names: Sequence[str]) -> Words:
    """Fields, and where they would be filled in."""
    known = ground.known(str(sheet.of))
    return Words.listed([known[name].place for name in names])


def _of_origin(ground: Ground, sheet: ListSheet, held: _Rows, filled: Sequence[Filled]) -> list[str]:
    """Which columns nobody gave, where the rows come from, what the marks mean."""
    language, notes = ground.desk.language, list[str]()
    if held.entries:
        known = ground.known(str(sheet.of))
        fields = [asked.field for asked in _columns(sheet) if asked.field is not None]
        blank = [name for name in fields if all(known[name].raw(entry) is None for entry in held.entries)]
        shown = [name for name in blank if all(known[name].field.value(ground.view, entry) is None for entry in held.entries)]
        if shown:
            notes.append(NOT_GIVEN.say(language, columns=_places(ground, sheet, shown)))
    said = [entry.row.source for entry in held.entries if entry.row is not None and entry.row.source]
    sources = [*dict.fromkeys(said)][:4]
    if KINDS[str(sheet.of)].records is not None:
        sources.append(PLAN_FIGURES.say(language))
    if held.entries and sources:
        notes.append(FROM.say(language, sources=Words.listed(sources)))
    if any(any(one.column.marks) for one in filled):
        notes.append(MARKED.say(language))
    return notes


def _filled(ground: Ground, sheet: ListSheet, asked: ListColumn, rows: Mapping[str, _Rows], names: Mapping[str, Words]) -> Filled:
    entries, kind = rows[sheet.key].entries, str(sheet.of)
    heading = None if asked.heading is None else asked.heading.words
    if asked.fill:
        return Filled(Column(heading or "", [None] * len(entries), tones=["fill"] * len(entries), room=18))
    if asked.count is not None:
        counted, named = rows[asked.count], names[asked.count]
        return _counted(kind, entries, counted, asked.count, _answers(counted), heading or named)
    known = ground.known(kind)[str(asked.field)]
    column = _column(ground.view, known, entries, heading)
    if asked.to is None:
        return Filled(column)
    prefix, dot, _ = str(asked.field).partition(".")
    target = identity(rows[asked.to].kind)
    at = {
        one: row for row, entry in reversed(list(enumerate(rows[asked.to].entries))) for one in _own_ids(rows[asked.to].kind, entry)
    }
    leads: list[Leads] = []
    for entry in entries:
        ids = entry.refs.get(prefix, ()) if dot else (*_own_ids(kind, entry, target), *entry.ids(target))
        row = next((at[one] for one in ids if one in at), None)
        leads.append(None if row is None else Target(asked.to, row))
    return Filled(column, leads)


def _own_ids(kind: str, entry: Entry, wanted: str | None = None) -> tuple[str, ...]:
    """The entry's own id, where it has one and it is one of the kind that is wanted."""
    return (entry.key,) if entry.key and wanted in (None, identity(kind)) else ()


def _counted(kind: str, entries: Sequence[Entry], held: _Rows, key: str, known: bool, heading: Words) -> Filled:
    """How many rows of another sheet belong to each entry; not known where that sheet cannot be listed."""
    own = identity(kind)
    belonging: dict[str, list[int]] = {}
    for row, other in enumerate(held.entries):
        for one in {*other.ids(own), *_own_ids(held.kind, other, own)}:
            belonging.setdefault(one, []).append(row)
    found = [belonging.get(entry.key, []) for entry in entries]
    leads = [Target(key, rows[0]) if rows else None for rows in found]
    return Filled(Column(heading, [len(rows) if known else None for rows in found], "count", room=10), leads)


def _column(view: View, known: Known, entries: Sequence[Entry], heading: Words | None) -> Column:
    field = known.field
    if heading is None:
        group = field.group
        heading = field.heading if group is None else Words(f"{group.zh}\n{field.heading.zh}", f"{group.en}\n{field.heading.en}")
    return column_of(view, replace(field, heading=heading, group=None, span=1, total=False), entries)
