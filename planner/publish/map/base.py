"""Online base maps under a plan's map: off unless plan.yaml asks for one, and even then nothing is loaded before somebody turns it on.

A base map in GCJ-02, which Chinese services must use, would lie some hundred metres beside a plan in WGS84: so everything that is drawn
is moved into its system, by the same formula as the input is read with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from planner.geography.coordinates import SHIFTED, from_wgs84
from planner.language import Words
from planner.plan.model import Plan
from planner.settings.schema import MapSettings
from planner.settings.sources import CoordinateSystem

_DECIMALS = 6


@dataclass(frozen=True)
class Base:
    """A service of map tiles."""

    name: Words
    system: CoordinateSystem
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    """One for each layer, from below; ``{key}`` is the user's."""


BASES: Mapping[str, Base] = {
    "tianditu": Base(
        Words("天地图", "Tianditu"),
        "CGCS2000",
        tuple(f"t{number}.tianditu.gov.cn" for number in range(8)),
        tuple(
            f"/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
            "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
            for layer in ("vec", "cva")
        ),
    ),
    "amap": Base(
        Words("高德地图", "Amap"),
        "GCJ-02",
        tuple(f"webrd0{number}.is.autonavi.com" for number in range(1, 5)),
        ("/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",),
    ),
}


def map_settings(plan: Plan) -> MapSettings:
    """What the plan file says of its map; plans of earlier versions say nothing."""
    return MapSettings.model_validate(plan.plan.settings.get("map", {}))


def base_of(plan: Plan) -> Base | None:
    """The base map that the plan asks for."""
    return BASES.get(map_settings(plan).base)


def base_data(plan: Plan) -> dict[str, Any] | None:
    """As the page reads it."""
    base, key = base_of(plan), quote(map_settings(plan).key or "", safe="")
    if base is None:
        return None
    paths = [path.replace("{key}", key) for path in base.paths]
    return {"name": base.name.say(plan.plan.language), "hosts": list(base.hosts), "paths": paths}


def in_system(plan: Plan, view: dict[str, Any]) -> dict[str, Any]:
    """The view in the system of the plan's base map; in WGS84 without one."""
    base = base_of(plan)
    return view if base is None or base.system not in SHIFTED else dict(moved(view, base.system))


def moved(value: Any, system: CoordinateSystem) -> Any:
    """A view with all its places in another system: ``at``, ``bounds`` and the first of ``names`` are latitude and longitude, shapes are GeoJSON."""
    if isinstance(value, dict):
        return {key: _MOVES[key](part, system) if key in _MOVES and part else moved(part, system) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [moved(part, system) for part in value]
    return value


def _points(points: Any, system: CoordinateSystem) -> list[list[float]]:
    """Points of latitude and longitude."""
    lon, lat = from_wgs84([lon for _, lon in points], [lat for lat, _ in points], system)
    return [list(point) for point in zip(lat.round(_DECIMALS).tolist(), lon.round(_DECIMALS).tolist(), strict=True)]


def _shape(coordinates: Any, system: CoordinateSystem) -> Any:
    """Coordinates of a GeoJSON geometry, nested as they were."""
    if isinstance(coordinates[0], (int, float)):
        return _shape([coordinates], system)[0]
    if not isinstance(coordinates[0][0], (int, float)):
        return [_shape(part, system) for part in coordinates]
    return [[lon, lat] for lat, lon in _points([(lat, lon) for lon, lat in coordinates], system)]


_MOVES: Mapping[str, Any] = {
    "at": lambda point, system: _points([point], system)[0],
    "bounds": _points,
    "names": lambda names, system: [[_points(spots, system), *rest] for spots, *rest in names],
    "coordinates": _shape,
}
