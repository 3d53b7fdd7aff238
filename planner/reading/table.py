"""A table as it was found (:class:`Grid`) and as reading gives it (:class:`Table`), each of which knows where its cells stand; and what
of settings and tables is not known (:class:`Doubts`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Place
from planner.settings.changes import Change
from planner.settings.document import Keys
from planner.settings.partial import NOTHING_REFUSED, Refused
from planner.settings.schema import ResourceSettings
from planner.settings.sources import CoordinateSystem
from planner.tables.column import TableSpec
from planner.tables.spec import TABLES

Cell = tuple[int, str]
"""Row and column of a table."""
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
    """The file as messages call it: its name, with folders where another file has the same."""
    sheet: str | None
    """Sheet or layer; None for a CSV."""
    rows: Sequence[Sequence[object]]
    sha256: str
    encoding: str | None = None
    layer: bool = False
    merged: Sequence[Merged] = ()
    geometry: Sequence[object] | None = None
    spoken: tuple[str, ...] = ()
    """What else the file says of its coordinates: the name of a layer's coordinate system."""
    hidden: frozenset[int] = frozenset()
    """Rows that a person does not see: hidden by hand, filtered out, of no height."""
    struck: frozenset[int] = frozenset()
    """Rows of which a cell has text struck out."""
    hidden_columns: frozenset[int] = frozenset()
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) of a number: the part of its number format by which it is shown, where that shows words (``0.00"亿元"``) or another number than the one
    that is held (``0.0,`` shows thousands)."""

    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """(row, column): the note that hangs on the cell."""

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
    if type(cell) is str:
        return bool(cell.strip())
    return cell is not None and (type(cell) in (float, int) or str(cell).strip() != "")


@cache
def column_letter(column: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    before, last = divmod(column, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)


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
    """Of a CSV."""
    source: str | None
    """Where the facts come from, in the plan's words."""
    as_of: str | None = None
    """The day of which they are, as 2026-09-30."""
    confidence: str | None = None
    """How sure they are, in the plan's words."""
    name: str = ""
    """As messages call the file."""
    places: Mapping[tuple[int, int], Place] = field(default_factory=dict)
    """Of rows that a change of the plan puts in: where their cells stand in the plan file, by row and column; column −1: the row."""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Which input (position in ``Table.inputs``) and which column of it (from 0) a column came from: the same for every row, or
    one for each row, −1 where a row has none."""

    input: int | NDArray[np.int64]
    column: int | NDArray[np.int64]

    def at(self, row: int | None) -> tuple[int, int]:
        """Input and column of a row; of the first row that has one, for the column as a whole."""
        if isinstance(self.input, int) or isinstance(self.column, int):
            return int(self.input), int(self.column)
        row = int(np.argmax(self.column >= 0)) if row is None else row
        return int(self.input[row]), int(self.column[row])

    def inputs(self, rows: int) -> list[int]:
        """The input of each of so many rows."""
        return [self.input] * rows if isinstance(self.input, int) else self.input.tolist()

    def of(self, rows: NDArray[np.int64], added: int = 0) -> Origin:
        """That of these rows alone (−1: a row that is none), behind so many further inputs."""
        if isinstance(self.input, int) or isinstance(self.column, int):
            return Origin(self.input + added, self.column)
        return Origin(self.input[rows] + added, np.where(rows >= 0, self.column[rows], -1))


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
    id that stands nowhere, which keeps its text. Of a column whose header was refused, every cell."""
    coordinates: CoordinateSystem
    """Coordinate system of ``lon`` and ``lat``; WGS84 where they are of points on the shapes."""
    origins: Mapping[str, Origin]
    positions: tuple[NDArray[np.int64], ...]
    """For each input the row in its file (from 0) of every row of ``frame``; −1 where it has none."""
    form: bool = False
    """It is an input sheet of ours (:mod:`planner.tables.form`)."""
    changed: frozenset[Cell] = frozenset()
    """(row, column) of cells that a change of the plan has written."""
    left_out: bool = False
    """Rows of the file were refused and are not in ``frame``: other keys and values may be there."""

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Where a cell is in its file. A column that no file has is said to be where the row is."""
        origin = self.origins.get(column) if column is not None else None
        number, at = origin.at(row) if origin is not None else (0, -1)
        if at < 0 and row is not None:
            number = next((one for one, lines in enumerate(self.positions) if lines[row] >= 0), number)
        held = self.inputs[number]
        if held.places and row is not None:
            inside = int(self.positions[number][row])
            return held.places.get((inside, at), held.places.get((inside, -1), Place(held.file)))
        line = int(self.positions[number][row]) if row is not None else -1
        return place_of(
            held.name, held.layer or held.sheet, held.layer is not None, None if line < 0 else line, None if at < 0 else at
        )

    def either(self, column: str, otherwise: str) -> str:
        """The column, or the other one where the table does not have it."""
        return column if column in self.frame.columns else otherwise

    def rows(self, kept: NDArray[np.int64]) -> Table:
        """These of its rows alone."""
        to = {row: position for position, row in enumerate(kept.tolist())}
        return replace(
            self,
            frame=self.frame.iloc[kept].reset_index(drop=True),
            assumed_cells=moved(self.assumed_cells, to),
            refused=moved(self.refused, to),
            changed=moved(self.changed, to),
            origins={name: origin.of(kept) for name, origin in self.origins.items()},
            positions=tuple(rows[kept] for rows in self.positions),
        )

    def __len__(self) -> int:
        return len(self.frame)


def with_empty(tables: Tables, names: Sequence[str]) -> Tables:
    """The tables, with one of no rows for each of these that could not be read."""
    held, rows = TableInput("", None, None, "", 0, None, None), (np.zeros(0, dtype=np.int64),)
    none: frozenset[Any] = frozenset()
    empty = {
        name: Table(name, _no_rows(TABLES[name]), {}, none, none, {}, (held,), (), none, "WGS84", {}, rows)
        for name in names
        if name not in tables
    }
    return replace(tables, tables={**tables.tables, **empty})


def _no_rows(spec: TableSpec) -> pd.DataFrame:
    key = {name: pd.Series([], dtype=object) for name in spec.key}
    return pd.DataFrame(key)


@dataclass(frozen=True, slots=True)
class RowLabel:
    """A row as people call it: by its key, and by its name where it has one; or one cell of it."""

    table: str
    row: str
    """Its key; its name where the table has no key."""
    name: str = ""
    column: str = ""
    """The column, where a cell is meant and not the row."""

    @property
    def words(self) -> Words:
        """``A（甲公司）``, ``A（甲公司）的 preferred_parks``."""
        said = Words(f"{self.row}（{self.name}）", f"{self.row} ({self.name})") if self.name else Words(self.row, self.row)
        return Words(f"{said.zh}的 {self.column}", f"{self.column} of {said.en}") if self.column else said

    def within(self, table: str) -> Words:
        """The same, with its table where that is not the one spoken of."""
        return self.words if self.table == table else Words(f"{self.table}: {self.words.zh}", f"{self.table}: {self.words.en}")


@dataclass(frozen=True, slots=True)
class Made:
    """A change of the plan that was made."""

    key: str
    """Where it is written: ``changes[2]``."""
    change: Change
    rows: tuple[RowLabel, ...]
    """The rows that it changed, put in or took out, and the cells whose lists lost an entry with them; the first of very many."""
    count: int
    """How many rows they are."""
    of: int
    """How many rows the table had."""


def moved(cells: frozenset[Cell], to: Mapping[int, int]) -> frozenset[Cell]:
    """The cells where their rows have gone ``to``; those of rows that are gone are left out."""
    return frozenset((to[row], name) for row, name in cells if row in to)


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of a plan that were there and could be read, and the plan's resources by id."""

    tables: Mapping[str, Table]
    resources: Mapping[str, ResourceSettings]
    """Of the table ``resources``, overlaid by those of plan.yaml."""
    unread: frozenset[str] = frozenset()
    """Tables that the plan has, or must have, and that could not be read."""
    made: tuple[Made, ...] = ()
    """The changes that have been made to them, in order."""

    def refusing(self, cells: Iterable[tuple[str, int, str]]) -> Tables:
        """The tables with further cells refused, each by its table, row and column."""
        of: dict[str, set[Cell]] = {}
        for name, row, column in cells:
            of.setdefault(name, set()).add((row, column))
        tables = {name: replace(self.tables[name], refused=self.tables[name].refused | own) for name, own in of.items()}
        return replace(self, tables={**self.tables, **tables}) if tables else self

    def get(self, name: str) -> Table | None:
        """The table of that canonical name; None when the plan has none."""
        return self.tables.get(name)

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)


