"""The year's calendar of a plan: meetings by rule, fixed meetings, milestones of projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from planner.case.case import Case
from planner.case.following.days import HALVES as HALVES_OF
from planner.language import Language
from planner.plan.model import Plan
from planner.problems import InputError
from planner.settings.meetings import Calendar as Settings
from planner.tables.following import STAGE_WORDS
from planner.tracking.calendar.days import Named, Year, dates, days_of
from planner.tracking.calendar.record import Calendar, Event, OddDay
from planner.tracking.calendar.schedule import Half, Slot, schedule
from planner.tracking.calendar.words import FIXED, MEETINGS, PLANNED, PLANNED_TITLE, SIGN, SIGN_TITLE
from planner.tracking.codes import problem, refusal

YEARS = (1950, 2099)
"""Years of which a calendar can be made."""


def calendar_of(case: Case, year: int, plan: Plan | None = None) -> Calendar:
    """The calendar of one year, with the milestones of ``plan`` where one is given.

    Raises:
        InputError: the year is out of reach (L161), a fixed meeting is on a day of rest (L160), or there are more meetings than half
            days (L162).
    """
    if not YEARS[0] <= year <= YEARS[1]:
        raise refusal("L161", None, "--year", str(year), first=YEARS[0], last=YEARS[1])
    settings, language = case.settings.calendar, case.settings.language
    days = days_of(year, own_days(case.days), settings.settled, language)
    meetings = [row for row in case.days.to_dict("records") if row["kind"] == "meeting" and row["date"].year == year]
    _check_fixed(case, days, meetings)
    taken: dict[Slot, str] = {}
    for row in meetings:
        for half in HALVES_OF[row["half_day"]]:
            taken.setdefault((row["date"], half), row["name"])  # type: ignore[arg-type]
    who = _who(case)
    events = [
        *_of_rules(days, settings, taken, language, who),
        *_fixed(days, settings, meetings, who),
        *_milestones(days, settings, case, plan, language),
    ]
    odd = [day for day in days.days.values() if day.working != (day.date.weekday() < 5) or day.source == "bureau"]
    return Calendar(
        plan=case.settings.name,
        language=language,
        year=year,
        seal="" if plan is None else plan.seal,
        source=days.source,
        settled=days.settled,
        events=tuple(sorted(events, key=lambda one: (one.date, one.start or dt.datetime.min, one.uid))),
        days=tuple(OddDay(date=day.date, working=day.working, name=day.name, source=day.source) for day in odd),
    )


def own_days(table: pd.DataFrame) -> Iterator[Named]:
    """The days of rest and of work that the bureau's table has."""
    for row in table.to_dict("records"):
        if row["kind"] != "meeting":
            for date in dates(row["date"], row["until"]):
                yield Named(date, row["kind"] == "work", row["name"])


def _check_fixed(case: Case, days: Year, meetings: Sequence[Mapping[Any, Any]]) -> None:
    table = case.tables.get("calendar")
    faults = []
    for row in meetings:
        if not days.working(row["date"]):
            name = days.days[row["date"]].name
            place, header = (
                (None, "date") if table is None else (table.place(row["row"], "date"), table.headers.get("date", "date"))
            )
            faults.append(problem("L160", place, header, f"{row['date']} {name}".strip(), name=row["name"]))
    if faults:
        raise InputError(faults)


