"""Styles that QGIS finds in a GeoPackage: colours of the map's palette, and headings in the plan's language.

Field names in the GeoPackage are ASCII and do not change with the language; the alias of a field is what a reader sees.
The template is ``maps/qgis/layer.qml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from planner.content import content_folder

SymbolKind = Literal["marker", "line", "fill"]
_CLASSES: Mapping[SymbolKind, str] = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
_AROUND_POINT, _INSIDE = 0, 1
"""Label placements of QGIS: around a point, over an area's inside."""


@dataclass(frozen=True)
class Symbol:
    """One symbol of a layer; ``value`` is the attribute's value that it stands for."""

    fill: str
    stroke: str
    size: float
    """Diameter of a marker or width of a line, mm."""
    value: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Style:
    """How QGIS shows one layer. Without symbols only the headings are set, as for a table."""

    kind: SymbolKind | None
    symbols: tuple[Symbol, ...]
    attribute: str | None = None
    """Field whose value chooses the symbol; None: one symbol for all."""
    label: str | None = None
    """Field that is written beside each feature."""


PLAIN = Style(None, ())
"""Headings alone."""


def qml(style: Style, headings: Sequence[tuple[str, str]]) -> str:
    """The style as QML; ``headings`` are the field names, in the layer's order, with their aliases."""
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string((content_folder("maps") / "qgis" / "layer.qml").read_text(encoding="utf-8"))
    kind = style.kind
    return template.render(
        kind=kind,
        symbol_class=_CLASSES[kind] if kind else "",
        attribute=style.attribute,
        label=style.label,
        label_placement=_AROUND_POINT if kind == "marker" else _INSIDE,
        symbols=[{"value": _printable(symbol.value), "options": _options(kind, symbol)} for symbol in style.symbols if kind],
        fields=[{"name": _printable(name), "alias": _printable(alias)} for name, alias in headings],
    )


def _options(kind: SymbolKind, symbol: Symbol) -> dict[str, str]:
    """The options of one symbol layer, by the names that QGIS gives them."""
    pen = "dash" if symbol.dashed else "solid"
    if kind == "line":
        return {"line_color": _rgba(symbol.stroke), "line_width": f"{symbol.size:g}", "line_style": pen}
    options = {"color": _rgba(symbol.fill), "outline_color": _rgba(symbol.stroke), "outline_style": pen}
    if kind == "marker":
        return options | {"name": "circle", "size": f"{symbol.size:g}", "outline_width": "0.3"}
    style = "solid" if symbol.fill else "no"
    return options | {"style": style, "outline_width": f"{symbol.size:g}"}


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(character for character in text if character.isprintable() or character == " ")


def _rgba(colour: str) -> str:
    """``#1b3b57`` as QGIS writes it: ``27,59,87,255``; no colour at all is transparent."""
    if not colour:
        return "0,0,0,0"
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
