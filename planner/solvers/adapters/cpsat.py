"""CP-SAT of OR-Tools, on whole numbers that we scale ourselves (:mod:`planner.solvers.adapters.integral`).

CP-SAT proves a bound for the relaxation in whole numbers; rounding errors are added to it, so that it holds for the
original. Its plan is checked against the original; where there are continuous columns, they are found anew by a linear
programme with the integers fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.solvers.adapters.frame import Adapter, Task
from planner.solvers.adapters.highs import Highs
from planner.solvers.adapters.integral import Integers, Whole, whole
from planner.solvers.check import Claim, conclude, patience, proof_margin, sound, value_of
from planner.solvers.exact import with_finite_bounds
from planner.solvers.lp import complete
from planner.solvers.progress import Reporter, watching
from planner.solvers.protocol import Floats, Matrix, Reason, Solution, Stopping, StopSign
from planner.solvers.work import CPSAT_TIME, units

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

REASONS: dict[str, Reason] = {"OPTIMAL": "optimal", "INFEASIBLE": "infeasible", "FEASIBLE": "time_limit", "UNKNOWN": "time_limit"}
"""CP-SAT's status by name; any other is ``failed``. It never says "unbounded": its columns are bounded."""

GRID_GAP = 1e-6
ROUNDS = 10
"""How many near-equal plans are told apart to prove one of them."""
MOMENT = 5.0
"""Seconds that another library has at most to contradict a claim."""


class CpSat(Adapter):
    """CP-SAT for models whose columns are bounded, or can be; one whose columns cannot ends as ``failed``."""

    name = "cpsat"
    mend = "always"

    def __init__(self, brief: bool = False) -> None:
        """``brief``: for a second or less, from a plan: the relaxation with all its rows and no cuts, and an end that nobody makes sure
        of."""
        self.brief = brief

    def search(self, task: Task) -> Claim:
        """CP-SAT on whole numbers."""
        matrix, gap = task.matrix, task.stopping.gap
        try:
            integral = whole(with_finite_bounds(matrix))
        except ValueError as trouble:
            return Claim("failed", None, None, str(trouble))
        if (integral.row_lower > integral.row_upper).any():
            return Claim("infeasible", None, None, "no whole number lies between the sides of a row")
        # Creeping along a grid gains nothing: the continuous part is found by a linear programme in the end.
        gap = gap if matrix.integer.all() else max(gap, GRID_GAP)
        return _search(integral, replace(task.stopping, gap=gap), task.reporter, task.begin, task.stop, brief=self.brief)

    def reviewed(self, task: Task, claim: Claim, found: Solution) -> Solution:
        """Its presolve has lost optima of models with a grid; and what the grid leaves open is closed."""
        matrix, stopping = task.matrix, task.stopping
        if self.brief:
            return found
        if claim.reason == "optimal" and not matrix.integer.all():
            found = _doubted(matrix, stopping, found, task.reporter.seconds, task.stop)
        finished = claim.reason == "optimal" and found.termination.reason != "optimal"
        if finished and (found.termination.gap or 0.0) > stopping.gap and matrix.integer.any():
            return _without_grid(matrix, whole(with_finite_bounds(matrix)), stopping, found, task.reporter, task.stop)
        return found


def _doubted(matrix: Matrix, stopping: Stopping, found: Solution, spent: float, stop: StopSign) -> Solution:
    """``found``, its claim to be the optimum held against HiGHS; ``spent`` seconds of the limits are gone. HiGHS begins from the
    claimed plan. If it finds a better one, the claim is false, and so is the bound that came with it: what HiGHS says stands
    instead. If it proves a bound of its own, the better of the two counts."""
    seconds = min(MOMENT, stopping.time_limit - spent)
    if seconds <= 0.0 or stop():
        return found
    ours, highs = found.termination, Highs()
    other = highs.solve(matrix, replace(stopping, time_limit=seconds), lambda _: None, found.values, stop)
    end, value = other.termination, ours.value
    false = end.value is not None and (value is None or end.value > value + proof_margin(matrix, value))
    bounds = [bound for bound in (end.bound, None if false else ours.bound) if bound is not None]
    if not false and (end.bound is None or (ours.bound is not None and end.bound >= ours.bound)):
        return found
    claim = Claim(end.reason if false else ours.reason, other.values, min(bounds, default=None), ours.detail, ours.work)
    held = conclude(matrix, stopping, ours.solver, claim, ours.seconds + end.seconds, found.values)
    return replace(held, rejected=found.rejected)


