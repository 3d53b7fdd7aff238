"""The linear relaxation of the whole model as a bound: what its row duals prove, whatever a library says of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.pooled import Weak
from planner.solvers.bounds.sifting import Sieve, SiftingParameters
from planner.solvers.check import Claim, conclude
from planner.solvers.lp import vertex
from planner.solvers.protocol import Floats, Ints, Listener, Matrix, Progress, Solution, Stopping, StopSign, never

SHARE = 0.5
"""Of the time, for the relaxation itself."""
USED = 1e-4
"""What the optimum takes of a column, at the least: it lies in the middle of the best points, where all are a little above 0."""
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


@dataclass(frozen=True, eq=False)
class Optimum:
    """How far the linear relaxation of a model was solved."""

    duals: Floats | None
    """Of its rows, signed for a maximum; None: none at all."""
    solved: bool
    """They are those of its optimum."""
    bound: float
    """What they prove; inf: nothing."""
    columns: Ints | None
    """Those that sifting came to, or was to begin with; None: it was solved as it is, or they are not known."""
    used: Ints | None
    """Those that it takes something of, of these; None: not known."""


def relaxed(
    matrix: Matrix,
    block: Ints,
    seconds: float,
    seed: int,
    hear: Callable[[float], None],
    stop: StopSign,
    known: Ints | None = None,
    parameters: SiftingParameters = SiftingParameters(),
) -> Optimum:
    """Solve the linear relaxation on one thread: as it is where it is small, else by sifting, which takes a third of the time and less
    and tells bounds on the way. ``known``: columns to begin with, ascending; None: not known."""
    if stop():
        return Optimum(None, False, math.inf, None, None)
    if len(matrix.objective) <= parameters.at_once:
        found = vertex(matrix, seconds, stop)
        if found is None:
            return Optimum(None, False, math.inf, None, None)
        bound = Priced.of(matrix).bound(found[0])
        if bound < math.inf:
            hear(bound)
        return Optimum(found[0], True, bound, None, np.flatnonzero(found[1] > USED))
    sieve = Sieve(matrix, block, seconds, 1, seed, hear, stop, parameters, known)
    sieve.prove()
    used = None if sieve.best is None else np.flatnonzero(sieve.best.values > USED)
    return Optimum(sieve.duals, sieve.solved, sieve.bound, sieve.columns if sieve.rounds else known, used)


@dataclass(frozen=True, eq=False)
class Linear:
    """A solver that gives one bound and no plan."""

    known: Ints | None = None
    """Columns to begin with; None: not known."""
    name: str = "linear"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """The bound of weak duality. Where the optimum is not found in a share of the time, prices of sums of rows are looked for."""
        began, told = time.monotonic(), [math.inf]

        def hear(proved: float) -> None:
            told.append(proved)
            listen(Progress(self.name, time.monotonic() - began, None, min(told)))

        found = relaxed(matrix, matrix.block, SHARE * stopping.time_limit, stopping.seed, hear, stop, self.known)
        if not found.solved and not stop():
            left = max(stopping.time_limit - (time.monotonic() - began), 0.0)
            Weak.of(matrix).sift(left, stopping.seed, hear, stop)
        bound = min(told) if min(told) < math.inf else None
        return conclude(matrix, stopping, self.name, Claim("time_limit", None, bound, "bound only"), time.monotonic() - began)
