"""Every field that any output shows of a record, once: its heading, unit, kind, value, assumptions, and where it stands.

To show one more, add its line here, at the place in the order where it is to stand: the workbook's sheets, the layers of
the GeoPackage and the popups of the map follow. What a line says is declared in :mod:`planner.publish.field`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from planner.language import Words
from planner.plan.firm_records import Incumbent, NotSelected, Selected
from planner.plan.means_records import FundUse, TeamUse
from planner.plan.records import ChainResult, LinkResult, ParkResult, Resource
from planner.publish.basis import Basis
from planner.publish.field import Catalogue, Field, Get, Kind, R, Rests, Shown
from planner.publish.view import NOT_LIMITED, FirmNote, Series, View
from planner.publish.words import GRADES, KINDS, SCOPES, unit_words

SHEET, BRIEF, LAYER, LINES, POPUP = Shown.SHEET, Shown.BRIEF, Shown.LAYER, Shown.LINES, Shown.POPUP
LATER, STEPS, HANDOUT = Shown.LATER, Shown.STEPS, Shown.HANDOUT
TABLES, FILES, EVERYWHERE = SHEET | BRIEF, SHEET | LAYER, SHEET | BRIEF | LAYER | POPUP
MONEY, MONTHS, PEOPLE = unit_words("万元"), unit_words("人月"), Words("人", "")
BEFORE, AFTER = Words("计划前", "before"), Words("计划后", "after")

UNIT, WEIGHT = Words("单位", "Unit"), Words("权重", "Weight")
QUARTER, CITY = Words("季度", "Quarter"), Words("所在市", "City")
NAME, CHAIN_NAME, LINK_NAME = Words("企业", "Firm"), Words("产业链", "Chain"), Words("环节", "Link")
CANDIDATE, PARK_ID, PARK_NAME = Words("项目编号", "Id"), Words("园区编号", "Park id"), Words("园区", "Park")
INVESTMENT, SUBSIDY = Words("计划投资", "Investment"), Words("奖补诉求", "Subsidy asked")
OUTPUT, TAX = Words("达产年产值", "Output a year"), Words("年税收", "Tax a year")
YEARLY, HOME = Words("年供给能力", "Capacity a year"), Words("来源城市", "Home city")
SOURCE, COUNTY = Words("数据来源", "Source"), Words("区县", "County")
FUND_NAME, TEAM_NAME = Words("资金池", "Fund"), Words("专班", "Team")
OWNER = Words("项目责任人", "Owner")
DEMAND, SUPPLY = Words("年需求", "Demand a year"), Words("年供给", "Supply a year")
SHORTAGE, COVERED = Words("缺口", "Shortage"), Words("满足率", "Covered")
GRADE, SOURCES = Words("评级", "Grade"), Words("来源数", "Sources")
COMPLETE, SELECTED = Words("完整度", "Completeness"), Words("入选企业", "Firms selected")
USED, CAPACITY = Words("已用", "Used"), Words("总量", "Capacity")
SHARE, LEFT, DUE = Words("占用率", "Share used"), Words("剩余", "Left"), Words("到期", "Due")
"""Headings that several records have."""


def _money(name: str, heading: Words, shown: Shown) -> Field[Any]:
    return Field(name, "number", heading, shown, MONEY, total=True)


ASSUMED_FIELDS: Field[Any] = Field(
    "assumed", "text", Words("假设字段 *", "Assumed fields *"), LAYER, get=lambda view, record: view.listed(record.assumed)
)
"""Which columns of the input are assumed of the record, by name."""


Assumed = Callable[[Basis, Any, bool], bool]
"""Whether a figure of a record before (False) or after the plan (True) rests on an assumption."""
When = Callable[[View, Any, str], Any]
"""A figure of a record ``before`` or ``after`` the plan."""


def _both(
    name: str, kind: Kind, group: Words, assumed: Assumed | tuple[str, ...], get: When | None = None, shown: Shown = FILES
) -> Iterable[Field[Any]]:
    """A figure before and after the plan, by default the attributes of these names; in the brief table the latter alone."""

    def field(when: str, heading: Words, where: Shown) -> Field[Any]:
        rests = assumed if isinstance(assumed, tuple) else lambda basis, record: assumed(basis, record, when == "after")
        value = None if get is None else lambda view, record: get(view, record, when)
        total, bar = kind == "number", group is COVERED
        return Field(f"{name}_{when}", kind, heading, where, MONEY if total else None, value, rests, group, total=total, bar=bar)

    return field("before", BEFORE, shown & ~BRIEF), field("after", AFTER, shown)


_DAY = Field[Any]("as_of", "text", Words("数据日期", "As of"), FILES | POPUP, assumed=())
STAGE = (
    Field[Any]("stage", "short", Words("进展", "Stage"), FILES | POPUP, get=View.stage, assumed=()),
    Field[Any]("stage_since", "short", Words("进展自", "Since"), FILES | POPUP, assumed=(), room=10),
    Field[Any]("stage_place", "text", Words("进展出处", "Row of the stage"), FILES, assumed=(), room=18),
)
"""How far a firm has come, where events say so."""
_CONFIDENCE = Field[Any]("confidence", "text", Words("可信度", "Confidence"), FILES | POPUP, assumed=())


def _stated(records: Iterable[Any], *fields: Field[Any]) -> list[Field[Any]]:
    """The fields that some record has; few inputs state them."""
    return [field for field in fields if any(getattr(record, field.name) for record in records)]


def _need(resource: Resource) -> Field[Selected]:
    name, heading, unit = resource.resource_id, Words(resource.name, resource.name), unit_words(resource.unit)
    return Field(f"need_{name}", "number", heading, EVERYWHERE, unit, lambda _, firm: firm.needs.get(name), (name,), total=True)


def _note(note: FirmNote) -> Field[Selected]:
    return Field(note.name, "short", note.heading, SHEET, get=lambda _, firm: note.of.get(firm.candidate_id), room=12)


FIRM: Catalogue[Selected] = Catalogue(
    Field("rank", "count", Words("排名", "Rank"), FILES),
    Field("candidate_id", "text", CANDIDATE, LAYER | LINES | SHEET | STEPS, room=8),
    Field("name", "text", NAME, TABLES | LAYER | LINES | STEPS, room=18, brief_room=20),
    Field("status", "short", Words("状态", "Status"), SHEET | LAYER | POPUP | STEPS, get=View.status, room=8),
    Field("owner", "text", OWNER, SHEET | LAYER | STEPS, get=View.owner_words, room=10),
    Field("chain_name", "text", CHAIN_NAME, FILES | LINES | STEPS, room=10),
    Field("link_name", "text", LINK_NAME, TABLES | LAYER | LINES | STEPS, room=12, brief_room=14),
    Field("park_id", "text", PARK_ID, LAYER | LINES),
    Field("park_name", "text", PARK_NAME, EVERYWHERE | LINES | STEPS | HANDOUT, assumed=("fixed_park",), room=13, brief_room=18),
    Field("county", "text", COUNTY, SHEET | STEPS, get=lambda view, firm: view.counties.get(firm.park_id), room=8),
    Field("quarter", "short", QUARTER, EVERYWHERE | LINES | STEPS),
    Field("team_id", "text", TEAM_NAME, FILES | STEPS, assumed=("team",), room=10),
    Field("fund_id", "text", FUND_NAME, FILES, room=10),
    _money("investment", INVESTMENT, EVERYWHERE | STEPS),
    _money("output", OUTPUT, EVERYWHERE),
    _money("tax", TAX, EVERYWHERE),
    Field("jobs", "number", Words("就业", "Jobs"), LAYER | POPUP, PEOPLE),
    _money("capacity", YEARLY, LAYER),
    lambda view: map(_need, view.plan.resources),
    _money("subsidy", SUBSIDY, EVERYWHERE | STEPS),
    Field("landing_probability", "share", Words("落地概率", "Landing chance"), EVERYWHERE | STEPS),
    Field("effort", "number", Words("洽谈工作量", "Effort"), LAYER, MONTHS),
    *_both("shortage", "number", SHORTAGE, (), lambda _, firm, when: getattr(firm.fills, f"shortage_{when}", None), LAYER),
    Field("fills", "text", Words("补什么", "What it fills"), SHEET | POPUP, None, View.fills, Basis.fills, room=24),
    Field("why", "text", Words("入选理由", "Why"), BRIEF, get=View.why, room=34, stretch=True),
    lambda view: map(_note, view.notes),
    Field("home", "text", Words("来源", "From"), POPUP | HANDOUT, get=View.home, assumed=("province", "city")),
    Field("must_include", "flag", Words("必选", "Must be included"), LAYER),
    Field("arranged", "text", Words("约定", "Bound"), POPUP, get=View.arranged),
    Field("province", "text", Words("来源省份", "Home province"), LAYER),
    Field("city", "text", HOME, FILES, room=8),
    Field("lon", "number", Words("来源经度", "Home longitude"), LAYER),
    Field("lat", "number", Words("来源纬度", "Home latitude"), LAYER),
    Field("source", "text", SOURCE, FILES | POPUP, room=9),
    lambda view: _stated(view.plan.selected, *STAGE, _DAY, _CONFIDENCE),
    ASSUMED_FIELDS,
)
"""Selected firms: the target list, the tables on the sheets of chains, the layer, the popup."""

LEFT_OUT: Catalogue[NotSelected] = Catalogue(
    Field("candidate_id", "text", CANDIDATE, FILES, room=12),
    Field("name", "text", NAME, FILES, room=26),
    Field("chain_name", "text", CHAIN_NAME, FILES, room=14),
    Field("link_name", "text", LINK_NAME, FILES, room=14),
    Field("city", "text", HOME, FILES, room=10),
    _money("investment", INVESTMENT, FILES),
    _money("subsidy", SUBSIDY, FILES),
    Field("kind", "short", Words("类别", "Kind"), SHEET, get=View.kind_word, room=12),
    Field("reason", "text", Words("未选原因", "Why not"), FILES, get=View.why_not, room=72),
    Field("best_park", "text", Words("最好的园区", "Best park"), SHEET, get=View.best_park, room=16),
    Field("gain", "points", Words("加入可增目标值", "Value if added"), FILES),
    lambda view: _stated(view.plan.not_selected, *STAGE),
    ASSUMED_FIELDS,
)
"""Candidates that the plan leaves out: their sheet and their table of the GeoPackage."""

INCUMBENT: Catalogue[Incumbent] = Catalogue(
    Field("name", "text", NAME, FILES, room=20),
    Field("link_id", "text", Words("环节编号", "Link id"), LAYER),
    Field("link_name", "text", LINK_NAME, FILES | POPUP | HANDOUT, room=14),
    _money("capacity", YEARLY, FILES | POPUP),
    Field("park_id", "text", PARK_ID, LAYER),
    Field("city", "text", CITY, LAYER | POPUP | HANDOUT),
    Field("source", "text", SOURCE, FILES | POPUP, span=4),
    lambda view: _stated(view.plan.incumbents, _DAY, _CONFIDENCE),
    ASSUMED_FIELDS,
)
"""Local firms: the table on the sheet of their chain, the layer, the popup."""


def _use_of(
    name: str, kind: Kind, group: Words | None, shown: Shown, use: Get[R], used: Rests[R], capacity: Rests[R]
) -> Iterable[Field[R]]:
    """Used, capacity and share of one resource in one quarter."""

    def figure(of: str) -> Get[R]:
        return lambda view, record: getattr(use(view, record), of, None)

    def either(basis: Basis, record: R) -> bool:
        return used(basis, record) or capacity(basis, record)

    yield Field(f"{name}_used", kind, USED, shown, None, figure("used"), used, group, total=kind == "number")
    yield Field(f"{name}_capacity", kind, CAPACITY, shown, None, figure("capacity"), capacity, group)
    yield Field(f"{name}_share", "share", SHARE, shown, None, figure("share"), either, group, bar=True)


def _park_use(view: View) -> Iterable[Field[ParkResult]]:
    """Use of each resource that parks hold, at the end of the last quarter."""
    for resource in view.plan.resources:
        if resource.scope == "park":
            yield from _use_in_park(resource.resource_id, Words(resource.name, resource.name), unit_words(resource.unit))


def _use_in_park(resource_id: str, name: Words, unit: Words) -> Iterable[Field[ParkResult]]:
    return _use_of(
        resource_id,
        "number",
        Words(f"{name.zh}（{unit.zh}）", f"{name.en} ({unit.en})") if unit.zh else name,
        FILES,
        lambda view, park: view.uses.get((park.park_id, resource_id)),
        lambda basis, park: basis.use([park.park_id], resource_id),
        lambda basis, park: basis.park_capacity(park, resource_id),
    )


PARK: Catalogue[ParkResult] = Catalogue(
    Field("park_id", "text", PARK_ID, LAYER),
    Field("name", "text", PARK_NAME, FILES, room=28),
    Field("city", "text", CITY, LAYER),
    Field("county", "text", COUNTY, FILES, room=10),
    Field("zone", "text", Words("分区", "Zone"), FILES, room=10),
    Field("selected", "count", SELECTED, FILES | POPUP, total=True),
    Field("investment", "number", INVESTMENT, FILES | POPUP, MONEY, assumed=Basis.invested_in, total=True),
    Field("fullness", "share", Words("满度", "Fullness"), FILES | POPUP, assumed=Basis.fullness, bar=True),
    _park_use,
    Field("allowed_chains", "text", Words("适配产业链", "Chains taken"), FILES | POPUP | HANDOUT, get=View.taken, room=24),
    ASSUMED_FIELDS,
)
"""Parks; what they use of resources is at the end of the last quarter."""


def _series_use(quarter: str, group: Words | None, shown: Shown) -> Iterable[Field[Series]]:
    used, capacity = (lambda _, series: series.used_assumed), (lambda _, series: series.capacity_assumed)
    return _use_of(quarter, "mixed", group, shown, lambda _, series: series.uses.get(quarter), used, capacity)


USE: Catalogue[Series] = Catalogue(
    Field("place", "text", Words("地方", "Place"), TABLES, room=28),
    Field("scope", "short", Words("范围", "Scope"), TABLES, get=lambda view, series: SCOPES[series.scope].say(view.language)),
    Field("resource", "text", Words("资源", "Resource"), TABLES, get=lambda _, series: series.resource.name, room=14),
    Field("kind", "short", Words("类型", "Kind"), SHEET, get=lambda view, series: KINDS[series.resource.kind].say(view.language)),
    Field("unit", "short", UNIT, TABLES, get=lambda view, series: unit_words(series.resource.unit).say(view.language)),
    lambda view: (field for name in view.plan.plan.quarters for field in _series_use(name, Words(name, name), SHEET)),
    lambda view: _series_use(view.last, None, BRIEF),
)
"""Every resource wherever it is held, quarter by quarter; the brief table has the end of the last quarter only."""


def _covered(_: View, link: LinkResult, when: str) -> float | None:
    supply, demand = getattr(link, f"supply_{when}"), getattr(link, f"demand_{when}")
    return min(supply / demand, 1.0) if demand > 0 else None


def _grade(view: View, link: LinkResult, when: str) -> str:
    return GRADES[getattr(link, f"grade_{when}")].say(view.language)


def _change(name: str, heading: Words, assumed: Assumed) -> Field[LinkResult]:
    """Both figures in one, as a popup has it."""

    def change(view: View, link: LinkResult) -> str:
        before, after = getattr(link, f"{name}_before"), getattr(link, f"{name}_after")
        return view.arrow(view.money(before), view.money(after))

    return Field(name, "text", heading, POPUP, None, change, lambda basis, link: assumed(basis, link, True))


def _backed_up(_: View, link: LinkResult) -> bool | None:
    return link.backed_up if link.min_sources else None


LINK: Catalogue[LinkResult] = Catalogue(
    Field("link_id", "text", Words("环节编号", "Link id"), LAYER),
    Field(
        "chain_name", "text", CHAIN_NAME, FILES, get=lambda view, link: view.chain_names.get(link.chain_id, link.chain_id), room=16
    ),
    Field("name", "text", LINK_NAME, TABLES | LAYER, room=20),
    Field("tier", "short", Words("位置", "Tier"), TABLES | LAYER | HANDOUT, room=10),
    Field("weight", "number", WEIGHT, SHEET),
    Field("bottleneck", "tick", Words("卡脖子", "Bottleneck"), FILES),
    Field("grade", "text", GRADE, POPUP, None, View.grades, lambda basis, link: basis.shortage(link, after=True)),
    _change("shortage", SHORTAGE, Basis.shortage),
    _change("demand", DEMAND, Basis.demand),
    _change("supply", SUPPLY, Basis.supply),
    Field("sources", "text", SOURCES, POPUP, get=View.sources),
    *_both("demand", "number", DEMAND, Basis.demand),
    *_both("supply", "number", SUPPLY, Basis.supply),
    *_both("shortage", "number", SHORTAGE, Basis.shortage, shown=FILES | BRIEF),
    *_both("covered", "share", COVERED, Basis.shortage, _covered, shown=TABLES),
    *_both("grade", "short", GRADE, Basis.shortage, _grade),
    *_both("sources", "count", SOURCES, ("sources",)),
    Field("min_sources", "count", Words("最少来源", "Sources wanted"), FILES),
    Field("backed_up", "flag", Words("备份已够", "Backed up"), FILES, get=_backed_up),
    Field("candidates", "count", Words("可选项目", "Candidates"), TABLES | LAYER),
    Field("selected", "count", SELECTED, TABLES | LAYER, total=True),
    Field("help", "text", Words("说明", "Remark"), BRIEF, get=View.help_left, stretch=True),
    ASSUMED_FIELDS,
)
"""Links before and after the plan; the brief table is of those still short."""


CHAIN: Catalogue[ChainResult] = Catalogue(
    Field("name", "text", CHAIN_NAME, SHEET),
    Field("chief", "text", Words("链长", "Chief"), SHEET),
    *_both("completeness", "share", COMPLETE, Basis.chain, shown=SHEET),
    *_both("shortage", "number", SHORTAGE, Basis.chain, shown=SHEET),
    Field("selected", "count", SELECTED, SHEET, total=True),
    Field("investment", "number", INVESTMENT, SHEET, MONEY, assumed=Basis.invested_in, total=True),
)


def _part(used: float, of: float | None) -> float | None:
    return used / of if of is not None and of > 0 else None


def _limited(name: str, heading: Words, unit: Words) -> Field[Any]:
    """An amount after the horizon; without one nothing limits."""

    def amount(view: View, use: FundUse | TeamUse) -> float | str:
        value: float | None = getattr(use, name)
        return NOT_LIMITED.say(view.language) if value is None else value

    return Field(name, "number", heading, LATER, unit, amount, Basis.means_left)


FUND: Catalogue[FundUse] = Catalogue(
    Field("fund_id", "text", FUND_NAME, SHEET | LATER, assumed=(), room=26),
    Field("quarter", "short", QUARTER, SHEET | LATER, assumed=()),
    Field("due", "number", DUE, LATER, MONEY, lambda _, use: use.used, Basis.means, total=True),
    _limited("available", Words("可用", "Available"), MONEY),
    _limited("left", LEFT, MONEY),
    _money("amount", Words("当季新增", "New money"), SHEET),
    Field("available", "number", Words("当季可用", "Available"), SHEET, MONEY, assumed=Basis.means_left),
    Field("used", "number", USED, SHEET, MONEY, assumed=Basis.means, total=True),
    Field("left", "number", LEFT, SHEET, MONEY, assumed=Basis.means_left),
    Field("share", "share", SHARE, SHEET, None, lambda _, use: _part(use.used, use.available), Basis.means_left, bar=True),
)
TEAM: Catalogue[TeamUse] = Catalogue(
    Field("team", "text", TEAM_NAME, SHEET | LATER, None, View.team, (), room=40),
    Field("quarter", "short", QUARTER, SHEET | LATER, assumed=()),
    Field("due", "number", DUE, LATER, MONTHS, lambda _, use: use.used, Basis.means, total=True),
    _limited("effort", Words("当季力量", "Effort available"), MONTHS),
    _limited("left", LEFT, MONTHS),
    Field("effort", "number", Words("当季力量", "Effort available"), SHEET, MONTHS, total=True),
    Field("used", "number", USED, SHEET, MONTHS, assumed=Basis.means, total=True),
    Field("left", "number", LEFT, SHEET, MONTHS, assumed=Basis.means_left, total=True),
    Field("share", "share", SHARE, SHEET, None, lambda _, use: _part(use.used, use.effort), Basis.means_left, bar=True),
)
