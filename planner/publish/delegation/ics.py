"""The visits as an .ics file (RFC 5545), in the time of Shanghai; the same bytes whenever it is made from the same journey."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.problems import visible
from planner.publish.delegation.record import Call, DayPlan, Delegation
from planner.publish.delegation.words import VISIT, matters, title, where

if TYPE_CHECKING:
    from icalendar import Event as Component

ZONE = "Asia/Shanghai"


def ics_bytes(found: Delegation, domain: str) -> bytes:
    """The file's bytes; ``domain``: what UIDs end with, as those of the calendar do."""
    from icalendar import Calendar as File

    file = File()
    file.add("prodid", f"-//Bulian//planner delegation//{found.language.upper()}")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", visible(title(found), one_line=True))
    file.add("x-wr-timezone", ZONE)
    for day in found.days:
        for call in day.calls:
            file.add_component(_event(found, day, call, domain))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _event(found: Delegation, day: DayPlan, call: Call, domain: str) -> Component:
    from icalendar import Event as Component

    one, firm, zone = Component(), call.firm, ZoneInfo(ZONE)
    # The same visit of the same journey keeps its UID when its hour changes, so that a calendar moves it.
    said = "\n".join((found.plan, *found.cities, str(found.dates[0]), day.group, *firm.candidate_ids))
    one.add("uid", f"visit-{sha256(said.encode()).hexdigest()[:16]}@{domain}")
    one.add("dtstamp", dt.datetime(found.dates[0].year, 1, 1, tzinfo=dt.UTC))
    one.add("dtstart", dt.datetime.combine(day.date, call.begins, zone))
    one.add("dtend", dt.datetime.combine(day.date, call.ends, zone))
    mark = "*" if day.date in found.provisional else ""
    one.add("summary", visible(VISIT.say(found.language, name=firm.name), one_line=True) + mark)
    one.add("location", visible(where(firm, found.language), one_line=True))
    if not firm.only_city:
        one.add("geo", (firm.lat, firm.lon))
    lines = [text for text in (day.group, matters(call, found.language), firm.contact) if text]
    if lines:
        one.add("description", visible("\n".join(lines)))
    return one
