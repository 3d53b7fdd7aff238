"""A delegation's journey: from what is asked and the plan to days, visits and ways, and why the others are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from planner.language import Words
from planner.problems import InputError
from planner.publish.delegation.ask import MOST_DAYS, Asked
from planner.publish.delegation.codes import problem, refusal
from planner.publish.delegation.firms import wanted_firms
from planner.publish.delegation.journey import Journey, journey_of, left_out
from planner.publish.delegation.record import Base, Delegation, HelpKind, LeftOut
from planner.publish.delegation.record import Help as HelpRecord
from planner.publish.delegation.tell import days_told
from planner.publish.delegation.words import HELPS, WHYS
from planner.publish.desk import Desk
from planner.settings.base import RefusedError
from planner.settings.following import hours_of, minutes_of
from planner.solvers.routing.route import WORK, best_route
from planner.solvers.routing.timing import alone
from planner.solvers.routing.trip import Tour, Trip

LATER, SHORTER = 60, 15
"""Minutes by which longer hours and shorter visits are tried."""
QUICK = WORK / 10


class Calendar(Protocol):
    """Which days are worked."""

    def working(self, date: dt.date) -> bool:
        """Whether a day is worked."""

    def provisional(self, date: dt.date) -> bool:
        """Whether that may still change."""


def delegation_of(desk: Desk, asked: Asked, calendar: Calendar) -> Delegation:
    """The journey.

    Raises:
        InputError: what is asked cannot be understood (J101 to J108, J110, J111), or no visit can be made (J109).
    """
    firms, elsewhere = wanted_firms(desk, asked)
    journey, aside = journey_of(desk, asked, firms)
    dates = _dates(_first(desk, asked), asked.days, calendar)
    settings = journey.settings
    _check_hours(journey, dates[0])
    _check_times(journey, len(dates))
    usual = list(settings.hours), settings.visit, minutes_of(settings.day)
    trip = journey.trip(dates, *usual) if journey.firms else None
    tour = Tour((), 0, 0, 0, proved=True) if trip is None else best_route(trip)
    left = [*aside, *(() if trip is None else _left(journey, trip, tour))]
    helps = tuple(_helps(journey, dates, calendar, tour)) if trip is not None and len(tour.visited) < len(journey.firms) else ()
    if not tour.visited:
        raise _impossible(desk, left, helps)
    used = {place for day in tour.days for place in (day.start, day.end)}
    places = enumerate(journey.legs.points)
    guessed = {base.name: near for base, near in zip(journey.bases, journey.near, strict=True) if near}
    return Delegation(
        plan=desk.plan.plan.name,
        language=desk.language,
        seal=desk.plan.seal,
        cities=asked.cities,
        groups=asked.teams or ("",),
        dates=tuple(dates),
        provisional=tuple(date for date in dates if calendar.provisional(date)),
        asked_start=asked.start.date,
        days=days_told(journey, tour, dates),
        ends=("" if journey.ends[0] is None else journey.ends[0].name, "" if journey.ends[1] is None else journey.ends[1].name),
        bases=tuple(
            Base(name=point.name, lon=point.lon, lat=point.lat, near=guessed.get(point.name, ""))
            for number, point in places
            if number in used and number >= len(journey.firms)
        ),
        left_out=tuple(left),
        elsewhere=elsewhere,
        helps=helps,
        proved=tour.proved,
        hours=tuple(settings.hours),
        visit_minutes=settings.visit,
    )


def _first(desk: Desk, asked: Asked) -> dt.date:
    """The day that was asked for; else the first of the plan, or the day after that up to which events count."""
    if asked.start.date is not None:
        return asked.start.date
    quarter = desk.plan.plan.quarters[0]
    first = dt.date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)
    on = desk.plan.plan.on
    return first if on is None else max(first, dt.date.fromisoformat(on) + dt.timedelta(1))


def _dates(first: dt.date, days: int, calendar: Calendar) -> list[dt.date]:
    """So many working days from the first on."""
    found: list[dt.date] = []
    date = first
    while len(found) < days:
        if calendar.working(date):
            found.append(date)
        date += dt.timedelta(1)
    return found


def _check_hours(journey: Journey, date: dt.date) -> None:
    """Every firm's own hours can be read (J110)."""
    table, faults = journey.desk.opened.case.tables.get("candidates"), []
    keys = [] if table is None else table.frame["candidate_id"].astype(str).tolist()
    for firm in journey.firms:
        text = journey.own_hours(firm)
        try:
            hours_of(text, date) if text else None
        except RefusedError:
            place = None if table is None else table.place(keys.index(firm.ids[0]), "visiting_hours")
            faults.append(problem("J110", place, firm.name, text))
    if faults:
        raise InputError(faults)


