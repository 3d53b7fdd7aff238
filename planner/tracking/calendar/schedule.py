"""The days of the year's meetings: each rule's day in each period, off days of rest, and no two meetings in one half day."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from planner.settings.meetings import Every, Meeting, Nominal
from planner.tracking.calendar.days import Year, dates

Half = Literal["morning", "afternoon"]
HALVES: tuple[Half, Half] = ("morning", "afternoon")
FIRST: tuple[Every, ...] = ("year", "half", "quarter", "month", "week")
"""Whose meetings are placed first: what is rarer keeps its day."""
Slot = tuple[dt.date, Half]


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a rule within a year: ``2027-W05``, ``2027-03``, ``2027Q1``, ``2027H1``, ``2027``."""

    name: str
    first: dt.date
    last: dt.date
    nominal: dt.date
    """The day that the rule names, which may be one of rest."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A meeting on its day; ``rest``: the day that the rule names is one of rest; ``beside``: what took the half day that it would else
    have had."""

    rule: str
    period: Period
    date: dt.date
    half: Half
    rest: bool
    beside: str | None

    @property
    def moved(self) -> bool:
        """Whether it is on another day, or in another half of it, than its rule says."""
        return self.rest or self.beside is not None


@dataclass
class _Taken:
    """Half days that are taken, and by what."""

    by: dict[Slot, str]
    of_rule: dict[str, set[dt.date]] = field(default_factory=dict)


def schedule(year: Year, rules: Mapping[str, Meeting], fixed: Mapping[Slot, str]) -> list[Placed]:
    """Every meeting of the year that is held, by date; ``fixed``: half days that are taken already, and by what.

    Rarer meetings are placed before frequent ones, rules of one period in the order of the settings. A meeting keeps its day and half
    day if it can; else it goes to the other half of that day; else on to the next (or by its rule the previous) working day with a free
    half, first within its period, then there in the other direction, then beyond. Two of one rule are never on one day.

    Raises:
        ValueError: there are more meetings than half days.
    """
    taken, placed = _Taken(dict(fixed)), []
    held = [(name, rule) for name, rule in rules.items() if rule.held]
    for name, rule in sorted(held, key=lambda one: FIRST.index(one[1].period)):
        for period in periods(year, rule):
            placed.append(_place(year, name, rule, period, taken))
    return sorted(placed, key=lambda one: (one.date, HALVES.index(one.half), list(rules).index(one.rule)))


def periods(year: Year, rule: Meeting) -> Iterator[Period]:
    """Each period of the year in which the rule names a day. A week belongs to the year in which that day lies."""
    if rule.period == "week":
        for date in dates(year.first, year.last):
            if date.weekday() == rule.when.weekday:
                monday = date - dt.timedelta(date.weekday())
                of, number, _ = date.isocalendar()
                yield Period(f"{of}-W{number:02}", monday, monday + dt.timedelta(6), date)
        return
    size = {"month": 1, "quarter": 3, "half": 6, "year": 12}[rule.period]
    for number, first in enumerate(range(1, 13, size), start=1):
        last = first + size - 1
        name = {"month": f"-{first:02}", "quarter": f"Q{number}", "half": f"H{number}", "year": ""}[rule.period]
        within = dt.date(year.year, first, 1), _end(year.year, last)
        yield Period(f"{year.year}{name}", *within, _nominal(year, rule.when, first + rule.month - 1))


def _end(year: int, month: int) -> dt.date:
    return dt.date(year, month, months.monthrange(year, month)[1])


def _nominal(year: Year, when: Nominal, month: int) -> dt.date:
    """The day that a rule names in a month; its last such day where it has not so many."""
    first, last = dt.date(year.year, month, 1), _end(year.year, month)
    days = list(dates(first, last))
    if when.kind == "workday":
        days = year.between(first, last) or days
    elif when.kind == "weekday":
        days = [date for date in days if date.weekday() == when.weekday]
    number = when.number or 1
    return days[max(number, -len(days))] if number < 0 else days[min(number, len(days)) - 1]


def _place(year: Year, name: str, rule: Meeting, period: Period, taken: _Taken) -> Placed:
    halves = HALVES if rule.half_day == "morning" else HALVES[::-1]
    own = taken.of_rule.setdefault(name, set())
    beside = None
    for date in _in_turn(year, period, forward=rule.moves == "next"):
        free = [half for half in halves if (date, half) not in taken.by] if date not in own else []
        if beside is None and free[:1] != [halves[0]]:
            beside = taken.by.get((date, halves[0]), name)
        if free:
            taken.by[date, free[0]] = name
            own.add(date)
            return Placed(name, period, date, free[0], not year.working(period.nominal), beside)
    raise ValueError(f"no half day is left for {name} {period.name}")


def _in_turn(year: Year, period: Period, forward: bool) -> Iterable[dt.date]:
    """The working days of the year in the order in which a meeting tries them: from its own day on within its period, then the other
    way, then beyond the period, after it before before it."""
    day, step = period.nominal, dt.timedelta(1)
    onward, back = year.between(day, period.last), year.between(period.first, day - step)[::-1]
    if not forward:
        onward, back = year.between(period.first, day)[::-1], year.between(day + step, period.last)
    yield from onward
    yield from back
    yield from year.between(period.last + step, year.last)
    yield from year.between(year.first, period.first - step)[::-1]
