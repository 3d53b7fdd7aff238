"""``Plan``: the one frozen result that every output is made from; it is written as ``plan.json`` and reads back equal.

Money is in 万元, probabilities are 0–1, quarters are ``2027Q1``, coordinates are WGS84 degrees. Resource amounts are in
the resource's own unit (``resources``). Names and sources come from the tables as they stood there: they are data, to be
escaped by whoever prints them (R6). ``None`` means "not known"; it is never zero (R1).

An *assumption* (R5) is a column, or a single cell, that the input marked with ``*``. ``assumptions`` lists them, and each
record carries in ``assumed`` the names of its own fields that rest on one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.language import Language

SCHEMA_VERSION = 1

Grade = Literal["missing", "weak", "adequate", "strong", "no_demand"]
ExclusionCode = Literal[
    "excluded",  # exclude column
    "lost",  # status lost
    "variant_chosen",  # another variant of the same project is selected
    "chain_not_allowed",
    "refused_park",
    "fixed_elsewhere",
    "forbidden_pair",
    "investment_intensity",
    "tax_intensity",
    "need_above_capacity",
    "quarter_not_planned",
]


Ended = Literal["optimal", "gap_reached", "time_limit", "interrupted"]
"""How a solve that left a plan ended. ``interrupted``: by the user, or because the solver broke off."""


class Record(BaseModel):
    """Frozen, no unknown key."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PlanHead(Record):
    """What was planned."""

    name: str
    language: Language
    quarters: tuple[str, ...]
    planner_version: str
    settings: Mapping[str, Any]
    """The resolved settings: command line > plan > model > default."""
    region_name: str | None = None
    """Administrative unit whose boundary a map draws."""
    boundary: Mapping[str, Any] | None = None
    """GeoJSON FeatureCollection of the plan's own boundary file; each feature has ``name`` and ``layer``."""
    map_approval: str | None = None
    """审图号 of the plan's own boundary file."""


class InputFile(Record):
    """One file (or sheet, or layer) that was read."""

    table: str
    file: str
    sheet: str | None = None
    layer: str | None = None
    rows: int
    encoding: str | None = None
    sha256: str
    source: str | None = None


class Status(Record):
    """How the solve ended, in our own words (R3)."""

    reason: Ended
    proved: bool
    """True only when the bound proves that no plan is better (within 1e-6 relative)."""
    solver: str


class Term(Record):
    """One term of the objective."""

    weight: float
    raw: float
    unit: str
    normaliser: float
    """What raw is divided by; 1 when ``normalise: false``."""
    normalised: float
    contribution: float
    """weight × normalised: what the term adds to the value."""


class LevelResult(Record):
    """One level of a lexicographic objective."""

    weights: Mapping[str, float]
    tolerance: float
    value: float
    """Of this plan, by this level's weights."""
    best: float | None
    """Value when this level was optimised; later levels may give up ``tolerance`` of it."""
    bound: float | None
    """No plan that keeps the levels before has more."""
    gap: float | None
    """Of ``best`` to ``bound``."""


class ObjectiveResult(Record):
    """The value, and the proof of how good it is. With ``mode: priorities`` value, bound and gap are the last level's."""

    value: float
    bound: float | None
    """No plan whatever has a higher value than this; None: not known."""
    gap: float | None
    """(bound − value) ÷ max(|value|, 1e-10)."""
    mode: str
    normalise: bool
    terms: Mapping[str, Term]
    penalties: float
    """Price paid for violated soft rules; value = Σ contributions − penalties (mode weighted)."""
    levels: tuple[LevelResult, ...] = ()
    """The levels that were optimised; empty for ``mode: weighted``."""


class Fills(Record):
    """What one selected firm does for a link (its own, or one it would buy from)."""

    link_id: str
    shortage_before: float
    shortage_after: float
    expected_supply: float
    """landing probability × capacity of this firm at the link, 万元 a year."""


class Selected(Record):
    """A candidate that the plan selects. ``rank`` 1 is the one whose own contribution to the value is the largest."""

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
    """Objective term → what this firm adds (weight × normalised); for the shared gap term its share by expected supply."""
    parks_possible: int
    """In how many parks it could have been placed."""
    source: str | None
    assumed: tuple[str, ...]


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


class LinkResult(Record):
    """One link before and after the plan. Money 万元 a year."""

    link_id: str
    name: str
    chain_id: str
    tier: str | None
    weight: float
    bottleneck: bool
    demand_before: float
    demand_after: float
    """Local demand, with what selected firms need of this link added."""
    supply_before: float
    supply_after: float
    """Expected: local supply + Σ landing probability × capacity."""
    shortage_before: float
    shortage_after: float
    sources_before: int
    sources_after: int
    min_sources: int
    backed_up: bool
    """sources (and reliability, when asked for) suffice after the plan."""
    grade_before: Grade
    grade_after: Grade
    candidates: int
    """Candidates of this link that could come (eligible somewhere)."""
    selected: int
    assumed: tuple[str, ...] = ()


class LinkEdge(Record):
    """A supply edge: 万元 of ``from_link`` needed per 万元 of ``to_link``'s output."""

    from_link: str
    to_link: str
    coefficient: float


class ChainResult(Record):
    """One chain before and after the plan."""

    chain_id: str
    name: str
    weight: float
    chief: str | None
    lead_office: str | None
    anchor_firm: str | None
    links: int
    completeness_before: float | None
    """Σ w·min(supply, demand) ÷ Σ w·demand over its links with demand; None when none has."""
    completeness_after: float | None
    shortage_before: float
    shortage_after: float
    selected: int
    investment: float


