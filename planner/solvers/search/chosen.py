"""The model solved exactly over some of its choices: those of the best plan, and those that a relaxation would take."""

from __future__ import annotations

import numpy as np

from planner.solvers.adapters.highs import Highs
from planner.solvers.explicit import ByChoice
from planner.solvers.protocol import Floats, Ints, Stopping, StopSign
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.promising import narrow

CLOSE = 1e-4
"""The gap at which such a model is solved well enough; half of that of the whole if it is less."""


def solve_over(best: Incumbent, allowed: Ints, seconds: float, over: StopSign) -> None:
    """Solve the part of the model in which only the blocks ``allowed`` may be chosen, on one thread, for so many seconds at the most; what
    is found becomes the best plan as it comes. ``over`` is asked in this thread, often."""
    matrix = best.tightest
    columns = np.flatnonzero((matrix.block < 0) | np.isin(matrix.block, allowed))
    until = Stopping(max(min(seconds, best.left()), 0.1), min(best.stopping.gap / 2, CLOSE), 1, best.stopping.seed)

    def adopt(values: Floats | None) -> None:
        if values is not None:
            whole = np.zeros(len(matrix.lower))
            whole[columns] = values
            best.adopt(np.clip(whole, matrix.lower, matrix.upper), by="chosen")
        best.tell()

    before = None if best.values is None else best.values[columns]
    small = narrow(matrix, columns)
    adopt(ByChoice(Highs()).solve(small, until, lambda progress: adopt(progress.values), before, over).values)
