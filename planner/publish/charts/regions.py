"""区域分布图: where the firms of the chains stand, parks by county; of one chain with names, of all chains with counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.charts import words
from planner.publish.charts.facts import chain_facts
from planner.publish.charts.flow import PAD, Block, Text, draw_texts, flowed, height_of, parted, row
from planner.publish.charts.frame import Legend, disc
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas, Svg
from planner.publish.desk import Desk
from planner.publish.view import View

TITLE = Words("{chain}产业链区域分布图", "{chain}: where its firms stand")
TITLE_ALL = Words("各产业链区域分布图", "Where the firms of each chain stand")
PARK = Words("园区", "Park")
NO_PARK, NO_COUNTY, NO_CHAIN = (
    Words("未注明园区", "park not given"),
    Words("未注明区县", "county not given"),
    Words("未注明", "not given"),
)
UNUSED = Words("没有该链企业的园区（{n}）：{names}", "Parks without a firm of it ({n}): {names}")
UNUSED_ALL = Words("没有企业的园区（{n}）：{names}", "Parks without a firm ({n}): {names}")
COUNTS = Words("本地 {here} 家，目标 {come} 家", "{here} local, {come:target}")


MOST = 24
"""Firms named in one row: those of a park with more stand in several."""


@dataclass(frozen=True)
class Stands:
    """One firm in one place."""

    name: str
    place: tuple[str, str]
    """County and park, or what is known instead."""
    column: str
    target: bool
    assumed: bool = False


def regions(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """区域分布图 of a chain: parks × tiers, with the names of firms."""
    view, facts = desk.view, chain_facts(desk.view, chain)
    none = words.NO_TIER.say(view.language)
    tier_of = facts.tier_of(none)
    firms = _firms(view, lambda chain_id, link_id: tier_of.get(link_id or "", none) if chain_id == chain.chain_id else None)
    columns = [tier for tier in (*facts.tiers, none) if any(firm.column == tier for firm in firms)]
    blocks = [
        _named_row(place, part, columns)
        for place in _places(view, firms)
        for part in parted([firm for firm in firms if firm.place == place], MOST)
    ]
    return _drawn(view, TITLE.say(view.language, chain=chain.name), firms, list(dict.fromkeys(columns)), blocks, UNUSED)


def regions_of_all(desk: Desk) -> tuple[Svg, ...]:
    """区域分布图 of all chains: parks × chains, with how many firms."""
    view = desk.view
    none = NO_CHAIN.say(view.language)
    firms = _firms(view, lambda chain_id, _: view.chain_names.get(chain_id or "", none))
    columns = [*(chain.name for chain in view.plan.chains), *([none] if any(firm.column == none for firm in firms) else [])]
    columns = list(dict.fromkeys(columns))
    blocks = [_counted_row(view, place, [firm for firm in firms if firm.place == place], columns) for place in _places(view, firms)]
    return _drawn(view, TITLE_ALL.say(view.language), firms, columns, blocks, UNUSED_ALL)


def _firms(view: View, column: Callable[[str | None, str | None], str | None]) -> list[Stands]:
    """The firms that a chart shows: those of which ``column`` says where they belong."""
    firms = []
    for here in view.plan.incumbents:
        at = column(here.chain_id, here.link_id)
        if at is not None:
            firms.append(Stands(here.name, _place(view, here.park_id, here.city), at, False))
    for firm in view.plan.selected:
        at = column(firm.chain_id, firm.link_id)
        if at is not None:
            firms.append(Stands(f"{firm.name} {firm.quarter[2:]}", _place(view, firm.park_id, None), at, True))
    return firms


def _place(view: View, park_id: str | None, city: str | None) -> tuple[str, str]:
    county = view.counties.get(park_id or "")
    if park_id is None or park_id not in view.park_names:
        return (city or NO_COUNTY.say(view.language), NO_PARK.say(view.language))
    cities = {park.park_id: park.city for park in view.plan.parks}
    return (county or cities[park_id] or NO_COUNTY.say(view.language), view.park_names[park_id])


def _places(view: View, firms: Sequence[Stands]) -> list[tuple[str, str]]:
    """Counties with most firms first, and their parks likewise; firms without a park after those with one."""
    none = NO_PARK.say(view.language)
    places = dict.fromkeys(firm.place for firm in firms)
    counties = {place[0]: sum(firm.place[0] == place[0] for firm in firms) for place in places}
    counts = {place: sum(firm.place == place for firm in firms) for place in places}
    return sorted(places, key=lambda place: (place[1] == none, -counties[place[0]], place[0], -counts[place], place[1]))


def _named_row(place: tuple[str, str], firms: Sequence[Stands], columns: Sequence[str]) -> Block:
    cells = [[Text(place[1], bold=True), Text(place[0], "soft")]]
    for column in columns:
        here = [firm for firm in firms if firm.column == column]
        cells.append(
            [Text(firm.name, "target" if firm.target else "local", most=2) for firm in sorted(here, key=lambda firm: firm.target)]
        )
    return row(cells, [1.2, *(2.0 for _ in columns)], read_style().text, f"{place[0]} {place[1]}")


def _counted_row(view: View, place: tuple[str, str], firms: Sequence[Stands], columns: Sequence[str]) -> Block:
    style = read_style()
    counts = [
        [sum(firm.column == column and firm.target == target for firm in firms) for target in (False, True)] for column in columns
    ]
    biggest = max((count for pair in counts for count in pair), default=1)
    label = [Text(place[1], bold=True, most=2), Text(place[0], "soft", most=1)]
    wide = style.inner / (1.6 + len(columns))
    high = max(height_of(label, wide * 1.6 - 2 * PAD, style.text) + 2 * PAD, 2 * _radius(biggest) + 4)

    def draw(canvas: Canvas, box: Box) -> None:
        canvas.open("row", box, row=box.key)
        canvas.rect(box.x, box.y, box.width, box.height, "box", "line", 0.6, 2.5, more="card")
        draw_texts(canvas, box.x + PAD, box.y + PAD, label, wide * 1.6 - 2 * PAD, style.text)
        for position, (here, come) in enumerate(counts):
            x = box.x + wide * (1.6 + position + 0.5)
            for shift, count, colour in ((-1, here, "local"), (1, come, "target")):
                if count:
                    radius = min(_radius(count), wide / 4 - 1)
                    canvas.circle(x + shift * wide / 4, box.y + box.height / 2, radius, colour)
                    size = style.text
                    canvas.text(
                        x + shift * wide / 4,
                        box.y + box.height / 2 - size * 0.52,
                        str(count),
                        size,
                        wide / 2,
                        "on_mark",
                        True,
                        "middle",
                    )
        canvas.close()

    return Block(high, draw, f"{place[0]} {place[1]}")


def _radius(count: int) -> float:
    """A circle's area goes with the number."""
    return min(7.0 * sqrt(count), 24.0) if count > 0 else 0.0


