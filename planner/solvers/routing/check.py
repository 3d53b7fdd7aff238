"""A finished tour held against what was asked, in plain arithmetic: it shares nothing with what made the tour but the types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from planner.solvers.routing.trip import Day, Tour, Trip


def faults(trip: Trip, tour: Tour) -> tuple[str, ...]:
    """Everything that a tour does which it may not; empty: it keeps every hour."""
    return tuple(_faults(trip, tour))


def _faults(trip: Trip, tour: Tour) -> Iterator[str]:
    made = Counter(visit for day in tour.days for visit in day.visits)
    yield from (f"visit {visit} is made {times} times" for visit, times in made.items() if times > 1)
    if sum(trip.visits[visit].priority for visit in made) != tour.priority or tour.priority > tour.most:
        yield "the priority is not that of the visits, or above its bound"
    minutes = 0
    for day in tour.days:
        stations = [day.start, *day.visits, day.end]
        minutes += sum(int(trip.travel[stations[n - 1], stations[n]]) for n in range(1, len(stations)))
        yield from (f"group {day.group}, day {day.day}: {fault}" for fault in _of_day(trip, day))
    if minutes != tour.travel:
        yield f"the ways are {minutes} minutes, not {tour.travel}"
    if len({(day.group, day.day) for day in tour.days}) < len(tour.days):
        yield "a group has one day twice"
    for group in {day.group for day in tour.days}:
        yield from _nights(trip, [day for day in tour.days if day.group == group])


def _nights(trip: Trip, days: list[Day]) -> Iterator[str]:
    """Where a group wakes up is where it went to sleep, and where it may."""
    for day in days:
        if day.start not in trip.ends[day.day] or day.end not in trip.ends[day.day + 1]:
            yield f"day {day.day} of group {day.group} begins or ends where it may not"
    ordered = sorted(days, key=lambda day: day.day)
    for one, other in pairwise(ordered):
        if one.end != other.start:
            yield f"group {one.group} wakes up on day {other.day} where it did not go to sleep"
    slept = [ordered[0].start]
    for day in ordered:
        if day.end != slept[-1] and day.end in slept:
            yield f"group {day.group} comes back to a place that it has left"
        slept.append(day.end)
    first, last = ordered[0], ordered[-1]
    idle = [(first.start, range(first.day + 1)), (last.end, range(last.day + 1, len(trip.days) + 1))]
    for place, numbers in [*idle, *((one.end, range(one.day + 1, other.day + 1)) for one, other in pairwise(ordered))]:
        if any(place not in trip.ends[number] for number in numbers):
            yield f"group {first.group} stays where it may not"


def _of_day(trip: Trip, day: Day) -> Iterator[str]:
    opens, closes = trip.days[day.day]
    if not len(day.visits) == len(day.begins) == len(day.legs) - 1:
        yield "visits, hours and ways are not as many"
        return
    here, free = day.start, opens
    lunches = []
    for number, leg in enumerate(day.legs):
        goal = day.visits[number] if number < len(day.visits) else day.end
        by = day.begins[number] if number < len(day.visits) else closes
        needed = int(trip.travel[here, goal])
        pause = trip.lunch.minutes if trip.lunch is not None and leg.lunch is not None else 0
        on_the_way = leg.lunch is not None and leg.leaves < leg.lunch + pause and leg.lunch < leg.arrives
        if leg.leaves < free or leg.arrives > by or leg.arrives - leg.leaves != needed + (pause if on_the_way else 0):
            yield f"the way to place {goal} takes {needed} minutes and has {leg.leaves} to {leg.arrives}"
        if leg.lunch is not None:
            lunches.append(leg.lunch)
            if leg.lunch < free or leg.lunch + pause > by or (on_the_way and not leg.leaves <= leg.lunch <= leg.arrives - pause):
                yield f"lunch at {leg.lunch} is within something else"
        if number < len(day.visits):
            visit = trip.visits[goal]
            free, here = by + visit.minutes, goal
            if not any(start <= by and free <= end for start, end in visit.hours[day.day]):
                yield f"visit {goal} from {by} to {free} is outside of its hours"
            if day.group not in visit.groups:
                yield f"visit {goal} is not for this group"
    wanted = 1 if day.visits and trip.pauses(day.day) else 0
    if len(lunches) != wanted:
        yield f"{len(lunches)} lunches, not {wanted}"
    for begin in lunches:
        if trip.lunch is None or begin < trip.lunch.span[0] or begin + trip.lunch.minutes > trip.lunch.span[1]:
            yield f"lunch at {begin} is not at noon"
