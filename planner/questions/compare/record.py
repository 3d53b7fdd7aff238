"""Several plans held against one, as ``compare.json`` has them. The first entry is the base; differences are "here less base".

Money is in 万元; ``None`` means "not known" or "there is no plan".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from planner.language import Language, Words
from planner.plan.records import Kpis, LevelResult, Record, Status, Term

Outcome = Literal["plan", "infeasible", "no_plan", "refused", "interrupted"]
"""``refused``: the input is wrong under this scenario. ``interrupted``: not solved, the user stopped first."""
Measure = Literal["mode", "levels", "weights", "divisors", "prices"]
"""What a value is reckoned by."""


class Figure(Record):
    """One figure side by side."""

    base: float | None
    here: float | None
    difference: float | None
    """None when either is not known."""


class SettingChange(Record):
    """A setting by its dotted key; None: it is not there."""

    key: str
    base: Any
    here: Any


class InputChange(Record):
    """A table whose file is another one; the SHA-256 of both, None where the table is not there."""

    table: str
    file: str
    base: str | None
    here: str | None


class Placement(Record):
    """A project where and when it is signed."""

    candidate_id: str
    name: str
    park_id: str
    park: str
    quarter: str


class Move(Record):
    """A project of both plans in another park or quarter."""

    base: Placement
    here: Placement


class Projects(Record):
    """Which projects differ."""

    come: tuple[Placement, ...]
    leave: tuple[Placement, ...]
    move: tuple[Move, ...]
    only_here: tuple[str, ...] = ()
    """Ids of candidates that the base's data do not have, selected or not."""
    only_base: tuple[str, ...] = ()
    """Ids of candidates that only the base's data have."""
    same: int
    """Projects that both plans sign in one park and quarter."""


class LinkChange(Record):
    """A link that the two plans leave in different states."""

    link_id: str
    name: str
    shortage: Figure
    grade_base: str | None
    grade_here: str | None
    backed_up_base: bool | None
    backed_up_here: bool | None


class BindingLimit(Record):
    """A limit that binds one of the plans."""

    limit_id: str
    family: str
    subject: str
    place: str | None
    quarter: str | None
    used: float
    amount: float
    unit: str


class Limits(Record):
    """Which limits bind here and not in the base, and the other way round."""

    only_here: tuple[BindingLimit, ...]
    only_base: tuple[BindingLimit, ...]
    both: int


class Certainty(Record):
    """What is proved of the difference of the optima, not of the plans found: :func:`planner.plan.diff.interval`."""

    comparable: bool
    """Both values are reckoned by the same weights, divisors and prices; level by level with ``mode: priorities``."""
    differs: tuple[Measure, ...] = ()
    """What keeps the values from being compared."""
    level: int | None = None
    """With priorities the level, from 1, that this is told of: the first at which the optima are not proved to be equal."""
    least: float | None
    most: float | None
    sure: bool | None
    """The sign of the difference is proved (or that there is none); None: there is no bound, or they are not comparable."""


class Difference(Record):
    """How one plan differs from the base."""

    figures: Mapping[str, Figure]
    """``value``, or ``level:<n>`` for each level of priorities; ``value_by_base``: the plan here reckoned by the base's weights; each KPI; ``term:<name>``, the raw figure."""
    settings: tuple[SettingChange, ...]
    inputs: tuple[InputChange, ...]
    projects: Projects
    links: tuple[LinkChange, ...]
    limits: Limits
    certainty: Certainty


class Effect(Record):
    """What one override brings, made after all the ones before it; several, where they cannot be made one by one."""

    overrides: tuple[int, ...]
    """Positions in the entry's ``overrides``, from 0."""
    figures: Mapping[str, float | None]
    """Difference of each figure to the plan before. Over all effects they sum to the whole difference."""
    gap: float | None
    certainty: Certainty


class Attribution(Record):
    """Which override caused what, in the order they are written; another order may share the same whole differently."""

    effects: tuple[Effect, ...]
    complete: bool
    """False when some step was not solved (``compare.attribute: false``, or interrupted): overrides are then lumped together."""


class Entry(Record):
    """One plan of a comparison."""

    name: str
    run: str | None
    """Its run folder, relative to the comparison; as the user named it for finished runs; None when there is no plan."""
    seal: str | None = None
    """SHA-256 of its ``plan.json``; None when there is no plan."""
    outcome: Outcome
    explanation: Words | None = None
    """Why there is no plan."""
    overrides: tuple[Words, ...] = ()
    status: Status | None = None
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    """With priorities value, bound and gap are the headline's, of the first open level, ``level``."""
    level: int | None = None
    levels: tuple[LevelResult, ...] = ()
    kpis: Kpis | None = None
    terms: Mapping[str, Term] = {}
    difference: Difference | None = None
    """To the base; None for the base itself, and when either has no plan."""
    attribution: Attribution | None = None


class Comparison(Record):
    """The whole."""

    schema_version: int = 1
    kind: Literal["scenarios", "runs"]
    name: str
    language: Language
    planner_version: str
    entries: tuple[Entry, ...]
    interrupted: bool = False
