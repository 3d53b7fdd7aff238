"""Which header is which column: the plan's own map first, then names and aliases; a near miss is never taken.

A ``columns`` entry ``canonical: header`` says it outright. An entry whose two sides are the same (``亩产: 亩产``) keeps
a header as an extra column although it looks like a canonical one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from planner.language import Words
from planner.problems import Problem, nearest
from planner.reading.grid import Broken, Grid, column_letter
from planner.settings.schema import TableSource
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.spec import RESOURCE_ALIASES
from planner.tables.units import Header, known_unit, parse_header

NEAR = 0.84
"""Likeness (difflib) from which an unknown header is taken for a slip of the pen."""

SEARCHED = 20
"""Rows from the top in which a header is looked for."""


def fold(name: str) -> str:
    """A name as it is compared: full-width forms made plain, no case, no blanks, underscores or hyphens."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name).replace("*", "")).lower()


@dataclass(frozen=True)
class Layout:
    """Where the columns of a grid are: positions by canonical name, and by name for the extra ones."""

    row: int
    headers: tuple[Header, ...]
    columns: Mapping[str, int]
    extra: Mapping[str, int]


def header_texts(row: Sequence[object]) -> tuple[str, ...]:
    """Header cells as text; 2024.0 is ``2024``."""
    return tuple(
        ""
        if cell is None
        else cell.text
        if isinstance(cell, Broken)
        else str(int(cell))
        if isinstance(cell, float) and cell.is_integer()
        else str(cell)
        for cell in row
    )


def header_row(grid: Grid, spec: TableSpec, source: TableSource) -> int | None:
    """Position of the header: the plan's, else the row near the top that has most of the table's columns (the first
    such), else the first that is not empty. None when there is no such row."""
    if source.header_row is not None:
        return source.header_row - 1 if source.header_row <= len(grid.rows) else None
    known = {fold(name) for column in spec.columns for name in column.known_as}
    known |= {fold(header) for header in source.columns.values()}
    best, most = None, 0
    for position, row in enumerate(grid.rows[:SEARCHED]):
        texts = [text for text in header_texts(row) if text.strip()]
        count = sum(1 for text in texts if fold(text) in known or fold(parse_header(text).name) in known)
        if best is None and texts:
            best = position
        if count > most:
            best, most = position, count
    if best is None:
        filled = (position for position, row in enumerate(grid.rows) if any(text.strip() for text in header_texts(row)))
        best = next(filled, None)
    return best


@dataclass
class _Matching:
    """The state of one match; lives only inside :func:`match_headers`."""

    grid: Grid
    spec: TableSpec
    source: TableSource
    row: int
    headers: tuple[Header, ...]
    columns: dict[str, int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, position: int | None, subject: str, found: str = "", **values: object) -> None:
        row = None if position is None else self.row
        self.problems.append(problem(code, self.grid.place(row, position), subject, found, **values))


def match_headers(
    grid: Grid, row: int, spec: TableSpec, source: TableSource, elsewhere: Collection[str] = ()
) -> tuple[Layout, list[Problem]]:
    """The layout under the header at ``row``, and what is doubtful about it. ``elsewhere`` are columns that other
    sources of the table have, so that nothing here can be a misspelt one of them."""
    headers = tuple(parse_header(text) for text in header_texts(grid.rows[row]))
    state = _Matching(grid, spec, source, row, headers)
    _take_map(state)
    _take_names(state)
    extra = _take_rest(state, elsewhere)
    for name in source.units:
        if not spec.has(name) and name not in extra:
            _unknown_column(state, name)
    return Layout(row, headers, state.columns, extra), state.problems


def _take_map(state: _Matching) -> None:
    """The plan's ``columns``."""
    for name, wanted in state.source.columns.items():
        keeps = fold(name) in (fold(wanted), fold(parse_header(wanted).name))
        if not state.spec.has(name) and not keeps:
            _unknown_column(state, name)
            continue
        at = _positions_of(wanted, state.headers)
        if not at:
            texts = [header.text for header in state.headers if header.text]
            near = nearest(wanted, texts) or tuple(h.text for h in state.headers if fold(wanted) in fold(h.text))
            listed = Words("文件中的表头：{names}", "headers in the file: {names}").fill(names=Words.listed(texts))
            state.report("T122", None, f"columns.{name}", wanted, nearest=nearest_words(near, listed))
        elif len(at) > 1:
            _ambiguous(state, name, at)
        elif state.spec.has(name):
            state.columns[name] = at[0]
        else:
            state.kept.add(at[0])


