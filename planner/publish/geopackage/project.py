"""The styles of a GeoPackage's layers, and the QGIS project inside it, from the templates of ``maps/qgis``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import shapely

from planner.content import content_folder
from planner.language import Language
from planner.publish.geopackage.layers import OF_TABLES, Layer, Symbol, SymbolKind

PROJECT = "plan"
"""The project's name in the GeoPackage."""
DEGREES = 4490
"""CGCS2000, of all layers."""
_ZONES, _FIRST_MERIDIAN, _LAST_MERIDIAN = 4534, 75, 135
"""CGCS2000 in three-degree zones by their central meridian: EPSG:4534 is that of 75° E, each next one is three degrees further."""
_COUNTRY = (73.0, 18.0, 136.0, 54.0)
"""What is shown where nothing of the plan has a place: west, south, east, north."""
_MARGIN = 0.08
"""Part of the extent that is added at each side."""
_SYMBOL_CLASSES: Mapping[SymbolKind, str] = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
_AROUND_POINT, _INSIDE = 0, 1
"""Label placements of QGIS: around a point, over an area's inside."""
_KINDS = {"Point": "Point", "MultiPolygon": "Polygon", "LineString": "Line", "MultiLineString": "Line", None: "No geometry"}
_FRAMED = ("park_points", "park_areas", "selected_firms", "boundary_areas")
"""Layers that the project opens on."""


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader

    return Environment(autoescape=True, loader=FileSystemLoader(content_folder("maps") / "qgis"))


def qml(layer: Layer, language: Language) -> str:
    """The style of a layer as QML, with an alias for each field, which is what a reader sees."""
    text: str = _templates().get_template("layer.qml").render(**_style(layer, language))
    return text


def project(layers: Sequence[Layer], title: str, abstract: str, file_name: str, language: Language) -> bytes:
    """The project as a ``.qgz``: layers in groups, styled and labelled, in a plane system of the plan's longitude, opened on the plan.
    Layers are looked for in ``file_name`` beside it, wherever both are."""
    import pyproj

    west, south, east, north = _extent(layers)
    plane = pyproj.CRS.from_epsg(_zone((west + east) / 2))
    shown = pyproj.Transformer.from_crs(DEGREES, plane, always_xy=True).transform_bounds(west, south, east, north)
    groups = [
        {
            "name": _printable(group.say(language)),
            "open": group is not OF_TABLES,
            "layers": [_entry(one, file_name, language) for one in own],
        }
        for group, own in groupby(layers, key=lambda layer: layer.group)
    ]
    text = (
        _templates()
        .get_template("project.qgs")
        .render(
            title=_printable(title),
            abstract=_printable(abstract),
            crs=_system(plane),
            layers_crs=_system(pyproj.CRS.from_epsg(DEGREES)),
            extent=[round(float(edge), 1) for edge in shown],
            groups=groups,
        )
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo(f"{PROJECT}.qgs"), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _extent(layers: Sequence[Layer]) -> tuple[float, float, float, float]:
    """West, south, east and north of the plan's region and parks, with a margin; of the country where it has none."""
    shapes: list[Any] = []
    for layer in layers:
        if layer.name in _FRAMED:
            levels = next((column.values for column in layer.columns if column.name == "layer"), ("",) * len(layer.shapes))
            shapes += [shape for shape, level in zip(layer.shapes, levels, strict=True) if shape is not None and level != "country"]
    if not shapes:
        return _COUNTRY
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    more = max(_MARGIN * max(east - west, north - south), 0.02)
    return west - more, south - more, east + more, north + more


def _zone(longitude: float) -> int:
    """EPSG code of the zone about a longitude."""
    meridian = min(max(3 * round(longitude / 3), _FIRST_MERIDIAN), _LAST_MERIDIAN)
    return _ZONES + (meridian - _FIRST_MERIDIAN) // 3


def _system(crs: Any) -> dict[str, Any]:
    import warnings

    with warnings.catch_warnings():  # that PROJ strings say less: the code stands beside it
        warnings.simplefilter("ignore")
        return {
            "wkt": crs.to_wkt("WKT2_2019"),
            "proj4": crs.to_proj4(),
            "srid": crs.to_epsg(),
            "name": crs.name,
            "geographic": crs.is_geographic,
        }


def _entry(layer: Layer, file_name: str, language: Language) -> dict[str, Any]:
    """What the project says of a layer beside its style."""
    return {
        **_style(layer, language),
        "id": f"{layer.name}_bulian",
        "title": _printable(layer.title.say(language)),
        "source": f"./{file_name}|layername={layer.name}",
        "geometry": _KINDS[layer.geometry],
        "wkb": layer.geometry,
    }


def _style(layer: Layer, language: Language) -> dict[str, Any]:
    """What the template of a style takes."""
    style, kind = layer.style, layer.style.kind
    fields = ((column.name, column.heading.say(language)) for column in layer.columns)
    return {
        "kind": kind,
        "symbol_class": _SYMBOL_CLASSES[kind] if kind else "",
        "attribute": style.attribute,
        "label": style.label,
        "label_from": style.label_from,
        "label_placement": _AROUND_POINT if kind == "marker" else _INSIDE,
        "symbols": [{"value": _printable(symbol.value), "options": _options(kind, symbol)} for symbol in style.symbols if kind],
        "fields": [{"name": _printable(name), "alias": _printable(alias)} for name, alias in fields],
    }


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
