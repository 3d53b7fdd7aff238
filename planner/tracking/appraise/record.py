"""What an assessment comes to: each step of each sum, as plain data."""

from __future__ import annotations

import datetime as dt

from planner.plan.records import Record


class Counted(Record):
    """A project that was counted."""

    formula: str
    """``""``: of the assessment as a whole."""
    part: str
    """The key of what counts it: ``item 1``, ``over 1``, ``deduct 1``."""
    group: str
    candidate_id: str
    name: str
    listed: str
    """The list it is on."""
    date: dt.date | None
    """The day that put it there; None of a project of the plan."""
    place: str
    """The row of the table that says so; ``""`` of a project of the plan."""
    amount: float | None
    """None of a project of which it is not known whether it counts."""
    unit: str


class ExtraStep(Record):
    """Points taken off, or added, in one group."""

    formula: str
    group: str
    name: str
    listed: str
    adds: bool
    count: int
    points: float
    """For each."""
    most: float | None
    total: float
    """``count × points``, at most ``most``."""


class Step(Record):
    """One formula in one group: ``points = weight × min(cap, max(floor, (amount − base) ÷ (target − base)))``,
    ``score = points − deducted + added``."""

    formula: str
    group: str
    upper: float | None
    """What ``item`` adds up to; None: nothing is counted."""
    lower: float | None
    """What ``over`` adds up to; None: no ratio."""
    amount: float | None
    """None: nothing to divide by."""
    unit: str
    base: float | None
    target: float | None
    """None: the group has none."""
    ratio: float | None
    used: float | None
    """The ratio between floor and cap; of a formula without ``item`` 1; None: not assessed."""
    floor: float
    cap: float
    weight: float
    points: float | None
    deducted: float
    """At most the points, unless the formula may be negative."""
    added: float
    score: float | None
    """None: the group is not assessed by it."""
    remark: str
    """Why there is no ratio: ``no_target``, ``no_plan``, ``nothing``; ``""``: there is one, or none is asked for."""


class Total(Record):
    """One group: ``score = formulas − deducted + added``, not above ``most`` of the assessment."""

    group: str
    name: str
    projects: int
    """Projects that were counted for something."""
    full: float
    """Weights of the formulas that it is assessed by."""
    formulas: float
    deducted: float
    added: float
    score: float | None
    rank: int | None


class Appraisal(Record):
    """One assessment; groups in the order of their ids."""

    name: str
    per: str
    first: dt.date
    last: dt.date
    plan: str | None
    """Seal of the plan that parks and planned targets come from; None: no plan."""
    totals: tuple[Total, ...]
    steps: tuple[Step, ...]
    extras: tuple[ExtraStep, ...]
    counted: tuple[Counted, ...]
    unplaced: tuple[Counted, ...]
    """Projects on a list of which it is not known whether, or for whom, they count: they have no such group, or no park."""
