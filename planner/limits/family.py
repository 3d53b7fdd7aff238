"""What a constraint family is (R11): its rows, its own check, what one of its limits is called, and how it gives way.

A family of *business* limits is a rule that somebody made, which a repair may loosen; the others are what the model is.
The check of a family sees the tables and a choice and nothing of the rows: no code of one is used by the other, and a test
holds that. A *lever* is what one change of the input moves, however many rows it has and from whichever side they hold.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, log10
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import REGION, Bools, Case, Floats, Ints
from planner.language import Words
from planner.layout import Choices, ColumnBlock, Layout, Rows
from planner.settings.changes import Change
from planner.tolerances import rounding

LOW, HIGH = 0, 1
"""The sides of a row."""
DIGITS = 4
"""Digits that an amount is rounded up to: what people negotiate about."""
EVERYWHERE = Words("全域", "the region")


NOTHING_SAID: Mapping[str, Any] = MappingProxyType({})


class Held(NamedTuple):
    """One limit as the check finds it: ``used`` must not be above ``allowed``; ``size`` measures rounding where it is more
    than these two. Of a least, ``used`` is what is asked for and ``allowed`` what is there."""

    used: float
    allowed: float
    size: float = 0.0
    about: Mapping[str, Any] = NOTHING_SAID
    """Which limit it is: positions by kind, as of rows; a group by its label. ``side`` is ``LOW`` of a least."""

    @property
    def excess(self) -> float:
        """By how much it is broken; NaN where that is not known."""
        return self.used - self.allowed

    @property
    def broken(self) -> bool:
        """Above what is allowed by more than rounding; what is not known keeps no limit."""
        return not self.excess <= rounding(max(abs(self.used), abs(self.allowed), self.size))


@dataclass(frozen=True)
class Subject:
    """What a row speaks of: a name, the ids that tell it from others, and where it has them, a place and a unit."""

    name: Words
    ids: tuple[str, ...]
    place: Words | None = None
    unit: str = ""
    constant: float = 0.0
    """What the row leaves out of both sides."""


@dataclass(frozen=True, slots=True)
class Lever:
    """What one change of the input moves. ``key`` holds positions in the case: a candidate; a resource and a place …"""

    family: str
    key: tuple[int, ...]
    price: float | None
    """Of giving way by 100 %; None: it never does."""
    size: float
    """What 100 % is."""
    whole: bool = False
    """It holds or is dropped: there is no half of it."""
    counted: bool = False
    """It counts projects, and so gives way by whole numbers."""

    @property
    def unit(self) -> float:
        """What one of its slack is."""
        return 1.0 if self.counted else self.size


@dataclass(frozen=True)
class Step:
    """One lever moved. ``settings`` are keys of plan.yaml with their new value, None: taken out."""

    text: Words
    amount: float | None = None
    """By how much, None when it is dropped."""
    unit: str = ""
    cells: tuple[Change, ...] = ()
    settings: tuple[tuple[tuple[str | int, ...], Any], ...] = field(default=())
    family: str = ""


class Family(ABC):
    """One constraint family. Business families have levers; for the others the methods of levers are never called."""

    name: ClassVar[str]
    title: ClassVar[Words]
    formula: ClassVar[str]
    business: ClassVar[bool] = True
    worth_only: ClassVar[bool] = False
    """Its rows only say what a choice is worth: every choice meets them."""
    each_quarter: ClassVar[str | None] = None
    """Where a row limits one quarter alone: the key of ``about`` by which the rows of its quarters belong together."""
    levered: ClassVar[tuple[int, ...]] = (LOW, HIGH)
    """Sides of its rows that are limits; the others follow from another family."""
    lever_of: ClassVar[tuple[str, ...]] = ()
    """What a row speaks of, or ``side``, that tells which lever moves it."""
    fills: ClassVar[bool] = True
    """Its rows limit an amount, which can be used up; False for those that only say who goes with whom."""
    counted: ClassVar[bool] = False
    """Its limits count projects and give way by whole numbers; otherwise they hold or are dropped."""

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        """The columns that the family declares beside the choices."""
        return ()

    @abstractmethod
    def rows(self, case: Case, layout: Layout) -> Rows:
        """The family's rows."""

    @abstractmethod
    def check(self, case: Case, accounts: Accounts) -> Iterable[Held]:
        """The same limits held against the tables, in plain sums over the selected projects."""

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        """What a row with these positions speaks of."""
        return self.limit(case, about)

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        """What a limit speaks of, as :meth:`check` says it: a candidate, or a link, in a park where it is about one."""
        if "link" not in about:
            row = case.candidates.iloc[about["candidate"]]
            return Subject(same(row["name"]), (str(row["candidate_id"]),))
        link = case.links.iloc[about["link"]]
        if about.get("park", -1) < 0:
            return Subject(same(link["name"]), (str(link["link_id"]),))
        park = case.parks.iloc[about["park"]]
        return Subject(same(link["name"]), (str(link["link_id"]), str(park["park_id"])), same(park["name"]))

    def figures(self, layout: Layout, accounts: Accounts, about: Mapping[str, int]) -> tuple[float, float] | None:
        """What a choice comes to and what a row with these positions allows, in the unit of its subject, where the row itself
        does not say so: of a ratio. None where it does."""
        return None

    def hard(self, case: Case, rows: Rows) -> Bools:
        """Which rows have no price, shape (m,)."""
        return np.ones(rows.size, dtype=bool)

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        """The key of the lever that moves each row; shape (rows, some)."""
        size = len(next(iter(about.values())))
        return np.stack([np.full(size, side) if name == "side" else about[name] for name in self.lever_of], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        """The lever of that key; ``bound`` is that of its first row."""
        size = (abs(bound) or 1.0) if self.counted else 1.0
        return Lever(self.name, key, self.price(case), size, whole=not self.counted, counted=self.counted)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        """The lever as it stands, with its figures: one line of a conflict."""
        raise NotImplementedError

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        """What of the input must change so that the plan in ``accounts`` holds."""
        raise NotImplementedError

    def price(self, case: Case) -> float:
        """Of a lever of this family for giving way by 100 %."""
        return case.settings.explain.price(self.name)


def enough(value: float) -> float:
    """The amount rounded up to :data:`DIGITS` digits; what is there by rounding alone is not counted."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (floor(log10(value)) + 1 - DIGITS)
    return float(f"{ceil(value / step - 1e-6) * step:.12g}")


def moved(value: float, by: float) -> float:
    """A bound moved, without the digits that binary sums add."""
    return float(f"{value + by:.12g}")


def amount_text(value: float) -> str:
    """A figure for a sentence."""
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:,.4g}"


def full_text(value: float) -> str:
    """A figure with all its digits: what is to be written into a table."""
    return amount_text(value) if abs(value) < 1000 or float(value).is_integer() else f"{value:,.10g}"


def same(text: object) -> Words:
    """A name, which is the same in both languages."""
    return Words(str(text), str(text))


def firm(case: Case, candidate: int) -> Words:
    """A candidate by name and id."""
    row = case.candidates.iloc[candidate]
    return Words(f"{row['name']}（{row['candidate_id']}）", f"{row['name']} ({row['candidate_id']})")


def place_name(case: Case, resource: int, place: int) -> Words:
    """A park's name, a zone, or the whole region."""
    supply = case.resources[resource]
    if supply.scope == "park":
        return same(case.parks["name"].iloc[place])
    return EVERYWHERE if supply.places[place] == REGION else same(supply.places[place])


def full_size(own: float, others: Floats, asked: Floats) -> float:
    """100 % of an amount; of one that is 0, what its like have on average, or else the most that anybody asks."""
    if own > 0:
        return float(own)
    some = others[np.isfinite(others) & (others > 0)]
    if some.size:
        return float(some.mean())
    return float(np.nan_to_num(asked).max(initial=0.0)) or 1.0
