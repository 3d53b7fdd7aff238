"""Several sources of one table, joined on its key: the first holds the rows, the others add columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.language import Words
from planner.problems import Problem, nearest
from planner.reading.headers import missing_column
from planner.reading.table import Table, moved
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec

Key = tuple[str, ...]
_POINT = ("lon", "lat")


def row_keys(table: Table, key: Sequence[str]) -> list[Key]:
    """The key of each row."""
    columns = (table.frame[name].tolist() for name in key)
    return list(zip(*([_as_key(value) for value in values] for values in columns), strict=True))


def _as_key(value: object) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)


def shown_key(key: Key) -> str:
    """A key as a message quotes it, without its blank parts."""
    return " / ".join(part for part in key if part)


def join_sources(spec: TableSpec, tables: Sequence[Table]) -> tuple[Table, list[Problem]]:
    """One table. A key that the first source does not have, and a column that two sources tell differently, are
    problems; a row that a later source does not have is blank in its columns."""
    joined, problems = tables[0], []
    for table in tables[1:]:
        joined, refusals = _add(spec, joined, table)
        problems += refusals
    return joined, problems


def _add(spec: TableSpec, first: Table, later: Table) -> tuple[Table, list[Problem]]:
    key = [name for name in spec.key if name in first.frame.columns]
    missing = [name for name in key if name not in later.frame.columns]
    if missing:
        return first, [missing_column(spec, spec.column(missing[0]), later.place())]
    file = first.inputs[0].file
    at = {row_key: row for row, row_key in enumerate(row_keys(first, key))}
    ids = [shown_key(row_key) for row_key in at]
    row_of = np.full(len(first), -1, dtype=np.int64)  # of the later source for each row of the first; −1: none
    problems: list[Problem] = []
    for row, row_key in enumerate(row_keys(later, key)):
        if row_key in at:
            row_of[at[row_key]] = row
        elif shown := shown_key(row_key):
            near = nearest_words(nearest(shown, ids), Words("检查编号", "check the id"))
            place, header = later.place(row, key[0]), later.headers[key[0]]
            problems.append(problem("T154", place, header, shown, first=file, nearest=near))
    both, added = row_of >= 0, {}
    for name in (name for name in later.frame.columns if name not in key):
        if name in _POINT and name in first.frame.columns and name not in later.origins:
            continue  # a point on a shape gives way to one that is stated
        values = _spread(spec, later.frame[name], row_of)
        if name not in first.frame.columns or (name in _POINT and name not in first.origins):
            added[name] = values
        elif not first.frame[name][both].astype(object).equals(values[both].astype(object)):
            problems.append(problem("T128", later.place(None, name), later.headers.get(name, name), first=file))
    return _merged(spec, first, later, added, row_of), problems


def _spread(spec: TableSpec, values: pd.Series[Any], row_of: NDArray[np.int64]) -> pd.Series[Any]:
    """A later source's column on the rows of the first; blank where it has none."""
    taken, absent, name = values.iloc[np.maximum(row_of, 0)].reset_index(drop=True), row_of < 0, str(values.name)
    if not absent.any():
        return taken
    blank = spec.column(name).blank if spec.has(name) else np.nan if taken.dtype.kind == "f" else None if name == "geometry" else ""
    blanks = pd.Series([blank] * len(taken), dtype=object)
    return taken.astype(object).where(~absent, blanks).astype(taken.dtype)


def _merged(spec: TableSpec, first: Table, later: Table, added: dict[str, pd.Series[Any]], row_of: NDArray[np.int64]) -> Table:
    """The first table with the columns ``added``, and what the later one knows of them."""
    to_first = {row: position for position, row in enumerate(row_of.tolist()) if row >= 0}
    kept = first.frame.drop(columns=[name for name in added if name in first.frame.columns])
    frame = pd.concat([kept, pd.DataFrame(added, index=first.frame.index)], axis=1)
    order = dict.fromkeys([*(name for name in spec.names if name in frame.columns), *frame.columns])

    def of_added(cells: frozenset[tuple[int, str]]) -> frozenset[tuple[int, str]]:
        # A column whose header was refused is in neither.
        return moved(frozenset(cell for cell in cells if cell[1] in added or cell[1] not in later.frame.columns), to_first)

    origins = {name: later.origins[name].of(row_of, len(first.inputs)) for name in added if name in later.origins}
    return replace(
        first,
        frame=frame[list(order)],
        headers=MappingProxyType({**first.headers, **{name: later.headers[name] for name in added if name in later.headers}}),
        assumed=first.assumed | later.assumed.intersection(added),
        assumed_cells=first.assumed_cells | of_added(later.assumed_cells),
        units=MappingProxyType({**first.units, **{name: later.units[name] for name in added if name in later.units}}),
        inputs=(*first.inputs, *later.inputs),
        extra=(*first.extra, *(name for name in later.extra if name in added)),
        refused=first.refused | of_added(later.refused),
        left_out=first.left_out or later.left_out,
        coordinates=later.coordinates if "lon" in added else first.coordinates,
        origins=MappingProxyType({**first.origins, **origins}),
        positions=(*first.positions, *(np.where(row_of >= 0, lines[np.maximum(row_of, 0)], -1) for lines in later.positions)),
    )
