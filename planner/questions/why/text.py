"""Answers to "why" and "why not" in plain sentences, built from the records alone: for the console and the workbook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import gap_text, quantity
from planner.publish.words import REASONS, STATUS
from planner.questions.items_text import COLON, COMMA, UNKNOWN, Items, signed
from planner.questions.why.record import Ruling, Why
from planner.questions.words import DASH, bracketed, decimals, plain

ASKED = {
    "in": Words("让它入选{where}", "with it{where}"),
    "out": Words("不要它", "without it"),
    "elsewhere": Words("不落“{park}”", "kept out of {park}"),
}
TITLES = {
    "in": Words("为何不选 {firm}{where}", "Why not {firm}{where}"),
    "out": Words("为何选 {firm}", "Why {firm}"),
    "elsewhere": Words("{firm} 为何落“{park}”", "Why {firm} goes to {park}"),
}
WITHDRAWN = {
    "must_include": Words(
        "它因锁定（必选或指定园区）而在计划里；下面是撤销锁定后的比较",
        "a lock (must_include, or a fixed park) holds it; what follows is the comparison with the lock withdrawn",
    ),
    "signed": Words(
        "它已签约，计划不会动它；下面只是撤销签约锁定后的比较",
        "it is signed, and no plan moves it; what follows only compares with that lock withdrawn",
    ),
}
REMEDIES = {
    "excluded": Words("取消“排除”", "unset exclude"),
    "lost": Words("把状态改为意向或在谈", "set its status to prospect or negotiating"),
    "fixed_elsewhere": Words("指定园区改为“{park}”（现为“{other}”）", "fix {park} for it instead of {other}"),
    "refused_park": Words(
        "企业改变意愿，从“不考虑的园区”中去掉“{park}”", "the firm would have to take {park} off its refused parks"
    ),
    "forbidden_pair": Words("在选址选项中允许落“{park}”", "allow {park} in the site options"),
    "chain_not_allowed": Words("“{park}”增加接纳该产业链", "let {park} take this chain"),
    "investment_intensity": Words(
        "投资额至少 {needed} 万元，或用地相应减少，或门槛降到 {less} 万元/亩",
        "invest at least {needed} (CNY 10k), or use less land in proportion, or lower the gate to {less}",
    ),
    "tax_intensity": Words(
        "年税收至少 {needed} 万元，或用地相应减少，或门槛降到 {less} 万元/亩",
        "yearly tax of at least {needed} (CNY 10k), or less land in proportion, or a gate of {less}",
    ),
    "need_above_capacity": Words(
        "需要量降到 {most}，或“{park}”扩到 {more}（还差 {missing}）",
        "need {most} or less, or expand {park} to {more} ({missing} more)",
    ),
    "paused": Words("写明何时恢复", "say when it goes on"),
    "earliest_quarter": Words("提前最早季度（现为 {other}）", "an earlier earliest quarter than {other}"),
    "latest_quarter": Words("推后最晚季度（现为 {other}）", "a later latest quarter than {other}"),
    "other_quarter": Words("改指定季度（现为 {other}）", "change its fixed quarter, now {other}"),
}
OTHER_QUARTER = Words("已指定季度 {other}", "its quarter is fixed: {other}")
BY_PARK = Words("没有园区向它开放；各园区首先挡住它的规则：", "no park is open to it; what first stands in the way, by park:")
GAPS = Words("本次运行的差距 {run}；强制后求解的差距 {gap}（{ended}）", "gap of the run {run}; of the forced plan {gap} ({ended})")
CERTAIN = Words("可以确定：{forced}，最优目标值{change}", "certain: {forced}, the optimum {change}")
LOWERED = Words("至少降低 {least}", "falls by at least {least}")
CHANGED: Mapping[str, tuple[Words, Words]] = {
    "costs": (
        Words("恰好降低 {least}", "falls by exactly {least}"),
        Words("至少降低 {least}，至多降低 {most}", "falls by at least {least} and at most {most}"),
    ),
    "gains": (Words("恰好提高 {least}", "rises by exactly {least}"), Words("至少提高 {least}", "rises by at least {least}")),
    "free": (Words("不变，有同样好的计划", "stays the same; there is a plan as good"),) * 2,
}
"""What is certain when the two ends of the interval are one, and when they are not."""
UNCERTAIN = Words(
    "在求解差距之内，不能确定正负：{forced}，最优目标值的变化在 {low} 与 {high} 之间。要更确定，请加长 --time-limit，或先以更小的差距重新运行",
    "its sign is uncertain within the gaps: {forced}, the optimum changes by between {low} and {high}. To be surer allow more --time-limit, or first run again to a smaller gap",
)
IMPROVABLE = Words(
    "{forced}，得到的计划反而比本次运行的好 {gain}：本次运行的计划还可以改进。用 --out 写出这个计划，再用 planner run --start 从它求解",
    "{forced}, the plan is better than that of the run by {gain}: the run can be improved. Write this plan with --out and begin from it with planner run --start",
)


class Answers(Items):
    """Sentences about answers to questions about the plan."""

    def asked(self, sentence: Words, why: Why) -> str:
        """A sentence about what was asked: ``{firm}``, ``{park}``, and ``{where}``, ``（东城经开区，2027Q2）`` as far as named."""
        named = [part for part in (self.park(why.park_id), why.quarter or "") if part]
        where = bracketed(self.say(COMMA).join(named), self.language)
        return self.say(sentence, firm=self.firm(why.candidate_id, why.name), where=where, park=self.park(why.park_id))

    def title(self, why: Why) -> str:
        """The question."""
        return self.asked(TITLES[why.asked], why)

    def verdict(self, why: Why) -> str:
        """What is certain, in a sentence; for an answer without a solved plan what stands in the way."""
        if why.outcome == "ineligible":
            return self.say(Words("没有开放给它的园区或季度：它不符合条件", "nothing is open to it: it is not eligible"))
        if why.difference is None:
            return self.say(Words("没有任何计划能这样安排", "no plan can have it so"))
        levels = why.difference.levels
        level = next((level for level in levels if level.lowest or level.highest), levels[0])
        places = decimals([level.before, level.after, level.lowest or 0.0, level.highest or 0.0, level.difference])
        forced = self.asked(ASKED[why.asked], why)
        if why.verdict == "improvable":
            return self.say(IMPROVABLE, forced=forced, gain=plain(abs(level.difference), places))
        if why.verdict is None or why.verdict == "uncertain":
            low, high = (UNKNOWN if end is None else signed(end, places) for end in (level.lowest, level.highest))
            return self.say(UNCERTAIN, forced=forced, low=low, high=high)
        if why.verdict == "costs" and level.lowest is None:
            change = LOWERED.fill(least=plain(abs(level.highest or 0.0), places))
        else:
            least, most = sorted([abs(level.lowest or 0.0), abs(level.highest or 0.0)])
            exact = most - least <= 1e-6 * max(abs(level.before), abs(level.after), 1e-3)
            change = CHANGED[why.verdict][0 if exact else 1].fill(least=plain(least, places), most=plain(most, places))
        return self.say(CERTAIN, forced=forced, change=change)

    def rule(self, rule: Ruling) -> str:
        """A rule that stands in the way, with its figure and what would have to change."""
        unit = self.resource_units.get(rule.resource_id or "", "")
        missing = None if rule.found is None or rule.allowed is None else rule.found - rule.allowed

        def amount(value: float | None, up: bool | None = None) -> str:
            """With its unit; to the digits that are shown, so that what is asked for is enough."""
            return DASH if value is None else quantity(value if up is None else rounded(value, up=up), unit, self.language)

        values = {
            "park": self.park(rule.park_id),
            "found": amount(rule.found),
            "allowed": amount(rule.allowed),
            "more": amount(rule.found, up=True),
            "less": amount(rule.found, up=False),
            "needed": amount(rule.needed, up=True),
            "missing": amount(missing, up=True),
            "most": amount(rule.allowed, up=False),
            "resource": self.resource_names.get(rule.resource_id or "", rule.resource_id or ""),
            "other": self.park(rule.other),
            "quarter": rule.other or "",
        }
        clause = self.say(OTHER_QUARTER if rule.code == "other_quarter" else REASONS[rule.code], **values)
        if rule.parks > 1 and rule.park_id is not None:
            clause += self.say(Words("（共 {n} 个园区如此）", " (so in {n:park})"), n=rule.parks)
        arrow = self.say(Words("；要改变：", "; what would have to change: "))
        return clause + arrow + self.say(REMEDIES[rule.code], **values)

    def sentences(self, why: Why) -> Iterator[str]:
        """The answer without its figures, what is certain first."""
        yield self.verdict(why)
        yield from (f"· {self.rule(rule)}" for rule in why.rules)
        if why.choices:
            yield self.say(BY_PARK)
            yield from (f"· {self.rule(rule)}" for rule in why.choices)
            yield self.say(Words("用 --park 查看一个园区的全部规则", "--park shows every rule of one park"))
        yield from (f"· {self.say(limit)}" for limit in why.conflict)
        if why.withdrawn is not None:
            yield self.say(WITHDRAWN[why.withdrawn])
        if why.outcome != "ineligible":
            own = [self.why(firm) for firm in self.plan.selected if firm.candidate_id == why.candidate_id]
            own += [self.why_not(firm) for firm in self.plan.not_selected if firm.candidate_id == why.candidate_id]
            yield from (self.say(Words("计划里的说明：", "the plan says: ")) + text for text in own if text)
        if why.difference is not None:
            run, gap = (UNKNOWN if gap is None else gap_text(gap) for gap in (why.run_gap, why.gap))
            yield self.say(GAPS, run=run, gap=gap, ended=STATUS[why.reason] if why.reason else "")

    def lines(self, why: Why) -> Iterator[str]:
        """The whole answer for a terminal."""
        yield self.title(why)
        yield from (f"  {sentence}" for sentence in self.sentences(why))
        if why.difference is not None:
            yield from self.items(why.difference)

    def short(self, why: Why) -> str:
        """The answer in a line."""
        levels = () if why.difference is None else why.difference.levels
        changes = [signed(level.difference, decimals([level.difference])) for level in levels]
        rules = [self.rule(rule) for rule in (*why.rules, *why.choices)[:1]]
        return self.title(why) + self.say(COLON) + self.say(Words("；", "; ")).join([*changes, self.verdict(why), *rules])


def rounded(value: float, *, up: bool) -> float:
    """To the digits that are shown, up or down."""
    if not math.isfinite(value) or value == 0:
        return value
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if abs(value) < 100 else 0
    scale = 10.0**digits
    return (math.ceil(value * scale - 1e-6) if up else math.floor(value * scale + 1e-6)) / scale


def text_of(plan: Plan, found: Why | Sequence[Why], language: Language) -> str:
    """What is printed: one answer whole, several in a line each."""
    answers = Answers(plan, language)
    return "\n".join(answers.lines(found) if isinstance(found, Why) else map(answers.short, found))