def _unknown_column(state: _Matching, name: str) -> None:
    by_alias = [column.name for column in state.spec.columns if fold(name) in map(fold, column.known_as)]
    near = tuple(by_alias) or nearest(name, state.spec.names)
    listed = Words("可用的列：{names}", "columns: {names}").fill(names=Words.listed(state.spec.names))
    state.report("T123", None, name, table=state.spec.zh, nearest=nearest_words(near, listed))


def _positions_of(wanted: str, headers: Sequence[Header]) -> list[int]:
    """The headers that ``wanted`` means: as written, else apart from blanks and case, else without unit and mark."""
    tests = (
        lambda header: header.text == wanted.strip(),
        lambda header: fold(header.text) == fold(wanted),
        lambda header: fold(header.name) == fold(wanted),
    )
    for test in tests:
        found = [position for position, header in enumerate(headers) if header.text and test(header)]
        if found:
            return found
    return []


def _take_names(state: _Matching) -> None:
    """Canonical names and aliases, for columns that the map leaves open; also of headers that the map uses elsewhere:
    ``candidate_id: 企业名称`` does not take the firm's name away."""
    by_name: dict[str, Column] = {}
    for column in state.spec.columns:
        for known in column.known_as:
            by_name.setdefault(fold(known), column)
    found: dict[str, list[int]] = {}
    for position, header in enumerate(state.headers):
        owner = by_name.get(fold(header.text)) or by_name.get(fold(header.name))
        if not header.text or position in state.kept or owner is None or state.columns.get(owner.name) == position:
            continue
        if owner.name in state.columns and fold(header.name) != fold(owner.name):
            continue  # the plan maps this column to another header: this one stands for itself
        found.setdefault(owner.name, []).append(position)
    for name, positions in found.items():
        if name in state.columns:
            positions = [state.columns[name], *positions]
        if len(positions) > 1:
            _ambiguous(state, name, positions)
        state.columns[name] = positions[0]


def _ambiguous(state: _Matching, name: str, positions: Sequence[int]) -> None:
    both = "、".join(f"{state.headers[at].text}（{column_letter(at)}）" for at in positions)
    state.report("T124", positions[-1], both, name=name)


def _take_rest(state: _Matching, elsewhere: Collection[str]) -> dict[str, int]:
    """Extra columns under their own names; two of one name are told apart by their letters."""
    taken = {*state.columns.values()} - state.kept
    absent = [c for c in state.spec.columns if c.name not in state.columns and c.name not in elsewhere]
    rest = [at for at, header in enumerate(state.headers) if header.text and at not in taken]
    names = [_own_name(state.headers[at]) for at in rest]
    extra: dict[str, int] = {}
    for at, name in zip(rest, names, strict=True):
        if at not in state.kept:
            _warn_of_likeness(state, at, absent)
        single = names.count(name) == 1 and not state.spec.has(name)
        extra[name if single else f"{name} ({column_letter(at)})"] = at
    for at, header in enumerate(state.headers):
        if not header.text and any(_filled(row, at) for row in state.grid.rows[state.row + 1 :]):
            state.report("T127", at, column_letter(at))
    return extra


def _filled(row: Sequence[object], at: int) -> bool:
    return at < len(row) and row[at] is not None and str(row[at]).strip() != ""


def _own_name(header: Header) -> str:
    """An extra column's name: without its brackets when they hold a unit."""
    if header.unit is not None and known_unit(header.unit) is not None:
        return header.name
    return re.sub(r"\s+", " ", header.text.replace("*", "").replace("＊", "")).strip()


def _warn_of_likeness(state: _Matching, at: int, absent: Sequence[Column]) -> None:
    header = state.headers[at]
    for resource, aliases in RESOURCE_ALIASES.items():
        if state.spec.takes_resources and fold(header.name) in map(fold, (resource, *aliases)):
            if not state.spec.has(resource):
                state.report("T129", at, header.text, resource=resource)
            return
    close = max(_likeness(header, absent), default=None)
    if close is not None and close[0] >= NEAR:
        _, near, name = close
        state.report("T125", at, header.text, table=state.spec.zh, near=near, name=name, header=header.text, own=_own_name(header))


def _likeness(header: Header, absent: Sequence[Column]) -> Iterator[tuple[float, str, str]]:
    for column in absent:
        for known in column.known_as:
            yield SequenceMatcher(None, fold(header.name), fold(known)).ratio(), known, column.name
