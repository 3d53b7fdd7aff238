"""Tables on a page: columns under their headings, with totals, bars, tones and filters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, product
from typing import Any

from xlsxwriter.utility import xl_range

from planner.language import Words
from planner.publish.book.book import BAR, KEPT_TOGETHER, KEPT_WHOLE, LINE_HEIGHT, SECTION_HEIGHT, Book, Cell, Page, Text
from planner.publish.book.columns import Column, Wish, decimals, number_format, positions, title_of, wish
from planner.publish.book.paper import A3, A4, A4_UPRIGHT, ACROSS, UNSET_WIDTH
from planner.publish.book.text import lines
from planner.publish.words import ASSUMED, UNKNOWN

PARTLY_KNOWN = '"≥ "'
TOTAL = Words("合计", "Total")
TALLEST = 409.0
"""Points of the tallest row that Excel has."""
NOTHING = Words("（无）", "(none)")
EASE = (2.5, 2.0, 1.6, 1.3, 1.15)
"""How many times its room a text may have that wraps, the most first."""
TIGHTER = (0.85, 0.7, 0.6)
"""The same where the tables would otherwise not be one page wide, the most first."""
PAPERS = {A4: 1.0, A4_UPRIGHT: 1.0, A3: 1.4}
"""What a large book is printed on, and what a sheet of it counts for."""
VERY_LONG = 2_000
"""Rows from which on a large book goes to A3 without its pages being counted."""
OVERHEAD = 125.0
"""Points of the titles and headings of a table."""
BAR_LOOK = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": BAR, "bar_border_color": BAR}
BAR_SCALE = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}


@dataclass(frozen=True)
class Placed:
    """Where a table stands; ``first`` and ``last`` are its rows of data."""

    head: int
    first: int
    last: int
    end: int
    """The row below the table."""


def write_table(
    page: Page,
    top: int,
    columns: Sequence[Column],
    *,
    filter_rows: bool = False,
    grow: bool = True,
    tones: Sequence[str | None] | None = None,
) -> Placed:
    """Write headings, rows and, where some column asks for it, a total row.

    ``grow`` False keeps the widths that the page has; ``tones`` are those of the rows.
    """
    if grow:
        widen(page, columns)
    return _write(page, top, columns, filter_rows=filter_rows, tones=tones)


def _write(
    page: Page,
    top: int,
    columns: Sequence[Column],
    *,
    filter_rows: bool = False,
    tones: Sequence[str | None] | None = None,
    again: bool = False,
) -> Placed:
    """``again``: the headings are repeated where a printed page ends within the table."""
    placed = positions(columns)
    head = _head(page, top, placed)
    size, last_column = len(columns[0].values), sum(column.span for column in columns) - 1
    if not size:
        page.merged(head + 1, 0, last_column, page.say(NOTHING), page.book.style("body"), height=LINE_HEIGHT + 2)
        return Placed(head, head + 1, head + 1, head + 2)
    rows = _rows(page, top, head, placed, again)
    first, last = rows[0], rows[-1]
    for at, column in placed:
        _cells(page, rows, at, column, column.tones or tones or [None] * size)
        if column.choices:
            page.choose(first, last, at, column.choices)
        if column.bar:
            page.sheet.conditional_format(first, at, last, at, BAR_LOOK | BAR_SCALE)
    if filter_rows:
        page.sheet.autofilter(head, 0, last, last_column)
    if not any(column.total for column in columns):
        return Placed(head, first, last, last + 1)
    _totals(page, last + 1, first, last, placed)
    return Placed(head, first, last, last + 2)


def _rows(page: Page, top: int, head: int, placed: Sequence[tuple[int, Column]], again: bool) -> list[int]:
    """The sheet row of each row of the table, each high enough; the headings stand before the first and, ``again``, on every printed page."""
    high = _heights(page, placed)
    if not again:
        for row, height in enumerate(high, start=head + 1):
            page.high(row, height)
        return list(range(head + 1, head + 1 + len(high)))
    rows, row, left, room = [], head + 1, page.left(head + 1), page.printing().room
    for n, height in enumerate(high):
        # The last row is not parted from the total.
        if left < height + (LINE_HEIGHT + 4 if n == len(high) - 1 else 0) and n:
            page.breaks.append(row)
            begun, row = row, _head(page, row, placed) + 1
            left = room - page.points(begun, row)
        page.high(row, height)
        rows.append(row)
        row, left = row + 1, left - height
    return rows


def widen(page: Page, *tables: Sequence[Column]) -> None:
    """Make room on the page for tables; where the paper that they need leaves some, text that wraps gets it."""
    _spread(page, *_wishes(page, tables))


def _wishes(page: Page, tables: Sequence[Sequence[Column]]) -> tuple[list[tuple[int, Wish]], int]:
    """What columns of the sheet are wished for, and how many the tables take."""
    wishes = [(at, wish(column, page.language)) for columns in tables for at, column in positions(columns)]
    return wishes, max(sum(column.span for column in columns) for columns in tables)


def _spread(page: Page, wishes: Sequence[tuple[int, Wish]], wide: int) -> None:
    before = dict(page.widths)

    def eased(ease: float) -> dict[int, float]:
        widths, taken = dict.fromkeys(range(wide), UNSET_WIDTH) | before, set(before)
        for at, wanted in wishes:
            width = wanted.width(ease)
            widths[at] = max(widths[at], width) if at in taken or not width else width
            taken |= {at} if width else set()
        return widths

    page.widths = eased(1.0)
    laid = page.printing(page.widths)
    one = len(laid.blocks) == 1
    for widths in map(eased, EASE if one else TIGHTER):
        there = page.printing(widths)
        if len(there.blocks) == 1 and (there.paper is laid.paper or not one):
            page.widths = widths
            break


def lay(page: Page, *tables: Sequence[Column]) -> None:
    """Make room for all the tables of a page; in a large book on the paper that takes the fewest sheets, an A3 counting for more."""
    before, tried = dict(page.widths), []
    wishes, wide = _wishes(page, tables)
    very_long = sum(len(columns[0].values) for columns in tables) > VERY_LONG
    ways = [((A3,), False)] if very_long else [((paper,), dense) for paper, dense in product(PAPERS, (False, True))]
    for n, (papers, dense) in enumerate(ways if page.book.large else ()):
        page.papers, page.dense, page.widths = papers, dense, dict(before)
        _spread(page, wishes, wide)
        laid = page.printing(page.widths)
        if len(laid.blocks) == 1:
            high = 0.0 if very_long else sum(sum(_heights(page, positions(columns))) for columns in tables)
            sheets = math.ceil((high + OVERHEAD * len(tables)) / laid.room) * PAPERS[papers[0]]
            tried.append((sheets, n, papers, dense, page.widths))
    page.papers, page.dense, page.widths = ACROSS, False, before
    if tried:
        _, _, page.papers, page.dense, page.widths = min(tried, key=lambda one: one[:2])
    else:
        _spread(page, wishes, wide)


def titled_table(page: Page, row: int, title: Text, columns: list[Column], *, grow: bool = True, empty: Text | None = None) -> int:
    """A table under a heading, or where it has no row the words ``empty``; its headings are on every printed page that it takes. Returns
    the next free row."""
    page.section(row, title)
    if empty is not None and not columns[0].values:
        page.text(row + 1, 0, page.say(empty), page.book.style("note", text_wrap=False))
        return row + 3
    if grow:
        widen(page, columns)
    high, room, left = _heights(page, positions(columns)), page.printing().room, page.left(row)
    heads = SECTION_HEIGHT + 4 * LINE_HEIGHT
    if left < min(heads + sum(high[: KEPT_TOGETHER - 2]), room) or left < heads + sum(high) <= room * KEPT_WHOLE:
        page.breaks.append(row)
    return _write(page, row + 1, columns, again=True).end + 1


def page_of_tables(
    book: Book, name: Text, tables: Sequence[tuple[Text, list[Column], Text | None]], *notes: Text, title: Text | None = None
) -> Page:
    """A page, still to be finished, of several tables, each with its heading and the words where it has no row, under the page's title
    (its name when None) and notes; returns it."""
    page = book.page(name if isinstance(name, str) else name.say(book.language))
    lay(page, *(columns for _, columns, _ in tables))
    page.head(max(sum(column.span for column in columns) for _, columns, _ in tables) - 1, title or name, *notes)
    row = 2 + len(notes)
    for heading, columns, empty in tables:
        row = titled_table(page, row, heading, columns, grow=False, empty=empty)
    page.sheet.freeze_panes(1 + len(notes), 0)
    return page


def page_of_one_table(
    book: Book,
    name: Text,
    columns: Sequence[Column],
    *notes: Text,
    title: Text | None = None,
    fixed: int = 2,
    apart: int = 0,
    headed: bool = True,
    tones: Sequence[str | None] | None = None,
) -> tuple[Page, Placed]:
    """A page, still to be finished, of one table under its title (the page's name when None) and notes.

    ``fixed`` columns stay in sight; ``apart`` rows are left free above the table; without being ``headed`` its headings are the
    first row, as for a sheet that is read back; ``tones`` are those of the rows.
    """
    page = book.page(name if isinstance(name, str) else name.say(book.language))
    page.fixed = fixed
    lay(page, columns)
    top = 1 + len(notes) + apart if headed else 0
    placed = write_table(page, top, columns, filter_rows=True, grow=False, tones=tones)
    if headed:
        page.head(sum(column.span for column in columns) - 1, title or name, *notes)
    page.sheet.freeze_panes(placed.first, fixed)
    page.repeat = placed.head - any(column.group is not None for column in columns), placed.head
    return page, placed


def _head(page: Page, top: int, placed: Sequence[tuple[int, Column]]) -> int:
    """Headings in one row, or in two where columns are grouped; returns the row of the lower one."""
    edges: tuple[dict[str, Any], ...] = ({}, {"top": 0}, {"bottom": 0})
    style, open_above, open_below = (page.book.style("head", **more) for more in edges)
    grouped = any(column.group is not None for _, column in placed)
    low = top + 1 if grouped else top
    titles = [title_of(column, page.language) for _, column in placed]
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


def _heights(page: Page, placed: Sequence[tuple[int, Column]]) -> list[float]:
    """Rows high enough for their text, in points: not every program fits them by itself, and none where cells are merged."""
    high = [1] * len(placed[0][1].values)
    for at, column in placed:
        if column.kind == "cell":
            continue
        # Characters that fit in a line of wrapped text, which is indented unless it is short.
        room = (page.room(at, column.span) - (1.1 if column.kind == "short" else 1.5)) / 1.1
        needed = {value: lines(value, room) for value in set(column.values) if isinstance(value, str)}
        if max(needed.values(), default=1) > 1:
            high = [
                max(most, needed.get(value, 1) if isinstance(value, str) else 1)
                for most, value in zip(high, column.values, strict=True)
            ]
    return [min(count * LINE_HEIGHT + 2, TALLEST) for count in high]


def _style(page: Page, name: str, column: Column, mark: bool, mixed: bool, prefix: str = "", tone: str | None = None) -> Any:
    if column.kind == "text":
        return page.book.style(name, tone, text_wrap=True, indent=1)
    if column.kind == "short":
        return page.book.style(name, tone, text_wrap=True, align="center")
    if column.kind == "date":
        return page.book.style(name, tone, num_format="yyyy-mm-dd", align="center")
    # _* leaves a mark's width free, so that marked and unmarked numbers of a column align.
    tail = f'"{ASSUMED}"' if mark else (f"_{ASSUMED}" if mixed else "")
    return page.book.style(name, tone, num_format=prefix + number_format(column) + tail, align="right")


def _cells(page: Page, rows: Sequence[int], at: int, column: Column, tones: Sequence[str | None]) -> None:
    if column.kind == "cell" or column.choices:
        _as_they_are(page, rows, at, column, tones)
        return
    mixed, dash = column.partly_assumed, page.say(UNKNOWN)
    style = cache(lambda mark, tone: _style(page, "body", column, mark=mark, mixed=mixed, tone=tone))
    unknown = cache(lambda tone: page.book.style("body", tone, align="center", font_color="#6B7280"))
    links = column.links or [None] * len(column.values)
    for row, value, mark, tone, link in zip(rows, column.values, column.marks, tones, links, strict=True):
        star = mark and mixed
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            page.across(row, at, column.span, dash, unknown(tone))
        elif link is not None:
            said = f"{value} {ASSUMED}" if star and isinstance(value, str) else value
            page.link(row, at, link, said, _linked(page, column, value, star, tone))
        elif isinstance(value, str):
            page.across(row, at, column.span, f"{value} {ASSUMED}" if star else value, style(False, tone))
        elif not isinstance(value, (int, float)):
            page.put(row, at, value, style(False, tone))
        elif column.kind == "mixed":
            alone = replace(column, decimals=decimals([value]))
            page.number(row, at, float(value), _style(page, "body", alone, mark=star, mixed=mixed, tone=tone))
        else:
            page.number(row, at, float(value), style(star, tone))


def _linked(page: Page, column: Column, value: Cell, star: bool, tone: str | None) -> Any:
    """The look of a cell that leads somewhere: a number keeps its format and its mark."""
    if isinstance(value, str):
        return page.book.style("link", tone)
    return page.book.style("link", tone, num_format=number_format(column) + (f'"{ASSUMED}"' if star else ""), align="right")


def _as_they_are(page: Page, rows: Sequence[int], at: int, column: Column, tones: Sequence[str | None]) -> None:
    """Cells that are read back; texts as texts even where a person writes another one over them."""
    fill = "fill" if column.choices else None
    align = {"align": "right"} if column.numbers else {}
    look = cache(lambda form, tone: page.book.style("body", tone, num_format=form, **align))
    for row, value, tone in zip(rows, column.values, tones, strict=True):
        if value is not None or fill:
            page.put(row, at, value, look("@" if isinstance(value, str) or fill else "General", tone or fill))
        elif tone is not None or row == rows[-1]:
            page.put(row, at, None, look("General", tone))


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
