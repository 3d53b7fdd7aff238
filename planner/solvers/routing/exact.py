"""The best tour by choosing among all days that are possible at all: a packing of sets of visits, proved by CP-SAT.

A group that sets out takes one *walk*: where it is at the beginning and at the end of each day. What a day between two places may hold are
its outings, alike on all days of the same hours; so the model says how many days of each kind a walk has, and not which is which, and
whether an outing is chosen for one of them. Every visit is in one chosen outing at most. Afterwards, of days that are alike, the more
important comes first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import floor
from typing import Any

from planner.solvers.routing.outings import Outing, outings
from planner.solvers.routing.timing import tour_of
from planner.solvers.routing.trip import Routes, Tour, Trip

TINY = 1e-6
"""The bound is a whole number kept in binary."""
_Kind = tuple[int, int, int]
"""Days that are alike: the first of the same hours, where they begin, where they end."""


@dataclass(frozen=True)
class _Walk:
    """Where a group is at the beginning of the first day and at the end of each."""

    places: tuple[int, ...]
    kinds: tuple[_Kind, ...]


@dataclass
class _Model:
    """A packing and its variables."""

    model: Any
    walks: dict[tuple[int, _Walk], Any] = field(default_factory=dict)
    """Group, walk."""
    taken: list[tuple[int, _Kind, Outing, Any]] = field(default_factory=list)
    """Group, kind of day, outing, whether it is chosen."""


def best_tour(trip: Trip, work: float) -> Tour | None:
    """The best tour, and whether CP-SAT proved it within ``work`` of its deterministic seconds; None: it found none. Raises
    :class:`planner.solvers.routing.outings.TooMany`: the days are too full of short visits to be listed."""
    from ortools.sat.python import cp_model

    built = _packing(trip, cp_model.CpModel())
    # A point of priority outweighs all minutes that can be saved; both are whole numbers, so that nothing is rounded.
    point = trip.groups * len(trip.days) * max((outing.travel for _, _, outing, _ in built.taken), default=0) + 1
    built.model.maximize(sum((point * _worth(trip, outing.visits) - outing.travel) * on for _, _, outing, on in built.taken))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = work
    solver.parameters.random_seed = 1
    status = solver.solve(built.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    bound = floor(solver.best_objective_bound + TINY)
    tour = tour_of(trip, _routes(trip, built, solver))
    # No library's word is taken: what it calls the best has to be what our own sums come to.
    if tour is None or point * tour.priority - tour.travel != round(solver.objective_value):
        raise RuntimeError("routes and their model are not of one mind")
    proved = status == cp_model.OPTIMAL and point * tour.priority - tour.travel == bound
    return replace(tour, most=(bound + point - 1) // point, proved=proved)


def _worth(trip: Trip, visits: tuple[int, ...]) -> int:
    return sum(trip.visits[visit].priority for visit in visits)


def _walks(trip: Trip) -> list[_Walk]:
    """Every walk, one of those that have the same kinds of days."""
    alike: dict[Any, int] = {}
    first = [alike.setdefault((day, tuple(visit.hours[n] for visit in trip.visits)), n) for n, day in enumerate(trip.days)]
    found: dict[Any, _Walk] = {}
    for places in _places(trip, ()):
        kinds = tuple(zip(first, places, places[1:], strict=False))
        found.setdefault(frozenset(Counter(kinds).items()), _Walk(places, kinds))
    return list(found.values())


def _places(trip: Trip, begun: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(begun) == len(trip.ends):
        yield begun
        return
    for place in trip.ends[len(begun)]:
        if begun[-1:] == (place,) or place not in begun:
            yield from _places(trip, (*begun, place))


def _packing(trip: Trip, model: Any) -> _Model:
    built, walks = _Model(model), _walks(trip)
    ends: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for walk in walks:
        for day, start, end in walk.kinds:
            ends[day, start].add(end)
    of_visit, of_kind = defaultdict(list), defaultdict(list)
    for group in range(trip.groups):
        for (day, start), places in ends.items():
            for outing in outings(trip, group, day, start, sorted(places)):
                on, kind = model.new_bool_var("y"), (day, start, outing.end)
                built.taken.append((group, kind, outing, on))
                if outing.visits or start != outing.end:  # to stay where one is needs no choice
                    of_kind[group, kind].append(on)
                else:
                    model.add(on == 0)
                for visit in outing.visits:
                    of_visit[visit].append(on)
        for walk in walks:
            built.walks[group, walk] = model.new_bool_var("w")
        model.add_at_most_one(built.walks[group, walk] for walk in walks)
        counts: Mapping[_Walk, Counter[_Kind]] = {walk: Counter(walk.kinds) for walk in walks}
        for kind in dict.fromkeys(kind for walk in walks for kind in walk.kinds):
            days = sum(counts[walk][kind] * built.walks[group, walk] for walk in walks if counts[walk][kind])
            chosen = sum(of_kind[group, kind])
            model.add(chosen <= days if kind[1] == kind[2] else chosen == days)
    for literals in of_visit.values():
        model.add_at_most_one(literals)
    return built


def _routes(trip: Trip, built: _Model, solver: Any) -> Routes:
    """Chosen outings on the days of their walks; among days that are alike the more important one, then the earlier in numbers, first."""
    groups, ends, orders = [], [], []
    for (group, walk), on in built.walks.items():
        if not solver.boolean_value(on):
            continue
        own: defaultdict[_Kind, list[tuple[int, ...]]] = defaultdict(list)
        for one, kind, outing, literal in built.taken:
            if one == group and solver.boolean_value(literal):
                own[kind].append(outing.visits)
        for chosen in own.values():
            chosen.sort(key=lambda visits: (-_worth(trip, visits), visits), reverse=True)
        if any(visits for chosen in own.values() for visits in chosen):
            groups.append(group)
            ends.append(walk.places)
            orders.append(tuple(own[kind].pop() if own[kind] else () for kind in walk.kinds))
    return Routes(tuple(groups), tuple(ends), tuple(orders))
