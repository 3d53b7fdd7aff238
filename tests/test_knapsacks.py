"""Rows from knapsacks: true for every whole point, and all that a single row can give."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.cuts import CutParameters
from planner.solvers.bounds.knapsacks import KnapsackParameters, Strengthened, cut_off, knapsacks, strengthened
from planner.solvers.check import sound
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Solution, Stopping, StopSign, never
from tests.matrices import matrix_of


def points(matrix: Matrix) -> list[Floats]:
    """All whole points that the check of plans accepts."""
    every = (np.array(point, dtype=np.float64) for point in product((0.0, 1.0), repeat=len(matrix.objective)))
    return [point for point in every if sound(matrix, point) is not None]


def test_a_team_for_100_lands_one_of_two_firms_of_60() -> None:
    # The relaxation lands a firm and two thirds of the other: 1.67. The row that says so is x0 + x1 <= 1.
    team = matrix_of([1.0, 1.0], [[60.0, 60.0]], upper=100.0)
    assert relaxation_bound(team, 10.0) == pytest.approx(5 / 3)
    cut = cut_off(knapsacks(team)[0], np.array([1.0, 2 / 3]))
    assert cut is not None
    assert (cut.columns.tolist(), cut.coefficients.tolist(), cut.side) == ([0, 1], [1.0, 1.0], 1.0)


def test_firms_left_out_come_back_with_all_that_the_row_allows() -> None:
    # 5, 4 and 3 into 8: at (0.8, 1, 0) one of the first two has to go; the firm of 8, not chosen there, takes the place of both.
    park = matrix_of([1.0, 1.0, 1.0], [[5.0, 4.0, 8.0]], upper=8.0)
    cut = cut_off(knapsacks(park)[0], np.array([0.8, 1.0, 0.0]))
    assert cut is not None
    assert dict(zip(cut.columns.tolist(), cut.coefficients.tolist(), strict=True)) == {0: 1.0, 1: 1.0, 2: 1.0}
    assert cut.side == 1.0


def test_no_row_where_the_point_is_a_mixture_of_plans() -> None:
    park = matrix_of([1.0, 1.0, 1.0], [[5.0, 4.0, 3.0]], upper=8.0)
    between = (np.array([1.0, 0.0, 1.0]) + np.array([0.0, 1.0, 1.0])) / 2
    assert cut_off(knapsacks(park)[0], between) is None


def test_a_count_and_a_row_that_everything_fits_into_are_no_knapsacks() -> None:
    assert knapsacks(matrix_of([1.0, 1.0, 1.0], [[2.0, 2.0, 2.0], [1.0, 2.0, 3.0]], upper=[4.0, 6.0])) == []
    assert len(knapsacks(matrix_of([1.0, 1.0, 1.0], [[2.0, 2.0, 2.0]], upper=3.0))) == 1  # one of three, which the row does not say


numbers = st.integers(-9, 9)


@st.composite
def models(draw: st.DrawFn) -> Matrix:
    """One to three rows over up to seven columns, of either sign, with one or two sides; some columns fixed."""
    count, rows = draw(st.integers(2, 7)), draw(st.integers(1, 3))
    table = [[float(draw(numbers)) for _ in range(count)] for _ in range(rows)]
    upper = [float(draw(st.integers(0, 20))) for _ in range(rows)]
    lower = [side - draw(st.sampled_from((5.0, 11.0, np.inf))) for side in upper]
    worth = [float(draw(numbers)) for _ in range(count)]
    return matrix_of(worth, table, lower, upper, least=np.arange(count) == draw(st.integers(0, count)))


@given(models(), st.data())
def test_no_row_forbids_a_whole_point_of_the_row_it_comes_from(matrix: Matrix, data: st.DataObject) -> None:
    share = st.sampled_from((0.0, 0.2, 0.5, 2 / 3, 0.9, 1.0))
    point = np.array([data.draw(share) for _ in matrix.objective])
    for row in range(matrix.rows.shape[0]):
        alone = matrix.part(rows=np.array([row]))
        for cut in (cut_off(knapsack, point) for knapsack in knapsacks(alone)):
            if cut is not None:
                assert cut.coefficients @ point[cut.columns] > cut.side
                assert all(cut.coefficients @ whole[cut.columns] <= cut.side + 1e-9 for whole in points(alone))


@given(models())
def test_the_relaxation_with_rows_is_a_bound_still(matrix: Matrix) -> None:
    more = strengthened(matrix, None, 10.0)
    plans, bound = points(matrix), relaxation_bound(more, 10.0)
    assert bound is not None
    if plans:
        assert max(matrix.objective @ plan for plan in plans) <= bound + 1e-6
        assert all(sound(more, plan) is not None for plan in plans)
    before = relaxation_bound(matrix, 10.0)
    assert before is not None
    assert bound <= before + 1e-6


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=9), st.integers(5, 25))
def test_of_a_single_row_nothing_is_left(firms: list[tuple[int, int]], room: int) -> None:
    # The farthest row is found each time: so the relaxation comes to the best choice itself.
    park = matrix_of([float(worth) for _, worth in firms], [[float(size) for size, _ in firms]], upper=float(room))
    best = max(float(park.objective @ plan) for plan in points(park))
    exactly = KnapsackParameters(violated=1e-7, loop=CutParameters(last=1_000))
    assert relaxation_bound(strengthened(park, None, 10.0, parameters=exactly), 10.0) == pytest.approx(best, abs=1e-4)


def test_rows_that_close_little_are_left_out() -> None:
    team = matrix_of([1.0, 1.0], [[60.0, 60.0]], upper=100.0)
    assert strengthened(team, 1.0, 10.0).rows.shape[0] == 2  # all of 0.67 that is missing
    assert strengthened(team, -100.0, 10.0) is team
    assert strengthened(team, 1.0, 10.0, stop=lambda: True) is team
    assert strengthened(team, 1.0, -1.0) is team


def test_a_plan_that_lies_over_its_side_by_rounding_is_in_every_row() -> None:
    # Three thirds are more than the room by less than the check of plans minds: then no row may keep the third one out.
    third = 100.1 / 3
    point, plan = np.array([1.0, 1.0, 0.9]), np.array([1.0, 1.0, 1.0])
    for over, fits in ((1e-9, True), (1e-2, False)):
        park = matrix_of([1.0, 1.0, 1.0], [[third, third, third]], upper=3 * third - over)
        rows = knapsacks(park)
        assert (sound(park, plan) is not None) is fits
        assert any(cut_off(row, point) for row in rows) is not fits


def test_a_solver_gets_the_rows_and_begins_from_the_plan() -> None:
    seen: list[tuple[int, bool]] = []

    class Asked:
        name = "asked"

        def solve(
            self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
        ) -> Solution:
            seen.append((matrix.rows.shape[0], start is None))
            return Highs().solve(matrix, stopping, listen, start, stop)

    team, told = matrix_of([1.0, 1.0], [[60.0, 60.0]], upper=100.0), list[Progress]()
    for plan in (np.array([1.0, 0.0]), None):
        found = Strengthened(Asked()).solve(team, Stopping(60.0, 0.0, 1, 1), told.append, plan)
        assert (found.termination.reason, found.termination.value) == ("optimal", 1.0)
    assert seen == [(2, False), (2, True)]
    assert any(progress.bound is not None for progress in told)
