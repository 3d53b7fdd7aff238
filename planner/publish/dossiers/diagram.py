"""A firm's place in the chain as a small drawing: the links it buys from, its own, and the links that buy from it, with what is covered."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.plan.records import LinkResult
from planner.publish.charts.svg import Canvas, stacked
from planner.publish.dossiers.here import Tie
from planner.publish.fields import LINK
from planner.publish.figures import figure
from planner.publish.view import View

WIDE, TALL, GAP, AISLE, TOP, MORE_ROW = 152.0, 30.0, 4.0, 36.0, 13.0, 11.0
"""pt: together as wide as the text of an A4 page."""
NAME, SMALL, EDGE, BAR = 9.5, 8.0, 6.0, 3.5

UP, OWN, DOWN = Words("上游供应", "supplied by"), Words("本项目所在环节", "this project's link"), Words("下游采购", "bought by")
LEGEND = Words("（现在→计划后）", " (now→after the plan; CNY 100m)")
NONE = Words("未登记", "not stated")
MORE = Words("另有 {n} 个环节", "{n:more link}")
SAID = Words("满足 {before}→{after}　缺 {short} 亿元", "{before}→{after} met, short {short}")
SUPPLIED = Words("满足 {before}→{after}", "{before}→{after} met")
NO_DEMAND = Words("无本地需求", "no local demand")


def diagram(view: View, own: LinkResult, up: Sequence[Tie], down: Sequence[Tie], most: int, title: str) -> str:
    """The SVG, with at most so many links on a side and how many there are besides; boxes say shortage and coverage before and after
    the plan."""
    language = view.language
    tall = TOP + max(TALL, *(_height(len(side), most) for side in (up, down)))
    canvas = Canvas(3 * WIDE + 2 * AISLE, tall, title)
    middle = TOP + (tall - TOP - TALL) / 2
    for column, heading in enumerate((UP, OWN, DOWN)):
        said = heading.say(language) + (LEGEND.say(language) if heading is OWN else "")
        canvas.text(column * (WIDE + AISLE) + WIDE / 2, 0, said, SMALL, WIDE + AISLE, "soft", anchor="middle")
    for column, side in ((0, up), (2, down)):
        x, top = column * (WIDE + AISLE), TOP + (tall - TOP - _height(len(side), most)) / 2
        shown = side[:most]
        for n, tie in enumerate(shown):
            y = top + n * (TALL + GAP)
            _line(canvas, column, y, middle)
            _box(canvas, view, x, y, tie.link, own=False)
        if len(side) > most or not side:
            said = MORE.say(language, n=len(side) - most) if side else NONE.say(language)
            canvas.text(x + WIDE / 2, top + len(shown) * (TALL + GAP), said, SMALL, WIDE, "soft", anchor="middle")
    _box(canvas, view, WIDE + AISLE, middle, own, own=True)
    return canvas.done().text


def _height(links: int, most: int) -> float:
    """Of a side: its boxes, and the line that says how many more there are, or that there is none."""
    return min(links, most) * (TALL + GAP) - GAP + (0 if 0 < links <= most else MORE_ROW + GAP)


def _line(canvas: Canvas, column: int, y: float, middle: float) -> None:
    """From the right edge of a box to the left edge of the next, with its arrow at the buyer."""
    near, far = y + TALL / 2, middle + TALL / 2
    x = WIDE if column == 0 else 2 * WIDE + AISLE
    (y1, y2), end, bend = (near, far) if column == 0 else (far, near), x + AISLE, x + AISLE / 2
    canvas.path(f"M{x:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {end - 5:g} {y2:g}", stroke="edge")
    canvas.path(f"M{end - 5:g} {y2 - 3:g}L{end:g} {y2:g}L{end - 5:g} {y2 + 3:g}z", "edge")


def _box(canvas: Canvas, view: View, x: float, y: float, link: LinkResult, own: bool) -> None:
    canvas.rect(x, y, WIDE, TALL, "box", "head" if own else "edge", 1.8 if own else 0.8, radius=3)
    room = WIDE - 2 * EDGE
    canvas.text(x + EDGE, y + 2.8, link.name, NAME, room, "ink", bold=own)
    canvas.text(x + EDGE, y + 14, state_words(view, link), SMALL, room, "soft")
    before, after = _covered(view, link)
    if after is not None:
        canvas.rect(x + EDGE, y + 25, room, BAR, "bar")
        parts = {"local": min(before or 0.0, after), "adequate": after - min(before or 0.0, after)}
        for colour, start, length in stacked(parts, 1.0, room):
            canvas.rect(x + EDGE + start, y + 25, length, BAR, colour)


def _covered(view: View, link: LinkResult) -> tuple[float | None, float | None]:
    before, after = (LINK[f"covered_{when}"].value(view, link) for when in ("before", "after"))
    return before, after


def state_words(view: View, link: LinkResult) -> str:
    """``满足 27%→40%　缺 16→20.2 亿元``."""
    before, after = _covered(view, link)
    if after is None:
        return NO_DEMAND.say(view.language)
    shares = {"before": "—" if before is None else f"{before:.0%}", "after": f"{after:.0%}"}
    short = [figure(value / 10_000) for value in (link.shortage_before, link.shortage_after)]
    return (SUPPLIED if short == ["0", "0"] else SAID).say(view.language, **shares, short="→".join(short))
