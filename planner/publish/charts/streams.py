"""Streams between columns of places: how much goes from where to where; bands are as wide as what flows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.language import Words
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas
from planner.publish.view import View

LEAST = 14.0
"""Height of the smallest place, pt: a line of text."""
GAP = 4.0
PLACE = 0.19
"""Width of a place, of the whole."""
OTHERS = Words("其他 {n} 处", "{n} others")


@dataclass(frozen=True)
class Stream:
    """What goes through one place in each column, by its key; ``weight`` None: not known."""

    through: tuple[str, ...]
    weight: float | None
    colour: str


def gathered(view: View, streams: Sequence[Stream], high: float) -> list[Stream]:
    """The streams, with the smallest places of a column taken together where it has too many to be read."""
    most = max(2, int((high + GAP) // (LEAST + GAP)))
    columns = len(streams[0].through) if streams else 0
    for at in range(columns):
        weights: dict[str, float] = defaultdict(float)
        for stream in streams:
            weights[stream.through[at]] += stream.weight or 0.0
        if len(weights) > most:
            kept = set(sorted(weights, key=lambda name: -weights[name])[: most - 1])
            name = OTHERS.say(view.language, n=len(weights) - len(kept))
            streams = [
                Stream(
                    tuple(name if place == at and one not in kept else one for place, one in enumerate(stream.through)),
                    stream.weight,
                    stream.colour,
                )
                for stream in streams
            ]
    return list(streams)


def draw_streams(canvas: Canvas, streams: Sequence[Stream], room: Box, says: Mapping[tuple[int, str], tuple[str, str]]) -> None:
    """Draw places with their names and what is said of them (column, key → both), and bands between neighbouring columns."""
    columns = len(streams[0].through)
    wide = room.width * PLACE
    step = (room.width - wide) / max(columns - 1, 1)
    places = [_stack(streams, at, room) for at in range(columns)]
    for at in range(columns - 1):
        _bands(canvas, streams, at, places, room.x + at * step + wide, room.x + (at + 1) * step)
    size = read_style().text
    for at, column in enumerate(places):
        for key, (y, high) in column.items():
            box = Box(f"{at} {key}", room.x + at * step, y, wide, high)
            canvas.open("row", box, row=key)
            canvas.rect(box.x, box.y, box.width, box.height, "box", "head", 0.8, 2.5, more="card")
            name, said = says[at, key]
            inner = wide - 8
            if high >= 2 * size * 1.3 + 5:
                top = y + high / 2 - size * 1.28
                canvas.text(box.x + 4, top, name, size, inner, bold=True)
                canvas.text(box.x + 4, top + size * 1.3, said, size, inner, "soft")
            else:
                top = y + high / 2 - size * 0.52
                used = canvas.text(box.x + 4, top, name, size, inner * 0.6, bold=True)
                canvas.text(box.right - 4, top, said, size, inner - used - 4, "soft", anchor="end")
            canvas.close()


def _stack(streams: Sequence[Stream], at: int, room: Box) -> dict[str, tuple[float, float]]:
    """Places of a column by size, with their upper edge and height: in proportion to what flows, but never too low for a line."""
    weights: dict[str, float] = defaultdict(float)
    for stream in streams:
        weights[stream.through[at]] += stream.weight or 0.0
    left = room.height - GAP * (len(weights) - 1)
    scale = _scale(list(weights.values()), left)
    heights = {name: max(LEAST, weight * scale) for name, weight in weights.items()}
    y = room.y + max(0.0, (left - sum(heights.values())) / 2)
    stack = {}
    for name in sorted(heights, key=lambda name: -weights[name]):
        stack[name] = (y, heights[name])
        y += heights[name] + GAP
    return stack


def _scale(weights: Sequence[float], room: float) -> float:
    """The largest with Σ max(LEAST, weight × scale) ≤ room; found by halving."""
    low, high = 0.0, room / max(max(weights, default=0.0), 1e-9)
    for _ in range(60):
        middle = (low + high) / 2
        fits = sum(max(LEAST, weight * middle) for weight in weights) <= room
        low, high = (middle, high) if fits else (low, middle)
    return low


def _bands(
    canvas: Canvas, streams: Sequence[Stream], at: int, places: Sequence[Mapping[str, tuple[float, float]]], x0: float, x1: float
) -> None:
    flows: dict[tuple[str, str, str], list[float | None]] = defaultdict(list)
    for stream in streams:
        flows[stream.through[at], stream.through[at + 1], stream.colour].append(stream.weight)
    rank = [{name: position for position, name in enumerate(column)} for column in places]
    ordered = sorted(flows, key=lambda flow: (rank[at][flow[0]], rank[at + 1][flow[1]]))
    ends = [_shares(flows, ordered, side, places[at + side], rank[at + 1 - side]) for side in (0, 1)]
    for flow in ordered:
        (y0, h0), (y1, h1) = ends[0][flow], ends[1][flow]
        middle = (x0 + x1) / 2
        canvas.open("edge", None, **{"from": flow[0], "to": flow[1]})
        if any(weight is None for weight in flows[flow]):
            d = f"M{x0:.2f} {y0 + h0 / 2:.2f}C{middle:.2f} {y0 + h0 / 2:.2f} {middle:.2f} {y1 + h1 / 2:.2f} {x1:.2f} {y1 + h1 / 2:.2f}"
            canvas.path(d, None, flow[2], 1.1, "4 3")
        else:
            canvas.parts.append('<g opacity="0.45">')
            d = (
                f"M{x0:.2f} {y0:.2f}C{middle:.2f} {y0:.2f} {middle:.2f} {y1:.2f} {x1:.2f} {y1:.2f}V{y1 + h1:.2f}"
                f"C{middle:.2f} {y1 + h1:.2f} {middle:.2f} {y0 + h0:.2f} {x0:.2f} {y0 + h0:.2f}z"
            )
            canvas.path(d, flow[2], more="band")
            canvas.parts.append("</g>")
        canvas.close()


def _shares(
    flows: Mapping[tuple[str, str, str], Sequence[float | None]],
    ordered: Sequence[tuple[str, str, str]],
    side: int,
    places: Mapping[str, tuple[float, float]],
    other: Mapping[str, int],
) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Where each band begins or ends at its place, and how high it is there."""
    shares = {}
    for name, (y, high) in places.items():
        mine = sorted((flow for flow in ordered if flow[side] == name), key=lambda flow: other[flow[1 - side]])
        weights = [sum(weight or 0.0 for weight in flows[flow]) for flow in mine]
        floor = max(sum(weights), 1e-9) * 0.02
        parts = [max(weight, floor) for weight in weights]
        for flow, part in zip(mine, parts, strict=True):
            share = high * part / sum(parts)
            shares[flow] = (y, share)
            y += share
    return shares
