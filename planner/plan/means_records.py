"""Records of what a plan uses of funds and teams: units and conventions are those of :mod:`planner.plan.model`."""

from __future__ import annotations

from planner.plan.records import Record


class FundUse(Record):
    """One fund in one quarter, 万元: every quarter of the horizon, and those after it that have an amount or in which something
    falls due. ``amount``, ``available`` and ``left`` are None where a quarter after the horizon has no amount: nothing limits it."""

    fund_id: str
    quarter: str
    after_horizon: bool = False
    amount: float | None
    """New money of this quarter."""
    available: float | None = None
    """With what is carried over from earlier quarters, when the fund carries over."""
    used: float
    left: float | None = None
    assumed: bool = False


class TeamUse(Record):
    """One team in one quarter, person-months; quarters and what is None as of a fund."""

    team_id: str
    chain_id: str | None
    quarter: str
    after_horizon: bool = False
    effort: float | None
    used: float
    left: float | None
    assumed: bool = False
