r"""A search held against exact data: the model made ready first, and plans that break it excluded until none is left.

A library takes a plan that breaks a row by less than its tolerance, and says that it is optimal. Then the row is written once
more so that no tolerance hides it, and the search goes on. Say the whole columns of the point make the activity of the row too
large whatever the continuous ones do. In every plan one of them has to move the other way: with P those of positive
coefficient that are 1, and N those of negative coefficient that are 0,

.. math:: \sum_{j\in P} x_j - \sum_{j\in N} x_j \le |P| - 1 .

Its coefficients are 1, whatever the size of the numbers in the row. Bounds and infeasibility stay valid: no plan is lost.

An optimum proved on an objective in which one price dwarfs all others is searched once more among the plans that are better:
there that price has nothing left to buy, and what the library could not see before has the size that it looks at.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.solvers.check import Claim, conclude, value_of
from planner.solvers.prepare import Prepared, prepare
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Search, Solution, Stopping, Termination
from planner.solvers.scaling import objective_unit
from planner.tolerances import rounding

ROUNDS = 30
"""How many searches there are at most: each excludes a claimed plan that breaks the model, or looks at finer numbers."""
FINER = 2.0**-7
"""Numbers are finer when the unit of the objective becomes smaller by this."""


def exactly(
    search: Search, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None, over: Callable[[], bool]
) -> Solution:
    """What ``search`` finds, as a solution of ``matrix`` by exact data. ``over`` tells that nobody waits any more.

    The search sees the programme from ``matrix.reference`` on, so that the gap at which a library stops is ours.
    """
    reference, began = matrix.reference, time.monotonic()
    matrix = model = replace(matrix, offset=matrix.offset - reference, reference=0.0)
    best, found = start, Solution(None, Termination("failed", None, None, 0.0, ""))

    def hear(progress: Progress) -> None:
        listen(_in_own_values(progress, reference))

    for _ in range(ROUNDS):
        ready, spent = prepare(model), time.monotonic() - began
        left = replace(stopping, time_limit=max(stopping.time_limit - spent, 0.1))
        found = _outward(search, ready, left, hear, best)
        ended = found.termination
        counted = left.work is not None and (ended.work or 0) >= left.work
        if over() or ended.reason == "interrupted" or ended.seconds >= left.time_limit or counted:
            break
        again = _again(matrix, model, ready, found)
        if again is None:
            break
        model, best = again, found.values
    ended = found.termination
    claim = Claim(ended.reason, found.values, ended.bound, ended.detail, ended.work)
    found = conclude(matrix, stopping, ended.solver, claim, time.monotonic() - began, start)
    return replace(found, termination=_in_own_values(found.termination, reference))


Told = TypeVar("Told", Progress, Termination)


def _in_own_values(told: Told, reference: float) -> Told:
    """Value and bound in the caller's values, the gap measured from the reference."""
    if reference == 0.0:
        return told
    value, bound = (None if number is None else number + reference for number in (told.value, told.bound))
    return replace(told, value=value, bound=bound, reference=reference)


def _outward(search: Search, ready: Prepared, stopping: Stopping, listen: Listener, start: Floats | None) -> Solution:
    """A search of the model made ready, told in the columns of the original."""
    found = search(
        ready.matrix, stopping, lambda told: listen(replace(told, values=ready.outward(told.values))), ready.inward(start)
    )
    return replace(found, values=ready.outward(found.values), rejected=ready.outward(found.rejected))


def _again(matrix: Matrix, model: Matrix, ready: Prepared, found: Solution) -> Matrix | None:
    """What is to be searched next: without a rejected plan, or in finer numbers; None when there is neither."""
    if found.termination.reason == "optimal" and found.values is not None:
        finer = narrowed(model, value_of(matrix, found.values))
        unit, wish = (objective_unit(model.objective) for model in (ready.matrix, prepare(finer).matrix))
        return finer if wish < FINER * unit else None
    return None if found.rejected is None else excluded(model, found.rejected)


def narrowed(matrix: Matrix, value: float) -> Matrix:
    """The model for plans above ``value``: in none of them may a column cost more than what all others can make up for.

    The price of a violation that no good plan pays then no longer sets the scale by which a library judges all that is decided.
    """
    worth, ends = matrix.objective, (matrix.lower, matrix.upper)
    with np.errstate(invalid="ignore"):
        most = np.maximum(*(np.where(worth == 0.0, 0.0, worth * end) for end in ends))
    total = float(most.sum()) + matrix.offset
    costs = ~matrix.integer & (worth < 0.0) & (matrix.lower == 0.0)
    if not np.isfinite(total) or not costs.any():
        return matrix
    room = max(total - value, 0.0) + 1e-9 * (float(np.abs(most).sum()) + abs(value))
    return replace(matrix, upper=np.where(costs, np.minimum(matrix.upper, room / np.where(costs, -worth, 1.0)), matrix.upper))


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
    return matrix.with_rows(csr_array(vstack(made)), np.full(len(made), -np.inf), np.array(sides))
