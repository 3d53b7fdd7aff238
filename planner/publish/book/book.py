"""The workbook file: its styles, and its pages set up for A4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format

from planner.language import Language, Words
from planner.publish.book.exact import Exact
from planner.publish.book.text import clean, footer_text, lines, sheet_name, shorten

Text = Words | str
"""Words of the program in both languages, or a text of the input as it stands."""
Cell = str | float | dt.date | dt.time | dt.timedelta | None
"""What a cell holds; None: nothing."""
CREATED = dt.datetime(2000, 1, 1)
"""Written as the file's date, so that the same plan gives the same bytes (R8)."""
INK, ACCENT, PALE, LINE, BAR = "#1F2A37", "#1F4E79", "#E8EEF4", "#B8C2CC", "#8FBBD9"
FONT = Words("微软雅黑", "Calibri")
SIZE = 11
LINE_HEIGHT = 16.5
"""Points of one line of body text, with room for Chinese faces."""
PAGE_WIDTH, PAGE_HEIGHT = 799.0, 505.0
"""What is printed on of an A4 landscape page, in points."""
KEPT_TOGETHER = 6
"""Rows that a section has at least on the page where it begins."""
UNSET_WIDTH = 8.43
"""Characters in a column whose width nobody set."""
PAGE_COLUMNS = 250
"""Columns of body text that still read well across an A4 landscape page."""
TONES: Mapping[str, Mapping[str, str]] = {
    "error": {"bg_color": "#F8CBAD"},
    "warning": {"bg_color": "#FFE699"},
    "quiet": {"bg_color": "#ECEFF2"},
    "fill": {"bg_color": "#FFF4CE"},
}
"""What a cell's colour says: it is wrong, in doubt, left aside, to be filled in."""

_CELL = {"border": 1, "border_color": LINE, "valign": "vcenter"}
_TILE = {"bg_color": PALE, "align": "center", "valign": "vcenter"}
_TITLE = {"bold": True, "font_color": ACCENT, "valign": "vcenter"}
_WHITE_ON_ACCENT = {"font_color": "#FFFFFF", "bg_color": ACCENT, "border_color": "#FFFFFF"}
_BOLD_LINE_ABOVE = {"top": 2, "top_color": ACCENT}
GREY = "#4B5563"
STYLES: Mapping[str, Mapping[str, Any]] = {
    "body": _CELL,
    "head": {**_CELL, **_WHITE_ON_ACCENT, "bold": True, "align": "center", "text_wrap": True},
    "total": {**_CELL, "bold": True, "bg_color": PALE, **_BOLD_LINE_ABOVE},
    "title": {**_TITLE, "font_size": 18},
    "section": {**_TITLE, "font_size": 13},
    "note": {"text_wrap": True, "valign": "top", "font_color": GREY},
    "state": {"bold": True, "font_size": 12, "text_wrap": True, "valign": "vcenter"},
    "tile_label": {**_TILE, **_BOLD_LINE_ABOVE, "font_color": GREY, "text_wrap": True},
    "tile_value": {**_TILE, "bold": True, "font_size": 15, "font_color": ACCENT, "shrink": True},
    "link": {**_CELL, "font_color": ACCENT, "underline": 1, "text_wrap": True},
}
_OPTIONS = {
    **dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False),
    # Else every part of it is a file in the system's temporary folder first: most of the time that writing takes.
    "in_memory": True,
}
MOST_LINKS = 60_000
"""Excel takes 65,530 of a sheet."""


