"""The best tour by choosing among all days that are possible at all: a packing of sets of visits, proved by CP-SAT.

With ``y`` for each outing of each day, every visit is in one chosen outing at most; a group that sets out has one outing a day, which
begins where that of the day before ended. Days of a group that are alike (same hours, both ends in the one place where nights are spent)
share their outings, so that their order is not searched: afterwards the more important day comes first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from math import floor
from typing import Any

from planner.solvers.routing.outings import Outing, outings
from planner.solvers.routing.timing import tour_of
from planner.solvers.routing.trip import Routes, Tour, Trip

TINY = 1e-6
"""The bound is a whole number kept in binary."""


@dataclass(frozen=True)
class _Choice:
    """An outing that may be chosen, on one of some days that are alike."""

    group: int
    days: tuple[int, ...]
    start: int
    outing: Outing


def best_tour(trip: Trip, work: float) -> Tour | None:
    """The best tour, and whether CP-SAT proved it within ``work`` of its deterministic seconds; None: it found none. Raises
    :class:`planner.solvers.routing.outings.TooMany`: the days are too full of short visits to be listed."""
    from ortools.sat.python import cp_model

    choices = _choices(trip)
    # A point of priority outweighs all minutes that can be saved; both are whole numbers, so that nothing is rounded.
    point = trip.groups * len(trip.days) * max((one.outing.travel for one in choices), default=0) + 1
    model, taken = _packing(trip, choices)
    worth = [sum(trip.visits[visit].priority for visit in one.outing.visits) for one in choices]
    model.maximize(sum((point * of - one.outing.travel) * on for of, one, on in zip(worth, choices, taken, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = work
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    bound = floor(solver.best_objective_bound + TINY)
    tour = tour_of(trip, _routes(trip, [one for one, on in zip(choices, taken, strict=True) if solver.boolean_value(on)]))
    # No library's word is taken: what it calls the best has to be what our own sums come to.
    if tour is None or point * tour.priority - tour.travel != round(solver.objective_value):
        raise RuntimeError("routes and their model are not of one mind")
    proved = status == cp_model.OPTIMAL and point * tour.priority - tour.travel == bound
    return replace(tour, most=(bound + point - 1) // point, proved=proved)


def _choices(trip: Trip) -> list[_Choice]:
    found = []
    for group in range(trip.groups):
        alike: defaultdict[Any, list[int]] = defaultdict(list)
        for day, hours in enumerate(trip.days):
            ends = trip.ends[day], trip.ends[day + 1]
            same = len(ends[0]) == 1 and ends[0] == ends[1]
            alike[(hours, ends, tuple(visit.hours[day] for visit in trip.visits), None if same else day)].append(day)
        for days in alike.values():
            for start in trip.ends[days[0]]:
                found += [_Choice(group, tuple(days), start, outing) for outing in outings(trip, group, days[0], start)]
    return found


def _packing(trip: Trip, choices: list[_Choice]) -> tuple[Any, list[Any]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [model.new_bool_var(f"y{number}") for number in range(len(choices))]
    goes = [model.new_bool_var(f"g{group}") for group in range(trip.groups)]
    of_visit, of_days, at = defaultdict(list), defaultdict(list), defaultdict(lambda: ([], []))  # type: ignore[var-annotated]
    for one, literal in zip(choices, taken, strict=True):
        of_days[one.group, one.days].append((one, literal))
        for visit in one.outing.visits:
            of_visit[visit].append(literal)
        at[one.group, one.days[0], one.start][0].append(literal)
        at[one.group, one.days[-1] + 1, one.outing.end][1].append(literal)
    for literals in of_visit.values():
        model.add_at_most_one(literals)
    for (group, days), ones in of_days.items():
        own = [literal for one, literal in ones if one.outing.visits or len(days) == 1]
        model.add(sum(own) <= len(days) * goes[group]) if len(days) > 1 else model.add(sum(own) == goes[group])
    covered = {(group, day) for group, days in of_days for day in days}
    for group, day in product(range(trip.groups), range(len(trip.days))):
        if (group, day) not in covered:  # not even the way from bed to bed fits into it
            model.add(goes[group] == 0)
    for (_, boundary, _), (leaving, arriving) in at.items():
        if 0 < boundary < len(trip.days) and len(trip.ends[boundary]) > 1:
            model.add(sum(leaving) == sum(arriving))
    return model, taken


def _routes(trip: Trip, chosen: list[_Choice]) -> Routes:
    """Chosen outings on their days; among days that are alike the more important one, then the earlier in numbers, first."""
    groups = tuple(sorted({one.group for one in chosen if one.outing.visits}))
    ends, orders = [], []
    for group in groups:
        own = [one for one in chosen if one.group == group and (one.outing.visits or len(one.days) == 1)]
        own.sort(key=lambda one: (-sum(trip.visits[visit].priority for visit in one.outing.visits), one.outing.visits))
        on: dict[int, _Choice] = {}
        for one in own:
            on[next(day for day in one.days if day not in on)] = one
        places = [on[0].start if 0 in on else trip.ends[0][0]]
        for day in range(len(trip.days)):
            places.append(on[day].outing.end if day in on else places[-1])
        ends.append(tuple(places))
        orders.append(tuple(on[day].outing.visits if day in on else () for day in range(len(trip.days))))
    return Routes(groups, tuple(ends), tuple(orders))
