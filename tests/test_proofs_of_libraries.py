"""A library's word that a plan is the best one: held against the others' plans on many small models, from nothing and from a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.solvers.adapters.highs import Highs
from planner.solvers.protocol import Floats, Matrix
from planner.solvers.registry import make_solver
from tests.matrices import brute_force, hard, matrix_of, random_mixed
from tests.solving import CLOSE
from tests.sweep import sweep

ALONE = replace(CLOSE, threads=1)


def drawn(seed: int) -> Matrix:
    """Firms to a few parks, or a mixed model of a few rows."""
    dice = np.random.default_rng(seed)
    if seed % 2:
        return hard(int(dice.integers(5, 14)), int(dice.integers(1, 4)), seed)
    return random_mixed(seed, int(dice.integers(6, 25)), int(dice.integers(0, 8)))


def best_of(matrix: Matrix) -> tuple[Floats, float]:
    """HiGHS' plan, checked, and its value."""
    found = Highs().solve(matrix, ALONE, lambda _: None)
    assert found.values is not None
    assert found.termination.value is not None
    return found.values, found.termination.value


def holds(matrix: Matrix, value: float, start: Floats | None, name: str = "cbc") -> None:
    """The solver says nothing that a plan of that value refutes, and finds one."""
    ended = make_solver(name).solve(matrix, ALONE, lambda _: None, start).termination
    assert ended.bound is not None
    assert ended.bound >= value - 1e-6 * max(1.0, abs(value))
    assert ended.value == pytest.approx(value, rel=2e-6, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 300, 50))
@pytest.mark.parametrize("name", ["cbc", "scip", "cpsat"])
def test_what_a_solver_calls_the_best_is_the_best(name: str, first: int) -> None:
    for seed in range(first, first + 50):
        matrix = drawn(seed)
        plan, value = best_of(matrix)
        other = Highs().solve(replace(matrix, objective=-matrix.objective), ALONE, lambda _: None).values
        for start in (None, plan, other):
            holds(matrix, value, start, name)


def in_other_units(matrix: Matrix, unit: float, offset: float) -> Matrix:
    """The same choices, worth so many times as much and something more."""
    return replace(matrix, objective=matrix.objective * unit, offset=offset)


LOST = {
    "3073": in_other_units(hard(11, 2, 3073), 0.01, 0.0),
    "2473": in_other_units(hard(9, 2, 2473), 0.01, -100.0),
    "3265": hard(13, 3, 3265),
    "2463": in_other_units(random_mixed(2463, 12, 1), 1e4, 3.5),
}


@pytest.mark.parametrize("matrix", LOST.values(), ids=LOST)
def test_models_that_lost_their_best_plan_when_cbc_prepared_them(matrix: Matrix) -> None:
    plan, value = best_of(matrix)
    weak = Highs().solve(replace(matrix, objective=np.arange(len(plan)) % 7 - 3.0), ALONE, lambda _: None).values
    for start in (None, weak, plan):
        holds(matrix, value, start)


@pytest.mark.parametrize("seed", sweep(range(20, 40), 6))
def test_cbc_agrees_with_every_choice_tried(seed: int) -> None:
    matrix = random_mixed(seed, 8)
    truth = brute_force(matrix)
    assert truth is not None
    holds(matrix, truth, None)


@pytest.mark.parametrize("need", [100_000.01, 1_000_000.01, 100_000_000.01])
def test_a_plan_is_not_the_best_because_what_lies_beside_a_better_one_is_broken(need: float) -> None:
    """Two of three fit; all three break the row by less than a library tells from rounding."""
    matrix = matrix_of([10.0] * 3, [[need] * 3], upper=3.0 * int(need))
    for name in ("cbc", "scip", "highs", "cpsat"):
        ended = make_solver(name).solve(matrix, ALONE, lambda _: None, np.array([1.0, 0.0, 0.0])).termination
        assert ended.bound is None or ended.bound >= 20.0 - 1e-6, name
