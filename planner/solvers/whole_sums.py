r"""Whole sums: what a quarter's choices add up to is a multiple of a unit, and a solver may be told so.

Where choices have whole sizes :math:`n_j` (a team's projects ask 1, 2, 3 … person-months) and rows of one kind hold
:math:`\sum_j \rho_r g\, n_j x_j \le U_r` for columns of one *profile* :math:`\rho` (signed in the same quarter, with the
same shares of effort later on), a new column

.. math:: E = \sum_j n_j x_j \in \{0, 1, 2 \dots\}

says the same and is whole because every :math:`x_j` is. The rows become :math:`\sum_\text{profiles} \rho_r g E \le U_r`:
few whole columns, on which a solver rounds (13 person-months at a share of 0.7 hold 18 of effort and not 18.57) and
branches, instead of hundreds of choices that are alike. Nothing is left out and nothing is added: the solutions are those of
the given model, each with one value of :math:`E`.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.programme.matrix import Floats, Ints, Matrix

MOST_UNITS = 120
"""Units that the largest row may hold; of more, whole numbers say little."""
PARTS = 12
"""Into how many parts the smallest size is divided in search of the unit."""
NEAR = 1e-9


def whole_sums(matrix: Matrix, groups: Ints) -> tuple[csr_array, Floats, Ints, csr_array]:
    """(definitions, largest, rows, written): the new columns and the rows in their terms.

    ``definitions`` has one row for each new column: what of the model's columns it adds up; ``largest`` is its upper bound.
    ``written`` are ``rows`` of the matrix with the new columns in place of the given ones. ``groups``: rows of one number
    limit the same thing in several periods (:attr:`~planner.programme.matrix.Periods.row`).
    """
    n = matrix.rows.shape[1]
    made = [one for number in range(int(groups.max(initial=-1)) + 1) if (one := _group(matrix, np.flatnonzero(groups == number)))]
    count = sum(len(largest) for _, largest, _, _ in made)
    if not made:
        return csr_array((0, n)), np.zeros(0), np.zeros(0, dtype=np.int64), csr_array((0, 0))
    from scipy.sparse import block_diag, vstack

    return (
        csr_array(vstack([definitions for definitions, _, _, _ in made], format="csr")),
        np.concatenate([largest for _, largest, _, _ in made]),
        np.concatenate([rows for _, _, rows, _ in made]),
        csr_array(block_diag([written for _, _, _, written in made], format="csr")),
    )


Group = tuple[csr_array, Floats, Ints, csr_array]


def _group(matrix: Matrix, rows: Ints) -> Group | None:
    """One group of rows; None where its sizes have no common unit, or rows are of another form."""
    part = csc_array(matrix.rows[rows])
    upper = matrix.row_upper[rows]
    used = np.flatnonzero(np.diff(part.indptr))
    plain = np.isneginf(matrix.row_lower[rows]).all() and np.isfinite(upper).all() and (part.data > 0).all()
    if not plain or not len(used) or not matrix.integer[used].all() or (matrix.lower[used] < 0).any():
        return None
    part.sort_indices()
    size = part.data[part.indptr[used]]
    unit = _unit(size)
    if unit is None or (upper > MOST_UNITS * unit).any() or (upper < 0).any():
        return None
    dense = part[:, used].toarray() / size
    profiles, at = np.unique(dense.round(9), axis=1, return_inverse=True)
    at = at.ravel()
    exact = np.zeros_like(profiles)
    exact[:, at] = dense
    if np.abs(exact[:, at] - dense).max() > NEAR:
        return None
    count = np.rint(size / unit)
    definitions = csr_array((count, (at, used)), shape=(profiles.shape[1], part.shape[1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        largest = np.where(exact > 0, upper[:, None] / (exact * unit), np.inf).min(axis=0)
    return definitions, np.floor(largest + 1e-6), rows, csr_array(exact * unit)


def _unit(size: Floats) -> float | None:
    """The largest part of the smallest size that all sizes are multiples of."""
    for divided in range(1, PARTS + 1):
        unit = float(size.min()) / divided
        multiple = size / unit
        if np.abs(multiple - np.rint(multiple)).max() <= NEAR * max(float(multiple.max()), 1.0):
            return unit
    return None
