"""What is asked of a delegation, read from the words of the command line or of Python."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.publish.delegation.codes import refusal
from planner.settings.base import RefusedError, normal_day
from planner.spelling import half_width

MOST_DAYS = 15
EVERY = "all"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LIKE_A_TIME = re.compile(r"\d+[-/.年]\d+[-/.月]\d+日?([T\s].*)?|\d+:\d+")
"""What is meant for a day or a time, whether there is one; a place is never written like this."""
_DAY_AND_TIME = re.compile(r"(.*\d日?)[T\s]\s*(\d{1,2}:\d{2})")


@dataclass(frozen=True)
class End:
    """Where the journey begins or ends: what of it was said."""

    place: str | None = None
    date: dt.date | None = None
    minute: int | None = None
    """Of the day."""


@dataclass(frozen=True)
class Asked:
    """One delegation. ``teams``: who goes, each visiting its own firms; ``also``: candidates that the plan leaves out, or ``all``."""

    cities: tuple[str, ...]
    days: int = 3
    teams: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    start: End = End()
    end: End = End()
    bases: tuple[str, ...] = ()
    """Places where nights are spent."""


def asked_of(
    cities: Sequence[str],
    days: int = 3,
    teams: Sequence[str] = (),
    also: Sequence[str] = (),
    start: Sequence[str] = (),
    end: Sequence[str] = (),
    bases: Sequence[str] = (),
) -> Asked:
    """What is asked. ``start`` and ``end`` are days, times, days with times, and places, in any order.

    Raises InputError (J107, J108, J112).
    """
    if not 1 <= days <= MOST_DAYS:
        raise refusal("J108", None, "--days", str(days), most=MOST_DAYS)
    names = tuple(dict.fromkeys(name for text in cities for name in re.split(r"[,，、;；]\s*", text.strip()) if name))
    names = names or (" ".join(cities).strip(),)  # which is the home of nobody
    return Asked(
        names, days, tuple(dict.fromkeys(teams)), tuple(also), end_of(start, "--start"), end_of(end, "--end"), tuple(bases)
    )


def end_of(texts: Sequence[str], option: str) -> End:
    """One end of the journey from what was said of it. Raises InputError (J107, J112)."""
    found = End()
    for text in texts:
        for part, value in _said(text.strip(), option).items():
            if getattr(found, part) is not None:
                raise refusal("J107", None, option, text)
            found = replace(found, **{part: value})  # type: ignore[arg-type]
    return found


def _said(text: str, option: str) -> dict[str, object]:
    plain = half_width(text).replace("：", ":")
    if match := _TIME.fullmatch(plain):
        return {"minute": int(match[1]) * 60 + int(match[2])}
    both = _DAY_AND_TIME.fullmatch(plain)
    if both and (time := _TIME.fullmatch(both[2])) and (date := _day(both[1])):
        return {"date": date, "minute": int(time[1]) * 60 + int(time[2])}
    if not both and (date := _day(plain)):
        return {"date": date}
    if _LIKE_A_TIME.fullmatch(plain):
        raise refusal("J112", None, option, text)
    return {"place": text}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(normal_day(text))
    except RefusedError:
        return None
