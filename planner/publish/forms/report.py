"""``planner check --report``: a workbook for whoever has to mend the data, with every problem where it stands.

Each file (sheet, layer) that was read is copied to a sheet of its own, cell by cell at the same address; a faulty cell is coloured
and bears what is wrong, what is allowed and what to do as a comment. The first sheet lists and counts all problems, with links.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xlsxwriter.utility import quote_sheetname

from planner.language import Language, Words
from planner.plan.inspection import Inspection
from planner.plan.whole_folder import whole_file
from planner.problems import Place, Problem, errors
from planner.publish.book.book import Book, Cell, Page
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import widen, write_table
from planner.publish.book.text import sheet_name, width
from planner.publish.codes import refusal
from planner.publish.forms.copies import address_of, comment, spot_of, tone_of, write_copy
from planner.publish.forms.origins import ORIGINS, write_origins
from planner.reading.headers import header_row
from planner.reading.readers import GridRead
from planner.reading.table import filled

TITLE = Words("补链数据核对报告", "Bulian data-quality report")
LIST, PLAN = Words("问题清单", "Problems"), Words("计划文件", "Plan file")
_LEVELS = {"error": Words("错误", "error"), "warning": Words("提醒", "warning")}
_PROBLEMS = (
    Column(Words("序号", "No."), kind="count"),
    Column(Words("级别", "Level"), kind="short"),
    Column(Words("代码", "Code"), kind="short"),
    Column(Words("位置", "Place"), room=32),
    Column(Words("列或对象", "Column or object"), room=20),
    Column(Words("现在是", "Found"), room=26),
    Column(Words("允许", "Allowed"), room=46),
    Column(Words("怎么改", "What to do"), room=46),
    Column(Words("处理情况", "Done")),
)
_FILES = (
    Column(Words("错误", "Errors"), kind="count"),
    Column(Words("提醒", "Warnings"), kind="count"),
    Column(Words("行数", "Rows"), kind="count"),
    Column(Words("文件", "File")),
    Column(Words("工作表或图层", "Sheet or layer"), span=2),
    Column(Words("表", "Table")),
    Column(Words("编码", "Encoding")),
)
_PLAN_FILE = Words("计划文件与其他", "plan file and others")
_COUNTS = Words("错误 {errors} 处，提醒 {warnings} 处", "{errors:error}, {warnings:warning}")
_NONE = Words("没有发现问题", "no problem was found")
_HOW = Words(
    "后面各页是读入的文件，单元格位置与原文件相同：红色是错误，黄色是提醒，批注写明怎么改。请改原文件，这里只供对照。",
    "The sheets behind are the files as they were read, every cell at its own address: red is an error, yellow a warning; the comment "
    "says what to do. Mend the files themselves: this is a copy.",
)
_DONE = Words("待改,已改,无需改", "open,mended,as meant")


def check_target(path: Path) -> None:
    """Refuse a report that is no .xlsx, or would replace anything but an earlier report."""
    if path.suffix.lower() != ".xlsx":
        raise refusal("T240", Place(str(path)), "--report", path.name)
    if path.exists() and not _is_report(path):
        raise refusal("T241", Place(str(path)), "--report", path.name)


def _is_report(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as parts:
            core = parts.read("docProps/core.xml").decode("utf-8", errors="replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return TITLE.zh in core or TITLE.en in core


def write_report(path: Path, found: Inspection, language: Language) -> Path:
    """The report at ``path``, in place of an earlier one.

    Raises:
        planner.problems.InputError: something else stands there, it is no .xlsx, or it cannot be written.
    """
    check_target(path)
    names = _sheet_names(found.grids, language)
    with whole_file(path) as made, Book(made, language, TITLE.say(language)) as book:
        first = book.page(LIST.say(language))
        links = {at: f"{quote_sheetname(PLAN.say(language))}!A{row + 1}" for at, row in _write_plan(book, found).items()}
        for read, name in zip(found.grids, names, strict=True):
            spots = {at: spot for at, problem in enumerate(found.problems) if (spot := spot_of(problem, read)) is not None}
            write_copy(book, name, read, found.problems, spots)
            links |= {at: f"{quote_sheetname(name)}!{address_of(spot)}" for at, spot in spots.items()}
        if found.tables is not None:
            write_origins(book, found.tables, found.as_of, found.older_than)
        _write_list(first, found, links)
    return path


def _sheet_names(grids: Sequence[GridRead], language: Language) -> list[str]:
    names = [words.say(language) for words in (LIST, PLAN, ORIGINS)]
    for read in grids:
        names.append(sheet_name(read.grid.sheet or Path(read.grid.file).stem, names))
    return names[3:]


def _write_plan(book: Book, found: Inspection) -> dict[int, int]:
    """The lines of the plan file, where a problem stands in it; the row of each such problem, by its number."""
    inside = {
        at: problem.place.line - 1
        for at, problem in enumerate(found.problems)
        if problem.place is not None and problem.place.file == found.path.name and problem.place.line
    }
    if not inside:
        return {}
    try:
        text = found.path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return {}
    page = book.page(PLAN.say(book.language))
    told: dict[int, list[Problem]] = {}
    for at, row in inside.items():
        told.setdefault(row, []).append(found.problems[at])
    for row, line in enumerate(text):
        tone = tone_of(told[row]) if row in told else None
        page.widen(0, min(120, width(line) + 2))
        page.text(row, 0, line, book.style("note", tone, font_name="Consolas", text_wrap=False))
    for row, problems in told.items():
        page.comment(row, 0, comment(problems, book.language))
    page.finish()
    return inside


def _write_list(page: Page, found: Inspection, links: Mapping[int, str]) -> None:
    """Counts, files, and every problem with a link to its place."""
    language, problems = page.language, found.problems
    columns = with_rows(_PROBLEMS, [_line(number, problem, language) for number, problem in enumerate(problems, start=1)])
    tones = [tone_of([problem]) for problem in problems]
    columns[1] = replace(columns[1], tones=tones)
    columns[3] = replace(columns[3], links=[links.get(at) for at in range(len(problems))])
    columns[-1] = replace(columns[-1], choices=_DONE.say(language).split(","))
    widen(page, columns)
    wrong = len(errors(problems))
    counts = _COUNTS.fill(errors=wrong, warnings=len(problems) - wrong) if problems else _NONE
    last = len(columns) - 1
    page.merged(
        0, 0, last, f"{page.say(TITLE)}：{found.path.absolute().parent.name}/{found.path.name}", page.book.style("title"), 30
    )
    page.merged(1, 0, last, page.say(counts), page.book.style("state"))
    page.merged(2, 0, last, page.say(_HOW), page.book.style("note"))
    placed = write_table(page, write_table(page, 4, _files(found, language), grow=False).end + 1, columns, filter_rows=True)
    page.repeat = placed.head, placed.head
    page.finish(frozen=(placed.first, 0) if placed.first < 13 else None)
    page.sheet.activate()


def _line(number: int, problem: Problem, language: Language) -> tuple[Cell, ...]:
    own = (number, _LEVELS[problem.severity].say(language), problem.code, str(problem.place or ""), problem.subject, problem.found)
    return (*own, problem.rule.say(language), problem.remedy.say(language), None)


def _files(found: Inspection, language: Language) -> list[Column]:
    """What was read, and how many problems stand in each."""
    counts: Counter[tuple[str, str | None, str]] = Counter(
        (*_owner(problem, found.grids), problem.severity) for problem in found.problems
    )
    keys: list[tuple[str, str | None]] = [(read.grid.file, read.grid.sheet) for read in found.grids]
    rows: list[tuple[Cell, ...]] = [
        (
            _rows(read),
            read.grid.file,
            read.grid.sheet or "",
            Words(read.spec.zh, read.spec.name).say(language),
            read.grid.encoding or "",
        )
        for read in found.grids
    ]
    rows.append(("", _PLAN_FILE.say(language), "", "", ""))
    numbers = [[counts[(*key, severity)] for key in (*keys, ("", None))] for severity in _LEVELS]
    columns = with_rows(_FILES, [(*both, *row) for *both, row in zip(*numbers, rows, strict=True)])
    for at, tone in enumerate(_LEVELS):
        columns[at] = replace(columns[at], tones=[tone if number else None for number in numbers[at]])
    return columns


def _rows(read: GridRead) -> int:
    """Rows of a grid below its header that are not empty."""
    header = header_row(read.grid, read.spec, read.source)
    return sum(any(map(filled, row)) for row in read.grid.rows[(header or 0) + 1 :])


def _owner(problem: Problem, grids: Sequence[GridRead]) -> tuple[str, str | None]:
    place = problem.place
    known = {(read.grid.file, read.grid.sheet) for read in grids}
    key = ("", None) if place is None else (place.file, place.sheet)
    return key if key in known else ("", None)
