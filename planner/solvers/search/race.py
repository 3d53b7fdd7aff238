"""Two libraries at one model, side by side: the plans and bounds of both count, and the first proof ends the other.

On models of a thousand columns now HiGHS, now SCIP is ten times as quick, and nothing seen beforehand tells which. Both begin
from the same plan; either one's bound holds against the other one's plan.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from planner.solvers.adapters.highs import Highs
from planner.solvers.adapters.scip import Scip
from planner.solvers.protocol import Floats, Progress, Reason, Runner, Solution
from planner.solvers.search.incumbent import LEAST_GAIN, Incumbent

HEAD_START = 1.0
"""Seconds that HiGHS has the model to itself: what is solved in that needs no second process."""
PROVED: tuple[Reason, ...] = ("optimal", "gap_reached", "infeasible", "unbounded")


@dataclass
class Race:
    """One solve of ``best.matrix``: HiGHS in this thread, SCIP where ``run`` has solves run."""

    best: Incumbent
    run_apart: Runner
    reason: Reason | None = None
    """How SCIP ended, where that settles it."""

    def run(self) -> Solution:
        """Until one of them has a proof, or time is up."""
        best, start = self.best, self.best.values
        beside = threading.Thread(target=self._beside, args=(start,), name="second solver", daemon=True)
        beside.start()
        alone = replace(best.stopping, threads=1, time_limit=max(best.left(), 0.1))
        try:
            found = Highs().solve(best.matrix, alone, self._hear, start, best.over)
            first = found.termination.reason in PROVED and self.reason is None
            best.adopt(found.values)
            best.lower(found.termination.bound)
            while not first and beside.is_alive() and not best.over():
                beside.join(0.1)
        finally:
            best.done = True
            beside.join()
        own = found.termination
        if first and (best.value is None or (own.value is not None and own.value >= best.value - LEAST_GAIN)):
            return found
        return best.conclude(self.reason or (own.reason if first else best.reason()), "HiGHS and SCIP side by side")

    def _beside(self, start: Floats | None) -> None:
        best, waiting = self.best, threading.Event()
        while best.report.seconds < HEAD_START and not best.over():
            waiting.wait(0.05)
        if best.over():
            return
        left = replace(best.stopping, threads=1, time_limit=max(best.left(), 0.1))
        found = self.run_apart(best.matrix, Scip(), left, self._hear, best.values if start is None else start, best.over)
        ended = found.termination
        if ended.reason in PROVED and not best.done:
            self.reason = ended.reason
        best.adopt(found.values)
        best.lower(ended.bound)
        best.done |= self.reason is not None

    def _hear(self, progress: Progress) -> None:
        best = self.best
        if progress.values is not None:
            best.adopt(progress.values)
        # A word below a checked plan is no bound, and must not take the place of the other one's.
        if progress.bound is not None and (best.value is None or progress.bound >= best.value):
            best.lower(progress.bound)
