"""What the analyst's own rules come to for a choice, one selected project after the other.

Filters, groups and amounts are read here anew from the settings and the tables, without the masks that the programme's rows
are made of, so that a mistake in either shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

from planner.case.case import Case, Choice, Floats
from planner.settings.rules import Filter, Range, Rule

POSITIONS = frozenset({"row", "link", "chain", "team", "geometry", "fixed_park", "fixed_quarter"})
"""Columns of the case's frames that are positions and no facts."""


@dataclass(frozen=True, eq=False)
class RuleValue:
    """One rule in one group. ``size``: the sum of the absolute amounts, by which rounding is measured."""

    rule: int
    group: str
    value: float
    violation: float
    size: float


@dataclass(frozen=True)
class _Condition:
    """One line of a rule's ``where``: whose fact it is about, the fact's name there, what it must be."""

    owner: str
    column: str
    wanted: Filter

    def holds(self, value: object) -> bool:
        """Whether a fact meets the filter; a fact that is not known meets no bound and equals nothing but a blank."""
        wanted = self.wanted
        if not isinstance(wanted, Range):
            return _text(value) in {_text(one) for one in (wanted if isinstance(wanted, tuple) else (wanted,))}
        if wanted.min is not None or wanted.max is not None:
            number = _number(value)
            if number is None or (wanted.min is not None and number < wanted.min):
                return False
            if wanted.max is not None and number > wanted.max:
                return False
        return _text(value) not in {_text(one) for one in wanted.exclude}


def rule_values(case: Case, choice: Choice, needs: Floats) -> tuple[RuleValue, ...]:
    """Every rule in every group that it speaks of. ``needs``: use of each resource by each selected project, (N, R)."""
    facts = _PlainTables(case)
    chosen = list(zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), needs.tolist(), strict=True))
    found = []
    for position, rule in enumerate(case.settings.rules):
        conditions = [_Condition(*facts.owner(name), wanted) for name, wanted in rule.where.items()]
        amounts: dict[str, list[float]] = {label: [] for label in facts.groups(rule, conditions)}
        for i, k, t, need in chosen:
            label = facts.group_of(rule, i, k, t)
            if label in amounts and all(one.holds(facts.fact(one, i, k, t, need)) for one in conditions):
                amounts[label].append(facts.amount(rule, i, need))
        bounds = rule.bounds
        low = bounds.min if bounds.equal is None else bounds.equal
        high = bounds.max if bounds.equal is None else bounds.equal
        for label, parts in amounts.items():
            total = fsum(parts)
            below = 0.0 if low is None else low - total
            above = 0.0 if high is None else total - high
            size = max(fsum(abs(part) for part in parts), abs(low or 0.0), abs(high or 0.0))
            found.append(RuleValue(position, label, total, max(0.0, below, above), size))
    return tuple(found)


class _PlainTables:
    """The tables as rows of plain values."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.resources = {supply.resource_id: r for r, supply in enumerate(case.resources)}
        self.frames = {"candidate": case.candidates, "link": case.links, "park": case.parks}
        self.rows: dict[tuple[str, str], list[Any]] = {}
        self.chain_ids = [str(name) for name in case.chains["chain_id"]]

    def column(self, owner: str, name: str) -> list[Any]:
        """A column of a frame as a list, kept."""
        if (owner, name) not in self.rows:
            self.rows[owner, name] = self.frames[owner][name].tolist()
        return self.rows[owner, name]

    def owner(self, name: str) -> tuple[str, str]:
        """Whose column a rule means: ``park.city``, a resource, or the only table that has it; a link's id is the link's."""
        if name == "quarter":
            return "quarter", name
        if name in self.resources:
            return "resource", name
        if name in {"link_id", "chain_id"}:
            return "link", name
        holding = [(owner, name) for owner, frame in self.frames.items() if name in frame.columns]
        if name in POSITIONS or not holding:
            table, _, column = name.partition(".")
            return table, column
        return holding[0]

    def fact(self, one: _Condition, i: int, k: int, t: int, need: list[float]) -> object:
        """The fact that a condition is about, of candidate i in park k and quarter t."""
        if one.owner == "quarter":
            return self.case.quarters[t]
        if one.owner == "resource":
            return need[self.resources[one.column]]
        if one.owner == "link":
            return self._of_link(one.column, self.column("candidate", "link")[i], self.column("candidate", "chain")[i])
        return self.column(one.owner, one.column)[k if one.owner == "park" else i]

    def _of_link(self, column: str, link: int, chain: int) -> object:
        if column == "chain_id":
            return self.chain_ids[chain] if chain >= 0 else ""
        return self.column("link", column)[link] if link >= 0 else None

    def amount(self, rule: Rule, i: int, need: list[float]) -> float:
        """What one project adds."""
        if rule.sum is None:
            return 1.0
        owner, column = self.owner(rule.sum)
        return float(need[self.resources[column]] if owner == "resource" else self.column(owner, column)[i])

    def group_of(self, rule: Rule, i: int, k: int, t: int) -> str:
        """The label of the group that a project counts in; empty for the whole plan, and for none where there are groups."""
        if rule.per == "plan":
            return ""
        if rule.per == "quarter":
            return self.case.quarters[t]
        if rule.per in {"chain", "link"}:
            at = self.column("candidate", rule.per)[i]
            ids = self.chain_ids if rule.per == "chain" else self.column("link", "link_id")
            return str(ids[at]) if at >= 0 else ""
        return _label(self.column("park", "park_id" if rule.per == "park" else rule.per)[k])

    def groups(self, rule: Rule, conditions: list[_Condition]) -> list[str]:
        """Groups that a rule speaks of: those of their own table that meet what it asks of that table.

        Candidates do not make groups: a chain without a single candidate falls short of "at least one per chain".
        """
        if rule.per == "plan":
            return [""]
        own = [one for one in conditions if one.owner == _GROUPED_BY[rule.per]]
        return sorted({label for label, fact in self._entries(rule.per) if all(one.holds(fact(one)) for one in own)} - {""})

    def _entries(self, per: str) -> Iterator[tuple[str, Any]]:
        if per == "quarter":
            for quarter in self.case.quarters:
                yield quarter, lambda one, quarter=quarter: quarter
        elif per in {"chain", "link"}:
            for link, chain in enumerate(self.column("link", "chain")):
                label = self.chain_ids[chain] if per == "chain" and chain >= 0 else ""
                label = str(self.column("link", "link_id")[link]) if per == "link" else label
                yield label, lambda one, link=link, chain=chain: self._of_link(one.column, link, chain)
            for chain, label in enumerate(self.chain_ids if per == "chain" else []):
                yield label, lambda one, chain=chain: self._of_link(one.column, -1, chain)
        else:
            for k, label in enumerate(self.column("park", "park_id" if per == "park" else per)):
                yield _label(label), lambda one, k=k: self.column("park", one.column)[k]


_GROUPED_BY: Mapping[str, str] = {
    "chain": "link",
    "link": "link",
    "park": "park",
    "county": "park",
    "zone": "park",
    "quarter": "quarter",
}


def _number(value: object) -> float | None:
    """A value as a number; None for a flag, a word and what is not known."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return None if number != number else number


def _label(value: object) -> str:
    return str(value) if _text(value) else ""


def _text(value: object) -> str:
    """A value as text: 3.0 is 3, a flag true or false, what is not known blank."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
