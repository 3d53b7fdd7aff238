"""What part of the Earth a printed picture shows, and where a point of it lies on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.plan.model import Plan
from planner.publish.map.places import REGION_LAYERS, Point, Stop, bounds_together, ground_of, ground_of_journey

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_RADIUS = 6378.137
"""Of the sphere of Web Mercator, km."""
_MARGIN = 0.05
"""Share of the picture that is kept free around what it shows."""
_LEAST = 0.06
"""Degrees that a picture spans at least: a single place is shown with what lies around it."""
_STEPS = (1.0, 2.0, 5.0)
_FINE = 0.06
"""Millimetres by which outlines are simplified."""


@dataclass(frozen=True)
class Frame:
    """A picture of ``width`` × ``height`` mm in Web Mercator: left and top in units of the sphere's radius, mm for each unit."""

    left: float
    top: float
    scale: float
    width: float
    height: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """A point on paper, mm from the left and from the top."""
        return (math.radians(lon) - self.left) * self.scale, (self.top - _north(lat)) * self.scale

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies within the picture."""
        x, y = self.at(lat, lon)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry of degrees on paper, cut at the edge and no finer than can be seen."""
        import shapely

        def on_paper(points: np.ndarray) -> np.ndarray:
            lat = np.clip(points[:, 1], -85.0, 85.0)
            north = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))
            return np.column_stack(((np.radians(points[:, 0]) - self.left) * self.scale, (self.top - north) * self.scale))

        drawn = shapely.simplify(shapely.transform(geometry, on_paper), _FINE)
        return shapely.clip_by_rect(drawn, -1.0, -1.0, self.width + 1.0, self.height + 1.0)

    def scale_bar(self, longest: float) -> tuple[float, float]:
        """A round number of km and how long it is on paper at the middle of the picture, not above ``longest`` mm."""
        middle = self.top - self.height / 2 / self.scale
        latitude = 2 * math.atan(math.exp(middle)) - math.pi / 2
        each = self.scale / _RADIUS / math.cos(latitude)  # mm for a km
        power = 10.0 ** math.floor(math.log10(longest / each))
        kilometres = max(step * power for step in _STEPS if step * power * each <= longest)
        return kilometres, kilometres * each


def frame_of(plan: Plan, points: Sequence[Point | None], stops: Sequence[Stop], width: float, height: float) -> Frame:
    """The picture that shows the journey, or else the region, or else the parks, or else the country."""
    south, west, north, east = _extent(plan, points, stops)
    pad_lat, pad_lon = (max(0.0, _LEAST - (high - low)) / 2 for low, high in ((south, north), (west, east)))
    low, high = _north(south - pad_lat), _north(north + pad_lat)
    left, right = math.radians(west - pad_lon), math.radians(east + pad_lon)
    inside = 1 - 2 * _MARGIN
    scale = min(width * inside / (right - left), height * inside / (high - low))
    return Frame((left + right) / 2 - width / 2 / scale, (low + high) / 2 + height / 2 / scale, scale, width, height)


def _extent(plan: Plan, points: Sequence[Point | None], stops: Sequence[Stop]) -> tuple[float, float, float, float]:
    """South, west, north, east."""
    places, ground = [(stop.lat, stop.lon) for stop in stops], ground_of(plan)
    if not places and not ground.region:
        places = [point for point in points if point is not None]
    if stops and ground_of_journey(stops) is None:  # across the country, which is shown whole
        west, south, east, north = bounds_together(ground.country)
        places += [(south, west), (north, east)]
    if places:
        lat, lon = zip(*places, strict=True)
        return min(lat), min(lon), max(lat), max(lon)
    # The outline alone where there is one: a province has a hundred districts inside it.
    outlines = [feature for feature in ground.region if feature["properties"]["layer"] == REGION_LAYERS[0]]
    west, south, east, north = bounds_together(outlines or ground.region or ground.country)
    return south, west, north, east


def _north(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(max(-85.0, min(85.0, lat))) / 2))
