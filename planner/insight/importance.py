r"""Replacement cost of each selected firm: the value of the plan less the optimum without the firm.

The optimum without firm i, :math:`V_{-i}`, lies between the value of a plan without it and a bound, so the cost
:math:`v - V_{-i}` lies in

.. math:: [\,\max(0,\; v - b_{-i}),\; v - v_{-i}\,].

Quick: the firm's room is filled again from its link and park, everything else is held; this gives the upper end alone. Solved: the
firm is excluded in the tables and everything planned anew, for those that may matter most first, while there is time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from planner.insight.difference import PROVED, SMALLEST
from planner.insight.nearby import checked_value, rivals, without
from planner.insight.question import question
from planner.insight.why import answer
from planner.layout.columns import choice_of
from planner.plan.firm_records import Selected
from planner.plan.insights.importance import FirmImportance, How, Importance
from planner.plan.insights.why import Why
from planner.plan.model import Plan
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, limits_of, silent
from planner.solvers.caller import stopped
from planner.solvers.protocol import Listener, Stopping

QUICK_SECONDS = 2.0
"""For one small model, at the most."""

Heard = Callable[[int, int, str], None]
"""Hears how many of how many firms are done, and the id of the last."""


def importance(
    run: Run,
    limits: Stopping | None = None,
    total: float | None = None,
    quick: bool = False,
    heard: Heard = lambda *_: None,
    listen: Listener = silent,
) -> Importance:
    """Replacement cost of every selected firm, or bounds on it.

    Args:
        limits: of each solve; None: those of the run's settings.
        total: seconds for all solves; None: no limit. Firms whose turn does not come keep their quick figure.
        quick: no solves.
    """
    began = time.monotonic()
    limits = limits or limits_of(run.opened)
    value = _value(run.plan)
    found: dict[str, FirmImportance] = {}
    for n, firm in enumerate(run.plan.selected):
        found[firm.candidate_id] = _quick(run, firm, value, limits)
        heard(n + 1, len(run.plan.selected), firm.candidate_id)
    order = sorted(found.values(), key=_largest)
    for n, one in enumerate(order if not quick else []):
        left = limits.time_limit if total is None else min(limits.time_limit, total - (time.monotonic() - began))
        if left <= 0 or stopped():
            break
        found[one.candidate_id] = _solved(run, one, value, replace(limits, time_limit=left), listen)
        heard(n + 1, len(order), one.candidate_id)
    ranked = sorted(found.values(), key=_largest)
    return Importance(
        value=value,
        time_limit=limits.time_limit,
        firms=tuple(one.model_copy(update={"rank": n + 1}) for n, one in enumerate(ranked)),
    )


def _largest(one: FirmImportance) -> tuple[float, float, str]:
    return (-np.inf if one.most is None else -one.most, -one.least, one.candidate_id)


def _value(plan: Plan) -> float:
    """The best that was found for the first level, which is the plan's own value where there are no priorities."""
    levels = plan.objective.levels
    if not levels:
        return plan.objective.value
    return levels[0].value if levels[0].best is None else levels[0].best


def _quick(run: Run, firm: Selected, value: float, limits: Stopping) -> FirmImportance:
    """Only what could take the firm's place is free."""
    programme, case = run.programme, run.programme.case
    i = case.candidates["candidate_id"].astype(str).tolist().index(firm.candidate_id)
    k = case.parks["park_id"].astype(str).tolist().index(firm.park_id)
    selected = choice_of(programme.layout, run.values).candidate
    chain = case.candidates["chain"].to_numpy(np.int64)
    held = np.isin(np.arange(len(chain)), selected)
    room = rivals(programme, selected, np.array([i]), np.array([k])) & ~held
    point = None
    for free in (room, ~held, room | (chain == chain[i])):  # wider where less makes no plan
        point = without(programme, run.values, i, free, min(QUICK_SECONDS, limits.time_limit))
        if point is not None:
            break
    worth = None if point is None else checked_value(programme, point, released=i)
    return _told(firm, value, worth, None, solved=False)


def _solved(run: Run, one: FirmImportance, value: float, limits: Stopping, listen: Listener) -> FirmImportance:
    """Everything is free; the better of both figures counts."""
    firm = next(firm for firm in run.plan.selected if firm.candidate_id == one.candidate_id)
    try:
        told: Why = answer(run, question(run, one.candidate_id), limits, listen).why
    except NoPlan:
        return one
    if told.outcome == "impossible":
        return one.model_copy(update={"irreplaceable": True, "solved": True})
    if told.difference is None:
        return one
    level = told.difference.levels[0]
    quick = None if one.most is None else value - one.most + one.better
    worth = level.after if quick is None else max(quick, level.after)
    # The interval of a restricting question ends at 0; the bound itself is not needed beyond that.
    bound = None if level.highest is None else value + level.highest
    return _told(firm, value, worth, bound, solved=True)


def _told(firm: Selected, value: float, worth: float | None, bound: float | None, *, solved: bool) -> FirmImportance:
    tolerance = PROVED * max(abs(value), SMALLEST)
    least = 0.0 if bound is None else max(0.0, value - bound)
    most = None if worth is None else max(0.0, value - worth)
    how: How
    if most is None:
        how = "unknown"
    elif most - least <= tolerance:
        how = "exact"
    else:
        how = "between" if least > tolerance else "at_most"
    return FirmImportance(
        rank=0,
        candidate_id=firm.candidate_id,
        name=firm.name,
        least=least,
        most=most,
        how=how,
        solved=solved,
        locked=firm.must_include or firm.status == "signed",
        better=max(0.0, (worth if worth is not None else value) - value),
    )
