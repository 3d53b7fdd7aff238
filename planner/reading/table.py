"""What reading gives: :class:`Tables`, frames in canonical columns and units that know where every cell came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.problems import Place
from planner.reading.grid import place_of
from planner.settings.schema import CoordinateSystem, ResourceSettings

Cell = tuple[int, str]
"""Row and column of a table."""


@dataclass(frozen=True, slots=True)
class TableInput:
    """One file (sheet, layer) that a table was read from."""

    file: str
    """As plan.yaml has it, relative to the plan."""
    sheet: str | None
    layer: str | None
    sha256: str
    rows: int
    encoding: str | None
    """Of a CSV: ``utf-8`` or ``gb18030``."""
    source: str | None
    """Where the facts come from, in the plan's words."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which input (position in ``Table.inputs``) and which column of it (from 0) a column came from."""

    input: int
    column: int


@dataclass(frozen=True, eq=False)
class Table:
    """One table. N rows in the order of the file, index 0 … N−1.

    ``frame`` has the canonical columns that the file has, in canonical units and kinds — ids, text, quarters and
    choices as ``str`` (``""`` where blank), lists as tuples, flags as ``bool``, numbers as float64 (NaN where blank) —
    then the extra columns, and ``geometry`` (shapely, WGS84) of a layer.
    """

    name: str
    frame: pd.DataFrame
    headers: Mapping[str, str]
    """Column: header as it is written."""
    assumed: frozenset[str]
    """Columns whose header carries ``*``."""
    assumed_cells: frozenset[Cell]
    """(row, column) of cells that carry ``*`` themselves."""
    units: Mapping[str, str]
    """Column: unit of the values in ``frame``; columns without one are left out."""
    inputs: tuple[TableInput, ...]
    extra: tuple[str, ...]
    """Columns that no table declares, under their own headers."""
    refused: frozenset[Cell]
    """(row, column) of cells that a problem was reported for; their value in ``frame`` is that of a blank cell, but for an
    id that stands nowhere, which keeps its text."""
    coordinates: CoordinateSystem
    """Coordinate system of ``lon`` and ``lat``."""
    origins: Mapping[str, Origin]
    positions: tuple[NDArray[np.int64], ...]
    """For each input the row in its file (from 0) of every row of ``frame``; −1 where it has none."""

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Where a cell is in its file. A column that no file has is said to be where the row is."""
        origin = self.origins.get(column) if column is not None else None
        number = origin.input if origin is not None else 0
        held = self.inputs[number]
        line = int(self.positions[number][row]) if row is not None else -1
        name, at = held.file.replace("\\", "/").rsplit("/", 1)[-1], None if origin is None else origin.column
        return place_of(name, held.layer or held.sheet, held.layer is not None, None if line < 0 else line, at)

    def __len__(self) -> int:
        return len(self.frame)


def moved(cells: frozenset[Cell], to: Mapping[int, int]) -> frozenset[Cell]:
    """The cells where their rows have gone ``to``; those of rows that are gone are left out."""
    return frozenset((to[row], name) for row, name in cells if row in to)


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of a plan that were there and could be read, and the plan's resources by id."""

    tables: Mapping[str, Table]
    resources: Mapping[str, ResourceSettings]
    """Of the table ``resources``, overlaid by those of plan.yaml."""

    def get(self, name: str) -> Table | None:
        """The table of that canonical name; None when the plan has none."""
        return self.tables.get(name)

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)
