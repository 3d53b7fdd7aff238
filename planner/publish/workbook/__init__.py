"""``plan.xlsx``: the plan for people who live in Excel, set up for print, in the plan's language.

What goes on the table comes first, sentences before figures; behind a page of its own stand the tables of those who made the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from planner.language import Words
from planner.plan.model import SHORT, Plan
from planner.publish.book.book import Book
from planner.publish.proof import stamp_of, standing_of
from planner.publish.view import Supplement, View
from planner.publish.workbook import evidence, sheets
from planner.publish.workbook.back import write_back
from planner.publish.workbook.changes import write_changes
from planner.publish.workbook.objective import OBJECTIVE, write_objective
from planner.publish.workbook.overview import write_overview
from planner.publish.workbook.points import write_points
from planner.publish.workbook.steps import write_owners, write_quarters
from planner.publish.workbook.supply import write_supply

Writer = Callable[[Book, View], None]
FIRST: tuple[Writer, ...] = (write_points, write_overview, sheets.write_targets, write_changes, write_quarters, write_owners)
THEN: tuple[Writer, ...] = (
    sheets.write_links,
    write_supply,
    sheets.write_parks,
    sheets.write_use_by_quarter,
    sheets.write_means,
    sheets.write_left_out,
)
"""The sheets before those of the chains, and after them."""
BEHIND: tuple[tuple[Words, Words, Writer], ...] = (
    (OBJECTIVE, Words("各项原值、基数、权重和贡献", "each term: raw, divided by, weight, contribution"), write_objective),
    (sheets.LIMITS, Words("用尽的限制和自定义规则的结果", "limits that bind, and how own rules came out"), sheets.write_limits),
    (sheets.ECHO_SHEET, Words("求解之前怎样理解每条规则", "how each rule was understood before solving"), sheets.write_echo),
    (evidence.DATA, Words("输入文件、假设、改动、提示", "input files, assumptions, changes, notices"), evidence.write_data),
    (evidence.SETTINGS, Words("实际使用的全部设置", "every setting as used"), evidence.write_settings),
    (evidence.VERIFICATION, Words("独立重算的每类限制", "every family of limits, recomputed"), evidence.write_verification),
)
"""The sheets behind the page that says so: title, what each holds, what writes it."""


def write_workbook(plan: Plan, path: Path, more: Supplement = Supplement()) -> None:
    """Write the workbook, with ``more`` that answers to questions add. The same plan gives the same bytes (R8); text from the input stays text (R6)."""
    view = View(plan, plan.plan.language, more.notes)
    with plan_book(path, plan) as book:
        chains: list[Writer] = [partial(sheets.write_chain, chain=chain) for chain in plan.chains]
        for write_sheet in [*FIRST, *chains, *THEN, *more.sheets]:
            write_sheet(book, view)
        write_back(book, [(title, what) for title, what, _ in BEHIND])
        for _, _, write_sheet in BEHIND:
            write_sheet(book, view)


def plan_book(path: Path, plan: Plan, seals: Sequence[str] = ()) -> Book:
    """A workbook about a plan, sealed with ``seals`` (the plan's own when there are none)."""
    seal = "  ".join(one[:SHORT] for one in seals or [plan.seal])
    comments = f"planner {plan.plan.planner_version} {seal}"
    return Book(
        path,
        plan.plan.language,
        plan.plan.name,
        comments=comments,
        seal=seal,
        stamp=stamp_of(plan),
        standing=standing_of(plan),
        large=True,
    )
