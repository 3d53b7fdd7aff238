"""A ladder in sentences and in a table for the console; what the workbook says, too, is said here once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import money, percent, quantity
from planner.questions.items_text import Items, signed
from planner.questions.ladder.record import Ladder, Next, Rung, Step
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, bracketed, decimals, plain, sides, table

WAYS = {
    "joint": Words("各级一起求（各级目标值加权之和最大）", "all plans together, for the largest weighted sum of their values"),
    "down": Words("从上往下：每级在上一级之内最好", "downwards: each plan is the best within the one above"),
    "up": Words("从下往上：每级在包含下一级的计划中最好", "upwards: each plan is the best that contains the one below"),
}
MISSING = {
    "infeasible": Words("没有可行计划", "no plan exists"),
    "none_nested": Words("有可行计划，但没有逐级包含的", "plans exist, but none that the order allows"),
    "not_found": Words("限时内未找到", "none found in time"),
}
SHARE, VALUE, BEST, COST = (
    Words("份额", "share"),
    Words("分级计划", "nested"),
    Words("单独最好", "by itself"),
    Words("逐级包含的代价", "cost of nesting"),
)
PROJECTS, CLOSED, STATE = Words("项目数", "projects"), Words("补齐环节", "links closed"), Words("状态", "state")
PROVED, OPEN = Words("已证明", "proved"), Words("未证明", "not proved")
FIRST, NEXT = Words("份额 {to} 先引入", "First, with {to}"), Words("份额 {since} → {to} 买来", "{since} → {to} buys")
MONEY, PER = "万元", 1_000.0
"""The marginal value of money is told for so much of it, that of other limits for one unit."""


class Told:
    """Sentences about one answer; ``plans`` are those of its shares."""

    def __init__(self, answer: Ladder, plans: Sequence[Plan | None], language: Language) -> None:
        self.answer, self.language = answer, language
        self.items = Items(next(plan for plan in plans if plan is not None), language) if any(plans) else None

    def say(self, words: Words, **values: object) -> str:
        """In the language of the answer."""
        return words.say(self.language, **values)

    @cached_property
    def places(self) -> int:
        """Decimals of values."""
        return decimals([level.value for rung in self.answer.rungs for level in rung.levels if level.value is not None]) + 2

    def share(self, share: float | None) -> str:
        """In per cent."""
        return "" if share is None else percent(share)

    def value(self, value: float | None) -> str:
        """A value with the decimals that all have."""
        return DASH if value is None else plain(value, self.places)

    def span(self, least: float | None, most: float | None) -> str:
        """One figure, or between what it lies."""
        if least is None:
            return DASH
        low = plain(least, self.places)
        if most is None:
            return f"≥ {low}"
        high = plain(most, self.places)
        return low if low == high else f"{low} – {high}"

    def state(self, rung: Rung) -> str:
        """Whether plan and best are proved; or why there is no plan."""
        if rung.missing is not None:
            return self.say(MISSING[rung.missing])
        if rung.nested_proved == rung.best_proved:
            return self.say(PROVED if rung.best_proved else OPEN)
        nested = self.say(Words("分级计划{state}", "nested {state}"), state=self.say(PROVED if rung.nested_proved else OPEN))
        best = self.say(Words("单独最好{state}", "by itself {state}"), state=self.say(PROVED if rung.best_proved else OPEN))
        return self.say(Words("，", ", ")).join([nested, best])

    def others(self, rung: Rung, most: int | None = None) -> str:
        """Whom the best plan at a share has otherwise."""
        return self.say(Words("；", "; ")).join(sides(self.language, most, (CAME, rung.came), (LEFT, rung.left)))

    def notes(self) -> Iterator[str]:
        """How the ladder was made, and what is to be known of it."""
        answer = self.answer
        yield self.say(Words("求法：{way}。", "Way: {way}.").fill(way=WAYS[answer.way]))
        yield self.say(
            Words(
                "份额 s 的计划满足该份额下的全部限制（已独立核验），其项目都在更大份额的计划中，园区、季度相同。逐级包含的代价 = 不受此约束的最好值 − 分级计划的值。",
                "Each plan keeps every limit at its share (checked independently), and its projects are in the plan of every larger share, in the same park and quarter. Cost of nesting: the best value without that order less the value of the plan.",
            )
        )
        if answer.joint is not None:
            words = Words("加权之和 {value}，上界 {bound}", "weighted sum {value}, bound {bound}")
            yield self.say(words, value=self.value(answer.joint.value), bound=self.value(answer.joint.bound))
        yield from (self.say(notice) for notice in answer.notices)
        for rung in answer.rungs:
            if rung.why is not None:
                yield f"{self.share(rung.share)}  {self.say(rung.why)}"
            elif rung.missing == "none_nested":
                remedy = Words("换 --way up 或 joint", "try --way up or joint")
                yield f"{self.share(rung.share)}  {self.state(rung)}{bracketed(self.say(remedy), self.language)}"
        yield from [self.say(INTERRUPTED)] if answer.interrupted else []

    def heading(self, step: Step) -> str:
        """From which share to which."""
        words = FIRST if step.share_from is None else NEXT
        return self.say(words, since=self.share(step.share_from), to=self.share(step.share_to))

    def amounts(self, amounts: Mapping[str, float]) -> str:
        """By unit."""
        return self.say(Words("、", ", ")).join(quantity(amount, unit, self.language) for unit, amount in amounts.items())

    def gain(self, step: Step) -> str:
        """What the step brings in all."""
        text = Words("目标值 {gained}，限额多 {more}", "value {gained}, {more} more of the limits")
        if step.share_from is None:
            text = Words("目标值 {gained}，限额 {more}", "value {gained}, limits {more}")
        parts = [self.say(text, gained=signed(step.gained, self.places), more=self.amounts(step.more))]
        if step.investment is not None:
            parts.append(self.say(Words("投资 {sum}", "investment {sum}"), sum=money(step.investment, self.language)))
        parts.append(self.say(Words("份额每 10% {value}", "{value} for each 10%"), value=signed(step.tenth, self.places)))
        for unit in step.more if step.marginal is not None else ():
            size = PER if unit == MONEY else 1.0
            worth = signed((step.marginal or 0.0) * size, self.places)
            parts.append(
                self.say(
                    Words("每 {size} {value}", "{value} for each {size}"), size=quantity(size, unit, self.language), value=worth
                )
            )
        return self.say(Words("；", "; ")).join(parts)

    def firm(self, firm: Next) -> str:
        """Name and id."""
        return firm.name + bracketed(firm.candidate_id, self.language)

    def needs(self, firm: Next) -> str:
        """What a firm takes of each named limit."""
        units = {amount.id: (amount.unit, self.say(amount.name)) for rung in self.answer.rungs for amount in rung.amounts}
        told = ((units[name], need) for name, need in firm.needs.items())
        return (
            self.say(Words("、", ", ")).join(f"{name} {quantity(need, unit, self.language)}" for (unit, name), need in told) or DASH
        )

    def invested(self, firm: Next) -> str:
        """Its investment."""
        return DASH if firm.investment is None else money(firm.investment, self.language)

    def worth(self, firm: Next) -> float:
        """Its part of the value."""
        return fsum(firm.contribution.values())


def text_of(answer: Ladder, plans: Sequence[Plan | None], language: Language) -> str:
    """What the console prints."""
    return "\n".join(_lines(Told(answer, plans, language)))


def _lines(told: Told) -> Iterator[str]:
    rungs = told.answer.rungs
    first = [rung.levels[0] if rung.levels else None for rung in rungs]
    yield table(
        told.language,
        (SHARE, [told.share(rung.share) for rung in rungs], True),
        (PROJECTS, [DASH if rung.selected is None else str(rung.selected) for rung in rungs], True),
        (CLOSED, [DASH if rung.links_closed is None else str(rung.links_closed) for rung in rungs], True),
        (VALUE, [DASH if level is None else told.value(level.value) for level in first], True),
        (BEST, [DASH if level is None else told.span(level.best, level.bound) for level in first], True),
        (COST, [DASH if level is None else told.span(level.cost_least, level.cost_most) for level in first], True),
        (STATE, [told.state(rung) for rung in rungs], False),
    )
    yield from told.notes()
    for step in told.answer.steps:
        yield f"{told.heading(step)}{told.say(Words('：', ': '))}{told.gain(step)}"
        shown = step.firms if step.share_from is not None else step.firms[:SHOWN]
        if shown:
            yield table(
                told.language,
                (Words("  企业", "  firm"), [f"  {told.firm(firm)}" for firm in shown], False),
                (Words("园区", "park"), [f"{firm.park_name} {firm.quarter}" for firm in shown], False),
                (Words("投资", "investment"), [told.invested(firm) for firm in shown], True),
                (Words("占用限额", "of the limits"), [told.needs(firm) for firm in shown], False),
                (Words("目标值", "value"), [signed(told.worth(firm), told.places) for firm in shown], True),
            )
        else:
            yield told.say(Words("  没有更多项目", "  nobody more"))
        if len(step.firms) > len(shown):
            yield told.say(Words("  另有 {n} 个，见工作簿", "  {n} more, see the workbook"), n=len(step.firms) - len(shown))


SHOWN = 12
"""Firms of the first plan that the console lists."""
