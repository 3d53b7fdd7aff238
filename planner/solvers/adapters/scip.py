"""SCIP, as OR-Tools ships it, through MathOpt's protocol buffers.

MathOpt's messages are built from arrays; its Python model would make an object per column. SCIP gives plans through a
callback and its bounds through the table it logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solvers.adapters.frame import Adapter, Task
from planner.solvers.check import Claim
from planner.solvers.lp import relaxation_bound
from planner.solvers.memory import available
from planner.solvers.progress import watching
from planner.solvers.protocol import Floats, Matrix, Reason
from planner.solvers.work import scip_nodes, scip_units

REASONS: dict[str, Reason] = {
    "OPTIMAL": "optimal",
    "IMPRECISE": "time_limit",
    "INFEASIBLE": "infeasible",
    "UNBOUNDED": "unbounded",
    "INFEASIBLE_OR_UNBOUNDED": "unbounded",
    "FEASIBLE": "time_limit",
    "NO_SOLUTION_FOUND": "time_limit",
}
"""MathOpt's termination reason; any other is ``failed``."""
LIMITS: dict[str, Reason] = {"INTERRUPTED": "interrupted", "NODE": "work_limit"}
LIMITS |= dict.fromkeys(("MEMORY", "NORM", "OTHER"), "failed")
"""What the limit makes of ``time_limit``; any other leaves it."""

FEASIBILITY = 1e-8
"""SCIP's own 1e-6 lets it find plans that look better than the optimum of others."""
LINE = 10
"""Nodes for a line of the progress table: what is told and asked at each, so that a search which is to wait does so soon."""
PRIORITY = 300_000
"""Priority of a way to choose the next node that is above SCIP's own ones."""
MEMORY = 0.25
"""Share of the machine's free memory from four fifths of which on SCIP keeps few nodes open, and that it may take at the most."""
MEGABYTE = 1e6
DUAL, PRIMAL = "dualbound", "primalbound"
"""Headings of the columns of SCIP's progress table that hold its bounds."""


@dataclass(frozen=True)
class Scip(Adapter):
    """SCIP on one thread: OR-Tools' build has no parallel search.

    ``best_first``: the node of the highest bound is always the next one, nothing is dived into, and nothing is learned from conflicts. So
    no time goes to nodes below the optimum, whatever plan is known: for searches where others look for plans (docs/trials.md, Best first)."""

    name = "scip"
    best_first: bool = False

    def search(self, task: Task) -> Claim:
        """Solve MathOpt's message, and read the answer."""
        from pybind11_abseil.status import StatusNotOk  # type: ignore[import-untyped]

        try:
            return _claim(_run(_model(task.scaled), task, self.best_first), task)
        except StatusNotOk as trouble:
            # MathOpt chokes on the infinite value of a ray that SCIP hands over as a plan.
            endless = relaxation_bound(task.matrix, task.stopping.time_limit) == np.inf
            return Claim("unbounded" if endless else "failed", None, None, str(trouble))


def _model(matrix: Matrix) -> Any:
    """The model as MathOpt's message; SCIP minimises, so the signs are turned here."""
    from ortools.math_opt import model_pb2

    model = model_pb2.ModelProto()
    columns, rows = model.variables, model.linear_constraints
    columns.ids.extend(range(matrix.objective.size))
    columns.lower_bounds.extend(matrix.lower.tolist())
    columns.upper_bounds.extend(matrix.upper.tolist())
    columns.integers.extend(matrix.integer.tolist())
    worth = np.flatnonzero(matrix.objective)
    model.objective.linear_coefficients.ids.extend(worth.tolist())
    model.objective.linear_coefficients.values.extend((-matrix.objective[worth]).tolist())
    model.objective.offset = -matrix.offset
    rows.ids.extend(range(matrix.rows.shape[0]))
    rows.lower_bounds.extend(matrix.row_lower.tolist())
    rows.upper_bounds.extend(matrix.row_upper.tolist())
    table = matrix.rows.copy()
    table.sum_duplicates()
    entries = table.tocoo()
    model.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    model.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    model.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return model


