r"""Each family of limits held against the tables, in plain sums over the selected projects.

One function a family, with the name that the programme gives it; nothing here comes from the programme, its masks, its
filters or its distances. A function yields :class:`Held` sums: what is used, what is allowed, how large the numbers are.
What is not known (NaN) keeps no limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from math import asin, cos, fsum, inf, isnan, nan, radians, sin, sqrt
from typing import NamedTuple

from planner.chains.diagnosis import TOLERANCE as NO_SHORTAGE
from planner.plan.accounts import Accounts
from planner.plan.records import Check
from planner.plan.worth import term_parts
from planner.tables.case import Case
from planner.tables.units import UnitError, convert
from planner.tolerances import rounding


class Held(NamedTuple):
    """One limit: ``used`` must not be above ``allowed``. ``size`` measures rounding where it is more than these two."""

    used: float
    allowed: float
    size: float = 0.0


Holds = Iterator[Held]


def once(case: Case, accounts: Accounts) -> Holds:
    """A project comes once, whatever its versions."""
    for count in Counter(row["family"] for row in accounts.chosen.rows).values():
        yield Held(count, 1.0)


def must_include(case: Case, accounts: Accounts) -> Holds:
    """Whoever must come, or has signed, comes."""
    here = set(accounts.choice.candidate.tolist())
    must, status = case.candidates["must_include"].tolist(), case.candidates["status"].tolist()
    for i in range(len(must)):
        if must[i] or status[i] == "signed":
            yield Held(0.0 if i in here else 1.0, 0.0)


def schedule(case: Case, accounts: Accounts) -> Holds:
    """Each selected project stands in one park and one quarter of the horizon."""
    times = Counter(accounts.choice.candidate.tolist())
    for row in accounts.chosen.rows:
        known = 0 <= row["park"] < len(case.parks) and 0 <= row["quarter"] < len(case.quarters)
        yield Held(times[row["position"]] if known else 2.0, 1.0)


def eligible(case: Case, accounts: Accounts) -> Holds:
    """No lock, list or entry gate speaks against a project's park and quarter. Gates: 万元 against the floor times 亩."""
    closed = {
        (i, k)
        for i, k, ok in zip(
            *(getattr(case.pairs, name).tolist() for name in ("candidate", "park", "allowed")), strict=True
        )
        if not ok
    }
    land = next((r for r, supply in enumerate(case.resources) if supply.resource_id == case.settings.gates.land), None)
    for n, row in enumerate(accounts.chosen.rows):
        i, k, t = row["position"], row["park"], row["quarter"]
        signed = row["status"] == "signed"
        against = [
            row["exclude"],
            row["status"] == "lost",
            (i, k) in closed,
            case.refused[i, k],
            row["fixed_park"] not in (-1, k),
            row["fixed_quarter"] not in (-1, t),
            row["chain"] >= 0 and not signed and not case.chain_allowed[k, int(row["chain"])],
        ]
        yield Held(float(sum(map(bool, against))), 0.0)
        for column, gate in (("investment", "min_investment_intensity"), ("tax", "min_tax_intensity")):
            floor = float(case.parks[gate].iloc[k])
            if floor > 0 and not signed and land is not None:
                need = _mu(float(accounts.needs[n, land]), case.resources[land].unit)
                if need != 0:
                    yield Held(floor * need, float(row[column]))


def stock(case: Case, accounts: Accounts) -> Holds:
    """Resources that are used up."""
    return _resources(case, accounts, "stock")


def flow(case: Case, accounts: Accounts) -> Holds:
    """Resources that are used quarter by quarter."""
    return _resources(case, accounts, "flow")


def funds(case: Case, accounts: Accounts) -> Holds:
    """Money paid by each quarter where what is left carries over, in each quarter where it does not."""
    for paid, money, carries in zip(
        accounts.paid.tolist(), case.funds.amount.tolist(), case.funds.carry_over.tolist(), strict=True
    ):
        for t in range(len(paid)):
            first = 0 if carries else t
            yield Held(fsum(paid[first : t + 1]), fsum(money[first : t + 1]))


def teams(case: Case, accounts: Accounts) -> Holds:
    """Person-months of each team in each quarter."""
    for spent, effort in zip(accounts.spent.tolist(), case.teams.effort.tolist(), strict=True):
        yield from (Held(used, most) for used, most in zip(spent, effort, strict=True))


def shortage(case: Case, accounts: Accounts) -> Holds:
    """The shortages that the plan tells are those of its projects."""
    for told, link in zip(accounts.after.shortage.tolist(), accounts.chosen.after, strict=True):
        yield Held(abs(told - link.shortage), NO_SHORTAGE, link.demand + link.supply)


def sources(case: Case, accounts: Accounts) -> Holds:
    """A link is told to be backed up only with as many sources as it asks for."""
    for told, link in zip(accounts.after.backed_up.tolist(), accounts.chosen.after, strict=True):
        if told:
            yield Held(link.needed, link.sources)


def reliability(case: Case, accounts: Accounts) -> Holds:
    """A link is told to be backed up by newcomers only if one of them lands with the probability asked for."""
    asked = case.settings.backup.reliability
    for told, link in zip(accounts.after.backed_up.tolist(), accounts.chosen.after, strict=True):
        if told and asked is not None:
            yield Held(0.0 if link.backed_up(asked) else 1.0, 0.0)


