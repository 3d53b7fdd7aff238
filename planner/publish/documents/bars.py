"""Bars as a picture for pages: SVG of our own, its texts within their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from planner.publish.book.text import width
from planner.publish.documents.fonts import BOLD, FAMILY, REGULAR
from planner.publish.documents.model import Bars, Block, Document, Picture, shown, value_of
from planner.publish.documents.style import Style

WIDE, LEFT, RIGHT = 500.0, 150.0, 70.0
"""Of the picture, of the names at its left, and of the figures beyond the longest bar, pt."""
SIZE, LINE, BAR, GAP, LEGEND = 9.5, 12.0, 12.0, 9.0, 22.0
_COLUMNS = 27
"""Columns of text that a line of a name takes, a Chinese character two."""
_COLOURS = ("line", "accent", "green", "amber")


def with_pictures(document: Document, style: Style) -> Document:
    """The document with pictures in place of bars, for pages."""

    def drawn(block: Block) -> Block:
        return picture_of(block, style) if isinstance(block, Bars) else block

    sections = (replace(section, blocks=tuple(map(drawn, section.blocks))) for section in document.sections)
    return replace(document, sections=tuple(sections))


def picture_of(bars: Bars, style: Style) -> Picture:
    """The bars as a picture."""
    rows = [list(_lines(shown(name))) for name in bars.categories]
    heights = [max(len(lines) * LINE, len(bars.series) * BAR) + GAP for lines in rows]
    known = [value for series in bars.series for value in series.values if value is not None]
    most = bars.most or max((*known, 0.0)) or 1.0
    parts, top = list(_legend(bars, style)), LEGEND
    for at, (lines, height) in enumerate(zip(rows, heights, strict=True)):
        middle = top + height / 2
        first = middle - (len(lines) - 1) * LINE / 2 + SIZE * 0.35
        parts += [_text(LEFT - 8, first + n * LINE, line, style.colour("ink"), "end") for n, line in enumerate(lines)]
        for n, series in enumerate(bars.series):
            value, y = series.values[at], middle + (n - len(bars.series) / 2) * BAR
            long = (WIDE - LEFT - RIGHT) * min(max(value or 0.0, 0.0) / most, 1.0)
            colour = style.colour(_COLOURS[n % len(_COLOURS)])
            parts.append(f'<rect x="{LEFT}" y="{y + 1:.2f}" width="{long:.2f}" height="{BAR - 2}" fill="{colour}"/>')
            text = value_of(series.texts[at]).marked
            parts.append(
                _text(LEFT + long + 5, y + BAR / 2 + SIZE * 0.35, text, style.colour("ink"), "start", n == len(bars.series) - 1)
            )
        top += height
    parts.append(f'<path d="M{LEFT} {LEGEND - 2}V{top - GAP / 2:.2f}" stroke="{style.colour("grey")}" stroke-width="0.8"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {top:.2f}" font-family="{FAMILY}" font-size="{SIZE}">'
    return Picture("".join([head, *parts, "</svg>"]), bars.alt, bars.caption)


def _legend(bars: Bars, style: Style) -> Iterator[str]:
    x = LEFT
    for n, series in enumerate(bars.series):
        name = shown(series.name)
        yield f'<rect x="{x:.2f}" y="3" width="10" height="10" fill="{style.colour(_COLOURS[n % len(_COLOURS)])}"/>'
        yield _text(x + 14, 11.5, name, style.colour("grey"), "start")
        x += 28 + width(name) * SIZE * 0.55


def _lines(name: str) -> Iterator[str]:
    """A name broken into lines, nothing left out."""
    line = ""
    for character in name.replace("\n", " "):
        if width(line + character) > _COLUMNS:
            yield line
            line = ""
        line += character
    yield line


def _text(x: float, y: float, text: str, colour: str, anchor: str, bold: bool = False) -> str:
    weight = f"font-variation-settings:'wght' {BOLD if bold else REGULAR}"
    return f'<text x="{x:.2f}" y="{y:.2f}" fill="{colour}" text-anchor="{anchor}" style="{weight}">{escape(text)}</text>'
