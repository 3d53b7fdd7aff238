"""What every default solve begins with: nothing chosen, where that is a plan, and a plan built from there, before anything is searched;
and a bound, weak as it is, so that a gap can always be told."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from planner.solvers.bounds.pooled import Weak
from planner.solvers.check import Claim, conclude, value_of
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Solution, Stopping
from planner.solvers.search.construct import construct, nothing

LEAST_LEFT = 0.1
"""Seconds that a search gets at least."""
PHASE = "first plan"

Search = Callable[[Matrix, Stopping, Listener, Floats | None, bool], Solution]
"""From a start; the last says whether it was only built."""


def build(matrix: Matrix, seed: int, listen: Listener, began: float) -> Floats | None:
    """The plan that chooses nothing, then one that is built from there, told as soon as each is there; None: there is neither. ``began``:
    when the solve did."""

    def tell(plan: Floats | None) -> None:
        if plan is not None:
            listen(Progress(PHASE, time.monotonic() - began, value_of(matrix, plan), None, plan))

    empty = nothing(matrix)
    tell(empty)
    built = construct(matrix, seed, empty)
    tell(built)
    return built


def from_built(search: Search, matrix: Matrix, stopping: Stopping, listen: Listener, solver: str) -> Solution:
    """What ``search`` finds from the plan that is built first, in the time that is left. Its seconds are from the beginning."""
    began = time.monotonic()
    built = build(matrix, stopping.seed, listen, began)
    weak = Weak.of(matrix).bound()
    spent = time.monotonic() - began
    if built is not None:
        listen(Progress(PHASE, spent, value_of(matrix, built), least_of(weak), built))
    left = stopping.time_limit - spent
    if left < LEAST_LEFT and built is not None and stopping.work is None:
        return conclude(matrix, stopping, solver, Claim("time_limit", built, weak, PHASE), spent, mend="never")

    def later(progress: Progress) -> None:
        listen(replace(progress, seconds=progress.seconds + spent, bound=least_of(weak, progress.bound)))

    found = search(matrix, replace(stopping, time_limit=max(left, LEAST_LEFT)), later, built, True)
    ended = replace(found.termination, seconds=found.termination.seconds + spent)
    if found.values is None or least_of(ended.bound) == least_of(weak, ended.bound):
        return replace(found, termination=ended)
    claim = Claim(ended.reason, found.values, weak, ended.detail, ended.work)
    return conclude(matrix, stopping, ended.solver, claim, ended.seconds, mend="never")


def least_of(*bounds: float | None) -> float | None:
    """The least of some bounds; None: none of them is one."""
    return min((bound for bound in bounds if bound is not None and bound < math.inf), default=None)


def or_built(found: Solution, matrix: Matrix, stopping: Stopping) -> Solution:
    """The solution; where the search has ended without a plan and there may be one, that which is built."""
    ended = found.termination
    if found.values is not None or ended.reason in ("infeasible", "unbounded"):
        return found
    began = time.monotonic()
    claim = Claim(ended.reason, construct(matrix, stopping.seed), ended.bound, ended.detail, ended.work)
    return conclude(matrix, stopping, ended.solver, claim, ended.seconds + time.monotonic() - began, mend="never")
