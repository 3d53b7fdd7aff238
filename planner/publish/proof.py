"""How good a plan is, in words: proved or not, level by level, and whether it is fit to decide by (R3)."""

from __future__ import annotations

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.records import LevelResult
from planner.publish.figures import figure, gap_text, percent
from planner.publish.words import ASSUMED, BROKE, NOT_REPEATABLE, PRECISION, STATUS, TERMS, UNKNOWN

FINEST = 1e-5
"""The gap that a library may leave which searches to its end."""
NOTHING = Words("", "")
UNFIT = 0.1
"""A plan that may miss more than this of what can be won is stamped: not fit for decision."""


def quality(plan: Plan) -> Words:
    """How good the plan is: "optimal" only when that is proved. Of priorities it tells the first level that is open."""
    objective, ended = plan.objective, ending(plan)
    asked = max(len(plan.plan.settings.get("objective", {}).get("levels", ())), len(objective.levels))  # 0 with mode: weighted
    if plan.status.proved:
        each = Words("（共 {n} 级，逐级）", " at each of {n} levels").fill(n=asked) if asked else NOTHING
        return Words("已证明最优{each}", "Proved optimal{each}").fill(each=each)
    if objective.levels and all(level.proved for level in objective.levels):
        done = len(objective.levels)
        return Words(
            "可行方案，前 {done} 级已证明最优，其余 {rest} 级未求解；{ended}",
            "Feasible; the first {done} of {asked} levels are proved optimal, the others were not solved; {ended}",
        ).fill(done=done, asked=asked, rest=asked - done, ended=ended)
    first_open = that = won = NOTHING
    if objective.level:
        level = level_name(plan, objective.level - 1)
        first_open = Words("{level}未证明最优，", "{level} is not proved optimal; ").fill(level=level)
        that = Words("该级", " at that level")
    if objective.gap is None:
        unknown = Words("可行方案，{open}优劣未经证明；{ended}", "Feasible; {open}how good it is has not been proved; {ended}")
        return unknown.fill(open=first_open, ended=ended)
    if objective.unavoidable > 0:
        won = Words(
            "（按还能争取的部分计，不含任何计划都避免不了的软规则代价 {price}）",
            " (of what can still be won, without the price of {price} of soft rules that no plan avoids)",
        ).fill(price=figure(objective.unavoidable))
    return Words(
        "可行方案，{open}已证明与{that}最优相差不超过 {gap}{won}；{ended}",
        "Feasible; {open}proved to be within {gap} of the best possible{that}{won}; {ended}",
    ).fill(open=first_open, that=that, gap=gap_text(objective.gap), won=won, ended=ended)


def measured(plan: Plan, assumed: bool) -> Words:
    """How good the plan is, with its value, bound and gap; ``assumed``: the value rests on an assumption."""
    objective, name = plan.objective, value_name(plan)
    state = Words("{quality}。{name} {value}，上界 {bound}，差距 {gap}。", "{quality}. {name} {value}, bound {bound}, gap {gap}.")
    return state.fill(
        quality=quality(plan),
        name=Words(name.zh, name.en.capitalize()),
        value=figure(objective.value) + (ASSUMED if assumed else ""),
        bound=UNKNOWN if objective.bound is None else figure(objective.bound),
        gap=UNKNOWN if objective.gap is None else gap_text(objective.gap),
    )


def run_name(written: str) -> str:
    """What an earlier run is called that the settings write as a path: its folder."""
    parts = [part for part in written.replace("\\", "/").split("/") if part not in ("", ".", "..", "plan.json")]
    return parts[-1] if parts else written


def nearness_words(plan: Plan) -> Words | None:
    """What the plan changes of the earlier one, and how sure it is that no plan as good changes less; None: there is none."""
    near = plan.nearness
    if near is None:
        return None
    changes = near.changes
    counted = Words(
        "与 {run} 相比：新增 {added} 个，退出 {dropped} 个，换园区 {park_moves} 个，换季度 {quarter_moves} 个{fallen}",
        "against {run}: {added} added, {dropped} dropped, {park_moves} in another park, {quarter_moves} in another quarter{fallen}",
    )
    gone = (
        Words("（另有 {n} 个因事实退出）", " ({n} more taken away by facts)").fill(n=changes.fallen) if changes.fallen else NOTHING
    )
    least = Words("已证明变动最少", "proved to be the fewest changes")
    if not plan.status.proved:
        least = Words("已证明同样好的计划中变动最少", "proved to be the fewest changes of all plans as good")
    if not near.proved:
        least = Words(
            "变动计 {cost}，已证明同样好的计划不少于 {least}",
            "these changes count {cost}, and no plan as good changes less than {least}",
        ).fill(cost=figure(near.cost), least=figure(near.least))
    given = (
        Words("为此让出目标值 {lost}", "value given up for it {lost}").fill(lost=figure(near.given_up))
        if near.given_up
        else NOTHING
    )
    return Words("{counted}；{least}{given}", "{counted}; {least}{given}").fill(
        counted=counted.fill(**{**changes.model_dump(), "run": run_name(near.run), "fallen": gone}),
        least=least,
        given=Words("；{given}", "; {given}").fill(given=given) if near.given_up else NOTHING,
    )