def _who(case: Case) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Everybody who has one of some roles, by their order and then by name."""
    frame = case.people.frame

    def named(roles: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(name) for role in roles for name in frame["person"][frame["role"] == role]))

    return named


def _hours(settings: Settings, date: dt.date, half: Half, hours: float) -> tuple[dt.datetime, dt.datetime]:
    """When something begins and ends."""
    start = dt.datetime.combine(date, dt.time.fromisoformat(settings.morning if half == "morning" else settings.afternoon))
    return start, start + dt.timedelta(minutes=round(hours * 60))


def _of_rules(
    days: Year, settings: Settings, taken: Mapping[Slot, str], language: Language, who: Callable[[Sequence[str]], tuple[str, ...]]
) -> Iterator[Event]:
    titles = {
        name: rule.name or (MEETINGS[name].say(language) if name in MEETINGS else name) for name, rule in settings.meetings.items()
    }
    try:
        placed = schedule(days, settings.meetings, taken)
    except ValueError as error:
        raise refusal("L162", None, "calendar.meetings", str(error)) from error
    for one in placed:
        rule = settings.meetings[one.rule]
        start, end = _hours(settings, one.date, one.half, rule.hours)
        yield Event(
            uid=_uid(settings, _ascii(one.rule), one.period.name),
            kind=one.rule,
            period=one.period.name,
            title=titles[one.rule],
            date=one.date,
            half=one.half,
            start=start,
            end=end,
            nominal=one.period.nominal,
            rest=one.rest,
            beside=None if one.beside is None else titles.get(one.beside, one.beside),
            provisional=days.provisional(one.date) or (one.moved and days.provisional(one.period.nominal)),
            roles=rule.who,
            people=who(rule.who),
            place="",
        )


def _fixed(
    days: Year, settings: Settings, meetings: Sequence[Mapping[Any, Any]], who: Callable[[Sequence[str]], tuple[str, ...]]
) -> Iterator[Event]:
    """Meetings of the table; the UID counts those of one name in the year, so that it stays when a day is changed."""
    seen: dict[str, int] = {}
    for row in sorted(meetings, key=lambda one: (one["date"], one["half_day"])):
        number = seen[row["name"]] = seen.get(row["name"], 0) + 1
        half: Half | None = row["half_day"] if row["half_day"] != "whole" else None
        start, end = (None, None) if half is None else _hours(settings, row["date"], half, 2.0)
        yield Event(
            uid=_uid(settings, FIXED, _digest(row["name"]), str(days.year), str(number)),
            kind=FIXED,
            period=str(row["date"]),
            title=row["name"],
            date=row["date"],
            half=half,
            start=start,
            end=end,
            nominal=row["date"],
            rest=False,
            beside=None,
            provisional=days.provisional(row["date"]),
            roles=row["who"],
            people=who(row["who"]),
            place=row["place"],
        )


def _milestones(days: Year, settings: Settings, case: Case, plan: Plan | None, language: Language) -> Iterator[Event]:
    """The ends of the quarters in which projects are to sign that have not, and the planned dates of the table ``status``; on the working
    day before, if that day is one of rest."""
    standing = case.history.standing()
    names = case.candidates["candidate_id"].astype(str).to_numpy(object)
    titles = case.candidates["name"].astype(str).to_numpy(object)
    signed = set(names[(case.candidates["status"] == "signed").to_numpy(bool)])
    for one in () if plan is None else plan.selected:
        if one.candidate_id not in signed:
            end = _quarter_end(one.quarter)
            title = SIGN_TITLE.say(language, name=one.name, park=one.park_name)
            yield from _milestone(days, settings, SIGN, one.candidate_id, one.quarter, end, title)
    for at, planned, stage in zip(standing["candidate"], standing["planned_date"], standing["stage"], strict=True):
        if not pd.isna(planned) and stage != "lost":
            title = PLANNED_TITLE.say(language, name=titles[at], stage=STAGE_WORDS[stage])
            day = planned.date()
            yield from _milestone(days, settings, PLANNED, names[at], str(day), day, title)


def _milestone(days: Year, settings: Settings, kind: str, candidate: str, period: str, day: dt.date, title: str) -> Iterator[Event]:
    if day.year != days.year:
        return
    before = days.between(days.first, day)
    date = before[-1] if before else days.between(day, days.last)[0]
    yield Event(
        uid=_uid(settings, kind, _digest(candidate)),
        kind=kind,
        period=period,
        title=title,
        date=date,
        half=None,
        start=None,
        end=None,
        nominal=day,
        rest=date != day,
        beside=None,
        provisional=days.provisional(day),
        roles=(),
        people=(),
        place="",
    )


def _quarter_end(quarter: str) -> dt.date:
    year, number = int(quarter[:4]), int(quarter[5])
    return dt.date(year + number // 4, number % 4 * 3 + 1, 1) - dt.timedelta(1)


def _uid(settings: Settings, *parts: str) -> str:
    return f"{'-'.join(parts)}@{settings.uid}"


def _digest(text: str) -> str:
    """Letters and digits that stand for a name."""
    return sha256(text.encode()).hexdigest()[:12]


def _ascii(name: str) -> str:
    """The id of a rule, or what stands for it where it has other letters (R4)."""
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _digest(name)
