"""What the rows of a list may be: records of the plan with their rows of the tables, and rows of tables that no plan is made from.

A field is one of the record's catalogue (:mod:`planner.publish.fields`) or a column of its table, or one of what it belongs to,
with a prefix: ``link.tier``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from planner.language import Words
from planner.plan.model import Plan
from planner.publish import fields
from planner.publish.field import Catalogue, Field
from planner.publish.lists.home import is_outside
from planner.publish.lists.table_fields import NOWHERE, Row
from planner.publish.view import View

PREFIXES: Mapping[str, str] = MappingProxyType(
    {"chain": "chains", "link": "links", "park": "parks", "candidate": "candidates", "from": "links", "to": "links"}
)
"""Prefix of a field → the kind of the record that it is a field of."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One row of a list: the plan's record, the row of the table, either of which may be missing, and what it belongs to."""

    key: str
    """Its id; empty where it has none."""
    record: Any
    row: Row | None
    refs: Mapping[str, tuple[str, ...]]
    """Prefix → ids of the records of that kind that it belongs to."""

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of the records of a kind that it belongs to."""
        return tuple(dict.fromkeys(one for prefix, ids in self.refs.items() if PREFIXES[prefix] == kind for one in ids))


@dataclass(frozen=True)
class Kind:
    """One kind of rows."""

    words: Words
    table: str
    """Its table, whose columns are fields of it."""
    belongs: Mapping[str, str] = field(default_factory=dict)
    """Prefix → the column, or attribute of the record, with the ids of what it belongs to."""
    same_as: str = ""
    """The kind whose records these are, by whose id links lead to them; itself where it is empty."""
    key: str = ""
    """The column, or attribute, of its id."""
    catalogue: Catalogue[Any] | None = None
    """Fields of the plan's record."""
    records: Callable[[Plan], Sequence[Any]] | None = None
    """The plan's records; None: the rows of the table."""
    more: Catalogue[Entry] | None = None
    """Fields of the record and its row together."""
    by_resource: tuple[str, ...] = ()
    """Names of the fields that its catalogue has for each resource of a plan, ``{}`` standing for the resource."""
    of_scope: str = ""
    """The scope of the resources of which it has these; empty: of any."""
    for_all: bool = False
    """One that names no chain is there for every chain."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What its fields may be of: a chain too where it belongs to a link or to a candidate."""
        return tuple(dict.fromkeys((*self.belongs, *(("chain",) if {"link", "candidate"} & self.belongs.keys() else ()))))


def _flag(name: str, heading: Words, get: Callable[[View, Entry], Any]) -> Field[Entry]:
    return Field(name, "flag", heading, NOWHERE, get=get, assumed=())


def _of_plan(name: str) -> Field[Entry]:
    """A field of the record of a candidate that the plan has selected; nothing of others."""
    like = fields.FIRM[name]

    def value(view: View, entry: Entry) -> Any:
        return getattr(entry.record, name, None) if hasattr(entry.record, "park_id") else None

    return Field(name, like.kind, like.heading, NOWHERE, like.unit, value, (), room=like.room)


def _chosen(_: View, entry: Entry) -> bool | None:
    return None if entry.record is None else hasattr(entry.record, "park_id")


def _why_not(view: View, entry: Entry) -> str | None:
    return view.why_not(entry.record) if hasattr(entry.record, "reason") else None


def _stage(view: View, entry: Entry) -> str | None:
    return None if entry.record is None else view.stage(entry.record)


_CANDIDATE: Catalogue[Entry] = Catalogue(
    _flag("chosen", Words("入选", "Selected"), _chosen),
    _of_plan("park_name"),
    _of_plan("quarter"),
    Field("reason", "text", fields.LEFT_OUT["reason"].heading, NOWHERE, get=_why_not, assumed=(), room=48),
    Field("stage", "short", fields.STAGE[0].heading, NOWHERE, get=_stage, assumed=()),
    Field(
        "stage_since",
        "short",
        fields.STAGE[1].heading,
        NOWHERE,
        get=lambda _, entry: getattr(entry.record, "stage_since", None),
        assumed=(),
    ),
    _flag("outside", Words("省外", "Of another province"), lambda view, entry: is_outside(view, entry.row)),
)
"""What the plan makes of a candidate, and where it comes from."""
_EDGE: Catalogue[Any] = Catalogue(
    Field("from_link", "short", Words("上游环节", "From link"), NOWHERE),
    Field("to_link", "short", Words("下游环节", "To link"), NOWHERE),
    Field(
        "coefficient",
        "number",
        Words("消耗系数", "Coefficient"),
        NOWHERE,
        assumed=lambda basis, _: basis.column("link_edges", "coefficient"),
    ),
)
_LINK, _CHAIN, _PARK = {"link": "link_id"}, {"chain": "chain_id"}, {"park": "park_id"}
_CANDIDATE_ID = {"candidate": "candidate_id"}


