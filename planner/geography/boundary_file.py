"""A plan's own boundary file: a GeoPackage, whatever layers it has, or a GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.geography.geojson import Features, geojson_geometry
from planner.language import Words
from planner.problems import InputError, Place, Problem
from planner.reading.layer import NOT_FINITE, finite, layers_of, read_layer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

NAME_COLUMNS = ("name", "NAME", "Name", "名称", "名字", "行政区名称", "区划名称", "MC", "XZQMC")
"""Columns that hold a feature's name, the first present one wins (XZQMC: the national land-survey standard)."""
SUFFIXES = (".gpkg", ".geojson", ".json")

_TOLERANCE = 0.0005
_DECIMALS = 5
_MANY_POINTS = 20_000
"""Vertices above which areas are simplified: below, the file is small enough as it stands."""


def read_boundary(path: Path) -> Features:
    """The areas and lines of a boundary file as a FeatureCollection in WGS84; each feature has ``name`` and ``layer``.

    Every layer of a GeoPackage is read. A GeoJSON feature belongs to the layer that its property ``layer`` names, or
    else to the one named like the file. Points are left out: they bound nothing. A file of more than 20,000 vertices
    is simplified to about 50 m.

    Raises:
        InputError: the file is missing, unreadable, says no coordinate system, or holds neither area nor line
            (codes G101 to G104).
    """
    import pyogrio

    if path.suffix.lower() not in SUFFIXES:
        raise _refused("G102", path, path.suffix, _KIND, _KIND_REMEDY)
    if not path.is_file():
        raise _refused("G101", path, "", _MISSING, _MISSING_REMEDY)
    try:
        layers = [name for name, kind in layers_of(path) if kind is not None]
        read = [(layer, *read_layer(path, layer)) for layer in layers]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, KeyError, RuntimeError) as error:
        raise _refused("G102", path, "", _UNREADABLE, _UNREADABLE_REMEDY) from error
    unusable = [
        (layer, at, why)
        for layer, frame, bad in read
        if "geometry" in frame.columns
        for at, why in (bad | dict.fromkeys(np.flatnonzero(~finite(frame.geometry)).tolist(), NOT_FINITE)).items()
    ]
    if unusable:
        raise InputError(
            Problem(
                "G105",
                Place(path.name, layer, line=at + 1),
                "region.boundary",
                "",
                Words(f"第 {at + 1} 个要素的图形{why.zh}", f"the shape of feature {at + 1} {why.en}"),
                Words("在 QGIS 中修复或重画该要素", "mend or redraw it in QGIS"),
            )
            for layer, at, why in sorted(unusable, key=lambda one: one[:2])[:50]
        )
    frames = [(layer, frame) for layer, frame, _ in read]
    unknown = [layer for layer, frame in frames if frame.crs is None]
    if unknown:
        raise _refused("G103", path, "、".join(unknown), _NO_SYSTEM, _NO_SYSTEM_REMEDY)
    own = path.suffix.lower() != ".gpkg"
    features = [
        feature for layer, frame in frames for feature in _features(path.stem if own else layer, frame, by_row=own)
    ]
    if not features:
        raise _refused("G104", path, "", _NOTHING, _NOTHING_REMEDY)
    return {"type": "FeatureCollection", "features": features}


def _features(layer: str, frame: GeoDataFrame, by_row: bool) -> list[Features]:
    """The features of one layer; ``by_row``: a text column ``layer`` names the layer of each."""
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty].to_crs(4326)
    frame = frame.set_geometry(frame.geometry.make_valid())
    frame = frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon", "LineString", "MultiLineString"])]
    column = next((name for name in NAME_COLUMNS if name in frame.columns), None)
    names = frame[column].tolist() if column is not None else [None] * len(frame)
    layers = frame["layer"].tolist() if by_row and "layer" in frame.columns else [None] * len(frame)
    return [
        {
            "type": "Feature",
            "properties": {"name": _text(name, layer), "layer": _text(own, layer)},
            "geometry": geojson_geometry(shape, _DECIMALS),
        }
        for name, own, shape in zip(names, layers, _light(frame), strict=True)
    ]


def _light(frame: GeoDataFrame) -> list[Any]:
    """The geometries, simplified when they are many points; neighbouring areas keep one common line."""
    import shapely

    shapes = frame.geometry.to_numpy()
    if shapely.get_num_coordinates(shapes).sum() <= _MANY_POINTS:
        return list(shapes)
    areas = shapely.get_dimensions(shapes) == 2
    shapes = shapes.copy()
    shapes[areas] = shapely.coverage_simplify(shapes[areas], _TOLERANCE)
    shapes[~areas] = shapely.simplify(shapes[~areas], _TOLERANCE)
    return list(shapes)


def _text(value: object, instead: str) -> str:
    """A cell as text; ``instead`` where it is blank."""
    return value if isinstance(value, str) and value.strip() else instead


def _refused(code: str, path: Path, found: str, rule: Words, remedy: Words) -> InputError:
    return InputError([Problem(code, Place(path.name), "region.boundary", found, rule, remedy)])


_MISSING = Words("找不到边界文件", "the boundary file does not exist")
_MISSING_REMEDY = Words(
    "核对 region.boundary 的路径，它相对于 plan.yaml", "check the path in region.boundary; it is relative to plan.yaml"
)
_KIND = Words("边界文件须为 .gpkg、.geojson 或 .json", "a boundary file is a .gpkg, .geojson or .json")
_KIND_REMEDY = Words("在 QGIS 中另存为 GeoPackage", "save it as a GeoPackage in QGIS")
_UNREADABLE = Words("不是可读的 GeoPackage 或 GeoJSON", "is not a readable GeoPackage or GeoJSON")
_UNREADABLE_REMEDY = Words("用 QGIS 打开核对后另存为 GeoPackage", "open it in QGIS and save it as a GeoPackage again")
_NO_SYSTEM = Words("图层没有坐标系，无法得知坐标含义", "a layer does not say what its coordinates are")
_NO_SYSTEM_REMEDY = Words(
    "在 QGIS 中为图层设置坐标系（如 EPSG:4490）后另存", "set the layer's coordinate system in QGIS (e.g. EPSG:4490)"
)
_NOTHING = Words("文件中没有面也没有线", "the file holds neither areas nor lines")
_NOTHING_REMEDY = Words("提供含行政区面或界线的图层", "give a file with a layer of areas or of boundary lines")
