"""Records of a plan that are not firms: units and conventions are those of :mod:`planner.plan.model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from planner.language import Language
from planner.settings.changes import Way

Grade = Literal["missing", "weak", "adequate", "strong", "no_demand"]
Ended = Literal["optimal", "gap_reached", "work_limit", "time_limit", "interrupted"]
"""How a solve that left a plan ended: by counted work (repeatable), by the clock, by the user or a solver that broke off …"""


class Record(BaseModel):
    """Frozen, no unknown key."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanHead(Record):
    """What was planned."""

    name: str
    language: Language
    quarters: tuple[str, ...]
    on: str | None = None
    """The day up to which events of the table ``status`` count; None without them."""
    planner_version: str
    settings: Mapping[str, Any]
    """The resolved settings: command line > plan > model > default."""
    region_name: str | None = None
    """Administrative unit whose boundary a map draws."""
    boundary: Mapping[str, Any] | None = None
    """GeoJSON FeatureCollection of the plan's own boundary file; each feature has ``name`` and ``layer``."""
    map_approval: str | None = None
    """审图号 of the plan's own boundary file."""
    scenario: str | None = None
    """The scenario of the plan file that this is; left out of ``plan.json`` for the plan itself."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in write(self).items() if key != "scenario" or value is not None}


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
    as_of: str | None = None
    confidence: str | None = None


class StartUse(Record):
    """The earlier plan that the solve began from, and how much of it: of its ``projects`` the start selects ``carried``, of these
    ``unchanged`` in the same park and quarter."""

    run: str
    """The run as the settings name it; the name of a plan that came as an object."""
    sha256: str
    """Of its ``plan.json``."""
    projects: int
    carried: int
    unchanged: int
    value: float | None
    """Objective value of the start, by the first level; None: no feasible start was found."""


class Status(Record):
    """How the solve ended, in our own words (R3), and where it began; what is None is left out of ``plan.json``."""

    reason: Ended
    proved: bool
    """True only when the bound proves that no plan is better (by 1e-6, as the gap is); of priorities only when every level is proved."""
    solver: str
    work: int | None = None
    """Units of work done, when they were limited."""
    broke: bool | None = None
    """True when the solver broke off by itself, as without memory."""
    start: StartUse | None = None

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in write(self).items() if value is not None}


class Term(Record):
    """One term of the objective."""

    weight: float
    raw: float
    unit: str
    normaliser: float
    """What raw is divided by; 1 when ``normalise: false``."""
    normalised: float
    contribution: float
    """weight × normalised: what the term adds to the value; with ``mode: priorities`` to the first level that weighs it."""


class LevelResult(Record):
    """One level of a lexicographic objective."""

    weights: Mapping[str, float]
    tolerance: float
    value: float
    """Of this plan, by this level's weights."""
    best: float | None
    """Value when this level was optimised; later levels may give up ``tolerance`` of it."""
    given_up: float = 0.0
    """``best`` − ``value``, not below 0: what later levels took."""
    bound: float | None
    """No plan that keeps the levels before has more."""
    gap: float | None
    """Of ``best`` to ``bound``, measured as the plan's; 0 where it is proved."""
    proved: bool = False
    """The bound proves that no plan that keeps the levels before has more than ``best``."""
    contributions: Mapping[str, float] = {}
    """Term → weight at this level × normalised. Those of different levels do not add up."""


class ObjectiveResult(Record):
    """The value, and the proof of how good it is. With ``mode: priorities`` value, bound and gap are those of one level,
    ``level``: the first that is open, that is, not proved; the first of all where every level is proved."""

    value: float
    bound: float | None
    """No plan whatever has a higher value than this; None: not known."""
    gap: float | None
    """(bound − value) ÷ max(|value + unavoidable|, 1e-10): of what can still be won; 0 where the plan is proved."""
    unavoidable: float = 0.0
    """Price of violated soft rules that no plan avoids, as far as it is proved; 0 with a level other than the first."""
    level: int | None = None
    """Which level, from 1, value, bound and gap are of; None with ``mode: weighted``."""
    mode: str
    normalise: bool
    terms: Mapping[str, Term]
    penalties: float
    """Price paid for violated soft rules; value = Σ contributions − penalties (mode weighted; of priorities, level 1)."""
    levels: tuple[LevelResult, ...] = ()
    """The levels that were optimised; empty for ``mode: weighted``."""


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
    source: str | None = None
    assumed: tuple[str, ...] = ()
    """Empty in plans of earlier versions, as ``source`` is None."""


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
    investment: float | None


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
    investment: float | None
    """None where some firm's is not known."""
    assumed: tuple[str, ...] = ()


class AreaResult(Record):
    """A zone, or the whole region, with resources of its own."""

    scope: Literal["zone", "region"]
    area_id: str
    use: tuple[Use, ...]


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
    subsidy_after_horizon: float | None = None
    """What of it falls due after the last quarter of the plan; None where it is not known, and in plans of earlier versions."""
    effort_after_horizon: float | None = None
    """Person-months of the selected projects that are spent after the last quarter of the plan; None as above."""
    shortage_before: float
    shortage_after: float
    links_short_before: int
    links_short_after: int
    links_closed: int
    single_source_before: int
    """Links with demand and exactly one source."""
    single_source_after: int
    no_source_before: int | None = None
    """Links with demand and no source at all; None in plans of earlier versions, as the next three."""
    no_source_after: int | None = None
    backed_up_before: int | None = None
    """Links with demand and as many sources as are asked for, two at least."""
    backed_up_after: int | None = None
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


class ChangedRow(Record):
    """A row that a change changed, put in or took out; or a cell of which a list lost what was taken out."""

    table: str
    row: str
    """Its key."""
    name: str = ""
    """Its name, where it has one."""
    column: str = ""
    """The column, where a cell is meant and not the row."""


class ChangeMade(Record):
    """A change of the tables that the plan rests on, as plan.yaml or its scenario asks for it (R5)."""

    key: str
    """Where it is written: ``changes[2]``."""
    table: str
    way: Way
    zh: str
    en: str
    """The change in words."""
    count: int
    """How many rows it changed, put in or took out."""
    rows: tuple[ChangedRow, ...]
    """These rows, the first of very many; of ``remove`` also those of other tables that went with them, and, beyond ``count``, the cells
    whose lists lost an entry."""
    reason: str | None = None


class Notice(Record):
    """A warning about the data, as ``planner check`` says it, or about the plan itself, in both languages."""

    code: str
    about_plan: bool = False
    place: str | None
    zh: str
    en: str


class Check(Record):
    """One family of limits, recomputed from the tables."""

    family: str
    checked: int
    violated: int
    worst: float
    """Largest excess over a limit, in the limit's own unit, also where it is rounding and no violation; 0 when none."""


class Verification(Record):
    """The independent recomputation that every plan passes before it is written."""

    passed: bool
    checks: tuple[Check, ...]
    value: float
    """Objective recomputed from the tables."""
    difference: float
    """Largest difference, relative, between a recomputed term and the solver's."""
