"""The sheet of what more of each fund, resource and team is worth, with a tornado chart."""

from __future__ import annotations

from planner.language import Words
from planner.publish.book.book import ACCENT, BAR, Book
from planner.publish.book.chart import bar_chart
from planner.publish.book.columns import Column
from planner.publish.book.table import page_of_one_table
from planner.publish.fields import MONEY, UNIT
from planner.publish.view import View
from planner.publish.words import unit_words
from planner.questions.sensitivity.record import Sensitivity
from planner.questions.sensitivity.text import KINDS, certain, sensitivity_notes, what, when
from planner.questions.words import names

SENSITIVITY, WORTH = Words("敏感性", "Sensitivity"), Words("价值", "Worth")
FOUND, SURE = Words("两个计划之差", "difference of the plans"), Words("其中已证明", "of which proved")
SHOWN = 30
"""Bars of the chart."""
SHOWN_NAMES = 12
"""Projects named in a cell; further ones are counted, and stand in plan.json."""


def write_sheet(book: Book, view: View, answers: tuple[Sensitivity]) -> None:
    """The table, ranked, and the chart."""
    (answer,), language = answers, book.language
    rows, quarters = answer.additions, view.plan.plan.quarters
    places = None if max((abs(more.worth or 0.0) for more in rows), default=0.0) >= 100 else 6
    columns = [
        Column(Words("增加什么", "More of"), [what(more) for more in rows], room=28),
        Column(Words("类别", "Kind"), [KINDS[more.kind].say(language) for more in rows], "short"),
        Column(Words("增加", "Addition"), [more.step for more in rows], "mixed"),
        Column(UNIT, [unit_words(more.unit).say(language) for more in rows], "short"),
        Column(Words("何时", "When"), [when(more, quarters, language).strip("（） ()") for more in rows], room=18),
        Column(Words("现有", "Present"), [more.present for more in rows], "mixed"),
        Column(WORTH, [more.worth for more in rows], "number", decimals=places),
        Column(Words("至少", "At least"), [more.lowest for more in rows], "number", decimals=places),
        Column(Words("至多", "At most"), [more.highest for more in rows], "number", decimals=places),
        Column(
            Words("每单位价值", "Worth per unit"),
            [None if more.worth is None else more.worth / more.step for more in rows],
            "mixed",
        ),
        Column(Words("是否确定", "How certain"), [certain(more, language) for more in rows], room=22),
        Column(Words("引入", "Comes"), [names(more.came, language, SHOWN_NAMES) for more in rows], room=44),
        Column(Words("退出", "Leaves"), [names(more.left, language, SHOWN_NAMES) for more in rows], room=44),
        Column(Words("换园区或季度", "Moves"), [len(more.moved) if more.asked == "solved" else None for more in rows], "count"),
        Column(Words("补齐的环节", "Links closed"), [names(more.closed, language) for more in rows], room=22),
        Column(Words("又有缺口的环节", "Links opened"), [names(more.opened, language) for more in rows], room=22),
        Column(Words("投资变化", "Change of investment"), [more.investment for more in rows], "number", MONEY),
        Column(Words("缺口变化", "Change of shortage"), [more.shortage for more in rows], "number", MONEY),
        Column(Words("线性价格（仅供参考）", "Price of the relaxation (a guide)"), [more.price for more in rows], "mixed"),
    ]
    page, placed = page_of_one_table(book, SENSITIVITY, columns, *sensitivity_notes(answer, language), fixed=1, apart=1)
    if shown := min(SHOWN, sum(more.asked == "solved" for more in rows)):
        page.breaks.append(placed.end + 1)  # a chart in two halves says nothing
        series = ((6, FOUND, BAR), (7, SURE, ACCENT))
        bar_chart(page, placed.end + 1, WORTH, placed, shown, series, 110 + 30 * shown, gap=50, overlap=100, values={"min": 0})
    page.finish()
