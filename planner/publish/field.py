"""What a field is: one thing that outputs show of a record, declared once in :mod:`planner.publish.fields`.

A field says what it is called, of what kind and unit it is, where its value comes from, when that value rests on an
assumption (R5), and in which outputs it stands. A sheet, a layer or a popup knows only how it draws a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any, Generic, Literal, TypeVar

from planner.language import Words
from planner.publish.basis import Basis
from planner.publish.view import View

R = TypeVar("R")
Kind = Literal["text", "short", "number", "mixed", "points", "share", "count", "flag", "tick"]
"""``short`` is text of a word; ``mixed`` are numbers of several units; ``points`` are parts of the objective value;
``flag`` is yes or no, of a ``tick`` only yes is said."""
Get = Callable[[View, R], Any]
"""The value, a text in the view's language; None is not known (R1)."""
Rests = Callable[[Basis, R], bool]
"""Whether a figure of a record rests on an assumption."""


class Shown(Flag):
    """Where a field stands. In all of them the order is that of its catalogue."""

    SHEET = auto()
    """The table of the workbook that lists the records."""
    BRIEF = auto()
    """Their shorter table on the sheet of one chain."""
    LATER = auto()
    """The table of the quarters after the horizon, below the one of those within it."""
    STEPS = auto()
    """The tables of selected firms by quarter and by who answers for them."""
    LAYER = auto()
    """Their layer or table of the GeoPackage."""
    LINES = auto()
    """The lines of the GeoPackage from home cities to parks."""
    POPUP = auto()
    """Their popup of the map."""
    HANDOUT = auto()
    """Their popup of a map that is handed out: nothing but what may leave the house stands there."""


@dataclass(frozen=True)
class Field(Generic[R]):
    """One field of records of type ``R``; further down is how a table of the workbook lays it out."""

    name: str
    """ASCII: its name in the GeoPackage, and the record's attribute that it shows unless ``get`` says otherwise."""
    kind: Kind
    heading: Words
    shown: Shown
    unit: Words | None = None
    get: Get[R] | None = None
    assumed: tuple[str, ...] | Rests[R] | None = None
    """Columns of the input of which one being assumed means that the value rests on it; by default the one of its
    name; none when it is empty."""
    group: Words | None = None
    """Heading that it shares with its neighbours of the same group."""
    room: float | None = None
    """Width at which text wraps; None: as wide as its widest cell, within reason."""
    brief_room: float | None = None
    """The same in the brief table, where it differs."""
    total: bool = False
    bar: bool = False
    span: int = 1
    """Sheet columns that it takes."""
    stretch: bool = False
    """In the brief table it takes the sheet columns that are left."""

    def value(self, view: View, record: R) -> Any:
        return getattr(record, self.name) if self.get is None else self.get(view, record)

    def is_assumed(self, view: View, record: R) -> bool:
        """Whether the value rests on an assumption."""
        if callable(self.assumed):
            return self.assumed(view.basis, record)
        return view.basis.record(record, *((self.name,) if self.assumed is None else self.assumed))

    @property
    def full_heading(self) -> Words:
        """Group, heading and unit in one: ``缺口：计划后(万元)``."""
        zh, en = self.heading.zh, self.heading.en
        if self.group is not None:
            zh, en = f"{self.group.zh}：{zh}", f"{self.group.en}: {en}"
        unit = self.unit or Words("", "")
        return Words(f"{zh}({unit.zh})" if unit.zh else zh, f"{en} ({unit.en})" if unit.en else en)


class Catalogue(Generic[R]):
    """The fields of one type of record, in the order of every output; an entry may depend on the plan's resources."""

    def __init__(self, *entries: Field[R] | Callable[[View], Iterable[Field[R]]]) -> None:
        self.entries = entries

    def __getitem__(self, name: str) -> Field[R]:
        """The field of that name; KeyError where no field of every plan is called so."""
        return {field.name: field for field in self.declared()}[name]

    def declared(self) -> tuple[Field[R], ...]:
        """The fields that it has whatever the plan."""
        return tuple(entry for entry in self.entries if isinstance(entry, Field))

    def every(self, view: View) -> tuple[Field[R], ...]:
        """Its fields, wherever they stand."""
        return tuple(each for entry in self.entries for each in ([entry] if isinstance(entry, Field) else entry(view)))

    def shown(self, view: View, where: Shown) -> tuple[Field[R], ...]:
        """The fields that stand there."""
        return tuple(field for field in self.every(view) if where in field.shown)
