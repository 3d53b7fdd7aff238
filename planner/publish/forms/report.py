"""``planner check --report``: a workbook for whoever has to mend the data, with every problem where it stands.

Each file (sheet, layer) that was read is copied to a sheet of its own, cell by cell at the same address; a faulty cell is coloured
and bears what is wrong, what is allowed and what to do as a comment. The first sheet lists and counts all problems, with links.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.language import Language, Words
from planner.plan.inspection import Inspection
from planner.problems import Place, Problem, errors
from planner.publish.codes import refusal
from planner.publish.forms.book import FormBook, put, written_whole
from planner.publish.forms.cells import Cell
from planner.publish.forms.copies import DOUBTFUL, FAULTY, address_of, comment, spot_of, write_copy
from planner.publish.forms.origins import ORIGINS, write_origins
from planner.publish.workbook.book import LINE_HEIGHT
from planner.publish.workbook.text import lines, sheet_name
from planner.reading.headers import header_row
from planner.reading.readers import GridRead
from planner.reading.table import filled

TITLE = Words("补链数据核对报告", "Bulian data-quality report")
LIST, PLAN = Words("问题清单", "Problems"), Words("计划文件", "Plan file")
_LEVELS = {"error": Words("错误", "error"), "warning": Words("提醒", "warning")}
_HEADINGS = (
    (Words("序号", "No."), 6),
    (Words("级别", "Level"), 8),
    (Words("代码", "Code"), 8),
    (Words("位置", "Place"), 30),
    (Words("列或对象", "Column or object"), 18),
    (Words("现在是", "Found"), 24),
    (Words("允许", "Allowed"), 44),
    (Words("怎么改", "What to do"), 44),
    (Words("处理情况", "Done"), 10),
)
_PLAN_FILE = Words("计划文件与其他", "plan file and others")
_COUNTS = Words("错误 {errors} 处，提醒 {warnings} 处", "{errors} error(s), {warnings} warning(s)")
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

    def write(made: Path) -> None:
        form = FormBook(made, language, TITLE.say(language))
        first: Any = form.sheet(LIST.say(language))
        plan_spots = _write_plan(form, found)
        links: dict[int, str] = {at: f"internal:'{PLAN.say(language)}'!A{row + 1}" for at, row in plan_spots.items()}
        for read, name in zip(found.grids, names, strict=True):
            spots = {at: spot for at, problem in enumerate(found.problems) if (spot := spot_of(problem, read)) is not None}
            write_copy(form, name, read, found.problems, spots)
            links |= {at: f"internal:'{name}'!{address_of(spot)}" for at, spot in spots.items()}
        if found.tables is not None:
            write_origins(form, found.tables, found.as_of, found.older_than)
        _write_list(form, first, found, links)
        form.book.close()

    return written_whole(path, write)


def _sheet_names(grids: Sequence[GridRead], language: Language) -> list[str]:
    names = [words.say(language) for words in (LIST, PLAN, ORIGINS)]
    for read in grids:
        names.append(sheet_name(read.grid.sheet or Path(read.grid.file).stem, names))
    return names[3:]


def _write_plan(form: FormBook, found: Inspection) -> dict[int, int]:
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
    page: Any = form.sheet(PLAN.say(form.language))
    page.set_column(0, 0, 120)
    told: dict[int, list[Problem]] = {}
    for at, row in inside.items():
        told.setdefault(row, []).append(found.problems[at])
    face = {"font_name": "Consolas", "text_wrap": False}
    for row, line in enumerate(text):
        look = {} if row not in told else FAULTY if errors(told[row]) else DOUBTFUL
        put(page, row, 0, line, form.style("note", **face, **look))
    for row, problems in told.items():
        comment(page, row, 0, problems, form.language)
    return inside


def _write_list(form: FormBook, page: Any, found: Inspection, links: Mapping[int, str]) -> None:
    """Counts, files, and every problem with a link to its place."""
    language = form.language
    for at, (_, room) in enumerate(_HEADINGS):
        page.set_column(at, at, room)
    last = len(_HEADINGS) - 1
    page.merge_range(
        0, 0, 0, last, f"{TITLE.say(language)}：{found.path.absolute().parent.name}/{found.path.name}", form.style("title")
    )
    page.set_row(0, 30)
    wrong = len(errors(found.problems))
    counts = _COUNTS.say(language, errors=wrong, warnings=len(found.problems) - wrong) if found.problems else _NONE.say(language)
    page.merge_range(1, 0, 1, last, counts, form.style("state"))
    page.merge_range(2, 0, 2, last, _HOW.say(language), form.style("note"))
    page.set_row(2, 20 if language == "zh" else 36)
    row = _write_files(form, page, found, 4) + 1
    for at, (heading, _) in enumerate(_HEADINGS):
        put(page, row, at, heading.say(language), form.style("head"))
    top = row
    wrapped, centred = form.style("body", text_wrap=True), form.style("body", align="center")
    linked = form.style("body", text_wrap=True, font_color="#1F4E79", underline=1)
    for number, problem in enumerate(found.problems):
        row += 1
        look = FAULTY if problem.severity == "error" else DOUBTFUL
        put(page, row, 0, float(number + 1), centred)
        put(page, row, 1, _LEVELS[problem.severity].say(language), form.style("body", align="center", **look))
        put(page, row, 2, problem.code, centred)
        place = str(problem.place or "")
        put(page, row, 3, place, wrapped)
        if number in links and number < 60_000:  # Excel takes 65,530 links
            page.write_url(row, 3, links[number], linked, place)
        texts = (problem.subject, problem.found, problem.rule.say(language), problem.remedy.say(language))
        for at, text in enumerate(texts, start=4):
            put(page, row, at, text or None, wrapped)
        put(page, row, last, None, centred)
        high = max(lines(text, _HEADINGS[at][1]) for at, text in enumerate((place, *texts), start=3))
        page.set_row(row, LINE_HEIGHT * min(high, 20))
    if found.problems:
        page.autofilter(top, 0, row, last)
        page.data_validation(top + 1, last, row, last, {"validate": "list", "source": _DONE.say(language).split(",")})
    page.repeat_rows(top)
    page.freeze_panes(top + 1, 0) if top < 12 else None
    page.activate()


def _write_files(form: FormBook, page: Any, found: Inspection, row: int) -> int:
    """What was read, and how many problems stand in each; the row below."""
    language = form.language
    counts: Counter[tuple[str, str | None, str]] = Counter(
        (*_owner(problem, found.grids), problem.severity) for problem in found.problems
    )
    heads = [
        Words("文件", "File"),
        Words("工作表或图层", "Sheet or layer"),
        Words("表", "Table"),
        Words("行数", "Rows"),
        Words("编码", "Encoding"),
    ]
    columns = (3, 4, 5, 6, 7)
    body = form.style("body", text_wrap=True)
    put(page, row, 0, None)
    for at, heading in zip(columns, heads, strict=True):
        put(page, row, at, heading.say(language), form.style("head"))
    for at, severity in ((1, "error"), (2, "warning")):
        put(page, row, at, _LEVELS[severity].say(language), form.style("head"))
    entries: list[tuple[tuple[str, str | None], tuple[Cell, ...]]] = [
        (
            (read.grid.file, read.grid.sheet),
            (
                read.grid.file,
                read.grid.sheet,
                read.spec.zh if language == "zh" else read.spec.name,
                float(_rows(read)),
                read.grid.encoding,
            ),
        )
        for read in found.grids
    ]
    entries.append((("", None), (_PLAN_FILE.say(language), None, None, None, None)))
    for key, cells in entries:
        row += 1
        for at, severity in ((1, "error"), (2, "warning")):
            number = counts[(*key, severity)]
            look = {} if not number else FAULTY if severity == "error" else DOUBTFUL
            put(page, row, at, float(number), form.style("body", align="center", **look))
        for at, cell in zip(columns, cells, strict=True):
            put(page, row, at, cell, body)
    return row + 1


def _rows(read: GridRead) -> int:
    """Rows of a grid below its header that are not empty."""
    header = header_row(read.grid, read.spec, read.source)
    return sum(any(map(filled, row)) for row in read.grid.rows[(header or 0) + 1 :])


def _owner(problem: Problem, grids: Sequence[GridRead]) -> tuple[str, str | None]:
    place = problem.place
    known = {(read.grid.file, read.grid.sheet) for read in grids}
    key = ("", None) if place is None else (place.file, place.sheet)
    return key if key in known else ("", None)
