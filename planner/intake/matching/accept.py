"""What was accepted, written into a copy of the candidates: the link with ``*``, and what speaks for it in a column of its own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from planner.intake.codes import problem, refusal
from planner.intake.matching.book import new_file
from planner.intake.matching.match import Matches
from planner.intake.matching.suggestions import Accepted
from planner.language import Language, Words
from planner.problems import InputError, Problem
from planner.publish.book.book import Book, Cell
from planner.publish.book.text import width
from planner.reading.headers import header_row, parse_headers
from planner.reading.readers import read_grid, sources_of
from planner.reading.table import Broken, Grid, Table, TableInput, filled
from planner.settings.sources import TableSource
from planner.spelling import fold
from planner.tables.spec import TABLES

EVIDENCE = Words("环节匹配证据", "evidence for the link")
_SUGGESTED = Words("得分 {score:.2f}；词：{words}；采纳于 {place}", "score {score:.2f}; words: {words}; accepted at {place}")
_CHOSEN = Words("不在建议之列，由人选定于 {place}", "not suggested, chosen by a person at {place}")
_BEFORE = Words("；原为 {link}", "; it was {link}")
_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True)
class Copy:
    """A copy that was written: the file of the plan that it can stand for, and how many links were put in."""

    path: Path
    instead_of: str
    links: int


def write_accepted(matches: Matches, accepted: Sequence[Accepted], out: Path | None = None) -> tuple[Copy, ...]:
    """The sheets of the candidates again, cell by cell, with the links that were accepted: one workbook for each file in which some
    stand. ``out``: where to (of several the further ones numbered); beside the candidates when None.

    Raises:
        planner.problems.InputError: the candidates are a layer (I165) or hold cells without a value (I166); a firm has no row in the
            file that holds the links (I167); a file stands there (I156), or nothing can be written there (R116).
    """
    table, loaded = matches.firms, matches.loaded
    of_input: dict[int, list[tuple[Accepted, int]]] = defaultdict(list)
    lost: list[Problem] = []
    for one in accepted:
        number, column = _spot(table, one.firm)
        of_input[number].append((one, column))
        if table.positions[number][one.firm] < 0:
            lost.append(problem("I167", one.place, matches.names[one.firm], table.inputs[number].file))
    files = dict.fromkeys(table.inputs[number].file for number in sorted(of_input))
    sheets: dict[str, list[tuple[Grid, dict[tuple[int, int], str]]]] = {}
    for file in files:
        for number, held in enumerate(table.inputs):
            if held.file == file:
                if held.layer:
                    raise refusal("I165", table.place(), held.file)
                grid, source = _grid(matches, held)
                lost += _broken(grid)
                sheets.setdefault(file, []).append((grid, _cells(matches, number, grid, source, of_input[number])))
    if lost:
        raise InputError(lost)
    copies = []
    for number, (file, grids) in enumerate(sheets.items(), start=1):
        stem = f"{Path(file).stem}_{'匹配' if loaded.settings.language == 'zh' else 'matched'}"
        target = loaded.folder / Path(file).with_name(f"{stem}.xlsx") if out is None else out
        if out is not None and number > 1:
            target = out.with_name(f"{out.stem}_{number}{out.suffix}")
        with new_file(target) as fresh, Book(fresh, loaded.settings.language, stem) as book:
            for grid, new in grids:
                _copy(book, grid, new)
        copies.append(Copy(target, file, sum(len(of_input[at]) for at, held in enumerate(table.inputs) if held.file == file)))
    return tuple(copies)


def _spot(table: Table, row: int) -> tuple[int, int]:
    """The input and the column in which the link of a row stands; −1 for the column where its file has none."""
    origin = table.origins.get("link_id")
    number, column = (-1, -1) if origin is None else origin.at(row)
    if column < 0:
        number = next((at for at, lines in enumerate(table.positions) if lines[row] >= 0), 0)
    return number, column


def _grid(matches: Matches, held: TableInput) -> tuple[Grid, TableSource]:
    """The sheet that an input was read from, as it stands, and where the plan names it."""
    folder = matches.loaded.folder
    sources = sources_of(matches.loaded.settings, folder)[0]["candidates"]
    source = next(one for one in sources if one.file == held.file and one.sheet in (None, held.sheet))
    grid, problems = read_grid(folder, source.model_copy(update={"sheet": held.sheet}), TABLES["candidates"])
    if grid is None:
        raise InputError(problems)
    return grid, source


def _cells(
    matches: Matches, number: int, grid: Grid, source: TableSource, accepted: Sequence[tuple[Accepted, int]]
) -> dict[tuple[int, int], str]:
    """What is written into a sheet, by row and column: links and evidence, and headings of columns that it did not have."""
    if not accepted:
        return {}
    table, language = matches.firms, matches.loaded.settings.language
    head = header_row(grid, TABLES["candidates"], source)
    assert head is not None  # the table was read
    headers, width = parse_headers(grid.rows[head]), max(map(len, grid.rows))
    new: dict[tuple[int, int], str] = {}
    own = max(column for _, column in accepted)
    if own < 0:
        own, width = width, width + 1
        new[head, own] = TABLES["candidates"].column("link_id").zh if language == "zh" else "link_id"
    wanted = {fold(EVIDENCE.zh), fold(EVIDENCE.en)}
    noted = next((at for at, header in enumerate(headers) if fold(header.text) in wanted), width)
    new[head, noted] = EVIDENCE.say(language)
    for one, _ in accepted:
        row = int(table.positions[number][one.firm])
        new[row, own] = f"{matches.links[one.link].link_id}*"
        new[row, noted] = _evidence(matches, one, language)
    return new


def _evidence(matches: Matches, one: Accepted, language: Language) -> str:
    found, place = matches.suggestion(one.firm, one.link), str(one.place)
    words = "、".join(found.words) if found is not None else ""
    said = (
        _CHOSEN.say(language, place=place)
        if found is None
        else _SUGGESTED.say(language, score=found.score, words=words, place=place)
    )
    before = matches.stated[one.firm]
    changed = before and before != matches.links[one.link].link_id
    return said + (_BEFORE.say(language, link=before) if changed else "")


def _broken(grid: Grid) -> list[Problem]:
    """Cells that hold something but no value."""
    return [
        problem("I166", grid.place(row, column), cell.code, cell.text)
        for row, cells in enumerate(grid.rows)
        for column, cell in enumerate(cells)
        if isinstance(cell, Broken)
    ]


def _copy(book: Book, grid: Grid, new: Mapping[tuple[int, int], str]) -> None:
    """The grid as a sheet of its own name, rows where they were: number formats that show words, merged ranges, and what is hidden or
    struck out stay so. ``new`` cells stand instead."""
    page = book.page(grid.sheet or Path(grid.file).stem)
    page.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for (top, left), (bottom, right) in grid.merged:
        if not any(top <= row <= bottom and left <= column <= right for row, column in new):
            page.sheet.merge_range(top, left, bottom, right, "")
    fresh: dict[int, dict[int, Any]] = defaultdict(dict)
    for (row, column), text in new.items():
        fresh[row][column] = text
    for row, old in enumerate(grid.rows):
        for column, cell in (dict(enumerate(old)) | fresh[row]).items():
            if not filled(cell):
                continue
            shown = _format(cell, grid.formats.get((row, column), "")) or "General"
            page.put(row, column, cast("Cell", cell), book.style("body", num_format=shown, font_strikeout=row in grid.struck))
            page.widen(column, min(40, width(str(cell)) + 3))
    for row in grid.hidden:
        page.sheet.set_row(row, None, None, {"hidden": True})
    page.finish()
    for column in grid.hidden_columns:
        page.sheet.set_column(column, column, None, None, {"hidden": True})


def _format(cell: object, shown: str) -> str:
    if isinstance(cell, dt.datetime) and cell.time() != dt.time():
        return _MOMENT
    return _DATE if isinstance(cell, dt.date) else "hh:mm:ss" if isinstance(cell, dt.time) else shown
