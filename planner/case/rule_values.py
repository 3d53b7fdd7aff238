"""What the analyst's own rules come to for a choice, one selected project after the other.

Filters, groups and amounts are read here anew from the settings and the tables, without the masks that the programme's rows
are made of, so that a mistake in either shows as a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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


@dataclass(frozen=True, slots=True)
class _At:
    """Positions that facts are read at, of a selected project or of one row of a table that makes groups; −1: none."""

    candidate: int = -1
    link: int = -1
    chain: int = -1
    park: int = -1
    quarter: int = -1
    needs: Sequence[float] = ()
    """What a project uses of each resource."""


def rule_values(case: Case, choice: Choice, needs: Floats) -> tuple[RuleValue, ...]:
    """Every rule in every group that it speaks of. ``needs``: use of each resource by each selected project, (N, R)."""
    tables = _PlainTables(case)
    links, chains = tables.column("candidate", "link"), tables.column("candidate", "chain")
    chosen = zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), needs.tolist(), strict=True)
    projects = [_At(i, links[i], chains[i], park, quarter, need) for i, park, quarter, need in chosen]
    values = []
    for position, rule in enumerate(case.settings.rules):
        amounts: dict[str, list[float]] = {label: [] for label in tables.groups(rule)}
        for project in projects:
            label = tables.group_of(rule.per, project)
            if label in amounts and tables.meets(rule, project):
                amounts[label].append(tables.amount(rule, project))
        bounds = rule.bounds
        low = bounds.min if bounds.equal is None else bounds.equal
        high = bounds.max if bounds.equal is None else bounds.equal
        for label, parts in amounts.items():
            total = fsum(parts)
            below = 0.0 if low is None else low - total
            above = 0.0 if high is None else total - high
            size = max(fsum(abs(part) for part in parts), abs(low or 0.0), abs(high or 0.0))
            values.append(RuleValue(position, label, total, max(0.0, below, above), size))
    return tuple(values)


class _PlainTables:
    """The tables as columns of plain values."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.resources = {supply.resource_id: r for r, supply in enumerate(case.resources)}
        self.frames = {"candidate": case.candidates, "link": case.links, "park": case.parks}
        self.chain_ids = [str(name) for name in case.chains["chain_id"]]
        self.column, self.owner = cache(self._column), cache(self._owner)

    def _column(self, owner: str, name: str) -> list[Any]:
        return self.frames[owner][name].tolist()

    def _owner(self, name: str) -> tuple[str, str]:
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

    def fact(self, name: str, at: _At) -> Any:
        """The fact of a column at a position; None where a project has no link that it would be of."""
        owner, column = self.owner(name)
        if owner == "quarter":
            return self.case.quarters[at.quarter]
        if owner == "resource":
            return at.needs[self.resources[column]]
        if owner == "link" and column == "chain_id":
            return self.chain_ids[at.chain] if at.chain >= 0 else ""
        if owner == "link":
            return self.column("link", column)[at.link] if at.link >= 0 else None
        return self.column(owner, column)[at.park if owner == "park" else at.candidate]

    def meets(self, rule: Rule, at: _At, owner: str | None = None) -> bool:
        """Whether the facts at a position meet what the rule asks of them, or only of those of ``owner``."""
        asked = [(name, wanted) for name, wanted in rule.where.items() if owner in (None, self.owner(name)[0])]
        return all(_holds(wanted, self.fact(name, at)) for name, wanted in asked)

    def amount(self, rule: Rule, at: _At) -> float:
        """What one project adds."""
        return 1.0 if rule.sum is None else float(self.fact(rule.sum, at))

    def group_of(self, per: str, at: _At) -> str:
        """The label of the group that a position is in; empty for the whole plan, and for none where there are groups."""
        if per == "plan":
            return ""
        if per in {"quarter", "chain"}:
            return str(self.fact("quarter" if per == "quarter" else "chain_id", at))
        if per == "link":
            return str(self.column("link", "link_id")[at.link]) if at.link >= 0 else ""
        label = self.column("park", "park_id" if per == "park" else per)[at.park]
        return str(label) if _text(label) else ""

    def groups(self, rule: Rule) -> list[str]:
        """Groups that a rule speaks of: those of their own table that meet what it asks of that table.

        Candidates do not make groups: a chain without a single candidate falls short of "at least one per chain".
        """
        if rule.per == "plan":
            return [""]
        if rule.per == "quarter":
            owner, rows = "quarter", [_At(quarter=t) for t in range(len(self.case.quarters))]
        elif rule.per in {"chain", "link"}:
            owner, rows = "link", [_At(link=link, chain=chain) for link, chain in enumerate(self.column("link", "chain"))]
            rows += [_At(chain=chain) for chain in range(len(self.chain_ids))]
        else:
            owner, rows = "park", [_At(park=park) for park in range(len(self.case.parks))]
        return sorted({self.group_of(rule.per, row) for row in rows if self.meets(rule, row, owner)} - {""})


def _holds(wanted: Filter, value: object) -> bool:
    """Whether a fact meets a filter; one that is not known meets no bound and equals nothing but a blank."""
    if not isinstance(wanted, Range):
        return _text(value) in {_text(entry) for entry in (wanted if isinstance(wanted, tuple) else (wanted,))}
    if wanted.min is not None or wanted.max is not None:
        number = _number(value)
        if number is None or (wanted.min is not None and number < wanted.min):
            return False
        if wanted.max is not None and number > wanted.max:
            return False
    return _text(value) not in {_text(entry) for entry in wanted.exclude}


def _number(value: object) -> float | None:
    """A value as a number; None for a flag, a word and what is not known."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return None if number != number else number


def _text(value: object) -> str:
    """A value as text: 3.0 is 3, a flag true or false, what is not known blank."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
