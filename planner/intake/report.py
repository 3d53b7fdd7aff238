"""``导入报告.xlsx``: what became of every row, every cell that was not taken as it stands, every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from planner.intake.clean import MARK
from planner.intake.rows import CellNote, Outcome, ReadSheet, Row
from planner.language import Language, Words
from planner.problems import Problem
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table, titled_table
from planner.publish.forms.cells import YES
from planner.reading.cells import shown

REPORT_FILE = Words("导入报告.xlsx", "intake-report.xlsx")
TITLE = Words("导入报告", "Intake report")
OUTCOMES: Mapping[Outcome, Words] = {
    "taken": Words("取用", "taken"),
    "repeat": Words("重复，并入前一行", "a repeat, merged"),
    "no data": Words("不是数据", "no data"),
    "skipped": Words("映射写明不取", "skipped by the map"),
    "refused": Words("拒绝", "refused"),
}
_TONES: Mapping[Outcome, str | None] = {
    "taken": None,
    "repeat": "quiet",
    "no data": "quiet",
    "skipped": "quiet",
    "refused": "error",
}
SUMMARY, ROWS = Words("汇总", "summary"), Words("各行", "rows")
CELLS, PROBLEMS = Words("改读的格", "cells"), Words("问题", "problems")
_HOW = Words(
    "原文件没有改动。“各行”逐行写明取用与否及原因，“改读的格”列出每个没有照原样读取的单元格及所用规则，“问题”是须处理的。红底：拒绝；灰底：不是数据或并入别行。",
    "The files are as they were. “rows” says of each row whether it was taken, and why not; “cells” lists every cell that was not read "
    "as it stands, with the rule; “problems” is what needs you. Red: refused; grey: no data, or merged into another row.",
)
_SUMMARY = (
    Column(Words("文件", "file"), room=34),
    Column(Words("工作表", "sheet"), room=28),
    Column(Words("取作", "taken for"), kind="short", room=16),
    Column(Words("数据行", "rows"), kind="count"),
    *(Column(words, kind="count") for words in OUTCOMES.values()),
    Column(Words("改读的格", "cells read otherwise"), kind="count"),
    Column(Words("标为假设的格", "cells marked as assumed"), kind="count"),
)
_UNTAKEN = Words("没有取用的工作表", "sheets that were not taken")
_ROWS = (
    Column(Words("行", "row"), room=40),
    Column(Words("结果", "outcome"), kind="short", room=18),
    Column(Words("编号", "id"), room=16),
    Column(Words("名称", "name"), room=34),
    Column(Words("改读", "read otherwise"), room=60),
    Column(Words("原因", "why"), room=50),
)
_CELLS = (
    Column(Words("单元格", "cell"), room=40),
    Column(Words("表头", "header"), room=18),
    Column(Words("原文", "as it stands"), room=28),
    Column(Words("读作", "read as"), room=28),
    Column(Words("单位", "unit"), kind="short"),
    Column(Words("规则", "rule"), room=60),
    Column(Words("假设", "assumed"), kind="short"),
    Column(Words("此行", "the row"), kind="short", room=18),
)
_PROBLEMS = (
    Column(Words("代码", "code"), kind="short"),
    Column(Words("位置", "place"), room=40),
    Column(Words("对象", "subject"), room=24),
    Column(Words("所见", "found"), room=30),
    Column(Words("规则", "rule"), room=60),
    Column(Words("处理", "remedy"), room=70),
)


def write_report(
    path: Path, sheets: Sequence[ReadSheet], untaken: Sequence[Words], problems: Sequence[Problem], language: Language
) -> None:
    """The workbook with its sheets: summary, rows, cells, problems."""
    rows = [(sheet, row) for sheet in sheets for row in sheet.rows]
    cells = [(sheet, row, note) for sheet, row in rows for note in row.notes]
    with Book(path, language, TITLE.say(language), comments=MARK) as book:
        summary = with_rows(_SUMMARY, [_counts(sheet, language) for sheet in sheets])
        page, placed = page_of_one_table(book, SUMMARY, summary, _HOW, title=TITLE, fixed=0)
        if untaken:
            texts = Column(Words("工作表与原因", "sheet and reason"), [words.say(language) for words in untaken], span=len(summary))
            titled_table(page, placed.end + 1, _UNTAKEN, [texts])
        page.finish()
        for name, heads, lines, tones in (
            (ROWS, _ROWS, [_row(sheet, row, language) for sheet, row in rows], [_TONES[row.outcome] for _, row in rows]),
            (CELLS, _CELLS, [_cell(*told, language) for told in cells], [_TONES[row.outcome] for _, row, _ in cells]),
            (PROBLEMS, _PROBLEMS, [_problem(told, language) for told in problems], [_tone(told) for told in problems]),
        ):
            page_of_one_table(book, name, with_rows(heads, lines), headed=False, fixed=0, tones=tones)[0].finish()


def _counts(sheet: ReadSheet, language: Language) -> tuple[Cell, ...]:
    counts = Counter(row.outcome for row in sheet.rows)
    notes = [note for row in sheet.taken for note in row.notes]
    texts = (sheet.sheet.grid.file, sheet.told.sheet or "", Words(sheet.spec.zh, sheet.spec.name).say(language))
    return (*texts, len(sheet.rows), *(counts[one] for one in OUTCOMES), len(notes), sum(note.assumed for note in notes))


def _row(sheet: ReadSheet, row: Row, language: Language) -> tuple[Cell, ...]:
    why = row.why.say(language) if row.why else "\n".join(found.say(language) for found in row.problems)
    changed = "; ".join(f"{note.header}: {shown(note.raw)} → {_shown(note.value)}" for note in row.notes)
    own, name = (str(row.values.get(key, "")) for key in (sheet.spec.key[0], "name"))
    return str(row.place), OUTCOMES[row.outcome].say(language), own, name, changed, why


def _shown(value: object) -> str:
    return "" if value is None else shown(value)


def _cell(sheet: ReadSheet, row: Row, note: CellNote, language: Language) -> tuple[Cell, ...]:
    unit = sheet.spec.column(note.column).unit if sheet.spec.has(note.column) else ""
    texts = (str(note.place), note.header, str(note.raw), _shown(note.value).strip('"'), unit, note.rule.say(language))
    return (*texts, YES.say(language) if note.assumed else "", OUTCOMES[row.outcome].say(language))


def _problem(told: Problem, language: Language) -> tuple[Cell, ...]:
    own = (told.code, str(told.place or ""), told.subject, told.found)
    return (*own, told.rule.say(language), told.remedy.say(language))


def _tone(told: Problem) -> str | None:
    return "error" if told.severity == "error" else None