RESOURCES: tuple[str | Keys, ...] = (("resources", ""), "resources.resource_id")
"""Which resources there are."""
Rests = Iterable[str | Keys]
"""What a judgement rests on: key paths of settings, with all that is below them (``("resources", "")``: the mapping itself, apart
from its entries); ``table.column``, all values of a column; ``table.*``, all of a table."""


@dataclass(frozen=True)
class Doubts:
    """What is not known of settings and tables because it was refused: settings, tables, columns, rows, cells.

    Whatever can be judged without them is; a message whose judgement rests on one of them is not given: a wrong header is told, and
    not each of the thousand things that its column would have said.
    """

    settings: Refused = NOTHING_REFUSED
    tables: Tables = field(default_factory=lambda: Tables(MappingProxyType({}), MappingProxyType({})))

    def any_of(self, rests: Rests) -> bool:
        """Whether something that a judgement rests on is not known."""
        return any(self.settings.part(*one) if isinstance(one, tuple) else self.values(*one.split(".", 1)) for one in rests)

    def values(self, name: str, column: str) -> bool:
        """Whether some value of a column (``*``: of a table) is not known."""
        if name in self.tables.unread:
            return True
        if (table := self.tables.get(name)) is None:
            return False
        return table.left_out or any(column in (other, "*") for _, other in table.refused)

    @property
    def of_ids(self) -> frozenset[str]:
        """Tables that may have further ids."""
        names = {name for name, spec in TABLES.items() if self.values(name, spec.key[0])}
        return frozenset(names | ({"resources"} if self.any_of(RESOURCES) else set()))

    def absent(self, name: str, column: str) -> bool:
        """Whether a column that a table does not have was refused, or the table was."""
        table = self.tables.get(name)
        return name in self.tables.unread if table is None else any(other == column for _, other in table.refused)
