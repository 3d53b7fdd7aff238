"""Tables on a page: columns of typed values with units, assumption marks, totals, bars and filters.

A column whose every value rests on an assumption bears ``*`` in its heading; otherwise single cells bear it, in the
number format, so that a marked number is still a number (R5). What is not known is a dash, never zero (R1).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xlsxwriter.utility import xl_range

from planner.language import Words
from planner.publish.field import Catalogue, Field, Kind, R, Shown
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN
from planner.publish.workbook.book import BAR, LINE_HEIGHT, Book, Page
from planner.publish.workbook.text import lines, widest_word, width

_DRAWN: Mapping[Kind, Kind] = {"points": "number", "flag": "short", "tick": "short"}
"""How kinds of fields are drawn that are not drawn as themselves: ``short`` is text in the middle; of ``mixed`` numbers
each has decimals of its own."""
Value = str | float | int | None

PARTLY_KNOWN = '"≥ "'
YES, NO = Words("是", "yes"), Words("否", "no")
TOTAL = Words("合计", "Total")
TALLEST = 409.0
"""Points of the tallest row that Excel has."""
NOTHING = Words("（无）", "(none)")


@dataclass(frozen=True)
class Column:
    """One column. ``assumed`` says for all cells or for each whether it rests on an assumption."""

    title: Words
    values: Sequence[Value]
    kind: Kind = "text"
    unit: Words | None = None
    assumed: Sequence[bool] | bool = False
    total: bool = False
    bar: bool = False
    group: Words | None = None
    """Heading above this column and its neighbours of the same group."""
    room: float | None = None
    """Width at which text wraps; None: as wide as its widest cell, within reason."""
    decimals: int | None = None
    span: int = 1
    """Sheet columns that a text takes, so that long text fits above and below narrow figures."""

    def first(self, count: int) -> Column:
        """The same column with its first values only."""
        assumed = self.assumed if isinstance(self.assumed, bool) else self.assumed[:count]
        return replace(self, values=self.values[:count], assumed=assumed)

    @property
    def marks(self) -> list[bool]:
        """For each cell that says something: it rests on an assumption."""
        if isinstance(self.assumed, bool):
            return [self.assumed and value is not None for value in self.values]
        return [mark and value is not None for mark, value in zip(self.assumed, self.values, strict=True)]

    @property
    def wholly_assumed(self) -> bool:
        """Every known value is assumed, and there is one."""
        known = [mark for mark, value in zip(self.marks, self.values, strict=True) if value is not None]
        return bool(known) and all(known)


def columns_of(view: View, catalogue: Catalogue[R], rows: Sequence[R], where: Shown = Shown.SHEET) -> list[Column]:
    """The columns of a catalogue's fields; a group of a single column is its heading."""
    fields = catalogue.shown(view, where)
    size = Counter(field.group for field in fields)
    return [_column(view, field, rows, where, size[field.group] == 1) for field in fields]


def _column(view: View, field: Field[R], rows: Sequence[R], where: Shown, alone: bool) -> Column:
    values = [field.value(view, row) for row in rows]
    if field.kind in ("flag", "tick"):
        no = NO.say(view.language) if field.kind == "flag" else ""
        values = [None if value is None else YES.say(view.language) if value else no for value in values]
    brief = where is Shown.BRIEF and field.brief_room is not None
    return Column(
        field.group if alone and field.group else field.heading,
        values,
        _DRAWN.get(field.kind, field.kind),
        field.unit,
        [field.is_assumed(view, row) for row in rows],
        field.total,
        field.bar,
        None if alone else field.group,
        field.brief_room if brief else field.room,
        4 if field.kind == "points" and view.plan.objective.normalise else None,
        0 if field.stretch and where is Shown.BRIEF else field.span,
    )


def stretched(columns: Sequence[Column], wide: int, least: int = 1) -> list[Column]:
    """The column that takes what is left as wide as all need to span ``wide`` sheet columns, but ``least`` at least."""
    left = max(least, wide - sum(column.span for column in columns))
    return [column if column.span else replace(column, span=left) for column in columns]


@dataclass(frozen=True)
class Placed:
    """Where a table stands; ``first`` and ``last`` are its rows of data."""

    head: int
    first: int
    last: int
    end: int
    """The row below the table."""


def decimals(values: Sequence[Value]) -> int:
    """Decimals that a column of numbers needs so that its smallest is told to about two figures."""
    numbers = [abs(float(v)) for v in values if isinstance(v, (int, float)) and v]
    if all(abs(value - round(value)) < 1e-9 * max(1.0, value) for value in numbers):
        return 0
    smallest, largest = min(numbers), max(numbers)
    if largest >= 1_000:
        return 0 if smallest >= 10 else 1
    return min(6, max(1, 1 - math.floor(math.log10(max(smallest, largest / 1_000)))))


