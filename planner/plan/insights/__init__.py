"""What was asked about a plan and answered, kept beside it so that every output can show it."""

from __future__ import annotations

from planner.plan.insights.alternatives import Alternatives
from planner.plan.insights.importance import Importance
from planner.plan.insights.sensitivity import Sensitivity
from planner.plan.insights.why import Why
from planner.plan.records import Record


class Insights(Record):
    """Answers, each None or empty until it was asked for."""

    seal: str = ""
    """SHA-256 of the ``plan.json`` that they belong to, where that is not how this version writes the plan; otherwise empty."""
    why: tuple[Why, ...] = ()
    """Why a candidate is in or not, the newest answer last."""
    importance: Importance | None = None
    """What it would cost to do without each selected firm."""
    sensitivity: Sensitivity | None = None
    """What more of each fund, resource and team is worth."""
    alternatives: Alternatives | None = None
    """Plans that are nearly as good and really different."""
