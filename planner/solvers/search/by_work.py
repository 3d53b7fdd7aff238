"""The default when work is limited instead of time: the same steps one after the other, so that nothing depends on a clock (R8).

A relaxation is solved for its bound, a small exact model gives a first plan, and parts of it are improved one by one. What they
pay is measured in work, not in seconds. The clock stays as a safety net: where it ends anything, the reason says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.proof import order_of
from planner.solvers.bounds.without_periods import Aggregate, aggregate
from planner.solvers.check import Claim, conclude, proof_margin, sound, value_of
from planner.solvers.lp import row_duals
from planner.solvers.matrix import Floats, Matrix, Periods
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Listener, Reason, Solution, Stopping, StopSign, relative_gap
from planner.solvers.search.neighbourhoods import Neighbourhoods, merge

PROOF, FIRST = 0.25, 0.25
"""Shares of the work for the relaxation, and for a first plan."""
EACH = 4
"""Units for one part."""
FIRST_BLOCKS = 1.3
"""Projects of the small model, as a multiple of those whose price is zero."""


@dataclass
class Counted:
    """One solve; see the module's words."""

    matrix: Matrix
    periods: Periods
    stopping: Stopping
    listen: Listener
    stop: StopSign
    name: str
    best: Floats | None = None
    value: float | None = None
    bound: float | None = None
    used: int = 0
    clock: bool = False
    """The clock has ended something."""
    report: Reporter = field(init=False)

    def __post_init__(self) -> None:
        self.report = Reporter(self.listen)

    def run(self, start: Floats | None) -> Solution:
        """All steps."""
        work = self.stopping.work
        assert work is not None
        model = aggregate(self.matrix, self.periods)
        self._keep(sound(self.matrix, start))
        ended = self._solve(model.matrix, max(int(PROOF * work), 1), None)
        if ended.termination.reason == "infeasible":
            return self._end("infeasible")
        self._lower(ended.termination.bound)
        prices = row_duals(model.matrix, max(self._left(), 1.0))
        if self.best is None:
            self._first(model, prices, work)
        hoods = Neighbourhoods(self.matrix, model, prices, self.stopping.seed)
        number = 0
        while self.best is not None and self.used < work and not self._over():
            part = hoods.propose(self.best)
            number += 1
            stopping = Stopping(
                max(self._left(), 0.1),
                1e-4,
                1,
                (self.stopping.seed + number) % 2_000_000_000,
                min(EACH, work - self.used),
            )
            found = Highs().solve(
                hoods.model(part, self.best), stopping, lambda _: self._tell(), self.best[part.columns], self.stop
            )
            done = self._count(found)
            before = self.value or 0.0
            if found.values is not None:
                self._keep(sound(self.matrix, merge(self.best, part, found.values)))
            proved = found.termination.reason in ("optimal", "gap_reached")
            hoods.feed(part, (self.value or 0.0) - before, proved, float(done))
        return self._end("interrupted" if self.stop() else "gap_reached" if self._good_enough() else "work_limit")

    def _first(self, model: Aggregate, prices: Floats | None, work: int) -> None:
        """A plan over few projects; else over all."""
        if prices is not None:
            price = order_of(prices, model, model.of(self.periods.block))
            near = np.argsort(price, kind="stable")[: int(FIRST_BLOCKS * (price <= 1e-9).sum()) + 1]
            chosen = np.zeros(len(price) + 1, dtype=bool)
            chosen[near] = True
            block = self.periods.block
            shut = (block >= 0) & ~chosen[block]
            upper = np.where(shut, np.clip(0.0, self.matrix.lower, self.matrix.upper), self.matrix.upper)
            found = self._solve(replace(self.matrix, upper=upper), max(int(FIRST * work), 1), None)
            self._keep(sound(self.matrix, found.values))
        if self.best is None and not self._over():
            found = self._solve(self.matrix, max(int(FIRST * work), 1), None)
            self._lower(found.termination.bound)
            self._keep(sound(self.matrix, found.values))

    def _solve(self, model: Matrix, work: int, start: Floats | None) -> Solution:
        stopping = replace(self.stopping, threads=1, time_limit=max(self._left(), 0.1), work=work)
        found = Highs().solve(replace(model, periods=None), stopping, lambda _: self._tell(), start, self.stop)
        self._count(found)
        return found

    def _count(self, found: Solution) -> int:
        done = max(found.termination.work or 0, 1)
        self.used += done
        self.clock |= found.termination.reason == "time_limit" and self._left() <= 0
        return done

    def _left(self) -> float:
        return self.stopping.time_limit - self.report.seconds

    def _over(self) -> bool:
        if self._left() <= 0:
            self.clock = True
        return self.clock or self.stop() or self._good_enough()

    def _good_enough(self) -> bool:
        gap = relative_gap(self.value, self.bound)
        if gap is None or self.value is None or self.bound is None:
            return False
        return gap <= self.stopping.gap or self.bound - self.value <= proof_margin(self.matrix, self.value)

    def _lower(self, bound: float | None) -> None:
        if bound is not None and (self.bound is None or bound < self.bound):
            self.bound = bound
        self._tell()

    def _keep(self, plan: Floats | None) -> None:
        if plan is None:
            return
        value = value_of(self.matrix, plan)
        if self.value is None or value > self.value + 1e-12:
            self.best, self.value = plan, value
            self._tell()

    def _tell(self) -> None:
        self.report.tell(self.value, self.bound, self.best)

    def _end(self, reason: Reason) -> Solution:
        if self.clock and reason == "work_limit":
            reason = "time_limit"
        claim = Claim(reason, self.best, self.bound, "one after the other, by work", work=self.used)
        return conclude(self.matrix, self.stopping, self.name, claim, self.report.finish(), self.best)
