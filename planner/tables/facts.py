"""How one column answers a filter (:mod:`planner.settings.filters`), vectorised: each different text is looked at once.

A value is compared as text, with 3.0 equal to 3 and flags as ``true`` or ``false``; of a list each entry counts. A name stands for
the id of its row where no row has it as an id. What is blank, or no number where one is asked for, meets no bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.settings.base import RefusedError, normal_quarter
from planner.settings.filters import Condition, amount_of, amount_parts, is_alternatives, values_of
from planner.spelling import half_width
from planner.tables.column import Column
from planner.tables.units import UnitError, convert

Bools = NDArray[np.bool_]


def plain(value: object) -> str:
    """A value as filters compare it: text, with 3.0 equal to 3 and flags as true or false; empty for what is blank."""
    if value is None or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def amount_in(amount: float | str, unit: str) -> float:
    """An amount of a filter or bound as a number of ``unit``; without a unit of its own it is that already.

    Raises:
        UnitError: nothing converts between the two units.
    """
    number, own = amount_parts(amount)
    return convert(number, own, unit) if own else float(amount)


def comparable(text: str) -> str:
    """A text as ``contains`` and names compare it: no matter of width or case."""
    return half_width(text).casefold().strip()


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """One column as filters read it: N rows."""

    entries: NDArray[np.int64]
    """Which of ``texts`` each entry is: one a row, of a list any number."""
    rows: NDArray[np.int64] | None
    """The row of each entry; None where every row has exactly one."""
    size: int
    """N."""
    texts: tuple[str, ...]
    """Every different text; blank is ``""``."""
    numbers: NDArray[np.float64]
    """Of each text, shape as ``texts``; NaN where it is no number."""
    unit: str = ""
    """Of the numbers; empty where none is known."""
    quarterly: bool = False
    """The column holds quarters."""
    of_ids: bool = False
    """``names`` are of ids that need not stand in the column."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other spellings of its values: of a column of ids name → the ids that have it, of one of choices word → choice, the choice
    itself among the words."""

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Position of each text in ``texts``."""
        return {text: position for position, text in enumerate(self.texts)}

    @property
    def blank(self) -> Bools:
        """Rows that say nothing."""
        return self._rows(np.array([text == "" for text in self.texts], dtype=bool))

    @property
    def no_number(self) -> Bools:
        """Rows without a number, shape (N,)."""
        return self._rows(np.isnan(self.numbers))

    @property
    def words(self) -> tuple[str, ...]:
        """Texts that are no numbers."""
        return tuple(text for text, number in zip(self.texts, self.numbers.tolist(), strict=True) if text and number != number)

    @property
    def values(self) -> NDArray[np.float64]:
        """The number of each row, shape (N,); NaN where there is none. Not for lists."""
        return self.numbers[self.entries]

    def amount(self, value: object) -> str | None:
        """A value with a unit of its own, where the column holds numbers of some unit; else None."""
        return amount_of(plain(value)) if self.unit and not self.words else None

    def spelt(self, value: object) -> tuple[str, ...]:
        """The texts of the column that a value means: itself, the same amount in the column's unit, its normal form as a quarter, the
        choice that it is a word for (whether or not a row has it), or the ids of that name; none when no row has it, several when the
        name is not one id's alone."""
        text = plain(value)
        if text in self.at:
            return (text,)
        if self.quarterly:
            try:
                quarter = normal_quarter(text)
            except RefusedError:
                return ()
            return (quarter,) if quarter in self.at else ()
        if (amount := self.amount(text)) is not None:
            try:
                return tuple(self.at.keys() & {plain(amount_in(amount, self.unit))})
            except UnitError:
                return ()
        meant = self.names.get(comparable(text), ())
        return () if self.of_ids and len(meant) == 1 and meant[0] not in self.at else meant

    def passes(self, wanted: object) -> Bools:
        """Rows that meet what is asked of the column; shape (N,).

        Raises:
            UnitError: a bound has a unit that does not convert to the column's.
        """
        named = [text for value in values_of(wanted) for text in self.spelt(value)]
        has = np.isin(self.texts, named) if named else np.zeros(len(self.texts), dtype=bool)
        if not isinstance(wanted, Condition):
            return self._rows(has)
        held = np.ones(len(self.texts), dtype=bool)
        filled = np.array(self.texts, dtype=object) != ""
        if wanted.min is not None:
            held &= self.numbers >= amount_in(wanted.min, self.unit)
        if wanted.max is not None:
            held &= self.numbers <= amount_in(wanted.max, self.unit)
        if wanted.since is not None:
            held &= np.array([text >= wanted.since for text in self.texts], dtype=bool) & filled
        if wanted.until is not None:
            held &= np.array([text <= wanted.until for text in self.texts], dtype=bool) & filled
        if wanted.contains:
            parts = [comparable(part) for part in wanted.contains]
            held &= np.array([any(part in comparable(text) for part in parts) for text in self.texts], dtype=bool)
        if wanted.blank is not None:
            held &= filled != wanted.blank
        passing = self._rows(held)
        return passing & ~self._rows(has) if wanted.exclude else passing

    def _rows(self, of_texts: Bools) -> Bools:
        """Rows of which an entry is one of these texts."""
        held = np.append(of_texts, False)[self.entries]
        if self.rows is None:
            return held
        return np.bincount(self.rows, held, self.size) > 0


