"""A delegation's journey: from what is asked and the plan to days, visits and ways, and why the others are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Protocol

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.problems import InputError, did_you_mean, nearest
from planner.publish.delegation.ask import MOST_DAYS, Asked
from planner.publish.delegation.codes import problem, refusal
from planner.publish.delegation.firms import Wanted, wanted_firms
from planner.publish.delegation.places import Legs, Point, middle, point_of
from planner.publish.delegation.record import Base, Delegation, HelpKind, LeftOut, Why
from planner.publish.delegation.record import Help as HelpRecord
from planner.publish.delegation.words import BASE, HELPS, WHYS
from planner.publish.desk import Desk
from planner.publish.stated import Stated, stated_rows
from planner.settings.base import RefusedError
from planner.settings.following import Delegation as Settings
from planner.settings.following import hours_of, minutes_of
from planner.solvers.routing.route import WORK, best_route
from planner.solvers.routing.timing import alone
from planner.solvers.routing.trip import Lunch, Tour, Trip, Visit

MOST_BASES = 3
"""Cities in which nights may be spent; firms of others are visited from there."""
LATER, SHORTER = 60, 15
"""Minutes by which longer hours and shorter visits are tried."""
QUICK = WORK / 10


class Calendar(Protocol):
    """Which days are worked."""

    def working(self, date: dt.date) -> bool:
        """Whether a day is worked."""

    def provisional(self, date: dt.date) -> bool:
        """Whether that may still change."""


@dataclass(frozen=True)
class Journey:
    """What is asked, with everything that the tour needs."""

    desk: Desk
    asked: Asked
    firms: tuple[Wanted, ...]
    """Those that have a place and a group, the more important first."""
    groups: tuple[tuple[int, ...], ...]
    """For each firm the teams that may visit it, by their number."""
    bases: tuple[Point, ...]
    near: tuple[str, ...]
    """For each base the firm in the middle of all, by which it is where nobody has named it; blank: it was named."""
    ends: tuple[Point | None, Point | None]
    """Where the journey begins and ends, where that is not where nights are spent."""
    rows: Mapping[str, Stated]
    """Candidate id → its row of the table."""

    @property
    def settings(self) -> Settings:
        return self.desk.opened.case.settings.delegation

    @cached_property
    def legs(self) -> Legs:
        """The ways between firms, bases and ends, in this order."""
        places = [firm.point for firm in self.firms]
        return Legs([point for point in (*places, *self.bases, *self.ends) if point is not None], self.desk)

    def trip(self, dates: Sequence[dt.date], hours: Sequence[str], minutes: int, day: tuple[int, int]) -> Trip:
        """The question for some days, usual hours, length of a visit, and day."""
        opens, closes = day
        spans = [[opens, closes] for _ in dates]
        spans[0][0] = max(opens, self.asked.start.minute or 0)
        spans[-1][1] = min(closes, 24 * 60 if self.asked.end.minute is None else self.asked.end.minute)
        nights = tuple(range(len(self.firms), len(self.firms) + len(self.bases)))
        after = count(nights[-1] + 1)
        first, last = ((next(after),) if end is not None else nights for end in self.ends)
        visits = tuple(
            Visit(firm.priority, minutes, tuple(self._hours(firm, hours, date) for date in dates), groups)
            for firm, groups in zip(self.firms, self.groups, strict=True)
        )
        pause = self.settings.lunch
        return Trip(
            visits,
            max(1, len(self.asked.teams)),
            tuple((span[0], span[1]) for span in spans),
            (first, *((nights,) * (len(dates) - 1)), last),
            self.legs.minutes,
            Lunch(pause, minutes_of(self.settings.lunch_between)) if pause else None,
        )

    def _hours(self, firm: Wanted, usual: Sequence[str], date: dt.date) -> tuple[tuple[int, int], ...]:
        own = self.own_hours(firm)
        return hours_of(own, date) if own else tuple(minutes_of(span) for span in usual)

    def own_hours(self, firm: Wanted) -> str:
        """When a firm receives, by its own row; blank: as usual."""
        return next((text for key in firm.ids if (text := self.rows[key].text("visiting_hours"))), "")


def delegation_of(desk: Desk, asked: Asked, calendar: Calendar) -> Delegation:
    """The journey.

    Raises:
        InputError: what is asked cannot be understood (J101 to J108, J110, J111), or no visit can be made (J109).
    """
    from planner.publish.delegation.tell import days_told

    firms, elsewhere = wanted_firms(desk, asked)
    journey, aside = _journey(desk, asked, firms)
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


def _journey(desk: Desk, asked: Asked, firms: Sequence[Wanted]) -> tuple[Journey, list[LeftOut]]:
    """The journey to the firms that have a place and a team; the others, and why."""
    teams = {use.team_id for use in desk.plan.teams}
    for team in asked.teams:
        if team not in teams:
            found = did_you_mean(nearest(team, teams), Words("", "")).zh
            raise refusal("J103", None, "--team", " ".join(filter(None, (team, found))), teams=Words.listed(sorted(teams), 12))
    of = {firm.ids: _teams_of(desk, asked.teams, firm) for firm in firms}
    able = tuple(firm for firm in firms if firm.point is not None and of[firm.ids])
    aside = [
        left_out(firm, "no_coordinates" if firm.point is None else "other_team")
        for firm in firms
        if firm.point is None or not of[firm.ids]
    ]
    by_city: dict[str, list[Wanted]] = {}
    for firm in able:
        by_city.setdefault(firm.city, []).append(firm)
    chosen = sorted(by_city, key=lambda city: (-sum(firm.priority for firm in by_city[city]), city))[:MOST_BASES]
    middles = {city: middle([firm.point for firm in by_city[city] if firm.point is not None]) for city in chosen}
    given: dict[str, Point] = {}
    for text in asked.bases:
        point = point_of(text, "--base", desk, middles)
        given.setdefault(point.city or next(iter(middles), ""), replace(point, city=point.city or next(iter(middles), "")))
    bases = tuple(given.get(city) or replace(middles[city], name=BASE.say(desk.language, city=city), ids=()) for city in chosen)
    near = tuple("" if city in given else middles[city].name for city in chosen)
    ends = (asked.start.place, "--start"), (asked.end.place, "--end")
    first, last = (None if text is None else point_of(text, option, desk, middles) for text, option in ends)
    rows = {row.text("candidate_id"): row for row in stated_rows(desk.opened.case.tables, "candidates")}
    return Journey(desk, asked, able, tuple(of[firm.ids] for firm in able), bases, near, (first, last), rows), aside


def _teams_of(desk: Desk, teams: Sequence[str], firm: Wanted) -> tuple[int, ...]:
    """The numbers of the teams that may visit a firm: its own, else those that serve its chain; without teams the one group that there is."""
    if not teams:
        return (0,)
    own = {project.team_id for project in firm.projects if isinstance(project, Selected) and project.team_id}
    chains = {project.chain_id for project in firm.projects}
    able = own or {use.team_id for use in desk.plan.teams if use.chain_id is None or use.chain_id in chains}
    return tuple(number for number, team in enumerate(teams) if team in able)


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


def left_out(firm: Wanted, why: Why) -> LeftOut:
    """A firm that is not visited."""
    return LeftOut(candidate_ids=firm.ids, name=firm.name, city=firm.city, why=why, also=firm.also)


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