def _drawn(
    view: View, title: str, firms: Sequence[Stands], columns: Sequence[str], blocks: list[Block], unused: Words
) -> tuple[Svg, ...]:
    language, style = view.language, read_style()
    counted = unused is UNUSED_ALL
    first, other = (1.6, 1.0) if counted else (1.2, 2.0)
    cells = [[Text(PARK.say(language), "on_head", True)]]
    for column in columns:
        here = sum(firm.column == column and not firm.target for firm in firms)
        come = sum(firm.column == column and firm.target for firm in firms)
        cells.append([Text(column, "on_head", True, 2), Text(COUNTS.say(language, here=here, come=come), "on_head", most=2)])
    head = row(cells, [first, *(other for _ in columns)], style.text, ground="head")
    stand = {firm.place[1] for firm in firms}
    bare = [park.name for park in view.plan.parks if park.name not in stand]
    if bare:
        blocks = [
            *blocks,
            row(
                [[Text(unused.say(language, n=len(bare), names=view.listed(bare)), "soft", most=8)]],
                [1],
                style.small,
                "bare",
                "band",
            ),
        ]
    here, come = (sum(firm.target == target for firm in firms) for target in (False, True))
    facts = [
        COUNTS.say(language, here=here, come=come),
        Words("{n} 个园区有企业", "{n:park} with firms").say(language, n=len(view.plan.parks) - len(bare)),
    ]
    legend = [Legend(disc("local"), words.LOCAL.say(language)), Legend(disc("target"), words.TARGET.say(language))]
    return flowed(view, title, facts, legend, [], blocks, head)
