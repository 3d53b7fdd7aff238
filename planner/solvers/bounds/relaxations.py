r"""Two relaxations that are far easier to solve than the model, and so bounds on it: without its periods, and without its places.

**Without periods.** Columns that differ only in their period (a project signed in the first, second … quarter) become one column,
their sum. A row survives with the weakest coefficient that any of the summed columns has in it; rows that limit the same thing
period by period (a team's effort in each quarter) are added up as well. Every solution of the model maps to one of the relaxation
with no smaller objective, so **a bound on the relaxation is a bound on the model**. What is lost is only how the chosen fit into
the periods; dual feasible functions (Fekete & Schepers, Math. Program. 91, 2001) give part of that back: where the rows of one
thing are bins of capacities :math:`U_t` and each chosen item lies in one of them, with :math:`x_i = e_i / \max_t U_t`

.. math:: \sum_i u_k(x_i)\, s_i \le T,\qquad u_k(x) = x \text{ if } (k+1)x \in \mathbb{Z} \text{ else } \lfloor (k+1) x\rfloor / k .

Choosing before scheduling is also what the symmetry of the quarters asks for.

**Without places.** Every place at its price: one column for each choice of *where*, and no row of any place. Rows that ask where a
choice is placed (a park's land) are moved into the objective at prices :math:`\pi`; the columns of a block that differ in their
place alone become one, their sum, worth as much as the best of them. For all :math:`\pi` of the right sign, with P the rows that
were moved and :math:`b` their sides,

.. math:: \max_{x} c x \le \pi_P b_P + \max_x (c - A_P^\top \pi_P) x
          \le \pi_P b_P + \max_X \sum_g \max_{j \in g} (c - A_P^\top \pi_P)_j X_g ,

the first step because a feasible x loses nothing by it (Lagrangian relaxation), the second because x ≥ 0 and each row that is left
is replaced by one that the sums :math:`X_g = \sum_{j \in g} x_j` meet (:func:`weakest`). What stays whole: who comes, which links
have backups. So an exact solution, or any bound on it, bounds the model, and it is far tighter than a linear relaxation where links
are filled by two or three firms each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from planner.solvers.bounds.duals import signed, worth_of_sides
from planner.solvers.groups import extent, incidence, joined, per_group
from planner.solvers.protocol import Bools, Floats, Ints, Matrix, Periods

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

    def with_choices(self, periods: Periods) -> Matrix:
        """The relaxation with what ``periods``, those of the model, say of its choices; none of its columns stands in a period."""
        nowhere = np.full(len(self.matrix.objective), -1)
        known = Periods(
            column=np.arange(len(nowhere)),
            row=np.full(len(self.matrix.row_lower), -1),
            block=self.of(periods.block),
            relaxed=periods.relaxed,
            cluster=self.of(periods.cluster),
            period=nowhere,
        )
        return replace(self.matrix, periods=known)


def aggregate(matrix: Matrix, periods: Periods, places: bool = False) -> Aggregate:
    """The relaxation of ``matrix`` without periods. See the module's words for why it is one. ``places``: the columns that say
    where (``periods.relaxed``) are whole as well. A sum over periods of whole columns is whole, so this is a relaxation still:
    tighter, and harder."""
    group = periods.column
    size = np.bincount(group)
    count = len(size)
    parts = [weakest(matrix.rows, matrix.row_lower, matrix.row_upper, group, size)]
    if (periods.row >= 0).any():
        parts.append(weakest(*_summed(matrix, periods.row), group, size))
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


def _summed(matrix: Matrix, row_group: Ints) -> Rows:
    """The rows of each group added up."""
    grouped = np.flatnonzero(row_group >= 0)
    add = incidence(row_group[grouped], grouped, (int(row_group.max()) + 1, len(row_group)))
    sides = [np.bincount(row_group[grouped], side[grouped]) for side in (matrix.row_lower, matrix.row_upper)]
    return csr_array(add @ matrix.rows), sides[0].astype(np.float64), sides[1].astype(np.float64)


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
    return np.where(np.abs(steps - np.rint(steps)) < NEAR, share, np.floor(steps) / k)


@dataclass(frozen=True, eq=False)
class Priced:
    """The model without places, and how it hangs together with the one it came from."""

    matrix: Matrix
    column: Ints
    """Column of ``matrix`` for each column of the model."""
    place: Ints
    """For each column of ``matrix`` the best column of the model behind it, at these prices."""
    moved: Ints
    """Rows of the model that stand in the objective."""
    duals: Floats
    """Their prices, in the order of ``moved``."""


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
