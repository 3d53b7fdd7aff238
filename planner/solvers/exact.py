r"""A search held against exact data: the model made ready first, and plans that break it excluded until none is left.

A library takes a plan that breaks a row by less than its tolerance, and says that it is optimal. Then the row is written once
more so that no tolerance hides it, and the search goes on. Say the whole columns of the point make the activity of the row too
large whatever the continuous ones do. In every plan one of them has to move the other way: with P those of positive
coefficient that are 1, and N those of negative coefficient that are 0,

.. math:: \sum_{j\in P} x_j - \sum_{j\in N} x_j \le |P| - 1 .

Its coefficients are 1, whatever the size of the numbers in the row. Bounds and infeasibility stay valid: no plan is lost.

An optimum proved on an objective in which one price dwarfs all others is searched once more among the plans that are better:
there that price has nothing left to buy, and what the library could not see before has the size that it looks at.

**Made ready.** Solvers have absolute tolerances, and a number that can never matter spoils them for those that do: the subsidy of a
project that no budget could pay, the output of a firm that fills its link a million times over, the price of a violation that
cannot happen. So, before any solver sees a model, with every row read as B x ≤ b and ``least``, ``most`` what its other columns
come to:

* **misfits**: a whole column with :math:`B_{ij} > b_i - \text{least}` breaks the row alone; it is fixed at 0;
* **clipped coefficients**: a 0-1 column with :math:`B_{ij} < 0` settles its row when it is 1; what is more than enough,
  :math:`|B_{ij}| > \text{most} - b_i`, is cut to that, and a misfit's coefficient to the room that is left;
* **needed slack**: a column that stands in one row and costs something is never above what that row can lack, which is 0 where
  the row cannot be broken (two of opposite sign in one row are never both above 0);
* **columns in no row** stand at the better of their bounds, where that is finite: nobody who takes rows as the way from one column to
  another ever comes to them (a plan that was built lacked a quarter of its value so, and parts of it never won it back);
* **columns of one size**: a continuous column is measured by a power of two near its range.

No whole solution is lost and none is gained; of the continuous parts at least one optimum is kept. The linear relaxation
becomes tighter. Rows, columns and their order stay, so that a plan is carried over by one factor for each column.

A solver of whole numbers needs **finite bounds** besides. An upper bound of x_j follows from rows with :math:`B_{ij} > 0`,
:math:`x_j \le (b_i - \text{least}_i) / B_{ij}`; and when nobody gains by raising it (:math:`c_j \le 0`), it need not be above the
value at which each row that wants it high holds whatever the others do: :math:`x_j \le \max_i (\text{most}_i - b_i) / |B_{ij}|`
over :math:`B_{ij} < 0`. That keeps an optimum, not every solution. Lower bounds are upper bounds of the mirrored programme.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.solvers.check import Claim, conclude, makes_up, value_of
from planner.solvers.lp import objective_unit
from planner.solvers.protocol import Bools, Floats, Ints, Listener, Matrix, Progress, Solution, Stopping, Termination
from planner.tolerances import rounding

ROUNDS = 30
"""How many searches there are at most: each excludes a claimed plan that breaks the model, or looks at finer numbers."""
FINER = 2.0**-7
"""Numbers are finer when the unit of the objective becomes smaller by this."""
MISFIT_ROUNDS = 3
"""How often misfits are looked for: each may leave less room for others."""
WIDER = 1e-6
"""Share by which a derived bound is widened: against rounding, and since presolves lose optima that lie on a bound exactly."""
BOUND_ROUNDS = 10
MARGIN = 1e-7
"""Bounds that were infinite are widened by this much, relative to their size, against rounding."""


def exactly(
    search: ReadySearch, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None, over: Callable[[], bool]
) -> Solution:
    """What ``search`` finds, as a solution of ``matrix`` by exact data. ``over`` tells that nobody waits any more. The search sees
    the programme from ``matrix.reference`` on, so that the gap at which a library stops is ours."""
    reference, began = matrix.reference, time.monotonic()
    matrix = model = replace(matrix, offset=matrix.offset - reference, reference=0.0)
    best, found = start, Solution(None, Termination("failed", None, None, 0.0, ""))
    for _ in range(ROUNDS):
        ready, spent = prepare(model), time.monotonic() - began
        left = stopping.after(spent)

        def hear(progress: Progress, ready: Prepared = ready) -> None:
            listen(_in_own_values(replace(progress, values=ready.outward(progress.values)), reference))

        found = search(ready, left, hear, ready.inward(best))
        found = replace(found, values=ready.outward(found.values), rejected=ready.outward(found.rejected))
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


Report = TypeVar("Report", Progress, Termination)


def _in_own_values(report: Report, reference: float) -> Report:
    """Value and bound in the caller's values, the gap measured from the reference."""
    if reference == 0.0:
        return report
    value, bound = (None if number is None else number + reference for number in (report.value, report.bound))
    return replace(report, value=value, bound=bound, reference=reference)


