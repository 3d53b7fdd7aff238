"""The analyst's own rules, read into masks and groups: which columns a rule counts, and for whom it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Floats, Ints
from planner.case.rule_columns import RuleColumn, column_values, facts_of, vocabulary_of
from planner.settings.schema import Filter, Rule

GROUP_OWNER: Mapping[str, str] = {
    "plan": "plan",
    "chain": "candidate",
    "link": "candidate",
    "park": "park",
    "county": "park",
    "zone": "park",
    "quarter": "quarter",
}


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
    group_owner: str
    group_of: Ints
    uses_park: bool
    uses_quarter: bool

    @property
    def park_and_quarter(self) -> bool:
        """The rule ties parks to quarters."""
        return self.uses_park and self.uses_quarter


def rule_rows(case: Case, position: int) -> RuleRows:
    """Read rule number ``position``; its names have been checked by :mod:`planner.case.names`."""
    rule = case.settings.rules[position]
    vocabulary = vocabulary_of(case)
    names = vocabulary.names
    masks = {
        "candidate": np.ones(len(case.candidates), dtype=bool),
        "park": np.ones(len(case.parks), dtype=bool),
        "quarter": np.ones(len(case.quarters), dtype=bool),
    }
    pairs: Bools | None = None
    for name, wanted in rule.where.items():
        named = names[name][0]
        if named.owner == "resource":
            r = case.resource(named.column)
            passing = facts_of(pd.Series(case.need(r).ravel())).passes(wanted).reshape(len(case.candidates), -1)
            pairs = passing if pairs is None else pairs & passing
            continue
        side = "candidate" if named.owner == "link" else named.owner
        masks[side] = masks[side] & vocabulary.facts(case, named).passes(wanted)
    value, pair_value = _values(case, rule, names)
    owner = GROUP_OWNER[rule.per]
    asked = [(names[name][0], wanted) for name, wanted in rule.where.items() if names[name][0].owner == "link"]
    groups, group_of = _groups(case, rule.per, masks, asked)
    park_filter = any(names[name][0].owner == "park" for name in rule.where)
    return RuleRows(
        rule,
        position,
        masks["candidate"],
        masks["park"],
        masks["quarter"],
        pairs,
        value,
        pair_value,
        groups,
        owner,
        group_of,
        uses_park=park_filter or owner == "park" or pairs is not None or pair_value is not None,
        uses_quarter="quarter" in rule.where or owner == "quarter",
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
    labels: pd.Series[Any]
    if per == "quarter":
        labels = pd.Series(case.quarters, dtype=object)
        mask = masks["quarter"]
    elif per in {"chain", "link"}:
        table, column = (case.chains, "chain_id") if per == "chain" else (case.links, "link_id")
        at = case.candidates[per].to_numpy(np.int64)
        ids = np.append(table[column].to_numpy(object), "")
        # Every link, and every chain for projects that name no link.
        of_link, of_chain = case.links["chain"].to_numpy(np.int64), np.arange(len(case.chains))
        link = np.concatenate([np.arange(len(of_link)), np.full(len(of_chain), -1)])
        entries = pd.DataFrame({"link": link, "chain": np.concatenate([of_link, of_chain])})
        mask = np.ones(len(entries), dtype=bool)
        for named, wanted in of_links:
            mask &= facts_of(column_values(replace(case, candidates=entries), named)).passes(wanted)
        return _numbered([str(one) for one in ids[entries[per]]], mask, [str(one) for one in ids[at]])
    else:
        labels = case.parks["park_id" if per == "park" else per].fillna("").astype(object)
        mask = masks["park"]
    names = [str(label) for label in labels]
    return _numbered(names, mask, names)


def _numbered(entries: list[str], mask: Bools, owners: list[str]) -> tuple[tuple[str, ...], Ints]:
    """The labels among ``entries`` that pass, and for each owner the position of its own, −1 where it is not among them."""
    kept = sorted({name for name, passes in zip(entries, mask.tolist(), strict=True) if passes and name})
    position = {label: number for number, label in enumerate(kept)}
    return tuple(kept), np.array([position.get(name, -1) for name in owners], dtype=np.int64)
