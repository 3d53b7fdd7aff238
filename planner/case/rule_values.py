"""What the analyst's own rules come to for a choice, one selected project after the other.

Groups, bounds and sums are read here anew from the settings and the tables (:mod:`planner.case.plain_tables`), without the masks that
the programme's rows are made of, so that a mistake in either shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, nan
from typing import Any

from planner.case.case import Case, Choice, Floats
from planner.case.plain_tables import At, PlainTables, number_in, text_of
from planner.settings.rules import Bounds, Rule

_OF_CANDIDATE = ("candidate", "link", "chain", "fund")
"""Owners whose facts a candidate has."""
_SHORT = {"chain": "chain_id", "link": "link_id", "park": "park_id", "candidate": "candidate_id"}


@dataclass(frozen=True, eq=False)
class RuleValue:
    """One rule in one group. ``size``: the sum of the absolute amounts, by which rounding is measured."""

    rule: int
    group: str
    """The values of its columns, ``/`` between them; empty for the whole plan."""
    value: float
    """A count or sum, or a ratio; NaN for a ratio of nothing to nothing."""
    low: float | None
    high: float | None
    bound: int
    """The row of ``by_group`` that the bounds come from, −1 for the rule's own."""
    total: float
    """The count or sum, or a ratio's upper sum."""
    divided: float
    """A ratio's lower sum; 1 of a count or sum."""
    size: float

    @property
    def violation(self) -> float:
        """By how much the total is short of, or beyond, the bound; of a ratio: the bound times its lower sum."""
        short = 0.0 if self.low is None else self.low * self.divided - self.total
        return max(0.0, short, 0.0 if self.high is None else self.total - self.high * self.divided)

    @property
    def known(self) -> bool:
        """Whether there is a value: a ratio of nothing to nothing has none."""
        return self.value == self.value


def rule_values(case: Case, choice: Choice, needs: Floats) -> tuple[RuleValue, ...]:
    """Every rule in every group that it has a bound for. ``needs``: use of each resource by each selected project, (N, R)."""
    tables = PlainTables(case)
    chosen = zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), needs.tolist(), strict=True)
    projects = [tables.project(i, park, quarter, need) for i, park, quarter, need in chosen]
    met = _Met(tables, projects)
    return tuple(value for position, rule in enumerate(case.settings.rules) for value in _values(tables, position, rule, met))


class _Met:
    """Which of the projects meet a filter; each condition is looked at once, however many rules have it."""

    def __init__(self, tables: PlainTables, projects: Sequence[At]) -> None:
        self.projects, self._tables = projects, tables
        self._known: dict[str, frozenset[int]] = {}

    def of(self, where: Mapping[str, Any]) -> frozenset[int]:
        """Their numbers."""
        met = frozenset(range(len(self.projects)))
        for name, wanted in where.items():
            key = f"{name}: {wanted!r}"
            if key not in self._known:
                each = enumerate(self.projects)
                self._known[key] = frozenset(n for n, project in each if self._tables.meets({name: wanted}, project))
            met &= self._known[key]
        return met


def _values(tables: PlainTables, position: int, rule: Rule, met: _Met) -> Iterator[RuleValue]:
    form = rule.share or rule.mean
    upper = rule.sum if form is None else form.of
    lower = None if form is None else form.of if rule.share is not None else form.over  # type: ignore[union-attr]
    among = rule.share.among if rule.share is not None else {}
    groups = _groups(tables, rule)
    whole = rule.share is not None and rule.share.within == "plan"
    above: dict[tuple[str, ...], list[float]] = {label: [] for label in groups}
    below: dict[tuple[str, ...], list[float]] = {label: [] for label in groups}
    everything: list[float] = []
    looked = met.of(among)
    counted = looked & met.of(rule.where)
    for number in sorted(counted if rule.share is None else looked):
        project, taken = met.projects[number], number in counted
        label = _label(tables, rule, project)
        if lower is not None:
            everything.append(_amount(tables, lower, project))
            if label in below:
                below[label].append(_amount(tables, lower, project))
        if label in above and taken:
            above[label].append(_amount(tables, upper, project))
    total_of, size_of = fsum(everything), fsum(map(abs, everything))
    for label in groups:
        low, high, bound = _bounds(tables, rule, label)
        if low is None and high is None:
            continue
        total, parts = fsum(above[label]), above[label]
        name = " / ".join(label)
        if lower is None:
            size = max(fsum(map(abs, parts)), abs(low or 0.0), abs(high or 0.0))
            yield RuleValue(position, name, total, low, high, bound, total, 1.0, size)
            continue
        divided, width = (total_of, size_of) if whole else (fsum(below[label]), fsum(map(abs, below[label])))
        size = fsum(map(abs, parts)) + max(abs(low or 0.0), abs(high or 0.0)) * width
        ratio = total / divided if divided else nan
        yield RuleValue(position, name, ratio, low, high, bound, total, divided, size)


