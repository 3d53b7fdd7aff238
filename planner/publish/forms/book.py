"""The workbook file of a form: styles, sheets set up for printing, written whole or not at all (R7)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format

from planner.language import Language
from planner.plan.whole_folder import cannot_write
from planner.publish.excel import new_workbook
from planner.publish.forms.cells import Cell, Exact
from planner.publish.workbook.book import FONT, INK, SIZE, STYLES
from planner.publish.workbook.text import clean, footer_text, sheet_name


class FormBook:
    """A workbook of text and figures; texts stay texts (R6)."""

    def __init__(self, path: Path, language: Language, title: str) -> None:
        self.language, self.names = language, list[str]()
        self.book = new_workbook(path, title=title, comments=title)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, name: str, **more: Any) -> Format:
        """A named style with additions; one Format for each combination."""
        properties = {"font_name": FONT.say(self.language), "font_size": SIZE, "font_color": INK, **STYLES[name], **more}
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def sheet(self, name: str) -> Any:
        """A new sheet, printed on A4 landscape one page wide."""
        legal = sheet_name(name, self.names)
        self.names.append(legal)
        sheet = self.book.add_worksheet(legal)
        sheet.hide_gridlines(2)
        on_paper(sheet, legal)
        return sheet


def on_paper(sheet: Any, name: str) -> None:
    """The sheet printed on A4 landscape, one page wide, its name and the page's number below."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8 {footer_text(name)}&R&8 &P / &N")


def put(sheet: Any, row: int, column: int, cell: Cell, style: Format | None = None) -> None:
    """A cell: text never a formula, numbers with every digit, nothing where there is nothing."""
    if isinstance(cell, str):
        sheet.write_string(row, column, clean(cell), style)
    elif cell is not None:
        sheet.write_number(row, column, Exact(cell), style)
    elif style is not None:
        sheet.write_blank(row, column, None, style)


def written_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """``path`` as ``write`` makes it at another place first, so that nothing half written ever stands there. InputError: it
    cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".bulian-", dir=path.parent) as folder:
            made = Path(folder, path.name)
            write(made)
            made.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path
