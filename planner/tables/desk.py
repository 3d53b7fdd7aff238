"""The tables from which documents for the table are written: what is on offer, what transport costs, how far it is, what a link makes.

No plan is made from them (:data:`planner.tables.following.ASIDE_OF_PLAN`): they may change, and the plan stays what it is.
"""

from __future__ import annotations

from planner.tables.column import TableSpec
from planner.tables.declare import CHAIN, LINK, SOURCE, amount, choice, count, date, id_, list_, number, table_of, text

FROM_PLACE, TO_PLACE, MODE = "起点|from place|出发地|始发地|从", "终点|to place|目的地|到达地|到", "运输方式|mode|方式|交通方式"

POLICIES = table_of(
    "policies|政策|what may be offered, and on what basis|政策库|政策清单|政策工具包|惠企政策|招商政策",
    "offer kind basis",
    text("offer", "政策内容|offer|政策|政策措施|优惠内容|支持内容", required=True),
    text("kind", "类别|kind|政策类别|政策类型|支持方式"),
    text("basis", "依据文件|basis|政策依据|文件依据|文号|依据"),
    amount("ceiling", "上限|ceiling|最高限额|封顶|最高金额", "万元"),
    number("rate", "比例|rate|补助比例|支持比例", unit="1", minimum=0, maximum=1),
    choice(
        "rate_of",
        "比例基数|rate of|基数",
        choices={
            "investment": ("计划投资", "投资额", "固定资产投资"),
            "output": ("达产产值", "产值"),
            "tax": ("年税收", "税收"),
            "subsidy": ("奖补诉求", "诉求"),
        },
    ),
    date("from", "生效日期|from|起始日期|施行日期|自"),
    date("until", "失效日期|until|截止日期|有效期至|至"),
    list_("chain_id", f"{CHAIN}|适用产业链", reference="chains", blank_says="any"),
    list_("link_id", f"{LINK}|适用环节", reference="links", blank_says="any"),
    list_("class", "适用类别|class|适用企业类别|企业类别", blank_says="any"),
    list_("county", "适用区县|county|区县|适用地区", blank_says="any"),
    choice(
        "lawful",
        "合法合规|lawful|是否合规|合规审查|公平竞争审查|审查结论",
        choices={
            "yes": ("是", "合规", "通过", "符合"),
            "no": ("否", "不合规", "禁止", "不通过", "不符合"),
            "review": ("待审查", "待定", "需审查", "待复核", "needs review"),
        },
        default="review",
    ),
    text("ground", "审查依据|ground|审查理由|不合规依据|禁止依据"),
    SOURCE,
    notes={
        "offer": "一条政策一行 | one row for each offer",
        "ceiling": "一个项目最多得到多少；空白即未提供 | the most that one project gets; blank: not known",
        "rate": "按基数的比例给，不超过上限 | a share of what rate_of names, up to the ceiling",
        "from": "空白即已生效 | blank: in force already",
        "until": "到这一天（含）为止；空白即未规定期限 | in force up to this day, included; blank: no end is set",
        "chain_id": "空白即各产业链 | blank: every chain",
        "class": "专精特新、单项冠军等，写法同客商库的企业类别；空白即各类 | as in class of the candidates; blank: every class",
        "county": "园区所在区县；空白即各区县 | the county of the park; blank: everywhere",
        "lawful": "公平竞争审查等的结论；空白即待审查，不作为承诺 | the finding of the legal review; blank: not reviewed, and then it is no promise",
        "ground": "不合规或待审查的依据条款 | the clause by which it is forbidden, or to be reviewed",
    },
    may_be_empty=True,
)

