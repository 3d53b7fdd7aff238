"""The sheet of answers to "why" and "why not": what was asked, what is certain, and the difference item by item."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from planner.language import Words
from planner.publish.basis import Basis
from planner.publish.book.book import Book, Page
from planner.publish.book.columns import Column
from planner.publish.book.table import write_table
from planner.publish.fields import GRADE, LINK_NAME, NAME, SHORTAGE, UNIT
from planner.publish.view import View
from planner.publish.words import GRADES, TERMS, unit_words
from planner.questions.why.record import Difference, Why
from planner.questions.why.text import CHANGES, NOBODY, Answers
from planner.questions.words import decimals

WHY = Words("为何与为何不", "Why and why not")
NOTE = Words(
    "每个问题都是强制之后重新求解得到的；变化 = 强制后的计划 − 本次运行的计划，各项之和等于目标值之差。按目标项、按企业是同一差额的两种分法；环节的变化是缺口项与备份项的细目。",
    "Every answer comes from solving again with the firm forced; changes are the forced plan less the run's, and sum to the difference of the values. By term and by firm are two divisions of one difference; links detail the terms of gap and backup.",
)
CHANGE, WHAT, ITEM = Words("目标值变化", "Change of value"), Words("变化", "What changes"), Words("项目", "Item")
BEFORE, AFTER = Words("本次运行", "In the run"), Words("强制之后", "When forced")
BY_TERM, BY_FIRM = Words("按目标项", "By term"), Words("按企业", "By firm")
BY_LINK, BY_LIMIT = Words("环节", "Links"), Words("限制", "Limits")
WON, LOST = Words("得到备份", "won"), Words("失去备份", "lost")
BINDS, FREED = Words("新用尽", "binds now"), Words("腾出", "freed")
WIDE = 6
"""Sheet columns of every table here."""
WIDTHS = (34.0, 22.0, 20.0, 20.0, 18.0, 18.0)
SHOWN = 40
"""Rows of one table; what lies beyond them is one row."""


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
    for title, columns in _tables(answers, why.difference, basis):
        if columns[0].values:
            page.merged(row, 0, WIDE - 1, page.say(title), page.book.style("body", bold=True, border=0), height=20)
            row = write_table(page, row + 1, columns, grow=False).end
    return row + 1


def _tables(answers: Answers, found: Difference, basis: Basis) -> Iterator[tuple[Words, list[Column]]]:
    yield BY_TERM, _parts(answers, found, basis)
    yield BY_FIRM, _firms(answers, found, basis)
    yield BY_LINK, _links(answers, found, basis)
    effects = [answers.say(BINDS)] * len(found.bound) + [answers.say(FREED)] * len(found.freed)
    limits = [answers.limit(limit) for limit in (*found.bound, *found.freed)]
    yield BY_LIMIT, [Column(BY_LIMIT, limits, span=5), Column(WHAT, effects, "short")]


def _figures(found: Difference, values: Sequence[tuple[float, ...]], assumed: Sequence[bool] | bool) -> Iterator[Column]:
    """The change of the value, a column for each level."""
    for n, level in enumerate(found.levels):
        of_level = Words(f"{CHANGE.zh}（第 {n + 1} 优先级）", f"{CHANGE.en} (priority {n + 1})")
        title, figures = of_level if len(found.levels) > 1 else CHANGE, [row[n] for row in values]
        places = decimals([level.difference, *figures])
        yield Column(title, figures, "number", assumed=assumed, total=True, decimals=places)


def _parts(answers: Answers, found: Difference, basis: Basis) -> list[Column]:
    parts = found.parts
    reached, offered = ([part.kind == "term" and basis.term(part.name, offered=of) for part in parts] for of in (False, True))
    return [
        Column(ITEM, [answers.part(part) for part in parts], room=30),
        Column(UNIT, [answers.say(unit_words(part.unit)) for part in parts], "short"),
        Column(BEFORE, [part.before for part in parts], "mixed", assumed=reached),
        Column(AFTER, [part.after for part in parts], "mixed", assumed=reached),
        *_figures(found, [part.values for part in parts], [a or b for a, b in zip(reached, offered, strict=True)]),
    ]


def _firms(answers: Answers, found: Difference, basis: Basis) -> list[Column]:
    """Firms up to :data:`SHOWN`; the others, and what belongs to nobody, in rows of their own."""
    shown, rest = found.firms[:SHOWN], found.firms[SHOWN:]
    values = [firm.values for firm in shown]
    names = [answers.firm(firm.candidate_id, firm.name) for firm in shown]
    if rest:
        names.append(answers.say(Words("其余 {n} 家", "{n} more"), n=len(rest)))
        values.append(tuple(math.fsum(firm.values[n] for firm in rest) for n in range(len(found.levels))))
    if any(found.nobody):
        names.append(answers.say(NOBODY))
        values.append(found.nobody)
    blank = [""] * (len(names) - len(shown))
    return [
        Column(NAME, names, room=30),
        Column(WHAT, [*(answers.say(CHANGES[firm.change]) for firm in shown), *blank], "short"),
        Column(BEFORE, [*(answers.stand(firm, after=False) for firm in shown), *blank]),
        Column(AFTER, [*(answers.stand(firm, after=True) for firm in shown), *blank]),
        *_figures(found, values, basis.value()),
    ]


def _links(answers: Answers, found: Difference, basis: Basis) -> list[Column]:
    links, known = found.links, answers.links
    assumed = [link.link_id in known and basis.shortage(known[link.link_id], after=True) for link in links]
    both = [(answers.say(GRADES[link.grade_before]), answers.say(GRADES[link.grade_after])) for link in links]
    before, after = (Words(f"{SHORTAGE.zh}：{when.zh}", f"{SHORTAGE.en}: {when.en}") for when in (BEFORE, AFTER))
    backups = [
        "" if link.backed_up_before == link.backed_up_after else answers.say(WON if link.backed_up_after else LOST)
        for link in links
    ]
    return [
        Column(LINK_NAME, [link.name for link in links], room=30),
        Column(GRADE, [old if old == new else f"{old} → {new}" for old, new in both], "short"),
        Column(before, [link.shortage_before for link in links], "number", unit_words("万元"), assumed),
        Column(after, [link.shortage_after for link in links], "number", unit_words("万元"), assumed),
        *_figures(found, [link.values for link in links], assumed),
        Column(TERMS["backup"], backups, "short"),
    ]
