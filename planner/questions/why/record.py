"""Why a candidate is in the plan, or not: the exact difference of two solved plans, divided twice, and what is certain of it.

*Before* is the run's plan, *after* the plan with the candidate forced. Differences are after − before: what forcing adds to
the value, negative where it costs. Figures of a level stand in the order of the levels; ``mode: weighted`` has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from planner.language import Words
from planner.plan.diff import LevelChange
from planner.plan.limit_records import Limit
from planner.plan.records import Ended, Grade, Record
from planner.questions.kept import Answer
from planner.questions.variant import Asked, Withdrawn

Verdict = Literal["costs", "free", "gains", "uncertain", "improvable"]
"""What is proved of the difference of the optima: below zero, zero, above zero (a lock was withdrawn), not settled by the
gaps; ``improvable``: the forced plan is better than the run's, which is thereby shown not to be the best."""


class Part(Record):
    """One objective term, or one soft rule in one group, with what it adds to the difference."""

    kind: Literal["term", "rule"]
    name: str
    group: str | None = None
    unit: str = ""
    before: float
    """Raw figure of the term, or violation of the rule, in the run's plan; ``after``: in the forced one."""
    after: float
    values: tuple[float, ...]
    """weight × (after − before) ÷ normaliser, or −price × (after − before), for each level."""


class FirmChange(Record):
    """One firm whose contribution to the value differs between the plans."""

    candidate_id: str
    name: str
    change: Literal["asked", "leaves", "comes", "moves", "shares"]
    """``asked``: the one in question. ``shares``: it stays where and when it was, and its share of common terms changes."""
    park_before: str | None
    park_after: str | None
    quarter_before: str | None
    quarter_after: str | None
    before: tuple[float, ...]
    after: tuple[float, ...]
    values: tuple[float, ...]


class LinkChange(Record):
    """One link that stands otherwise in the two plans. Money 万元 a year; ``values``: its part of the terms ``gap`` and ``backup``."""

    link_id: str
    name: str
    shortage_before: float
    shortage_after: float
    sources_before: int
    sources_after: int
    backed_up_before: bool
    backed_up_after: bool
    grade_before: Grade
    grade_after: Grade
    values: tuple[float, ...]


class Difference(Record):
    """Two plans of the same tables, but for what was forced. ``parts`` sum to the difference; so do ``firms`` and ``nobody``."""

    levels: tuple[LevelChange, ...]
    parts: tuple[Part, ...]
    firms: tuple[FirmChange, ...]
    nobody: tuple[float, ...]
    """What belongs to no firm: the price of violated soft rules."""
    links: tuple[LinkChange, ...]
    bound: tuple[Limit, ...]
    """Limits that bind in the forced plan and not in the run's; ``freed``: the other way round."""
    freed: tuple[Limit, ...]


class Ruling(Record):
    """One rule that keeps the candidate out of a park or quarter, with its figure and what would have to change."""

    code: str
    """As ``Exclusion.code``; ``other_quarter``: its fixed quarter is another one."""
    park_id: str | None = None
    """The park that the figures are of; None: the rule speaks of the candidate alone."""
    parks: int = 1
    """How many parks it rules out."""
    found: float | None = None
    allowed: float | None = None
    needed: float | None = None
    """The candidate's figure at which the rule would be met: investment or tax in 万元, or a need in the resource's unit."""
    resource_id: str | None = None
    other: str | None = None
    """What is fixed instead: a park's id, or a quarter; or the candidate's own earliest or latest quarter."""
    change: Mapping[str, Any] | None = None
    """The change that meets this rule, as ``changes`` of plan.yaml takes it."""


class Why(Answer):
    """One question and its answer."""

    candidate_id: str
    name: str
    asked: Asked
    park_id: str | None = None
    quarter: str | None = None
    changes: tuple[Mapping[str, Any], ...]
    """The changes that force it, as ``changes`` of plan.yaml takes them: a run with them gives the same answer."""
    withdrawn: Withdrawn = None
    outcome: Literal["solved", "ineligible", "impossible"]
    """``ineligible``: a rule keeps it out (``rules``). ``impossible``: no plan has it (``conflict``)."""
    rules: tuple[Ruling, ...] = ()
    """One after the other: each is what still stands in the way when those before it are met."""
    choices: tuple[Ruling, ...] = ()
    """What stands in the way after these, where no park is open: the first rule of each park, most parks first."""
    conflict: tuple[Words, ...] = ()
    difference: Difference | None = None
    verdict: Verdict | None = None
    reason: Ended | None = None
    """How the solve of the forced plan ended."""
    gap: float | None = None
    """Of the forced plan; ``run_gap``: of the run."""
    run_gap: float | None = None

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What makes it the same question."""
        return self.candidate_id, self.park_id, self.quarter
