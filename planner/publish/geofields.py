"""Fields of the layers and tables of a plan's GeoPackage. Money 万元, shares and probabilities 0–1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from planner.language import Language, Words
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.records import ParkResult, Resource, Use
from planner.publish.map import words as map_words
from planner.publish.map.captions import headline, sources
from planner.publish.map.ground import Ground
from planner.publish.sentences import Teller
from planner.publish.words import FIRM_STATUS, GRADES, unit_words

BOTH: tuple[Language, Language] = ("zh", "en")
Kind = Literal["text", "real", "whole", "flag"]


@dataclass(frozen=True)
class Column:
    """One field: its name, the heading a reader sees, and a value for each row; None is not known."""

    name: str
    kind: Kind
    heading: Words
    values: tuple[Any, ...]

    def only(self, rows: Sequence[int]) -> Column:
        """The same field for some of the rows."""
        return replace(self, values=tuple(self.values[row] for row in rows))


def _column(
    name: str, kind: Kind, zh: str, en: str, rows: Iterable[Any], value: Callable[[Any], Any] | None = None
) -> Column:
    """A column of ``value(row)``, or of the attribute that has the column's name."""
    get = value or (lambda row: getattr(row, name))
    return Column(name, kind, Words(zh, en), tuple(get(row) for row in rows))


def _listed(values: Iterable[str], plan: Plan) -> str:
    return map_words.COMMA.say(plan.plan.language).join(values)


def firm_columns(plan: Plan) -> tuple[Column, ...]:
    """Selected firms, by rank."""
    rows, language = plan.selected, plan.plan.language
    needs = [
        Column(
            f"need_{resource.resource_id}",
            "real",
            _with_unit(resource),
            tuple(firm.needs.get(resource.resource_id) for firm in rows),
        )
        for resource in plan.resources
    ]
    return _distinct(
        (
            _column("rank", "whole", "序号", "Rank", rows),
            *line_columns(rows),
            _column("team_id", "text", "专班", "Team", rows),
            _column("fund_id", "text", "资金池", "Fund", rows),
            _column("investment", "real", "计划投资(万元)", "Investment (CNY 10k)", rows),
            _column("output", "real", "达产产值(万元/年)", "Output a year (CNY 10k)", rows),
            _column("tax", "real", "年税收(万元)", "Tax a year (CNY 10k)", rows),
            _column("jobs", "real", "就业(人)", "Jobs", rows),
            _column("capacity", "real", "年供给能力(万元)", "Capacity a year (CNY 10k)", rows),
            _column("subsidy", "real", "奖补诉求(万元)", "Subsidy asked (CNY 10k)", rows),
            _column("landing_probability", "real", "落地概率", "Landing chance", rows),
            _column("effort", "real", "洽谈工作量(人月)", "Effort (person-months)", rows),
            *needs,
            _column(
                "shortage_before",
                "real",
                "缺口，规划前(万元/年)",
                "Shortage before (CNY 10k a year)",
                rows,
                lambda firm: firm.fills and firm.fills.shortage_before,
            ),
            _column(
                "shortage_after",
                "real",
                "缺口，规划后(万元/年)",
                "Shortage after (CNY 10k a year)",
                rows,
                lambda firm: firm.fills and firm.fills.shortage_after,
            ),
            _column(
                "status",
                "text",
                "状态",
                "Status",
                rows,
                lambda firm: FIRM_STATUS[firm.status].say(language) if firm.status in FIRM_STATUS else firm.status,
            ),
            _column("must_include", "flag", "必选", "Must be included", rows),
            _column("province", "text", "来源省份", "Home province", rows),
            _column("city", "text", "来源城市", "Home city", rows),
            _column("lon", "real", "来源经度", "Home longitude", rows),
            _column("lat", "real", "来源纬度", "Home latitude", rows),
            _column("source", "text", "数据来源", "Source", rows),
            _column(
                "assumed", "text", "假设字段 *", "Assumed fields *", rows, lambda firm: _listed(firm.assumed, plan)
            ),
        )
    )


