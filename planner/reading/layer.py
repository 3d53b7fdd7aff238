"""Layers of GeoPackage and GeoJSON: attributes as cells, shapes in WGS84 degrees; shapes that cannot be used told apart."""

from __future__ import annotations

import warnings
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.excel import choose_sheet
from planner.reading.table import Grid, place_of
from planner.settings.schema import TableSource
from planner.tables.codes import problem
from planner.tables.column import TableSpec

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SAME_AS_WGS84 = frozenset({4326, 4490})
"""WGS84, and CGCS2000 whose difference from it is centimetres."""
_NOT_READ = Words("损坏，或是不支持的类型（如曲面）", "is damaged, or of a kind that is not supported")
_NOT_FINITE = Words("含有不是数的坐标", "has a coordinate that is no number")


def layers_of(path: Path) -> list[tuple[str, str | None]]:
    """Name and kind of geometry of each layer; no geometry: None. Raises as :func:`read_layer`."""
    import pyogrio

    with warnings.catch_warnings(action="ignore"):
        return [(str(name), kind) for name, kind in pyogrio.list_layers(path)]


def read_layer(path: Path, layer: str) -> tuple[GeoDataFrame, dict[int, Words]]:
    """The layer, and what is wrong with shapes that cannot be read, by position; such a shape is None. Raises
    DataSourceError or DataLayerError (of ``pyogrio.errors``) or ValueError where it cannot be read."""
    import pyogrio

    with warnings.catch_warnings(action="ignore"):
        frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore")
        missing = np.flatnonzero(frame.geometry.isna()).tolist() if "geometry" in frame.columns else []
        held = pyogrio.raw.read(path, layer=layer)[2] if missing else ()
        return frame, {at: _NOT_READ for at in missing if held[at] is not None}


def not_finite(shapes: Any) -> dict[int, Words]:
    """What is wrong with shapes that have a coordinate that is not finite, by position."""
    import shapely

    points, owner = shapely.get_coordinates(np.asarray(shapes, dtype=object), return_index=True)
    return dict.fromkeys(owner[~np.isfinite(points).all(axis=1)].tolist(), _NOT_FINITE)


def read_geo(path: Path, source: TableSource, spec: TableSpec) -> tuple[Grid | None, list[Problem]]:
    """The grid of one layer; None when the file does not open, or the layer is not to be found or has no CRS."""
    from pyogrio.errors import DataSourceError

    name = path.name
    try:
        layers = tuple(layer for layer, _ in layers_of(path))
        layer, problems = choose_sheet(name, source.layer, layers, layers, spec, "layer")
        if layer is None:
            return None, problems
        frame, unusable = read_layer(path, layer)
    except (DataSourceError, ValueError, KeyError, TypeError, RuntimeError):
        why = Words("文件损坏，或不是 GeoPackage、GeoJSON", "it is damaged, or no GeoPackage or GeoJSON")
        return None, [problem("T102", Place(name), name, why=why)]
    geometry: list[object] | None = None
    if "geometry" in frame.columns:
        if frame.crs is None:
            return None, [problem("T108", Place(name, layer), layer)]
        shapes = frame.geometry if frame.crs.to_epsg() in _SAME_AS_WGS84 else frame.geometry.to_crs(4326)
        unusable |= not_finite(shapes)
        problems = [
            problem("T180", place_of(name, layer, True, at + 1, None), layer, number=at + 1, why=why)
            for at, why in sorted(unusable.items())
        ]
        blank = shapes.isna() | shapes.is_empty | shapes.index.isin(unusable)
        geometry = shapes.astype(object).where(~blank, None).tolist()
        frame = frame.drop(columns="geometry")
    fields = frame.astype(object).where(frame.notna(), None)
    rows = [list(map(str, frame.columns)), *fields.to_numpy().tolist()]
    return Grid(name, layer, rows, sha256(path.read_bytes()).hexdigest(), layer=True, geometry=geometry), problems
