"""Every code that a message can carry is on the page of codes, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import planner
from planner.problem_index import OTHERS
from planner.tables.codes import CODES


def test_the_page_lists_exactly_the_codes_in_use() -> None:
    source = Path(planner.__file__).parent
    used: set[str] = set()
    for path in source.rglob("*.py"):
        if path.name not in {"problem_index.py", "codes.py"}:
            used |= set(re.findall(r'"([SCGR]\d{3})"', path.read_text(encoding="utf-8")))
    assert used == set(OTHERS)
    assert all(code.startswith("T") for code in CODES)
