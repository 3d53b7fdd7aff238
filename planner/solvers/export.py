"""The programme as an MPS or LP file, for any other solver.

MPS has no maximisation that every reader knows (CBC reads OBJSENSE and ignores it), so the file minimises
−(c·x + offset): its optimum is ours with the sign turned, and a comment at the top says so. LP files say ``Maximize``;
their optimum is ours. Numbers are written so that they read back exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.sparse import csc_array

from planner.solvers.protocol import Matrix

Format = Literal["mps", "lp"]
SAFE_NAME = re.compile(r"(?![eE][0-9.])[A-Za-z_][A-Za-z0-9_.]{0,99}")
"""Names that every reader of either format takes: ``e12`` is a number to some, and CBC stops at 100 characters."""
TAKEN = {"obj", "rhs", "bnd", "rng"}
CHUNK = 200_000
"""Entries held as numbers of Python at once."""
TERMS_PER_LINE = 8


def write_model(matrix: Matrix, path: Path, format: Format) -> None:  # noqa: A002
    """Write the programme to ``path``, whole or not at all. Names that some reader would not take are replaced by
    ``c0, c1 …`` and ``r0, r1 …``, all or none of a kind. Raises OSError when the file cannot be written."""
    writer = _mps if format == "mps" else _lp
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="ascii", newline="\n") as file:
            file.writelines(writer(matrix))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _names(matrix: Matrix) -> tuple[Sequence[str], Sequence[str]]:
    """The names that the file uses for columns and for rows."""

    def usable(given: tuple[str, ...], letter: str, count: int) -> Sequence[str]:
        safe = all(SAFE_NAME.fullmatch(name) and name.lower() not in TAKEN for name in given)
        return given if safe and len(set(given)) == count else [f"{letter}{index}" for index in range(count)]

    return usable(matrix.column_names, "c", matrix.objective.size), usable(matrix.row_names, "r", matrix.rows.shape[0])


def _mps(matrix: Matrix) -> Iterator[str]:
    """The pieces of a free MPS file."""
    columns, rows = _names(matrix)
    yield (
        "* Minimises the negative of the planner's objective: the optimum of this file times -1 is the plan's value.\n"
        "NAME planner FREE\nROWS\n N  obj\n"
    )
    above, below = np.isfinite(matrix.row_upper), np.isfinite(matrix.row_lower)
    equal = above & (matrix.row_lower == matrix.row_upper)
    # Of a row with two sides, an L from which a range hangs down; N is free.
    senses = np.select([equal, above, below], ["E", "L", "G"], "N")
    yield from (f" {sense}  {name}\n" for sense, name in zip(senses.tolist(), rows, strict=True))
    yield "COLUMNS\n"
    yield from _mps_columns(matrix, columns, rows)
    yield "RHS\n"
    if matrix.offset:
        # The right-hand side of the objective is subtracted from it, and the objective is minus ours.
        yield f" rhs  obj  {float(matrix.offset)!r}\n"
    sides = np.where(senses == "G", matrix.row_lower, matrix.row_upper)
    written = np.flatnonzero(np.isfinite(sides) & (sides != 0.0))
    yield from (f" rhs  {rows[index]}  {float(sides[index])!r}\n" for index in written.tolist())
    yield "RANGES\n"
    widths = matrix.row_upper - matrix.row_lower
    ranged = np.flatnonzero(above & below & ~equal).tolist()
    yield from (f" rng  {rows[index]}  {float(widths[index])!r}\n" for index in ranged)
    yield "BOUNDS\n"
    bounds = zip(columns, matrix.lower.tolist(), matrix.upper.tolist(), matrix.integer.tolist(), strict=True)
    yield from (_mps_bound(*bound) for bound in bounds)
    yield "ENDATA\n"


def _mps_columns(matrix: Matrix, columns: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    """Every column has an entry in the objective, zero or not, so that none is lost; markers fence off integers."""
    table = csc_array(matrix.rows)
    begins = table.indptr.astype(np.int64)
    numbers = np.insert(table.data, begins[:-1], -matrix.objective + 0.0)
    entries = np.insert(table.indices + 1, begins[:-1], 0)
    begins = begins + np.arange(begins.size)
    owners = np.repeat(np.arange(matrix.objective.size), np.diff(begins))
    labels = ["obj", *rows]
    edges = [0, *(np.flatnonzero(np.diff(matrix.integer)) + 1).tolist(), matrix.objective.size]
    for block, (first, last) in enumerate(pairwise(edges)):
        fenced = first < last and bool(matrix.integer[first])
        if fenced:
            yield f" M{block}  'MARKER'  'INTORG'\n"
        for begin in range(int(begins[first]), int(begins[last]), CHUNK):
            piece = slice(begin, min(begin + CHUNK, int(begins[last])))
            triples = zip(owners[piece].tolist(), entries[piece].tolist(), numbers[piece].tolist(), strict=True)
            yield from (f" {columns[column]}  {labels[row]}  {number!r}\n" for column, row, number in triples)
        if fenced:
            yield f" N{block}  'MARKER'  'INTEND'\n"


def _mps_bound(name: str, lower: float, upper: float, integer: bool) -> str:
    """The bound lines of a column, complete: what readers assume of an integer without bounds differs."""
    if lower == upper:
        return f" FX bnd  {name}  {lower!r}\n"
    low = f" MI bnd  {name}\n" if lower == -np.inf else f" LO bnd  {name}  {lower!r}\n"
    if upper == np.inf:
        if lower == -np.inf:
            return f" FR bnd  {name}\n"
        return low + f" PL bnd  {name}\n" if integer else "" if lower == 0.0 else low
    return low + f" UP bnd  {name}  {upper!r}\n"


def _lp(matrix: Matrix) -> Iterator[str]:
    """The pieces of an LP file; a row with two sides is written as two rows."""
    columns, rows = _names(matrix)
    yield "\\ Maximises the planner's objective: the optimum of this file is the plan's value.\nMaximize\n obj:"
    yield from _terms(columns, range(matrix.objective.size), matrix.objective.tolist())
    yield f"\n {_signed(float(matrix.offset))}\nSubject To\n" if matrix.offset else "\nSubject To\n"
    table = matrix.rows
    begins, entries, numbers = table.indptr.tolist(), table.indices.tolist(), table.data.tolist()
    for index, (lower, upper) in enumerate(zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)):
        piece = slice(begins[index], begins[index + 1])
        terms = "".join(_terms(columns, entries[piece], numbers[piece])) or f" 0 {columns[0] if columns else 'c0'}"
        for name, side in _lp_sides(rows[index], lower, upper):
            yield f" {name}:{terms} {side}\n"
    yield "Bounds\n"
    bounds = zip(columns, matrix.lower.tolist(), matrix.upper.tolist(), strict=True)
    yield from (_lp_bound(*bound) for bound in bounds)
    if matrix.integer.any():
        yield "Generals\n"
        yield from (f" {columns[index]}\n" for index in np.flatnonzero(matrix.integer).tolist())
    yield "End\n"


def _terms(columns: Sequence[str], entries: Sequence[int], numbers: Sequence[float]) -> Iterator[str]:
    """Terms of a linear expression, a few on a line: readers cut long lines off."""
    for begin in range(0, len(numbers), TERMS_PER_LINE):
        piece = slice(begin, begin + TERMS_PER_LINE)
        pairs = zip(entries[piece], numbers[piece], strict=True)
        line = " ".join([f"{_signed(number)} {columns[column]}" for column, number in pairs])
        yield f"\n {line}" if begin else f" {line}"


def _signed(number: float) -> str:
    return repr(number) if number < 0.0 else f"+{abs(number)!r}"


def _lp_sides(name: str, lower: float, upper: float) -> list[tuple[str, str]]:
    """The names and sides under which a row is written; none for a free row."""
    if lower == upper:
        return [(name, f"= {lower!r}")]
    above = [(name, f"<= {upper!r}")] if upper != np.inf else []
    below = [(name, f">= {lower!r}")] if lower != -np.inf else []
    return [(f"{name}.up", above[0][1]), (f"{name}.lo", below[0][1])] if above and below else above + below


def _lp_bound(name: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f" {name} = {lower!r}\n"
    if (lower, upper) == (-np.inf, np.inf):
        return f" {name} free\n"
    low = "-inf" if lower == -np.inf else repr(lower)
    return f" {low} <= {name}\n" if upper == np.inf else f" {low} <= {name} <= {upper!r}\n"
