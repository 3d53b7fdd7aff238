r"""The relaxation with every place at its price: one column for each choice of *where*, and no row of any place.

Rows that ask where a choice is placed (a park's land) are moved into the objective at prices :math:`\pi`; the columns of a
block that differ in their place alone become one, their sum, worth as much as the best of them. For all
:math:`\pi` of the right sign, with P the rows that were moved and :math:`b` their sides,

.. math:: \max_{x} c x \le \pi_P b_P + \max_x (c - A_P^\top \pi_P) x
          \le \pi_P b_P + \max_X \sum_g \max_{j \in g} (c - A_P^\top \pi_P)_j X_g ,

the first step because a feasible x loses nothing by it (Lagrangian relaxation), the second because x ≥ 0 and each row that is
left is replaced by one that the sums :math:`X_g = \sum_{j \in g} x_j` meet (:func:`planner.solvers.bounds.without_periods.weakest`).
What stays whole: who comes, which links have backups. So an exact solution, or any bound on it, bounds the model, and it is
far tighter than a linear relaxation where links are filled by two or three firms each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from planner.solvers.bounds.without_periods import weakest
from planner.solvers.groups import extent, joined, per_group
from planner.solvers.protocol import Bools, Floats, Ints, Matrix


@dataclass(frozen=True, eq=False)
class Priced:
    """The model without places, and how it hangs together with the one it came from."""

    matrix: Matrix
    column: Ints
    """Column of ``matrix`` for each column of the model."""
    place: Ints
    """For each column of ``matrix`` the best column of the model behind it, at these prices."""
    kept: Ints
    """Rows of the model that ``matrix`` keeps."""
    moved: Ints
    """Rows of the model that stand in the objective."""
    duals: Floats
    """Their prices, in the order of ``moved``."""


def signed(duals: Floats, lower: Floats, upper: Floats) -> Floats:
    """Prices of sides that exist: ≥ 0 for an upper side, ≤ 0 for a lower one; any other becomes 0."""
    return np.where((duals > 0) & ~np.isfinite(upper) | (duals < 0) & ~np.isfinite(lower) | ~np.isfinite(duals), 0.0, duals)


def worth_of_sides(duals: Floats, lower: Floats, upper: Floats) -> float:
    """π·b with the side that each price is of."""
    side = np.where(duals > 0, upper, np.where(duals < 0, lower, 0.0))
    return float((duals * side).sum())


def price_places(matrix: Matrix, block: Ints, duals: Floats) -> Priced:
    """The model with its placing rows at ``duals`` (shape of the rows; those of rows that stay are not used)."""
    group, size = _groups(matrix, block)
    moved = _placing(matrix, block, group, size)
    rows, kept = np.flatnonzero(moved), np.flatnonzero(~moved)
    price = signed(duals[rows], matrix.row_lower[rows], matrix.row_upper[rows])
    value = matrix.objective - matrix.rows[rows].T @ price
    order = np.lexsort((-value, group))
    first = np.flatnonzero(np.r_[True, np.diff(group[order]) > 0])
    place = order[first]
    part, lower, upper = weakest(matrix.rows[kept], matrix.row_lower[kept], matrix.row_upper[kept], group, size)
    count = len(size)
    low, high, whole = joined(matrix, group, count)
    return Priced(
        Matrix(
            objective=value[place],
            offset=matrix.offset + worth_of_sides(price, matrix.row_lower[rows], matrix.row_upper[rows]),
            rows=part,
            row_lower=lower,
            row_upper=upper,
            lower=low,
            upper=high,
            integer=whole,
        ),
        group,
        place,
        kept,
        rows,
        price,
    )


def _groups(matrix: Matrix, block: Ints) -> tuple[Ints, Ints]:
    """Columns of one block, and of one kind (whole or not): number of each column's group, and how many are in each."""
    alone = 2 * (int(block.max(initial=-1)) + 1) + np.arange(len(block))
    _, group = np.unique(np.where(block >= 0, 2 * block + matrix.integer, alone), return_inverse=True)
    return group.astype(np.int64), np.bincount(group)


def _placing(matrix: Matrix, block: Ints, group: Ints, size: Ints) -> Bools:
    """Rows of several blocks that hold some columns of a group and not others, or not alike."""
    row, _, least, most, missing = per_group(matrix.rows, group, size)
    placing = np.zeros(matrix.rows.shape[0], dtype=bool)
    placing[row[missing | (least != most)]] = True
    entries = coo_array(matrix.rows)
    first, last = extent(entries.row, block[entries.col], len(placing))
    return placing & (first < last)
