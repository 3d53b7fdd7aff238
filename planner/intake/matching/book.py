"""Workbooks that a person fills in or hands on: never over what may hold a person's decisions; what is to be known, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from planner.intake.codes import refusal
from planner.language import Words
from planner.plan.whole_folder import whole_file
from planner.problems import Place
from planner.publish.book.book import Book


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Where to write a file that takes its place when the block ends well. Raises InputError: a file stands there that may hold a
    person's decisions (I156), or it cannot be written there (R116)."""
    if path.exists():
        raise refusal("I156", Place(path.name), "--out", str(path))
    with whole_file(path) as fresh:
        yield fresh


def write_notes(book: Book, name: Words, notes: Sequence[str]) -> None:
    """A sheet of sentences."""
    page = book.page(name.say(book.language))
    page.widen(0, 110)
    page.head(0, name, *notes)
    page.finish()
