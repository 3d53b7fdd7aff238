"""Alternatives in words: what the console prints and the sheet holds is said here once."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, percent
from planner.questions.alternatives.record import Alternative, Alternatives
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, aligned, names

STOPPED: Mapping[str, Words] = {
    "enough": Words("要的 {count} 个已找齐", "all {count} that were asked for were found"),
    "none_left": Words(
        "已证明：与以上各计划都相差 {differ} 个项目以上、且目标值不低于 {floor} 的计划不再有",
        "proved: no further plan differs from all of these by {differ} or more projects and is worth {floor} or more",
    ),
    "out_of_time": Words(
        "时限内没有找到下一个，也没有证明不存在；可加长 --time-limit",
        "no further one was found in the time, nor proved not to exist; allow more --time-limit",
    ),
    "interrupted": INTERRUPTED,
}


def alternatives_notes(told: Alternatives, language: Language) -> list[str]:
    """How many there are, and whether there are more."""
    lines = [
        Words(
            "与原计划（目标值 {value}）及彼此至少相差 {differ} 个项目、目标值不低于 {floor}（−{within}）的计划：{n} 个；{stopped}。",
            "Plans that differ from the run's ({value}) and from each other by {differ} or more projects and are worth {floor} or more "
            "(−{within}): {n}; {stopped}.",
        ).say(
            language,
            value=figure(told.value),
            differ=told.differ,
            floor=figure(told.floor),
            within=percent(told.within),
            n=len(told.plans),
            stopped=STOPPED[told.stopped].fill(count=told.count, differ=told.differ, floor=figure(told.floor)),
        ),
        Words(
            "相差 = 一个计划选中而另一个没有选中的项目数（两边都算；园区、季度不同不算）。",
            "Difference: projects that one plan selects and the other does not, both ways; park and quarter do not count.",
        ).say(language),
    ]
    if told.level is not None:
        lines.append(Words("按优先级求解：目标值为第一优先级的。", "With priorities: values are those of the first.").say(language))
    return lines


def alternative_line(one: Alternative, language: Language) -> list[str]:
    """Its row in the console's table."""
    return [
        str(one.number),
        figure(one.value),
        percent(one.loss),
        str(one.differs),
        str(one.nearest),
        names(one.came, language, 4) or DASH,
        names(one.left, language, 4) or DASH,
    ]


def text_of(plan: Plan, told: Alternatives, language: Language) -> str:
    """The console's table, the core and the choices."""
    lines = alternatives_notes(told, language)
    if told.plans:
        head = (
            Words("", ""),
            Words("目标值", "value"),
            Words("损失", "loss"),
            Words("与原计划相差", "from the run"),
            Words("与最近者相差", "from the nearest"),
            CAME,
            LEFT,
        )
        rows = [[words.say(language) for words in head], *(alternative_line(one, language) for one in told.plans)]
        lines = [aligned(rows, (True, True, True, True, True, False, False)), *lines]
    if not told.plans:
        return "\n".join(lines)
    plans = len(told.plans) + 1
    lines.append(
        Words("核心（{plans} 个计划都选中）{n} 个：{names}", "Core (in all {plans} plans), {n}: {names}").say(
            language, plans=plans, n=len(told.core), names=names(told.core, language) or DASH
        )
    )
    if told.choices:
        listed = Words("、", ", ").say(language).join(f"{names([one], language)} {one.times}/{plans}" for one in told.choices)
        lines.append(
            Words("可选（部分计划选中，次数/计划数）{n} 个：{listed}", "Choices (in some; times/plans), {n}: {listed}").say(
                language, n=len(told.choices), listed=listed
            )
        )
    return "\n".join(lines)
