"""Where the links of a chain stand: lanes of tiers in the order of flow, columns within a lane, rows by barycentre.

Pure and without a unit: keys and edges in, a grid out. Rows are common to all columns, so that the spaces between rows and
between columns run through the whole sheet and lines need cross no box (:mod:`planner.publish.charts.routes`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SWEEPS = 6
FLOW = (
    ("基础", "原材料", "材料", "raw materials"),
    ("上游", "upstream"),
    ("零部件", "核心零部件", "部件", "components", "parts"),
    ("中上游",),
    ("中游", "midstream", "制造", "整机", "manufacturing"),
    ("中下游",),
    ("下游", "downstream"),
    ("应用", "应用端", "终端", "终端应用", "applications"),
    ("服务", "后市场", "services"),
    ("回收", "循环利用", "recycling"),
)
"""Words for tiers, as goods flow; words of one line stand side by side."""

Edge = tuple[str, str]
Columns = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Grid:
    """Links in cells."""

    tiers: tuple[str, ...]
    """The tier of each column; those of one tier are neighbours."""
    rows: int
    cells: Mapping[str, tuple[int, int]]
    """Link → column, row."""
    edges: tuple[Edge, ...]
    """Those between two different links of the grid, each once, in the order given."""


def tier_order(tier_of: Mapping[str, str], edges: Iterable[Edge], last: str = "") -> tuple[str, ...]:
    """The tiers as goods flow: by their words where all are known, else by what flows between them, else as they come."""
    tiers = list(dict.fromkeys(tier_of.values()))
    known = {word: position for position, words in enumerate(FLOW) for word in words}
    if all(tier.strip().lower() in known for tier in tiers if tier != last):
        return tuple(sorted(tiers, key=lambda tier: (tier == last, known.get(tier.strip().lower(), 0))))
    out, into = Counter[str](), Counter[str]()
    for a, b in edges:
        if tier_of.get(a, last) != tier_of.get(b, last):
            out[tier_of.get(a, last)] += 1
            into[tier_of.get(b, last)] += 1
    flow = {tier: (out[tier] - into[tier]) / max(out[tier] + into[tier], 1) for tier in tiers}
    return tuple(sorted(tiers, key=lambda tier: (tier == last, -flow[tier])))


def depths(keys: Collection[str], edges: Iterable[Edge]) -> dict[str, int]:
    """How many steps of supply lead to each link from within; links in a circle have the depth that leads into it."""
    inside = set(keys)
    after: dict[str, list[str]] = defaultdict(list)
    waits = Counter[str]()
    for a, b in edges:
        if a in inside and b in inside and a != b:
            after[a].append(b)
            waits[b] += 1
    depth = dict.fromkeys(keys, 0)
    left = list(keys)
    while left:
        # In a circle, the one that fewest still wait for; ties by the order given.
        free = [key for key in left if waits[key] <= 0] or [min(left, key=lambda key: waits[key])]
        for key in free:
            for then in after[key]:
                waits[then] -= 1
                if then in left:
                    depth[then] = max(depth[then], depth[key] + 1)
        left = [key for key in left if key not in set(free)]
    return depth


def arrange(tier_of: Mapping[str, str], edges: Sequence[Edge], rows: int, order: Sequence[str]) -> Grid:
    """The links in columns of at most ``rows``, those of a tier side by side, in the order that crosses fewest lines of those tried."""
    inner = tuple(dict.fromkeys((a, b) for a, b in edges if a != b and a in tier_of and b in tier_of))
    tiers, columns = [], []
    for tier in order:
        members = [key for key, its in tier_of.items() if its == tier]
        depth = depths(members, inner)
        members.sort(key=lambda key: depth[key])
        count = math.ceil(len(members) / max(rows, 1))
        for part in np.array_split(np.arange(len(members)), count) if count else ():
            tiers.append(tier)
            columns.append(tuple(members[position] for position in part))
    placed = _ordered(tuple(columns), inner)
    used = max((len(column) for column in placed), default=0)
    return Grid(tuple(tiers), used, _cells(placed, inner, used), inner)


def _neighbours(edges: Iterable[Edge]) -> dict[str, list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        beside[a].append(b)
        beside[b].append(a)
    return beside


def _ordered(columns: Columns, edges: Sequence[Edge]) -> Columns:
    """Barycentre sweeps, there and back; the best seen is kept, the first of equals."""
    beside = _neighbours(edges)
    best, fewest = columns, crossings(columns, edges)
    for sweep in range(SWEEPS if fewest else 0):
        span = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        moved = list(columns)
        place = _places(columns)
        for at in span:
            pull = {
                key: _mean([place[other][1] for other in beside[key] if place[other][0] != at], place[key][1]) for key in moved[at]
            }
            moved[at] = tuple(sorted(moved[at], key=lambda key: pull[key]))
            place.update({key: (at, (row + 0.5) / len(moved[at])) for row, key in enumerate(moved[at])})
        columns = tuple(moved)
        now = crossings(columns, edges)
        if now < fewest:
            best, fewest = columns, now
    return best


def _places(columns: Columns) -> dict[str, tuple[int, float]]:
    return {key: (at, (row + 0.5) / len(column)) for at, column in enumerate(columns) for row, key in enumerate(column)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def crossings(columns: Columns, edges: Sequence[Edge]) -> int:
    """Pairs of edges between the same two columns that cross."""
    place = _places(columns)
    between: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for a, b in edges:
        (left, up), (right, down) = sorted((place[a], place[b]))
        if left != right:
            between[left, right].append((up, down))
    crossed = 0
    for pairs in between.values():
        ends = np.array(pairs)
        steps = (ends[:, None, 0] - ends[None, :, 0]) * (ends[:, None, 1] - ends[None, :, 1])
        crossed += int((steps < 0).sum()) // 2
    return crossed


def _cells(columns: Columns, edges: Sequence[Edge], rows: int) -> dict[str, tuple[int, int]]:
    """Rows of the columns that have fewer links than there are rows: each link near those that it deals with, in its order."""
    beside = _neighbours(edges)
    cells = {key: (at, (rows - len(column)) // 2 + row) for at, column in enumerate(columns) for row, key in enumerate(column)}
    for at in sorted(range(len(columns)), key=lambda at: -len(columns[at])):
        column = columns[at]
        if len(column) < rows:
            wanted = [
                _mean([float(cells[other][1]) for other in beside[key] if cells[other][0] != at], cells[key][1]) for key in column
            ]
            cells.update({key: (at, row) for key, row in zip(column, _nearest(wanted, rows), strict=True)})
    return cells


def _nearest(wanted: Sequence[float], rows: int) -> list[int]:
    """Ascending rows, one for each wish, with the least sum of distances."""
    n = len(wanted)
    cost = np.full((n + 1, rows + 1), np.inf)
    cost[0, :] = 0.0
    for i in range(1, n + 1):
        for row in range(i, rows - (n - i) + 1):
            cost[i, row] = min(cost[i, row - 1], cost[i - 1, row - 1] + abs(wanted[i - 1] - (row - 1)))
    chosen, row = [], rows
    for i in range(n, 0, -1):
        while row > i and cost[i, row] == cost[i, row - 1]:
            row -= 1
        chosen.append(row - 1)
        row -= 1
    return chosen[::-1]
