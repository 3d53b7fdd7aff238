"""Why a candidate is in the plan, or not: the exact difference of two solved plans, divided twice, and what is certain of it.

*Before* is the run's plan, *after* the plan with the candidate forced. Differences are after − before: what forcing adds to
the value, negative where it costs. Figures of a level stand in the order of the levels; ``mode: weighted`` has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from planner.language import Words
from planner.plan.records import Ended, Record
from planner.questions.items import Difference, Verdict
from planner.questions.kept import Answer
from planner.questions.variant import Asked, Withdrawn


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
