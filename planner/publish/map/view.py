"""From a plan to what the page shows: plain lists and mappings, ready to be written as JSON.

Firms, parks, chains, links and home cities refer to each other by position. Everything is in the plan's language.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from planner.geography.geojson import Features, geojson_geometry, shape_of
from planner.language import Words
from planner.plan.limit_records import RuleResult
from planner.plan.model import Plan
from planner.plan.records import ParkResult
from planner.publish.changed import KINDS, change_rows
from planner.publish.fields import FIRM, INCUMBENT, LINK, PARK
from planner.publish.map import words
from planner.publish.map.base import base_data
from planner.publish.map.course import course_of, heat_data, heat_of
from planner.publish.map.facts import Facts
from planner.publish.map.palette import Palette
from planner.publish.map.places import (
    INCUMBENT_OFFSET,
    Ground,
    Point,
    Stop,
    homes,
    incumbent_groups,
    park_point,
    ring_offsets,
    spots_inside,
)
from planner.publish.view import View

CLUSTER_ABOVE = 1000
"""More selected firms, or places of local firms, than this are gathered into clusters until one zooms in."""
SMALLEST = 0.55
"""Width of the smallest symbol of a firm, of the largest: below it a symbol cannot be told."""
RULES_SHOWN = 12
"""Rules that the popup of a park shows; further ones are counted."""
_AROUND = 0.05
"""Degrees kept free around single places."""
_AREA_DECIMALS = 5
_AREA_TOLERANCE = 0.00003
"""Degrees; a park's outline is drawn to about 3 m."""
Items = list[dict[str, Any]]
Homes = tuple[int | None, ...]
"""Position of the home city of each selected firm."""


def view_of(plan: Plan, ground: Ground, palette: Palette, facts: Facts | None = None) -> dict[str, Any]:
    """Everything that the page's scripts read; ``facts``: other rows than those of the popups."""
    language, no_chain = plan.plan.language, len(plan.chains)
    facts = facts or Facts(View(plan, language))
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
                {"name": firm.name, "chain": chain_at.get(firm.chain_id or ""), "facts": facts.rows(INCUMBENT, firm)}
                for firm in (plan.incumbents[position] for position in group.members)
            ],
        }
        for group in groups
    ]
    firms = _firms(facts, chain_at, park_at, home_of)
    tiers = list(dict.fromkeys(link.tier for link in plan.links if link.tier))
    course = course_of(plan)
    heat = heat_of(plan, course, ground.region, groups, points)
    return {
        "kind": "plan",
        "words": {key: text.say(language) for key, text in words.VIEW.items()},
        "labels": facts.labels(),
        "palette": {"incumbent": palette.incumbent, "home": palette.home, "line": palette.line, "heat": len(palette.heat)},
        "classes": _classes(plan, palette),
        "quarters": list(plan.plan.quarters),
        "chains": _chains(plan, palette, any(firm["chain"] == no_chain for firm in firms)),
        "links": [
            {
                "id": link.link_id,
                "name": link.name,
                "chain": chain_at.get(link.chain_id, no_chain),
                "tier": tiers.index(link.tier) if link.tier else None,
                "short": short,
                "facts": facts.rows(LINK, link),
            }
            for link, short in zip(plan.links, course.shortage.round(1).tolist(), strict=True)
        ],
        "tiers": tiers,
        "heat": heat_data(heat),
        "sizes": _sizes(plan),
        "base": base_data(plan),
        "money": _money_units(facts.view),
        "parks": _parks(plan, facts, palette, points),
        "homes": [{"name": name, "at": at} for name, at in cities],
        "incumbents": incumbents,
        "firms": firms,
        "changes": _changes(plan, park_at),
        "route": [],
        "cluster_above": CLUSTER_ABOVE,
        "ground": {
            "country": list(ground.country),
            "region": list(ground.region),
            "names": _ground_names(ground),
            "cities": sum(feature["properties"]["layer"] == "city" for feature in ground.region),
            "bounds": _bounds(ground, points),
        },
        "notes": [*_notes(plan, ground, points, home_of, nowhere), *_missed(facts.view)],
    }


