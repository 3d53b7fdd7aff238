"""Every set of visits that fits into one day, each in the order that travels least: few visits fit into a day, so few sets do.

Orders grow by one visit at a time. Of two orders of the same visits with the same last one, and both before or after lunch, the one that is
later and travels more is dropped: whatever follows it follows the other too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.solvers.routing.timing import opens, ready
from planner.solvers.routing.trip import Trip

MOST = 300_000
"""Orders that are looked at before the day is given up as too full of short visits; a second is about 150,000."""


class TooMany(Exception):  # noqa: N818  an outcome, not a fault
    """The sets of visits of a day are too many to be listed."""


@dataclass(frozen=True, slots=True)
class Outing:
    """A day's visits in order, between two places."""

    visits: tuple[int, ...]
    end: int
    travel: int


@dataclass(frozen=True, slots=True)
class _Begun:
    """An order as far as it has come: when its last visit is over."""

    visits: tuple[int, ...]
    clock: int
    travel: int


_State = tuple[frozenset[int], int, bool]
"""Which visits, the last of them, whether lunch has been."""


def outings(trip: Trip, group: int, day: int, start: int, ends: Sequence[int]) -> Iterator[Outing]:
    """For each set of visits that the group can make on the day from ``start``, and for each of the ``ends``, the order that travels least (of equals
    that which ends first); no visits too. Raises TooMany."""
    first, last = trip.days[day]
    able = [number for number, visit in enumerate(trip.visits) if group in visit.groups and visit.hours[day]]
    for end in ends:
        if first + int(trip.travel[start, end]) <= last:
            yield Outing((), end, int(trip.travel[start, end]))
    begun: Mapping[_State | None, list[_Begun]] = {None: [_Begun((), first, 0)]}
    looked = 0
    while begun:
        longer: dict[_State | None, list[_Begun]] = {}
        for state, orders in begun.items():
            for order in orders:
                for other in able:
                    if other not in order.visits:
                        for key, more in _longer(trip, day, start, order, other, state):
                            looked += 1
                            _keep(longer.setdefault(key, []), more)
            if looked > MOST:
                raise TooMany
        yield from _ended(trip, day, longer, ends)
        begun = longer


def _longer(trip: Trip, day: int, start: int, order: _Begun, other: int, state: _State | None) -> Iterator[tuple[_State, _Begun]]:
    """The order with one more visit, without lunch before it and with."""
    visits, _, eaten = state or (frozenset(), start, False)
    way = int(trip.travel[order.visits[-1] if order.visits else start, other])
    for eats in (False, True) if trip.pauses(day) and not eaten else (False,):
        there = ready(order.clock, way, trip.lunch if eats else None)
        begins = None if there is None else opens(trip, other, day, there)
        if begins is not None:
            more = _Begun((*order.visits, other), begins + trip.visits[other].minutes, order.travel + way)
            yield (visits | {other}, other, eaten or eats), more


def _keep(kept: list[_Begun], new: _Begun) -> None:
    """Keep what no other is at least as good as, in both time and travel; of equals the first by its numbers."""
    if any((one.clock, one.travel) == (new.clock, new.travel) and one.visits <= new.visits for one in kept):
        return
    if any(
        one.clock <= new.clock and one.travel <= new.travel and (one.clock, one.travel) != (new.clock, new.travel) for one in kept
    ):
        return
    kept[:] = [one for one in kept if not (new.clock <= one.clock and new.travel <= one.travel)]
    kept.append(new)


def _ended(trip: Trip, day: int, begun: Mapping[_State | None, list[_Begun]], ends: Sequence[int]) -> Iterator[Outing]:
    """Of each set the best order for each end."""
    last, best = trip.days[day][1], dict[tuple[frozenset[int], int], tuple[int, int, tuple[int, ...]]]()
    for state, orders in begun.items():
        if state is None:
            continue
        visits, at, eaten = state
        for order in orders:
            for end in ends:
                way = int(trip.travel[at, end])
                back = ready(order.clock, way, trip.lunch if trip.pauses(day) and not eaten else None)
                if back is not None and back <= last:
                    found = (order.travel + way, back, order.visits)
                    best[visits, end] = min(best.get((visits, end), found), found)
    for (_, end), (travel, _, first) in best.items():
        yield Outing(first, end, travel)
