"""What plan.yaml says of the shape of a source: rows that are kept, ids of several columns, columns that are really rows.

Each is done on the grid, so that what is read afterwards is an ordinary table and every cell keeps its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.language import Words
from planner.problems import Problem, nearest
from planner.reading.cells import convert, extra_column, whole
from planner.reading.headers import header_row, match_headers, parse_headers
from planner.reading.table import Broken, Grid, Origin, Table, filled
from planner.reading.unit_places.notes import LED
from planner.reading.unit_places.row import under_header
from planner.settings.base import RefusedError, normal_quarter
from planner.settings.document import dotted
from planner.settings.filters import conditions, values_of
from planner.settings.sources import TableSource, Unpivot
from planner.spelling import fold
from planner.tables.codes import nearest_words, problem
from planner.tables.column import Column, TableSpec
from planner.tables.facts import ColumnFacts, amount_in, comparable, facts_of, plain, possible
from planner.tables.misfits import Kind, converts, misfits

_CODES: Mapping[Kind, str] = {
    "value": "T186",
    "ids": "T355",
    "unit": "T356",
    "words": "T357",
    "quarter": "T358",
    "number": "T380",
    "order": "T359",
}
SHEET, FILE = "sheet", "file"
"""Words that stand for the name of the sheet, and of the file, among the columns of an id."""


@dataclass(frozen=True)
class Part:
    """A grid that is read as one table, and where the columns that were added to it really stand (None: nowhere)."""

    grid: Grid
    source: TableSource
    moved: tuple[tuple[str, int | None], ...] = ()

    def placed(self, table: Table) -> Table:
        """The table with the true places of its added columns."""
        origins = {name: origin for name, origin in table.origins.items() if name not in dict(self.moved)}
        return replace(table, origins=origins | {name: Origin(0, at) for name, at in self.moved if at is not None})


def parts_of(grid: Grid, spec: TableSpec, source: TableSource) -> tuple[list[Part], list[Problem]]:
    """The source as one part, or one for each column that holds rows; and what in its declarations names nothing."""
    row = header_row(grid, spec, source) if source.rows or source.id or source.unpivot else None
    if row is None:
        return [Part(grid, source)], []
    # The header is told from here on: blanked columns must not move it.
    part, problems = Part(grid, source.model_copy(update={"header_row": row + 1})), []
    for step in (_filtered, _with_id):
        part, found = step(part, spec, row)
        problems += found
    if source.unpivot is None:
        return [part], problems
    parts, found = _unpivoted(part, spec, row, source.unpivot)
    return parts, problems + found


def _position(part: Part, spec: TableSpec, row: int, name: str) -> int | None:
    """Where a column stands that is named by its canonical name or by its header."""
    headers = parse_headers(part.grid.rows[row])
    column = next((one for one in spec.columns if fold(one.name) == fold(name)), None)
    wanted = [name, part.source.columns.get(name, ""), *(column.known_as if column is not None else ())]
    folds = [fold(text) for text in wanted if text]
    found = (at for text in folds for at, header in enumerate(headers) if text in (fold(header.text), fold(header.name)))
    return next(found, None)


def _nowhere(part: Part, row: int, key: str, name: str) -> Problem:
    texts = [header.text for header in parse_headers(part.grid.rows[row]) if header.text]
    near = nearest_words(nearest(name, texts), Words.listed(texts))
    return problem("T185", part.grid.place(row), key, name, nearest=near)


def _body(part: Part, row: int) -> list[int]:
    return [at for at in range(row + 1, len(part.grid.rows)) if any(map(filled, part.grid.rows[at]))]


def _text(cell: object) -> str:
    return "" if cell is None or isinstance(cell, Broken) else whole(cell).strip().rstrip("*＊").rstrip()


def _cell(cells: Sequence[object], at: int) -> object:
    return cells[at] if at < len(cells) else None


def _is_note(cells: Sequence[object]) -> bool:
    """Whether a row holds a note on units and nothing else: it is about the rows that are kept, too."""
    held = [cell for cell in cells if filled(cell)]
    return len(held) == 1 and isinstance(held[0], str) and bool(LED.search(held[0]))


def _filtered(part: Part, spec: TableSpec, row: int) -> tuple[Part, list[Problem]]:
    """Without the rows that the filter ``rows`` does not take. Rows that say the units of others stay."""
    where, grid = part.source.rows, part.grid
    if not where:
        return part, []
    if grid.layer:
        return part, [problem("T189", grid.place(), "rows", found="rows")]
    layout = match_headers(grid, row, spec, part.source)[0]
    under = under_header(grid, layout, spec)
    told = {at for at in _body(part, row) if (under is not None and at == under.row) or _is_note(grid.rows[at])}
    body = [at for at in _body(part, row) if at not in told]
    problems: list[Problem] = []
    facts: dict[str, ColumnFacts] = {}
    for way, name, wanted in conditions(where, ("rows",)):
        at = _position(part, spec, row, name)
        if at is None:
            problems.append(_nowhere(part, row, dotted(way), name))
            continue
        column = next((spec.column(one) for one, held in layout.columns.items() if held == at and spec.has(one)), None)
        held = facts.get(name) or _facts([_cell(grid.rows[number], at) for number in body], column)
        facts[name] = _with_spellings(held, wanted)
        unit = part.source.units.get("" if column is None else column.name) or layout.headers[at].unit or ""
        for one in misfits(facts[name], wanted, [""]):
            said = {"column": name, **one.said} | ({"allowed": _as_written(one.found, unit)} if one.kind == "unit" else {})
            problems.append(problem(_CODES[one.kind], grid.place(row, at), dotted((*way, *one.way)), one.found or name, **said))
    if problems:
        return part, problems
    taken = possible(where, lambda name, wanted: facts[name].passes(wanted), len(body))
    if not taken.any():
        return part, [problem("T186", grid.place(row), "rows", "", nearest=Words("放宽或改正条件", "loosen or mend the filter"))]
    kept = told | {at for at, take in zip(body, taken.tolist(), strict=True) if take}
    return replace(
        part, grid=replace(grid, rows=[cells if at <= row or at in kept else [] for at, cells in enumerate(grid.rows)])
    ), []


def _facts(cells: Sequence[object], column: Column | None) -> ColumnFacts:
    """The cells of a column as filters read them while no unit is known: numbers as the file writes them, other values as the kind of
    the column has them, cells that cannot be read as their text."""
    if column is None:
        return facts_of(pd.Series(extra_column(cells).array))
    read = convert(replace(column, kind="number", unit="") if column.numeric else column, cells)
    values, blank = list(read.values), {*np.flatnonzero(read.blank).tolist()} - {fault.row for fault in read.faults}
    several = column.kind == "list"
    for fault in read.faults:
        values[fault.row] = (_text(cells[fault.row]),) if several else _text(cells[fault.row])
    return facts_of([None if at in blank and not several else value for at, value in enumerate(values)], column=column)


def _with_spellings(facts: ColumnFacts, wanted: object) -> ColumnFacts:
    """The column with every spelling of a value that is asked for as one: width, case, blanks and script do not matter."""
    for value in map(plain, values_of(wanted)):
        alike = [text for text in facts.texts if text and fold(text) == fold(value)]
        if alike:
            texts = tuple(alike[0] if text in alike else text for text in facts.texts)
            facts = replace(facts, texts=texts, names={**facts.names, comparable(value): (alike[0],)})
    return facts


def _as_written(amount: str, unit: str) -> Words:
    """What to write in place of an amount with a unit."""
    zh, en = "照文件里的数写，不带单位", "the number as the file has it, without a unit"
    return (
        Words(f"{zh}：{amount_in(amount, unit):g}", f"{en}: {amount_in(amount, unit):g}")
        if converts(amount, [unit])
        else Words(zh, en)
    )


def _with_id(part: Part, spec: TableSpec, row: int) -> tuple[Part, list[Problem]]:
    """With an id that is put together of several columns; blank where one of them is."""
    if not part.source.id:
        return part, []
    positions = {name: _position(part, spec, row, name) for name in part.source.id if name not in (SHEET, FILE)}
    missing = [_nowhere(part, row, "id", name) for name, at in positions.items() if at is None]
    if missing:
        return part, missing
    names = {SHEET: part.grid.sheet or "", FILE: part.grid.file.rpartition(".")[0]}

    def of(cells: Sequence[object]) -> str:
        texts = [names[name] if name in names else _text(_cell(cells, positions[name] or 0)) for name in part.source.id]
        return "-".join(texts) if all(texts) else ""

    last = next((at for at in reversed(positions.values()) if at is not None), None)
    return _added(part, row, spec.key[0], " + ".join(part.source.id), of, last), []


def _added(part: Part, row: int, name: str, header: str, of: object, at: int | None) -> Part:
    """With one more column at the right end of the grid, ``of`` each row that is filled."""
    width = max(map(len, part.grid.rows), default=0)
    body = set(_body(part, row))

    def longer(number: int, cells: Sequence[object]) -> Sequence[object]:
        if number != row and number not in body:
            return cells
        value = header if number == row else of(cells)  # type: ignore[operator]
        return [*cells, *[None] * (width - len(cells)), value]

    rows = [longer(number, cells) for number, cells in enumerate(part.grid.rows)]
    columns = {**part.source.columns, name: header}
    source = part.source.model_copy(update={"columns": columns})
    return Part(replace(part.grid, rows=rows), source, (*part.moved, (name, at)))


def _unpivoted(part: Part, spec: TableSpec, row: int, told: Unpivot) -> tuple[list[Part], list[Problem]]:
    """A part for each of the columns, in which it is the only one of them and its name stands in a column of its own."""
    headers = parse_headers(part.grid.rows[row])
    if told.columns:
        wanted = {header: _position(part, spec, row, header) for header in told.columns}
        missing = [_nowhere(part, row, "unpivot.columns", header) for header, at in wanted.items() if at is None]
        if missing:
            return [part], missing
        values = {at: told.columns[header] for header, at in wanted.items() if at is not None}
    else:
        values = {at: quarter for at, header in enumerate(headers) if (quarter := _quarter(header.name or header.text)) is not None}
    if not values:
        return [part], [problem("T188", part.grid.place(row), "unpivot", into=told.into)]
    parts = []
    for position, value in values.items():
        others = values.keys() - {position}
        rows = [[None if at in others else cell for at, cell in enumerate(cells)] for cells in part.grid.rows]
        columns = {**part.source.columns, told.value: headers[position].text}
        source = part.source.model_copy(update={"columns": columns})
        own = replace(part, grid=replace(part.grid, rows=rows), source=source)
        parts.append(_added(own, row, told.into, f"{told.into} ({headers[position].text})", lambda _, text=value: text, None))
    return parts, []


def _quarter(text: str) -> str | None:
    try:
        return normal_quarter(text)
    except RefusedError:
        return None
