"""Large models: what is proved beside the search is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.rounded import Rounded
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Solution, Solver, Stopping, StopSign, no_plan
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.province import Large
from tests.city import write_city
from tests.solving import EXACT


def test_a_bound_that_only_the_last_word_tells_counts(tmp_path: Path) -> None:
    """A proof may be done before anything of it was told on the way."""
    opened = open_plan(write_city(tmp_path))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    proved = Highs().solve(matrix, EXACT, lambda _: None)

    def silent(
        model: Matrix,
        solver: Solver,
        stopping: Stopping,
        listen: Listener,
        start: Floats | None = None,
        stop: StopSign = lambda: False,
        hold: StopSign = lambda: False,
        hint: object = no_plan,
        finish: StopSign = lambda: False,
    ) -> Solution:
        return proved

    best = Incumbent(matrix, EXACT, Reporter(lambda _: None), lambda: False, "auto", proved={"": 1e9})
    Large(best, matrix.periods, silent)._prove(Rounded(matrix, np.zeros(matrix.rows.shape[0]), np.inf))
    assert best.bound == proved.termination.bound
    assert best.proving == 0
