"""Whether a plan crowds into its last quarter because that is cheap: most of what it costs falls due when nothing limits it.

Told when, of the projects whose quarter the plan chose, at least :data:`FEW` sign in the last quarter; when that quarter signs at
least :data:`CROWDED` times as many projects, or as much money or effort, as the others do on average; and when at least
:data:`CHEAP` of the money, or of the effort, that those projects cost falls due after the horizon in quarters without a limit.
"""

from __future__ import annotations

import numpy as np

from planner.case.accounts import after_horizon
from planner.case.case import Bools, Case, Choice, Floats
from planner.case.codes import problem
from planner.language import Words
from planner.problems import Problem

FEW, CROWDED, CHEAP = 2, 2.0, 0.5
MONEY, EFFORT = Words("奖补", "money"), Words("工作量", "effort")


def crowded_last_quarter(case: Case, choice: Choice) -> Problem | None:
    """The warning, with what helps against it; None where the last quarter is like the others, or no cheaper."""
    last = len(case.quarters) - 1
    could_come_before = (case.candidates["fixed_quarter"].to_numpy(np.int64) < 0) & (case.window[:, 0] < last)
    chosen = (choice.quarter == last) & could_come_before[choice.candidate]
    if not last or chosen.sum() < FEW:
        return None
    ones = np.ones(len(choice.candidate))
    for what, cost, shares, free in _costs(case, choice):
        due = cost * after_horizon(case, choice, shares, free)
        cheap = due[chosen].sum() / max(cost[chosen].sum(), 1e-9)
        more = [_times(load, choice, last) for load in (ones, cost)]
        if cheap >= CHEAP and max(more) >= CROWDED:
            return _warning(case, int((choice.quarter == last).sum()), len(choice.candidate), what, float(cheap))
    return None


def _costs(case: Case, choice: Choice) -> list[tuple[Words, Floats, Floats, Bools]]:
    """Money and effort: in words, what each project costs of it where that is limited at all, shares by quarters after signing,
    and in which quarters of the calendar nothing limits it, shape (N, C)."""
    funds, teams, at = case.funds, case.teams, choice.candidate
    asks, team = funds.asks[at], case.candidates["team"].to_numpy(np.int64)[at]
    effort = np.where(team >= 0, case.candidates["effort"].to_numpy(float)[at], 0.0)
    costs = []
    if funds.ids:
        costs.append((MONEY, asks.sum(axis=1), case.paid_shares, funds.unlimited[asks.argmax(axis=1)]))
    if teams.ids:
        costs.append((EFFORT, effort, case.spent_shares, np.isinf(teams.effort)[team]))
    return costs


def _times(load: Floats, choice: Choice, last: int) -> float:
    """How many times the mean of the other quarters the last one has."""
    own = load[choice.quarter == last].sum()
    others = (load.sum() - own) / last
    return float(own / others) if others > 0 else np.inf if own > 0 else 0.0


def _warning(case: Case, own: int, every: int, what: Words, cheap: float) -> Problem:
    objective, count = case.settings.objective, len(case.quarters)
    scale = case.projects if objective.normalise else 1
    return problem(
        "C276",
        None,
        case.quarters[-1],
        own=own,
        others=f"{(every - own) / (count - 1):.3g}",
        what=what,
        cheap=f"{cheap:.0%}",
        weight=f"{objective.term_weights.get('early', 0.0):g}",
        worth=f"{0.1 / count / scale:.2g}",
        least=f"1/{count}",
    )