def _again(matrix: Matrix, model: Matrix, ready: Prepared, found: Solution) -> Matrix | None:
    """What is to be searched next: without a rejected plan, or in finer numbers; None when there is neither."""
    if found.termination.reason == "optimal" and found.values is not None:
        finer = narrowed(model, value_of(matrix, found.values))
        unit, wish = (objective_unit(model.objective) for model in (ready.matrix, prepare(finer).matrix))
        return finer if wish < FINER * unit else None
    return None if found.rejected is None else excluded(model, found.rejected)


def narrowed(matrix: Matrix, value: float) -> Matrix:
    """The model for plans above ``value``: in none of them may a column cost more than what all others can make up for. The price
    of a violation that no good plan pays then no longer sets the scale by which a library judges all that is decided."""
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


@dataclass(frozen=True, eq=False)
class Prepared:
    """A matrix made ready; x = ``step`` · z for its columns z."""

    matrix: Matrix
    step: Floats

    def outward(self, values: Floats | None) -> Floats | None:
        """A point of the original from one of ``matrix``."""
        return values * self.step if values is not None and values.shape == self.step.shape else values

    def inward(self, values: Floats | None) -> Floats | None:
        """A point of ``matrix`` from one of the original; waste in columns that cost something is taken off, and columns in no row
        stand where they are worth most."""
        if values is None or values.shape != self.step.shape:
            return values
        inside = values / self.step
        # A whole column that breaks its bounds breaks the model, and is to be seen.
        kept = self.matrix.integer & ~_apart(self.matrix)
        return np.where(kept, inside, np.clip(inside, self.matrix.lower, self.matrix.upper))


ReadySearch = Callable[[Prepared, Stopping, Listener, Floats | None], Solution]
"""A search for plans of a model made ready, from one of its own or from none."""


def prepare(matrix: Matrix) -> Prepared:
    """See the module's words."""
    rows = csr_array(matrix.rows)
    rows.eliminate_zeros()
    matrix = _with_needed_slack(replace(matrix, rows=rows))
    for _ in range(MISFIT_ROUNDS):
        before = matrix.upper
        matrix = _without_misfits(matrix)
        if (matrix.upper == before).all():
            break
    return _measured(_settled(_clipped(matrix)))


def _with_needed_slack(matrix: Matrix) -> Matrix:
    """Upper bounds of continuous columns that stand in one row and cost something."""
    rows, count = matrix.rows, matrix.rows.shape[0]
    row = np.repeat(np.arange(count), np.diff(rows.indptr))
    column, value = rows.indices, rows.data
    mine = makes_up(matrix)[column]
    at_lower, at_upper = value * matrix.lower[column], value * matrix.upper[column]
    least = np.bincount(row, np.where(mine, 0.0, np.minimum(at_lower, at_upper)), count)
    most = np.bincount(row, np.where(mine, 0.0, np.maximum(at_lower, at_upper)), count)
    size = np.bincount(row, np.where(mine, 0.0, np.maximum(np.abs(at_lower), np.abs(at_upper))), count)
    lifts = value > 0.0
    side = np.where(lifts, matrix.row_lower[row], matrix.row_upper[row])
    asked = np.isfinite(side)
    side = np.where(asked, side, 0.0)
    lack = np.where(asked, np.where(lifts, side - least[row], most[row] - side), -np.inf)
    noise = rounding(np.maximum(np.abs(side), size[row]))
    need = np.where(lack <= noise, 0.0, lack * (1.0 + WIDER) / np.abs(value))
    upper = matrix.upper.copy()
    upper[column[mine]] = np.fmin(upper[column[mine]], need[mine])
    return replace(matrix, upper=upper)


