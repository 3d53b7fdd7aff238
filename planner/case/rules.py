"""The analyst's own rules, each read once against a case: what it counts, in which groups, between which bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.case.case import Case, Floats, Ints
from planner.case.filters import Selection, meant, raw_facts, selection
from planner.case.groups import PER, Groups, Measure, groups_of, measure
from planner.settings.rules import BOUNDS, PLAN, Bounds, Price, Rule
from planner.tables.facts import amount_in

COUNT = "count"
"""What is summed when projects are counted."""


@dataclass(frozen=True, eq=False)
class RuleRows:
    """One rule in its G groups. Of the projects that it takes, it bounds a sum of ``measure``; or, where there is a ``base``, the
    ratio of that sum to one of ``base`` over the projects of ``whole``."""

    rule: Rule
    position: int
    taken: Selection
    measure: Measure
    base: Measure | None
    whole: Selection
    """Projects of the lower sum of a ratio."""
    groups: Groups
    low: Floats
    """Least of each group, shape (G,); −inf where there is none."""
    high: Floats
    """Most of each group, shape (G,); inf where there is none."""
    bound_of: Ints
    """Row of ``by_group`` that the bounds of each group come from, −1 for the rule's own; shape (G,)."""
    unit: str
    """Of the bounds."""

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The groups by name; one empty name for the whole plan."""
        return tuple(" / ".join(label) for label in self.groups.labels)

    @property
    def shared(self) -> bool:
        """Whether groups are held against one sum over the whole plan."""
        share = self.rule.share
        return share is not None and share.within == PLAN and bool(self.groups.parts)

    @property
    def uses_park(self) -> bool:
        """Whether it must know the park."""
        return self._looks_at("park") or self._looks_at("pair")

    @property
    def uses_quarter(self) -> bool:
        """Whether it must know the quarter."""
        return self._looks_at("quarter")

    def _looks_at(self, side: str) -> bool:
        sides = {*self.taken.sides, *self.whole.sides, *self.groups.sides, self.measure.side}
        return side in sides or (self.base is not None and self.base.side == side)


def sums(rule: Rule) -> tuple[str, str | None]:
    """What a rule adds up, and what it divides that by: names of columns or resources, or :data:`COUNT`; None for no ratio."""
    if rule.share is not None:
        return rule.share.of, rule.share.of
    if rule.mean is not None:
        return rule.mean.of, rule.mean.over
    return rule.sum or COUNT, None


def bound_unit(rule: Rule, upper: str, lower: str) -> str:
    """The unit of a rule's bounds, from those of its sums; ``1`` for a share."""
    if rule.share is not None:
        return "1"
    if rule.mean is not None and rule.mean.over != COUNT:
        return f"{upper}/{lower}" if upper and lower else ""
    return upper


def rule_rows(case: Case, position: int) -> RuleRows:
    """Read rule number ``position``; its names and units have been checked by :mod:`planner.case.names`."""
    rule = case.settings.rules[position]
    upper, lower = sums(rule)
    taken = selection(case, rule.where)
    whole = taken
    if rule.share is not None:
        whole = selection(case, rule.share.among)
        taken = Selection((*taken.tests, *whole.tests), (*taken.either, *whole.either))
    groups = groups_of(case, rule.per, rule.where)
    base = None if lower is None else measure(case, lower)
    amount = measure(case, upper)
    unit = bound_unit(rule, amount.unit, base.unit if base is not None else "")
    low, high, bound_of = _bounds(case, rule, groups, unit)
    return RuleRows(rule, position, taken, amount, base, whole, groups, low, high, bound_of, unit)


def rule_unit(case: Case, rule: Rule) -> str:
    """The unit of a rule's bounds."""
    upper, lower = sums(rule)
    return bound_unit(rule, measure(case, upper).unit, "" if lower is None else measure(case, lower).unit)


def money_term(case: Case, rule: Rule, money: Collection[str]) -> str | None:
    """The term of the objective by which a price in money is converted: the one named, or the only one of the terms in ``money``
    that the first level weighs; None where there is none or several."""
    if not isinstance(rule.soft, Price):
        return None
    weights = first_weights(case)
    weighed = [name for name in money if weights.get(name, 0.0)]
    if rule.soft.term is not None:
        return rule.soft.term if rule.soft.term in weighed else None
    return weighed[0] if len(weighed) == 1 else None


def first_weights(case: Case) -> Mapping[str, float]:
    """The weights of the first level of the objective, to which the price of soft rules belongs."""
    objective = case.settings.objective
    return objective.levels[0].weights if objective.levels else objective.weights


def limits_in(bounds: Bounds, unit: str) -> tuple[float, float]:
    """Least and most as numbers of ``unit``; infinite where there is none. UnitError: a bound's unit does not convert."""
    low = bounds.min if bounds.equal is None else bounds.equal
    high = bounds.max if bounds.equal is None else bounds.equal
    return (-np.inf if low is None else amount_in(low, unit)), (np.inf if high is None else amount_in(high, unit))


def row_bounds(row: Mapping[str, Any]) -> Bounds:
    """The bounds of one row of ``by_group``."""
    return Bounds.model_validate({name: row[name] for name in BOUNDS if name in row})


def row_label(case: Case, per: tuple[str, ...], row: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The group that a row of ``by_group`` names, by the texts of its columns; None where a value is no group's, or of several."""
    label = []
    for name in per:
        spelt = raw_facts(case, meant(case, PER.get(name, name))).spelt(row[name])
        if len(spelt) != 1:
            return None
        label.append(spelt[0])
    return tuple(label)


def _bounds(case: Case, rule: Rule, groups: Groups, unit: str) -> tuple[Floats, Floats, Ints]:
    low, high = limits_in(rule.limits, unit) if rule.limits.present else (-np.inf, np.inf)
    size = len(groups.labels)
    lows, highs, bound_of = np.full(size, low), np.full(size, high), np.full(size, -1, dtype=np.int64)
    at = {label: number for number, label in enumerate(groups.labels)}
    for position, row in enumerate(rule.by_group):
        label = row_label(case, rule.per, row)
        if label in at:
            lows[at[label]], highs[at[label]] = limits_in(row_bounds(row), unit)
            bound_of[at[label]] = position
    return lows, highs, bound_of
