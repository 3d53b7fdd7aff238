r"""A bound for a model of any size, cheaply: rows that ask the same of a choice wherever it goes are priced alike.

Whatever prices the rows are given prove a bound (:mod:`planner.solvers.bounds.duals`). Without any prices it is what every choice by
itself can bring. Better ones come from a smaller model: rows in which the ways of one choice have the same coefficient (what each
park has of a resource) are added up. Then ways that differ in their place alone are the same column, and of these only the best is
kept; the linear relaxation of that is sifted (:mod:`planner.solvers.bounds.sifting`), and each row has the price of its sum. Which rows
were added to which decides how good the bound is, and not whether it holds.

Measured on 30,000 candidates in 100 parks: without prices 1.589, so 1.108, the relaxation itself 1.105.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from planner.solvers.bounds.duals import Own, Priced, completed
from planner.solvers.bounds.sifting import Sieve, SiftingParameters, rough_duals
from planner.solvers.groups import incidence, rank
from planner.solvers.protocol import Floats, Ints, Matrix, StopSign

CHOICES = 2_000
"""By which rows are compared."""
LEVELS = range(-9, 7, 2)
"""Powers of two that are tried for the worth of rows, 0 being as much for all together as there is without prices."""
SIFTING = SiftingParameters(iterations=50)
"""The columns are many and their rows few: the first-order method costs more than it saves."""


@dataclass(frozen=True, eq=False)
class Weak:
    """A model ready to be bounded at any prices."""

    priced: Priced
    own: Own

    @classmethod
    def of(cls, matrix: Matrix, block: Ints | None = None) -> Weak:
        """Ready ``matrix``. ``block``: its choices, by column; None: as the matrix says."""
        return cls(Priced.of(matrix), Own.of(matrix, matrix.block if block is None else block))

    def bound(self, duals: Floats | None = None) -> float:
        """What they prove, with the best prices known of each choice's own rows; None: no prices. inf: nothing."""
        rows = len(self.priced.matrix.row_lower)
        return self.priced.bound(completed(self.priced, self.own, np.zeros(rows) if duals is None else duals))

    def sift(self, seconds: float, seed: int, hear: Callable[[float], None], stop: StopSign) -> Floats | None:
        """The prices of all rows that sums of rows come to; None: none in so many seconds. Every better bound on the way is told, in the
        calling thread."""
        began, matrix, block = monotonic(), self.priced.matrix, self.own.block
        sums = self._sums(seed)
        columns = self._different(sums, seed)
        part = self.priced.part(columns)
        low, high = (np.bincount(sums, side).astype(np.float64) for side in (matrix.row_lower, matrix.row_upper))
        table = incidence(sums, np.arange(len(sums)), (len(low), len(sums)))
        small = Matrix(part.objective, matrix.offset, csr_array(table @ part.rows), low, high, part.lower, part.upper, part.integer)

        pooled = Weak.of(small, block[columns])
        alike = pooled.alike()
        known = pooled.bound(alike)
        hear(self.bound(alike[sums]))

        def first(model: Matrix, iterations: int, left: float, threads: int) -> Floats:
            """Of these prices and rough ones the better."""
            rough = rough_duals(model, iterations, left, threads)
            return alike if rough is None or known <= pooled.bound(rough) else rough

        def proved(bound: float) -> None:
            if sieve.duals is not None and bound < known:
                hear(self.bound(sieve.duals[sums]))

        sieve = Sieve(
            small,
            block[columns],
            max(seconds - (monotonic() - began), 0.0),
            1,
            seed,
            proved,
            stop,
            replace(SIFTING, first_order=first),
        )
        sieve.prove()
        return alike[sums] if sieve.duals is None or sieve.bound > known else sieve.duals[sums]

    def alike(self) -> Floats:
        """Prices at which each shared row with an upper side is worth the same when it is full: of such the best, about."""
        upper = self.priced.matrix.row_upper
        priced = (self.own.row < 0) & np.isneginf(self.priced.matrix.row_lower) & np.isfinite(upper) & (upper > 0.0)
        each = np.where(priced, 1.0 / np.where(priced, upper, 1.0), 0.0)
        size = abs(self.bound()) / max(int(priced.sum()), 1)
        if not (each.any() and np.isfinite(size)):
            return np.zeros(len(each))
        at = min(LEVELS, key=lambda level: self.bound(size * 2.0**level * each))
        at = min((at - 1, at, at + 1), key=lambda level: self.bound(size * 2.0**level * each))
        return size * 2.0**at * each

    def _sums(self, seed: int) -> Ints:
        """Which sum each row belongs to. Shared rows with an upper side alone are of one sum when some choice has the same coefficient
        in both; rows that limit the same thing in other periods are not."""
        matrix, block, present = self.priced.matrix, self.own.block, self.own.present
        some = np.isin(block, np.random.default_rng(seed).permutation(present)[:CHOICES]) & (block >= 0)
        columns = np.flatnonzero(some)
        entries = coo_array(self.priced.columns[columns])
        kept = (self.own.row[entries.col] < 0) & np.isneginf(matrix.row_lower[entries.col])
        choice, row = block[columns[entries.row[kept]]], entries.col[kept]
        _, value = np.unique(entries.data[kept], return_inverse=True)
        _, node = np.unique(np.stack([choice, value, self._period(matrix)[row]]), axis=1, return_inverse=True)
        count = matrix.rows.shape[0]
        size = count + int(node.max(initial=-1)) + 1
        graph = csr_array((np.ones(len(row)), (row, count + node.ravel())), shape=(size, size))
        _, label = connected_components(graph, directed=False)
        return np.unique(label[:count], return_inverse=True)[1].astype(np.int64)

    @staticmethod
    def _period(matrix: Matrix) -> Ints:
        """Of each row its place among those that limit the same thing; 0 for others."""
        period = np.zeros(matrix.rows.shape[0], dtype=np.int64)
        if matrix.periods is not None:
            rows = np.flatnonzero(matrix.periods.row >= 0)
            rows = rows[np.argsort(matrix.periods.row[rows], kind="stable")]
            period[rows] = rank(matrix.periods.row[rows])
        return period

    def _different(self, sums: Ints, seed: int) -> Ints:
        """Of the columns of a choice that take the same from each sum the one that brings most, and all columns of no choice."""
        matrix, block = self.priced.matrix, self.own.block
        weight = 0.5 + np.random.default_rng(seed).random(int(sums.max(initial=-1)) + 1)
        takes = (self.priced.columns @ weight[sums]).astype(np.float32)  # the same sum in another order is the same
        order = np.lexsort((-matrix.objective, takes, block))
        owner, takes = block[order], takes[order]
        first = np.append(True, (np.diff(owner) != 0) | (np.diff(takes) != 0))[: len(order)]
        return np.sort(order[first | (owner < 0)])
