"""Where things lie, on the map and in the GeoPackage: country and region, parks and the firms about them, home cities, local firms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.geography.boundaries import country_outline, divisions_within, region_boundary
from planner.geography.geojson import Features, geojson_geometry, shape_of
from planner.plan.firm_records import Incumbent, Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
"""Latitude and longitude, as Leaflet has them."""

REGION_LAYERS = ("region", "city", "district")
"""How a region's boundary is drawn, from the strongest line to the faintest."""
SPACING = 15.5
"""Pixels between neighbouring symbols of a ring."""
FIRST_RING, NEXT_RING = 19.0, 15.5
"""Radius of the first ring, and how much wider each next one is, in pixels."""
INCUMBENT_OFFSET = (-15.0, 15.0)
"""Where local firms stand beside a park: in the direction that the rings leave free."""
_FREE_FROM, _FREE_TO = 58.0, 158.0
"""Directions, in degrees clockwise from the right, that rings leave free for the park's name and its local firms."""
_GRID, _SPOTS, _APART = 17, 24, 0.1
"""Lines of the grid on which a name's place is looked for, how many places are kept, and how far apart they are, of the area's width."""
_SAME_CITY = 0.5
"""Degrees within which one city name means one city."""
_BESIDE = 0.002
"""Degrees within which a local firm's symbol would cover its park's."""


@dataclass(frozen=True)
class Ground:
    """GeoJSON features, each with ``name`` and ``layer``."""

    country: tuple[Features, ...]
    """Layers country, province and border."""
    region: tuple[Features, ...]
    """Layers of :data:`REGION_LAYERS`; empty when the plan names no region."""
    unknown_region: str | None
    """A region name that no administrative unit has."""


class Stop(NamedTuple):
    """A stop of a journey; what is not known of its times is None."""

    name: str
    lon: float
    lat: float
    day: object = None
    arrival: object = None
    departure: object = None


def stops_of(route: Iterable[Sequence[object]] | None) -> tuple[Stop, ...]:
    """The stops of a journey from their plain tuples."""
    return tuple(Stop._make((*stop, None, None, None)[:6]) for stop in route or ())


def ground_of_journey(stops: Sequence[Stop]) -> tuple[Features, ...] | None:
    """The districts or cities about the stops of a journey, and half as far again; None where it crosses the country."""
    near = divisions_within(*_around(stops))
    return None if near is None else tuple(near["features"])


def without(country: Sequence[Features], stops: Sequence[Stop]) -> tuple[Features, ...]:
    """The country without the land about a journey, which is drawn finer: two coasts would lie beside each other."""
    from shapely.geometry import box

    hole = box(*_around(stops))

    def rest(geometry: Features) -> Features:
        shape = shape_of(geometry)
        # Rounding has let some rings touch themselves.
        return geojson_geometry((shape if shape.is_valid else shape.buffer(0)).difference(hole), 3)

    return tuple(
        {**feature, "geometry": rest(feature["geometry"])} if feature["properties"]["layer"] in ("country", "province") else feature
        for feature in country
    )


def bounds_together(features: Sequence[Features]) -> tuple[float, float, float, float]:
    """West, south, east, north of them all."""
    boxes = np.array([shape_of(feature["geometry"]).bounds for feature in features])
    (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _around(stops: Sequence[Stop]) -> tuple[float, float, float, float]:
    """West, south, east, north of a journey, with half as much around it."""
    lon, lat = [stop.lon for stop in stops], [stop.lat for stop in stops]
    around = max(max(lon) - min(lon), max(lat) - min(lat), 0.1) / 2
    west, south, east, north = min(lon) - around, min(lat) - around, max(lon) + around, max(lat) + around
    return round(west, 4), round(south, 4), round(east, 4), round(north, 4)


def chosen_firms(plan: Plan, chain_id: str | None, candidates: Collection[str] | None) -> tuple[Selected, ...]:
    """The selected firms of one chain, or those of some candidates; None: of all."""
    return tuple(
        firm
        for firm in plan.selected
        if (chain_id is None or firm.chain_id == chain_id) and (candidates is None or firm.candidate_id in candidates)
    )


def ground_of(plan: Plan) -> Ground:
    """The country and, from the plan's own boundary file or else by its region's name, the region."""
    country = tuple(country_outline()["features"])
    head = plan.plan
    if head.boundary is not None:
        return Ground(country, _graded(head.boundary["features"]), None)
    if head.region_name is None:
        return Ground(country, (), None)
    region = region_boundary(head.region_name)
    return Ground(country, (), head.region_name) if region is None else Ground(country, tuple(region["features"]), None)


def _graded(features: Sequence[Features]) -> tuple[Features, ...]:
    """The features of an own file by the layers of a map: the layer with the fewest features is the strongest line.

    A file may call its layers as it likes. Only areas can be a region's outline; a layer of lines is drawn as a line.
    """
    sizes = Counter(str(feature["properties"]["layer"]) for feature in features)
    ordered = sorted(sizes, key=lambda layer: (sizes[layer], layer))
    if len(ordered) == 1 and len(features) > 1:
        names: tuple[str, ...] = ("district",)
    else:
        names = ("region", "district") if len(ordered) == 2 else REGION_LAYERS
    grades = {layer: names[min(at, len(names) - 1)] for at, layer in enumerate(ordered)}
    return tuple(
        {**feature, "properties": {**feature["properties"], "layer": grades[str(feature["properties"]["layer"])]}}
        for feature in features
    )


@dataclass(frozen=True)
class Group:
    """Local firms at one point; ``park`` is the position of the park that the point belongs to."""

    at: Point
    members: tuple[int, ...]
    park: int | None


def spots_inside(area: BaseGeometry) -> list[tuple[float, float]]:
    """Points of an area at which its name may stand, the roomiest first: a name beside its area would name another one."""
    import shapely

    west, south, east, north = area.bounds
    first = area.representative_point()
    x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(west, east, _GRID)[1:-1], np.linspace(south, north, _GRID)[1:-1]))
    points = shapely.points(x, y)
    room = np.where(shapely.contains_xy(area, x, y), shapely.distance(area.boundary, points), -1.0)
    best: list[tuple[float, float]] = [(first.x, first.y)]
    for at in np.argsort(-room, kind="stable").tolist():
        apart = max(abs((np.array(best) - (x[at], y[at])) / ((east - west), (north - south))).max(axis=1).min(), 0.0)
        if room[at] > 0 and apart >= _APART and len(best) <= _SPOTS:
            best.append((float(x[at]), float(y[at])))
    return best


