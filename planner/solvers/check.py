"""What stands between a library and the rest of the planner (R3): our own arithmetic on what a library claims.

A plan passes when every integer column is within 1e-6 of an integer (and is then rounded exactly), every column is
within its bounds and every row holds: a row of whole columns by the same tolerance as the check from the tables
(:mod:`planner.tolerances`), one with continuous columns within 1e-6 of its size. Columns that only make up for what one row
lacks are set to exactly that. A plan that fails is mended once (integers rounded and fixed, the continuous columns found anew
by a linear programme) and otherwise dropped, but handed back as ``rejected``, so that the search can go on without it.

A plan is ``optimal`` when bound − value ≤ 2e-5·unit + 1e-8·stake, where ``unit`` is a 128th of the objective's
typical coefficient (:mod:`planner.solvers.lp`) and ``stake`` |value|, but no more than all columns together, none of them
counted above 2¹⁴ units: a penalty that outweighs everything else buys no tolerance. The first part is what floating-point
solvers promise, at the worst (CBC), on an objective scaled by that unit, as they all get it here; the second is room for the
rounding of long sums. The bound of such a plan is its value. Where all that is worth something is whole, and its worths are multiples
of one number, no value lies between two of these: a bound is the lower one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planner.solvers.lp import complete, has_solution, objective_unit, relaxation_bound, value_step
from planner.solvers.protocol import Bools, Floats, Indices, Matrix, Reason, Solution, Stopping, Termination, relative_gap
from planner.tolerances import AGREEMENT, rounding

TOLERANCE = 1e-6
PROOF_UNITS = 2e-5
PROOF_RELATIVE = 1e-8
LARGE_SHARE = 2.0**14
"""Units from which on a column counts as no more: prices of violations that outweigh all that is decided."""
BOUND_PRECISION = 1e-5
"""The gap that may be left when a library ends by itself: CP-SAT's bound is as exact as its grid."""

Mend = Literal["never", "broken", "always"]
"""When to find the continuous columns of a claimed plan anew, its integers fixed: if it is broken, or in any case."""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What a library says: ``values`` and ``bound``, in the model's own units and with the offset, not believed yet."""

    reason: Reason
    values: Floats | None
    bound: float | None
    detail: str = ""
    work: int | None = None
    """Units of work done, where they are counted."""


def proof_margin(matrix: Matrix, value: float) -> float:
    """How far a bound may lie above ``value`` and still prove it optimal."""
    return PROOF_UNITS * objective_unit(matrix.objective) + PROOF_RELATIVE * _stake(matrix, value)


def _stake(matrix: Matrix, value: float) -> float:
    """|value|, but no more than all columns come to, none counted above a large multiple of the unit."""
    cap = LARGE_SHARE * objective_unit(matrix.objective)
    return min(abs(value), float(np.minimum(np.abs(matrix.objective), cap).sum()))


def value_of(matrix: Matrix, values: Floats) -> float:
    """c·x + offset, summed without rounding error."""
    parts = matrix.objective * values
    return math.fsum(parts[parts != 0.0].tolist()) + float(matrix.offset)


def least_bound(matrix: Matrix, bound: float, step: float | None) -> float:
    """The greatest value that a solution can have when none is above ``bound``: a whole number of steps
    (:func:`planner.solvers.lp.value_step`), where each is told from what a library's bound may miss by."""
    margin = proof_margin(matrix, bound)
    if step is None or not math.isfinite(bound) or step <= 4.0 * margin:
        return bound
    return min(bound, step * math.floor((bound + margin - matrix.offset) / step) + matrix.offset)


def tidy(matrix: Matrix, values: Floats) -> Floats:
    """Integer columns rounded and every column moved into its bounds, each by no more than the tolerance allows; what only
    makes up for a row is exactly what the row lacks."""
    rounded = np.where(matrix.integer, np.rint(values), values)
    tidied = np.clip(rounded, matrix.lower, matrix.upper)
    near = np.abs(tidied - values) <= TOLERANCE * np.maximum(1.0, np.abs(values))
    return settled(matrix, np.where(near, tidied, values))


