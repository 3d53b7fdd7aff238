"""Facts of every sheet of the old .xls, through xlrd; which cells are formulas, from the records ([MS-XLS] 2.4.127)."""

from __future__ import annotations

import io
import struct
from typing import Any

from planner.reading.table import Broken
from planner.reading.workbooks.facts import At, SheetFacts, uncalculated
from planner.reading.workbooks.formats import told

_RECORD, _FORMULA_CELL = struct.Struct("<HH"), struct.Struct("<HHHdH")
_FORMULA, _END = 0x0006, 0x000A


def facts_of(data: bytes) -> tuple[SheetFacts, ...]:
    """Of every sheet, in their order. Raises whatever a damaged file leads to."""
    from xlrd import open_workbook

    options = {"formatting_info": True, "on_demand": True, "ragged_rows": True, "ignore_workbook_corruption": True}
    book = open_workbook(file_contents=data, logfile=io.StringIO(), **options)
    formulas = [_formulas(book, position) for position in range(book.nsheets)]
    doubtful = not any(results for _, results in formulas)
    return tuple(_facts(book, position, zeros if doubtful else []) for position, (zeros, _) in enumerate(formulas))


def _formulas(book: Any, position: int) -> tuple[list[At], bool]:
    """Formula cells of a sheet whose result is 0, and whether there are any with another result."""
    zeros: list[At] = []
    calculated, at, depth = False, book._sh_abs_posn[position], 0
    while at + 4 <= len(book.mem):
        kind, size = _RECORD.unpack_from(book.mem, at)
        if kind == _FORMULA and depth == 1 and size >= _FORMULA_CELL.size:
            row, column, _, result, _ = _FORMULA_CELL.unpack_from(book.mem, at + 4)
            if result == 0:
                zeros.append((row, column))
            else:
                calculated = True
        depth += kind in (0x0809, 0x0409, 0x0209, 0x0009)
        depth -= kind == _END
        if depth == 0:
            break
        at += 4 + size
    return zeros, calculated


def _facts(book: Any, position: int, zeros: list[At]) -> SheetFacts:
    from xlrd import XL_CELL_BLANK, XL_CELL_EMPTY, XL_CELL_ERROR, XL_CELL_NUMBER, error_text_from_code

    sheet = book.sheet_by_index(position)
    nothing = (XL_CELL_EMPTY, XL_CELL_BLANK)
    codes, struck_styles = {}, set()
    for number, style in enumerate(book.xf_list):
        held = book.format_map.get(style.format_key)
        if held is not None and told(held.format_str):
            codes[number] = held.format_str
        if book.font_list[style.font_index].struck_out:
            struck_styles.add(number)
    struck_fonts = {number for number, font in enumerate(book.font_list) if font.struck_out}
    broken: dict[At, Broken] = uncalculated(zeros, bool(zeros))
    formats: dict[At, str] = {}
    struck: set[int] = set()
    rows = columns = held_cells = 0
    for row in range(sheet.nrows):
        kinds, styles = sheet.row_types(row), sheet._cell_xf_indexes[row]
        filled = [column for column, kind in enumerate(kinds) if kind not in nothing]
        if not filled:
            continue
        rows, columns, held_cells = row + 1, max(columns, filled[-1] + 1), held_cells + len(filled)
        for column in filled:
            kind, style = kinds[column], styles[column]
            if kind == XL_CELL_ERROR:
                broken[row, column] = Broken(error_text_from_code.get(sheet.cell_value(row, column), "#"), "T140")
            elif kind == XL_CELL_NUMBER and style in codes:
                formats[row, column] = codes[style]
            if style in struck_styles:
                struck.add(row)
    struck.update(row for (row, _), runs in sheet.rich_text_runlist_map.items() if any(font in struck_fonts for _, font in runs))
    return SheetFacts(
        sheet.name,
        (rows, columns),
        held_cells,
        broken,
        tuple(((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells),
        frozenset(row for row, about in sheet.rowinfo_map.items() if about.hidden or about.height == 0),
        frozenset(struck),
        frozenset(column for column, about in sheet.colinfo_map.items() if about.hidden or about.width == 0),
        formats,
        {at: note.text for at, note in sheet.cell_note_map.items()},
    )
