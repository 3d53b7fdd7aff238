"""HiGHS as the workbench of all solvers: the model as HiGHS takes it, and the side questions that the checks ask.

Everything is handed over as a minimisation of −c·x − offset, so that no sign depends on a library's idea of "max".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.progress import unprinted
from planner.solvers.protocol import Floats, Matrix
from planner.solvers.scaling import objective_unit, row_sizes, well_scaled

if TYPE_CHECKING:
    from highspy import Highs


Option = bool | int | float | str


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


def new_highs(matrix: Matrix, *, integers: bool = True, **options: Option) -> Highs:
    """A silent HiGHS that holds ``min −(c·x + offset)``; without ``integers`` its linear relaxation. Options are its own.

    Raises ValueError when HiGHS does not take the model.
    """
    import highspy

    _introduce()
    free_threads()
    highs = highspy.Highs()
    for name, value in {"output_flag": False, **options}.items():
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


def solved(matrix: Matrix, seconds: float, *, integers: bool = True, **options: Option) -> tuple[Highs, float]:
    """HiGHS after a run on the model, well scaled, and what its objective is divided by."""
    unit = objective_unit(matrix.objective)
    highs = new_highs(well_scaled(matrix, unit), integers=integers, time_limit=seconds, **options)
    highs.run()
    return highs, unit


def call_back(highs: Highs, hear: Callable[..., None], *kinds: str) -> None:
    """Have HiGHS call ``hear`` on callbacks of these kinds."""
    import highspy

    highs.setCallback(hear, None)
    for kind in kinds:
        highs.startCallback(getattr(highspy.cb.HighsCallbackType, kind))


def is_optimal(highs: Highs) -> bool:
    """Whether the run has come to its end with a solution."""
    return bool(highs.getModelStatus().name == "kOptimal")


def complete(matrix: Matrix, values: Floats, seconds: float) -> Floats | None:
    """The best values of the continuous columns when every integer column is fixed at ``round(values)``.

    None when there are none, or none was found within ``seconds``. The integer part of the result is exact.
    """
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


def row_duals(matrix: Matrix, seconds: float = 60.0) -> Floats | None:
    """Prices of the rows in the linear relaxation: ≥ 0 for an upper side, ≤ 0 for a lower one; None when not found."""
    highs, unit = solved(matrix, seconds, integers=False, threads=1)
    if not is_optimal(highs):
        return None
    return -np.array(highs.getSolution().row_dual) * unit * row_sizes(matrix)


def has_solution(matrix: Matrix, seconds: float) -> bool | None:
    """Whether any point satisfies the model; None when that was not found out in ``seconds``."""
    highs, _ = solved(replace(matrix, objective=np.zeros_like(matrix.objective)), seconds)
    return {"kOptimal": True, "kInfeasible": False}.get(highs.getModelStatus().name)
