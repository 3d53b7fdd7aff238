"""Records of firms: selected, left out, and here already. Units and conventions: :mod:`planner.plan.model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planner.plan.records import Record

ExclusionCode = Literal[
    "excluded",  # exclude column
    "lost",  # status lost
    "paused",  # on hold, and no day is known on which it goes on
    "variant_chosen",  # another variant of the same project is selected
    "chain_not_allowed",
    "refused_park",
    "fixed_elsewhere",
    "forbidden_pair",
    "investment_intensity",
    "tax_intensity",
    "need_above_capacity",
    "earliest_quarter",  # it may only be signed after the horizon
    "latest_quarter",  # it may only be signed before the horizon
]


class Fills(Record):
    """What one selected firm does for a link (its own, or one it would buy from)."""

    link_id: str
    shortage_before: float
    shortage_after: float
    expected_supply: float
    """landing probability × capacity of this firm at the link, 万元 a year."""


class Selected(Record):
    """A candidate that the plan selects. ``rank`` 1 is the one whose own contribution to the value is the largest; of
    priorities to that of the first level, and among equals to that of the next."""

    rank: int
    candidate_id: str
    name: str
    park_id: str
    park_name: str
    quarter: str
    link_id: str | None
    link_name: str | None
    chain_id: str | None
    chain_name: str | None
    team_id: str | None
    owner: str | None = None
    """Who answers for the project, as the candidates say; None: not said, and in plans of earlier versions."""
    fund_id: str | None
    investment: float | None
    output: float | None
    tax: float | None
    jobs: float | None
    capacity: float | None
    subsidy: float | None
    """Asked, not granted: the plan advises."""
    score: float | None
    landing_probability: float
    effort: float | None
    needs: Mapping[str, float]
    """Resource id → amount used in this park."""
    status: str
    must_include: bool
    fixed_park: bool
    fixed_quarter: bool
    preferred_park: bool
    province: str | None
    city: str | None
    lon: float | None
    lat: float | None
    """Home city."""
    fills: Fills | None
    source_counts: bool
    """It counts as a (backup) source of its link."""
    contribution: Mapping[str, float]
    """Objective term → what this firm adds (weight × normalised, of priorities to the first level that weighs the term, so that
    parts of different levels do not add up); for the shared gap term its share by expected supply."""
    parks_possible: int
    """In how many parks it could have been placed."""
    source: str | None
    assumed: tuple[str, ...]
    as_of: str | None = None
    """The day of which its facts are, as 2026-09-30."""
    confidence: str | None = None
    """How sure they are, in the words of the input."""
    stage: str | None = None
    """How far it had come on the day of the plan, by the table ``status``; None where no event says it."""
    stage_since: str | None = None
    """The day from which on it was at this stage, as 2027-03-15."""
    stage_place: str | None = None
    """The cell that says so."""


class Exclusion(Record):
    """One reason for which parks were ruled out for a candidate."""

    code: ExclusionCode
    parks: int
    """How many parks this reason rules out."""
    example_park_id: str | None = None
    found: float | None = None
    """The candidate's figure (intensity, need) in the example park."""
    allowed: float | None = None
    """The park's figure that it is held against."""
    resource_id: str | None = None
    other_id: str | None = None
    """Another candidate that the reason speaks of (``variant_chosen``)."""
    quarter: str | None = None
    """The candidate's own earliest or latest quarter, where that is the reason."""


class NotSelected(Record):
    """A candidate that the plan leaves out, and why."""

    candidate_id: str
    name: str
    link_id: str | None
    link_name: str | None
    chain_id: str | None
    chain_name: str | None
    city: str | None
    investment: float | None
    subsidy: float | None
    reason: Literal["excluded", "not_worth_it"]
    """``excluded``: no park or quarter is open to it (see ``exclusions``). ``not_worth_it``: it could come, but the plan is
    better without it (see ``binding`` and ``gain``)."""
    exclusions: tuple[Exclusion, ...]
    gain: float | None = None
    """What it would add to the value if it came into this plan and nothing else changed; None when excluded."""
    best_park_id: str | None = None
    binding: tuple[str, ...] = ()
    """Ids (``Limit.limit_id``) of the limits with too little left for it in every park and quarter open to it; empty when
    ``gain`` is not positive, or when it would fit in at ``gain`` within the plan's gap."""
    assumed: tuple[str, ...]
    stage: str | None = None
    stage_since: str | None = None
    stage_place: str | None = None
    """These three as of :class:`Selected`."""


class Incumbent(Record):
    """A firm that is here already."""

    name: str
    link_id: str | None
    link_name: str | None
    chain_id: str | None
    capacity: float | None
    park_id: str | None
    city: str | None
    lon: float | None
    lat: float | None
    assumed: tuple[str, ...] = ()
    source: str | None = None
    as_of: str | None = None
    confidence: str | None = None