def settled(matrix: Matrix, values: Floats) -> Floats:
    """The point with each column that stands in one row, costs something and need not be above 0 at what its row lacks. A row with
    two such columns of the same sign is left as it is."""
    makers = _makers(matrix)
    if not makers.column.size:
        return values
    rest = (makers.rows @ np.where(makers.single, 0.0, values))[makers.row]
    lack = np.where(makers.value > 0.0, makers.lower - rest, rest - makers.upper) / np.abs(makers.value)
    out = values.copy()
    out[makers.column] = np.where(makers.twice, values[makers.column], np.clip(lack, 0.0, matrix.upper[makers.column]))
    return out


@dataclass(frozen=True, eq=False)
class _Makers:
    """Columns that only make up for what one row lacks, and these rows."""

    single: Bools
    """Shape of the matrix' columns."""
    rows: csr_array
    """The rows with such a column alone."""
    column: Indices
    row: Indices
    """Of each such column: its number in the matrix, and that of its row in ``rows``."""
    value: Floats
    lower: Floats
    upper: Floats
    """Its entry, and the sides of its row."""
    twice: Bools
    """Its row has another one of the same sign."""


_MAKERS: WeakKeyDictionary[Matrix, _Makers] = WeakKeyDictionary()
"""Of matrices that are in use: every plan of one is checked, and to find these takes longer than the rest of it."""


def _makers(matrix: Matrix) -> _Makers:
    """Those of a matrix, found once."""
    found = _MAKERS.get(matrix)
    if found is None:
        found = _MAKERS[matrix] = _found_makers(matrix)
    return found


def _found_makers(matrix: Matrix) -> _Makers:
    single, table = makes_up(matrix), matrix.rows
    at = np.flatnonzero(single[table.indices])
    mine, row = np.unique(np.searchsorted(table.indptr, at, side="right") - 1, return_inverse=True)
    value = table.data[at]
    twice = np.zeros(at.size, dtype=bool)
    for lifts in (value > 0.0, value < 0.0):
        twice |= (np.bincount(row[lifts], minlength=mine.size) > 1)[row]
    lower, upper = matrix.row_lower[mine][row], matrix.row_upper[mine][row]
    return _Makers(single, csr_array(table[mine]), table.indices[at], row, value, lower, upper, twice)


def makes_up(matrix: Matrix) -> Bools:
    """Columns that only make up for what one row lacks: continuous, from 0, in that row alone, and worth nothing themselves."""
    alone = np.bincount(matrix.rows.indices, minlength=matrix.lower.size) == 1
    return np.asarray(~matrix.integer & (matrix.lower == 0.0) & (matrix.objective <= 0.0) & alone)


def fault(matrix: Matrix, values: Floats) -> str:
    """The first thing wrong with a point, in words for the log; empty when it is a solution."""
    if values.shape != matrix.objective.shape or not np.isfinite(values).all():
        return "the plan is not a vector of finite numbers"
    loose = np.flatnonzero(matrix.integer & (values != np.rint(values)))
    if loose.size:
        return f"column {matrix.column_name(loose[0])} is not whole: {values[loose[0]]!r}"
    outside = np.flatnonzero((values < matrix.lower) | (values > matrix.upper))
    if outside.size:
        return f"column {matrix.column_name(outside[0])} is out of its bounds: {values[outside[0]]!r}"
    activity = matrix.rows @ values
    excess = np.maximum(matrix.row_lower - activity, activity - matrix.row_upper)
    rows = np.flatnonzero(excess > 0.0)
    if rows.size:
        wrong = rows[excess[rows] > _row_tolerance(matrix, values, rows)]
        if wrong.size:
            row = matrix.row_names[wrong[0]] if matrix.row_names else f"r{wrong[0]}"
            return f"row {row} is broken by {excess[wrong[0]]:.3g}; {wrong.size} broken rows in all"
    return ""


