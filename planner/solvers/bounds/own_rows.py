"""Rows of one block, and what prices of the other rows make of the blocks; see :mod:`planner.solvers.bounds.duals`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from planner.solvers.bounds.duals import Priced, contribution
from planner.solvers.groups import extent, places
from planner.solvers.matrix import Bools, Floats, Ints, Matrix


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
        row = _owner(matrix, block)
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
        for entries, target in ((_entries(matrix, tie), side), (_entries(matrix, cap), capped)):
            target[matrix.rows.indices[entries]] = matrix.rows.data[entries]
        members = np.argsort(block, kind="stable")
        members = members[np.searchsorted(block[members], 0) :]
        present, first = np.unique(block[members], return_index=True)
        must = (cap >= 0) & (lower[cap] == 1.0) if len(lower) else np.zeros(count, dtype=bool)
        return cls(block, count, row, tie, cap, must, side, capped, members, first.astype(np.int64), present)

    def best(self, value: Floats, of: Bools) -> Floats:
        """The largest ``value`` over the members ``of`` each block, shape (blocks,); −inf where there are none.

        Both arguments have the shape of ``members``.
        """
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
    """``duals`` with those of each block's tie and cap replaced by the best ones known, the other duals as they are.

    For each block the given ones are tried, and those that make the dearer or the cheaper side of the tie just worth
    nothing, with the cap at what is then the best column. Whichever bounds the block least is kept.
    """
    duals = priced.proper(duals)
    rate = priced.reduced(_without(own, duals))[own.members]
    block, side, capped = own.block[own.members], own.side[own.members], own.capped[own.members]
    lower, upper = priced.lower[own.members], priced.upper[own.members]
    least = np.full(own.count, np.inf)
    tie, cap = np.zeros(own.count), np.zeros(own.count)
    for tried, fixed in _ties(own, duals, rate):
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


def _ties(own: Own, duals: Floats, rate: Floats) -> Iterator[tuple[Floats, Floats | None]]:
    """Duals of the ties to be tried, with those of the caps when they are given."""
    given = [np.where(rows >= 0, duals[rows], 0.0) if len(duals) else np.zeros(own.count) for rows in (own.tie, own.cap)]
    yield given[0], given[1]
    side = own.side[own.members]
    above, below = own.best(rate, side > 0), own.best(rate, side < 0)
    yield _first_finite(-below, above), None
    yield _first_finite(above, -below), None


def _first_finite(one: Floats, other: Floats) -> Floats:
    return np.where(np.isfinite(one), one, np.where(np.isfinite(other), other, 0.0))


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
    column[own.members] += partner(own, rate, np.ones(len(own.members), dtype=bool))
    return Worth(column, rate, own.best(column[own.members], np.ones(len(own.members), dtype=bool)))


def partner(own: Own, rate: Floats, within: Bools) -> Floats:
    """The reduced cost of the best partner of each member across its block's tie, among the members ``within``.

    0 for columns that need none. Shape of ``members``.
    """
    mine, side, block = rate[own.members], own.side[own.members], own.block[own.members]
    above, below = own.best(mine, within & (side > 0)), own.best(mine, within & (side < 0))
    found: Floats = np.select([side > 0, side < 0], [below[block], above[block]], 0.0)
    return found


def _without(own: Own, duals: Floats) -> Floats:
    """``duals`` with those of ties and caps at 0."""
    out = duals.copy()
    for rows in (own.tie, own.cap):
        out[rows[rows >= 0]] = 0.0
    return out


def _owner(matrix: Matrix, block: Ints) -> Ints:
    """The block of all columns of each row; −1 when they have several, or one has none."""
    entries = coo_array(matrix.rows)
    least, most = extent(entries.row, block[entries.col], matrix.rows.shape[0])
    return np.where(least == most, least, -1)


def _every(matrix: Matrix, fits: Bools) -> Bools:
    """Whether all entries of each row fit; true for empty rows."""
    missed = np.concatenate([[0], np.cumsum(~fits)])
    found: Bools = missed[matrix.rows.indptr[1:]] == missed[matrix.rows.indptr[:-1]]
    return found


def _chosen(owner: Ints, rows: Ints, count: int) -> Ints:
    """The first of ``rows`` that each block owns; −1 none."""
    out = np.full(count, -1, dtype=np.int64)
    out[owner[rows[::-1]]] = rows[::-1]
    return out


def _entries(matrix: Matrix, rows: Ints) -> Ints:
    """Positions of all entries of the rows that are not −1."""
    return places(matrix.rows, rows[rows >= 0])
