"""Tables on a page: columns of typed values with units, assumption marks, totals, bars and filters.

A column whose every value rests on an assumption bears ``*`` in its heading; otherwise single cells bear it, in the
number format, so that a marked number is still a number (R5). What is not known is a dash, never zero (R1).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Any

from xlsxwriter.utility import xl_range

from planner.language import Words
from planner.publish.field import Catalogue, Field, Kind, R, Shown
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN
from planner.publish.workbook.book import BAR, LINE_HEIGHT, Book, Page, Text
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
BAR_LOOK = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": BAR, "bar_border_color": BAR}
BAR_SCALE = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}


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

    @property
    def marks(self) -> list[bool]:
        """For each cell that says something: it rests on an assumption."""
        assumed = [self.assumed] * len(self.values) if isinstance(self.assumed, bool) else self.assumed
        return [mark and value is not None for mark, value in zip(assumed, self.values, strict=True)]

    @property
    def wholly_assumed(self) -> bool:
        """Every known value is assumed, and there is one."""
        marks = [mark for mark, value in zip(self.marks, self.values, strict=True) if value is not None]
        return bool(marks) and all(marks)

    @property
    def partly_assumed(self) -> bool:
        """Some values are assumed and others are not, so that each bears its own mark."""
        return any(self.marks) and not self.wholly_assumed

    @property
    def numbers(self) -> list[float]:
        """The known values of a column of numbers."""
        return [float(value) for value in self.values if isinstance(value, (int, float))]


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
        shares = [share * 100 for share in column.numbers]
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
        widen(page, columns)
    head = _head(page, top, placed)
    size, last_column = len(columns[0].values), sum(column.span for column in columns) - 1
    first, last = head + 1, head + max(size, 1)
    if not size:
        page.merged(first, 0, last_column, page.say(NOTHING), page.book.style("body"), height=LINE_HEIGHT + 2)
        return Placed(head, first, last, last + 1)
    for at, column in placed:
        _cells(page, first, at, column)
        if column.bar:
            page.sheet.conditional_format(first, at, last, at, BAR_LOOK | BAR_SCALE)
    _heights(page, first, placed)
    if filter_rows:
        page.sheet.autofilter(head, 0, last, last_column)
    if not any(column.total for column in columns):
        return Placed(head, first, last, last + 1)
    _totals(page, last + 1, first, last, placed)
    return Placed(head, first, last, last + 2)


def widen(page: Page, columns: Sequence[Column]) -> None:
    """Make room on the page for a table."""
    for at, column in positions(columns):
        page.widen(at, wanted_width(page, column))


def titled_table(page: Page, row: int, title: Text, columns: list[Column], *, grow: bool = True, empty: Text | None = None) -> int:
    """A table under a heading, or where it has no row the words ``empty``; returns the next free row."""
    page.section(row, title)
    if empty is not None and not columns[0].values:
        page.text(row + 1, 0, page.say(empty), page.book.style("note", text_wrap=False))
        return row + 3
    return write_table(page, row + 1, columns, grow=grow).end + 1


def page_of_one_table(
    book: Book, name: Words, columns: Sequence[Column], *notes: Text, title: Text | None = None, fixed: int = 2, apart: int = 0
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
    return list(zip(accumulate((column.span for column in columns), initial=0), columns, strict=False))


def _title(page: Page, column: Column) -> str:
    """The heading with its unit and mark."""
    unit = page.say(column.unit or "")
    return page.say(column.title) + (ASSUMED if column.wholly_assumed else "") + (f"\n{unit}" if unit else "")


def _head(page: Page, top: int, placed: Sequence[tuple[int, Column]]) -> int:
    """Headings in one row, or in two where columns are grouped; returns the row of the lower one."""
    style, open_above, open_below = (page.book.style("head", **more) for more in ({}, {"top": 0}, {"bottom": 0}))
    grouped = any(column.group is not None for _, column in placed)
    low = top + 1 if grouped else top
    titles = [_title(page, column) for _, column in placed]
    for (at, column), title in zip(placed, titles, strict=True):
        page.across(low, at, column.span, title, open_above if grouped and column.group is None else style)
    high = max(lines(title, page.room(at, column.span) * 0.97 - 0.5) for (at, column), title in zip(placed, titles, strict=True))
    page.high(low, 4 + high * LINE_HEIGHT)
    if grouped:
        # Neighbours of one group stand under one heading; a column without a group is by itself.
        for _, run in groupby(placed, key=lambda place: place[1].group or place[0]):
            (at, column), *others = run
            span = column.span + sum(other.span for _, other in others)
            page.across(top, at, span, page.say(column.group or ""), style if column.group else open_below)
        page.high(top, LINE_HEIGHT + 2)
    return low


def _heights(page: Page, first: int, placed: Sequence[tuple[int, Column]]) -> None:
    """Rows high enough for their text: not every program fits them by itself, and none where cells are merged."""
    high = [1] * len(placed[0][1].values)
    for at, column in placed:
        # Characters that fit in a line of wrapped and indented text.
        room = (page.room(at, column.span) - 1.5) / 1.1
        high = [
            max(most, lines(value, room)) if isinstance(value, str) else most
            for most, value in zip(high, column.values, strict=True)
        ]
    for row, count in enumerate(high, start=first):
        page.high(row, min(count * LINE_HEIGHT + 2, TALLEST))


def _style(page: Page, name: str, column: Column, mark: bool, mixed: bool, prefix: str = "") -> Any:
    if column.kind == "text":
        return page.book.style(name, text_wrap=True, indent=1)
    if column.kind == "short":
        return page.book.style(name, text_wrap=True, align="center")
    # _* leaves a mark's width free, so that marked and unmarked numbers of a column align.
    tail = f'"{ASSUMED}"' if mark else (f"_{ASSUMED}" if mixed else "")
    return page.book.style(name, num_format=prefix + number_format(column) + tail, align="right")


def _cells(page: Page, first: int, at: int, column: Column) -> None:
    mixed, dash = column.partly_assumed, page.say(UNKNOWN)
    plain = _style(page, "body", column, mark=False, mixed=mixed)
    marked = _style(page, "body", column, mark=mixed, mixed=mixed)
    unknown = page.book.style("body", align="center", font_color="#6B7280")
    for row, (value, mark) in enumerate(zip(column.values, column.marks, strict=True), start=first):
        star = mark and mixed
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            page.across(row, at, column.span, dash, unknown)
        elif isinstance(value, str):
            page.across(row, at, column.span, f"{value} {ASSUMED}" if star else value, plain)
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
            page.across(row, at, column.span, text, page.book.style("total", indent=1))
            continue
        known, mark = column.numbers, any(column.marks)
        if not known:
            page.across(row, at, column.span, page.say(UNKNOWN), page.book.style("total", align="right"))
            continue
        # A sum is only known when every summand is: otherwise it is at least so much.
        prefix = PARTLY_KNOWN if len(known) < len(column.values) else ""
        style = _style(page, "total", column, mark=column.partly_assumed, mixed=mark, prefix=prefix)
        # 109 sums what a filter leaves visible.
        page.formula(row, at, f"=SUBTOTAL(109,{xl_range(first, at, last, at)})", math.fsum(known), style)
    page.high(row, LINE_HEIGHT + 4)


def wanted_width(page: Page, column: Column) -> float:
    """Room for the widest number, for the heading in few lines, for text up to where it wraps."""
    if column.span > 1:
        return 0.0
    title = _title(page, column)
    head = max(widest_word(title) * 1.1 + 1.5, *(width(part) / 2 + 2.5 for part in title.split("\n")))
    if column.kind in {"text", "short"}:
        texts = {value for value in column.values if isinstance(value, str)}
        pad = (2.5 if column.kind == "text" else 1.2) + (2 if column.partly_assumed else 0)
        longest = max(map(width, texts), default=0) * 1.1 + pad
        room = column.room if column.room is not None else 18.0
        word = max(map(widest_word, texts), default=0) * 1.1 + pad
        return max(head, min(longest, room), min(word, room + 4))
    known, extra = column.numbers, 1 if column.partly_assumed else 0
    if column.total and known:
        extra += 2 if len(known) < len(column.values) else 0
        known.append(math.fsum(known))
    places = number_format(column).partition(".")[2].count("0")
    form = f".{places}%" if column.kind == "share" else f",.{places}f"
    longest = max((len(format(value, form)) for value in known), default=0)
    # Digits of Chinese typefaces are wider than those that Excel measures columns by, and totals are bold.
    return max(head, (longest + extra) * 1.15 + 0.8)


def bar_chart(
    page: Page,
    row: int,
    title: Words,
    placed: Placed,
    shown: int,
    series: Sequence[tuple[int, Words, str]],
    points: int,
    *,
    names: int = 0,
    gap: int = 60,
    overlap: int = 0,
    values: Mapping[str, Any] | None = None,
    labels: Mapping[str, Any] | None = None,
    width: int = 1036,
) -> int:
    """Bars of the first ``shown`` rows of a table, the first on top; returns the row below them.

    Args:
        series: sheet column, name and colour of each.
        points: height.
        names: sheet column of what the bars are labelled with.
        values, labels: more properties of the axes, as xlsxwriter has them.
    """
    last = placed.first + shown - 1
    chart = page.book.chart(type="bar")
    for column, name, colour in series:
        chart.add_series(
            {
                "name": page.say(name),
                "categories": [page.name, placed.first, names, last, names],
                "values": [page.name, placed.first, column, last, column],
                "fill": {"color": colour},
                "gap": gap,
                **({"overlap": overlap} if overlap else {}),
            }
        )
    chart.set_title({"name": page.say(title), "name_font": {"size": 11}, "overlay": False})
    chart.set_x_axis({**(values or {}), "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}})
    chart.set_y_axis({"reverse": True, **(labels or {})})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": width, "height": points})
    page.whole(row)
    page.sheet.insert_chart(row, 0, chart, {"object_position": 2, "x_offset": 4})
    end = row + points // 20 + 1  # points of a row that nothing is written in
    page.touch(end, 0)
    return end + 1
