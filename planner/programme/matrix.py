"""A mixed-integer programme as arrays: what solvers take. It knows no firm and no table (R4).

max  c·x + offset    s.t.  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper,  x_j integer where ``integer[j]``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Matrix:
    """A mixed-integer programme as arrays; n columns, m rows. Names are ASCII (R4)."""

    objective: Floats
    """c, shape (n,); to be maximised."""
    offset: float
    rows: csr_array
    """A, shape (m, n)."""
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    row_names: tuple[str, ...] = ()
    """ASCII, unique; empty: r0, r1 …"""
    column_names: tuple[str, ...] = ()
    """ASCII, unique; empty: c0, c1 …"""
