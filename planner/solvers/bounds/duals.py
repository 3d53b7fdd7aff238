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

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.exact import with_finite_bounds
from planner.solvers.groups import row_extent
from planner.solvers.protocol import Bools, Floats, Ints, Matrix

PRECISION = float(np.finfo(np.float64).eps)
"""Twice the largest relative error of one operation."""
REPAIRS = 5
"""Rounds in which duals are shrunk for columns without end; the rest is left to bounds that rows imply."""


def signed(duals: Floats, lower: Floats, upper: Floats) -> Floats:
    """Prices of sides that exist: ≥ 0 for an upper side, ≤ 0 for a lower one; any other becomes 0."""
    return np.where((duals > 0) & ~np.isfinite(upper) | (duals < 0) & ~np.isfinite(lower) | ~np.isfinite(duals), 0.0, duals)


def worth_of_sides(duals: Floats, lower: Floats, upper: Floats) -> float:
    """π·b with the side that each price is of."""
    side = np.where(duals > 0, upper, np.where(duals < 0, lower, 0.0))
    return float((duals * side).sum())


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
    error: Floats
    """Shape (m,): what one unit of |dual| adds at most to the rounding error of a bound."""
    least_error: float
    """What the objective adds."""

    @classmethod
    def of(cls, matrix: Matrix) -> Priced:
        """Ready ``matrix``."""
        columns = csr_array(matrix.rows.T.tocsr())
        lower, upper = matrix.lower, matrix.upper
        endless = np.flatnonzero(np.isinf(lower) | np.isinf(upper))
        if len(endless):  # only their rows are looked at
            implied = with_finite_bounds(matrix.part(rows=np.unique(csr_array(columns[endless]).indices)))
            lower, upper = implied.lower, implied.upper
        doubt = _doubt(columns, lower, upper)
        return cls(matrix, columns, lower, upper, endless, abs(matrix.rows) @ doubt, float(np.abs(matrix.objective) @ doubt))

    def aimed(self, objective: Floats, row_lower: Floats, row_upper: Floats) -> Priced:
        """The same columns and entries with another objective, without offset, and other sides. ValueError: a column has no end, so that what
        bounds it may hang on the objective."""
        if len(self.endless):
            raise ValueError("a column without end")
        matrix = replace(self.matrix, objective=objective, offset=0.0, row_lower=row_lower, row_upper=row_upper)
        least_error = float(np.abs(objective) @ _doubt(self.columns, self.lower, self.upper))
        return replace(self, matrix=matrix, least_error=least_error)

    def part(self, columns: Ints) -> Matrix:
        """The programme over ``columns`` alone, in all rows; columns outside count as 0."""
        return self.matrix.part(columns, table=csr_array(self.columns[columns].T.tocsr()))

    def reduced(self, duals: Floats) -> Floats:
        """c − Aᵀπ, shape (n,)."""
        return np.asarray(self.matrix.objective - self.columns @ duals)

    def proper(self, duals: Floats) -> Floats:
        """Duals that price no infinite side and let no column without end run away, as near as that is easy. Where a column without
        end would still gain (numbers that an unfinished solver leaves), the duals that make it gain are shrunk: with them at 0 it
        gains no more than its objective."""
        pi = signed(duals, self.matrix.row_lower, self.matrix.row_upper)
        table = csr_array(self.columns[self.endless])
        for _ in range(REPAIRS if len(self.endless) else 0):
            gain, error = self._gain(pi)
            column = np.repeat(np.arange(len(self.endless)), np.diff(table.indptr))
            row, value = table.indices, table.data
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
        objective, table = self.matrix.objective[self.endless], csr_array(self.columns[self.endless])
        rate = objective - table @ pi
        error = (np.diff(table.indptr) + 3.0) * PRECISION * (np.abs(objective) + abs(table) @ np.abs(pi))
        above = np.isposinf(self.matrix.upper[self.endless])
        below = np.isneginf(self.matrix.lower[self.endless])
        return np.where(above & below, np.abs(rate), np.where(above, rate, -rate)), error

    def bound(self, duals: Floats) -> float:
        """The bound of weak duality on the optimum, for any row duals; inf when they prove none. See the module's words. A dual ≥ 0
        prices the upper side of its row, one ≤ 0 the lower side; where that side is infinite it counts as 0."""
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


