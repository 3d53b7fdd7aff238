"""A library's claim to have found the optimum, held against another library before it is passed on.

HiGHS begins from the claimed plan and has a moment to find a better one. If it does, the claim is false, and so is the bound that
came with it; what HiGHS says stands instead. If it proves a bound of its own, the better of the two counts.
"""

from __future__ import annotations

from dataclasses import replace

from planner.solvers.adapters.highs import Highs
from planner.solvers.check import Claim, conclude, proof_margin
from planner.solvers.protocol import Matrix, Solution, Stopping, StopSign

MOMENT = 5.0
"""Seconds that the other library has at most."""


def doubted(matrix: Matrix, stopping: Stopping, found: Solution, spent: float, stop: StopSign) -> Solution:
    """``found``, or what is left of it; ``spent`` seconds of the limits are gone."""
    seconds = min(MOMENT, stopping.time_limit - spent)
    if seconds <= 0.0 or stop():
        return found
    ours, highs = found.termination, Highs()
    other = highs.solve(matrix, replace(stopping, time_limit=seconds), lambda _: None, found.values, stop)
    end, value = other.termination, ours.value
    false = end.value is not None and (value is None or end.value > value + proof_margin(matrix, value))
    bounds = [one for one in (end.bound, None if false else ours.bound) if one is not None]
    if not false and (end.bound is None or (ours.bound is not None and end.bound >= ours.bound)):
        return found
    claim = Claim(end.reason if false else ours.reason, other.values, min(bounds, default=None), ours.detail, ours.work)
    held = conclude(matrix, stopping, ours.solver, claim, ours.seconds + end.seconds, found.values)
    return replace(held, rejected=found.rejected)
