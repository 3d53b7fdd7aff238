"""The summary workbook: visits, ways, and who is not visited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner.language import Language, Words
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.publish.delegation.record import DayPlan, Delegation, Way
from planner.publish.delegation.words import ALSO, ELSEWHERE, HELPS, WEEKDAYS, WHYS, hours_text, remarks, span, title, where
from planner.publish.desk import Desk

_DATE, _GROUP, _TIME = Words("日期", "Date"), Words("专班", "Team"), Words("时间", "Time")
_NAME, _CITY = Words("企业", "Firm"), Words("城市", "City")
_IDS, _NOTE = Words("项目编号", "Projects"), Words("说明", "Remark")
_VISITS = (
    Column(_DATE, kind="date"),
    Column(Words("星期", "Day"), kind="short"),
    Column(_TIME, kind="short"),
    Column(_GROUP, kind="short"),
    Column(_NAME, room=34),
    Column(_IDS, kind="short"),
    Column(_CITY, kind="short"),
    Column(Words("地点", "Where"), room=34),
    Column(Words("洽谈内容", "Subject"), room=40),
    Column(Words("拟问", "To ask"), room=40),
    Column(Words("联系", "Contact"), room=24),
    Column(_NOTE, kind="short"),
)
_WAYS = (
    Column(_DATE, kind="date"),
    Column(_GROUP, kind="short"),
    Column(Words("出发", "Leaves"), kind="short"),
    Column(Words("到达", "Arrives"), kind="short"),
    Column(Words("从", "From"), room=34),
    Column(Words("到", "To"), room=34),
    Column(Words("方式", "Mode"), kind="short"),
    Column(Words("里程", "Distance"), kind="number", unit=Words("公里", "km")),
    Column(Words("时间", "Time"), kind="number", unit=Words("分钟", "min")),
    Column(Words("依据", "Source"), room=30),
)
_LEFT = (
    Column(_NAME, room=34),
    Column(_IDS, kind="short"),
    Column(_CITY, kind="short"),
    Column(Words("原因", "Why"), room=40),
    Column(_NOTE),
)
_RECKONED = Words("按直线距离与设定速度估算", "reckoned from the great circle and stated speeds")


def write_book(desk: Desk, found: Delegation, path: Path) -> None:
    """Write the workbook."""
    language = found.language
    with Book(path, language, title(found), seal=desk.plan.short_seal) as book:
        notes = [line.say(language) for line in remarks(found, desk.opened.case.settings.delegation)]
        heading = f"{title(found)} {span(found)}"
        page_of_one_table(
            book, Words("行程", "Visits"), with_rows(_VISITS, _visits(found)), " ".join(notes), title=heading, fixed=5
        )[0].finish()
        ways = [(day, way) for day in found.days for way in (*(call.way for call in day.calls), day.back) if way.minutes]
        marks = [way.assumed for _, way in ways]
        columns = with_rows(_WAYS, [_way(found, day, way) for day, way in ways])
        columns[8] = replace(columns[8], assumed=marks)
        page_of_one_table(book, Words("路程", "Ways"), columns)[0].finish()
        if found.left_out:
            helps = [HELPS[one.kind].say(language, n=one.visits, more=Words.listed(one.more, 5)) for one in found.helps]
            elsewhere = [ELSEWHERE.say(language, n=found.elsewhere)] if found.elsewhere else []
            rows: list[list[Cell]] = [
                [one.name, ";".join(one.candidate_ids), one.city or None, WHYS[one.why].say(language), _also(one.also, language)]
                for one in found.left_out
            ]
            page_of_one_table(
                book, Words("未列入行程", "Not visited"), with_rows(_LEFT, rows), "; ".join([*helps, *elsewhere]), fixed=1
            )[0].finish()


def _also(also: bool, language: Language) -> str | None:
    return ALSO.say(language) if also else None


def _visits(found: Delegation) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for day in found.days:
        for call in day.calls:
            firm = call.firm
            rows.append(
                [
                    day.date,
                    WEEKDAYS[day.date.weekday()].say(found.language),
                    hours_text(call.begins, call.ends),
                    day.group or None,
                    firm.name,
                    ";".join(firm.candidate_ids),
                    firm.city or None,
                    where(firm, found.language),
                    "\n".join(firm.subjects),
                    firm.questions or None,
                    firm.contact or None,
                    _also(firm.also, found.language),
                ]
            )
    return rows


def _way(found: Delegation, day: DayPlan, way: Way) -> list[Cell]:
    source = way.source or (_RECKONED.say(found.language) if way.assumed else None)
    return [
        day.date,
        day.group or None,
        f"{way.leaves:%H:%M}",
        f"{way.arrives:%H:%M}",
        way.origin,
        way.goal,
        way.mode,
        way.km,
        float(way.minutes),
        source,
    ]
