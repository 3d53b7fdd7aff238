r"""A search held against exact data: the model made ready first, and plans that break it excluded until none is left.

A library takes a plan that breaks a row by less than its tolerance, and says that it is optimal. Then the row is written once
more so that no tolerance hides it, and the search goes on. Say the whole columns of the point make the activity of the row too
large whatever the continuous ones do. In every plan one of them has to move the other way: with P those of positive
coefficient that are 1, and N those of negative coefficient that are 0,

.. math:: \sum_{j\in P} x_j - \sum_{j\in N} x_j \le |P| - 1 .

Its coefficients are 1, whatever the size of the numbers in the row. Bounds and infeasibility stay valid: no plan is lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.solvers.check import Claim, conclude
from planner.solvers.prepare import prepare
from planner.solvers.protocol import Floats, Limits, Listener, Matrix, Solution, Termination
from planner.tolerances import rounding

Search = Callable[[Matrix, Limits, Listener, Floats | None], Solution]
"""A search for plans of a model, from a start or from none."""
ROUNDS = 30
"""How many claimed plans that break the model are excluded, one after the other, before the search ends with what it has."""


def exactly(
    search: Search, matrix: Matrix, limits: Limits, listen: Listener, start: Floats | None, over: Callable[[], bool]
) -> Solution:
    """What ``search`` finds, as a solution of ``matrix`` by exact data. ``over`` tells that nobody waits any more."""
    began = time.monotonic()
    ready = prepare(matrix)
    model, begin = ready.matrix, ready.inward(start)
    found = Solution(None, Termination("failed", None, None, 0.0, ""))
    for _ in range(ROUNDS):
        left = replace(limits, time_limit=max(limits.time_limit - (time.monotonic() - began), 0.1))
        found = search(model, left, lambda told: listen(replace(told, values=ready.outward(told.values))), begin)
        if found.rejected is None or _spent(found.termination, left) or over():
            break
        without = excluded(model, found.rejected)
        if without is None:
            break
        model, begin = without, found.values
    ended = found.termination
    claim = Claim(ended.reason, ready.outward(found.values), ended.bound, ended.detail, ended.work)
    return conclude(matrix, limits, ended.solver, claim, time.monotonic() - began, start)


def _spent(ended: Termination, limits: Limits) -> bool:
    """Nothing is to be had by another search: this one has proved its plan, or used what it was given."""
    counted = limits.work is not None and (ended.work or 0) >= limits.work
    return ended.reason in ("optimal", "interrupted") or ended.seconds >= limits.time_limit or counted


def excluded(matrix: Matrix, values: Floats) -> Matrix | None:
    """The model with such a row for each row that the whole columns of ``values`` break; None when there is none."""
    choice = matrix.integer & (matrix.lower >= 0.0) & (matrix.upper <= 1.0)
    point = np.where(matrix.integer, np.rint(values), 0.0)
    if (matrix.integer & ~choice).any() or not np.isfinite(point).all():
        return None
    rows = matrix.rows
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    whole = matrix.integer[rows.indices]
    made: list[csr_array] = []
    sides: list[float] = []
    for sign, side in ((1.0, matrix.row_upper), (-1.0, matrix.row_lower)):
        value = sign * rows.data
        at = np.where(value > 0.0, matrix.lower[rows.indices], matrix.upper[rows.indices])
        term = value * np.where(whole, point[rows.indices], at)
        least = np.bincount(row, term, len(side))
        size = np.maximum(np.bincount(row, np.abs(term), len(side)), np.where(np.isfinite(side), np.abs(side), 0.0))
        broken = np.isfinite(least) & (least - sign * side > rounding(size))
        for number in np.flatnonzero(broken).tolist():
            mine = np.flatnonzero((row == number) & whole)
            column, rises, taken = rows.indices[mine], value[mine] > 0.0, point[rows.indices[mine]] > 0.5
            holds = np.flatnonzero(rises == taken)
            entries = np.where(rises[holds], 1.0, -1.0)
            shape = (1, rows.shape[1])
            made.append(csr_array((entries, (np.zeros(len(holds), dtype=int), column[holds])), shape=shape))
            sides.append(float((entries > 0).sum()) - 1.0)
    if not made:
        return None
    none = np.full(len(made), -np.inf)
    periods = matrix.periods
    return replace(
        matrix,
        rows=csr_array(vstack([rows, *made], format="csr")),
        row_lower=np.concatenate([matrix.row_lower, none]),
        row_upper=np.concatenate([matrix.row_upper, sides]),
        periods=None if periods is None else replace(periods, row=np.append(periods.row, np.full(len(made), -1))),
        row_names=(),
    )
