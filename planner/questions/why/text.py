"""Answers to "why" and "why not" in plain sentences, built from the records alone: for the console and the workbook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, gap_text, percent, quantity
from planner.publish.sentences import Teller
from planner.publish.words import GRADES, REASONS, STATUS
from planner.questions.why.record import Difference, FirmChange, LinkChange, Part, Ruling, Why
from planner.questions.words import DASH, bracketed, decimals, plain

SHOWN = 12
"""Firms, links or limits listed on the console; further ones are added up."""
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
CHANGES = {
    "asked": Words("所问项目", "asked"),
    "leaves": Words("退出", "leaves"),
    "comes": Words("进来", "comes"),
    "moves": Words("改园区或季度", "moves"),
    "shares": Words("不动，分摊变化", "stays; shares change"),
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
    "earliest_quarter": Words("提前最早季度（现为 {other}）", "an earlier earliest quarter than {other}"),
    "latest_quarter": Words("推后最晚季度（现为 {other}）", "a later latest quarter than {other}"),
    "other_quarter": Words("改指定季度（现为 {other}）", "change its fixed quarter, now {other}"),
}
OTHER_QUARTER = Words("已指定季度 {other}", "its quarter is fixed: {other}")
NOBODY = Words("软规则的代价（不属于任何企业）", "price of soft rules (belongs to no firm)")
SUM = Words("合计", "sum")
COMMA, COLON, UNKNOWN = Words("，", ", "), Words("：", ": "), Words("未知", "unknown")
BACKUP = (Words("失去备份", "backup lost"), Words("得到备份", "backup won"))
BY_PARK = Words("没有园区向它开放；各园区首先挡住它的规则：", "no park is open to it; what first stands in the way, by park:")
GAPS = Words("本次运行的差距 {run}；强制后求解的差距 {gap}（{ended}）", "gap of the run {run}; of the forced plan {gap} ({ended})")
VALUE = Words(
    "目标值{level} {before} → {after}，变化 {difference}{share}", "value{level} {before} → {after}, change {difference}{share}"
)
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


class Answers(Teller):
    """Sentences about answers to questions about the plan."""

    def say(self, words: Words, **values: object) -> str:
        """In the language of the answers."""
        return words.say(self.language, **values)

    def firm(self, candidate_id: str, name: str) -> str:
        """Name and id."""
        return name + bracketed(candidate_id, self.language)

    def park(self, park_id: str | None) -> str:
        """A park by name."""
        return self.park_names.get(park_id or "", park_id or "")

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

    def part(self, part: Part) -> str:
        """A term or a soft rule by name."""
        if part.kind == "term":
            return self.term(part.name)
        group = self.names.get(part.group or "", part.group or "")
        return self.say(Words("软规则“{name}”", "soft rule {name}"), name=f"{part.name} · {group}" if group else part.name)

    def stand(self, firm: FirmChange, after: bool) -> str:
        """Where and when a firm is in one of the plans; a dash where it is in none."""
        park, quarter = (firm.park_after, firm.quarter_after) if after else (firm.park_before, firm.quarter_before)
        return f"{self.park(park)} {quarter}" if park else DASH

    def link(self, link: LinkChange) -> str:
        """What changes at a link."""
        parts = []
        if link.shortage_before != link.shortage_after:
            text = Words("缺口 {a} → {b} 万元", "shortage {a} → {b} (CNY 10k)")
            parts.append(self.say(text, a=figure(link.shortage_before), b=figure(link.shortage_after)))
            if link.shortage_before == 0:
                parts.append(self.say(Words("缺口重新出现", "open again")))
        if link.sources_before != link.sources_after:
            parts.append(self.say(Words("来源 {a} → {b}", "sources {a} → {b}"), a=link.sources_before, b=link.sources_after))
        if link.backed_up_before != link.backed_up_after:
            parts.append(self.say(BACKUP[link.backed_up_after]))
        if link.grade_before != link.grade_after:
            grades = Words("评级 {a} → {b}", "grade {a} → {b}")
            parts.append(self.say(grades, a=GRADES[link.grade_before], b=GRADES[link.grade_after]))
        return self.say(COMMA).join(parts)

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
            clause += self.say(Words("（共 {n} 个园区如此）", " (so in {n} parks)"), n=rule.parks)
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
            for number in range(len(why.difference.levels)):
                yield from self._level(why.difference, number)
            yield from self._links(why.difference)

    def short(self, why: Why) -> str:
        """The answer in a line."""
        levels = () if why.difference is None else why.difference.levels
        changes = [signed(level.difference, decimals([level.difference])) for level in levels]
        rules = [self.rule(rule) for rule in (*why.rules, *why.choices)[:1]]
        return self.title(why) + self.say(COLON) + self.say(Words("；", "; ")).join([*changes, self.verdict(why), *rules])

    def _level(self, found: Difference, n: int) -> Iterator[str]:
        level = found.levels[n]
        places = decimals([level.difference, *(part.values[n] for part in found.parts)])
        sign = "−" if level.difference < 0 else "+" if level.difference > 0 else ""
        share = sign + percent(abs(level.difference / level.before)) if level.before else ""

        def row(values: Sequence[float], *texts: str) -> str:
            return "  ".join([f"  {signed(math.fsum(values), places):>12}", *texts])

        yield self.say(
            VALUE,
            level=Words("（第 {n} 优先级）", " (priority {n})").fill(n=n + 1) if len(found.levels) > 1 else "",
            before=plain(level.before, places),
            after=plain(level.after, places),
            difference=signed(level.difference, places),
            share=bracketed(share, self.language),
        )
        yield self.say(Words("按目标项：", "by term:"))
        for part in found.parts:
            raw = f"{figure(part.before)} → {quantity(part.after, part.unit, self.language)}"
            yield row(part.values[n : n + 1], self.part(part), raw)
        yield row([part.values[n] for part in found.parts], self.say(SUM))
        yield self.say(Words("按企业：", "by firm:"))
        for firm in found.firms[:SHOWN]:
            where = [self.stand(firm, after=False)] if firm.park_before is not None else []
            where += [self.stand(firm, after=True)] if not where or firm.change in {"asked", "moves"} else []
            change, name = self.say(CHANGES[firm.change]), self.firm(firm.candidate_id, firm.name)
            yield row(firm.values[n : n + 1], change, name, " → ".join(where))
        rest = [firm.values[n] for firm in found.firms[SHOWN:]]
        if rest:
            yield row(rest, self.say(Words("其余 {n} 家", "{n} more"), n=len(rest)))
        if found.nobody[n]:
            yield row(found.nobody[n : n + 1], self.say(NOBODY))
        yield row([*(firm.values[n] for firm in found.firms), found.nobody[n]], self.say(SUM))

    def _links(self, found: Difference) -> Iterator[str]:
        if found.links:
            yield self.say(Words("环节：", "links:"))
            yield from (f"  · {link.name}{self.say(COLON)}{self.link(link)}" for link in found.links[:SHOWN])
            if len(found.links) > SHOWN:
                yield self.say(Words("  另有 {n} 个环节，见工作簿", "  {n} more, see the workbook"), n=len(found.links) - SHOWN)
        for limits, title in (
            (found.bound, Words("新用尽的限制：", "limits that bind now: ")),
            (found.freed, Words("腾出来的限制：", "limits that do not bind any more: ")),
        ):
            shown = [self.limit(limit) for limit in limits[:SHOWN]]
            shown += [self.say(Words("另有 {n} 条", "{n} more"), n=len(limits) - SHOWN)] if len(limits) > SHOWN else []
            if shown:
                yield self.say(title) + self.say(Words("、", "; ")).join(shown)


def rounded(value: float, *, up: bool) -> float:
    """To the digits that are shown, up or down."""
    if not math.isfinite(value) or value == 0:
        return value
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if abs(value) < 100 else 0
    scale = 10.0**digits
    return (math.ceil(value * scale - 1e-6) if up else math.floor(value * scale + 1e-6)) / scale


def signed(value: float, places: int) -> str:
    """With its sign; what rounds to nothing has none."""
    text = plain(abs(value), places)
    return ("" if not float(text.replace(",", "")) else "+" if value > 0 else "−") + text


def text_of(plan: Plan, found: Why | Sequence[Why], language: Language) -> str:
    """What is printed: one answer whole, several in a line each."""
    answers = Answers(plan, language)
    return "\n".join(answers.lines(found) if isinstance(found, Why) else map(answers.short, found))
