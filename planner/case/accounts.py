"""What a choice uses and gives, recomputed from the tables alone: no matrix, no solver.

A choice is which candidates come, where and when. Everything that :mod:`planner.plan.verify` holds against the limits and
that the plan reports — resources, money, effort, rules, objective terms — is added up here, quarter by quarter, in plain
sums over the selected projects. Nothing of the programme is used, so that a mistake there cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.case.case import Case, Choice, Floats, Ints
from planner.case.chains import LinkState, state
from planner.case.chosen import Chosen
from planner.case.rule_values import RuleValue, rule_values


@dataclass(frozen=True, eq=False)
class Accounts:
    """All sums of one choice."""

    choice: Choice
    chosen: Chosen
    """The projects one by one, and the links as they leave them."""
    before: LinkState
    after: LinkState
    needs: Floats
    """Resource used by each selected project in its park, shape (N, R)."""
    used: tuple[Floats, ...]
    """For each resource, shape (P, T): used at each place by each quarter."""
    paid: Floats
    """Paid by each fund in each quarter, shape (F, T)."""
    spent: Floats
    """Effort of each team in each quarter, shape (S, T)."""
    rules: tuple[RuleValue, ...]
    raw: Mapping[str, float]
    """Raw figure of each objective term that was asked for or has a bound."""
    penalties: float


def account(case: Case, choice: Choice) -> Accounts:
    """Add everything up but the objective terms (:func:`planner.terms.registry.reckon` does those too)."""
    before, after = state(case), state(case, choice.candidate)
    needs = _needs(case, choice)
    chosen = Chosen(case, choice, needs)
    used = tuple(_used(case, choice, needs, r) for r in range(len(case.resources)))
    rules = rule_values(case, choice, needs)
    prices = {position: rule.soft for position, rule in enumerate(case.settings.rules) if rule.soft is not None}
    penalties = sum(prices[value.rule] * value.violation for value in rules if value.rule in prices)
    return Accounts(
        choice, chosen, before, after, needs, used, _paid(case, choice), _spent(case, choice), rules, {}, float(penalties)
    )


def _needs(case: Case, choice: Choice) -> Floats:
    needs = [case.need_in(r, choice.candidate, choice.park) for r in range(len(case.resources))]
    return np.stack(needs, axis=1) if needs else np.zeros((len(choice.candidate), 0))


def _used(case: Case, choice: Choice, needs: Floats, r: int) -> Floats:
    supply = case.resources[r]
    used = np.zeros(supply.amount.shape)
    for n in range(len(choice.candidate)):
        used[supply.place_of_park[choice.park[n]], choice.quarter[n] :] += needs[n, r]
    return used


def _spread(case: Case, choice: Choice, amount: Floats, owner: Ints, owners: int, shares: tuple[float, ...]) -> Floats:
    table = np.zeros((owners, len(case.quarters)))
    for n in range(len(choice.candidate)):
        for lag, share in enumerate(shares):
            quarter = choice.quarter[n] + lag
            if owner[n] >= 0 and quarter < table.shape[1]:
                table[owner[n], quarter] += share * amount[n]
    return table


def _paid(case: Case, choice: Choice) -> Floats:
    funds = len(case.funds.ids)
    paid = np.zeros((funds, len(case.quarters)))
    for f in range(funds):
        asks = case.funds.asks[choice.candidate, f]
        owner = np.zeros(len(asks), dtype=np.int64)
        paid[f] = _spread(case, choice, asks, owner, 1, case.settings.schedule.payout)[0]
    return paid


def _spent(case: Case, choice: Choice) -> Floats:
    team = case.candidates["team"].to_numpy(np.int64)[choice.candidate]
    effort = case.candidates["effort"].to_numpy(float)[choice.candidate]
    return _spread(case, choice, effort, team, len(case.teams.ids), case.settings.schedule.effort)
