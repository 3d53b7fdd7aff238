"""How lines run from supplier to buyer: along the spaces between columns and rows of a grid, so that none runs over a box.

A line leaves its link at the side, runs down the space beside its column (a *gutter*), where its buyer is further away along the
space between two rows (a *gap*), and enters the buyer from the gutter beside it. Lines of one supplier share their tracks.
Gutter ``g`` is to the left of column ``g``, gap ``r`` above row ``r``; both count one more than there are columns and rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.publish.charts.lanes import Edge, Grid
from planner.publish.charts.svg import Box, number

CORNER = 2.5
LEFT, RIGHT = 0, 1


@dataclass(frozen=True)
class Route:
    """One line in the grid."""

    source: str
    target: str
    leaves: int
    """Side of the supplier, LEFT or RIGHT."""
    enters: int
    first: int
    """The gutter beside the supplier."""
    gap: int | None
    """None: the buyer stands at the same gutter."""
    last: int
    """The gutter beside the buyer; the same as the first without a gap."""


@dataclass(frozen=True)
class Tracks:
    """Which track of its gutter or gap each supplier's lines take, from 0, and how many there are."""

    of: Mapping[tuple[int, str], int]
    count: Mapping[int, int]

    def part(self, lane: int, source: str) -> float:
        """Where across the space the track runs, between 0 and 1."""
        return (self.of[lane, source] + 1) / (self.count[lane] + 1)


@dataclass(frozen=True)
class Routing:
    """All lines of a grid."""

    routes: tuple[Route, ...]
    gutters: Tracks
    gaps: Tracks
    ports: Mapping[tuple[str, int, str, bool], float]
    """Link, side, supplier, whether a line comes in → where on the side, between 0 and 1."""


def route(grid: Grid) -> Routing:
    """The lines of a grid, with their tracks."""
    routes = tuple(_route(grid, edge) for edge in grid.edges)
    ports = _ports(grid, routes)
    spans: dict[tuple[int, str], list[float]] = defaultdict(list)
    runs: dict[tuple[int, str], list[float]] = defaultdict(list)
    for line in routes:
        start = grid.cells[line.source][1] + ports[line.source, line.leaves, line.source, False]
        end = grid.cells[line.target][1] + ports[line.target, line.enters, line.source, True]
        spans[line.first, line.source] += [start, end if line.gap is None else line.gap]
        if line.gap is not None:
            spans[line.last, line.source] += [end, line.gap]
            runs[line.gap, line.source] += [line.first, line.last]
    return Routing(routes, _tracks(spans), _tracks(runs), ports)


def _route(grid: Grid, edge: Edge) -> Route:
    (left, up), (right, down) = grid.cells[edge[0]], grid.cells[edge[1]]
    if left == right:
        return Route(*edge, RIGHT, RIGHT, left + 1, None, left + 1)
    forward = right > left
    first, last = (left + 1, right) if forward else (left, right + 1)
    gap = None if first == last else down if up <= down else down + 1
    return Route(*edge, RIGHT if forward else LEFT, LEFT if forward else RIGHT, first, gap, last)


def _ports(grid: Grid, routes: Iterable[Route]) -> dict[tuple[str, int, str, bool], float]:
    """Each supplier's lines leave a side of it at one point; at a buyer each supplier has a point of its own, by where it comes from."""
    pulls: dict[tuple[str, int], dict[tuple[str, bool], list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in routes:
        up, down = grid.cells[line.source][1], grid.cells[line.target][1]
        pulls[line.source, line.leaves][line.source, False].append(down if line.gap is None else line.gap - 0.5)
        pulls[line.target, line.enters][line.source, True].append(up if line.gap is None else line.gap - 0.5)
    ports = {}
    for (link, side), lines in pulls.items():
        ranked = sorted(lines, key=lambda line: (sum(lines[line]) / len(lines[line]), line[1]))
        for position, (source, comes) in enumerate(ranked):
            ports[link, side, source, comes] = (position + 1 + (0.12 if side == RIGHT else -0.12)) / (len(ranked) + 1)
    return ports


def _tracks(spans: Mapping[tuple[int, str], Sequence[float]]) -> Tracks:
    """A track for each supplier in each space: those that overlap have different ones."""
    of: dict[tuple[int, str], int] = {}
    ends: dict[int, list[float]] = defaultdict(list)
    for (lane, source), points in sorted(spans.items(), key=lambda item: (item[0][0], min(item[1]), max(item[1]))):
        free = (at for at, end in enumerate(ends[lane]) if end < min(points))
        track = next(free, len(ends[lane]))
        ends[lane][track : track + 1] = [max(points)]
        of[lane, source] = track
    return Tracks(of, {lane: len(tracks) for lane, tracks in ends.items()})


@dataclass(frozen=True)
class Frame:
    """The grid on paper, pt: where each gutter and each gap begins and how wide it is; what lies between is columns and rows."""

    gutters: tuple[tuple[float, float], ...]
    gaps: tuple[tuple[float, float], ...]

    def box(self, key: str, cell: tuple[int, int]) -> Box:
        """The box of a cell."""
        (x, wide), (y, high) = self.gutters[cell[0]], self.gaps[cell[1]]
        return Box(key, x + wide, y + high, self.gutters[cell[0] + 1][0] - x - wide, self.gaps[cell[1] + 1][0] - y - high)


def line_of(routing: Routing, line: Route, frame: Frame, boxes: Mapping[str, Box]) -> list[tuple[float, float]]:
    """The corners of a line on paper, from the side of the supplier to the side of the buyer."""
    source, target = boxes[line.source], boxes[line.target]
    x0, x1 = (source.right if line.leaves else source.x), (target.right if line.enters else target.x)
    y0 = source.y + source.height * routing.ports[line.source, line.leaves, line.source, False]
    y1 = target.y + target.height * routing.ports[line.target, line.enters, line.source, True]

    def across(lane: int) -> float:
        at, wide = frame.gutters[lane]
        return at + wide * routing.gutters.part(lane, line.source)

    first, last = across(line.first), across(line.last)
    if line.gap is None:
        return [(x0, y0), (first, y0), (first, y1), (x1, y1)]
    at, high = frame.gaps[line.gap]
    y = at + high * routing.gaps.part(line.gap, line.source)
    return [(x0, y0), (first, y0), (first, y), (last, y), (last, y1), (x1, y1)]


def path_of(corners: Sequence[tuple[float, float]], radius: float = CORNER) -> str:
    """A path with rounded corners along lines that are level or upright."""
    said = [f"M{number(corners[0][0])} {number(corners[0][1])}"]
    for before, at, after in zip(corners, corners[1:], corners[2:], strict=False):
        cut = min(radius, _far(before, at) / 2, _far(at, after) / 2)
        into, out = _toward(at, before, cut), _toward(at, after, cut)
        said.append(f"L{number(into[0])} {number(into[1])}")
        if cut > 0.2:
            said.append(f"Q{number(at[0])} {number(at[1])} {number(out[0])} {number(out[1])}")
    return "".join([*said, f"L{number(corners[-1][0])} {number(corners[-1][1])}"])


def _far(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(a: tuple[float, float], b: tuple[float, float], by: float) -> tuple[float, float]:
    far = _far(a, b)
    return a if far == 0 else (a[0] + (b[0] - a[0]) * by / far, a[1] + (b[1] - a[1]) * by / far)
