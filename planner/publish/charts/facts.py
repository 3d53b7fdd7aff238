"""What the charts show of a chain, taken from the records of the plan: nothing is worked out that the plan holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.plan.firm_records import Incumbent, Selected
from planner.plan.records import ChainResult, LinkResult
from planner.publish.charts import words
from planner.publish.charts.lanes import Edge, tier_order
from planner.publish.view import View


@dataclass(frozen=True)
class LinkFacts:
    """One link with the firms that stand at it."""

    link: LinkResult
    local: tuple[Incumbent, ...]
    """The largest first."""
    targets: tuple[Selected, ...]
    """By quarter, then rank."""

    def marks(self, after: bool) -> tuple[str, ...]:
        """Keys of :data:`words.MARKS` that hold before or after the plan."""
        demand, sources = (
            (self.link.demand_after, self.link.sources_after) if after else (self.link.demand_before, self.link.sources_before)
        )
        held = {"bottleneck": self.link.bottleneck, "single": demand > 0 and sources == 1, "none": demand > 0 and sources == 0}
        return tuple(mark for mark, holds in held.items() if holds)

    def grade(self, after: bool) -> str:
        return self.link.grade_after if after else self.link.grade_before


@dataclass(frozen=True)
class ChainFacts:
    """One chain: its links by tier, and its supply edges."""

    chain: ChainResult
    links: tuple[LinkFacts, ...]
    tiers: tuple[str, ...]
    """As goods flow."""
    edges: tuple[Edge, ...]
    """Between links of this chain."""
    beyond: int
    """How many edges lead to other chains or come from there."""
    loops: int
    """How many edges lead from a link to itself."""

    def tier_of(self, language_none: str) -> dict[str, str]:
        """Link → its tier."""
        return {facts.link.link_id: facts.link.tier or language_none for facts in self.links}


def chain_facts(view: View, chain: ChainResult) -> ChainFacts:
    """What the plan says of one chain."""
    links = view.links_of(chain)
    ids = {link.link_id for link in links}
    local, targets = firms_at(view)
    facts = tuple(LinkFacts(link, tuple(local.get(link.link_id, ())), tuple(targets.get(link.link_id, ()))) for link in links)
    none = words.NO_TIER.say(view.language)
    touching = [(edge.from_link, edge.to_link) for edge in view.plan.link_edges if ids & {edge.from_link, edge.to_link}]
    inner = tuple(edge for edge in touching if ids >= set(edge))
    tiers = tier_order({link.link_id: link.tier or none for link in links}, inner, none)
    return ChainFacts(chain, facts, tiers, inner, len(touching) - len(inner), sum(a == b for a, b in inner))


def firms_at(view: View) -> tuple[dict[str, list[Incumbent]], dict[str, list[Selected]]]:
    """Link → firms that are here, the largest first; link → targets, as they come."""
    local: dict[str, list[Incumbent]] = {}
    for here in sorted(view.plan.incumbents, key=lambda firm: -(firm.capacity or 0.0)):
        local.setdefault(here.link_id or "", []).append(here)
    targets: dict[str, list[Selected]] = {}
    for firm in sorted(view.plan.selected, key=lambda firm: (firm.quarter, firm.rank)):
        targets.setdefault(firm.link_id or "", []).append(firm)
    return local, targets


def coverage(links: Iterable[LinkResult], after: bool) -> float | None:
    """Σ min(supply, demand) ÷ Σ demand; None where there is no demand."""
    pairs = [(link.supply_after, link.demand_after) if after else (link.supply_before, link.demand_before) for link in links]
    demand = sum(wanted for _, wanted in pairs)
    return sum(min(supply, wanted) for supply, wanted in pairs) / demand if demand > 0 else None


def coverage_text(view: View, links: Sequence[LinkResult], after: bool) -> str:
    """The local supply rate of some links, with its mark."""
    return words.share(coverage(links, after), view.language, view.basis.links(links, after))


def coverage_change(view: View, links: Sequence[LinkResult]) -> str:
    """``40%→56%``."""
    return words.arrow(coverage_text(view, links, False), coverage_text(view, links, True))
