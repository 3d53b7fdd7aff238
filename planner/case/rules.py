"""The analyst's own rules: the columns that they may name, each read once for all rules of a case; and each rule read into
masks and groups: which columns of the programme it counts, and for whom it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints
from planner.settings.rules import Filter, Range, Rule

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
    names |= {supply.resource_id: [RuleColumn("resource", supply.resource_id)] for supply in case.resources}
    frames: dict[Owner, pd.DataFrame] = {"candidate": case.candidates, "link": case.links, "park": case.parks}
    for owner, frame in frames.items():
        for column in (str(column) for column in frame.columns if column not in _CASE_ONLY):
            named = RuleColumn(owner, column)
            names.setdefault(f"{owner}.{column}", [named])
            if column in {"link_id", "chain_id"} and owner != "link":
                continue  # a candidate's link is the link itself
            known = names.setdefault(column, [])
            if known != [RuleColumn("resource", column)]:
                known.append(named)
    names["link_id"], names["chain_id"] = [RuleColumn("link", "link_id")], [RuleColumn("link", "chain_id")]
    return names


def _column_values(case: Case, named: RuleColumn) -> pd.Series[Any]:
    """The named column, one entry for each row of its owner (candidates for ``link``: a filter on the link's facts)."""
    if named.owner == "quarter":
        return pd.Series(case.quarters, dtype=object)
    if named.owner != "link":
        return (case.parks if named.owner == "park" else case.candidates)[named.column]
    table, at, none = (case.chains, "chain", "") if named.column == "chain_id" else (case.links, "link", None)
    padded = np.array([*table[named.column], none], dtype=object)
    return pd.Series(padded[case.candidates[at].to_numpy(np.int64)])


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
        return np.equal(self.codes, self.at.get("", -1))

    @property
    def words(self) -> tuple[str, ...]:
        """Texts that are no numbers."""
        wordy = set(self.codes[np.isnan(self.numbers)].tolist())
        return tuple(text for text, code in self.at.items() if text and code in wordy)

    def passes(self, wanted: Filter) -> Bools:
        """Rows that have one of a filter's values; or are within its bounds, as no row without a number is, and have none of
        the values that it excludes."""
        named = [self.at[text] for text in map(plain, values_of(wanted)) if text in self.at]
        passing: Bools = np.isin(self.codes, named, invert=isinstance(wanted, Range))
        if isinstance(wanted, Range) and wanted.min is not None:
            passing &= self.numbers >= wanted.min
        if isinstance(wanted, Range) and wanted.max is not None:
            passing &= self.numbers <= wanted.max
        return passing


def _facts_of(values: pd.Series[Any]) -> ColumnFacts:
    codes, texts = pd.factorize(values.map(plain).to_numpy(object))
    numbers = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(float)[codes]
    if values.dtype.kind in "bf":
        numbers = values.to_numpy(float) if values.dtype.kind == "f" else np.full(len(values), np.nan)
    return ColumnFacts(codes, {str(text): code for code, text in enumerate(texts)}, numbers)


_READ: WeakKeyDictionary[Case, dict[RuleColumn, ColumnFacts]] = WeakKeyDictionary()


def column_facts(case: Case, named: RuleColumn) -> ColumnFacts:
    """The named column, kept as long as the case is."""
    read = _READ.setdefault(case, {})
    if named not in read:
        read[named] = _facts_of(_column_values(case, named))
    return read[named]


def values_of(wanted: Filter) -> tuple[object, ...]:
    """The values that a filter names."""
    return wanted.exclude if isinstance(wanted, Range) else wanted if isinstance(wanted, tuple) else (wanted,)


def plain(value: object) -> str:
    """A value as filters compare it: text, with 3.0 equal to 3 and flags as true or false."""
    if value is None or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


_GROUP_OWNER: Mapping[str, str] = {"plan": "plan", "chain": "candidate", "link": "candidate", "quarter": "quarter"}
"""Whose groups they are, where not the parks'."""


@dataclass(frozen=True, eq=False)
class RuleRows:
    """One rule over I candidates, K parks, T quarters.

    A column counts when its candidate, park and quarter all pass; it counts ``value`` (I,) or, for a resource whose need
    depends on the park, ``pair_value`` (I, K). ``group_of`` gives the group of each candidate, park or quarter (by
    ``group_owner``), −1 for none.
    """

    rule: Rule
    position: int
    candidates: Bools
    parks: Bools
    quarters: Bools
    pairs: Bools | None
    """Filter on needs that depend on the park, (I, K)."""
    value: Floats
    pair_value: Floats | None
    groups: tuple[str, ...]
    """Labels; one empty label for the whole plan."""
    group_of: Ints
    group_owner: str
    uses_park: bool
    uses_quarter: bool


def rule_rows(case: Case, position: int) -> RuleRows:
    """Read rule number ``position``; its names have been checked by :mod:`planner.case.names`."""
    rule = case.settings.rules[position]
    names = named_columns(case)
    sizes = {"candidate": len(case.candidates), "park": len(case.parks), "quarter": len(case.quarters)}
    masks = {side: np.ones(size, dtype=bool) for side, size in sizes.items()}
    pairs: Bools | None = None
    for name, wanted in rule.where.items():
        named = names[name][0]
        if named.owner == "resource":
            needs = case.need(case.resource(named.column))
            passing = _facts_of(pd.Series(needs.ravel())).passes(wanted).reshape(needs.shape)
            pairs = passing if pairs is None else pairs & passing
            continue
        side = "candidate" if named.owner == "link" else named.owner
        masks[side] = masks[side] & column_facts(case, named).passes(wanted)
    value, pair_value = _values(case, rule, names)
    owner = _GROUP_OWNER.get(rule.per, "park")
    asked = [(names[name][0], wanted) for name, wanted in rule.where.items()]
    groups = _groups(case, rule.per, masks, [(named, wanted) for named, wanted in asked if named.owner == "link"])
    on_needs = pairs is not None or pair_value is not None
    uses_park = on_needs or owner == "park" or any(named.owner == "park" for named, _ in asked)
    uses_quarter = owner == "quarter" or "quarter" in rule.where
    of_candidates, of_parks, of_quarters = masks.values()
    return RuleRows(
        rule, position, of_candidates, of_parks, of_quarters, pairs, value, pair_value, *groups, owner, uses_park, uses_quarter
    )


def _values(case: Case, rule: Rule, names: Mapping[str, list[RuleColumn]]) -> tuple[Floats, Floats | None]:
    if rule.sum is None:
        return np.ones(len(case.candidates)), None
    named = names[rule.sum][0]
    if named.owner != "resource":
        return case.candidates[named.column].to_numpy(float), None
    r = case.resource(named.column)
    if (~np.isnan(case.pairs.needs[:, r])).any():
        return np.zeros(len(case.candidates)), case.need(r)
    return case.needs[:, r], None


def _groups(
    case: Case, per: str, masks: Mapping[str, Bools], of_links: Sequence[tuple[RuleColumn, Filter]]
) -> tuple[tuple[str, ...], Ints]:
    """Groups that the rule's own filter leaves in their own table, so that a rule on one chain asks nothing of the others.

    A chain or link is a group whether or not a candidate counts for it: "at least one per chain" asks for one in each.
    """
    if per == "plan":
        return ("",), np.zeros(0, dtype=np.int64)
    if per in {"chain", "link"}:
        table, column = (case.chains, "chain_id") if per == "chain" else (case.links, "link_id")
        at = case.candidates[per].to_numpy(np.int64)
        ids = np.append(table[column].to_numpy(object), "")
        # Every link, and every chain for projects that name no link.
        of_link, of_chain = case.links["chain"].to_numpy(np.int64), np.arange(len(case.chains))
        link = np.concatenate([np.arange(len(of_link)), np.full(len(of_chain), -1)])
        entries = pd.DataFrame({"link": link, "chain": np.concatenate([of_link, of_chain])})
        mask = np.ones(len(entries), dtype=bool)
        for named, wanted in of_links:
            mask &= _facts_of(_column_values(replace(case, candidates=entries), named)).passes(wanted)
        labels, owners = ids[entries[per]], ids[at]
    elif per == "quarter":
        labels = owners = np.array(case.quarters, dtype=object)
        mask = masks["quarter"]
    else:
        labels = owners = case.parks["park_id" if per == "park" else per].fillna("").to_numpy(object)
        mask = masks["park"]
    groups = sorted({str(label) for label in labels[mask]} - {""})
    position = {label: number for number, label in enumerate(groups)}
    return tuple(groups), np.array([position.get(str(label), -1) for label in owners], dtype=np.int64)
