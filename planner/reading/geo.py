"""GeoPackage and GeoJSON layers: attributes as cells, shapes in WGS84 degrees."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.excel import choose_sheet
from planner.reading.grid import Grid, place_of
from planner.reading.layer import NOT_FINITE, finite, layers_of, read_layer
from planner.settings.schema import TableSource
from planner.tables.codes import problem
from planner.tables.column import TableSpec

_SAME_AS_WGS84 = frozenset({4326, 4490})
"""WGS84, and CGCS2000 whose difference from it is centimetres."""


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
        unusable |= dict.fromkeys(np.flatnonzero(~finite(shapes)).tolist(), NOT_FINITE)
        geometry = [shape if shape is not None and not shape.is_empty else None for shape in shapes]
        problems = [
            problem("T180", place_of(name, layer, True, at + 1, None), layer, number=at + 1, why=why)
            for at, why in sorted(unusable.items())
        ]
        geometry = [None if at in unusable else shape for at, shape in enumerate(geometry)]
        frame = frame.drop(columns="geometry")
    fields = [frame[column].astype(object).where(frame[column].notna(), None).tolist() for column in frame.columns]
    rows = [[str(column) for column in frame.columns], *(list(row) for row in zip(*fields, strict=True))]
    if not fields:
        rows += [[] for _ in range(len(frame))]
    digest = sha256(path.read_bytes()).hexdigest()
    return Grid(name, layer, rows, digest, layer=True, geometry=geometry), problems
