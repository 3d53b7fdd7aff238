"""The calendar as a workbook: events by day, and the days of rest and of work with their sources."""

from __future__ import annotations

from pathlib import Path

from planner.language import Language, Words
from planner.plan.whole_folder import whole_file
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.tracking.calendar.record import Calendar, Event
from planner.tracking.calendar.words import HALVES, SOURCES, WEEKDAYS, WHOLE_DAY, moved_words, period_words, source_words

TITLE = Words("{year} 年日程 {plan}", "Calendar of {year}: {plan}")
_DATE, _WEEKDAY = Words("日期", "Date"), Words("星期", "Day")
_DAYS = (
    Column(_DATE, kind="date"),
    Column(_WEEKDAY, kind="short"),
    Column(Words("上班", "Worked"), kind="short"),
    Column(Words("名称", "Name"), room=30),
    Column(Words("依据", "Source"), room=34),
)
_WHO = (Column(Words("事项", "Event"), room=34), Column(Words("参加", "Roles"), room=40), Column(Words("人员", "People"), room=80))
_RULE = Words(
    "逢休息日移到相邻的工作日（先在本周期之内）；同一个半天只有一项：一年一次的先排，其次半年、季、月、周，后排的让到另一个半天或下一个有空的工作日。",
    "From a day of rest an event goes to a working day beside it, within its period if it can. A half day has one event: yearly ones are "
    "placed first, then half-yearly, quarterly, monthly and weekly ones, and the later gives way to the other half or the next free day.",
)


def write_book(found: Calendar, path: Path, language: Language) -> None:
    """Write the workbook, whole or not at all. Raises InputError: it cannot be written."""
    title = TITLE.say(language, year=found.year, plan=found.plan)
    own = sum(day.source == "bureau" for day in found.days)
    rests = source_words(found.source, found.year, found.settled, own)
    with whole_file(path) as fresh, Book(fresh, language, title, seal=found.seal) as book:
        events = with_rows(_heads(found), [_row(event, language) for event in found.events])
        tones = ["quiet" if event.half is None else None for event in found.events]
        page_of_one_table(book, Words("全年日程", "Events"), events, rests, _RULE, title=title, tones=tones)[0].finish()
        if any(event.people for event in found.events):
            page_of_one_table(book, Words("参加人员", "Who takes part"), with_rows(_WHO, _people(found, language)), fixed=1)[
                0
            ].finish()
        yes, no = Words("是", "yes").say(language), Words("否", "no").say(language)
        days = [
            [
                day.date,
                WEEKDAYS[day.date.weekday()].say(language),
                yes if day.working else no,
                day.name or None,
                SOURCES[day.source].say(language),
            ]
            for day in found.days
        ]
        page_of_one_table(book, Words("休息与上班", "Days"), with_rows(_DAYS, days), rests)[0].finish()


def _people(found: Calendar, language: Language) -> list[list[Cell]]:
    """Who takes part in each meeting, by the table ``people``."""
    titles = {event.title: event for event in found.events if event.roles}
    return [[title, *(Words.listed(names).say(language) for names in (one.roles, one.people))] for title, one in titles.items()]


def _heads(found: Calendar) -> tuple[Column, ...]:
    """The columns; a day that may still move bears a mark."""
    return (
        Column(_DATE, kind="date"),
        Column(_WEEKDAY, kind="short"),
        Column(Words("半天", "Half"), kind="short"),
        Column(Words("时间", "Time"), kind="short"),
        Column(Words("事项", "Event"), room=34, assumed=[event.provisional for event in found.events]),
        Column(Words("周期", "Period"), room=18),
        Column(Words("参加", "Roles"), room=34),
        Column(Words("说明", "Notes"), room=34),
    )


def _row(event: Event, language: Language) -> list[Cell]:
    time = None if event.start is None or event.end is None else f"{event.start:%H:%M}–{event.end:%H:%M}"
    return [
        event.date,
        WEEKDAYS[event.date.weekday()].say(language),
        (WHOLE_DAY if event.half is None else HALVES[event.half]).say(language),
        time,
        event.title,
        period_words(event.period).say(language),
        Words.listed(event.roles).say(language) or None,
        "；".join(text for text in (event.place, moved_words(event).say(language)) if text) or None,
    ]
