"""A tour of numbers as days, visits and ways with their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from planner.plan.firm_records import Selected
from planner.publish.delegation.firms import Wanted
from planner.publish.delegation.journey import Journey
from planner.publish.delegation.record import Call, DayPlan, Firm, Way
from planner.publish.delegation.words import SUBJECT, SUBJECT_WITH_PARK
from planner.solvers.routing.trip import Day, Tour


def days_told(journey: Journey, tour: Tour, dates: Sequence[dt.date]) -> tuple[DayPlan, ...]:
    """The days on which somebody visits or moves on, by date and group."""
    told = [_day(journey, day, dates) for day in tour.days]
    order = {group: number for number, group in enumerate(journey.asked.teams)}
    return tuple(sorted(told, key=lambda day: (day.date, order.get(day.group, 0))))


def _day(journey: Journey, day: Day, dates: Sequence[dt.date]) -> DayPlan:
    points, stations = journey.legs.points, (day.start, *day.visits, day.end)
    ways = []
    for leg, origin, goal in zip(day.legs, stations, stations[1:], strict=False):
        way = journey.legs[origin, goal]
        ways.append(
            Way(
                origin=points[origin].name,
                goal=points[goal].name,
                leaves=clock(leg.leaves),
                arrives=clock(leg.arrives),
                minutes=way.minutes,
                km=None if way.km is None else round(way.km, 1),
                mode=way.mode,
                assumed=way.assumed,
                source=way.source,
                lunch=None if leg.lunch is None else clock(leg.lunch),
            )
        )
    calls = tuple(
        Call(
            firm=firm_told(journey, journey.firms[visit]),
            begins=clock(begins),
            ends=clock(begins + journey.settings.visit),
            way=way,
        )
        for visit, begins, way in zip(day.visits, day.begins, ways, strict=False)
    )
    group = journey.asked.teams[day.group] if journey.asked.teams else ""
    return DayPlan(
        date=dates[day.day], group=group, start=points[day.start].name, end=points[day.end].name, calls=calls, back=ways[-1]
    )


def firm_told(journey: Journey, firm: Wanted) -> Firm:
    """What is told of a firm outside: its contact only where the person has consented."""
    language, view, rows = journey.desk.language, journey.desk.view, [journey.rows[key] for key in firm.ids]
    subjects = []
    for project in firm.projects:
        said = {"chain": view.chain_names.get(project.chain_id or "", ""), "link": project.link_name or ""}
        words = SUBJECT_WITH_PARK if isinstance(project, Selected) else SUBJECT
        park = project.park_name if isinstance(project, Selected) else ""
        subjects.append(words.say(language, **said, park=park))
    assert firm.point is not None
    return Firm(
        candidate_ids=firm.ids,
        name=firm.name,
        city=firm.city,
        address=next((text for row in rows if (text := row.text("address"))), ""),
        lon=firm.point.lon,
        lat=firm.point.lat,
        only_city=not firm.point.exact,
        subjects=tuple(dict.fromkeys(subjects)),
        questions="\n".join(dict.fromkeys(text for row in rows if (text := row.text("questions")))),
        contact="\n".join(dict.fromkeys(text for row in rows if row.yes("consent") and (text := row.text("contact_note")))),
        also=firm.also,
    )


def clock(minute: int) -> dt.time:
    """A minute of the day; the last is 23:59."""
    return dt.time(*divmod(min(minute, 24 * 60 - 1), 60))
