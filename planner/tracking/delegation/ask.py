"""What :mod:`planner.api` offers of delegations: a journey worked out, and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.case.case import Case
from planner.publish.delegation.ask import asked_of
from planner.publish.delegation.make import delegation_of
from planner.publish.delegation.record import Delegation
from planner.publish.desk import Desk, open_desk
from planner.tracking.calendar.days import Year, days_of
from planner.tracking.calendar.make import own_days


@dataclass(frozen=True, eq=False)
class WorkingDays:
    """The days that are worked, by the bureau's own table, the official arrangement, the law, or the week."""

    case: Case
    years: dict[int, Year] = field(default_factory=dict)

    def working(self, date: dt.date) -> bool:
        """Whether a day is worked."""
        return self._year(date.year).working(date)

    def provisional(self, date: dt.date) -> bool:
        """Whether that may still change."""
        return self._year(date.year).provisional(date)

    def _year(self, year: int) -> Year:
        if year not in self.years:
            settings = self.case.settings
            self.years[year] = days_of(year, own_days(self.case.days), settings.calendar.settled, settings.language)
        return self.years[year]


def delegation(
    run: str | Path | Desk,
    cities: Sequence[str] | str,
    days: int = 3,
    teams: Sequence[str] = (),
    also: Sequence[str] = (),
    start: Sequence[str] = (),
    end: Sequence[str] = (),
    bases: Sequence[str] = (),
) -> Delegation:
    """A journey to the selected firms in some cities. ``run``: a run folder, or its desk. ``teams``: who goes, each
    visiting its own firms. ``also``: candidates that the plan leaves out, or ``all``. ``start``, ``end``: day, time, place, in any
    order. ``bases``: where nights are spent. Raises InputError: as :func:`planner.publish.delegation.make.delegation_of`."""
    desk = run if isinstance(run, Desk) else open_desk(run)
    asked = asked_of([cities] if isinstance(cities, str) else cities, days, teams, also, start, end, bases)
    return delegation_of(desk, asked, WorkingDays(desk.opened.case))


def write_delegation(run: str | Path | Desk, found: Delegation, folder: str | Path) -> Path:
    """Write all that is taken along; returns the folder. ``run``: that of the journey. Raises InputError: see :func:`planner.publish.delegation.write.write_pack`."""
    from planner.publish.delegation.write import write_pack

    return write_pack(run if isinstance(run, Desk) else open_desk(run), found, Path(folder))
