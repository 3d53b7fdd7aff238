"""区域分布图: where the firms of the chains stand, parks by county; of one chain with names, of all chains with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.charts import words
from planner.publish.charts.facts import chain_facts
from planner.publish.charts.flow import PAD, Block, Part, Text, between, draw_texts, evenly, flowed, height_of, parted, row
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
class Place:
    """A park, or what is known in its place."""

    county: str
    name: str
    park_id: str | None

    @property
    def key(self) -> str:
        return self.park_id or f"{self.county} {self.name}"


@dataclass(frozen=True)
class Stands:
    """One firm in one place."""

    name: str
    place: Place
    column: str
    """Key of the column that it belongs to."""
    target: bool


def regions(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """区域分布图 of a chain: parks × tiers, with the names of firms."""
    view, facts = desk.view, chain_facts(desk.view, chain)
    none = words.NO_TIER.say(view.language)
    tier_of = facts.tier_of(none)
    firms = _firms(view, lambda chain_id, link_id: tier_of.get(link_id or "", none) if chain_id == chain.chain_id else None)
    columns = {tier: tier for tier in (*facts.tiers, none) if any(firm.column == tier for firm in firms)}

    def rows(place: Place, firms: Sequence[Stands], columns: Sequence[str]) -> list[Block]:
        return [_named_row(place, part, columns) for part in parted(firms, MOST)]

    return _drawn(view, TITLE.say(view.language, chain=chain.name), firms, columns, Drawing(rows, 1.2, 2.0, 8, UNUSED))


def regions_of_all(desk: Desk) -> tuple[Svg, ...]:
    """区域分布图 of all chains: parks × chains, with how many firms."""
    view = desk.view
    firms = _firms(view, lambda chain_id, _: chain_id if chain_id in view.chain_names else "")
    columns = {chain.chain_id: chain.name for chain in view.plan.chains}
    if any(firm.column == "" for firm in firms):
        columns[""] = NO_CHAIN.say(view.language)

    def rows(place: Place, firms: Sequence[Stands], columns: Sequence[str]) -> list[Block]:
        return [_counted_row(place, firms, columns)]

    return _drawn(view, TITLE_ALL.say(view.language), firms, columns, Drawing(rows, 1.6, 1.0, 9, UNUSED_ALL))


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


def _place(view: View, park_id: str | None, city: str | None) -> Place:
    none = NO_COUNTY.say(view.language)
    park = next((park for park in view.plan.parks if park.park_id == park_id), None)
    if park is None:
        return Place(city or none, NO_PARK.say(view.language), None)
    return Place(park.county or park.city or none, park.name, park.park_id)


def _places(firms: Sequence[Stands]) -> list[Place]:
    """Counties with most firms first, and their parks likewise; those without a park last."""
    counts, counties = Counter(firm.place for firm in firms), Counter(firm.place.county for firm in firms)
    return sorted(
        counts, key=lambda place: (place.park_id is None, -counties[place.county], place.county, -counts[place], place.key)
    )


def _named_row(place: Place, firms: Sequence[Stands], columns: Sequence[str]) -> Block:
    cells = [[Text(place.name, bold=True), Text(place.county, "soft")]]
    for column in columns:
        here = sorted((firm for firm in firms if firm.column == column), key=lambda firm: firm.target)
        cells.append([Text(firm.name, "target" if firm.target else "local", most=2) for firm in here])
    return row(cells, [1.2, *(2.0 for _ in columns)], read_style().text, place.key)


def _counted_row(place: Place, firms: Sequence[Stands], columns: Sequence[str]) -> Block:
    style = read_style()
    counts = [
        [sum(firm.column == column and firm.target == target for firm in firms) for target in (False, True)] for column in columns
    ]
    biggest = max((count for pair in counts for count in pair), default=1)
    label = [Text(place.name, bold=True, most=2), Text(place.county, "soft", most=1)]
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

    return Block(high, draw, place.key)


def _radius(count: int) -> float:
    """A circle's area goes with the number."""
    return min(7.0 * sqrt(count), 24.0) if count > 0 else 0.0


@dataclass(frozen=True)
class Drawing:
    """How one of the two charts is drawn."""

    rows: Callable[[Place, Sequence[Stands], Sequence[str]], list[Block]]
    first: float
    other: float
    """Width of the column of parks and of each other, in parts of the whole."""
    most: int
    """Columns on one sheet."""
    unused: Words


def _drawn(view: View, title: str, firms: Sequence[Stands], columns: Mapping[str, str], how: Drawing) -> tuple[Svg, ...]:
    """Parks by columns, many columns in several parts."""
    language = view.language
    groups = evenly(list(columns), how.most)
    parts = []
    for group in groups:
        inside = [firm for firm in firms if firm.column in group]
        of_place = {place: [firm for firm in inside if firm.place == place] for place in _places(inside)}
        blocks = [block for place, here in of_place.items() for block in how.rows(place, here, group)]
        name = between(view, columns[group[0]], columns[group[-1]], len(groups)) if group else ""
        parts.append(Part(blocks, _head(view, firms, {key: columns[key] for key in group}, how), name))
    stand = {firm.place.park_id for firm in firms}
    bare = [park.name for park in view.plan.parks if park.park_id not in stand]
    if bare:
        said = Text(how.unused.say(language, n=len(bare), names=view.listed(bare)), "soft", most=8)
        parts[-1] = replace(parts[-1], blocks=[*parts[-1].blocks, row([[said]], [1], read_style().small, "bare", "band")])
    here, come = (sum(firm.target == target for firm in firms) for target in (False, True))
    used = Words("{n} 个园区有企业", "{n:park} with firms").say(language, n=len(view.plan.parks) - len(bare))
    legend = [Legend(disc("local"), words.LOCAL.say(language)), Legend(disc("target"), words.TARGET.say(language))]
    return flowed(view, title, [COUNTS.say(language, here=here, come=come), used], legend, [], parts)


def _head(view: View, firms: Sequence[Stands], columns: Mapping[str, str], how: Drawing) -> Block:
    cells = [[Text(PARK.say(view.language), "on_head", True)]]
    for column, name in columns.items():
        here, come = (sum(firm.column == column and firm.target == target for firm in firms) for target in (False, True))
        cells.append([Text(name, "on_head", True, 2), Text(COUNTS.say(view.language, here=here, come=come), "on_head", most=2)])
    return row(cells, [how.first, *(how.other for _ in columns)], read_style().text, ground="head")
