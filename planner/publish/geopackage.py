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
from functools import cache
from pathlib import Path
from typing import Any

from planner.content import content_folder
from planner.language import Language
from planner.plan.model import Plan
from planner.publish.field import Kind
from planner.publish.geolayers import Layer, Symbol, SymbolKind, layers_of
from planner.publish.map.palette import read_palette
from planner.publish.map.places import ground_of

CRS = "EPSG:4490"
_TYPES: Mapping[Kind, Any] = {
    **dict.fromkeys(("text", "short"), "string"),
    **dict.fromkeys(("number", "mixed", "points", "share"), "Float64"),
    **dict.fromkeys(("flag", "tick"), "boolean"),
    "count": "Int64",
}
_SYMBOL_CLASSES: Mapping[SymbolKind, str] = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
_AROUND_POINT, _INSIDE = 0, 1
"""Label placements of QGIS: around a point, over an area's inside."""
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
        shutil.copyfile(made, path)


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
        "styleQML": [_qml(layer, language) for layer in layers],
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


@cache
def _template() -> Any:
    from jinja2 import Environment

    return Environment(autoescape=True).from_string((content_folder("maps") / "qgis" / "layer.qml").read_text(encoding="utf-8"))


def _qml(layer: Layer, language: Language) -> str:
    """The style of a layer as QML, with an alias for each field, which is what a reader sees."""
    style, kind = layer.style, layer.style.kind
    fields = ((column.name, column.heading.say(language)) for column in layer.columns)
    rendered: str = _template().render(
        kind=kind,
        symbol_class=_SYMBOL_CLASSES[kind] if kind else "",
        attribute=style.attribute,
        label=style.label,
        label_placement=_AROUND_POINT if kind == "marker" else _INSIDE,
        symbols=[{"value": _printable(symbol.value), "options": _options(kind, symbol)} for symbol in style.symbols if kind],
        fields=[{"name": _printable(name), "alias": _printable(alias)} for name, alias in fields],
    )
    return rendered


def _options(kind: SymbolKind, symbol: Symbol) -> dict[str, str]:
    """The options of one symbol layer, by the names that QGIS gives them."""
    pen, size = "dash" if symbol.dashed else "solid", f"{symbol.size:g}"
    if kind == "line":
        return {"line_color": _rgba(symbol.stroke), "line_width": size, "line_style": pen}
    options = {"color": _rgba(symbol.fill), "outline_color": _rgba(symbol.stroke), "outline_style": pen}
    if kind == "marker":
        return options | {"name": "circle", "size": size, "outline_width": "0.3"}
    return options | {"style": "solid" if symbol.fill else "no", "outline_width": size}


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(character for character in text if character.isprintable() or character == " ")


def _rgba(colour: str) -> str:
    """``#1b3b57`` as QGIS writes it: ``27,59,87,255``; no colour at all is transparent."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255" if colour else "0,0,0,0"
