"""``plan.gpkg``: the plan as a GeoPackage that QGIS opens with colours and headings, or as the project that is inside.

Layers are declared in EPSG:4490 (CGCS2000), which equals the plan's WGS84 to centimetres. See
:mod:`planner.publish.geopackage.layers` for the layers.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from planner.language import Language
from planner.plan.model import Plan
from planner.publish.field import Kind
from planner.publish.geopackage.layers import Layer, layers_of
from planner.publish.geopackage.project import DEGREES, PROJECT, project, qml
from planner.publish.map.palette import read_palette
from planner.publish.map.places import ground_of
from planner.publish.map.sources import headline
from planner.publish.words import SEMICOLON

CRS = f"EPSG:{DEGREES}"
_TYPES: Mapping[Kind, Any] = {
    **dict.fromkeys(("text", "short"), "string"),
    **dict.fromkeys(("number", "mixed", "points", "share"), "Float64"),
    **dict.fromkeys(("flag", "tick"), "boolean"),
    "count": "Int64",
}
_TIME = "2000-01-01T00:00:00.000Z"
"""Time of last change that is written: a fixed one, so that the same plan gives the same bytes (R8)."""


def write_geopackage(plan: Plan, path: Path) -> None:
    """Write the plan's layers, tables and QGIS styles to a new GeoPackage; a file that stands there is replaced."""
    layers = layers_of(plan, ground_of(plan), read_palette())
    # GDAL takes "!" in a folder's name for an archive, and SQLite no path over 512 bytes: it is made elsewhere and copied.
    with tempfile.TemporaryDirectory(prefix="planner-") as folder, _gdal_set():
        made = Path(folder) / "plan.gpkg"
        for layer in layers:
            _write(layer, made)
        _write_styles(layers, plan.plan.language, made)
        # The seal of the plan with every layer, where GIS programs show what a layer is.
        with closing(sqlite3.connect(made)) as base, base:
            base.execute("UPDATE gpkg_contents SET description = ?", (f"Bulian {plan.short_seal}",))
            base.execute("UPDATE layer_styles SET update_time = ?", (_TIME,))  # with milliseconds, as the standard has it
            _write_project(plan, layers, path.name, base)
        shutil.copyfile(made, path)


def _write_project(plan: Plan, layers: Sequence[Layer], file_name: str, base: sqlite3.Connection) -> None:
    """The table in which QGIS looks for projects: it opens the file's own from its browser."""
    language = plan.plan.language
    summary = SEMICOLON.say(language).join(headline(plan))
    packed = project(layers, plan.plan.name, summary, file_name, language)
    changed = json.dumps({"last_modified_time": _TIME, "last_modified_user": "planner"})
    base.execute("CREATE TABLE qgis_projects(name TEXT PRIMARY KEY, metadata BLOB, content BLOB)")
    base.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", (PROJECT, changed, packed.hex()))


def _write(layer: Layer, path: Path) -> None:
    """One layer, or one table without geometry; blank cells become NULL."""
    import geopandas as gpd
    import pandas as pd
    import pyogrio

    columns = {column.name: pd.array(list(column.values), dtype=_TYPES[column.kind]) for column in layer.columns}
    frame = pd.DataFrame(columns)
    if layer.geometry is None:
        pyogrio.write_dataframe(frame, path, layer=layer.name, driver="GPKG")
        return
    shapes: Any = list(layer.shapes)
    spatial = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=CRS))
    pyogrio.write_dataframe(spatial, path, layer=layer.name, driver="GPKG", geometry_type=layer.geometry)


def _write_styles(layers: Sequence[Layer], language: Language, path: Path) -> None:
    """The table in which QGIS looks for the default style of each layer."""
    import pandas as pd
    import pyogrio

    styles = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": [layer.name for layer in layers],
        "f_geometry_column": ["geom" if layer.geometry else "" for layer in layers],
        "styleName": [layer.name for layer in layers],
        "styleQML": [qml(layer, language) for layer in layers],
        "styleSLD": "",
        "useAsDefault": True,
        "description": [layer.title.say(language) for layer in layers],
        "owner": "",
        "ui": "",
        "update_time": pd.Timestamp(_TIME),
    }
    pyogrio.write_dataframe(pd.DataFrame(styles), path, layer="layer_styles", driver="GPKG", layer_options={"FID": "id"})


@contextmanager
def _gdal_set() -> Iterator[None]:
    """GDAL writes a fixed time instead of the present one, and waits for no disk: a file half made is never handed on."""
    import pyogrio

    wanted = {"OGR_CURRENT_DATE": _TIME, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
