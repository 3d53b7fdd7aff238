"""Where the firms of a park are drawn that have no place of their own yet: spread about its point, inside its area where that is known.

Such a place is schematic. It is the same for the same plan (R8), no two firms share one, and it is in metres: the same on a map of the
city as of the country.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planner.case.case import Floats
from planner.geography.geojson import shape_of
from planner.plan.firm_records import Incumbent
from planner.plan.model import Plan
from planner.publish.map.places import Point, park_point

WIDEST, NARROWEST = 400.0, 1.0
"""Metres between neighbours: the most, and what they come down to in a very small area."""
_TURN = math.pi * (3 - math.sqrt(5))
"""From one seed of a sunflower to the next."""
_MOST = 200_000
"""Seeds that are looked at in an area of a strange shape."""


def places_about(at: Point, area: BaseGeometry | None, count: int) -> tuple[Point, ...]:
    """So many places as latitude and longitude, the first nearest to the park's point; about a point inside the area where the park's own
    lies outside. They lie inside the area, or where there is none up to :data:`WIDEST` metres apart about the point."""
    from pyproj import Transformer

    plane = f"+proj=aeqd +lat_0={at[0]} +lon_0={at[1]} +ellps=GRS80"
    to, back = (Transformer.from_crs(*pair, always_xy=True) for pair in (("EPSG:4490", plane), (plane, "EPSG:4490")))
    if area is None or area.is_empty or area.area == 0:
        metres = _seeds(count, WIDEST)
    else:
        metres = _inside(shapely.transform(area, lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1]))), count)
    lon, lat = back.transform(metres[:, 0], metres[:, 1])
    return tuple((round(float(y), 7), round(float(x), 7)) for x, y in zip(lon, lat, strict=True))


def _seeds(count: int, gap: float) -> Floats:
    """Metres right and up of ``count`` seeds of a sunflower, one to ``gap`` × ``gap`` square metres; shape (count, 2)."""
    k = np.arange(1, count + 1, dtype=np.float64)
    radius = gap * np.sqrt(k / math.pi)
    return np.column_stack([radius * np.sin(k * _TURN), radius * np.cos(k * _TURN)])


def _inside(area: BaseGeometry, count: int) -> Floats:
    """Seeds inside an area in metres, as far apart as it allows; shape (count, 2)."""
    middle = shapely.Point(0.0, 0.0)
    middle = middle if area.contains(middle) else area.representative_point()
    centre = np.array([middle.x, middle.y])
    reach = float(np.hypot(*(shapely.get_coordinates(area) - centre).T).max())
    gap = min(WIDEST, math.sqrt(area.area / max(count, 1)))
    while gap > NARROWEST:
        seeds = centre + _seeds(min(_MOST, int(math.pi * (reach / gap) ** 2) + count), gap)
        within = area.buffer(-gap / 4)
        found: Floats = seeds[shapely.contains_xy(within if not within.is_empty else area, seeds)]
        if len(found) >= count:
            return found[:count]
        gap *= 0.85
    return np.asarray(centre + _seeds(count, NARROWEST))


@dataclass(frozen=True)
class Seat:
    """Where a firm is drawn."""

    at: Point | None
    park: Point | None
    """The point of its park."""
    schematic: bool
    """It has no place of its own: it stands about its park."""


def seats_of(plan: Plan) -> tuple[tuple[Seat, ...], tuple[Seat, ...]]:
    """Where selected firms and local firms are drawn; those that have only a park stand about its point, apart from each other."""
    points = {park.park_id: park_point(park) for park in plan.parks}
    areas = {
        park.park_id: park.geometry for park in plan.parks if park.geometry is not None and "Polygon" in str(park.geometry["type"])
    }

    def own(firm: Incumbent) -> Point | None:
        """Its own place; at the point of its park it has none."""
        if firm.lat is None or firm.lon is None:
            return None
        at, park = (firm.lat, firm.lon), points.get(firm.park_id or "")
        return None if park is not None and (round(at[0], 6), round(at[1], 6)) == park else at

    here = [own(firm) for firm in plan.incumbents]
    parks = [firm.park_id for firm in plan.selected]
    parks += [firm.park_id or "" for firm, at in zip(plan.incumbents, here, strict=True) if at is None]
    ordered = {
        name: iter(_about(points[name], areas.get(name), parks.count(name))) for name in dict.fromkeys(parks) if name in points
    }

    def seat(park_id: str | None, at: Point | None = None) -> Seat:
        park = points.get(park_id or "")
        return Seat(at, park, False) if at is not None or park is None else Seat(next(ordered[park_id or ""]), park, True)

    chosen = tuple(seat(firm.park_id) for firm in plan.selected)
    return chosen, tuple(seat(firm.park_id, at) for firm, at in zip(plan.incumbents, here, strict=True))


def _about(at: Point | None, area: Mapping[str, Any] | None, count: int) -> tuple[Point, ...]:
    return () if at is None else places_about(at, None if area is None else shape_of(area), count)
