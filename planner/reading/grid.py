"""A table as it was found: rows of raw cells, and where each of them stands in its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.problems import Place

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of a merged range, from 0."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds something but no value: a formula error (``T140``) or a result never saved (``T141``)."""

    text: str
    code: str


@dataclass(frozen=True, eq=False)
class Grid:
    """What one CSV, sheet or layer holds. Row 0 is the first row of the file, blank rows count; cells are ``str``,
    numbers, ``bool``, dates, :class:`Broken`, or None or ``""`` where nothing stands.

    Of a ``layer`` row 0 is the field names and row i the i-th feature, with its shape in ``geometry[i − 1]`` (WGS84).
    """

    file: str
    """The file's name, without its folder."""
    sheet: str | None
    """Sheet or layer; None for a CSV."""
    rows: Sequence[Sequence[object]]
    sha256: str
    encoding: str | None = None
    layer: bool = False
    merged: Sequence[Merged] = ()
    geometry: Sequence[object] | None = None

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """The place of a cell; of a whole column without ``row``, of the file without either."""
        return place_of(self.file, self.sheet, self.layer, row, column)


def place_of(file: str, sheet: str | None, layer: bool, row: int | None, column: int | None) -> Place:
    """``客商库.xlsx[客商库]!F17`` from positions that count from 0; features of a layer have a number and no cell."""
    if layer:
        return Place(file, sheet, line=row) if row else Place(file, sheet)
    if row is None and column is None:
        return Place(file, sheet)
    letter, line = "" if column is None else column_letter(column), "" if row is None else row + 1
    return Place(file, sheet, cell=f"{letter}{line}")


def filled(cell: object) -> bool:
    """Whether anything stands in a cell."""
    return cell is not None and str(cell).strip() != ""


def column_letter(column: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
