r"""The same model without its periods: a relaxation that is far easier to solve, and so a bound on the whole.

Columns that differ only in their period (a project signed in the first, second … quarter) become one column, their sum.
A row survives with the weakest coefficient that any of the summed columns has in it; rows that limit the same thing period by
period (a team's effort in each quarter) are added up as well. Every solution of the model maps to one of the relaxation
with no smaller objective, so **a bound on the relaxation is a bound on the model**. What is lost is only how the chosen fit
into the periods; dual feasible functions (Fekete & Schepers, Math. Program. 91, 2001) give part of that back: where the rows
of one thing are bins of capacities :math:`U_t` and each chosen item lies in one of them, with :math:`x_i = e_i / \max_t U_t`

.. math:: \sum_i u_k(x_i)\, s_i \le T,\qquad u_k(x) = x \text{ if } (k+1)x \in \mathbb{Z} \text{ else } \lfloor (k+1) x\rfloor / k .

Choosing before scheduling is also what the symmetry of the quarters asks for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from planner.solvers.groups import incidence, joined, per_group
from planner.solvers.protocol import Floats, Ints, Matrix, Periods

FUNCTIONS = range(1, 8)
"""Orders k of the dual feasible functions."""
NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Aggregate:
    """The relaxation, and the column of it that each column of the model belongs to."""

    matrix: Matrix
    column: Ints

    def of(self, number: Ints) -> Ints:
        """What a number of the model's columns (their block, their cluster) is for the columns of the relaxation."""
        found = np.full(len(self.matrix.objective), -1, dtype=np.int64)
        found[self.column] = number
        return found


def aggregate(matrix: Matrix, periods: Periods, places: bool = False) -> Aggregate:
    """The relaxation of ``matrix`` without periods. See the module's words for why it is one.

    ``places``: the columns that say where (``periods.relaxed``) are whole as well. A sum over periods of whole columns is
    whole, so this is a relaxation still: tighter, and harder.
    """
    group = periods.column
    size = np.bincount(group)
    count = len(size)
    single, lower, upper = weakest(matrix.rows, matrix.row_lower, matrix.row_upper, group, size)
    parts = [(single, lower, upper)]
    summed = _summed(matrix, periods.row)
    if summed is not None:
        rows, low, high = summed
        parts.append(weakest(rows, low, high, group, size))
    parts += _bins(matrix, periods.row, group, size)
    objective = np.full(count, -np.inf)
    np.maximum.at(objective, group, matrix.objective)
    low, high, integer = joined(matrix, group, count)
    return Aggregate(
        Matrix(
            objective=objective,
            offset=matrix.offset,
            rows=csr_array(vstack([rows for rows, _, _ in parts], format="csr")),
            row_lower=np.concatenate([lower for _, lower, _ in parts]),
            row_upper=np.concatenate([upper for _, _, upper in parts]),
            lower=low,
            upper=high,
            integer=integer if places else integer & ~periods.relaxed[: len(integer)],
        ),
        group,
    )


Rows = tuple[csr_array, Floats, Floats]


def weakest(rows: csr_array, lower: Floats, upper: Floats, group: Ints, size: Ints) -> Rows:
    """Rows over groups that every sum of columns meets: the least coefficient for ≤, the largest for ≥."""
    shape = (rows.shape[0], len(size))
    row, column, least, most, partial = per_group(rows, group, size)
    least = np.where(partial, np.minimum(least, 0.0), least)
    most = np.where(partial, np.maximum(most, 0.0), most)
    same = np.ones(shape[0], dtype=bool)
    same[row[least != most]] = False
    below = csr_array((least, (row, column)), shape=shape)
    above = csr_array((most, (row, column)), shape=shape)
    both = np.flatnonzero(same)
    at_most = np.flatnonzero(~same & np.isfinite(upper))
    at_least = np.flatnonzero(~same & np.isfinite(lower))
    stacked = csr_array(vstack([below[both], below[at_most], above[at_least]], format="csr"))
    stacked.eliminate_zeros()
    return (
        stacked,
        np.concatenate([lower[both], np.full(len(at_most), -np.inf), lower[at_least]]),
        np.concatenate([upper[both], upper[at_most], np.full(len(at_least), np.inf)]),
    )


def _summed(matrix: Matrix, row_group: Ints) -> Rows | None:
    """The rows of each group added up."""
    grouped = np.flatnonzero(row_group >= 0)
    if not len(grouped):
        return None
    count = int(row_group.max()) + 1
    add = incidence(row_group[grouped], grouped, (count, len(row_group)))
    lower, upper = np.zeros(count), np.zeros(count)
    np.add.at(lower, row_group[grouped], matrix.row_lower[grouped])
    np.add.at(upper, row_group[grouped], matrix.row_upper[grouped])
    return csr_array(add @ matrix.rows), lower, upper


def _bins(matrix: Matrix, row_group: Ints, group: Ints, size: Ints) -> list[Rows]:
    """Cuts from dual feasible functions, for groups of rows that are bins of one-bin items."""
    parts: list[Rows] = []
    for number in range(int(row_group.max(initial=-1)) + 1):
        rows = np.flatnonzero(row_group == number)
        entries = coo_array(matrix.rows[rows])
        capacity = float(matrix.row_upper[rows].max())
        if not len(entries.col) or not np.isfinite(capacity) or capacity <= 0 or (entries.data < 0).any():
            continue
        if len(np.unique(entries.col)) < len(entries.col):
            continue  # an item that lies in several bins at once
        items, at = np.unique(group[entries.col], return_inverse=True)
        weight = np.full(len(items), np.inf)
        np.minimum.at(weight, at, entries.data)
        # An item with a period outside these rows may lie in no bin: then it weighs nothing for certain.
        weight[np.bincount(at) < size[items]] = 0.0
        share = weight / capacity
        if (share > 1 + NEAR).any() or not (weight > 0).any():
            continue
        cuts = np.unique(np.array([dual_feasible(share, k) for k in FUNCTIONS]).round(12), axis=0)
        row = np.repeat(np.arange(len(cuts)), len(items))
        made = csr_array((cuts.ravel(), (row, np.tile(items, len(cuts)))), shape=(len(cuts), len(size)))
        made.eliminate_zeros()
        parts.append((made, np.full(len(cuts), -np.inf), np.full(len(cuts), float(len(rows)))))
    return parts


def dual_feasible(share: Floats, k: int) -> Floats:
    """u_k: a set of shares that sums to at most 1 still does after it."""
    steps = share * (k + 1)
    whole = np.abs(steps - np.rint(steps)) < NEAR
    return np.where(whole, share, np.floor(steps) / k)