def _table(name: str, words: Words, belongs: Mapping[str, str] = MappingProxyType({})) -> Kind:
    return Kind(words, name, belongs, for_all=name not in ("status", "technologies", "applications", "indicators"))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "chains": Kind(Words("产业链", "chains"), "chains", {}, "", "chain_id", fields.CHAIN, lambda plan: plan.chains),
        "links": Kind(Words("环节", "links"), "links", _CHAIN, "", "link_id", fields.LINK, lambda plan: plan.links),
        "selected": Kind(
            Words("入选项目", "selected projects"),
            "candidates",
            {**_LINK, **_CHAIN, **_PARK, **_CANDIDATE_ID},
            "candidates",
            "candidate_id",
            fields.FIRM,
            lambda plan: plan.selected,
            _CANDIDATE,
            ("need_{}",),
        ),
        "left_out": Kind(
            Words("未选项目", "candidates that are left out"),
            "candidates",
            {**_LINK, **_CHAIN, **_CANDIDATE_ID},
            "candidates",
            "candidate_id",
            fields.LEFT_OUT,
            lambda plan: plan.not_selected,
            _CANDIDATE,
        ),
        "candidates": Kind(
            Words("客商库", "candidates"), "candidates", {**_LINK, **_CHAIN, **_PARK}, "", "candidate_id", more=_CANDIDATE
        ),
        "incumbents": Kind(
            Words("本地企业", "local firms"),
            "incumbents",
            {**_LINK, **_CHAIN, **_PARK},
            "",
            "incumbent_id",
            fields.INCUMBENT,
            lambda plan: plan.incumbents,
        ),
        "parks": Kind(
            Words("园区", "parks"),
            "parks",
            {"chain": "allowed_chains"},
            "",
            "park_id",
            fields.PARK,
            lambda plan: plan.parks,
            by_resource=("{}_used", "{}_capacity", "{}_share"),
            of_scope="park",
            for_all=True,
        ),
        "link_edges": Kind(
            Words("供需关系", "supply edges"),
            "link_edges",
            {"from": "from_link", "to": "to_link"},
            catalogue=_EDGE,
            records=lambda plan: plan.link_edges,
        ),
        "funds": Kind(Words("资金", "funds"), "funds", {}, catalogue=fields.FUND, records=lambda plan: plan.funds, for_all=True),
        "teams": Kind(
            Words("专班", "teams"), "teams", _CHAIN, catalogue=fields.TEAM, records=lambda plan: plan.teams, for_all=True
        ),
        "people": _table("people", Words("责任人", "people and offices"), _CHAIN),
        "status": _table("status", Words("项目进展", "what happened to projects"), {**_CANDIDATE_ID, **_PARK}),
        "calendar": _table("calendar", Words("日历", "days and meetings")),
        "targets": _table("targets", Words("目标任务", "targets"), _CHAIN),
        "policies": _table("policies", Words("政策", "policies"), {**_CHAIN, **_LINK}),
        "freight": _table("freight", Words("运价", "freight"), _LINK),
        "technologies": _table("technologies", Words("技术", "technologies"), _LINK),
        "applications": _table("applications", Words("应用", "applications"), _LINK),
        "indicators": _table("indicators", Words("指标", "indicators"), _CHAIN),
    }
)
"""By the name that ``of`` goes by (:data:`planner.publish.lists.schema.Records`)."""


def identity(kind: str) -> str:
    """The kind by whose ids links lead to records of a kind."""
    return KINDS[kind].same_as or kind
