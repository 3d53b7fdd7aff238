"""How a sheet comes to paper: A4, A3, or A3 in blocks of columns, so that no letter is printed smaller than can be read."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

LEAST = 9.0
"""Points of the smallest letters on paper."""
MARGINS = {"left": 0.3, "right": 0.3, "top": 0.55, "bottom": 0.55}
"""Inches."""
UNSET_WIDTH, UNSET_HEIGHT = 8.43, 15.0
"""Characters in a column, and points of a row, whose size nobody set."""
_POINTS = 72.0
_SLACK = 6
"""Per cent by which a sheet that is not fitted to its page is narrower than the page."""
_WIDE_ENOUGH, _HIGH_ENOUGH = 0.985, 0.98
"""Of a page what is counted on: programs round the sizes of columns and rows."""


@dataclass(frozen=True)
class Paper:
    """A format as it is laid; sizes in points."""

    name: str
    code: int
    """By which workbooks know it."""
    width: float
    height: float

    @property
    def wide(self) -> float:
        """Between the margins."""
        return self.width - _POINTS * (MARGINS["left"] + MARGINS["right"])

    @property
    def high(self) -> float:
        """Between the margins."""
        return self.height - _POINTS * (MARGINS["top"] + MARGINS["bottom"])


A4, A3 = Paper("A4", 9, 841.89, 595.28), Paper("A3", 8, 1190.55, 841.89)
A4_UPRIGHT = Paper("A4", 9, 595.28, 841.89)
ACROSS = (A4, A3)
"""The formats that a sheet is laid on, the smaller ones first."""


@dataclass(frozen=True)
class Printing:
    """How the columns of a sheet are laid on paper."""

    paper: Paper
    scale: int
    """Per cent; with a single block no more than the width takes."""
    dense: bool = False
    """It is made smaller than its width takes, so that more rows are on a page."""
    blocks: tuple[int, ...] = (0,)
    """First column of each page across."""
    repeated: int = 0
    """Columns that stand again at the left of every further page across."""

    @property
    def room(self) -> float:
        """Points of rows on one page."""
        return _HIGH_ENOUGH * self.paper.high * 100 / self.scale


def points(width: float) -> float:
    """Points of a column so many characters wide: seven pixels for each and five more."""
    return 0.75 * (int(7 * width + 0.5) + 5)


def printing(
    widths: Sequence[float],
    size: float,
    *,
    fixed: int = 0,
    joined: Collection[int] = (),
    papers: Sequence[Paper] = ACROSS,
    dense: bool = False,
) -> Printing:
    """The first of the papers on which letters of ``size`` points stay at :data:`LEAST`; where none is wide enough, the last in blocks.

    Args:
        widths: of the columns, in characters.
        fixed: columns that tell what a row is, to be repeated beside every block.
        joined: columns that must not begin a block, since a cell reaches into them from the left.
        dense: as small as letters may be.
    """
    each, smallest = [points(width) for width in widths], math.ceil(100 * LEAST / size)
    for paper in papers:
        scale = min(100, int(100 * _WIDE_ENOUGH * paper.wide / max(sum(each), 1.0)))
        if scale >= smallest:
            return Printing(paper, smallest, True) if dense and scale >= smallest + _SLACK else Printing(paper, scale)
    room = _WIDE_ENOUGH * papers[-1].wide * 100 / smallest
    repeated = fixed if sum(each[:fixed]) <= room / 2 else 0
    beside = sum(each[:repeated])
    blocks, filled = [0], 0.0
    for column, wide in enumerate(each):
        if filled + wide > room and column > blocks[-1]:
            # Back to the nearest column that no cell reaches into.
            start = next((at for at in range(column, max(blocks[-1], repeated), -1) if at not in joined), column)
            blocks.append(start)
            filled = beside + sum(each[start:column])
        filled += wide
    return Printing(papers[-1], smallest, False, tuple(blocks), repeated)
