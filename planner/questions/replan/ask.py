"""A plan made again after facts came in, near the earlier one; what it changes, why, and what keeping the word costs.

Facts come from the status table and the other tables. The earlier plan is the reference: prices and caps of changes are terms of the
objective and its ceilings (:mod:`planner.terms.changes`), and of plans equally good the nearest is taken
(:mod:`planner.plan.reference.nearness`). What keeping costs is the value of a plan for which changes cost nothing, less this plan's:

.. math:: [\\,v_{\\text{free}} - V,\\; b_{\\text{free}} - V\\,].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from planner.plan.diff import least_difference
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Near
from planner.plan.reference.records import ChangeReport
from planner.plan.reference.report import worth
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, solve_plan
from planner.plan.versions import approved_run
from planner.programme.build import build
from planner.questions.codes import refusal
from planner.questions.plans import Outcome, run
from planner.questions.replan.each import undone
from planner.settings.load import read_settings
from planner.settings.schema import Objective
from planner.solvers.caller import called
from planner.solvers.protocol import Listener, StopSign, never
from planner.terms.changes import COUNTED


def replan(
    path: str | Path,
    earlier: str | Path | None = None,
    status: str | Path | None = None,
    on: str | date | None = None,
    max_changes: int | None = None,
    each: int = 0,
    out: str | Path | None = None,
    overrides: Mapping[str, object] | None = None,
    listen: Listener = silent,
    say: Callable[[str], None] = lambda phase: None,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Outcome:
    """The plan of today's facts that keeps most of ``earlier``, published as a run; its ``change_report`` says what changes.

    Args:
        earlier: a run; None: the newest approved run of the plan of this name in its workspace.
        status: the status table, in place of the plan's; ``on`` the day up to which its events count.
        max_changes: at most so many changes; each project that leaves, that comes, that is in another park, and that is in another
            quarter is one. Those that facts took away do not count.
        each: of at most so many changes it is told what undoing that one alone would cost: one more solve for each.

    Raises:
        planner.problems.InputError, Infeasible, NoPlan: as :func:`planner.api.run`; no run of
            this plan is approved (V110), or the earlier plan shares no project with this one (R190).
    """
    path = Path(path)
    begin = Path(earlier) if earlier is not None else approved_run(path, read_settings(path).settings.name).folder
    overrides = dict(overrides or {})
    if max_changes is not None:
        overrides["objective.ceilings.changes"] = max_changes

    def begun(opened: Opened) -> None:
        if opened.start is None:
            raise refusal("R190", None, "--from", begin.name)

    def finish(opened: Opened, plan: Plan) -> Plan:
        report = plan.change_report
        if report is None:
            return plan
        report = kept(opened, plan, report, listen, tell)
        singly = undone(opened, plan, report, each, listen, tell)
        return plan.model_copy(update={"change_report": report.model_copy(update={"undone": singly})})

    with called(stop, listen):
        return run(path, out, overrides, listen, say, begin, tell, stop=stop, status=status, on=on, begun=begun, finish=finish)


def kept(opened: Opened, plan: Plan, report: ChangeReport, listen: Listener = silent, tell: Teller = quiet) -> ChangeReport:
    """The report with what keeping the word costs. Where changes are neither priced nor capped the plan itself is the best of today's
    facts; otherwise that is solved for, begun from it."""
    free = _free(opened.loaded.settings.objective)
    value, bound = report.value, plan.objective.bound
    if plan.objective.levels:
        bound = plan.objective.levels[0].bound
    if plan.nearness is not None and not plan.objective.levels:
        value += plan.nearness.given_up
    if free is not None:
        tell(announced(1, opened.loaded.settings.solve.time_limit))
        other = opened.pursuing(free, opened.loaded.settings.rules)
        other = replace(other, case=replace(other.case, reference=None))
        try:
            best = solve_plan(other, build(other.case, other.eligible), plan, listen, near=Near(sought=False))
        except NoPlan:
            return report
        value = max(worth(best), report.value)
        bound = best.objective.levels[0].bound if best.objective.levels else best.objective.bound
    lowest = max(value - report.value, 0.0)
    highest = None if bound is None else max(bound - report.value, lowest)
    least = least_difference(report.value, value)
    verdict = "costs" if lowest > least else "free" if highest is not None and highest <= least else "uncertain"
    figures: dict[str, Any] = {"free_value": value, "free_bound": bound, "keeping_lowest": lowest, "keeping_highest": highest}
    return report.model_copy(update={**figures, "verdict": verdict})


def _free(objective: Objective) -> Objective | None:
    """The objective without prices and caps of changes; None where it has none."""

    def rest(figures: Mapping[str, float]) -> dict[str, float]:
        return {name: figure for name, figure in figures.items() if name not in COUNTED}

    levels = tuple(level.model_copy(update={"weights": rest(level.weights)}) for level in objective.levels)
    update = {"weights": rest(objective.weights), "floors": rest(objective.floors), "ceilings": rest(objective.ceilings)}
    free = objective.model_copy(update={**update, "levels": levels})
    return None if free == objective else free