def _doubt(columns: csr_array, lower: Floats, upper: Floats) -> Floats:
    """The rounding error, at the most, of what a column adds to a bound, for each 1 of its rate; shape (n,)."""
    ends = [np.where(np.isfinite(end), np.abs(end), 0.0) for end in (lower, upper)]
    return np.asarray(np.maximum(*ends) * (np.diff(columns.indptr) + 3.0) * PRECISION)


def contribution(rate: Floats, lower: Floats, upper: Floats) -> Floats:
    """max rate·x over lower ≤ x ≤ upper, column by column; may be inf."""
    value = np.zeros(len(rate))
    up, down = rate > 0, rate < 0
    value[up] = rate[up] * upper[up]
    value[down] = rate[down] * lower[down]
    return value


@dataclass(frozen=True, eq=False)
class Own:
    """The blocks of a matrix: their columns, and those of their own rows whose best duals are known in closed form."""

    block: Ints
    """Shape (n,): of each column; −1 none."""
    count: int
    row: Ints
    """Shape (m,): the block whose own row it is; −1: shared."""
    tie: Ints
    """Shape (blocks,): the row Σ y − Σ s = 0; −1 none."""
    cap: Ints
    """Shape (blocks,): the row Σ ≤ 1 or Σ = 1; −1 none."""
    must: Bools
    """Shape (blocks,): the cap is an equation."""
    side: Floats
    """Shape (n,): coefficient in the block's tie, 1 or −1; 0 in none."""
    capped: Bools
    """Shape (n,): in the block's cap."""
    members: Ints
    """Columns that have a block, by block."""
    first: Ints
    """Where each block that has columns begins in ``members``; ``present`` are their numbers."""
    present: Ints

    @classmethod
    def of(cls, matrix: Matrix, block: Ints) -> Own:
        """The blocks of ``matrix``; ``block`` has one number for each column, −1 for none."""
        count = int(block.max(initial=-1)) + 1
        least, most = row_extent(matrix.rows, block)
        row = np.where(least == most, least, -1)
        unit = _every(matrix, np.abs(matrix.rows.data) == 1.0)
        ones = _every(matrix, matrix.rows.data == 1.0)
        lower, upper = matrix.row_lower, matrix.row_upper
        mine = row >= 0
        tie = _chosen(row, np.flatnonzero(mine & unit & ~ones & (lower == 0.0) & (upper == 0.0)), count)
        caps = np.flatnonzero(mine & ones & (upper == 1.0) & ((lower <= 0.0) | (lower == 1.0)))
        # Of several, an equation; then the one that holds most columns.
        caps = caps[np.lexsort((-np.diff(matrix.rows.indptr)[caps], -lower[caps].clip(0.0)))]
        cap = _chosen(row, caps, count)
        side, capped = np.zeros(len(block)), np.zeros(len(block), dtype=bool)
        for rows, target in ((tie, side), (cap, capped)):
            table = matrix.rows[rows[rows >= 0]]
            target[table.indices] = table.data
        members = np.argsort(block, kind="stable")
        members = members[np.searchsorted(block[members], 0) :]
        present, first = np.unique(block[members], return_index=True)
        must = (cap >= 0) & (lower[cap] == 1.0) if len(lower) else np.zeros(count, dtype=bool)
        return cls(block, count, row, tie, cap, must, side, capped, members, first.astype(np.int64), present)

    def best(self, value: Floats, of: Bools | bool = True) -> Floats:
        """The largest ``value`` over the members ``of`` each block, shape (blocks,); −inf where there are none. Both arguments have
        the shape of ``members``."""
        out = np.full(self.count, -np.inf)
        if len(self.members):
            out[self.present] = np.maximum.reduceat(np.where(of, value, -np.inf), self.first)
        return out

    def total(self, value: Floats) -> Floats:
        """The sum of ``value``, of the shape of ``members``, over each block."""
        out = np.zeros(self.count)
        if len(self.members):
            out[self.present] = np.add.reduceat(value, self.first)
        return out


