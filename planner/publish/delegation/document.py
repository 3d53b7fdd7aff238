"""The schedule on paper: day by day, with a map of the way."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.publish.delegation.agenda import Line, agenda
from planner.publish.delegation.record import DayPlan, Delegation
from planner.publish.delegation.words import ELSEWHERE, HELPS, WHYS, day_heading, hours_text, remarks, span, title
from planner.publish.desk import Desk
from planner.publish.documents.model import Block, Column, Document, Fact, Facts, Note, Picture, Plain, Section, Table, Text, Value
from planner.publish.map.picture import map_svg
from planner.publish.proof import standing_of
from planner.publish.words import UNKNOWN

_HEADS = (
    (Words("时间", "Time"), 1.75),
    (Words("事项", "What"), 3.0),
    (Words("地点", "Where"), 2.4),
    (Words("洽谈内容与拟问", "Subject and questions"), 3.2),
    (Words("联系", "Contact"), 1.6),
)
_LEFT = ((Words("企业", "Firm"), 3.0), (Words("城市", "City"), 1.2), (Words("原因", "Why"), 3.0))
_MAP = (176, 96)
"""mm."""


def schedule(desk: Desk, found: Delegation, route: Sequence[Sequence[object]]) -> Document:
    """The document; ``route``: the stops of the map."""
    language, standing = found.language, standing_of(desk.plan)
    sections = [Section("summary", "", (_facts(found), _map(desk, found, route)))]
    sections += [
        Section(f"day-{number}", day_heading(found, day), (_day(day, found),)) for number, day in enumerate(found.days, start=1)
    ]
    notes = tuple(Note(line.say(language)) for line in remarks(found, desk.opened.case.settings.delegation))
    sections.append(Section("notes", Words("说明", "Notes").say(language), notes))
    if found.left_out:
        sections.append(Section("left", Words("未列入行程", "Not visited").say(language), tuple(_left(found))))
    return Document(
        template="delegation",
        title=title(found),
        subtitle=found.plan,
        language=language,
        sections=tuple(sections),
        day=span(found),
        stamp="" if standing is None else standing.say(language),
        seal=desk.plan.short_seal,
    )


def _facts(found: Delegation) -> Facts:
    language = found.language
    firms = Words("{n} 家", "{n}").say(language, n=len(found.calls))
    minutes = Words("约 {h} 小时 {m} 分", "about {h} h {m} min").say(language, h=found.travel // 60, m=found.travel % 60)
    reckoned = any(way.assumed for day in found.days for way in (*(call.way for call in day.calls), day.back))
    facts = [
        Fact(Words("工作日", "Working days").say(language), str(len(found.dates))),
        Fact(Words("拜访企业", "Firms visited").say(language), firms),
        Fact(Words("路上", "On the way").say(language), Value(minutes, reckoned)),
    ]
    if any(found.groups):
        facts.insert(0, Fact(Words("专班", "Teams").say(language), Words.listed(found.groups).say(language)))
    return Facts(tuple(facts), columns=len(facts), tiles=len(facts) == 3)


def _map(desk: Desk, found: Delegation, route: Sequence[Sequence[object]]) -> Picture:
    svg = map_svg(desk.plan, width_mm=_MAP[0], height_mm=_MAP[1], candidates=(), route=route, language=found.language)
    return Picture(svg, Words("行程路线图", "Map of the way").say(found.language))


def _day(day: DayPlan, found: Delegation) -> Table:
    columns = tuple(Column(words.say(found.language), share=share) for words, share in _HEADS)
    return Table(columns, tuple(_row(line) for line in agenda(day, found.language)))


def _row(line: Line) -> tuple[Plain, ...]:
    time = f"{line.begins:%H:%M}" if line.ends is None else hours_text(line.begins, line.ends)
    contact = line.contact or (UNKNOWN.zh if line.call is not None else "")
    return (time, line.what, Value(line.where, line.assumed), line.matters, contact)


def _left(found: Delegation) -> list[Block]:
    language = found.language
    columns = tuple(Column(words.say(language), share=share) for words, share in _LEFT)
    rows = tuple((firm.name, firm.city or UNKNOWN.say(language), WHYS[firm.why].say(language)) for firm in found.left_out)
    helps = [Text(HELPS[one.kind].say(language, n=one.visits, more=Words.listed(one.more, 5)), "item") for one in found.helps]
    blocks: list[Block] = [Table(columns, rows), *helps]
    return [*blocks, Note(ELSEWHERE.say(language, n=found.elsewhere))] if found.elsewhere else blocks
