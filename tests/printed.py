"""What a workbook looks like on paper, reckoned from the file alone: pages, scale, and the smallest letters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

PAPER = {(9, "landscape"): (841.89, 595.28), (9, "portrait"): (595.28, 841.89), (8, "landscape"): (1190.55, 841.89)}
"""Code and orientation → width and height in points."""


@dataclass(frozen=True)
class Printed:
    """One sheet on paper."""

    scale: float
    """1 is the size on the screen."""
    smallest: float
    """Points of its smallest letters on paper, heads and feet of pages too."""
    across: tuple[int, ...]
    """First column of each page across."""
    widest: float
    """Of the pages across the widest, as a part of the room between the margins."""
    tops: tuple[int, ...]
    """First row of each page down, without the rows that every page repeats."""


def printed(sheet: Worksheet) -> Printed:
    """Reckoned as a spreadsheet program does."""
    setup, margins = sheet.page_setup, sheet.page_margins
    width, height = PAPER[int(setup.paperSize), setup.orientation]
    wide, high = width - 72 * (margins.left + margins.right), height - 72 * (margins.top + margins.bottom)
    _, _, last_column, last_row = re.findall(r"\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", str(sheet.print_area))[0]
    widths = _widths(sheet, column_index_from_string(last_column))
    rows = [sheet.row_dimensions[row].height or 15.0 for row in range(1, int(last_row) + 1)]
    fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    if fits:
        assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)
    scale = min(1.0, wide / sum(widths)) if fits else int(setup.scale or 100) / 100
    starts = (0, *(one.id for one in sheet.col_breaks.brk))
    repeated = _columns(sheet.print_title_cols)
    beside = sum(widths[:repeated])
    blocks = [sum(widths[a:b]) + (beside if a else 0.0) for a, b in zip(starts, (*starts[1:], len(widths)), strict=True)]
    fonts = [cell.font.sz for line in sheet.iter_rows() for cell in line if cell.value is not None]
    texts = [
        str(part.text) for side in (sheet.oddHeader, sheet.oddFooter) for part in (side.left, side.center, side.right) if part.text
    ]
    assert not sheet.HeaderFooter.scaleWithDoc
    sizes = [part.size for side in (sheet.oddHeader, sheet.oddFooter) for part in (side.left, side.center, side.right) if part.text]
    assert len(sizes) == len(texts)
    return Printed(
        scale, min([min(fonts) * scale, *map(float, sizes)]), starts, scale * max(blocks) / wide, _tops(sheet, rows, high / scale)
    )


def _widths(sheet: Worksheet, count: int) -> list[float]:
    """Points of each column: seven pixels for a digit and five more, which the file's widths contain."""
    digits = [8.43 + 5 / 7] * count
    for one in sheet.column_dimensions.values():
        for column in range(one.min, min(one.max, count) + 1):
            digits[column - 1] = one.width
    return [0.75 * int(7 * width + 0.5) for width in digits]


def _columns(titles: str | None) -> int:
    return column_index_from_string(titles.replace("$", "").split(":")[1]) if titles else 0


def _tops(sheet: Worksheet, rows: list[float], room: float) -> tuple[int, ...]:
    titles = [int(row) for row in (sheet.print_title_rows or "").replace("$", "").split(":") if row]
    repeated = sum(rows[titles[0] - 1 : titles[1]]) if titles else 0.0
    forced, tops, filled = {one.id + 1 for one in sheet.row_breaks.brk}, [1], 0.0
    for row, height in enumerate(rows, start=1):
        if row > 1 and (row in forced or filled + height > room):
            tops.append(row)
            filled = repeated
        filled += height
    return tuple(tops)