def facts_of(
    values: pd.Series[Any] | Sequence[object],
    unit: str = "",
    column: Column | None = None,
    names: Mapping[str, tuple[str, ...]] | None = None,
) -> ColumnFacts:
    """A column read for filters; ``column``: how its table declares it, if it does."""
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    rows: NDArray[np.int64] | None = None
    cells = series.to_numpy(object)
    if any(isinstance(cell, (tuple, list)) for cell in cells[:1]):
        several = [list(cell) or [""] for cell in cells]
        rows = np.repeat(np.arange(len(cells)), [len(cell) for cell in several])
        cells = np.array([entry for cell in several for entry in cell], dtype=object)
    if series.dtype.kind == "f" and len(series) > 1000:
        # Different numbers are few or plain: texts are made of each once.
        codes, unique = pd.factorize(series.to_numpy(float), use_na_sentinel=False)
        texts = [plain(value) for value in unique.tolist()]
    else:
        codes, unique = pd.factorize(np.array([plain(cell) for cell in cells], dtype=object))
        texts = [str(text) for text in unique]
    numbers = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(float)
    if series.dtype.kind == "f":
        numbers = np.full(len(texts), np.nan)
        numbers[codes] = series.to_numpy(float)
    elif series.dtype.kind == "b":
        numbers = np.full(len(texts), np.nan)
    quarterly = column is not None and column.kind == "quarter"
    return ColumnFacts(
        codes.astype(np.int64),
        rows,
        len(series),
        tuple(texts),
        numbers,
        unit,
        quarterly,
        bool(names),
        {**_spellings(column), **(names or {})},
    )


_FLAGS = {"true": ("是", "yes", "y"), "false": ("否", "no", "n")}


def _spellings(column: Column | None) -> Mapping[str, tuple[str, ...]]:
    """Word → value of a column of choices or flags."""
    if column is None or (column.choices is None and column.kind != "flag"):
        return {}
    choices = column.choices or _FLAGS
    return {comparable(word): (value,) for value, words in choices.items() for word in (value, *words)}


def names_of(ids: Sequence[object], names: Sequence[object]) -> Mapping[str, tuple[str, ...]]:
    """Name → ids, as :class:`ColumnFacts` takes them; a blank name is nobody's."""
    known: dict[str, list[str]] = {}
    for own, name in zip(ids, names, strict=True):
        if plain(name):
            held = known.setdefault(comparable(plain(name)), [])
            if plain(own) not in held:
                held.append(plain(own))
    return {name: tuple(held) for name, held in known.items()}


Look = Callable[[str, object], Bools | None]
"""Rows that meet what is asked of a column, by its name; None where the column says nothing of these rows."""


def possible(where: Mapping[str, Any], look: Look, size: int) -> Bools:
    """Rows of one table that a filter does not rule out: conditions on other tables may hold or not; shape (size,)."""
    held = np.ones(size, dtype=bool)
    for name, wanted in where.items():
        if is_alternatives(wanted):
            held &= np.any([possible(entry, look, size) for entry in wanted], axis=0)
        elif (passing := look(name, wanted)) is not None:
            held &= passing
    return held
