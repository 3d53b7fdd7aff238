"""The best tour by choosing among all days that are possible at all: a packing of sets of visits, proved by CP-SAT.

A group that sets out takes one *walk*: where it is at the beginning and at the end of each day. What a day between two places may hold are
its outings, alike on all days of the same hours; so the model says how many days of each kind a walk has, and not which is which, and
whether an outing is chosen for one of them. Every visit is in one chosen outing at most. Afterwards, of days that are alike, the more
important comes first.

Outings are thousands. A linear relaxation says which of them can be in a solution better than one that is quickly found; among these CP-SAT
searches and proves. That the others cannot is weak duality, reckoned here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.protocol import Bools, Floats, Ints
from planner.solvers.routing.outings import Outing, outings
from planner.solvers.routing.timing import tour_of
from planner.solvers.routing.trip import Routes, Tour, Trip

TINY = 1e-6
"""The bound is a whole number kept in binary."""
NODES, LIKED = 200, 2_000
"""Nodes of the search for a first solution, which proves nothing, and the columns among which it looks: those that the relaxation likes
best."""
_Kind = tuple[int, int, int]
"""Days that are alike: the first of the same hours, where they begin, where they end."""


@dataclass(frozen=True)
class _Walk:
    """Where a group is at the beginning of the first day and at the end of each."""

    places: tuple[int, ...]
    kinds: tuple[_Kind, ...]


@dataclass(frozen=True, eq=False)
class _Packing:
    """max gain·x  s.t.  A x ≤ most (= where ``equal``), x 0 or 1; the columns are outings, then walks."""

    outings: tuple[tuple[int, _Kind, Outing], ...]
    """Group, kind of day, outing."""
    walks: tuple[tuple[int, _Walk], ...]
    """Group, walk."""
    gain: Ints
    point: int
    """What a point of priority counts for: more than all minutes that can be saved."""
    rows: csr_array
    most: Ints
    equal: Bools


def best_tour(trip: Trip, work: float) -> Tour | None:
    """The best tour, and whether CP-SAT proved it within ``work`` of its deterministic seconds; None: it found none. Raises
    :class:`planner.solvers.routing.outings.TooMany`: the days are too full of short visits to be listed."""
    packing = _packing(trip)
    outlook, most = _outlook(packing)
    first = _first(packing, np.argsort(-outlook, kind="stable")[:LIKED])
    least = sum(int(packing.gain[column]) for column in first)
    # Gains are whole: a better solution gains 1 more at least, and columns that cannot be in such a one are left out.
    promising = np.flatnonzero(most + outlook >= least + 0.5)
    better = _better(packing, promising, least, work)
    taken = first if better.taken is None else better.taken
    tour = tour_of(trip, _routes(trip, packing, taken))
    # No library's word is taken: what it calls the best has to be what our own sums come to.
    gained = sum(int(packing.gain[column]) for column in taken)
    if tour is None or packing.point * tour.priority - tour.travel != gained:
        raise RuntimeError("routes and their model are not of one mind")
    bound = min(max(better.bound, least), floor(most + TINY * max(most, 1.0)))
    proved = better.proved and (better.taken is None or better.bound == gained)
    return replace(tour, most=max(tour.priority, (bound + packing.point - 1) // packing.point), proved=proved)


def _first(packing: _Packing, liked: Ints) -> tuple[int, ...]:
    """A good solution: HiGHS, for so many nodes; nobody sets out where it finds none that is one."""
    idle = [at for at, (_, _, outing) in enumerate(packing.outings) if not outing.visits]
    columns = np.unique([*liked.tolist(), *idle, *range(len(packing.outings), len(packing.gain))])
    from scipy.optimize import Bounds, LinearConstraint, milp

    low = np.where(packing.equal, packing.most, -np.inf)
    found = milp(
        -packing.gain[columns].astype(np.float64),
        integrality=np.ones(len(columns), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(packing.rows[:, columns].astype(np.float64), low, packing.most),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return ()
    point = np.rint(found.x).astype(np.int64)
    sums = packing.rows[:, columns] @ point
    sound = (sums <= packing.most).all() and (sums == packing.most)[packing.equal].all()
    return tuple(columns[point > 0].tolist()) if sound else ()


@dataclass(frozen=True)
class _Better:
    """What CP-SAT says of solutions that are better than one at hand."""

    taken: tuple[int, ...] | None
    """Of the best that it found; None: it found none."""
    bound: int
    """Nothing among its columns gains more."""
    proved: bool
    """There is none that is better than what it found, or than the one at hand where it found none."""


def _better(packing: _Packing, columns: Ints, least: int, work: float) -> _Better:
    """The best solution among some columns that gains more than ``least``."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    on = {int(column): model.new_bool_var("x") for column in columns}
    rows = packing.rows[:, columns].tocsr()
    for row in range(rows.shape[0]):
        span = slice(rows.indptr[row], rows.indptr[row + 1])
        terms = zip(rows.data[span].tolist(), columns[rows.indices[span]].tolist(), strict=True)
        total = sum(int(number) * on[column] for number, column in terms)
        model.add(total == int(packing.most[row])) if packing.equal[row] else model.add(total <= int(packing.most[row]))
    gained = sum(int(packing.gain[column]) * literal for column, literal in on.items())
    model.add(gained >= least + 1)
    model.maximize(gained)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = work
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return _Better(None, least, proved=True)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    taken = tuple(column for column, literal in on.items() if solver.boolean_value(literal)) if found else None
    known = found or status == cp_model.UNKNOWN
    bound = floor(solver.best_objective_bound + TINY) if known and abs(solver.best_objective_bound) < 2.0**62 else 2**62
    return _Better(taken, bound, proved=status == cp_model.OPTIMAL)