def sound(matrix: Matrix, values: Floats | None) -> Floats | None:
    """The point, tidied, when it is a solution; otherwise None."""
    if values is None or values.shape != matrix.objective.shape or not np.isfinite(values).all():
        return None
    tidied = tidy(matrix, values)
    return None if fault(matrix, tidied) else tidied


def without_search(matrix: Matrix, stopping: Stopping, solver: str) -> Solution | None:
    """The answer to a model that needs no library: no rows, no columns, or a row or column whose sides cross."""
    _require_numbers(matrix)
    lower = np.where(matrix.integer, np.ceil(matrix.lower - TOLERANCE), matrix.lower)
    upper = np.where(matrix.integer, np.floor(matrix.upper + TOLERANCE), matrix.upper)
    if (matrix.row_lower > matrix.row_upper).any() or (lower > upper).any():
        return conclude(matrix, stopping, solver, Claim("infeasible", None, None, "sides cross"), 0.0)
    if matrix.rows.nnz:
        return None
    if ((matrix.row_lower > 0.0) | (matrix.row_upper < 0.0)).any():
        return conclude(matrix, stopping, solver, Claim("infeasible", None, None, "an empty row is broken"), 0.0)
    nearest_zero = np.clip(0.0, lower, upper)
    best = np.select([matrix.objective > 0.0, matrix.objective < 0.0], [upper, lower], nearest_zero)
    if not np.isfinite(best).all():
        return conclude(matrix, stopping, solver, Claim("unbounded", None, None, "no row limits a column"), 0.0)
    return conclude(matrix, stopping, solver, Claim("optimal", best, value_of(matrix, best)), 0.0)


def unbounded_or_infeasible(matrix: Matrix, claim: Claim, seconds: float) -> Claim:
    """A claim of either made sure of: libraries mix them up, and say "unbounded" when the relaxation is, whether or not
    the model has a solution at all."""
    there_is = has_solution(matrix, max(seconds, 1.0))
    if there_is is False:
        return Claim("infeasible", None, None, claim.detail)
    if there_is and relaxation_bound(matrix, max(seconds, 1.0)) == math.inf:
        return Claim("unbounded", None, None, claim.detail)
    return Claim("failed", None, None, _join(claim.detail, "neither unbounded nor infeasible, as far as was found out"))


def conclude(
    matrix: Matrix,
    stopping: Stopping,
    solver: str,
    claim: Claim,
    seconds: float,
    start: Floats | None = None,
    mend: Mend = "broken",
) -> Solution:
    """The solution and termination that a claim supports. The plan is the better of ``start`` and the claimed one, mended as asked;
    a claimed one beyond mending is ``rejected``. A bound that a checked plan beats by more than the proof margin is not a bound and
    is dropped."""
    values, trouble = _best(matrix, claim.values, start, mend, patience(stopping))
    bound = claim.bound if claim.bound is not None and math.isfinite(claim.bound) else None
    if bound is not None:
        bound = least_bound(matrix, bound, value_step(matrix))
    rejected = claim.values if trouble else None
    if values is None:
        reason: Reason = "failed" if claim.reason in ("optimal", "gap_reached") else claim.reason
        bound = None if reason in ("infeasible", "unbounded") else bound
        end = Termination(reason, None, bound, seconds, solver, _join(claim.detail, trouble), claim.work)
        return Solution(None, end, rejected)
    value = value_of(matrix, values)
    if claim.reason == "unbounded":
        return Solution(None, Termination("unbounded", None, None, seconds, solver, claim.detail, claim.work))
    if bound is not None and bound < value:
        if refutes(matrix, value, bound):
            trouble = _join(trouble, f"the bound {bound!r} lies below a checked plan and was dropped")
            bound = None
        else:
            bound = value
    reason = _reason(matrix, stopping, claim.reason, value, bound)
    bound = value if reason == "optimal" else bound
    if reason == "failed" and claim.reason == "infeasible":
        trouble = _join(trouble, "the library found no plan although one exists")
    end = Termination(reason, value, bound, seconds, solver, _join(claim.detail, trouble), claim.work)
    return Solution(values, end, rejected)


