r"""Replacement cost of each selected firm: the value of the plan less the optimum without the firm.

The optimum without firm i, :math:`V_{-i}`, lies between the value of a plan without it and a bound, so the cost
:math:`v - V_{-i}` lies in

.. math:: [\,\max(0,\; v - b_{-i}),\; v - v_{-i}\,].

Quick: the firm's room is filled again from its link and park, everything else is held; this gives the upper end alone. Solved: the
firm is excluded in the tables and everything planned anew, for those that may matter most first, while there is time.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from planner.language import Words
from planner.layout.columns import choice_of
from planner.plan.diff import least_difference, level_changes, levels
from planner.plan.firm_records import Selected
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent
from planner.problems import InputError
from planner.programme.build import build
from planner.questions.forcing import clash, question, solve_forced
from planner.questions.importance.record import FirmImportance, How, Importance
from planner.questions.nearby import checked_value, rivals, without
from planner.questions.variant import heard, stopping_within
from planner.solvers.caller import stopped
from planner.solvers.protocol import Listener, Stopping, StopSign, never

QUICK_SECONDS = 2.0
"""For one small model, at the most."""


@heard
def importance(
    run: Run,
    time_limit: float | None = None,
    total: float | None = None,
    quick: bool = False,
    tell: Teller = quiet,
    listen: Listener = silent,
    stop: StopSign = never,
) -> Importance:
    """What it would cost to do without each selected firm, or bounds on it.

    Args:
        time_limit: seconds for each firm; None: that of the run's settings. ``total``: for all of them.
        quick: no firm is planned without anew; the figures are then upper bounds.
    """
    stopping, count = stopping_within(run.opened, time_limit), len(run.plan.selected)
    if not quick:
        most = count * stopping.time_limit
        tell(announced(count, most if total is None else min(total, most)))
    return ranked(run, stopping, total, quick, tell, listen)


def ranked(
    run: Run, stopping: Stopping, total: float | None = None, quick: bool = False, tell: Teller = quiet, listen: Listener = silent
) -> Importance:
    """Replacement cost of every selected firm, or bounds on it.

    Args:
        limits: of each solve.
        total: seconds for all solves; None: no limit. Firms whose turn does not come keep their quick figure.
        quick: no solves.
    """
    began = time.monotonic()
    first = levels(run.plan)[0]
    value = first.value if first.best is None else first.best
    found: dict[str, FirmImportance] = {}
    for n, firm in enumerate(run.plan.selected):
        found[firm.candidate_id] = _quick(run, firm, value, stopping)
        tell(_done(n + 1, len(run.plan.selected), firm.candidate_id))
    order = sorted(found.values(), key=_largest)
    for n, one in enumerate(order if not quick else []):
        left = stopping.time_limit if total is None else min(stopping.time_limit, total - (time.monotonic() - began))
        if left <= 0 or stopped():
            break
        found[one.candidate_id] = _solved(run, one, value, replace(stopping, time_limit=left), listen)
        tell(_done(n + 1, len(order), one.candidate_id))
    order = sorted(found.values(), key=_largest)
    return Importance(
        value=value,
        time_limit=stopping.time_limit,
        firms=tuple(one.model_copy(update={"rank": n + 1}) for n, one in enumerate(order)),
    )


def _done(count: int, of: int, name: str) -> Words:
    return Words(*[f"{count}/{of} {name}"] * 2)


def _largest(one: FirmImportance) -> tuple[float, float, str]:
    return (-np.inf if one.most is None else -one.most, -one.least, one.candidate_id)


def _quick(run: Run, firm: Selected, value: float, stopping: Stopping) -> FirmImportance:
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
        point = without(programme, run.values, i, free, min(QUICK_SECONDS, stopping.time_limit))
        if point is not None:
            break
    worth = None if point is None else checked_value(programme, point, released=i)
    return _told(firm, value, worth, None, solved=False)


def _solved(run: Run, one: FirmImportance, value: float, stopping: Stopping, listen: Listener) -> FirmImportance:
    """Everything is free; the better of both figures counts."""
    firm = next(firm for firm in run.plan.selected if firm.candidate_id == one.candidate_id)
    asked = question(run, one.candidate_id)
    try:
        opened = run.opened.changed(asked.changes)
        programme = build(opened.case, opened.eligible)
        plan = solve_forced(run, opened, programme, asked.candidate, stopping, listen)
    except InputError as error:
        clash(error)
        return one.model_copy(update={"irreplaceable": True, "solved": True})
    except NoPlan as none:
        gone = none.solution.termination.reason == "infeasible"
        return one.model_copy(update={"irreplaceable": True, "solved": True}) if gone else one
    level = level_changes(run.plan, plan, asked.restricts)[0]
    quick = None if one.most is None else value - one.most + one.better
    worth = level.after if quick is None else max(quick, level.after)
    # The interval of a restricting question ends at 0; the bound itself is not needed beyond that.
    bound = None if level.highest is None else value + level.highest
    return _told(firm, value, worth, bound, solved=True)


def _told(firm: Selected, value: float, worth: float | None, bound: float | None, *, solved: bool) -> FirmImportance:
    tolerance = least_difference(value, value)
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
