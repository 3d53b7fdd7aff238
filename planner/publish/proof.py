"""How good a plan is, in words: proved or not, level by level, and whether it is fit to decide by (R3)."""

from __future__ import annotations

from planner.language import Words
from planner.plan.model import Plan
from planner.publish.figures import figure, gap_text, percent
from planner.publish.words import BROKE, NOT_REPEATABLE, PRECISION, STATUS, TERMS, UNKNOWN

FINEST = 1e-5
"""The gap that a library may leave which searches to its end."""
UNFIT = 0.1
"""A plan that may miss more than this of what can be won is stamped: not fit for decision."""


def quality(plan: Plan) -> Words:
    """How good the plan is: "optimal" only when that is proved. Of priorities it tells the first level that is open."""
    told, ended, asked = plan.objective, ending(plan), levels_asked(plan)
    if plan.status.proved:
        each = Words(f"（共 {asked} 级，逐级）", f" at each of {asked} levels") if asked else Words("", "")
        return Words(f"已证明最优{each.zh}", f"Proved optimal{each.en}")
    if told.levels and all(level.proved for level in told.levels):
        done = len(told.levels)
        return Words(
            f"可行方案，前 {done} 级已证明最优，其余 {asked - done} 级未求解；{ended.zh}",
            f"Feasible; the first {done} of {asked} levels are proved optimal, the others were not solved; {ended.en}",
        )
    level = level_name(plan, told.level - 1) if told.level else Words("", "")
    open_ = Words(f"{level.zh}未证明最优，", f"{level.en} is not proved optimal; ") if told.level else level
    if told.gap is None:
        return Words(
            f"可行方案，{open_.zh}优劣未经证明；{ended.zh}", f"Feasible; {open_.en}how good it is has not been proved; {ended.en}"
        )
    gap, that = gap_text(told.gap), Words("该级", " at that level") if told.level else Words("", "")
    price = figure(told.unavoidable)
    won = Words(
        f"（按还能争取的部分计，不含任何计划都避免不了的软规则代价 {price}）",
        f" (of what can still be won, without the price of {price} of soft rules that no plan avoids)",
    )
    won = won if told.unavoidable > 0 else Words("", "")
    return Words(
        f"可行方案，{open_.zh}已证明与{that.zh}最优相差不超过 {gap}{won.zh}；{ended.zh}",
        f"Feasible; {open_.en}proved to be within {gap} of the best possible{that.en}{won.en}; {ended.en}",
    )


def unfit(gap: float | None) -> Words | None:
    """The stamp of a plan that nobody should decide by, with the reason; None where it may be."""
    if gap is not None and gap <= UNFIT:
        return None
    why = Words("没有上界，优劣未经证明", "it has no bound, and how good it is has not been proved")
    if gap is not None:
        text, most = gap_text(gap), f"{UNFIT:.0%}"
        why = Words(f"与最优的差距可达 {text}，超过 {most}", f"its gap may be {text}, above {most}")
    return Words(f"不宜上会：{why.zh}", f"Not fit for decision: {why.en}")


def levels_asked(plan: Plan) -> int:
    """How many levels the settings have; 0 with ``mode: weighted``."""
    return max(len(plan.plan.settings.get("objective", {}).get("levels", ())), len(plan.objective.levels))


def level_name(plan: Plan, number: int) -> Words:
    """``第 1 级（缺口）``, with the terms that the level weighs."""
    names = {resource.resource_id: resource.name for resource in plan.resources}
    weights = plan.objective.levels[number].weights
    terms = [TERMS.get(name, Words(names.get(name, name), names.get(name, name))) for name in weights if weights[name]]
    zh, en = "、".join(term.zh for term in terms), ", ".join(term.en for term in terms)
    return Words(f"第 {number + 1} 级（{zh}）", f"level {number + 1} ({en})")


def value_name(plan: Plan) -> Words:
    """What the headline's value is called: of priorities it is that of one level."""
    level = plan.objective.level
    return Words(f"第 {level} 级目标值", f"value of level {level}") if level else Words("目标值", "value")


def level_lines(plan: Plan) -> tuple[Words, ...]:
    """One line for each level: its value, bound and gap, whether it is proved, and what was given up of it."""
    lines = []
    for number, level in enumerate(plan.objective.levels):
        name, dash = level_name(plan, number), UNKNOWN.zh
        bound = dash if level.bound is None else figure(level.bound)
        gap = dash if level.gap is None else gap_text(level.gap)
        proved = Words("已证明最优", "proved optimal") if level.proved else Words("未证明最优", "not proved optimal")
        lost, most = figure(level.given_up), percent(level.tolerance)
        gave = Words(f"；为后面各级让出 {lost}（允许 {most}）", f"; {lost} given up for later levels ({most} allowed)")
        gave = gave if level.given_up else Words("", "")
        value = figure(level.value)
        lines.append(
            Words(
                f"{name.zh}：目标值 {value}，上界 {bound}，差距 {gap}，{proved.zh}{gave.zh}",
                f"{name.en}: value {value}, bound {bound}, gap {gap}, {proved.en}{gave.en}",
            )
        )
    return tuple(lines)


def ending(plan: Plan) -> Words:
    """Why the solve ended; and when its work was limited, but the clock or the user ended it, what that means."""
    ended = BROKE if plan.status.broke else STATUS[plan.status.reason]
    asked, gap = plan.plan.settings.get("solve", {}).get("gap"), plan.objective.gap
    if plan.status.reason == "gap_reached" and asked is not None and gap is not None and asked < gap <= FINEST:
        return PRECISION
    if ends_early(plan):
        return Words(f"{ended.zh}，{NOT_REPEATABLE.zh}", f"{ended.en}, {NOT_REPEATABLE.en}")
    return ended


def ends_early(plan: Plan) -> bool:
    """Whether work was limited, so that the run should be repeatable, but the clock or the user ended it."""
    limited = plan.plan.settings.get("solve", {}).get("work") is not None
    return limited and plan.status.reason in ("time_limit", "interrupted")
