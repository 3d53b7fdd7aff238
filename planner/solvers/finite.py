"""Finite bounds for columns that have none, so that a solver of whole numbers can take the model.

With every row written as B x ≤ b, an upper bound for x_j has two sources:

    rows:       x_j ≤ (b_i − least_i) / B_ij                 for B_ij > 0,
    objective:  x_j ≤ max_i (most_i − b_i) / |B_ij|          over B_ij < 0, when c_j ≤ 0,

least_i and most_i being the activity that the other columns of row i can have. The second says: a column that nobody
gains by raising need not be above the value at which each row that wants it high holds whatever the others do. It
keeps an optimum, not every solution. Lower bounds are upper bounds of the mirrored programme.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planner.solvers.protocol import Floats, Matrix

ROUNDS = 10
MARGIN = 1e-7
"""Derived bounds are widened by this much, relative to their size, against rounding."""


def with_finite_bounds(matrix: Matrix) -> Matrix:
    """The same programme with infinite column bounds replaced where rows or the objective allow it.

    Its optimal value is the same, and at least one optimum is kept. Some bounds may stay infinite.
    """
    for _ in range(ROUNDS):
        endless = _endless(matrix)
        if not endless:
            break
        matrix = _mirrored(_with_upper(_mirrored(_with_upper(matrix))))
        if _endless(matrix) == endless:
            break
    return matrix


def _endless(matrix: Matrix) -> int:
    """How many column bounds are infinite."""
    return int(np.isinf(matrix.lower).sum() + np.isinf(matrix.upper).sum())


def _mirrored(matrix: Matrix) -> Matrix:
    """The programme in −x."""
    return replace(matrix, objective=-matrix.objective, rows=-matrix.rows, lower=-matrix.upper, upper=-matrix.lower)


def _with_upper(matrix: Matrix) -> Matrix:
    """One round for the columns without an upper bound."""
    endless = np.isposinf(matrix.upper)
    if not endless.any():
        return matrix
    row, column, value, side = at_most(matrix)
    least, most = activity_of_others(matrix, row, column, value)
    mine = endless[column]
    column, value, side, least, most = column[mine], value[mine], side[mine], least[mine], most[mine]
    room = np.full(endless.size, np.inf)
    rise = value > 0.0
    np.minimum.at(room, column[rise], (side[rise] - least[rise]) / value[rise])
    enough = np.where(np.isfinite(matrix.lower), matrix.lower, 0.0)
    fall = value < 0.0
    np.maximum.at(enough, column[fall], (side[fall] - most[fall]) / value[fall])
    enough = np.where(matrix.integer, np.ceil(enough), enough)
    room = np.where(matrix.objective <= 0.0, np.minimum(room, enough), room)
    room += MARGIN * np.maximum(1.0, np.abs(room))
    return replace(matrix, upper=np.where(endless, np.maximum(room, matrix.lower), matrix.upper))


def at_most(matrix: Matrix) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Row, column, value and side of every entry of B x ≤ b; row sides that are infinite are left out."""
    above, below = np.isfinite(matrix.row_upper), np.isfinite(matrix.row_lower)
    both = csr_array(vstack([matrix.rows[above], -matrix.rows[below]]))
    sides = np.concatenate([matrix.row_upper[above], -matrix.row_lower[below]])
    both.eliminate_zeros()
    row = np.repeat(np.arange(sides.size, dtype=np.int64), np.diff(both.indptr))
    return row, both.indices.astype(np.int64), both.data, sides[row]


def activity_of_others(matrix: Matrix, row: NDArray[np.int64], column: NDArray[np.int64], value: Floats) -> tuple[Floats, Floats]:
    """For each entry the smallest and the largest activity of the other columns of its row; may be infinite."""
    at_lower, at_upper = value * matrix.lower[column], value * matrix.upper[column]
    return rest_of_row(row, np.minimum(at_lower, at_upper), -np.inf), rest_of_row(row, np.maximum(at_lower, at_upper), np.inf)


def rest_of_row(row: NDArray[np.int64], term: Floats, endless: float) -> Floats:
    """The sum of the other terms of the row of each entry; ``endless`` when one of them is infinite."""
    infinite = np.isinf(term)
    finite = np.where(infinite, 0.0, term)
    others = np.bincount(row, infinite)[row] - infinite
    rest: Floats = np.where(others > 0, endless, np.bincount(row, finite)[row] - finite)
    return rest
