"""The best tour of a trip: visits that no group can make are left aside, groups that share no visit are sent out each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.solvers.routing.check import faults
from planner.solvers.routing.exact import best_tour
from planner.solvers.routing.outings import TooMany
from planner.solvers.routing.search import good_tour
from planner.solvers.routing.timing import alone
from planner.solvers.routing.trip import Day, Tour, Trip

WORK = 20.0
"""Deterministic seconds of CP-SAT; most trips need one or two."""


def best_route(trip: Trip, work: float = WORK) -> Tour:
    """The best tour found within ``work``, the same each time, and whether no other is better.

    Raises:
        RuntimeError: a tour does not keep the hours by :func:`planner.solvers.routing.check.faults`, which is a fault of ours.
    """
    able = [visit for visit in range(len(trip.visits)) if alone(trip, visit)]
    parts = [_part(trip, groups, able, work) for groups in _apart(trip, able)]
    tour = Tour(
        days=tuple(sorted((day for part in parts for day in part.days), key=lambda day: (day.group, day.day))),
        priority=sum(part.priority for part in parts),
        most=sum(part.most for part in parts),
        travel=sum(part.travel for part in parts),
        proved=all(part.proved for part in parts),
    )
    if wrong := faults(trip, tour):
        raise RuntimeError("; ".join(wrong))
    return tour


def _apart(trip: Trip, able: Sequence[int]) -> list[list[int]]:
    """The groups, together where they share a visit."""
    parts: list[set[int]] = []
    for visit in able:
        joined = set(trip.visits[visit].groups)
        parts = [part for part in parts if not part & joined or joined.update(part)]  # type: ignore[func-returns-value]
        parts.append(joined)
    return sorted(sorted(part) for part in parts)


def _part(trip: Trip, groups: Sequence[int], able: Sequence[int], work: float) -> Tour:
    own = [visit for visit in able if set(trip.visits[visit].groups) & set(groups)]
    places = [*own, *range(len(trip.visits), len(trip.travel))]
    number = {place: at for at, place in enumerate(places)}
    part = replace(
        trip,
        visits=tuple(
            replace(trip.visits[visit], groups=tuple(groups.index(one) for one in trip.visits[visit].groups)) for visit in own
        ),
        groups=len(groups),
        ends=tuple(tuple(number[place] for place in allowed) for allowed in trip.ends),
        travel=trip.travel[places][:, places],
    )
    try:
        tour = best_tour(part, work)
    except TooMany:
        tour = None
    tour = tour or good_tour(part)
    if tour is None:
        return Tour((), 0, sum(trip.visits[visit].priority for visit in own), 0, False)
    return replace(tour, days=tuple(_named(day, groups, places) for day in tour.days))


def _named(day: Day, groups: Sequence[int], places: Sequence[int]) -> Day:
    """A day in the numbers of the whole trip."""
    visits = tuple(places[visit] for visit in day.visits)
    return replace(day, group=groups[day.group], start=places[day.start], end=places[day.end], visits=visits)
