"""Models whose linear relaxation is too large to be solved as it is: sift, round, improve.

1. The relaxation without periods is solved by sifting (:mod:`planner.solvers.bounds.sifting`): a bound, and prices.
2. Its solution, near to a corner, says which few ways of each project are worth looking at: a first plan of these, chain after
   chain (:mod:`planner.solvers.search.first_plan`).
3. Parts of the plan are improved side by side (:mod:`planner.solvers.search.lanes`), while clusters make the bound better.
"""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np

from planner.solvers.bounds.proof import Proof
from planner.solvers.bounds.sifting import sift
from planner.solvers.bounds.without_periods import aggregate
from planner.solvers.check import Claim, conclude, proof_margin, sound, value_of
from planner.solvers.matrix import Floats, Matrix, Periods
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Progress, Reason, Solution, Stopping, StopSign, relative_gap
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.lanes import Lanes
from planner.solvers.search.neighbourhoods import Neighbourhoods

SIFTING = 0.35
"""Share of the time for the relaxation."""
FAR = 1e3
"""A bound so many times the first one is of a model without a solution."""
FIRST = 0.15
"""Share of the time for a first plan."""


class Large:
    """One solve; see the module's words."""

    def __init__(
        self, matrix: Matrix, periods: Periods, stopping: Stopping, report: Reporter, stop: StopSign, name: str
    ) -> None:
        self.matrix, self.periods, self.stopping = matrix, periods, stopping
        self.report, self.stop, self.name = report, stop, name
        self.best: Floats | None = None
        self.value: float | None = None
        self.bound: float | None = None
        self.shown: float | None = None
        self.phase = "relaxation"
        self.left_over: int | None = None
        self.proving = 1
        self.done = False

    def run(self, start: Floats | None) -> Solution | None:
        """None when the relaxation could not be solved in its time, and nothing is known."""
        self._keep(sound(self.matrix, start))
        model = aggregate(self.matrix, self.periods)
        block = model.of(self.periods.block)
        sifted = sift(
            model.matrix,
            block,
            SIFTING * self._left(),
            self.stopping.threads,
            self.stopping.seed,
            self._told,
            self.stop,
        )
        if sifted is None or sifted.values is None or not sifted.feasible:
            return None if self.best is None else self._end("interrupted" if self.stop() else "time_limit")
        self._lower(sifted.bound)
        self.left_over = len(sifted.columns)
        prover = threading.Thread(target=self._prove, args=(sifted.duals,), name="bounds", daemon=True)
        prover.start()
        lanes = Lanes(self.matrix, self.stopping.threads)
        try:
            self.phase = "first plan"
            worth = np.full(len(block), -np.inf)
            worth[block >= 0] = sifted.worth.column[block >= 0]
            seconds = max(FIRST * self.stopping.time_limit, 1.0)
            chosen = choose(model, block, model.of(self.periods.cluster), sifted.duals, self.stopping.seed, self._over)
            self._keep(
                first_plan(
                    self.matrix,
                    model,
                    sifted.values,
                    worth,
                    min(seconds, self._left()),
                    self.stopping.seed,
                    self._over,
                    chosen,
                )
            )
            if self.best is None:
                return None
            self.phase = "search"
            hoods = Neighbourhoods(self.matrix, model, sifted.duals, self.stopping.seed, chosen)
            lanes.improve(hoods, self.best, self._lanes, self.stopping.seed, self._left, self._better, self._over)
        finally:
            self.done = True
            lanes.close()
            prover.join(timeout=5.0)
        reason: Reason = "interrupted" if self.stop() else "gap_reached" if self._good_enough() else "time_limit"
        return self._end(reason)

    def _end(self, reason: Reason) -> Solution:
        claim = Claim(reason, self.best, self.bound, "sift, round, improve")
        return conclude(self.matrix, self.stopping, self.name, claim, self.report.finish(), self.best)

    def _left(self) -> float:
        return self.stopping.time_limit - self.report.seconds

    def _over(self) -> bool:
        return self.done or self.stop() or self._left() <= 0 or self._good_enough()

    def _good_enough(self) -> bool:
        gap = relative_gap(self.value, self.bound)
        if gap is None or self.value is None or self.bound is None:
            return False
        return gap <= self.stopping.gap or self.bound - self.value <= proof_margin(self.matrix, self.value)

    def _lower(self, bound: float) -> None:
        if np.isfinite(bound) and (self.bound is None or bound < self.bound):
            self.bound = bound
        self._tell()

    def _told(self, bound: float) -> None:
        """A bound on the way; while rows are still broken at a high price it may be far off the mark, and is not shown."""
        if self.shown is None or abs(bound) < FAR * abs(self.shown):
            self.shown = bound
            self._lower(bound)

    def _keep(self, plan: Floats | None) -> None:
        if plan is not None:
            value = value_of(self.matrix, plan)
            if self.value is None or value > self.value:
                self._better(plan, value)

    def _better(self, plan: Floats, value: float) -> None:
        self.best, self.value = plan, value
        self._tell()

    def _tell(self) -> None:
        self.report.tell(self.value, self.bound, self.best, self.phase, self.left_over)

    def _lanes(self) -> int:
        """One for each thread that proves nothing."""
        self._tell()
        return max(self.stopping.threads - self.proving, 1)

    def _prove(self, prices: Floats) -> None:
        from planner.solvers.process import solve

        def hear(progress: Progress) -> None:
            if progress.bound is not None:
                self._lower(progress.bound)

        stopping = replace(self.stopping, threads=1, time_limit=max(self._left(), 0.1))
        solve(self.matrix, Proof(prices, exact=False), stopping, hear, stop=self._over)
        self.proving = 0
