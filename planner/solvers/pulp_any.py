"""Any solver that PuLP knows, by PuLP's name.

PuLP says "Optimal" at a time limit and passes on no bound. So its word is taken for nothing but the log: the plan is
evaluated by our own check, and the bound is that of the linear relaxation, from HiGHS. ``optimal`` or ``gap_reached``
then means that this bound proves it.
"""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np

from planner.solvers.check import Claim, conclude, sound, unbounded_or_infeasible, without_search
from planner.solvers.lp import free_threads, relaxation_bound
from planner.solvers.protocol import Floats, Limits, Listener, Matrix, Reason, Solution, StopSign, never
from planner.solvers.report import Reporter

EARLY: dict[str, Reason] = {"Optimal": "time_limit", "Infeasible": "infeasible"}
"""What PuLP's status means when the solver ended of its own accord; any other is ``failed``."""
ROOM = 0.95
"""A solver that ends before this share of its time has ended of its own accord."""


class PulpSolver:
    """One of PuLP's solvers. PuLP shows no progress and cannot be stopped: the worker process is killed instead."""

    def __init__(self, name: str) -> None:
        self.name = name

    def solve(
        self, matrix: Matrix, limits: Limits, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise; ``start`` is kept but not passed on. Raises pulp.PulpError when the solver cannot be had."""
        easy = without_search(matrix, limits, self.name)
        if easy is not None:
            return easy
        reporter = Reporter(listen)
        bound = relaxation_bound(matrix, limits.time_limit / 2)
        if bound is not None and np.isfinite(bound):
            reporter.tell(bound=bound)
        if bound == -np.inf:
            claim = Claim("infeasible", None, None, "the linear relaxation is infeasible")
        elif bound == np.inf:
            claim = unbounded_or_infeasible(
                matrix, Claim("unbounded", None, None, "so is the linear relaxation"), limits.time_limit
            )
        else:
            claim = self._search(matrix, limits, reporter, bound, stop)
        return conclude(matrix, limits, self.name, claim, reporter.finish(), sound(matrix, start))

    def _search(self, matrix: Matrix, limits: Limits, reporter: Reporter, bound: float | None, stop: StopSign) -> Claim:
        import pulp

        seconds = max(limits.time_limit - reporter.seconds, 1.0)
        before = reporter.seconds
        free_threads()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            problem, variables = _problem(matrix)
            library = pulp_solver(self.name, limits, seconds)
            problem.solve(library)
        early = reporter.seconds - before < ROOM * seconds
        values = np.array([np.nan if one.varValue is None else one.varValue for one in variables], dtype=np.float64)
        word = str(pulp.LpStatus.get(problem.status, "Undefined"))
        reason = "interrupted" if stop() else EARLY.get(word, "failed") if early else "time_limit"
        found = values if word == "Optimal" and np.isfinite(values).all() else None
        return Claim(reason, found, bound, f"PuLP says {word}; it gives no bound")


def pulp_solver(name: str, limits: Limits, seconds: float) -> Any:
    """PuLP's solver with as many of the limits as it takes. Raises pulp.PulpError for an unknown name."""
    import pulp

    taken = inspect.signature(type(pulp.getSolver(name)).__init__).parameters
    wishes = {"msg": False, "timeLimit": seconds, "gapRel": limits.gap, "threads": limits.threads}
    return pulp.getSolver(name, **{key: value for key, value in wishes.items() if key in taken})


def _problem(matrix: Matrix) -> tuple[Any, list[Any]]:
    """The model as PuLP's objects: expressions are made from pairs, never by adding up."""
    import pulp

    problem = pulp.LpProblem("planner", pulp.LpMinimize)
    sides = zip(matrix.lower.tolist(), matrix.upper.tolist(), matrix.integer.tolist(), strict=True)
    variables = [
        problem.add_variable(
            f"c{index}", _finite(lower), _finite(upper), pulp.LpInteger if integer else pulp.LpContinuous
        )
        for index, (lower, upper, integer) in enumerate(sides)
    ]
    costs = zip(variables, (-matrix.objective).tolist(), strict=True)
    problem += pulp.LpAffineExpression(list(costs), constant=-matrix.offset)
    table = matrix.rows
    begins, entries, numbers = table.indptr.tolist(), table.indices.tolist(), table.data.tolist()
    for index, (lower, upper) in enumerate(zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)):
        piece = slice(begins[index], begins[index + 1])
        terms = [(variables[column], number) for column, number in zip(entries[piece], numbers[piece], strict=True)]
        for sense, side, tail in _sides(lower, upper):
            row = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense=sense, rhs=side)
            problem.addConstraint(row, name=f"r{index}{tail}")
    return problem, variables


def _sides(lower: float, upper: float) -> list[tuple[int, float, str]]:
    """PuLP's sense (1 for ≥, 0 for =, −1 for ≤), the side and the end of the name of each row to write."""
    if lower == upper:
        return [(0, lower, "")]
    return [(-1, upper, "u")] * (upper != np.inf) + [(1, lower, "l")] * (lower != -np.inf)


def _finite(side: float) -> float | None:
    return side if np.isfinite(side) else None
