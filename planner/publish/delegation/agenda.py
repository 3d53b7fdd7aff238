"""The lines of a day in the order in which they happen: ways, visits, lunch. Schedule, page and calendar are made of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from planner.language import Language
from planner.publish.delegation.record import Call, DayPlan, Way
from planner.publish.delegation.words import DRIVE, LUNCH, RETURN, VISIT, matters, way_text, where


@dataclass(frozen=True)
class Line:
    """One thing that happens."""

    begins: dt.time
    ends: dt.time | None
    """None: it is over when the next begins."""
    what: str
    where: str
    matters: str = ""
    contact: str = ""
    assumed: bool = False
    """``where`` tells how long a way takes, and that is reckoned."""
    call: Call | None = None


def agenda(day: DayPlan, language: Language) -> list[Line]:
    """Every line of the day."""
    return sorted(_lines(day, language), key=lambda line: line.begins)


def _lines(day: DayPlan, language: Language) -> Iterator[Line]:
    for call in day.calls:
        yield from _way(call.way, DRIVE.say(language, goal=call.firm.name), language)
        yield Line(
            call.begins,
            call.ends,
            VISIT.say(language, name=call.firm.name),
            where(call.firm, language),
            matters(call, language),
            call.firm.contact,
            call=call,
        )
    back = RETURN if day.back.goal == day.start and day.calls else DRIVE
    yield from _way(day.back, back.say(language, goal=day.back.goal), language)


def _way(way: Way, what: str, language: Language) -> Iterator[Line]:
    if way.lunch is not None:
        yield Line(way.lunch, None, LUNCH.say(language), "")
    if way.minutes:
        yield Line(way.leaves, way.arrives, what, way_text(way, language), assumed=way.assumed)
