"""Tighter rows and bounds leave every whole solution where it was, and cut off what is not one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from planner.solvers.check import fault
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Matrix
from planner.solvers.tighten import tightened
from tests.matrices import INF, matrix_of


@some.composite
def models(draw: some.DrawFn) -> Matrix:
    """Up to five columns, of which the last may be continuous, and up to four rows with small whole coefficients."""
    columns, rows = draw(some.integers(1, 5)), draw(some.integers(1, 4))
    entries = draw(some.lists(some.lists(some.integers(-6, 9), min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    sides = some.one_of(some.just(INF), some.integers(-6, 14))
    upper = draw(some.lists(sides, min_size=rows, max_size=rows))
    lower = draw(some.lists(sides.map(lambda side: -side), min_size=rows, max_size=rows))
    whole = [True] * (columns - 1) + [draw(some.booleans())]
    most = draw(some.lists(some.sampled_from([1.0, 1.0, 1.0, 2.0]), min_size=columns, max_size=columns))
    if not whole[-1] and draw(some.booleans()):
        most[-1] = INF
    return matrix_of([1.0] * columns, entries, lower, upper, most=most, whole=whole)


def points(matrix: Matrix) -> list[np.ndarray]:
    """Every whole point between the bounds; a continuous column in steps of a half, to 8 where it has no end."""
    ends = np.where(np.isfinite(matrix.upper), matrix.upper, 8.0)
    ways = [np.arange(0.0, end + 0.25, 1.0 if one else 0.5) for end, one in zip(ends, matrix.integer, strict=True)]
    return [np.array(point) for point in product(*ways)]


@given(models())
def test_every_whole_solution_stays_and_no_other_comes(matrix: Matrix) -> None:
    tight = tightened(matrix)
    for point in points(matrix):
        assert (fault(matrix, point) == "") == (fault(tight, point) == "")


@pytest.mark.slow
@given(models())
def test_the_relaxation_is_never_looser(matrix: Matrix) -> None:
    before, after = relaxation_bound(matrix, 5.0), relaxation_bound(tightened(matrix), 5.0)
    if before is not None and after is not None:
        assert after <= before + 1e-6


def test_a_firm_too_large_for_a_park_never_stands_in_it() -> None:
    """Parks of 5 and 9; the firm needs 7."""
    tight = tightened(matrix_of([1, 1], [[7, 0], [0, 7]], upper=[5, 9]))
    assert tight.upper.tolist() == [0.0, 1.0]


def test_a_source_counts_as_no_more_than_what_is_asked_for() -> None:
    """Two sources are asked for by a backup b: 5 x + 1 y ≥ 2 b, so that x alone is worth both and no more."""
    tight = tightened(matrix_of([-3, -1, 2], [[5, 1, -2]], lower=0))
    assert tight.rows.toarray().tolist() == [[2.0, 1.0, -2.0]]
    assert tight.row_lower.tolist() == [0.0]


def test_a_park_with_one_firm_too_many_admits_all_but_one_of_the_large() -> None:
    """4 + 4 + 1 into 8: not both of the large ones and the small one; the small one alone decides as much as a large one."""
    tight = tightened(matrix_of([1, 1, 1], [[4, 4, 1]], upper=8))
    assert tight.rows.toarray().tolist() == [[1.0, 1.0, 1.0]]
    assert tight.row_upper.tolist() == [2.0]


def test_rows_with_two_sides_and_endless_columns_keep_their_coefficients() -> None:
    both = matrix_of([1, 1, 1], [[4, 4, 1]], lower=1, upper=8)
    endless = matrix_of([1, 1, 1], [[4, 4, 1]], upper=8, most=[1, 1, INF], whole=[True, True, False])
    for matrix in (both, endless):
        assert tightened(matrix) is matrix


def test_bounds_that_contradict_each_other_are_left_to_a_solver() -> None:
    """x ≥ 0.4 of a whole x that 3 x ≤ 2 keeps at 0."""
    matrix = matrix_of([1], [[1], [3]], lower=[0.4, -INF], upper=[INF, 2.0])
    assert tightened(matrix) is matrix
