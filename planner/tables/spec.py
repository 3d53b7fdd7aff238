"""The tables of a plan, each declared once: names, units, keys, references, ranges, headers in both languages.

How a table is declared says :mod:`planner.tables.declare`; ``docs/data-dictionary.md`` is generated from here. Money is in 万元,
land in 亩, effort in 人月; whatever unit a file uses is converted on reading (:mod:`planner.tables.units`). What a bureau keeps up
from week to week is in :mod:`planner.tables.following`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planner.settings.schema import ResourceSettings
from planner.tables.column import Column, TableSpec
from planner.tables.declare import (
    CANDIDATE,
    CHAIN,
    CITY,
    LINK,
    PARK,
    POINT,
    PROFILE,
    PROFILE_NOTE,
    SOURCE,
    amount,
    choice,
    count,
    flag,
    id_,
    list_,
    number,
    quarter,
    table_of,
    text,
)
from planner.tables.following import FOLLOWING

CHAINS = table_of(
    "chains|产业链|industry chains|产业链清单",
    "chain_id",
    id_("chain_id", CHAIN, required=True),
    text("name", "产业链名称|chain name|名称|链名称", default_from="chain_id"),
    amount("weight", "权重|weight|重要度|产业链权重", "1"),
    text("chief", "链长|chain chief"),
    text("lead_office", "牵头单位|lead office|链长办|牵头部门|责任单位"),
    text("anchor_firm", "链主企业|anchor firm|链主|龙头企业"),
    id_("lead_park", "牵头园区|lead park|主导园区", reference="parks", blank_says="none"),
    text("maturity", "成熟度|maturity|基础层次|发展基础|产业基础"),
    text("class", "产业类别|class|产业链类别|产业分类"),
    amount("base_output", "基期产值|base output|上年产值|现有产值", "万元", yearly=True),
    number("growth_target", "增速目标|growth target|目标增速|年增长目标", unit="1", sense=1e3),
    PROFILE,
    notes={
        "schedule_profile": PROFILE_NOTE,
        "weight": "没有这一列时为 1；乘到本链各环节的权重上 | 1 without this column; multiplies the weights of its links",
    },
)

LINKS = table_of(
    "links|环节|links of the chains|环节供需|产业链环节",
    "link_id",
    id_("link_id", LINK, required=True),
    id_("chain_id", CHAIN, required=True, reference="chains"),
    text("name", "环节名称|link name|环节|名称", default_from="link_id"),
    text("tier", "位置|tier|上中下游|链位置|层级"),
    amount("weight", "权重|weight|重要度|环节权重", "1"),
    amount("demand", "本地年需求|local demand per year|本地需求|年需求|需求", "万元", yearly=True),
    amount("supply", "本地配套能力|local supply per year|本地供给|配套能力|供给", "万元", yearly=True),
    count("sources", "现有来源数|existing sources|现有供应商数|本地来源数"),
    count("min_sources", "最少来源数|sources wanted at least|最少供应商数|备份来源数"),
    flag("bottleneck", "卡脖子|bottleneck|是否卡脖子|卡脖子环节|断点堵点"),
    number("external_share", "外部依赖度|external share|外购比例|对外依存度", unit="1", minimum=0, maximum=1),
    number("top_share", "最大来源占比|top share|第一大来源占比|来源集中度", unit="1", minimum=0, maximum=1),
    number("value_added", "附加值率|value added|增加值率", unit="1", minimum=0, maximum=1),
    text("gap_kind", "短板类型|gap kind|断堵卡类型|缺口类型"),
    notes={
        "tier": "上游、中游、下游等 | upstream, midstream, downstream …",
        "weight": "没有这一列时为 1 | 1 without this column",
        "supply": "没有这一列时为本地企业能力之和 | without this column: the capacity of the incumbents",
        "sources": "空白时按本地企业计数 | blank: the incumbents are counted",
        "min_sources": "空白即不要求备份 | blank: no backup is asked for",
        "external_share": "需求中由区域之外供应的比例 | the part of the demand that is supplied from elsewhere",
        "top_share": "最大一个来源占供给的比例 | the part of the supply that the largest source has",
        "gap_kind": "断点、堵点、卡点等 | broken, blocked, held by others …",
    },
)

STATUSES: Mapping[str, tuple[str, ...]] = {
    "prospect": ("意向", "线索", "储备", "目标", "拟招引", "拟对接"),
    "negotiating": ("在谈", "洽谈", "洽谈中", "对接中"),
    "signed": ("已签约", "签约", "新签约"),
    "lost": ("已流失", "流失", "已终止", "终止", "失败"),
}
"""Status of a candidate, and the words bureaus use for each."""

KINDS_OF_TARGETS: Mapping[str, tuple[str, ...]] = {
    "firm": ("企业", "公司"),
    "university": ("高校", "大学", "院校"),
    "institute": ("科研机构", "研究院", "研究所", "科研院所"),
    "fund": ("基金", "社会基金", "投资基金"),
    "platform": ("平台", "创新平台", "服务平台"),
}
"""What a candidate may be, and the words bureaus use for each."""

CANDIDATES = table_of(
    "candidates|客商库|candidate firms and projects|候选项目|项目库|目标企业|招商项目",
    "candidate_id",
    id_("candidate_id", CANDIDATE, required=True),
    text("name", "企业名称|name|项目名称|企业全称|客商名称|名称", default_from="candidate_id"),
    id_("link_id", LINK, reference="links"),
    id_("chain_id", CHAIN, reference="chains"),
    amount("capacity", "环节供给能力|yearly supply at its link|达产供给|产能", "万元", yearly=True),
    amount("investment", "计划投资额|investment|投资额|总投资|总投资额|投资总额|计划投资|计划总投资|拟投资额", "万元"),
    amount("output", "达产产值|yearly output|年产值|预计产值|预计年产值|产值", "万元", yearly=True),
    amount("tax", "年税收|yearly tax|税收|预计税收|预计年税收|年纳税", "万元", yearly=True),
    amount("jobs", "用工|jobs|用工人数|用工数|就业|就业人数|带动就业|带动就业人数|新增就业", "人"),
    number("score", "评分|score|综合评分|得分", unit="分", sense=1e6),
    number("landing_probability", "落地概率|landing probability|落地可能性|成功率", unit="1", minimum=0, maximum=1),
    flag("must_include", "必选|must include|是否必选|必须落地"),
    flag("exclude", "排除|exclude|是否排除|不考虑"),
    id_("variant_group", "方案组|variant group|同一项目组|项目组", blank_says="none"),
    id_("fixed_park", "指定园区|fixed park|已定园区|落户园区", reference="parks", blank_says="none"),
    quarter("fixed_quarter", "指定季度|fixed quarter|签约季度", blank_says="none"),
    quarter("earliest_quarter", "最早季度|earliest quarter|最早签约季度|最早可签约季度|最早落地季度", blank_says="any"),
    quarter(
        "latest_quarter", "最晚季度|latest quarter|最晚签约季度|最晚可签约季度|最晚落地季度|最迟季度|最迟签约季度", blank_says="any"
    ),
    list_("preferred_parks", "意向园区|preferred parks|偏好园区", reference="parks", blank_says="none"),
    list_("refused_parks", "拒绝园区|refused parks|不考虑园区", reference="parks", blank_says="none"),
    text("province", "所在省|province|所在省份|省份|省"),
    CITY,
    *POINT,
    choice("status", "状态|status|洽谈状态|对接进展|项目状态", choices=STATUSES, default="prospect"),
    amount("effort", "洽谈工作量|effort to land it|工作量", "人月"),
    id_("team", "专班|team|负责专班|责任专班", reference="teams"),
    text("owner", "项目责任人|owner|项目负责人|首谈责任人|包联责任人"),
    amount("subsidy", "奖补诉求|subsidy asked|补贴诉求|奖补|补助", "万元"),
    id_("fund_id", "资金池|fund that pays|出资资金池|资金来源", reference="funds"),
    PROFILE,
    choice("kind", "主体类型|kind|对象类型|客商类型", choices=KINDS_OF_TARGETS),
    list_("class", "企业类别|class|企业资质|资质|梯度培育类别"),
    text("address", "详细地址|address|办公地址|拜访地址"),
    text("visiting_hours", "可拜访时段|visiting hours|拜访时间|接待时间"),
    text("wishes", "企业诉求|wishes|投资诉求|投资意愿"),
    text("questions", "待了解事项|questions|待核实事项|拟问事项"),
    text("home_people", "本地籍人员|home people|籍贯本地的人员|乡贤"),
    text("contact_note", "对接联系方式|contact note|联系方式说明"),
    flag("consent", "同意提供联系方式|consent|联系授权|已授权"),
    SOURCE,
    notes={
        "schedule_profile": PROFILE_NOTE,
        "kind": "空白即企业 | blank: a firm",
        "class": "专精特新、单项冠军等，用本单位的叫法 | the bureau's own words for classes of firms",
        "visiting_hours": "如 09:00-11:30；14:00-16:00；空白即通常的时段 | as 09:00-11:30;14:00-16:00; blank: the usual hours",
        "contact_note": "联系人本人同意之后才印在文书上 | printed only where the person has consented",
        "consent": "空白即未同意 | blank: not given",
        "chain_id": "有环节时可省略 | may be left out where the link says it",
        "capacity": "没有这一列时等于达产产值 | without this column: the output",
        "earliest_quarter": "此前不能签约；空白即规划期内都可；已签约的不看 | cannot be signed before it; blank: no such limit; not read for signed deals",
        "latest_quarter": "此后不能签约；空白即规划期内都可；已签约的不看 | cannot be signed after it; blank: no such limit; not read for signed deals",
        "owner": "谁负责这个项目，同 people 表的姓名或单位；planner people 在规则之内保留 | who owns the project, as named in the table people; "
        "planner people keeps it within the rules",
        "variant_group": "同组各行是同一项目的不同方案，至多选一个 | rows of one group are versions of one project: at most one comes",
    },
    needed=True,
    takes_resources=True,
)

PARKS = table_of(
    "parks|园区|parks|开发区|园区清单",
    "park_id",
    id_("park_id", PARK, required=True),
    text("name", "园区名称|park name|名称|开发区名称", default_from="park_id"),
    CITY,
    text("county", "所在区县|county|区县|县区|所在县区|所属区县|县（市、区）|县"),
    id_("zone", "分区|zone|片区|供电分区"),
    *POINT,
    list_("allowed_chains", "适配产业链|allowed chains|准入产业链|允许产业链", reference="chains", blank_says="any"),
    amount("min_investment_intensity", "最低投资强度|least investment per land|投资强度门槛", "万元/亩"),
    amount("min_tax_intensity", "最低亩均税收|least yearly tax per land|亩均税收门槛", "万元/亩", yearly=True),
    notes={
        "allowed_chains": "空白即各产业链均可 | blank: every chain",
        "min_investment_intensity": "空白即无门槛 | blank: no gate",
        "min_tax_intensity": "空白即无门槛 | blank: no gate",
    },
    needed=True,
    takes_resources=True,
)

SITE_OPTIONS = table_of(
    "site_options|选址选项|what differs for a candidate in a park|选址|项目园区选项",
    "candidate_id park_id",
    id_("candidate_id", CANDIDATE, required=True, reference="candidates"),
    id_("park_id", PARK, required=True, reference="parks"),
    flag("allowed", "可落地|allowed|是否可落地|允许", default=True),
    number("score", "评分|score|附加评分|得分", unit="分", sense=1e6),
    notes={"score": "加在项目自身评分之上 | added to the candidate's own score"},
    takes_resources=True,
)


_OF_SCHEMA = ResourceSettings.model_fields
RESOURCES = table_of(
    "resources|资源|resources|要素|要素资源",
    "resource_id",
    id_("resource_id", "资源编号|resource id|要素编号|资源代码", required=True),
    text("name", "资源名称|resource name|名称|要素名称", default_from="resource_id"),
    text("unit", "单位|unit|计量单位"),
    choice(
        "scope",
        "范围|scope|归属",
        choices={"park": ("园区",), "zone": ("分区", "片区"), "region": ("全域", "区域", "全市", "全省", "全区")},
        default=_OF_SCHEMA["scope"].default,
    ),
    choice("kind", "类型|kind|性质", choices={"stock": ("存量",), "flow": ("流量",)}, default=_OF_SCHEMA["kind"].default),
    notes={"resource_id": "也是其他表中该资源的列名 | also the name of its column in other tables"},
)

OF_RESOURCE = "@resource"
"""The unit of ``capacities.amount``: that of the resource its row names."""

CAPACITIES = table_of(
    "capacities|分期能力|capacities in phases|资源能力|要素能力|要素保障",
    "resource_id scope_id quarter",
    id_("resource_id", "资源编号|resource id|资源|要素|要素编号", required=True, reference="resources"),
    id_("scope_id", "归属编号|scope id|园区或分区|园区编号|分区"),
    quarter("quarter", "季度|quarter"),
    amount("amount", "能力|amount|数量|可用量", OF_RESOURCE, required=True, unlimited=True),
    notes={
        "scope_id": "园区编号或分区名；全域资源可空 | a park id or a zone; may be blank for a region-wide resource",
        "quarter": "自该季度起；空白即从规划期首季起 | from this quarter on; blank: from the first",
    },
)

FUNDS = table_of(
    "funds|资金|funds by quarter|资金池|资金安排",
    "fund_id quarter",
    id_("fund_id", "资金池|fund id|资金编号|资金名称|资金池编号", required=True),
    quarter("quarter", "季度|quarter", required=True),
    amount("amount", "额度|amount|金额|资金额度|预算", "万元", required=True),
    flag("carry_over", "可结转|carry over|是否结转|结转"),
    PROFILE,
    notes={
        "quarter": "也可在规划期之后，限制届时到期的兑付 | may lie after the horizon: it limits what falls due then",
        "carry_over": "当季用不完的可留到以后 | what a quarter leaves may be used later",
        "schedule_profile": "schedule.profiles 的名称，一个资金池一个 | a name of schedule.profiles, one for each fund",
    },
)

TEAMS = table_of(
    "teams|专班|teams|招商专班|专班力量",
    "team_id chain_id quarter",
    id_("team_id", "专班|team id|专班编号|专班名称", required=True),
    id_("chain_id", CHAIN, reference="chains"),
    quarter("quarter", "季度|quarter"),
    amount("effort", "季度工作量|effort per quarter|工作量|可用人月", "人月", required=True),
    notes={
        "chain_id": "空白即服务所有产业链 | blank: every chain",
        "quarter": "空白即规划期内每个季度；也可在规划期之后 | blank: every quarter of the horizon; may lie after it",
    },
)

LINK_EDGES = table_of(
    "link_edges|供需关系|supply edges between links|环节关系|投入产出",
    "from_link to_link",
    id_("from_link", "上游环节|from link|供应环节|供方环节", required=True, reference="links"),
    id_("to_link", "下游环节|to link|需求环节|需方环节", required=True, reference="links"),
    number("coefficient", "消耗系数|coefficient|系数|投入系数", unit="1", above=0, sense=1e6, required=True),
    notes={"coefficient": "下游每产出 1 万元所需上游投入（万元） | 万元 of input per 万元 of output"},
)

INCUMBENTS = table_of(
    "incumbents|本地企业|firms already here|现有企业|存量企业",
    "incumbent_id",
    id_("incumbent_id", "企业编号|incumbent id|企业代码"),
    text("name", "企业名称|name|名称|企业全称", required=True),
    id_("link_id", LINK, required=True, reference="links"),
    amount("capacity", "环节供给能力|yearly supply at its link|产能|年产值|产值", "万元", yearly=True),
    id_("park_id", PARK, reference="parks"),
    CITY,
    *POINT,
    list_("class", "企业类别|class|企业资质|资质|梯度培育类别"),
    amount("output", "营业收入|yearly output|年营业收入|主营业务收入", "万元", yearly=True),
    flag("anchor", "链主|anchor|是否链主|龙头企业|是否龙头"),
    SOURCE,
    notes={"anchor": "链主、龙头企业 | a firm that leads its chain"},
)

_ORDER = (RESOURCES, CHAINS, LINKS, PARKS, CANDIDATES, SITE_OPTIONS, CAPACITIES, FUNDS, TEAMS, LINK_EDGES, INCUMBENTS, *FOLLOWING)
TABLES: Mapping[str, TableSpec] = MappingProxyType({spec.name: spec for spec in _ORDER})
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
