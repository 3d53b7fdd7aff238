r"""The choice columns of the programme, and why most of them need no quarter.

A selected candidate is placed once and scheduled once. Resources of a park whose capacity does not change over the horizon
bind only at its end, so nothing couples *which park* with *which quarter* there. Instead of :math:`x_{ikt}` for each park
and quarter such a park needs only

* a placement :math:`y_{ik}\in\{0,1\}` and
* a schedule :math:`z_{it}\in\{0,1\}`, with :math:`\sum_k y_{ik} = \sum_t z_{it}`.

This is exact, and its linear relaxation is as strong: given fractional :math:`y, z` with equal sums :math:`s`,
:math:`x_{ikt} = y_{ik} z_{it} / s` meets every row that speaks of parks alone or of quarters alone. It saves a factor near
T in columns and all of the symmetry between quarters. Parks whose capacity comes in binding phases, or that a rule ties to
a quarter, are *timed* and keep :math:`x_{ikt}`. With one quarter every park is timed and there is nothing to schedule.
"""

from __future__ import annotations

import numpy as np

from planner.case.case import Bools, Case, Floats, Ints
from planner.case.eligibility import Eligibility, above
from planner.case.rules import RuleRows, rule_rows
from planner.layout.columns import Choices


def needed_quarters(amount: Floats) -> Bools:
    """Which capacity rows can bind: use only grows, so a quarter with no less later never does. Shape (P, T)."""
    later = np.full(amount.shape, np.inf)
    if amount.shape[1] > 1:
        later[:, :-1] = np.minimum.accumulate(amount[:, :0:-1], axis=1)[:, ::-1]
    return (amount < later) & np.isfinite(amount)


def depends_on_park(case: Case, r: int) -> bool:
    """Some candidate needs another amount of resource ``r`` in another park."""
    return bool((~np.isnan(case.pairs.needs[:, r])).any())


def timed_parks(case: Case, rules: tuple[RuleRows, ...]) -> Bools:
    """Parks in which the quarter matters; see the module's words."""
    size = len(case.parks)
    if len(case.quarters) == 1 or any(rows.park_and_quarter for rows in rules):
        return np.ones(size, dtype=bool)
    timed = np.zeros(size, dtype=bool)
    for r, supply in enumerate(case.resources):
        early: Bools = np.any(needed_quarters(supply.amount)[:, :-1], axis=1)
        if supply.scope == "region" and not depends_on_park(case, r):
            continue  # its rows are held over the schedules alone
        timed |= early[supply.place_of_park]
    return timed


def choices_of(case: Case, eligible: Eligibility) -> Choices:
    """The choice columns, from eligible pairs and open quarters, in the order of ids."""
    rules = tuple(rule_rows(case, position) for position in range(len(case.settings.rules)))
    timed = timed_parks(case, rules)
    open_quarter: Bools = np.any(eligible.quarter, axis=1)
    open_pairs = eligible.pairs & open_quarter[:, None]
    placed_i, placed_k = np.nonzero(open_pairs & ~timed)
    x_i, x_k = np.nonzero(open_pairs & timed)
    x_i, x_k, x_t = _timed_columns(case, eligible, x_i, x_k)
    scheduled = np.zeros(len(case.candidates), dtype=bool)
    scheduled[placed_i] = True
    z_i, z_t = np.nonzero(eligible.quarter & scheduled[:, None])
    candidate = np.concatenate([placed_i, x_i, z_i])
    park = np.concatenate([placed_k, x_k, np.full(len(z_i), -1)])
    quarter = np.concatenate([np.full(len(placed_i), -1), x_t, z_t])
    order = np.lexsort((quarter, park, candidate))
    return Choices(candidate[order], park[order], quarter[order], timed, rules)


def _timed_columns(case: Case, eligible: Eligibility, i: Ints, k: Ints) -> tuple[Ints, Ints, Ints]:
    """(i, k, t) for pairs in timed parks, without the quarters from which on the project alone does not fit."""
    open_ = eligible.quarter[i].copy()
    for r, supply in enumerate(case.resources):
        from_then_on = np.minimum.accumulate(supply.amount[:, ::-1], axis=1)[:, ::-1]
        need = case.need(r)[i, k]
        open_ &= ~above(need[:, None], from_then_on[supply.place_of_park[k]])
    pair, t = np.nonzero(open_)
    return i[pair], k[pair], t
