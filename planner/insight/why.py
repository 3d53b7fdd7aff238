"""Why a candidate is in the plan, or not: forced in or out, solved again from the plan, and the difference itemised.

Forcing is a change of the tables (``must_include``, ``exclude``, ``fixed_park``, ``fixed_quarter``, ``refused_parks``), so a
run with these changes is the very same problem.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from planner.insight.difference import difference, verdict
from planner.insight.infeasible import explain
from planner.insight.nearby import forced
from planner.insight.question import Question, question
from planner.insight.rulings import Rulings, rulings, written
from planner.language import Words
from planner.plan.build import make_plan
from planner.plan.insights.why import Said, Why
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, limits_of, silent, solve_plan
from planner.problems import InputError
from planner.programme.build import Programme, build
from planner.solvers.caller import stopped
from planner.solvers.protocol import Listener, Solution, Stopping, Termination

LOCKS = ("C230", "C231", "C232", "C233", "C234")
"""Codes of locks that contradict each other: the forced candidate and another that must come, for example."""


CLASH = Words("不能同时成立：{limits}", "these cannot all hold: {limits}")
REPAIR = Words("这样放宽就可以：{steps}", "this would make room: {steps}")
MOST_SECONDS, NEAREST, LEAST = 10.0, 0.3, 0.5
"""Seconds, and share of the time, for a plan near the run's, at the most; share for the solve that begins from it, at the least."""


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer, and the forced plan with its data where there is one."""

    why: Why
    opened: Opened | None = None
    plan: Plan | None = None


def why(
    run: Run,
    candidate: str,
    park: str | None = None,
    quarter: str | None = None,
    limits: Stopping | None = None,
    listen: Listener = silent,
) -> Answer:
    """What it costs to force the candidate in, or to do without it; ``limits`` None: those of the run's settings.

    Raises:
        planner.problems.InputError: no such candidate, park or quarter.
        NoPlan: no plan was found in time, or the solver failed.
    """
    return answer(run, question(run, candidate, park, quarter), limits, listen)


def why_all(
    run: Run, limits: Stopping | None = None, heard: Callable[[Why], None] = lambda _: None, listen: Listener = silent
) -> Iterator[Why]:
    """:func:`why` for every candidate that is not selected, by id, until the caller asks to stop; one for which no plan was
    found in time is left out."""
    for firm in run.plan.not_selected:
        if stopped():
            return
        try:
            found = answer(run, question(run, firm.candidate_id), limits, listen).why
        except NoPlan:
            continue
        heard(found)
        yield found


def answer(run: Run, asked: Question, limits: Stopping | None = None, listen: Listener = silent) -> Answer:
    """The answer to a question; see :func:`why`."""
    told = Why(
        candidate_id=asked.candidate_id,
        name=asked.name,
        asked=asked.asked,
        withdrawn=asked.withdrawn,
        park_id=None if asked.park is None else str(run.opened.case.parks["park_id"].iloc[asked.park]),
        quarter=None if asked.quarter is None else run.opened.case.quarters[asked.quarter],
        changes=tuple(written(asked.changes)),
        outcome="solved",
    )
    if asked.asked == "in":
        ruled = rulings(run.opened, asked.candidate, asked.park, asked.quarter)
        if ruled:
            return Answer(_ineligible(told, ruled))
    try:
        opened = run.opened.changed(asked.changes)
    except InputError as error:
        if not all(problem.code in LOCKS for problem in error.problems if problem.severity == "error"):
            raise
        said = tuple(Said(zh=one.say("zh"), en=one.say("en")) for one in error.problems if one.code in LOCKS)
        return Answer(_impossible(told, said))
    if asked.asked == "in" and not opened.eligible.candidates[asked.candidate]:
        # Eligible at its best quarter, and not at the one that was asked for.
        return Answer(_ineligible(told, rulings(opened, asked.candidate, asked.park, asked.quarter)))
    programme = build(opened.case, opened.eligible)
    limits = limits or limits_of(run.opened)
    begun = time.monotonic()
    start = _nearest(opened, programme, run.plan, asked.candidate, limits)
    left = replace(limits, time_limit=max(limits.time_limit - (time.monotonic() - begun), LEAST * limits.time_limit))
    try:
        plan = solve_plan(opened, programme, start, listen, limits=left)
    except NoPlan as found:
        if found.solution.termination.reason == "infeasible":
            return Answer(_impossible(told, _conflict(opened, programme, limits)))
        raise
    return Answer(_solved(told, run.plan, plan, asked.restricts), opened, plan)


def _nearest(opened: Opened, programme: Programme, plan: Plan, candidate: int, limits: Stopping) -> Plan:
    """A plan with little changed beside what is forced, to begin from; the run's plan itself where none was found soon."""
    values = forced(programme, plan, candidate, min(MOST_SECONDS, NEAREST * limits.time_limit))
    if values is None:
        return plan
    ended = Termination("time_limit", None, None, 0.0, "nearby")
    return make_plan(programme, Solution(values, ended), opened.warnings, opened.loaded.folder)


def _solved(told: Why, before: Plan, after: Plan, restricts: bool) -> Why:
    found = difference(before, after, told.candidate_id, restricts)
    return told.model_copy(
        update={
            "difference": found,
            "verdict": verdict(before, after, found, restricts),
            "reason": after.status.reason,
            "gap": after.objective.gap,
            "run_gap": before.objective.gap,
        }
    )


def _ineligible(told: Why, ruled: Rulings) -> Why:
    return told.model_copy(update={"outcome": "ineligible", "rules": ruled.rules, "choices": ruled.choices})


def _impossible(told: Why, conflict: tuple[Said, ...]) -> Why:
    return told.model_copy(update={"outcome": "impossible", "conflict": conflict})


def _conflict(opened: Opened, programme: Programme, limits: Stopping) -> tuple[Said, ...]:
    """What stands against the forced candidate, in words; the one call of :mod:`planner.insight.infeasible`."""
    found = explain(opened, programme, known=True, seconds=limits.time_limit)
    said = [one.text for one in found.contradictions]
    said += [CLASH.fill(limits=_listed(one.limits)) for one in found.conflicts]
    said += [REPAIR.fill(steps=_listed([step.text for step in one.steps])) for one in found.repairs]
    return tuple(Said(zh=words.zh, en=words.en) for words in said)


def _listed(words: Sequence[Words]) -> Words:
    return Words("；".join(one.zh for one in words), "; ".join(one.en for one in words))


def with_time(limits: Stopping, time_limit: float | None) -> Stopping:
    """The same limits with another time limit, where one was asked for."""
    return limits if time_limit is None else replace(limits, time_limit=time_limit)
