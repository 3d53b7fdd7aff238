"""A map as a picture for documents: an SVG in millimetres, drawn without any map library.

Land and boundaries, parks, firms, the stops of a journey; names that never touch each other; scale bar, north arrow, and below
the picture its symbols, the approval number of the ground and where it comes from. It holds no figure but how many firms a symbol
stands for, so that it may stand in what is handed out. The projection is Web Mercator; the scale bar is true at the middle.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from planner.geography.geojson import Features, shape_of
from planner.language import Language
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult
from planner.publish.map import words
from planner.publish.map.frame import Frame, frame_of
from planner.publish.map.labels import Box, Label, Wanted, place_labels, text_width
from planner.publish.map.palette import Palette, read_palette
from planner.publish.map.places import (
    REGION_LAYERS,
    Stop,
    chosen_firms,
    ground_of,
    ground_of_journey,
    park_point,
    ring_offsets,
    stops_of,
)
from planner.publish.map.sources import ground_note

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FONTS = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',sans-serif"
_WEIGHT = "font-variation-settings:'wght' {weight}"
"""Variable fonts are thin in some renderers unless the text itself says its weight."""
_NAME, _SMALL, _NOTE = 2.7, 2.3, 2.1
"""Sizes of names of parks and stops, of districts and legend, and of the note on the ground, mm."""
_RING = 0.155
"""Millimetres for a pixel of the rings about parks."""
_SYMBOL = 2.3
_SEEN = 30.0
"""Square millimetres below which an area has no room for its name."""
_CROWDED_WIDTH = 120.0
"""Millimetres below which a province is drawn without its districts."""
_CROWD = 40
"""Parks from which on symbols and rings are drawn smaller."""
_CLOSING = "，。；、：）)"
"""What no line begins with."""
_STRONG, _CHOSEN = "#1b3b57", "#c8501e"


def map_svg(
    plan: Plan,
    *,
    width_mm: float,
    height_mm: float,
    highlight: str | Collection[str] | None = None,
    chain_id: str | None = None,
    candidates: Collection[str] | None = None,
    route: Iterable[Sequence[object]] | None = None,
    language: Language,
) -> str:
    """The plan's map as SVG text of the given size.

    Args:
        highlight: ids of parks, or of selected firms whose parks are meant; their names stand first.
        chain_id: only the firms of this chain.
        candidates: only these firms; an empty collection draws none.
        route: name, longitude, latitude, day, arrival and departure of each stop, in order; the picture then shows the journey.
    """
    palette, stops = read_palette(), stops_of(route)
    firms = chosen_firms(plan, chain_id, candidates) if candidates is not None or not stops else ()
    named = {highlight} if isinstance(highlight, str) else set(highlight or ())
    lit = {park for firm in plan.selected if firm.candidate_id in named for park in (firm.park_id,)} | named
    chains = [at for at, chain in enumerate(plan.chains) if any(firm.chain_id == chain.chain_id for firm in firms)]
    legend = _legend_rows([(plan.chains[at].name, *palette.chain(at)) for at in chains], width_mm)
    note = _wrapped(ground_note(plan, language), width_mm - _NOTE, _NOTE)
    foot = len(legend) * _SMALL * 1.5 + len(note) * _NOTE * 1.35 + 0.8
    ground, points = ground_of(plan), [park_point(park) for park in plan.parks]
    frame = frame_of(plan, ground, points, stops, width_mm, max(10.0, height_mm - foot))

    near = ground_of_journey(stops) if stops else None
    land, areas = (ground.country, ground.region) if near is None else ((), near)
    furniture, taken = _furniture(frame, language)
    drawing, names = [_ground(land, areas, frame, palette)], []
    many = len(plan.parks) > _CROWD
    crowd = (0.72 if many else 1.0) * min(1.0, max(0.6, width_mm / 120))
    spots: list[tuple[str, Box]] = []
    for park, point in zip(plan.parks, points, strict=True):
        if point is None or not frame.holds(*point):
            continue
        x, y = frame.at(*point)
        is_lit = park.park_id in lit
        spots.append(_park(park, x, y, frame, is_lit, crowd))
        if is_lit or not many:  # a province's parks are dots: their names would hide what they name
            names.append(
                (not is_lit, Wanted(park.name, x, y, _NAME if is_lit else _SMALL, (1.9 if is_lit else 1.4) * crowd, "park"))
            )
    spots += _firms(plan, firms, points, frame, palette, crowd)
    drawing += [_arrow(stops, frame)] if stops else []
    for at, stop in enumerate(stops, start=1):
        x, y = frame.at(stop.lat, stop.lon)
        spots.append(_stop(at, x, y))
        names.insert(at - 1, (False, Wanted(stop.name, x, y, _NAME, 2.2, "stop")))
    wanted = [name for _, name in sorted(names, key=lambda pair: pair[0])] + _area_names(areas, frame)
    labels = place_labels(wanted, [*taken, *(box for _, box in spots)], (0.5, 0.5, frame.width - 0.5, frame.height - 0.5))
    drawing += [drawn for drawn, _ in spots] + [_text(label, palette) for label in labels] + [furniture]
    return _document(width_mm, height_mm, frame, drawing, _foot(legend, note, frame))


def _document(width: float, height: float, frame: Frame, drawing: Iterable[str], foot: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}mm" height="{_n(height)}mm" viewBox="0 0 {_n(width)} {_n(height)}" '
        f'font-family="{FONTS}"><defs><clipPath id="frame"><rect width="{_n(frame.width)}" height="{_n(frame.height)}"/></clipPath></defs>'
        f'<g clip-path="url(#frame)">{"".join(drawing)}</g>'
        f'<rect x="0.1" y="0.1" width="{_n(frame.width - 0.2)}" height="{_n(frame.height - 0.2)}" fill="none" stroke="#7d8a96" '
        f'stroke-width="0.2"/>{foot}</svg>'
    )


def _ground(country: Sequence[Features], region: Sequence[Features], frame: Frame, palette: Palette) -> str:
    """Sea, land and the lines on it, from below: the region's fill lies below its districts, its outline above them."""
    shades = palette.ground
    styles = {
        "country": (shades["land"], shades["border"], 0.15),
        "province": ("none", shades["province"], 0.15),
        "border": ("none", shades["border"], 0.2),
        "region": (shades["region"], "none", 0.0),
        "district": ("none", shades["district"], 0.12),
        "city": ("none", shades["city"], 0.18),
    }
    drawn = [f'<rect width="{_n(frame.width)}" height="{_n(frame.height)}" fill="{shades["sea"]}"/>']
    few = frame.width < _CROWDED_WIDTH and any(feature["properties"]["layer"] == "city" for feature in region)
    features = [feature for feature in (*country, *region) if not few or feature["properties"]["layer"] != "district"]
    if not any(feature["properties"]["layer"] == "country" for feature in features):  # of a journey, the areas are the land
        styles |= {layer: (shades["region"], styles[layer][1], styles[layer][2]) for layer in ("district", "city")}
    for layer, (fill, line, width) in styles.items():
        drawn += [
            _path(frame.geometry(shape_of(feature["geometry"])), fill, line, width)
            for feature in features
            if feature["properties"]["layer"] == layer
        ]
    outline = [feature for feature in region if feature["properties"]["layer"] == REGION_LAYERS[0]]
    drawn += [_path(frame.geometry(shape_of(feature["geometry"])), "none", shades["outline"], 0.4) for feature in outline]
    return "".join(drawn)