def _outlook(packing: _Packing) -> tuple[Floats, float]:
    """For each column by how much a solution that has it may miss the bound (0 or below), and the bound of all solutions.

    By weak duality any prices ``y`` of the rows, 0 or more for ``≤``, give the bound ``most·y + Σ max(0, gain − Aᵀy)``; those of the
    relaxation give a good one. It is reckoned here, from the prices, whatever else the library says.
    """
    from scipy.optimize import linprog

    rows, equal = packing.rows.astype(np.float64), packing.equal
    solve: Any = linprog  # its types know no sparse rows
    solved = solve(
        -packing.gain.astype(np.float64),
        A_ub=rows[~equal],
        b_ub=packing.most[~equal],
        A_eq=rows[equal] if equal.any() else None,
        b_eq=packing.most[equal] if equal.any() else None,
        bounds=(0, 1),
        method="highs",
    )
    prices = np.zeros(len(packing.most))
    if solved.status == 0:
        prices[~equal] = np.maximum(-solved.ineqlin.marginals, 0.0)
        if equal.any():
            prices[equal] = -solved.eqlin.marginals
    reduced = packing.gain - rows.T @ prices
    return np.minimum(reduced, 0.0), float(packing.most @ prices + np.maximum(reduced, 0.0).sum())


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


def _packing(trip: Trip) -> _Packing:
    walks = _walks(trip)
    ends: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for walk in walks:
        for day, start, end in walk.kinds:
            ends[day, start].add(end)
    found = tuple(
        (group, (day, start, outing.end), outing)
        for group in range(trip.groups)
        for (day, start), places in ends.items()
        for outing in outings(trip, group, day, start, sorted(places))
        if outing.visits or start != outing.end  # to stay where one is needs no choice
    )
    ways = tuple((group, walk) for group in range(trip.groups) for walk in walks)
    # A point of priority outweighs all minutes that can be saved; both are whole numbers, so that nothing is rounded.
    point = trip.groups * len(trip.days) * max((outing.travel for _, _, outing in found), default=0) + 1
    gain = [point * _worth(trip, outing.visits) - outing.travel for _, _, outing in found]
    kinds = {key: at for at, key in enumerate(dict.fromkeys((group, kind) for group, walk in ways for kind in walk.kinds))}
    visits, first = len(trip.visits), len(trip.visits) + len(kinds)
    entries = [(visit, at, 1) for at, (_, _, outing) in enumerate(found) for visit in outing.visits]
    entries += [(visits + kinds[group, kind], at, 1) for at, (group, kind, _) in enumerate(found)]
    for at, (group, walk) in enumerate(ways, start=len(found)):
        entries += [(visits + kinds[group, kind], at, -days) for kind, days in Counter(walk.kinds).items()]
        entries.append((first + group, at, 1))
    row, column, number = (np.array(part, dtype=np.int64) for part in zip(*entries, strict=True))
    shape = (first + trip.groups, len(found) + len(ways))
    return _Packing(
        found,
        ways,
        np.array([*gain, *([0] * len(ways))], dtype=np.int64),
        point,
        csr_array((number, (row, column)), shape=shape),
        np.array([*([1] * visits), *([0] * len(kinds)), *([1] * trip.groups)], dtype=np.int64),
        np.array([*([False] * visits), *(kind[1] != kind[2] for _, kind in kinds), *([False] * trip.groups)]),
    )


def _routes(trip: Trip, packing: _Packing, taken: tuple[int, ...]) -> Routes:
    """Chosen outings on the days of their walks; among days that are alike the more important one, then the earlier in numbers, first."""
    groups, ends, orders, chosen = [], [], [], len(packing.outings)
    for group, walk in (packing.walks[column - chosen] for column in taken if column >= chosen):
        own: defaultdict[_Kind, list[tuple[int, ...]]] = defaultdict(list)
        for one, kind, outing in (packing.outings[column] for column in taken if column < chosen):
            if one == group:
                own[kind].append(outing.visits)
        for visits in own.values():
            visits.sort(key=lambda order: (-_worth(trip, order), order), reverse=True)
        if any(order for visits in own.values() for order in visits):
            groups.append(group)
            ends.append(walk.places)
            orders.append(tuple(own[kind].pop() if own[kind] else () for kind in walk.kinds))
    return Routes(tuple(groups), tuple(ends), tuple(orders))
