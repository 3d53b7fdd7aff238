r"""A programme in whole numbers for CP-SAT: scaled by our own arithmetic, and a relaxation of the original.

Every column becomes an integer z_j: x_j = z_j for integer columns, x_j ≈ o_j + δ_j z_j for continuous ones, where the grid δ_j is
the power of two just below (range of x_j) · 2⁻¹⁸ and o_j the lower bound. (Measured: from 20 bits on, the presolve of CP-SAT 9.15
may lose the optimum of models of a dozen columns; at 18 none of 150 was lost. What the grid leaves open is closed afterwards, see
:mod:`planner.solvers.adapters.cpsat`.)

**Rows.** γ_ij = a_ij δ_j is scaled by s_i and rounded: G_ij = round(s_i γ_ij), error e_ij = s_i γ_ij − G_ij. s_i is
10^d divided by the finest grid of the row, with the smallest d for which nothing is rounded; if there is none that
keeps the numbers below 2⁵², it is the largest power of two that does. Each true point has a grid point within δ_j/2, so

    Σ_j G_ij z_j ≤ s_i (b_i − Σ a_ij o_j) + ½ Σ_cont |s_i γ_ij| + Σ_j max(−e_ij z_j)

holds for the grid point of every solution: sides are moved outward by this much and rounded outward, so that no solution of the
original is lost. **Objective.** Treated alike; ``error`` bounds how much better than its grid point a true solution can be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planner.solvers.check import TOLERANCE
from planner.solvers.protocol import Floats, Matrix

GRID_BITS = 18
SIZE_BITS = 52
"""No row's activity may exceed 2 to this power; int64 holds 63."""
DECIMALS = 9
NOISE = 1e-12
"""Relative rounding error of the floating-point arithmetic here, generously."""
ENDLESS = 2**62

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Whole:
    """max C·z  s.t.  row_lower ≤ G z ≤ row_upper, lower ≤ z ≤ upper, all integers; ±2⁶² stands for no side."""

    objective: Integers
    rows: csr_array
    """G, int64, shape (m, n)."""
    row_lower: Integers
    row_upper: Integers
    lower: Integers
    upper: Integers
    origin: Floats
    step: Floats
    """x = origin + step · z."""
    scale: float
    """C ≈ scale · c · step."""
    constant: float
    """Value of the objective at z = 0, offset included."""
    error: float
    """c·x + offset ≤ (C·z + error) / scale + constant for every solution x and its grid point z."""

    def point(self, whole: Floats) -> Floats:
        """x from z."""
        return self.origin + self.step * whole

    def nearest(self, values: Floats) -> Integers:
        """The z nearest to x, within its bounds."""
        return np.clip(np.rint((values - self.origin) / self.step).astype(np.int64), self.lower, self.upper)

    def value(self, inner: float) -> float:
        """The objective of a grid point from C·z, but for the rounding of C."""
        return inner / self.scale + self.constant

    def bound(self, inner: float) -> float:
        """An upper bound on the original programme from one on C·z."""
        return (inner + self.error) / self.scale + self.constant

    def at_least(self, value: float) -> Whole:
        """Only what may stand for a solution of at least this value."""
        floor = math.ceil((value - self.constant) * self.scale - self.error)
        return replace(
            self,
            rows=csr_array(vstack([self.rows, csr_array(self.objective[np.newaxis, :])])),
            row_lower=np.append(self.row_lower, floor),
            row_upper=np.append(self.row_upper, ENDLESS),
        )


def whole(matrix: Matrix) -> Whole:
    """The relaxation in whole numbers. Raises ValueError, in words for the log, when a column has an infinite bound or numbers are
    too large."""
    bounded = np.isfinite(matrix.lower) & np.isfinite(matrix.upper)
    if not bounded.all():
        name = matrix.column_name(np.flatnonzero(~bounded)[0])
        raise ValueError(f"column {name} has no finite bounds and no row gives it any; CP-SAT needs them")
    columns = _Columns.of(matrix)
    count, every = matrix.rows.shape[0], np.arange(matrix.objective.size)
    row = np.repeat(np.arange(count), np.diff(matrix.rows.indptr))
    rows = _scaled(columns, count, row, matrix.rows.indices, matrix.rows.data)
    objective = _scaled(columns, 1, np.zeros_like(every), every, matrix.objective)
    if (columns.reach > 2.0**SIZE_BITS).any():
        raise ValueError("a column may take values that are too large for CP-SAT")
    shift = matrix.rows @ columns.origin
    slip = NOISE * (rows.size + rows.scale * np.abs(shift)) + 1e-9
    above = rows.scale * (matrix.row_upper - shift) + rows.above + slip
    below = rows.scale * (matrix.row_lower - shift) - rows.below - slip
    weight = float(np.abs(matrix.objective) @ np.abs(columns.origin)) + abs(matrix.offset)
    scale = float(objective.scale[0])
    return Whole(
        objective=objective.rounded,
        rows=csr_array((rows.rounded, matrix.rows.indices, matrix.rows.indptr), shape=matrix.rows.shape),
        row_lower=_side(np.ceil, below, rows.size),
        row_upper=_side(np.floor, above, rows.size),
        lower=columns.lower.astype(np.int64),
        upper=columns.upper.astype(np.int64),
        origin=columns.origin,
        step=columns.step,
        scale=scale,
        constant=float(matrix.objective @ columns.origin) + matrix.offset,
        error=float(objective.above[0] + NOISE * (objective.size[0] + scale * weight)),
    )


