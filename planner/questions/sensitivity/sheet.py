"""The sheet of what more of each fund, resource and team is worth, with a tornado chart."""

from __future__ import annotations

from planner.language import Words
from planner.publish.fields import UNIT
from planner.publish.view import View
from planner.publish.words import unit_words
from planner.publish.workbook.book import ACCENT, BAR, Book
from planner.publish.workbook.table import Column, bar_chart, page_of_one_table
from planner.questions.sensitivity.record import Sensitivity
from planner.questions.sensitivity.text import KINDS, certain, sensitivity_notes, what, when
from planner.questions.words import names

SENSITIVITY = Words("敏感性", "Sensitivity")
MORE, KIND, STEP, PRESENT = (
    Words("增加什么", "More of"),
    Words("类别", "Kind"),
    Words("增加", "Addition"),
    Words("现有", "Present"),
)
WHEN, WORTH, EACH = Words("何时", "When"), Words("价值", "Worth"), Words("每单位价值", "Worth per unit")
LOWEST, HIGHEST, STATE = Words("至少", "At least"), Words("至多", "At most"), Words("是否确定", "How certain")
PRICE = Words("线性价格（仅供参考）", "Price of the relaxation (a guide)")
COMES, LEAVES, MOVES = Words("引入", "Comes"), Words("退出", "Leaves"), Words("换园区或季度", "Moves")
CLOSES, OPENS = Words("补齐的环节", "Links closed"), Words("又有缺口的环节", "Links opened")
INVESTMENT, SHORTAGE = Words("投资变化", "Change of investment"), Words("缺口变化", "Change of shortage")
FOUND, SURE = Words("两个计划之差", "difference of the plans"), Words("其中已证明", "of which proved")
SHOWN = 30
"""Bars of the chart."""
SHOWN_NAMES = 12
"""Projects named in a cell; further ones are counted, and stand in plan.json."""


def write_sheet(book: Book, view: View, answers: tuple[Sensitivity]) -> None:
    """The table, ranked, and the chart."""
    (told,) = answers
    language, some = book.language, told.additions
    places = None if max((abs(one.worth or 0.0) for one in some), default=0.0) >= 100 else 6
    columns = [
        Column(MORE, [what(one) for one in some], room=28),
        Column(KIND, [KINDS[one.kind].say(language) for one in some], "short"),
        Column(STEP, [one.step for one in some], "mixed"),
        Column(UNIT, [unit_words(one.unit).say(language) for one in some], "short"),
        Column(WHEN, [when(one, view.plan.plan.quarters, language).strip("（） ()") for one in some], room=18),
        Column(PRESENT, [one.present for one in some], "mixed"),
        Column(WORTH, [one.worth for one in some], "number", decimals=places),
        Column(LOWEST, [one.lowest for one in some], "number", decimals=places),
        Column(HIGHEST, [one.highest for one in some], "number", decimals=places),
        Column(EACH, [None if one.worth is None else one.worth / one.step for one in some], "mixed"),
        Column(STATE, [certain(one, language) for one in some], room=22),
        Column(COMES, [names(one.came, language, SHOWN_NAMES) for one in some], room=44),
        Column(LEAVES, [names(one.left, language, SHOWN_NAMES) for one in some], room=44),
        Column(MOVES, [len(one.moved) if one.asked == "solved" else None for one in some], "count"),
        Column(CLOSES, [names(one.closed, language) for one in some], room=22),
        Column(OPENS, [names(one.opened, language) for one in some], room=22),
        Column(INVESTMENT, [one.investment for one in some], "number", unit_words("万元")),
        Column(SHORTAGE, [one.shortage for one in some], "number", unit_words("万元")),
        Column(PRICE, [one.price for one in some], "mixed"),
    ]
    notes = sensitivity_notes(told, language)
    page, placed = page_of_one_table(book, SENSITIVITY, columns, *notes, fixed=1, apart=1)
    shown = min(SHOWN, sum(one.asked == "solved" for one in some))
    if shown:
        page.breaks.append(placed.end + 1)  # a chart in two halves says nothing
        series = ((6, FOUND, BAR), (7, SURE, ACCENT))
        bar_chart(page, placed.end + 1, WORTH, placed, shown, series, 110 + 30 * shown, gap=50, overlap=100, values={"min": 0})
    page.finish()
