"""Models whose linear relaxation is too large to be solved as it is: sift, round, improve.

1. The relaxation without periods is solved by sifting (:mod:`planner.solvers.bounds.sifting`): a bound, and prices.
2. Rows by mixed-integer rounding make the bound and the prices better (:mod:`planner.solvers.bounds.rounded`).
3. The solution of the relaxation, near to a corner, says which few ways of each project are worth looking at: a first plan of these, chain after
   chain (:mod:`planner.solvers.search.first_plan`).
4. Parts of the plan are improved side by side (:mod:`planner.solvers.search.parts.lanes`), while the relaxation with periods and clusters
   without make the bound better. What parts are cut from, and the relaxation with periods, come while rounding keeps one thread busy.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from planner.solvers.bounds.duals import worth as worth_of
from planner.solvers.bounds.linear import USED, Linear, periods_matter
from planner.solvers.bounds.proof import Proof
from planner.solvers.bounds.relaxations import Aggregate, aggregate
from planner.solvers.bounds.rounded import Rounded, rounded
from planner.solvers.bounds.sifting import Sieve
from planner.solvers.protocol import Floats, Ints, Periods, Runner, Solution, Solver
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.incumbent import PROOF, RELAXATION, Incumbent
from planner.solvers.search.parts.lanes import Lanes
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.prices import members


@dataclass(frozen=True)
class LargeParameters:
    """How the time is divided."""

    sifting: float = 0.35
    """Share of the time for the relaxation."""
    rounding: float = 0.25
    """Share of what is left for the same with rows by mixed-integer rounding, at the most."""
    longer: float = 1.0
    """As many times what the relaxation took this has to be, or it is not tried: it takes about as long."""
    far: float = 1e3
    """A bound so many times the first one is of a model without a solution."""
    first: float = 0.15
    """Share of the time for a first plan."""
    periods: float = 0.4
    """Share of what is left then for whoever solves the relaxation with periods, at the most; half of that is for the relaxation itself. It takes
    10 s on a province, where it says nothing new. Where money
    cannot be carried over and teams are small it is 0.546 in place of 0.622 (family 11 with 2,000 firms)."""


DETAIL = "sift, round, improve"


@dataclass
class Large:
    """One solve; see the module's words."""

    best: Incumbent
    periods: Periods
    run_apart: Runner
    parameters: LargeParameters = LargeParameters()
    shown: float | None = None
    """The bound on the way that was shown last."""

    def run(self) -> Solution | None:
        """None when the relaxation could not be solved in its time, and nothing is known."""
        best, stopping = self.best, self.best.stopping
        best.phase = "relaxation"
        matrix = best.tightest
        model = aggregate(matrix, self.periods)
        block = model.of(self.periods.block)
        began, seconds = best.report.seconds, self.parameters.sifting * best.left()
        sifted = Sieve(model.matrix, block, seconds, stopping.threads, stopping.seed, self._told, best.stop).run()
        if sifted.duals is None or sifted.values is None or not sifted.feasible:
            return None if best.values is None else best.conclude(best.reason(), DETAIL)
        best.lower(sifted.bound, RELAXATION)
        took, begun = best.report.seconds - began, Rounded(model.matrix, sifted.duals, sifted.bound)
        best.columns, best.proving = len(sifted.columns), 1
        with ThreadPoolExecutor(1) as apart:  # what rounds keeps one thread busy
            tighter = apart.submit(self._tightened, begun, block, took, sifted.columns)
            known = members(model, np.flatnonzero(sifted.values > USED), stopping.seed)
            prover = threading.Thread(target=self._prove, args=(tighter, known), name="bounds", daemon=True)
            prover.start()
            try:
                hoods = Neighbourhoods(matrix, model, None, stopping.seed, in_lanes=True)
                worth = np.where(block >= 0, worth_of(sifted.priced, sifted.own, sifted.duals).column, -np.inf)
                self._improve(model, sifted.values, worth, tighter.result(), hoods)
            finally:
                best.done = True
                prover.join(timeout=5.0)
        return None if best.values is None else best.conclude(best.reason(), DETAIL)

    def _improve(self, model: Aggregate, relaxed: Floats, worth: Floats, tight: Rounded, hoods: Neighbourhoods) -> None:
        """A first plan at the prices of the relaxation, and what its parts make of it. ``relaxed``: its solution; ``worth``: what each of its
        columns is worth at these prices, −inf where it belongs to no project."""
        best, seed, block = self.best, self.best.stopping.seed, model.of(self.periods.block)
        best.phase = "first plan"
        with closing(Lanes(best.stopping.threads)) as lanes:
            seconds = min(max(self.parameters.first * best.stopping.time_limit, 1.0), best.left())
            priced = replace(model, matrix=tight.matrix)
            chosen = choose(priced, block, model.of(self.periods.cluster), tight.duals, seed, best.over)
            plan = first_plan(best.tightest, priced, relaxed, worth, seconds, seed, best.over, chosen)
            if plan is None and best.values is None:
                return
            best.phase = "search"
            duals, charged = tight.apart(len(model.matrix.row_lower))
            hoods.learn(duals, charged)
            hoods.take_hints(chosen)
            lanes.overtake(hoods, best, plan, self.parameters.first * best.left(), best.over)
            lanes.improve(hoods, best, best.over)

    def _tightened(self, begun: Rounded, block: Ints, took: float, known: Ints) -> Rounded:
        """The relaxation, which took so many seconds, with rows by mixed-integer rounding, where there is time for them."""
        best, seconds = self.best, self.parameters.rounding * self.best.left()
        found = begun
        if seconds > self.parameters.longer * took:
            found = rounded(begun, block, seconds, best.stopping.seed, best.over, best.stopping.threads, known)
        best.lower(found.bound, RELAXATION)
        return found

    def _told(self, bound: float) -> None:
        """A bound on the way; while rows are still broken at a high price it may be far off the mark, and is not shown."""
        if self.shown is None or abs(bound) < self.parameters.far * abs(self.shown):
            self.shown = bound
            self.best.lower(bound, RELAXATION)

    def _prove(self, tighter: Future[Rounded], known: Ints) -> None:
        """What the relaxation with periods says, which begins with the columns ``known``, then what clusters say without, once there is the
        tighter relaxation, and unless it is periods that matter. Both in a process of their own: what proves in the searching process takes
        time from the first plan."""
        best = self.best
        if best.stopping.threads == 1:  # otherwise it has a thread of its own, while the relaxation is made tighter on another
            wait([tighter])
        try:
            if len(self.periods.column) > int(self.periods.column.max()) + 1:
                self._bounds(Linear(known), Linear.name, self.parameters.periods)
            if tighter.exception() is None and not periods_matter(best.proved.get(Linear.name), tighter.result().bound):
                self._bounds(Proof(tighter.result(), exact=False), PROOF, 1.0)
        finally:
            best.proving = 0

    def _bounds(self, solver: Solver, name: str, share: float) -> None:
        """Bounds of that solver for a share of the time that is left."""
        best = self.best
        stopping = replace(best.stopping, threads=1, time_limit=max(share * best.left(), 0.1))
        proved = self.run_apart(best.tightest, solver, stopping, lambda told: best.lower(told.bound, name), None, best.over)
        # What it says last need not have been told on the way.
        best.lower(proved.termination.bound, name)