def _firms(facts: Facts, chain_at: dict[str, int], park_at: dict[str, int], home_of: Homes) -> Items:
    """The selected firms by rank; firms of one chain stand side by side in their park's ring."""
    plan = facts.view.plan
    link_at = {link.link_id: position for position, link in enumerate(plan.links)}
    quarter_at = {quarter: position for position, quarter in enumerate(plan.plan.quarters)}
    chain = [chain_at.get(firm.chain_id or "", len(plan.chains)) for firm in plan.selected]
    seats = {park: iter(ring_offsets(count)) for park, count in Counter(firm.park_id for firm in plan.selected).items()}
    by_chain = sorted(range(len(chain)), key=lambda at: (chain[at], plan.selected[at].candidate_id))
    offsets = {position: next(seats[plan.selected[position].park_id]) for position in by_chain}
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
            "size": firm.investment,
            "facts": facts.rows(FIRM, firm),
        }
        for position, firm in enumerate(plan.selected)
    ]


def _changes(plan: Plan, park_at: dict[str, int]) -> Items:
    """What differs from the earlier plan; a park that is none any more has no position."""
    language, report = plan.plan.language, plan.change_report
    return [
        {
            "key": change.kind,
            "kind": KINDS[change.kind].say(language),
            "id": change.candidate_id,
            "name": change.name,
            "from": park_at.get(change.park_before or ""),
            "to": park_at.get(change.park_after or ""),
            "rows": [(heading.say(language), text) for heading, text in change_rows(plan, change, language)],
        }
        for change in (report.changes if report else ())
    ]


def _parks(plan: Plan, facts: Facts, palette: Palette, points: list[Point | None]) -> Items:
    rules = _rules(facts.view)
    return [
        {
            "id": park.park_id,
            "name": park.name,
            "where": " ".join(filter(None, dict.fromkeys((park.city, park.county, park.zone)))),
            "at": point,
            "area": _area(park.geometry),
            "levels": _levels(plan, park, palette),
            "use": facts.use(park),
            "rules": [_rule_row(facts.view, rule) for rule in rules[park.park_id][:RULES_SHOWN]],
            "rule_count": len(rules[park.park_id]),
            "facts": facts.rows(PARK, park),
        }
        for park, point in zip(plan.parks, points, strict=True)
    ]


def _money_units(view: View) -> list[tuple[str, int]]:
    """How amounts are told, the larger unit first, with 万元 of one."""
    units = words.MONEY if view.money_unit == "亿元" else {"万元": words.MONEY["万元"]}
    return [(text.say(view.language), zh if view.language == "zh" else en) for text, zh, en in units.values()]


def _levels(plan: Plan, park: ParkResult, palette: Palette) -> list[int]:
    """Class of fullness before the plan and at the end of each quarter; the last is that of the plan's own record."""
    came = Counter(firm.quarter for firm in plan.selected if firm.park_id == park.park_id)
    levels, selected = [], 0
    for quarter in plan.plan.quarters:
        selected += came[quarter]
        shares = [use.share for use in park.use if use.quarter == quarter and use.share is not None]
        levels.append(palette.level(max(shares, default=None), selected))
    first = palette.level(None if park.fullness is None else 0.0, 0)
    return [first, *levels[:-1], palette.level(park.fullness, park.selected)]


