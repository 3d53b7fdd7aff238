"""A day's visits on the clock: each as early as the order allows, with lunch where it delays least."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from planner.solvers.routing.trip import Day, Leg, Lunch, Routes, Tour, Trip


def tour_of(trip: Trip, routes: Routes) -> Tour | None:
    """The routes on the clock; None: some day cannot be kept. Its bound is the priority of all visits."""
    days = []
    for group, ends, orders in zip(routes.groups, routes.ends, routes.visits, strict=True):
        for number, visits in enumerate(orders):
            if not visits and ends[number] == ends[number + 1]:
                continue
            day = timed(trip, group, number, ends[number], visits, ends[number + 1])
            if day is None:
                return None
            days.append(day)
    made = [visit for day in days for visit in day.visits]
    priority = sum(trip.visits[visit].priority for visit in made)
    every = sum(visit.priority for visit in trip.visits)
    return Tour(tuple(days), priority, every, sum(travelled(trip, day) for day in days), proved=False)


def travelled(trip: Trip, day: Day) -> int:
    """Minutes on the way, without lunch."""
    places = (day.start, *day.visits, day.end)
    return sum(int(trip.travel[one, other]) for one, other in pairwise(places))


def timed(trip: Trip, group: int, day: int, start: int, visits: tuple[int, ...], end: int) -> Day | None:
    """The day on the clock, of all positions of lunch with the one that lets it end first; None: no position keeps hours."""
    lunch = trip.lunch if visits and trip.pauses(day) else None
    tried = range(len(visits) + 1) if lunch else (-1,)
    found = [made for at in tried if (made := _timed(trip, group, day, start, visits, end, at, lunch)) is not None]
    return min(found, key=lambda made: (made.legs[-1].arrives, made.begins), default=None)


def alone(trip: Trip, visit: int) -> bool:
    """Whether the visit could be made if it were the only one."""
    return any(
        timed(trip, group, day, start, (visit,), end) is not None
        for group in trip.visits[visit].groups
        for day in range(len(trip.days))
        for start in trip.ends[day]
        for end in trip.ends[day + 1]
    )


def _timed(
    trip: Trip, group: int, day: int, start: int, visits: tuple[int, ...], end: int, at: int, lunch: Lunch | None
) -> Day | None:
    """The day with lunch before visit number ``at`` (after the last visit: their number); −1: without lunch."""
    first, last = trip.days[day]
    clock, place, begins, legs = first, start, [], []
    for number, visit in enumerate(visits):
        way, pause = int(trip.travel[place, visit]), lunch if number == at else None
        there = ready(clock, way, pause)
        begin = None if there is None else opens(trip, visit, day, there)
        if begin is None:
            return None
        legs.append(_leg(clock, begin, way, pause, late=number == 0))
        begins.append(begin)
        clock, place = begin + trip.visits[visit].minutes, visit
    way, pause = int(trip.travel[place, end]), lunch if at == len(visits) else None
    back = ready(clock, way, pause)
    if back is None or back > last:
        return None
    legs.append(_leg(clock, back, way, pause, late=False))
    return Day(group, day, start, end, visits, tuple(begins), tuple(legs))


def ready(clock: int, way: int, pause: Lunch | None) -> int | None:
    """When one can be there and has had lunch, if it is on this way; None: lunch would be too late."""
    if pause is None:
        return clock + way
    earliest, latest = pause.span[0], pause.span[1] - pause.minutes
    return max(clock + way, earliest) + pause.minutes if clock <= latest else None


def opens(trip: Trip, visit: int, day: int, there: int) -> int | None:
    """When the visit begins, at the earliest."""
    asked = trip.visits[visit]
    begins = (max(there, first) for first, last in asked.hours[day] if max(there, first) + asked.minutes <= last)
    return min(begins, default=None)


def _leg(clock: int, by: int, way: int, pause: Lunch | None, late: bool) -> Leg:
    """The way between ``clock`` and ``by``; ``late``: it is set out upon as late as it can be, as the first of a day is."""
    if pause is None:
        leaves = by - way if late else clock
        return Leg(leaves, leaves + way, None)
    return next(_with_lunch(clock, by, way, pause, late))


def _with_lunch(clock: int, by: int, way: int, pause: Lunch, late: bool) -> Iterator[Leg]:
    """Lunch where one comes from or where one goes to; else on the way."""
    earliest, latest, minutes = pause.span[0], pause.span[1] - pause.minutes, pause.minutes
    leaves = by - minutes - way if late else clock
    there = Leg(leaves, leaves + way, max(leaves + way, earliest))
    here = min(latest, by - way - minutes) if late else max(clock, earliest)
    before = Leg(by - way if late else here + minutes, by if late else here + minutes + way, here)
    fits = {
        there: leaves >= clock and there.lunch is not None and there.lunch <= latest and there.lunch + minutes <= by,
        before: max(clock, earliest) <= here <= latest and before.arrives <= by,
    }
    order = (before, there) if late else (there, before)
    yield from (leg for leg in order if fits[leg])
    yield Leg(clock, clock + way + minutes, max(clock, earliest))
