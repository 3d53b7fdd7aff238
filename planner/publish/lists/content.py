"""What a filled list set says, before it is put into a workbook or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.publish.book.columns import Column


@dataclass(frozen=True, slots=True)
class Target:
    """A row of a sheet of the set, that a cell leads to."""

    sheet: str
    row: int
    """From 0."""


@dataclass(frozen=True, slots=True)
class Outside:
    """An output of the run that a cell leads to, by its path below the run folder."""

    path: str


Leads = Target | Outside | None


@dataclass(frozen=True, eq=False)
class Filled:
    """A column with its cells, and where each leads to."""

    column: Column
    leads: Sequence[Leads] = ()


@dataclass(frozen=True, eq=False)
class Box:
    """A link as a graph draws it."""

    row: int
    link_id: str
    chain: str
    tier: str
    name: str
    grade: str
    """How well it is supplied today, a code of :data:`planner.publish.words.GRADES`."""
    said: str
    """The same in words, and after the plan."""
    counts: tuple[tuple[str, int, Leads], ...]
    """Rows of other lists that belong to it: heading, number, and the first of them."""


@dataclass(frozen=True, eq=False)
class SheetContent:
    """One sheet."""

    key: str
    name: str
    columns: tuple[Filled, ...]
    rows: int
    notes: tuple[str, ...] = ()
    """How it is worked out, what is not in it, where it comes from."""
    instead: str = ""
    """What stands in place of rows: that it is to be named, what is missing, that no row passes; empty where there are rows."""
    known: bool = True
    """False: that there are no rows says nothing, for what it takes is not known."""
    page: bool = False
    boxes: tuple[Box, ...] = ()
    """The rows as a graph of links; empty where it is no graph."""


@dataclass(frozen=True, eq=False)
class SetContent:
    """A list set of the whole plan, or of one chain."""

    name: str
    source: str
    notes: tuple[str, ...]
    sheets: tuple[SheetContent, ...]
    chain_id: str | None = None
    title: str = ""
    """Of the workbook and the page: the set's name, with the chain's."""
    by_key: dict[str, SheetContent] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {sheet.key: sheet for sheet in self.sheets})
