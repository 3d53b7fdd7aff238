"""The sheet of answers to "why" and "why not": what was asked, what is certain, and the difference item by item."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.publish.basis import Basis
from planner.publish.book.book import Book, Page
from planner.publish.book.table import write_table
from planner.publish.view import View
from planner.questions.items_sheet import tables_of
from planner.questions.why.record import Why
from planner.questions.why.text import Answers

WHY = Words("为何与为何不", "Why and why not")
NOTE = Words(
    "每个问题都是强制之后重新求解得到的；变化 = 强制后的计划 − 本次运行的计划，各项之和等于目标值之差。按目标项、按企业是同一差额的两种分法；环节的变化是缺口项与备份项的细目。",
    "Every answer comes from solving again with the firm forced; changes are the forced plan less the run's, and sum to the difference of the values. By term and by firm are two divisions of one difference; links detail the terms of gap and backup.",
)
BEFORE, AFTER = Words("本次运行", "In the run"), Words("强制之后", "When forced")
WIDE = 6
"""Sheet columns of every table here."""
WIDTHS = (34.0, 22.0, 20.0, 20.0, 18.0, 18.0)


def write_sheet(book: Book, view: View, answers: Sequence[Why]) -> None:
    """All answers, the newest first."""
    page = book.page(WHY.say(book.language))
    levels = max((len(why.difference.levels) for why in answers if why.difference is not None), default=1)
    for column, width in enumerate([*WIDTHS, *[WIDTHS[-1]] * (levels - 1)]):
        page.widen(column, width)
    page.head(WIDE - 1, WHY, NOTE)
    row = 3
    for why in reversed(answers):
        row = _answer(page, row, Answers(view.plan, book.language), why, view.basis) + 1
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _answer(page: Page, row: int, answers: Answers, why: Why, basis: Basis) -> int:
    """Returns the row below the answer."""
    page.section(row, answers.title(why))
    for n, sentence in enumerate(answers.sentences(why)):
        row += 1
        page.merged(row, 0, WIDE - 1, sentence, page.book.style("note" if n else "state"))
    row += 1
    if why.difference is None:
        return row
    for title, columns in tables_of(answers, why.difference, basis, (BEFORE, AFTER)):
        if columns[0].values:
            page.merged(row, 0, WIDE - 1, page.say(title), page.book.style("body", bold=True, border=0), height=20)
            row = write_table(page, row + 1, columns, grow=False).end
    return row + 1
