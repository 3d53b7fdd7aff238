"""The calendar on the screen: what the days rest on, how many events of each kind, what was moved and why."""

from __future__ import annotations

from collections import Counter

from planner.language import Language, Words
from planner.tracking.calendar.record import Calendar
from planner.tracking.calendar.words import KINDS, MEETINGS, WEEKDAYS, moved_words, source_words

SHOWN = 12
"""Moved events that are printed one by one."""
_HEAD = Words("{year} 年日程：{events} 项（{kinds}）", "calendar of {year}: {events} events ({kinds})")
_COUNT = Words("{name} {n}", "{n} × {name}")
_MOVED = Words("移动了 {n} 项：", "{n} were moved:")
_ONE = Words("  {date} {weekday} {title}（{period}）：{why}", "  {date} {weekday} {title} ({period}): {why}")
_MORE = Words("  …… 另有 {n} 项，见工作簿", "  … and {n} more, see the workbook")
_NO_PLAN = Words(
    "没有项目的签约期限：没有已批准的计划，也没有写 --from", "no deadlines of signing: no plan is approved, and --from names none"
)


def calendar_text(found: Calendar, language: Language) -> str:
    """In sentences."""
    counts = Counter(event.kind for event in found.events)
    titles = {event.kind: event.title for event in found.events}
    names = [(KINDS.get(kind) or MEETINGS.get(kind) or Words(titles[kind], titles[kind]), n) for kind, n in counts.items()]
    kinds = Words.listed(_COUNT.fill(name=name, n=n) for name, n in names)
    own = sum(day.source == "bureau" for day in found.days)
    lines = [
        _HEAD.say(language, year=found.year, events=len(found.events), kinds=kinds),
        source_words(found.source, found.year, found.settled, own).say(language),
    ]
    if not found.seal:
        lines.append(_NO_PLAN.say(language))
    moved = [event for event in found.events if event.moved]
    if moved:
        lines.append(_MOVED.say(language, n=len(moved)))
    for event in moved[:SHOWN]:
        weekday = WEEKDAYS[event.date.weekday()]
        said = {"date": event.date, "weekday": weekday, "title": event.title, "period": event.period}
        lines.append(_ONE.say(language, why=moved_words(event), **said))
    if len(moved) > SHOWN:
        lines.append(_MORE.say(language, n=len(moved) - SHOWN))
    return "\n".join(lines)
