"""Which rows under a header are rows of the table: not totals, averages, notes, headers said again, rows with nothing in them.

A row that surely is none is left out and told (R1: a total read as one more park would change a plan); one that may be a
real row stays in, and is an error. What a row says decides; where that is not enough, its numbers are held against the sums
of the rows above and below. A firm called 合计科技 with its own cells is a row as any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum

from planner.language import Words
from planner.problems import Problem
from planner.reading.amounts import plain, says_nothing
from planner.reading.headers import Layout
from planner.reading.rows.words import (
    HINT,
    SERIAL,
    WORDS,
    as_number,
    bare,
    ends_in_total,
    is_example,
    is_heading,
    is_note,
    is_sentence,
    is_total,
    is_total_of,
    is_whole,
    unspaced,
)
from planner.reading.table import Broken, Grid, filled
from planner.spelling import fold, simplified
from planner.tables.codes import problem
from planner.tables.column import TableSpec
from planner.tables.units import UnitError, parse_header, scale

_GROUPS = frozenset({"province", "city", "county", "zone", "tier", "chain_id", "link_id"})
"""Columns whose values make groups of rows."""


@dataclass(frozen=True)
class Body:
    """The rows of a grid below its header: positions of those that are the table's, and a problem for each that is left out
    and for each that is doubtful, which stays in where it has a key."""

    rows: tuple[int, ...]
    left_out: Mapping[int, Problem]
    doubtful: Mapping[int, Problem]

    @property
    def problems(self) -> list[Problem]:
        """All that is to be told, in the order of the rows."""
        told = {**self.left_out, **self.doubtful}
        return [told[row] for row in sorted(told)]


@dataclass(frozen=True)
class _Row:
    """A row that holds something. What its cells are is looked at only where it is asked for: most rows are plainly rows."""

    at: int
    cells: Sequence[object]

    @cached_property
    def nothing(self) -> frozenset[int]:
        """Columns with a sign for nothing, or with a formula error."""
        return frozenset(
            at for at, cell in enumerate(self.cells) if isinstance(cell, Broken) or (filled(cell) and says_nothing(cell))
        )

    @cached_property
    def numbers(self) -> Mapping[int, float]:
        """Its numbers by column, those kept as text too."""
        said = ((at, as_number(cell)) for at, cell in enumerate(self.cells) if at not in self.nothing)
        return {at: number for at, number in said if number is not None}

    def number(self, at: int) -> float:
        """The number in one column, 0 where there is none: a column of many rows is added up without their other cells."""
        return (as_number(self.cells[at]) if at < len(self.cells) else None) or 0.0

    @cached_property
    def texts(self) -> Mapping[int, str]:
        others = ((at, cell) for at, cell in enumerate(self.cells) if at not in self.numbers and at not in self.nothing)
        return {at: plain(cell) for at, cell in others if filled(cell)}

    def has(self, columns: Iterable[int]) -> bool:
        """Whether a text or number stands in one of the columns."""
        return any(at in self.texts or at in self.numbers for at in columns)

    def word(self, *columns: int) -> str:
        """The texts of some columns as they are compared: no blanks, no brackets around."""
        return bare("".join(self.texts[at] for at in columns if at in self.texts))

    def quoted(self, at: int) -> str:
        """A cell as a message quotes it."""
        cell = self.cells[at] if at < len(self.cells) else None
        return cell.text if isinstance(cell, Broken) else "" if cell is None else str(cell).strip()


@dataclass
class _Sorting:
    """What is found; lives only inside :func:`body_of`."""

    grid: Grid
    layout: Layout
    spec: TableSpec
    rows: list[_Row]
    suspects: list[_Row]
    """Those that lack a name or whose name has a word of such rows in it; the first and the last."""
    key: tuple[int, ...]
    """Columns of the table's key."""
    names: tuple[int, ...]
    """Columns of key and name."""
    canonical: frozenset[int]
    worded: frozenset[int]
    """Columns of the table that hold no numbers."""
    summed: frozenset[int]
    """Columns of numbers that add up: not shares, coordinates, intensities."""
    serial: frozenset[int]
    left_out: dict[int, Problem] = field(default_factory=dict)
    doubtful: dict[int, Problem] = field(default_factory=dict)

    def tell(self, code: str, row: _Row, column: int | None = None, **said: object) -> None:
        """Warnings are rows left out, errors rows in doubt."""
        at = min(at for at, cell in enumerate(row.cells) if filled(cell)) if column is None else column
        header = self.layout.headers[at].text if at < len(self.layout.headers) else ""
        found = problem(code, self.grid.place(row.at, at), header, row.quoted(at), table=self.spec.zh, **said)
        (self.doubtful if found.severity == "error" else self.left_out)[row.at] = found


