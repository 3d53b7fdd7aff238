"""Names on a printed map: each where it touches no other name and no symbol, the more important first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
LATIN = 0.62
"""Width of a Latin letter in ems, on the safe side; a Chinese character has one."""


@dataclass(frozen=True)
class Wanted:
    """A name that is to stand at a point: ``gap`` is the room its symbol takes around that point."""

    text: str
    x: float
    y: float
    size: float
    gap: float
    kind: str
    inside: tuple[tuple[float, float], ...] = ()
    """Of the name of an area, where its middle may lie instead: within the area."""


@dataclass(frozen=True)
class Label:
    """A name in its place; ``x`` is its middle, ``y`` its baseline."""

    text: str
    x: float
    y: float
    size: float
    kind: str
    box: Box


def text_width(text: str, size: float) -> float:
    """Width of a text, in the unit of ``size``."""
    return size * sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else LATIN for character in text)


def touches(box: Box, others: Iterable[Box]) -> bool:
    """Whether a box shares room with any of the others."""
    left, top, right, bottom = box
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in others)


def place_labels(wanted: Sequence[Wanted], taken: Iterable[Box], frame: Box) -> tuple[Label, ...]:
    """The names, in the order of their importance, each at the first of its places that is free and within the frame.

    A name that finds none is left out: a map that hides a name is better than one on which two names cannot be read.
    """
    boxes, placed = list(taken), []
    for name in wanted:
        width = text_width(name.text, name.size)
        for x, top in _places(name, width):
            box = (x - width / 2 - 0.3, top - 0.1, x + width / 2 + 0.3, top + name.size * 1.25)
            inside = frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
            if inside and not touches(box, boxes):
                boxes.append(box)
                placed.append(Label(name.text, x, top + name.size, name.size, name.kind, box))
                break
    return tuple(placed)


def _places(name: Wanted, width: float) -> Iterable[tuple[float, float]]:
    """Middle and top of each place that a name may take: of a symbol below, beside, above; of an area within it."""
    height = name.size * 1.25
    if not name.inside:
        beside, level = name.gap + width / 2 + 0.4, name.y - height / 2
        yield name.x, name.y + name.gap
        yield name.x + beside, level
        yield name.x - beside, level
        yield name.x, name.y - name.gap - height
        for low in (0.0, height, 2 * height):
            for turn in (0.0, 1.0, -1.0):
                yield name.x + turn * width / 2, name.y + name.gap + low
                yield name.x + turn * width / 2, name.y - name.gap - height - low
    else:
        for x, y in name.inside:
            yield x, y - height / 2
