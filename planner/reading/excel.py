"""Excel and OpenDocument workbooks, through calamine: which sheet, and which cells.

calamine reads a formula error and a formula without a saved result as an empty cell, which would turn a broken figure
into a missing one in silence (R1); :mod:`planner.reading.excel_parts` finds them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from hashlib import sha256

from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.excel_parts import broken_cells, check_size
from planner.reading.headers import fold
from planner.reading.table import Grid
from planner.settings.schema import TableSource
from planner.tables.codes import nearest_words, problem
from planner.tables.column import TableSpec
from planner.tables.units import parse_header


def read_excel(name: str, data: bytes, source: TableSource, spec: TableSpec) -> tuple[Grid | None, list[Problem]]:
    """The grid of one sheet; None when the workbook does not open or the sheet is not to be found."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        if (unfit := check_size(name, data)) is not None:
            return None, [unfit]
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        return None, [problem("T102", Place(name), name, why=Words("文件有密码", "it has a password"))]
    except BaseException as error:
        return _damaged(error, Place(name), Words("文件损坏，或不是 Excel 工作簿", "it is damaged, or no workbook"))
    shown = [about for about in book.sheets_metadata if about.visible == SheetVisibleEnum.Visible]
    visible = [about.name for about in shown if about.typ == SheetTypeEnum.WorkSheet]
    sheet, problems = choose_sheet(name, source.sheet, visible, book.sheet_names, spec, "sheet")
    if sheet is None:
        return None, problems
    why = Words("工作簿结构不寻常，查不出其中的公式错误", "its structure hides whether formulas have failed")
    try:
        broken = broken_cells(data, book.sheet_names.index(sheet))
        why = Words("工作表损坏，或丢失了文字", "the sheet is damaged, or has lost its texts")
        cells = book.get_sheet_by_name(sheet)
        rows: list[list[object]] = [list(row) for row in cells.to_python(skip_empty_area=False)]
        merged = [span for span in cells.merged_cell_ranges or () if span[0][0] < span[1][0]]
    except BaseException as error:
        return _damaged(error, Place(name, sheet), why)
    for (row, column), cell in broken.items():  # one may lie beyond what calamine takes for the used area
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = cell
    return Grid(name, sheet, rows, sha256(data).hexdigest(), merged=merged), []


def _damaged(error: BaseException, place: Place, why: Words) -> tuple[None, list[Problem]]:
    """Whatever a file leads its readers to raise says that the file is damaged, a panic of calamine's Rust too; only
    what comes from elsewhere (Ctrl-C) goes on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return None, [problem("T102", place, place.file, why=why)]


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
