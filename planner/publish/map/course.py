"""How the links of a plan fill up quarter by quarter, and where in the region what is short is needed.

A plan's demand has no place of its own: a link lacks so much in the whole region. Who needs it has one. Where the plan has supply
edges, a local firm needs of each link its capacity × the edge's coefficient, and what cannot be had of a link is missing to all who need
it alike; so a county is short of

.. math:: u_{cl} = n_{cl} \\cdot \\min(1, D_l / \\textstyle\\sum_c n_{cl}) \\cdot u_l / D_l,\\qquad n_{cl} = \\sum_{(l,m)\\in E} a_{lm} g_{cm}

with :math:`g_{cm}` the capacity of the firms at link m that stand in the county, :math:`D_l` demand and :math:`u_l` shortage. A plan without
edges does not say who needs what: there the shortage of a link is spread by where the capacity of its chain stands today, and the map says
that this is no more than a share. What belongs to no county is left over and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from planner.geography.geojson import Features, shape_of
from planner.plan.firm_records import Incumbent, Selected
from planner.plan.model import Plan
from planner.publish.map.places import Group, Point

Floats = NDArray[np.float64]
_LEAST = 0.5
"""万元 a year below which nothing is shown."""


@dataclass(frozen=True)
class Course:
    """Demand, supply and shortage of each link, 万元 a year, of shape (L, 1 + Q): before the plan, then at the end of each quarter."""

    demand: Floats
    supply: Floats
    shortage: Floats


def course_of(plan: Plan) -> Course:
    """A firm counts from the quarter on in which it is placed: its needs in full, its supply with its landing probability. The last
    column is the plan's own record of what comes out, the first that of today."""
    link_at = {link.link_id: at for at, link in enumerate(plan.links)}
    came = _arrived(plan, link_at)
    edges = [(link_at[edge.from_link], link_at[edge.to_link], edge.coefficient) for edge in plan.link_edges]
    drawn = np.zeros_like(came)
    for source, user, coefficient in edges:
        drawn[source] += coefficient * came[user]
    expected = _arrived(plan, link_at, expected=True)
    demand, supply = (
        np.array([getattr(link, f"{what}_before") for link in plan.links], dtype=float).reshape(-1, 1) + more
        for what, more in (("demand", drawn), ("supply", expected))
    )
    shortage = np.maximum(demand - supply, 0.0)
    for at, link in enumerate(plan.links):
        shortage[at, 0], shortage[at, -1] = link.shortage_before, link.shortage_after
    return Course(demand, supply, shortage)


def _arrived(plan: Plan, link_at: dict[str, int], expected: bool = False) -> Floats:
    """Capacity of the selected firms at each link that have come by then, of shape (L, 1 + Q)."""
    quarter_at = {quarter: at for at, quarter in enumerate(plan.plan.quarters, start=1)}
    came = np.zeros((len(plan.links), 1 + len(plan.plan.quarters)))
    for firm in plan.selected:
        if firm.link_id in link_at and firm.capacity is not None:
            weight = firm.landing_probability if expected else 1.0
            came[link_at[firm.link_id], quarter_at[firm.quarter]] += firm.capacity * weight
    return np.cumsum(came, axis=1)


Basis = Literal["edges", "chain"]


@dataclass(frozen=True)
class Heat:
    """Shortage by county."""

    basis: Basis
    counties: tuple[int, ...]
    """Positions of the counties among the region's features."""
    rows: tuple[tuple[int, int, tuple[float, ...]], ...]
    """Position in ``counties``, link, 万元 a year before the plan and at the end of each quarter."""


def heat_of(
    plan: Plan, course: Course, region: Sequence[Features], groups: Sequence[Group], points: Sequence[Point | None]
) -> Heat | None:
    """Which counties are short of what; None where the region has no counties or no local firm stands in one."""
    counties = _counties(region)
    if not counties:
        return None
    places = _firm_places(plan, groups, points)
    county = _county_of(region, counties, [at for at, *_ in places])
    size, steps = len(plan.links), 1 + len(plan.plan.quarters)
    held = np.zeros((len(counties), size, steps))  # capacity of the firms in a county at a link, by then
    for where, (_, link, since, capacity) in zip(county, places, strict=True):
        if where >= 0:
            held[where, link, since:] += capacity
    if not held.any():
        return None
    basis: Basis = "edges" if plan.link_edges else "chain"
    short = _needed(plan, course, held) if basis == "edges" else _spread(plan, course, held)
    rows = [
        (int(c), int(link), tuple(short[c, link].round(1).tolist()))
        for c, link in np.argwhere((short > _LEAST).any(axis=2)).tolist()
    ]
    return Heat(basis, counties, tuple(rows))


