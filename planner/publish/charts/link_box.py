"""What stands in the box of a link, line by line, for each of the three views of a chain; and the box as it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from planner.language import Words
from planner.plan.records import LinkResult
from planner.publish.charts import words
from planner.publish.charts.facts import LinkFacts
from planner.publish.charts.measure import clean, width, wrap
from planner.publish.charts.style import BoxSize
from planner.publish.charts.svg import Box, Canvas, stacked
from planner.publish.documents.fonts import BOLD
from planner.publish.view import View

Kind = Literal["panorama", "present", "gap"]
LEADING = 1.28
PAD = 3.2
EDGE = 2.6
"""Width of the strip of a box that shows its grade."""

COUNT = Words("{kind} {n}", "{kind} {n}")
NAMED = Words("{count}：{names}", "{count}: {names}")
HERE, COMES = Words("本地", "Local"), Words("目标", "Targets")
SOURCES_WANTED = Words("来源 {sources}（至少 {wanted}）", "Sources {sources} (at least {wanted})")
SOURCES_ARE = Words("来源 {sources}", "Sources {sources}")
SHORT_AFTER = Words("尚缺 {left}", "short {left}")
STILL = Words("尚缺，{left}", "Still short; {left}")


@dataclass(frozen=True)
class Line:
    """One line of a box, or several where there is room."""

    text: str
    urgency: int
    """Of the lines that have no room the ones with the largest go first."""
    colour: str = "ink"
    most: int = 1
    """Lines that it may take."""


def _figures(view: View, link: LinkResult, after: bool, room: Callable[[str], bool]) -> list[Line]:
    """Demand and supply, on one line where they have room there."""
    basis, language = view.basis, view.language
    demand = words.amount(link.demand_before, language, basis.demand(link, False))
    supply = words.amount(link.supply_before, language, basis.supply(link, False))
    if after:
        demand = words.arrow(demand, words.amount(link.demand_after, language, basis.demand(link, True)))
        supply = words.arrow(supply, words.amount(link.supply_after, language, basis.supply(link, True)))
    demand, supply = f"{words.DEMAND.say(language)} {demand}", f"{words.SUPPLY.say(language)} {supply}"
    both = f"{demand} · {supply}"
    return [Line(both, 3, "soft")] if room(both) else [Line(demand, 3, "soft"), Line(supply, 4, "soft")]


def _shortage(view: View, link: LinkResult, after: bool) -> str:
    basis, language = view.basis, view.language
    short = words.amount(link.shortage_before, language, basis.shortage(link, False))
    if after:
        short = words.arrow(short, words.amount(link.shortage_after, language, basis.shortage(link, True)))
    return f"{words.SHORTAGE.say(language)} {short}"


def _sources(view: View, link: LinkResult, after: bool) -> str:
    now, then = str(link.sources_before), str(link.sources_after)
    said = SOURCES_WANTED if link.min_sources > 0 else SOURCES_ARE
    return said.say(view.language, sources=words.arrow(now, then) if after else now, wanted=link.min_sources)


def _named(view: View, kind: Words, names: list[str]) -> str:
    count = COUNT.say(view.language, kind=kind.say(view.language), n=len(names))
    return NAMED.say(view.language, count=count, names=view.listed(names)) if names else count


def _local(view: View, facts: LinkFacts, capacities: bool) -> str:
    names = [clean(firm.name) for firm in facts.local]
    if capacities:
        says = [
            words.amount(firm.capacity, view.language, "capacity" in firm.assumed)
            for firm in facts.local
            if firm.capacity is not None
        ]
        said = iter(says)
        names = [name if firm.capacity is None else f"{name} {next(said)}" for name, firm in zip(names, facts.local, strict=True)]
    return _named(view, HERE, names)


def _targets(view: View, facts: LinkFacts) -> str:
    return _named(view, COMES, [f"{clean(firm.name)} {firm.quarter[2:]}" for firm in facts.targets])


def _panorama(view: View, facts: LinkFacts, room: Callable[[str], bool]) -> list[Line]:
    return [
        *_figures(view, facts.link, True, room),
        Line(_shortage(view, facts.link, True), 0),
        Line(_local(view, facts, False), 1, "local" if facts.local else "soft", 4),
        Line(_targets(view, facts), 2, "target" if facts.targets else "soft", 6),
    ]


def _present(view: View, facts: LinkFacts, room: Callable[[str], bool]) -> list[Line]:
    return [
        *_figures(view, facts.link, False, room),
        Line(_shortage(view, facts.link, False), 0),
        Line(_sources(view, facts.link, False), 5, "soft"),
        Line(_local(view, facts, True), 1, "local" if facts.local else "soft", 8),
    ]


def _gap(view: View, facts: LinkFacts, room: Callable[[str], bool]) -> list[Line]:
    lines = [
        Line(_shortage(view, facts.link, True), 0),
        Line(_sources(view, facts.link, True), 2, "soft"),
        Line(_targets(view, facts), 1, "target" if facts.targets else "soft", 6),
    ]
    if facts.link.shortage_after > 0:
        lines.append(Line(STILL.say(view.language, left=view.help_left(facts.link)), 3, "soft", 2))
    return lines


LINES: Mapping[Kind, Callable[[View, LinkFacts, Callable[[str], bool]], list[Line]]] = {
    "panorama": _panorama,
    "present": _present,
    "gap": _gap,
}


def _short(view: View, kind: Kind, facts: LinkFacts, room: Callable[[str], bool]) -> list[Line]:
    """For a box with room for two lines."""
    language, link = view.language, facts.link
    counts = {HERE: len(facts.local), COMES: len(facts.targets)}
    shown = [HERE] if kind == "present" else [COMES] if kind == "gap" else [HERE, COMES]
    said = " · ".join(COUNT.say(language, kind=name.say(language), n=counts[name]) for name in shown)
    short = _shortage(view, link, kind != "present")
    if not room(short):
        left = words.amount(link.shortage_after, language, view.basis.shortage(link, True))
        short = SHORT_AFTER.say(language, left=left)
    return [Line(short, 0), Line(said, 1, "soft")]


def _chosen(lines: list[Line], size: float, room: float, count: int) -> list[tuple[str, str]]:
    """The lines that have room, wrapped, with their colours."""
    kept = sorted(sorted(range(len(lines)), key=lambda at: lines[at].urgency)[:count])
    wanted = {at: len(wrap(lines[at].text, size, room, lines[at].most)) for at in kept}
    given = dict.fromkeys(kept, 1)
    for at in sorted(kept, key=lambda at: lines[at].urgency):
        given[at] += max(0, min(wanted[at] - 1, count - sum(given.values())))
    return [(line, lines[at].colour) for at in kept for line in wrap(lines[at].text, size, room, given[at])]


def draw_link(canvas: Canvas, view: View, kind: Kind, facts: LinkFacts, box: Box, size: BoxSize) -> None:
    """Draw the box of a link."""
    link, after = facts.link, kind != "present"
    grade = facts.grade(after)
    here = link.sources_before > 0 or link.supply_before > 0 or bool(facts.local)
    void = not here and (kind == "present" or not facts.targets)
    canvas.open("link", box, link=link.link_id, tier=link.tier or "", grade=grade, marks=" ".join(facts.marks(after)))
    fill, dash = ("void", "3 2") if void else ("box", "")
    canvas.rect(box.x, box.y, box.width, box.height, fill, grade, 1.0, 2.5, dash, "card")
    canvas.rect(box.x, box.y, EDGE, box.height, grade, radius=1.2)
    x, room = box.x + EDGE + PAD, box.width - EDGE - 2 * PAD
    y = box.y + PAD * 0.8
    marks = _marks(canvas, view, facts, after, box, size)
    name = wrap(clean(link.name), size.name, room - marks, 1, BOLD)
    if width(clean(link.name), size.name, BOLD) > room - marks:
        name = _two_lines(clean(link.name), size.name, room - marks, room)
    y = canvas.lines(x, y, name, size.name, room, bold=True, leading=1.16) + size.text * 0.25
    foot = box.bottom - PAD
    bar = max(2.4, size.text * 0.42)
    _bar(canvas, link, after, Box("", x, foot - bar, room, bar))
    foot -= bar + 1.4
    count = int((foot - y + size.text * (LEADING - 1)) // (size.text * LEADING))

    def fits(said: str) -> bool:
        return width(said, size.text) <= room

    lines = LINES[kind](view, facts, fits) if count > 2 else _short(view, kind, facts, fits)
    for line, colour in _chosen(lines, size.text, room, max(count, 0)):
        canvas.text(x, y, line, size.text, room, colour)
        y += size.text * LEADING
    canvas.close()


def _two_lines(name: str, size: float, first: float, room: float) -> list[str]:
    """A name whose first line leaves room for the marks."""
    start = wrap(name, size, first, 2, BOLD)[0]
    rest = name[len(start) :].lstrip()
    return [start, *wrap(rest, size, room, 1, BOLD)]


def _marks(canvas: Canvas, view: View, facts: LinkFacts, after: bool, box: Box, size: BoxSize) -> float:
    """The marks in the upper right corner; returns how wide they are."""
    right = box.right - PAD
    for mark in reversed(facts.marks(after)):
        said = words.MARKS[mark][0].say(view.language)
        text = size.text
        wide = width(said, text, BOLD) + text * 0.7
        right -= wide + 1.5
        canvas.pill(right + 1.5, box.y + PAD * 0.8 + (size.name * 1.1 - text * 1.24) / 2, said, text, "mark", "on_mark")
    return box.right - PAD - right + (2 if right < box.right - PAD else 0)


def _bar(canvas: Canvas, link: LinkResult, after: bool, room: Box) -> None:
    """How much of the demand is supplied: now, and what the plan adds."""
    canvas.rect(room.x, room.y, room.width, room.height, "bar", radius=room.height / 2)
    demand = link.demand_after if after else link.demand_before
    now = min(link.supply_before, demand)
    parts = {"local": now, "target": max(0.0, min(link.supply_after, demand) - now) if after else 0.0}
    for colour, at, long in stacked(parts, demand, room.width):
        canvas.rect(room.x + at, room.y, long, room.height, colour, radius=min(room.height / 2, long / 2))
