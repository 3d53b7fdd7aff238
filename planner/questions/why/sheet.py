"""The sheet of answers to "why" and "why not": what was asked, what is certain, and the difference item by item."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.language import Words
from planner.publish.basis import Basis
from planner.publish.fields import GRADE, LINK_NAME, NAME, SHORTAGE, UNIT
from planner.publish.view import View
from planner.publish.words import GRADES, TERMS, unit_words
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.table import Column, write_table
from planner.questions.why.record import Difference, Why
from planner.questions.why.text import Answers
from planner.questions.why.words import CHANGES, NOBODY
from planner.questions.words import decimals

WHY = Words("为何与为何不", "Why and why not")
NOTE = Words(
    "每个问题都是强制之后重新求解得到的；变化 = 强制后的计划 − 本次运行的计划，各项之和等于目标值之差。按目标项、按企业是同一差额的两种分法；环节的变化是缺口项与备份项的细目。",
    "Every answer comes from solving again with the firm forced; changes are the forced plan less the run's, and sum to the "
    "difference of the values. By term and by firm are two divisions of one difference; links detail the terms of gap and backup.",
)
CHANGE, WHAT, ITEM = Words("目标值变化", "Change of value"), Words("变化", "What changes"), Words("项目", "Item")
BEFORE, AFTER = Words("本次运行", "In the run"), Words("强制之后", "When forced")
BY_TERM, BY_FIRM, BY_LINK, BY_LIMIT = (
    Words("按目标项", "By term"),
    Words("按企业", "By firm"),
    Words("环节", "Links"),
    Words("限制", "Limits"),
)
BINDS, FREED = Words("新用尽", "binds now"), Words("腾出", "freed")
WIDE = 6
"""Sheet columns of every table here."""
WIDTHS = (34.0, 22.0, 20.0, 20.0, 18.0, 18.0)
SHOWN = 40
"""Rows of one table; what lies beyond them is one row."""


def write_sheet(book: Book, view: View, answers: Sequence[Why]) -> None:
    """All answers, the newest first."""
    page, told = book.page(WHY.say(book.language)), Answers(view.plan, book.language)
    levels = max((len(why.difference.levels) for why in answers if why.difference is not None), default=1)
    for column, width in enumerate([*WIDTHS, *[WIDTHS[-1]] * (levels - 1)]):
        page.widen(column, width)
    page.head(WIDE - 1, WHY, NOTE)
    row = 3
    for why in reversed(answers):
        row = _answer(page, row, told, why, view.basis) + 1
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _answer(page: Page, row: int, answers: Answers, why: Why, basis: Basis) -> int:
    """One answer; returns the row below it."""
    page.section(row, answers.title(why))
    sentences = list(answers.sentences(why))
    for n, sentence in enumerate(sentences):
        row += 1
        page.merged(row, 0, WIDE - 1, sentence, page.book.style("state" if n == 0 else "note"))
    row += 1
    if why.difference is None:
        return row
    for title, columns in _tables(answers, why, basis):
        if columns[0].values:
            page.merged(row, 0, WIDE - 1, page.say(title), page.book.style("body", bold=True, border=0), height=20)
            row = write_table(page, row + 1, columns, grow=False).end
    return row + 1


def _tables(answers: Answers, why: Why, basis: Basis) -> list[tuple[Words, list[Column]]]:
    found = why.difference
    if found is None:
        return []
    limits = [(one, BINDS) for one in found.bound] + [(one, FREED) for one in found.freed]
    bounds = [
        Column(BY_LIMIT, [answers.teller.limit(one) for one, _ in limits], span=5),
        Column(WHAT, [what.say(answers.language) for _, what in limits], "short"),
    ]
    return [
        (BY_TERM, _parts(answers, found, basis)),
        (BY_FIRM, _firms(answers, found, basis)),
        (BY_LINK, _links(answers, found, basis)),
        (BY_LIMIT, bounds),
    ]


def _figures(found: Difference, values: Sequence[tuple[float, ...]], assumed: Sequence[bool] | bool) -> list[Column]:
    """The change of the value, a column for each level."""
    columns = []
    for n, level in enumerate(found.levels):
        title = CHANGE
        if len(found.levels) > 1:
            title = Words(f"{CHANGE.zh}（第 {n + 1} 优先级）", f"{CHANGE.en} (priority {n + 1})")
        figures = [one[n] for one in values]
        places = decimals([level.difference, *figures])
        columns.append(Column(title, figures, "number", assumed=assumed, total=True, decimals=places))
    return columns


def _parts(answers: Answers, found: Difference, basis: Basis) -> list[Column]:
    parts = found.parts
    reached = [one.kind == "term" and basis.term(one.name, offered=False) for one in parts]
    offered = [one.kind == "term" and basis.term(one.name, offered=True) for one in parts]
    either = [a or b for a, b in zip(reached, offered, strict=True)]
    return [
        Column(ITEM, [answers.part(one) for one in parts], room=30),
        Column(UNIT, [unit_words(one.unit).say(answers.language) for one in parts], "short"),
        Column(BEFORE, [one.before for one in parts], "mixed", assumed=reached),
        Column(AFTER, [one.after for one in parts], "mixed", assumed=reached),
        *_figures(found, [one.values for one in parts], either),
    ]


def _firms(answers: Answers, found: Difference, basis: Basis) -> list[Column]:
    """Firms up to :data:`SHOWN`; the others, and what belongs to nobody, in rows of their own."""
    language, shown, rest = answers.language, found.firms[:SHOWN], found.firms[SHOWN:]
    values = [firm.values for firm in shown]
    names = [answers.firm(one.candidate_id, one.name) for one in shown]
    if rest:
        names.append(Words(f"其余 {len(rest)} 家", f"{len(rest)} more").say(language))
        values.append(tuple(math.fsum(firm.values[n] for firm in rest) for n in range(len(found.levels))))
    if any(found.nobody):
        names.append(NOBODY.say(language))
        values.append(found.nobody)
    blank = [""] * (len(names) - len(shown))
    return [
        Column(NAME, names, room=30),
        Column(WHAT, [*(CHANGES[one.change].say(language) for one in shown), *blank], "short"),
        Column(BEFORE, [*(answers.place(one, after=False) for one in shown), *blank]),
        Column(AFTER, [*(answers.place(one, after=True) for one in shown), *blank]),
        *_figures(found, values, basis.value()),
    ]


def _links(answers: Answers, found: Difference, basis: Basis) -> list[Column]:
    links, language, unit = found.links, answers.language, unit_words("万元")
    shortage, of = SHORTAGE, answers.teller.links
    assumed = [one.link_id in of and basis.shortage(of[one.link_id], after=True) for one in links]
    both = [(GRADES[one.grade_before].say(language), GRADES[one.grade_after].say(language)) for one in links]
    grades = [a if a == b else f"{a} → {b}" for a, b in both]
    return [
        Column(LINK_NAME, [one.name for one in links], room=30),
        Column(GRADE, grades, "short"),
        Column(
            Words(f"{shortage.zh}：{BEFORE.zh}", f"{shortage.en}: {BEFORE.en}"),
            [one.shortage_before for one in links],
            "number",
            unit,
            assumed,
        ),
        Column(
            Words(f"{shortage.zh}：{AFTER.zh}", f"{shortage.en}: {AFTER.en}"),
            [one.shortage_after for one in links],
            "number",
            unit,
            assumed,
        ),
        *_figures(found, [one.values for one in links], assumed),
        Column(TERMS["backup"], [_backup(answers, one.backed_up_before, one.backed_up_after) for one in links], "short"),
    ]


def _backup(answers: Answers, before: bool, after: bool) -> str:
    if before == after:
        return ""
    return answers.say(Words("得到备份", "won") if after else Words("失去备份", "lost"))
