"""From a plan to what the page shows: plain lists and mappings, ready to be written as JSON.

Firms, parks, chains, links and home cities refer to each other by position. Everything is in the plan's language.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from planner.geography.geojson import Features, geojson_geometry, shape_of
from planner.plan.model import Plan
from planner.publish.fields import FIRM, INCUMBENT, LINK, PARK
from planner.publish.map import words
from planner.publish.map.facts import Facts
from planner.publish.map.ground import Ground
from planner.publish.map.palette import Palette
from planner.publish.map.places import INCUMBENT_OFFSET, Point, homes, incumbent_groups, park_point, ring_offsets
from planner.publish.view import View

CLUSTER_ABOVE = 1000
"""More selected firms, or places of local firms, than this are gathered into clusters until one zooms in."""
_AREA_DECIMALS = 5
_AREA_TOLERANCE = 0.00003
"""Degrees; a park's outline is drawn to about 3 m."""


def view_of(plan: Plan, ground: Ground, palette: Palette) -> dict[str, Any]:
    """Everything that the page's scripts read."""
    language = plan.plan.language
    facts = Facts(View(plan, language))
    points = [park_point(park) for park in plan.parks]
    cities, home_of = homes(plan)
    chain_at = {chain.chain_id: position for position, chain in enumerate(plan.chains)}
    park_at = {park.park_id: position for position, park in enumerate(plan.parks)}
    groups, nowhere = incumbent_groups(plan.incumbents, park_at, points)
    incumbents = [
        {
            "at": group.at,
            "where": plan.parks[group.park].name if group.park is not None else plan.incumbents[group.members[0]].city,
            "dx": INCUMBENT_OFFSET[0] if group.park is not None else 0,
            "dy": INCUMBENT_OFFSET[1] if group.park is not None else 0,
            "firms": [
                {
                    "name": plan.incumbents[member].name,
                    "chain": chain_at.get(plan.incumbents[member].chain_id or ""),
                    "facts": facts.rows(INCUMBENT, plan.incumbents[member]),
                }
                for member in group.members
            ],
        }
        for group in groups
    ]
    firms = _firms(plan, facts, chain_at, park_at, home_of)
    return {
        "words": {key: text.say(language) for key, text in words.VIEW.items()},
        "labels": facts.labels(),
        "palette": {"incumbent": palette.incumbent, "home": palette.home, "line": palette.line, "ground": dict(palette.ground)},
        "classes": _classes(plan, palette),
        "quarters": list(plan.plan.quarters),
        "chains": _chains(plan, palette, any(firm["chain"] == len(plan.chains) for firm in firms)),
        "links": [
            {
                "id": link.link_id,
                "name": link.name,
                "chain": chain_at.get(link.chain_id, len(plan.chains)),
                "facts": facts.rows(LINK, link),
            }
            for link in plan.links
        ],
        "parks": _parks(plan, facts, palette, points),
        "homes": [{"name": name, "at": at} for name, at in cities],
        "incumbents": incumbents,
        "firms": firms,
        "cluster_above": CLUSTER_ABOVE,
        "ground": {
            "country": list(ground.country),
            "region": list(ground.region),
            "names": _ground_names(ground),
            "cities": sum(feature["properties"]["layer"] == "city" for feature in ground.region),
            "bounds": _bounds(ground, points),
        },
        "notes": _notes(plan, ground, points, home_of, nowhere),
    }


def _firms(
    plan: Plan, facts: Facts, chain_at: dict[str, int], park_at: dict[str, int], home_of: tuple[int | None, ...]
) -> list[dict[str, Any]]:
    """The selected firms by rank; firms of one chain stand side by side in their park's ring."""
    link_at = {link.link_id: position for position, link in enumerate(plan.links)}
    quarter_at = {quarter: position for position, quarter in enumerate(plan.plan.quarters)}
    chain = [chain_at.get(firm.chain_id or "", len(plan.chains)) for firm in plan.selected]
    rings = {park: ring_offsets(count) for park, count in Counter(firm.park_id for firm in plan.selected).items()}
    offsets: dict[int, tuple[float, float]] = {}
    seated: Counter[str] = Counter()
    for position in sorted(range(len(chain)), key=lambda at: (chain[at], plan.selected[at].candidate_id)):
        park = plan.selected[position].park_id
        offsets[position] = rings[park][seated[park]]
        seated[park] += 1
    return [
        {
            "id": firm.candidate_id,
            "name": firm.name,
            "chain": chain[position],
            "quarter": quarter_at[firm.quarter],
            "park": park_at[firm.park_id],
            "link": link_at.get(firm.link_id or ""),
            "home": home_of[position],
            "dx": offsets[position][0],
            "dy": offsets[position][1],
            "facts": facts.rows(FIRM, firm),
        }
        for position, firm in enumerate(plan.selected)
    ]


