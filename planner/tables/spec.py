"""The tables of a plan, each declared once: names, units, keys, references, ranges, headers in both languages.

``docs/data-dictionary.md`` is generated from here. Money is in 万元, land in 亩, effort in 人月; whatever unit a file
uses is converted on reading (:mod:`planner.tables.units`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from planner.language import Words
from planner.settings.schema import ResourceSettings
from planner.tables.column import Column, Kind, TableSpec


def _column(name: str, kind: Kind, zh: str, en: str, *aliases: str, **rest: Any) -> Column:
    return Column(name=name, kind=kind, zh=zh, en=en, aliases=aliases, **rest)


_SENSE: Mapping[str, float] = {"万元": 1e9, "万元/亩": 1e6, "人月": 1e6, "人": 1e8, "1": 1e6}
"""The size above which an amount can only be a slip, by unit: ten times the yearly output of a large province, say."""


def _amount(name: str, zh: str, en: str, unit: str, *aliases: str, **rest: Any) -> Column:
    """A number that is not negative."""
    own = {"unit": unit, "minimum": 0, "sense": _SENSE.get(unit, 1e10), **rest}
    return _column(name, "number", zh, en, *aliases, **own)


_SOURCE = _column("source", "text", "数据来源", "source of the facts", "来源", "资料来源", "source")
_CITY = _column("city", "text", "所在市", "city", "所在城市", "所在地市", "城市", "地市", "市")
_COUNTY = _column("county", "text", "所在区县", "county", "区县", "县区", "所在县区", "所属区县", "县（市、区）", "县")
_LON = _column("lon", "lon", "经度", "longitude", "lng", unit="degree", minimum=-180, maximum=180)
_LAT = _column("lat", "lat", "纬度", "latitude", unit="degree", minimum=-90, maximum=90)


def _chain(zh: str = "产业链编号", **rest: Any) -> Column:
    rest = {"reference": "chains", **rest}
    return _column("chain_id", "id", zh, "chain id", "产业链", "产业链代码", "所属产业链", "chain", **rest)


def _link(zh: str = "环节编号", **rest: Any) -> Column:
    return _column("link_id", "id", zh, "link id", "环节代码", "所属环节编号", "所属环节", "link", **rest)


def _candidate(**rest: Any) -> Column:
    rest = {"required": True, **rest}
    return _column("candidate_id", "id", "项目编号", "candidate id", "客商编号", "项目代码", "企业编号", **rest)


def _park(**rest: Any) -> Column:
    return _column("park_id", "id", "园区编号", "park id", "园区代码", "园区ID", **rest)


def _quarter(zh: str = "季度", en: str = "quarter", name: str = "quarter", *aliases: str, **rest: Any) -> Column:
    return _column(name, "quarter", zh, en, *aliases, **rest)


CHAINS = TableSpec(
    name="chains",
    zh="产业链",
    en="industry chains",
    key=("chain_id",),
    aliases=("产业链清单",),
    columns=(
        _chain(required=True, reference=None),
        _column("name", "text", "产业链名称", "chain name", "名称", "链名称", default_from="chain_id"),
        _amount(
            "weight",
            "权重",
            "weight",
            "1",
            "重要度",
            "产业链权重",
            note=Words(
                "没有这一列时为 1；乘到本链各环节的权重上", "1 without this column; multiplies the weights of its links"
            ),
        ),
        _column("chief", "text", "链长", "chain chief"),
        _column("lead_office", "text", "牵头单位", "lead office", "链长办", "牵头部门", "责任单位"),
        _column("anchor_firm", "text", "链主企业", "anchor firm", "链主", "龙头企业"),
    ),
)

LINKS = TableSpec(
    name="links",
    zh="环节",
    en="links of the chains",
    key=("link_id",),
    aliases=("环节供需", "产业链环节"),
    columns=(
        _link(required=True),
        _chain(required=True),
        _column("name", "text", "环节名称", "link name", "环节", "名称", default_from="link_id"),
        _column(
            "tier",
            "text",
            "位置",
            "tier",
            "上中下游",
            "链位置",
            "层级",
            note=Words("上游、中游、下游等", "upstream, midstream, downstream …"),
        ),
        _amount(
            "weight",
            "权重",
            "weight",
            "1",
            "重要度",
            "环节权重",
            note=Words("没有这一列时为 1", "1 without this column"),
        ),
        _amount("demand", "本地年需求", "local demand per year", "万元", "本地需求", "年需求", "需求", yearly=True),
        _amount(
            "supply",
            "本地配套能力",
            "local supply per year",
            "万元",
            "本地供给",
            "配套能力",
            "供给",
            yearly=True,
            note=Words("没有这一列时为本地企业能力之和", "without this column: the capacity of the incumbents"),
        ),
        _column(
            "sources",
            "integer",
            "现有来源数",
            "existing sources",
            "现有供应商数",
            "本地来源数",
            unit="家",
            minimum=0,
            sense=1e6,
            note=Words("空白时按本地企业计数", "blank: the incumbents are counted"),
        ),
        _column(
            "min_sources",
            "integer",
            "最少来源数",
            "sources wanted at least",
            "最少供应商数",
            "备份来源数",
            unit="家",
            minimum=0,
            sense=1e6,
            note=Words("空白即不要求备份", "blank: no backup is asked for"),
        ),
        _column("bottleneck", "flag", "卡脖子", "bottleneck", "是否卡脖子", "卡脖子环节", "断点堵点"),
    ),
)

STATUSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "prospect": ("意向", "线索", "储备", "目标", "拟招引", "拟对接"),
        "negotiating": ("在谈", "洽谈", "洽谈中", "对接中"),
        "signed": ("已签约", "签约", "新签约"),
        "lost": ("已流失", "流失", "已终止", "终止", "失败"),
    }
)
"""Status of a candidate, and the words bureaus use for each."""

CANDIDATES = TableSpec(
    name="candidates",
    zh="客商库",
    en="candidate firms and projects",
    key=("candidate_id",),
    needed=True,
    takes_resources=True,
    aliases=("候选项目", "项目库", "目标企业", "招商项目"),
    columns=(
        _candidate(),
        _column(
            "name", "text", "企业名称", "name", "项目名称", "企业全称", "客商名称", "名称", default_from="candidate_id"
        ),
        _link(reference="links"),
        _chain(note=Words("有环节时可省略", "may be left out where the link says it")),
        _amount(
            "capacity",
            "环节供给能力",
            "yearly supply at its link",
            "万元",
            "达产供给",
            "产能",
            yearly=True,
            note=Words("没有这一列时等于达产产值", "without this column: the output"),
        ),
        _amount(
            "investment",
            "计划投资额",
            "investment",
            "万元",
            "投资额",
            "总投资",
            "总投资额",
            "投资总额",
            "计划投资",
            "计划总投资",
            "拟投资额",
        ),
        _amount("output", "达产产值", "yearly output", "万元", "年产值", "预计产值", "预计年产值", "产值", yearly=True),
        _amount("tax", "年税收", "yearly tax", "万元", "税收", "预计税收", "预计年税收", "年纳税", yearly=True),
        _amount(
            "jobs",
            "用工",
            "jobs",
            "人",
            "用工人数",
            "用工数",
            "就业",
            "就业人数",
            "带动就业",
            "带动就业人数",
            "新增就业",
        ),
        _column("score", "number", "评分", "score", "综合评分", "得分", unit="分", sense=1e6),
        _column(
            "landing_probability",
            "number",
            "落地概率",
            "landing probability",
            "落地可能性",
            "成功率",
            unit="1",
            minimum=0,
            maximum=1,
        ),
        _column("must_include", "flag", "必选", "must include", "是否必选", "必须落地"),
        _column("exclude", "flag", "排除", "exclude", "是否排除", "不考虑"),
        _column(
            "variant_group",
            "id",
            "方案组",
            "variant group",
            "同一项目组",
            "项目组",
            note=Words(
                "同组各行是同一项目的不同方案，至多选一个",
                "rows of one group are versions of one project: at most one comes",
            ),
        ),
        _column("fixed_park", "id", "指定园区", "fixed park", "已定园区", "落户园区", reference="parks"),
        _quarter("指定季度", "fixed quarter", "fixed_quarter", "签约季度"),
        _column("preferred_parks", "list", "意向园区", "preferred parks", "偏好园区", reference="parks"),
        _column("refused_parks", "list", "拒绝园区", "refused parks", "不考虑园区", reference="parks"),
        _column("province", "text", "所在省", "province", "所在省份", "省份", "省"),
        _CITY,
        _LON,
        _LAT,
        _column(
            "status",
            "choice",
            "状态",
            "status",
            "洽谈状态",
            "对接进展",
            "项目状态",
            choices=STATUSES,
            default="prospect",
        ),
        _amount("effort", "洽谈工作量", "effort to land it", "人月", "工作量"),
        _column("team", "id", "专班", "team", "负责专班", "责任专班", reference="teams"),
        _amount("subsidy", "奖补诉求", "subsidy asked", "万元", "补贴诉求", "奖补", "补助"),
        _column("fund_id", "id", "资金池", "fund that pays", "出资资金池", "资金来源", reference="funds"),
        _SOURCE,
    ),
)

PARKS = TableSpec(
    name="parks",
    zh="园区",
    en="parks",
    key=("park_id",),
    needed=True,
    takes_resources=True,
    aliases=("开发区", "园区清单"),
    columns=(
        _park(required=True),
        _column("name", "text", "园区名称", "park name", "名称", "开发区名称", default_from="park_id"),
        _CITY,
        _COUNTY,
        _column("zone", "id", "分区", "zone", "片区", "供电分区"),
        _LON,
        _LAT,
        _column(
            "allowed_chains",
            "list",
            "适配产业链",
            "allowed chains",
            "准入产业链",
            "允许产业链",
            reference="chains",
            note=Words("空白即各产业链均可", "blank: every chain"),
        ),
        _amount(
            "min_investment_intensity",
            "最低投资强度",
            "least investment per land",
            "万元/亩",
            "投资强度门槛",
            note=Words("空白即无门槛", "blank: no gate"),
        ),
        _amount(
            "min_tax_intensity",
            "最低亩均税收",
            "least yearly tax per land",
            "万元/亩",
            "亩均税收门槛",
            yearly=True,
            note=Words("空白即无门槛", "blank: no gate"),
        ),
    ),
)

SITE_OPTIONS = TableSpec(
    name="site_options",
    zh="选址选项",
    en="what differs for a candidate in a park",
    key=("candidate_id", "park_id"),
    takes_resources=True,
    aliases=("选址", "项目园区选项"),
    columns=(
        _candidate(reference="candidates"),
        _park(required=True, reference="parks"),
        _column("allowed", "flag", "可落地", "allowed", "是否可落地", "允许", default=True),
        _column(
            "score",
            "number",
            "评分",
            "score",
            "附加评分",
            "得分",
            unit="分",
            sense=1e6,
            note=Words("加在项目自身评分之上", "added to the candidate's own score"),
        ),
    ),
)


def _of_schema(field: str) -> object:
    return ResourceSettings.model_fields[field].default


RESOURCES = TableSpec(
    name="resources",
    zh="资源",
    en="resources",
    key=("resource_id",),
    aliases=("要素", "要素资源"),
    columns=(
        _column(
            "resource_id",
            "id",
            "资源编号",
            "resource id",
            "要素编号",
            "资源代码",
            required=True,
            note=Words("也是其他表中该资源的列名", "also the name of its column in other tables"),
        ),
        _column("name", "text", "资源名称", "resource name", "名称", "要素名称", default_from="resource_id"),
        _column("unit", "text", "单位", "unit", "计量单位"),
        _column(
            "scope",
            "choice",
            "范围",
            "scope",
            "归属",
            default=_of_schema("scope"),
            choices={"park": ("园区",), "zone": ("分区", "片区"), "region": ("全域", "区域", "全市", "全省", "全区")},
        ),
        _column(
            "kind",
            "choice",
            "类型",
            "kind",
            "性质",
            default=_of_schema("kind"),
            choices={"stock": ("存量",), "flow": ("流量",)},
        ),
    ),
)

OF_RESOURCE = "@resource"
"""The unit of ``capacities.amount``: that of the resource its row names."""

CAPACITIES = TableSpec(
    name="capacities",
    zh="分期能力",
    en="capacities in phases",
    key=("resource_id", "scope_id", "quarter"),
    aliases=("资源能力", "要素能力", "要素保障"),
    columns=(
        _column(
            "resource_id",
            "id",
            "资源编号",
            "resource id",
            "资源",
            "要素",
            "要素编号",
            required=True,
            reference="resources",
        ),
        _column(
            "scope_id",
            "id",
            "归属编号",
            "scope id",
            "园区或分区",
            "园区编号",
            "分区",
            note=Words(
                "园区编号或分区名；全域资源可空", "a park id or a zone; may be blank for a region-wide resource"
            ),
        ),
        _quarter(note=Words("自该季度起；空白即从规划期首季起", "from this quarter on; blank: from the first")),
        _amount("amount", "能力", "amount", OF_RESOURCE, "数量", "可用量", required=True, unlimited=True),
    ),
)

FUNDS = TableSpec(
    name="funds",
    zh="资金",
    en="funds by quarter",
    key=("fund_id", "quarter"),
    aliases=("资金池", "资金安排"),
    columns=(
        _column("fund_id", "id", "资金池", "fund id", "资金编号", "资金名称", "资金池编号", required=True),
        _quarter(required=True),
        _amount("amount", "额度", "amount", "万元", "金额", "资金额度", "预算", required=True),
        _column(
            "carry_over",
            "flag",
            "可结转",
            "carry over",
            "是否结转",
            "结转",
            note=Words("当季用不完的可留到以后", "what a quarter leaves may be used later"),
        ),
    ),
)

TEAMS = TableSpec(
    name="teams",
    zh="专班",
    en="teams",
    key=("team_id", "chain_id", "quarter"),
    aliases=("招商专班", "专班力量"),
    columns=(
        _column("team_id", "id", "专班", "team id", "专班编号", "专班名称", required=True),
        _chain(note=Words("空白即服务所有产业链", "blank: every chain")),
        _quarter(note=Words("空白即每个季度", "blank: every quarter")),
        _amount("effort", "季度工作量", "effort per quarter", "人月", "工作量", "可用人月", required=True),
    ),
)

LINK_EDGES = TableSpec(
    name="link_edges",
    zh="供需关系",
    en="supply edges between links",
    key=("from_link", "to_link"),
    aliases=("环节关系", "投入产出"),
    columns=(
        _column("from_link", "id", "上游环节", "from link", "供应环节", "供方环节", required=True, reference="links"),
        _column("to_link", "id", "下游环节", "to link", "需求环节", "需方环节", required=True, reference="links"),
        _column(
            "coefficient",
            "number",
            "消耗系数",
            "coefficient",
            "系数",
            "投入系数",
            unit="1",
            above=0,
            sense=1e6,
            required=True,
            note=Words("下游每产出 1 万元所需上游投入（万元）", "万元 of input per 万元 of output"),
        ),
    ),
)

INCUMBENTS = TableSpec(
    name="incumbents",
    zh="本地企业",
    en="firms already here",
    key=("incumbent_id",),
    aliases=("现有企业", "存量企业"),
    columns=(
        _column("incumbent_id", "id", "企业编号", "incumbent id", "企业代码"),
        _column("name", "text", "企业名称", "name", "名称", "企业全称", required=True),
        _link(reference="links", required=True),
        _amount("capacity", "环节供给能力", "yearly supply at its link", "万元", "产能", "年产值", "产值", yearly=True),
        _park(reference="parks"),
        _CITY,
        _LON,
        _LAT,
        _SOURCE,
    ),
)

TABLES: Mapping[str, TableSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            RESOURCES,
            CHAINS,
            LINKS,
            PARKS,
            CANDIDATES,
            SITE_OPTIONS,
            CAPACITIES,
            FUNDS,
            TEAMS,
            LINK_EDGES,
            INCUMBENTS,
        )
    }
)
"""Every table by its canonical name, in the order in which they are read."""

RESOURCE_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "land": ("用地", "用地需求", "用地面积", "土地", "可供用地", "可用土地", "可用用地", "剩余用地"),
        "power": ("用电负荷", "用电需求", "用电", "电力", "电力负荷", "可用电力", "可供电力"),
        "water": ("日用水", "用水", "用水量", "用水需求", "供水", "可供水", "可供水量"),
        "energy": ("年综合能耗", "综合能耗", "能耗", "能耗指标", "可用能耗"),
    }
)
"""Headers by which the resources that most plans have are recognised, when a plan declares them under these ids."""


def resource_columns(table: str, resources: Mapping[str, ResourceSettings]) -> tuple[Column, ...]:
    """The columns that a plan's resources add to ``table``: one each, in the resource's unit."""
    return tuple(
        Column(
            name=resource_id,
            kind="number",
            zh=told.name or resource_id,
            en=resource_id,
            unit=told.unit,
            minimum=0,
            aliases=RESOURCE_ALIASES.get(resource_id, ()),
            unlimited=table == PARKS.name,
            yearly=told.kind == "flow",
            resource=True,
        )
        for resource_id, told in resources.items()
    )
