"""Parts that the linear relaxation chooses: nothing better is left out by its reduced costs, and what is held stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.check import fault, value_of
from planner.solvers.protocol import Floats, Ints, Matrix, Stopping
from planner.solvers.search import lanes
from planner.solvers.search.neighbourhoods import Neighbourhoods
from planner.solvers.search.priced import Chosen, Relaxation
from tests.random_city import write_random
from tests.solving import EXACT
from tests.sweep import sweep

SEEDS = range(740, 770)
EVERY = 10_000
"""More columns than these cities have."""


def _city(folder: Path, seed: int) -> tuple[Matrix, Floats | None]:
    """A random small city, and some plan of it; None: it has none."""
    opened = open_plan(write_random(folder, seed, candidates=8, parks=3, quarters=3))
    matrix = build(opened.case, opened.eligible).matrix
    some = Highs().solve(matrix, Stopping(20.0, 0.5, 1, 1), lambda _: None)
    return matrix, some.values


def _solved(chosen: Chosen, plan: Floats) -> Floats:
    """The plan after its part was solved to the end."""
    found = Highs().solve(chosen.model, EXACT, lambda _: None, plan[chosen.columns])
    assert found.values is not None  # what the plan does now is always possible
    better = plan.copy()
    better[chosen.columns] = found.values
    return better


def _all(matrix: Matrix) -> Ints:
    return np.arange(len(matrix.objective))


@pytest.mark.parametrize("seed", sweep(SEEDS, 3))
def test_the_best_plan_is_in_the_part_where_nothing_is_held(tmp_path: Path, seed: int) -> None:
    """Columns are left out by their reduced costs alone: the best plan needs none of them."""
    matrix, plan = _city(tmp_path, seed)
    best = Highs().solve(matrix, EXACT, lambda _: None).termination.value
    if plan is None:
        assert best is None
        return
    assert best is not None
    chosen = Relaxation(matrix).choose(plan, _all(matrix), EVERY, 20.0, np.random.default_rng(seed))
    found = plan if chosen is None else _solved(chosen, plan)
    assert fault(matrix, found) == ""
    assert value_of(matrix, found) == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", sweep(SEEDS, 2))
def test_part_after_part_a_plan_gets_better_and_what_is_held_stays(tmp_path: Path, seed: int) -> None:
    """One relaxation serves all parts, each from the basis of the last."""
    matrix, plan = _city(tmp_path, seed)
    if plan is None:
        return
    assert matrix.periods is not None
    block, dice, relaxation = matrix.periods.block, np.random.default_rng(seed), Relaxation(matrix)
    for _ in range(8):
        held = (block >= 0) & (block % 3 == dice.integers(3))
        chosen = relaxation.choose(plan, np.flatnonzero(~held), 3, 20.0, dice)
        if chosen is None:
            continue
        assert not held[chosen.columns].any()
        assert set(np.flatnonzero((plan != 0.0) & ~held)) <= set(chosen.columns)  # all that the plan has and may change
        better = _solved(chosen, plan)
        assert fault(matrix, better) == ""
        assert value_of(matrix, better) >= value_of(matrix, plan) - 1e-9
        plan = better


def test_where_all_is_held_nothing_better_is_there(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    relaxation = Relaxation(matrix)
    assert relaxation.choose(plan, np.zeros(0, dtype=np.int64), EVERY, 20.0, np.random.default_rng(1)) is None


def test_few_columns_are_kept_where_few_are_asked_for(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    parts = [Relaxation(matrix).choose(plan, _all(matrix), most, 20.0, np.random.default_rng(1)) for most in (0, EVERY)]
    few, many = (set() if part is None else set(part.columns) for part in parts)
    assert few < many


def test_the_same_dice_choose_the_same_part(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    parts = [Relaxation(matrix).choose(plan, _all(matrix), 5, 20.0, np.random.default_rng(4)) for _ in range(2)]
    one, other = (None if part is None else part.columns.tolist() for part in parts)
    assert one == other
    assert one


def test_proposed_parts_free_all_that_is_not_chosen_and_some_of_what_is(tmp_path: Path) -> None:
    matrix, plan = _city(tmp_path, 743)
    assert plan is not None
    assert matrix.periods is not None
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, priced=True)
    taken, block = hoods.structure.taken(plan), matrix.periods.block
    kinds = set()
    for _ in range(30):
        part = hoods.propose(plan)
        hoods.feed(part, 1.0, True, 0.3)
        kinds.add(part.kind)
        if part.kind != "priced":
            assert part.most == 0
            continue
        assert part.most > 0
        free = np.unique(block[part.columns])
        assert set(np.unique(block[(block >= 0) & (matrix.upper > 0.0) & ~np.append(taken, False)[block]])) <= set(free)
        assert taken[free[free >= 0]].any()
    assert "priced" in kinds


def test_a_relaxation_that_takes_too_long_is_a_part_without_a_result() -> None:
    """It counts as tried, so that the next part is smaller."""

    class Slow(Relaxation):
        def __init__(self) -> None:
            pass

        def choose(self, *_: object, **__: object) -> Chosen | None:
            raise TimeoutError

    order = lanes.PricedOrder(np.arange(2), 1, np.zeros(2), EXACT, 0.5)
    result = lanes.solved_priced(order, Slow())
    assert result.values is None
    assert not result.searched
