"""What one sheet says beside the values of its cells. Positions are (row, column) from 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from planner.reading.table import Broken, Merged

At = tuple[int, int]

MOST_CELLS = 20_000_000
"""Cells up to the farthest one that a sheet may have: 200,000 rows of 100 columns."""
SPARSE_CELLS, SPARSE_SHARE = 2_000_000, 50
"""A sheet of more cells than the first, of which fewer than one in the second hold anything, has strays."""


@dataclass(frozen=True)
class SheetFacts:
    """``extent`` is rows and columns up to the farthest cell that holds something, ``held`` how many do (at least)."""

    name: str
    extent: At
    held: int
    broken: Mapping[At, Broken] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()
    hidden: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formats: Mapping[At, str] = field(default_factory=dict)
    comments: Mapping[At, str] = field(default_factory=dict)
    """The notes that hang on cells."""

    @property
    def too_large(self) -> bool:
        """Whether reading it would take memory beyond all sense."""
        cells = self.extent[0] * self.extent[1]
        return cells > MOST_CELLS or (cells > SPARSE_CELLS and self.held * SPARSE_SHARE < cells)


def uncalculated(zeros: Iterable[At], doubtful: bool) -> dict[At, Broken]:
    """Formula cells that hold 0 where the results are ``doubtful``: some programs write 0 for every formula and leave it to
    Excel to calculate, so that nobody knows whether a 0 is a result."""
    return {at: Broken("0", "T141") for at in zeros} if doubtful else {}