def line_columns(rows: Sequence[Selected]) -> tuple[Column, ...]:
    """Which firm it is, and where and when the plan puts it."""
    return (
        _column("candidate_id", "text", "项目编号", "Candidate id", rows),
        _column("name", "text", "企业", "Firm", rows),
        _column("chain_name", "text", "产业链", "Chain", rows),
        _column("link_name", "text", "环节", "Link", rows),
        _column("park_id", "text", "园区编号", "Park id", rows),
        _column("park_name", "text", "园区", "Park", rows),
        _column("quarter", "text", "签约季度", "Quarter", rows),
    )


def park_columns(plan: Plan, classes: Sequence[str], levels: Sequence[int]) -> tuple[Column, ...]:
    """Parks, with the use of each resource at the end of the last quarter; ``levels`` point into ``classes``."""
    rows = plan.parks
    last = plan.plan.quarters[-1]

    def use(resource: Resource, field: str) -> tuple[Any, ...]:
        return tuple(getattr(_use(park, resource.resource_id, last), field, None) for park in rows)

    uses = [
        Column(f"{resource.resource_id}_{field}", "real", _headed(resource, zh, en), use(resource, field))
        for resource in plan.resources
        if resource.scope == "park"
        for field, zh, en in (("used", "已用", "used"), ("capacity", "能力", "capacity"), ("share", "占用率", "share"))
    ]
    return _distinct(
        (
            _column("park_id", "text", "园区编号", "Park id", rows),
            _column("name", "text", "园区", "Park", rows),
            _column("city", "text", "所在市", "City", rows),
            _column("county", "text", "所在区县", "County", rows),
            _column("zone", "text", "分区", "Zone", rows),
            _column("allowed_chains", "text", "适配产业链", "Chains taken", rows, _allowed(plan)),
            _column("selected", "whole", "落地企业数", "Firms placed", rows),
            _column("investment", "real", "计划投资(万元)", "Investment (CNY 10k)", rows),
            _column("fullness", "real", "满度", "Fullness", rows),
            Column(
                "fullness_class", "text", Words("满度分级", "Class of fullness"), tuple(classes[at] for at in levels)
            ),
            *uses,
            _column(
                "assumed", "text", "假设字段 *", "Assumed fields *", rows, lambda park: _listed(park.assumed, plan)
            ),
        )
    )


def incumbent_columns(plan: Plan) -> tuple[Column, ...]:
    """Local firms."""
    rows = plan.incumbents
    return (
        _column("name", "text", "企业", "Firm", rows),
        _column("link_id", "text", "环节编号", "Link id", rows),
        _column("link_name", "text", "环节", "Link", rows),
        _column("capacity", "real", "年供给能力(万元)", "Capacity a year (CNY 10k)", rows),
        _column("park_id", "text", "园区编号", "Park id", rows),
        _column("city", "text", "所在市", "City", rows),
        _column("source", "text", "数据来源", "Source", rows),
        _column("assumed", "text", "假设字段 *", "Assumed fields *", rows, lambda firm: _listed(firm.assumed, plan)),
    )


def link_columns(plan: Plan) -> tuple[Column, ...]:
    """Links before and after the plan."""
    rows, language = plan.links, plan.plan.language
    chains = {chain.chain_id: chain.name for chain in plan.chains}
    return (
        _column("link_id", "text", "环节编号", "Link id", rows),
        _column("name", "text", "环节", "Link", rows),
        _column("chain_name", "text", "产业链", "Chain", rows, lambda link: chains.get(link.chain_id, link.chain_id)),
        _column("tier", "text", "位置", "Tier", rows),
        _column("bottleneck", "flag", "卡脖子", "Bottleneck", rows),
        _column("demand_before", "real", "需求，规划前(万元/年)", "Demand before (CNY 10k a year)", rows),
        _column("demand_after", "real", "需求，规划后(万元/年)", "Demand after (CNY 10k a year)", rows),
        _column("supply_before", "real", "供给，规划前(万元/年)", "Supply before (CNY 10k a year)", rows),
        _column("supply_after", "real", "供给，规划后(万元/年)", "Supply after (CNY 10k a year)", rows),
        _column("shortage_before", "real", "缺口，规划前(万元/年)", "Shortage before (CNY 10k a year)", rows),
        _column("shortage_after", "real", "缺口，规划后(万元/年)", "Shortage after (CNY 10k a year)", rows),
        _column("sources_before", "whole", "来源数，规划前", "Sources before", rows),
        _column("sources_after", "whole", "来源数，规划后", "Sources after", rows),
        _column("min_sources", "whole", "最少来源数", "Sources wanted", rows),
        _column("backed_up", "flag", "来源足够", "Enough sources", rows),
        _column(
            "grade_before",
            "text",
            "评级，规划前",
            "Grade before",
            rows,
            lambda link: GRADES[link.grade_before].say(language),
        ),
        _column(
            "grade_after",
            "text",
            "评级，规划后",
            "Grade after",
            rows,
            lambda link: GRADES[link.grade_after].say(language),
        ),
        _column("candidates", "whole", "可选项目", "Candidates", rows),
        _column("selected", "whole", "入选项目", "Selected", rows),
        _column("assumed", "text", "假设字段 *", "Assumed fields *", rows, lambda link: _listed(link.assumed, plan)),
    )


