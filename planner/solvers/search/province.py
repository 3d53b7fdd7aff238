"""Models whose linear relaxation is too large to be solved as it is: sift, round, improve.

1. The relaxation without periods is solved by sifting (:mod:`planner.solvers.bounds.sifting`): a bound, and prices.
2. Its solution, near to a corner, says which few ways of each project are worth looking at: a first plan of these, chain after
   chain (:mod:`planner.solvers.search.first_plan`).
3. Parts of the plan are improved side by side (:mod:`planner.solvers.search.lanes`), while clusters make the bound better.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np

from planner.solvers.bounds.duals import worth as worth_of
from planner.solvers.bounds.proof import Proof
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.bounds.sifting import Sieve
from planner.solvers.protocol import Floats, Ints, Periods, Runner, Solution
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.incumbent import PROOF, Incumbent
from planner.solvers.search.lanes import Lanes
from planner.solvers.search.neighbourhoods import Neighbourhoods


@dataclass(frozen=True)
class LargeParameters:
    """How the time is divided."""

    sifting: float = 0.35
    """Share of the time for the relaxation."""
    far: float = 1e3
    """A bound so many times the first one is of a model without a solution."""
    first: float = 0.15
    """Share of the time for a first plan."""


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
        seconds = self.parameters.sifting * best.left()
        sifted = Sieve(model.matrix, block, seconds, stopping.threads, stopping.seed, self._told, best.stop).run()
        if sifted.duals is None or sifted.values is None or not sifted.feasible:
            return None if best.values is None else best.conclude(best.reason(), DETAIL)
        best.lower(sifted.bound, "relaxation")
        best.columns, best.proving = len(sifted.columns), 1
        prover = threading.Thread(target=self._prove, args=(sifted.duals, sifted.columns), name="bounds", daemon=True)
        prover.start()
        lanes = Lanes(stopping.threads)
        try:
            best.phase = "first plan"
            worth = np.where(block >= 0, worth_of(sifted.priced, sifted.own, sifted.duals).column, -np.inf)
            seconds = min(max(self.parameters.first * stopping.time_limit, 1.0), best.left())
            chosen = choose(model, block, model.of(self.periods.cluster), sifted.duals, stopping.seed, best.over)
            best.adopt(first_plan(matrix, model, sifted.values, worth, seconds, stopping.seed, best.over, chosen))
            if best.values is None:
                return None
            best.phase = "search"
            hoods = Neighbourhoods(matrix, model, sifted.duals, stopping.seed, chosen, priced=True)
            lanes.improve(hoods, best, best.over)
        finally:
            best.done = True
            lanes.close()
            prover.join(timeout=5.0)
        return best.conclude(best.reason(), DETAIL)

    def _told(self, bound: float) -> None:
        """A bound on the way; while rows are still broken at a high price it may be far off the mark, and is not shown."""
        if self.shown is None or abs(bound) < self.parameters.far * abs(self.shown):
            self.shown = bound
            self.best.lower(bound, "relaxation")

    def _prove(self, prices: Floats, columns: Ints) -> None:
        best = self.best
        stopping = replace(best.stopping, threads=1, time_limit=max(best.left(), 0.1))
        proved = self.run_apart(best.tightest, Proof(prices, columns, exact=False), stopping, best.hear_bound, None, best.over)
        # What it says last need not have been told on the way.
        best.lower(proved.termination.bound, PROOF)
        best.proving = 0
