"""The workbook file: its styles, and its pages set up for A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from xlsxwriter.format import Format

from planner.language import Language, Words
from planner.plan.model import SHORT, Plan
from planner.publish.excel import new_workbook
from planner.publish.proof import unfit
from planner.publish.workbook.text import clean, footer_text, lines, sheet_name, shorten

Text = Words | str
"""Words of the program in both languages, or a text of the input as it stands."""
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
}


class Book:
    """A workbook being written; a context manager that closes the file."""

    def __init__(self, path: Path, plan: Plan, seals: Sequence[str] = ()) -> None:
        self.plan = plan
        self.seal = "  ".join(one[:SHORT] for one in seals or [plan.seal])
        self.language: Language = plan.plan.language
        self.stamp = unfit(plan.objective.gap)
        """Printed at the head of every page; None: nothing to warn of."""
        comments = f"planner {plan.plan.planner_version} {self.seal}"
        self._book = new_workbook(path, title=clean(plan.plan.name)[:200], comments=comments)
        self._book.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.names: list[str] = []

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self._book.close()

    def style(self, name: str, **more: Any) -> Format:
        """A named style with additions; one Format for each combination."""
        properties = {"font_name": FONT.say(self.language), "font_size": SIZE, "font_color": INK, **STYLES[name], **more}
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
        sheet, plan = self.sheet, self.book.plan
        for column, width in self.widths.items():
            sheet.set_column(column, column, width)
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
        if self.book.stamp is not None:
            sheet.set_header(f"&C&10{footer_text(self.say(self.book.stamp))}")
        # Never a digit right after &8: it would be read as one more of the size of the type.
        page = Words("封印 {seal}　第 &P 页，共 &N 页", "Seal {seal}  Page &P of &N")
        right = self.say(page, seal=shorten(self.book.seal, 40))
        sheet.set_footer(f"&L&8 {footer_text(plan.plan.name)}&C&8 {footer_text(self.name)}&R&8{right}")

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