def _without_grid(
    matrix: Matrix, integral: Whole, stopping: Stopping, found: Solution, reporter: Reporter, stop: StopSign
) -> Solution:
    """Close the gap that the grid of the continuous columns leaves after CP-SAT has finished. With the whole numbers of a plan
    fixed, its continuous part is known exactly. So these are excluded, and CP-SAT is asked for others that may be better; when
    there are none left, the plan is optimal."""
    seen: list[Integers] = []
    values, value, done, late = found.values, found.termination.value, found.termination.work or 0, False
    for _ in range(ROUNDS):
        left = stopping if stopping.work is None else replace(stopping, work=stopping.work - done)
        late = late or reporter.seconds >= stopping.time_limit
        if values is None or value is None or late or stop() or (left.work is not None and left.work <= 0):
            break
        seen.append(integral.nearest(values))
        hurdle = value + proof_margin(matrix, value) / 2
        quiet = Reporter(lambda _: None, reporter.began)
        claim = _search(integral.at_least(hurdle), left, quiet, None, stop, (np.flatnonzero(matrix.integer), seen))
        done, late = done + (claim.work or 0), claim.reason == "time_limit"
        if claim.reason == "infeasible":
            proved = Claim("optimal", found.values, hurdle, found.termination.detail, done)
            return conclude(matrix, stopping, found.termination.solver, proved, reporter.seconds, mend="never")
        values = complete(matrix, claim.values, patience(stopping)) if claim.values is not None else None
        if values is not None and sound(matrix, values) is not None and value_of(matrix, values) > value:
            better = Claim("optimal", values, found.termination.bound, claim.detail)
            found = conclude(matrix, stopping, found.termination.solver, better, reporter.seconds)
            value = found.termination.value
    end = replace(found.termination, work=done)
    # The clock had a part in it: nothing that could be had again.
    return replace(found, termination=replace(end, reason="time_limit") if late and stopping.work is not None else end)


def _search(
    integral: Whole,
    stopping: Stopping,
    reporter: Reporter,
    begin: Floats | None,
    stop: StopSign,
    forbidden: tuple[NDArray[np.intp], Sequence[Integers]] | None = None,
    brief: bool = False,
) -> Claim:
    """Hand the whole numbers to CP-SAT and read its answer; ``forbidden``: some columns, and points that no answer may
    agree with in all of them; ``brief``: see :class:`CpSat`."""
    from ortools.sat.python import cp_model

    model = _model(integral, None if begin is None else integral.nearest(begin))
    if forbidden is not None:
        columns, points = forbidden
        taken = [model.get_int_var_from_proto_index(column) for column in columns.tolist()]
        model.add_forbidden_assignments(taken, [point[columns].tolist() for point in points])
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(stopping.time_limit - reporter.seconds, 0.1)
    solver.parameters.relative_gap_limit = stopping.gap
    solver.parameters.num_workers = stopping.threads
    if brief:
        solver.parameters.linearization_level, solver.parameters.cut_level = 2, 0
    if stopping.work is not None:
        # Its workers take turns then; otherwise the one that is faster today is heard first.
        solver.parameters.interleave_search = True
        solver.parameters.max_deterministic_time = stopping.work * CPSAT_TIME
    solver.parameters.random_seed = stopping.seed
    handicap = -integral.constant * integral.scale

    class Listening(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            response = self.response_proto
            plan = integral.point(np.array(response.solution, dtype=np.float64))
            bound = integral.bound(handicap - response.best_objective_bound)
            reporter.tell(integral.value(handicap - response.objective_value), bound, plan)

    solver.best_bound_callback = lambda bound: reporter.tell(None, integral.bound(handicap - bound))
    with watching(stop, solver.stop_search):
        status = solver.solve(model, Listening())
    reason = REASONS.get(status.name, "failed")
    response = solver.response_proto
    if reason == "time_limit" and stop():
        reason = "interrupted"
    elif reason == "time_limit" and stopping.work is not None:
        # CP-SAT does not say which limit it was; both within one look is the clock's doing.
        counted = response.deterministic_time >= solver.parameters.max_deterministic_time
        in_time = response.wall_time < solver.parameters.max_time_in_seconds
        reason = "work_limit" if counted and in_time else "time_limit"
    values = integral.point(np.array(response.solution, dtype=np.float64)) if len(response.solution) else None
    searched = status.name in ("OPTIMAL", "FEASIBLE", "UNKNOWN") and abs(response.best_objective_bound) < 2.0**62
    bound = integral.bound(handicap - response.best_objective_bound) if searched else None
    done = units(response.deterministic_time, CPSAT_TIME)
    return Claim(reason, values, bound, f"{status.name} {response.solution_info}".strip(), done)


def _model(integral: Whole, hint: Integers | None) -> CpModel:
    """The protocol buffer, row by row from slices of the sparse arrays: no expression objects."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    proto = model.proto
    for bounds in zip(integral.lower.tolist(), integral.upper.tolist(), strict=True):
        proto.variables.add().domain.extend(bounds)
    rows = integral.rows
    columns, numbers, begins = rows.indices.tolist(), rows.data.tolist(), rows.indptr.tolist()
    sides = zip(integral.row_lower.tolist(), integral.row_upper.tolist(), strict=True)
    for begin, end, side in zip(begins, begins[1:], sides, strict=False):
        row = proto.constraints.add().linear
        row.vars.extend(columns[begin:end])
        row.coeffs.extend(numbers[begin:end])
        row.domain.extend(side)
    worth = np.flatnonzero(integral.objective)
    objective = proto.objective
    objective.vars.extend(worth.tolist())
    objective.coeffs.extend((-integral.objective[worth]).tolist())
    objective.offset = -integral.constant * integral.scale
    objective.scaling_factor = 1.0
    if hint is not None:
        proto.solution_hint.vars.extend(range(hint.size))
        proto.solution_hint.values.extend(hint.tolist())
    return model
