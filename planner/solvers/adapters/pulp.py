"""Any solver that PuLP knows, by PuLP's name.

PuLP says "Optimal" at a time limit, or loses the plan that the solver holds then, and passes on no bound. So its word is taken
for the log and for "infeasible" alone. The plan is what the solver's own model holds, evaluated by our own check whatever was
said about it; the bound is the better one of the linear relaxation's, from HiGHS, and the native model's, where that is known.
"""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from planner.solvers.adapters.frame import ENDLESS, Adapter, Task
from planner.solvers.check import Claim
from planner.solvers.lp import free_threads, relaxation_bound
from planner.solvers.progress import unprinted, watching
from planner.solvers.protocol import Floats, Matrix, Reason, Stopping

ROOM = 0.95
"""A solver that ends before this share of its time has ended of its own accord."""
RELAXATION, RELAXATION_BESIDE = 0.5, 0.1
"""Share of the time for the bound of the linear relaxation: the only one there is, or beside a native one."""


@dataclass(frozen=True)
class Native:
    """What PuLP leaves in its ``solverModel``. Each asks the library, and may raise where there is nothing yet."""

    bound: Callable[[Any], float]
    """Of the minimisation."""
    values: Callable[[Any], Iterable[float]] | None = None
    """Of all columns in the order of PuLP's ``variables()``; None: PuLP passes them on at a limit too."""
    halt: str | None = None
    """The method that ends a solve under way, from any thread."""
    options: Callable[[Stopping], Mapping[str, object]] = lambda stopping: {}
    """Further arguments of PuLP's class."""


NATIVE: Mapping[str, Native] = MappingProxyType(
    {
        "GUROBI": Native(
            lambda model: model.ObjBound,
            lambda model: model.getAttr("X", model.getVars()),
            "terminate",
            lambda stopping: {"Threads": stopping.threads, "Seed": stopping.seed},
        ),
        "CPLEX_PY": Native(lambda model: model.solution.MIP.get_best_objective(), lambda model: model.solution.get_values()),
        "COPT": Native(
            lambda model: model.BestBnd,
            lambda model: model.getInfo("Value", model.getVars()),
            "interrupt",
            lambda stopping: {"Threads": stopping.threads},
        ),
        "XPRESS_PY": Native(
            lambda model: model.attributes.bestbound,
            lambda model: model.getSolution(),
            "interrupt",
            lambda stopping: {"options": [f"THREADS={stopping.threads}"]},
        ),
        "SCIP_PY": Native(lambda model: model.getDualbound(), halt="interruptSolve"),
        "HiGHS": Native(lambda model: model.getInfo().mip_dual_bound, halt="cancelSolve"),
    }
)
"""By PuLP's name; of any other solver only what PuLP passes on is known."""
LATE = 1.0
"""Seconds over its limit after which a library is asked to stop."""


class PulpSolver(Adapter):
    """One of PuLP's solvers. PuLP shows no progress; one that cannot be asked to stop is killed with its worker process. The start
    is kept but not passed on. A solver that cannot be had, or has no licence for a model of this size, is ``failed`` with its own
    words as the detail."""

    def __init__(self, name: str) -> None:
        self.name = name

    def search(self, task: Task) -> Claim:
        """The bound of the linear relaxation, then the library's own search."""
        import pulp

        share = RELAXATION_BESIDE if self.name in NATIVE else RELAXATION
        bound = relaxation_bound(task.matrix, task.stopping.time_limit * share)
        if bound == -np.inf:
            return Claim("infeasible", None, None, "the linear relaxation is infeasible")
        if bound == np.inf:
            return Claim("unbounded", None, None, "so is the linear relaxation")
        if bound is not None:
            task.reporter.tell(bound=bound)

        reporter, stop = task.reporter, task.stop
        seconds = max(task.left, 1.0)
        before = reporter.seconds
        problem, variables = _problem(task.scaled)
        native = NATIVE.get(self.name)

        def halt() -> None:
            model = getattr(problem, "solverModel", None)
            if model is not None and native is not None and native.halt is not None:
                getattr(model, native.halt)()

        free_threads()
        try:
            with warnings.catch_warnings(), ExitStack() as stack:
                warnings.simplefilter("ignore")
                library = pulp_solver(self.name, task.stopping, seconds)
                if native is not None and native.halt is not None:
                    # Some versions of Xpress do not heed the limit that PuLP sets.
                    late = before + seconds + LATE
                    stack.enter_context(watching(lambda: stop() or reporter.seconds > late, halt))
                problem.solve(library)
        except Exception as error:  # whatever a library raises: no licence, a licence too small, a file that is missing
            return Claim("failed", None, bound, f"{self.name}: {error}".strip())
        early = reporter.seconds - before < ROOM * seconds
        word = str(pulp.LpStatus.get(problem.status, "Undefined"))
        values, lowest = _held(problem, variables, native)
        if lowest is not None:
            own = float(task.matrix.offset) - lowest * task.unit
            bound = own if bound is None else min(own, bound)
        reason: Reason = "interrupted" if stop() else "time_limit"
        if early and word == "Infeasible":
            reason = "infeasible"
        elif early and reason == "time_limit":
            # "optimal" is weighed against the bound by the check; without a bound of its own it is worth nothing.
            reason = "failed" if word != "Optimal" else "time_limit" if lowest is None else "optimal"
        said = "it gives no bound" if lowest is None else f"its bound is {lowest!r} of the scaled minimisation"
        return Claim(reason, values, bound, f"PuLP says {word}; {said}")


