"""对接图: along the supply edges of a chain, who is here or comes that could supply whom, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.language import Words
from planner.plan.firm_records import Incumbent, Selected
from planner.plan.records import ChainResult, LinkEdge, ParkResult
from planner.publish.charts import words
from planner.publish.charts.facts import firms_at
from planner.publish.charts.flow import LEADING, PAD, Block, Part, Text, flowed, lines_of, parted, row
from planner.publish.charts.frame import Legend, disc, swatch
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas, Svg
from planner.publish.desk import Desk
from planner.publish.distances import Distances, Spot
from planner.publish.figures import figure
from planner.publish.stated import stated_rows
from planner.publish.view import View
from planner.publish.words import ASSUMED

TITLE = Words("{chain}产业链对接图", "{chain}: who could supply whom")
HEADS = (
    Words("供方（环节与企业）", "Suppliers (link and firms)"),
    Words("供 → 需", "Supply"),
    Words("需方（环节与企业），及离它最近的供方", "Buyers (link and firms), each with the suppliers nearest to it"),
)
COEFFICIENT = Words("每产出 1 元需 {n} 元", "{n} of input per 1 of output")
PAIRS = Words("可对接 {n} 对", "{n:possible pair}")
NO_SUPPLIER = Words("没有供方：本地和计划都没有", "no supplier, here or in the plan")
MORE = Words("另有 {n} 家供方，不画线", "{n:more supplier} without a line")
NO_BUYER = Words("没有需方企业", "no buying firm")
NEAREST = Words("可由{names}供应", "could be supplied by {names}")
AND_MORE = Words("{names}等 {n} 家", "{names} and others, {n} in all")
FAR = Words("{name}（直线 {km} 公里）", "{name} ({km} km straight)")
STATED = Words("{name}（{mode}{km} 公里）", "{name} ({km} km {mode})")
SAME_PARK = Words("{name}（同一园区）", "{name} (same park)")
NO_PLACE = Words("{name}（距离未知）", "{name} (distance not known)")
EMPTY = Words("另有 {n} 条供需关系两头都没有企业", "{n:more supply edge} without a firm at either end")
NO_EDGES = Words("计划没有该链的供需关系（表 link_edges）", "The plan has no supply edges of this chain (table link_edges)")
STRAIGHT = Words(
    "距离：里程表有的按里程表，否则为企业或其园区之间的直线距离",
    "Distances are those of the table of distances where it has them, else straight lines between the firms or their parks",
)
LEFT, RIGHT, DOT = 0.27, 0.5, 8.0
"""Parts of the width that suppliers and buyers have, the lines have the rest; and how far, pt, names stand from the edge of theirs."""
SUPPLIERS, BUYERS = 36, 9
"""Suppliers drawn for an edge, the others are counted; buyers in one block of it."""
NAMED = 3
"""Suppliers named for each buyer."""
TOWN = Words("（{chain}）", " ({chain})")


@dataclass(frozen=True)
class Party:
    """A firm that could supply or buy."""

    name: str
    target: bool
    park: str | None
    spot: Spot


@dataclass(frozen=True)
class Match:
    """One supply edge with the firms at both ends: those that are here first."""

    edge: LinkEdge
    suppliers: tuple[Party, ...]
    buyers: tuple[Party, ...]


def matches(view: View, chain: ChainResult) -> list[Match]:
    """The supply edges that begin or end in a chain, with their firms."""
    ids = {link.link_id for link in view.links_of(chain)}
    local, targets = firms_at(view)
    parks = {park.park_id: park for park in view.plan.parks}

    def parties(link_id: str) -> tuple[Party, ...]:
        here = [_party(firm.name, False, firm, parks) for firm in local.get(link_id, ())]
        return (*here, *(_party(f"{firm.name} {firm.quarter[2:]}", True, firm, parks) for firm in targets.get(link_id, ())))

    return [
        Match(edge, parties(edge.from_link), parties(edge.to_link))
        for edge in view.plan.link_edges
        if ids & {edge.from_link, edge.to_link}
    ]


def _party(name: str, target: bool, firm: Incumbent | Selected, parks: Mapping[str, ParkResult]) -> Party:
    """A firm that is here stands where it is, or in its park; a target will stand in its park."""
    park = parks.get(firm.park_id or "")
    lon, lat = (None, None) if park is None else (park.lon, park.lat)
    if isinstance(firm, Incumbent) and firm.lon is not None and firm.lat is not None:
        lon, lat = firm.lon, firm.lat
    cities = (firm.city,) if isinstance(firm, Incumbent) else ()
    names = [
        firm.name if isinstance(firm, Incumbent) else None,
        *((park.park_id, park.name, park.county, park.city) if park else cities),
    ]
    return Party(name, target, None if park is None else park.park_id, Spot(tuple(filter(None, names)), lon, lat))


def docking(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """对接图 of a chain."""
    view, style = desk.view, read_style()
    language = view.language
    found = matches(view, chain)
    distances = Distances(stated_rows(desk.opened.case.tables, "distances"))
    shown = [match for match in found if match.suppliers or match.buyers]
    widths = [LEFT, 1 - LEFT - RIGHT, RIGHT]
    head = row([[Text(said.say(language), "on_head", True)] for said in HEADS], widths, style.text, ground="head")
    blocks: list[Block] = [_block(view, chain, part, distances) for match in shown for part in _parts(match)]
    for note, n in ((NO_EDGES, int(not found)), (EMPTY, len(found) - len(shown))):
        if n:
            blocks.append(row([[Text(note.say(language, n=n), "soft")]], [1], style.text, "note", "band"))
    pairs = sum(len(match.suppliers) * len(match.buyers) for match in shown)
    facts = [Words("{n} 条供需关系", "{n:supply edge}").say(language, n=len(found)), PAIRS.say(language, n=pairs)]
    strong = Words("粗线：最近的供方", "strong line: the nearest supplier").say(language)
    legend = [
        Legend(disc("local"), words.LOCAL.say(language)),
        Legend(disc("target"), words.TARGET.say(language)),
        Legend(swatch("head"), strong),
    ]
    return flowed(view, TITLE.say(language, chain=chain.name), facts, legend, [STRAIGHT.say(language)], [Part(blocks, head)])


def _parts(match: Match) -> list[Match]:
    """The edge in parts that have room on a sheet: some buyers each."""
    return [Match(match.edge, match.suppliers, tuple(part)) for part in parted(match.buyers, BUYERS)]


def _block(view: View, chain: ChainResult, match: Match, distances: Distances) -> Block:
    """One edge: suppliers on the left, buyers on the right with the suppliers nearest to them, lines between all, those to the
    nearest strong."""
    style, language = read_style(), view.language
    size, whole = style.text, style.inner
    left, right = LEFT * whole, RIGHT * whole
    room = right - 2 * PAD - DOT
    near = [_order(buyer, match.suppliers, distances) for buyer in match.buyers]
    told = [
        lines_of(Text(_nearest(view, buyer, match.suppliers, order, distances), most=3), room, size) if order else []
        for buyer, order in zip(match.buyers, near, strict=True)
    ]
    firm = size * LEADING + 3
    title = size * LEADING + 3
    buys = [firm + len(lines) * size * LEADING for lines in told]
    drawn, more = match.suppliers[:SUPPLIERS], len(match.suppliers) - SUPPLIERS
    high = 2 * PAD + title + max(firm * (max(len(drawn), 1) + (more > 0)), sum(buys) or firm)

    def draw(canvas: Canvas, box: Box) -> None:
        canvas.open("row", box, row=f"{match.edge.from_link} {match.edge.to_link}")
        canvas.rect(box.x, box.y, box.width, box.height, "box", "line", 0.6, 2.5, more="card")
        x1, y = box.right - right + PAD, box.y + PAD
        canvas.text(
            box.x + left - PAD, y, _link(view, chain, match.edge.from_link), size + 1, left - 2 * PAD, bold=True, anchor="end"
        )
        canvas.text(x1, y, _link(view, chain, match.edge.to_link), size + 1, right - 2 * PAD, bold=True)
        coefficient = figure(match.edge.coefficient) + (ASSUMED if view.basis.column("link_edges", "coefficient") else "")
        middle = f"{COEFFICIENT.say(language, n=coefficient)} · {PAIRS.say(language, n=len(match.suppliers) * len(match.buyers))}"
        canvas.text(box.x + left + (whole - left - right) / 2, y, middle, size, whole - left - right - 8, "soft", anchor="middle")
        y += title
        starts = [y + at * firm + size * 0.52 for at in range(len(drawn))]
        ends = [y + sum(buys[:at]) + size * 0.52 for at in range(len(match.buyers))]
        for at, order in enumerate(near):
            for rank, supplier in reversed([pair for pair in enumerate(order) if pair[1] < len(drawn)]):
                _line(canvas, (box.x + left, starts[supplier]), (box.right - right, ends[at]), rank == 0)
        for at, party in enumerate(drawn):
            _firm(canvas, party, box.x + left - 5, starts[at], left - 2 * PAD - DOT, size, -1)
        if more > 0:
            said = MORE.say(language, n=more)
            canvas.text(box.x + left - PAD, y + len(drawn) * firm, said, size, left - 2 * PAD, "soft", anchor="end")
        if not match.suppliers:
            canvas.text(box.x + left - PAD, y, NO_SUPPLIER.say(language), size, left - 2 * PAD, "missing", anchor="end")
        if not match.buyers:
            canvas.text(x1, y, NO_BUYER.say(language), size, right - 2 * PAD, "soft")
        for at, party in enumerate(match.buyers):
            _firm(canvas, party, box.right - right + 5, ends[at], room, size, 1)
            canvas.lines(x1 + DOT, ends[at] + size * 0.78, told[at], size, room, "soft", leading=LEADING)
        canvas.close()

    return Block(high, draw, f"{match.edge.from_link} {match.edge.to_link}")


def _firm(canvas: Canvas, party: Party, x: float, middle: float, room: float, size: float, way: int) -> None:
    """A firm at the end of lines: its point, and its name to the right (1) or to the left of it (-1)."""
    colour = "target" if party.target else "local"
    canvas.circle(x, middle, 3.2, colour)
    canvas.text(x + 7 * way, middle - size * 0.52, party.name, size, room, colour, True, "start" if way > 0 else "end")


def _line(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], nearest: bool) -> None:
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    d = f"M{x0:.2f} {y0:.2f}C{middle:.2f} {y0:.2f} {middle:.2f} {y1:.2f} {x1:.2f} {y1:.2f}"
    canvas.path(d, None, "head" if nearest else "line", 1.4 if nearest else 0.7)


def _link(view: View, chain: ChainResult, link_id: str) -> str:
    link = view.links[link_id]
    other = (
        "" if link.chain_id == chain.chain_id else TOWN.say(view.language, chain=view.chain_names.get(link.chain_id, link.chain_id))
    )
    return link.name + other


def _order(buyer: Party, suppliers: Sequence[Party], distances: Distances) -> list[int]:
    """Suppliers, the nearest first: those in the same park, then by kilometres, last those of which they are not known."""
    ways = [distances.between(supplier.spot, buyer.spot) for supplier in suppliers]
    return sorted(
        range(len(suppliers)), key=lambda at: (not _same(buyer, suppliers[at]), (way := ways[at]) is None, way.km if way else 0.0)
    )


def _same(buyer: Party, supplier: Party) -> bool:
    return buyer.park is not None and supplier.park == buyer.park


def _nearest(view: View, buyer: Party, suppliers: Sequence[Party], order: Sequence[int], distances: Distances) -> str:
    """The nearest suppliers with their distances."""
    said = []
    for supplier in (suppliers[at] for at in order[:NAMED]):
        way = distances.between(supplier.spot, buyer.spot)
        if _same(buyer, supplier) or way is None:
            said.append((SAME_PARK if _same(buyer, supplier) else NO_PLACE).say(view.language, name=supplier.name))
        else:
            kind = STATED if way.stated else FAR
            km = figure(round(way.km, 1)) + (ASSUMED if way.assumed else "")
            said.append(kind.say(view.language, name=supplier.name, km=km, mode=way.mode))
    names = view.listed(said)
    names = AND_MORE.say(view.language, names=names, n=len(suppliers)) if len(suppliers) > NAMED else names
    return NEAREST.say(view.language, names=names)
