"""A good tour of many visits, by OR-Tools Routing: cheapest insertion and local search until no step helps. It proves nothing.

Each group and day is a vehicle whose ends are fixed beforehand: where nights may be spent in several places, the days are shared out among
them by the priority of the visits that are nearest to each.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from planner.solvers.routing.timing import timed, tour_of
from planner.solvers.routing.trip import Routes, Tour, Trip

_DAY = 24 * 60


def good_tour(trip: Trip) -> Tour | None:
    """A tour, with every day held against the clock of :mod:`planner.solvers.routing.timing`; None: none was found."""
    ends = _ends(trip)
    days = len(trip.days)
    vehicles = [(group, day) for group in range(trip.groups) for day in range(days)]
    orders = _ordered(trip, vehicles, ends)
    kept: dict[tuple[int, int], tuple[int, ...]] = {}
    for (group, day), order in zip(vehicles, orders, strict=True):
        # Its breaks and ours may differ by a hair: what does not fit the clock is left out, the least first.
        while order and timed(trip, group, day, ends[day], order, ends[day + 1]) is None:
            least = min(order, key=lambda visit: (trip.visits[visit].priority, -visit))
            order = tuple(visit for visit in order if visit != least)
        kept[group, day] = order
    groups = tuple(group for group in range(trip.groups) if any(kept[group, day] for day in range(days)))
    visits = tuple(tuple(kept[group, day] for day in range(days)) for group in groups)
    return tour_of(trip, Routes(groups, (ends,) * len(groups), visits))


def _ends(trip: Trip) -> tuple[int, ...]:
    """Where each day begins and ends: each place has its nights one after the other, as many as its share of the priority."""
    nights = trip.ends[1] if len(trip.ends) > 2 else trip.ends[-1]
    near = [min(nights, key=lambda place: (int(trip.travel[place, visit]), place)) for visit in range(len(trip.visits))]
    worth = {place: sum(v.priority for v, at in zip(trip.visits, near, strict=True) if at == place) for place in nights}
    share = np.cumsum([worth[place] for place in nights]) / max(sum(worth.values()), 1)
    of_day = [nights[int(np.searchsorted(share, (day + 0.5) / len(trip.days)))] for day in range(len(trip.days))]
    wanted = [of_day[0], *of_day]
    return tuple(place if place in allowed else allowed[0] for place, allowed in zip(wanted, trip.ends, strict=True))


def _ordered(trip: Trip, vehicles: list[tuple[int, int]], ends: tuple[int, ...]) -> list[tuple[int, ...]]:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    visits, days = len(trip.visits), len(trip.days)
    # Ends need nodes of their own for each vehicle: a visit is no depot.
    first = [visits + 2 * number for number in range(len(vehicles))]
    place = [*range(visits), *(at for _, day in vehicles for at in (ends[day], ends[day + 1]))]
    manager = pywrapcp.RoutingIndexManager(len(place), len(vehicles), first, [node + 1 for node in first])
    model = pywrapcp.RoutingModel(manager)
    ways = trip.travel[np.ix_(place, place)]
    stay = np.array([*(visit.minutes for visit in trip.visits), *(0 for _ in place[visits:])])
    # Days follow one another on one clock, so that each visit has one set of hours.
    cost = model.RegisterTransitMatrix(ways.tolist())
    spent = model.RegisterTransitMatrix((ways + stay[:, None]).tolist())
    model.SetArcCostEvaluatorOfAllVehicles(cost)
    model.AddDimension(spent, _DAY * days, _DAY * days, False, "clock")
    clock = model.GetDimensionOrDie("clock")
    worth = int(ways.max(initial=0)) * (visits + 1) + 1
    for number, visit in enumerate(trip.visits):
        index = manager.NodeToIndex(number)
        model.AddDisjunction([index], worth * visit.priority)
        model.VehicleVar(index).SetValues([-1, *(v for v, (group, _) in enumerate(vehicles) if group in visit.groups)])
        _open(
            clock.CumulVar(index),
            [(day * _DAY + a, day * _DAY + b - visit.minutes) for day, hours in enumerate(visit.hours) for a, b in hours],
        )
    solver = model.solver()
    for number, (_, day) in enumerate(vehicles):
        opens, closes = (day * _DAY + minute for minute in trip.days[day])
        for index in (model.Start(number), model.End(number)):
            clock.CumulVar(index).SetRange(opens, closes)
        if trip.lunch is not None and trip.pauses(day):
            earliest = max(day * _DAY + trip.lunch.span[0], opens)
            latest = min(day * _DAY + trip.lunch.span[1], closes) - trip.lunch.minutes
            pause = solver.FixedDurationIntervalVar(earliest, latest, trip.lunch.minutes, False, f"lunch {number}")
            clock.SetBreakIntervalsOfVehicle([pause], number, stay.tolist())
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    solution = model.SolveWithParameters(parameters)
    if solution is None:
        return [()] * len(vehicles)
    return [_order(model, manager, solution, number) for number in range(len(vehicles))]


def _open(begins: Any, spans: list[tuple[int, int]]) -> None:
    """Restrict a variable to spans in ascending order; none: its visit cannot be made, which the model's own bounds then say."""
    spans = sorted(span for span in spans if span[0] <= span[1])
    if not spans:
        begins.SetRange(-1, -1) if begins.Min() < 0 else begins.SetValue(begins.Max())
        return
    begins.SetRange(spans[0][0], spans[-1][1])
    for (_, last), (first, _) in pairwise(spans):
        if last + 1 <= first - 1:
            begins.RemoveInterval(last + 1, first - 1)


def _order(model: Any, manager: Any, solution: Any, vehicle: int) -> tuple[int, ...]:
    order, index = [], solution.Value(model.NextVar(model.Start(vehicle)))
    while not model.IsEnd(index):
        order.append(manager.IndexToNode(index))
        index = solution.Value(model.NextVar(index))
    return tuple(order)
