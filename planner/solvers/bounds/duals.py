r"""What row duals prove: a bound on the optimum from any of them, the best ones for rows of one block, and columns' worth.

**Weak duality.** Let π be any vector of row duals with :math:`\pi_r \ge 0` where only the upper side of row r is finite and
:math:`\pi_r \le 0` where only the lower one is. For every solution x of the linear relaxation

.. math::
    c^\top x = \sum_r \pi_r (Ax)_r + (c - A^\top\pi)^\top x
    \le \sum_{\pi_r>0} \pi_r\,\bar b_r + \sum_{\pi_r<0} \pi_r\,\underline b_r
      + \sum_j \max_{\underline x_j \le x_j \le \bar x_j} (c - A^\top\pi)_j\, x_j ,

since :math:`\pi_r (Ax)_r \le \pi_r \bar b_r` for :math:`\pi_r>0`, likewise below, and :math:`x_j` lies within its bounds. So
no matter where the duals come from (an unfinished solver, a part of the model, a guess) the right-hand side bounds the model.
It is computed with a margin above the rounding error of its own sums.

**Own rows.** A row is a block's *own* when all of its columns lie in that block. Given the duals of the other rows, its best
dual minimises the bound of that block alone. Two patterns have it in closed form: ties, Σ y − Σ s = 0, and caps,
Σ x ≤ 1 or Σ x = 1. With a tie and a cap, the block's bound is its *profit*, the largest reduced cost of one y and one s
together, or 0 where nothing need be taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.finite import with_finite_bounds
from planner.solvers.matrix import Floats, Ints, Matrix

PRECISION = float(np.finfo(np.float64).eps)
"""Twice the largest relative error of one operation."""
REPAIRS = 5
"""Rounds in which duals are shrunk for columns without end; the rest is left to bounds that rows imply."""


def dual_bound(matrix: Matrix, duals: Floats) -> float:
    """The bound of weak duality on the optimum of ``matrix`` for any row duals; inf when they prove nothing.

    A dual ≥ 0 prices the upper side of its row, one ≤ 0 the lower side; where that side is infinite it counts as 0.
    """
    return Priced.of(matrix).bound(duals)


@dataclass(frozen=True, eq=False)
class Priced:
    """A matrix made ready to be priced many times."""

    matrix: Matrix
    columns: csr_array
    """Aᵀ, shape (n, m)."""
    lower: Floats
    upper: Floats
    """Bounds of the columns that some optimum keeps; finite where rows or the objective allow it."""
    endless: Ints
    """Columns that have no end themselves, on one side or both."""
    tables: csr_array
    """The rows of Aᵀ of ``endless``."""
    error: Floats
    """Shape (m,): what one unit of |dual| adds at most to the rounding error of a bound."""
    least_error: float
    """What the objective adds."""

    @classmethod
    def of(cls, matrix: Matrix) -> Priced:
        """Ready ``matrix``."""
        columns = csr_array(matrix.rows.T.tocsr())
        lower, upper = _finite(matrix, columns)
        ends = [np.where(np.isfinite(end), np.abs(end), 0.0) for end in (lower, upper)]
        reach = np.maximum(*ends) * (np.diff(columns.indptr) + 3.0) * PRECISION
        endless = np.flatnonzero(np.isinf(matrix.lower) | np.isinf(matrix.upper))
        return cls(
            matrix,
            columns,
            lower,
            upper,
            endless,
            csr_array(columns[endless]),
            _absolute(matrix.rows) @ reach,
            float(np.abs(matrix.objective) @ reach),
        )

    def part(self, columns: Ints) -> Matrix:
        """The programme over ``columns`` alone, in all rows; columns outside count as 0."""
        return self.matrix.part(columns, table=csr_array(self.columns[columns].T.tocsr()))

    def reduced(self, duals: Floats) -> Floats:
        """c − Aᵀπ, shape (n,)."""
        found: Floats = self.matrix.objective - self.columns @ duals
        return found

    def proper(self, duals: Floats) -> Floats:
        """Duals that price no infinite side and let no column without end run away, as near as that is easy.

        Where a column without end would still gain (numbers that an unfinished solver leaves), the duals that make it
        gain are shrunk: with them at 0 it gains no more than its objective.
        """
        pi = np.where(np.isfinite(duals), duals, 0.0)
        pi = np.where((pi > 0) & np.isposinf(self.matrix.row_upper), 0.0, pi)
        pi = np.where((pi < 0) & np.isneginf(self.matrix.row_lower), 0.0, pi)
        for _ in range(REPAIRS if len(self.endless) else 0):
            gain, error = self._gain(pi)
            column = np.repeat(np.arange(len(self.endless)), np.diff(self.tables.indptr))
            row, value = self.tables.indices, self.tables.data
            upwards = np.isposinf(self.matrix.upper[self.endless])
            part = np.where(upwards[column], -1.0, 1.0) * value * pi[row]
            lifts = part > 0
            lifted = np.bincount(column[lifts], part[lifts], len(self.endless))
            wrong = (gain + error > 0) & (lifted > 0)
            if not wrong.any():
                break
            share = np.ones(len(self.endless))
            share[wrong] = np.maximum(1.0 - (gain + 2.0 * error)[wrong] / lifted[wrong], 0.0)
            factor = np.ones(len(pi))
            np.minimum.at(factor, row[lifts], share[column[lifts]])
            pi = pi * factor
        return pi

    def _gain(self, pi: Floats) -> tuple[Floats, Floats]:
        """What each endless column gains per unit towards its infinite side, and the rounding error of that."""
        objective = self.matrix.objective[self.endless]
        rate = objective - self.tables @ pi
        size = np.abs(objective) + _absolute(self.tables) @ np.abs(pi)
        error = (np.diff(self.tables.indptr) + 3.0) * PRECISION * size
        above = np.isposinf(self.matrix.upper[self.endless])
        below = np.isneginf(self.matrix.lower[self.endless])
        return np.where(above & below, np.abs(rate), np.where(above, rate, -rate)), error

    def bound(self, duals: Floats) -> float:
        """The bound of weak duality; inf when these duals prove none. See the module's words."""
        pi = self.proper(duals)
        open_ = np.isinf(self.lower[self.endless]) | np.isinf(self.upper[self.endless])
        if open_.any():
            gain, error = self._gain(pi)
            # A column that stays without end must lose beyond the doubt of rounding.
            if (gain + error > 0)[open_].any():
                return float("inf")
        priced = np.flatnonzero(pi)
        upwards = pi[priced] > 0
        sides = pi[priced] * np.where(upwards, self.matrix.row_upper[priced], self.matrix.row_lower[priced])
        terms = contribution(self.reduced(pi), self.lower, self.upper)
        error_of_rates = self.least_error + float(self.error @ np.abs(pi))
        error_of_sums = 64.0 * PRECISION * float(np.abs(sides).sum() + np.abs(terms).sum() + abs(self.matrix.offset))
        total = float(sides.sum() + terms.sum() + self.matrix.offset) + error_of_rates + error_of_sums
        return total if np.isfinite(total) else float("inf")


def contribution(rate: Floats, lower: Floats, upper: Floats) -> Floats:
    """max rate·x over lower ≤ x ≤ upper, column by column; may be inf."""
    value = np.zeros(len(rate))
    up, down = rate > 0, rate < 0
    value[up] = rate[up] * upper[up]
    value[down] = rate[down] * lower[down]
    return value


def _absolute(table: csr_array) -> csr_array:
    return csr_array((np.abs(table.data), table.indices, table.indptr), shape=table.shape)


def _finite(matrix: Matrix, columns: csr_array) -> tuple[Floats, Floats]:
    """Column bounds with those of endless columns that rows or the objective imply; only their rows are looked at."""
    endless = np.isinf(matrix.lower) | np.isinf(matrix.upper)
    if not endless.any():
        return matrix.lower, matrix.upper
    rows = np.unique(csr_array(columns[np.flatnonzero(endless)]).indices)
    found = with_finite_bounds(matrix.part(rows=rows))
    return found.lower, found.upper