def _path(geometry: BaseGeometry, fill: str, line: str, width: float) -> str:
    import shapely

    steps = []
    for part in shapely.get_parts(geometry):
        kind = part.geom_type
        rings = [part.exterior, *part.interiors] if kind == "Polygon" else [part] if kind == "LineString" else []
        for ring in rings:
            points = "L".join(f"{_n(x)} {_n(y)}" for x, y in shapely.get_coordinates(ring).round(2).tolist())
            steps.append(f"M{points}{'z' if kind == 'Polygon' else ''}")
    stroke = f'stroke="{line}" stroke-width="{_n(width)}" stroke-linejoin="round"' if line != "none" else ""
    return f'<path d="{"".join(steps)}" fill="{fill}" fill-rule="evenodd" {stroke}/>' if steps else ""


def _park(park: ParkResult, x: float, y: float, frame: Frame, is_lit: bool, crowd: float) -> tuple[str, Box]:
    """A park: its area where that is large enough to be seen, and a dot."""
    radius = (1.6 if is_lit else 1.0) * crowd
    area = ""
    if park.geometry is not None and park.geometry["type"] != "Point":
        shape = frame.geometry(shape_of(park.geometry))
        left, top, right, bottom = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
        area = _path(shape, "#f3d3c3" if is_lit else "#cfe0ec", _STRONG, 0.15) if max(right - left, bottom - top) > 2.5 else ""
    dot = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{_CHOSEN if is_lit else "#ffffff"}" stroke="{_STRONG}" stroke-width="0.3"/>'
    return area + dot, (x - radius, y - radius, x + radius, y + radius)


