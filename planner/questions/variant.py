"""One thing changed and solved again: what every question about a plan is answered from (never from a score).

The change is made in the tables, so that "what if" is exactly what a fresh run with that table would give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import Run
from planner.plan.solving import silent, solve_plan, stopping_of
from planner.programme.build import Programme, build
from planner.settings.changes import CellChange
from planner.solvers.caller import called
from planner.solvers.protocol import Listener, Stopping

if TYPE_CHECKING:
    from planner.questions.explain.ask import Explanation

P = ParamSpec("P")
R = TypeVar("R")


def heard(ask: Callable[P, R]) -> Callable[P, R]:
    """The question, whose arguments ``stop`` and ``listen`` hold for every solve within it."""

    @wraps(ask)
    def asked(*given: P.args, **named: P.kwargs) -> R:
        bound = signature(ask).bind(*given, **named)
        bound.apply_defaults()
        with called(bound.arguments["stop"], bound.arguments["listen"]):
            return ask(*given, **named)

    return asked


def stopping_within(opened: Opened, time_limit: float | None) -> Stopping:
    """The limits that the settings give a solve, with another time limit where one was asked for."""
    stopping = stopping_of(opened)
    return stopping if time_limit is None else replace(stopping, time_limit=time_limit)


class Infeasible(Exception):  # noqa: N818  an outcome, not a fault
    """No plan exists; ``conflict`` says which limits stand against each other and what would help, ``words`` in sentences."""

    def __init__(self, conflict: Explanation, words: Words) -> None:
        self.conflict, self.words = conflict, words
        super().__init__(words.en)


@dataclass(frozen=True, eq=False)
class Variant:
    """A changed plan file, its programme and its verified plan."""

    opened: Opened
    programme: Programme
    plan: Plan


def solve_changed(run: Run, changes: Sequence[CellChange], stopping: Stopping | None = None, listen: Listener = silent) -> Variant:
    """The run's plan file with ``changes``, solved from the run's plan on; ``stopping`` None: those of its settings.

    Raises:
        planner.problems.InputError: the changes contradict each other or the rest of the input.
        planner.plan.solving.NoPlan: no plan exists, or none was found.
    """
    opened = run.opened.changed(changes)
    programme = build(opened.case, opened.eligible)
    plan = solve_plan(opened, programme, run.plan, listen, limits=stopping or stopping_of(opened))
    return Variant(opened, programme, plan)