def _amount(tables: PlainTables, name: str | None, at: At) -> float:
    """What one project adds: 1 where projects are counted."""
    return 1.0 if name in (None, "count") else float(tables.fact(str(name), at))


def _bounds(tables: PlainTables, rule: Rule, label: tuple[str, ...]) -> tuple[float | None, float | None, int]:
    """Least, most and where they are written: the row of ``by_group`` that names the group, or −1 for the rule itself."""
    for position, row in enumerate(rule.by_group):
        named = zip(rule.per, label, strict=True)
        if all(tables.holds(_SHORT.get(name, name), row[name], text) for name, text in named):
            own = {key: row[key] for key in ("min", "max", "equal") if key in row}
            return *_limits(tables, rule, Bounds.model_validate(own)), position
    nested = rule.count or rule.share or rule.mean
    return *_limits(tables, rule, nested if nested is not None else rule), -1


def _limits(tables: PlainTables, rule: Rule, bounds: Bounds) -> tuple[float | None, float | None]:
    if rule.share is not None:
        unit = "1"
    elif rule.mean is not None:
        unit = _unit_named(tables, rule.mean.of)
        if rule.mean.over != "count":
            over = _unit_named(tables, rule.mean.over)
            unit = f"{unit}/{over}" if unit and over else ""
    else:
        unit = _unit_named(tables, rule.sum or "count")
    low = bounds.min if bounds.equal is None else bounds.equal
    high = bounds.max if bounds.equal is None else bounds.equal
    return (None if low is None else number_in(low, unit)), (None if high is None else number_in(high, unit))


def _unit_named(tables: PlainTables, name: str) -> str:
    return "个" if name == "count" else tables.unit(*tables.owner(name))


def _label(tables: PlainTables, rule: Rule, at: At) -> tuple[str, ...]:
    """The group that a position is in, by what its columns say; () for the whole plan."""
    columns = (_SHORT.get(name, name) for name in rule.per if name != "plan")
    return tuple(text_of(tables.fact(name, at)) for name in columns)


def _groups(tables: PlainTables, rule: Rule) -> list[tuple[str, ...]]:
    """Groups that a rule speaks of: every combination of what rows of the tables say that may meet its filter.

    Candidates do not make groups of links and chains: a chain without a single candidate falls short of "at least one per
    chain".
    """
    columns = [_SHORT.get(name, name) for name in rule.per if name != "plan"]
    owners = {name: tables.owner(name)[0] for name in columns}
    of_candidate = [name for name in columns if owners[name] in _OF_CANDIDATE]
    sides: list[tuple[list[str], list[At], Sequence[str]]] = []
    if of_candidate and all(owners[name] in ("link", "chain") for name in of_candidate):
        rows = [At(link=link, chain=chain) for link, chain in enumerate(tables.column("link", "chain"))]
        rows += [At(chain=chain) for chain in range(len(tables.case.chains))]
        sides.append((of_candidate, rows, ("link", "chain")))
    elif of_candidate:
        sides.append((of_candidate, [tables.project(i) for i in range(len(tables.case.candidates))], _OF_CANDIDATE))
    of_park = [name for name in columns if owners[name] == "park"]
    if of_park:
        sides.append((of_park, [At(park=park) for park in range(len(tables.case.parks))], ("park",)))
    if "quarter" in columns:
        sides.append((["quarter"], [At(quarter=t) for t in range(len(tables.case.quarters))], ("quarter",)))
    said: list[list[dict[str, str]]] = []
    for names, rows, looked_at in sides:
        labels = {
            tuple(text_of(tables.fact(name, row)) for name in names) for row in rows if tables.meets(rule.where, row, looked_at)
        }
        said.append([dict(zip(names, label, strict=True)) for label in sorted(labels) if all(label)])
    combined = ({name: text for part in parts for name, text in part.items()} for parts in product(*said))
    return [tuple(texts[name] for name in columns) for texts in combined]
