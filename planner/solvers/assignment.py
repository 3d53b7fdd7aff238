"""Things shared out among takers: as many as can be, by the order of the costs, then as evenly as can be. One flow, exact.

A thing *i* goes to at most one taker *j* that may have it, a taker has at most ``room[j]`` things. Of all ways to do so one is
chosen that, level by level,

1. leaves the fewest things without a taker;
2. has the least sum of ``costs[0][i, j]``, then of ``costs[1][i, j]``, and so on;
3. has the least sum of squared loads. Loads that can be had within 1 and 2 are the bases of a polymatroid, so that the sum of
   squares makes the largest load the least one too, and any other measure of unevenness that is convex.

It is a maximum flow of least cost: source → thing → taker → sink with one arc of capacity 1 from the taker to the sink for each
thing that it may take, the *k*-th at 2k − 1, for these sum to load². A level is weighed above all that the levels below it can
come to, in whole numbers. Such a flow is whole by itself: nothing is rounded, and OR-Tools proves it optimal.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.solvers.protocol import Bools, Ints

NOBODY = -1
_LARGEST = 2**52
"""Above this the solver's own scaling of costs could leave 64 bits."""


def assign(able: Bools, room: Ints, costs: Sequence[Ints] = ()) -> Ints:
    """The taker of each thing, :data:`NOBODY` for none.

    Args:
        able: shape (n, m): the taker may have the thing.
        room: shape (m,): how many things each may have.
        costs: whole numbers of 0 or more, shape (n, m) each, the weightiest first; read where ``able``.

    Raises:
        ValueError: the costs are too many or too large to be told apart in 64 bits.
    """
    n, m = able.shape
    thing, taker = np.nonzero(able)
    room = np.minimum(np.maximum(room, 0), able.sum(axis=0))
    cost = np.zeros(len(thing), dtype=np.int64)
    below = n * n + 1  # more than all loads squared
    for level in reversed(costs):
        cost = cost + level[thing, taker] * below
        below *= n * int(level[thing, taker].max(initial=0)) + 1
    if below > _LARGEST:
        raise ValueError(f"costs up to {below} cannot be weighed against each other exactly")
    if not len(thing):
        return np.full(n, NOBODY, dtype=np.int64)
    return _flow(n, m, thing, taker, room, cost)


def _flow(n: int, m: int, thing: Ints, taker: Ints, room: Ints, cost: Ints) -> Ints:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    place = np.repeat(np.arange(m), room)
    step = np.arange(len(place)) - np.repeat(np.cumsum(room) - room, room)
    source, sink = n + m, n + m + 1
    arcs = (
        (np.full(n, source), np.arange(n), np.zeros(n, dtype=np.int64)),
        (thing, n + taker, cost),
        (n + place, np.full(len(place), sink), 2 * step + 1),
    )
    tail, head, price = (np.concatenate(parts) for parts in zip(*arcs, strict=True))
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones(len(tail), dtype=np.int64), price)
    flow.set_node_supply(source, n)
    flow.set_node_supply(sink, -n)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"minimum cost flow: {status}")
    taken = flow.flows(np.arange(n, n + len(thing))) > 0
    of_thing = np.full(n, NOBODY, dtype=np.int64)
    of_thing[thing[taken]] = taker[taken]
    return of_thing