def body_of(grid: Grid, layout: Layout, spec: TableSpec, known: Collection[int] = ()) -> Body:
    """Sort the rows below the header, but for those that are ``known`` to be none. Blank rows are no rows and need no word;
    features of a layer are rows even without attributes."""
    below = [at for at in range(layout.row + 1, len(grid.rows)) if grid.layer or any(map(filled, grid.rows[at]))]
    below = [at for at in below if at not in known]
    if not any(name in layout.columns for name in (*spec.key, "name")):
        return Body(tuple(below), {}, {})
    sorting = _sorting(grid, layout, spec, [_Row(at, grid.rows[at]) for at in below])
    for sort in (
        _headers_again,
        _column_numbers,
        _notes,
        _totals,
        _totals_of_groups,
        _nothing_in_it,
        _sums_without_a_word,
        _examples,
    ):
        sort(sorting)
    nameless = {row.at for row in sorting.suspects if row.at in sorting.doubtful and not row.has(sorting.key)}
    rows = tuple(at for at in below if at not in sorting.left_out and at not in nameless)
    return Body(rows, sorting.left_out, sorting.doubtful)


def _sorting(grid: Grid, layout: Layout, spec: TableSpec, rows: list[_Row]) -> _Sorting:
    at = layout.columns
    add_up = {
        column.name for column in spec.columns if column.numeric and column.kind not in ("lon", "lat") and "/" not in column.unit
    }
    serial = frozenset(column for name, column in layout.extra.items() if fold(name) in SERIAL)
    names = tuple(dict.fromkeys(at[name] for name in (*spec.key, "name") if name in at))
    key = tuple(at[name] for name in spec.key if name in at) or names
    known = [known for column in spec.columns if at.get(column.name) in names for known in column.known_as]
    headers = {fold(text) for text in [*known, *(layout.headers[one].name for one in names)]}
    initials = {text[:1] for text in headers}

    def suspicious(cell: str) -> bool:
        if HINT.search(cell):
            word = bare(cell)
            if any(says(word) for says in WORDS):
                return True
        return cell[:1].lower() in initials and fold(parse_header(cell).name) in headers

    def may_be_none(number: int, row: _Row) -> bool:
        cells = [simplified(str(row.cells[at])) for at in (*names, *serial) if at < len(row.cells) and filled(row.cells[at])]
        few = len(cells) < len(names) or all(not filled(row.cells[at]) for at in key if at < len(row.cells))
        in_pieces = len(cells) > 1 and max(map(len, cells)) <= 2  # 合 | 计
        return few or in_pieces or number in (0, len(rows) - 1) or any(map(suspicious, cells))

    return _Sorting(
        grid,
        layout,
        spec,
        rows,
        suspects=[row for number, row in enumerate(rows) if row.cells and may_be_none(number, row)],
        key=key,
        names=names,
        canonical=frozenset(at.values()),
        worded=frozenset(at[column.name] for column in spec.columns if column.name in at and not column.numeric),
        summed=frozenset(at[name] for name in add_up & at.keys() if spec.column(name).unit not in ("1", "分")),
        serial=serial,
    )


def _open(sorting: _Sorting) -> list[_Row]:
    """The rows that may be none, and of which nothing is told yet."""
    return [row for row in sorting.suspects if row.at not in sorting.left_out and row.at not in sorting.doubtful]


def _headers_again(sorting: _Sorting) -> None:
    """The header once more (a page further down), or its names in the other language; one that states another unit than the
    first is an error, as the rows below it would be in that."""
    headers = sorting.layout.headers
    names = {at: {fold(name) for name in sorting.spec.column(column).known_as} for column, at in sorting.layout.columns.items()}
    for row in _open(sorting):
        if row.numbers or not row.texts or max(row.texts) >= len(headers):
            continue
        cells = {at: parse_header(text) for at, text in row.texts.items()}
        same = {at for at, cell in cells.items() if fold(cell.name) in {fold(headers[at].name)} | names.get(at, set())}
        if not same.intersection(sorting.names) or 2 * len(same) <= len(cells) or (len(same) == 1 and len(cells) > 1):
            continue
        if len(cells) == 1 and fold(cells[min(cells)].name) != fold(headers[min(cells)].name):
            continue
        sorting.tell("T214", row)
        other = [at for at in same if _another_unit(cells[at].unit, headers[at].unit or _unit_of(sorting, at))]
        if other:  # what is below may be in that unit
            sorting.tell("T218", row, other[0], header=headers[other[0]].text)


