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

from planner.layout import choice_of
from planner.limits.family import same
from planner.plan.diff import least_difference, level_changes, levels
from planner.plan.firm_records import Selected
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent
from planner.plan.verify import verify
from planner.problems import InputError
from planner.programme.build import Programme, build
from planner.questions.importance.record import FirmImportance, How, Importance
from planner.questions.variant import clash, heard, nearby, question, rivals, solve_forced, stopping_within
from planner.solvers.caller import stopped
from planner.solvers.check import value_of
from planner.solvers.protocol import Bools, Floats, Listener, Stopping, StopSign, never
from planner.terms.registry import reckon

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
    """The same within ``stopping`` for each solve and ``total`` seconds for all; firms whose turn does not come keep their quick
    figure."""
    began, count = time.monotonic(), len(run.plan.selected)
    first = levels(run.plan)[0]
    value = first.value if first.best is None else first.best
    firms: dict[str, FirmImportance] = {}
    for n, firm in enumerate(run.plan.selected, start=1):
        firms[firm.candidate_id] = _quick(run, firm, value, stopping)
        tell(same(f"{n}/{count} {firm.candidate_id}"))
    for n, figure in enumerate([] if quick else sorted(firms.values(), key=_largest), start=1):
        left = stopping.time_limit if total is None else min(stopping.time_limit, total - (time.monotonic() - began))
        if left <= 0 or stopped():
            break
        firms[figure.candidate_id] = _solved(run, figure, value, replace(stopping, time_limit=left), listen)
        tell(same(f"{n}/{count} {figure.candidate_id}"))
    order = enumerate(sorted(firms.values(), key=_largest), start=1)
    ranking = tuple(figure.model_copy(update={"rank": rank}) for rank, figure in order)
    return Importance(value=value, time_limit=stopping.time_limit, firms=ranking)


def _largest(figure: FirmImportance) -> tuple[float, float, str]:
    return (-np.inf if figure.most is None else -figure.most, -figure.least, figure.candidate_id)


def _quick(run: Run, firm: Selected, value: float, stopping: Stopping) -> FirmImportance:
    """Only what could take the firm's place is free."""
    programme, case = run.programme, run.programme.case
    i = case.candidates["candidate_id"].astype(str).tolist().index(firm.candidate_id)
    k = case.parks["park_id"].astype(str).tolist().index(firm.park_id)
    selected = choice_of(programme.layout, run.values).candidate
    chain = case.candidates["chain"].to_numpy(np.int64)
    held = np.isin(np.arange(len(chain)), selected)
    room = rivals(programme, selected, np.array([i]), np.array([k])) & ~held
    for free in (room, ~held, room | (chain == chain[i])):  # wider where less makes no plan
        point = _without(programme, run.values, i, free, min(QUICK_SECONDS, stopping.time_limit))
        if point is not None:
            return _importance(firm, value, _checked_value(programme, point, released=i), None, solved=False)
    return _importance(firm, value, None, None, solved=False)


def _without(programme: Programme, values: Floats, candidate: int, free: Bools, seconds: float) -> Floats | None:
    """The best plan of the first level without ``candidate``, whatever lock it has, in which only ``free`` ones differ
    from ``values``; None: none was found."""
    columns, matrix = programme.layout, programme.matrix
    lower, first = matrix.row_lower.copy(), 0
    for family, part in zip(programme.families, programme.rows, strict=True):
        if family.name == "must_include" and part.size:  # the row that asks for the candidate
            lower[first + np.flatnonzero(part.about["candidate"] == candidate)] = -np.inf
        first += part.size
    others = columns.candidate != candidate
    chosen = (values[: columns.choices] > 0.5) & others
    return nearby(replace(matrix, row_lower=lower), chosen, free[columns.candidate] & others, seconds)


def _checked_value(programme: Programme, values: Floats, released: int) -> float:
    """What a plan is worth by the first level, recomputed from the tables and held against every limit but the locks of the
    candidate ``released``."""
    case, objective = programme.case, programme.case.settings.objective
    other = np.arange(len(case.candidates)) != released
    must, status = case.candidates["must_include"] & other, case.candidates["status"].where(other, "prospect")
    case = replace(case, candidates=case.candidates.assign(must_include=must, status=status))
    accounts = reckon(case, choice_of(programme.layout, values), [term.name for term in programme.terms])
    weights = objective.levels[0].weights if objective.levels else objective.weights
    parts = (weights.get(term.name, 0.0) * accounts.raw[term.name] / term.normaliser for term in programme.terms)
    value = sum(parts) - accounts.penalties
    verify(case, accounts, value, value_of(programme.matrix, values), None)
    return value


def _solved(run: Run, quick: FirmImportance, value: float, stopping: Stopping, listen: Listener) -> FirmImportance:
    """Everything is free; the better of both figures counts."""
    firm = next(firm for firm in run.plan.selected if firm.candidate_id == quick.candidate_id)
    asked = question(run, quick.candidate_id)
    irreplaceable = quick.model_copy(update={"irreplaceable": True, "solved": True})
    try:
        opened = run.opened.changed(asked.changes)
        programme = build(opened.case, opened.eligible)
        plan = solve_forced(run, opened, programme, asked.candidate, stopping, listen)
    except InputError as error:
        clash(error)
        return irreplaceable
    except NoPlan as none:
        return irreplaceable if none.solution.termination.reason == "infeasible" else quick
    level = level_changes(run.plan, plan, asked.restricts)[0]
    worth = level.after if quick.most is None else max(value - quick.most + quick.better, level.after)
    # The interval of a restricting question ends at 0; the bound itself is not needed beyond that.
    bound = None if level.highest is None else value + level.highest
    return _importance(firm, value, worth, bound, solved=True)


def _importance(firm: Selected, value: float, worth: float | None, bound: float | None, *, solved: bool) -> FirmImportance:
    """``worth``: of the best plan found without the firm; ``bound``: on every such plan."""
    tolerance = least_difference(value, value)
    least = 0.0 if bound is None else max(0.0, value - bound)
    most = None if worth is None else max(0.0, value - worth)
    how: How = (
        "unknown" if most is None else "exact" if most - least <= tolerance else "between" if least > tolerance else "at_most"
    )
    better, locked = 0.0 if worth is None else max(0.0, worth - value), firm.must_include or firm.status == "signed"
    figures = {"least": least, "most": most, "how": how, "solved": solved, "locked": locked, "better": better}
    return FirmImportance.model_validate({"rank": 0, "candidate_id": firm.candidate_id, "name": firm.name, **figures})