def _needed(plan: Plan, course: Course, held: Floats) -> Floats:
    """Shortage by who needs it, along the edges; of shape (C, L, 1 + Q)."""
    link_at = {link.link_id: at for at, link in enumerate(plan.links)}
    need = np.zeros_like(held)
    for edge in plan.link_edges:
        need[:, link_at[edge.from_link]] += edge.coefficient * held[:, link_at[edge.to_link]]
    total = need.sum(axis=0)
    within = np.minimum(1.0, np.divide(course.demand, total, out=np.ones_like(total), where=total > 0))
    lacking = np.divide(course.shortage, course.demand, out=np.zeros_like(total), where=course.demand > 0)
    short: Floats = need * within * lacking
    return short


def _spread(plan: Plan, course: Course, held: Floats) -> Floats:
    """Shortage by where the capacity of its chain stands today; of shape (C, L, 1 + Q). Firms that come do not count: a county would turn
    darker for what it has won."""
    chain = np.array([link.chain_id for link in plan.links])
    short = np.zeros_like(held)
    for name in np.unique(chain):
        of = chain == name
        there = held[:, of, 0].sum(axis=1)
        if there.sum() > 0:
            short[:, of] = (there / there.sum())[:, None, None] * course.shortage[None, of]
    return short


def _counties(region: Sequence[Features]) -> tuple[int, ...]:
    """Positions of the region's counties; of a region that is one county, its own."""
    areas = {
        layer: tuple(
            at
            for at, feature in enumerate(region)
            if feature["properties"]["layer"] == layer and "Polygon" in feature["geometry"]["type"]
        )
        for layer in ("district", "region")
    }
    return areas["district"] or areas["region"]


Placed = tuple[Point, int, int, float]
"""Point, link, first step at which the firm counts, capacity."""


def _firm_places(plan: Plan, groups: Sequence[Group], points: Sequence[Point | None]) -> list[Placed]:
    """Every firm with a place, a link and a known capacity: those here today, and those that come."""
    link_at = {link.link_id: at for at, link in enumerate(plan.links)}
    quarter_at = {quarter: at for at, quarter in enumerate(plan.plan.quarters, start=1)}
    point_of = {park.park_id: point for park, point in zip(plan.parks, points, strict=True)}
    here: list[tuple[Point | None, Incumbent | Selected, int]] = [
        (group.at, plan.incumbents[member], 0) for group in groups for member in group.members
    ]
    come: list[tuple[Point | None, Incumbent | Selected, int]] = [
        (point_of[firm.park_id], firm, quarter_at[firm.quarter]) for firm in plan.selected
    ]
    return [
        (at, link_at[firm.link_id], since, firm.capacity)
        for at, firm, since in (*here, *come)
        if at is not None and firm.link_id in link_at and firm.capacity is not None
    ]


def _county_of(region: Sequence[Features], counties: Sequence[int], points: Sequence[Point]) -> list[int]:
    """Which county each point lies in, −1 for none."""
    import shapely

    found = [-1] * len(points)
    tree = shapely.STRtree([shape_of(region[at]["geometry"]) for at in counties])
    spots = shapely.points([(lon, lat) for lat, lon in points]) if points else np.zeros(0, dtype=object)
    for spot, county in zip(*tree.query(spots, predicate="intersects").tolist(), strict=True):
        found[spot] = county
    return found


def heat_data(heat: Heat | None) -> dict[str, Any] | None:
    """As the page reads it."""
    return (
        None if heat is None else {"basis": heat.basis, "counties": list(heat.counties), "rows": [list(row) for row in heat.rows]}
    )
