"""The explanation of a conflict in sentences, for the command line and for whoever asked for a plan."""

from __future__ import annotations

from planner.language import Language, Words
from planner.limits import RELAXABLE
from planner.questions.conflict import Explanation, Infeasible, Repair

MOST = 15
"""Limits of one conflict that are listed; the rest are counted."""
FEW, MANY = 5, 25
"""Projects that need not come any more are joined in one line above ``FEW``; changes of one repair above ``MANY`` are counted."""


FEASIBLE = Words(
    "有可行计划：已找到一个（{projects} 个项目），并按数据逐项核对过所有限制。它只说明可行，不是最优；求解请用 planner run。",
    "a plan exists: one was found ({projects:project}) and held against every limit. It is only feasible; planner run optimises.",
)
NONE = Words("没有任何计划能同时满足所有限制。", "no plan meets all limits at once.")
UNKNOWN = Words(
    "时限内既没有找到可行计划，也没有证明不存在。请加长 --time-limit。",
    "neither was a plan found nor was it proved that there is none; allow more with --time-limit.",
)
AT_ONCE = Words("不必求解，数字本身就矛盾：", "the figures alone contradict each other:")
ALONE = Words("冲突{order}：这一条本身就做不到：", "conflict{order}: this alone cannot hold:")
MINIMAL = Words(
    "最小冲突{order}：以下 {n} 条不能同时成立，去掉其中任何一条，其余就能成立：",
    "minimal conflict{order}: these {n} cannot all hold; without any one of them the others can:",
)
NOT_MINIMAL = Words(
    "冲突{order}：以下 {n} 条不能同时成立（时限内未证明每一条都必要）：",
    "conflict{order}: these {n} cannot all hold (not proved in the time given that each is needed):",
)
WAY_OUT = Words("放宽方案{order}（代价 {cost}，{quality}；{checked}）：", "repair{order} (cost {cost}; {quality}; {checked}):")
CHEAPEST = Words("已证明代价最小", "proved to be the cheapest")
CHEAPEST_OTHER = Words("与前面的方案不同者中代价最小", "the cheapest that differs from those before")
ENOUGH = Words(
    "只知道够用，时限内未证明代价最小，最小不低于 {bound}",
    "known to be enough, not proved to be the cheapest in the time given: no less than {bound} is possible",
)
CHECKED = Words("已核对：照此改后有可行计划", "checked: with it a plan exists")
NOT_CHECKED = Words("未能核对，改后仍可能不可行", "could not be checked: with it there may still be no plan")
DROPPED = Words("取消 {n} 个项目的必选：{names}", "drop must_include of {n:project}: {names}")
APPLY = Words(
    "planner explain PLAN --apply N 把第 N 个方案写成一份新的计划文件（原文件不动）。",
    "planner explain PLAN --apply N writes repair N as a new plan file; the old one stays as it is.",
)


def infeasible(conflict: Explanation) -> Infeasible:
    """That there is no plan, in words."""
    return Infeasible(conflict, Words(conflict_text(conflict, "zh"), conflict_text(conflict, "en")))


def conflict_text(found: Explanation, language: Language) -> str:
    """Whether a plan exists; if none does: what contradicts what, the minimal conflicts, and the ways out."""
    if found.feasible:
        return FEASIBLE.say(language, projects=found.projects)
    lines = [(NONE if found.feasible is False else UNKNOWN).say(language)]
    if found.contradictions:
        lines.append(AT_ONCE.say(language))
        lines += [f"  ! {contradiction.text.say(language)}" for contradiction in found.contradictions]
    for number, conflict in enumerate(found.conflicts, 1):
        head = NOT_MINIMAL if not conflict.minimal else ALONE if len(conflict.limits) == 1 else MINIMAL
        order = f" {number}" if len(found.conflicts) > 1 else ""
        lines.append(head.say(language, order=order, n=len(conflict.limits)))
        lines += [f"  - {words.say(language)}" for words in conflict.limits[:MOST]]
        if len(conflict.limits) > MOST:
            lines.append(Words("  - …… 另有 {n} 条", "  - … and {n} more").say(language, n=len(conflict.limits) - MOST))
    for number, repair in enumerate(found.repairs, 1):
        lines += _repair(repair, number, len(found.repairs), language)
    return "\n".join([*lines, _prices(found, language), APPLY.say(language)] if found.repairs else lines)


def _repair(repair: Repair, number: int, count: int, language: Language) -> list[str]:
    cheapest = CHEAPEST if number == 1 else CHEAPEST_OTHER
    head = WAY_OUT.say(
        language,
        order="" if count == 1 else f" {number}",
        cost=f"{repair.cost:.4g}",
        quality=cheapest if repair.cheapest else ENOUGH.fill(bound=f"{repair.bound:.4g}"),
        checked=CHECKED if repair.confirmed else NOT_CHECKED,
    )
    steps = [(step.family == "must_include", step.text.say(language)) for step in repair.steps]
    dropped = [text.partition("：" if language == "zh" else ": ")[2] for drops, text in steps if drops]
    lines = [text for _, text in steps]
    if len(dropped) > FEW:
        together = DROPPED.say(language, n=len(dropped), names=Words.listed(dropped))
        lines = [together, *(text for drops, text in steps if not drops)]
    if len(lines) > MANY:
        more = Words("…… 另有 {n} 项（--apply {number} 写出全部）", "… and {n} more (--apply {number} writes them all)")
        lines = [*lines[:MANY], more.say(language, n=len(lines) - MANY, number=number)]
    return [head, *(f"  · {line}" for line in lines)]


def _prices(found: Explanation, language: Language) -> str:
    """The prices that "cheapest" means."""
    other = [f"{RELAXABLE[kind].say(language)} {price:g}" for kind, price in found.weights.items() if price != 1.0]
    base = Words("代价：每项限额放宽 100 %（或取消一项）计 1", "cost: 1 for each limit that gives way by 100 % (or is dropped)")
    if not other:
        return Words(f"{base.zh}；可在 explain.weights 中改。", f"{base.en}; change it in explain.weights.").say(language)
    named = Words.listed(other).say(language)
    return Words(f"{base.zh}，另按 explain.weights：{named}。", f"{base.en}; by explain.weights: {named}.").say(language)