class Use(Record):
    """Use of one resource, at one place, at the end of one quarter."""

    resource_id: str
    quarter: str
    used: float
    capacity: float | None
    """None: unlimited."""
    share: float | None
    """used ÷ capacity; None when unlimited or when capacity is 0."""


class ParkResult(Record):
    """One park."""

    park_id: str
    name: str
    city: str | None
    county: str | None
    zone: str | None
    lon: float | None
    lat: float | None
    geometry: Mapping[str, Any] | None
    """GeoJSON geometry, WGS84; None when the input has points only."""
    allowed_chains: tuple[str, ...]
    use: tuple[Use, ...]
    """Resources of scope park, for each quarter."""
    fullness: float | None
    """Largest share over its resources at the end of the horizon."""
    selected: int
    investment: float
    assumed: tuple[str, ...] = ()


class AreaResult(Record):
    """A zone, or the whole region, with resources of its own."""

    scope: Literal["zone", "region"]
    area_id: str
    use: tuple[Use, ...]


class FundUse(Record):
    """One fund in one quarter, 万元."""

    fund_id: str
    quarter: str
    amount: float
    """New money of this quarter."""
    available: float
    """With what is carried over from earlier quarters, when the fund carries over."""
    used: float
    left: float
    assumed: bool = False


class TeamUse(Record):
    """One team in one quarter, person-months."""

    team_id: str
    chain_id: str | None
    quarter: str
    effort: float
    used: float
    left: float
    assumed: bool = False


class RuleResult(Record):
    """One of the analyst's own rules, in one group."""

    name: str
    group: str | None
    """The chain, park, county … it is held in; None for the whole plan."""
    value: float
    minimum: float | None
    maximum: float | None
    soft: float | None
    violation: float


class Limit(Record):
    """A limit with nothing, or too little, left: what binds the plan."""

    limit_id: str
    """``stock:land:P03:2027Q4``, ``fund:F1:2027Q2``, ``team:T1:2027Q1``, ``rule:…`` …"""
    family: str
    subject: str
    """Resource, fund, team or rule as a name."""
    place: str | None
    quarter: str | None
    used: float
    amount: float
    unit: str


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


class Resource(Record):
    """A resource and its unit."""

    resource_id: str
    name: str
    unit: str
    kind: Literal["stock", "flow"]
    scope: Literal["park", "zone", "region"]


class Kpis(Record):
    """Headline figures. Expected figures are multiplied by landing probability and say so."""

    selected: int
    investment: float | None
    output: float | None
    tax: float | None
    jobs: float | None
    expected_output: float | None
    expected_tax: float | None
    subsidy: float | None
    shortage_before: float
    shortage_after: float
    links_short_before: int
    links_short_after: int
    links_closed: int
    single_source_before: int
    """Links with demand and exactly one source."""
    single_source_after: int
    completeness_before: float | None
    completeness_after: float | None
    parks_used: int


class Assumption(Record):
    """A column or a cell that the input marked as assumed (R5)."""

    table: str
    column: str
    header: str
    cells: int
    """How many cells; all of the column when its header carries the mark."""
    whole_column: bool
    source: str | None = None


class Notice(Record):
    """A warning about the data, as ``planner check`` says it, in both languages."""

    code: str
    place: str | None
    zh: str
    en: str


class Check(Record):
    """One family of limits, recomputed from the tables."""

    family: str
    checked: int
    violated: int
    worst: float
    """Largest violation, in the limit's own unit, 0 when none."""


class Verification(Record):
    """The independent recomputation that every plan passes before it is written."""

    passed: bool
    checks: tuple[Check, ...]
    value: float
    """Objective recomputed from the tables."""
    difference: float
    """Largest difference, relative, between a recomputed term and the solver's."""


class Plan(Record):
    """A verified plan: everything any output needs."""

    schema_version: int = SCHEMA_VERSION
    plan: PlanHead
    inputs: tuple[InputFile, ...]
    status: Status
    objective: ObjectiveResult
    selected: tuple[Selected, ...]
    not_selected: tuple[NotSelected, ...]
    chains: tuple[ChainResult, ...]
    links: tuple[LinkResult, ...]
    link_edges: tuple[LinkEdge, ...]
    parks: tuple[ParkResult, ...]
    areas: tuple[AreaResult, ...]
    funds: tuple[FundUse, ...]
    teams: tuple[TeamUse, ...]
    rules: tuple[RuleResult, ...]
    limits: tuple[Limit, ...]
    """Limits that bind: nothing left, or too little for some candidate that would be worth having."""
    incumbents: tuple[Incumbent, ...]
    resources: tuple[Resource, ...]
    kpis: Kpis
    assumptions: tuple[Assumption, ...]
    notices: tuple[Notice, ...]
    verification: Verification = Field()

    def to_json(self) -> str:
        """UTF-8 JSON text; :func:`read_plan` gives an equal plan back."""
        return self.model_dump_json(indent=1)


def read_plan(path: Path) -> Plan:
    """The plan in a ``plan.json``.

    Raises:
        FileNotFoundError: there is none.
        pydantic.ValidationError: it is not a plan of this schema.
    """
    return Plan.model_validate_json(path.read_text(encoding="utf-8"))
