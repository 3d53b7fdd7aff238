r"""The same whole solutions between tighter bounds and with tighter coefficients, so that every relaxation is nearer to them.

Of a row :math:`a x \le b` let :math:`s` be the most that :math:`a x` can come to within the bounds of the columns, and
:math:`d = s - b > 0` by how much that is too much. Then (Savelsbergh, ORSA J. Comput. 6, 1994)

- a whole column whose bound alone, all others at their least, breaks the row has a tighter bound: a firm that is too large for
  a park never stands in it;
- a 0-1 column with :math:`a_j > d`, without which the row holds whatever the others do, may have :math:`a_j' = d` when
  :math:`b` becomes :math:`b - a_j + d`: no whole solution more or less;
- one with :math:`a_j < -d`, with which the row holds whatever the others do, may have :math:`a_j' = -d`: a second source that is
  worth more than what is asked for counts as what is asked for.

Rows with a lower side are the same turned round; those with two sides keep their coefficients. What solvers do by themselves
before they begin, the relaxations of :mod:`planner.solvers.bounds` have from here. Measured on families of
:mod:`benchmarks.families`, linear relaxation: 0.1671 → 0.1497 (seed 37), 0.5741 → 0.5453 (9), 0.3684 → 0.3478 (11).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.protocol import Floats, Ints, Matrix

ROUNDS = 10
"""At the most: a bound may make another one tighter."""
WHOLE = 1e-6
"""How far from whole a bound may be and still count as whole."""
LEAST = 1e-6
"""Of the largest activity of a row: an excess below that is left alone, coefficients as small as that would be noise."""


def tightened(matrix: Matrix) -> Matrix:
    """The model with the same rows, columns and whole solutions; itself where nothing is gained, or where its bounds contradict each
    other, which a solver is to find out. Explicit zeros are left alone."""
    row = np.repeat(np.arange(matrix.rows.shape[0]), np.diff(matrix.rows.indptr))
    tight = matrix
    for _ in range(ROUNDS):
        before, tight = tight, _coefficients(_bounds(tight, row), row)
        if (tight.lower > tight.upper).any():
            return matrix
        if tight is before:
            break
    return tight


def _ends(matrix: Matrix) -> tuple[Floats, Floats]:
    """Least and most that each entry adds to its row."""
    value, column = matrix.rows.data, matrix.rows.indices
    with np.errstate(invalid="ignore"):
        ends = value * matrix.lower[column], value * matrix.upper[column]
    nothing = value == 0.0
    return np.where(nothing, 0.0, np.minimum(*ends)), np.where(nothing, 0.0, np.maximum(*ends))


def _others(ends: Floats, row: Ints, count: int) -> Floats:
    """For each entry what all others of its row add up to; infinite when one of them is."""
    endless = ~np.isfinite(ends)
    finite = np.where(endless, 0.0, ends)
    total, many = np.bincount(row, finite, count), np.bincount(row, endless, count)
    sign = np.where(ends < 0.0, -np.inf, np.inf)
    infinite = np.zeros(count)
    infinite[row[endless]] = sign[endless]
    return np.where(many[row] - endless > 0, infinite[row], total[row] - finite)


def _bounds(matrix: Matrix, row: Ints) -> Matrix:
    """With the bounds of whole columns that each row by itself demands."""
    value, column = matrix.rows.data, matrix.rows.indices
    least, most = _ends(matrix)
    count = matrix.rows.shape[0]
    able = matrix.integer[column] & (value != 0.0)
    with np.errstate(all="ignore"):
        below = (matrix.row_upper[row] - _others(least, row, count)) / value
        above = (matrix.row_lower[row] - _others(most, row, count)) / value
    up = np.where(value > 0.0, below, above)
    down = np.where(value > 0.0, above, below)
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    highest, lowest = able & np.isfinite(up), able & np.isfinite(down)
    np.minimum.at(upper, column[highest], np.floor(up[highest] + WHOLE))
    np.maximum.at(lower, column[lowest], np.ceil(down[lowest] - WHOLE))
    if (lower <= matrix.lower).all() and (upper >= matrix.upper).all():
        return matrix
    return replace(matrix, lower=lower, upper=upper)


def _coefficients(matrix: Matrix, row: Ints) -> Matrix:
    """With the coefficients of 0-1 columns that are larger than they need to be made smaller."""
    column, count = matrix.rows.indices, matrix.rows.shape[0]
    binary = (matrix.integer & (matrix.lower == 0.0) & (matrix.upper == 1.0))[column]
    value, sides = matrix.rows.data.copy(), {1.0: matrix.row_upper.copy(), -1.0: matrix.row_lower.copy()}
    least, most = _ends(matrix)
    changed = False
    for sign, ends in ((1.0, most), (-1.0, -least)):
        side, other = sign * sides[sign], sides[-sign]
        activity = np.bincount(row, ends, count)
        with np.errstate(invalid="ignore"):
            excess = activity - side
        one_sided = (
            np.isfinite(excess) & ~np.isfinite(other) & (excess > LEAST * np.maximum(np.bincount(row, np.abs(ends), count), 1.0))
        )
        large = binary & one_sided[row] & (np.abs(value) > excess[row] * (1.0 + WHOLE))
        if not large.any():
            continue
        changed = True
        signed = sign * value
        lost = np.where(large & (signed > 0.0), signed - excess[row], 0.0)
        sides[sign] = sides[sign] - sign * np.bincount(row, lost, count)
        value = np.where(large, np.sign(value) * excess[row], value)
    if not changed:
        return matrix
    rows = csr_array((value, column, matrix.rows.indptr), shape=matrix.rows.shape)
    return replace(matrix, rows=rows, row_lower=sides[-1.0], row_upper=sides[1.0])
