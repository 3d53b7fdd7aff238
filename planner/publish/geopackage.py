"""``plan.gpkg``: the plan as a GeoPackage that QGIS opens with colours and headings.

Layers are declared in EPSG:4490 (CGCS2000), which equals the plan's WGS84 to centimetres. See
:mod:`planner.publish.geolayers` for the layers.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.language import Language
from planner.plan.model import Plan
from planner.publish.field import Kind
from planner.publish.geofields import Column
from planner.publish.geolayers import Layer, layers_of
from planner.publish.map.ground import ground_of
from planner.publish.map.palette import read_palette
from planner.publish.qgis import qml

if TYPE_CHECKING:
    import pandas as pd

CRS = "EPSG:4490"
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
    with tempfile.TemporaryDirectory(prefix="planner-") as folder, _fixed_time():
        made = Path(folder) / "plan.gpkg"
        for layer in layers:
            _write(layer, made)
        _write_styles(layers, plan.plan.language, made)
        _describe(made, plan)
        shutil.copyfile(made, path)


def _describe(path: Path, plan: Plan) -> None:
    """The seal of the plan with every layer, where GIS programs show what a layer is."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_contents SET description = ?", (f"Bulian {plan.short_seal}",))


def _write(layer: Layer, path: Path) -> None:
    """One layer, or one table without geometry; blank cells become NULL."""
    import geopandas as gpd
    import pyogrio

    frame = _frame(layer.columns)
    if layer.geometry is None:
        pyogrio.write_dataframe(frame, path, layer=layer.name, driver="GPKG")
        return
    shapes: Any = list(layer.shapes)
    spatial = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=CRS))
    pyogrio.write_dataframe(spatial, path, layer=layer.name, driver="GPKG", geometry_type=layer.geometry)


def _frame(columns: Sequence[Column]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column.name: pd.array(list(column.values), dtype=_TYPES[column.kind]) for column in columns})


def _write_styles(layers: Sequence[Layer], language: Language, path: Path) -> None:
    """The table in which QGIS looks for the default style of each layer."""
    import pandas as pd
    import pyogrio

    rows: list[dict[str, Any]] = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer.name,
            "f_geometry_column": "geom" if layer.geometry else "",
            "styleName": layer.name,
            "styleQML": qml(layer.style, [(column.name, column.heading.say(language)) for column in layer.columns]),
            "styleSLD": "",
            "useAsDefault": True,
            "description": layer.title.say(language),
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(_TIME),
        }
        for layer in layers
    ]
    pyogrio.write_dataframe(pd.DataFrame(rows), path, layer="layer_styles", driver="GPKG", layer_options={"FID": "id"})


@contextmanager
def _fixed_time() -> Iterator[None]:
    """GDAL writes a fixed time instead of the present one."""
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
