r"""Additions that the linear relaxation prices at nothing, proved worth nothing together: one solve in place of many.

With all of them at once every plan is allowed that one of them alone allows, and is worth the same, so that

.. math:: V \le V(x_k) \le V(x_1, \dots, x_n) \le b .

A bound b of the model with all of them is one of the model with each, and of the model without any. Where no better plan than
the one in hand is found until the gap is reached, none of them is worth more than b less the value of that plan.

It takes additions that only raise limits. Terms are measured by what the tables list, whatever is eligible (:mod:`planner.terms.term`),
and so alike in all of these models.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.plan.model import Plan
from planner.plan.reopen import Run
from planner.plan.start import carry_over
from planner.plan.stored import earlier_plan
from planner.programme.build import build
from planner.settings.changes import Change
from planner.solvers.check import value_of
from planner.solvers.protocol import Listener, Progress, Stopping
from planner.solvers.registry import solve

BETTER = 1e-9
"""Relative difference of two values from which one is better."""


def bound_together(run: Run, base: Plan, changes: Sequence[Change], stopping: Stopping, listen: Listener) -> float | None:
    """A bound of the run's plan file with each of these additions, by its first level, that leaves ``base`` within the gap; None
    where some addition is worth something, or nothing was proved in the time."""
    opened = run.opened.changed(changes)
    programme = build(opened.case, opened.eligible)
    begun = carry_over(programme, earlier_plan(base), stopping, listen)
    if begun.values is None or begun.interrupted:
        return None
    value = value_of(programme.matrix, begun.values)
    least, better = value + BETTER * max(1.0, abs(value)), False

    def hear(now: Progress) -> None:
        nonlocal better
        better |= now.value is not None and now.value > least
        listen(now)

    solver = opened.loaded.settings.solve.solver
    ended = solve(programme.matrix, solver, stopping, hear, begun.values, lambda: better).termination
    proved = ended.reason in ("optimal", "gap_reached") and ended.value is not None and ended.value <= least
    return ended.bound if proved else None
