"""Layers of GeoPackage, GeoJSON and shapefile: attributes as cells, shapes in WGS84; what cannot be used is told apart."""

from __future__ import annotations

import json
import re
import sqlite3
import warnings
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.geography.coordinates import SHIFTED, to_wgs84
from planner.geography.named_systems import UNCONVERTED, system_named
from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.encodings import decode
from planner.reading.excel import choose_sheet
from planner.reading.shapefile import SHAPEFILE, digest, encoding_of
from planner.reading.table import Grid, place_of
from planner.reading.workbooks.content import unreadable
from planner.settings.sources import TableSource
from planner.tables.codes import problem
from planner.tables.column import TableSpec

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SAME_AS_WGS84 = frozenset({4326, 4490})
"""WGS84, and CGCS2000 whose difference from it is centimetres."""
_WEB_MERCATOR = 3857
"""The system of map tiles, which Chinese services fill with shifted coordinates."""
GEOJSON = ".geojson"
_NOT_READ = Words("损坏，或是不支持的类型（如曲面）", "is damaged, or of a kind that is not supported")
_NOT_FINITE = Words("含有不是数的坐标", "has a coordinate that is no number")
_AS_UTF8 = Words("以 UTF-8 编码另存", "save it in UTF-8")
_NOT_UTF8 = Words("其中的文字不是 UTF-8 编码", "its texts are not in UTF-8")
_GEOJSON_CRS = re.compile(rb'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]{1,200})"')
_DAMAGED = Words("文件损坏，或不是图层文件", "it is damaged, or no file of layers")


def layers_of(path: Path) -> list[tuple[str, str | None]]:
    """Name and kind of geometry of each layer; no geometry: None. Raises as :func:`read_layer`."""
    import pyogrio

    with warnings.catch_warnings(action="ignore"):
        return [(str(name), kind) for name, kind in pyogrio.list_layers(path)]


def read_layer(path: Path, layer: str, encoding: str | None = None) -> tuple[GeoDataFrame, dict[int, Words]]:
    """The layer, and what is wrong with shapes that cannot be read, by position; such a shape is None. ``encoding`` is that of
    a shapefile. Raises DataSourceError or DataLayerError (of ``pyogrio.errors``) or ValueError where it cannot be read."""
    import pyogrio

    with warnings.catch_warnings(action="ignore"):
        frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", fid_as_index=True, encoding=encoding)
        fids = frame.index.to_numpy()
        frame = _exact_numbers(frame, path, layer, encoding).reset_index(drop=True)
        missing = np.flatnonzero(frame.geometry.isna()).tolist() if "geometry" in frame.columns else []
        held = pyogrio.raw.read(path, layer=layer, encoding=encoding, columns=[])[2] if missing else ()
    written = _WRITTEN.get(path.suffix.lower(), _none_known)(path, layer) if missing else frozenset()
    return frame, {at: _NOT_READ for at in missing if held[at] is not None or int(fids[at]) in written}


def _none_known(path: Path, layer: str) -> frozenset[int]:
    return frozenset()


def _written_in_geojson(path: Path, layer: str) -> frozenset[int]:
    """Numbers of the features that have a shape with something in it, readable or not."""
    features = json.loads(path.read_text("utf-8-sig")).get("features", ())
    shapes = (feature.get("geometry") or {} for feature in features)
    return frozenset(at for at, shape in enumerate(shapes) if shape.get("coordinates") or shape.get("geometries"))