class Book:
    """A workbook being written; a context manager that closes the file."""

    def __init__(
        self,
        path: Path,
        language: Language,
        title: str,
        *,
        comments: str | None = None,
        seal: str = "",
        stamp: Words | None = None,
        standing: Words | None = None,
    ) -> None:
        """``title`` stands at the foot of every page, with the ``seal``; both and ``comments`` (the title when None) are the file's
        properties."""
        self.language: Language = language
        self.title, self.seal = title, seal
        self.stamp, self.standing = stamp, standing
        """Printed at the head of every page, in the middle and at the left; None: nothing to warn of, or no plan that could be approved."""
        self._book = xlsxwriter.Workbook(str(path), _OPTIONS)
        said = clean(title)[:200]
        self._book.set_properties({"title": said, "created": CREATED, "comments": said if comments is None else comments})
        self._book.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.names: list[str] = []

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Raises OSError: the file cannot be written."""
        if error is not None:
            return
        try:
            self._book.close()
        except FileCreateError as failed:
            raise failed.args[0] if isinstance(failed.args[0], OSError) else OSError(str(failed)) from failed

    def style(self, name: str, tone: str | None = None, **more: Any) -> Format:
        """A named style with a tone and additions; one Format for each combination."""
        properties = {
            "font_name": FONT.say(self.language),
            "font_size": SIZE,
            "font_color": INK,
            **STYLES[name],
            **TONES.get(tone or "", {}),
            **more,
        }
        return self.bare_style(**properties)

    def bare_style(self, **properties: Any) -> Format:
        """A format of these properties alone: of a conditional format, or of a cell copied from elsewhere."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def page(self, name: str) -> Page:
        """A new sheet under a legal name as near to ``name`` as can be."""
        legal = sheet_name(name, self.names)
        self.names.append(legal)
        return Page(self, self._book.add_worksheet(legal), legal)

    def chart(self, **kind: str) -> Any:
        """A chart to be inserted in a page, of a type and subtype of xlsxwriter."""
        return self._book.add_chart(kind)


