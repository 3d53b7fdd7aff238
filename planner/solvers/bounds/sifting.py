"""The linear relaxation of a model with far more columns than rows: a part of the columns at a time, all of them priced.

**Sifting** (Bixby, Gregory, Lustig, Marsten & Shanno, Oper. Res. 40, 1992): solve the linear programme over a few promising
columns, price all columns at its duals with one sparse product, add the best, and go on until none is worth adding. Every
round bounds the whole model by weak duality (:mod:`planner.solvers.bounds.duals`), whatever state its solver is in, so time may run
out at any moment. Three things make it quick:

* It begins from the rough duals of a first-order method over a random sample of each block's columns. They tell which
  blocks are near to being taken, and cost a tenth of the same over all columns, of which most are much alike.
* The restricted programmes go to an interior-point method without crossover: its duals lie in the middle of the best
  ones, and so the rounds are few; a simplex method's would jump from corner to corner.
* Blocks are priced as a whole: a choice of a block enters when it beats the best choice of that block so far.

A last solve with a slightly perturbed objective gives a solution next to a corner, in which most choices are 0 or 1.
Crossover would give the same at ten times the price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic

import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.solvers.bounds.duals import Own, Priced, completed, partner, worth
from planner.solvers.groups import rank
from planner.solvers.lp import heed, new_highs, objective_unit, row_sizes, well_scaled
from planner.solvers.protocol import Bools, Floats, Ints, Matrix, StopSign, never

SHARDS = 8
"""Parts that PDLP cuts its vectors into; fixed, so that its sums do not depend on the number of threads."""
CHECK_EVERY = 16
"""Iterations between its looks at the clock."""


def rough_duals(matrix: Matrix, iterations: int, seconds: float, threads: int) -> Floats | None:
    """Duals of the linear relaxation after so many iterations; None when PDLP is not there or gives no numbers. They are signed as
    :meth:`planner.solvers.bounds.duals.Priced.bound` takes them. Neither feasible nor optimal in any sense."""
    try:
        from ortools.pdlp import solvers_pb2
        from ortools.pdlp.python import pdlp
    except ImportError:
        return None
    crossed = (matrix.lower > matrix.upper).any() or (matrix.row_lower > matrix.row_upper).any()
    if iterations <= 0 or seconds <= 0 or not matrix.rows.nnz or crossed:
        return None
    unit = objective_unit(matrix.objective)
    problem = pdlp.QuadraticProgram()
    problem.objective_vector = -matrix.objective / unit
    problem.constraint_matrix = csc_array(matrix.rows)
    problem.constraint_lower_bounds = matrix.row_lower.copy()
    problem.constraint_upper_bounds = matrix.row_upper.copy()
    problem.variable_lower_bounds = matrix.lower.copy()
    problem.variable_upper_bounds = matrix.upper.copy()
    parameters = solvers_pb2.PrimalDualHybridGradientParams()
    parameters.termination_criteria.iteration_limit = iterations
    parameters.termination_criteria.time_sec_limit = seconds
    parameters.termination_check_frequency = CHECK_EVERY
    parameters.num_threads = threads
    parameters.num_shards = SHARDS
    parameters.verbosity_level = 0
    found = np.asarray(pdlp.primal_dual_hybrid_gradient(problem, parameters).dual_solution, dtype=np.float64)
    if found.shape != matrix.row_lower.shape or not np.isfinite(found).all():
        return None
    return -found * unit


@dataclass(frozen=True)
class SiftingParameters:
    """How columns come in, and when the relaxation counts as solved."""

    at_once: int = 5_000
    """Columns up to which the whole relaxation is solved as it is; at twice as many sifting is as fast, from there on faster."""
    sample: int = 8
    """Columns of each side of a block that the first-order method is shown."""
    iterations: int = 200
    """Of the first-order method. Twice as many find better duals and save no round."""
    blocks: float = 1.0
    """Blocks to begin with, for each shared row: a corner divides no more than one block for each of them."""
    choices: int = 6
    """Columns of each side of a block to begin with."""
    more: int = 4
    """Columns of each side of a block that one round adds at most."""
    added: int = 8_000
    """Columns that one round adds at most."""
    rounds: int = 200
    close: float = 1e-4
    """Relative distance of bound and value at which the relaxation counts as solved."""
    raises: int = 5
    """How often the price of broken rows is raised before the programme is taken to have no solution."""
    rough: float = 1e-5
    fine: float = 1e-8
    """Tolerances of the interior-point method, in the rounds and in the end, and where the rough one does not solve a programme."""
    perturbation: float = 1e-3
    """Of the median profit, for each column."""
    last: float = 0.25
    """Share of the time that is kept for the last solve."""
    price: float = 16.0
    """Of a broken row to begin with, per unit of its largest coefficient: as a multiple of the most that one column brings."""
    rise: float = 8.0
    """What a price is multiplied by that was too low."""
    broken: float = 1e-6
    """How far a row may be off without being broken, as a share of its largest coefficient or of its side."""
    first_order: Callable[[Matrix, int, float, int], Floats | None] = rough_duals
    """What finds the rough duals to begin from."""


@dataclass(frozen=True, eq=False)
class Point:
    """A solution of a restricted programme."""

    values: Floats
    """Shape (n,), of all columns."""
    value: float
    """c·x + offset, less the price of broken rows."""
    duals: Floats
    """Shape (m,), of all rows; 0 for those that were not in the programme."""
    broken: bool
    """Some row is not met but paid for."""


class Restricted:
    """Programmes over parts of a matrix; columns outside a part stay at ``base``, shape (n,), which is within their bounds. Rows
    that ``base`` does not meet may be broken at a price, and so every part has a solution. Duals prove a bound whatever the
    price."""

    def __init__(self, priced: Priced, base: Floats, threads: int, parameters: SiftingParameters = SiftingParameters()) -> None:
        self.parameters = parameters
        matrix = priced.matrix
        self.priced, self.base, self.threads = priced, base, threads
        self.unit = objective_unit(matrix.objective)
        self.activity: Floats = matrix.rows @ base
        short, over = self.activity < matrix.row_lower, self.activity > matrix.row_upper
        self.loose = np.flatnonzero(short | over)
        """Rows that may be broken."""
        largest = abs(matrix.rows[self.loose]).max(axis=1).toarray().ravel() if len(self.loose) else np.zeros(0)
        self.size = np.where(largest > 0.0, largest, 1.0)
        self.sign = np.where(short[self.loose], 1.0, -1.0)
        side = np.where(short, matrix.row_lower, matrix.row_upper)[self.loose]
        self.room = self.parameters.broken * np.maximum(1.0, np.abs(side) / self.size)
        ends = np.maximum(np.abs(priced.lower), np.abs(priced.upper))
        most = np.abs(matrix.objective) * np.where(np.isfinite(ends), ends, 1.0)
        self.price = self.parameters.price * max(float(most.max(initial=0.0)), self.unit)

    def solve(self, columns: Ints, seconds: float, stop: StopSign, tolerance: float, extra: Floats | None = None) -> Point | None:
        """A solution over ``columns``, by interior points; None when none was found in time. ``extra``, shape (n,), is added to the
        objective that is solved for, but not to the one that is told. ``tolerance`` is relative, of the objective."""
        matrix = self.priced.matrix
        part = self.priced.part(columns)
        # Rows that hold one of the columns, and those that may be broken.
        kept = np.diff(part.rows.indptr) > 0
        kept[self.loose] = True
        rows = np.flatnonzero(kept)
        inner = csr_array(part.rows[rows])
        place = np.searchsorted(rows, self.loose)
        count = len(self.loose)
        aid = csr_array((self.sign * self.size, (place, np.arange(count))), shape=(len(rows), count))
        shift = self.activity[rows] - inner @ self.base[columns]
        small = replace(
            part,
            objective=part.objective if extra is None else part.objective + extra[columns],
            offset=0.0,
            rows=inner,
            row_lower=matrix.row_lower[rows] - shift,
            row_upper=matrix.row_upper[rows] - shift,
            integer=np.zeros(len(columns), dtype=bool),
        )
        small = small.with_columns(aid, np.full(count, -self.price), np.zeros(count), np.full(count, np.inf))
        solved = self._optimum(small, seconds, stop, tolerance)
        if solved is None:
            return None
        x, row_duals = solved
        values = self.base.copy()
        values[columns] = x[: len(columns)]
        paid = x[len(columns) :]
        duals = np.zeros(len(self.activity))
        duals[rows] = row_duals
        value = float(matrix.objective @ values) + matrix.offset - self.price * float(paid.sum())
        return Point(values, value, duals, bool((paid > self.room).any()))

    def _optimum(self, small: Matrix, seconds: float, stop: StopSign, tolerance: float) -> tuple[Floats, Floats] | None:
        """(values, row duals signed for a maximum) of a linear programme; None when it was not solved."""
        import highspy

        if seconds <= 0:
            return None
        model, fine = well_scaled(small, self.unit), self.parameters.fine
        highs = new_highs(model, integers=False, threads=self.threads, time_limit=seconds, run_crossover="off")
        heed(highs, stop)
        status = highspy.HighsModelStatus
        # A rough solution may be called none at all; what interior points cannot finish, the simplex method can.
        for method, precision in (("ipm", tolerance), ("ipm", fine), ("simplex", fine)):
            highs.clearSolver()
            highs.setOptionValue("solver", method)
            highs.setOptionValue("ipm_optimality_tolerance", precision)
            highs.run()
            if highs.getModelStatus() in (status.kOptimal, status.kTimeLimit, status.kInterrupt):
                break
        found = highs.getSolution()
        if highs.getModelStatus() != status.kOptimal or not found.dual_valid:
            return None
        x: Floats = np.clip(np.asarray(found.col_value), small.lower, small.upper)
        # HiGHS minimises −c·x ÷ unit over rows that were each multiplied by a power of two.
        duals: Floats = -np.asarray(found.row_dual) * self.unit * row_sizes(small)
        return x, duals


LOW = 1e300
"""What is missing to a block that must be taken and has no column yet: more than any worth."""


@dataclass
class Sieve:
    """One run, and what it has found out of the linear relaxation; n columns, m rows. Numbers decide everything but when to stop,
    so that runs that are given time agree."""

    matrix: Matrix
    block: Ints
    """Columns of one number are one choice; −1: of none."""
    seconds: float
    threads: int
    seed: int
    hear: Callable[[float], None]
    """Is told every better bound, in the calling thread."""
    stop: StopSign = never
    parameters: SiftingParameters = SiftingParameters()
    known: Ints | None = None
    """Columns of an earlier run to begin with; None: those that the first-order method thinks well of."""
    begun: float = field(default_factory=monotonic)
    kept: float = 0.0
    """Seconds that are put by for a last solve as soon as there is something to solve."""
    bound: float = np.inf
    """Upper bound of the relaxation and so of the model; inf when nothing was proved."""
    duals: Floats | None = None
    """Shape (m,): those of ``bound``; None when nothing at all was found in ``seconds`` or before ``stop``."""
    best: Point | None = None
    """Of the last restricted programme, over ``columns``."""
    columns: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    value: float | None = None
    """The best value found: at most the optimum of the relaxation, up to a solver's tolerances. None when none was found."""
    values: Floats | None = None
    """Shape (n,): a solution next to a corner, or in the middle of the best ones if time ran out before that; its value is
    ``value`` or a little less."""
    rounds: int = 0
    solved: bool = False
    """Bound and value have met, or no column is left that is worth adding."""
    feasible: bool = True
    """False: rows stayed broken at every price that was tried; the relaxation has very probably no solution."""

    def __post_init__(self) -> None:
        self.priced, self.own = Priced.of(self.matrix), Own.of(self.matrix, self.block)
        self.unit = objective_unit(self.matrix.objective)
        self.base = np.clip(0.0, self.matrix.lower, self.matrix.upper)
        self.part = Restricted(self.priced, self.base, self.threads, self.parameters)

    def run(self) -> Sieve:
        """Rough duals, rounds, a last solve. The first-order method hears neither of ``stop`` nor of other threads, for about 2 s
        at the size of a province."""
        self.kept = self.parameters.last * self.seconds
        self.prove()
        point = self._corner() if self.best is not None and not self.best.broken else None
        points = [point for point in (point, self.best) if point is not None and not point.broken]
        if points:
            self.value, self.values = max(point.value for point in points), points[0].values
        return self

    def prove(self) -> None:
        """Rough duals and rounds: bounds alone."""
        self._round(self._begin())

    def _round(self, inside: Bools) -> None:
        """Restricted programmes over columns ``inside`` and ever more, until nothing is left to add or pay."""
        raises = 0
        while self.rounds < self.parameters.rounds and not self.stop() and self._left() > 0:
            columns = np.flatnonzero(inside)
            point = self.part.solve(columns, self._left(), self.stop, self.parameters.rough)
            if point is None:
                return
            self.best, self.columns = point, columns
            self.rounds += 1
            full = self._prove(point.duals)
            if self.bound - point.value > self.parameters.close * max(abs(point.value), self.unit):
                new = self._wanted(point.duals, full, inside)
                if len(new):
                    inside[new] = True
                    continue
            if not point.broken:
                self.solved = True
                return
            if raises == self.parameters.raises:
                self.feasible = False
                return
            raises += 1
            self.part.price *= self.parameters.rise

    def _left(self) -> float:
        """Seconds for rounds."""
        return self.seconds - (0.0 if self.best is None else self.kept) - (monotonic() - self.begun)

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
        if len(self.block) <= self.parameters.at_once:
            return np.ones(len(self.block), dtype=bool)
        kept: Bools = (self.block < 0) | (self.base != 0.0)
        if self.known is not None:
            kept[self.known] = True
            return kept
        sample = kept.copy()
        chance = np.random.default_rng(self.seed).random(len(self.block))
        sample[self._first(np.flatnonzero(~kept), chance, self.parameters.sample)] = True
        part, seconds = self.priced.part(np.flatnonzero(sample)), 0.5 * self._left()
        rough = self.parameters.first_order(part, self.parameters.iterations, seconds, self.threads)
        # Without rough duals all rows are free to begin with, which is a bound too, and the rounds are more.
        duals = self._prove(np.zeros(len(self.matrix.row_lower)) if rough is None else rough)
        found = worth(self.priced, self.own, duals)
        profit = np.where(self.own.must, np.inf, found.profit)
        many = int(self.parameters.blocks * (self.own.row < 0).sum())
        if rough is not None:
            many = max(many, int((profit > 0).sum()))
        near = np.argsort(-profit, kind="stable")[:many]
        chosen = np.zeros(self.own.count + 1, dtype=bool)  # the last one for columns without block
        chosen[near[np.isfinite(found.profit[near])]] = True
        able = np.flatnonzero(chosen[self.block] & ~kept)
        kept[self._first(able, found.column, self.parameters.choices)] = True
        return kept

    def _first(self, columns: Ints, by: Floats, many: int) -> Ints:
        """Of ``columns``, the ``many`` largest ones on each side of each block."""
        side = self.block[columns] * 3 + self.own.side[columns].astype(np.int64) + 1
        order = np.lexsort((-by[columns], side))
        return columns[order[rank(side[order]) < many]]

    def _wanted(self, duals: Floats, full: Floats, inside: Bools) -> Ints:
        """Columns outside that are worth adding at ``duals``, completed to ``full``: the best ones. Those that are worth more than
        the best that their block has inside. If there are none, those whose reduced cost alone says that they gain: nothing else
        can hold the bound up, and it covers blocks of any kind."""
        own = self.own
        found = worth(self.priced, own, full)
        within = inside[own.members]
        have = own.best(found.rate[own.members] + partner(own, found.rate, within), within)
        # A block that need not be taken is worth 0 as it is; one that must be taken and has nothing inside, next to nothing.
        have = np.maximum(have, np.where(own.must, -LOW, 0.0))
        gain = np.full(len(inside), -np.inf)
        gain[own.members] = found.column[own.members] - have[own.block[own.members]]
        least = 1e-9 * self.unit
        new = self._first(np.flatnonzero(~inside & (gain > least)), found.column, self.parameters.more)
        if not len(new):
            # The restricted programme knows its own blocks' rows; for the others their best duals speak.
            there = np.append(own.best(np.ones(len(own.members)), within) > 0, True)  # the last one for shared rows
            rate = self.priced.reduced(np.where(there[own.row], duals, full))
            up, down = self.base < self.matrix.upper, self.base > self.matrix.lower
            gain = np.maximum(np.where(up, rate, 0.0), np.where(down, -rate, 0.0))
            new = self._first(np.flatnonzero(~inside & (gain > least)), gain, self.parameters.more)
        return new[np.argsort(-gain[new], kind="stable")[: self.parameters.added]]

    def _corner(self) -> Point | None:
        """A solution next to a corner: with a perturbed objective there is hardly ever more than one best."""
        if self.stop() or self.duals is None:
            return None
        profit = worth(self.priced, self.own, self.duals).profit
        gains = profit[np.isfinite(profit) & (profit > self.unit)]
        # An objective's unit is a 128th of its typical coefficient.
        typical = float(np.median(gains)) if len(gains) else 128.0 * self.unit
        extra = np.random.default_rng(self.seed).random(len(self.block)) * self.parameters.perturbation * typical
        extra[self.block < 0] = 0.0
        left = self.seconds - (monotonic() - self.begun)
        return self.part.solve(self.columns, left, self.stop, self.parameters.fine, extra)
