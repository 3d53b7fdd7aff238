"""Powers of two that bring a programme to the size that floating-point solvers are made for.

Libraries have absolute tolerances: 1e-6 on a row, 1e-6 on the objective. Handed over in other units, the same plan would
be judged differently. So rows and objective are divided by powers of two, which loses no digit, and a plan in 元 and the
same plan in 亿元 are solved alike.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.protocol import Floats, Ints, Matrix

HEADROOM = 7
"""The objective's typical coefficient becomes about 2 to this power."""
DECIDING = 14
"""The smallest becomes no less than 2 to ``HEADROOM`` - ``DECIDING``: prices of violations must not drown what they stand beside."""
REACH = 27
"""The largest becomes no more than 2 to this power: a library's 1e-7 is then still a hundred times the rounding of its sums."""
STEP_SIZE = 1e-4
"""What a step of a row's data becomes at least: a hundred times the tolerance of a library on its rows."""
DECIMALS = 6
"""Decimal places up to which the step of a row's data is looked for."""


def objective_unit(objective: Floats) -> float:
    """A power of two near a 128th of the geometric mean of the nonzero |c|; 1 when the objective is empty.

    Lower where the smallest would become too small by it to be seen, and higher where the largest would become too large.
    """
    sizes = np.abs(objective[objective != 0.0])
    if sizes.size == 0:
        return 1.0
    exponents = np.log2(sizes)
    typical = min(float(exponents.mean()), float(exponents.min()) + DECIDING) - HEADROOM
    return float(2.0 ** round(max(typical, float(exponents.max()) - REACH)))


def row_sizes(matrix: Matrix) -> Floats:
    """The power of two that each row is multiplied by: its largest |a_ij| lies in [1, 2), or above, as far as is needed for a
    step of its data to be more than what libraries leave to tolerance."""
    rows = matrix.rows
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    largest = np.zeros(rows.shape[0])
    np.maximum.at(largest, row, np.abs(rows.data))
    plain = -np.floor(np.log2(np.where(largest > 0.0, largest, 1.0)))
    fine = np.ceil(np.log2(STEP_SIZE) - np.log2(_steps(matrix, row)))
    return np.asarray(np.exp2(np.maximum(plain, fine)))


def _steps(matrix: Matrix, row: Ints) -> Floats:
    """The step 10⁻ᵈ that all numbers of a row are multiples of; inf where there is none, or a column that is not whole."""
    rows, count = matrix.rows, matrix.rows.shape[0]
    found = np.full(count, np.inf)
    left = np.bincount(row, ~matrix.integer[rows.indices], count) == 0
    sides = [np.where(np.isfinite(side), side, 0.0) for side in (matrix.row_lower, matrix.row_upper)]
    every, number = np.concatenate([row, *[np.arange(count)] * 2]), np.concatenate([rows.data, *sides])
    for decimals in range(DECIMALS + 1):
        trial = number * 10.0**decimals
        off = np.abs(trial - np.rint(trial)) > 1e-12 * np.maximum(np.abs(trial), 1.0)
        fits = left & (np.bincount(every, off, count) == 0)
        found[fits] = 10.0**-decimals
        left &= ~fits
    return found


def well_scaled(matrix: Matrix, unit: float) -> Matrix:
    """The same programme in the same columns: the objective over ``unit``, rows times their :func:`row_sizes`."""
    table = matrix.rows
    size = row_sizes(matrix)
    rows = csr_array((table.data * np.repeat(size, np.diff(table.indptr)), table.indices, table.indptr), table.shape)
    return replace(
        matrix,
        objective=matrix.objective / unit,
        offset=matrix.offset / unit,
        rows=rows,
        row_lower=matrix.row_lower * size,
        row_upper=matrix.row_upper * size,
    )
