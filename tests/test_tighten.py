"""Tighter rows and bounds leave every whole solution where it was, and cut off what is not one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.sparse import csr_array

from planner.solvers.check import fault
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Matrix
from planner.solvers.tighten import tightened

INF = np.inf


def model(
    rows: list[list[float]],
    lower: list[float],
    upper: list[float],
    most: list[float],
    objective: list[float] | None = None,
    whole: list[bool] | None = None,
) -> Matrix:
    """A programme over columns from 0 to ``most``."""
    count = len(most)
    return Matrix(
        objective=np.array(objective or [1.0] * count),
        offset=0.0,
        rows=csr_array(np.array(rows, dtype=float)),
        row_lower=np.array(lower, dtype=float),
        row_upper=np.array(upper, dtype=float),
        lower=np.zeros(count),
        upper=np.array(most, dtype=float),
        integer=np.array(whole or [True] * count),
    )


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
    return model([list(map(float, row)) for row in entries], lower, upper, most, whole=whole)


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
    tight = tightened(model([[7, 0], [0, 7]], [-INF, -INF], [5, 9], [1, 1]))
    assert tight.upper.tolist() == [0.0, 1.0]


def test_a_source_counts_as_no_more_than_what_is_asked_for() -> None:
    """Two sources are asked for by a backup b: 5 x + 1 y ≥ 2 b, so that x alone is worth both and no more."""
    tight = tightened(model([[5, 1, -2]], [0], [INF], [1, 1, 1], objective=[-3, -1, 2]))
    assert tight.rows.toarray().tolist() == [[2.0, 1.0, -2.0]]
    assert tight.row_lower.tolist() == [0.0]


def test_a_park_with_one_firm_too_many_admits_all_but_one_of_the_large() -> None:
    """4 + 4 + 1 into 8: not both of the large ones and the small one; the small one alone decides as much as a large one."""
    tight = tightened(model([[4, 4, 1]], [-INF], [8], [1, 1, 1]))
    assert tight.rows.toarray().tolist() == [[1.0, 1.0, 1.0]]
    assert tight.row_upper.tolist() == [2.0]


def test_rows_with_two_sides_and_endless_columns_keep_their_coefficients() -> None:
    both = model([[4, 4, 1]], [1], [8], [1, 1, 1])
    endless = model([[4, 4, 1]], [-INF], [8], [1, 1, INF], whole=[True, True, False])
    for matrix in (both, endless):
        assert tightened(matrix) is matrix


def test_bounds_that_contradict_each_other_are_left_to_a_solver() -> None:
    """x ≥ 0.4 of a whole x that 3 x ≤ 2 keeps at 0."""
    matrix = model([[1.0], [3.0]], [0.4, -INF], [INF, 2.0], [1])
    assert tightened(matrix) is matrix
