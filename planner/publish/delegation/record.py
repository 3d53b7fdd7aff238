"""What is known of a delegation's journey: days, visits, ways, who is left out. It is handed out: it holds no value, bound or ceiling."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from planner.language import Language
from planner.plan.records import Record

Why = Literal["no_coordinates", "outside_hours", "too_far", "no_time", "other_team"]
"""Why a firm is not visited."""
HelpKind = Literal["day", "hours", "visit"]
"""What would let more be visited: one day more, an hour later in the evening, visits a quarter of an hour shorter."""


class Firm(Record):
    """A firm, which may have several projects."""

    candidate_ids: tuple[str, ...]
    name: str
    city: str
    address: str
    lon: float
    lat: float
    only_city: bool
    """Only its city is known for certain: the point may be that of the city."""
    subjects: tuple[str, ...]
    """For each project its chain and link, and the park where the plan has it."""
    questions: str
    contact: str
    """Blank where nobody has consented."""
    also: bool
    """The plan leaves it out; it is worth a visit."""


class Way(Record):
    """The way to a visit, or to where the day ends."""

    origin: str
    goal: str
    leaves: dt.time
    arrives: dt.time
    minutes: int
    """Without lunch."""
    km: float | None
    """Of the great circle, or of the table; None: not known."""
    mode: str
    assumed: bool
    source: str
    """Of the table ``distances``; blank: reckoned by the settings."""
    lunch: dt.time | None
    """When lunch begins, where it is before the way, after it or on it."""


class Call(Record):
    """A visit."""

    firm: Firm
    begins: dt.time
    ends: dt.time
    way: Way


class DayPlan(Record):
    """One day of one group."""

    date: dt.date
    group: str
    """The team; blank where there is one group of nobody in particular."""
    start: str
    end: str
    calls: tuple[Call, ...]
    back: Way


class LeftOut(Record):
    """A firm that is not visited, and why."""

    candidate_ids: tuple[str, ...]
    name: str
    city: str
    why: Why
    also: bool


class Help(Record):
    """What would let more firms be visited; ``more``: their names."""

    kind: HelpKind
    visits: int
    more: tuple[str, ...]


class Base(Record):
    """Where nights are spent, or the journey begins or ends."""

    name: str
    lon: float
    lat: float
    near: str
    """The firm in the middle of all, near which it is reckoned to be; blank: the place was named."""


class Delegation(Record):
    """A delegation's journey."""

    plan: str
    language: Language
    seal: str
    cities: tuple[str, ...]
    """As they were asked for."""
    groups: tuple[str, ...]
    dates: tuple[dt.date, ...]
    """The working days of the journey."""
    provisional: tuple[dt.date, ...]
    """Of these, days that the arrangement of holidays may still move."""
    asked_start: dt.date | None
    """The day that was asked for, which may be one of rest; None: none was, and it begins on the first working day of the plan."""
    days: tuple[DayPlan, ...]
    ends: tuple[str, str]
    """Where it begins and ends, by name; blank: where nights are spent, for no place was given."""
    bases: tuple[Base, ...]
    left_out: tuple[LeftOut, ...]
    elsewhere: int
    """Selected firms whose home is in none of the cities."""
    helps: tuple[Help, ...]
    proved: bool
    """CP-SAT proved, and our own sums agree, that no other journey visits firms that matter more, or as much with less time on the way."""
    hours: tuple[str, ...]
    visit_minutes: int

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every visit, day by day."""
        return tuple(call for day in self.days for call in day.calls)

    @property
    def travel(self) -> int:
        """Minutes on the way."""
        return sum(way.minutes for day in self.days for way in (*(call.way for call in day.calls), day.back))