def _run(model: Any, task: Task, best_first: bool) -> Any:
    """The answer to the message: MathOpt's result message."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver
    from ortools.util.python.solve_interrupter import SolveInterrupter

    stopping, reporter, columns = task.stopping, task.reporter, task.matrix.objective.size
    settings = parameters_pb2.SolveParametersProto()
    settings.time_limit.FromMilliseconds(max(int(1000 * task.left), 100))
    if stopping.work is not None:
        settings.node_limit = scip_nodes(stopping.work)
    settings.relative_gap_tolerance = stopping.gap
    settings.random_seed = stopping.seed
    settings.gscip.real_params["numerics/feastol"] = FEASIBILITY
    settings.gscip.int_params["display/freq"] = LINE
    if best_first:
        _prefer_bounds(settings.gscip)
    details = model_parameters_pb2.ModelSolveParametersProto()
    if task.begin is not None:
        hint = details.solution_hints.add().variable_values
        hint.ids.extend(range(columns))
        hint.values.extend(task.begin.tolist())
    wish = callback_pb2.CallbackRegistrationProto()
    wish.request_registration.append(callback_pb2.CALLBACK_EVENT_MIP_SOLUTION)

    def hear_plan(message: Any) -> Any:
        plan = _dense(message.primal_solution_vector, columns)
        # The bound of such a message is 0 where SCIP has none yet: bounds come from the table.
        reporter.tell(task.ours(message.mip_stats.primal_bound), None, plan)
        return callback_pb2.CallbackResultProto()

    heading: list[str] = []

    def hear_table(lines: Sequence[str]) -> None:
        task.stop()  # one that is held waits here
        for cells in ([cell.strip() for cell in line.split("|")] for line in lines):
            if DUAL in cells:
                heading[:] = cells
            elif len(cells) == len(heading):
                value, bound = _number(cells[heading.index(PRIMAL)]), _number(cells[heading.index(DUAL)])
                # The least number that the table, with its seven digits, may have printed so.
                reporter.tell(task.ours(value), task.ours(None if bound is None else bound - abs(bound) * 1e-6))

    interrupter = SolveInterrupter()
    with watching(task.stop, interrupter.interrupt):
        return solver.solve(
            model,
            parameters_pb2.SOLVER_TYPE_GSCIP,
            parameters_pb2.SolverInitializerProto(),
            settings,
            details,
            hear_table,
            wish,
            hear_plan,
            interrupter.pybind_interrupter,
        )


def _prefer_bounds(settings: Any) -> None:
    """Settings of :attr:`Scip.best_first`; open nodes are many then, so that memory has a limit."""
    settings.int_params["nodeselection/bfs/stdpriority"] = PRIORITY
    settings.int_params["nodeselection/bfs/maxplungedepth"] = 0
    settings.bool_params["conflict/enable"] = False
    free = available()
    if np.isfinite(free):
        settings.real_params["limits/memory"] = MEMORY * free / MEGABYTE


def _claim(answer: Any, task: Task) -> Claim:
    from ortools.math_opt import result_pb2

    end, columns = answer.termination, task.matrix.objective.size
    word = result_pb2.TerminationReasonProto.Name(end.reason).removeprefix("TERMINATION_REASON_")
    limit = result_pb2.LimitProto.Name(end.limit).removeprefix("LIMIT_")
    reason = REASONS.get(word, "failed")
    reason = LIMITS.get(limit, reason) if reason == "time_limit" else reason
    values = _dense(answer.solutions[0].primal_solution.variable_values, columns) if answer.solutions else None
    bound = task.ours(end.objective_bounds.dual_bound) if reason not in ("infeasible", "unbounded") else None
    done = scip_units(answer.solve_stats.node_count)
    return Claim(reason, values, bound, f"{word} {limit} {end.detail}".strip(), done)


def _dense(vector: Any, columns: int) -> Floats:
    """A sparse message as an array."""
    values = np.zeros(columns)
    values[np.array(vector.ids, dtype=np.int64)] = np.array(vector.values, dtype=np.float64)
    return values


def _number(text: str) -> float | None:
    """A cell of the table; None for ``--`` and for the heading."""
    try:
        return float(text)
    except ValueError:
        return None