FREIGHT = table_of(
    "freight|运价|what transport costs|运费|运价表|物流运价|运输费率",
    "link_id from_place to_place mode",
    id_("link_id", LINK, reference="links"),
    text("from_place", FROM_PLACE),
    text("to_place", TO_PLACE),
    text("mode", MODE),
    amount("rate", "吨公里运价|rate|运价|费率", "元/吨公里"),
    amount("rate_per_ton", "每吨运费|rate per tonne|吨运费|每吨运价", "元/吨"),
    amount("tonnage", "单位产值货运量|tonnes per output|货运量|每万元吨数", "吨/万元"),
    SOURCE,
    notes={
        "link_id": "所运的是这个环节的产品；空白即各环节 | the goods are what this link makes; blank: every link",
        "from_place": "城市或园区；空白即各处 | a city or a park; blank: everywhere",
        "to_place": "城市或园区；空白即各处 | a city or a park; blank: everywhere",
        "rate": "与每吨运费填一个 | this, or what a tonne costs",
        "tonnage": "每万元产品有多少吨 | tonnes for each 万元 of goods",
    },
    may_be_empty=True,
)

DISTANCES = table_of(
    "distances|里程|how far it is, and how long it takes|里程表|距离|交通里程",
    "from_place to_place mode",
    text("from_place", FROM_PLACE, required=True),
    text("to_place", TO_PLACE, required=True),
    text("mode", MODE),
    amount("km", "里程|km|公里数|距离", "公里"),
    amount("hours", "时间|hours|用时|行车时间|运行时间", "小时"),
    SOURCE,
    notes={
        "from_place": "城市、园区、项目的编号或名称；没有写反方向的，两个方向一样 | a city, a park or a candidate, by id or name; both ways are "
        "alike where the other is not written",
        "km": "与用时至少填一个 | this or the hours are needed, or both",
    },
    may_be_empty=True,
)

TECHNOLOGIES = table_of(
    "technologies|技术|technologies of the links|技术路线|技术清单|关键技术",
    "link_id name",
    id_("link_id", LINK, required=True, reference="links"),
    text("name", "技术名称|technology|技术|关键技术|名称", required=True),
    text("route", "技术路线|route|路线"),
    text("level", "水平|level|技术水平|发展水平"),
    count("from_year", "起始年|from year|开始年份|起始年份", unit="年"),
    count("to_year", "完成年|to year|目标年份|完成年份", unit="年"),
    text("holder", "承担单位|holder|掌握单位|攻关单位|持有单位"),
    text("status", "状态|status|进展|攻关状态"),
    SOURCE,
    notes={
        "level": "领跑、并跑、跟跑等，用本单位的叫法 | leading, level, behind …: the bureau's own words",
        "from_year": "空白即未提供 | blank: not known",
    },
    may_be_empty=True,
)

APPLICATIONS = table_of(
    "applications|应用|what the links' products are used for|应用领域|应用场景|应用领域清单",
    "link_id field product",
    id_("link_id", LINK, required=True, reference="links"),
    text("field", "应用领域|field|领域|应用场景", required=True),
    text("product", "产品|product|主要产品|代表产品"),
    text("customer", "主要用户|customer|用户|客户|代表用户"),
    amount("demand", "年需求|demand|需求|市场需求", "万元", yearly=True),
    SOURCE,
    may_be_empty=True,
)

INDICATORS = table_of(
    "indicators|指标|indicators of the chains, by period|监测指标|产业链指标|指标监测",
    "chain_id indicator period",
    id_("chain_id", CHAIN, required=True, reference="chains"),
    text("indicator", "指标名称|indicator|指标|名称", required=True),
    text("period", "时期|period|期间|年份|时间"),
    number("value", "数值|value|完成值|实际值", unit="", sense=1e12),
    number("target", "目标值|target|目标", unit="", sense=1e12),
    text("unit", "单位|unit|计量单位"),
    SOURCE,
    notes={"period": "2026、2026Q1、2026-09 等 | 2026, 2026Q1, 2026-09 …"},
    may_be_empty=True,
)

DESK: tuple[TableSpec, ...] = (POLICIES, FREIGHT, DISTANCES, TECHNOLOGIES, APPLICATIONS, INDICATORS)
"""In the order in which they are read."""
