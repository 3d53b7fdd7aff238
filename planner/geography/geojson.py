"""GeoJSON of shapely geometries, rounded to what a map can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Features = Mapping[str, Any]
"""A GeoJSON object: a geometry, a Feature or a FeatureCollection."""


def shape_of(geometry: Features) -> BaseGeometry:
    """The shapely geometry of a GeoJSON geometry."""
    from shapely.geometry import shape

    return shape(dict(geometry))


def geojson_geometry(geometry: BaseGeometry, decimals: int) -> Features:
    """GeoJSON of a geometry, its coordinates rounded to ``decimals`` (4: 11 m, 6: 0.1 m)."""
    from shapely.geometry import mapping

    shown = mapping(geometry)
    return {"type": shown["type"], "coordinates": _rounded(shown["coordinates"], decimals)}


def _rounded(coordinates: Any, decimals: int) -> Any:
    """Nested coordinates rounded, height left out, neighbours that became equal merged where a line stays a line."""
    if not coordinates:
        return []
    if isinstance(coordinates[0], (int, float)):
        return [round(float(value), decimals) for value in coordinates[:2]]
    inner = [rounded for part in coordinates if (rounded := _rounded(part, decimals))]  # an empty part may hold an empty ring
    if not inner:
        return []
    if not isinstance(inner[0][0], float):
        return inner
    kept = [point for at, point in enumerate(inner) if at == 0 or point != inner[at - 1]]
    enough = 4 if inner[0] == inner[-1] else 2
    return kept if len(kept) >= enough else inner