def _without_misfits(matrix: Matrix) -> Matrix:
    """Whole columns that alone break a row, fixed at what fits."""
    row, column, value, side = at_most(matrix)
    least, _ = activity_of_others(matrix, row, column, value)
    room = side - least
    size = np.maximum(np.abs(side), np.abs(value) + np.where(np.isfinite(least), np.abs(least), 0.0))
    room = room + rounding(size)
    looked = matrix.integer[column] & (value > 0.0) & np.isfinite(room)
    looked &= value * matrix.upper[column] > room
    upper = matrix.upper.copy()
    fitting = np.floor(np.maximum(room[looked] / value[looked], matrix.lower[column[looked]]))
    np.minimum.at(upper, column[looked], fitting)
    return replace(matrix, upper=upper, objective=np.where((upper == 0.0) & (matrix.lower == 0.0), 0.0, matrix.objective))


def _clipped(matrix: Matrix) -> Matrix:
    """Coefficients that are more than enough, cut to what is enough."""
    row, column, value, side = at_most(matrix)
    least, most = activity_of_others(matrix, row, column, value)
    # Each entry of a finite upper side comes first, then those of the lower sides with their signs turned.
    above, below = np.isfinite(matrix.row_upper), np.isfinite(matrix.row_lower)
    of_row = np.concatenate([np.flatnonzero(above), np.flatnonzero(below)])
    sign = np.concatenate([np.ones(int(above.sum())), -np.ones(int(below.sum()))])
    one_sided = (above ^ below)[of_row][row]
    choice = matrix.integer & (matrix.lower == 0.0) & (matrix.upper <= 1.0)
    enough = np.maximum(most - side, 0.0)
    settles = one_sided & choice[column] & (value < 0.0) & (-value > enough)
    never = (matrix.lower == 0.0) & (matrix.upper == 0.0)
    room = np.maximum(side - least, 0.0)
    useless = never[column] & (value > room)
    cut = np.where(settles, -enough, np.where(useless, room, value))
    changed = settles | useless
    if not changed.any():
        return matrix
    rows = matrix.rows.copy()
    rows.sort_indices()
    place = csr_array((np.arange(1, rows.nnz + 1), rows.indices, rows.indptr), shape=rows.shape)
    where = np.asarray(place[of_row[row[changed]], column[changed]]).ravel() - 1
    rows.data[where] = sign[row[changed]] * cut[changed]
    rows.eliminate_zeros()
    return replace(matrix, rows=rows)


def _settled(matrix: Matrix) -> Matrix:
    """Columns that are in no row, fixed at the better of their bounds."""
    better = np.where(matrix.objective > 0.0, matrix.upper, matrix.lower)
    fixed = _apart(matrix) & np.isfinite(better)
    return replace(matrix, lower=np.where(fixed, better, matrix.lower), upper=np.where(fixed, better, matrix.upper))


def _apart(matrix: Matrix) -> Bools:
    """Columns that are in no row and are worth or cost something; what fits nowhere is none of them, since it is worth nothing."""
    return np.asarray((np.bincount(matrix.rows.indices, minlength=len(matrix.lower)) == 0) & (matrix.objective != 0.0))