def number_format(column: Column) -> str:
    """Excel's format for the numbers of a column (the most precise of a mixed one), without a mark."""
    if column.kind == "count":
        return "#,##0"
    if column.kind == "share":
        shares = [float(v) * 100 for v in column.values if isinstance(v, (int, float))]
        places = 0 if all(abs(share - round(share)) < 1e-6 for share in shares) else 1
        return f"0.{'0' * places}%" if places else "0%"
    places = decimals(column.values) if column.decimals is None else column.decimals
    return "#,##0" + (f".{'0' * places}" if places else "")


def write_table(page: Page, top: int, columns: Sequence[Column], *, filter_rows: bool = False, grow: bool = True) -> Placed:
    """Write headings, rows and, where some column asks for it, a total row.

    ``grow`` False keeps the widths that the page has.
    """
    placed = positions(columns)
    if grow:
        for at, column in placed:
            page.widen(at, wanted_width(page, column))
    head = _head(page, top, placed)
    size, beyond = len(columns[0].values), sum(column.span for column in columns)
    first, last = head + 1, head + max(size, 1)
    for at, column in placed:
        _cells(page, first, at, column)
        if column.bar and size:
            _bars(page, first, last, at)
    if not size:
        page.merged(first, 0, beyond - 1, page.say(NOTHING), page.book.style("body"), height=LINE_HEIGHT + 2)
    else:
        _heights(page, first, placed)
    if filter_rows and size:
        page.sheet.autofilter(head, 0, last, beyond - 1)
    end = last + 1
    if size and any(column.total for column in columns):
        _totals(page, end, first, last, placed)
        end += 1
    return Placed(head, first, last, end)


def page_of_one_table(
    book: Book,
    name: Words,
    columns: Sequence[Column],
    *notes: Words | str,
    title: Words | str | None = None,
    fixed: int = 2,
    apart: int = 0,
) -> tuple[Page, Placed]:
    """A page, still to be finished, of one table under its title (the page's name when None) and notes.

    ``fixed`` columns stay in sight; ``apart`` rows are left free above the table.
    """
    page = book.page(name.say(book.language))
    placed = write_table(page, 1 + len(notes) + apart, columns, filter_rows=True)
    page.head(sum(column.span for column in columns) - 1, title or name, *notes)
    page.sheet.freeze_panes(placed.first, fixed)
    page.repeat = placed.head - any(column.group is not None for column in columns), placed.head
    return page, placed


def positions(columns: Sequence[Column]) -> list[tuple[int, Column]]:
    """Each column with the sheet column where it begins."""
    found, at = [], 0
    for column in columns:
        found.append((at, column))
        at += column.span
    return found


def title_of(page: Page, column: Column) -> str:
    """The heading with its unit and mark."""
    title = page.say(column.title) + (ASSUMED if column.wholly_assumed else "")
    unit = page.say(column.unit) if column.unit is not None else ""
    return f"{title}\n{unit}" if unit else title


def _head(page: Page, top: int, placed: Sequence[tuple[int, Column]]) -> int:
    """Headings in one row, or in two where columns are grouped; returns the row of the lower one."""
    style = page.book.style("head")
    grouped = any(column.group is not None for _, column in placed)
    low = top + 1 if grouped else top
    high = 1
    for at, column in placed:
        title = title_of(page, column)
        joined = grouped and column.group is None
        _across(page, low, at, column.span, title, page.book.style("head", top=0) if joined else style)
        high = max(high, lines(title, sum(page.widths.get(each, 8.43) for each in range(at, at + column.span)) * 0.97 - 0.5))
    page.high(low, 4 + high * LINE_HEIGHT)
    if grouped:
        for start, stop, group in _runs(placed):
            if group is not None:
                _across(page, top, start, stop - start, page.say(group), style)
            else:
                _across(page, top, start, stop - start, "", page.book.style("head", bottom=0))
        page.high(top, LINE_HEIGHT + 2)
    return low


def _across(page: Page, row: int, at: int, span: int, text: str, style: Any) -> None:
    if span > 1:
        page.sheet.merge_range(row, at, row, at + span - 1, "", style)
    page.touch(row, at + span - 1)
    page.text(row, at, text, style)


def _runs(placed: Sequence[tuple[int, Column]]) -> Iterator[tuple[int, int, Words | None]]:
    """Neighbours of one group: (first sheet column, one past the last, group)."""
    start, group = placed[0][0], placed[0][1].group
    for at, column in placed[1:]:
        if column.group is None or column.group != group:
            yield start, at, group
            start, group = at, column.group
    last = placed[-1]
    yield start, last[0] + last[1].span, group


