"""Replacement cost: what the plan's value would lose at least and at most if a selected firm fell away and all was planned anew."""

from __future__ import annotations

from typing import Literal

from planner.plan.records import Record
from planner.questions.kept import Answer

How = Literal["exact", "between", "at_most", "unknown"]
"""``exact``: both bounds agree. ``at_most``: nothing but 0 is proved as the lower bound. ``unknown``: no plan without the firm
was found within the time."""


class FirmImportance(Record):
    """One selected firm. Figures are of the objective's first level."""

    rank: int
    """1: the most costly to replace, by ``most``, then ``least``."""
    candidate_id: str
    name: str
    least: float
    """max(0, value of the plan − bound on every plan without the firm)."""
    most: float | None
    """Value of the plan − value of the best plan found without it, not below 0; None: no such plan was found."""
    how: How
    solved: bool
    """Everything was free to change; otherwise only candidates of the same link, and of the room that the firm leaves."""
    irreplaceable: bool = False
    """It is proved that no plan exists without it."""
    locked: bool = False
    """It is required or signed: the figure tells what withdrawing that would cost."""
    better: float = 0.0
    """By how much a plan without the firm was found to be better than the plan itself: then the plan can be improved."""


class Importance(Answer):
    """All selected firms, the most important first."""

    value: float
    """Of the plan; with priorities the best that was found for the first of them."""
    time_limit: float
    """Seconds for each solve."""
    firms: tuple[FirmImportance, ...]
