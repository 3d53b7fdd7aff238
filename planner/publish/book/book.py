"""The workbook file: its styles, and its pages set up for A4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format

from planner.language import Language, Words
from planner.publish.book.exact import Exact
from planner.publish.book.paper import ACROSS, MARGINS, UNSET_HEIGHT, UNSET_WIDTH, Paper, Printing, printing
from planner.publish.book.text import clean, footer_text, lines, sheet_name, shorten
from planner.publish.undated import CREATED

Text = Words | str
"""Words of the program in both languages, or a text of the input as it stands."""
Cell = str | float | dt.date | dt.time | dt.timedelta | None
"""What a cell holds; None: nothing."""
INK, ACCENT, PALE, LINE, BAR = "#1F2A37", "#1F4E79", "#E8EEF4", "#B8C2CC", "#8FBBD9"
NUMBERS = "Arial"
"""The face of numbers: every system has it, or one of the same measures, so that no column is too narrow for its digits."""
FONT = Words("微软雅黑", NUMBERS)
SIZE = 11
SECTION_HEIGHT = 24.0
"""Points of a heading over what follows."""
LINE_HEIGHT = 16.5
"""Points of one line of body text, with room for Chinese faces."""
KEPT_WHOLE = 0.33
"""Part of a page up to which a section is not cut."""
KEPT_TOGETHER = 6
"""Rows that a section has at least on the page where it begins."""
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
    "point": {"text_wrap": True, "valign": "top"},
    "state": {"bold": True, "font_size": 12, "text_wrap": True, "valign": "vcenter"},
    "tile_label": {**_TILE, **_BOLD_LINE_ABOVE, "font_color": GREY, "text_wrap": True},
    "tile_value": {**_TILE, "bold": True, "font_size": 14, "font_color": ACCENT},
    "link": {**_CELL, "font_color": ACCENT, "underline": 1, "text_wrap": True},
}
_OPTIONS = {
    **dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False),
    # Else every part of it is a file in the system's temporary folder first: most of the time that writing takes.
    "in_memory": True,
    # Widths are counted in digits of this face: one that every system has in the same measures, seven pixels for a digit.
    "default_format_properties": {"font_name": NUMBERS, "font_size": 10},
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
        large: bool = False,
    ) -> None:
        """``title`` stands at the foot of every page, with the ``seal``; both and ``comments`` (the title when None) are the file's
        properties. ``large``: long tables may be laid on A3 or upright."""
        self.language: Language = language
        self.title, self.seal, self.large = title, seal, large
        self.stamp, self.standing = stamp, standing
        """Printed at the head of every page, in the middle and at the left; None: nothing to warn of, or no plan that could be approved."""
        self._book = xlsxwriter.Workbook(str(path), deepcopy(_OPTIONS))  # which it takes from
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
            "font_name": NUMBERS if "num_format" in more else FONT.say(self.language),
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
        """Rows with which a printed page begins, whatever stands above them."""
        self.repeat: tuple[int, int] | None = None
        """First and last row that are printed on every page."""
        self.papers: Sequence[Paper] = ACROSS
        """What it may be printed on, the first that holds it."""
        self.dense = False
        """It is printed as small as can be read."""
        self.fixed = 0
        """Columns that tell what a row is."""
        self._sections: dict[int, bool] = {}
        """Row → whether what stands from there to the next section is never cut."""
        self._joined: set[int] = set()
        """Columns into which a cell of a table reaches from the left."""
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

    def link(self, row: int, column: int, target: str, cell: Cell, style: Format) -> None:
        """A text or number that leads to a cell of this workbook, ``园区!B7``, or to a file beside it, ``external:../map.html``."""
        if row < MOST_LINKS:
            where = target if target.startswith("external:") else f"internal:{target}"
            self.sheet.write_url(row, column, where, style, clean(str(cell)))
        self.put(row, column, cell, style)

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
            self._joined.update(range(column + 1, column + span))
        self.touch(row, column + span - 1)
        self.text(row, column, text, style)

    def merged(self, row: int, column: int, last_column: int, text: str, style: Format, height: float | None = None) -> None:
        """A text across columns, the row high enough for it once widths are known or as told."""
        joined = set(self._joined)  # a sentence is cut by no page: it ends where the first one does
        self.across(row, column, last_column - column + 1, text, style)
        self._joined = joined
        span = last_column - column + 1
        self.high(row, lines(clean(text), self.room(column, span) * 0.95) * LINE_HEIGHT if height is None else height)

    def head(self, last: int, title: Text, *notes: Text) -> None:
        """The page's title in the first row and notes below it, as far as column ``last`` or the first printed page."""
        blocks = self.printing({at: self.room(at, 1) for at in range(last + 1)}).blocks
        last = min(last, blocks[1] - 1) if len(blocks) > 1 else last
        self.merged(0, 0, last, self.say(title), self.book.style("title"), height=30)
        for row, note in enumerate(notes, start=1):
            self.merged(row, 0, last, self.say(note), self.book.style("note"))

    def high(self, row: int, points: float) -> None:
        self.heights[row] = points
        self.sheet.set_row(row, points)

    def section(self, row: int, text: Text) -> None:
        """A heading over what follows."""
        self.high(row, SECTION_HEIGHT)
        self.text(row, 0, self.say(text), self.book.style("section"))
        self._sections[row] = False

    def whole(self, row: int) -> None:
        """What stands from the row to the next section, such as a chart, is not cut by the end of a page."""
        self._sections[row] = True

    def widen(self, column: int, width: float) -> None:
        """The column is at least so wide."""
        self.widths[column] = max(self.widths.get(column, 0.0), width)

    def printing(self, widths: Mapping[int, float] | None = None) -> Printing:
        """How the sheet comes to paper: its columns that are written in, or columns of these widths."""
        count = self.last_column + 1 if widths is None else max(widths, default=0) + 1
        each = [(self.widths if widths is None else widths).get(at, UNSET_WIDTH) for at in range(count)]
        return printing(each, SIZE, fixed=self.fixed, joined=self._joined, papers=self.papers, dense=self.dense)

    def left(self, row: int) -> float:
        """Points that are left on the printed page where the row begins."""
        room = self.printing().room
        return room - self._flow(row, room)[1]

    def points(self, first: int, end: int) -> float:
        """Of the rows from ``first`` up to ``end``."""
        return sum(self.heights.get(row, UNSET_HEIGHT) for row in range(first, end))

    def finish(self, frozen: tuple[int, int] | None = None) -> None:
        """Widths, print area, paper, headers and footers. A sheet is one page wide, on A4 or A3; in blocks of columns where letters would
        come out too small. ``frozen``: the first row and column that move."""
        sheet, book = self.sheet, self.book
        for column, width in self.widths.items():
            sheet.set_column(column, column, width, self.prepared.get(column))
        if frozen is not None:
            sheet.freeze_panes(*frozen)
        laid = self.printing()
        sheet.set_paper(laid.paper.code)
        sheet.set_landscape() if laid.paper.width > laid.paper.height else sheet.set_portrait()
        sheet.set_margins(**MARGINS)
        sheet.center_horizontally()
        if len(laid.blocks) == 1 and not laid.dense:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_print_scale(laid.scale)
        if len(laid.blocks) > 1:
            sheet.set_v_pagebreaks(list(laid.blocks[1:]))
            sheet.print_across()
            if laid.repeated:
                sheet.repeat_columns(0, laid.repeated - 1)
        sheet.set_h_pagebreaks(self._flow(self.last_row + 1, laid.room)[0])
        sheet.print_area(0, 0, self.last_row, self.last_column)
        if self.repeat is not None:
            sheet.repeat_rows(*self.repeat)
        # Never a digit right after the size of the type: it would be read as one more of its digits.
        said = [(code, self.say(text)) for code, text in (("&L&9 ", book.standing), ("&C&10 ", book.stamp)) if text is not None]
        heads = [*said, ("&R&10 ", self.name)]
        plain = {"scale_with_doc": False}
        sheet.set_header("".join(code + footer_text(text) for code, text in heads), plain)
        sealed = self.say(Words("封印 {seal}　", "Seal {seal}  "), seal=shorten(book.seal, 40)) if book.seal else ""
        right = sealed + self.say(Words("第 &P 页，共 &N 页", "Page &P of &N"))
        sheet.set_footer(f"&L&9 {footer_text(book.title)}&C&9 {footer_text(self.name)}&R&9 {right}", plain)

    def _flow(self, end: int, room: float) -> tuple[list[int], float]:
        """The rows before ``end`` as they run over printed pages: the rows to begin a page with so that no section begins at the foot of one,
        and the points filled of the page on which ``end`` would stand."""
        starts = [*sorted(self._sections), max(end, self.last_row + 1)]
        ends = dict(pairwise(starts))
        repeated = 0.0 if self.repeat is None else self.points(self.repeat[0], self.repeat[1] + 1)
        breaks, filled = sorted(row for row in self.breaks if row < end), 0.0
        forced = set(breaks)
        for row in range(end):
            height = self.heights.get(row, UNSET_HEIGHT)
            needed = height
            if row in ends:
                whole = self.points(row, ends[row])
                needed = (
                    whole
                    if whole <= (room if self._sections[row] else room * KEPT_WHOLE)
                    else self.points(row, row + KEPT_TOGETHER)
                )
            if row in forced:
                filled = repeated
            elif filled + needed > room and filled > repeated:
                breaks += [row] if row in ends else []
                filled = repeated
            filled += height
        return sorted(breaks), filled