def _sizes(plan: Plan) -> dict[str, Any]:
    """What the area of a symbol stands for: 万元 of the largest one, which nine firms of ten do not exceed, so that a single giant does not
    make dots of all others; whether there are firms above it, and any of unknown investment."""
    known = sorted(firm.investment for firm in plan.selected if firm.investment is not None)
    top = _round_up(known[(len(known) * 9 - 1) // 10] if known else 0.0)
    return {"top": top, "smallest": SMALLEST, "above": bool(known) and known[-1] > top, "unknown": len(known) < len(plan.selected)}


def _round_up(value: float) -> float:
    """The next of 1, 2 and 5 with zeros."""
    if value <= 0:
        return 0.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value * (1 - 1e-12))


def _rules(view: View) -> dict[str, list[RuleResult]]:
    """Park id → the rules that ask for a park and count projects of this one, those that are missed first."""
    held: dict[str, list[RuleResult]] = {park.park_id: [] for park in view.plan.parks}
    for rule in sorted(view.plan.rules, key=lambda rule: rule.violation <= 0):
        for park in rule.parks or ():
            held[park].append(rule)
    return held


def _rule_row(view: View, rule: RuleResult) -> tuple[str, str, int]:
    """Its name and group, how it came out, and whether it is missed."""
    return _rule_name(view, rule), view.outcome(rule), int(rule.violation > 0)


def _rule_name(view: View, rule: RuleResult) -> str:
    return " · ".join(filter(None, (rule.name, view.group(rule))))


def _missed(view: View) -> Items:
    """The soft rules that are not kept, wherever they hold."""
    rules, missed = view.plan.rules, [rule for rule in view.plan.rules if rule.violation > 0]
    said = {"rules": len({rule.name for rule in rules}), "n": len(rules), "missed": len(missed)}
    colon = Words("：", ": ").say(view.language)
    items = [f"{_rule_name(view, rule)}{colon}{view.outcome(rule)}" for rule in missed]
    return [{"text": words.NOTE_MISSED.say(view.language, **said), "items": items}] if missed else []


def _area(geometry: Features | None) -> Features | None:
    """A park's outline, as light as a map needs it; None when the park is a point."""
    if geometry is None or geometry["type"] == "Point":
        return None
    light = shape_of(geometry).simplify(_AREA_TOLERANCE, preserve_topology=True)
    return geojson_geometry(light, _AREA_DECIMALS)


def _classes(plan: Plan, palette: Palette) -> Items:
    """Classes of fullness; the last, parks without a capacity, is off the scale: dashed, and named only where used."""
    last = len(palette.levels) - 1
    names = palette.names(plan.plan.language)
    return [
        {"colour": colour, "name": name, "always": position != last, "dashed": position == last}
        for position, ((colour, _), name) in enumerate(zip(palette.levels, names, strict=True))
    ]


def _chains(plan: Plan, palette: Palette, with_none: bool) -> list[dict[str, str]]:
    """The chains with their symbols; last one for firms without a chain, when there are any."""
    symbols = [(chain.name, *palette.chain(position)) for position, chain in enumerate(plan.chains)]
    if with_none:
        symbols.append((words.NO_CHAIN.say(plan.plan.language), palette.no_chain, palette.chain_shapes[0]))
    return [{"name": name, "colour": colour, "shape": shape} for name, colour, shape in symbols]


def _ground_names(ground: Ground) -> list[tuple[list[Point], str, str]]:
    """Points inside each city and district at which its name may stand, its name, and which of the two it is."""
    names = []
    for feature in ground.region:
        layer = feature["properties"]["layer"]
        if layer in ("city", "district", "near") and "Polygon" in feature["geometry"]["type"]:
            spots = [(round(y, 4), round(x, 4)) for x, y in spots_inside(shape_of(feature["geometry"]))]
            names.append((spots, str(feature["properties"]["name"]), str(layer)))
    return sorted(names, key=lambda name: name[2])


def _bounds(ground: Ground, points: list[Point | None]) -> tuple[Point, Point] | None:
    """South-west and north-east of the region, or else of the parks; None when there is neither."""
    if ground.region:
        boxes, margin = [shape_of(feature["geometry"]).bounds for feature in ground.region], 0.0
    else:
        boxes, margin = [(point[1], point[0], point[1], point[0]) for point in points if point is not None], _AROUND
    if not boxes:
        return None
    west, south = (min(box[side] for box in boxes) - margin for side in (0, 1))
    east, north = (max(box[side] for box in boxes) + margin for side in (2, 3))
    return (south, west), (north, east)


def bounds_of(stops: Sequence[Stop]) -> tuple[Point, Point]:
    """South-west and north-east of the stops of a journey, with a little around them."""
    lat, lon = [stop.lat for stop in stops], [stop.lon for stop in stops]
    return (min(lat) - _AROUND, min(lon) - _AROUND), (max(lat) + _AROUND, max(lon) + _AROUND)


def _notes(plan: Plan, ground: Ground, points: list[Point | None], home_of: Homes, nowhere: tuple[int, ...]) -> Items:
    """What the map cannot draw, by name: nothing is dropped in silence (R1)."""
    language = plan.plan.language
    not_drawn = (
        (words.NOTE_PARK, [park.name for park, point in zip(plan.parks, points, strict=True) if point is None]),
        (words.NOTE_HOME, [firm.name for firm, home in zip(plan.selected, home_of, strict=True) if home is None]),
        (words.NOTE_INCUMBENT, [plan.incumbents[position].name for position in nowhere]),
    )
    notes: Items = [{"text": note.say(language, n=len(names)), "items": names} for note, names in not_drawn if names]
    if ground.unknown_region is not None:
        notes.append({"text": words.NOTE_REGION.say(language, name=ground.unknown_region), "items": []})
    return notes
