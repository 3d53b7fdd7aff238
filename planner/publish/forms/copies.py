"""A file that was read, copied to a sheet with every cell at its own address, its faults coloured and commented."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from planner.language import Language, Words
from planner.problems import Problem, errors
from planner.publish.book.book import Book, Cell
from planner.publish.book.text import width
from planner.reading.headers import header_row
from planner.reading.readers import GridRead
from planner.reading.table import Broken

MOST_CELLS = 400_000
"""Cells up to which a sheet is copied whole; of a larger one its header and the rows with problems are."""
PARTLY = Words(
    "表很大：只抄了表头和有问题的行，行号不变", "a large sheet: its header and the rows with problems only, at their own numbers"
)
_CELL = re.compile(r"([A-Z]*)([0-9]*)").fullmatch


@dataclass(frozen=True)
class Spot:
    """Where a problem stands on a copied sheet, from 0; ``column`` None: the row as a whole; ``row`` None: the column."""

    row: int | None
    column: int | None


def spot_of(problem: Problem, read: GridRead) -> Spot | None:
    """Where a problem stands on the copy of a grid; None where it does not speak of it."""
    place, grid = problem.place, read.grid
    if place is None or (place.file, place.sheet) != (grid.file, grid.sheet):
        return None
    if grid.layer:
        return None if place.line is None else Spot(place.line, _column_named(problem.subject, grid.rows[0]))
    match = _CELL(place.cell or "")
    if match is None or not place.cell:
        return None
    column = None
    for letter in match[1]:
        column = (0 if column is None else column + 1) * 26 + ord(letter) - ord("A")
    return Spot(int(match[2]) - 1 if match[2] else None, column)


def _column_named(header: str, headers: Sequence[object]) -> int | None:
    return next((at for at, name in enumerate(headers) if str(name) == header), None)


def address_of(spot: Spot) -> str:
    return str(xl_rowcol_to_cell(spot.row or 0, spot.column or 0))


def write_copy(book: Book, name: str, read: GridRead, problems: Sequence[Problem], spots: Mapping[int, Spot]) -> None:
    """A copy of the grid with its faults marked."""
    page, grid = book.page(name), read.grid
    header = header_row(grid, read.spec, read.source)
    marks: dict[tuple[int, int], list[Problem]] = {}
    for at, spot in spots.items():
        row = spot.row if spot.row is not None else (header or 0)
        marks.setdefault((row, _first_filled(grid.rows, row) if spot.column is None else spot.column), []).append(problems[at])
    tones = {cell: tone_of(told) for cell, told in marks.items()}
    whole = {spot.row for spot in spots.values() if spot.column is None}
    of_row = {row: tone for (row, _), tone in tones.items() if row in whole}
    kept: Sequence[int] = range(len(grid.rows))
    if sum(map(len, grid.rows)) > MOST_CELLS:
        kept = sorted(row for row in {header or 0, *(row for row, _ in marks)} if row < len(grid.rows))
        page.text(len(grid.rows), 0, page.say(PARTLY), book.style("note", text_wrap=False))
    head, style = book.style("head", text_wrap=False), {tone: book.style("body", tone) for tone in (None, "error", "warning")}
    for row in kept:
        for column, value in enumerate(grid.rows[row]):
            tone, cell = tones.get((row, column), of_row.get(row)), _shown(value)
            if cell is None and tone is None:
                continue
            page.put(row, column, cell, head if row == header and tone is None else style[tone])
            if row < 500 or tone is not None:
                page.widen(column, max(8, min(40, width(cell) + 2 if isinstance(cell, str) else 12)))
    for (row, column), told in marks.items():
        if row >= len(grid.rows) or column >= len(grid.rows[row]):
            page.put(row, column, None, style[tones[row, column]])
        page.comment(row, column, comment(told, book.language))
    if marks:
        page.sheet.set_tab_color("#C00000" if "error" in tones.values() else "#FFC000")
    if header is not None:
        page.repeat = header, header
    page.finish(frozen=(header + 1, 0) if header is not None and header < 20 else None)


def _first_filled(rows: Sequence[Sequence[object]], row: int) -> int:
    cells = rows[row] if row < len(rows) else ()
    return next((at for at, cell in enumerate(cells) if _shown(cell) is not None), 0)


def tone_of(told: Sequence[Problem]) -> str:
    return "error" if errors(told) else "warning"


def comment(told: Sequence[Problem], language: Language) -> str:
    """What is wrong and what to do, the first eight."""
    texts = [f"{problem.code} {_sentence(problem, language)}" for problem in dict.fromkeys(told)]
    return "\n".join(texts[:8] + ([f"… +{len(texts) - 8}"] if len(texts) > 8 else []))


def _sentence(problem: Problem, language: Language) -> str:
    stop = "；" if language == "zh" else "; "
    return stop.join(text for text in (problem.rule.say(language), problem.remedy.say(language)) if text)


def _shown(value: object) -> Cell:
    """A cell of the file as it is copied: numbers as numbers, everything else as text."""
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e300 else repr(value)
    if isinstance(value, Broken):
        return value.text
    if isinstance(value, dt.datetime):
        return str(value).removesuffix(" 00:00:00")
    return str(value)