def _heights(page: Page, first: int, placed: Sequence[tuple[int, Column]]) -> None:
    """Rows high enough for their text: not every program fits them by itself, and none where cells are merged."""
    high = [1] * len(placed[0][1].values)
    for at, column in placed:
        room = _room(page, at, column.span)
        for n, value in enumerate(column.values):
            if isinstance(value, str):
                high[n] = max(high[n], lines(value, room))
    for n, count in enumerate(high):
        page.high(first + n, min(count * LINE_HEIGHT + 2, TALLEST))


def _room(page: Page, at: int, span: int) -> float:
    """Characters that fit in a line of wrapped and indented text."""
    return (sum(page.widths.get(each, 8.43) for each in range(at, at + span)) - 1.5) / 1.1


def _style(page: Page, name: str, column: Column, mark: bool, mixed: bool, prefix: str = "") -> Any:
    if column.kind == "text":
        return page.book.style(name, text_wrap=True, indent=1)
    if column.kind == "short":
        return page.book.style(name, text_wrap=True, align="center")
    # _* leaves a mark's width free, so that marked and unmarked numbers of a column align.
    tail = f'"{ASSUMED}"' if mark else (f"_{ASSUMED}" if mixed else "")
    return page.book.style(name, num_format=prefix + number_format(column) + tail, align="right")


def _cells(page: Page, first: int, at: int, column: Column) -> None:
    marks = column.marks
    mixed = any(marks) and not column.wholly_assumed
    plain = _style(page, "body", column, mark=False, mixed=mixed)
    marked = _style(page, "body", column, mark=mixed, mixed=mixed)
    unknown = page.book.style("body", align="center", font_color="#6B7280")
    dash = page.say(UNKNOWN)
    for row, (value, mark) in enumerate(zip(column.values, marks, strict=True), start=first):
        star = mark and mixed
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            _across(page, row, at, column.span, dash, unknown)
        elif isinstance(value, str):
            _across(page, row, at, column.span, f"{value} {ASSUMED}" if star else value, plain)
        elif column.kind == "mixed":
            alone = replace(column, decimals=decimals([value]))
            page.number(row, at, float(value), _style(page, "body", alone, mark=star, mixed=mixed))
        else:
            page.number(row, at, float(value), marked if star else plain)


def _totals(page: Page, row: int, first: int, last: int, placed: Sequence[tuple[int, Column]]) -> None:
    label = next(number for number, (_, column) in enumerate(placed) if column.kind == "text")
    for number, (at, column) in enumerate(placed):
        if not column.total:
            text = page.say(TOTAL) if number == label else ""
            _across(page, row, at, column.span, text, page.book.style("total", indent=1))
            continue
        known = [float(value) for value in column.values if isinstance(value, (int, float))]
        if column.values and not known:
            _across(page, row, at, column.span, page.say(UNKNOWN), page.book.style("total", align="right"))
            continue
        # A sum is only known when every summand is: otherwise it is at least so much.
        prefix = PARTLY_KNOWN if len(known) < len(column.values) else ""
        mark = any(column.marks)
        style = _style(page, "total", column, mark=mark and not column.wholly_assumed, mixed=mark, prefix=prefix)
        # 109 sums what a filter leaves visible.
        page.formula(row, at, f"=SUBTOTAL(109,{xl_range(first, at, last, at)})", math.fsum(known), style)
    page.high(row, LINE_HEIGHT + 4)


def _bars(page: Page, first: int, last: int, at: int) -> None:
    page.sheet.conditional_format(
        first,
        at,
        last,
        at,
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": BAR,
            "bar_border_color": BAR,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": 1,
        },
    )


def wanted_width(page: Page, column: Column) -> float:
    """Room for the widest number, for the heading in few lines, for text up to where it wraps."""
    if column.span > 1:
        return 0.0
    title = title_of(page, column)
    head = max(widest_word(title) * 1.1 + 1.5, *(width(part) / 2 + 2.5 for part in title.split("\n")))
    if column.kind in {"text", "short"}:
        texts = {value for value in column.values if isinstance(value, str)}
        pad = (2.5 if column.kind == "text" else 1.2) + (2 if any(column.marks) and not column.wholly_assumed else 0)
        longest = max(map(width, texts), default=0) * 1.1 + pad
        room = column.room if column.room is not None else 18.0
        word = max(map(widest_word, texts), default=0) * 1.1 + pad
        return max(head, min(longest, room), min(word, room + 4))
    known = [float(value) for value in column.values if isinstance(value, (int, float))]
    extra = 1 if any(column.marks) and not column.wholly_assumed else 0
    if column.total and known:
        extra += 2 if len(known) < len(column.values) else 0
        known.append(math.fsum(known))
    places = number_format(column).partition(".")[2].count("0")
    form = f".{places}%" if column.kind == "share" else f",.{places}f"
    longest = max((len(format(value, form)) for value in known), default=0)
    # Digits of Chinese typefaces are wider than those that Excel measures columns by, and totals are bold.
    return max(head, (longest + extra) * 1.15 + 0.8)
