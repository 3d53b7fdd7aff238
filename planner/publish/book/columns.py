"""A column of a table: what it is called, of what kind it is, its cells, and how wide and precise it is drawn.

A column whose every value rests on an assumption bears ``*`` in its heading; otherwise single cells bear it, in the
number format, so that a marked number is still a number (R5). What is not known is a dash, never zero (R1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from planner.language import Language, Words
from planner.publish.book.book import Cell, Text
from planner.publish.book.exact import digits
from planner.publish.book.text import widest_word, width
from planner.publish.words import ASSUMED

Kind = Literal["text", "short", "number", "mixed", "share", "count", "date", "cell"]
"""``short`` is text in the middle, such as an id; of ``mixed`` numbers each has decimals of its own; a ``date`` is a day. A ``cell``
is drawn as what it is, on one line, a number with every digit, nothing where there is nothing: for sheets that are read back."""


@dataclass(frozen=True)
class Column:
    """One column, or with :func:`with_rows` the heading of one. ``assumed`` says for all cells or for each whether it rests on an
    assumption."""

    title: Text
    values: Sequence[Cell] = ()
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
    tones: Sequence[str | None] | None = None
    """For each cell one of :data:`~planner.publish.book.book.TONES`; None: those of the rows."""
    links: Sequence[str | None] | None = None
    """For each cell where in the workbook it leads to: ``园区!B7``."""
    choices: Sequence[str] = ()
    """What may be chosen in its cells, which a person fills in."""

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
        return _known(self.values)


def with_rows(heads: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[Column]:
    """The columns of a table with the cells of its rows."""
    return [replace(head, values=[row[at] for row in rows]) for at, head in enumerate(heads)]


def positions(columns: Sequence[Column]) -> list[tuple[int, Column]]:
    """Each column with the sheet column where it begins."""
    return list(zip(accumulate((column.span for column in columns), initial=0), columns, strict=False))


def decimals(values: Sequence[Cell]) -> int:
    """Decimals that a column of numbers needs so that its smallest is told to about two figures."""
    numbers = [abs(value) for value in _known(values) if value]
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


def title_of(column: Column, language: Language) -> str:
    """The heading with its unit and mark."""
    unit, title = (words if isinstance(words, str) else words.say(language) for words in (column.unit or "", column.title))
    return title + (ASSUMED if column.wholly_assumed else "") + (f"\n{unit}" if unit else "")


@dataclass(frozen=True)
class Wish:
    """How wide a column is to be, in characters: ``least`` in any case, for text up to the ``longest`` as far as the ``room`` goes where
    it wraps, which no ``word`` is to be broken by."""

    least: float
    longest: float = 0.0
    word: float = 0.0
    room: float = 0.0

    def width(self, ease: float = 1.0) -> float:
        """``ease``: how many times its room a text may have, where the paper is wide enough."""
        room = self.room * ease
        return max(self.least, min(self.longest, room), min(self.word, room + 4))


def wish(column: Column, language: Language) -> Wish:
    """Room for the widest number, for the heading in few lines, for text up to where it wraps."""
    if column.span > 1:
        return Wish(0.0)
    title = title_of(column, language)
    head = max(widest_word(title) * 1.1 + 1.5, *(width(part) / 2 + 2.5 for part in title.split("\n")))
    if column.kind in {"text", "short", "date", "cell"}:
        texts = {_text(value) for value in column.values}
        pad = (2.5 if column.kind == "text" else 1.2) + (2 if column.partly_assumed else 0)
        longest = max(map(width, texts), default=0) * 1.1 + pad
        room = column.room if column.room is not None else 48.0 if column.kind == "cell" else 18.0
        head = max(head, *(width(choice) + 5 for choice in column.choices), 0)  # with the arrow of the list
        word = max(map(widest_word, texts), default=0) * 1.1 + pad
        return Wish(head, longest, word, room)
    known, extra = column.numbers, 1 if column.partly_assumed else 0
    if column.total and known:
        extra += 2 if len(known) < len(column.values) else 0
        known.append(math.fsum(known))
    places = number_format(column).partition(".")[2].count("0")
    form = f".{places}%" if column.kind == "share" else f",.{places}f"
    longest = max((len(format(value, form)) for value in known), default=0)
    # Digits of Chinese typefaces are wider than those that Excel measures columns by, and totals are bold.
    return Wish(max(head, (longest + extra) * 1.15 + 0.8))


def _known(values: Sequence[Cell]) -> list[float]:
    return [float(value) for value in values if isinstance(value, (int, float)) and math.isfinite(value)]


def _text(value: Cell) -> str:
    """What a cell that is no figure of a table shows."""
    if isinstance(value, (int, float)):
        return digits(float(value))
    return "" if value is None else str(value)