def not_selected_columns(plan: Plan) -> tuple[Column, ...]:
    """Candidates that the plan leaves out, each with its reason in words."""
    rows, teller = plan.not_selected, Teller(plan, plan.plan.language)
    return (
        _column("candidate_id", "text", "项目编号", "Candidate id", rows),
        _column("name", "text", "企业", "Firm", rows),
        _column("chain_name", "text", "产业链", "Chain", rows),
        _column("link_name", "text", "环节", "Link", rows),
        _column("city", "text", "来源城市", "Home city", rows),
        _column("investment", "real", "计划投资(万元)", "Investment (CNY 10k)", rows),
        _column("subsidy", "real", "奖补诉求(万元)", "Subsidy asked (CNY 10k)", rows),
        _column("reason", "text", "未入选原因", "Why it is left out", rows, teller.why_not),
        _column("gain", "real", "单独加入的得分", "Gain if it came in alone", rows),
        _column("assumed", "text", "假设字段 *", "Assumed fields *", rows, lambda row: _listed(row.assumed, plan)),
    )


def about_columns(plan: Plan, ground: Ground) -> tuple[Column, ...]:
    """What the file is, as topic and text."""
    language = plan.plan.language
    rows = [
        (Words("计划", "Plan"), plan.plan.name),
        (Words("概要", "Summary"), map_words.SEMICOLON.say(language).join(headline(plan))),
        (Words("坐标系", "Coordinate system"), _SYSTEM.say(language)),
        *((Words("来源", "Sources"), line) for line in sources(plan)),
    ]
    if ground.unknown_region is not None:
        rows.append((Words("提示", "Note"), map_words.NOTE_REGION.say(language, name=ground.unknown_region)))
    return (
        Column("topic", "text", Words("项", "Topic"), tuple(topic.say(language) for topic, _ in rows)),
        Column("text", "text", Words("内容", "Text"), tuple(text for _, text in rows)),
    )


_SYSTEM = Words("CGCS2000（EPSG:4490），与 WGS84 视为相同", "CGCS2000 (EPSG:4490), taken as equal to WGS84")


def _use(park: ParkResult, resource_id: str, quarter: str) -> Use | None:
    return next((use for use in park.use if use.resource_id == resource_id and use.quarter == quarter), None)


def _allowed(plan: Plan) -> Callable[[ParkResult], str]:
    names = {chain.chain_id: chain.name for chain in plan.chains}
    return lambda park: _listed((names.get(chain, chain) for chain in park.allowed_chains), plan)


def _with_unit(resource: Resource) -> Words:
    unit = unit_words(resource.unit)
    return Words(*(f"{resource.name}({unit.say(language)})" if resource.unit else resource.name for language in BOTH))


def _headed(resource: Resource, zh: str, en: str) -> Words:
    """``土地已用(亩)``; a share has no unit."""
    if en == "share":
        return Words(f"{resource.name}{zh}", f"{resource.name}, {en}")
    unit = unit_words(resource.unit)
    bracket = ["" if not resource.unit else f"({unit.say(language)})" for language in BOTH]
    return Words(f"{resource.name}{zh}{bracket[0]}", f"{resource.name}, {en} {bracket[1]}".rstrip())


def _distinct(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Field names told apart where they differ in case alone or not at all: SQLite takes ``Land`` for ``land``."""
    seen: dict[str, int] = {}
    told = []
    for column in columns:
        key = column.name.lower()
        seen[key] = seen.get(key, 0) + 1
        told.append(column if seen[key] == 1 else replace(column, name=f"{column.name}_{seen[key]}"))
    return tuple(told)
