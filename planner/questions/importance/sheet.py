"""The sheet of replacement costs, with a chart."""

from __future__ import annotations

from planner.language import Language, Words
from planner.publish.book.book import ACCENT, BAR, Book
from planner.publish.book.chart import bar_chart
from planner.publish.book.columns import Column
from planner.publish.book.table import page_of_one_table
from planner.publish.fields import CANDIDATE, FIRM, LINK_NAME, NAME, PARK_NAME
from planner.publish.view import FirmNote, View
from planner.questions.importance.record import Importance
from planner.questions.importance.text import HOW, MEANING, QUICK, SOLVED, cost, places_of, remark

IMPORTANCE = Words("替换代价", "Replacement cost")
LEAST, MOST, SHARE = Words("至少", "At least"), Words("至多", "At most"), Words("占目标值", "Of the value")
KIND, HOW_FAR, REMARK = Words("证明到", "Proved"), Words("怎样得到", "How"), Words("备注", "Remark")
NEEDED = Words("没有它就没有计划", "there is no plan without it")
CHARTED = 20
"""Firms in the chart; more would be a blur."""


def firm_note(answers: tuple[Importance], language: Language) -> FirmNote:
    """The replacement cost of each firm."""
    (found,) = answers
    places = places_of(found)
    return FirmNote("importance", IMPORTANCE, {firm.candidate_id: cost(firm, places, language) for firm in found.firms})


def write_sheet(book: Book, view: View, answers: tuple[Importance]) -> None:
    """All selected firms by replacement cost; nothing when there is none."""
    (found,) = answers
    if not found.firms:
        return
    language, firms, places, assumed = book.language, found.firms, places_of(found), view.basis.value()
    where = {firm.candidate_id: firm for firm in view.plan.selected}
    shares = [None if firm.most is None or not found.value else firm.most / abs(found.value) for firm in firms]
    remarks = [NEEDED.say(language) if firm.irreplaceable else remark(firm, found.value, language) for firm in firms]
    columns = [
        Column(FIRM["rank"].heading, [firm.rank for firm in firms], "count"),
        Column(NAME, [firm.name for firm in firms], room=26),
        Column(CANDIDATE, [firm.candidate_id for firm in firms], "short"),
        Column(LINK_NAME, [where[firm.candidate_id].link_name for firm in firms], room=16),
        Column(PARK_NAME, [where[firm.candidate_id].park_name for firm in firms], room=18),
        Column(LEAST, [firm.least for firm in firms], "number", assumed=assumed, decimals=places),
        Column(MOST, [firm.most for firm in firms], "number", assumed=assumed, decimals=places),
        Column(SHARE, shares, "share", assumed=assumed),
        Column(KIND, [HOW[firm.how].say(language) for firm in firms], "short"),
        Column(HOW_FAR, [(SOLVED if firm.solved else QUICK).say(language) for firm in firms], "short", room=14),
        Column(REMARK, remarks, room=24),
    ]
    page, placed = page_of_one_table(book, IMPORTANCE, columns, MEANING)
    shown = min(CHARTED, len(firms))
    page.breaks.append(placed.end + 1)
    series = ((5, LEAST, ACCENT), (6, MOST, BAR))
    small = {"num_font": {"size": 8}}
    bar_chart(page, placed.end + 1, IMPORTANCE, placed, shown, series, 90 + 22 * shown, names=1, gap=40, labels=small, width=980)
    page.finish()
