"""The default when work is limited instead of time: the same steps one after the other, so that nothing depends on a clock (R8).

A relaxation is solved for its bound, a small exact model gives a first plan, and parts of it are improved one by one. What they
pay is measured in work, not in seconds. The clock stays as a safety net: where it ends anything, the reason says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.proof import order_of
from planner.solvers.bounds.relaxations import Aggregate, aggregate
from planner.solvers.explicit import ByChoice
from planner.solvers.lp import row_duals
from planner.solvers.protocol import Floats, Matrix, Periods, Solution, Stopping
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.parts.solving import PRECISION, Result, take_over


@dataclass(frozen=True)
class CountedParameters:
    """How the work is divided."""

    proof: float = 0.25
    """Share of the work for the relaxation."""
    first: float = 0.25
    """Share of the work for a first plan."""
    each: int = 4
    """Units for one part."""
    first_blocks: float = 1.3
    """Projects of the small model, as a multiple of those whose price is zero."""


@dataclass
class Counted:
    """One solve; see the module's words."""

    best: Incumbent
    periods: Periods
    parameters: CountedParameters = CountedParameters()
    used: int = 0
    clock: bool = False
    """The clock has ended something."""

    def run(self) -> Solution:
        """All steps."""
        best, work = self.best, self.best.stopping.work
        assert work is not None
        matrix = best.tightest
        model = aggregate(matrix, self.periods)
        ended = self._solve(model.matrix, max(int(self.parameters.proof * work), 1))
        if ended.termination.reason == "infeasible":
            return best.conclude("infeasible", "one after the other, by work", self.used)
        best.lower(ended.termination.bound)
        prices = row_duals(model.matrix, max(best.left(), 1.0))
        if not best.searched:
            self._first(model, prices, max(int(self.parameters.first * work), 1))
        hoods = Neighbourhoods(matrix, model, prices, best.stopping.seed)
        number = 0
        while best.values is not None and self.used < work and not self._over():
            plan = best.values
            part = hoods.propose(plan)
            number += 1
            seed, units = best.stopping.other_seed(number), min(self.parameters.each, work - self.used)
            stopping = Stopping(max(best.left(), 0.1), PRECISION, 1, seed, units)
            found = ByChoice(Highs()).solve(hoods.model(part, plan), stopping, lambda _: best.tell(), plan[part.columns], best.stop)
            proved = found.termination.reason in ("optimal", "gap_reached")
            take_over(best, hoods, part, plan, Result(found.values, proved, float(self._count(found))))
        reason = best.reason("time_limit" if self.clock else "work_limit")
        return best.conclude(reason, "one after the other, by work", self.used)

    def _first(self, model: Aggregate, prices: Floats | None, work: int) -> None:
        """A plan over few projects; else over all."""
        best = self.best
        if prices is not None:
            price = order_of(prices, model, model.of(self.periods.block))
            count = int(self.parameters.first_blocks * (price <= 1e-9).sum()) + 1
            chosen = np.argsort(price, kind="stable")[:count]
            shut = (self.periods.block >= 0) & ~np.isin(self.periods.block, chosen)
            matrix = best.tightest
            upper = np.where(shut, np.clip(0.0, matrix.lower, matrix.upper), matrix.upper)
            best.adopt(self._solve(replace(matrix, upper=upper), work).values)
        if not best.searched and not self._over():
            found = self._solve(best.matrix, work)
            best.lower(found.termination.bound)
            best.adopt(found.values)

    def _solve(self, model: Matrix, work: int) -> Solution:
        best = self.best
        stopping = replace(best.stopping, threads=1, time_limit=max(best.left(), 0.1), work=work)
        found = ByChoice(Highs()).solve(model, stopping, lambda _: best.tell(), None, best.stop)
        self._count(found)
        return found

    def _count(self, found: Solution) -> int:
        done = max(found.termination.work or 0, 1)
        self.used += done
        self.clock |= found.termination.reason == "time_limit" and self.best.left() <= 0
        return done

    def _over(self) -> bool:
        self.clock |= self.best.left() <= 0
        return self.clock or self.best.over()
