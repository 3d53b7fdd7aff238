"""The page between what goes on the table and the tables of those who made the plan."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import write_table

BACK = Words("附表", "For the record")
BACK_NOTE = Words(
    "以下各表给编制和核对计划的人：目标如何构成、哪些限制用尽、规则怎样理解、数据从哪里来、用了什么设置、核验了什么。上会不必打印。",
    "What follows is for those who make and check the plan: what the value is made of, what limits bind, how rules were understood, where "
    "data is from, which settings were used, what was verified. It need not be printed for a meeting.",
)


def write_back(book: Book, sheets: Sequence[tuple[Words, Words]]) -> None:
    """``sheets``: the title of each sheet that follows and what it is."""
    page = book.page(BACK.say(book.language))
    columns = [
        Column(Words("表", "Sheet"), [name.say(book.language) for name, _ in sheets], room=30),
        Column(Words("内容", "What it holds"), [text.say(book.language) for _, text in sheets], room=80),
    ]
    write_table(page, 3, columns)
    page.head(1, BACK, BACK_NOTE)
    page.finish()
