"""A mixed-integer programme as arrays: what solvers take. It knows no firm and no table (R4).

max  c·x + offset    s.t.  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper,  x_j integer where ``integer[j]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.signedinteger[Any]]
"""Positions, as scipy gives them too."""


@dataclass(frozen=True, eq=False)
class Periods:
    """How a model repeats itself over periods; what a solver may know of its structure. Numbers, no names.

    The columns of one group differ in their period alone, and at most one of them is not 0: together they are at most
    the largest of their upper bounds.
    """

    column: Ints
    """Group of each column, shape (n,), from 0 on without gaps."""
    row: Ints
    """Shape (m,): rows of one number limit the same thing, each in a period of its own; −1: no such row."""
    block: Ints
    """Shape (n,): columns of one number are one choice (of a project: where and when); −1: none."""
    relaxed: NDArray[np.bool_]
    """Shape of the groups: those that need not be whole once the periods are gone, since others decide the choice."""
    cluster: Ints
    """Shape (n,): columns of one number hang together closely (of one chain) and with others through few rows; −1: of none.
    A block lies in one cluster."""


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
    periods: Periods | None = None
    """Structure for solvers that use it; None: not known."""
    row_names: tuple[str, ...] = ()
    """ASCII, unique; empty: r0, r1 …"""
    column_names: tuple[str, ...] = ()
    """ASCII, unique; empty: c0, c1 …"""
    reference: float = 0.0
    """The value that relative gaps are measured from: that of a loss which no solution avoids."""

    def part(
        self, columns: Indices | slice = slice(None), rows: Indices | slice = slice(None), table: csr_array | None = None
    ) -> Matrix:
        """Some columns, the others being 0, in some rows; without names and periods. ``table``: their entries, if at hand."""
        if table is None:
            table = csr_array(self.rows[rows])
            table = table if isinstance(columns, slice) else csr_array(table[:, columns])
        return Matrix(
            objective=self.objective[columns],
            offset=self.offset,
            rows=csr_array(table),
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            lower=self.lower[columns],
            upper=self.upper[columns],
            integer=self.integer[columns],
        )
