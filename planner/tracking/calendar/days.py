"""Which days of a year are worked, and on what that rests: the bureau's own table, the official arrangement, the law, or the week.

The State Council publishes the arrangement of a year, with the Saturdays and Sundays that are worked in exchange, only at the end of
the year before. Until then the law says which days are holidays, and no more: dates near them may still move.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from planner.language import Language

Source = Literal["bureau", "official", "statutory", "week"]
NEAR = 10
"""Days from a holiday within which the arrangement may exchange days: the most from 2010 to 2026 was 10 (11 May 2024)."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day; ``name`` is that of the holiday, empty for other days."""

    date: dt.date
    working: bool
    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Named:
    """A day of the bureau's own table: worked or not."""

    date: dt.date
    working: bool
    name: str


@dataclass(frozen=True)
class Year:
    """The days of one year. ``source``: what all but the bureau's own days rest on; ``settled``: nothing of it is open any more."""

    year: int
    days: Mapping[dt.date, Day]
    source: Source
    settled: bool

    @property
    def first(self) -> dt.date:
        """1 January."""
        return dt.date(self.year, 1, 1)

    @property
    def last(self) -> dt.date:
        """31 December."""
        return dt.date(self.year, 12, 31)

    def working(self, date: dt.date) -> bool:
        """Whether a day of the year is worked."""
        return self.days[date].working

    def between(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The working days from one day to another, with both, within the year."""
        first, last = max(first, self.first), min(last, self.last)
        return [date for date in dates(first, last) if self.working(date)]

    @property
    def special(self) -> list[Day]:
        """Days that are not what their weekday says: holidays in the week, and Saturdays and Sundays that are worked."""
        return [day for day in self.days.values() if day.working != (day.date.weekday() < 5)]

    def provisional(self, date: dt.date) -> bool:
        """Whether the arrangement that is still to come may change whether the day is worked."""
        if self.settled:
            return False
        if self.source == "week":
            return True
        window = dates(max(date - dt.timedelta(NEAR), self.first), min(date + dt.timedelta(NEAR), self.last))
        at_the_ends = (date - self.first).days <= NEAR or (self.last - date).days < NEAR  # New Year of this year and of the next
        return at_the_ends or any(self.days[day].name for day in window)


def dates(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    """The days from one to another, with both."""
    return (first + dt.timedelta(days) for days in range((last - first).days + 1))


def days_of(year: int, own: Iterable[Named] = (), settled: Collection[int] = (), language: Language = "zh") -> Year:
    """The days of a year; the bureau's ``own`` rule, and where it has the whole arrangement the year is among the ``settled``."""
    source, names, exchanged = _known(year, language)
    days = {
        date: Day(date, date in exchanged or (date.weekday() < 5 and date not in names), names.get(date, ""), source)
        for date in dates(dt.date(year, 1, 1), dt.date(year, 12, 31))
    }
    days |= {day.date: Day(day.date, day.working, day.name, "bureau") for day in own if day.date.year == year}
    return Year(year, days, source, source == "official" or year in settled)


def _known(year: int, language: Language) -> tuple[Source, Mapping[dt.date, str], frozenset[dt.date]]:
    """What the library knows of a year: its holidays with their names, and the weekends that are worked. Only a year whose
    arrangement it has got has any of these."""
    from holidays.countries.china import China

    if not China.start_year <= year <= China.end_year:
        return "week", {}, frozenset()
    known = China(years=year, language="zh_CN" if language == "zh" else "en_US")
    exchanged = frozenset(date for date in known.weekend_workdays if date.year == year)
    return ("official" if exchanged else "statutory"), dict(known.items()), exchanged
