"""No bound is ever below an optimum: 500 small models, every relaxation, good prices and bad ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.clusters import Clusters, ascend, split
from planner.solvers.bounds.proof import Proof
from planner.solvers.bounds.relaxations import aggregate, price_places
from planner.solvers.check import proof_margin
from planner.solvers.lp import row_duals
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Matrix, Progress, Stopping, never
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.prices import prices_of
from planner.solvers.tighten import tightened
from tests.matrices import INF, matrix_of
from tests.random_city import write_random
from tests.solving import EXACT
from tests.sweep import sweep

CITIES, SIBLINGS = 50, 10
LIMITS = Stopping(time_limit=20, gap=1e-6, threads=1, seed=1)


def siblings(folder: Path, seed: int) -> Iterator[tuple[Matrix, np.random.Generator]]:
    """Models of one random city with other worths and other limits."""
    opened = open_plan(
        write_random(folder, seed, candidates=5 + seed % 4, parks=2 + seed % 2, quarters=1 + seed % 3, later=seed % 2)
    )
    matrix = build(opened.case, opened.eligible).matrix
    dice = np.random.default_rng(seed)
    for number in range(SIBLINGS):
        if number == 0:
            yield matrix, dice
            continue
        scale = dice.lognormal(0, 0.5, len(matrix.objective))
        # Limits that are no identity (0) and no choice (1) get wider or narrower.
        amounts = np.isfinite(matrix.row_upper) & (matrix.row_upper > 1) & (matrix.row_lower < matrix.row_upper)
        upper = np.where(amounts, matrix.row_upper * dice.uniform(0.6, 1.6, len(matrix.row_upper)), matrix.row_upper)
        yield replace(matrix, objective=matrix.objective * scale, row_upper=upper), dice


@pytest.mark.parametrize("seed", sweep(range(9000, 9000 + CITIES), 2))
def test_no_bound_is_below_the_optimum(tmp_path: Path, seed: int) -> None:
    for matrix, dice in siblings(tmp_path, seed):
        assert matrix.periods is not None
        best = Highs().solve(matrix, EXACT, lambda _: None).termination
        tight = tightened(matrix)
        assert Highs().solve(tight, EXACT, lambda _: None).termination.value == pytest.approx(best.value, abs=1e-9)
        heard: list[Progress] = []
        model = aggregate(tight, matrix.periods)
        state = Incumbent(tight, LIMITS, Reporter(heard.append), never, "auto")
        found = prices_of(tight, model, state)
        proved = Proof(None if found is None else found.tight).solve(tight, LIMITS, heard.append).termination
        if best.value is None:
            continue
        floor = best.value - proof_margin(matrix, best.value) - 1e-9
        assert found is not None
        assert state.proved
        assert all(bound >= floor for bound in state.proved.values())
        assert proved.reason != "infeasible"
        assert proved.bound is not None
        assert all(one.bound is None or one.bound >= floor for one in heard)
        assert proved.bound >= floor
        block, cluster = model.of(matrix.periods.block), model.of(matrix.periods.cluster)
        prices = row_duals(model.matrix)
        assert prices is not None
        # Any prices at all, of either sign, on any row.
        for wild in (prices * dice.uniform(0, 3, len(prices)), dice.normal(0, np.abs(prices).max() + 1e-3, len(prices))):
            at_prices = Highs().solve(price_places(model.matrix, block, wild).matrix, EXACT, lambda _: None).termination
            assert at_prices.value is not None
            assert at_prices.value >= floor
            bounds: list[float] = []
            looks = iter(range(20))
            ascend(model.matrix, block, cluster, wild, 1, bounds.append, lambda left=looks: next(left, None) is None)
            assert all(bound >= floor for bound in bounds)


@pytest.mark.parametrize("seeds", sweep([range(4), range(4, 20), range(20, 40)], 1))
def test_clusters_prove_more_than_the_linear_relaxation(seeds: range, tmp_path: Path) -> None:
    """On a city of two chains the links are filled by whole firms only, and clusters know it."""
    gained = 0
    for seed in seeds:
        opened = open_plan(write_random(tmp_path / str(seed), seed, candidates=8, parks=3, quarters=2))
        matrix = build(opened.case, opened.eligible).matrix
        assert matrix.periods is not None
        model = aggregate(matrix, matrix.periods)
        prices = row_duals(model.matrix)
        if prices is None:
            continue
        linear = Highs().solve(replace(model.matrix, integer=np.zeros_like(model.matrix.integer)), EXACT, lambda _: None)
        bounds: list[float] = []
        ascend(model.matrix, model.of(matrix.periods.block), model.of(matrix.periods.cluster), prices, 1, bounds.append, never)
        if bounds and linear.termination.value is not None:
            gained += min(bounds) < linear.termination.value - 1e-4 * abs(linear.termination.value)
    assert gained >= 3 / 8 * len(seeds)


def test_a_cluster_that_has_no_end_at_some_prices_gives_no_bound() -> None:
    # A firm brings 1 and takes 2 of 3; what is left, worth half as much, has no end but for the row, which the price is to stand for.
    model = matrix_of([1.0, 0.5], [[2.0, 1.0]], upper=3.0, most=[1.0, INF], whole=[True, False])
    cut = split(model, np.array([0, 1]), np.array([0, 1]))
    assert cut is not None
    clusters = Clusters(cut, 1)
    for price, bound in ((0.0, None), (0.4, None), (0.5, 1.5), (1.0, 3.0)):
        answer = clusters.ask(model.objective, 0.0, np.array([price]), 1e-9, never)
        assert (None if answer is None else answer.bound) == (None if bound is None else pytest.approx(bound, abs=1e-6))
    # Of the rows it follows that no more than 3 can be left: then every price gives a bound.
    found = ascend(model, np.array([0, 1]), np.array([0, 1]), np.zeros(1), 1, lambda _: None, never)
    assert found is not None
    assert found.bound >= 1.5 - 1e-6
