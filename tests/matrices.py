"""Models made by hand, random ones and a hard one, and the optimum of a small one by trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.sparse import csr_array

from planner.solvers.protocol import Matrix

INF = np.inf


def matrix_of(
    worth: ArrayLike,
    rows: ArrayLike | csr_array,
    lower: ArrayLike = -INF,
    upper: ArrayLike = INF,
    *,
    least: ArrayLike = 0.0,
    most: ArrayLike = 1.0,
    whole: ArrayLike = True,
    offset: float = 0.0,
) -> Matrix:
    """Rows with their two sides; columns that are at least and at most so much, and whole or not. One value stands for all."""
    objective = np.array(worth, dtype=float)
    columns = objective.size
    table = rows if isinstance(rows, csr_array) else csr_array(np.asarray(rows, dtype=float).reshape(-1, columns))
    low, high = (np.full(table.shape[0], side, dtype=float) for side in (lower, upper))
    floor, ceiling = (np.full(columns, bound, dtype=float) for bound in (least, most))
    return Matrix(objective, offset, table, low, high, floor, ceiling, np.full(columns, whole, dtype=bool))


def small() -> Matrix:
    """Take one of three; the second is the best: 5."""
    return matrix_of([3, 5, 4], [[1, 1, 1]], upper=1)


def random_mixed(seed: int, binaries: int = 6, continuous: int = 3, decimals: int = 2) -> Matrix:
    """A feasible mixed model with ranged, free-sided and dense rows."""
    draw = np.random.default_rng(seed)
    n, m = binaries + continuous, 5
    rows = np.round(np.where(draw.random((m, n)) < 0.6, draw.uniform(-5, 10, (m, n)), 0.0), decimals)
    inside = np.concatenate([draw.integers(0, 2, binaries), draw.uniform(-1, 5, continuous)])
    activity = rows @ inside
    lower = np.where(draw.random(m) < 0.4, activity - draw.uniform(0, 5, m), -INF)
    worth = np.round(draw.uniform(-10, 20, n), decimals)
    upper = activity + draw.uniform(0, 3, m)
    whole = np.arange(n) < binaries
    return matrix_of(
        worth, rows, lower, upper, least=np.where(whole, 0.0, -2.0), most=np.where(whole, 1.0, 8.0), whole=whole, offset=3.5
    )


def hard(firms: int = 60, parks: int = 8, seed: int = 0) -> Matrix:
    """Firms to parks with three knapsacks each: nobody proves it within seconds."""
    draw = np.random.default_rng(seed)
    n = firms * parks
    firm, park = np.repeat(np.arange(firms), parks), np.tile(np.arange(parks), firms)
    need = draw.uniform(5, 100, (firms, 3)).round(1)
    rows = [csr_array((np.ones(n), (firm, np.arange(n))), shape=(firms, n))]
    rows += [csr_array((need[firm, kind], (park, np.arange(n))), shape=(parks, n)) for kind in range(3)]
    room = [(need[:, kind].sum() / parks * draw.uniform(0.3, 0.6, parks)).round(1) for kind in range(3)]
    score = (draw.uniform(1, 100, (firms, 1)) * draw.uniform(0.7, 1.3, (firms, parks))).round(3).ravel()
    return matrix_of(score, np.vstack([row.toarray() for row in rows]), upper=np.concatenate([np.ones(firms), *room]))


def brute_force(matrix: Matrix) -> float | None:
    """The optimum by trying every 0-1 vector, with a linear programme for the rest; None when there is no plan."""
    whole, table = matrix.integer, matrix.rows.toarray()
    best: float | None = None
    for choice in product((0.0, 1.0), repeat=int(whole.sum())):
        done = table[:, whole] @ np.array(choice)
        above, below = np.isfinite(matrix.row_upper), np.isfinite(matrix.row_lower)
        rest = linprog(
            -matrix.objective[~whole],
            A_ub=np.vstack([table[:, ~whole][above], -table[:, ~whole][below]]),
            b_ub=np.concatenate([(matrix.row_upper - done)[above], -(matrix.row_lower - done)[below]]),
            bounds=np.column_stack([matrix.lower[~whole], matrix.upper[~whole]]),
        )
        if rest.status == 0:
            value = float(matrix.objective[whole] @ np.array(choice) - rest.fun) + matrix.offset
            best = value if best is None else max(best, value)
    return best
