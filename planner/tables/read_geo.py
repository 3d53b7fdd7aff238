"""GeoPackage and GeoJSON layers: attributes as cells, shapes in WGS84 degrees."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from planner.language import Words
from planner.problems import Place, Problem
from planner.settings.schema import TableSource
from planner.tables.codes import problem
from planner.tables.column import TableSpec
from planner.tables.grid import Grid
from planner.tables.read_excel import choose_sheet

_SAME_AS_WGS84 = frozenset({4326, 4490})
"""WGS84, and CGCS2000 whose difference from it is centimetres."""


def read_geo(path: Path, source: TableSource, spec: TableSpec) -> tuple[Grid | None, list[Problem]]:
    """The grid of one layer; None when the file does not open, or the layer is not to be found or has no CRS."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    name = path.name
    try:
        layers = tuple(str(layer) for layer in pyogrio.list_layers(path)[:, 0])
        layer, problems = choose_sheet(name, source.layer, layers, layers, spec, "layer")
        if layer is None:
            return None, problems
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (DataSourceError, ValueError):
        why = Words("文件损坏，或不是 GeoPackage、GeoJSON", "it is damaged, or no GeoPackage or GeoJSON")
        return None, [problem("T102", Place(name), name, why=why)]
    geometry: list[object] | None = None
    if "geometry" in frame.columns:
        if frame.crs is None:
            return None, [problem("T108", Place(name, layer), layer)]
        shapes = frame.geometry if frame.crs.to_epsg() in _SAME_AS_WGS84 else frame.geometry.to_crs(4326)
        geometry = list(shapes)
        frame = frame.drop(columns="geometry")
    fields = [frame[column].astype(object).where(frame[column].notna(), None).tolist() for column in frame.columns]
    rows = [[str(column) for column in frame.columns], *(list(row) for row in zip(*fields, strict=True))]
    if not fields:
        rows += [[] for _ in range(len(frame))]
    digest = sha256(path.read_bytes()).hexdigest()
    return Grid(name, layer, rows, digest, layer=True, geometry=geometry), []
