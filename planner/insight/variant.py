"""One thing changed and solved again: what every question about a plan is answered from (never from a score).

The change is made in the tables, so that "what if" is exactly what a fresh run with that table would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import Run
from planner.plan.solving import limits_of, silent, solve_plan
from planner.programme.build import Programme, build
from planner.settings.changes import CellChange
from planner.solvers.protocol import Listener, Stopping


@dataclass(frozen=True, eq=False)
class Variant:
    """A changed plan file, its programme and its verified plan."""

    opened: Opened
    programme: Programme
    plan: Plan


def solve_changed(
    run: Run, changes: Sequence[CellChange], limits: Stopping | None = None, listen: Listener = silent
) -> Variant:
    """The run's plan file with ``changes``, solved from the run's plan on; ``limits`` None: those of its settings.

    Raises:
        planner.problems.InputError: the changes contradict each other or the rest of the input.
        planner.plan.solving.NoPlan: no plan exists, or none was found.
    """
    opened = run.opened.changed(changes)
    programme = build(opened.case, opened.eligible)
    plan = solve_plan(opened, programme, run.plan, listen, limits=limits or limits_of(opened))
    return Variant(opened, programme, plan)
