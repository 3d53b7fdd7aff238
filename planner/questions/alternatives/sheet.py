"""The sheet of alternatives: how good each is, who is in all of them, who is in some and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.language import Language, Words
from planner.plan.firm_records import Selected
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import write_table
from planner.publish.fields import CANDIDATE, INVESTMENT, LINK_NAME, MONEY, NAME, SHORTAGE, SUBSIDY
from planner.publish.view import View
from planner.questions.alternatives.record import Alternative, Alternatives
from planner.questions.alternatives.text import alternatives_notes
from planner.questions.words import names

ALTERNATIVES, NUMBERED = Words("替代方案", "Alternatives"), Words("方案 {n}", "Plan {n}")


def write_sheet(book: Book, view: View, answers: tuple[Alternatives]) -> None:
    """Plans, choices and core."""
    (answer,), language = answers, book.language
    own = {firm.candidate_id: firm for firm in view.plan.selected}
    page = book.page(ALTERNATIVES.say(language))
    notes = alternatives_notes(answer, language)
    core = [
        Column(NAME, [firm.name for firm in answer.core], room=30),
        Column(CANDIDATE, [firm.id for firm in answer.core], "short"),
        Column(LINK_NAME, [own[firm.id].link_name or "" for firm in answer.core], room=24),
    ]
    tables = [
        (Words("各方案", "The plans"), _plans(answer.plans, language)),
        (Words("可选：只在部分方案中的项目", "Choices: projects in some of the plans"), _choices(answer, own)),
        (Words("核心：每个方案都选中的项目", "Core: projects in every plan"), core),
    ]
    row = 1 + len(notes)
    for title, columns in tables if answer.plans else tables[:1]:
        page.section(row, page.say(title))
        row = write_table(page, row + 1, columns).end + 1
    page.head(page.last_column, ALTERNATIVES, *notes)
    page.sheet.freeze_panes(1 + len(notes), 1)
    page.finish()


def _plans(plans: Sequence[Alternative], language: Language) -> list[Column]:
    return [
        Column(Words("方案", "Plan"), [NUMBERED.say(language, n=plan.number) for plan in plans], room=30),
        Column(Words("目标值", "Value"), [plan.value for plan in plans], "mixed"),
        Column(Words("损失", "Loss"), [plan.loss for plan in plans], "share"),
        Column(Words("上界", "Bound"), [plan.bound for plan in plans], "mixed"),
        Column(Words("与原计划相差", "From the run's"), [plan.differs for plan in plans], "count"),
        Column(Words("与最近者相差", "From the nearest"), [plan.nearest for plan in plans], "count"),
        Column(Words("引入", "Comes"), [names(plan.came, language) for plan in plans], room=40),
        Column(Words("退出", "Leaves"), [names(plan.left, language) for plan in plans], room=40),
        Column(INVESTMENT, [plan.investment for plan in plans], "number", MONEY),
        Column(SUBSIDY, [plan.subsidy for plan in plans], "number", MONEY),
        Column(SHORTAGE, [plan.shortage for plan in plans], "number", MONEY),
    ]


def _choices(answer: Alternatives, own: Mapping[str, Selected]) -> list[Column]:
    """Who is where in which plan."""
    choices = answer.choices
    places = {Words("原计划", "The run's plan"): {name: f"{firm.park_name} {firm.quarter}" for name, firm in own.items()}}
    for plan in answer.plans:
        places[NUMBERED.fill(n=plan.number)] = {firm.id: f"{firm.park} {firm.quarter}" for firm in plan.selected}
    return [
        Column(NAME, [choice.name for choice in choices], room=30),
        Column(CANDIDATE, [choice.id for choice in choices], "short"),
        Column(Words("次数", "Times"), [choice.times for choice in choices], "count"),
        *(Column(title, [at.get(choice.id, "") for choice in choices], room=24) for title, at in places.items()),
    ]