def _written_in_geopackage(path: Path, layer: str) -> frozenset[int]:
    """Numbers of the features that have a shape, readable or not; of a view, whose rows have no number, none is known."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
            columns = base.execute("select column_name from gpkg_geometry_columns where table_name = ?", (layer,)).fetchall()
            table, column = (name.replace('"', '""') for name in (layer, columns[0][0]))
            return frozenset(row for (row,) in base.execute(f'select rowid from "{table}" where length("{column}") > 0'))
    except (sqlite3.Error, IndexError):
        return frozenset()


_WRITTEN = {GEOJSON: _written_in_geojson, ".json": _written_in_geojson, ".gpkg": _written_in_geopackage}
"""How to see that a feature has a shape at all: the library gives None for a shape that it cannot read, and for none."""


def _exact_numbers(frame: GeoDataFrame, path: Path, layer: str, encoding: str | None) -> GeoDataFrame:
    """Whole numbers beside blanks come as floats, which hold no more than 15 digits: those of such columns are read again
    without the blanks. Numbers of single precision are those that are written: 0.1 and not 0.10000000149."""
    import pyogrio

    info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    for name, kind in zip(info["fields"], info["dtypes"], strict=True):
        held = frame[name].dtype.kind if name in frame.columns and name != "geometry" else ""
        if held == "f" and kind.startswith(("int", "uint")):
            asked = {"columns": [name], "where": f'"{name}" IS NOT NULL', "read_geometry": False, "return_fids": True}
            _, fids, _, values = pyogrio.raw.read(path, layer=layer, encoding=encoding, **asked)
            exact = frame[name].astype(object)
            exact.loc[fids] = values[0].tolist()
            frame[name] = exact
        elif kind == "float32":
            frame[name] = [float(str(value)) for value in frame[name].to_numpy("float32")]
    return frame


def not_finite(shapes: Any) -> dict[int, Words]:
    """What is wrong with shapes that have a coordinate that is not finite, by position."""
    import shapely

    points, owner = shapely.get_coordinates(np.asarray(shapes, dtype=object), return_index=True)
    return dict.fromkeys(owner[~np.isfinite(points).all(axis=1)].tolist(), _NOT_FINITE)


def says_where(crs: Any) -> bool:
    """Whether a coordinate system says where on the ground its coordinates are: neither missing nor one of the two
    "undefined" ones of GeoPackage nor that of a drawing."""
    return crs is not None and (crs.is_geographic or crs.is_projected) and not str(crs.name).lower().startswith("undefined")


def read_geo(path: Path, source: TableSource, spec: TableSpec, name: str) -> tuple[Grid | None, list[Problem]]:
    """The grid of one layer of the file that messages call ``name``; None when the file does not open, or the layer is not to be found or has no CRS.

    Shapes in degrees or web mercator are taken to be in the system that the plan declares, as the points of the table are.
    """
    from pyogrio.errors import DataSourceError

    kind = path.suffix.lower()
    encoding = encoding_of(path, source.encoding, name) if kind == SHAPEFILE else None
    if isinstance(encoding, Problem):
        return None, [encoding]
    data = path.read_bytes() if kind != SHAPEFILE else b""
    if kind == GEOJSON and (decoded := decode(name, data, None)) and (decoded.fault or decoded.encoding != "utf-8"):
        return None, [unreadable(name, _NOT_UTF8, _AS_UTF8)]
    try:
        layers = tuple(layer for layer, _ in layers_of(path))
        layer, problems = choose_sheet(name, source.layer, layers, layers, spec, "layer")
        if layer is None:
            return None, problems
        frame, unusable = read_layer(path, layer, encoding)
    except (DataSourceError, ValueError, KeyError, TypeError, RuntimeError):
        return None, [unreadable(name, _DAMAGED)]
    shapes, spoken = None, _GEOJSON_CRS.findall(data) if kind == GEOJSON else []  # an unknown name would pass for WGS84
    if "geometry" in frame.columns:
        crs: Any = frame.crs
        if (unfit := _unfit_system(crs, source, Place(name, layer))) is not None:
            return None, [unfit]
        shapes = frame.geometry if crs.to_epsg() in _SAME_AS_WGS84 else frame.geometry.to_crs(4326)
        spoken = [str(crs.name).encode(), *spoken]
        unusable |= not_finite(shapes)
        problems += [*_of_another_datum(crs, frame.geometry, source, Place(name, layer)), *_unusable(name, layer, unusable)]
        blank = shapes.isna() | shapes.is_empty | shapes.index.isin(unusable)
        shapes = in_wgs84(shapes.astype(object).where(~blank, None).to_numpy(object), source)
        frame = frame.drop(columns="geometry")
    fields = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    rows: list[list[object]] = [list(map(str, frame.columns)), *([_as_cell(value) for value in row] for row in fields)]
    heard = tuple(text.decode(errors="replace") for text in spoken)
    sha = digest(path) if kind == SHAPEFILE else sha256(data).hexdigest()
    geometry = None if shapes is None else shapes.tolist()
    return Grid(name, layer, rows, sha, encoding, layer=True, geometry=geometry, spoken=heard), problems


def _unusable(name: str, layer: str, why: dict[int, Words]) -> list[Problem]:
    """A problem for each shape that cannot be used, by position."""
    places = ((place_of(name, layer, True, at + 1, None), at + 1) for at in sorted(why))
    return [problem("T180", place, layer, number=number, why=why[number - 1]) for place, number in places]


def _unfit_system(crs: Any, source: TableSource, place: Place) -> Problem | None:
    """Why shapes in that coordinate system cannot be placed: it says nothing, or cannot be the one that the plan declares."""
    if not says_where(crs):
        return problem("T108", place, place.sheet or "")
    if source.coordinates in SHIFTED and not (crs.is_geographic or crs.to_epsg() == _WEB_MERCATOR):
        return problem("T233", place, place.sheet or "", crs=crs.name, system=source.coordinates)
    return None


_NEGLIGIBLE = 5.0
"""Uncertainty of a conversion that is not worth a word, m."""
_OF_TODAY = re.compile(r"wgs[\s_]*(?:19)?84|cgcs|china.*2000|itrf|igs|etrs|nad[\s_]*83|twd[\s_]*97", re.I)
"""Datums that lie on WGS84 within a metre or two."""


def _of_another_datum(crs: Any, shapes: Any, source: TableSource, place: Place) -> list[Problem]:
    """What is to be said of shapes on another datum than WGS84: how uncertain their conversion is, or that there is none."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    datum = str(crs.geodetic_crs.name)
    named = {system_named(text) for text in (str(crs.name), datum)}
    held = shapes[~(shapes.isna() | shapes.is_empty)]
    if _OF_TODAY.search(datum) or named & UNCONVERTED or not len(held):
        return []  # of systems without a conversion the table is asked, as where a header names them
    way = Transformer.from_crs(crs, 4326, always_xy=True)
    west, south, east, north = held.total_bounds
    try:
        way.transform((west + east) / 2, (south + north) / 2)
        metres = way.get_last_used_operation().accuracy
    except ProjError:
        metres = way.accuracy
    if 0 <= metres <= _NEGLIGIBLE:
        return []
    if metres > 0:
        how = Words(f"换算为 WGS84，误差约 {metres:g} 米", f"were converted to WGS84, to about {metres:g} m")
        return [problem("T313", place, datum, system=datum, how=how)]
    if "coordinates" in source.model_fields_set:
        how = Words(
            "没有换算，照原数读入，误差不详", "were not converted but read as they stand; how far off they are is not known"
        )
        return [problem("T313", place, datum, system=datum, how=how)]
    return [problem("T312", place, datum, system=datum)]


def in_wgs84(shapes: Any, source: TableSource) -> Any:
    """Shapes in the degrees of the system that the plan declares for their table, in WGS84 degrees; None stays None."""
    import shapely

    if source.coordinates not in SHIFTED:
        return shapes
    return shapely.transform(shapes, lambda points: np.column_stack(to_wgs84(points[:, 0], points[:, 1], source.coordinates)))


def _as_cell(value: object) -> object:
    """A list of texts as one cell that holds several."""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple, np.ndarray)) else value
