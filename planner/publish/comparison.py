"""The folder of a comparison: ``compare.json``, ``compare.xlsx`` and the runs of its scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from planner.insight.comparison import Comparison
from planner.plan.model import Plan
from planner.plan.whole_folder import COMPARISON
from planner.problems import Problem
from planner.publish.run_folder import write_each

COMPARE_FILE, BOOK_FILE = COMPARISON.file, "compare.xlsx"


def write_comparison(comparison: Comparison, plans: Sequence[Plan], folder: Path) -> tuple[Problem, ...]:
    """Write both files into a folder; without any plan there is nothing to fill a workbook with.

    Returns:
        That the workbook could not be written, if so.
    """
    from planner.publish.workbook.comparison import write_comparison_book

    (folder / COMPARE_FILE).write_text(comparison.to_json(), encoding="utf-8", newline="\n")
    return write_each({BOOK_FILE: partial(write_comparison_book, comparison, plans)} if plans else {}, folder)