def standing_of(plan: Plan) -> Words | None:
    """Whether the plan is a draft, submitted or approved, by whom and when; None where nobody has looked."""
    if plan.signatures is None:
        return None
    last = plan.signatures[-1] if plan.signatures else None
    if last is None:
        return Words("草案，未经批准", "Draft, not approved")
    said = {
        "draft": Words("草案：{by} 于 {on} 撤回", "Draft: withdrawn by {by} on {on}"),
        "submitted": Words("已报送：{by}，{on}；计划编号 {seal}", "Submitted by {by} on {on}; plan {seal}"),
        "approved": Words("已批准：{by}，{on}；计划编号 {seal}", "Approved by {by} on {on}; plan {seal}"),
    }[last.state].fill(by=last.by, on=last.on, seal=plan.short_seal)
    if last.despite is None:
        return said
    return Words("{said}（虽不宜上会，另有说明：{note}）", "{said} (although not fit for decision: {note})").fill(
        said=said, note=last.note
    )


def stamp_of(plan: Plan) -> Words | None:
    """What must stand on every output of a plan that is not to be decided by: it selects nothing, or may miss too much."""
    if plan.kpis.selected:
        return unfit(plan.objective.gap)
    closed = sum(firm.reason == "excluded" for firm in plan.not_selected)
    kept_out = sum(bool(firm.binding) for firm in plan.not_selected)
    rest = len(plan.not_selected) - closed - kept_out
    parts = [
        (closed, Words("{n} 个进不了任何园区或季度", "{n} fit into no park or quarter")),
        (kept_out, Words("{n} 个被限制挡住", "{n} are kept out by limits")),
        (rest, Words("{n} 个加入后目标值不增", "{n} would not raise the value")),
    ]
    said = [words.fill(n=count) for count, words in parts if count]
    why = Words("，".join(part.zh for part in said), ", ".join(part.en for part in said))
    return Words("空计划，没有选中任何项目：{why}", "Empty plan, no project is selected: {why}").fill(why=why)


def unfit(gap: float | None) -> Words | None:
    """The stamp of a plan that nobody should decide by, with the reason; None where it may be."""
    if gap is not None and gap <= UNFIT:
        return None
    why = Words("没有上界，优劣未经证明", "it has no bound, and how good it is has not been proved")
    if gap is not None:
        above = Words("与最优的差距可达 {gap}，超过 {most}", "its gap may be {gap}, above {most}")
        why = above.fill(gap=gap_text(gap), most=f"{UNFIT:.0%}")
    return Words("不宜上会：{why}", "Not fit for decision: {why}").fill(why=why)


def level_name(plan: Plan, number: int) -> Words:
    """``第 1 级（缺口）``, with the terms that the level weighs."""
    names = {resource.resource_id: Words(resource.name, resource.name) for resource in plan.resources} | dict(TERMS)
    weights = plan.objective.levels[number].weights
    terms = [names.get(name, Words(name, name)) for name in weights if weights[name]]
    listed = Words("、".join(term.zh for term in terms), ", ".join(term.en for term in terms))
    return Words("第 {n} 级（{terms}）", "level {n} ({terms})").fill(n=number + 1, terms=listed)


def value_name(plan: Plan) -> Words:
    """What the headline's value is called: of priorities it is that of one level."""
    level = plan.objective.level
    return Words(f"第 {level} 级目标值", f"value of level {level}") if level else Words("目标值", "value")


def level_lines(plan: Plan) -> tuple[Words, ...]:
    """One line for each level: its value, bound and gap, whether it is proved, and what was given up of it."""
    return tuple(_level_line(level_name(plan, number), level) for number, level in enumerate(plan.objective.levels))


def _level_line(name: Words, level: LevelResult) -> Words:
    gave = Words("；为后面各级让出 {lost}（允许 {most}）", "; {lost} given up for later levels ({most} allowed)")
    return Words(
        "{name}：目标值 {value}，上界 {bound}，差距 {gap}，{proved}{gave}",
        "{name}: value {value}, bound {bound}, gap {gap}, {proved}{gave}",
    ).fill(
        name=name,
        value=figure(level.value),
        bound=UNKNOWN if level.bound is None else figure(level.bound),
        gap=UNKNOWN if level.gap is None else gap_text(level.gap),
        proved=Words("已证明最优", "proved optimal") if level.proved else Words("未证明最优", "not proved optimal"),
        gave=gave.fill(lost=figure(level.given_up), most=percent(level.tolerance)) if level.given_up else NOTHING,
    )


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
