"""Which header is which column: the plan's own map first, then names and aliases; a near miss is never taken.

A ``columns`` entry ``canonical: header`` says it outright. An entry whose two sides are the same (``亩产: 亩产``) keeps
a header as an extra column although it looks like a canonical one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache

from planner.geography.named_systems import system_named, without_system
from planner.language import Words
from planner.problems import Place, Problem, nearest
from planner.reading.cells import whole
from planner.reading.table import Broken, Grid, column_letter, filled
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.form import is_form
from planner.tables.provenance import PROVENANCE
from planner.tables.spec import RESOURCE_ALIASES
from planner.tables.unit_words import without_units
from planner.tables.units import Header, known_unit, parse_header

NEAR = 0.84
"""Likeness (difflib) from which an unknown header is taken for a slip of the pen."""
YEAR = re.compile(r"(?:19|20)\d\d年?度?")
"""A year in a header, which is no part of the column's name."""
SEARCHED = 20
"""Rows from the top in which a header is looked for."""


@lru_cache(maxsize=4096)
def forms(header: Header) -> tuple[str, ...]:
    """What a header may be recognised by: as it is written, without brackets, without the units it speaks of."""
    return tuple(dict.fromkeys(filter(None, map(fold, (header.text, header.name, without_units(header.text))))))


@dataclass(frozen=True)
class Layout:
    """Where the columns of a grid are: positions by canonical name, and by name for the extra ones."""

    row: int
    headers: tuple[Header, ...]
    columns: Mapping[str, int]
    extra: Mapping[str, int]
    doubtful: frozenset[str] = frozenset()
    """Columns of which it is not known whether, or where, they are: a problem was reported for their header."""


def header_row(grid: Grid, spec: TableSpec, source: TableSource) -> int | None:
    """Position of the header: the plan's, else the row near the top that has most of the table's columns (the first
    such), else the first that is not empty. None when there is no such row."""
    if source.header_row is not None:
        return source.header_row - 1 if source.header_row <= len(grid.rows) else None
    known = {fold(name) for column in spec.columns for name in column.known_as}
    known |= {fold(header) for header in source.columns.values()}
    near_top = [parse_headers(row) for row in grid.rows[:SEARCHED]]
    counts = [sum(not known.isdisjoint(forms(header)) for header in row if header.text) for row in near_top]
    if any(counts):
        return counts.index(max(counts))
    return next((position for position, row in enumerate(grid.rows) if any(header.text for header in parse_headers(row))), None)


def parse_headers(row: Sequence[object]) -> tuple[Header, ...]:
    """The cells of a row as headers; 2024.0 is ``2024``. A system of coordinates in brackets is no unit."""
    texts = ("" if cell is None else cell.text if isinstance(cell, Broken) else whole(cell) for cell in row)
    return tuple(replace(header, unit=None) if system_named(header.unit or "") else header for header in map(parse_header, texts))


def missing_column(spec: TableSpec, column: Column, place: Place) -> Problem:
    """A column that the table must have is not there."""
    aliases = Words("、".join((column.zh, *column.aliases[:3])), column.name)
    return problem("T121", place, column.zh, table=spec.zh, name=column.name, aliases=aliases)


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
    named: dict[int, str] = field(default_factory=dict)
    """Columns that no plan uses and the map gives a meaning: what a row says of itself."""
    doubtful: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, position: int | None, subject: str, found: str = "", **values: object) -> None:
        row = None if position is None else self.row
        self.problems.append(problem(code, self.grid.place(row, position), subject, found, **values))


def match_headers(
    grid: Grid, row: int, spec: TableSpec, source: TableSource, elsewhere: Collection[str] = ()
) -> tuple[Layout, list[Problem]]:
    """The layout under the header at ``row``, and what is doubtful about it. ``elsewhere`` are columns that other
    sources of the table have, so that nothing here can be a misspelt one of them."""
    headers = parse_headers(grid.rows[row])
    if is_form(grid.rows[:row]):
        headers = _filled_in(grid, row, spec, headers)
    state = _Matching(grid, spec, source, row, headers)
    _take_map(state)
    _take_names(state)
    extra = _take_rest(state, elsewhere)
    for name in source.units:
        if not spec.has(name) and name not in extra:
            _unknown_column(state, name)
    return Layout(row, state.headers, state.columns, extra, frozenset(state.doubtful)), state.problems


def _filled_in(grid: Grid, row: int, spec: TableSpec, headers: Sequence[Header]) -> tuple[Header, ...]:
    """The headers of an input sheet of ours, which offers every column: one that nobody filled in counts as absent, as the sheet
    itself says. Required columns stay, so that their blanks are told."""
    required = {fold(name) for column in spec.columns if column.required for name in column.known_as}
    used = {at for cells in grid.rows[row + 1 :] for at, cell in enumerate(cells) if filled(cell)}
    absent = Header("", "", None, False)
    return tuple(header if at in used or fold(header.name) in required else absent for at, header in enumerate(headers))


def _take_map(state: _Matching) -> None:
    """The plan's ``columns``."""
    for name, wanted in state.source.columns.items():
        keeps = fold(name) in (fold(wanted), fold(parse_header(wanted).name))
        meant = name in PROVENANCE and not state.spec.has(name)
        if not state.spec.has(name) and not keeps and not meant:
            _unknown_column(state, name)
            continue
        at = _positions_of(wanted, state.headers)
        if not at:
            texts = [header.text for header in state.headers if header.text]
            near = nearest(wanted, texts) or tuple(text for text in texts if fold(wanted) in fold(text))
            all_texts = Words("文件中的表头：{names}", "headers in the file: {names}").fill(names=Words.listed(texts))
            state.doubtful.add(name)
            state.report("T122", None, f"columns.{name}", wanted, nearest=nearest_words(near, all_texts))
        elif len(at) > 1:
            _ambiguous(state, name, at)
        elif state.spec.has(name):
            state.columns[name] = at[0]
        else:
            state.kept.add(at[0])
            if meant and not keeps:
                state.named[at[0]] = name