@dataclass(frozen=True, eq=False)
class _Columns:
    """How each column becomes a whole number."""

    step: Floats
    origin: Floats
    lower: Floats
    upper: Floats
    gridded: NDArray[np.bool_]
    """On a grid: continuous, and not fixed."""

    @property
    def reach(self) -> Floats:
        """The largest |z|, at least 1."""
        return np.maximum(np.maximum(np.abs(self.lower), np.abs(self.upper)), 1.0)

    @classmethod
    def of(cls, matrix: Matrix) -> _Columns:
        """Continuous columns on 2¹⁸ points or a few more, integer columns as they are."""
        extent = np.where(matrix.integer, 0.0, matrix.upper - matrix.lower)
        wide = extent > 0.0
        exponent = np.floor(np.log2(np.where(wide, extent, 1.0))) - GRID_BITS
        step = np.where(wide, np.exp2(exponent), 1.0)
        lower = np.where(matrix.integer, np.ceil(matrix.lower - TOLERANCE), 0.0)
        upper = np.where(matrix.integer, np.floor(matrix.upper + TOLERANCE), np.ceil(extent / step))
        return cls(step, np.where(matrix.integer, 0.0, matrix.lower), lower, upper, wide)


@dataclass(frozen=True, eq=False)
class _Table:
    """Rows scaled and rounded."""

    scale: Floats
    rounded: Integers
    above: Floats
    """By how much the upper sides must give way, in scaled units; ``below`` for the lower ones."""
    below: Floats
    size: Floats
    """The largest scaled activity."""


def _scaled(columns: _Columns, count: int, row: Any, column: Any, value: Floats) -> _Table:
    """The table of ``count`` rows with these entries; see the head of this file."""
    gamma = value * columns.step[column]

    def total(term: Floats) -> Floats:
        return np.bincount(row, term, count).astype(np.float64)

    size = total(np.abs(gamma) * columns.reach[column])
    finest = np.ones(count)
    np.minimum.at(finest, row, columns.step[column])
    limit = 2.0**SIZE_BITS
    scale = np.exp2(np.floor(np.log2(limit / np.where(size > 0.0, size, limit))))
    exact = np.zeros(count, dtype=bool)
    for decimals in range(DECIMALS + 1):
        trial = 10.0**decimals / finest
        numbers = trial[row] * gamma
        off = np.abs(numbers - np.rint(numbers)) > NOISE * np.abs(numbers)
        fits = ~exact & (total(off.astype(np.float64)) == 0.0) & (trial * size <= limit)
        scale, exact = np.where(fits, trial, scale), exact | fits
        if exact.all():
            break
    number = scale[row] * gamma
    rounded = np.rint(number)
    miss = np.where(np.abs(number - rounded) <= NOISE * np.abs(number), 0.0, number - rounded)
    at_lower, at_upper = -miss * columns.lower[column], -miss * columns.upper[column]
    grid = total(np.where(columns.gridded[column], 0.5 * np.abs(number), 0.0))
    return _Table(
        scale=scale,
        rounded=rounded.astype(np.int64),
        above=grid + total(np.maximum(at_lower, at_upper)),
        below=grid - total(np.minimum(at_lower, at_upper)),
        size=scale * size,
    )


def _side(outward: np.ufunc, side: Floats, size: Floats) -> Integers:
    """A side as an integer; one that no activity can reach is as good as none."""
    within = np.isfinite(side) & (np.abs(side) <= 4.0 * size + 4.0)
    far = np.where(side > 0.0, ENDLESS, -ENDLESS)
    return np.where(within, outward(np.where(within, side, 0.0)), far).astype(np.int64)