def _unit_of(sorting: _Sorting, at: int) -> str:
    return next((sorting.spec.column(name).unit for name, column in sorting.layout.columns.items() if column == at), "")


def _another_unit(stated: str | None, used: str) -> bool:
    try:
        return stated is not None and scale(stated, used) != 1
    except UnitError:
        return True


def _column_numbers(sorting: _Sorting) -> None:
    """The row 1, 2, 3 … (甲, 乙, 1, 2 …) that numbers the columns, right below the header."""
    row = next(iter(_open(sorting)), None)
    if row is None or sorting.layout.row + 1 != row.at or len(row.texts) + len(row.numbers) < 4:
        return
    cells = [row.texts.get(at) or row.numbers[at] for at in sorted({*row.texts, *row.numbers})]
    letters = sum(1 for cell, letter in zip(cells, "甲乙丙丁戊己", strict=False) if cell == letter)
    rest = [bare(cell) if isinstance(cell, str) else f"{cell:g}" for cell in cells[letters:]]
    if len(rest) >= 2 and rest == [str(number) for number in range(1, len(rest) + 1)]:
        sorting.tell("T215", row)


def _notes(sorting: _Sorting) -> None:
    """Notes, sources, who filled the table in; a sentence that stands alone in its row."""
    for row in _open(sorting):
        if not row.texts:
            continue
        first = min(row.texts)
        if first not in sorting.key and row.has(sorting.key):
            continue
        labels = [at for at, text in row.texts.items() if is_note(unspaced(text))]
        if first in labels:
            said = [at for at in row.texts if at in sorting.canonical and at not in labels]
            sure = sorting.canonical.isdisjoint(row.numbers) and len(said) <= len(labels)
            sorting.tell("T213" if sure else "T217", row, first)
        elif len(row.texts) == 1 and not row.numbers and (is_sentence(row.texts[first]) or is_heading(row.texts[first])):
            whole = is_heading(row.texts[first]) or re.search(r"[。.！!]$|^\d{1,2}[、.．)）]\D", row.texts[first])
            sorting.tell("T213" if whole or first not in sorting.key else "T217", row, first)


def _totals(sorting: _Sorting) -> None:
    """Rows that call themselves totals, means or counts, by their key or name; by their first text where these are blank.
    From the top down, so that a total of all is held against rows alone."""
    said = {row.at: found for row in _open(sorting) if (found := _total_word(sorting, row)) is not None}
    rows = [row for row in sorting.rows if row.at not in sorting.left_out]
    for row in (row for row in rows if row.at in said):
        exact, column = said[row.at]
        agrees, figures = _adds_up(sorting, row, rows, said.keys()), row.numbers.keys() & sorting.summed
        others = [at for at in row.texts if at in sorting.worded - {column} and not _says_total(row.word(at))]
        other_key = any(at in others or at in row.numbers for at in sorting.key if at != column)
        own_name = other_key and column not in sorting.key and row.word(column).isascii()  # a firm may be called Total
        if set(others) - set(sorting.names) or own_name:  # described like any other row
            if agrees or column in sorting.key:
                sorting.tell("T210", row, column)
        elif agrees or (not other_key and (exact or not figures)):
            sorting.tell("T155", row, column, sums=Words("", "") if agrees or not figures else _DISAGREES)
        else:
            sorting.tell("T210", row, column)


def _says_total(word: str) -> bool:
    return bool(is_total(word) or ends_in_total(word)) or len(word) == 1


_DISAGREES = Words("（其数与各行之和不符，请核对是否漏行）", " (its figures are not the sums of the rows: is one missing?)")


def _total_word(sorting: _Sorting, row: _Row) -> tuple[bool, int] | None:
    """Whether the word says it outright, and the column where it stands; None where the row says nothing of the kind."""
    named = [at for at in sorting.names if at in row.texts]
    places = named if row.has(sorting.names) else sorted(row.texts)[:1]
    for at in places:
        if is_total(row.word(at)):
            return True, at
    if len(row.texts) > 1 and is_total(row.word(*sorted(row.texts))):  # 合 | 计
        return True, min(row.texts)
    for at in places:
        word = row.word(at)
        if ends_in_total(word) or is_total_of(row.texts[at]) or (is_whole(word) and _adds_up(sorting, row, sorting.rows, ())):
            return False, at
    return None


