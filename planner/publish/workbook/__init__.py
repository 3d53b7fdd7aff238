"""``plan.xlsx``: the plan for people who live in Excel, set up for print, in the plan's language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.plan.model import SHORT, Plan
from planner.publish.book.book import Book
from planner.publish.proof import stamp_of, standing_of
from planner.publish.view import Supplement, View
from planner.publish.workbook import evidence, sheets
from planner.publish.workbook.changes import write_changes
from planner.publish.workbook.overview import write_overview


def write_workbook(plan: Plan, path: Path, more: Supplement = Supplement()) -> None:  # noqa: B008  frozen
    """Write the workbook, with ``more`` that answers to questions add. The same plan gives the same bytes (R8); text from the input stays text (R6)."""
    view = View(plan, plan.plan.language, more.notes)
    with plan_book(path, plan) as book:
        write_overview(book, view)
        sheets.write_targets(book, view)
        write_changes(book, view)
        for chain in plan.chains:
            sheets.write_chain(book, view, chain)
        for write_sheet in (
            sheets.write_links,
            sheets.write_parks,
            sheets.write_use_by_quarter,
            sheets.write_means,
            sheets.write_limits,
            sheets.write_echo,
            sheets.write_left_out,
            *more.sheets,
            evidence.write_data,
            evidence.write_settings,
            evidence.write_verification,
        ):
            write_sheet(book, view)


def plan_book(path: Path, plan: Plan, seals: Sequence[str] = ()) -> Book:
    """A workbook about a plan, sealed with ``seals`` (the plan's own when there are none)."""
    seal = "  ".join(one[:SHORT] for one in seals or [plan.seal])
    comments = f"planner {plan.plan.planner_version} {seal}"
    return Book(
        path, plan.plan.language, plan.plan.name, comments=comments, seal=seal, stamp=stamp_of(plan), standing=standing_of(plan)
    )
