"""The linear relaxation of the whole model as a bound: what its row duals prove, whatever a library says of them."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.pooled import Weak
from planner.solvers.check import Claim, conclude
from planner.solvers.lp import row_duals
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Solution, Stopping, StopSign, never

SHARE = 0.5
"""Of the time, for the relaxation itself."""
BLIND = 0.02
"""Share by which the linear relaxation without periods must be higher than the one with them for the periods to matter. Measured: 8 %
where much of the effort and the money falls after the horizon (the demo: HiGHS alone proves in seconds what relaxations do not),
below 0.5 % on cities of :mod:`benchmarks.instances` of the same size."""

LOOSE = 0.002
"""The same for a relaxation without periods to be tried after all others: on cities it is the tighter one, since it knows more of what fits
into a period (−0.1 %); where it is looser by half a percent, whole choices in it have never made up for that."""


def periods_matter(with_them: float | None, without: float | None, share: float = BLIND) -> bool:
    """By the bounds of both linear relaxations; None is unknown, and says nothing."""
    return with_them is not None and without is not None and without - with_them > share * abs(with_them)


@dataclass(frozen=True)
class Linear:
    """A solver that gives one bound and no plan."""

    name: str = "linear"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """The bound of weak duality. Where the duals are not found in a share of the time, prices of sums of rows are looked for."""
        began, told = time.monotonic(), [math.inf]

        def hear(proved: float) -> None:
            told.append(proved)
            listen(Progress(self.name, time.monotonic() - began, None, min(told)))

        prices = row_duals(matrix, SHARE * stopping.time_limit)
        if prices is not None:
            told.append(Priced.of(matrix).bound(prices))
        elif not stop():
            left = max(stopping.time_limit - (time.monotonic() - began), 0.0)
            Weak.of(matrix).sift(left, stopping.seed, hear, stop)
        bound = min(told) if min(told) < math.inf else None
        return conclude(matrix, stopping, self.name, Claim("time_limit", None, bound, "bound only"), time.monotonic() - began)
