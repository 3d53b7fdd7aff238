"""Choosing before scheduling: the bound of the model without quarters is a bound on the model, and the plans are plans."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.plan.build import make_plan
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers import process
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.relaxations import FUNCTIONS, aggregate, dual_feasible
from planner.solvers.protocol import Progress, Solution, Stopping
from planner.solvers.search.auto import Auto, AutoParameters
from planner.solvers.search.together import Together
from tests.city import PLAN, TABLES, write_city
from tests.random_city import write_random
from tests.solving import EXACT, solve_programme
from tests.sweep import sweep

SEARCH = Auto(process.solve, AutoParameters(small=0))
"""Every model is large enough for both searches."""


@pytest.mark.parametrize("seed", sweep(range(500, 560), 3))
def test_the_relaxation_is_never_below_the_optimum(tmp_path: Path, seed: int) -> None:
    opened = open_plan(write_random(tmp_path, seed, candidates=6, parks=3, quarters=3))
    programme = build(opened.case, opened.eligible)
    assert programme.matrix.periods is not None
    relaxed = aggregate(programme.matrix, programme.matrix.periods).matrix
    whole = solve_programme(programme)
    loose = Highs().solve(relaxed, EXACT, lambda _: None)
    if whole.values is None:
        return
    assert loose.termination.value is not None
    assert whole.termination.value is not None
    assert loose.termination.value >= whole.termination.value - 1e-7


def test_bins_count_what_does_not_fit(tmp_path: Path) -> None:
    """Two quarters of 3 person-months, three projects of 2 each: 6 ≤ 6 in sum, but each quarter takes one."""
    rows = [{**row, "effort": 2} for row in TABLES["candidates"][:3]]
    parks = [{**row, "land": 1000, "power": 1000} for row in TABLES["parks"]]
    funds = [{**row, "amount": 1000} for row in TABLES["funds"]]
    tables = {**TABLES, "candidates": rows, "parks": parks, "funds": funds}
    opened = open_plan(write_city(tmp_path, PLAN.replace("gap: 1.0", "score: 1.0"), tables))
    programme = build(opened.case, opened.eligible)
    assert programme.matrix.periods is not None
    relaxed = aggregate(programme.matrix, programme.matrix.periods).matrix
    found = Highs().solve(relaxed, EXACT, lambda _: None)
    # Scores 1, 2, 3: the best two.
    assert found.termination.value == pytest.approx(5)
    assert solve_programme(programme).termination.value == pytest.approx(5)


@pytest.mark.slow
@given(st.lists(st.fractions(0, 1, max_denominator=60), min_size=1, max_size=12), st.sampled_from(list(FUNCTIONS)))
def test_dual_feasible_functions_keep_what_fits_fitting(shares: list[Fraction], k: int) -> None:
    packed, room = [], Fraction(1)
    for share in shares:
        if share <= room:
            packed.append(float(share))
            room -= share
    assert dual_feasible(np.array(packed), k).sum() <= 1 + 1e-9


@pytest.mark.parametrize("seed", sweep([3, 11, 29], 1))
def test_both_searches_end_at_the_optimum(tmp_path: Path, seed: int) -> None:
    opened = open_plan(write_random(tmp_path, seed, candidates=8, parks=3, quarters=3))
    programme = build(opened.case, opened.eligible)
    exact = solve_programme(programme).termination
    told: list[Progress] = []
    found = SEARCH.solve(programme.matrix, Stopping(time_limit=30, gap=1e-6, threads=2, seed=1), told.append)
    if exact.value is None:
        assert found.termination.reason == "infeasible"
        return
    assert found.termination.value == pytest.approx(exact.value, rel=1e-5, abs=1e-7)
    assert found.termination.bound is not None
    assert found.termination.bound >= exact.value - 1e-7
    bounds = [one.bound for one in told if one.bound is not None]
    assert all(bound >= exact.value - 1e-7 for bound in bounds)
    assert make_plan(programme, found, (), tmp_path).verification.passed


def test_a_wish_to_stop_keeps_the_best_plan(tmp_path: Path) -> None:
    opened = open_plan(write_random(tmp_path, 7, candidates=12, parks=4, quarters=4))
    programme = build(opened.case, opened.eligible)
    plans: list[Progress] = []

    def listen(progress: Progress) -> None:
        if progress.values is not None:
            plans.append(progress)

    limits = Stopping(time_limit=60, gap=0.0, threads=2, seed=1)
    found = SEARCH.solve(programme.matrix, limits, listen, stop=lambda: bool(plans))
    assert found.values is not None
    assert found.termination.reason in {"interrupted", "optimal", "gap_reached"}


def test_infeasible_is_said(tmp_path: Path) -> None:
    """C and D must come, need 130 of money, and there are 120."""
    rows = [{**row, "must_include": "是" if row["candidate_id"] in "CD" else "否"} for row in TABLES["candidates"]]
    funds = [{"fund_id": "FUND", "quarter": "2027Q1", "amount": 120, "carry_over": "是"}]
    opened = open_plan(write_city(tmp_path, tables={**TABLES, "candidates": rows, "funds": funds}))
    programme = build(opened.case, opened.eligible)
    found = SEARCH.solve(programme.matrix, Stopping(time_limit=30, gap=0.0, threads=2, seed=1), lambda _: None)
    assert found.termination.reason == "infeasible"


def test_a_proof_ends_the_search_at_once(tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path))
    programme = build(opened.case, opened.eligible)
    found = SEARCH.solve(programme.matrix, Stopping(time_limit=60, gap=0.0, threads=2, seed=1), lambda _: None)
    assert found.termination.reason == "optimal"
    assert found.termination.value == pytest.approx(1800)


def test_the_same_work_gives_the_same_plan(tmp_path: Path) -> None:
    """R8, for models that the default does not hand to one solver."""
    opened = open_plan(write_random(tmp_path, 61, candidates=24, parks=4, quarters=3))
    matrix = build(opened.case, opened.eligible).matrix
    limits = Stopping(time_limit=120, gap=0.0, threads=2, seed=1, work=12)
    one, other = (SEARCH.solve(matrix, limits, lambda _: None) for _ in range(2))
    assert one.values is not None
    assert other.values is not None
    assert (one.values == other.values).all()
    assert one.termination.bound == other.termination.bound
    assert one.termination.work == other.termination.work
    assert one.termination.reason in ("work_limit", "optimal", "gap_reached")


def test_from_an_earlier_plan_one_tree_leads_on_models_that_are_not_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_plan(write_city(tmp_path))
    matrix = build(opened.case, opened.eligible).matrix
    best = Highs().solve(matrix, Stopping(10.0, 0.0, 1, 1), lambda progress: None).values
    leads: list[float] = []

    class Watched(Together):
        def run(self) -> Solution:
            leads.append(self.lead)
            return self.best.conclude("time_limit", "")

    monkeypatch.setattr("planner.solvers.search.auto.Together", Watched)
    few, many = (AutoParameters(small=1, middle=middle, again=0.5) for middle in (100_000, 1))
    for parameters, start in ((few, None), (few, best), (many, best)):
        Auto(process.solve, parameters).solve(matrix, Stopping(20.0, 0.0, 2, 1), lambda progress: None, start)
    assert leads == [0.0, 10.0, 0.0]