def park_point(park: ParkResult) -> Point | None:
    """The park's own point, or else a point inside its area; None when it has neither."""
    if park.lon is not None and park.lat is not None:
        return round(park.lat, 6), round(park.lon, 6)
    if park.geometry is None:
        return None
    point = shape_of(park.geometry).representative_point()
    return round(point.y, 6), round(point.x, 6)


def ring_offsets(count: int) -> tuple[tuple[float, float], ...]:
    """Pixel offsets (right, down) of ``count`` symbols about a park: rings filled from the top, none closer than 15."""
    offsets: list[tuple[float, float]] = []
    ring = 0
    while len(offsets) < count:
        radius = FIRST_RING + ring * NEXT_RING
        slots = int(2 * math.pi * radius / SPACING)
        step = 360.0 / slots
        # 0 is straight up; then one to the right, one to the left, and so on down both sides.
        turns = [(at + 1) // 2 * step * (1 if at % 2 else -1) for at in range(slots)]
        for turn in turns:
            direction = (turn - 90.0) % 360.0
            if not _FREE_FROM < direction < _FREE_TO:
                angle = math.radians(direction)
                offsets.append((round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)))
        ring += 1
    return tuple(offsets[:count])


def homes(plan: Plan) -> tuple[tuple[tuple[str, Point], ...], tuple[int | None, ...]]:
    """The home cities with their names, and for each selected firm the position of its own; None without coordinates.

    Firms of one city share one home even when their coordinates differ by some streets; two cities of one name, more
    than half a degree apart, stay two.
    """
    cities: list[tuple[str, Point]] = []
    named: dict[tuple[str | None, str], list[int]] = {}
    of_firm: list[int | None] = []
    for firm in plan.selected:
        if firm.lon is None or firm.lat is None:
            of_firm.append(None)
            continue
        at = (round(firm.lat, 5), round(firm.lon, 5))
        name = firm.city or firm.province or f"{firm.lat:.2f}, {firm.lon:.2f}"
        reach = _SAME_CITY if firm.city else 0.0
        same = named.setdefault((firm.province, name), [])
        home = next((place for place in same if np.abs(np.subtract(cities[place][1], at)).max() <= reach), None)
        if home is None:
            home = len(cities)
            same.append(home)
            cities.append((name, at))
        of_firm.append(home)
    return tuple(cities), tuple(of_firm)


def incumbent_groups(
    incumbents: Sequence[Incumbent], park_at: dict[str, int], points: Sequence[Point | None]
) -> tuple[tuple[Group, ...], tuple[int, ...]]:
    """Local firms by the point they stand at, and those that have none: own coordinates first, else their park's.

    A firm within some 200 m of a park's point belongs to the park's group, whose symbol stands beside the park's.
    """
    nan = math.nan
    lat, lon = np.array([point or (nan, nan) for point in points], dtype=float).reshape(-1, 2).T
    groups: dict[tuple[Point, int | None], list[int]] = {}
    nowhere: list[int] = []
    for position, firm in enumerate(incumbents):
        park = park_at.get(firm.park_id) if firm.park_id is not None else None
        at = points[park] if park is not None else None
        if firm.lon is not None and firm.lat is not None:
            own = (round(firm.lat, 5), round(firm.lon, 5))
            near = np.flatnonzero(np.maximum(abs(lat - own[0]), abs(lon - own[1])) <= _BESIDE)
            park = int(near[0]) if near.size else None
            at = points[park] if park is not None else own
        if at is None:
            nowhere.append(position)
        else:
            groups.setdefault((at, park), []).append(position)
    return tuple(Group(at, tuple(members), park) for (at, park), members in groups.items()), tuple(nowhere)
