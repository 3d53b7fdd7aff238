"""A firm's place in the chain as a small SVG: the links it buys from, its own, and the links that buy from it, with what is covered."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from planner.language import Language, Words
from planner.plan.records import LinkResult
from planner.publish.book.text import width
from planner.publish.dossiers.here import Tie
from planner.publish.figures import figure

WIDE, TALL, GAP, AISLE = 152.0, 30.0, 4.0, 36.0
"""pt: as wide as the text of an A4 page."""
TOP = 13.0
INK, QUIET, LINE, OWN, PAPER = "#1d2b38", "#5b6b79", "#8796a3", "#123f66", "#ffffff"
BEFORE, AFTER, TRACK = "#8fbbd9", "#3f83b3", "#e4eaef"
FACE = 'font-family="Noto Sans CJK SC" style="font-variation-settings:\'wght\' {weight}" font-weight="{weight}"'

UP, OWN_LINK, DOWN = (
    Words("上游供应", "supplied by"),
    Words("本项目所在环节", "this project's link"),
    Words("下游采购", "bought by"),
)
NONE = Words("未登记", "not stated")
MORE = Words("另有 {n} 个环节", "{n:more link}")
SAID = Words("满足 {before}→{after}　缺 {short} 亿元", "{before}→{after} met, short {short}")
SUPPLIED = Words("满足 {before}→{after}", "{before}→{after} met")
NO_DEMAND = Words("无本地需求", "no local demand")
LEGEND = Words("（现在→计划后）", " (now→after the plan; CNY 100m)")


def diagram(own: LinkResult | None, up: Sequence[Tie], down: Sequence[Tie], most: int, language: Language) -> str:
    """The SVG, with at most so many links on a side and how many there are besides; lines between boxes bear no figures, boxes bear shortage and coverage before and after the plan."""
    tall = TOP + max(TALL, *(_height(len(side), most) for side in (up, down)))
    whole = 3 * WIDE + 2 * AISLE
    middle = TOP + (tall - TOP - TALL) / 2
    parts = []
    for column, (heading, side) in enumerate(((UP, up), (None, ()), (DOWN, down))):
        x = column * (WIDE + AISLE)
        said = heading.say(language) if heading else OWN_LINK.say(language) + LEGEND.say(language)
        parts.append(_text(x + WIDE / 2, 9, said, 8, QUIET, "middle"))
        if heading is None:
            continue
        shown = list(side[:most])
        more = len(side) - len(shown)
        top = TOP + (tall - TOP - _height(len(side), most)) / 2
        for n, tie in enumerate(shown):
            y = top + n * (TALL + GAP)
            parts += [_line(column, y, middle), _box(x, y, tie.link, language, own=False)]
        if more or not shown:
            words = MORE.say(language, n=more) if more else NONE.say(language)
            parts.append(_text(x + WIDE / 2, top + len(shown) * (TALL + GAP) + 8, words, 8, QUIET, "middle"))
    if own is not None:
        parts.append(_box(WIDE + AISLE, middle, own, language, own=True))
    size = f'viewBox="0 0 {whole:g} {tall:g}" width="{whole:g}" height="{tall:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _height(links: int, most: int) -> float:
    """Of a side: its boxes, and the line that says how many more there are, or that there is none."""
    return min(links, most) * (TALL + GAP) - GAP + (0 if 0 < links <= most else 11.0 + GAP)


def _line(column: int, y: float, middle: float) -> str:
    """From the right edge of a box to the left edge of the next, with its arrow at the buyer."""
    near, far = y + TALL / 2, middle + TALL / 2
    x1, x2 = (WIDE, WIDE + AISLE) if column == 0 else (2 * WIDE + AISLE, 2 * WIDE + 2 * AISLE)
    y1, y2 = (near, far) if column == 0 else (far, near)
    bend = (x1 + x2) / 2
    path = f"M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2 - 5:g} {y2:g}"
    head = f"M{x2 - 5:g} {y2 - 3:g}L{x2:g} {y2:g}L{x2 - 5:g} {y2 + 3:g}z"
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1"/><path d="{head}" fill="{LINE}"/>'


def _box(x: float, y: float, link: LinkResult, language: Language, own: bool) -> str:
    before, after = covered(link)
    edge, stroke = (OWN, 1.8) if own else (LINE, 0.8)
    parts = [
        f'<rect x="{x:g}" y="{y:g}" width="{WIDE:g}" height="{TALL:g}" rx="3" fill="{PAPER}" stroke="{edge}" stroke-width="{stroke}"/>'
    ]
    parts += [_text(x + 6, y + 11.5, fitted(link.name, 9.5, WIDE - 12), 9.5, INK, weight=700 if own else 500)]
    parts += [_text(x + 6, y + 21.5, state_words(link, language), 8, QUIET)]
    if after is not None:
        room = WIDE - 12
        bars = ((TRACK, 1.0), (AFTER, after), (BEFORE, min(before or 0.0, after)))
        parts += [
            f'<rect x="{x + 6:g}" y="{y + 24.5:g}" width="{room * share:.2f}" height="3.5" fill="{fill}"/>' for fill, share in bars
        ]
    return "".join(parts)


def covered(link: LinkResult) -> tuple[float | None, float | None]:
    """The share of its demand that is covered, before and after the plan; None where there is no demand."""
    pairs = ((link.supply_before, link.demand_before), (link.supply_after, link.demand_after))
    before, after = (min(supply / demand, 1.0) if demand > 0 else None for supply, demand in pairs)
    return before, after


def state_words(link: LinkResult, language: Language) -> str:
    """``满足 27%→40%　缺 16→20.2 亿元``."""
    before, after = covered(link)
    if after is None:
        return NO_DEMAND.say(language)
    shares = {"before": _share(before), "after": _share(after)}
    short = [figure(value / 10_000) for value in (link.shortage_before, link.shortage_after)]
    return SUPPLIED.say(language, **shares) if short == ["0", "0"] else SAID.say(language, **shares, short="→".join(short))


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def em(text: str, size: float) -> float:
    """About how wide a text is: a Chinese character takes a square, others 0.56 of one."""
    wide = width(text) - len(text)
    return size * (wide + 0.56 * (len(text) - wide))


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with … where it is wider than the room."""
    if em(text, size) <= room:
        return text
    while text and em(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _text(x: float, y: float, text: str, size: float, fill: str, anchor: str = "start", weight: int = 400) -> str:
    face = FACE.format(weight=weight)
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}" {face}>{escape(text)}</text>'
