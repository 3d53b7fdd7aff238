"""Rows by mixed-integer rounding: no plan is ever cut off, and of a link that whole firms fill the relaxation is told so."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.cuts import Closed, CutParameters, closed
from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.mixed import mixed_rows, separated
from planner.solvers.bounds.rounded import Rounded, rounded
from planner.solvers.bounds.sifting import Sieve
from planner.solvers.check import sound
from planner.solvers.lp import relaxation_bound, row_duals
from planner.solvers.protocol import Floats, Matrix, never
from planner.solvers.tighten import tightened
from tests.matrices import INF, matrix_of
from tests.relaxations import CHOSEN, SEEDS, city
from tests.solving import EXACT
from tests.sweep import sweep


def found(matrix: Matrix, parameters: CutParameters = CutParameters()) -> Closed:  # noqa: B008  frozen
    rows = mixed_rows(matrix)
    return closed(matrix, lambda point: separated(rows, point), 10.0, parameters=parameters)


def best_value(matrix: Matrix) -> float | None:
    """Of all plans; None: there are none."""
    return Highs().solve(matrix, EXACT, lambda _: None).termination.value


THREE_OF_FOUR = [True, True, True, False]
"""Firms come whole; what is short or bought does not."""


def link_of(wanted: float) -> Matrix:
    """Three firms that bring two each; so many are wanted, and the last column is what is short."""
    return matrix_of([-1, -1, -1, -2], [[2, 2, 2, 1]], lower=wanted, most=[1, 1, 1, 5], whole=THREE_OF_FOUR)


def test_a_link_that_lacks_two_and_a_half_firms_is_short_of_one_or_has_three() -> None:
    link = link_of(5.0)
    assert relaxation_bound(link, 10.0) == pytest.approx(-2.5)  # two and a half firms
    (cut,) = separated(mixed_rows(link), np.array([1.0, 1.0, 0.5, 0.0]))
    # Without the third firm the other two leave one short: x3 + short >= 1.
    assert cut.columns.tolist() == [2, 3]
    assert (-cut.coefficients).tolist() == pytest.approx([1.0, 1.0])
    assert cut.side == pytest.approx(-1.0)
    tight = found(link)
    assert (tight.course[0], tight.course[-1]) == pytest.approx((-2.5, -3.0))
    duals = row_duals(tight.matrix)
    assert duals is not None
    assert Priced.of(tight.matrix).bound(duals) == pytest.approx(-3.0)


def test_where_the_whole_firms_fill_it_exactly_nothing_is_said() -> None:
    link, even = link_of(5.0), link_of(4.0)
    assert list(separated(mixed_rows(link), np.array([1.0, 1.0, 0.0, 1.0]))) == []
    assert list(separated(mixed_rows(link), np.array([1.0, 1.0, 1.0, 0.0]))) == []
    assert found(even).matrix is even


def test_one_whole_column_alone_and_a_row_without_bounds_are_not_looked_at() -> None:
    assert mixed_rows(matrix_of([0, 0], [[2, 1]], lower=3, most=[1, 5], whole=[True, False])) == []
    free = matrix_of([0, 0, 0], [[2, 2, 1]], lower=3, least=[0, 0, -INF], most=[1, 1, INF], whole=[True, True, False])
    assert mixed_rows(free) == []


amounts = st.one_of(st.integers(-9, 9).map(float), st.floats(-9, 9).map(lambda value: round(value, 2)))


@st.composite
def rows(draw: st.DrawFn) -> tuple[Matrix, Floats]:
    """A row over whole columns and others, of either sign, with one or two sides; and a point within the bounds."""
    count = draw(st.integers(2, 6))
    whole = [True, True, *(draw(st.booleans()) for _ in range(count - 2))]
    lower = [float(draw(st.integers(-2, 1))) for _ in whole]
    upper = [low + draw(st.sampled_from((0.0, 1.0, 1.0, 2.0))) if own else low + draw(st.sampled_from((0.5, 3.0, INF)))
             for low, own in zip(lower, whole, strict=True)]  # fmt: skip
    coefficients = [draw(amounts) for _ in whole]
    share = np.array([draw(st.sampled_from((0.0, 0.25, 0.5, 0.8, 1.0))) for _ in whole])
    point = np.array(lower) + share * np.minimum(np.array(upper) - np.array(lower), 4.0)
    side = float(np.dot(coefficients, point))  # a point that fills the row, or lies outside of it
    upper_side = side - draw(st.sampled_from((0.0, 0.0, 0.3, 2.0)))
    lower_side = draw(st.sampled_from((-INF, upper_side, upper_side - 3.0)))
    worth = [draw(amounts) for _ in whole]
    return matrix_of(worth, [coefficients], lower_side, upper_side, least=lower, most=upper, whole=whole), point


def highest(matrix: Matrix, cut: Floats, whole: Floats) -> float | None:
    """The most that the cut comes to for solutions of the row with these whole columns; None: there are none."""
    row = np.asarray(matrix.rows.toarray())[0]
    free = ~matrix.integer
    held = float(row[~free] @ whole)
    if not free.any():
        return float(cut[~free] @ whole) if matrix.row_lower[0] - 1e-9 <= held <= matrix.row_upper[0] + 1e-9 else None
    sides = [(row[free], matrix.row_upper[0] - held), (-row[free], held - matrix.row_lower[0])]
    able = [(left, side) for left, side in sides if np.isfinite(side)]
    bounds = list(zip(matrix.lower[free], matrix.upper[free], strict=True))
    solved = linprog(-cut[free], np.array([left for left, _ in able]), [side for _, side in able], bounds=bounds)
    assert solved.status in (0, 2)  # a cut that rose for ever would be none
    return float(cut[~free] @ whole) - float(solved.fun) if solved.status == 0 else None


@given(rows())
def test_no_cut_forbids_a_solution_of_the_row_it_comes_from(case: tuple[Matrix, Floats]) -> None:
    matrix, point = case
    own = matrix.integer
    ranges = [np.arange(low, high + 0.5) for low, high in zip(matrix.lower[own], matrix.upper[own], strict=True)]
    for cut in separated(mixed_rows(matrix), point):
        assert cut.coefficients @ point[cut.columns] > cut.side
        full = np.zeros(len(point))
        full[cut.columns] = cut.coefficients
        most = [value for whole in product(*ranges) if (value := highest(matrix, full, np.array(whole))) is not None]
        assert max(most, default=-INF) <= cut.side + 1e-6 * (1.0 + float(np.abs(full).sum()))


def test_a_plan_that_lies_over_its_side_by_rounding_is_never_cut_off() -> None:
    # Firms of 2 into 3, and what is bought besides: two firms need one more. Less than that by what the check of plans does not mind is no less.
    park = matrix_of([1, 1, 1, 1], [[2, 2, 2, -1]], upper=3, most=[1, 1, 1, 5], whole=THREE_OF_FOUR)
    (cut,) = separated(mixed_rows(park), np.array([1.0, 0.5, 0.0, 0.0]))
    for less, fits in ((6e-9, True), (1e-2, False)):
        plan = np.array([1.0, 1.0, 0.0, 1.0 - less])
        assert (sound(park, plan) is not None) is fits
        assert bool(cut.coefficients @ plan[cut.columns] <= cut.side) is fits


@pytest.mark.parametrize("seed", sweep(SEEDS, 4))
def test_the_relaxation_with_rows_bounds_the_model_and_is_no_looser(seed: int) -> None:
    matrix, _ = city(seed, CHOSEN)
    plan, before = best_value(matrix), relaxation_bound(matrix, 10.0)
    tight = found(matrix)
    assert before is not None
    if plan is None:
        return
    duals = row_duals(tight.matrix)
    assert duals is not None
    proved = Priced.of(tight.matrix).bound(duals)
    assert plan - 1e-7 <= proved <= before + 1e-7
    assert proved == pytest.approx(tight.course[-1], abs=1e-6)


@pytest.mark.parametrize("seed", sweep(SEEDS, 4))
def test_sifted_or_as_it_is_the_rows_prove_a_bound(seed: int) -> None:
    matrix, block = city(seed, CHOSEN)
    matrix = tightened(matrix)
    plan, duals = best_value(matrix), row_duals(matrix)
    if plan is None or duals is None:
        return
    sifted = Sieve(matrix, block, 60.0, 1, 1, lambda _: None).run()
    assert sifted.duals is not None
    for begin, known in ((duals, None), (sifted.duals, sifted.columns)):
        begun = Rounded(matrix, begin, Priced.of(matrix).bound(begin))
        found_rows = rounded(begun, block, 60.0, 1, never, known=known)
        proved = Priced.of(found_rows.matrix).bound(found_rows.duals)
        assert proved >= plan - 1e-7
        assert proved == pytest.approx(found_rows.bound, abs=1e-6)
        assert found_rows.bound <= min(begun.bound, sifted.bound + 1e-6)


def test_nothing_is_looked_for_once_somebody_asks_to_stop() -> None:
    matrix, block = city(SEEDS[0], CHOSEN)
    duals = row_duals(matrix)
    assert duals is not None
    begun = Rounded(matrix, duals, Priced.of(matrix).bound(duals))
    assert rounded(begun, block, 10.0, 1, lambda: True) is begun
    assert rounded(begun, block, 0.0, 1, never) is begun
