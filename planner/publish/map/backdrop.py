"""What a printed picture stands on: land and lines as paths of an SVG, and the names of the areas, made once for a plan and a size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from planner.geography.geojson import Features, shape_of
from planner.plan.model import Plan
from planner.publish.map.frame import Frame
from planner.publish.map.labels import Wanted
from planner.publish.map.palette import Palette, read_palette
from planner.publish.map.places import REGION_LAYERS, Stop, ground_of, ground_of_journey, spots_inside

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SMALL = 2.3
"""Size of names of districts and of the legend, mm."""
_SEEN = 30.0
"""Square millimetres below which an area has no room for its name."""
_CROWDED_WIDTH = 120.0
"""Millimetres below which a province is drawn without its districts."""


class _Head:
    """A plan's head as a key: the same object, not an equal one."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __hash__(self) -> int:
        return id(self.plan.plan)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Head) and self.plan.plan is other.plan.plan


def backdrop(plan: Plan, frame: Frame, stops: Sequence[Stop]) -> tuple[str, tuple[Wanted, ...]]:
    """Land, sea and boundaries, and names for them; of a journey the land about it. Kept for the next pictures of the plan: two hundred
    dossiers show the same ground."""
    return _backdrop(_Head(plan), frame, tuple(stops))


@lru_cache(maxsize=8)
def _backdrop(head: _Head, frame: Frame, stops: tuple[Stop, ...]) -> tuple[str, tuple[Wanted, ...]]:
    ground, near = ground_of(head.plan), ground_of_journey(stops) if stops else None
    land, areas = (ground.country, ground.region) if near is None else ((), near)
    return _ground(land, areas, frame, read_palette()), tuple(_area_names(areas, frame))


def _ground(country: Sequence[Features], region: Sequence[Features], frame: Frame, palette: Palette) -> str:
    """Sea, land and the lines on it, from below: the region's fill lies below its districts, its outline above them."""
    shades = palette.ground
    styles = {
        "country": (shades["land"], shades["border"], 0.15),
        "province": ("none", shades["province"], 0.15),
        "border": ("none", shades["border"], 0.2),
        "region": (shades["region"], "none", 0.0),
        "district": ("none", shades["district"], 0.12),
        "city": ("none", shades["city"], 0.18),
    }
    drawn = [f'<rect width="{short(frame.width)}" height="{short(frame.height)}" fill="{shades["sea"]}"/>']
    few = frame.width < _CROWDED_WIDTH and any(feature["properties"]["layer"] == "city" for feature in region)
    features = [feature for feature in (*country, *region) if not few or feature["properties"]["layer"] != "district"]
    if not any(feature["properties"]["layer"] == "country" for feature in features):  # of a journey, the areas are the land
        styles |= {layer: (shades["region"], styles[layer][1], styles[layer][2]) for layer in ("district", "city")}
    for layer, (fill, line, width) in styles.items():
        drawn += [
            outline(frame.geometry(shape_of(feature["geometry"])), fill, line, width)
            for feature in features
            if feature["properties"]["layer"] == layer
        ]
    regions = [feature for feature in region if feature["properties"]["layer"] == REGION_LAYERS[0]]
    drawn += [outline(frame.geometry(shape_of(feature["geometry"])), "none", shades["outline"], 0.4) for feature in regions]
    return "".join(drawn)


def outline(geometry: BaseGeometry, fill: str, line: str, width: float) -> str:
    import shapely

    steps = []
    for part in shapely.get_parts(geometry):
        kind = part.geom_type
        rings = [part.exterior, *part.interiors] if kind == "Polygon" else [part] if kind == "LineString" else []
        for ring in rings:
            points = "L".join(f"{short(x)} {short(y)}" for x, y in shapely.get_coordinates(ring).round(2).tolist())
            steps.append(f"M{points}{'z' if kind == 'Polygon' else ''}")
    stroke = f'stroke="{line}" stroke-width="{short(width)}" stroke-linejoin="round"' if line != "none" else ""
    return f'<path d="{"".join(steps)}" fill="{fill}" fill-rule="evenodd" {stroke}/>' if steps else ""


def _area_names(region: Sequence[Features], frame: Frame) -> list[Wanted]:
    """Names of the cities, or else of the districts, each within what is seen of it."""
    named = []
    has_cities = any(feature["properties"]["layer"] == "city" for feature in region)
    for feature in region:
        layer = str(feature["properties"]["layer"])
        if layer in ("city", "district") and "Polygon" in feature["geometry"]["type"]:
            shape = frame.geometry(shape_of(feature["geometry"]))
            if shape.area > _SEEN and (layer == "city" or not has_cities):
                spots = tuple(spots_inside(shape))
                named.append(Wanted(str(feature["properties"]["name"]), *spots[0], SMALL, 0.0, layer, spots))
    return named


def short(value: float, decimals: int = 2) -> str:
    """A number as short as it can be."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".") if value else "0"
