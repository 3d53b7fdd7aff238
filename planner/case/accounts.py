"""What a choice uses and gives: resources, money, effort and rules, in plain sums over the selected projects.

It is what :mod:`planner.plan.verify` holds against the limits and what the plan reports, from the tables alone: nothing of
the programme is used, so that a mistake there cannot hide itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from planner.case.case import Bools, Case, Choice, Floats
from planner.case.chains import TOLERANCE as NO_SHORTAGE
from planner.case.chains import LinkState, state
from planner.case.plain_tables import loose
from planner.case.rule_values import RuleValue, rule_values
from planner.settings.relations import Filtered, Group
from planner.settings.rules import Count, Rule
from planner.tolerances import rounding

FACTS = [
    *("candidate_id", "name", "link", "chain", "status", "exclude", "fixed_park", "fixed_quarter"),
    *("earliest_quarter", "latest_quarter"),
    *("capacity", "landing_probability", "output", "tax", "jobs", "investment", "subsidy", "score"),
]


@dataclass(frozen=True, eq=False)
class Link:
    """One link after a choice. ``firms``: new sources by name; ``missing``: 1 − π of each project of theirs."""

    demand: float
    supply: float
    existing: int
    needed: float
    firms: frozenset[str]
    missing: tuple[float, ...]

    @property
    def shortage(self) -> float:
        """What supply is short of demand, 0 where it is less than the diagnosis takes for none."""
        short = self.demand - self.supply
        return short if short >= NO_SHORTAGE else 0.0

    @property
    def sources(self) -> int:
        """Distinct firms, those that were here and new ones."""
        return self.existing + len(self.firms)

    def backed_up(self, reliability: float | None) -> bool:
        """Enough sources, and where newcomers are needed for that, one of them lands with the probability asked for."""
        if self.sources < self.needed or reliability is None or self.existing >= self.needed:
            return self.sources >= self.needed
        return bool(reliability - (1.0 - prod(self.missing)) <= rounding(1.0))


@dataclass(frozen=True, eq=False)
class Chosen:
    """The selected projects one by one, as plain values, and the links as they leave them."""

    case: Case
    choice: Choice
    needs: Floats
    """Use of each resource by each selected project, shape (N, R)."""

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The facts of each project, with ``park`` and ``quarter`` as positions."""
        at, park, quarter = self.choice.candidate, self.choice.park, self.choice.quarter
        columns: dict[str, Any] = {name: self.case.candidates[name].to_numpy()[at] for name in FACTS}
        columns |= {"position": at, "park": park, "quarter": quarter, "project": self.case.project_of[at]}
        columns = {name: values.tolist() for name, values in columns.items()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    @cached_property
    def park_of(self) -> dict[str, int]:
        """Candidate id → park."""
        return {str(row["candidate_id"]): row["park"] for row in self.rows}

    @cached_property
    def quarter_of(self) -> dict[str, int]:
        """Candidate id → quarter."""
        return {str(row["candidate_id"]): row["quarter"] for row in self.rows}

    @cached_property
    def _meant(self) -> dict[str, str]:
        """Name, as names are compared → id."""
        ids, names = (self.case.candidates[column].astype(str).tolist() for column in ("candidate_id", "name"))
        return dict(zip(map(loose, names), ids, strict=True))

    @cached_property
    def project(self) -> dict[str, int]:
        """Candidate id → project that it is a version of."""
        return dict(zip(self.case.candidates["candidate_id"].astype(str), self.case.project_of.tolist(), strict=True))

    def named(self, group: Group) -> list[str]:
        """Ids of the candidates of a group, selected or not."""
        if isinstance(group, Filtered):
            return _taken(self.case, group)
        return list(dict.fromkeys(name if name in self.project else self._meant[loose(name)] for name in group))

    @cached_property
    def site_scores(self) -> dict[tuple[int, int], float]:
        """What ``site_options`` add to a candidate's score in a park."""
        pairs = self.case.pairs
        return dict(zip(zip(pairs.candidate.tolist(), pairs.park.tolist(), strict=True), pairs.score.tolist(), strict=True))

    @cached_property
    def before(self) -> list[Link]:
        """The links as they are today."""
        links = self.case.links
        columns = [links[name].tolist() for name in ("demand", "supply", "sources", "min_sources")]
        return [Link(d, s, int(n), float(least), frozenset(), ()) for d, s, n, least in zip(*columns, strict=True)]

    @cached_property
    def after(self) -> list[Link]:
        """Demand with what newcomers need, supply with what they are expected to make, sources by distinct firm."""
        demand, supply = [link.demand for link in self.before], [link.supply for link in self.before]
        new: dict[int, list[tuple[str, float]]] = defaultdict(list)
        edges: dict[int, list[tuple[int, float]]] = defaultdict(list)
        columns = (self.case.edges[name].tolist() for name in ("to_link", "from_link", "coefficient"))
        for served, source, coefficient in zip(*columns, strict=True):
            edges[served].append((source, coefficient))
        here = set(zip(self.case.incumbents["link"].tolist(), self.case.incumbents["name"].astype(str), strict=True))
        for row in (row for row in self.rows if row["link"] >= 0):
            at, firm = row["link"], str(row["name"])
            supply[at] += row["capacity"] * row["landing_probability"]
            for source, coefficient in edges[at]:
                demand[source] += coefficient * row["capacity"]
            if (at, firm) not in here:
                new[at].append((firm, 1.0 - row["landing_probability"]))
        return [
            Link(demand[at], supply[at], link.existing, link.needed, frozenset(f for f, _ in new[at]), tuple(q for _, q in new[at]))
            for at, link in enumerate(self.before)
        ]


_TAKEN: WeakKeyDictionary[Case, dict[str, list[str]]] = WeakKeyDictionary()


def _taken(case: Case, group: Filtered) -> list[str]:
    """Ids of the candidates that a filter takes: each alone, as the check of rules counts it."""
    known = _TAKEN.setdefault(case, {})
    if (said := repr(group.where)) not in known:
        rule = Rule(name="-", where=group.where, count=Count(min=0), per=("candidate",))
        every = np.arange(len(case.candidates))
        choice, nowhere = Choice(every, np.zeros_like(every), np.zeros_like(every)), np.zeros((len(every), len(case.resources)))
        asked = replace(case, settings=case.settings.model_copy(update={"rules": (rule,)}))
        known[said] = [value.group for value in rule_values(asked, choice, nowhere) if value.value]
    return known[said]


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
    """Paid by each fund in each quarter of the calendar, those after the horizon too."""
    spent: Floats
    """Effort of each team in each quarter of the calendar, those after the horizon too."""
    rules: tuple[RuleValue, ...]
    raw: Mapping[str, float]
    """Raw figure of each objective term that was asked for or has a bound."""
    penalties: float
    """The price of violated soft rules (:func:`planner.terms.registry.reckon`)."""

    @cached_property
    def rule_at(self) -> Mapping[tuple[int, str], RuleValue]:
        """``rules`` by position and group."""
        return {(value.rule, value.group): value for value in self.rules}


def account(case: Case, choice: Choice) -> Accounts:
    """Add everything up but the objective terms (:func:`planner.terms.registry.reckon` does those too)."""
    needs = np.zeros((len(choice.candidate), len(case.resources)))
    for r in range(len(case.resources)):
        needs[:, r] = case.need_in(r, choice.candidate, choice.park)
    used = tuple(np.zeros(supply.amount.shape) for supply in case.resources)
    for park, quarter, need in zip(choice.park, choice.quarter, needs, strict=True):
        for r, supply in enumerate(case.resources):
            used[r][supply.place_of_park[park], quarter:] += need[r]
    rules = rule_values(case, choice, needs)
    team, effort = case.candidates["team"].to_numpy(np.int64), case.candidates["effort"].to_numpy(float)
    works = team[choice.candidate][:, None] == np.arange(len(case.teams.ids))
    effort = np.where(works, effort[choice.candidate][:, None], 0.0)
    return Accounts(
        choice,
        Chosen(case, choice, needs),
        before=state(case),
        after=state(case, choice.candidate),
        needs=needs,
        used=used,
        paid=_spread(case, choice, case.funds.asks[choice.candidate], case.paid_shares),
        spent=_spread(case, choice, effort, case.spent_shares),
        rules=rules,
        raw={},
        penalties=0.0,
    )


def _spread(case: Case, choice: Choice, amounts: Floats, shares: Floats) -> Floats:
    """What falls on each owner in each quarter of the calendar; ``amounts``: of each project on each owner, (N, owners)."""
    table = np.zeros((amounts.shape[1], len(case.calendar)))
    for candidate, signed, own in zip(choice.candidate.tolist(), choice.quarter.tolist(), amounts, strict=True):
        for lag in np.flatnonzero(shares[candidate]).tolist():
            table[:, signed + lag] += shares[candidate, lag] * own
    return table


def after_horizon(case: Case, choice: Choice, shares: Floats, counted: Bools | None = None) -> Floats:
    """The part of what each selected project costs that falls due after the last quarter of the plan, shape (N,); ``counted``: only
    in these quarters of the calendar, shape (N, C)."""
    project, lag = np.nonzero(shares[choice.candidate])
    due = choice.quarter[project] + lag
    kept = due >= len(case.quarters)
    if counted is not None:
        kept &= counted[project, due]
    part = shares[choice.candidate[project[kept]], lag[kept]]
    return np.bincount(project[kept], part, len(choice.candidate)).astype(np.float64)
