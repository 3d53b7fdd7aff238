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
    """The rows of the table ``distances`` that state kilometres; one that is written one way holds both ways."""

    def __init__(self, rows: Iterable[Stated]) -> None:
        self.rows = tuple(row for row in rows if row.number("km") is not None)

    @cached_property
    def _of(self) -> Mapping[tuple[str, str], tuple[Stated, ...]]:
        found: dict[tuple[str, str], tuple[Stated, ...]] = {}
        for row in self.rows:
            pair = fold_name(row.text("from_place")), fold_name(row.text("to_place"))
            found[pair] = (*found.get(pair, ()), row)
        back = {(b, a): rows for (a, b), rows in found.items() if (b, a) not in found}
        return {**found, **back}

    def between(self, start: Spot, end: Spot, mode: str = "") -> Way | None:
        """The way from ``start`` to ``end``; None where neither the table nor coordinates tell. By the narrowest names that the table
        has; of several modes the one asked for, else the one that is not named, else the shortest."""
        if self.rows:
            for pair in ((fold_name(a), fold_name(b)) for a in start.names for b in end.names):
                if pair[0] != pair[1] and (rows := self._of.get(pair)):
                    row = min(rows, key=lambda row: (row.text("mode") != mode, row.text("mode") != "", row.number("km")))
                    return Way(row.number("km") or 0.0, True, row.text("mode"), row.source, "km" in row.assumed)
        if start.lon is None or start.lat is None or end.lon is None or end.lat is None:
            return None
        return Way(float(kilometres(start.lon, start.lat, end.lon, end.lat)), False)
