"""What rules add up, and in which groups: sums and groups by any column that a filter may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints
from planner.case.filters import NamedColumn, Side, column_unit, meant, passing, position_of, raw_facts
from planner.settings.filters import conditions
from planner.settings.rules import Rule
from planner.tables.facts import facts_of, possible

PER: Mapping[str, str] = {"chain": "chain_id", "link": "link_id", "park": "park_id", "candidate": "candidate_id"}
"""Short names of columns that groups are made by."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a rule: every combination of what its columns say. ``parts``: for each side that the columns belong to, which
    of its ``labels`` each candidate, park or quarter has, −1 for none."""

    labels: tuple[tuple[str, ...], ...]
    """For each group the value of each column of ``per``."""
    parts: tuple[tuple[Side, Ints, int], ...]

    def of(self, candidate: Ints, park: Ints, quarter: Ints) -> Ints:
        """The group of each candidate in the park and quarter beside it, −1 for none."""
        at = {"candidate": candidate, "park": park, "quarter": quarter}
        group = np.zeros(len(candidate), dtype=np.int64)
        outside = np.zeros(len(candidate), dtype=bool)
        for side, label, size in self.parts:
            own = label[at[side]]
            outside |= own < 0
            group = group * size + own
        return np.where(outside, -1, group)

    @property
    def sides(self) -> frozenset[Side]:
        """What the groups are made of."""
        return frozenset(side for side, _, _ in self.parts)


def group_columns(case: Case, per: tuple[str, ...]) -> tuple[NamedColumn, ...]:
    """The columns that groups are made by; none for the whole plan."""
    return tuple(meant(case, PER.get(name, name)) for name in per if name != "plan")


def groups_of(case: Case, per: tuple[str, ...], where: Mapping[str, Any]) -> Groups:
    """Groups of the values that rows have which the filter does not rule out, so that a rule on one chain asks nothing of the
    others. A chain or link is a group whether or not a candidate counts for it: "at least one per chain" asks for one in each.
    """
    columns = group_columns(case, per)
    parts: list[tuple[Side, Ints, int]] = []
    labels: list[list[tuple[str, ...]]] = []
    for side in ("candidate", "park", "quarter"):
        of_side = [column for column in columns if column.side == side]
        if of_side:
            known, label = _labels(case, side, of_side, where)
            parts.append((side, label, len(known)))
            labels.append(known)
    combined: list[tuple[str, ...]] = [()]
    for known in labels:
        combined = [(*before, *label) for before in combined for label in known]
    # Sides stand in a fixed order; the labels of a group in that of the rule.
    standing = [column for side in ("candidate", "park", "quarter") for column in columns if column.side == side]
    order = [standing.index(column) for column in columns]
    return Groups(tuple(tuple(label[at] for at in order) for label in combined), tuple(parts))


def parks_of_groups(case: Case, rule: Rule) -> Mapping[str, tuple[str, ...]] | None:
    """For each group of a rule, by its labels with ``/`` between them, the ids of the parks whose projects it may count; None where
    neither its filter nor its groups ask for the park."""
    groups = groups_of(case, rule.per, rule.where)
    open_ = possible(rule.where, lambda name, wanted: _passing_of(case, "park", name, wanted), len(case.parks))
    asked = {meant(case, name).side for _, name, _ in conditions(rule.where)} | groups.sides
    if "park" not in asked:
        return None
    held = np.tile(open_, (len(groups.labels), 1))
    sizes = [size for _, _, size in groups.parts]
    for at, (side, label, _) in enumerate(groups.parts):
        if side == "park":
            own = np.unravel_index(np.arange(len(groups.labels)), sizes)[at]
            held &= label == own[:, None]
    ids = case.parks["park_id"].astype(str).to_numpy(object)
    return {" / ".join(label): tuple(ids[row].tolist()) for label, row in zip(groups.labels, held, strict=True)}


def group_count(case: Case, per: tuple[str, ...], where: Mapping[str, Any]) -> int:
    """How many groups :func:`groups_of` makes, without making them."""
    columns = group_columns(case, per)
    sides = {column.side: [one for one in columns if one.side == column.side] for column in columns}
    return prod(len(_labels(case, side, of_side, where)[0]) for side, of_side in sides.items())


def _labels(case: Case, side: Side, columns: list[NamedColumn], where: Mapping[str, Any]) -> tuple[list[tuple[str, ...]], Ints]:
    """The labels that rows of one side have which the filter may take, sorted, and the label of each row, −1 for none."""
    of_links = side == "candidate" and all(column.owner in {"link", "chain"} for column in columns)
    rows = _texts(case, side, columns)
    listing = rows
    if of_links:
        entries = link_entries(case)
        listing = [_at_entries(case, column, entries) for column in columns]
        may = possible(where, lambda name, wanted: _entries_passing(case, name, wanted, entries), len(entries))
    else:
        may = possible(where, lambda name, wanted: _passing_of(case, side, name, wanted), len(listing[0]))
    known = sorted({label for label in zip(*(texts[may].tolist() for texts in listing), strict=True) if all(label)})
    position = {label: number for number, label in enumerate(known)}
    return known, np.array(
        [position.get(label, -1) for label in zip(*(texts.tolist() for texts in rows), strict=True)], dtype=np.int64
    )


def _passing_of(case: Case, side: Side, name: str, wanted: object) -> Bools | None:
    named = meant(case, name)
    return passing(case, named, wanted) if named.side == side else None


def _texts(case: Case, side: Side, columns: list[NamedColumn]) -> list[Any]:
    """What each row of a side says in each column, as text."""
    texts = []
    for column in columns:
        facts = raw_facts(case, column)
        own = np.array(facts.texts, dtype=object)[facts.entries]
        texts.append(
            own if column.owner in {"candidate", "park", "quarter"} else np.append(own, "")[position_of(case, column.owner)]
        )
    return texts


def link_entries(case: Case) -> pd.DataFrame:
    """Every link with its chain, then every chain without a link, for projects that name none; positions."""
    of_link, of_chain = case.links["chain"].to_numpy(np.int64), np.arange(len(case.chains))
    link = np.concatenate([np.arange(len(of_link)), np.full(len(of_chain), -1)])
    return pd.DataFrame({"link": link, "chain": np.concatenate([of_link, of_chain])})


def _at_entries(case: Case, column: NamedColumn, entries: pd.DataFrame) -> Any:
    facts = raw_facts(case, column)
    own = np.append(np.array(facts.texts, dtype=object)[facts.entries], "")
    return own[entries[column.owner].to_numpy(np.int64)]


def _entries_passing(case: Case, name: str, wanted: object, entries: pd.DataFrame) -> Bools | None:
    named = meant(case, name)
    if named.owner not in {"link", "chain"}:
        return None
    facts = raw_facts(case, named)
    none = facts_of([None], facts.unit).passes(wanted)
    held: Bools = np.append(facts.passes(wanted), none)[entries[named.owner].to_numpy(np.int64)]
    return held


@dataclass(frozen=True, eq=False)
class Measure:
    """What is added up: a number for each candidate (I,), for each park (K,) or for each candidate in a park (I, K)."""

    side: Side
    values: Floats
    unit: str

    @property
    def uses_park(self) -> bool:
        """Whether it must know the park."""
        return self.side in {"park", "pair"}

    def at(self, candidate: Ints, park: Ints) -> Floats:
        """The number of each candidate in the park beside it."""
        if self.side == "pair":
            return self.values[candidate, park]
        return self.values[park if self.side == "park" else candidate]


def measure(case: Case, name: str) -> Measure:
    """The column or resource of that name, or 1 for each project for ``count``."""
    if name == "count":
        return Measure("candidate", np.ones(len(case.candidates)), "个")
    named = meant(case, name)
    unit = column_unit(case, named)
    if named.owner == "resource":
        r = case.resource(named.column)
        if (~np.isnan(case.pairs.needs[:, r])).any():
            return Measure("pair", case.need(r), unit)
        return Measure("candidate", case.needs[:, r], unit)
    values = raw_facts(case, named).values
    if named.owner in {"link", "chain", "fund"}:
        values = np.append(values, np.nan)[position_of(case, named.owner)]
    return Measure(named.side, values, unit)
