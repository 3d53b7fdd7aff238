"""A filled list set as a workbook: a directory, then a sheet for each list, with links from row to row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from planner.language import Words
from planner.plan.model import SHORT, Plan
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import page_of_one_table, write_table
from planner.publish.book.text import sheet_name
from planner.publish.lists.content import Leads, Outside, SetContent, SheetContent, Target
from planner.publish.proof import stamp_of, standing_of

DIRECTORY = Words("目录", "Contents")
BACK = Words("← 目录", "← Contents")
SOURCE = Words("出处：{source}", "Source: {source}")
REMARK_WIDTH = 80.0
"""Characters of the directory's remarks, which the title and the source stand over."""
LEAST_WIDTH = 60.0
"""Characters of a sheet that has words in place of rows."""


def write_book(content: SetContent, plan: Plan, path: Path, up: str) -> None:
    """``up``: the way from the workbook's folder to the run's."""
    language = plan.plan.language
    wanted = [DIRECTORY.say(language), *(sheet.name for sheet in content.sheets)]
    names: list[str] = []
    for name in wanted:
        names.append(sheet_name(name, names))
    at = dict(zip((sheet.key for sheet in content.sheets), names[1:], strict=True))
    seal = plan.seal[:SHORT]
    with Book(
        path,
        language,
        f"{content.title}　{plan.plan.name}",
        comments=f"planner {plan.plan.planner_version} {seal}",
        seal=seal,
        stamp=stamp_of(plan),
        standing=standing_of(plan),
    ) as book:
        _directory(book, content, at)
        for sheet in content.sheets:
            _sheet(book, sheet, content, at, names[0], up)


def first_row(sheet: SheetContent) -> int:
    """The sheet row of the first row of a list, from 0: below title, notes, the way back and the heading."""
    return 1 + len(sheet.notes) + 1 + 1


def _directory(book: Book, content: SetContent, at: Mapping[str, str]) -> None:
    sheets = content.sheets
    columns = [
        Column(
            Words("清单", "List"), [sheet.name for sheet in sheets], room=36, links=[_cell(at[sheet.key], 0) for sheet in sheets]
        ),
        Column(Words("行数", "Rows"), [sheet.rows if sheet.known else None for sheet in sheets], "count"),
        Column(Words("说明", "Remark"), [sheet.instead or "".join(sheet.notes[:1]) for sheet in sheets], room=REMARK_WIDTH),
    ]
    notes = (SOURCE.say(book.language, source=content.source), *content.notes)
    page = book.page(DIRECTORY.say(book.language))
    page.widen(2, REMARK_WIDTH)
    write_table(page, 1 + len(notes), columns)
    page.head(2, content.title, *notes)
    page.finish()


def _sheet(book: Book, sheet: SheetContent, content: SetContent, at: Mapping[str, str], home: str, up: str) -> None:
    back = _cell(home, 0)
    if sheet.instead:
        page = book.page(at[sheet.key])
        page.widen(0, LEAST_WIDTH)
        page.head(0, sheet.name, *sheet.notes)
        page.link(1 + len(sheet.notes), 0, back, BACK.say(book.language), book.style("link", border=0))
        page.merged(2 + len(sheet.notes), 0, 0, sheet.instead, book.style("state"))
        page.finish()
        return
    columns = [
        replace(one.column, links=[_way(lead, content, at, up) for lead in one.leads]) if one.leads else one.column
        for one in sheet.columns
    ]
    page, placed = page_of_one_table(book, at[sheet.key], columns, *sheet.notes, title=sheet.name, apart=1)
    page.link(1 + len(sheet.notes), 0, back, BACK.say(book.language), book.style("link", border=0))
    if placed.first != first_row(sheet):
        raise AssertionError(sheet.key)  # every link would lead to another row than it names
    page.finish()


def _way(lead: Leads, content: SetContent, at: Mapping[str, str], up: str) -> str | None:
    if isinstance(lead, Target):
        there = content.by_key[lead.sheet]
        return _cell(at[lead.sheet], 0 if there.instead else first_row(there) + lead.row)
    return f"external:{up}{lead.path}" if isinstance(lead, Outside) else None


def _cell(sheet: str, row: int) -> str:
    """The first cell of a row: a sheet's name has no apostrophe (:func:`planner.publish.book.text.sheet_name`)."""
    return f"'{sheet}'!A{row + 1}"