def _measured(matrix: Matrix) -> Prepared:
    """Continuous columns measured by their range."""
    extent = matrix.upper - matrix.lower
    wide = ~matrix.integer & np.isfinite(extent) & (extent > 0.0)
    step = np.exp2(np.floor(np.log2(np.where(wide, extent, 1.0))))
    if (step == 1.0).all():
        return Prepared(matrix, step)
    rows = matrix.rows
    scaled = csr_array((rows.data * step[rows.indices], rows.indices, rows.indptr), shape=rows.shape)
    return Prepared(
        replace(matrix, objective=matrix.objective * step, rows=scaled, lower=matrix.lower / step, upper=matrix.upper / step), step
    )


def with_finite_bounds(matrix: Matrix) -> Matrix:
    """The same programme with infinite column bounds replaced where rows or the objective allow it. Its optimal value is the same,
    and at least one optimum is kept. Some bounds may stay infinite."""
    for _ in range(BOUND_ROUNDS):
        endless = _endless(matrix)
        if not endless:
            break
        matrix = _mirrored(_with_upper(_mirrored(_with_upper(matrix))))
        if _endless(matrix) == endless:
            break
    return matrix


def _endless(matrix: Matrix) -> int:
    """How many column bounds are infinite."""
    return int(np.isinf(matrix.lower).sum() + np.isinf(matrix.upper).sum())


def _mirrored(matrix: Matrix) -> Matrix:
    """The programme in −x."""
    return replace(matrix, objective=-matrix.objective, rows=-matrix.rows, lower=-matrix.upper, upper=-matrix.lower)


def _with_upper(matrix: Matrix) -> Matrix:
    """One round for the columns without an upper bound."""
    endless = np.isposinf(matrix.upper)
    if not endless.any():
        return matrix
    row, column, value, side = at_most(matrix)
    least, most = activity_of_others(matrix, row, column, value)
    mine = endless[column]
    column, value, side, least, most = column[mine], value[mine], side[mine], least[mine], most[mine]
    room = np.full(endless.size, np.inf)
    rise = value > 0.0
    np.minimum.at(room, column[rise], (side[rise] - least[rise]) / value[rise])
    enough = np.where(np.isfinite(matrix.lower), matrix.lower, 0.0)
    fall = value < 0.0
    np.maximum.at(enough, column[fall], (side[fall] - most[fall]) / value[fall])
    enough = np.where(matrix.integer, np.ceil(enough), enough)
    room = np.where(matrix.objective <= 0.0, np.minimum(room, enough), room)
    room += MARGIN * np.maximum(1.0, np.abs(room))
    return replace(matrix, upper=np.where(endless, np.maximum(room, matrix.lower), matrix.upper))


def at_most(matrix: Matrix) -> tuple[Ints, Ints, Floats, Floats]:
    """Row, column, value and side of every entry of B x ≤ b; row sides that are infinite are left out."""
    above, below = np.isfinite(matrix.row_upper), np.isfinite(matrix.row_lower)
    both = csr_array(vstack([matrix.rows[above], -matrix.rows[below]]))
    sides = np.concatenate([matrix.row_upper[above], -matrix.row_lower[below]])
    both.eliminate_zeros()
    row = np.repeat(np.arange(sides.size, dtype=np.int64), np.diff(both.indptr))
    return row, both.indices.astype(np.int64), both.data, sides[row]


def activity_of_others(matrix: Matrix, row: Ints, column: Ints, value: Floats) -> tuple[Floats, Floats]:
    """For each entry the smallest and the largest activity of the other columns of its row; may be infinite."""
    at_lower, at_upper = value * matrix.lower[column], value * matrix.upper[column]

    def rest(term: Floats, endless: float) -> Floats:
        infinite = np.isinf(term)
        finite = np.where(infinite, 0.0, term)
        others = np.bincount(row, infinite)[row] - infinite
        return np.where(others > 0, endless, np.bincount(row, finite)[row] - finite)

    return rest(np.minimum(at_lower, at_upper), -np.inf), rest(np.maximum(at_lower, at_upper), np.inf)
