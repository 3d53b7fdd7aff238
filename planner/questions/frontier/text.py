"""A frontier on the console and in ``frontier.xlsx``, there with a native scatter chart; what both hold is said here once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from planner.language import Language, Words
from planner.plan.model import SHORT, Plan
from planner.publish.book.book import ACCENT, BAR, Page
from planner.publish.book.columns import Column
from planner.publish.book.table import Placed, page_of_one_table
from planner.publish.figures import figure, quantity
from planner.publish.sentences import Teller
from planner.publish.words import SEAL, TERMS, unit_words
from planner.publish.workbook import plan_book
from planner.questions.frontier.record import Frontier, FrontierPoint, FrontierTerm
from planner.questions.words import CAME, DASH, INTERRUPTED, LEFT, names, sides, table

FRONTIER, KNEE = Words("取舍边界", "Frontier"), Words("拐点", "Knee")


def _term(term: FrontierTerm, resources: Mapping[str, str]) -> Words:
    """The term's name; a resource by its own."""
    name = resources.get(term.name, term.name)
    return TERMS.get(term.name, Words(name, name))


def _state(point: FrontierPoint, answer: Frontier, resources: Mapping[str, str], language: Language) -> str:
    """Whether the point is proved to lie on the frontier, and how far off it may be."""
    if point.room is None:
        return Words("已证明", "proved").say(language)
    if point.room.amount is None:
        return Words("未证明", "not proved").say(language)
    term = answer.first if point.room.term == answer.first.name else answer.second
    amount = quantity(point.room.amount, term.unit, language)
    words = Words("未证明：{term}至多还可好 {amount}", "not proved: {term} could be better by {amount} at most")
    return words.say(language, term=_term(term, resources), amount=amount)


def _notes(answer: Frontier, language: Language) -> list[str]:
    """What the points are."""
    count, still_open = len(answer.points), sum(not point.proved for point in answer.points)
    notes = [
        Words(
            "共 {n} 个点（要求 {asked} 个；重复或被支配的 {dominated} 个已去掉）。“●”为拐点：两项各按全程比例计，离两端连线最远处。",
            "{n} points (of {asked} asked for; {dominated} repeated or dominated ones left out). “●” is the knee: furthest from the line "
            "between the ends, both terms as shares of their ranges.",
        ).fill(n=count, asked=answer.asked, dominated=answer.dominated)
    ]
    if count == 1 and not still_open:
        notes.append(Words("两项之间没有取舍：同一计划两项都最好。", "There is nothing to trade: one plan is best in both."))
    if still_open:
        words = Words(
            "{n} 个点没有求解到最优：真正的边界可能更好。",
            "{n} points were not solved to optimality: the true frontier may be better.",
        )
        notes.append(words.fill(n=still_open))
    notes.append(
        Words(
            "只看这两项：其他目标项不计，软规则不计代价，硬约束照常。",
            "Only the two terms count: no other term, no price of soft rules; hard limits hold.",
        )
    )
    return [words.say(language) for words in (*notes, *([INTERRUPTED] if answer.interrupted else ()))]


def frontier_text(answer: Frontier, resources: Mapping[str, str], language: Language) -> str:
    """The console's table."""
    points, titles = answer.points, []
    for term in (answer.first, answer.second):
        title, unit = _term(term, resources).say(language), f"({unit_words(term.unit).say(language)})" if term.unit else ""
        titles.append(Words(title + unit, title + unit))
    stop = Words("；", "; ").say(language)
    changes = [stop.join(sides(language, 3, (CAME, point.came), (LEFT, point.left))) or DASH for point in points]
    rows = table(
        language,
        (Words("", ""), [f"{point.number:02}{' ●' if point.knee else ''}" for point in points], False),
        (titles[0], [figure(point.first) for point in points], True),
        (titles[1], [figure(point.second) for point in points], True),
        (Words("项目数", "projects"), [str(point.selected) for point in points], True),
        (Words("状态", "state"), [_state(point, answer, resources, language) for point in points], False),
        (Words("与前一点相比", "against the point before"), changes, False),
    )
    return "\n".join([rows, *_notes(answer, language)])


def write_frontier_book(answer: Frontier, plan: Plan, path: Path) -> None:
    """The workbook; ``plan`` is one of the points, for names and styles."""
    resources, points, language = Teller(plan, answer.language).resource_names, answer.points, answer.language
    first, second = answer.first, answer.second
    titles = [_term(term, resources) for term in (first, second)]
    columns = [
        Column(Words("点", "Point"), [f"{point.number:02}" for point in points], "short"),
        Column(KNEE, ["●" if point.knee else "" for point in points], "short"),
        Column(titles[0], [point.first for point in points], "number", unit_words(first.unit)),
        Column(titles[1], [point.second for point in points], "number", unit_words(second.unit)),
        Column(Words("限定值 ε", "Limit ε"), [point.limit for point in points], "number", unit_words(second.unit)),
        Column(Words("项目数", "Projects"), [point.selected for point in points], "count"),
        Column(Words("状态", "State"), [_state(point, answer, resources, language) for point in points], room=30),
        Column(Words("离连线距离", "Above the line"), [point.above for point in points], "number", decimals=3),
        Column(
            Words("比前一点引入", "Comes, against the point before"), [names(point.came, language) for point in points], room=40
        ),
        Column(Words("比前一点退出", "Leaves"), [names(point.left, language) for point in points], room=40),
        Column(SEAL, [point.seal[:SHORT] for point in points], "short"),
        Column(Words("运行目录", "Run folder"), [point.folder for point in points], "short"),
    ]
    with plan_book(path, plan, [point.seal for point in points]) as book:
        title, notes = f"{FRONTIER.say(language)}  {answer.plan[:200]}", _notes(answer, language)
        page, placed = page_of_one_table(book, FRONTIER, columns, *notes, title=title, fixed=1, apart=1)
        _chart(page, placed, answer, [title.say(language) for title in titles])
        page.finish()


def _chart(page: Page, placed: Placed, answer: Frontier, titles: list[str]) -> None:
    """The second term across, the first one up; the knee in a series of its own."""
    chart = page.book.chart(type="scatter", subtype="straight_with_markers")
    series = [(page.say(FRONTIER), placed.first, placed.first + len(answer.points) - 1, BAR, 7)]
    series += [
        (page.say(KNEE), placed.first + n, placed.first + n, ACCENT, 12) for n, point in enumerate(answer.points) if point.knee
    ]
    for name, first, last, colour, size in series:
        chart.add_series(
            {
                "name": name,
                "categories": [page.name, first, 3, last, 3],
                "values": [page.name, first, 2, last, 2],
                "marker": {"type": "circle", "size": size, "fill": {"color": colour}, "border": {"color": ACCENT}},
                "line": {"color": colour, "width": 1.5},
            }
        )
    for term, title, set_axis in ((answer.second, titles[1], chart.set_x_axis), (answer.first, titles[0], chart.set_y_axis)):
        unit = unit_words(term.unit).say(page.language)
        set_axis(
            {
                "name": f"{title} ({unit})" if unit else title,
                "num_format": "#,##0" if abs(term.best - term.worst) >= 10 else "General",
                "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
                "crossing": "min",
                "label_position": "low",
            }
        )
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 480})
    page.sheet.insert_chart(placed.end + 1, 0, chart, {"object_position": 2, "x_offset": 4})
    page.touch(placed.end + 26, 0)
