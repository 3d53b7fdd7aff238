"""The facts that popups show: rows of heading key, text and whether the figure is an assumption (R5).

Text from the plan stays plain text here; the page makes it a text node, never markup (R6). A fact that is not known has
no row (R1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from planner.language import Language, Words
from planner.plan.model import Incumbent, LinkResult, ParkResult, Plan, Selected, Use
from planner.publish.map import words
from planner.publish.map.figures import amount, money, number, percent
from planner.publish.words import FIRM_STATUS, GRADES, unit_words

Row = tuple[str, str] | tuple[str, str, int]
"""Heading key, text, and 1 where the figure is an assumption."""


@dataclass(frozen=True)
class Facts:
    """Writes the rows of one plan's popups."""

    plan: Plan
    names: Mapping[str, str]
    """Link id → name."""

    @property
    def language(self) -> Language:
        return self.plan.plan.language

    def labels(self) -> dict[str, str]:
        """Row headings by key, resources by ``r:`` and their id."""
        labels = {key: text.say(self.language) for key, text in words.FACTS.items()}
        return labels | {f"r:{resource.resource_id}": resource.name for resource in self.plan.resources}

    def firm(self, firm: Selected) -> list[Row]:
        """A selected firm: where and when, what it brings and asks, what it fills, where it comes from."""
        assumed = firm.assumed
        units = {resource.resource_id: self._unit(resource.unit) for resource in self.plan.resources}
        rows = [
            self._row("id", firm.candidate_id),
            self._row("park", firm.park_name),
            self._row("quarter", firm.quarter),
            *(self._money(key, getattr(firm, key), assumed) for key in ("investment", "output", "tax")),
            self._row("jobs", self._number(firm.jobs, words.JOBS), "jobs" in assumed),
            *(
                self._row(f"r:{key}", amount(need, units[key]), bool({key, f"needs.{key}"} & set(assumed)))
                for key, need in firm.needs.items()
                if key in units
            ),
            self._money("subsidy", firm.subsidy, assumed),
            self._row("landing_probability", percent(firm.landing_probability), "landing_probability" in assumed),
            self._row("fills", self._fills(firm), bool({"capacity", "landing_probability"} & set(assumed))),
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
            self._row("id", park.park_id),
            self._row("fullness", full),
            self._row("selected", words.FIRMS.say(self.language, n=park.selected)),
            self._money("investment", park.investment, ()) if park.selected else None,
            self._row("chains", words.COMMA.say(self.language).join(taken)),
        ]
        return [row for row in rows if row is not None]

    def use(self, park: ParkResult) -> list[tuple[str, str, float | None, int]]:
        """Resource name, used and capacity, share, assumed: for each resource at the end of the last quarter."""
        resources = {resource.resource_id: resource for resource in self.plan.resources}
        last = {use.resource_id: use for use in park.use if use.quarter == self.plan.plan.quarters[-1]}
        return [
            (
                resources[key].name,
                self._amount(use, self._unit(resources[key].unit)),
                _short(use.share),
                int(key in park.assumed),
            )
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
            self._row("id", link.link_id),
            self._row("grade", words.BOTTLENECK.say(self.language, grade=grade) if link.bottleneck else grade),
            *(
                self._row(key, self._change(link, key), bool({key, f"{key}_before"} & set(link.assumed)))
                for key in ("shortage", "demand", "supply")
            ),
            self._row("sources", sources),
        ]
        return [row for row in rows if row is not None]

    def _unit(self, unit: str) -> str:
        return unit_words(unit).say(self.language)

    def _row(self, key: str, text: str | None, assumed: bool = False) -> Row | None:
        if not text:
            return None
        return (key, text, 1) if assumed else (key, text)

    def _money(self, key: str, value: float | None, assumed: Collection[str]) -> Row | None:
        return None if value is None else self._row(key, money(value, self.language), key in assumed)

    def _number(self, value: float | None, form: Words) -> str | None:
        return None if value is None else form.say(self.language, n=number(value, 0))

    def _amount(self, use: Use, unit: str) -> str:
        return amount(use.used, unit) if use.capacity is None else f"{number(use.used)} / {amount(use.capacity, unit)}"

    def _change(self, link: LinkResult, key: str) -> str:
        before, after = getattr(link, f"{key}_before"), getattr(link, f"{key}_after")
        return self._arrow(money(before, self.language), money(after, self.language))

    def _arrow(self, before: str, after: str) -> str:
        return before if before == after else words.ARROW.say(self.language, before=before, after=after)

    def _fills(self, firm: Selected) -> str | None:
        if firm.fills is None:
            return None
        return words.FILLS.say(
            self.language,
            link=self.names.get(firm.fills.link_id, firm.fills.link_id),
            before=money(firm.fills.shortage_before, self.language),
            after=money(firm.fills.shortage_after, self.language),
            supply=money(firm.fills.expected_supply, self.language),
        )

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
