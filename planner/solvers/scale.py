"""Powers of two that bring a programme to the size that floating-point solvers are made for.

Libraries have absolute tolerances: 1e-6 on a row, 1e-6 on the objective. Handed over in other units, the same plan would
be judged differently. So rows and objective are divided by powers of two, which loses no digit, and a plan in 元 and the
same plan in 亿元 are solved alike.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.protocol import Floats, Matrix

HEADROOM = 7
"""The objective's typical coefficient becomes about 2 to this power."""


def objective_unit(objective: Floats) -> float:
    """A power of two near a 128th of the geometric mean of the nonzero |c|; 1 when the objective is empty."""
    sizes = np.abs(objective[objective != 0.0])
    if sizes.size == 0:
        return 1.0
    return float(2.0 ** (round(float(np.log2(sizes).mean())) - HEADROOM))


def row_sizes(rows: csr_array) -> Floats:
    """The power of two that each row is multiplied by, so that its largest |a_ij| lies in [1, 2)."""
    largest = np.zeros(rows.shape[0])
    np.maximum.at(largest, np.repeat(np.arange(largest.size), np.diff(rows.indptr)), np.abs(rows.data))
    size: Floats = np.exp2(-np.floor(np.log2(np.where(largest > 0.0, largest, 1.0))))
    return size


def well_scaled(matrix: Matrix, unit: float) -> Matrix:
    """The same programme in the same columns: the objective over ``unit``, the largest |a_ij| of each row in [1, 2)."""
    table = matrix.rows
    size = row_sizes(table)
    rows = csr_array((table.data * np.repeat(size, np.diff(table.indptr)), table.indices, table.indptr), table.shape)
    return replace(
        matrix,
        objective=matrix.objective / unit,
        offset=matrix.offset / unit,
        rows=rows,
        row_lower=matrix.row_lower * size,
        row_upper=matrix.row_upper * size,
    )
