"""What a plan's records say in plain sentences: why a firm is in, why one is not, which limit binds.

Every sentence is built from the record alone; names from the input go in as they stand, to be escaped by whoever
prints them (R6). Money is told in 万元 as the tables have it, in English in millions of yuan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from planner.language import Language, Words
from planner.plan.firm_records import Exclusion, NotSelected, Selected
from planner.plan.limit_records import Limit, RuleResult
from planner.plan.model import Plan
from planner.plan.records import Check, LinkResult
from planner.publish.figures import figure, money, percent, quantity
from planner.publish.words import FAMILIES, REASONS, SEMICOLON, TERMS
from planner.settings.schema import Display

STOP = Words("。", ".")
SHOWN = 4
"""Reasons or limits named in one sentence; further ones are counted."""
RULED_OUT, NO_ROOM = Words("不符合条件", "ruled out"), Words("放不下", "no room")
NO_GAIN, WITHIN_GAP = Words("不划算", "not worth it"), Words("差距之内", "within the gap")
RESERVE = Words("备选", "reserve")
WHY_NOT = {
    NO_GAIN: Words(
        "可落“{park}”，但加入后目标值变化 {gain}，不划算", "{park} is open to it, but adding it changes the value by {gain}"
    ),
    WITHIN_GAP: Words(
        "可落“{park}”，加入约增加目标值 {gain}，在已证明的差距之内，可作备选",
        "{park} has room; it would add about {gain}, which is within the proved gap: a reserve",
    ),
    RESERVE: Words(
        "“{park}”放得下，单独加入约增加目标值 {gain}（软规则的代价未计），可作备选",
        "{park} has room; alone it would add about {gain}, without the price of soft rules: a reserve",
    ),
    NO_ROOM: Words("加入“{park}”可增加目标值 {gain}，但放不下：", "in {park} it would add {gain}, but there is no room: "),
}
"""Why a firm is left out that a park is open to."""
CLOSES = Words(
    "为“{link}”新增预期年供给 {supply}，{others}把 {all} 的缺口补齐",
    "adds an expected {supply} a year to {link} and{others}{comma} closes its shortage of {all}",
)
NARROWS = Words(
    "为“{link}”新增预期年供给 {supply}，{others}把缺口由 {before} 补到 {after}",
    "adds an expected {supply} a year to {link}{others}, whose shortage falls from {before} to {after}",
)
OUTGROWN = Words(
    "为“{link}”新增预期年供给 {supply}；入选企业也带来新的配套需求，缺口由 {before} 变为 {after}",
    "adds an expected {supply} a year to {link}, whose shortage goes from {before} to {after}, since selected firms bring new demand",
)
NOT_SHORT = Words(
    "为“{link}”新增预期年供给 {supply}（本无缺口）", "adds an expected {supply} a year to {link}, which has no shortage"
)
OTHERS = Words("与其他入选企业一起", ", with other selected firms")


def join(parts: Iterable[str], language: Language) -> str:
    """Clauses as one sentence."""
    text = SEMICOLON.say(language).join(part for part in parts if part)
    if not text:
        return ""
    return (text if language == "zh" else text[:1].upper() + text[1:]) + STOP.say(language)


@dataclass(frozen=True)
class Teller:
    """Sentences about one plan in one language."""

    plan: Plan
    language: Language

    def term(self, name: str) -> str:
        """An objective term; a resource by its own name."""
        return TERMS[name].say(self.language) if name in TERMS else self.resource_names.get(name, name)

    @cached_property
    def links(self) -> Mapping[str, LinkResult]:
        """Link id → link."""
        return {link.link_id: link for link in self.plan.links}

    @cached_property
    def resource_names(self) -> Mapping[str, str]:
        """Resource id → name."""
        return {resource.resource_id: resource.name for resource in self.plan.resources}

    @cached_property
    def resource_units(self) -> Mapping[str, str]:
        """Resource id → unit."""
        return {resource.resource_id: resource.unit for resource in self.plan.resources}

    @cached_property
    def park_names(self) -> Mapping[str, str]:
        """Park id → name."""
        return {park.park_id: park.name for park in self.plan.parks}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Id of a chain, link or park → name."""
        chains = {chain.chain_id: chain.name for chain in self.plan.chains}
        return {**chains, **{link.link_id: link.name for link in self.plan.links}, **self.park_names}

    @cached_property
    def firm_names(self) -> Mapping[str, str]:
        """Candidate id → name, of those selected."""
        return {firm.candidate_id: firm.name for firm in self.plan.selected}

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """Limit id → limit."""
        return {limit.limit_id: limit for limit in self.plan.limits}

    def fills(self, firm: Selected) -> str | None:
        """``覆铜板：80,000→24,000 万元，本企业供给占原缺口 80%``; None for a firm without a link."""
        if firm.fills is None:
            return None
        before, after, supply = firm.fills.shortage_before, firm.fills.shortage_after, firm.fills.expected_supply
        if before <= 0:
            text = Words("{link}：本无缺口", "{link}: no shortage before")
        elif supply >= before:
            text = Words("{link}：{before}→{after}，可补足", "{link}: {before} → {after}, enough for all of it")
        else:
            text = Words("{link}：{before}→{after}，占 {share}", "{link}: {before} → {after}, {share} of it")
        share = percent(supply / before) if before > 0 else ""
        figures = {"before": self.first_of_two(before, after), "after": self.money(after), "share": share}
        return text.say(self.language, link=firm.link_name or firm.fills.link_id, **figures)

    @cached_property
    def money_unit(self) -> str:
        """Of sentences, as the plan asks for it; plans of earlier versions say nothing."""
        told: str = self.plan.plan.settings.get("display", {}).get("money", Display().money)
        return told

    def money(self, amount: float) -> str:
        """An amount of money in a sentence."""
        return money(amount, self.language, self.money_unit)

    def first_of_two(self, amount: float, other: float) -> str:
        """The first of two amounts of money: in Chinese a unit that both have is said once, after the second."""
        (text, unit), (_, second) = (self.money(one).rsplit(" ", 1) for one in (amount, other))
        return text if self.language == "zh" and unit == second else self.money(amount)

    def why(self, firm: Selected) -> str:
        """Why a firm is selected, in one sentence."""
        clauses = (self._promised(firm), self._supply(firm), self._source(firm), self._place(firm), self._value(firm))
        return join((clause.say(self.language) for clause in clauses if clause is not None), self.language)

    def _promised(self, firm: Selected) -> Words | None:
        if firm.status == "signed":
            return Words("已签约，按约安排", "signed already and kept as promised")
        return Words("必选项目", "it must be included") if firm.must_include else None

    def _supply(self, firm: Selected) -> Words | None:
        link = self.links.get(firm.link_id or "")
        if firm.fills is None or link is None or firm.fills.expected_supply <= 0:
            return None
        before, after, together = link.shortage_before, link.shortage_after, link.selected > 1
        text = CLOSES if before > 0 and after == 0 else NARROWS if before > after else OUTGROWN if after > 0 else NOT_SHORT
        return text.fill(
            link=link.name,
            supply=self.money(firm.fills.expected_supply),
            others=OTHERS if together else "",
            comma="," if together else "",
            before=self.first_of_two(before, after),
            after=self.money(after),
            all=self.money(before),
        )

    def _source(self, firm: Selected) -> Words | None:
        link = self.links.get(firm.link_id or "")
        if firm.fills is None or link is None or not firm.source_counts:
            return None
        if link.selected == 1 and link.sources_before == 0:
            return Words("是该环节首个本地来源", "becomes the first local source")
        if link.selected == 1 and link.sources_before == 1:
            return Words("是该环节第二来源（备份）", "becomes the second source, a backup")
        text = Words("来源由 {before} 家增至 {after} 家", "sources of the link rise from {before} to {after}")
        return text.fill(before=link.sources_before, after=link.sources_after) if link.sources_after > link.sources_before else None

    def _place(self, firm: Selected) -> Words | None:
        if firm.fixed_park:
            return Words("园区已定", "its park is fixed")
        if firm.preferred_park:
            return Words("落在企业意向园区", "it goes to a park that it prefers")
        return Words("只有这一个园区符合条件", "no other park is open to it") if firm.parks_possible == 1 else None

    def _value(self, firm: Selected) -> Words | None:
        """The terms that speak most for it, where they are not the gap that the sentence has told already."""
        gained = {term: value for term, value in firm.contribution.items() if value > 0}
        levels = [level.weights for level in self.plan.objective.levels]
        first = {term: next((n for n, level in enumerate(levels) if level.get(term)), 0) for term in gained}
        best = sorted(gained, key=lambda term: (first[term], -gained[term], term))[:2]
        terms = Words("、", " and ").say(self.language).join(self.term(term) for term in best)
        return Words("主要贡献：{terms}", "it earns its place mainly by {terms}").fill(terms=terms) if best else None

    def kind(self, firm: NotSelected) -> Words:
        """Why a firm is not selected, in a word."""
        if firm.reason == "excluded":
            return RULED_OUT
        if firm.gain is None or firm.gain <= 0:
            return NO_GAIN
        if firm.binding:
            return NO_ROOM
        return WITHIN_GAP if self._room is not None and firm.gain <= self._room else RESERVE

    @cached_property
    def _room(self) -> float | None:
        """By how much the value, of the first level, could at most be higher; None: not known."""
        objective = self.plan.objective
        first = objective.levels[0] if objective.levels else None
        value, bound = (first.best, first.bound) if first else (objective.value, objective.bound)
        return None if value is None or bound is None else bound - value

    def why_not(self, firm: NotSelected) -> str:
        """Why a firm is not selected, in one sentence with its figures."""
        kind = self.kind(firm)
        if kind is RULED_OUT:
            return join(self._more([self.exclusion(reason) for reason in firm.exclusions]), self.language)
        park = self.park_names.get(firm.best_park_id or "", firm.best_park_id or "")
        text = WHY_NOT[kind].say(self.language, park=park, gain=figure(firm.gain or 0.0))
        if kind is NO_ROOM:
            limits = [self.limit(self.limits[name]) if name in self.limits else name for name in firm.binding]
            text += Words("、", "; ").say(self.language).join(self._more(limits))
        return join([text], self.language)

    def _more(self, parts: list[str]) -> list[str]:
        rest = len(parts) - SHOWN
        return parts if rest <= 0 else [*parts[:SHOWN], Words("另有 {n} 条", "{n} more").say(self.language, n=rest)]

    def exclusion(self, reason: Exclusion) -> str:
        """One reason with its figures, and for how many parks it holds."""
        unit = self.resource_units.get(reason.resource_id or "", "")
        text = REASONS[reason.code].say(
            self.language,
            park=self.park_names.get(reason.example_park_id or "", reason.example_park_id or ""),
            resource=self.resource_names.get(reason.resource_id or "", reason.resource_id or ""),
            found=self._amount(reason.found, unit),
            allowed=self._amount(reason.allowed, unit),
            other=self._other(reason.other_id),
            quarter=reason.quarter or "",
        )
        if reason.parks <= 1 or reason.example_park_id is None:
            return text
        return text + Words("（共 {n} 个园区如此）", " (so in {n:park})").say(self.language, n=reason.parks)

    def _other(self, candidate_id: str | None) -> str:
        """Another candidate by name and id: versions of one project often share their name."""
        name = self.firm_names.get(candidate_id or "")
        if name is None:
            return candidate_id or ""
        return f"{name}（{candidate_id}）" if self.language == "zh" else f"{name} ({candidate_id})"

    def _amount(self, value: float | None, unit: str) -> str:
        if value is None:
            return "—"
        return quantity(value, unit, self.language) if math.isfinite(value) else "∞"

    def family(self, limit: Limit | Check) -> str:
        """A family of limits in words."""
        return FAMILIES[limit.family].say(self.language) if limit.family in FAMILIES else limit.family

    def place(self, limit: Limit) -> str:
        """Where a limit holds, by name: rules name their groups by id."""
        return self.names.get(limit.place, limit.place) if limit.place else ""

    def group(self, rule: RuleResult) -> str:
        """The group that a rule is held in, by names; empty for the whole plan."""
        return " / ".join(self.names.get(part, part) for part in (rule.group or "").split(" / "))

    def outcome(self, rule: RuleResult) -> str:
        """``9 个（至多 8 个，超出 1 个）``: its value, its bounds, and by how much a soft rule is missed."""

        def shown(value: float | None) -> str:
            return "—" if value is None else percent(value) if rule.unit == "%" else quantity(value, rule.unit, self.language)

        low, high = rule.minimum, rule.maximum
        at_least, at_most, exactly = Words("至少 {}", "at least {}"), Words("至多 {}", "at most {}"), Words("恰好 {}", "exactly {}")
        told = [(at_least, low), (at_most, high)] if low != high else [(exactly, low)]
        bounds = [words.say(self.language).format(shown(bound)) for words, bound in told if bound is not None]
        if rule.violation > 0:
            over = high is not None and rule.value is not None and rule.value > high
            missed = Words("超出 {by}", "{by} too much") if over else Words("差 {by}", "{by} short")
            bounds.append(missed.say(self.language, by=quantity(rule.violation, rule.violation_unit, self.language)))
        listed = Words("，", ", ").say(self.language).join(bounds)
        return shown(rule.value) + (Words("（{listed}）", " ({listed})").say(self.language, listed=listed) if listed else "")

    def limit(self, limit: Limit) -> str:
        """``东城经开区 2027Q3 用地（150/150 亩）``."""
        named = limit.subject
        if limit.family not in {"stock", "flow"}:
            named = Words("{family}“{named}”", "{family} “{named}”").say(self.language, family=self.family(limit), named=named)
        where = " ".join(part for part in (self.place(limit), limit.quarter, named) if part)
        used, amount = figure(limit.used), quantity(limit.amount, limit.unit, self.language)
        if limit.unit == "万元" and (self.money(limit.used) != self.money(limit.amount) or limit.used == limit.amount):
            used, amount = self.first_of_two(limit.used, limit.amount), self.money(limit.amount)
        figures = f"{used}/{amount}"
        return f"{where}（{figures}）" if self.language == "zh" else f"{where} ({figures})"
