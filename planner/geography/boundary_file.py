"""A plan's own boundary file: a GeoPackage, whatever layers it has, or a GeoJSON."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.geography.codes import problem, refusal
from planner.geography.geojson import Features, geojson_geometry
from planner.language import Words
from planner.problems import InputError, Place
from planner.reading.layer import layers_of, not_finite, read_layer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_NAME_COLUMNS = ("name", "NAME", "Name", "名称", "名字", "行政区名称", "区划名称", "MC", "XZQMC")
"""Columns that hold a feature's name, the first present one wins (XZQMC: the national land-survey standard)."""
_SUFFIXES = (".gpkg", ".geojson", ".json")
_TOLERANCE = 0.0005
_DECIMALS = 5
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
    is simplified to about 50 m.

    Raises:
        InputError: the file is missing, unreadable, says no coordinate system, holds a shape that cannot be used, or
            neither area nor line (codes G101 to G105).
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
    unknown = [layer for layer, frame, _ in layers if frame.crs is None]
    if unknown:
        raise refusal("G103", place, key, "、".join(unknown))
    named = path.suffix.lower() == ".gpkg"
    features = [
        feature for layer, frame, _ in layers for feature in _features(layer if named else path.stem, frame, by_row=not named)
    ]
    if not features:
        raise refusal("G104", place, key)
    return {"type": "FeatureCollection", "features": features}


def _features(layer: str, frame: GeoDataFrame, by_row: bool) -> list[Features]:
    """The features of one layer; ``by_row``: a text column ``layer`` names the layer of each."""
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty].to_crs(4326)
    frame = frame.set_geometry(frame.geometry.make_valid())
    frame = frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon", "LineString", "MultiLineString"])]
    column = next((name for name in _NAME_COLUMNS if name in frame.columns), None)
    names = frame[column].tolist() if column is not None else [None] * len(frame)
    layers = frame["layer"].tolist() if by_row and "layer" in frame.columns else [None] * len(frame)
    return [
        {
            "type": "Feature",
            "properties": {"name": _text(name, layer), "layer": _text(own, layer)},
            "geometry": geojson_geometry(shape, _DECIMALS),
        }
        for name, own, shape in zip(names, layers, _light(frame.geometry.to_numpy()), strict=True)
    ]


def _light(shapes: Any) -> Any:
    """The shapes, simplified when they are many points; neighbouring areas keep one common line."""
    import shapely

    if shapely.get_num_coordinates(shapes).sum() <= _MANY_POINTS:
        return shapes
    areas = shapely.get_dimensions(shapes) == 2
    light = shapes.copy()
    light[areas] = shapely.coverage_simplify(shapes[areas], _TOLERANCE)
    light[~areas] = shapely.simplify(shapes[~areas], _TOLERANCE)
    return light


def _text(value: object, instead: str) -> str:
    """A cell as text; ``instead`` where it is blank."""
    return value if isinstance(value, str) and value.strip() else instead
