"""Sensitivity in words: what the console prints and the sheet holds is said here once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, quantity
from planner.questions.sensitivity.record import Addition, Sensitivity
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, aligned, names

PROVED = 1e-6
"""Relative difference below which an interval is a point."""
KINDS: Mapping[str, Words] = {"fund": Words("资金", "Fund"), "resource": Words("资源", "Resource"), "team": Words("专班", "Team")}
CLOSED, OPENED = Words("补齐", "closes"), Words("又出现缺口", "opens")


def what(one: Addition) -> str:
    """``用地 东城经开区``."""
    return one.name + (f" {one.place}" if one.place else "")


def how_much(one: Addition, quarters: Sequence[str], language: Language) -> str:
    """``+20 亩``, and when."""
    return f"+{quantity(one.step, one.unit, language)}{when(one, quarters, language)}"


def when(one: Addition, quarters: Sequence[str], language: Language) -> str:
    """In which quarters, where that needs saying."""
    if one.once:
        return Words("（{q} 一次，结转使用）", " (once, in {q}, carried over)").say(language, q=one.quarters[0])
    if one.quarters == tuple(quarters):
        if one.kind == "resource" or len(quarters) == 1:
            return ""
        return Words("（每季）", " (each quarter)").say(language)
    if one.quarters and one.quarters == tuple(quarters)[-len(one.quarters) :]:
        return Words("（{q} 起）", " (from {q} on)").say(language, q=one.quarters[0])
    return Words("（{q}）", " ({q})").say(language, q="、".join(one.quarters))


def certain(one: Addition, language: Language) -> str:
    """How sure its worth is."""
    if one.asked == "worthless":
        return Words("已证明无价值：全部需求已放得下", "proved worth nothing: all there could be fits already").say(language)
    if one.asked == "not_asked":
        return Words("未求解，不作判断", "not solved: nothing is claimed").say(language)
    low, high = one.lowest, one.highest
    if low is not None and high is not None and high - low <= PROVED * max(1.0, abs(one.value or 0.0)):
        return Words("已证明", "proved").say(language)
    said = DASH if high is None else figure(high)
    if low is None or low <= 0:
        return Words("0 至 {high}，在差距之内", "0 to {high}, within the gap").say(language, high=said)
    return Words("{low} 至 {high}", "{low} to {high}").say(language, low=figure(low), high=said)


def buys(one: Addition, language: Language, most: int | None = 4) -> str:
    """Who comes and leaves, which links are closed; who only moves is counted."""
    moved = Words("{n} 个换园区或季度", "{n} move").say(language, n=len(one.moved)) if one.moved else ""
    parts = [
        f"{word.say(language)} {names(several, language, most)}"
        for word, several in ((CAME, one.came), (LEFT, one.left), (CLOSED, one.closed), (OPENED, one.opened))
        if several
    ]
    return Words("；", "; ").say(language).join([*parts, *([moved] if moved else [])])


def sensitivity_notes(told: Sensitivity, language: Language) -> list[str]:
    """What the figures are held against, and what was not asked."""
    lines = [
        Words(
            "价值 = 增加后重新求解的目标值 − {base}（目标值 {value}）；“范围”是两个最优值之差的可能范围。",
            "Worth is the value solved with the addition less that of {base} ({value}); ranges are of the difference of the optima.",
        ).say(
            language,
            value=figure(told.value),
            base=Words("原计划", "the plan")
            if told.better is None
            else Words("不加任何资源再算得到的计划", "the plan solved once more without any addition"),
        )
    ]
    if told.better is not None:
        lines.append(
            Words(
                "原计划未证明最优：不加任何资源再算，目标值已高出 {better}；建议重新运行。",
                "The run's plan was not proved optimal: solving once more without any addition gained {better}; run it again.",
            ).say(language, better=figure(told.better))
        )
    if told.level is not None:
        lines.append(
            Words("按优先级求解：以上均为第一优先级的目标值。", "With priorities: all values are those of the first.").say(language)
        )
    left = sum(one.asked == "not_asked" for one in told.additions)
    if left:
        lines.append(
            Words(
                "另有 {n} 项没有求解（看来价值较小，至多求解 {most} 项）：没有求解不等于没有价值。",
                "{n} more were not solved (less promising; {most} at most are): that does not make them worthless.",
            ).say(language, n=left, most=told.most)
        )
    if told.interrupted:
        lines.append(INTERRUPTED.say(language))
    return lines


def text_of(plan: Plan, told: Sensitivity, language: Language) -> str:
    """The console's table, the most valuable first."""
    quarters = plan.plan.quarters
    head = (
        Words("增加", "more of"),
        Words("多少", "how much"),
        Words("价值", "worth"),
        Words("范围", "range"),
        Words("换来什么", "what it buys"),
    )
    rows = [[words.say(language) for words in head]]
    for one in told.additions:
        if one.asked == "not_asked":
            continue
        worth = DASH if one.worth is None else figure(one.worth)
        rows.append([what(one), how_much(one, quarters, language), worth, certain(one, language), buys(one, language, 3) or DASH])
    return "\n".join([aligned(rows, (False, False, True, False, False)), *sensitivity_notes(told, language)])
