"""Where a file speaks of units apart from the headers of its columns: titles, notes, headers above, names, number formats."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from planner.problems import Place, Problem
from planner.reading.headers import Layout
from planner.reading.table import Grid, filled
from planner.reading.workbooks.formats import shown_divisor, shown_words
from planner.spelling import fold
from planner.tables.codes import problem
from planner.tables.column import Column, TableSpec
from planner.tables.unit_words import SOFT, stated_in, without_units
from planner.tables.units import Header, Unit, family, known_unit, plain_text

LED = re.compile(r"(?:单位|單位)\s*(?:均|都|全|一律|统一)*\s*[:：为為]|为单位|units?\s*[:：]", re.I)
"""What a cell of the table itself must hold to be read as a note on units."""
_NOTE = re.compile(r"\W*(?:金额|面积|货币|计量|数量)?(?:单位|單位|units?)\s*[:：]", re.I)
"""How a header begins that is a note itself, and the header of nothing."""
_SHORT_NOTE = 16
"""Characters of a note that says little else than a unit, if it states one."""
_OPEN = ("(", "[", "{", "【", "〔")

_CURRENCY_COLUMNS = frozenset(
    {"币种", "幣種", "币别", "幣別", "货币", "貨幣", "货币种类", "货币单位", "计价货币", "currency", "currencies"}
)
_OTHER_TIMES = re.compile(r"/\s*(?:个?月|季度?|半年|旬|周|日|天|month|quarter|week|day)(?![a-z])|[月季日]均|monthly|quarterly")
"""What an amount per year is not."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A unit that a cell or a name states."""

    label: str
    unit: Unit
    text: str
    """The cell or name as it stands."""
    place: Place
    row: int | None
    """None for names of the file and the sheet."""
    columns: range
    """The columns that the cell stands over: its merged range, or as far as the next filled cell of its row."""


def notes(
    grid: Grid, layout: Layout, body: Collection[int], skipped: Collection[int] = (), numeric: Collection[int] = ()
) -> tuple[Stated, ...]:
    """The units stated outside the table's cells and headers, row by row: above it, below it, beside it, by the names of the
    file and the sheet; and in its own cells where they say so at length (单位：亿元). ``skipped`` rows are read elsewhere; headers
    of ``numeric`` columns speak of their own."""
    inside, beyond = set(body), range(10**6)
    found = [
        Stated(word.label, word.unit, name, grid.place(), None, beyond)
        for name in dict.fromkeys((grid.sheet or "", Path(grid.file).stem))
        for word in stated_in(name)
        if len(word.label) > 1 or plain_text(name)[word.start - 1 : word.start] in _OPEN
    ]
    headed = {at for at, header in enumerate(layout.headers) if header.text}
    speaks = cache(lambda text, extra: LED.search(text) is not None or (extra and is_unit(text)))
    extra = frozenset(layout.extra.values())
    texts = {*layout.columns.values(), *(at for at in extra if LED.search(layout.headers[at].text))} - {*numeric}
    for row, cells in enumerate(grid.rows):
        if row in skipped:
            continue
        alone = row in inside and len(headed) > 1 and len(list(islice(filter(filled, cells), 2))) == 1
        for at, text in _texts(cells):
            if row == layout.row:
                if at in numeric or not (at in texts or _NOTE.match(text) or not without_units(text)):
                    continue
            elif row in inside and at in headed and not (alone or speaks(text, at in extra)):
                continue
            words = stated_in(text)
            if words:
                span = range(10**6) if row == layout.row else _span(grid, cells, row, at)
                found += [Stated(word.label, word.unit, text, grid.place(row, at), row, span) for word in words]
    return tuple(found)


def is_unit(text: str) -> bool:
    """Whether a cell is the label of a unit of amounts, and no more."""
    unit = known_unit(text) if len(text) < 16 else None
    return unit is not None and family(unit.kind) not in SOFT


def _texts(cells: Sequence[object]) -> Iterator[tuple[int, str]]:
    return ((at, cell) for at, cell in enumerate(cells) if isinstance(cell, str) and cell.strip())


def _span(grid: Grid, cells: Sequence[object], row: int, at: int) -> range:
    for (top, left), (bottom, right) in grid.merged:
        if (top, left) == (row, at) and top <= row <= bottom:
            return range(left, right + 1)
    following = (other for other in range(at + 1, len(cells)) if filled(cells[other]))
    return range(at, next(following, 10**6))


def of_formats(grid: Grid, at: int, rows: Collection[int]) -> tuple[Stated, ...]:
    """The units that the number formats of a column show, the first cell of each format. One that shows another number than
    the cell holds is told elsewhere (``T205``)."""
    found: list[Stated] = []
    seen: set[str] = set()
    for (row, column), text in sorted(grid.formats.items()):
        if column != at or row not in rows or text in seen or shown_divisor(text) != 1:
            continue
        seen.add(text)
        words = stated_in(shown_words(text))
        found += [Stated(word.label, word.unit, text, grid.place(row, at), row, range(at, at + 1)) for word in words]
    return tuple(found)


def foreign(grid: Grid, layout: Layout, spec: TableSpec, body: Collection[int]) -> list[Problem]:
    """Rows of which a column of currencies (币种) says that their amounts are not in yuan."""
    money = any(column.name in layout.columns and column.unit and _is_money(column.unit) for column in spec.columns)
    columns = [at for name, at in layout.extra.items() if fold(layout.headers[at].name or name) in _CURRENCY_COLUMNS]
    found = []
    for at in columns if money else ():
        for row in body:
            label = str(grid.rows[row][at]).strip() if at < len(grid.rows[row]) and filled(grid.rows[row][at]) else ""
            unit = known_unit(label) if label else None
            if unit is not None and unit.kind.startswith("money:"):
                found.append(problem("T198", grid.place(row, at), layout.headers[at].text, label, currency=label))
    return found


def _is_money(label: str) -> bool:
    unit = known_unit(label)
    return unit is not None and unit.kind == "money"


def per_other_time(column: Column, header: Header) -> str | None:
    """What a header of a yearly amount says of another time: 万元/月, 月均."""
    found = _OTHER_TIMES.search(plain_text(header.text)) if column.yearly and "/" not in column.unit else None
    if found is None:
        return None
    return header.unit if header.unit and found[0] in plain_text(header.unit) else found[0]


def of_comments(grid: Grid, at: int, header: int) -> tuple[Stated, ...]:
    """The units that notes on the cells of a column, on its header or on cells above that state: at length (单位：亿元), or in few
    words (此列为亿元)."""
    found = []
    for (row, column), text in sorted(grid.comments.items()):
        last = text.strip().rpartition("\n")[2].strip()  # the name of who wrote it may stand before
        if (row < header or column == at) and (LED.search(text) or len(last) <= _SHORT_NOTE):
            span = range(10**6) if row < header else range(at, at + 1)
            found += [Stated(word.label, word.unit, text, grid.place(row, column), row, span) for word in stated_in(text)]
    return tuple(found)
