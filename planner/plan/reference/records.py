"""What is recorded of a plan against an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planner.language import Words
from planner.plan.records import Record


class ChangeCounts(Record):
    """Changes of a plan against an earlier one, counted. A project may change both park and quarter."""

    fallen: int
    """Projects that facts took away: lost, excluded, or no candidates any more. They count as no change."""
    dropped: int
    added: int
    park_moves: int
    quarter_moves: int


class Nearness(Record):
    """How near the plan is to an earlier one, and how sure that is the nearest of all as good."""

    run: str
    """The earlier plan as the settings name it; the name of a plan that came as an object."""
    sha256: str
    """Of its ``plan.json``."""
    prices: Mapping[str, float]
    """What one change of each kind counts."""
    tolerance: float
    """Value that might be given up for fewer changes; ``given_up``: that was."""
    given_up: float
    changes: ChangeCounts
    before: ChangeCounts
    """Of the plan that was found first, before nearness was looked for."""
    cost: float
    """The changes at their prices; ``least``: what no plan as good comes below."""
    least: float
    proved: bool
    """No plan as good changes less."""


Verdict = Literal["free", "costs", "uncertain"]
"""What is proved of a cost: none, some, or neither."""
Cause = Literal["fact", "closed", "room", "link", "new", "better"]
"""Why a project changes: a fact of the tables; its place is not open to it any more; room that others left; the link that another
left; it is new in the tables; or nothing but that the plan is better so."""


class ProjectChange(Record):
    """One project that is not where, or when, the earlier plan had it."""

    candidate_id: str
    name: str
    kind: Literal["fallen", "dropped", "added", "moved"]
    """``fallen``: facts took it away; ``dropped``: the plan lets it go."""
    park_before: str | None = None
    park_after: str | None = None
    quarter_before: str | None = None
    quarter_after: str | None = None
    investment: float | None = None
    cause: Cause
    why: Words
    """The cause in words."""


class Undone(Record):
    """One change undone, everything else free: what keeping this one project as it was would cost, the prices of changes included."""

    candidate_id: str
    outcome: Literal["solved", "impossible", "not_found"]
    """``impossible``: no plan keeps it as it was; ``not_found``: none was found in time."""
    lowest: float = 0.0
    """By the first level the cost is no less than this, and no more than ``highest``; None: not known."""
    highest: float | None = None
    verdict: Verdict = "uncertain"
    items: Mapping[str, float] = {}
    """Term, and ``rules`` for soft rules, to what this plan has more of it in the value than the best plan found that keeps it."""
    others: tuple[str, ...] = ()
    """Ids of the other projects that would be elsewhere than in this plan, or out of it, or come to it."""


class ChangeReport(Record):
    """A plan against the earlier one: what changes, why, and what keeping the word costs or would have cost. Values are of the first
    level and leave out what the objective charges for changes."""

    run: str
    sha256: str
    on: str | None
    """The day up to which events count."""
    changes: tuple[ProjectChange, ...]
    value: float
    """Of this plan."""
    kept_value: float | None
    """Of the earlier plan with the fallen taken out and nothing else changed; None: that is no plan any more."""
    not_keepable: tuple[str, ...] = ()
    """Ids of projects whose place in the earlier plan is not open to them any more."""
    free_value: float | None = None
    """Of the best plan that was found where changes cost nothing; ``free_bound``: what no plan exceeds. None: not asked."""
    free_bound: float | None = None
    keeping_lowest: float | None = None
    """What keeping the word costs lies between this and ``keeping_highest``."""
    keeping_highest: float | None = None
    verdict: Verdict | None = None
    prices: Mapping[str, float] = {}
    """Kind of change to what the objective charges for one, where it does."""
    money: Mapping[str, float] = {}
    """Term that adds up money and has a weight in the first level to the 万元 of it that are worth 1 of the value."""
    undone: tuple[Undone, ...] = ()
    """Single changes undone, where that was asked for."""
