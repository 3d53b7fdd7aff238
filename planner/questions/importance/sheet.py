"""The sheet of replacement costs, with a chart."""

from __future__ import annotations

from planner.language import Language, Words
from planner.publish.fields import CANDIDATE, FIRM, LINK_NAME, NAME, PARK_NAME
from planner.publish.view import FirmNote, View
from planner.publish.workbook.book import ACCENT, BAR, Book
from planner.publish.workbook.table import Column, bar_chart, page_of_one_table
from planner.questions.importance.record import Importance
from planner.questions.importance.text import HOW, MEANING, QUICK, SOLVED, cost, places_of, remark

IMPORTANCE = Words("替换代价", "Replacement cost")
LEAST, MOST, SHARE = Words("至少", "At least"), Words("至多", "At most"), Words("占目标值", "Of the value")
KIND, HOW_FAR, REMARK = Words("证明到", "Proved"), Words("怎样得到", "How"), Words("备注", "Remark")
CHARTED = 20
"""Firms in the chart; more would be a blur."""


def firm_note(answers: tuple[Importance], language: Language) -> FirmNote:
    """The replacement cost of each firm."""
    (found,) = answers
    places = places_of(found)
    return FirmNote("importance", IMPORTANCE, {one.candidate_id: cost(one, places, language) for one in found.firms})


def write_sheet(book: Book, view: View, answers: tuple[Importance]) -> None:
    """All selected firms by replacement cost; nothing when there is none."""
    (found,) = answers
    if not found.firms:
        return
    language = book.language
    firms, places = found.firms, places_of(found)
    where = {firm.candidate_id: firm for firm in view.plan.selected}
    value = abs(found.value)
    columns = [
        Column(FIRM["rank"].heading, [one.rank for one in firms], "count"),
        Column(NAME, [one.name for one in firms], room=26),
        Column(CANDIDATE, [one.candidate_id for one in firms], "short"),
        Column(LINK_NAME, [where[one.candidate_id].link_name for one in firms], room=16),
        Column(PARK_NAME, [where[one.candidate_id].park_name for one in firms], room=18),
        Column(LEAST, [one.least for one in firms], "number", assumed=view.basis.value(), decimals=places),
        Column(MOST, [one.most for one in firms], "number", assumed=view.basis.value(), decimals=places),
        Column(
            SHARE,
            [None if one.most is None or not value else one.most / value for one in firms],
            "share",
            assumed=view.basis.value(),
        ),
        Column(KIND, [HOW[one.how].say(language) for one in firms], "short"),
        Column(HOW_FAR, [(SOLVED if one.solved else QUICK).say(language) for one in firms], "short", room=14),
        Column(REMARK, [_remark(one.irreplaceable, remark(one, found.value, language), language) for one in firms], room=24),
    ]
    page, placed = page_of_one_table(book, IMPORTANCE, columns, MEANING)
    shown = min(CHARTED, len(firms))
    page.breaks.append(placed.end + 1)
    series = ((5, LEAST, ACCENT), (6, MOST, BAR))
    small = {"num_font": {"size": 8}}
    bar_chart(page, placed.end + 1, IMPORTANCE, placed, shown, series, 90 + 22 * shown, names=1, gap=40, labels=small, width=980)
    page.finish()


def _remark(irreplaceable: bool, text: str, language: str) -> str:
    told = Words("没有它就没有计划", "there is no plan without it") if irreplaceable else None
    return text if told is None else told.zh if language == "zh" else told.en