def completed(priced: Priced, own: Own, duals: Floats) -> Floats:
    """``duals`` with those of each block's tie and cap replaced by the best ones known, the other duals as they are. For each block
    the given ones are tried, and those that make the dearer or the cheaper side of the tie just worth nothing, with the cap at what
    is then the best column. Whichever bounds the block least is kept."""
    duals = priced.proper(duals)
    rate = priced.reduced(_without(own, duals))[own.members]
    block, side, capped = own.block[own.members], own.side[own.members], own.capped[own.members]
    lower, upper = priced.lower[own.members], priced.upper[own.members]
    least = np.full(own.count, np.inf)
    tie, cap = np.zeros(own.count), np.zeros(own.count)
    given = [np.where(rows >= 0, duals[rows], 0.0) if len(duals) else np.zeros(own.count) for rows in (own.tie, own.cap)]
    above, below = own.best(rate, side > 0), own.best(rate, side < 0)
    for tried, fixed in ((given[0], given[1]), (_first_finite(-below, above), None), (_first_finite(above, -below), None)):
        left = rate - side * tried[block]
        price = own.best(left, capped) if fixed is None else fixed
        price = np.where(own.must & np.isfinite(price), price, np.maximum(price, 0.0))
        price[own.cap < 0] = 0.0
        cost = price + own.total(contribution(left - capped * price[block], lower, upper))
        better = cost < least
        tie, cap, least = np.where(better, tried, tie), np.where(better, price, cap), np.where(better, cost, least)
    out = duals.copy()
    for rows, found in ((own.tie, tie), (own.cap, cap)):
        out[rows[rows >= 0]] = found[rows >= 0]
    return out


def _first_finite(first: Floats, second: Floats) -> Floats:
    return np.where(np.isfinite(first), first, np.where(np.isfinite(second), second, 0.0))


@dataclass(frozen=True, eq=False)
class Worth:
    """What choices are worth at the prices of the shared rows, in units of the objective."""

    column: Floats
    """Shape (n,): its reduced cost and that of the best partner across its block's tie; −inf where there is none to be
    had. For columns without block their reduced cost."""
    rate: Floats
    """Shape (n,): the reduced cost alone."""
    profit: Floats
    """Shape (blocks,): the most that a column of the block is worth; −inf for a block without columns."""


def worth(priced: Priced, own: Own, duals: Floats) -> Worth:
    """The worth of every column and block at ``duals``, those of ties and caps apart."""
    rate = priced.reduced(_without(own, priced.proper(duals)))
    column = rate.copy()
    column[own.members] += partner(own, rate)
    return Worth(column, rate, own.best(column[own.members]))


def partner(own: Own, rate: Floats, within: Bools | bool = True) -> Floats:
    """The reduced cost of the best partner of each member across its block's tie, among the members ``within``. 0 for columns that
    need none. Shape of ``members``."""
    mine, side, block = rate[own.members], own.side[own.members], own.block[own.members]
    above, below = own.best(mine, within & (side > 0)), own.best(mine, within & (side < 0))
    return np.select([side > 0, side < 0], [below[block], above[block]], 0.0)


def _without(own: Own, duals: Floats) -> Floats:
    """``duals`` with those of ties and caps at 0."""
    out = duals.copy()
    for rows in (own.tie, own.cap):
        out[rows[rows >= 0]] = 0.0
    return out


def _every(matrix: Matrix, fits: Bools) -> Bools:
    """Whether all entries of each row fit; true for empty rows."""
    missed = np.concatenate([[0], np.cumsum(~fits)])
    return np.asarray(missed[matrix.rows.indptr[1:]] == missed[matrix.rows.indptr[:-1]])


def _chosen(owner: Ints, rows: Ints, count: int) -> Ints:
    """The first of ``rows`` that each block owns; −1 none."""
    out = np.full(count, -1, dtype=np.int64)
    out[owner[rows[::-1]]] = rows[::-1]
    return out
