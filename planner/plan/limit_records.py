"""Records of what binds a plan and how the analyst's own rules came out: units and conventions are those of :mod:`planner.plan.model`."""

from __future__ import annotations

from planner.plan.records import Record


class RuleResult(Record):
    """One of the analyst's own rules, in one group."""

    name: str
    group: str | None
    """The chain, park, county … it is held in; None for the whole plan."""
    parks: tuple[str, ...] | None = None
    """Ids of the parks whose projects it counts; None where it asks for no park."""
    value: float | None
    """A count, a sum, a share or a mean; None for a ratio of nothing to nothing."""
    minimum: float | None
    maximum: float | None
    soft: float | None
    """Price of one unit of violation, in objective value."""
    violation: float
    unit: str = ""
    """Of value, minimum and maximum; % of a share, which stands there as a part of 1."""
    violation_unit: str = ""
    """Of the violation: a share or mean is missed by so much of its upper sum."""


class Limit(Record):
    """A limit with nothing, or too little, left: what binds the plan."""

    limit_id: str
    """``stock:land:P03:2027Q4``, ``funds:F1:2027Q2``, ``rules:…`` …: ``ids`` and the quarter, a colon of an id's own escaped, so
    that it is unique. It is never taken apart."""
    ids: tuple[str, ...] = ()
    """The family, then the ids of what is limited: resource and place; fund; team and its chain; link and park …"""
    family: str
    subject: str
    """Resource, fund, team or rule as a name."""
    place: str | None
    quarter: str | None
    used: float
    amount: float
    unit: str