def _parks(plan: Plan, facts: Facts, palette: Palette, points: list[Point | None]) -> list[dict[str, Any]]:
    return [
        {
            "id": park.park_id,
            "name": park.name,
            "where": " ".join(filter(None, dict.fromkeys((park.city, park.county, park.zone)))),
            "at": point,
            "area": _area(park.geometry),
            "level": palette.level(park.fullness, park.selected),
            "use": facts.use(park),
            "facts": facts.rows(PARK, park),
        }
        for park, point in zip(plan.parks, points, strict=True)
    ]


def _area(geometry: Features | None) -> Features | None:
    """A park's outline, as light as a map needs it; None when the park is a point."""
    if geometry is None or geometry["type"] == "Point":
        return None
    light = shape_of(geometry).simplify(_AREA_TOLERANCE, preserve_topology=True)
    return geojson_geometry(light, _AREA_DECIMALS)


def _classes(plan: Plan, palette: Palette) -> list[dict[str, Any]]:
    """Classes of fullness; the last, parks without a capacity, is off the scale: dashed, and named only where used."""
    last = len(palette.levels) - 1
    names = palette.names(plan.plan.language)
    return [
        {"colour": colour, "name": name, "always": position != last, "dashed": position == last}
        for position, ((colour, _), name) in enumerate(zip(palette.levels, names, strict=True))
    ]


def _chains(plan: Plan, palette: Palette, with_none: bool) -> list[dict[str, str]]:
    """The chains with their symbols; last one for firms without a chain, when there are any."""
    chains = []
    for position, chain in enumerate(plan.chains):
        colour, shape = palette.chain(position)
        chains.append({"name": chain.name, "colour": colour, "shape": shape})
    if with_none:
        name = words.NO_CHAIN.say(plan.plan.language)
        chains.append({"name": name, "colour": palette.no_chain, "shape": palette.chain_shapes[0]})
    return chains


def _ground_names(ground: Ground) -> list[tuple[Point, str, str]]:
    """A point inside each city and district, its name, and which of the two it is."""
    names = []
    for feature in ground.region:
        layer = feature["properties"]["layer"]
        if layer in ("city", "district") and "Polygon" in feature["geometry"]["type"]:
            point = shape_of(feature["geometry"]).representative_point()
            names.append(((round(point.y, 4), round(point.x, 4)), str(feature["properties"]["name"]), str(layer)))
    return sorted(names, key=lambda name: name[2])


def _bounds(ground: Ground, points: list[Point | None]) -> tuple[Point, Point] | None:
    """South-west and north-east of the region, or else of the parks; None when there is neither."""
    if ground.region:
        boxes = [shape_of(feature["geometry"]).bounds for feature in ground.region]
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        return (south, west), (north, east)
    known = [point for point in points if point is not None]
    if not known:
        return None
    margin = 0.05
    south, north = min(point[0] for point in known) - margin, max(point[0] for point in known) + margin
    west, east = min(point[1] for point in known) - margin, max(point[1] for point in known) + margin
    return (south, west), (north, east)


def _notes(
    plan: Plan, ground: Ground, points: list[Point | None], home_of: tuple[int | None, ...], nowhere: tuple[int, ...]
) -> list[dict[str, Any]]:
    """What the map cannot draw, by name: nothing is dropped in silence (R1)."""
    language = plan.plan.language
    found = (
        (words.NOTE_PARK, [park.name for park, point in zip(plan.parks, points, strict=True) if point is None]),
        (words.NOTE_HOME, [firm.name for firm, home in zip(plan.selected, home_of, strict=True) if home is None]),
        (words.NOTE_INCUMBENT, [plan.incumbents[position].name for position in nowhere]),
    )
    notes: list[dict[str, Any]] = [{"text": note.say(language, n=len(names)), "items": names} for note, names in found if names]
    if ground.unknown_region is not None:
        notes.append({"text": words.NOTE_REGION.say(language, name=ground.unknown_region), "items": []})
    return notes
