"""The columns that rules may name, each read once for all rules of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints
from planner.settings.rules import Filter, Range

Owner = Literal["candidate", "link", "park", "quarter", "resource"]

_CASE_ONLY = frozenset({"row", "link", "chain", "team", "geometry", "fixed_park", "fixed_quarter"})
"""Columns of case frames that are positions or not for rules."""


@dataclass(frozen=True, slots=True)
class RuleColumn:
    """A column a rule names: whose it is, and what it is called there."""

    owner: Owner
    column: str


def named_columns(case: Case) -> dict[str, list[RuleColumn]]:
    """Every name a rule may use, with what it may mean; ``park.city`` says which when several tables have a column."""
    names: dict[str, list[RuleColumn]] = {"quarter": [RuleColumn("quarter", "quarter")]}
    for supply in case.resources:
        names[supply.resource_id] = [RuleColumn("resource", supply.resource_id)]
    own: dict[str, None] = dict.fromkeys(c for c in case.candidates.columns if c not in _CASE_ONLY)
    frames: tuple[tuple[Owner, Iterable[str]], ...] = (
        ("candidate", own),
        ("link", (c for c in case.links.columns if c not in _CASE_ONLY)),
        ("park", (c for c in case.parks.columns if c not in _CASE_ONLY)),
    )
    for owner, columns in frames:
        for column in columns:
            named = RuleColumn(owner, column)
            names.setdefault(f"{owner}.{column}", [named])
            if column in {"link_id", "chain_id"} and owner != "link":
                continue  # a candidate's link is the link itself
            known = names.setdefault(column, [])
            if known != [RuleColumn("resource", column)]:
                known.append(named)
    names["link_id"], names["chain_id"] = [RuleColumn("link", "link_id")], [RuleColumn("link", "chain_id")]
    return names


def column_values(case: Case, named: RuleColumn) -> pd.Series[Any]:
    """The named column, one entry for each row of its owner (candidates for ``link``: a filter on the link's facts)."""
    if named.owner == "park":
        return case.parks[named.column]
    if named.owner == "link":
        if named.column == "chain_id":
            ids = np.append(case.chains["chain_id"].to_numpy(object), "")
            return pd.Series(ids[case.candidates["chain"].to_numpy(np.int64)])
        padded = np.array([*case.links[named.column], None], dtype=object)
        return pd.Series(padded[case.candidates["link"].to_numpy(np.int64)])
    if named.owner == "quarter":
        return pd.Series(case.quarters, dtype=object)
    return case.candidates[named.column]


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """One column as rules read it: N rows of its owner."""

    codes: Ints
    """Position of each row's text in ``at``."""
    at: Mapping[str, int]
    """Every text of the column; blank is ``""``."""
    numbers: Floats
    """NaN where no number stands."""

    @property
    def blank(self) -> Bools:
        """Rows that say nothing."""
        found: Bools = self.codes == self.at.get("", -1)
        return found

    @property
    def words(self) -> tuple[str, ...]:
        """Texts that are no numbers."""
        wordy = set(self.codes[np.isnan(self.numbers)].tolist())
        return tuple(text for text, code in self.at.items() if text and code in wordy)

    @property
    def largest(self) -> float:
        """The largest size of a number; 0 without any."""
        return float(np.nanmax(np.abs(self.numbers), initial=0.0))

    def passes(self, wanted: Filter) -> Bools:
        """Rows that a filter takes: one of its values, or within its bounds and none of its excluded values. A row without
        a number is within no bounds."""
        if not isinstance(wanted, Range):
            return self._among(wanted if isinstance(wanted, tuple) else (wanted,))
        kept: Bools = ~self._among(wanted.exclude)
        if wanted.min is not None:
            kept &= self.numbers >= wanted.min
        if wanted.max is not None:
            kept &= self.numbers <= wanted.max
        return kept

    def _among(self, values: tuple[object, ...]) -> Bools:
        found: Bools = np.isin(self.codes, [self.at[text] for text in map(plain, values) if text in self.at])
        return found


def facts_of(values: pd.Series[Any]) -> ColumnFacts:
    """The facts of one column."""
    codes, texts = pd.factorize(values.map(plain).to_numpy(object))
    is_flag = values.dtype == bool
    numbers = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(float)
    if is_flag or not len(texts):
        numbers = np.full(len(texts), np.nan)
    elif values.dtype.kind == "f":
        return ColumnFacts(codes, {str(text): at for at, text in enumerate(texts)}, values.to_numpy(float))
    return ColumnFacts(codes, {str(text): at for at, text in enumerate(texts)}, numbers[codes] if len(texts) else numbers)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What rules of a case may name, and the columns that were read so far. It does not hold the case, which keeps it."""

    names: dict[str, list[RuleColumn]]
    read: dict[RuleColumn, ColumnFacts] = field(default_factory=dict)

    def facts(self, case: Case, named: RuleColumn) -> ColumnFacts:
        """The named column of ``case``, the case of this vocabulary."""
        if named not in self.read:
            self.read[named] = facts_of(column_values(case, named))
        return self.read[named]


_KEPT: WeakKeyDictionary[Case, Vocabulary] = WeakKeyDictionary()


def vocabulary_of(case: Case) -> Vocabulary:
    """The vocabulary of a case, kept as long as the case is."""
    if case not in _KEPT:
        _KEPT[case] = Vocabulary(named_columns(case))
    return _KEPT[case]


def plain(value: object) -> str:
    """A value as filters compare it: text, with 3.0 equal to 3 and flags as true or false."""
    if value is None or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)
