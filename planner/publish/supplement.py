"""What whoever knows more than the plan adds to its workbook: answers to questions about it, as sheets and as notes on firms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.language import Words

if TYPE_CHECKING:
    from planner.publish.view import View
    from planner.publish.workbook.book import Book


@dataclass(frozen=True)
class FirmNote:
    """A column of the table of selected firms."""

    name: str
    heading: Words
    of: Mapping[str, str]
    """Candidate id → what is said of it."""


@dataclass(frozen=True)
class Supplement:
    """Additions, each to be left out where nothing was asked."""

    sheets: tuple[Callable[[Book, View], None], ...] = ()
    notes: tuple[FirmNote, ...] = ()
