"""The year's calendar: events with their days, and on what these rest."""

from __future__ import annotations

import datetime as dt

from planner.language import Language
from planner.plan.records import Record
from planner.tracking.calendar.days import Source
from planner.tracking.calendar.schedule import Half


class Event(Record):
    """One meeting, or one milestone of a project."""

    uid: str
    """The same whenever the calendar is made again: of its rule and period, or its project, not of its day."""
    kind: str
    """Id of the rule; ``fixed``, ``sign`` or ``planned``."""
    period: str
    """``2027-W05``, ``2027-03``, ``2027Q1``, ``2027H1``, ``2027``; of a milestone the quarter or day that is planned."""
    title: str
    date: dt.date
    half: Half | None
    """None: the whole day."""
    start: dt.datetime | None
    end: dt.datetime | None
    """None with ``start``: the whole day."""
    nominal: dt.date
    """The day that rule, table or plan names."""
    rest: bool
    """That day is one of rest."""
    beside: str | None
    """Title of what took the half day that it would else have had."""
    provisional: bool
    """The arrangement of holidays that is still to come may move it."""
    roles: tuple[str, ...]
    people: tuple[str, ...]
    """Who has these roles, by the table ``people``."""
    place: str

    @property
    def moved(self) -> bool:
        """It is on another day, or in another half of it, than its rule says."""
        return self.rest or self.beside is not None


class OddDay(Record):
    """A holiday in the week, or a weekend that is worked; any day that the bureau's table has."""

    date: dt.date
    working: bool
    name: str
    source: Source


class Calendar(Record):
    """Everything that the command tells of one year."""

    plan: str
    language: Language
    year: int
    seal: str
    """Of the plan whose milestones it has; empty: of none."""
    source: Source
    """What the days rest on that the bureau's table does not have."""
    settled: bool
    events: tuple[Event, ...]
    days: tuple[OddDay, ...]
