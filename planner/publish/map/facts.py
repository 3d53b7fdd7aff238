"""The facts that popups show: rows of heading key, text and whether the figure is an assumption (R5).

Text from the plan stays plain text here; the page makes it a text node, never markup (R6). A fact that is not known has
no row (R1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from planner.language import Language, Words
from planner.plan.firm_records import Incumbent, Selected
from planner.plan.model import Plan
from planner.plan.records import LinkResult, ParkResult, Use
from planner.publish.map import words
from planner.publish.sentences import Teller, figure, money, percent, quantity
from planner.publish.words import FIRM_STATUS, GRADES

Row = tuple[str, str] | tuple[str, str, int]
"""Heading key, text, and 1 where the figure is an assumption."""


@dataclass(frozen=True)
class Facts:
    """Writes the rows of one plan's popups."""

    plan: Plan

    @property
    def language(self) -> Language:
        return self.plan.plan.language

    def labels(self) -> dict[str, str]:
        """Row headings by key, resources by ``r:`` and their id."""
        labels = {key: text.say(self.language) for key, text in words.FACTS.items()}
        return labels | {f"r:{resource.resource_id}": resource.name for resource in self.plan.resources}

    def firm(self, firm: Selected) -> list[Row]:
        """A selected firm: where and when, what it brings and asks, what it fills, where it comes from."""
        assumed, teller = firm.assumed, Teller(self.plan, self.language)
        units = {resource.resource_id: resource.unit for resource in self.plan.resources}
        rows = [
            self._row("park", firm.park_name),
            self._row("quarter", firm.quarter),
            *(self._money(key, getattr(firm, key), assumed) for key in ("investment", "output", "tax")),
            self._row("jobs", self._number(firm.jobs, words.JOBS), "jobs" in assumed),
            *(
                self._row(f"r:{key}", quantity(need, units[key], self.language), key in assumed)
                for key, need in firm.needs.items()
                if key in units
            ),
            self._money("subsidy", firm.subsidy, assumed),
            self._row("landing_probability", percent(firm.landing_probability), "landing_probability" in assumed),
            self._row("fills", teller.fills(firm), bool({"capacity", "landing_probability"} & set(assumed))),
            self._row("home", " ".join(filter(None, dict.fromkeys((firm.province, firm.city))))),
            self._row(
                "status", FIRM_STATUS[firm.status].say(self.language) if firm.status in FIRM_STATUS else firm.status
            ),
            self._row("bound", self._bound(firm)),
            self._row("source", firm.source),
        ]
        return [row for row in rows if row is not None]

    def park(self, park: ParkResult, chains: Mapping[str, str]) -> list[Row]:
        """A park: how full it is and what is invested there; the use of each resource is drawn as bars."""
        taken = [chains.get(chain, chain) for chain in park.allowed_chains]
        full = None if park.fullness is None else percent(park.fullness)
        rows = [
            self._row("fullness", full),
            self._row("selected", words.FIRMS.say(self.language, n=park.selected)),
            self._money("investment", park.investment, ()) if park.selected else None,
            self._row("chains", words.COMMA.say(self.language).join(taken) or words.UNLIMITED.say(self.language)),
        ]
        return [row for row in rows if row is not None]

    def use(self, park: ParkResult) -> list[tuple[str, str, float | None, int]]:
        """Resource name, text, share, assumed: for each resource at the end of the last quarter."""
        resources = {resource.resource_id: resource for resource in self.plan.resources}
        last = {use.resource_id: use for use in park.use if use.quarter == self.plan.plan.quarters[-1]}
        return [
            (resources[key].name, self._amount(use, resources[key].unit), _short(use.share), int(key in park.assumed))
            for key, use in last.items()
            if key in resources
        ]

    def incumbent(self, firm: Incumbent) -> list[Row]:
        """A local firm."""
        rows = [
            self._row("link", firm.link_name),
            self._money("capacity", firm.capacity, firm.assumed),
            self._row("city", firm.city),
            self._row("source", firm.source),
        ]
        return [row for row in rows if row is not None]

    def link(self, link: LinkResult) -> list[Row]:
        """A link before and after the plan."""
        grade = self._arrow(GRADES[link.grade_before].say(self.language), GRADES[link.grade_after].say(self.language))
        sources = words.SOURCES_OF.say(
            self.language, before=link.sources_before, after=link.sources_after, wanted=link.min_sources
        )
        rows = [
            self._row("grade", words.BOTTLENECK.say(self.language, grade=grade) if link.bottleneck else grade),
            *(
                self._row(key, self._change(link, key), bool({key, f"{key}_before"} & set(link.assumed)))
                for key in ("shortage", "demand", "supply")
            ),
            self._row("sources", sources),
        ]
        return [row for row in rows if row is not None]

    def _row(self, key: str, text: str | None, assumed: bool = False) -> Row | None:
        if not text:
            return None
        return (key, text, 1) if assumed else (key, text)

    def _money(self, key: str, value: float | None, assumed: Collection[str]) -> Row | None:
        return None if value is None else self._row(key, money(value, self.language), key in assumed)

    def _number(self, value: float | None, form: Words) -> str | None:
        return None if value is None else form.say(self.language, n=figure(value))

    def _amount(self, use: Use, unit: str) -> str:
        if use.capacity is None:
            return f"{quantity(use.used, unit, self.language)} · {words.UNLIMITED.say(self.language)}"
        text = f"{figure(use.used)} / {quantity(use.capacity, unit, self.language)}"
        return text if use.share is None else f"{text} · {percent(use.share)}"

    def _change(self, link: LinkResult, key: str) -> str:
        before, after = getattr(link, f"{key}_before"), getattr(link, f"{key}_after")
        return self._arrow(money(before, self.language), money(after, self.language))

    def _arrow(self, before: str, after: str) -> str:
        return before if before == after else words.ARROW.say(self.language, before=before, after=after)

    def _bound(self, firm: Selected) -> str:
        marks: Iterable[tuple[bool, Words]] = (
            (firm.must_include, words.MUST_INCLUDE),
            (firm.fixed_park, words.FIXED_PARK),
            (firm.fixed_quarter, words.FIXED_QUARTER),
            (firm.preferred_park, words.PREFERRED_PARK),
        )
        return words.SEMICOLON.say(self.language).join(text.say(self.language) for on, text in marks if on)


def _short(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
