"""Excel and OpenDocument workbooks, through calamine: which sheet, and which cells.

calamine reads a formula error and a formula without a saved result as an empty cell, which would turn a broken figure
into a missing one in silence (R1); :mod:`planner.reading.workbooks` finds them, and what else a sheet says.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.table import Grid, filled
from planner.reading.workbooks.content import PASSWORD, UNLOCK, unreadable
from planner.reading.workbooks.facts import SheetFacts
from planner.reading.workbooks.formats import section_of, told
from planner.reading.workbooks.inspect import loaded_whole, sheet_facts, too_large, unfit
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec
from planner.tables.form import is_form
from planner.tables.units import parse_header

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_NO_WORKBOOK = Words("文件损坏，或不是 Excel 工作簿", "it is damaged, or no workbook")


def read_excel(name: str, data: bytes, source: TableSource, spec: TableSpec) -> tuple[Grid | None, list[Problem]]:
    """The grid of one sheet; None when the workbook does not open or the sheet is not to be found."""
    book = open_workbook(name, data)
    if isinstance(book, Problem):
        return None, [book]
    sheets = sheets_of(book)
    hidden = [sheet for sheet, unseen in sheets.items() if unseen]
    visible = [sheet for sheet, unseen in sheets.items() if not unseen]
    sheet, problems = choose_sheet(name, source.sheet, visible, book.sheet_names, spec, "sheet")
    if sheet is None:
        return None, problems
    why = Words("工作簿结构不寻常，查不出其中的公式错误", "its structure hides whether formulas have failed")
    try:
        facts = sheet_facts(data, book.sheet_names.index(sheet), sheet)
        if (excess := too_large(name, facts)) is not None:
            return None, [excess]
        why = Words("工作表损坏，或丢失了文字", "the sheet is damaged, or has lost its texts")
        rows: list[list[object]] = [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
    except BaseException as error:
        return None, [_damaged(error, Place(name, sheet), why)]
    if sheet in hidden:
        problems.append(problem("T206", Place(name, sheet), sheet))
    elif hidden and source.sheet is None:
        problems.append(problem("T207", Place(name), Words.listed(hidden).zh, sheet=sheet))
    return _grid(name, sheet, rows, sha256(data).hexdigest(), facts), problems


def input_sheets(name: str, data: bytes) -> list[str]:
    """The visible sheets of a workbook that say that they are input sheets of ours and have something below their headers; none
    where it cannot be read, which whoever names it is told."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    try:
        if unfit(name, data) is not None or any(too_large(name, facts) for facts in loaded_whole(data)):
            return []
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [about.name for about in book.sheets_metadata if about.visible == SheetVisibleEnum.Visible]
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in shown}
    except BaseException as error:
        _damaged(error, Place(name), _NO_WORKBOOK)
        return []
    return [sheet for sheet, rows in sheets.items() if is_form(rows[:1]) and any(filled(cell) for row in rows[2:] for cell in row)]


def _grid(name: str, sheet: str, rows: list[list[object]], digest: str, facts: SheetFacts) -> Grid:
    for (row, column), cell in facts.broken.items():  # one may lie beyond what calamine takes for the used area
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = cell
    numbers = {
        (row, column): section
        for (row, column), code in facts.formats.items()
        if row < len(rows) and column < len(rows[row]) and isinstance(number := rows[row][column], (int, float))
        if type(number) is not bool and told(section := section_of(code, number))
    }
    return Grid(
        name,
        sheet,
        rows,
        digest,
        merged=facts.merged,
        hidden=facts.hidden,
        struck=facts.struck,
        hidden_columns=facts.hidden_columns,
        formats=numbers,
        comments=facts.comments,
    )


def open_workbook(name: str, data: bytes) -> CalamineWorkbook | Problem:
    """The workbook, once it is known that opening it does no harm; else why it cannot be opened."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        if (refused := unfit(name, data)) is not None:
            return refused
        if (excess := next(filter(None, (too_large(name, facts) for facts in loaded_whole(data))), None)) is not None:
            return excess
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        locked = isinstance(error, PasswordError) or "encrypted" in str(error)
        return _damaged(error, Place(name), *((PASSWORD.what, UNLOCK) if locked else (_NO_WORKBOOK,)))


def sheets_of(book: CalamineWorkbook) -> dict[str, bool]:
    """Its sheets, and whether each is hidden; sheets of charts are none."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = (about for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet)
    return {about.name: about.visible != SheetVisibleEnum.Visible for about in sheets}


def _damaged(error: BaseException, place: Place, *why: Words) -> Problem:
    """Whatever a file leads its readers to raise says that the file is damaged, a panic of calamine's Rust too; only
    what comes from elsewhere (Ctrl-C) goes on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return replace(unreadable(place.file, *why), place=place)


def choose_sheet(
    file: str, wanted: str | None, visible: Sequence[str], every: Sequence[str], spec: TableSpec, key: str
) -> tuple[str | None, list[Problem]]:
    """The sheet (or layer) named; else the only visible one; else the one called like the table."""
    if wanted is not None:
        named = next((sheet for sheet in every if sheet.strip() == wanted.strip()), None)
        if named is not None:
            return named, []
        near = nearest_words(nearest(wanted, every), Words(f"改正 plan.yaml 中的 {key}", f"mend {key} in plan.yaml"))
        return None, [problem("T105", Place(file, wanted), spec.zh, wanted, known=Words.listed(every), nearest=near)]
    if len(visible) == 1:
        return visible[0], []
    known = {fold(name) for name in spec.known_as}
    own = [sheet for sheet in visible if {fold(sheet), fold(parse_header(sheet).name)} & known]
    if len(own) == 1:
        return own[0], []
    return None, [problem("T106", Place(file), spec.zh, known=Words.listed(visible), wanted=spec.zh, key=key)]
