"""How far two places are from each other: as the table ``distances`` states, else the great circle between their coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.geography.coordinates import kilometres
from planner.publish.stated import Stated
from planner.spelling import fold_name


@dataclass(frozen=True)
class Spot:
    """A place, by every name that a table may call it, the narrowest first, and where it is (WGS84; None: not known)."""

    names: tuple[str, ...]
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Way:
    """From one place to another."""

    km: float
    stated: bool
    """The table ``distances`` says so; otherwise it is the great circle, which no road is as short as."""
    mode: str = ""
    source: str | None = None
    assumed: bool = False


class Distances:
    """The rows of the table ``distances``; one that is written one way holds both ways."""

    def __init__(self, rows: Iterable[Stated]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def _of(self) -> Mapping[tuple[str, str], tuple[Stated, ...]]:
        found: dict[tuple[str, str], tuple[Stated, ...]] = {}
        for row in self.rows:
            pair = fold_name(row.text("from_place")), fold_name(row.text("to_place"))
            found[pair] = (*found.get(pair, ()), row)
        return found

    def between(self, start: Spot, end: Spot, mode: str = "") -> Way | None:
        """The way from ``start`` to ``end``; None where neither the table nor coordinates tell. By the narrowest names that the table
        has; of several modes the one asked for, else the one that is not named, else the shortest."""
        if rows := self.stating(start, end, "km"):
            row = min(rows, key=lambda row: (row.text("mode") != mode, row.text("mode") != "", row.number("km")))
            return Way(row.number("km") or 0.0, True, row.text("mode"), row.source, "km" in row.assumed)
        if start.lon is None or start.lat is None or end.lon is None or end.lat is None:
            return None
        return Way(float(kilometres(start.lon, start.lat, end.lon, end.lat)), False)

    def stating(self, start: Spot, end: Spot, column: str) -> tuple[Stated, ...]:
        """The rows from ``start`` to ``end`` that state ``km`` or ``hours``, by the narrowest names of which there is one."""
        if self.rows:
            pairs = [(fold_name(a), fold_name(b)) for a in start.names for b in end.names]
            for way in (way for pair in pairs if pair[0] != pair[1] for way in (pair, pair[::-1])):
                rows = tuple(row for row in self._of.get(way, ()) if row.number(column) is not None)
                if rows:
                    return rows
        return ()
