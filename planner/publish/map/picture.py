"""A map as a picture for documents: an SVG in millimetres, drawn without any map library.

Land and boundaries, parks, firms, the stops of a journey; names that never touch each other; scale bar, north arrow, and below
the picture its symbols, the approval number of the ground and where it comes from. It holds no figure but how many firms a symbol
stands for, so that it may stand in what is handed out. The projection is Web Mercator; the scale bar is true at the middle.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

from planner.geography.geojson import shape_of
from planner.language import Language
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult
from planner.publish.documents.model import shown
from planner.publish.map import words
from planner.publish.map.backdrop import SMALL, backdrop, outline, short
from planner.publish.map.frame import Frame, frame_of
from planner.publish.map.labels import Box, Label, Wanted, place_labels, text_width
from planner.publish.map.palette import Palette, read_palette
from planner.publish.map.places import Stop, chosen_firms, park_point, ring_offsets, stops_of
from planner.publish.map.sources import ground_note

FONTS = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',sans-serif"
_WEIGHT = "font-variation-settings:'wght' {weight}"
"""Variable fonts are thin in some renderers unless the text itself says its weight."""
_NAME, _NOTE = 2.7, 2.1
"""Sizes of names of parks and stops, and of the note on the ground, mm."""
_FULL_WIDTH, _LEAST = 110.0, 0.75
"""Millimetres from which on letters and symbols have their full size, and the least share of it below."""
_RING = 0.155
"""Millimetres for a pixel of the rings about parks."""
_SYMBOL = 2.3
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
    # A small picture is a large one seen from afar, down to letters that can still be read.
    scale = min(1.0, max(_LEAST, width_mm / _FULL_WIDTH))
    width, height = width_mm / scale, height_mm / scale
    firms = chosen_firms(plan, chain_id, candidates) if candidates is not None or not stops else ()
    named = {highlight} if isinstance(highlight, str) else set(highlight or ())
    lit = {firm.park_id for firm in plan.selected if firm.candidate_id in named} | named
    chains = [at for at, chain in enumerate(plan.chains) if any(firm.chain_id == chain.chain_id for firm in firms)]
    legend = _legend_rows([(plan.chains[at].name, *palette.chain(at)) for at in chains], width)
    note = _wrapped(ground_note(plan, language), width - _NOTE, _NOTE)
    foot = len(legend) * SMALL * 1.5 + len(note) * _NOTE * 1.35 + 0.8
    points = [park_point(park) for park in plan.parks]
    frame = frame_of(plan, points, stops, width, max(10.0, height - foot))

    ground, areas = backdrop(plan, frame, stops)
    furniture, taken = _furniture(frame, language)
    many = len(plan.parks) > _CROWD
    few_names = many or (bool(lit) and width_mm < _FULL_WIDTH)  # a province's parks are dots: their names would hide what they name
    crowd = 0.72 if many else 1.0
    spots: list[tuple[str, Box]] = []
    names: list[tuple[bool, Wanted]] = []
    for park, point in zip(plan.parks, points, strict=True):
        if point is None or not frame.holds(*point):
            continue
        x, y = frame.at(*point)
        is_lit = park.park_id in lit
        spots.append(_park(park, x, y, frame, is_lit, crowd))
        if is_lit or not few_names:
            size, gap = (_NAME, 1.9) if is_lit else (SMALL, 1.4)
            names.append((not is_lit, Wanted(park.name, x, y, size, gap * crowd, "park")))
    spots += _firms(plan, firms, points, frame, palette, crowd)
    for at, stop in enumerate(stops, start=1):
        x, y = frame.at(stop.lat, stop.lon)
        spots.append(_stop(at, x, y))
        names.insert(at - 1, (False, Wanted(stop.name, x, y, _NAME, 2.2, "stop")))
    wanted = [*(name for _, name in sorted(names, key=lambda pair: pair[0])), *areas]
    labels = place_labels(wanted, [*taken, *(box for _, box in spots)], (0.5, 0.5, frame.width - 0.5, frame.height - 0.5))
    drawing = [ground, *([_arrow(stops, frame)] if stops else []), *(drawn for drawn, _ in spots)]
    drawing += [*(_text(label, palette) for label in labels), furniture]
    paper = f'width="{short(width_mm)}mm" height="{short(height_mm)}mm" viewBox="0 0 {short(width)} {short(height)}"'
    return _document(paper, frame, drawing, _foot(legend, note, frame))


def _document(paper: str, frame: Frame, drawing: Iterable[str], foot: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {paper} '
        f'font-family="{FONTS}"><defs><clipPath id="frame"><rect width="{short(frame.width)}" height="{short(frame.height)}"/></clipPath></defs>'
        f'<g clip-path="url(#frame)">{"".join(drawing)}</g>'
        f'<rect x="0.1" y="0.1" width="{short(frame.width - 0.2)}" height="{short(frame.height - 0.2)}" fill="none" stroke="#7d8a96" '
        f'stroke-width="0.2"/>{foot}</svg>'
    )


def _park(park: ParkResult, x: float, y: float, frame: Frame, is_lit: bool, crowd: float) -> tuple[str, Box]:
    """A park: its area where that is large enough to be seen, and a dot."""
    radius = (1.6 if is_lit else 1.0) * crowd
    area = ""
    if park.geometry is not None and park.geometry["type"] != "Point":
        shape = frame.geometry(shape_of(park.geometry))
        left, top, right, bottom = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
        area = outline(shape, "#f3d3c3" if is_lit else "#cfe0ec", _STRONG, 0.15) if max(right - left, bottom - top) > 2.5 else ""
    dot = f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}" fill="{_CHOSEN if is_lit else "#ffffff"}" stroke="{_STRONG}" stroke-width="0.3"/>'
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
        f'<path transform="translate({short(left)} {short(top)}) scale({short(side / 16, 4)})" d="{shape}" fill="{colour}" stroke="#ffffff" '
        f'stroke-width="1.3" stroke-linejoin="round"/>'
    )


def _stop(number: int, x: float, y: float) -> tuple[str, Box]:
    mark = (
        f'<circle cx="{short(x)}" cy="{short(y)}" r="1.9" fill="{_CHOSEN}" stroke="#ffffff" stroke-width="0.35"/>'
        f'<text x="{short(x)}" y="{short(y + 0.85)}" text-anchor="middle" font-size="2.4" fill="#ffffff" font-weight="700" '
        f'style="{_WEIGHT.format(weight=700)}">{number}</text>'
    )
    return mark, (x - 1.9, y - 1.9, x + 1.9, y + 1.9)


def _arrow(stops: Sequence[Stop], frame: Frame) -> str:
    """The way from stop to stop."""
    points = " ".join(f"{short(x)},{short(y)}" for x, y in (frame.at(stop.lat, stop.lon) for stop in stops))
    return f'<polyline points="{points}" fill="none" stroke="{_CHOSEN}" stroke-width="0.6" stroke-linejoin="round" opacity="0.8"/>'


def _text(label: Label, palette: Palette) -> str:
    strong = label.kind in ("park", "stop")
    return (
        f'<text x="{short(label.x)}" y="{short(label.y)}" text-anchor="middle" font-size="{short(label.size)}" '
        f'fill="{_STRONG if strong else "#6a7682"}" stroke="{palette.ground["region"]}" stroke-width="0.55" stroke-linejoin="round" '
        f'paint-order="stroke" font-weight="{600 if strong else 400}" style="{_WEIGHT.format(weight=600 if strong else 400)}">'
        f"{_said(label.text)}</text>"
    )


def _furniture(frame: Frame, language: Language) -> tuple[str, list[Box]]:
    """Scale bar and north arrow, and the room they take."""
    kilometres, length = frame.scale_bar(frame.width / 4)
    low, north_x = frame.height - 2.0, frame.width - 4.0
    text = f"{kilometres:g} km"
    style = f'font-size="{SMALL}" fill="#2b3a48" style="{_WEIGHT.format(weight=400)}"'
    drawn = (
        f'<path d="M2 {short(low - 1)}V{short(low)}H{short(2 + length)}V{short(low - 1)}" fill="none" stroke="#2b3a48" stroke-width="0.3"/>'
        f'<text x="{short(2 + length / 2)}" y="{short(low - 1)}" text-anchor="middle" {style}>{text}</text>'
        f'<path d="M{short(north_x)} 4.4l1.7 5.2l-1.7-1.1l-1.7 1.1z" fill="#2b3a48"/>'
        f'<text x="{short(north_x)}" y="3.8" text-anchor="middle" {style}>{words.PAGE["north_letter"].say(language)}</text>'
    )
    middle = max(length, text_width(text, SMALL)) + 3
    return drawn, [(0.0, low - 4, middle, frame.height), (north_x - 3, 0.0, frame.width, 10.5)]


def _legend_rows(chains: Sequence[tuple[str, str, str]], width: float) -> list[list[tuple[float, str, str, str]]]:
    """Symbols and names of chains in rows: where each begins, its name, colour and shape."""
    rows: list[list[tuple[float, str, str, str]]] = []
    x = width
    for name, colour, shape in chains:
        room = _SYMBOL + 0.8 + text_width(name, SMALL) + 3.0
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
            drawn.append(_line(name, x + _SYMBOL + 0.8, y + SMALL * 0.88, SMALL, "#1d2a36"))
        y += SMALL * 1.5
    for line in note:
        y += _NOTE * 1.35
        drawn.append(_line(line, 0.0, y - 0.5, _NOTE, "#5b6b7a"))
    return "".join(drawn)


def _line(text: str, x: float, y: float, size: float, colour: str) -> str:
    style = _WEIGHT.format(weight=400)
    return f'<text x="{short(x)}" y="{short(y)}" font-size="{size}" fill="{colour}" style="{style}">{_said(text)}</text>'


def _said(text: str) -> str:
    """Text of the input as an SVG can bear it, which no control character may stand in."""
    return escape(shown(text))
