"""Which figures of a plan rest on an assumption: those marked in the input, and those reckoned from them (R5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.plan.firm_records import Selected
from planner.plan.limit_records import Limit
from planner.plan.means_records import FundUse, TeamUse
from planner.plan.model import Plan
from planner.plan.records import ChainResult, LinkResult, ParkResult

EXPECTED = frozenset({"output", "tax", "jobs"})
"""Terms that count with the landing probability."""


@dataclass(frozen=True)
class Basis:
    """Answers for one plan: what a method is called for rests on an assumption."""

    plan: Plan

    @cached_property
    def _columns(self) -> frozenset[tuple[str, str]]:
        return frozenset((assumption.table, assumption.column) for assumption in self.plan.assumptions)

    def column(self, table: str, *names: str) -> bool:
        """One of the columns is assumed, as a whole or in some cell."""
        return any((table, name) in self._columns for name in names)

    def firm(self, firm: Selected, *fields: str) -> bool:
        """One of the firm's own fields is assumed, or what a site option says in its place."""
        return any(name in firm.assumed or self.column("site_options", name) for name in fields)

    @cached_property
    def _assumed_in(self) -> Mapping[str, frozenset[str]]:
        """Park in which firms are placed → fields that are assumed of some of them."""
        assumed: dict[str, frozenset[str]] = {}
        for firm in self.plan.selected:
            assumed[firm.park_id] = assumed.get(firm.park_id, frozenset()).union(firm.assumed)
        return assumed

    def record(self, record: object, *columns: str) -> bool:
        """One of the columns is assumed of a record of whatever type; of some it is only known whether any is."""
        if isinstance(record, Selected):
            return self.firm(record, *columns)
        assumed = getattr(record, "assumed", ())
        return assumed and bool(columns) if isinstance(assumed, bool) else any(name in assumed for name in columns)

    def any_firm(self, *fields: str) -> bool:
        """So for some selected firm."""
        return any(self.use(self._assumed_in, field) for field in fields)

    def supply_of_firm(self, firm: Selected) -> bool:
        """Its expected supply at its link."""
        return self.firm(firm, "capacity", "landing_probability")

    def fills(self, firm: Selected) -> bool:
        """What it supplies of its link's shortage, and what of that is left."""
        links = (link for link in self.plan.links if link.link_id == firm.link_id)
        return self.supply_of_firm(firm) or self.links(links, after=True)

    @cached_property
    def _supplied(self) -> frozenset[str | None]:
        """Links at which a selected firm's expected supply is assumed."""
        return frozenset(firm.link_id for firm in self.plan.selected if self.supply_of_firm(firm))

    @cached_property
    def _present(self) -> frozenset[str | None]:
        """Links at which the capacity of a firm that is here already is assumed."""
        return frozenset(firm.link_id for firm in self.plan.incumbents if "capacity" in firm.assumed)

    @cached_property
    def _drawn(self) -> frozenset[str]:
        """Links whose demand rises with an assumed coefficient or an assumed capacity."""
        coefficients = self.column("link_edges", "coefficient")
        buyers = frozenset(firm.link_id for firm in self.plan.selected if coefficients or self.firm(firm, "capacity"))
        return frozenset(edge.from_link for edge in self.plan.link_edges if edge.to_link in buyers)

    def demand(self, link: LinkResult, after: bool) -> bool:
        return "demand" in link.assumed or (after and link.link_id in self._drawn)

    def supply(self, link: LinkResult, after: bool) -> bool:
        before = "supply" in link.assumed or link.link_id in self._present
        return before or (after and link.link_id in self._supplied)

    def shortage(self, link: LinkResult, after: bool) -> bool:
        """Shortage, coverage or grade before or after the plan."""
        return self.demand(link, after) or self.supply(link, after)

    def links(self, links: Iterable[LinkResult], after: bool) -> bool:
        """A sum over links: shortage, completeness."""
        return any(self.shortage(link, after) for link in links)

    def chain(self, chain: ChainResult, after: bool) -> bool:
        """A sum over the links of a chain."""
        return self.links((link for link in self.plan.links if link.chain_id == chain.chain_id), after)

    def invested_in(self, place: ChainResult | ParkResult) -> bool:
        """What firms invest in a chain or in a park."""
        if isinstance(place, ParkResult):
            return self.use([place.park_id], "investment")
        return any(self.firm(firm, "investment") for firm in self.plan.selected if firm.chain_id == place.chain_id)

    def use(self, parks: Iterable[str], resource_id: str) -> bool:
        """What firms use of a resource in these parks; nothing where no firm is placed."""
        placed = [self._assumed_in[park] for park in parks if park in self._assumed_in]
        return any(resource_id in assumed for assumed in placed) or (bool(placed) and self.column("site_options", resource_id))

    @cached_property
    def due(self) -> tuple[str, ...]:
        """Columns of candidates that say when something falls due."""
        profiles = self.plan.plan.settings.get("schedule", {}).get("profiles", {}).values()
        milestones = (milestone for profile in profiles for milestone in profile["milestones"].values())
        return ("schedule_profile", *(milestone["column"] for milestone in milestones if milestone["column"]))

    def means(self, use: FundUse | TeamUse) -> bool:
        """What firms ask of a fund or a team, and when."""
        named = self.column("chains", "schedule_profile") or self.column("funds", "schedule_profile")
        if isinstance(use, FundUse):
            own, cost = [firm for firm in self.plan.selected if firm.fund_id == use.fund_id], "subsidy"
        else:
            own, cost = [firm for firm in self.plan.selected if firm.team_id == use.team_id], "effort"
        return any(named or self.firm(firm, cost, *self.due) for firm in own)

    def means_left(self, use: FundUse | TeamUse) -> bool:
        """What a fund or a team has left, or the share that is used of it."""
        return use.assumed or self.means(use)

    def park_capacity(self, park: ParkResult, resource_id: str) -> bool:
        """What a park has of a resource."""
        return resource_id in park.assumed or self.column("capacities", "amount", resource_id)

    def fullness(self, park: ParkResult) -> bool:
        """The share that is used of a park's fullest resource."""
        return any(self.park_capacity(park, resource.resource_id) for resource in self.plan.resources if resource.scope == "park")

    def term(self, name: str, offered: bool) -> bool:
        """An objective term: what the plan reaches or, ``offered``, the total it is divided by."""
        if name == "gap":
            return self.links(self.plan.links, after=True)
        if name == "backup":
            return self.column("links", "sources", "min_sources", "weight")
        fields = (name, "landing_probability") if name in EXPECTED else (name,)
        return self.column("candidates", *fields) if offered else self.any_firm(*fields)

    def value(self) -> bool:
        weighed = [name for name, term in self.plan.objective.terms.items() if term.weight]
        return any(self.term(name, offered) for name in weighed for offered in (False, True))

    def limit(self, limit: Limit) -> bool:
        if limit.family == "funds":
            return any(use.assumed for use in self.plan.funds) or self.any_firm("subsidy", *self.due)
        if limit.family == "teams":
            return any(use.assumed for use in self.plan.teams) or self.any_firm("effort", *self.due)
        if limit.family in {"stock", "flow"}:
            resource = limit.ids[1] if limit.ids else ""
            return self.any_firm(resource) or self.column("parks", resource) or self.column("capacities", "amount", resource)
        return False
