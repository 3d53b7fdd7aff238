"""``plan.xlsx``: the plan for people who live in Excel, set up for print, in the plan's language."""

from __future__ import annotations

from pathlib import Path

from planner.plan.model import Plan
from planner.publish.sentences import Teller
from planner.publish.workbook.alternatives import write_alternatives
from planner.publish.workbook.basis import Basis
from planner.publish.workbook.book import Book
from planner.publish.workbook.chains import write_chain, write_links
from planner.publish.workbook.evidence import write_data, write_settings, write_verification
from planner.publish.workbook.firms import write_left_out, write_targets
from planner.publish.workbook.importance import write_importance
from planner.publish.workbook.means import write_limits, write_means
from planner.publish.workbook.overview import write_overview
from planner.publish.workbook.places import write_parks, write_use_by_quarter
from planner.publish.workbook.sensitivity import write_sensitivity
from planner.publish.workbook.why import write_why


def write_workbook(plan: Plan, path: Path) -> None:
    """Write the workbook. The same plan gives the same bytes (R8); text from the input stays text (R6)."""
    teller, basis = Teller(plan, plan.plan.language), Basis(plan)
    with Book(path, plan) as book:
        write_overview(book, teller, basis)
        write_targets(book, teller, basis)
        for chain in plan.chains:
            write_chain(book, teller, basis, chain)
        write_links(book, teller, basis)
        write_parks(book, teller, basis)
        write_use_by_quarter(book, teller, basis)
        write_means(book, teller, basis)
        write_limits(book, teller, basis)
        write_left_out(book, teller)
        write_why(book, teller, basis)
        write_importance(book, teller, basis)
        write_sensitivity(book, teller)
        write_alternatives(book, teller)
        write_data(book, teller)
        write_settings(book, teller)
        write_verification(book, teller)