def _firms(
    plan: Plan,
    firms: Sequence[Selected],
    points: Sequence[tuple[float, float] | None],
    frame: Frame,
    palette: Palette,
    crowd: float,
) -> list[tuple[str, Box]]:
    """The firms in rings about their parks, those of one chain side by side."""
    park_at = {park.park_id: position for position, park in enumerate(plan.parks)}
    chain_at = {chain.chain_id: position for position, chain in enumerate(plan.chains)}
    by_park: dict[int, list[int]] = {}
    for firm in firms:
        by_park.setdefault(park_at[firm.park_id], []).append(chain_at.get(firm.chain_id or "", -1))
    drawn = []
    for park, chains in by_park.items():
        point = points[park]
        if point is None or not frame.holds(*point):
            continue
        x, y = frame.at(*point)
        for chain, (dx, dy) in zip(sorted(chains), ring_offsets(len(chains)), strict=True):
            colour, shape = palette.chain(chain) if chain >= 0 else (palette.no_chain, palette.chain_shapes[0])
            side = _SYMBOL * crowd
            left, top = x + dx * _RING * crowd - side / 2, y + dy * _RING * crowd - side / 2
            drawn.append((_symbol(shape, colour, left, top, side), (left, top, left + side, top + side)))
    return drawn


def _symbol(shape: str, colour: str, left: float, top: float, side: float) -> str:
    return (
        f'<path transform="translate({_n(left)} {_n(top)}) scale({_n(side / 16, 4)})" d="{shape}" fill="{colour}" stroke="#ffffff" '
        f'stroke-width="1.3" stroke-linejoin="round"/>'
    )


def _stop(number: int, x: float, y: float) -> tuple[str, Box]:
    mark = (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="1.9" fill="{_CHOSEN}" stroke="#ffffff" stroke-width="0.35"/>'
        f'<text x="{_n(x)}" y="{_n(y + 0.85)}" text-anchor="middle" font-size="2.4" fill="#ffffff" font-weight="700" '
        f'style="{_WEIGHT.format(weight=700)}">{number}</text>'
    )
    return mark, (x - 1.9, y - 1.9, x + 1.9, y + 1.9)


def _arrow(stops: Sequence[Stop], frame: Frame) -> str:
    """The way from stop to stop."""
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in (frame.at(stop.lat, stop.lon) for stop in stops))
    return f'<polyline points="{points}" fill="none" stroke="{_CHOSEN}" stroke-width="0.6" stroke-linejoin="round" opacity="0.8"/>'


def _area_names(region: Sequence[Features], frame: Frame) -> list[Wanted]:
    """Names of the cities, or else of the districts, each in the middle of what is seen of it."""
    named = []
    has_cities = any(feature["properties"]["layer"] == "city" for feature in region)
    for feature in region:
        layer = str(feature["properties"]["layer"])
        if layer in ("city", "district") and "Polygon" in feature["geometry"]["type"]:
            shape = frame.geometry(shape_of(feature["geometry"]))
            if shape.area > _SEEN and (layer == "city" or not has_cities):
                point = shape.representative_point()
                named.append(Wanted(str(feature["properties"]["name"]), point.x, point.y, _SMALL, 0.0, layer))
    return named


