"""Alternatives in words: what the console prints and the sheet holds is said here once."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, percent
from planner.questions.alternatives.record import Alternatives
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, names, table

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


def alternatives_notes(answer: Alternatives, language: Language) -> list[str]:
    """How many there are, and whether there are more."""
    floor = figure(answer.floor)
    notes = [
        Words(
            "与原计划（目标值 {value}）及彼此至少相差 {differ} 个项目、目标值不低于 {floor}（−{within}）的计划：{n} 个；{stopped}。",
            "Plans that differ from the run's ({value}) and from each other by {differ} or more projects and are worth {floor} or more "
            "(−{within}): {n}; {stopped}.",
        ).fill(
            value=figure(answer.value),
            differ=answer.differ,
            floor=floor,
            within=percent(answer.within),
            n=len(answer.plans),
            stopped=STOPPED[answer.stopped].fill(count=answer.count, differ=answer.differ, floor=floor),
        ),
        Words(
            "相差 = 一个计划选中而另一个没有选中的项目数（两边都算；园区、季度不同不算）。",
            "Difference: projects that one plan selects and the other does not, both ways; park and quarter do not count.",
        ),
    ]
    if answer.level is not None:
        notes.append(Words("按优先级求解：目标值为第一优先级的。", "With priorities: values are those of the first."))
    return [words.say(language) for words in notes]


def text_of(plan: Plan, answer: Alternatives, language: Language) -> str:
    """The console's table, the core and the choices."""
    notes = alternatives_notes(answer, language)
    if not answer.plans:
        return "\n".join(notes)
    others, plans = answer.plans, len(answer.plans) + 1
    rows = table(
        language,
        (Words("", ""), [str(other.number) for other in others], True),
        (Words("目标值", "value"), [figure(other.value) for other in others], True),
        (Words("损失", "loss"), [percent(other.loss) for other in others], True),
        (Words("与原计划相差", "from the run"), [str(other.differs) for other in others], True),
        (Words("与最近者相差", "from the nearest"), [str(other.nearest) for other in others], True),
        (CAME, [names(other.came, language, 4) or DASH for other in others], False),
        (LEFT, [names(other.left, language, 4) or DASH for other in others], False),
    )
    core = Words("核心（{plans} 个计划都选中）{n} 个：{names}", "Core (in all {plans} plans), {n}: {names}")
    told = core.say(language, plans=plans, n=len(answer.core), names=names(answer.core, language) or DASH)
    lines = [rows, *notes, told]
    if answer.choices:
        times = [f"{names([choice], language)} {choice.times}/{plans}" for choice in answer.choices]
        words = Words("可选（部分计划选中，次数/计划数）{n} 个：{listed}", "Choices (in some; times/plans), {n}: {listed}")
        lines.append(words.say(language, n=len(answer.choices), listed=Words("、", ", ").say(language).join(times)))
    return "\n".join(lines)
