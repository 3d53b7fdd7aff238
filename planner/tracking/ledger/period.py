"""The days that the lists are of: the week, month, quarter or year up to a day, or days that are named."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from planner.settings.base import RefusedError, last_day, normal_day, normal_quarter
from planner.tracking.codes import refusal

UP_TO: dict[str, Callable[[dt.date], dt.date]] = {
    "week": lambda on: on - dt.timedelta(days=6),
    "month": lambda on: on.replace(day=1),
    "quarter": lambda on: on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1),
    "year": lambda on: on.replace(month=1, day=1),
}
"""The first day of a period that ends with a day: a week is seven days, the others begin with the calendar's."""
_RANGE = re.compile(r"(.+?)\s*(?:\.\.|至|~|—|–)\s*(.+)")


def day_of(option: str, text: str) -> dt.date:
    """A day that an option names. Raises InputError: it is none (B102)."""
    try:
        return dt.date.fromisoformat(normal_day(text))
    except RefusedError:
        raise refusal("B102", None, option, text) from None


def period_of(text: str | None, on: dt.date, against: dt.date | None = None) -> tuple[dt.date, dt.date]:
    """First and last day of the lists. Without ``text`` from the day after ``against``, or the week up to ``on``; else one of
    :data:`UP_TO`, ``2027-03-01..2027-03-31``, ``2027Q1``, ``2027-03`` or ``2027``, of which days after ``on`` are cut off.

    Raises:
        InputError: it is none of these (B103), or begins after ``on`` (B104).
    """
    if text is None:
        return (UP_TO["week"](on) if against is None else against + dt.timedelta(days=1)), on
    if text in UP_TO:
        return UP_TO[text](on), on
    first, last = _named(text.strip())
    if first > last:
        raise refusal("B103", None, "--period", text)
    if first > on:
        raise refusal("B104", None, "--period", text, on=on)
    return first, min(last, on)


def _named(text: str) -> tuple[dt.date, dt.date]:
    try:
        if (pair := _RANGE.fullmatch(text)) is not None:
            first, last = (dt.date.fromisoformat(normal_day(part)) for part in pair.groups())
            return first, last
        if (month := re.fullmatch(r"(\d{4})(?:-|年)(\d{1,2})月?", text)) is not None:
            year, number = int(month[1]), int(month[2])
            return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])
        if (whole := re.fullmatch(r"(\d{4})年?", text)) is not None:
            return dt.date(int(whole[1]), 1, 1), dt.date(int(whole[1]), 12, 31)
        quarter = normal_quarter(text)
        return UP_TO["quarter"](last_day(quarter)), last_day(quarter)
    except (ValueError, RefusedError):
        raise refusal("B103", None, "--period", text) from None
