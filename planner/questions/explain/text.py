"""The explanation of a conflict in sentences, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.language import Language, Words
from planner.limits import RELAXABLE

if TYPE_CHECKING:
    from planner.questions.explain.ask import Conflict, Explanation
    from planner.questions.explain.repair import Repair

MOST = 15
"""Limits of one conflict that are listed; the rest are counted."""
FEW, MANY = 5, 25
"""Projects that need not come any more are joined in one line above ``FEW``; changes of one repair above ``MANY`` are counted."""


def conflict_text(found: Explanation, language: Language) -> str:
    """Whether a plan exists; if none does: what contradicts what, the minimal conflicts, and the ways out."""
    if found.feasible:
        text = Words(
            "有可行计划：已找到一个（{projects} 个项目），并按数据逐项核对过所有限制。它只说明可行，不是最优；求解请用 planner run。",
            "a plan exists: one was found ({projects} projects) and held against every limit. It is only feasible; planner run optimises.",
        )
        return text.say(language, projects=found.projects)
    lines = [_head(found).say(language)]
    if found.contradictions:
        lines.append(Words("不必求解，数字本身就矛盾：", "the figures alone contradict each other:").say(language))
        lines += [f"  ! {one.text.say(language)}" for one in found.contradictions]
    for number, one in enumerate(found.conflicts, 1):
        lines += _conflict(one, number if len(found.conflicts) > 1 else None, language)
    for number, repair in enumerate(found.repairs, 1):
        lines += _repair(repair, number, len(found.repairs), language)
    if found.repairs:
        lines.append(_prices(found, language))
        how = Words(
            "planner explain PLAN --apply N 把第 N 个方案写成一份新的计划文件（原文件不动）。",
            "planner explain PLAN --apply N writes repair N as a new plan file; the old one stays as it is.",
        )
        lines.append(how.say(language))
    return "\n".join(lines)


def _head(found: Explanation) -> Words:
    if found.feasible is False:
        return Words("没有任何计划能同时满足所有限制。", "no plan meets all limits at once.")
    return Words(
        "时限内既没有找到可行计划，也没有证明不存在。请加长 --time-limit。",
        "neither was a plan found nor was it proved that there is none; allow more with --time-limit.",
    )


def _conflict(one: Conflict, number: int | None, language: Language) -> list[str]:
    order = "" if number is None else f" {number}"
    if one.minimal and len(one.limits) == 1:
        head = Words("冲突{order}：这一条本身就做不到：", "conflict{order}: this alone cannot hold:")
    elif one.minimal:
        head = Words(
            "最小冲突{order}：以下 {n} 条不能同时成立，去掉其中任何一条，其余就能成立：",
            "minimal conflict{order}: these {n} cannot all hold; without any one of them the others can:",
        )
    else:
        head = Words(
            "冲突{order}：以下 {n} 条不能同时成立（时限内未证明每一条都必要）：",
            "conflict{order}: these {n} cannot all hold (not proved in the time given that each is needed):",
        )
    lines = [head.say(language, order=order, n=len(one.limits))]
    lines += [f"  - {words.say(language)}" for words in one.limits[:MOST]]
    if len(one.limits) > MOST:
        lines.append(Words("  - …… 另有 {n} 条", "  - … and {n} more").say(language, n=len(one.limits) - MOST))
    return lines


def _repair(one: Repair, number: int, count: int, language: Language) -> list[str]:
    name = Words("放宽方案", "repair") if count == 1 else Words(f"放宽方案 {number}", f"repair {number}")
    if one.cheapest and number == 1:
        quality = Words("已证明代价最小", "proved to be the cheapest")
    elif one.cheapest:
        quality = Words("与前面的方案不同者中代价最小", "the cheapest that differs from those before")
    else:
        quality = Words(
            "只知道够用，时限内未证明代价最小，最小不低于 {bound}",
            "known to be enough, not proved to be the cheapest in the time given: no less than {bound} is possible",
        ).fill(bound=f"{one.bound:.4g}")
    checked = Words("已核对：照此改后有可行计划", "checked: with it a plan exists")
    if not one.confirmed:
        checked = Words("未能核对，改后仍可能不可行", "could not be checked: with it there may still be no plan")
    head = Words("{name}（代价 {cost}，{quality}；{checked}）：", "{name} (cost {cost}; {quality}; {checked}):")
    said = {"name": name, "cost": f"{one.cost:.4g}", "quality": quality, "checked": checked}
    dropped = [
        step.text.say(language).partition("：" if language == "zh" else ": ")[2]
        for step in one.steps
        if step.family == "must_include"
    ]
    lines = [step.text.say(language) for step in one.steps]
    if len(dropped) > FEW:
        lines = [step.text.say(language) for step in one.steps if step.family != "must_include"]
        stop = "、" if language == "zh" else ", "
        every = Words("取消 {n} 个项目的必选：{names}", "drop must_include of {n} projects: {names}")
        lines.insert(0, every.say(language, n=len(dropped), names=stop.join(dropped)))
    if len(lines) > MANY:
        more = Words("…… 另有 {n} 项（--apply {number} 写出全部）", "… and {n} more (--apply {number} writes them all)")
        lines = [*lines[:MANY], more.say(language, n=len(lines) - MANY, number=number)]
    return [head.say(language, **said), *(f"  · {line}" for line in lines)]


def _prices(found: Explanation, language: Language) -> str:
    """The prices that "cheapest" means."""
    other = {kind: price for kind, price in found.weights.items() if price != 1.0}
    stop = "、" if language == "zh" else ", "
    named = stop.join(f"{RELAXABLE[kind].say(language)} {price:g}" for kind, price in other.items())
    base = Words("代价：每项限额放宽 100 %（或取消一项）计 1", "cost: 1 for each limit that gives way by 100 % (or is dropped)")
    if not other:
        return Words(f"{base.zh}；可在 explain.weights 中改。", f"{base.en}; change it in explain.weights.").say(language)
    return Words(f"{base.zh}，另按 explain.weights：{named}。", f"{base.en}; by explain.weights: {named}.").say(language)
