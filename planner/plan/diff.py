r"""What differs between two plans, and how sure that is: the one place.

Differences are after − before. With the value v and the bound b of each solve the difference of the two *optima* lies in

.. math:: [\,v_{\text{after}}-b_{\text{before}},\; b_{\text{after}}-v_{\text{before}}\,].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import Record

PROVED = 1e-6
"""A difference of values below this, relative to the values, is none: the precision of a proof."""
SMALLEST = 1e-3
"""Values below this are of this size where a difference is held against them."""


class Named(Record):
    """A project or link."""

    id: str
    name: str


class LevelChange(Record):
    """The two solved values of one level, and between what the difference of the two optima lies."""

    before: float
    after: float
    difference: float
    lowest: float | None
    """Value of the forced plan − bound of the run; None: not known."""
    highest: float | None
    """Bound of the forced plan − value of the run, and not above 0 where forcing only restricts; None: not known."""


@dataclass(frozen=True)
class Level:
    """One objective of a plan; ``mode: weighted`` has one alone."""

    weights: Mapping[str, float]
    value: float
    """Of the plan."""
    best: float | None
    """The best value that was found for it: later levels may take some of that."""
    bound: float | None
    tolerance: float = 0.0
    """How much later levels may take, as a share."""
    penalised: bool = True
    """Violated soft rules are paid for here."""


def levels(plan: Plan) -> tuple[Level, ...]:
    """The levels of a plan's objective in their order."""
    objective = plan.objective
    if not objective.levels:
        weights = {name: term.weight for name, term in objective.terms.items()}
        return (Level(weights, objective.value, objective.value, objective.bound),)
    return tuple(
        Level(level.weights, level.value, level.best, level.bound, level.tolerance, penalised=number == 0)
        for number, level in enumerate(objective.levels)
    )


def interval(before: Level, after: Level) -> tuple[float | None, float | None]:
    """Between what the difference of the two optima lies; None: not known."""
    lowest = None if after.best is None or before.bound is None else after.best - before.bound
    highest = None if after.bound is None or before.best is None else after.bound - before.best
    return lowest, highest


def least_difference(before: float, after: float) -> float:
    """What two values must differ by to differ at all."""
    return PROVED * max(abs(before), abs(after), SMALLEST)


def level_changes(before: Plan, after: Plan, restricts: bool) -> tuple[LevelChange, ...]:
    """Values and the interval of the optima; that of a later level is known only where the levels before it are equal.
    ``restricts``: ``after`` is a plan under ``before``'s limits and one more, so that its optimum is not higher."""
    changes = []
    comparable = True
    for was, now in zip(levels(before), levels(after), strict=False):
        low, high = interval(was, now) if comparable else (None, None)
        if restricts and comparable:
            high = 0.0 if high is None else min(high, 0.0)
            low = low if low is None else min(low, 0.0)
        changes.append(LevelChange(before=was.value, after=now.value, difference=now.value - was.value, lowest=low, highest=high))
        comparable &= low is not None and high is not None and max(-low, high) <= least_difference(was.value, now.value)
    return tuple(changes)


def by_id(plan: Plan) -> dict[str, Selected]:
    """The selected firms of a plan."""
    return {firm.candidate_id: firm for firm in plan.selected}


def came(before: Plan, after: Plan) -> tuple[Selected, ...]:
    """Firms that ``after`` selects and ``before`` does not, by id; the other way round: who left."""
    old = by_id(before)
    return tuple(firm for name, firm in sorted(by_id(after).items()) if name not in old)


def moved(before: Plan, after: Plan) -> tuple[tuple[Selected, Selected], ...]:
    """Firms of both plans that are in another park or quarter: before and after, by id."""
    new = by_id(after)
    pairs = [(firm, new[name]) for name, firm in sorted(by_id(before).items()) if name in new]
    return tuple((a, b) for a, b in pairs if (a.park_id, a.quarter) != (b.park_id, b.quarter))


def named(firms: Iterable[Selected]) -> tuple[Named, ...]:
    """Firms by id and name."""
    return tuple(Named(id=firm.candidate_id, name=firm.name) for firm in firms)
