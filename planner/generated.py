"""Everything in the checkout that is generated from the code: ``python -m planner.generated [--check]`` (R10)."""

from __future__ import annotations

import sys
from pathlib import Path

from planner.problem_index import OTHERS
from planner.settings import generate
from planner.tables import dictionary
from planner.tables.codes import CODES


def pages() -> dict[Path, str]:
    """Every generated file: its path in the checkout and its text."""
    problems = {Path("docs/problems.md"): dictionary.problems_page({**OTHERS, **CODES})}
    return {**generate.pages(), **dictionary.pages(), **problems}


if __name__ == "__main__":
    sys.exit(generate.put(pages(), sys.argv[1:]))
