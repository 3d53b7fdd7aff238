"""A bound of a model of any size: it holds at whatever prices, and sums of rows give prices near the best ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import random_array

from benchmarks.instances import Region
from benchmarks.loads import Load, write_load
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds import linear
from planner.solvers.bounds.pooled import Weak
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Matrix, Stopping, never
from tests.matrices import matrix_of
from tests.sweep import sweep


def _model(seed: int) -> Matrix:
    """Some places and goods, choices that ask the same of a good wherever they go, or not; some rows with a lower side."""
    dice = np.random.default_rng(seed)
    choices, places, goods = int(dice.integers(2, 6)), int(dice.integers(1, 4)), int(dice.integers(1, 3))
    asks = np.round(dice.lognormal(0.0, 1.0, (choices, 1, goods)) * np.ones((1, places, 1)), 2)
    if dice.random() < 0.5:
        asks = np.round(asks * dice.uniform(0.5, 1.5, asks.shape), 2)
    block, place = np.divmod(np.arange(choices * places), places)
    good = [np.where(place == k, asks[block, place, r], 0.0) for k in range(places) for r in range(goods)]
    once = [(block == i).astype(float) for i in range(choices)]
    further = random_array((2, len(block)), density=0.5, rng=dice).toarray()
    table = np.array([*once, *good, *further])
    upper = np.concatenate([np.ones(choices), dice.uniform(0.5, 3.0, len(good)), [2.0, np.inf]])
    lower = np.concatenate([np.full(len(upper) - 1, -np.inf), [0.1 if dice.random() < 0.5 else -np.inf]])
    return matrix_of(np.round(dice.normal(1.0, 1.0, len(block)), 3), table, lower, upper, offset=0.5)


@pytest.mark.parametrize("seeds", sweep([range(40), range(40, 400)], 1))
def test_no_bound_is_below_the_best_plan(seeds: range) -> None:
    without, priced = 0, 0
    for seed in seeds:
        matrix, told = _model(seed), list[float]()
        places = int((matrix.rows[[0]].toarray()[0] > 0).sum())
        weak = Weak.of(matrix, np.arange(len(matrix.lower)) // places)
        best = Highs().solve(matrix, Stopping(10.0, 0.0, 1, 1), lambda _: None).termination
        prices = weak.sift(10.0, seed, told.append, never)
        if best.value is None:
            continue
        assert weak.bound() >= best.value - 1e-9
        assert all(bound >= best.value - 1e-9 for bound in told)
        assert weak.bound(np.random.default_rng(seed).normal(0.0, 1.0, len(matrix.row_lower))) >= best.value - 1e-9
        assert prices is not None
        assert weak.bound(prices) == min(told)
        without, priced = without + (weak.bound() > best.value + 1e-6), priced + (min(told) < weak.bound() - 1e-6)
    assert priced > 0.3 * without > 0


def test_prices_of_sums_prove_nearly_what_the_relaxation_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And are looked for where the relaxation takes too long."""
    opened = open_plan(write_load("candidates", tmp_path, load=Load(Region(150, 8, 4, 5, 3))))
    matrix, told = build(opened.case, opened.eligible).matrix, list[float]()
    relaxed = relaxation_bound(matrix, 20.0)
    weak = Weak.of(matrix)
    assert relaxed is not None
    weak.sift(20.0, 1, told.append, never)
    assert relaxed - 1e-9 <= min(told) <= relaxed + 0.2 * (weak.bound() - relaxed)
    monkeypatch.setattr(linear, "vertex", lambda *_: None)
    ended = linear.Linear().solve(matrix, Stopping(20.0, 0.0, 1, 1), lambda _: None).termination
    assert ended.bound == min(told)
