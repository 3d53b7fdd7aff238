"""The linear relaxation of a model with far more columns than rows: a part of the columns at a time, all of them priced.

**Sifting** (Bixby, Gregory, Lustig, Marsten & Shanno, Oper. Res. 40, 1992): solve the linear programme over a few promising
columns, price all columns at its duals with one sparse product, add the best, and go on until none is worth adding. Every
round bounds the whole model by weak duality (:mod:`planner.solvers.duals`), whatever state its solver is in, so time may run
out at any moment. Three things make it quick:

* it begins from the rough duals of a first-order method, which already tell which projects are near to being taken;
* the restricted programmes go to an interior-point method without crossover: its duals lie in the middle of the best
  ones, and so the rounds are few; a simplex method's would jump from corner to corner;
* blocks are priced as a whole: a choice of a block enters when it beats the best choice of that block so far.

A last solve with slightly perturbed objective gives a solution near to a corner, in which most choices are 0 or 1.
Crossover would give the same at ten times the price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from scipy.sparse import csr_array

from planner.programme.matrix import Bools, Floats, Ints, Matrix
from planner.solvers.duals import Priced
from planner.solvers.first_order import rough_duals
from planner.solvers.own_rows import Own, Worth, completed, partner, worth
from planner.solvers.protocol import StopSign, never
from planner.solvers.restricted import Point, Restricted
from planner.solvers.scale import objective_unit

AT_ONCE = 30_000
"""Columns up to which the whole relaxation is solved as it is."""
WORK = 4e8
"""Entries that the first-order method may touch twice; it decides the number of iterations."""
ITERATIONS = 200
SAMPLE = 8
BLOCKS = 1.3
"""Blocks to begin with, as a multiple of those that the rough duals find worth taking."""
FEWEST = 200
"""Blocks to begin with, at least."""
CHOICES = 6
"""Columns of each side of a block to begin with."""
MORE = 3
"""Columns of each side of a block that one round adds at most."""
ADDED = 8_000
"""Columns that one round adds at most."""
ROUNDS = 200
CLOSE = 1e-4
"""Relative distance of bound and value at which the relaxation counts as solved."""
RAISES = 5
"""How often the price of a broken row is raised before the programme is taken to have no solution."""
PERTURBATION = 1e-3
"""Of the median profit."""
LAST = 0.25
"""Share of the time that is kept for the last solve."""


@dataclass(frozen=True, eq=False)
class Sifted:
    """What is known of the linear relaxation; n columns, m rows."""

    duals: Floats
    """Shape (m,): those of ``bound``."""
    bound: float
    """Upper bound of the relaxation and so of the model; inf when nothing was proved."""
    value: float | None
    """Of the best solution over ``columns``, up to the tolerances of an interior-point method: at most the optimum of the
    relaxation. None when none was found."""
    values: Floats | None
    """Shape (n,): a solution near to a corner whose value is ``value`` less about a thousandth."""
    columns: Ints
    """Columns of the last restricted programme."""
    worth: Worth
    """At ``duals``."""
    rounds: int
    solved: bool
    """Bound and value have met, or no column is left that is worth adding."""
    feasible: bool
    """False: rows stayed broken at every price that was tried; the model has probably no solution."""


def sift(
    matrix: Matrix,
    block: Ints,
    seconds: float,
    threads: int,
    seed: int,
    hear: Callable[[float], None],
    stop: StopSign = never,
) -> Sifted | None:
    """Solve the linear relaxation of ``matrix``, whose columns of one number in ``block`` are one choice (−1: of none).

    ``hear`` is told every better bound. None when time ran out before anything was found.
    """
    return _Sieve(matrix, block, seconds, threads, seed, hear, stop).run()


@dataclass
class _Sieve:
    matrix: Matrix
    block: Ints
    seconds: float
    threads: int
    seed: int
    hear: Callable[[float], None]
    stop: StopSign
    begun: float = field(default_factory=monotonic)
    bound: float = np.inf
    duals: Floats | None = None
    """Of the best bound."""
    feasible: bool = True

    def run(self) -> Sifted | None:
        """Rough duals, rounds, a last solve."""
        self.priced, self.own = Priced.of(self.matrix), Own.of(self.matrix, self.block)
        self.unit = objective_unit(self.matrix.objective)
        self.base = np.clip(0.0, self.matrix.lower, self.matrix.upper)
        inside = self._begin()
        part = Restricted(self.priced, self.base, self.threads)
        point: Point | None = None
        best: Point | None = None
        solved, rounds, raises = False, 0, 0
        while not self._over(LAST if best is not None else 0.0) and rounds < ROUNDS:
            point = part.solve(np.flatnonzero(inside), self._left(), self.stop)
            if point is None:
                break
            rounds += 1
            best = point
            duals = self._prove(point.duals)
            new = self._wanted(duals, inside)
            close = self.bound - point.value <= CLOSE * max(abs(point.value), self.unit)
            if not close and len(new):
                inside[new] = True
                continue
            if not point.broken:
                solved = True
                break
            if raises == RAISES:
                self.feasible = False
                break
            raises += 1
            part.raise_price()
        if self.duals is None:
            return None
        columns = np.flatnonzero(inside)
        whole = best is not None and not best.broken
        last = self._corner(part, columns) if whole else None
        return Sifted(
            duals=self.duals,
            bound=self.bound,
            value=best.value if best is not None and whole else None,
            values=last.values if last is not None and not last.broken else best.values if whole and best else None,
            columns=columns,
            worth=worth(self.priced, self.own, self.duals),
            rounds=rounds,
            solved=solved,
            feasible=self.feasible,
        )

    def _left(self) -> float:
        return self.seconds - (monotonic() - self.begun)

    def _over(self, kept: float) -> bool:
        return self.stop() or self._left() <= kept * self.seconds

    def _prove(self, duals: Floats) -> Floats:
        """Keep and tell the bound of these duals, completed; the completed ones."""
        full = completed(self.priced, self.own, duals)
        bound = self.priced.bound(full)
        if self.duals is None or bound < self.bound:
            self.bound, self.duals = bound, full
            if np.isfinite(bound):
                self.hear(bound)
        return full

    def _begin(self) -> Bools:
        """The columns to begin with."""
        count = len(self.block)
        if count <= AT_ONCE:
            return np.ones(count, dtype=bool)
        rough = self._rough()
        duals = self._prove(np.zeros(len(self.matrix.row_lower)) if rough is None else rough)
        found = worth(self.priced, self.own, duals)
        # TODO tune
        profit = np.where(self.own.must, np.inf, found.profit)
        many = max(int(BLOCKS * (profit > 0).sum()), FEWEST)
        near = np.argsort(-profit, kind="stable")[:many]
        chosen = np.zeros(self.own.count + 1, dtype=bool)
        chosen[near[np.isfinite(found.profit[near])]] = True
        inside = (self.block < 0) | (self.base != 0.0)
        able = np.flatnonzero((self.block >= 0) & chosen[self.block] & ~inside)
        inside[self._first(able, found.column, CHOICES)] = True
        return inside

    def _rough(self) -> Floats | None:
        """Duals of a first-order method over a sample of each block's columns."""
        able = np.flatnonzero(self.block >= 0)
        kept = self.block < 0
        kept[self._first(able, np.random.default_rng(self.seed).random(len(self.block)), SAMPLE)] = True
        matrix = part_of(self.priced, np.flatnonzero(kept))
        return rough_duals(matrix, ITERATIONS, 0.5 * self._left(), self.threads)

    def _first(self, columns: Ints, by: Floats, many: int) -> Ints:
        """Of ``columns`` the ``many`` largest ones of each side of each block, in order of block."""
        side = self.block[columns] * 3 + self.own.side[columns].astype(np.int64) + 1
        order = np.lexsort((-by[columns], side))
        side = side[order]
        start = np.flatnonzero(np.r_[True, np.diff(side) > 0]) if len(side) else np.zeros(0, dtype=np.int64)
        rank = np.arange(len(side)) - np.repeat(start, np.diff(np.r_[start, len(side)]))
        found: Ints = columns[order[rank < many]]
        return found

    def _wanted(self, duals: Floats, inside: Bools) -> Ints:
        """Columns outside that are worth more than the best that their block has inside; the best ones."""
        own = self.own
        found = worth(self.priced, own, duals)
        within = inside[own.members]
        have = own.best((found.rate[own.members] + partner(own, found.rate, within)), within)
        have = np.where(own.must, have, np.maximum(have, 0.0))
        gain = np.full(len(inside), -np.inf)
        gain[own.members] = found.column[own.members] - have[own.block[own.members]]
        able = np.flatnonzero(~inside & (gain > 1e-9 * self.unit))
        able = self._first(able, found.column, MORE)
        return able[np.argsort(-gain[able], kind="stable")[:ADDED]]

    def _corner(self, part: Restricted, columns: Ints) -> Point | None:
        """A solution near to a corner."""
        profit = worth(self.priced, self.own, self.duals).profit if self.duals is not None else np.zeros(0)
        gains = profit[np.isfinite(profit) & (profit > 0)]
        typical = float(np.median(gains)) if len(gains) else 0.0
        dice = np.random.default_rng(self.seed)
        extra = dice.random(len(self.block)) * PERTURBATION * typical
        extra[(self.block < 0) | (self.own.side < 0)] = 0.0
        return part.solve(columns, self._left(), self.stop, extra)


def part_of(priced: Priced, columns: Ints) -> Matrix:
    m = priced.matrix
    return Matrix(m.objective[columns], m.offset, csr_array(priced.columns[columns].T.tocsr()), m.row_lower, m.row_upper, m.lower[columns], m.upper[columns], m.integer[columns])
