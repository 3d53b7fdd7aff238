"""Which figures of a plan rest on an assumption: those marked in the input, and those reckoned from them (R5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import AreaResult, FundUse, Limit, LinkResult, ParkResult, TeamUse

EXPECTED = frozenset({"output", "tax", "jobs"})
"""Terms that count with the landing probability."""


@dataclass(frozen=True)
class Basis:
    """Answers for one plan."""

    plan: Plan

    @cached_property
    def _columns(self) -> frozenset[tuple[str, str]]:
        return frozenset((one.table, one.column) for one in self.plan.assumptions)

    def column(self, table: str, *names: str) -> bool:
        """One of the columns is assumed, as a whole or in some cell."""
        return any((table, name) in self._columns for name in names)

    def firm(self, firm: Selected, *fields: str) -> bool:
        """One of the firm's own fields is assumed, or what a site option says in its place."""
        return any(name in firm.assumed or self.column("site_options", name) for name in fields)

    @cached_property
    def _assumed_in(self) -> Mapping[str, frozenset[str]]:
        """Park in which firms are placed → fields that are assumed of some of them."""
        found: dict[str, frozenset[str]] = {}
        for firm in self.plan.selected:
            found[firm.park_id] = found.get(firm.park_id, frozenset()).union(firm.assumed)
        return found

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

    @cached_property
    def _supplied(self) -> frozenset[str | None]:
        """Links at which a selected firm's expected supply is assumed."""
        return frozenset(firm.link_id for firm in self.plan.selected if self.supply_of_firm(firm))

    @cached_property
    def _present(self) -> frozenset[str | None]:
        """Links at which the capacity of a firm that is here already is assumed."""
        return frozenset(one.link_id for one in self.plan.incumbents if "capacity" in one.assumed)

    @cached_property
    def _drawn(self) -> frozenset[str]:
        """Links whose demand rises with an assumed coefficient or an assumed capacity."""
        coefficients = self.column("link_edges", "coefficient")
        buyers = {firm.link_id: self.firm(firm, "capacity") for firm in self.plan.selected}
        return frozenset(
            edge.from_link for edge in self.plan.link_edges if edge.to_link in buyers and (coefficients or buyers[edge.to_link])
        )

    def demand(self, link: LinkResult, after: bool) -> bool:
        """Demand before or after the plan."""
        return "demand" in link.assumed or (after and link.link_id in self._drawn)

    def supply(self, link: LinkResult, after: bool) -> bool:
        """Supply before or after the plan."""
        before = "supply" in link.assumed or link.link_id in self._present
        return before or (after and link.link_id in self._supplied)

    def shortage(self, link: LinkResult, after: bool) -> bool:
        """Shortage, coverage or grade before or after the plan."""
        return self.demand(link, after) or self.supply(link, after)

    def links(self, links: Iterable[LinkResult], after: bool) -> bool:
        """A sum over links: shortage, completeness."""
        return any(self.shortage(link, after) for link in links)

    def use(self, parks: Iterable[str], resource_id: str) -> bool:
        """What firms use of a resource in these parks; nothing where no firm is placed."""
        placed = [self._assumed_in[park] for park in parks if park in self._assumed_in]
        return any(resource_id in assumed for assumed in placed) or (bool(placed) and self.column("site_options", resource_id))

    @cached_property
    def _asking(self) -> frozenset[tuple[str, str | None]]:
        """Funds and teams of which a selected firm asks an assumed amount."""
        asks = (("fund", "subsidy"), ("team", "effort"))
        return frozenset(
            (means, firm.fund_id if means == "fund" else firm.team_id)
            for firm in self.plan.selected
            for means, field in asks
            if self.firm(firm, field)
        )

    def means(self, use: FundUse | TeamUse) -> bool:
        """What firms ask of a fund or a team."""
        key = ("fund", use.fund_id) if isinstance(use, FundUse) else ("team", use.team_id)
        return key in self._asking

    def park_capacity(self, park: ParkResult, resource_id: str) -> bool:
        """What a park has of a resource."""
        return resource_id in park.assumed or self.column("capacities", "amount")

    def area_capacity(self) -> bool:
        """What zones and the region have."""
        return self.column("capacities", "amount")

    def parks_of(self, area: AreaResult) -> list[str]:
        """Parks that draw on an area."""
        return [park.park_id for park in self.plan.parks if area.scope == "region" or park.zone == area.area_id]

    def term(self, name: str, offered: bool) -> bool:
        """An objective term: what the plan reaches or, ``offered``, the total it is divided by."""
        if name == "gap":
            return self.links(self.plan.links, after=True)
        if name == "backup":
            return self.column("links", "sources", "min_sources", "weight")
        fields = (name, "landing_probability") if name in EXPECTED else (name,)
        return self.column("candidates", *fields) if offered else self.any_firm(*fields)

    def value(self) -> bool:
        """The objective value."""
        return any(
            self.term(name, offered) for name, term in self.plan.objective.terms.items() if term.weight for offered in (False, True)
        )

    def limit(self, limit: Limit) -> bool:
        """A limit's figures."""
        if limit.family == "funds":
            return any(use.assumed for use in self.plan.funds) or self.any_firm("subsidy")
        if limit.family == "teams":
            return any(use.assumed for use in self.plan.teams) or self.any_firm("effort")
        if limit.family in {"stock", "flow"}:
            resource = limit.ids[1] if limit.ids else ""
            return self.any_firm(resource) or self.column("parks", resource) or self.column("capacities", "amount")
        return False
