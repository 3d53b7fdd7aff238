"""The exact difference of two plans as records: by term and soft rule, by firm, by link, by limit.

Differences are after − before. Figures of a level stand in the order of the levels; ``mode: weighted`` has one.
"""

from __future__ import annotations

from typing import Literal

from planner.plan.diff import LevelChange
from planner.plan.limit_records import Limit
from planner.plan.records import Grade, Record

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
