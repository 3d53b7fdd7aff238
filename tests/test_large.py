"""What is done with models too large for one linear programme, on small ones: plans are plans, bounds are bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.plan.build import make_plan
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers import process
from planner.solvers.protocol import Progress, Stopping
from planner.solvers.search.auto import Auto, AutoParameters
from tests.random_city import write_random
from tests.solving import solve_programme
from tests.sweep import sweep

SEARCH = Auto(process.solve, AutoParameters(small=0, large=0))
"""Everything is large."""


@pytest.mark.parametrize("seed", sweep([3, 11, 29, 41, 57], 0))
def test_value_and_bound_enclose_the_optimum(tmp_path: Path, seed: int) -> None:
    opened = open_plan(write_random(tmp_path, seed, candidates=9, parks=3, quarters=3))
    programme = build(opened.case, opened.eligible)
    exact = solve_programme(programme).termination
    told: list[Progress] = []
    found = SEARCH.solve(programme.matrix, Stopping(time_limit=3, gap=1e-4, threads=2, seed=1), told.append)
    if exact.value is None:
        assert found.termination.reason == "infeasible"
        return
    assert found.termination.value is not None
    assert found.termination.bound is not None
    assert found.termination.value <= exact.value + 1e-7
    assert found.termination.bound >= exact.value - 1e-7
    assert all(one.bound is None or one.bound >= exact.value - 1e-7 for one in told)
    assert make_plan(programme, found, opened.warnings, tmp_path).verification.passed


def test_a_start_is_never_made_worse_and_phases_are_told(tmp_path: Path) -> None:
    opened = open_plan(write_random(tmp_path, 11, candidates=9, parks=3, quarters=3))
    programme = build(opened.case, opened.eligible)
    exact = solve_programme(programme)
    assert exact.values is not None
    told: list[Progress] = []
    found = SEARCH.solve(programme.matrix, Stopping(time_limit=6, gap=1e-4, threads=2, seed=1), told.append, exact.values)
    assert found.termination.value == pytest.approx(exact.termination.value)
    assert told[0].phase == "start"
    assert "relaxation" in {one.phase for one in told}
    values = [one.value for one in told if one.value is not None]
    assert values == sorted(values)