def _check_times(journey: Journey, days: int) -> None:
    opens, closes = minutes_of(journey.settings.day)
    start, end = journey.asked.start.minute, journey.asked.end.minute
    hours = dict(zip(("first", "last"), journey.settings.day.split("-"), strict=True))
    for option, minute, bad in (
        ("--start", start, start is not None and start >= closes),
        ("--end", end, end is not None and (end <= opens or (days == 1 and end <= (start or 0)))),
    ):
        if bad:
            raise refusal("J111", None, option, _clock(minute or 0), first=hours["first"], last=hours["last"])


def _clock(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute, 60))


def _left(journey: Journey, trip: Trip, tour: Tour) -> Iterator[LeftOut]:
    """Firms that are not visited: nobody could, whatever else is dropped, or there is no time beside those that matter more."""
    for number, firm in enumerate(journey.firms):
        if number not in tour.visited:
            visit = trip.visits[number]
            fits = any(last - first >= visit.minutes for spans in visit.hours for first, last in spans)
            yield left_out(firm, "no_time" if alone(trip, number) else "too_far" if fits else "outside_hours")


def _helps(journey: Journey, dates: Sequence[dt.date], calendar: Calendar, tour: Tour) -> Iterator[HelpRecord]:
    """What would let more be visited, each tried out."""
    settings = journey.settings
    opens, closes = minutes_of(settings.day)
    usual, day = list(settings.hours), (opens, closes)
    latest = max(usual, key=minutes_of)
    later = [*(span for span in usual if span != latest), f"{latest[:5]}-{_clock(min(minutes_of(latest)[1] + LATER, 24 * 60))}"]
    more = [*dates, *_dates(dates[-1] + dt.timedelta(1), 1, calendar)]
    tried: dict[HelpKind, Callable[[], Trip]] = {
        "hours": lambda: journey.trip(dates, later, settings.visit, (opens, min(closes + LATER, 24 * 60)))
    }
    if len(dates) < MOST_DAYS:
        tried = {"day": lambda: journey.trip(more, usual, settings.visit, day), **tried}
    if settings.visit > 2 * SHORTER:
        tried["visit"] = lambda: journey.trip(dates, usual, settings.visit - SHORTER, day)
    for kind, asks in tried.items():
        other = best_route(asks(), QUICK)
        gained = [journey.firms[number].name for number in sorted(other.visited - tour.visited)]
        if len(other.visited) > len(tour.visited):
            yield HelpRecord(kind=kind, visits=len(other.visited), more=tuple(gained))


def _impossible(desk: Desk, left: Sequence[LeftOut], helps: Sequence[HelpRecord]) -> InputError:
    """Nobody can be visited: for each firm why, and what would help."""
    whys = Words.listed([Words("{name}：{why}", "{name}: {why}").fill(name=firm.name, why=WHYS[firm.why]) for firm in left], 8)
    gained = [HELPS[one.kind].fill(n=one.visits, more=Words.listed(one.more, 5)) for one in helps]
    otherwise = Words("给出坐标，或延长时段、增加天数", "give coordinates, longer hours or more days")
    subject = Words("行程", "journey").say(desk.language)
    return refusal("J109", None, subject, "", why=whys, help=Words.listed(gained) if gained else otherwise)
