"""Sensitivity, frontier and alternatives in words: what the console prints and the sheets hold is said here once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from planner.language import Language, Words
from planner.plan.insights.alternatives import Alternative, Alternatives, Choice
from planner.plan.insights.frontier import Frontier, FrontierPoint, FrontierTerm
from planner.plan.insights.sensitivity import Addition, Named, Sensitivity
from planner.publish.sentences import figure, percent, quantity
from planner.publish.words import TERMS, unit_words

PROVED = 1e-6
"""Relative difference below which an interval is a point."""
KINDS: Mapping[str, Words] = {
    "fund": Words("资金", "Fund"),
    "resource": Words("资源", "Resource"),
    "team": Words("专班", "Team"),
}
CAME, LEFT = Words("引入", "comes"), Words("退出", "leaves")
CLOSED, OPENED = Words("补齐", "closes"), Words("又出现缺口", "opens")
DASH = "—"
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
    "interrupted": Words("已中断", "interrupted"),
}


def names(several: Iterable[Named], language: Language, most: int | None = None) -> str:
    """``甲公司（K001）、…``; beyond ``most`` they are counted."""
    shown = [
        Words("{name}（{id}）", "{name} ({id})").say(language, name=one.name, id=one.id)
        if one.name != one.id
        else one.id
        for one in several
    ]
    rest = 0 if most is None else len(shown) - most
    if rest > 0:
        shown = [*shown[:most], Words("另 {n} 个", "{n} more").say(language, n=rest)]
    return Words("、", ", ").say(language).join(shown)


def aligned(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """Rows of cells under each other in a terminal with Chinese characters."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[n]) for row in rows) for n in range(len(right))]

    def cell(text: str, n: int) -> str:
        space = " " * (widths[n] - cell_len(text))
        return space + text if right[n] else text + space

    return "\n".join("  ".join(cell(text, n) for n, text in enumerate(row)).rstrip() for row in rows)


# Sensitivity


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
        return Words("已证明无价值：全部需求已放得下", "proved worth nothing: all there could be fits already").say(
            language
        )
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
            Words(
                "按优先级求解：以上均为第一优先级的目标值。", "With priorities: all values are those of the first."
            ).say(language)
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
        lines.append(STOPPED["interrupted"].say(language))
    return lines


def sensitivity_text(told: Sensitivity, quarters: Sequence[str], language: Language) -> str:
    """The console's table, the most valuable first."""
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
        rows.append(
            [
                what(one),
                how_much(one, quarters, language),
                worth,
                certain(one, language),
                buys(one, language, 3) or DASH,
            ]
        )
    return "\n".join([aligned(rows, (False, False, True, False, False)), *sensitivity_notes(told, language)])


# Frontier


def term_words(term: FrontierTerm, resources: Mapping[str, str], language: Language) -> str:
    """The term's name; a resource by its own."""
    return TERMS[term.name].say(language) if term.name in TERMS else resources.get(term.name, term.name)


def point_state(point: FrontierPoint, told: Frontier, resources: Mapping[str, str], language: Language) -> str:
    """Whether the point is proved to lie on the frontier, and how far off it may be."""
    if point.room is None:
        return Words("已证明", "proved").say(language)
    term = told.first if point.room.term == told.first.name else told.second
    if point.room.amount is None:
        return Words("未证明", "not proved").say(language)
    return Words("未证明：{term}至多还可好 {amount}", "not proved: {term} could be better by {amount} at most").say(
        language, term=term_words(term, resources, language), amount=quantity(point.room.amount, term.unit, language)
    )


def frontier_notes(told: Frontier, language: Language) -> list[str]:
    """What the points are."""
    found = len(told.points)
    lines = [
        Words(
            "共 {n} 个点（要求 {asked} 个；重复或被支配的 {dominated} 个已去掉）。“●”为拐点：两项各按全程比例计，离两端连线最远处。",
            "{n} points (of {asked} asked for; {dominated} repeated or dominated ones left out). “●” is the knee: furthest from the line "
            "between the ends, both terms as shares of their ranges.",
        ).say(language, n=found, asked=told.asked, dominated=told.dominated)
    ]
    if found == 1 and told.points[0].proved:
        lines.append(
            Words("两项之间没有取舍：同一计划两项都最好。", "There is nothing to trade: one plan is best in both.").say(
                language
            )
        )
    open_ = sum(not point.proved for point in told.points)
    if open_:
        lines.append(
            Words(
                "{n} 个点没有求解到最优：真正的边界可能更好。",
                "{n} points were not solved to optimality: the true frontier may be better.",
            ).say(language, n=open_)
        )
    lines.append(
        Words(
            "只看这两项：其他目标项不计，软规则不计代价，硬约束照常。",
            "Only the two terms count: no other term, no price of soft rules; hard limits hold.",
        ).say(language)
    )
    if told.interrupted:
        lines.append(STOPPED["interrupted"].say(language))
    return lines


def frontier_text(told: Frontier, resources: Mapping[str, str], language: Language) -> str:
    """The console's table."""
    heads = [
        f"{term_words(term, resources, language)}({unit_words(term.unit).say(language)})"
        if term.unit
        else term_words(term, resources, language)
        for term in (told.first, told.second)
    ]
    rows = [
        [
            "",
            *heads,
            *(
                words.say(language)
                for words in (
                    Words("项目数", "projects"),
                    Words("状态", "state"),
                    Words("与前一点相比", "against the point before"),
                )
            ),
        ]
    ]
    for point in told.points:
        change = [
            f"{word.say(language)} {names(several, language, 3)}"
            for word, several in ((CAME, point.came), (LEFT, point.left))
            if several
        ]
        rows.append(
            [
                f"{point.number:02}{' ●' if point.knee else ''}",
                figure(point.first),
                figure(point.second),
                str(point.selected),
                point_state(point, told, resources, language),
                Words("；", "; ").say(language).join(change) or DASH,
            ]
        )
    return "\n".join([aligned(rows, (False, True, True, True, False, False)), *frontier_notes(told, language)])


# Alternatives


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
        lines.append(
            Words("按优先级求解：目标值为第一优先级的。", "With priorities: values are those of the first.").say(
                language
            )
        )
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


def choice_text(one: Choice, plans: int, language: Language) -> str:
    """``甲公司（K001） 3/6``."""
    return f"{names([Named(id=one.id, name=one.name)], language)} {one.times}/{plans}"


def alternatives_text(told: Alternatives, language: Language) -> str:
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
        listed = Words("、", ", ").say(language).join(choice_text(one, plans, language) for one in told.choices)
        lines.append(
            Words(
                "可选（部分计划选中，次数/计划数）{n} 个：{listed}", "Choices (in some; times/plans), {n}: {listed}"
            ).say(language, n=len(told.choices), listed=listed)
        )
    return "\n".join(lines)
