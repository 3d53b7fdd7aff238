"""A programme in the size that libraries are made for, and HiGHS as the workbench that answers what the checks ask besides.

Libraries have absolute tolerances: 1e-6 on a row, 1e-6 on the objective. Handed over in other units, the same plan would be judged
differently. So rows and objective are divided by powers of two, which loses no digit, and a plan in 元 and the same plan in 亿元
are solved alike. Everything is handed over as a minimisation of −c·x − offset, so that no sign depends on an idea of "max".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.progress import unprinted
from planner.solvers.protocol import Floats, Ints, Matrix, StopSign, never

if TYPE_CHECKING:
    from highspy import Highs


HEADROOM = 7
"""The objective's typical coefficient becomes about 2 to this power."""
DECIDING = 14
"""The smallest becomes no less than 2 to ``HEADROOM`` - ``DECIDING``: prices of violations must not drown what they stand beside."""
REACH = 27
"""The largest becomes no more than 2 to this power: a library's 1e-7 is then still a hundred times the rounding of its sums."""
STEP_SIZE = 1e-4
"""What a step of a row's data becomes at least: a hundred times the tolerance of a library on its rows."""
DECIMALS = 6
"""Decimal places up to which the step of a row's data is looked for."""

ROUNDED = 1e-12
"""Share of the largest coefficient that is rounding, where all are multiples of one number."""
APART = 1e-3
"""Share of the step between values that the rounding of all coefficients may come to."""

DUAL = 1
"""HiGHS's number of the dual simplex method."""

Option = bool | int | float | str


def objective_unit(objective: Floats) -> float:
    """A power of two near a 128th of the geometric mean of the nonzero |c|; 1 when the objective is empty. Lower where the smallest
    would become too small by it to be seen, and higher where the largest would become too large."""
    sizes = np.abs(objective[objective != 0.0])
    if sizes.size == 0:
        return 1.0
    exponents = np.log2(sizes)
    typical = min(float(exponents.mean()), float(exponents.min()) + DECIDING) - HEADROOM
    return float(2.0 ** round(max(typical, float(exponents.max()) - REACH)))


def value_step(matrix: Matrix) -> float | None:
    """The step that the values of all solutions, without the offset, are whole multiples of, by Euclid's algorithm on the |c|; None where
    a column is worth something and not whole, or where no step is coarse enough to be told from rounding."""
    worth = matrix.objective != 0.0
    if not worth.any() or not matrix.integer[worth].all():
        return None
    sizes = np.unique(np.abs(matrix.objective[worth]))
    rounded = ROUNDED * float(sizes[-1])
    most = float(np.maximum(np.abs(matrix.lower), np.abs(matrix.upper))[worth].sum())
    step = float(sizes[0])
    while APART * step > rounded * most:
        over = np.abs(sizes - step * np.rint(sizes / step))
        over = over[over > rounded]
        if not over.size:
            return step
        step = float(over.min())
    return None


def row_sizes(matrix: Matrix) -> Floats:
    """The power of two that each row is multiplied by: its largest |a_ij| lies in [1, 2), or above, as far as is needed for a
    step of its data to be more than what libraries leave to tolerance."""
    rows = matrix.rows
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    largest = np.zeros(rows.shape[0])
    np.maximum.at(largest, row, np.abs(rows.data))
    plain = -np.floor(np.log2(np.where(largest > 0.0, largest, 1.0)))
    fine = np.ceil(np.log2(STEP_SIZE) - np.log2(row_steps(matrix)))
    return np.asarray(np.exp2(np.maximum(plain, fine)))


def row_steps(matrix: Matrix) -> Floats:
    """The step 10⁻ᵈ that all numbers of a row are multiples of; inf where there is none, or a column that is not whole."""
    rows, count = matrix.rows, matrix.rows.shape[0]
    row = np.repeat(np.arange(count), np.diff(rows.indptr))
    sides = [np.where(np.isfinite(side), side, 0.0) for side in (matrix.row_lower, matrix.row_upper)]
    every, number = np.concatenate([row, *[np.arange(count)] * 2]), np.concatenate([rows.data, *sides])
    broken = np.bincount(row, ~matrix.integer[rows.indices], count) > 0
    return np.where(broken, np.inf, decimal_steps(every, number, count))


def decimal_steps(group: Ints, number: Floats, count: int) -> Floats:
    """The largest step 10⁻ᵈ, d from 0 to :data:`DECIMALS`, that all numbers of each of ``count`` groups are multiples of; inf where
    there is none."""
    found, left = np.full(count, np.inf), np.ones(count, dtype=bool)
    for decimals in range(DECIMALS + 1):
        trial = number * 10.0**decimals
        off = np.abs(trial - np.rint(trial)) > 1e-12 * np.maximum(np.abs(trial), 1.0)
        fits = left & (np.bincount(group, off, count) == 0)
        found[fits] = 10.0**-decimals
        left &= ~fits
    return found


