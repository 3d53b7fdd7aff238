"""What there is around a firm: links up and down the chain, local firms, parks, policies, rates and distances, each looked up once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.case.case import Case
from planner.case.eligibility import Eligibility
from planner.plan.facts import Marks
from planner.plan.firm_records import Incumbent, NotSelected, Selected
from planner.plan.model import Plan
from planner.plan.records import LinkResult, ParkResult
from planner.publish.basis import Basis
from planner.publish.desk import Desk
from planner.publish.distances import Distances, Spot
from planner.publish.dossiers.tariffs import Tariffs
from planner.publish.stated import Stated, stated_rows


@dataclass(frozen=True)
class Tie:
    """A supply edge seen from one of its ends."""

    link: LinkResult
    """The link at the other end."""
    coefficient: float
    """万元 of input per 万元 of the buyer's output."""


@dataclass(frozen=True, eq=False)
class Here:
    """One desk, looked up."""

    desk: Desk

    @property
    def plan(self) -> Plan:
        return self.desk.plan

    @property
    def case(self) -> Case:
        return self.desk.opened.case

    @property
    def eligible(self) -> Eligibility:
        return self.desk.opened.eligible

    @property
    def basis(self) -> Basis:
        return self.desk.view.basis

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.case.tables)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Candidate id → row of the case."""
        return {str(name): n for n, name in enumerate(self.case.candidates["candidate_id"])}

    @cached_property
    def selected(self) -> Mapping[str, Selected]:
        return {firm.candidate_id: firm for firm in self.plan.selected}

    @cached_property
    def left_out(self) -> Mapping[str, NotSelected]:
        return {firm.candidate_id: firm for firm in self.plan.not_selected}

    @cached_property
    def links(self) -> Mapping[str, LinkResult]:
        return {link.link_id: link for link in self.plan.links}

    @cached_property
    def parks(self) -> Mapping[str, ParkResult]:
        return {park.park_id: park for park in self.plan.parks}

    @cached_property
    def _ties(self) -> tuple[Mapping[str, list[Tie]], Mapping[str, list[Tie]]]:
        up: dict[str, list[Tie]] = defaultdict(list)
        down: dict[str, list[Tie]] = defaultdict(list)
        for edge in sorted(self.plan.link_edges, key=lambda edge: (-edge.coefficient, edge.from_link, edge.to_link)):
            up[edge.to_link].append(Tie(self.links[edge.from_link], edge.coefficient))
            down[edge.from_link].append(Tie(self.links[edge.to_link], edge.coefficient))
        return up, down

    def suppliers_of(self, link_id: str | None) -> list[Tie]:
        """Links that a link buys from, the one it needs most of first."""
        return self._ties[0].get(link_id or "", [])

    def buyers_of(self, link_id: str | None) -> list[Tie]:
        """Links that buy from a link, the one that needs most of it first."""
        return self._ties[1].get(link_id or "", [])

    @cached_property
    def locals(self) -> Mapping[str, list[Incumbent]]:
        """Link id → firms that are here already."""
        found: dict[str, list[Incumbent]] = defaultdict(list)
        for firm in self.plan.incumbents:
            if firm.link_id is not None:
                found[firm.link_id].append(firm)
        return found

    @cached_property
    def targets(self) -> Mapping[str, list[str]]:
        """Link id → ids of the firms that the plan brings there."""
        found: dict[str, list[str]] = defaultdict(list)
        for firm in self.plan.selected:
            if firm.link_id is not None:
                found[firm.link_id].append(firm.candidate_id)
        return found

    def _rows(self, table: str) -> tuple[Stated, ...]:
        return stated_rows(self.case.tables, table)

    @cached_property
    def policies(self) -> tuple[Stated, ...]:
        return self._rows("policies")

    @cached_property
    def tariffs(self) -> Tariffs:
        return Tariffs(self._rows("freight"))

    @cached_property
    def distances(self) -> Distances:
        return Distances(self._rows("distances"))

    @cached_property
    def technologies(self) -> Mapping[str, list[Stated]]:
        """Link id → its technologies."""
        found: dict[str, list[Stated]] = defaultdict(list)
        for row in self._rows("technologies"):
            found[row.text("link_id")].append(row)
        return found

    @cached_property
    def indicators(self) -> tuple[Stated, ...]:
        return self._rows("indicators")

    def spot_of_park(self, park: ParkResult) -> Spot:
        names = (park.park_id, park.name, park.county, park.city)
        return Spot(tuple(name for name in names if name), park.lon, park.lat)

    def spot_of_local(self, firm: Incumbent) -> Spot:
        park = self.parks.get(firm.park_id or "")
        around = () if park is None else self.spot_of_park(park).names
        names = tuple(dict.fromkeys(name for name in (firm.name, *around, firm.city) if name))
        return Spot(names, firm.lon, firm.lat)
