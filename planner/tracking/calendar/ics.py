"""The calendar as an .ics file (RFC 5545): events in the time of Shanghai, the same bytes whenever it is made from the same facts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.language import Language, Words
from planner.plan.whole_folder import whole_file
from planner.problems import visible
from planner.tracking.calendar.record import Calendar, Event
from planner.tracking.calendar.words import KINDS, MEETINGS, PROVISIONAL, moved_words

if TYPE_CHECKING:
    from icalendar import Event as Component

ZONE = "Asia/Shanghai"
_WHO = Words("参加：{roles}", "taking part: {roles}")
_PEOPLE = Words("人员：{people}", "people: {people}")


def write_ics(found: Calendar, path: Path, language: Language) -> None:
    """Write the file, whole or not at all. Raises InputError: it cannot be written."""
    with whole_file(path) as fresh:
        fresh.write_bytes(ics_bytes(found, language))


def ics_bytes(found: Calendar, language: Language) -> bytes:
    """The file's bytes: UTF-8, lines folded at 75 octets and ended by CRLF."""
    from icalendar import Calendar as File

    file = File()
    file.add("prodid", f"-//Bulian//planner calendar//{language.upper()}")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", visible(f"{found.plan} {found.year}", one_line=True))
    file.add("x-wr-timezone", ZONE)
    for event in found.events:
        file.add_component(_event(event, found, language))
    if any(event.start is not None for event in found.events):
        file.add_missing_timezones()
    return bytes(file.to_ical())


def _event(event: Event, found: Calendar, language: Language) -> Component:
    from icalendar import Event as Component

    one = Component()
    one.add("uid", event.uid)
    # When the file was made would be another byte each time; the beginning of the year is the same (R8).
    one.add("dtstamp", dt.datetime(found.year, 1, 1, tzinfo=dt.UTC))
    if event.start is not None and event.end is not None:
        one.add("dtstart", event.start.replace(tzinfo=ZoneInfo(ZONE)))
        one.add("dtend", event.end.replace(tzinfo=ZoneInfo(ZONE)))
    else:
        one.add("dtstart", event.date)
        one.add("dtend", event.date + dt.timedelta(1))
        one.add("transp", "TRANSPARENT")
    one.add("summary", visible(event.title, one_line=True) + ("*" if event.provisional else ""))
    kind = {**MEETINGS, **KINDS}.get(event.kind)
    one.add("categories", [visible(event.title, one_line=True) if kind is None else kind.say(language)])
    if event.place:
        one.add("location", visible(event.place, one_line=True))
    if text := description(event, language):
        one.add("description", visible(text))
    return one


def description(event: Event, language: Language) -> str:
    """Who takes part, why it was moved, whether it may move again."""
    lines = []
    if event.roles:
        lines.append(_WHO.say(language, roles=Words.listed(event.roles)))
    if event.people:
        lines.append(_PEOPLE.say(language, people=Words.listed(event.people)))
    if event.moved:
        lines.append(moved_words(event).say(language))
    if event.provisional:
        lines.append(PROVISIONAL.say(language))
    return "\n".join(lines)
