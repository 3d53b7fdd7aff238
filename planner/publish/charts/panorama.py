"""产业链全景图, 现状图, 缺口图: one chain as lanes of tiers; what each link should have, what is here, and what is between the two.

The three views of a chain have the same boxes in the same places. A chain with too many links for one readable sheet is shown whole
in small boxes, and again on sheets of a few columns each with the names of the firms.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from planner.language import Words
from planner.plan.records import ChainResult, LinkResult
from planner.publish.charts import frame, words
from planner.publish.charts.facts import ChainFacts, chain_facts, coverage_change
from planner.publish.charts.lanes import Edge, Grid, arrange
from planner.publish.charts.link_box import Kind, draw_link
from planner.publish.charts.measure import clean, width
from planner.publish.charts.routes import Frame, Routing, line_of, path_of, route
from planner.publish.charts.style import BoxSize, read_style
from planner.publish.charts.svg import Box, Canvas, Svg
from planner.publish.desk import Desk
from planner.publish.documents.fonts import BOLD
from planner.publish.view import View
from planner.publish.words import GRADES, SEMICOLON

TRACK = 2.2
"""Room of a line, pt."""
TALLEST = 1.2
"""A row grows to fill its sheet up to so many times the least height of its boxes."""
WIDEST = 1.9
HEAD = 17.0
"""Height of the heading of a lane, pt."""

TITLES: Mapping[Kind, Words] = {
    "panorama": Words("{chain}产业链全景图", "{chain}: the whole chain"),
    "present": Words("{chain}产业链现状图", "{chain}: what is here now"),
    "gap": Words("{chain}产业链缺口图（全景 − 现状）", "{chain}: the gap between what it needs and what is here"),
}
LANE = Words("{tier} · {n} 个环节 · 配套率 {share}", "{tier} · {n:link} · supplied {share}")
PART = Words("（{tiers}）", " ({tiers})")
LINES_ARE = Words("线：供方环节 → 需方环节", "lines: supplier → buyer")
BEYOND = Words("另有 {n} 条供需关系与其他产业链相连，不在图上", "{n:more supply edge} with other chains not drawn")
ACROSS = Words("{n} 条供需关系跨图页，见总图", "{n:supply edge} to other sheets: see the whole chain")
LOOPS = Words("{n} 条环节内部的供需关系不画线", "{n:supply edge} within a link not drawn")


@dataclass(frozen=True)
class Sheet:
    """What stands on one sheet."""

    grid: Grid
    routing: Routing
    frame: Frame
    size: BoxSize
    part: bool
    """Not the whole chain."""


def panorama(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """产业链全景图: every link with demand, supply, firms that are here and targets."""
    return _drawn(desk.view, chain, "panorama")


def present(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """现状图: the links with what is here now; those with nothing are outlined."""
    return _drawn(desk.view, chain, "present")


def gap(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """缺口图: what is short now and after the plan, and who closes it."""
    return _drawn(desk.view, chain, "gap")


def _drawn(view: View, chain: ChainResult, kind: Kind) -> tuple[Svg, ...]:
    facts = chain_facts(view, chain)
    title = TITLES[kind].say(view.language, chain=chain.name)
    none = words.NO_TIER.say(view.language)
    tiers = tuple((key, tier) for key, tier in facts.tier_of(none).items())
    headings = _headings(view, facts)
    legend = _legend(view, kind)
    notes = _notes(view, facts, 0, "*" in "".join(headings))
    _, room = frame.begin(view, title, headings, legend, [*notes, "x"], (1, 2))
    made = sheets(tiers, facts.edges, facts.tiers, room.width, room.height - HEAD)
    drawn = []
    for number, sheet in enumerate(made):
        across = sum((a in sheet.grid.cells) != (b in sheet.grid.cells) for a, b in facts.edges)
        part = PART.say(view.language, tiers=view.listed(dict.fromkeys(sheet.grid.tiers))) if sheet.part else ""
        canvas, room = frame.begin(view, title + part, headings, legend, _notes(view, facts, across, True), (number + 1, len(made)))
        _draw(canvas, view, kind, facts, sheet, room)
        drawn.append(canvas.done())
    return tuple(drawn)


def _headings(view: View, facts: ChainFacts) -> list[str]:
    chain, language = facts.chain, view.language
    links = [link.link for link in facts.links]
    short = [
        words.amount(value, language, view.basis.chain(chain, after))
        for value, after in ((chain.shortage_before, False), (chain.shortage_after, True))
    ]
    said = [
        Words("{n} 个环节", "{n:link}").say(language, n=chain.links),
        Words("本地企业 {n} 家", "{n:local firm}").say(language, n=sum(len(link.local) for link in facts.links)),
        Words("目标企业 {n} 家", "{n:target firm}").say(language, n=sum(len(link.targets) for link in facts.links)),
        f"{words.SHORTAGE.say(language)} {words.arrow(*short)}",
        f"{words.COVERAGE.say(language)} {coverage_change(view, links)}",
    ]
    for name, value in ((Words("链长", "Chief"), chain.chief), (Words("牵头单位", "Lead office"), chain.lead_office)):
        if value:
            said.append(f"{name.say(language)} {value}")
    if chain.anchor_firm:
        said.append(f"{Words('链主', 'Anchor firm').say(language)} {chain.anchor_firm}")
    return said


def _notes(view: View, facts: ChainFacts, across: int, assumed: bool) -> list[str]:
    said = [words.MONEY_IS, words.EXPECTED, *([words.ASSUMED_IS] if assumed else [])]
    counted = ((BEYOND, facts.beyond), (ACROSS, across), (LOOPS, facts.loops))
    texts = [note.say(view.language) for note in said] + [note.say(view.language, n=n) for note, n in counted if n]
    return [words.COVERAGE_IS.say(view.language), SEMICOLON.say(view.language).join(texts)]


def _legend(view: View, kind: Kind) -> list[frame.Legend]:
    language = view.language
    grades = [frame.Legend(frame.swatch(grade), said.say(language)) for grade, said in GRADES.items()]
    marks = [
        frame.Legend(frame.pill(short.say(language), "mark", "on_mark"), said.say(language)) for short, said in words.MARKS.values()
    ]
    now = Words("条：现有供给占需求", "bar: supply now, of demand").say(language)
    more = Words("条：计划新增（期望）", "bar: added by the plan (expected)").say(language)
    bars = [frame.Legend(frame.swatch("local"), now), *([] if kind == "present" else [frame.Legend(frame.swatch("target"), more)])]
    void = Words("本地没有", "nothing here").say(language)
    lines = frame.Legend(lambda canvas, x, y, size: _arrow_sign(canvas, x, y, size), LINES_ARE.say(language))
    return [*grades, frame.Legend(frame.swatch("void", "missing", "3 2"), void), *bars, *marks, lines]


def _arrow_sign(canvas: Canvas, x: float, y: float, size: float) -> float:
    canvas.path(f"M{x:.2f} {y + size * 0.58:.2f}h{size * 1.6:.2f}", None, "edge", 1.0)
    canvas.path(_head(x + size * 2, y + size * 0.58, 1), "edge")
    return size * 2


def _head(x: float, y: float, way: int) -> str:
    """An arrowhead whose point is at x, y and looks right (1) or left (-1)."""
    return f"M{x:.2f} {y:.2f}l{-4.2 * way:.2f} -2.1v4.2z"


@cache
def sheets(
    tier_of: tuple[tuple[str, str], ...], edges: tuple[Edge, ...], order: tuple[str, ...], wide: float, high: float
) -> tuple[Sheet, ...]:
    """The sheets of a chain: one in the largest boxes that fit; where these hold no names of firms, or where none fit, also sheets of
    a few columns each."""
    style, tiers = read_style(), dict(tier_of)
    whole = next((sheet for size in style.boxes if (sheet := _fitted(tiers, edges, order, size, wide, high))), None)
    at = style.boxes.index(style.split)
    if whole is not None and style.boxes.index(whole.size) <= at:
        return (whole,)
    return (*([whole] if whole else []), *_split(tiers, edges, order, style.boxes[at:], wide, high))


def _split(
    tiers: Mapping[str, str], edges: Sequence[Edge], order: Sequence[str], sizes: Sequence[BoxSize], wide: float, high: float
) -> list[Sheet]:
    """Sheets of neighbouring columns: as few as can be, of equal numbers of columns."""
    size = sizes[0]
    columns = arrange(tiers, edges, _rows(size, high), order)
    count = len(columns.tiers)
    sheets_needed = max(2, math.ceil(count * (size.width + size.gutter * size.wider) / wide))
    while True:
        bounds = [round(count * part / sheets_needed) for part in range(sheets_needed + 1)]
        made = []
        for first, end in pairwise(bounds):
            inside = {key: tiers[key] for key, (column, _) in columns.cells.items() if first <= column < end}
            inside = {key: tier for key, tier in tiers.items() if key in inside}
            made.append(
                next((sheet for each in sizes if inside and (sheet := _fitted(inside, edges, order, each, wide, high, True))), None)
            )
        if all(made) or sheets_needed >= count:
            return [sheet for sheet in made if sheet]
        sheets_needed += 1


def _rows(size: BoxSize, high: float) -> int:
    return max(1, int((high - size.gap) // (size.height + size.gap)))


def _fitted(
    tiers: Mapping[str, str],
    edges: Sequence[Edge],
    order: Sequence[str],
    size: BoxSize,
    wide: float,
    high: float,
    part: bool = False,
) -> Sheet | None:
    """The links on one sheet in boxes of a size at least; None where they have no room."""
    counts = Counter(tiers.values())
    for rows in range(_rows(size, high), 0, -1):
        needed = sum(math.ceil(count / rows) for count in counts.values())
        if needed * (size.width + size.gutter) + size.gutter > wide:
            return None  # fewer rows are more columns
        grid = arrange(tiers, edges, rows, order)
        routing = route(grid)
        gutters = [_space(size, size.gutter, routing.gutters.count.get(at, 0)) for at in range(len(grid.tiers) + 1)]
        gaps = [_space(size, size.gap, routing.gaps.count.get(at, 0)) for at in range(grid.rows + 1)]
        column = (wide - sum(gutters)) / max(len(grid.tiers), 1)
        row = (high - sum(gaps)) / max(grid.rows, 1)
        if column < size.width:
            return None
        if row >= size.height:
            column, row = min(column, size.width * WIDEST), min(row, size.height * TALLEST)
            aside = (wide - sum(gutters) - column * len(grid.tiers)) / (len(grid.tiers) + 1)
            below = (high - sum(gaps) - row * grid.rows) / (grid.rows + 1)
            return Sheet(grid, routing, Frame(_laid(gutters, column, aside), _laid(gaps, row, below)), size, part)
    return None


def _space(size: BoxSize, least: float, lines: int) -> float:
    return min(max(least, least * 0.5 + TRACK * (lines + 1)), least * size.wider)


def _laid(spaces: Sequence[float], between: float, spare: float = 0.0) -> tuple[tuple[float, float], ...]:
    """Where each space begins, and how wide it is, with the same width between them."""
    at, laid = 0.0, []
    for space in spaces:
        laid.append((at, space + spare))
        at += space + spare + between
    return tuple(laid)


def _draw(canvas: Canvas, view: View, kind: Kind, facts: ChainFacts, sheet: Sheet, room: Box) -> None:
    """Bands of the tiers, lines, boxes."""
    shift = Frame(
        tuple((at + room.x, wide) for at, wide in sheet.frame.gutters),
        tuple((at + room.y + HEAD, high) for at, high in sheet.frame.gaps),
    )
    by_id = {each.link.link_id: each for each in facts.links}
    bottom = sum(shift.gaps[-1])
    for tier in dict.fromkeys(sheet.grid.tiers):
        columns = [at for at, its in enumerate(sheet.grid.tiers) if its == tier]
        _band(canvas, view, facts, tier, shift.gutters[columns[0]], shift.gutters[columns[-1] + 1], room.y, bottom)
    boxes = {key: shift.box(key, cell) for key, cell in sheet.grid.cells.items()}
    for line in sheet.routing.routes:
        corners = line_of(sheet.routing, line, shift, boxes)
        way = 1 if corners[-1][0] > corners[-2][0] else -1
        canvas.open("edge", None, **{"from": line.source, "to": line.target})
        canvas.path(path_of([*corners[:-1], (corners[-1][0] - 2.5 * way, corners[-1][1])]), None, "edge", 0.8)
        canvas.path(_head(*corners[-1], way), "edge")
        canvas.close()
    for key, box in boxes.items():
        draw_link(canvas, view, kind, by_id[key], box, sheet.size)


def _band(
    canvas: Canvas,
    view: View,
    facts: ChainFacts,
    tier: str,
    first: tuple[float, float],
    last: tuple[float, float],
    top: float,
    bottom: float,
) -> None:
    """The ground of a tier with its heading."""
    none = words.NO_TIER.say(view.language)
    links: list[LinkResult] = [each.link for each in facts.links if (each.link.tier or none) == tier]
    x, right = first[0] + first[1] / 2 - 1, last[0] + last[1] / 2 + 1
    if x < first[0] + 2:
        x = first[0]
    canvas.rect(x + 1.5, top, right - x - 3, bottom - top, "band", radius=3)
    canvas.rect(x + 1.5, top, right - x - 3, HEAD - 2, "head", radius=3)
    share, size, wide = coverage_change(view, links), canvas.style.small + 0.5, right - x - 16
    said = [LANE.say(view.language, tier=tier, n=len(links), share=share), f"{tier} {share}", tier]
    shown = next((each for each in said if width(clean(each), size, BOLD) <= wide), tier)
    canvas.text(x + 8, top + 2.2, shown, size, wide, "on_head", bold=True)
