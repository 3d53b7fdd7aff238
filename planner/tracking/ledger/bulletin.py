"""The bulletin of a Monday: one A4 page of HTML that needs nothing but itself. Each line of a section is one line of the page, cut off
where it is too long, and a section says how many there are that it does not show: the page never grows beyond one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from planner.language import Language, Words
from planner.publish.book.text import clean
from planner.publish.figures import money
from planner.publish.words import ASSUMED
from planner.tables.following import STAGE_WORDS
from planner.tracking.ledger.record import Change, Ledgers, Project, Target
from planner.tracking.ledger.words import KIND_WORDS, LIGHT_WORDS, LIST_WORDS, MARKED, NONE_KNOWN, change_words, source_words

TITLE = Words("{plan} 项目快报 {on}", "{plan}: project bulletin, {on}")
HEADS = (Words("项目", "Project"), Words("产业链", "Chain"), Words("园区", "Park"), Words("内容", "What"), Words("责任人", "Owner"))
NOTHING = Words("无", "none")
WIDTHS = (22, 10, 18, 28, 12, 10)
"""Of the columns, in per cent."""
LINES = 42
"""Lines of all sections together that fit on the page."""
LEAST = {"lists": 10, "unstarted": 5, "lights": 8, "problems": 7, "orders": 4, "changes": 8}
"""Lines that each section has if it needs them; what others leave goes to those that need more, from the first on."""


@dataclass(frozen=True)
class Tile:
    """One of the six lists in figures."""

    name: Words
    period: int
    invested: float | None
    assumed: bool
    year: int | None
    """Since the first of the year; None of those that stand so."""
    target: Target | None
    """What is to be reached in the whole horizon."""


@dataclass(frozen=True)
class Section:
    """A part of the bulletin: its heading, with how many there are, and the lines that are shown."""

    heading: Words
    dated: Words
    """What the day at the end of each line is."""
    lines: tuple[tuple[str, ...], ...]


def tiles(found: Ledgers) -> Iterable[Tile]:
    """The six lists. A target is that of the whole horizon for everything, where the table has one."""
    sums = {one.stage: one for one in found.reached}
    whole = {
        one.stage: one for one in found.targets if one.projects and not (one.chain_name or one.county or one.team or one.quarter)
    }
    for name, rows in found.lists.items():
        one = sums.get(name)
        known = [row.project.investment for row in rows if row.project.investment is not None]
        invested = None if rows and not known else sum(known)
        assumed = any("investment" in row.project.assumed for row in rows)
        yield Tile(LIST_WORDS[name], len(rows), invested, assumed, None if one is None else one.year.projects, whole.get(name))


def sections(found: Ledgers) -> tuple[Section, ...]:
    """What the bulletin tells one by one, as far as there is room."""
    told = tuple(_sections(found))
    room = {key: min(LEAST[key], len(lines)) for key, _, _, lines in told}
    left = LINES - sum(room.values())
    for key, _, _, lines in told:
        more = min(left, len(lines) - room[key])
        room[key] += more
        left -= more
    return tuple(_section(heading, dated, lines, room[key]) for key, heading, dated, lines in told)


def _section(heading: Words, dated: Words, lines: Sequence[tuple[str, ...]], room: int) -> Section:
    count = Words("{heading}：{n} 项", "{heading}: {n}")
    if len(lines) > room:
        count = Words("{heading}：{n} 项，列出 {most} 项，其余见台账", "{heading}: {n}, of which {most} are shown; see the ledgers")
    return Section(count.fill(heading=heading, n=len(lines), most=room), dated, tuple(lines[:room]))


def _sections(found: Ledgers) -> Iterator[tuple[str, Words, Words, list[tuple[str, ...]]]]:
    """Key, heading, what the day is, and every line."""
    language = found.language
    new = [(name, row) for name, rows in found.lists.items() if name != "unstarted" for row in rows]
    lines = [
        _line(row.project, f"{LIST_WORDS[name].say(language)} {_money(row.project, language)}", row.date, language)
        for name, row in new
    ]
    yield "lists", Words("本期新签约、新开工、新竣工、新投产、新达产", "New on the lists"), Words("日期", "Date"), lines
    waiting = sorted((row for row in found.lists["unstarted"] if row.overdue), key=lambda row: (row.planned or row.date, row.place))
    told = Words("签约 {days} 天未开工", "signed {days} days ago, not started")
    lines = [_line(row.project, told.say(language, days=row.days), row.planned, language) for row in waiting]
    yield (
        "unstarted",
        Words("超过计划日期的未开工项目", "Not started, and past the planned day"),
        Words("计划日期", "Planned"),
        lines,
    )
    lit = sorted((one for one in found.progress if one.light in {"red", "out"}), key=lambda one: (-one.days, one.place))
    told = Words("{light}：{stage}，{days} 天无进展", "{light}: idle for {days} days ({stage})")
    lines = []
    for one in lit:
        what = told.say(language, light=LIGHT_WORDS[one.light], stage=STAGE_WORDS[one.stage], days=one.days)
        lines.append(_line(one.project, what, one.progress, language))
    yield "lights", Words("红灯与出库", "Red lights, and out"), Words("最近进展", "Last progress"), lines
    late = Words("【超期】", "[overdue] ").say(language)
    for key, words, matters in (
        ("problems", Words("未办结的问题（超期在前）", "Open problems, the overdue first"), found.problems),
        ("orders", Words("未办结的调度事项", "Open orders"), found.orders),
    ):
        still = [one for one in matters if one.state in {"open", "overdue"}]
        lines = [
            _line(one.project, (late if one.state == "overdue" else "") + one.text, one.due, language, one.owner) for one in still
        ]
        yield key, words, Words("期限", "Due"), lines
    if found.against is not None:
        since = Words("自 {day} 以来的变化", "Changed since {day}").fill(day=found.against)
        projects = {one.project.candidate_id: one.project for one in found.progress}
        lines = [_changed(one, projects[one.candidate_id], language) for one in found.changes]
        yield "changes", since, Words("日期", "Date"), lines


def _line(project: Project, what: str, date: object, language: Language, owner: str | None = None) -> tuple[str, ...]:
    who = (project.owner if owner is None else owner) or NONE_KNOWN.say(language)
    return project.name, project.chain_name, project.park_name or project.county, what, who, "" if date is None else str(date)


def _changed(one: Change, project: Project, language: Language) -> tuple[str, ...]:
    what = Words("{kind}：{what}", "{kind}: {what}").say(language, kind=KIND_WORDS[one.kind], what=change_words(one))
    return _line(project, what, one.date, language)


def _money(project: Project, language: Language) -> str:
    if project.investment is None:
        return ""
    return money(project.investment, language) + (ASSUMED if "investment" in project.assumed else "")


_STYLE = """
@page { size: A4 portrait; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; background: #E5E7EB; color: #1F2A37; font: 9pt/1.3 "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", sans-serif }
main { width: 210mm; height: 296mm; margin: 0 auto; padding: 10mm 12mm; background: #fff; overflow: hidden; position: relative }
h1 { margin: 0; font-size: 17pt; line-height: 1.25; color: #1F4E79; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
p { margin: .6mm 0 2.5mm; color: #4B5563; font-size: 8.5pt; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
ul { display: flex; gap: 2mm; margin: 0 0 2mm; padding: 0; list-style: none }
li { flex: 1 1 0; min-width: 0; padding: 1.5mm 1mm; background: #E8EEF4; border-top: .6mm solid #1F4E79; text-align: center; font-size: 8pt; color: #4B5563 }
li b { display: block; font-size: 17pt; line-height: 1.2; color: #1F4E79 }
li span { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
h2 { margin: 2mm 0 .6mm; font-size: 10pt; line-height: 1.3; color: #1F4E79; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
table { width: 100%; border-collapse: collapse; table-layout: fixed }
h2 span { float: right; padding-right: 1mm; font-size: 8pt; font-weight: normal; color: #4B5563 }
td { height: 4.4mm; padding: 0 1mm; font-size: 8pt; line-height: 4.2mm; border-bottom: .2mm solid #D1D5DB; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
td:last-child { text-align: right }
footer { position: absolute; left: 12mm; right: 12mm; bottom: 6mm; font-size: 7.5pt; color: #4B5563; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
@media print { body { background: #fff } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_bulletin(found: Ledgers, path: Path) -> None:
    """Write the page."""
    path.write_text(bulletin_html(found), encoding="utf-8", newline="\n")


def bulletin_html(found: Ledgers) -> str:
    """The page; every text of the input is escaped (R6)."""
    language = found.language
    title = TITLE.say(language, plan=found.plan, on=found.on)
    period = Words("清单期间：{first} 至 {last}；进展算到 {on}", "Lists of {first} to {last}; events up to {on}")
    lights = Words.listed(
        Words("{light} {n}", "{light} {n}").fill(light=LIGHT_WORDS[lamp], n=sum(one.light == lamp for one in found.progress))
        for lamp in ("green", "yellow", "red", "out")
    )
    told = Words("{period}；{lights}", "{period}; {lights}").fill(
        period=period.fill(first=found.first, last=found.last, on=found.on), lights=lights
    )
    parts = [_tile(one, language) for one in tiles(found)]
    body = [f"<h1>{_text(title)}</h1>", f"<p>{_text(told.say(language))}</p>", f"<ul>{''.join(parts)}</ul>"]
    columns = "".join(f'<col style="width:{width}%">' for width in WIDTHS)
    for section in sections(found):
        rows = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in line)}</tr>" for line in section.lines)
        table = f"<table><colgroup>{columns}</colgroup>{rows}</table>" if rows else ""
        dated = f"<span>{_text(section.dated.say(language))}</span>" if rows else ""
        body.append(f"<h2>{dated}{_text(section.heading.say(language))}</h2>{table}")
    marked = MARKED.say(language) + "；" if language == "zh" else MARKED.say(language) + "; "
    assumed = any("investment" in row.project.assumed for rows in found.lists.values() for row in rows)
    foot = (marked if assumed else "") + Words("来源：{files}", "Sources: {files}").say(language, files=source_words(found))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>{_text(title)}</title><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(body)}<footer>{_text(foot)}</footer></main></body></html>\n"
    )


def _tile(one: Tile, language: Language) -> str:
    below = [] if one.invested is None else [money(one.invested, language) + (ASSUMED if one.assumed else "")]
    if one.year is not None:
        below.append(Words("本年 {n}", "this year {n}").say(language, n=one.year))
    if one.target is not None:
        below.append(Words("目标 {n}", "target {n}").say(language, n=f"{one.target.reached.projects}/{one.target.projects:g}"))
    lines = "".join(f"<span>{_text(text)}</span>" for text in below)
    return f"<li>{_text(one.name.say(language))}<b>{one.period}</b>{lines}</li>"


def _text(text: str) -> str:
    return escape(clean(" ".join(text.split())))
