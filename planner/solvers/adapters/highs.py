"""HiGHS through its own Python interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.solvers.adapters.frame import Adapter, Task
from planner.solvers.check import Claim, value_of
from planner.solvers.lp import call_back, new_highs
from planner.solvers.protocol import LEAST_SECONDS, Floats, Reason
from planner.solvers.rein import offered
from planner.solvers.work import HIGHS_ITERATIONS, HIGHS_LOOKS, looked, units

if TYPE_CHECKING:
    from highspy import Highs as Library

IMPROVING, INTERRUPT, ASKING = "kCallbackMipImprovingSolution", "kCallbackMipInterrupt", "kCallbackMipUserSolution"
ITERATIONS = "kIterationLimit"
REASONS: dict[str, Reason] = {
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "unbounded",
    "kTimeLimit": "time_limit",
    "kInterrupt": "interrupted",
    "kHighsInterrupt": "interrupted",
    ITERATIONS: "time_limit",
    "kSolutionLimit": "time_limit",
}
"""HiGHS's model status by name; any other is ``failed``."""


SAME = 1e-6
"""Relative difference of the values of one plan."""


class Highs(Adapter):
    """HiGHS: the whole model in one call; progress, interruption and plans found elsewhere through its callbacks."""

    name = "highs"

    def search(self, task: Task) -> Claim:
        """Raises ValueError when HiGHS does not take the model."""
        claim, value = self._run(task, task.begin)
        if task.begin is None or claim.values is None or value is None or claim.reason not in ("optimal", "gap_reached"):
            return claim
        if value - value_of(task.matrix, claim.values) <= SAME * max(abs(value), task.unit):
            return claim
        # HiGHS 1.16 may tell the value of the best plan and hand back the one that it was given to begin from.
        again, _ = self._run(task, None)
        return replace(again, work=None if again.work is None else again.work + (claim.work or 0))

    def _run(self, task: Task, begin: Floats | None) -> tuple[Claim, float | None]:
        """What HiGHS says in the end, and what it says its plan is worth."""
        stopping, whole = task.stopping, bool(task.matrix.integer.any())
        highs = new_highs(
            task.scaled,
            time_limit=max(task.left, LEAST_SECONDS),
            mip_rel_gap=stopping.gap,
            # The parallel tree search of HiGHS 1.16 looks at its limits a twentieth as often: another unit of work altogether.
            threads=stopping.threads if stopping.work is None else 1,
            random_seed=stopping.seed,
            # HiGHS 1.12 with this heuristic has called plans optimal that are not (the tests hold one such model).
            mip_heuristic_run_root_reduced_cost=False,
        )
        if begin is not None and whole:
            highs.setSolution(begin.size, np.arange(begin.size, dtype=np.int32), begin)
        work = _Work(stopping.work)
        if stopping.work is not None and not whole:
            highs.setOptionValue("simplex_iteration_limit", stopping.work * HIGHS_ITERATIONS)
        call_back(highs, _hear(task, work), IMPROVING, INTERRUPT, ASKING, "kCallbackSimplexInterrupt", "kCallbackIpmInterrupt")
        highs.run()
        info = highs.getInfo()
        return work.judge(_claim(highs, task), info.simplex_iteration_count), task.ours(info.objective_function_value)


@dataclass
class _Work:
    """Counts the looks that HiGHS takes at its limits while it searches a tree: fixed points of its algorithm, which no
    clock sets, on one thread."""

    most: int | None
    looks: int = 0
    spent: bool = False

    def look(self) -> bool:
        """Count one; whether that was all."""
        self.looks += 1
        self.spent = self.most is not None and looked(self.looks) >= self.most * HIGHS_LOOKS
        return self.spent

    def judge(self, claim: Claim, iterations: int) -> Claim:
        """The claim with the work done, and the work as the reason where it was."""
        done = units(looked(self.looks), HIGHS_LOOKS) if self.looks else units(max(iterations, 0), HIGHS_ITERATIONS)
        stopped = self.spent and claim.reason == "interrupted"
        counted = self.most is not None and claim.detail == ITERATIONS
        return replace(claim, reason="work_limit" if stopped or counted else claim.reason, work=done)


def _hear(task: Task, work: _Work) -> Callable[..., None]:
    """What HiGHS calls while it runs; its primal and dual bounds are of the minimisation, infinite while unknown."""
    import highspy

    improving, interrupting, asking = (int(getattr(highspy.cb.HighsCallbackType, kind)) for kind in (IMPROVING, INTERRUPT, ASKING))

    def hear(kind: int, _message: str, out: Any, into: Any, _user: object) -> None:
        if int(kind) == improving:
            # The array is HiGHS's own memory and changes later.
            plan = np.array(out.mip_solution)
            task.reporter.tell(task.ours(out.mip_primal_bound), task.ours(out.mip_dual_bound), plan)
            return
        if int(kind) == asking:
            better = offered(task.stop)
            if better is not None:
                into.setSolution(better)
            return
        if int(kind) == interrupting:
            task.reporter.tell(None, task.ours(out.mip_dual_bound))
            if work.look():
                into.user_interrupt = True
                return
        if task.stop():
            into.user_interrupt = True

    return hear


def _claim(highs: Library, task: Task) -> Claim:
    """What HiGHS says in the end."""
    status = highs.getModelStatus().name
    info, solution = highs.getInfo(), highs.getSolution()
    reason = REASONS.get(status, "failed")
    values = np.array(solution.col_value) if solution.value_valid else None
    bound: float | None = None if reason == "failed" else info.mip_dual_bound
    if not task.matrix.integer.any():
        bound = info.objective_function_value if reason == "optimal" else None
    return Claim(reason, values, task.ours(bound), status)
