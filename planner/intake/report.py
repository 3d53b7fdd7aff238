"""``导入报告.xlsx``: what became of every row, every cell that was not taken as it stands, every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.intake.clean import workbook
from planner.intake.rows import Outcome, ReadSheet, Row
from planner.language import Language, Words
from planner.problems import Problem
from planner.publish.forms.book import on_paper
from planner.publish.workbook.book import LINE_HEIGHT
from planner.publish.workbook.text import lines
from planner.reading.cells import shown

REPORT_FILE = Words("导入报告.xlsx", "intake-report.xlsx")
OUTCOMES: Mapping[Outcome, Words] = {
    "taken": Words("取用", "taken"),
    "repeat": Words("重复，并入前一行", "a repeat, merged"),
    "no data": Words("不是数据", "no data"),
    "skipped": Words("映射写明不取", "skipped by the map"),
    "refused": Words("拒绝", "refused"),
}
_COLOURS: Mapping[Outcome, str] = {"refused": "#F8D7DA", "repeat": "#E2E3E5", "no data": "#F1F3F5", "skipped": "#E2E3E5"}
_YES = Words("是", "yes")


def write_report(
    path: Path, sheets: Sequence[ReadSheet], untaken: Sequence[Words], problems: Sequence[Problem], language: Language
) -> None:
    """The workbook with its sheets: summary, rows, cells, problems."""
    with workbook(path) as book:
        text = {"text_wrap": True, "valign": "top"}
        style: dict[str, Any] = {"taken": book.add_format(text)}
        style |= {outcome: book.add_format({**text, "bg_color": colour}) for outcome, colour in _COLOURS.items()}
        style["head"] = book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True})
        _summary(book, style, sheets, untaken, language)
        _rows(book, style, sheets, language)
        _cells(book, style, sheets, language)
        _problems(book, style, problems, language)


def _page(book: Any, style: Mapping[str, Any], name: str, headers: Sequence[tuple[str, int]]) -> Any:
    page = book.add_worksheet(name)
    on_paper(page, name)
    page.repeat_rows(0)
    for at, (header, width) in enumerate(headers):
        page.write_string(0, at, header, style["head"])
        page.set_column(at, at, width)
    page.freeze_panes(1, 0)
    return page


def _line(page: Any, line: int, texts: Sequence[str], widths: Sequence[int], form: Any) -> None:
    """A row of texts, as high as the one that wraps most."""
    page.set_row(line, LINE_HEIGHT * min(20, max(lines(text, width) for text, width in zip(texts, widths, strict=True))))
    for at, text in enumerate(texts):
        page.write_string(line, at, text[:32000], form)


def _summary(
    book: Any, style: Mapping[str, Any], sheets: Sequence[ReadSheet], untaken: Sequence[Words], language: Language
) -> None:
    heads = [Words("文件", "file"), Words("工作表", "sheet"), Words("取作", "taken for"), Words("数据行", "rows")]
    heads += [*OUTCOMES.values(), Words("改读的格", "cells read otherwise"), Words("标为假设的格", "cells marked as assumed")]
    page = _page(book, style, Words("汇总", "summary").say(language), [(head.say(language), 18) for head in heads])
    for line, sheet in enumerate(sheets, start=1):
        counts = Counter(row.outcome for row in sheet.rows)
        notes = [note for row in sheet.rows if row.outcome == "taken" for note in row.notes]
        texts = (sheet.told.file, sheet.told.sheet or "", sheet.spec.zh if language == "zh" else sheet.spec.name)
        numbers = [len(sheet.rows), *(counts[outcome] for outcome in OUTCOMES), len(notes), sum(note.assumed for note in notes)]
        for at, text in enumerate(texts):
            page.write_string(line, at, text)
        for at, number in enumerate(numbers, start=len(texts)):
            page.write_number(line, at, number)
    for line, words in enumerate(untaken, start=len(sheets) + 2):
        page.write_string(line, 0, words.say(language))


def _rows(book: Any, style: Mapping[str, Any], sheets: Sequence[ReadSheet], language: Language) -> None:
    heads = (
        ("行", "row", 40),
        ("结果", "outcome", 18),
        ("编号", "id", 14),
        ("名称", "name", 34),
        ("改读", "read otherwise", 60),
        ("原因", "why", 50),
    )
    page = _page(
        book, style, Words("各行", "rows").say(language), [(Words(zh, en).say(language), width) for zh, en, width in heads]
    )
    line = 0
    for sheet in sheets:
        for row in sheet.rows:
            line += 1
            why = row.why.say(language) if row.why else "\n".join(found.say(language) for found in row.problems)
            changed = "; ".join(f"{note.header}: {shown(note.raw)} → {_shown(note.value)}" for note in row.notes)
            texts = (
                str(row.place),
                OUTCOMES[row.outcome].say(language),
                _value(row, sheet.spec.key[0]),
                _value(row, "name"),
                changed,
                why,
            )
            _line(page, line, texts, [width for *_, width in heads], style[row.outcome])
    page.autofilter(0, 0, max(line, 1), len(heads) - 1)


def _value(row: Row, name: str) -> str:
    return str(row.values.get(name, ""))


def _shown(value: object) -> str:
    return "" if value is None else shown(value)


def _cells(book: Any, style: Mapping[str, Any], sheets: Sequence[ReadSheet], language: Language) -> None:
    heads: tuple[tuple[str, str, int], ...] = (
        ("单元格", "cell", 40),
        ("表头", "header", 18),
        ("原文", "as it stands", 24),
        ("读作", "read as", 24),
        ("单位", "unit", 12),
    )
    heads += (("规则", "rule", 60), ("假设", "assumed", 8), ("此行", "the row", 18))
    page = _page(
        book, style, Words("改读的格", "cells").say(language), [(Words(zh, en).say(language), width) for zh, en, width in heads]
    )
    line = 0
    for sheet in sheets:
        for row in sheet.rows:
            for note in row.notes:
                line += 1
                unit = sheet.spec.column(note.column).unit if sheet.spec.has(note.column) else ""
                texts = [str(note.place), note.header, str(note.raw), _shown(note.value).strip('"'), unit, note.rule.say(language)]
                texts += [_YES.say(language) if note.assumed else "", OUTCOMES[row.outcome].say(language)]
                _line(page, line, texts, [width for *_, width in heads], style[row.outcome])
    page.autofilter(0, 0, max(line, 1), len(heads) - 1)


def _problems(book: Any, style: Mapping[str, Any], problems: Sequence[Problem], language: Language) -> None:
    heads = (
        ("代码", "code", 8),
        ("位置", "place", 40),
        ("对象", "subject", 24),
        ("所见", "found", 30),
        ("规则", "rule", 60),
        ("处理", "remedy", 70),
    )
    page = _page(
        book, style, Words("问题", "problems").say(language), [(Words(zh, en).say(language), width) for zh, en, width in heads]
    )
    for line, found in enumerate(problems, start=1):
        texts = (
            found.code,
            str(found.place or ""),
            found.subject,
            found.found,
            found.rule.say(language),
            found.remedy.say(language),
        )
        _line(page, line, texts, [width for *_, width in heads], style["refused" if found.severity == "error" else "taken"])
