"""Bounds from row duals, and the best duals of rows that one block owns."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.duals import Own, Priced, completed, worth
from planner.solvers.bounds.linear import Linear, periods_matter
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Floats, Matrix
from tests.matrices import INF, matrix_of
from tests.racing import QUICK, quiet
from tests.relaxations import CHOSEN, KINDS, SEEDS, WHOLE, city, relaxation
from tests.sweep import sweep


@pytest.mark.slow
def test_the_random_cities_hold_what_is_hard() -> None:
    """Must-include rows, columns without end, timed choices, families of variants."""
    found = set()
    for seed in SEEDS:
        matrix, block = city(seed, WHOLE)
        own = Own.of(matrix, block)
        found |= {"must"} if own.must.any() else set()
        found |= {"endless"} if np.isinf(matrix.upper).any() else set()
        found |= {"timed"} if ((own.side == 0) & (block >= 0)).any() else set()
        found |= {"variants"} if ((own.cap < 0) & (own.tie >= 0)).any() else set()
        found |= {"placed"} if (own.tie >= 0).any() else set()
        assert np.isfinite(relaxation(seed, WHOLE))
    assert found == {"must", "endless", "timed", "variants", "placed"}


@pytest.mark.slow
@given(st.sampled_from(SEEDS), st.sampled_from(KINDS), st.integers(0, 10**6), st.sampled_from([1e-3, 1.0, 1e3, 1e9]))
def test_no_duals_prove_less_than_the_optimum(seed: int, kind: str, dice: int, size: float) -> None:
    matrix, block = city(seed, kind)
    random = np.random.default_rng(dice)
    duals = random.standard_normal(len(matrix.row_lower)) ** 3 * size * np.abs(matrix.objective).max()
    best = relaxation(seed, kind)
    priced, own = Priced.of(matrix), Own.of(matrix, block)
    bound = priced.bound(duals)
    better = priced.bound(completed(priced, own, duals))
    assert bound == Priced.of(matrix).bound(duals)
    assert bound >= best - 1e-9 * abs(best)
    assert better >= best - 1e-9 * abs(best)
    # What blocks own is at least as good when completed, but for columns without end, whose duals are shrunk first.
    assert better <= bound * (1 + 1e-9) + 1e-6


small = st.integers(-4, 4).map(float)
side = st.sampled_from([-INF, -3.0, 0.0, 1.0, 2.0, INF])


@pytest.mark.parametrize("examples", sweep([30, 300], 1))
def test_bounds_hold_for_programmes_of_any_kind(examples: int) -> None:
    settings(max_examples=examples)(given(st.data())(bounds_hold))()


def bounds_hold(data: st.DataObject) -> None:
    """Infinite sides, infinite bounds on either side, equations, empty rows: never below the optimum, whatever the duals."""
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))

    def numbers(of: st.SearchStrategy[float], count: int) -> list[float]:
        return data.draw(st.lists(of, min_size=count, max_size=count))

    def interval(count: int) -> tuple[Floats, Floats]:
        one, other = np.array(numbers(side, count)), np.array(numbers(side, count))
        lower, upper = np.minimum(one, other), np.maximum(one, other)
        return np.where(np.isposinf(lower), -INF, lower), np.where(np.isneginf(upper), INF, upper)

    table, costs, sides = numbers(small, n * m), numbers(small, n), interval(m)
    least, most = interval(n)
    matrix = matrix_of(costs, table, *sides, least=least, most=most, whole=False, offset=1.5)
    duals = np.array(numbers(st.sampled_from([-2.0, -1 / 3, 0.0, 0.1, 1.0, 5.0]), m))
    best = relaxation_bound(matrix, 60)
    if best is None:
        return
    for tried in (duals, 0 * duals, completed(Priced.of(matrix), Own.of(matrix, np.zeros(n, dtype=np.int64)), duals)):
        assert Priced.of(matrix).bound(tried) >= best - 1e-7


def test_the_best_duals_prove_the_optimum_and_no_less_in_any_unit() -> None:
    """max 3a + 2b with a + b ≤ 1.5: 4, proved by the dual 2 of the row."""
    matrix = matrix_of([3, 2], [[1, 1]], upper=1.5, whole=False)
    assert Priced.of(matrix).bound(np.array([2.0])) == pytest.approx(4.0, rel=1e-12)
    assert Priced.of(matrix).bound(np.array([2.0])) >= 4.0
    large = replace(matrix, objective=matrix.objective * 1e12, offset=7e13)
    assert Priced.of(large).bound(np.array([2e12])) == pytest.approx(7.4e13, rel=1e-12)
    # The lower side is infinite, so a negative dual says nothing: 3 + 2.
    assert Priced.of(matrix).bound(np.array([-2.0])) == pytest.approx(5.0)


def exactly(matrix: Matrix, duals: Floats) -> Fraction | None:
    """The bound of weak duality in fractions, without rounding; None when a column without end gains."""
    total = Fraction(matrix.offset)
    for row, dual in enumerate(duals.tolist()):
        if dual:
            total += Fraction(dual) * Fraction(float(matrix.row_upper[row] if dual > 0 else matrix.row_lower[row]))
    table = matrix.rows.toarray()
    for column, cost in enumerate(matrix.objective.tolist()):
        rate = Fraction(cost) - sum(
            (Fraction(a) * Fraction(y) for a, y in zip(table[:, column].tolist(), duals.tolist(), strict=True)), Fraction(0)
        )
        end = float(matrix.upper[column] if rate > 0 else matrix.lower[column])
        if rate and np.isinf(end):
            return None
        total += rate * Fraction(end) if rate else 0
    return total


@given(st.integers(0, 10**6), st.booleans())
def test_rounding_never_takes_a_bound_below_its_exact_value(dice: int, endless: bool) -> None:
    """Objectives that are the prices of their columns but for rounding, so that all rates are noise; columns up to 1e6, or
    without end. The last column ties the rows together and loses, so that they imply no ends."""
    random = np.random.default_rng(dice)
    table = np.hstack([random.random((5, 7)), np.full((5, 1), -1.0)])
    duals = random.random(5)
    worth, most = np.append((duals @ table)[:-1], -9.0), [INF if endless else 1e6] * 7 + [INF]
    matrix = matrix_of(worth, table, upper=0.1, most=most, whole=False)
    exact = exactly(matrix, Priced.of(matrix).proper(duals))
    bound = Priced.of(matrix).bound(duals)
    assert bound == INF if exact is None else bound >= exact
    assert endless or bound < 0.1 * duals.sum() + 1e-6


def test_a_column_without_end_takes_its_bound_from_its_rows() -> None:
    """A slack v at price 2: a + v ≥ 3 with a ≤ 1. More than 3 is of no use, so a dual of −5 still proves something."""
    matrix = matrix_of([1, -2], [[1, 1]], lower=3, most=[1, INF], whole=False)
    assert relaxation_bound(matrix, 60) == pytest.approx(1 - 4)
    assert Priced.of(matrix).bound(np.array([-2.0])) == pytest.approx(-3)
    # The dual is shrunk to the price, beyond which the slack would run away: as good as the best one.
    assert Priced.of(matrix).bound(np.array([-5.0])) == pytest.approx(-3)


def test_unbounded_is_not_bounded() -> None:
    matrix = matrix_of([1, -1], [[1, -1]], lower=-3, most=INF, whole=False)
    assert Priced.of(matrix).bound(np.array([-0.5])) == INF
    assert Priced.of(matrix).bound(np.array([0.0])) == INF


# Rows of one block


@pytest.mark.parametrize("seed", sweep(SEEDS, 4))
def test_ties_and_caps_get_the_best_duals_there_are(seed: int) -> None:
    """With its shared rows priced into the objective, what is left of a model is solved by the completion itself."""
    matrix, block = city(seed, CHOSEN)
    priced, own = Priced.of(matrix), Own.of(matrix, block)
    known = np.zeros(len(own.row), dtype=bool)
    known[own.tie[own.tie >= 0]] = known[own.cap[own.cap >= 0]] = True
    random = np.random.default_rng(seed)
    duals = np.where(own.row >= 0, 0.0, random.standard_normal(len(own.row)) * np.abs(matrix.objective).mean())
    duals = priced.proper(duals)
    sides = np.where(duals > 0, matrix.row_upper, matrix.row_lower)
    left = replace(
        matrix,
        objective=priced.reduced(duals),
        offset=matrix.offset + float(duals[duals != 0] @ sides[duals != 0]),
        rows=csr_array(matrix.rows[known]),
        row_lower=matrix.row_lower[known],
        row_upper=matrix.row_upper[known],
        lower=priced.lower,
        upper=priced.upper,
        periods=None,
    )
    best = relaxation_bound(left, 60)
    assert known.any()
    assert priced.bound(completed(priced, own, duals)) == pytest.approx(best, rel=1e-7, abs=1e-7)


def test_the_profit_of_a_block_is_its_best_placement_and_its_coming() -> None:
    """Columns y₁ y₂ (placements), s (comes), x (elsewhere, timed); rows: tie, cap, and one that is shared with w."""
    rows = [[1, 1, -1, 0, 0], [1, 1, 0, 1, 0], [1, 3, 0, 2, 1]]
    matrix = matrix_of([4, 6, 2, 5, 1], rows, lower=[0, -INF, -INF], upper=[0, 1, 2], whole=False)
    own = Own.of(matrix, np.array([0, 0, 0, 0, -1]))
    assert own.row.tolist() == [0, 0, -1]
    priced = Priced.of(matrix)
    duals = np.array([9.0, 9.0, 1.5])
    # Rates at the shared price: y₁ 2.5, y₂ 1.5, s 2, x 2, w −0.5.
    found = worth(priced, own, duals)
    assert found.column.tolist() == [4.5, 3.5, 4.5, 2.0, -0.5]
    assert found.profit.tolist() == [4.5]
    # Price of the shared row 1.5 · 2, and the profit.
    full = completed(priced, own, duals)
    assert full.tolist() == [-2.0, 4.5, 1.5]
    assert priced.bound(full) == pytest.approx(7.5)


def test_what_must_be_taken_may_cost() -> None:
    """Both placements lose; one of them must be taken."""
    matrix = matrix_of([-4, -1, -2], [[1, 1, -1], [1, 1, 0]], lower=[0, 1], upper=[0, 1], whole=False)
    priced, own = Priced.of(matrix), Own.of(matrix, np.zeros(3, dtype=np.int64))
    assert own.must.tolist() == [True]
    assert priced.bound(completed(priced, own, np.zeros(2))) == pytest.approx(-3)


def test_given_duals_stay_where_they_are_the_best_known() -> None:
    """No cap: y₁ 4, y₂ 3, s₁ −1, s₂ −2. Both pairs come, for 4, and a price between 2 and 3 of the tie says so."""
    matrix = matrix_of([4, 3, -1, -2], [[1, 1, -1, -1]], lower=0, upper=0, whole=False)
    priced, own = Priced.of(matrix), Own.of(matrix, np.zeros(4, dtype=np.int64))
    assert completed(priced, own, np.array([2.5])).tolist() == [2.5]
    assert priced.bound(np.array([2.5])) == pytest.approx(4)
    assert priced.bound(completed(priced, own, np.array([100.0]))) == pytest.approx(5)


def test_the_linear_relaxation_is_a_bound_by_its_duals() -> None:
    """Of each two one may be taken. A half of all three is worth 6; the best plan takes the second: 5."""
    matrix = matrix_of([3, 5, 4], [[1, 1, 0], [0, 1, 1], [1, 0, 1]], upper=1)
    ended = Linear().solve(matrix, QUICK, quiet).termination
    assert ended.bound == pytest.approx(6.0)
    assert Highs().solve(matrix, QUICK, quiet).termination.value == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("with_them", "without", "matter"),
    [(1.0, 1.03, True), (1.0, 1.01, False), (-1.0, -0.97, True), (None, 2.0, False), (1.0, None, False)],
)
def test_periods_matter_where_the_relaxation_without_them_is_far_above(
    with_them: float | None, without: float | None, matter: bool
) -> None:
    assert periods_matter(with_them, without) is matter
