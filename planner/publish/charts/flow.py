"""Charts that run down the sheet: blocks below each other, on as many sheets as they need, each with the same heading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeVar

from planner.language import Words
from planner.publish.charts import frame
from planner.publish.charts.measure import clean, wrap
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas, Svg
from planner.publish.documents.fonts import BOLD, REGULAR
from planner.publish.view import View

Item = TypeVar("Item")
BETWEEN = Words("（{first}–{last}）", " ({first}–{last})")
SPACE = 3.0
"""Between blocks."""
LEADING = 1.3
PAD = 4.0
"""Between the edge of a cell and its text."""


@dataclass(frozen=True)
class Block:
    """Something of a height that draws itself in a box as wide as its column."""

    height: float
    draw: Callable[[Canvas, Box], None]
    key: str = ""
    keeps: bool = False
    """It does not stand last in a column: a heading."""
    within: str = ""
    """What it belongs to: said again where it is the first of a further column."""


@dataclass(frozen=True)
class Text:
    """A text in a cell."""

    said: str
    colour: str = "ink"
    bold: bool = False
    most: int = 3
    size: float | None = None


@dataclass(frozen=True)
class Part:
    """Blocks under one heading; a further part begins on a new sheet."""

    blocks: Sequence[Block]
    head: Block | None = None
    title: str = ""
    """What of the whole it is, after the title of the sheet."""


def flowed(
    view: View,
    title: str,
    facts: Sequence[str],
    legend: Sequence[frame.Legend],
    notes: Sequence[str],
    parts: Sequence[Part],
    columns: int = 1,
) -> tuple[Svg, ...]:
    """The blocks in turn, column by column, sheet by sheet; the heading of their part stands above each column."""
    begin = partial(frame.begin, view, facts=facts, legend=legend, notes=notes)
    _, room = begin(title, sheet=(1, 2))
    sheets = [(part, sheet) for part in parts for sheet in parted(_columns(part, room.height), columns)]
    style, made = read_style(), []
    wide = (room.width - (columns - 1) * 14) / columns
    for number, (part, sheet) in enumerate(sheets):
        canvas, room = begin(title + part.title, sheet=(number + 1, len(sheets)))
        for at, column in enumerate(sheet):
            x, y = room.x + at * (wide + 14), room.y
            if part.head:
                part.head.draw(canvas, Box("", x, y, wide, part.head.height))
                y += part.head.height + SPACE
            if column and column[0].within and column[0] is not part.blocks[0]:
                canvas.text(x, y, column[0].within, style.small, wide, "soft")
                y += style.small * LEADING
            for block in column:
                block.draw(canvas, Box(block.key, x, y, wide, block.height))
                y += block.height + SPACE
        made.append(canvas.done())
    return tuple(made)


def _columns(part: Part, high: float) -> list[list[Block]]:
    """The blocks of a part in columns of a height."""
    whole = high - (part.head.height + SPACE if part.head else 0.0)
    filled: list[list[Block]] = []
    left = 0.0
    for position, block in enumerate(part.blocks):
        follows = part.blocks[position + 1].height + SPACE if block.keeps and position + 1 < len(part.blocks) else 0.0
        if not filled or block.height + follows > left:
            filled.append([])
            left = whole - (read_style().small * LEADING if position and block.within else 0.0)
        filled[-1].append(block)
        left -= block.height + SPACE
    return filled or [[]]


def evenly(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """The items in as few parts of at most ``most`` as can be, of like sizes; one part, of nothing, where there are none."""
    count = max(1, -(-len(items) // most))
    bounds = [round(len(items) * part / count) for part in range(count + 1)]
    return [items[first:end] for first, end in pairwise(bounds)]


def between(view: View, first: str, last: str, parts: int) -> str:
    """What stands after a title of which there are several parts: its first and last column."""
    return BETWEEN.say(view.language, first=first, last=last) if parts > 1 else ""


def parted(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """The items in parts of at most ``most``, so that no block is higher than a sheet; one part, of nothing, where there are none."""
    return [items[at : at + most] for at in range(0, max(len(items), 1), most)]


def height_of(texts: Sequence[Text], room: float, size: float) -> float:
    """Of texts below each other, each wrapped."""
    return sum(len(lines_of(text, room, size)) * (text.size or size) * LEADING for text in texts)


def lines_of(text: Text, room: float, size: float) -> list[str]:
    return wrap(clean(text.said), text.size or size, room, text.most, BOLD if text.bold else REGULAR)


def draw_texts(canvas: Canvas, x: float, y: float, texts: Sequence[Text], room: float, size: float) -> float:
    """Draw them; returns the lower edge."""
    for text in texts:
        for line in lines_of(text, room, size):
            canvas.text(x, y, line, text.size or size, room, text.colour, text.bold)
            y += (text.size or size) * LEADING
    return y


def row(cells: Sequence[Sequence[Text]], widths: Sequence[float], size: float, key: str = "", ground: str | None = None) -> Block:
    """A row of a table: cells of texts; ``widths`` are parts of the whole."""
    whole = read_style().inner
    rooms = [part / sum(widths) * whole - 2 * PAD for part in widths]
    high = max(height_of(cell, room, size) for cell, room in zip(cells, rooms, strict=True)) + 2 * PAD

    def draw(canvas: Canvas, box: Box) -> None:
        canvas.open("row", box if key else None, row=key)
        canvas.rect(box.x, box.y, box.width, box.height, ground or "box", None if ground else "line", 0.6, 2.5, more="card")
        x = box.x
        for cell, room in zip(cells, rooms, strict=True):
            draw_texts(canvas, x + PAD, box.y + PAD, cell, room, size)
            x += room + 2 * PAD
        canvas.close()

    return Block(high, draw, key)
