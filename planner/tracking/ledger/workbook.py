"""The ledgers as a workbook: the bulletin, six lists, three ledgers, totals, the plan against the facts, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from planner.language import Language, Words
from planner.plan.model import SHORT
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table, titled_table
from planner.publish.words import unit_words
from planner.tables.following import STAGE_WORDS
from planner.tracking.ledger.bulletin import HEADS, NOTHING, TITLE, sections, tiles
from planner.tracking.ledger.record import LISTS, Ledgers, Listed, Matter, Project, Sums, Target
from planner.tracking.ledger.totals import GROUPED
from planner.tracking.ledger.words import (
    GROUP_WORDS,
    KIND_WORDS,
    LIGHT_WORDS,
    LIST_WORDS,
    NONE_KNOWN,
    STATE_WORDS,
    UNTOLD,
    change_words,
    group_words,
    planned_words,
    rules_words,
    source_words,
    target_words,
)

MONEY = unit_words("万元")
DAYS = Words("天", "days")
_ID, _NAME = Column(Words("编号", "Id"), kind="short"), Column(Words("项目", "Project"), room=30)
_PROJECT = (
    _ID,
    _NAME,
    Column(Words("产业链", "Chain"), room=16),
    Column(Words("区县", "County"), kind="short"),
    Column(Words("园区", "Park"), room=20),
)
_MONEY = Column(Words("投资额", "Investment"), kind="number", unit=MONEY, total=True)
_OWNER = Column(Words("责任人", "Owner"), room=18)
_PLANNED = Column(Words("下一步计划日期", "Next step planned"), kind="date")
_LATE = Column(Words("是否超期", "Past it"), kind="short")
_LIGHT = Column(Words("灯", "Light"), kind="short")
_PLACE = Column(Words("出处", "Row"), room=26)
_LIST = (
    *_PROJECT,
    _MONEY,
    Column(Words("日期", "Date"), kind="date"),
    Column(Words("至期末", "Since"), kind="count", unit=DAYS),
    Column(Words("依据", "Row says"), kind="short"),
    _PLANNED,
    _LATE,
    _OWNER,
    _PLACE,
)
_PROGRESS = (
    *_PROJECT,
    _MONEY,
    Column(Words("阶段", "Stage"), kind="short"),
    Column(Words("自", "Since"), kind="date"),
    Column(Words("下一步", "Next"), kind="short"),
    _PLANNED,
    _LATE,
    Column(Words("最近进展", "Last progress"), kind="date"),
    Column(Words("无进展", "Without progress"), kind="count", unit=DAYS),
    _LIGHT,
    _OWNER,
    Column(Words("备注", "Note"), room=28),
    _PLACE,
)
_MATTER = (
    _ID,
    _NAME,
    Column(Words("产业链", "Chain"), room=16),
    Column(Words("园区", "Park"), room=20),
    Column(Words("提出日期", "Date"), kind="date"),
    Column(Words("责任人", "Owner"), room=20),
    Column(Words("办结期限", "Due"), kind="date"),
    Column(Words("状态", "State"), kind="short"),
    Column(Words("办结日期", "Closed"), kind="date"),
    Column(Words("历时", "Days"), kind="count", unit=DAYS),
    _PLACE,
    Column(Words("销号出处", "Closed by"), room=26),
)
_CONVERSION = (
    Column(Words("阶段", "Stage"), kind="short"),
    Column(Words("到过的项目", "Came to it"), kind="count"),
    Column(Words("进到以后阶段", "Went further"), kind="count"),
    Column(Words("转化率", "Share"), kind="share"),
    Column(Words("到下一阶段的天数（中位数）", "Days to the next (median)"), kind="number", unit=DAYS),
    Column(Words("其中流失", "Of them lost"), kind="count"),
    Column(Words("其中暂缓", "On hold"), kind="count"),
)
_PERIOD, _YEAR, _EVER = Words("本期", "Period"), Words("本年累计", "This year"), Words("历年累计", "Ever")
_N, _M = Column(Words("项目数", "Projects"), kind="count"), Column(Words("投资额", "Investment"), kind="number", unit=MONEY)
_REACHED = (
    Column(Words("阶段", "Stage"), kind="short"),
    *(replace(one, group=of) for of in (_PERIOD, _YEAR, _EVER) for one in (_N, _M)),
)
_GROUPS = (
    Column(Words("分组", "By"), kind="short"),
    Column(Words("名称", "Name"), room=24),
    *(replace(one, group=STAGE_WORDS[of]) for of in GROUPED for one in (_N, _M)),
)
_AIM, _FACT, _RATE = Words("目标", "Target"), Words("完成", "Reached"), Words("完成率", "Share reached")
_TARGETS = (
    Column(Words("阶段", "Stage"), kind="short"),
    Column(Words("对象", "Of"), room=24),
    Column(Words("自", "From"), kind="date"),
    Column(Words("至", "To"), kind="date"),
    Column(Words("时间已过", "Time gone"), kind="share"),
    *(replace(one, group=of) for of in (_AIM, _FACT) for one in (_N, _M)),
    Column(Words("项目数", "Projects"), kind="share", group=_RATE),
    Column(Words("投资额", "Investment"), kind="share", group=_RATE),
    Column(Words("园区不明", "Park not known"), kind="count"),
    _PLACE,
)
_PLAN = (
    *_PROJECT,
    _MONEY,
    Column(Words("计划季度", "Planned quarter"), kind="short"),
    Column(Words("计划园区", "Planned park"), room=20),
    Column(Words("签约日期", "Signed"), kind="date"),
    Column(Words("结果", "Outcome"), room=22),
)
_CHANGES = (
    Column(Words("变化", "Change"), kind="short"),
    _ID,
    _NAME,
    Column(Words("内容", "What"), room=44),
    Column(Words("日期", "Date"), kind="date"),
    _PLACE,
)
TONES = {"yellow": "warning", "red": "error", "out": "error", "overdue": "error", "closed": "quiet", "dropped": "quiet"}
_YES = Words("是", "yes")
SINCE = Words("{on} 与 {against} 相比", "On {on}, against {against}")
PERIOD = Words("{first} 至 {last}（进展算到 {on}）", "{first} to {last} (events up to {on})")
NOT_SAID = Words("未写来源", "no source given")
KNOWN = Words(
    "投资额只计已知的：合计中有 {n} 个项目不知道投资额。",
    "Investment of those of which it is known: {n:project} of these sums unknown.",
)


def write_book(found: Ledgers, path: Path) -> None:
    """Write the workbook."""
    title = LEDGERS.say(found.language, plan=found.plan, on=found.on)
    with Book(path, found.language, title, seal="" if found.seal is None else found.seal[:SHORT]) as book:
        _bulletin(book, found)
        period = PERIOD.fill(first=found.first, last=found.last, on=found.on)
        rule, lights, settled = rules_words(found)
        sources = _sources(found)
        for name in LISTS:
            rows = [_listed(one, found.language) for one in found.lists[name]]
            marked = _marked(_LIST, rows, [one.project for one in found.lists[name]])
            columns = _toned(marked, _LATE, ["error" if one.overdue else None for one in found.lists[name]])
            page_of_one_table(book, LIST_WORDS[name], columns, period, rule, sources)[0].finish()
        _progress(book, found, lights)
        for words, matters in ((PROBLEMS, found.problems), (ORDERS, found.orders)):
            _matters(book, words, matters, settled)
        _totals(book, found)
        if found.seal is not None:
            _plan(book, found)
        if found.against is not None:
            _changes(book, found)


_TILES = (
    Column(Words("清单", "List"), room=24),
    Column(Words("本期", "Period"), kind="count"),
    Column(Words("本期投资额", "Its investment"), kind="number", unit=MONEY),
    Column(Words("本年累计", "This year"), kind="count"),
    Column(Words("规划期完成", "Reached"), kind="count"),
    Column(Words("规划期目标", "Target"), kind="count"),
)
LEDGERS = Words("{plan} 台账 {on}", "{plan}: ledgers, {on}")
BULLETIN = Words("快报", "Bulletin")
PROGRESS, PROBLEMS, ORDERS = Words("进展台账", "Progress"), Words("问题台账", "Problems"), Words("调度台账", "Dispatch")
AIMS, TOTALS, GROUPS = Words("目标", "Targets"), Words("合计与转化", "Totals"), Words("分组", "Groups")
PLAN, CHANGES = Words("计划对照", "Plan and fact"), Words("变化", "Changes")


def _marked(heads: Sequence[Column], rows: Sequence[Sequence[Cell]], projects: Sequence[Project]) -> list[Column]:
    """The columns, investments and days that rest on an assumption marked."""
    columns = with_rows(heads, rows)
    marks = {_MONEY.title: "investment", Words("日期", "Date"): "status.date", Words("自", "Since"): "status.date"}
    return [
        replace(column, assumed=[marks[column.title] in one.assumed for one in projects])
        if isinstance(column.title, Words) and column.title in marks
        else column
        for column in columns
    ]


def _toned(columns: Sequence[Column], toned: Column, tones: Sequence[str | None]) -> list[Column]:
    """The columns, the cells of one of them coloured."""
    return [replace(column, tones=tones) if column.title == toned.title else column for column in columns]


def _sources(found: Ledgers) -> Words:
    """Where the facts come from."""
    of = dict.fromkeys(one.project.source for one in found.progress if one.project.source)
    return Words("进展：{files}；项目：{of}", "Events: {files}; projects: {of}").fill(
        files=source_words(found), of=Words.listed(of, 5) if of else NOT_SAID
    )


def _project(one: Project) -> list[Cell]:
    return [one.candidate_id, one.name, *(part or None for part in (one.chain_name, one.county, one.park_name))]


def _listed(one: Listed, language: Language) -> list[Cell]:
    project = one.project
    said = STAGE_WORDS[one.said].say(language)
    late = _YES.say(language) if one.overdue else ""
    own: list[Cell] = [project.investment, one.date, one.days, said, one.planned, late]
    return [*_project(project), *own, project.owner or NONE_KNOWN.say(language), one.place]


def _progress(book: Book, found: Ledgers, lights: Words) -> None:
    language, rows = found.language, []
    for one in found.progress:
        project = one.project
        step = "" if one.next is None else STAGE_WORDS[one.next].say(language)
        rows.append(
            [
                *_project(project),
                project.investment,
                STAGE_WORDS[one.stage].say(language),
                one.since,
                step,
                one.planned,
                _YES.say(language) if one.overdue else "",
                one.progress,
                one.days,
                LIGHT_WORDS[one.light].say(language),
                project.owner or NONE_KNOWN.say(language),
                one.note,
                one.place,
            ]
        )
    columns = _marked(_PROGRESS, rows, [one.project for one in found.progress])
    columns = _toned(columns, _LIGHT, [TONES.get(one.light) for one in found.progress])
    columns = _toned(columns, _LATE, ["error" if one.overdue else None for one in found.progress])
    gone = ["quiet" if one.stage == "lost" else None for one in found.progress]
    page_of_one_table(book, PROGRESS, columns, lights, _sources(found), tones=gone)[0].finish()


def _matters(book: Book, name: Words, matters: Sequence[Matter], settled: Words) -> None:
    language = book.language
    of_orders = name is ORDERS
    text = Column(Words("交办事项", "Order") if of_orders else Words("问题", "Problem"), room=36)
    other = (
        Column(Words("所涉问题日期", "About the problem of"), kind="date")
        if of_orders
        else Column(Words("调度", "Orders"), room=36)
    )
    heads = (*_MATTER[:4], text, *_MATTER[4:10], other, *_MATTER[10:])
    rows: list[list[Cell]] = []
    for one in matters:
        project = one.project
        told: Cell = one.about if of_orders else Words.listed(one.orders).say(language)
        start: list[Cell] = [project.candidate_id, project.name, project.chain_name or None, project.park_name or None]
        owner, state = one.owner or NONE_KNOWN.say(language), STATE_WORDS[one.state].say(language)
        rows.append([*start, one.text, one.date, owner, one.due, state, one.closed, one.days, told, one.place, one.closed_place])
    tones = [TONES.get(one.state) for one in matters]
    page_of_one_table(book, name, with_rows(heads, rows), settled, tones=tones)[0].finish()


def _sums(*several: Sums) -> list[Cell]:
    return [cell for one in several for cell in (one.projects, _invested(one))]


def _invested(one: Sums) -> float | None:
    return one.investment if one.unknown < one.projects or not one.projects else None


def _with_marks(columns: list[Column], several: Sequence[Sequence[Sums]], at: int) -> list[Column]:
    """Investments of sums with an assumption in them marked; the first stands in column ``at`` + 1, then every second."""
    for n in range(len(several[0]) if several else 0):
        place = at + 2 * n + 1
        columns[place] = replace(columns[place], assumed=[row[n].assumed for row in several])
    return columns


def _totals(book: Book, found: Ledgers) -> None:
    language = found.language
    stage = {code: words.say(language) for code, words in STAGE_WORDS.items()}
    period = PERIOD.fill(first=found.first, last=found.last, on=found.on)
    unknown = max((one.ever.unknown for one in found.reached), default=0)
    notes = [KNOWN.fill(n=unknown)] if unknown else []
    notes += [UNTOLD.fill(n=len(found.untold), names=Words.listed(found.untold, 20))] if found.untold else []
    if found.targets:
        columns = _with_marks(
            with_rows(_TARGETS, [_target(one, language) for one in found.targets]), [[one.reached] for one in found.targets], 7
        )
        page_of_one_table(book, AIMS, columns, period, *notes, fixed=2)[0].finish()
    totals = [[one.period, one.year, one.ever] for one in found.reached]
    rows = [[stage[one.stage], *_sums(*sums)] for one, sums in zip(found.reached, totals, strict=True)]
    shares = [[stage[one.stage], one.projects, one.next, one.share, one.days, one.lost, one.paused] for one in found.conversions]
    page = book.page(TOTALS.say(language))
    row = titled_table(
        page, 2 + len(notes), Words("各阶段合计", "Totals by stage"), _with_marks(with_rows(_REACHED, rows), totals, 1)
    )
    titled_table(page, row, Words("阶段转化", "From stage to stage"), with_rows(_CONVERSION, shares))
    page.head(page.last_column, TOTALS, period, *notes)
    page.finish()
    groups = [list(own) for _, own in groupby(found.groups, key=lambda one: (one.kind, one.name))]
    rows = [
        [GROUP_WORDS[own[0].kind].say(language), group_words(own[0]).say(language), *_sums(*(one.sums for one in own))]
        for own in groups
    ]
    columns = _with_marks(with_rows(_GROUPS, rows), [[one.sums for one in own] for own in groups], 2)
    year = Words("{year} 年初至 {last}", "From the first of {year} to {last}").fill(year=found.last.year, last=found.last)
    page_of_one_table(book, GROUPS, columns, year, *notes)[0].finish()


def _target(one: Target, language: Language) -> list[Cell]:
    got = one.reached
    pairs = (
        (one.projects, got.projects),
        (one.investment, got.investment if got.unknown < got.projects or not got.projects else None),
    )
    rates = [None if not aim or fact is None else fact / aim for aim, fact in pairs]
    days: list[Cell] = [one.first, one.last, one.elapsed]
    head: list[Cell] = [STAGE_WORDS[one.stage].say(language), target_words(one).say(language)]
    return [*head, *days, one.projects, one.investment, *_sums(got), *rates, one.unplaced, one.place]


def _plan(book: Book, found: Ledgers) -> None:
    rows = [
        [
            *_project(one.project),
            one.project.investment,
            one.quarter,
            one.park_name,
            one.signed,
            planned_words(one).say(found.language),
        ]
        for one in found.planned
    ]
    tone = {"overdue": "error", "late": "warning", "lost": "quiet"}
    tones = [tone.get(one.state) for one in found.planned]
    columns = _marked(_PLAN, rows, [one.project for one in found.planned])
    page_of_one_table(book, PLAN, columns, tones=tones)[0].finish()


def _changes(book: Book, found: Ledgers) -> None:
    rows = [
        [
            KIND_WORDS[one.kind].say(found.language),
            one.candidate_id,
            one.name,
            change_words(one).say(found.language),
            one.date,
            one.place,
        ]
        for one in found.changes
    ]
    since = SINCE.fill(on=found.on, against=found.against)
    page_of_one_table(book, CHANGES, with_rows(_CHANGES, rows), since, fixed=3)[0].finish()


def _bulletin(book: Book, found: Ledgers) -> None:
    """The one page, as a sheet."""
    language = found.language
    page = book.page(BULLETIN.say(language))
    tops: list[list[Cell]] = []
    for one in tiles(found):
        aim: list[Cell] = [None, None] if one.target is None else [one.target.reached.projects, one.target.projects]
        tops.append([one.name.say(language), one.period, one.invested, one.year, *aim])
    columns = with_rows(_TILES, tops)
    row = titled_table(page, 2, Words("清单", "Lists"), columns)
    for section in sections(found):
        heads = [Column(head, room=34) for head in (*HEADS, section.dated)]
        row = titled_table(page, row, section.heading, with_rows(heads, list(section.lines)), empty=NOTHING)
    page.head(
        page.last_column, TITLE.fill(plan=found.plan, on=found.on), PERIOD.fill(first=found.first, last=found.last, on=found.on)
    )
    page.finish()
    page.sheet.set_portrait()
    page.sheet.set_h_pagebreaks([])
    page.sheet.fit_to_pages(1, 1)
