"""Factor by factor what a firm needs and what there is for it, by which quarter: red, amber, green, or not known.

Of a resource there is, in each quarter, the capacity less what the other firms of the plan use. It is *green* where that is enough from
the firm's quarter on, *amber* where it is enough only from a later quarter of the plan on, *red* where it is not within the plan, and
*unknown* where need or capacity is not known; a capacity that is unlimited is enough. The rules of the other factors stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from planner.plan.records import Resource, Use
from planner.publish.dossiers.freight import Freight
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.partners import Side
from planner.publish.dossiers.subject import Subject, uses_of
from planner.publish.offers import Offer, of_verdict
from planner.tolerances import rounding

Level = Literal["green", "amber", "red", "unknown"]
Factor = Literal["capital", "energy", "environment", "land", "labour", "technology", "transport", "materials"]

LAND = ("land", "floor_area", "floor", "plant", "用地", "土地", "厂房")
ENERGY = (
    "power",
    "energy",
    "water",
    "gas",
    "steam",
    "heat",
    "coal",
    "用电",
    "电力",
    "能耗",
    "用水",
    "供水",
    "燃气",
    "蒸汽",
    "热力",
)
LABOUR = ("labour", "labor", "workers", "jobs", "用工", "劳动力", "人力", "工人")


@dataclass(frozen=True)
class Left:
    """What a place has for a firm from one quarter on to the end of the plan; None: unlimited."""

    quarter: str
    amount: float | None
    capacity: float | None = None
    """In that quarter alone, for all."""


@dataclass(frozen=True)
class OfResource:
    """One resource."""

    resource: Resource
    need: float | None
    left: tuple[Left, ...]
    """By quarter, never less than in an earlier one; empty where the park is not settled or nothing is known."""
    since: str | None
    """The quarter from which on it is enough to the end of the plan."""
    level: Level
    need_assumed: bool
    left_assumed: bool

    @property
    def factor(self) -> Factor:
        return factor_of(self.resource)

    def at(self, quarter: str | None) -> Left | None:
        """What there is in a quarter, by default in the first; None where nothing is known."""
        return next((left for left in self.left if left.quarter == quarter), self.left[0] if self.left else None)


def factor_of(resource: Resource) -> Factor:
    """Which of the factors a resource belongs to, by its id or its name; one that is none of them is a matter of the environment."""
    for factor, words in (("land", LAND), ("labour", LABOUR), ("energy", ENERGY)):
        if any(resource.resource_id.lower() == word or word in resource.name for word in words):
            return factor  # type: ignore[return-value]
    return "environment"


def resources_of(here: Here, subject: Subject) -> tuple[OfResource, ...]:
    """Every resource that the firm needs, or of which it is not known what it needs."""
    found = (_resource(here, subject, resource) for resource in here.plan.resources)
    return tuple(one for one in found if one.need != 0)


def _resource(here: Here, subject: Subject, resource: Resource) -> OfResource:
    name, park = resource.resource_id, subject.park
    uses = [] if park is None else uses_of(here, park, name)
    left = lasting(uses, {use.quarter: subject.own_use(name, use.quarter) for use in uses})
    need = subject.needs.get(name)
    if need is None and factor_of(resource) == "labour":
        need = subject.figures["jobs"]
    since = None if need is None else enough_since(left, need)
    capacity_assumed = park is not None and here.basis.park_capacity(park, name)
    used_assumed = park is not None and here.basis.use([park.park_id], name)
    level = _level(left, need, since, subject.quarter)
    return OfResource(resource, need, left, since, level, name in subject.assumed, capacity_assumed or used_assumed)


def lasting(uses: Sequence[Use], own: Mapping[str, float]) -> tuple[Left, ...]:
    """What is left of a resource from each quarter on, the firm's ``own`` use by quarter not counted."""
    left: list[Left] = []
    for use in reversed(uses):
        now = None if use.capacity is None else use.capacity - use.used + own.get(use.quarter, 0.0)
        later = left[-1].amount if left else None
        least = [amount for amount in (now, later) if amount is not None]
        left.append(Left(use.quarter, min(least) if least else None, use.capacity))
    return tuple(reversed(left))


def enough_since(left: Sequence[Left], need: float) -> str | None:
    """The first quarter from which on there is enough to the end; None: not even in the last, or nothing is known."""
    enough = (
        one.quarter for one in left if one.amount is None or one.amount >= need - float(rounding(max(need, one.capacity or 0.0)))
    )
    return next(enough, None)


def _level(left: Sequence[Left], need: float | None, since: str | None, quarter: str | None) -> Level:
    if need is None or not left:
        return "unknown"
    if since is None:
        return "red"
    return "green" if since <= (quarter or left[0].quarter) else "amber"


def capital_level(offers: Sequence[Offer]) -> Level:
    """Amber: some offer of money is lawful, in force and applies, or is to be reviewed, and may bear a part; else not known. What a firm
    can raise itself no table tells."""
    money = [offer for offer in offers if offer.of_money]
    return "amber" if of_verdict(money, "offered") or of_verdict(money, "review") else "unknown"


def technology_level(here: Here, subject: Subject) -> Level:
    """Green: a technology of the link has a holder; amber: some are listed, none with a holder; else not known."""
    rows = [] if subject.link is None else here.technologies.get(subject.link.link_id, [])
    if any(row.text("holder") for row in rows):
        return "green"
    return "amber" if rows else "unknown"


def transport_level(freight: Freight) -> Level:
    """Green: trade with the firms here costs no more freight than today; red: it costs more; amber: a side of it, or a line,
    cannot be reckoned; unknown: nothing can."""
    if freight.total is None:
        return "unknown"
    if freight.total < 0:
        return "red"
    return "amber" if any(line.lacks for line in freight.lines) else "green"


@dataclass(frozen=True)
class Materials:
    """The links that a firm buys from."""

    links: int
    local: int
    """Those with a firm here."""
    covered: int
    """Those whose demand is covered after the plan."""
    level: Level


def materials_of(up: Side) -> Materials:
    """Green: each link that it buys from has a firm here and is covered after the plan; amber: some have; red: none has; unknown: no
    supply edge is stated."""
    links = [tie.link for tie in up.ties]
    with_firms = {partner.tie.link.link_id for partner in up.partners}
    covered = [link for link in links if link.supply_after >= link.demand_after - float(rounding(link.demand_after))]
    whole = sum(link.link_id in with_firms for link in covered)
    level: Level = "unknown" if not links else "green" if whole == len(links) else "amber" if with_firms or covered else "red"
    return Materials(len(links), len(with_firms), len(covered), level)


def by_factor(found: Sequence[OfResource]) -> Iterator[OfResource]:
    """In the order of the page."""
    order = ("energy", "environment", "land", "labour")
    return iter(sorted(found, key=lambda one: order.index(one.factor)))
