"""Excel and OpenDocument workbooks, through calamine: which sheet, which cells, and what calamine does not say.

calamine reads a formula error and a formula without a saved result as an empty cell, which would turn a broken figure
into a missing one in silence (R1); :mod:`planner.reading.excel_faults` finds them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.excel_faults import broken_cells
from planner.reading.excel_size import ExcessError, check_size
from planner.reading.grid import Broken, Grid
from planner.reading.headers import fold
from planner.settings.schema import TableSource
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec
from planner.tables.units import parse_header

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def read_excel(name: str, data: bytes, source: TableSource, spec: TableSpec) -> tuple[Grid | None, list[Problem]]:
    """The grid of one sheet; None when the workbook does not open or the sheet is not to be found."""
    from python_calamine import CalamineWorkbook, PasswordError

    damaged = Words("文件损坏，或不是 Excel 工作簿", "it is damaged, or no workbook")
    try:
        why = check_size(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data)) if why is None else None
    except PasswordError:
        book, why = None, Words("文件有密码", "it has a password")
    except ExcessError as excess:
        return None, [problem("T181", Place(name, excess.sheet), name, **excess.values)]
    except BaseException as error:
        book, why = None, damaged
        _raise_unless_of_file(error)
    if book is None:
        return None, [problem("T102", Place(name), name, why=why or damaged)]
    sheet, problems = choose_sheet(name, source.sheet, _visible(book), tuple(book.sheet_names), spec, "sheet")
    if sheet is None:
        return None, problems
    why = Words("工作簿结构不寻常，查不出其中的公式错误", "its structure hides whether formulas have failed")
    try:
        broken = broken_cells(data, book.sheet_names.index(sheet))
        why = Words("工作表损坏，或丢失了文字", "the sheet is damaged, or has lost its texts")
        held = book.get_sheet_by_name(sheet)
        rows: list[list[object]] = [list(row) for row in held.to_python(skip_empty_area=False)]
        merged = [span for span in held.merged_cell_ranges or () if span[0][0] < span[1][0]]
    except BaseException as error:
        _raise_unless_of_file(error)
        return None, [problem("T102", Place(name, sheet), name, why=why)]
    return Grid(name, sheet, _with_broken(rows, broken), sha256(data).hexdigest(), merged=merged), []


def _raise_unless_of_file(error: BaseException) -> None:
    """Whatever a file leads its readers to raise says that the file is damaged, a panic of calamine's Rust too; only
    what comes from elsewhere (Ctrl-C) goes on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _visible(book: CalamineWorkbook) -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return tuple(
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    )


def choose_sheet(
    file: str, wanted: str | None, visible: tuple[str, ...], every: tuple[str, ...], spec: TableSpec, key: str
) -> tuple[str | None, list[Problem]]:
    """The sheet (or layer) named; else the only visible one; else the one called like the table."""
    shown = Words.listed(every)
    if wanted is not None:
        for sheet in every:
            if sheet.strip() == wanted.strip():
                return sheet, []
        otherwise = Words(f"改正 plan.yaml 中的 {key}", f"mend {key} in plan.yaml")
        near = nearest_words(nearest(wanted, every), otherwise)
        return None, [problem("T105", Place(file, wanted), spec.zh, wanted, known=shown, nearest=near)]
    if len(visible) == 1:
        return visible[0], []
    known = {fold(name) for name in spec.known_as}
    own = [sheet for sheet in visible if fold(sheet) in known or fold(parse_header(sheet).name) in known]
    if len(own) == 1:
        return own[0], []
    listed = Words.listed(visible)
    return None, [problem("T106", Place(file), spec.zh, known=listed, wanted=spec.zh, key=key)]


def _with_broken(rows: list[list[object]], broken: Mapping[tuple[int, int], Broken]) -> list[list[object]]:
    """Rows with the broken cells put back; a broken cell may lie beyond what calamine takes for the used area."""
    for (row, column), cell in broken.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = cell
    return rows
