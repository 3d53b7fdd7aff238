"""The sheet of alternatives: how good each is, who is in all of them, who is in some and where."""

from __future__ import annotations

from planner.language import Words
from planner.publish.fields import CANDIDATE, INVESTMENT, LINK_NAME, MONEY, NAME, SHORTAGE, SUBSIDY
from planner.publish.view import View
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.table import Column, write_table
from planner.questions.alternatives.record import Alternatives
from planner.questions.alternatives.text import alternatives_notes
from planner.questions.words import names

ALTERNATIVES = Words("替代方案", "Alternatives")
PLANS, CHOICES, CORE = (
    Words("各方案", "The plans"),
    Words("可选：只在部分方案中的项目", "Choices: projects in some of the plans"),
    Words("核心：每个方案都选中的项目", "Core: projects in every plan"),
)
PLAN, VALUE, LOSS, BOUND = (Words("方案", "Plan"), Words("目标值", "Value"), Words("损失", "Loss"), Words("上界", "Bound"))
DIFFERS, NEAREST = Words("与原计划相差", "From the run's"), Words("与最近者相差", "From the nearest")
COMES, LEAVES = Words("引入", "Comes"), Words("退出", "Leaves")
OWN, NUMBERED, TIMES = Words("原计划", "The run's plan"), Words("方案 {n}", "Plan {n}"), Words("次数", "Times")


def write_sheet(book: Book, view: View, answers: tuple[Alternatives]) -> None:
    """Plans, choices and core."""
    (told,) = answers
    page = book.page(ALTERNATIVES.say(book.language))
    notes = alternatives_notes(told, book.language)
    row = 1 + len(notes)
    shared = ((CHOICES, _choices(page, view, told)), (CORE, _core(page, view, told))) if told.plans else ()
    for title, columns in ((PLANS, _plans(page, told)), *shared):
        page.section(row, page.say(title))
        row = write_table(page, row + 1, columns).end + 1
    page.head(page.last_column, ALTERNATIVES, *notes)
    page.sheet.freeze_panes(1 + len(notes), 1)
    page.finish()


def _plans(page: Page, told: Alternatives) -> list[Column]:
    plans = told.plans
    return [
        Column(PLAN, [NUMBERED.say(page.language, n=one.number) for one in plans], room=30),
        Column(VALUE, [one.value for one in plans], "mixed"),
        Column(LOSS, [one.loss for one in plans], "share"),
        Column(BOUND, [one.bound for one in plans], "mixed"),
        Column(DIFFERS, [one.differs for one in plans], "count"),
        Column(NEAREST, [one.nearest for one in plans], "count"),
        Column(COMES, [names(one.came, page.language) for one in plans], room=40),
        Column(LEAVES, [names(one.left, page.language) for one in plans], room=40),
        Column(INVESTMENT, [one.investment for one in plans], "number", MONEY),
        Column(SUBSIDY, [one.subsidy for one in plans], "number", MONEY),
        Column(SHORTAGE, [one.shortage for one in plans], "number", MONEY),
    ]


def _choices(page: Page, view: View, told: Alternatives) -> list[Column]:
    """Who is where in which plan."""
    some = told.choices
    own = {firm.candidate_id: f"{firm.park_name} {firm.quarter}" for firm in view.plan.selected}
    columns = [
        Column(NAME, [one.name for one in some], room=30),
        Column(CANDIDATE, [one.id for one in some], "short"),
        Column(TIMES, [one.times for one in some], "count"),
        Column(OWN, [own.get(one.id, "") for one in some], room=24),
    ]
    for plan in told.plans:
        place = {firm.id: f"{firm.park} {firm.quarter}" for firm in plan.selected}
        columns.append(Column(NUMBERED.fill(n=plan.number), [place.get(one.id, "") for one in some], room=24))
    return columns


def _core(page: Page, view: View, told: Alternatives) -> list[Column]:
    own = {firm.candidate_id: firm for firm in view.plan.selected}
    return [
        Column(NAME, [one.name for one in told.core], room=30),
        Column(CANDIDATE, [one.id for one in told.core], "short"),
        Column(LINK_NAME, [own[one.id].link_name or "" for one in told.core], room=24),
    ]
