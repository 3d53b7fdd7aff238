"""Whose turn it is: parts of the plan, or those who prove bounds, and who of these is first.

One table of what has been seen goes in (:class:`Standing`), one decision comes out (:class:`Turn`); nothing is remembered here but what
each part of the search has lately added for its time (:class:`Earnings`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PARTS = "parts"
"""The name under which parts of the plan earn."""


@dataclass(frozen=True)
class TurnParameters:
    """How turns are given."""

    stale: float = 6.0
    """Seconds without a gain from which parts of the plan have their turn more seldom: as seldom as the share of their time that has lately
    given something is small."""
    seldom: int = 8
    """They have every so manyeth turn at the least, and half as often where somebody wants all threads."""
    explore: int = 5
    """Every so manyeth turn goes to the solver of the whole that had the least time: what is expected of it may be wrong, it may find a
    plan, and a bound grows with the logarithm of the time, so that the others lose little. Half of these go only to those that may still
    come to what is known."""
    little: float = 1e-5
    """Of the value in a second: who adds less pays nothing."""
    much: float = 1e-4
    """Of the value in a second: while parts add more they have every turn, though somebody wants all threads."""
    besides: int = 3
    """And where they add more than bounds are expected to fall, they have all threads but for every so manyeth turn."""
    plenty: float = 1e-3
    """Of the value in a second: so much counts as more than that where somebody is still to have a first turn, and nobody knows what to expect."""
    memory: float = 0.5
    """Weight of what was before one's last usual turn in what it has lately added."""


@dataclass(frozen=True)
class Standing:
    """What has been seen when a turn is to be given."""

    number: int
    """Of the turn; the first is 1."""
    threads: int
    value: float | None
    """Of the best plan; None: there is none."""
    payer: str
    """The entrant that has lately added more to the value than parts of the plan have; empty: there is none."""
    pays: float
    """What it has lately added in a second."""
    adds: float
    """What parts have lately added in a second."""
    spent: float
    """Seconds that parts have had."""
    idle: float
    """Of these, those since the last one that gave something."""
    wanted: int
    """Threads of the entrant that is first in line; 0: nobody is in line."""
    hoped: float
    """By how much the bound is expected to fall in a second, at the most; inf while somebody is to have a first turn."""
    closes: bool
    """Somebody is expected to prove the best plan by the end."""
    behind: str
    """The solver of the whole that had the least time, of those that may still come to what is known; empty: there is none, or one is still
    to have its first turn."""
    last: str
    """The same of all that solve the whole."""
    whole_first: bool
    """Solvers of the whole model come first, by the model's size."""
    leaders: tuple[str, ...]
    """Solvers of the whole that keep a thread each for now, the last of them every other turn of it; empty: nobody leads."""
    waiting: bool
    """One of these that come first has not had its first turn."""


@dataclass(frozen=True)
class Turn:
    """What is done in a turn."""

    parts: bool
    """Parts of the plan are improved."""
    proving: int
    """Threads for those who prove, at the most."""
    first: tuple[str, ...] = ()
    """Who are first of them; empty: whoever is first in line."""
    anybody: bool = False
    """Parts make nothing of the rest of these threads: it goes to whoever is next in line, though that one is not expected to come to what is
    known; what is expected may be wrong."""


def turn_of(standing: Standing, parameters: TurnParameters) -> Turn:
    """Whose turn it is."""
    told, threads = standing, standing.threads
    if told.leaders:
        # Of the last thread parts have every other turn: a tree that is told of the best plan soon ends, whoever finds it.
        parts, many = told.number % 2 == 0, len(told.leaders)
        return Turn(parts or threads > many, min(many, threads - parts), told.leaders)
    every, anybody = _every(told, parameters), _seldom(told, parameters) > 1
    adds = 0.0 if told.payer else told.adds
    undivided = every == 1 and _outweigh(adds, told, parameters) and (told.number - 1) % parameters.besides > 0
    without = 0 if undivided else max(threads // 3, min(1, threads - 1))
    if told.value is None:
        return Turn(True, without)
    if told.number % parameters.explore == 0 and not told.closes:
        looked_at = told.behind if told.number % (2 * parameters.explore) else told.last
        if looked_at:
            return Turn(False, threads, (looked_at,), anybody)
    if not told.wanted or (told.number % every == 0 and not (told.whole_first and told.waiting)):
        return Turn(True, without)
    return Turn(False, threads, _first(told), anybody)


def _outweigh(adds: float, told: Standing, parameters: TurnParameters) -> bool:
    """Whether parts, which add so much, add more than bounds are expected to fall; plenty, where nobody knows that yet. Of a small model those who
    are to show it come first."""
    if math.isinf(told.hoped):
        return told.value is not None and not told.whole_first and adds > parameters.plenty * abs(told.value)
    return adds > told.hoped


def _first(told: Standing) -> tuple[str, ...]:
    """Who pays, where that is more than bounds are expected to fall, and every other turn beside those who are to have a first one."""
    pays = bool(told.number % 2) if math.isinf(told.hoped) else told.pays > told.hoped
    return (told.payer,) if told.payer and pays else ()


def _seldom(told: Standing, parameters: TurnParameters) -> int:
    """Of how many turns parts of the plan have one, by what they have lately given; 1: they still give something."""
    if told.idle <= parameters.stale:
        return 1
    return min(max(int(told.spent / max(told.spent - told.idle, 1e-9)), 1), parameters.seldom)


def _every(told: Standing, parameters: TurnParameters) -> int:
    """Of how many turns parts of the plan have one."""
    payer = bool(told.payer)
    if not payer and told.adds > parameters.much * abs(told.value or 0.0):
        return 1
    every = _seldom(told, parameters)
    if payer or (told.whole_first and told.closes):
        every = max(every, 2)
    return 2 * every if told.wanted >= told.threads else every


@dataclass(frozen=True)
class Earned:
    """What one part of the search has earned."""

    seconds: float = 0.0
    gained: float = 0.0
    """Both in all."""
    lately: float = 0.0
    added: float = 0.0
    """The same of late: the longer ago, the less it counts."""


@dataclass
class Earnings:
    """What each part of the search has lately added to the value in a second of its own."""

    parameters: TurnParameters
    unit: float
    """Seconds of a usual turn."""
    given: Mapping[str, float] = field(default_factory=dict)
    """What each had added before the search began, in no time of its own."""
    paid: dict[str, Earned] = field(default_factory=dict)
    """By part of the search."""

    def count(self, seconds: Mapping[str, float], gained: Mapping[str, float]) -> None:
        """Seconds that each has had, and what each has added to the value, both in all."""
        for name, now in seconds.items():
            gain, last = gained.get(name, 0.0), self.paid.get(name, Earned(gained=self.given.get(name, 0.0)))
            passed = now - last.seconds
            if passed > 0.0:
                kept = self.parameters.memory ** (passed / self.unit)
                self.paid[name] = Earned(now, gain, kept * last.lately + passed, kept * last.added + gain - last.gained)

    def rate(self, name: str) -> float:
        """What that one has lately added in a second; what it has added in a moment counts as if in a usual turn."""
        paid = self.paid.get(name, Earned())
        return paid.added / max(paid.lately, self.unit)

    def payer(self, names: Iterable[str], value: float) -> str:
        """Of these names, who has lately added the most; empty: parts of the plan have, or nobody has added more than a little of
        ``value``."""
        rates = {name: self.rate(name) for name in names if name in self.paid}
        first = max(rates, key=lambda name: rates[name], default=PARTS)
        return first if first != PARTS and rates[first] > self.parameters.little * abs(value) else ""
