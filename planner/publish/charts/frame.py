"""The sheet that every chart is drawn on: title block, legend, sources; and the room that is left between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.language import Words
from planner.publish.charts import words
from planner.publish.charts.measure import clean, width, wrap
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas
from planner.publish.view import View

SHEET = Words("第 {n} 张，共 {all} 张", "sheet {n} of {all}")
LEADING = 1.3
SEPARATOR = "  ·  "

Sign = Callable[[Canvas, float, float, float], float]
"""Draws the sign of a legend entry at x, y in a size of text; returns how wide it is."""


@dataclass(frozen=True)
class Legend:
    """One entry: a sign and what it means."""

    sign: Sign
    says: str


def swatch(fill: str | None, stroke: str | None = None, dash: str = "") -> Sign:
    """A small box of a colour."""

    def draw(canvas: Canvas, x: float, y: float, size: float) -> float:
        canvas.rect(x, y + size * 0.16, size * 1.3, size * 0.84, fill, stroke, 1.0, 1.5, dash)
        return size * 1.3

    return draw


def pill(said: str, fill: str, colour: str) -> Sign:
    """A word on a ground, as it stands in the chart."""
    return lambda canvas, x, y, size: canvas.pill(x, y, said, size, fill, colour)


def disc(fill: str | None, stroke: str | None = None) -> Sign:
    """A point, as it stands for a firm."""

    def draw(canvas: Canvas, x: float, y: float, size: float) -> float:
        canvas.circle(x + size * 0.45, y + size * 0.58, size * 0.4, fill, stroke, 1.0)
        return size * 0.9

    return draw


def begin(
    view: View,
    title: str,
    facts: Sequence[str],
    legend: Sequence[Legend],
    notes: Sequence[str] = (),
    sheet: tuple[int, int] = (1, 1),
) -> tuple[Canvas, Box]:
    """A sheet with everything but the chart, and the room for it."""
    style, language = read_style(), view.language
    canvas = Canvas(style.width, style.height, title)
    x, y, wide = style.margin, style.margin, style.inner
    number = "" if sheet[1] == 1 else SHEET.say(language, n=sheet[0], all=sheet[1])
    right = canvas.text(x + wide, y + style.title * 0.4, number, style.text, wide * 0.2, "soft", anchor="end")
    canvas.text(x, y, title, style.title, wide - right - 12, "head", bold=True)
    y += style.title * 1.25
    canvas.text(x, y, words.standing(view.plan), style.small, wide, "soft")
    y += style.small * 1.4
    for line in wrap(SEPARATOR.join(facts), style.text, wide, 2):
        canvas.text(x, y, line, style.text, wide)
        y += style.text * LEADING
    y += 3
    canvas.path(f"M{x:.2f} {y:.2f}h{wide:.2f}", None, "head", 1.2)
    y += 7
    end = _foot(canvas, view, legend, notes)
    return canvas, Box("room", x, y, wide, end - 6 - y)


def _foot(canvas: Canvas, view: View, legend: Sequence[Legend], notes: Sequence[str]) -> float:
    """Legend, notes and sources at the foot; returns their upper edge."""
    style, x, wide = canvas.style, canvas.style.margin, canvas.style.inner
    size = style.small
    lines = [line for note in (*notes, words.sources(view.plan)) for line in wrap(note, size, wide, 2)]
    placed = _flow(legend, size, wide)
    rows = placed[-1][1] + 1 if placed else 0
    top = style.height - style.margin - len(lines) * size * LEADING - rows * size * 1.55
    for (at, row, room), entry in zip(placed, legend, strict=True):
        y = top + row * size * 1.55
        sign = entry.sign(canvas, x + at, y, size)
        canvas.text(x + at + sign + 4, y, entry.says, size, room - sign - 4)
    for position, line in enumerate(lines):
        canvas.text(x, top + rows * size * 1.55 + position * size * LEADING, line, size, wide, "soft")
    return top


def _flow(legend: Sequence[Legend], size: float, wide: float) -> list[tuple[float, int, float]]:
    """Where each entry begins, in which row, and how wide it may be; entries go on a new row where they have no room."""
    placed, at, row = [], 0.0, 0
    for entry in legend:
        scratch = Canvas(wide, size, "")
        need = min(entry.sign(scratch, 0, 0, size) + 4 + width(clean(entry.says), size) + 0.5, wide)
        if at and at + need > wide:
            at, row = 0.0, row + 1
        placed.append((at, row, need))
        at += need + size * 1.6
    return placed
