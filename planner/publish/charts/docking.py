"""对接图: along the supply edges of a chain, who is here or comes that could supply whom, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.language import Words
from planner.plan.firm_records import Incumbent, Selected
from planner.plan.records import ChainResult, LinkEdge, ParkResult
from planner.publish.charts import words
from planner.publish.charts.facts import firms_at
from planner.publish.charts.flow import Block, Text, flowed, row
from planner.publish.charts.frame import Legend, disc
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Svg
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
NO_BUYER = Words("没有需方企业", "no buying firm")
NEAREST = Words("可由{names}供应", "could be supplied by {names}")
AND_MORE = Words("{names}等 {n} 家", "{names} and others, {n} in all")
FAR = Words("{name}（直线 {km} 公里）", "{name} ({km} km as the crow flies)")
STATED = Words("{name}（{mode}{km} 公里）", "{name} ({km} km {mode})")
SAME_PARK = Words("{name}（同一园区）", "{name} (same park)")
NO_PLACE = Words("{name}（距离未知）", "{name} (distance not known)")
EMPTY = Words("另有 {n} 条供需关系两头都没有企业", "{n:more supply edge} without a firm at either end")
NO_EDGES = Words("计划没有该链的供需关系（表 link_edges）", "The plan has no supply edges of this chain (table link_edges)")
STRAIGHT = Words(
    "距离：里程表有的按里程表，否则为企业或其园区之间的直线距离",
    "distances are those of the table of distances where it has them, else straight lines between the firms or their parks",
)
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
    widths = [3.0, 1.2, 4.6]
    head = row([[Text(said.say(language), "on_head", True)] for said in HEADS], widths, style.text, ground="head")
    blocks: list[Block] = [_row(view, chain, match, widths, distances) for match in shown]
    for note, n in ((NO_EDGES, int(not found)), (EMPTY, len(found) - len(shown))):
        if n:
            blocks.append(row([[Text(note.say(language, n=n), "soft")]], [1], style.text, "note", "band"))
    pairs = sum(len(match.suppliers) * len(match.buyers) for match in shown)
    facts = [Words("{n} 条供需关系", "{n:supply edge}").say(language, n=len(found)), PAIRS.say(language, n=pairs)]
    legend = [Legend(disc("local"), words.LOCAL.say(language)), Legend(disc("target"), words.TARGET.say(language))]
    return flowed(view, TITLE.say(language, chain=chain.name), facts, legend, [STRAIGHT.say(language)], blocks, head)


def _row(view: View, chain: ChainResult, match: Match, widths: Sequence[float], distances: Distances) -> Block:
    language = view.language
    suppliers = [Text(firm.name, "target" if firm.target else "local", most=2) for firm in match.suppliers]
    middle = [Text("→", "head", True, size=read_style().title)]
    assumed = ASSUMED if view.basis.column("link_edges", "coefficient") else ""
    middle += [
        Text(COEFFICIENT.say(language, n=figure(match.edge.coefficient) + assumed), "soft"),
        Text(PAIRS.say(language, n=len(match.suppliers) * len(match.buyers))),
    ]
    buyers = []
    for buyer in match.buyers:
        buyers.append(Text(buyer.name, "target" if buyer.target else "local", True, 2))
        if match.suppliers:
            buyers.append(Text(_nearest(view, buyer, match.suppliers, distances), "soft", most=3))
    cells = [
        [Text(_link(view, chain, match.edge.from_link), bold=True), *(suppliers or [Text(NO_SUPPLIER.say(language), "missing")])],
        middle,
        [Text(_link(view, chain, match.edge.to_link), bold=True), *(buyers or [Text(NO_BUYER.say(language), "soft")])],
    ]
    return row(cells, widths, read_style().text, f"{match.edge.from_link} {match.edge.to_link}")


def _link(view: View, chain: ChainResult, link_id: str) -> str:
    link = view.links[link_id]
    other = (
        "" if link.chain_id == chain.chain_id else TOWN.say(view.language, chain=view.chain_names.get(link.chain_id, link.chain_id))
    )
    return link.name + other


def _nearest(view: View, buyer: Party, suppliers: Sequence[Party], distances: Distances) -> str:
    """The nearest suppliers with their distances: those in the same park, then by kilometres, last those of which they are not known."""
    ways = [distances.between(supplier.spot, buyer.spot) for supplier in suppliers]
    same = [buyer.park is not None and supplier.park == buyer.park for supplier in suppliers]
    order = sorted(range(len(suppliers)), key=lambda at: (not same[at], (way := ways[at]) is None, way.km if way else 0.0))
    said = []
    for at in order[:NAMED]:
        way = ways[at]
        if same[at] or way is None:
            said.append((SAME_PARK if same[at] else NO_PLACE).say(view.language, name=suppliers[at].name))
        else:
            kind = STATED if way.stated else FAR
            km = figure(round(way.km, 1)) + (ASSUMED if way.assumed else "")
            said.append(kind.say(view.language, name=suppliers[at].name, km=km, mode=way.mode))
    names = view.listed(said)
    names = AND_MORE.say(view.language, names=names, n=len(suppliers)) if len(suppliers) > NAMED else names
    return NEAREST.say(view.language, names=names)
