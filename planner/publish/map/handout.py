"""A map that is handed out: one chain, or the firms of one delegation, and nothing that is the house's own.

It is drawn from a list of what may leave the house, not from one of what may not: the fields that the catalogue marks
``Shown.HANDOUT``, and of firms, parks and links the keys named here. A figure of the plan that is new stays inside until somebody
says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.plan.firm_records import NotSelected, Selected
from planner.plan.model import Plan
from planner.problems import Place
from planner.publish.codes import refusal
from planner.publish.desk import Desk
from planner.publish.field import Shown
from planner.publish.map import words
from planner.publish.map.base import in_system
from planner.publish.map.facts import Facts
from planner.publish.map.page import Sheet, write_page
from planner.publish.map.palette import Palette, read_palette
from planner.publish.map.places import Ground, Stop, chosen_firms, ground_of, ground_of_journey, stops_of, without
from planner.publish.map.sources import outside_sources
from planner.publish.map.view import bounds_of, view_of
from planner.publish.proof import standing_of
from planner.publish.view import View

FIRM_KEYS = ("name", "chain", "park", "link", "home", "dx", "dy", "facts")
PARK_KEYS = ("name", "where", "at", "area", "facts")
LINK_KEYS = ("name", "chain", "tier", "facts")
"""What of each record of the plan's own map stands on one that is handed out; ``facts`` are the fields marked so."""


def write_handout_map(
    plan: Plan,
    path: Path,
    *,
    chain_id: str | None = None,
    candidates: Collection[str] | None = None,
    title: str | None = None,
    route: Iterable[Sequence[object]] | None = None,
) -> None:
    """Write a map for those outside as one HTML file that loads nothing; the same plan gives the same bytes.

    Args:
        chain_id: one chain: its selected firms, its links and the local firms of it.
        candidates: ids of the firms of one delegation; those that the plan does not select have no place on the map.
        title: instead of the chain's or the plan's name.
        route: name, longitude, latitude, day, arrival and departure of each stop, in order.

    Raises:
        InputError: there is no such chain, or no such candidate (M101).
        NotOfflineError: the page would reach for something outside itself; nothing is written then.
    """
    write_page(handout_sheet(plan, chain_id=chain_id, candidates=candidates, title=title, route=route), path)


def write_handouts(desk: Desk, folder: Path) -> None:
    """A map to be handed out for each chain, by its place among the chains: ``chain-01.html``. Raises NotOfflineError."""
    for number, chain in enumerate(desk.plan.chains, start=1):
        write_handout_map(desk.plan, folder / f"chain-{number:02}.html", chain_id=chain.chain_id)


def handout_sheet(
    plan: Plan,
    *,
    chain_id: str | None = None,
    candidates: Collection[str] | None = None,
    title: str | None = None,
    route: Iterable[Sequence[object]] | None = None,
) -> Sheet:
    """What the page shows; arguments and errors as of :func:`write_handout_map`."""
    names = {chain.chain_id: chain.name for chain in plan.chains}
    _known("chain_id", () if chain_id is None else (chain_id,), names)
    _known("candidates", candidates or (), {firm.candidate_id for firm in _every(plan)})
    language = plan.plan.language
    part, stops = _part(plan, chain_id, candidates), stops_of(route)
    standing = standing_of(plan)
    facts = [standing.say(language)] if standing is not None else []
    facts += [names[chain_id]] if chain_id is not None and title is not None else []
    heading = title or (words.HANDOUT_TITLE.say(language, name=names[chain_id]) if chain_id is not None else plan.plan.name)
    return Sheet(heading, language, facts, outside_sources(plan), in_system(plan, _view(part, stops, read_palette())))


def _known(argument: str, asked: Iterable[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            raise refusal("M101", Place("map"), argument, name, known="、".join(list(known)[:12]))


def _every(plan: Plan) -> tuple[Selected | NotSelected, ...]:
    return (*plan.selected, *plan.not_selected)


def _part(plan: Plan, chain_id: str | None, candidates: Collection[str] | None) -> Plan:
    """The plan with only the firms asked for, and with the links and local firms of their chains."""
    firms = chosen_firms(plan, chain_id, candidates)
    asked = [firm for firm in _every(plan) if candidates is not None and firm.candidate_id in candidates]
    chains = {chain_id} if chain_id is not None else {firm.chain_id for firm in asked} if candidates is not None else None

    def of_chains(records: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(record for record in records if chains is None or record.chain_id in chains)

    rest: Mapping[str, Any] = {name: of_chains(getattr(plan, name)) for name in ("links", "incumbents")}
    return plan.model_copy(update={"selected": firms, "change_report": None, "rules": (), "link_edges": (), **rest})


def _view(plan: Plan, stops: Sequence[Stop], palette: Palette) -> dict[str, Any]:
    """The view of the plan's own map, of which only what may be handed out is taken."""
    language, ground = plan.plan.language, ground_of(plan)
    near = ground_of_journey(stops) if stops else None
    areas = [
        {**area, "properties": {**area["properties"], "layer": "near"}}
        for area in near or ()
        if "Polygon" in area["geometry"]["type"]
    ]
    drawn = Ground(ground.country if near is None else without(ground.country, stops), (*ground.region, *areas), None)
    whole = view_of(plan, drawn, palette, Facts(View(plan, language), Shown.HANDOUT))
    used = {firm["chain"] for firm in whole["firms"]} | {firm["chain"] for group in whole["incumbents"] for firm in group["firms"]}
    return {
        "kind": "handout",
        **{
            key: whole[key]
            for key in ("words", "labels", "palette", "homes", "incumbents", "cluster_above", "chains", "tiers", "base", "money")
        },
        "ground": {
            **whole["ground"],
            "bounds": whole["ground"]["bounds"] if not stops else None if near is None else bounds_of(stops),
        },
        "chains_used": sorted(used - {None}),
        "heat": None,
        "sizes": None,
        "classes": [
            {"colour": palette.levels[1][0], "name": words.VIEW["kind_park"].say(language), "always": True, "dashed": False}
        ],
        "quarters": [],
        "links": [{"id": "", "short": [], **_only(link, LINK_KEYS)} for link in whole["links"]],
        "parks": [
            {"id": "", "levels": [0], "use": [], "rules": [], "rule_count": 0, **_only(park, PARK_KEYS)} for park in whole["parks"]
        ],
        "firms": [{"id": "", "quarter": None, "size": None, **_only(firm, FIRM_KEYS)} for firm in whole["firms"]],
        "changes": [],
        "notes": [],
        "route": [
            {
                "name": stop.name,
                "at": (stop.lat, stop.lon),
                **{key: _said(getattr(stop, key)) for key in ("day", "arrival", "departure")},
            }
            for stop in stops
        ],
    }


def _only(record: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: record[key] for key in keys}


def _said(value: object) -> str | None:
    return None if value is None else str(value)