def refutes(matrix: Matrix, value: float, bound: float) -> bool:
    """Whether a checked plan of that value shows that the bound is none."""
    # A value near 0 may be a difference of larger amounts: what is given from the start is one of them.
    room = TOLERANCE * _stake(matrix, max(abs(value), abs(float(matrix.offset))))
    return bound < value - proof_margin(matrix, value) - room


def patience(stopping: Stopping) -> float:
    """Seconds that mending a plan may take after the time limit."""
    return 5.0 + 0.05 * stopping.time_limit


def _best(matrix: Matrix, claimed: Floats | None, start: Floats | None, mend: Mend, seconds: float) -> tuple[Floats | None, str]:
    """The better of the claimed plan and the start, both checked, and what was wrong with the claimed one."""
    own, trouble = sound(matrix, claimed), ""
    if claimed is not None and own is None:
        trouble = fault(matrix, tidy(matrix, claimed))
    if claimed is not None and np.isfinite(claimed).all() and (mend == "always" or (mend == "broken" and own is None)):
        # The completed plan is exact where the claimed one may live off the tolerances, and so look better.
        mended = sound(matrix, complete(matrix, claimed, seconds))
        own, trouble = (own, trouble) if mended is None else (mended, "")
    plans = [plan for plan in (own, sound(matrix, start)) if plan is not None]
    return max(plans, key=lambda plan: value_of(matrix, plan), default=None), trouble


def _reason(matrix: Matrix, stopping: Stopping, claimed: Reason, value: float, bound: float | None) -> Reason:
    """The reason that value and bound prove, whatever was claimed; otherwise the claim, without its proof."""
    if bound is not None and bound - value <= proof_margin(matrix, value):
        return "optimal"
    gap = relative_gap(value, bound)
    # A library that has finished can do no better than the precision of its bound.
    enough = max(stopping.gap, BOUND_PRECISION) if claimed in ("optimal", "gap_reached") else stopping.gap
    if gap is not None and gap <= enough:
        return "gap_reached"
    if claimed in ("optimal", "gap_reached"):
        return "time_limit" if stopping.work is None else "work_limit"
    return "failed" if claimed == "infeasible" else claimed


def _row_tolerance(matrix: Matrix, values: Floats, rows: NDArray[np.intp]) -> Floats:
    """How far each of ``rows`` may be exceeded. One with continuous columns is told from the tables once more."""
    terms = abs(matrix.rows[rows])
    sides = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (matrix.row_lower[rows], matrix.row_upper[rows])]
    size: Floats = np.maximum.reduce([terms @ np.abs(values), *sides])
    moving = terms[:, ~matrix.integer]
    largest = np.asarray(moving.max(axis=1).toarray()).ravel() if moving.nnz else np.zeros(rows.size)
    return np.where(largest > 0.0, AGREEMENT * np.maximum(size, largest), rounding(size))


def _require_numbers(matrix: Matrix) -> None:
    """Raises ValueError when an array has the wrong length or holds NaN, or a coefficient is infinite: our own bug."""
    count, columns = matrix.rows.shape
    shapes = [(matrix.objective, columns), (matrix.lower, columns), (matrix.upper, columns), (matrix.integer, columns)]
    shapes += [(matrix.row_lower, count), (matrix.row_upper, count)]
    if any(array.shape != (length,) for array, length in shapes):
        raise ValueError("the arrays of the matrix do not fit together")
    if not (np.isfinite(matrix.objective).all() and np.isfinite(matrix.rows.data).all() and np.isfinite(matrix.offset)):
        raise ValueError("a coefficient of the matrix is not a finite number")
    if any(np.isnan(side).any() for side in (matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper)):
        raise ValueError("a bound of the matrix is not a number")


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