def _unknown_column(state: _Matching, name: str) -> None:
    by_alias = tuple(column.name for column in state.spec.columns if fold(name) in map(fold, column.known_as))
    all_names = Words("可用的列：{names}", "columns: {names}").fill(names=Words.listed(state.spec.names))
    near = nearest_words(by_alias or nearest(name, state.spec.names), all_names)
    state.report("T123", None, name, table=state.spec.zh, nearest=near)


def _positions_of(wanted: str, headers: Sequence[Header]) -> list[int]:
    """The headers that ``wanted`` means: as written, else apart from blanks and case, else without brackets and mark, else
    without units."""
    asked = (wanted.strip(), *[fold(wanted)] * 3)
    known = {
        at: (header.text, fold(header.text), fold(header.name), next(reversed(forms(header)), ""))
        for at, header in enumerate(headers)
        if header.text
    }
    matches = ([at for at, form in known.items() if form[level] == text] for level, text in enumerate(asked))
    return next(filter(None, matches), [])


def _take_names(state: _Matching) -> None:
    """Canonical names and aliases, for columns that the map leaves open; also of headers that the map uses elsewhere:
    ``candidate_id: 企业名称`` does not take the firm's name away."""
    owners: dict[str, str] = {}
    for column in state.spec.columns:
        for known in column.known_as:
            owners.setdefault(fold(known), column.name)
    claims: dict[str, list[int]] = {}
    for at, header in enumerate(state.headers):
        owner = next((owners[form] for form in forms(header) if form in owners), None) or _coordinate(header, owners)
        if not header.text or at in state.kept or owner is None or state.columns.get(owner) == at:
            continue
        if owner in state.columns and fold(header.name) != fold(owner):
            continue  # the plan maps this column to another header: this one stands for itself
        claims.setdefault(owner, []).append(at)
    for name, claimed in claims.items():
        positions = [state.columns[name], *claimed] if name in state.columns else claimed
        if len(positions) > 1:
            _ambiguous(state, name, positions)
        state.columns[name] = positions[0]


def _coordinate(header: Header, owners: Mapping[str, str]) -> str | None:
    """The column of a header that names a system of coordinates too: ``经度（GCJ-02）``."""
    owner = owners.get(fold(without_system(header.text)))
    return owner if owner in ("lon", "lat") else None


def _ambiguous(state: _Matching, name: str, positions: Sequence[int]) -> None:
    state.doubtful.add(name)
    both = "、".join(f"{state.headers[at].text}（{column_letter(at)}）" for at in positions)
    state.report("T124", positions[-1], both, name=name)


def _take_rest(state: _Matching, elsewhere: Collection[str]) -> dict[str, int]:
    """Extra columns under their own names; two of one name are told apart by their letters."""
    taken = {*state.columns.values()} - state.kept
    absent = [column for column in state.spec.columns if column.name not in {*state.columns, *elsewhere}]
    names = {
        at: state.named.get(at) or _own_name(header) for at, header in enumerate(state.headers) if header.text and at not in taken
    }
    often = Counter(names.values())
    for at in names:
        if at not in state.kept:
            _warn_of_likeness(state, at, absent)
    for at, header in enumerate(state.headers):
        if not header.text and any(at < len(row) and filled(row[at]) for row in state.grid.rows[state.row + 1 :]):
            state.report("T127", at, column_letter(at))
    return {
        name if often[name] == 1 and not state.spec.has(name) else f"{name} ({column_letter(at)})": at for at, name in names.items()
    }


def _own_name(header: Header) -> str:
    """An extra column's name: without its brackets when they hold a unit."""
    if header.unit is not None and known_unit(header.unit) is not None:
        return header.name
    return re.sub(r"\s+", " ", header.text.replace("*", "").replace("＊", "")).strip()


def _bare(text: str) -> str:
    """A header folded, without remarks in brackets and a unit at its end: ``投资额（含税）亿元`` is 投资额."""
    plain = fold(re.sub(r"[（(【\[].*?[)）】\]]", "", text))
    return next((plain[:at] for at in range(1, len(plain)) if known_unit(plain[at:]) is not None), plain)


def _likeness(text: str, known: str) -> float:
    """How alike two texts are, 0–1; 0 where their lengths alone put them below :data:`NEAR`."""
    most = 2.0 * min(len(text), len(known)) / max(len(text) + len(known), 1)
    return 0.0 if most < NEAR else SequenceMatcher(None, text, known).ratio()


def _warn_of_likeness(state: _Matching, at: int, absent: Sequence[Column]) -> None:
    """A header that is that of a resource not declared, or nearly that of a column."""
    header, spec = state.headers[at], state.spec
    name = next(reversed(forms(header)), "")
    for resource, aliases in RESOURCE_ALIASES.items():
        if spec.takes_resources and name in map(fold, (resource, *aliases)):
            if not spec.has(resource):
                state.report("T129", at, header.text, resource=resource)
            return
    alike = (
        (_likeness(text, fold(known)), known, column.name)
        for text in {name, _bare(header.text), _bare(YEAR.sub("", header.text))}
        for column in absent
        for known in column.known_as
    )
    likeness, near, of = max(alike, default=(0.0, "", ""))
    if likeness >= NEAR:
        state.doubtful.add(of)
        state.report("T125", at, header.text, table=spec.zh, near=near, name=of, header=header.text, own=_own_name(header))
