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
from planner.reading.table import Origin, Table
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec

Key = tuple[str, ...]


def row_keys(table: Table, key: Sequence[str]) -> list[Key]:
    """The key of each row."""
    return list(zip(*(table.frame[name].astype(str).tolist() for name in key), strict=True))


def shown_key(key: Key) -> str:
    """A key as a message quotes it, without its blank parts."""
    return " / ".join(part for part in key if part)


def join_sources(spec: TableSpec, tables: Sequence[Table]) -> tuple[Table, list[Problem]]:
    """One table. A key that the first source does not have, and a column that two sources tell differently, are
    problems; a row that a later source does not have is blank in its columns."""
    joined, problems = tables[0], []
    for table in tables[1:]:
        joined, found = _add(spec, joined, table)
        problems += found
    return joined, problems


def _add(spec: TableSpec, first: Table, later: Table) -> tuple[Table, list[Problem]]:
    key = [name for name in spec.key if name in first.frame.columns]
    missing = [name for name in key if name not in later.frame.columns]
    if missing:
        column = spec.column(missing[0])
        aliases = Words("、".join((column.zh, *column.aliases[:3])), column.name)
        return first, [problem("T121", later.place(), column.zh, table=spec.zh, name=column.name, aliases=aliases)]
    at = {name: row for row, name in enumerate(row_keys(first, key))}
    keys = row_keys(later, key)
    to = np.array([at.get(name, -1) for name in keys], dtype=np.int64)
    problems: list[Problem] = []
    known = [shown_key(name) for name in at]
    for row in np.flatnonzero(to < 0).tolist():
        found, place = shown_key(keys[row]), later.place(row, key[0])
        near = nearest_words(nearest(found, known), Words("检查编号", "check the id"))
        if found:
            header, file = later.headers[key[0]], first.inputs[0].file
            problems.append(problem("T154", place, header, found, first=file, nearest=near))
    row_of = np.full(len(first), -1, dtype=np.int64)
    row_of[to[to >= 0]] = np.flatnonzero(to >= 0)
    added: dict[str, Any] = {}
    for name in (name for name in later.frame.columns if name not in key):
        values = _spread(spec, later.frame[name], name, row_of)
        if name not in first.frame.columns:
            added[name] = values
        elif not _agree(first.frame[name], values, row_of >= 0):
            header, file = later.headers.get(name, name), first.inputs[0].file
            problems.append(problem("T128", later.place(None, name), header, first=file))
    return _merged(spec, first, later, pd.DataFrame(added, index=first.frame.index), row_of), problems


def _spread(spec: TableSpec, values: pd.Series[Any], name: str, row_of: NDArray[np.int64]) -> pd.Series[Any]:
    """A later source's column on the rows of the first; blank where it has none."""
    taken = values.iloc[np.maximum(row_of, 0)].reset_index(drop=True)
    absent = row_of < 0
    if not absent.any():
        return taken
    declared = spec.column(name).blank if spec.has(name) else np.nan if taken.dtype.kind == "f" else ""
    blank = np.empty(len(taken), dtype=object)
    blank[:] = [declared] * len(taken)
    return taken.astype(object).where(~absent, pd.Series(blank)).astype(taken.dtype)


def _agree(one: pd.Series[Any], other: pd.Series[Any], both: NDArray[np.bool_]) -> bool:
    return one[both].astype(object).equals(other[both].astype(object))


def _merged(spec: TableSpec, first: Table, later: Table, added: pd.DataFrame, row_of: NDArray[np.int64]) -> Table:
    """The first table with the columns ``added``, and what the later one knows of them."""
    names, number = set(added.columns), len(first.inputs)
    to_first = {row: position for position, row in enumerate(row_of.tolist()) if row >= 0}
    frame = pd.concat([first.frame, added], axis=1)
    order = [name for name in spec.names if name in frame.columns]
    order += [name for name in frame.columns if name not in order]

    def moved(cells: frozenset[tuple[int, str]]) -> frozenset[tuple[int, str]]:
        return frozenset((to_first[row], name) for row, name in cells if name in names and row in to_first)

    def of_added(mapping: Any) -> dict[str, Any]:
        return {name: value for name, value in mapping.items() if name in names}

    return replace(
        first,
        frame=frame[order],
        headers=MappingProxyType({**first.headers, **of_added(later.headers)}),
        assumed=first.assumed | (later.assumed & names),
        assumed_cells=first.assumed_cells | moved(later.assumed_cells),
        units=MappingProxyType({**first.units, **of_added(later.units)}),
        inputs=(*first.inputs, *later.inputs),
        extra=(*first.extra, *(name for name in later.extra if name in names)),
        refused=first.refused | moved(later.refused),
        coordinates=later.coordinates if "lon" in names else first.coordinates,
        origins=MappingProxyType(
            {**first.origins, **{name: Origin(number, at.column) for name, at in of_added(later.origins).items()}}
        ),
        positions=(*first.positions, np.where(row_of >= 0, later.positions[0][np.maximum(row_of, 0)], -1)),
    )
