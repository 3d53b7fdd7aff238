"""The frontier between two objective terms: verified plans none of which is better in one term without being worse in the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.language import Language
from planner.plan.diff import Named
from planner.plan.records import Ended, Record


class FrontierTerm(Record):
    """One of the two terms."""

    name: str
    unit: str
    maximise: bool
    """Its sense: that of its weight in the plan; without one, subsidy, investment and resources are to be small."""
    best: float
    """Raw figure at the end of the frontier where it is best, and where it is worst."""
    worst: float


class Room(Record):
    """The gap of a point in the unit of a term: by so much that term could at most be better, the other as it is."""

    term: str
    amount: float | None
    """None: no bound is known."""


class FrontierPoint(Record):
    """One plan on the frontier, numbered from the best of the first term to the best of the second."""

    number: int
    folder: str
    """Its run folder, relative to the frontier's."""
    seal: str
    """SHA-256 of its ``plan.json``."""
    first: float
    second: float
    """Raw figures of the two terms."""
    limit: float | None
    """ε: what the second term was held to; None at the two ends."""
    objective: Mapping[str, Any]
    """The objective under which the plan was solved, as a plan file writes it."""
    value: float
    bound: float | None
    proved: bool
    """Solved to optimality: no plan is better in one term without being worse in the other."""
    room: Room | None
    """What its gap comes to; None where it is proved."""
    reason: Ended
    knee: bool = False
    above: float
    """Distance above the straight line between the ends, both terms as shares of their ranges; below 0: under it."""
    selected: int
    came: tuple[Named, ...] = ()
    left: tuple[Named, ...] = ()
    """Against the point before."""


class Frontier(Record):
    """The answer."""

    schema_version: int = 1
    plan: str
    language: Language
    first: FrontierTerm
    second: FrontierTerm
    asked: int
    """Points that were asked for, the ends counted."""
    points: tuple[FrontierPoint, ...]
    dominated: int
    """Plans that were found and left out: another point is as good in both terms (or the same plan)."""
    soft_rules: bool
    """The plan has soft rules: they cost nothing here, like every term but the two."""
    interrupted: bool = False