def distinct(case: Case, accounts: Accounts) -> Holds:
    """The sources that the plan tells are distinct firms."""
    for told, link in zip(accounts.after.sources.tolist(), accounts.chosen.after, strict=True):
        yield Held(abs(told - link.sources), 0.0)


def rivals(case: Case, accounts: Accounts) -> Holds:
    """New projects at one link, and at one link in one park."""
    most = case.settings.relations.rivals
    at = [(row["link"], row["park"]) for row in accounts.chosen.rows if row["link"] >= 0]
    if most.per_link is not None:
        yield from (Held(n, most.per_link) for n in Counter(link for link, _ in at).values())
    if most.per_park_link is not None:
        yield from (Held(n, most.per_park_link) for n in Counter(at).values())


def exclusive(case: Case, accounts: Accounts) -> Holds:
    """Of a group at most so many."""
    park_of = accounts.chosen.park_of
    for group in case.settings.relations.exclusive:
        yield Held(sum(name in park_of for name in set(group.candidates)), group.max)


def together(case: Case, accounts: Accounts) -> Holds:
    """All or none, if so asked, and each two of them in one park or within the distance."""
    park_of = accounts.chosen.park_of
    for group in case.settings.relations.together:
        coming = [name for name in group.candidates if name in park_of]
        if group.all_or_none:
            yield Held(0.0 if len(coming) in (0, len(group.candidates)) else 1.0, 0.0)
        for a, b in combinations(coming, 2):
            yield Held(0.0 if park_of[a] == park_of[b] else _distance(case, park_of[a], park_of[b]), group.km)


def apart(case: Case, accounts: Accounts) -> Holds:
    """Each two of them in different parks, further from each other than the distance."""
    park_of = accounts.chosen.park_of
    for group in case.settings.relations.apart:
        for a, b in combinations([name for name in group.candidates if name in park_of], 2):
            if park_of[a] == park_of[b]:
                yield Held(1.0, 0.0)
            elif group.km > 0:
                far = _distance(case, park_of[a], park_of[b]) > group.km - rounding(group.km)
                yield Held(0.0 if far else 1.0, 0.0)


def rules(case: Case, accounts: Accounts) -> Holds:
    """The analyst's own limits; those with a price are paid for and not held."""
    for one in accounts.rules:
        if case.settings.rules[one.rule].soft is None:
            yield Held(one.violation, 0.0, one.size)


def term_bounds(case: Case, accounts: Accounts) -> Holds:
    """Floors and ceilings of objective terms, by the size of what a term is made of."""
    for sign, bounds in ((-1.0, case.settings.objective.floors), (1.0, case.settings.objective.ceilings)):
        for term, bound in bounds.items():
            size = fsum(map(abs, term_parts(accounts.chosen, term)))
            if term == "gap":  # a difference of larger amounts
                size += fsum(link.demand + link.supply for link in accounts.chosen.after)
            yield Held(sign * accounts.raw[term], sign * bound, size)


CHECKS: Mapping[str, Callable[[Case, Accounts], Iterable[Held]]] = {
    "once": once,
    "must_include": must_include,
    "schedule": schedule,
    "eligible": eligible,
    "stock": stock,
    "flow": flow,
    "funds": funds,
    "teams": teams,
    "shortage": shortage,
    "sources": sources,
    "reliability": reliability,
    "distinct": distinct,
    "rivals": rivals,
    "exclusive": exclusive,
    "together": together,
    "apart": apart,
    "rules": rules,
    "term_bounds": term_bounds,
}
"""The check of each family of the programme by the family's name, and ``eligible``: what has no rows, being filtered out."""


def check(family: str, limits: Iterable[Held]) -> Check:
    """Count the limits that are broken by more than rounding; ``worst`` is the largest excess, rounding or not."""
    checked, violated, worst = 0, 0, 0.0
    for used, allowed, size in limits:
        checked += 1
        excess = used - allowed
        worst = inf if isnan(excess) else max(worst, excess)
        violated += not excess <= rounding(max(abs(used), abs(allowed), size))
    return Check(family=family, checked=checked, violated=violated, worst=round(worst, 9))


def _resources(case: Case, accounts: Accounts, kind: str) -> Holds:
    for supply, used in zip(case.resources, accounts.used, strict=True):
        if supply.kind == kind:
            for place, amounts in enumerate(supply.amount.tolist()):
                yield from (Held(float(used[place, t]), amount) for t, amount in enumerate(amounts))


def _mu(need: float, unit: str) -> float:
    """Land in 亩; NaN, which keeps no gate, where the unit is not one of land."""
    try:
        return convert(need, unit, "亩")
    except (UnitError, ArithmeticError, ValueError):
        return nan


def _distance(case: Case, one: int, other: int) -> float:
    """Great-circle kilometres between two parks; NaN where a coordinate is not known."""
    (x1, y1), (x2, y2) = (
        (radians(float(case.parks["lon"].iloc[k])), radians(float(case.parks["lat"].iloc[k]))) for k in (one, other)
    )
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return nan if isnan(half) else 2 * 6371.0088 * asin(min(1.0, sqrt(half)))