def well_scaled(matrix: Matrix, unit: float) -> Matrix:
    """The same programme in the same columns: the objective over ``unit``, rows times their :func:`row_sizes`."""
    table = matrix.rows
    size = row_sizes(matrix)
    rows = csr_array((table.data * np.repeat(size, np.diff(table.indptr)), table.indices, table.indptr), table.shape)
    return replace(
        matrix,
        objective=matrix.objective / unit,
        offset=matrix.offset / unit,
        rows=rows,
        row_lower=matrix.row_lower * size,
        row_upper=matrix.row_upper * size,
    )


def free_threads() -> None:
    """HiGHS refuses a second number of threads in one process unless its scheduler is set up anew."""
    import highspy

    highspy.Highs.resetGlobalScheduler(True)


@cache
def _introduce() -> None:
    """Let HiGHS print its banner, which the first ``Highs()`` of a process does whatever its options say."""
    import highspy

    with unprinted():
        highspy.Highs()


ALWAYS: dict[str, Option] = {"output_flag": False, "mip_lifting_for_probing": 0}
"""With its lifting for probing HiGHS 1.16 calls plans optimal that are not: of a model with 11 columns for 17 of 30 seeds (the tests hold
it). Without, for none."""


def new_highs(matrix: Matrix, *, integers: bool = True, **options: Option) -> Highs:
    """A silent HiGHS that holds ``min −(c·x + offset)``; without ``integers`` its linear relaxation. Options are its own. Raises
    ValueError when HiGHS does not take the model."""
    import highspy

    _introduce()
    free_threads()
    highs = highspy.Highs()
    for name, value in {**ALWAYS, **options}.items():
        highs.setOptionValue(name, value)
    rows = matrix.rows
    count, columns = rows.shape
    kinds = matrix.integer if integers else np.zeros(columns, dtype=bool)
    status = highs.passModel(
        columns,
        count,
        rows.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        -matrix.offset,
        -matrix.objective,
        matrix.lower,
        matrix.upper,
        matrix.row_lower,
        matrix.row_upper,
        rows.indptr.astype(np.int32),
        rows.indices.astype(np.int32),
        rows.data,
        kinds.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise ValueError("HiGHS does not take the model")
    return highs


def solved(
    matrix: Matrix, seconds: float, *, integers: bool = True, stop: StopSign = never, **options: Option
) -> tuple[Highs, float]:
    """HiGHS after a run on the model, well scaled, and what its objective is divided by."""
    unit = objective_unit(matrix.objective)
    highs = new_highs(well_scaled(matrix, unit), integers=integers, time_limit=seconds, **options)
    heed(highs, stop)
    highs.run()
    return highs, unit


def heed(highs: Highs, stop: StopSign) -> None:
    """Have a linear programme end as soon as ``stop`` says so."""

    def hear(_kind: int, _message: str, _out: Any, into: Any, _user: object) -> None:
        if stop():
            into.user_interrupt = True

    if stop is not never:
        call_back(highs, hear, "kCallbackIpmInterrupt", "kCallbackSimplexInterrupt")


def call_back(highs: Highs, hear: Callable[..., None], *kinds: str) -> None:
    """Have HiGHS call ``hear`` on callbacks of these kinds."""
    import highspy

    highs.setCallback(hear, None)
    for kind in kinds:
        highs.startCallback(getattr(highspy.cb.HighsCallbackType, kind))


def is_optimal(highs: Highs) -> bool:
    """Whether the run has come to its end with a solution."""
    return bool(highs.getModelStatus().name == "kOptimal")


@dataclass(frozen=True, eq=False)
class Run:
    """Where a run of :class:`Loaded` ended."""

    status: str
    """HiGHS's own: ``kOptimal``, ``kInfeasible``, ``kIterationLimit`` …"""
    iterations: int
    values: Floats | None
    """Of an optimum; None for any other end."""
    duals: Floats | None
    """Prices of the rows, signed as in :func:`row_duals`, also of a run that was cut short; of an infeasible model a ray of them, whose
    sign is open. None when HiGHS gives none."""


class Loaded:
    """The linear relaxation of a model in HiGHS, loaded once: between runs the objective and the rows in force change. Every run is of
    the dual simplex method and begins at the slacks, where columns between bounds are dual feasible for any objective: from the optimum
    for another objective it takes ten times the iterations, of either method, and presolve takes longer than what it saves."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix, self._sizes = matrix, row_sizes(matrix)
        plain = replace(matrix, objective=np.zeros_like(matrix.objective), offset=0.0)
        self._highs = new_highs(
            well_scaled(plain, 1.0), integers=False, threads=1, presolve="off", solver="simplex", simplex_strategy=DUAL
        )

    def maximise(self, objective: Floats, iterations: int) -> Run:
        """Maximise c·x in at most so many iterations of the simplex method."""
        highs, size = self._highs, len(objective)
        unit = objective_unit(objective)
        highs.clearSolver()
        highs.changeColsCost(size, np.arange(size, dtype=np.int32), -objective / unit)
        highs.setOptionValue("simplex_iteration_limit", iterations)
        highs.run()
        status, info, found = highs.getModelStatus().name, highs.getInfo(), highs.getSolution()
        duals = None
        if status == "kInfeasible":
            _, given, ray = highs.getDualRay()  # type: ignore[attr-defined]  # its stubs leave it out
            duals = np.asarray(ray) * self._sizes if given else None
        elif found.dual_valid:
            duals = -np.asarray(found.row_dual) * unit * self._sizes
        values = np.asarray(found.col_value) if status == "kOptimal" else None
        return Run(status, max(int(info.simplex_iteration_count), 0), values, duals)

    @contextmanager
    def without(self, rows: Ints) -> Iterator[None]:
        """Some rows are no limits for a while."""
        for row in rows.tolist():
            self._highs.changeRowBounds(row, -np.inf, np.inf)
        yield
        lower, upper = (side * self._sizes for side in (self.matrix.row_lower, self.matrix.row_upper))
        for row in rows.tolist():
            self._highs.changeRowBounds(row, float(lower[row]), float(upper[row]))


def complete(matrix: Matrix, values: Floats, seconds: float) -> Floats | None:
    """The best values of the continuous columns when every integer column is fixed at ``round(values)``. None when there are none,
    or none was found within ``seconds``. The integer part of the result is exact."""
    fixed = matrix.integer
    point = np.clip(values, matrix.lower, matrix.upper)
    point[fixed] = np.clip(np.rint(values[fixed]), np.ceil(matrix.lower[fixed]), np.floor(matrix.upper[fixed]))
    if fixed.all() or not np.isfinite(point[fixed]).all():
        return None
    free = ~fixed
    # Rows of integer columns alone are settled by now; the caller checks them. The others get room for the rounding of
    # their fixed part, which a linear programme would otherwise call infeasible.
    left = matrix.rows[:, free]
    open_ = np.diff(left.indptr) > 0
    done = matrix.rows[open_][:, fixed] @ point[fixed]
    room = 1e-12 * np.abs(done)
    part = matrix.part(np.flatnonzero(free), np.flatnonzero(open_), left[open_])
    sides = (part.row_lower - done - room, part.row_upper - done + room)
    part = replace(part, row_lower=sides[0], row_upper=sides[1])
    highs, _ = solved(part, seconds, primal_feasibility_tolerance=1e-9)
    if not is_optimal(highs):
        return None
    point[free] = np.clip(np.asarray(highs.getSolution().col_value), part.lower, part.upper)
    return point


def relaxation_bound(matrix: Matrix, seconds: float) -> float | None:
    """The optimum of the linear relaxation: −inf when it is infeasible, inf when it is unbounded, None when it was not
    found in ``seconds``."""
    highs, unit = solved(matrix, seconds, integers=False)
    if is_optimal(highs):
        return -float(highs.getInfo().objective_function_value) * unit
    return {"kInfeasible": float("-inf"), "kUnbounded": float("inf")}.get(highs.getModelStatus().name)


def row_duals(matrix: Matrix, seconds: float = 60.0, stop: StopSign = never) -> Floats | None:
    """Prices of the rows in the linear relaxation: ≥ 0 for an upper side, ≤ 0 for a lower one; None when not found."""
    found = vertex(matrix, seconds, stop)
    return None if found is None else found[0]


def vertex(matrix: Matrix, seconds: float, stop: StopSign = never) -> tuple[Floats, Floats] | None:
    """(prices of the rows, as :func:`row_duals` gives them, and the columns at a vertex of the best points) of the linear relaxation; None when
    not found."""
    highs, unit = solved(matrix, seconds, integers=False, stop=stop, threads=1)
    if not is_optimal(highs):
        return None
    found = highs.getSolution()
    return -np.array(found.row_dual) * unit * row_sizes(matrix), np.array(found.col_value)


def has_solution(matrix: Matrix, seconds: float) -> bool | None:
    """Whether any point satisfies the model; None when that was not found out in ``seconds``."""
    highs, _ = solved(replace(matrix, objective=np.zeros_like(matrix.objective)), seconds)
    return {"kOptimal": True, "kInfeasible": False}.get(highs.getModelStatus().name)
