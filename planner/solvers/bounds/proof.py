"""Bounds of one model, from the quickest to the tightest; each is one of the whole, so the least of them counts.

1. Clusters at prices of the relaxation without periods, which are then improved (:mod:`planner.solvers.bounds.clusters`): seconds, even for
   a province. Whoever searches has looked for these prices (:mod:`planner.solvers.search.prices`).
2. The relaxation without places (:mod:`planner.solvers.bounds.relaxations`) at the best of these prices, solved exactly, if large.
3. The relaxation without periods, its places fractional, solved exactly.

What each takes is shown on the way: *which* choices, not yet where and when. It runs in a process of its own
(:mod:`planner.solvers.process`) beside the search for plans.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.clusters import AscentParameters, ascend
from planner.solvers.bounds.relaxations import Aggregate, aggregate, price_places
from planner.solvers.bounds.rounded import Rounded
from planner.solvers.check import Claim, conclude
from planner.solvers.protocol import Bools, Floats, Ints, Listener, Matrix, Periods, Progress, Solution, Stopping, StopSign, never


@dataclass(frozen=True)
class ProofParameters:
    """How the time is divided."""

    climb: float = 0.1
    """Share of the time for better prices."""
    placeless: float = 0.35
    """Share of what is left for the relaxation without places."""
    many: int = 1_000
    """Whole columns of the relaxation without periods from which the one without places is worth its time: below, the former is
    solved nearly as soon, and knows the places (city: 0.8192 without places, 0.8153 with)."""


@dataclass(frozen=True, eq=False)
class Proof:
    """A solver that gives bounds and no plans; see the module's words. Its values are 1 in every column of a block that a
    relaxation takes, 0 elsewhere."""

    known: Rounded | None = None
    """``aggregate(matrix)`` with its prices, and rows by mixed-integer rounding; None: there are no prices, and only step 3."""
    exact: bool = True
    """Whether to go on to steps 2 and 3."""
    parameters: ProofParameters = ProofParameters()
    name: str = "proof"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Bounds until the time is up or nothing is left to do. ``infeasible`` when a relaxation is."""
        assert matrix.periods is not None
        return _Proof(self, matrix, matrix.periods, stopping, listen, stop).run()


@dataclass
class _Proof:
    solver: Proof
    matrix: Matrix
    periods: Periods
    stopping: Stopping
    listen: Listener
    stop: StopSign
    began: float = field(default_factory=time.monotonic)
    bound: float | None = None

    def run(self) -> Solution:
        """All steps."""
        parameters, exact = self.solver.parameters, self.solver.exact
        model = aggregate(self.matrix, self.periods)
        block, cluster = model.of(self.periods.block), model.of(self.periods.cluster)
        tight, priced = self.solver.known, None
        if tight is not None and not self.stop():
            until = time.monotonic() + parameters.climb * self._left()
            found = ascend(
                tight.matrix,
                block,
                cluster,
                tight.duals,
                self.stopping.seed,
                lambda bound: self._hear("relaxation", bound, None),
                lambda: self.stop() or (exact and time.monotonic() > until) or self._left() <= 0,
                # Where every step takes as long as the first one the search makes more of it: eight steps on a province, each of them
                # 8 s of the processor, gave no better bound than the prices of the linear relaxation.
                AscentParameters() if exact else AscentParameters(steps=0),
            )
            priced = found.priced if found is not None else price_places(tight.matrix, block, tight.duals)
            if found is not None:
                self._hear("relaxation", found.bound, self._blocks((found.values > 0.5)[found.priced.column], model))
        infeasible = False
        if exact and priced is not None and model.matrix.integer.sum() >= parameters.many:
            seconds = parameters.placeless * self._left()
            infeasible = self._exact(priced.matrix, seconds, lambda values: self._blocks((values > 0.5)[priced.column], model))
        if exact and not infeasible:
            infeasible = self._exact(model.matrix, self._left(), lambda values: self._blocks(values > 0.5, model))
        claim = Claim("time_limit", None, self.bound, "bounds only")
        if infeasible:
            claim = Claim("infeasible", None, None, "a relaxation is infeasible")
        return conclude(self.matrix, self.stopping, self.solver.name, claim, self._seconds())

    def _seconds(self) -> float:
        return time.monotonic() - self.began

    def _left(self) -> float:
        return self.stopping.time_limit - self._seconds()

    def _exact(self, model: Matrix, seconds: float, blocks: Callable[[Floats], Floats]) -> bool:
        """Solve a relaxation; whether it is infeasible."""
        if seconds <= 0 or self.stop():
            return False

        def hear(progress: Progress) -> None:
            values = None if progress.values is None else blocks(progress.values)
            self._hear("proof", progress.bound, values)

        stopping = replace(self.stopping, threads=1, gap=min(self.stopping.gap / 4, 1e-4), time_limit=seconds)
        ended = Highs().solve(model, stopping, hear, None, self.stop).termination
        self._hear("proof", ended.bound, None)
        return ended.reason == "infeasible"

    def _blocks(self, taken: Bools, model: Aggregate) -> Floats:
        """1 in every column of the blocks of which a column is taken."""
        block = self.periods.block
        return ((block >= 0) & np.isin(block, block[taken[model.column]])).astype(float)

    def _hear(self, phase: str, bound: float | None, values: Floats | None) -> None:
        if bound is not None and (self.bound is None or bound < self.bound):
            self.bound = bound
        self.listen(Progress(phase, self._seconds(), None, self.bound, values))


def order_of(prices: Floats, model: Aggregate, block: Ints) -> Floats:
    """How far each block is from being taken at these prices: its smallest absolute reduced cost; inf for none."""
    dual = np.abs(model.matrix.objective - model.matrix.rows.T @ prices)
    price = np.full(int(block.max(initial=-1)) + 1, np.inf)
    own = block >= 0
    np.minimum.at(price, block[own], dual[own])
    return price