def _text(label: Label, palette: Palette) -> str:
    strong = label.kind in ("park", "stop")
    return (
        f'<text x="{_n(label.x)}" y="{_n(label.y)}" text-anchor="middle" font-size="{_n(label.size)}" '
        f'fill="{_STRONG if strong else "#6a7682"}" stroke="{palette.ground["region"]}" stroke-width="0.55" stroke-linejoin="round" '
        f'paint-order="stroke" font-weight="{600 if strong else 400}" style="{_WEIGHT.format(weight=600 if strong else 400)}">'
        f"{escape(label.text)}</text>"
    )


def _furniture(frame: Frame, language: Language) -> tuple[str, list[Box]]:
    """Scale bar and north arrow, and the room they take."""
    kilometres, length = frame.scale_bar(frame.width / 4)
    low, north_x = frame.height - 2.0, frame.width - 4.0
    text = f"{kilometres:g} km"
    style = f'font-size="{_SMALL}" fill="#2b3a48" style="{_WEIGHT.format(weight=400)}"'
    drawn = (
        f'<path d="M2 {_n(low - 1)}V{_n(low)}H{_n(2 + length)}V{_n(low - 1)}" fill="none" stroke="#2b3a48" stroke-width="0.3"/>'
        f'<text x="{_n(2 + length / 2)}" y="{_n(low - 1)}" text-anchor="middle" {style}>{text}</text>'
        f'<path d="M{_n(north_x)} 4.4l1.7 5.2l-1.7-1.1l-1.7 1.1z" fill="#2b3a48"/>'
        f'<text x="{_n(north_x)}" y="3.8" text-anchor="middle" {style}>{words.PAGE["north_letter"].say(language)}</text>'
    )
    middle = max(length, text_width(text, _SMALL)) + 3
    return drawn, [(0.0, low - 4, middle, frame.height), (north_x - 3, 0.0, frame.width, 10.5)]


def _legend_rows(chains: Sequence[tuple[str, str, str]], width: float) -> list[list[tuple[float, str, str, str]]]:
    """Symbols and names of chains in rows: where each begins, its name, colour and shape."""
    rows: list[list[tuple[float, str, str, str]]] = []
    x = width
    for name, colour, shape in chains:
        room = _SYMBOL + 0.8 + text_width(name, _SMALL) + 3.0
        if x + room > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, name, colour, shape))
        x += room
    return rows


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """A text in lines that fit the width; Chinese may break anywhere, Latin words stay whole where they can."""
    rows, row = [], ""
    for character in text:
        if text_width(row + character, size) > width and row and character not in _CLOSING:
            cut = row.rfind(" ") if character.isascii() and character.isalnum() else -1
            rows.append(row[:cut] if cut > len(row) // 2 else row)
            row = row[cut + 1 :] if cut > len(row) // 2 else ""
        row += character
    return [line.strip() for line in (*rows, row) if line.strip()]


def _foot(legend: Sequence[Sequence[tuple[float, str, str, str]]], note: Sequence[str], frame: Frame) -> str:
    """What stands below the picture."""
    drawn, y = [], frame.height + 0.8
    for row in legend:
        for x, name, colour, shape in row:
            drawn.append(_symbol(shape, colour, x, y, _SYMBOL))
            drawn.append(_line(name, x + _SYMBOL + 0.8, y + _SMALL * 0.88, _SMALL, "#1d2a36"))
        y += _SMALL * 1.5
    for line in note:
        y += _NOTE * 1.35
        drawn.append(_line(line, 0.0, y - 0.5, _NOTE, "#5b6b7a"))
    return "".join(drawn)


def _line(text: str, x: float, y: float, size: float, colour: str) -> str:
    style = _WEIGHT.format(weight=400)
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" fill="{colour}" style="{style}">{escape(text)}</text>'


def _n(value: float, decimals: int = 2) -> str:
    """A number as short as it can be."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".") if value else "0"
