"""Answers to "why" and "why not" in plain sentences, built from the records alone: for the console and the workbook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, gap_text, percent, quantity
from planner.publish.sentences import Teller
from planner.publish.words import GRADES, REASONS, STATUS
from planner.questions.why.record import Difference, FirmChange, LinkChange, Part, Ruling, Why
from planner.questions.why.words import ASKED, CHANGES, NOBODY, OTHER_QUARTER, REMEDIES, SUM, TITLES, VERDICTS, WITHDRAWN
from planner.questions.words import bracketed, decimals, plain

SHOWN = 12
"""Firms, links or limits listed on the console; further ones are added up."""


@dataclass(frozen=True)
class Answers:
    """Sentences about answers, with the plan they were asked of."""

    plan: Plan
    language: Language

    @cached_property
    def teller(self) -> Teller:
        """Names, units and limits."""
        return Teller(self.plan, self.language)

    def say(self, words: Words, **values: object) -> str:
        """In the answer's language."""
        return words.say(self.language, **values)

    def firm(self, candidate_id: str, name: str) -> str:
        """Name and id."""
        return name + bracketed(candidate_id, self.language)

    def park(self, park_id: str | None) -> str:
        """A park by name."""
        return self.teller.park_names.get(park_id or "", park_id or "")

    def where(self, why: Why) -> str:
        """``（东城经开区，2027Q2）``; empty where nothing was named."""
        parts = [part for part in (self.park(why.park_id), why.quarter or "") if part]
        return bracketed(self.say(Words("，", ", ")).join(parts), self.language)

    def title(self, why: Why) -> str:
        """The question."""
        firm = self.firm(why.candidate_id, why.name)
        return self.say(TITLES[why.asked], firm=firm, where=self.where(why), park=self.park(why.park_id))

    def forced(self, why: Why) -> str:
        """What was forced."""
        return self.say(ASKED[why.asked], where=self.where(why), park=self.park(why.park_id))

    def verdict(self, why: Why) -> str:
        """What is certain, in a sentence; for an answer without a solved plan what stands in the way."""
        if why.outcome == "ineligible":
            return self.say(Words("没有开放给它的园区或季度：它不符合条件", "nothing is open to it: it is not eligible"))
        found = why.difference
        if found is None:
            return self.say(Words("没有任何计划能这样安排", "no plan can have it so"))
        level = next((one for one in found.levels if one.lowest or one.highest), found.levels[0])
        places = decimals([level.before, level.after, level.lowest or 0.0, level.highest or 0.0, level.difference])
        low, high = (abs(value or 0.0) for value in (level.lowest, level.highest))
        exact = abs(high - low) <= 1e-6 * max(abs(level.before), abs(level.after), 1e-3)
        values = {
            "forced": self.forced(why),
            "least": plain(min(low, high), places),
            "most": plain(max(low, high), places),
            "low": self._open(level.lowest, places),
            "high": self._open(level.highest, places),
            "gain": plain(abs(level.difference), places),
        }
        if why.verdict == "costs" and level.lowest is None:
            text = Words(
                "可以确定：{forced}，最优目标值至少降低 {least}", "certain: {forced}, the optimum falls by at least {least}"
            )
            return self.say(text, **{**values, "least": plain(high, places)})
        return self.say(VERDICTS[why.verdict or "uncertain"][0 if exact else 1], **values)

    def _open(self, value: float | None, places: int) -> str:
        return self.say(Words("未知", "unknown")) if value is None else signed(value, places)

    def part(self, part: Part) -> str:
        """A term or a soft rule by name."""
        if part.kind == "term":
            return self.teller.term(part.name)
        group = self.teller.names.get(part.group or "", part.group or "")
        name = f"{part.name} · {group}" if group else part.name
        return self.say(Words("软规则“{name}”", "soft rule {name}"), name=name)

    def raw(self, part: Part) -> str:
        """Its figures before and after."""
        return f"{figure(part.before)} → {quantity(part.after, part.unit, self.language)}"

    def place(self, firm: FirmChange, after: bool) -> str:
        """Where and when a firm is in one of the plans; a dash where it is in none."""
        park, quarter = (firm.park_after, firm.quarter_after) if after else (firm.park_before, firm.quarter_before)
        return f"{self.park(park)} {quarter}" if park else "—"

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
            won = Words("得到备份", "backup won") if link.backed_up_after else Words("失去备份", "backup lost")
            parts.append(self.say(won))
        if link.grade_before != link.grade_after:
            a, b = GRADES[link.grade_before].say(self.language), GRADES[link.grade_after].say(self.language)
            parts.append(self.say(Words("评级 {a} → {b}", "grade {a} → {b}"), a=a, b=b))
        return self.say(Words("，", ", ")).join(parts)

    def rule(self, rule: Ruling) -> str:
        """A rule that stands in the way, with its figure and what would have to change."""
        unit = self.teller.resource_units.get(rule.resource_id or "", "")
        missing = None if rule.found is None or rule.allowed is None else rule.found - rule.allowed

        def amount(value: float | None) -> str:
            return "—" if value is None else quantity(value, unit, self.language)

        values = {
            "park": self.park(rule.park_id),
            "found": amount(rule.found),
            "allowed": amount(rule.allowed),
            "more": amount(rounded(rule.found, up=True)),
            "less": amount(rounded(rule.found, up=False)),
            "needed": amount(rounded(rule.needed, up=True)),
            "missing": amount(rounded(missing, up=True)),
            "most": amount(rounded(rule.allowed, up=False)),
            "resource": self.teller.resource_names.get(rule.resource_id or "", rule.resource_id or ""),
            "other": self.park(rule.other),
        }
        clause = self.say(OTHER_QUARTER if rule.code == "other_quarter" else REASONS[rule.code], **values)
        if rule.parks > 1 and rule.park_id is not None:
            clause += self.say(Words("（共 {n} 个园区如此）", " (so in {n} parks)"), n=rule.parks)
        arrow = self.say(Words("；要改变：", "; what would have to change: "))
        return clause + arrow + self.say(REMEDIES[rule.code], **values)

    def own_words(self, why: Why) -> str:
        """What the plan itself says of the candidate."""
        for firm in self.plan.selected:
            if firm.candidate_id == why.candidate_id:
                return self.teller.why(firm)
        for other in self.plan.not_selected:
            if other.candidate_id == why.candidate_id:
                return self.teller.why_not(other)
        return ""

    def proof(self, why: Why) -> str:
        """How good both solves were."""

        def told(gap: float | None) -> str:
            return self.say(Words("未知", "unknown")) if gap is None else gap_text(gap)

        ended = STATUS[why.reason].say(self.language) if why.reason else ""
        text = Words(
            "本次运行的差距 {run}；强制后求解的差距 {gap}（{ended}）", "gap of the run {run}; of the forced plan {gap} ({ended})"
        )
        return self.say(text, run=told(why.run_gap), gap=told(why.gap), ended=ended)

    def sentences(self, why: Why) -> Iterator[str]:
        """The answer without its figures, what is certain first."""
        yield self.verdict(why)
        yield from (f"· {self.rule(rule)}" for rule in why.rules)
        if why.choices:
            then = Words(
                "没有园区向它开放；各园区首先挡住它的规则：", "no park is open to it; what first stands in the way, by park:"
            )
            yield self.say(then)
            yield from (f"· {self.rule(rule)}" for rule in why.choices)
            yield self.say(Words("用 --park 查看一个园区的全部规则", "--park shows every rule of one park"))
        yield from (f"· {self.say(Words(said.zh, said.en))}" for said in why.conflict)
        if why.withdrawn is not None:
            yield self.say(WITHDRAWN[why.withdrawn])
        own = self.own_words(why)
        if own and why.outcome != "ineligible":
            yield self.say(Words("计划里的说明：", "the plan says: ")) + own
        if why.difference is not None:
            yield self.proof(why)

    def lines(self, why: Why) -> Iterator[str]:
        """The whole answer for a terminal."""
        yield self.title(why)
        yield from (f"  {sentence}" for sentence in self.sentences(why))
        if why.difference is not None:
            for number in range(len(why.difference.levels)):
                yield from self._level(why.difference, number)
            yield from self._links(why.difference)

    def short(self, why: Why) -> Iterator[str]:
        """The answer in a line."""
        colon = self.say(Words("：", ": "))
        rules = [self.rule(rule) for rule in (*why.rules, *why.choices)[:1]]
        change = (
            []
            if why.difference is None
            else [signed(level.difference, decimals([level.difference])) for level in why.difference.levels]
        )
        yield self.title(why) + colon + self.say(Words("；", "; ")).join([*change, self.verdict(why), *rules])

    def _level(self, found: Difference, n: int) -> Iterator[str]:
        level = found.levels[n]
        places = decimals([level.difference, *(part.values[n] for part in found.parts)])
        share = "" if not level.before else signed_percent(level.difference / abs(level.before))
        head = Words(
            "目标值{level} {before} → {after}，变化 {difference}{share}",
            "value{level} {before} → {after}, change {difference}{share}",
        )
        yield self.say(
            head,
            level=self.say(Words("（第 {n} 优先级）", " (priority {n})"), n=n + 1) if len(found.levels) > 1 else "",
            before=plain(level.before, places),
            after=plain(level.after, places),
            difference=signed(level.difference, places),
            share=bracketed(share, self.language),
        )
        yield self.say(Words("按目标项：", "by term:"))
        for part in found.parts:
            yield f"  {signed(part.values[n], places):>12}  {self.part(part)}  {self.raw(part)}"
        yield f"  {signed(math.fsum(part.values[n] for part in found.parts), places):>12}  {self.say(SUM)}"
        yield self.say(Words("按企业：", "by firm:"))
        for firm in found.firms[:SHOWN]:
            change = CHANGES[firm.change].say(self.language)
            places_of = (
                self.place(firm, after=True)
                if firm.change in {"asked", "comes"} and firm.park_before is None
                else (
                    f"{self.place(firm, after=False)} → {self.place(firm, after=True)}"
                    if firm.change in {"asked", "moves"}
                    else self.place(firm, after=False)
                )
            )
            yield f"  {signed(firm.values[n], places):>12}  {change}  {self.firm(firm.candidate_id, firm.name)}  {places_of}"
        rest = found.firms[SHOWN:]
        if rest:
            text = self.say(Words("其余 {n} 家", "{n} more"), n=len(rest))
            yield f"  {signed(math.fsum(firm.values[n] for firm in rest), places):>12}  {text}"
        if found.nobody[n]:
            yield f"  {signed(found.nobody[n], places):>12}  {self.say(NOBODY)}"
        total = math.fsum([*(firm.values[n] for firm in found.firms), found.nobody[n]])
        yield f"  {signed(total, places):>12}  {self.say(SUM)}"

    def _links(self, found: Difference) -> Iterator[str]:
        if found.links:
            yield self.say(Words("环节：", "links:"))
            yield from (f"  · {link.name}{self.say(Words('：', ': '))}{self.link(link)}" for link in found.links[:SHOWN])
            if len(found.links) > SHOWN:
                yield self.say(Words("  另有 {n} 个环节，见工作簿", "  {n} more, see the workbook"), n=len(found.links) - SHOWN)
        for limits, title in (
            (found.bound, Words("新用尽的限制：", "limits that bind now: ")),
            (found.freed, Words("腾出来的限制：", "limits that do not bind any more: ")),
        ):
            if limits:
                told = [self.teller.limit(limit) for limit in limits[:SHOWN]]
                more = [] if len(limits) <= SHOWN else [self.say(Words("另有 {n} 条", "{n} more"), n=len(limits) - SHOWN)]
                yield self.say(title) + self.say(Words("、", "; ")).join([*told, *more])


def rounded(value: float | None, *, up: bool) -> float | None:
    """To the digits that are shown, so that what is asked for is enough."""
    if value is None or not math.isfinite(value) or value == 0:
        return value
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if abs(value) < 100 else 0
    scale = 10.0**digits
    return (math.ceil(value * scale - 1e-6) if up else math.floor(value * scale + 1e-6)) / scale


def signed(value: float, places: int) -> str:
    """With its sign; what rounds to nothing has none."""
    text = f"{abs(value):,.{places}f}"
    return ("" if not float(text.replace(",", "")) else "+" if value > 0 else "−") + text


def signed_percent(share: float) -> str:
    """``−7.5%``."""
    return ("−" if share < 0 else "+" if share > 0 else "") + percent(abs(share))


def text_of(plan: Plan, found: Why | Sequence[Why], language: Language) -> str:
    """What is printed: one answer whole, several in a line each."""
    answers = Answers(plan, language)
    return "\n".join(answers.lines(found) if isinstance(found, Why) else (line for why in found for line in answers.short(why)))
