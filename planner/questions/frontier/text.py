"""A frontier in words: what the console prints and the workbook holds is said here once."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Language, Words
from planner.publish.figures import figure, quantity
from planner.publish.words import TERMS, unit_words
from planner.questions.frontier.record import Frontier, FrontierPoint, FrontierTerm
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, aligned, names


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
            Words("两项之间没有取舍：同一计划两项都最好。", "There is nothing to trade: one plan is best in both.").say(language)
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
        lines.append(INTERRUPTED.say(language))
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
