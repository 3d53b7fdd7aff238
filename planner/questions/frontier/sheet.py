"""``frontier.xlsx``: the points of a frontier as a table and a native scatter chart."""

from __future__ import annotations

from pathlib import Path

from planner.language import Words
from planner.plan.model import SHORT, Plan
from planner.publish.sentences import Teller
from planner.publish.words import SEAL, unit_words
from planner.publish.workbook.book import ACCENT, BAR, Book, Page
from planner.publish.workbook.table import Column, Placed, page_of_one_table
from planner.questions.frontier.record import Frontier, FrontierTerm
from planner.questions.frontier.text import frontier_notes, point_state, term_words
from planner.questions.words import names

FRONTIER = Words("取舍边界", "Frontier")
POINT, KNEE, LIMIT, PROJECTS = (
    Words("点", "Point"),
    Words("拐点", "Knee"),
    Words("限定值 ε", "Limit ε"),
    Words("项目数", "Projects"),
)
STATE, FOLDER, ABOVE = Words("状态", "State"), Words("运行目录", "Run folder"), Words("离连线距离", "Above the line")
COMES, LEAVES = Words("比前一点引入", "Comes, against the point before"), Words("比前一点退出", "Leaves")


def write_frontier_book(told: Frontier, plan: Plan, path: Path) -> None:
    """The workbook; ``plan`` is one of the points, for names and styles."""
    resources = Teller(plan, told.language).resource_names
    titles = [Words(*(term_words(term, resources, language) for language in ("zh", "en"))) for term in (told.first, told.second)]
    with Book(path, plan, [point.seal for point in told.points]) as book:
        points, language = told.points, book.language
        columns = [
            Column(POINT, [f"{one.number:02}" for one in points], "short"),
            Column(KNEE, ["●" if one.knee else "" for one in points], "short"),
            Column(titles[0], [one.first for one in points], "number", unit_words(told.first.unit)),
            Column(titles[1], [one.second for one in points], "number", unit_words(told.second.unit)),
            Column(LIMIT, [one.limit for one in points], "number", unit_words(told.second.unit)),
            Column(PROJECTS, [one.selected for one in points], "count"),
            Column(STATE, [point_state(one, told, resources, language) for one in points], room=30),
            Column(ABOVE, [one.above for one in points], "number", decimals=3),
            Column(COMES, [names(one.came, language) for one in points], room=40),
            Column(LEAVES, [names(one.left, language) for one in points], room=40),
            Column(SEAL, [one.seal[:SHORT] for one in points], "short"),
            Column(FOLDER, [one.folder for one in points], "short"),
        ]
        title = f"{FRONTIER.say(language)}  {told.plan[:200]}"
        notes = frontier_notes(told, language)
        page, placed = page_of_one_table(book, FRONTIER, columns, *notes, title=title, fixed=1, apart=1)
        _chart(page, placed, told, [title.say(language) for title in titles])
        page.finish()


def _axis(term: FrontierTerm, title: str, page: Page) -> dict[str, object]:
    unit = unit_words(term.unit).say(page.language)
    whole = abs(term.best - term.worst) >= 10
    return {
        "name": f"{title} ({unit})" if unit else title,
        "num_format": "#,##0" if whole else "General",
        "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
        "crossing": "min",
        "label_position": "low",
    }


def _chart(page: Page, placed: Placed, told: Frontier, titles: list[str]) -> None:
    """The second term across, the first one up; the knee in a series of its own."""
    chart = page.book.chart(type="scatter", subtype="straight_with_markers")
    series = [(page.say(FRONTIER), placed.first, placed.first + len(told.points) - 1, BAR, 7)]
    series += [(page.say(KNEE), placed.first + n, placed.first + n, ACCENT, 12) for n, one in enumerate(told.points) if one.knee]
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
    chart.set_x_axis(_axis(told.second, titles[1], page))
    chart.set_y_axis(_axis(told.first, titles[0], page))
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 480})
    page.sheet.insert_chart(placed.end + 1, 0, chart, {"object_position": 2, "x_offset": 4})
    page.touch(placed.end + 26, 0)
