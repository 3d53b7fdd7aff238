r"""What the loose columns of each row bring at the best, as a function of what everything else takes from the row.

A shortage, a slack of a soft rule, or what stands in one row only, adapts to a plan by itself. Of a row
:math:`l \le a + \sum_j v_j y_j \le u` with :math:`p_j \le y_j \le q_j` continuous the most that they bring is concave in :math:`a`, the least of a few lines:

.. math:: f(a) = \min_\lambda\; \lambda\,s_\lambda - \lambda a + \sum_j \max_{p_j \le y_j \le q_j} (c_j - \lambda v_j)\,y_j,
          \qquad s_\lambda = u \text{ for } \lambda > 0,\; l \text{ for } \lambda < 0,

over :math:`\lambda \in \{0\} \cup \{c_j / v_j\}` (duality of a linear programme with one row). A whole column between 0 and 1 that is alone in its row is a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from planner.solvers.groups import rank
from planner.solvers.protocol import Bools, Floats, Ints, Matrix

MOST = 4
"""Loose columns of one row that adapt; further ones are held."""
ROOM = 1e-9
"""Relative; what rounding may take of a row's room."""
EQUAL = 1e-12
"""Relative difference up to which what one column brings for each unit is the same as of another."""


@dataclass(frozen=True, eq=False)
class Loose:
    """Rows and what they are worth; all of shape (m,) but the lines, (k, m)."""

    constant: Floats
    slope: Floats
    """Of each line; inf and 0 where a row has fewer."""
    low: Floats
    high: Floats
    """How far what everything else takes may go."""
    served: Bools
    """Rows that have a column that adapts."""
    step: Floats
    step_low: Floats
    step_high: Floats
    """What is worth so much more between two sides; 0: there is no step."""
    whole: Ints
    """The column that makes the step; −1: there is none."""
    given: Floats
    """What held columns take."""

    def at(self, rows: Ints, activity: Floats) -> Floats:
        """What these rows are worth when so much is taken from each, broken or not."""
        worth = np.zeros(len(rows))
        some = np.flatnonzero(self.served[rows])
        row, taken = rows[some], activity[some]
        least = self.constant[0, row] + self.slope[0, row] * taken
        for constant, slope in zip(self.constant[1:], self.slope[1:], strict=True):
            np.minimum(least, constant[row] + slope[row] * taken, out=least)
        steps = (taken >= self.step_low[row]) & (taken <= self.step_high[row])
        worth[some] += least + np.where(steps, self.step[row], 0.0)
        return worth

    def broken(self, rows: Ints, activity: Floats) -> Bools:
        """Whether that is too much or too little for them."""
        return (activity < self.low[rows]) | (activity > self.high[rows])


def worth_of_rows(matrix: Matrix, moved: Bools, plan: Floats) -> Loose:
    """Of all rows, where ``moved`` columns are what takes from them and the others are as in ``plan``, as far as they do not adapt."""
    columns = csc_array(matrix.rows)
    single = (np.diff(columns.indptr) == 1) & ~moved
    lone = np.flatnonzero(single)
    row, value = columns.indices[columns.indptr[lone]].astype(np.int64), columns.data[columns.indptr[lone]]
    order = np.argsort(row, kind="stable")
    lone, row, value = lone[order], row[order], value[order]
    count, size = np.bincount(row, minlength=matrix.rows.shape[0]), matrix.rows.shape[0]
    whole = matrix.integer[lone]
    steps = whole & (count[row] == 1) & (matrix.lower[lone] == 0.0) & (matrix.upper[lone] == 1.0)
    adapts = ~whole & (rank(row) < MOST)
    taken = np.zeros(len(plan), dtype=bool)
    taken[lone[adapts | steps]] = True
    given = matrix.rows @ np.where(moved | taken, 0.0, plan)
    lower, upper = matrix.row_lower - given, matrix.row_upper - given
    constant, slope, low, high = _lines(matrix, lone[adapts], row[adapts], value[adapts], lower, upper)
    at, column, change = row[steps], lone[steps], value[steps]
    worth = matrix.objective[column]
    step, step_low, step_high, by = np.zeros(size), np.full(size, np.inf), np.full(size, -np.inf), np.full(size, -1)
    # Taken for what it brings, where that is allowed; or left where it costs something, and nothing asks for it.
    pays = worth > 0.0
    step[at], by[at] = np.abs(worth), column
    step_low[at] = np.where(pays, lower[at] - change, lower[at])
    step_high[at] = np.where(pays, upper[at] - change, upper[at])
    constant[0, at] = np.minimum(worth, 0.0)
    low[at], high[at] = lower[at] - np.maximum(change, 0.0), upper[at] - np.minimum(change, 0.0)
    served = np.zeros(size, dtype=bool)
    served[row[adapts | steps]] = True
    room_low, room_high = (ROOM * np.maximum(1.0, np.abs(np.where(np.isfinite(side), side, 0.0))) for side in (low, high))
    return Loose(
        constant, slope, low - room_low, high + room_high, served, step, step_low - room_low, step_high + room_high, by, given
    )


def _lines(
    matrix: Matrix, column: Ints, row: Ints, value: Floats, lower: Floats, upper: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """(constants and slopes of the lines, least and most that else may be taken) of each row."""
    place, size = rank(row), len(lower)
    most = int(place.max(initial=-1)) + 1
    table = np.zeros((5, most, size))
    table[:, place, row] = np.stack(
        [value, matrix.objective[column], matrix.lower[column], matrix.upper[column], np.ones(len(row))]
    )
    values, brings, least, greatest, there = table
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(there > 0.0, brings / values, 0.0)
        ends = np.stack([np.where(there > 0.0, values * least, 0.0), np.where(there > 0.0, values * greatest, 0.0)])
    constant, slope = np.full((most + 1, size), np.inf), np.zeros((most + 1, size))
    for number, rate in enumerate([np.zeros(size), *ratio]):
        with np.errstate(invalid="ignore"):
            left = brings - rate * values
            left[np.abs(left) <= EQUAL * np.abs(brings)] = 0.0
            best = np.where(left > 0.0, left * greatest, np.where(left < 0.0, left * least, 0.0)).sum(axis=0)
            side = np.where(rate > 0.0, upper, np.where(rate < 0.0, lower, 0.0))
            line = best + rate * side
        known = np.isfinite(line)
        constant[number, known], slope[number, known] = line[known], -rate[known]
    return constant, slope, lower - ends.max(axis=0).sum(axis=0), upper - ends.min(axis=0).sum(axis=0)


def settled(matrix: Matrix, loose: Loose, point: Floats) -> Floats:
    """``point`` with whole columns that are steps as they bring most; continuous ones are left as they are."""
    at = np.flatnonzero(loose.whole >= 0)
    out = point.copy()
    out[loose.whole[at]] = 0.0
    activity = (matrix.rows @ out - loose.given)[at]
    inside = (activity >= loose.step_low[at]) & (activity <= loose.step_high[at])
    pays = matrix.objective[loose.whole[at]] > 0.0
    out[loose.whole[at]] = np.where(pays, inside, ~inside)
    return out
