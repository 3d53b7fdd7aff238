"""``plan.xlsx``: the plan for people who live in Excel, set up for print, in the plan's language."""

from __future__ import annotations

from pathlib import Path

from planner.plan.model import Plan
from planner.publish.supplement import Supplement
from planner.publish.view import View
from planner.publish.workbook.book import Book
from planner.publish.workbook.chains import write_chain, write_links
from planner.publish.workbook.evidence import write_data, write_settings, write_verification
from planner.publish.workbook.firms import write_left_out, write_targets
from planner.publish.workbook.means import write_limits, write_means
from planner.publish.workbook.overview import write_overview
from planner.publish.workbook.places import write_parks, write_use_by_quarter


def write_workbook(plan: Plan, path: Path, more: Supplement = Supplement()) -> None:  # noqa: B008  frozen
    """Write the workbook, with ``more`` that answers to questions add. The same plan gives the same bytes (R8); text from the input stays text (R6)."""
    view = View(plan, plan.plan.language, more.notes)
    with Book(path, plan) as book:
        write_overview(book, view)
        write_targets(book, view)
        for chain in plan.chains:
            write_chain(book, view, chain)
        write_links(book, view)
        write_parks(book, view)
        write_use_by_quarter(book, view)
        write_means(book, view)
        write_limits(book, view)
        write_left_out(book, view)
        for write_sheet in more.sheets:
            write_sheet(book, view)
        write_data(book, view)
        write_settings(book, view)
        write_verification(book, view)