def _adds_up(sorting: _Sorting, row: _Row, rows: Sequence[_Row], totals: Iterable[int]) -> bool:
    """Whether the row's numbers are the sums, or the means, of the rows above or below it, of its block or of the table."""
    columns = sorted(row.numbers.keys() & sorting.summed)
    if not any(row.numbers[at] for at in columns):
        return False
    others = [other for other in rows if other.at != row.at and other.at not in totals and other.at not in sorting.doubtful]
    marks = [other for other in totals if other != row.at]
    start, stop = max((at for at in marks if at < row.at), default=-1), min((at for at in marks if at > row.at), default=10**9)
    groups = (
        [other for other in others if other.at < row.at],
        [other for other in others if start < other.at < row.at],
        others,
        [other for other in others if row.at < other.at < stop],
    )
    return any(_agree(row, group, columns) for group in groups if group)


def _agree(row: _Row, group: Sequence[_Row], columns: Sequence[int]) -> bool:
    for share in (1, len(group)):
        sums = {at: fsum(other.number(at) for other in group) / share for at in columns}
        if all(abs(row.numbers[at] - total) <= 0.006 + 1e-6 * abs(total) for at, total in sums.items()):
            return True
    return False


def _totals_of_groups(sorting: _Sorting) -> None:
    """Rows called like a group of the others (东县, which is the county of some) that hold its sums, or no more than its name."""
    rows = [row for row in sorting.rows if row.at not in sorting.left_out and row.at not in sorting.doubtful]
    groups = [at for name, at in sorting.layout.columns.items() if name in _GROUPS and at not in sorting.names]
    called = {row.quoted(at): (row, at) for row in rows for at in sorting.names} if groups else {}
    for group in groups:
        for name in sorted(called.keys() & {row.quoted(group) for row in rows}):
            row, at = called[name]
            members = [other for other in rows if other.at != row.at and other.quoted(group) == name]
            described = row.texts.keys() & sorting.worded - {*sorting.names, group}
            if not members or described or re.fullmatch(r"[\w-]{0,3}", name, re.A):
                continue
            figures = [one for one in sorting.summed if row.numbers.get(one)]
            agrees = bool(figures) and _agree(row, members, figures)
            if not row.quoted(group) and (agrees or not row.numbers):
                sorting.tell("T155", row, at, sums=Words("", ""))
            elif not row.quoted(group) or (agrees and len(members) > 1):
                sorting.tell("T210", row, at)


def _nothing_in_it(sorting: _Sorting) -> None:
    """Rows with no more than a serial number, zeros or signs for nothing: lines of a form that nobody filled in."""
    for row in _open(sorting):
        numbers = any(number and at not in sorting.serial for at, number in row.numbers.items())
        broken = any(isinstance(cell, Broken) for cell in row.cells)
        if not numbers and not row.texts and not row.has(sorting.names) and not broken and any(map(filled, row.cells)):
            sorting.tell("T216", row)


def _sums_without_a_word(sorting: _Sorting) -> None:
    """A last row whose numbers are exactly the sums of all others, and that says less than they do of what it is."""
    told = {**sorting.left_out, **sorting.doubtful}
    rows = [row for row in sorting.rows if row.at not in told]
    if len(sorting.spec.key) != 1 or len(rows) < 4:
        return
    row, others = rows[-1], rows[:-1]
    columns = sorted(at for at in row.numbers.keys() & sorting.summed if row.numbers[at])
    if len(columns) < 2 or any(at in row.texts for at in sorting.worded.difference(sorting.names)):
        return
    lacking = [at for at in sorting.worded.difference(sorting.key) if at not in row.texts]
    if not any(2 * sum(at < len(other.cells) and filled(other.cells[at]) for other in others) > len(others) for at in lacking):
        return
    sums = {at: fsum(other.number(at) for other in others) for at in columns}
    if all(abs(row.numbers[at] - total) <= 1e-9 * abs(total) for at, total in sums.items()):
        sorting.tell("T211" if row.has(sorting.names) else "T155", row, sums=Words("", ""))


def _examples(sorting: _Sorting) -> None:
    """A row that calls itself an example, and is filled in like any other."""
    for row in _open(sorting):
        for at in (*sorting.serial, *sorting.names):
            if at in row.texts and is_example(row.word(at)):
                sorting.tell("T223", row, at)
                break
