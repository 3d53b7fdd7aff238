"""Each change by itself: what keeping that one project as it was would cost, by a solve in which everything else is free."""

from __future__ import annotations

from collections.abc import Iterator

from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Near
from planner.plan.reference.records import ChangeReport, ProjectChange, Undone
from planner.plan.solving import NoPlan, Teller, announced, solve_plan
from planner.problems import InputError
from planner.programme.build import build
from planner.questions.difference import difference, verdict
from planner.questions.items import Difference
from planner.questions.variant import cell, clash
from planner.settings.changes import Change
from planner.solvers.caller import stopped
from planner.solvers.protocol import Listener


def undone(opened: Opened, plan: Plan, report: ChangeReport, most: int, listen: Listener, tell: Teller) -> tuple[Undone, ...]:
    """The first ``most`` changes of the report that no fact has made, each undone."""
    asked = [change for change in report.changes if change.kind != "fallen" and change.cause != "fact"][:most]
    if asked:
        tell(announced(len(asked), len(asked) * opened.loaded.settings.solve.time_limit))
    return tuple(_undone(opened, plan, change, listen) for change in asked if not stopped())


def _undone(opened: Opened, plan: Plan, change: ProjectChange, listen: Listener) -> Undone:
    name = change.candidate_id
    try:
        other = opened.changed(list(_as_it_was(change)))
        near = Near(plan, firms_first=True)
        best = solve_plan(other, build(other.case, other.eligible), plan, listen, near=near)
    except InputError as error:
        clash(error)
        return Undone(candidate_id=name, outcome="impossible", verdict="costs")
    except NoPlan as none:
        if none.solution.termination.reason == "infeasible":
            return Undone(candidate_id=name, outcome="impossible", verdict="costs")
        return Undone(candidate_id=name, outcome="not_found")
    found = difference(plan, best, name)
    said, level = verdict(plan, best, found, restricts=True), found.levels[0]
    return Undone(
        candidate_id=name,
        outcome="solved",
        lowest=0.0 if level.highest is None else max(-level.highest, 0.0),
        highest=None if level.lowest is None else max(-level.lowest, 0.0),
        verdict="costs" if said == "costs" else "free" if said == "free" else "uncertain",
        items=_items(found),
        others=tuple(firm.candidate_id for firm in found.firms if firm.change in ("leaves", "comes", "moves")),
    )


def _as_it_was(change: ProjectChange) -> Iterator[Change]:
    """The cells that undo a change."""
    name = change.candidate_id
    if change.kind == "added":
        yield cell(name, "exclude", value=True)
        return
    yield cell(name, "must_include", value=True)
    yield cell(name, "fixed_park", change.park_before or "")
    yield cell(name, "fixed_quarter", change.quarter_before or "")


def _items(found: Difference) -> dict[str, float]:
    """What the plan has more, by term and of soft rules together; what is 0 is left out."""
    items: dict[str, float] = {}
    for part in found.parts:
        name = "rules" if part.kind == "rule" else part.name
        items[name] = items.get(name, 0.0) - part.values[0]
    return {name: value for name, value in items.items() if value}
