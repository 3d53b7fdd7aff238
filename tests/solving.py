"""Solving a workspace inside the test process, for speed; workers are tested in test_solvers.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.limits import FAMILIES
from planner.limits.family import Family
from planner.plan.build import make_plan
from planner.plan.model import Plan
from planner.plan.open import Opened, open_plan
from planner.programme.build import Programme, build
from planner.solvers.adapters.highs import Highs
from planner.solvers.protocol import Solution, Solver, Stopping

# One thread everywhere: HiGHS takes only one number of threads in a process.
EXACT = Stopping(time_limit=60, gap=0.0, threads=1, seed=1)
CLOSE = Stopping(time_limit=20.0, gap=1e-6, threads=1, seed=1)


def solve_programme(programme: Programme, solver: Solver | None = None) -> Solution:
    """To proved optimality."""
    return (solver or Highs()).solve(programme.matrix, EXACT, lambda progress: None)


def optimum(path: Path, families: Sequence[Family] = FAMILIES, solver: Solver | None = None) -> float | None:
    """The proved optimum of a workspace; None when it is infeasible."""
    opened = open_plan(path)
    solution = solve_programme(build(opened.case, opened.eligible, families), solver)
    if solution.termination.reason == "infeasible":
        return None
    assert solution.termination.reason == "optimal"
    return solution.termination.value


def planned(path: Path) -> tuple[Opened, Programme, Plan]:
    """The verified plan of a workspace."""
    opened = open_plan(path)
    programme = build(opened.case, opened.eligible)
    return opened, programme, make_plan(programme, solve_programme(programme), opened.warnings, path.parent)


def opened_up(plan: Plan, gap: float | None, **more: Any) -> Plan:
    """The plan as if its bound lay so far above its value."""
    bound = None if gap is None else plan.objective.value + gap * abs(plan.objective.value)
    objective = plan.objective.model_copy(update={"bound": bound, "gap": gap, **more})
    status = plan.status.model_copy(update={"proved": False, "reason": "time_limit"})
    return plan.model_copy(update={"objective": objective, "status": status})
