"""The difference of two plans item by item, in plain words for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from planner.language import Words
from planner.publish.figures import figure, percent, quantity
from planner.publish.sentences import Teller
from planner.publish.words import GRADES
from planner.questions.items import Difference, FirmChange, LinkChange, Part
from planner.questions.words import DASH, bracketed, decimals, plain

SHOWN = 12
"""Firms, links or limits listed on the console; further ones are added up."""
CHANGES = {
    "asked": Words("所问项目", "asked"),
    "leaves": Words("退出", "leaves"),
    "comes": Words("进来", "comes"),
    "moves": Words("改园区或季度", "moves"),
    "shares": Words("不动，分摊变化", "stays; shares change"),
}
NOBODY = Words("软规则的代价（不属于任何企业）", "price of soft rules (belongs to no firm)")
SUM = Words("合计", "sum")
COMMA, COLON, UNKNOWN = Words("，", ", "), Words("：", ": "), Words("未知", "unknown")
BACKUP = (Words("失去备份", "backup lost"), Words("得到备份", "backup won"))
VALUE = Words(
    "目标值{level} {before} → {after}，变化 {difference}{share}", "value{level} {before} → {after}, change {difference}{share}"
)


class Items(Teller):
    """Sentences about what differs between two plans."""

    def say(self, words: Words, **values: object) -> str:
        """In the language of the answers."""
        return words.say(self.language, **values)

    def firm(self, candidate_id: str, name: str) -> str:
        """Name and id."""
        return name + bracketed(candidate_id, self.language)

    def park(self, park_id: str | None) -> str:
        """A park by name."""
        return self.park_names.get(park_id or "", park_id or "")

    def items(self, found: Difference) -> Iterator[str]:
        """The whole difference: level by level by term and by firm, then links and limits."""
        for number in range(len(found.levels)):
            yield from self._level(found, number)
        yield from self._links(found)

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


def signed(value: float, places: int) -> str:
    """With its sign; what rounds to nothing has none."""
    text = plain(abs(value), places)
    return ("" if not float(text.replace(",", "")) else "+" if value > 0 else "−") + text