class Page:
    """One sheet: text goes in clean, widths grow with what is written, printing is set up when it is done."""

    def __init__(self, book: Book, sheet: Any, name: str) -> None:
        self.book, self.sheet, self.name = book, sheet, name
        self.language = book.language
        self.widths: dict[int, float] = {}
        self.prepared: dict[int, Format] = {}
        """The style of a column's cells that nothing is written in yet."""
        self.heights: dict[int, float] = {}
        self.breaks: list[int] = []
        self.repeat: tuple[int, int] | None = None
        """First and last row that are printed on every page."""
        self._sections: list[int] = []
        self._whole: set[int] = set()
        self.last_row = self.last_column = 0
        sheet.hide_gridlines(2)

    def say(self, text: Text, **values: object) -> str:
        """In the plan's language."""
        return text if isinstance(text, str) else text.say(self.language, **values)

    def room(self, column: int, span: int) -> float:
        """Width of so many columns, in characters."""
        return sum(self.widths.get(at, UNSET_WIDTH) for at in range(column, column + span))

    def touch(self, row: int, column: int) -> None:
        """The cell belongs to what is printed."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def text(self, row: int, column: int, text: str, style: Format) -> None:
        """A text, never a formula, number or link."""
        self.touch(row, column)
        self.sheet.write_string(row, column, clean(text), style)

    def put(self, row: int, column: int, cell: Cell, style: Format | None) -> None:
        """A cell as what it is: text never a formula, a number with every digit, a day as a day; nothing where there is nothing."""
        self.touch(row, column)
        if isinstance(cell, str) and cell:
            self.sheet.write_string(row, column, clean(cell), style)
        elif cell is None or cell == "":
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(cell, bool):
            self.sheet.write_boolean(row, column, cell, style)
        elif isinstance(cell, (int, float)):
            self.sheet.write_number(row, column, Exact(cell), style)
        else:
            self.sheet.write_datetime(row, column, cell, style)

    def link(self, row: int, column: int, target: str, text: str, style: Format) -> None:
        """A text that leads to a cell of this workbook: ``园区!B7``."""
        self.text(row, column, text, style)
        if row < MOST_LINKS:
            self.sheet.write_url(row, column, f"internal:{target}", style, clean(text))

    def comment(self, row: int, column: int, text: str) -> None:
        """A note that hangs on a cell, of the size that its text needs."""
        look = {"author": "planner", "width": 320, "height": int(24 + 20 * lines(text, 44)), "font_size": 10}
        self.sheet.write_comment(row, column, clean(text)[:8000], look)

    def choose(self, first: int, last: int, column: int, choices: Sequence[str]) -> None:
        """A drop-down in the cells of a column."""
        self.sheet.data_validation(first, column, last, column, {"validate": "list", "source": list(choices)})

    def number(self, row: int, column: int, value: float, style: Format) -> None:
        self.touch(row, column)
        self.sheet.write_number(row, column, value, style)

    def formula(self, row: int, column: int, formula: str, value: float, style: Format) -> None:
        """A formula of our own with its value as of now."""
        self.touch(row, column)
        self.sheet.write_formula(row, column, formula, style, value)

    def across(self, row: int, column: int, span: int, text: str, style: Format) -> None:
        """A text over so many columns."""
        if span > 1:
            self.sheet.merge_range(row, column, row, column + span - 1, "", style)
        self.touch(row, column + span - 1)
        self.text(row, column, text, style)

    def merged(self, row: int, column: int, last_column: int, text: str, style: Format, height: float | None = None) -> None:
        """A text across columns, the row high enough for it once widths are known or as told."""
        span = last_column - column + 1
        self.across(row, column, span, text, style)
        self.high(row, lines(clean(text), self.room(column, span) * 0.95) * LINE_HEIGHT if height is None else height)

    def head(self, last: int, title: Text, *notes: Text) -> None:
        """The page's title in the first row and notes below it, as far as column ``last``."""
        self.merged(0, 0, last, self.say(title), self.book.style("title"), height=30)
        for row, note in enumerate(notes, start=1):
            self.merged(row, 0, last, self.say(note), self.book.style("note"))

    def high(self, row: int, points: float) -> None:
        self.heights[row] = points
        self.sheet.set_row(row, points)

    def section(self, row: int, text: Text) -> None:
        """A heading over what follows."""
        self.high(row, 24)
        self.text(row, 0, self.say(text), self.book.style("section"))
        self._sections.append(row)

    def whole(self, row: int) -> None:
        """What stands from the row to the next section, such as a chart, is not cut by the end of a page."""
        self._sections.append(row)
        self._whole.add(row)

    def widen(self, column: int, width: float) -> None:
        """The column is at least so wide."""
        self.widths[column] = max(self.widths.get(column, 0.0), width)

    def finish(self, frozen: tuple[int, int] | None = None) -> None:
        """Widths, print area, A4, one page wide (more when that would be too small to read), footer; ``frozen``: the first
        row and column that move."""
        sheet, book = self.sheet, self.book
        for column, width in self.widths.items():
            sheet.set_column(column, column, width, self.prepared.get(column))
        if frozen is not None:
            sheet.freeze_panes(*frozen)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        across = max(1, round(self.room(0, self.last_column + 1) / PAGE_COLUMNS))
        sheet.fit_to_pages(across, 0)
        sheet.set_h_pagebreaks(self._page_breaks(across))
        sheet.print_area(0, 0, self.last_row, self.last_column)
        if self.repeat is not None:
            sheet.repeat_rows(*self.repeat)
        heads = (("&L&9", book.standing), ("&C&10", book.stamp))
        sheet.set_header("".join(code + footer_text(self.say(text)) for code, text in heads if text is not None))
        # Never a digit right after &8: it would be read as one more of the size of the type.
        sealed = self.say(Words("封印 {seal}　", "Seal {seal}  "), seal=shorten(book.seal, 40)) if book.seal else ""
        right = sealed + self.say(Words("第 &P 页，共 &N 页", "Page &P of &N"))
        sheet.set_footer(f"&L&8 {footer_text(book.title)}&C&8 {footer_text(self.name)}&R&8{right}")

    def _page_breaks(self, across: int) -> list[int]:
        """Rows to begin a page with, so that no section begins at the foot of a page.

        Where a page ends is not known exactly, for faces differ: a section is kept off the very foot, and one that
        follows a section of more than a page begins on a new page.
        """
        # A column is seven pixels for each unit of its width, and five more.
        wide = sum(0.75 * (7 * self.widths.get(column, UNSET_WIDTH) + 5) for column in range(self.last_column + 1)) / across
        room = 0.95 * PAGE_HEIGHT / min(1.0, PAGE_WIDTH / wide)
        ends = [*self._sections, self.last_row + 1][1:]
        breaks = [row for row in self.breaks if row <= self.last_row]
        filled = self._points(0, self._sections[0]) if self._sections else 0.0
        for first, end in zip(self._sections, ends, strict=True):
            whole = self._points(first, end)
            kept = room if first in self._whole else room / 2
            needed = whole if whole <= kept else self._points(first, first + KEPT_TOGETHER)
            if first in self.breaks:
                filled = 0.0
            elif filled > room or filled + needed > room:
                breaks.append(first)
                filled = 0.0
            filled += whole
        return sorted(breaks)

    def _points(self, first: int, end: int) -> float:
        return sum(self.heights.get(row, 15.0) for row in range(first, end))
