"""What the value is made of, for whoever set the weights: the terms, and with priorities level by level."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.publish.book.book import Book, Page, Text
from planner.publish.book.columns import Column
from planner.publish.book.table import titled_table
from planner.publish.fields import UNIT, WEIGHT
from planner.publish.figures import gap_text, percent
from planner.publish.proof import level_name
from planner.publish.view import View
from planner.publish.words import UNKNOWN, unit_words
from planner.publish.workbook.points import state_of

WIDTHS = (26.0, *[17.0] * 7)
OBJECTIVE = Words("目标值的构成", "What the value is made of")
TERM, RAW, NORMALISER = Words("目标项", "Term"), Words("原值", "Raw"), Words("基数", "Divided by")
NORMALISED, CONTRIBUTION = Words("归一值", "Normalised"), Words("贡献", "Contribution")
PENALTIES = Words("软规则违反的代价", "price of violated soft rules")
LEVELS, LEVEL, COLON = Words("各级目标", "Levels"), Words("级", "Level"), Words("：", ": ")
VALUE, BEST = Words("目标值", "Value"), Words("该级求得", "When solved")
BOUND, GAP = Words("上界", "Bound"), Words("差距", "Gap")
PROVED, YES, NO = Words("已证明最优", "Proved optimal"), Words("是", "yes"), Words("否", "no")
GIVEN_UP, ALLOWED = Words("为后级让出", "Given up"), Words("允许让出", "Tolerance")


def write_objective(book: Book, view: View) -> None:
    """Of priorities each level by itself, for values of different levels do not add up."""
    page = book.page(OBJECTIVE.say(book.language))
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.head(len(WIDTHS) - 1, OBJECTIVE)
    page.merged(1, 0, len(WIDTHS) - 1, state_of(view), book.style("state"))
    _objective(page, 3, view)
    page.finish(frozen=(3, 0))


def _objective(page: Page, row: int, view: View) -> int:
    """What the value is made of; of priorities each level by itself, for values of different levels do not add up."""
    objective = view.plan.objective
    if not objective.levels:
        weighed = {name: (term.weight, term.contribution) for name, term in objective.terms.items()}
        return _value_table(page, row, view, OBJECTIVE, weighed, objective.penalties)
    row = _levels(page, row, view)
    for number, level in enumerate(objective.levels):
        weighed = {name: (level.weights[name], part) for name, part in level.contributions.items()}
        title = f"{page.say(OBJECTIVE)}{page.say(COLON)}{page.say(level_name(view.plan, number))}"
        row = _value_table(page, row, view, title, weighed, objective.penalties if number == 0 else 0.0)
    return row


def _levels(page: Page, row: int, view: View) -> int:
    """Every level: its value, how good that is, and what later levels took of it."""
    plan, levels = view.plan, view.plan.objective.levels
    dash, places = page.say(UNKNOWN), 4 if plan.objective.normalise else None
    columns = [
        Column(LEVEL, [page.say(level_name(plan, number)) for number in range(len(levels))], room=26),
        Column(VALUE, [level.value for level in levels], "number", decimals=places),
        Column(BEST, [level.best for level in levels], "number", decimals=places),
        Column(BOUND, [level.bound for level in levels], "number", decimals=places),
        Column(GAP, [dash if level.gap is None else gap_text(level.gap) for level in levels], "short"),
        Column(PROVED, [page.say(YES if level.proved else NO) for level in levels], "short"),
        Column(GIVEN_UP, [level.given_up for level in levels], "number", decimals=places),
        Column(ALLOWED, [percent(level.tolerance) for level in levels], "short"),
    ]
    return titled_table(page, row, LEVELS, columns, grow=False)


def _value_table(
    page: Page, row: int, view: View, title: Text, weighed: Mapping[str, tuple[float, float]], penalties: float
) -> int:
    """Terms as they are ``weighed``, by their weight and their part of one value: the sum of the parts, less the ``penalties``."""
    objective, names = view.plan.objective, list(weighed)
    terms = [objective.terms[name] for name in names]
    reached, offered = [view.basis.term(name, False) for name in names], [view.basis.term(name, True) for name in names]
    # One more row where soft rules cost something, so that the column of contributions sums to the value.
    more = 1 if penalties > 0 else 0
    no_figure, no_mark = [None] * more, [False] * more
    either = [a or b for a, b in zip(reached, offered, strict=True)] + no_mark
    weights, parts = [weight for weight, _ in weighed.values()], [part for _, part in weighed.values()]
    units = [unit_words(term.unit).say(page.language) for term in terms]
    normalised = [*(term.normalised for term in terms), *no_figure]
    places = 4 if objective.normalise else None
    columns = [
        Column(TERM, [*map(view.term, names), *[page.say(PENALTIES)] * more], span=2),
        Column(WEIGHT, [*weights, *no_figure], "number"),
        Column(RAW, [*(term.raw for term in terms), *no_figure], "mixed", assumed=reached + no_mark),
        Column(UNIT, [*units, *[""] * more], "short"),
        Column(NORMALISER, [*(term.normaliser for term in terms), *no_figure], "mixed", assumed=offered + no_mark),
        Column(NORMALISED, normalised, "number", assumed=either, decimals=places),
        Column(CONTRIBUTION, [*parts, *[-penalties] * more], "number", assumed=either, total=True, decimals=places),
    ]
    return titled_table(page, row, title, columns, grow=False)
