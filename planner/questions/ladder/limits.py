"""The limits that a ladder takes shares of: funds, and resources of parks, zones or the region, found by id or name and scaled in the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.case.case import REGION, Case, Ints
from planner.case.means import REGION_NAMES
from planner.case.members import meant_by
from planner.language import Words
from planner.limits.family import place_name, same
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.problems import InputError, Problem, nearest
from planner.questions.codes import problem
from planner.questions.ladder.record import Amount
from planner.settings.changes import Change
from planner.spelling import fold

SHOWN = 6
"""Names that a message lists at most."""
MONEY = "万元"
SAME = 1e-9
"""Relative difference of two amounts that are the same."""


@dataclass(frozen=True)
class Limit:
    """A fund, or a resource at one place; positions in the case. ``place`` −1: a fund."""

    position: int
    place: int = -1

    @property
    def fund(self) -> bool:
        """Whether it is money."""
        return self.place < 0

    def id(self, case: Case) -> str:
        """``FUND``, or ``P01/power``."""
        if self.fund:
            return case.funds.ids[self.position]
        supply = case.resources[self.position]
        return f"{supply.places[self.place]}/{supply.resource_id}"

    def name(self, case: Case) -> Words:
        """The same in words."""
        if self.fund:
            return same(case.funds.ids[self.position])
        where, supply = place_name(case, self.position, self.place), case.resources[self.position]
        return Words(f"{where.zh}的{supply.name}", f"{supply.name} of {where.en}")

    def unit(self, case: Case) -> str:
        """That of its amount."""
        return MONEY if self.fund else case.resources[self.position].unit

    def amount(self, case: Case) -> float:
        """All money of a fund; what of a resource is there in the last quarter that limits it; inf: unlimited."""
        every = case.funds.amount[self.position] if self.fund else case.resources[self.position].amount[self.place]
        limited = every[np.isfinite(every)]
        if not limited.size:
            return float("inf")
        return float(limited.sum() if self.fund else limited[-1])

    def need(self, case: Case, firm: Selected) -> float:
        """What a selected firm takes of it in all: money whenever it is paid."""
        if self.fund:
            return (firm.subsidy or 0.0) if firm.fund_id == case.funds.ids[self.position] else 0.0
        supply = case.resources[self.position]
        parks = case.parks["park_id"].astype(str).tolist()
        here = supply.place_of_park[parks.index(firm.park_id)] == self.place
        return float(firm.needs.get(supply.resource_id, 0.0)) if here else 0.0

    def of(self, case: Case, plan: Plan) -> Amount:
        """What there is and what a plan needs."""
        need = float(sum(self.need(case, firm) for firm in plan.selected))
        return Amount(id=self.id(case), name=self.name(case), unit=self.unit(case), amount=self.amount(case), need=need)


def limits_of(case: Case, wanted: Sequence[str]) -> tuple[Limit, ...]:
    """The limits that were named, each once; of none: every fund.

    Raises:
        InputError: unknown (R171), of several meanings (R172), or without an amount that could be scaled (R173), all at once.
    """
    problems, found = list[Problem](), dict[Limit, None]()
    for name in wanted or [""]:
        meant = _meant(case, name, problems) if name else [Limit(f) for f in range(len(case.funds.ids))]
        scaled = [limit for limit in meant if 0.0 < limit.amount(case) < np.inf]
        if not scaled and (meant or not name):
            problems.append(problem("R173", None, "--of", name, near=_listed(case, name)))
        found |= dict.fromkeys(scaled)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _meant(case: Case, name: str, problems: list[Problem]) -> list[Limit]:
    """Limits of one name; none, and why, where there is none or the name means several things."""
    meanings = [[Limit(f)] for f, fund in enumerate(case.funds.ids) if fold(fund) == fold(name)]
    # An id may hold a slash, too.
    splits = [(name[at + 1 :], name[:at]) for at, letter in enumerate(name) if letter == "/"]
    for resource, place in [(name, None), *splits]:
        called = [r for r, supply in enumerate(case.resources) if fold(resource) in {fold(supply.resource_id), fold(supply.name)}]
        for r in called:
            at = range(len(case.resources[r].places)) if place is None else _places(case, r, place).tolist()
            meanings += [[Limit(r, p) for p in at]] if len(at) else []
    if len(meanings) == 1:
        return meanings[0]
    if meanings:
        told = Words.listed([several[0].id(case) if len(several) == 1 else _resource(case, several) for several in meanings])
        problems.append(problem("R172", None, "--of", name, count=len(meanings), listed=told))
    else:
        problems.append(problem("R171", None, "--of", name, near=_listed(case, name)))
    return []


def _resource(case: Case, several: Sequence[Limit]) -> str:
    return case.resources[several[0].position].resource_id


def _places(case: Case, r: int, name: str) -> Ints:
    """Places of a resource that a name means: one at most."""
    supply = case.resources[r]
    if supply.scope == "park":
        parks = meant_by(case, name, "park")
        return parks if len(parks) == 1 else np.zeros(0, dtype=np.int64)
    known = [fold(REGION), *map(fold, REGION_NAMES)] if supply.scope == "region" else []
    at = [p for p, place in enumerate(supply.places) if fold(name) == fold(place) or fold(name) in known]
    return np.array(at, dtype=np.int64)


def _listed(case: Case, name: str) -> Words:
    """What can be named, the nearest first."""
    known = [*case.funds.ids]
    for r, supply in enumerate(case.resources):
        known += [supply.resource_id, supply.name, *(Limit(r, place).id(case) for place in range(len(supply.places)))]
    near = dict.fromkeys([*nearest(name, known), *case.funds.ids, *(supply.resource_id for supply in case.resources)])
    return Words.listed([*near][:SHOWN])


def scaled(case: Case, limits: Sequence[Limit], share: float) -> tuple[Change, ...]:
    """The changes of the tables after which there is ``share`` of each limit."""
    return tuple(_changes(case, limits, share)) if share != 1.0 else ()


def _changes(case: Case, limits: Sequence[Limit], share: float) -> Iterator[Change]:
    def times(table: str, where: Mapping[str, list[str]], column: str) -> Change:
        return Change.model_validate({"table": table, "where": where, "column": column, "times": share})

    if funds := [limit.id(case) for limit in limits if limit.fund]:
        yield times("funds", {"fund_id": funds}, "amount")
    for r in sorted({limit.position for limit in limits if not limit.fund}):
        supply, places = case.resources[r], {limit.place for limit in limits if not limit.fund and limit.position == r}
        here = np.isin(supply.place_of_park, sorted(places))
        stated = case.parks[supply.resource_id].notna().to_numpy() if supply.resource_id in case.parks.columns else here & False
        if parks := case.parks["park_id"].astype(str)[here & stated].tolist():
            yield times("parks", {"park_id": parks}, supply.resource_id)
        if "capacities" in case.tables:
            phases = case.tables["capacities"].frame
            own = phases[phases["resource_id"].astype(str) == supply.resource_id]
            named = {supply.places[place] for place in places}
            scopes = own["scope_id"].fillna("").astype(str).unique().tolist() if "scope_id" in own.columns else []
            if supply.scope == "region":
                if len(own):
                    yield times("capacities", {"resource_id": [supply.resource_id]}, "amount")
            elif told := [scope for scope in scopes if scope in named]:
                yield times("capacities", {"resource_id": [supply.resource_id], "scope_id": told}, "amount")


def check_scaled(before: Case, after: Case, limits: Sequence[Limit], share: float) -> None:
    """That each limit has its share and every other is as it was. Raises RuntimeError: a bug, for no plan may rest on it."""
    factors = [np.ones(len(before.funds.ids)), *(np.ones(len(supply.places)) for supply in before.resources)]
    for limit in limits:
        factors[0 if limit.fund else limit.position + 1][limit.position if limit.fund else limit.place] = share
    old = [before.funds.amount, *(supply.amount for supply in before.resources)]
    new = [after.funds.amount, *(supply.amount for supply in after.resources)]
    for was, now, factor in zip(old, new, factors, strict=True):
        if not np.allclose(now, was * factor[:, None], rtol=SAME, atol=0.0):
            raise RuntimeError(f"the tables at {share} do not have that share of the limits")
