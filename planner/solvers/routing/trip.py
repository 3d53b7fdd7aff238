"""What is asked of a tour, and a tour. Times are whole minutes of the day, places are numbers: a solver knows no firm.

A visit *i* is at place *i*; places from ``len(visits)`` on are where days begin and end. A group begins day *k* at one of ``ends[k]`` and
ends it at one of ``ends[k + 1]``, where its next day begins; it does not come back to a place that it has left. Of all tours that keep hours and days, the best one

1. has the greatest sum of priorities over its visits;
2. then travels the fewest minutes, by ``travel``, with the ways from and to the ends.

A group that makes no visit does not set out. A day with visits, on which ``lunch`` fits between the hours of the day, has one lunch: between
two visits, before the first or after the last, and it may interrupt a journey.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.solvers.protocol import Ints

Span = tuple[int, int]
"""From one minute of the day to another."""


@dataclass(frozen=True)
class Visit:
    """A visit that may be made once."""

    priority: int
    """1 or more."""
    minutes: int
    hours: tuple[tuple[Span, ...], ...]
    """For each day the spans within one of which the whole visit lies; no span: not on that day."""
    groups: tuple[int, ...]
    """The groups that may make it."""


@dataclass(frozen=True)
class Lunch:
    """A pause of ``minutes`` that begins and ends within ``span``."""

    minutes: int
    span: Span


@dataclass(frozen=True, eq=False)
class Trip:
    """The question."""

    visits: tuple[Visit, ...]
    groups: int
    days: tuple[Span, ...]
    """For each day: nobody sets out before, everybody is back by."""
    ends: tuple[tuple[int, ...], ...]
    """One more than days: the places where a day may end and the next begin; the first are where the first day begins."""
    travel: Ints
    """Minutes from place to place, shape (p, p)."""
    lunch: Lunch | None = None

    def pauses(self, day: int) -> bool:
        """Whether a day is long enough for lunch, so that there is one."""
        if self.lunch is None:
            return False
        first, last = self.days[day]
        return max(first, self.lunch.span[0]) + self.lunch.minutes <= min(last, self.lunch.span[1])


@dataclass(frozen=True)
class Leg:
    """The way to a visit or to where the day ends."""

    leaves: int
    arrives: int
    """With lunch on the way: after it."""
    lunch: int | None
    """When lunch begins, if it lies between what was before and what comes next."""


@dataclass(frozen=True)
class Day:
    """One day of one group: from ``start`` through ``visits``, which begin at ``begins``, to ``end``."""

    group: int
    day: int
    start: int
    end: int
    visits: tuple[int, ...]
    begins: tuple[int, ...]
    legs: tuple[Leg, ...]
    """To each visit, then to the end."""


@dataclass(frozen=True)
class Tour:
    """The days on which groups make visits or move on, by group and day, and how good they are."""

    days: tuple[Day, ...]
    priority: int
    """Sum over the visits that are made."""
    most: int
    """No tour has more; the same as ``priority`` where that is proved."""
    travel: int
    """Minutes."""
    proved: bool
    """No tour is better by either measure."""

    @property
    def visited(self) -> frozenset[int]:
        """The visits that are made."""
        return frozenset(visit for day in self.days for visit in day.visits)


@dataclass(frozen=True)
class Routes:
    """Orders of visits without a clock: for each group that sets out, its places at the ends and the visits of each day."""

    groups: tuple[int, ...]
    ends: tuple[tuple[int, ...], ...]
    visits: tuple[tuple[tuple[int, ...], ...], ...]
