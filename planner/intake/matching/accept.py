"""What was accepted, written into a copy of the candidates: the link with ``*``, and what speaks for it in a column of its own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.intake.codes import problem, refusal
from planner.intake.matching.book import put, workbook
from planner.intake.matching.match import Matches
from planner.intake.matching.suggestions import Accepted
from planner.language import Language, Words
from planner.problems import InputError, Problem
from planner.reading.headers import fold, header_row, parse_headers
from planner.reading.readers import offered_files, read_grid
from planner.reading.table import Broken, Grid, filled
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
    sheet: str | None
    links: int


def write_accepted(matches: Matches, accepted: Sequence[Accepted], out: Path | None = None) -> Copy:
    """The sheet of the candidates again, cell by cell, with the links that were accepted. ``out``: where to (a workbook); beside the
    candidates when None.

    Raises:
        planner.problems.InputError: the candidates are a layer (I165) or hold cells without a value (I166); a firm has no row in the
            file that holds the links (I167); a file stands there (I156), or nothing can be written there (R116).
    """
    table, loaded = matches.firms, matches.loaded
    sources = loaded.settings.tables.get("candidates") or offered_files(loaded.folder)[0]["candidates"]
    origin = table.origins.get("link_id") or table.origins["candidate_id"]
    number, _ = origin.at(None)
    held, source = table.inputs[number], sources[number]
    if held.layer:
        raise refusal("I165", table.place(), held.file)
    grid, problems = read_grid(loaded.folder, source, TABLES["candidates"])
    if grid is None:
        raise InputError(problems)
    rows = {one.firm: int(table.positions[number][one.firm]) for one in accepted}
    lost = [problem("I167", one.place, matches.names[one.firm], held.file) for one in accepted if rows[one.firm] < 0]
    if problems := [*lost, *_broken(grid)]:
        raise InputError(problems)
    head = header_row(grid, TABLES["candidates"], source)
    assert head is not None
    width = max(map(len, grid.rows))
    headers = parse_headers(grid.rows[head])
    at = table.origins["link_id"].at(None)[1] if "link_id" in table.origins else width
    width = max(width, at + 1)
    language = loaded.settings.language
    wanted = {fold(EVIDENCE.zh), fold(EVIDENCE.en)}
    noted = next((column for column, header in enumerate(headers) if fold(header.text) in wanted), width)
    new: dict[tuple[int, int], str] = {(head, noted): EVIDENCE.say(language)}
    if "link_id" not in table.origins:
        new[head, at] = TABLES["candidates"].column("link_id").zh if language == "zh" else "link_id"
    for one in accepted:
        new[rows[one.firm], at] = f"{matches.links[one.link].link_id}*"
        new[rows[one.firm], noted] = _evidence(matches, one, language)
    target = out or loaded.folder / Path(source.file).with_name(
        f"{Path(source.file).stem}_{'匹配' if language == 'zh' else 'matched'}.xlsx"
    )
    with workbook(target) as book:
        _copy(book, grid, new)
    return Copy(target, source.file, source.sheet if grid.sheet is not None else None, len(accepted))


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


def _copy(book: Any, grid: Grid, new: dict[tuple[int, int], str]) -> None:
    """The grid as a sheet of its own name, rows where they were: number formats that show words, merged ranges, and what is hidden or
    struck out stay so. ``new`` cells stand instead."""
    sheet = book.add_worksheet(grid.sheet or Path(grid.file).stem[:31])
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    formats: dict[tuple[str, bool], Any] = {}
    for (top, left), (bottom, right) in grid.merged:
        if not any(top <= row <= bottom and left <= column <= right for row, column in new):
            sheet.merge_range(top, left, bottom, right, "")
    fresh: dict[int, dict[int, object]] = defaultdict(dict)
    for (row, column), text in new.items():
        fresh[row][column] = text
    for row, old in enumerate(grid.rows):
        for column, cell in (dict(enumerate(old)) | fresh[row]).items():
            look = _format(cell, grid.formats.get((row, column), "")), row in grid.struck
            if look not in formats:
                formats[look] = book.add_format({"num_format": look[0] or "General", "font_strikeout": look[1]})
            _put(sheet, row, column, cell, formats[look])
    for row in grid.hidden:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in grid.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})


def _format(cell: object, shown: str) -> str:
    if isinstance(cell, dt.datetime) and cell.time() != dt.time():
        return _MOMENT
    return _DATE if isinstance(cell, dt.date) else "hh:mm:ss" if isinstance(cell, dt.time) else shown


def _put(sheet: Any, row: int, column: int, cell: object, form: Any) -> None:
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        sheet.write_datetime(row, column, cell, form)
    elif filled(cell):
        put(sheet, row, column, cell, form)