def _held(problem: Any, variables: list[Any], native: Native | None) -> tuple[Floats | None, float | None]:
    """(the plan that the library holds, not checked; its bound on the minimisation), None where there is none."""
    values = np.array([np.nan if variable.varValue is None else variable.varValue for variable in variables], dtype=np.float64)
    model = getattr(problem, "solverModel", None)
    bound = None
    if native is not None and model is not None:
        with suppress(Exception):  # each library has its own way to say that it holds none
            lowest = float(native.bound(model))
            bound = lowest if math.isfinite(lowest) and abs(lowest) < ENDLESS else None
        if native.values is not None:
            with suppress(Exception):
                held = np.array(list(native.values(model)), dtype=np.float64)
                values[[int(variable.name[1:]) for variable in problem.variables()]] = held
    return (values if np.isfinite(values).all() else None), bound


def pulp_solver(name: str, stopping: Stopping, seconds: float) -> Any:
    """PuLP's solver with as many of the limits as it takes. Raises pulp.PulpError for an unknown name."""
    import pulp

    kind = pulp_kinds().get(name)
    taken = inspect.signature(kind.__init__).parameters if kind is not None else {}
    wishes = {"msg": False, "timeLimit": seconds, "gapRel": stopping.gap, "threads": stopping.threads}
    known = {key: value for key, value in wishes.items() if key in taken}
    return pulp.getSolver(name, **known, **(NATIVE[name].options(stopping) if name in NATIVE else {}))


def pulp_kinds() -> Mapping[str, Any]:
    """PuLP's class of each solver by its name; none is started, or even asked whether it is there."""
    import pulp

    return {kind.name: kind for kind in pulp.apis._all_solvers}


def missing(name: str) -> str | None:
    """Why PuLP's solver of that name cannot be had, in its own words where it has any; None when it can."""
    with warnings.catch_warnings(record=True) as said, unprinted():
        warnings.simplefilter("always")
        try:
            if pulp_kinds()[name](msg=False).available():
                return None
        except Exception as error:
            return str(error) or type(error).__name__
    return "; ".join(str(warning.message) for warning in said)


def _problem(matrix: Matrix) -> tuple[Any, list[Any]]:
    """The model as PuLP's objects, without its offset, which some solvers would lose: expressions are made from pairs, never
    by adding up."""
    import pulp

    problem = pulp.LpProblem("planner", pulp.LpMinimize)
    lower, upper = ([side if math.isfinite(side) else None for side in sides.tolist()] for sides in (matrix.lower, matrix.upper))
    kinds = [pulp.LpInteger if integer else pulp.LpContinuous for integer in matrix.integer.tolist()]
    columns = enumerate(zip(lower, upper, kinds, strict=True))
    variables = [problem.add_variable(f"c{index}", *column) for index, column in columns]
    problem += pulp.LpAffineExpression(list(zip(variables, (-matrix.objective).tolist(), strict=True)))
    table = matrix.rows
    begins, entries, numbers = table.indptr.tolist(), table.indices.tolist(), table.data.tolist()
    for index, row_sides in enumerate(zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)):
        piece = slice(begins[index], begins[index + 1])
        terms = [(variables[column], number) for column, number in zip(entries[piece], numbers[piece], strict=True)]
        for sense, side, tail in _sides(*row_sides):
            row = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense=sense, rhs=side)
            problem.addConstraint(row, name=f"r{index}{tail}")
    return problem, variables


def _sides(lower: float, upper: float) -> list[tuple[int, float, str]]:
    """PuLP's sense (1 for ≥, 0 for =, −1 for ≤), the side and the end of the name of each row to write."""
    if lower == upper:
        return [(0, lower, "")]
    return [(-1, upper, "u")] * (upper != np.inf) + [(1, lower, "l")] * (lower != -np.inf)
