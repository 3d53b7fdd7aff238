"""A new workbook file, for whatever is written as one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

_OPTIONS = {
    **dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False),
    # Else every part of it is a file in the system's temporary folder first: most of the time that writing takes.
    "in_memory": True,
}


def new_workbook(path: Path, **properties: object) -> xlsxwriter.Workbook:
    """A workbook to be written in which every text stays text (R6) and the same content gives the same bytes (R8)."""
    book = xlsxwriter.Workbook(str(path), _OPTIONS)
    book.set_properties({"created": datetime(2000, 1, 1), **properties})
    return book
