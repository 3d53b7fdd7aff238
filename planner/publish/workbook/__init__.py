"""``plan.xlsx``: the plan for people who live in Excel, set up for print, in the plan's language."""

from __future__ import annotations

from pathlib import Path

from planner.plan.model import Plan
from planner.publish.view import Supplement, View
from planner.publish.workbook import evidence, sheets
from planner.publish.workbook.book import Book
from planner.publish.workbook.overview import write_overview


def write_workbook(plan: Plan, path: Path, more: Supplement = Supplement()) -> None:  # noqa: B008  frozen
    """Write the workbook, with ``more`` that answers to questions add. The same plan gives the same bytes (R8); text from the input stays text (R6)."""
    view = View(plan, plan.plan.language, more.notes)
    with Book(path, plan) as book:
        write_overview(book, view)
        sheets.write_targets(book, view)
        for chain in plan.chains:
            sheets.write_chain(book, view, chain)
        for write_sheet in (
            sheets.write_links,
            sheets.write_parks,
            sheets.write_use_by_quarter,
            sheets.write_means,
            sheets.write_limits,
            sheets.write_left_out,
            *more.sheets,
            evidence.write_data,
            evidence.write_settings,
            evidence.write_verification,
        ):
            write_sheet(book, view)
