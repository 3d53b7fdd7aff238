"""Which system of coordinates a table speaks of: in its headers, in a column, above and below the rows, in its names (R1).

GCJ-02 and BD-09 are off WGS84 by 0.5 to 1.5 km: what speaks of one of them is never read as WGS84 without a word of the
plan. The plan's ``coordinates`` decides, and then nothing here is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.geography.coordinates import SHIFTED
from planner.geography.named_systems import UNCONVERTED, of_coordinates, system_named
from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.headers import Layout
from planner.reading.table import Grid, filled
from planner.spelling import fold
from planner.tables.codes import problem

_COLUMNS = frozenset(
    map(fold, ("坐标系", "坐标系统", "坐标类型", "坐标标准", "坐标来源", "大地基准", "crs", "srs", "datum", "coordinate system"))
)
"""Headers of a column that says the system of each row."""
Said = tuple[Place, str, str]
"""Where a system is named, in which words, and which."""
_LOOKED_AT = 20
"""Rows above the header, and of the last ones, in which a note is looked for."""


def check_system(grid: Grid, layout: Layout, stated: bool, rows: Sequence[int]) -> list[Problem]:
    """Coordinates of which the file says that they are shifted (``T184``), or in a system without a conversion (``T312``), where
    nobody has ``stated`` their system, once for each place that says so; and coordinates that are said to be of several systems (``T236``). ``rows`` are those of the table."""
    own, by_row = _in_headers(grid, layout), list(_column(grid, layout, rows))
    if not _has_points(grid, layout):
        return []
    for said in (own, by_row):
        if mixed := [(place, text, system) for place, text, system in said if apart(system, said[0][2])]:
            place, text, system = mixed[0]
            return [problem("T236", place, text, one=said[0][2], other=system)]
    heard = own or by_row or list(_notes(grid, layout))
    old = [(place, text, _SAID.get(system, Words(system, system))) for place, text, system in heard if system in UNCONVERTED]
    if stated:
        return [problem("T313", place, text, system=system, how=_AS_STATED) for place, text, system in old]
    shifted = [problem("T184", place, text, system=system) for place, text, system in heard if system in SHIFTED]
    return [*shifted, *(problem("T312", place, text, system=system) for place, text, system in old)]


_SAID = {"a local system": Words("地方坐标系", "a local system")}
_AS_STATED = Words("按 plan.yaml 所写的坐标系读，可能差 50–150 米", "were read as plan.yaml says, and may be 50 to 150 m off")


def system_said(grid: Grid, layout: Layout, rows: Sequence[int]) -> Said | None:
    """The system that a sheet says its coordinates are in: in a header, in a column of systems, beside the rows."""
    if not _has_points(grid, layout):
        return None
    return next(iter([*_in_headers(grid, layout), *_column(grid, layout, rows), *_notes(grid, layout)]), None)


def _has_points(grid: Grid, layout: Layout) -> bool:
    return grid.geometry is not None or bool({"lon", "lat"} & layout.columns.keys())


def _in_headers(grid: Grid, layout: Layout) -> list[Said]:
    """What the headers of the coordinates say."""
    at = [layout.columns[name] for name in ("lon", "lat") if name in layout.columns]
    texts = [(grid.place(layout.row, position), layout.headers[position].text) for position in at]
    return [(place, text, system) for place, text in texts if (system := system_named(text)) is not None]


def apart(one: str, other: str) -> bool:
    """Whether two systems differ by more than centimetres."""
    return one != other and bool({one, other} & (SHIFTED | UNCONVERTED))


def _column(grid: Grid, layout: Layout, rows: Sequence[int]) -> Iterator[Said]:
    """A column that says the system of each row: the first row of each system."""
    for position, header in enumerate(layout.headers):
        if fold(header.name) in _COLUMNS:
            seen: set[str] = set()
            for row in rows:
                cells = grid.rows[row]
                system = system_named(str(cells[position])) if position < len(cells) and filled(cells[position]) else None
                if system is not None and system not in seen:
                    seen.add(system)
                    yield grid.place(row, position), header.text, system


def _notes(grid: Grid, layout: Layout) -> Iterator[Said]:
    """The name of the file, sheet, layer and its system; then texts above the header and in the last rows."""
    for name in (*grid.spoken, grid.sheet or "", grid.file.rsplit(".", 1)[0]):
        if (system := system_named(name, of_coordinates(name))) in SHIFTED | UNCONVERTED and system is not None:
            yield grid.place(), name, system
            return
    if grid.layer:
        return
    last = range(max(layout.row + 1, len(grid.rows) - _LOOKED_AT), len(grid.rows))
    for row in (*range(min(layout.row, _LOOKED_AT)), *last):
        for position, cell in enumerate(grid.rows[row]):
            system = system_named(cell) if isinstance(cell, str) and of_coordinates(cell) else None
            if system in SHIFTED | UNCONVERTED and system is not None:
                yield grid.place(row, position), str(cell).strip(), system
                return
