"""What a choice uses and gives, recomputed from the tables alone: no matrix, no solver.

A choice is which candidates come, where and when. Everything that :mod:`planner.plan.verify` holds against the limits and
that the plan reports — resources, money, effort, rules, objective terms — is added up here, quarter by quarter, in plain
sums over the selected projects, so that a mistake in the programme cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.chains.diagnosis import LinkState, state
from planner.programme.layout import Layout
from planner.programme.rules import rule_rows
from planner.tables.case import Case, Floats, Ints
from planner.tables.vocabulary import bounded_terms


@dataclass(frozen=True, eq=False)
class Choice:
    """N selected candidates with their park and quarter, sorted by candidate; positions in the case's tables."""

    candidate: Ints
    park: Ints
    quarter: Ints


def choice_of(columns: Layout, values: Floats) -> Choice:
    """Read a choice off column values.

    Raises:
        ValueError: a candidate has a park and no quarter, two parks, or two quarters: not a solution of the programme.
    """
    on = values[: columns.choices] > 0.5
    placed = np.flatnonzero(on & (columns.park >= 0))
    scheduled = np.flatnonzero(on & (columns.quarter >= 0))
    candidate = columns.candidate[placed]
    if len(np.unique(candidate)) != len(candidate) or not np.array_equal(candidate, columns.candidate[scheduled]):
        raise ValueError("the values place and schedule different candidates")
    return Choice(candidate, columns.park[placed], columns.quarter[scheduled])


@dataclass(frozen=True, eq=False)
class RuleValue:
    """One rule in one group."""

    rule: int
    group: str
    value: float
    violation: float


@dataclass(frozen=True, eq=False)
class Accounts:
    """All sums of one choice."""

    choice: Choice
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
    """Raw figure of each objective term that the settings weigh or bound."""
    penalties: float


def account(case: Case, choice: Choice, terms: tuple[str, ...]) -> Accounts:
    """Add everything up. ``terms`` are the names of the objective terms asked for; those with a bound are told besides."""
    terms = tuple(dict.fromkeys([*terms, *bounded_terms(case.settings)]))
    before, after = state(case), state(case, choice.candidate)
    needs = _needs(case, choice)
    used = tuple(_used(case, choice, needs, r) for r in range(len(case.resources)))
    rules = _rules(case, choice, needs)
    prices = {position: rule.soft for position, rule in enumerate(case.settings.rules) if rule.soft is not None}
    penalties = sum(prices[value.rule] * value.violation for value in rules if value.rule in prices)
    return Accounts(
        choice,
        before,
        after,
        needs,
        used,
        _paid(case, choice),
        _spent(case, choice),
        rules,
        {term: _raw(case, choice, term, before, after, needs) for term in terms},
        float(penalties),
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


def _rules(case: Case, choice: Choice, needs: Floats) -> tuple[RuleValue, ...]:
    found = []
    for position, rule in enumerate(case.settings.rules):
        rows = rule_rows(case, position)
        counted = rows.candidates[choice.candidate] & rows.parks[choice.park] & rows.quarters[choice.quarter]
        if rows.pairs is not None:
            counted &= rows.pairs[choice.candidate, choice.park]
        resource = {supply.resource_id: r for r, supply in enumerate(case.resources)}.get(rule.sum or "")
        value = needs[:, resource] if resource is not None else rows.value[choice.candidate]
        owner = {"candidate": choice.candidate, "park": choice.park, "quarter": choice.quarter}.get(rows.group_owner)
        group = np.zeros(len(value), dtype=np.int64) if owner is None else rows.group_of[owner]
        bounds = rule.bounds
        for number, label in enumerate(rows.groups):
            total = float(value[counted & (group == number)].sum())
            low = bounds.equal if bounds.equal is not None else bounds.min
            high = bounds.equal if bounds.equal is not None else bounds.max
            violation = max(0.0, (low - total) if low is not None else 0.0, (total - high) if high is not None else 0.0)
            found.append(RuleValue(position, label, total, violation))
    return tuple(found)


def _raw(case: Case, choice: Choice, term: str, before: LinkState, after: LinkState, needs: Floats) -> float:
    chosen = case.candidates.iloc[choice.candidate]
    weight = case.links["weight"].to_numpy(float)
    if term == "gap":
        return float((weight * (before.shortage - after.shortage)).sum())
    if term == "backup":
        asked = case.links["min_sources"].to_numpy(float) > 0
        return float(weight[asked & after.backed_up].sum())
    if term in {"output", "tax", "jobs"}:
        return float((chosen[term] * chosen["landing_probability"]).sum())
    if term in {"investment", "subsidy"}:
        return float(chosen[term].sum())
    if term == "score":
        rows = case.own_rows(choice.candidate, choice.park)
        extra = np.where(rows >= 0, np.append(case.pairs.score, 0.0)[rows], 0.0)
        return float(chosen["score"].sum() + extra.sum())
    if term == "preferred":
        return float(case.preferred[choice.candidate, choice.park].sum())
    if term == "early":
        horizon = len(case.quarters)
        return float(((horizon - choice.quarter) / horizon).sum())
    return float(needs[:, case.resource(term)].sum())
