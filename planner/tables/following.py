"""The tables that a bureau keeps up while a plan is carried out: what happened, when, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planner.language import Words
from planner.tables.column import TableSpec
from planner.tables.declare import CANDIDATE, CHAIN, PARK, SOURCE, amount, choice, count, date, id_, list_, quarter, table_of, text
from planner.tables.desk import DESK

STAGES: tuple[str, ...] = ("lead", "talks", "intent", "signed", "started", "finished", "producing", "full")
"""How far a project has come, in this order."""
ASIDE: tuple[str, ...] = ("paused", "lost")
"""What takes a project off that way: for a while, or for good."""
SIGNED = STAGES.index("signed")
"""From this position on a project is promised."""
STAGE_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "lead": Words("线索", "lead"),
        "talks": Words("在谈", "in talks"),
        "intent": Words("意向", "intent"),
        "signed": Words("签约", "signed"),
        "started": Words("开工", "started"),
        "finished": Words("竣工", "finished"),
        "producing": Words("投产", "producing"),
        "full": Words("达产", "at full output"),
        "paused": Words("暂缓", "paused"),
        "lost": Words("流失", "lost"),
    }
)
"""Every stage by its code."""
_ALSO = {
    "lead": "招商线索 储备 跟踪 prospect",
    "talks": "洽谈 洽谈中 正在洽谈 深入洽谈 对接 对接中 在谈项目 negotiating",
    "intent": "达成意向 意向签约 意向协议 签订意向协议 框架协议 签订框架协议 loi",
    "signed": "已签约 新签约 正式签约 签订合同",
    "started": "已开工 新开工 开工建设 在建 建设中 construction",
    "finished": "已竣工 新竣工 竣工验收 建成 完工 completed",
    "producing": "已投产 新投产 投产运营 operating",
    "full": "已达产 新达产 达产达效",
    "paused": "已暂缓 暂停 搁置 缓建",
    "lost": "已流失 终止 已终止 取消 已取消 放弃 已放弃 失败 terminated cancelled",
}
_CHOICES = {code: (words.zh, words.en, *_ALSO[code].split()) for code, words in STAGE_WORDS.items()}

STATUS = table_of(
    "status|项目进展|what happened to projects, by date|项目状态|项目进展表|进展台账|项目台账",
    "candidate_id date stage",
    id_("candidate_id", CANDIDATE, required=True, reference="candidates"),
    date("date", "日期|date|时间|发生日期|进展日期", required=True),
    choice("stage", "阶段|stage|进展阶段|项目阶段|项目状态|当前阶段|目前阶段|进展|状态|status", choices=_CHOICES, required=True),
    id_("park_id", f"{PARK}|园区|落户园区", reference="parks"),
    quarter("quarter", "季度|quarter|签约季度|落地季度"),
    date("planned_date", "计划日期|planned date|计划时间|预计日期|预计时间|计划完成时间"),
    text("problem", "存在问题|problem|问题|困难问题|主要问题"),
    text("owner", "责任人|owner|责任单位|负责人|牵头单位"),
    date("due", "办结期限|due date|办结时限|整改期限|完成期限"),
    text("dispatch", "调度事项|dispatch|调度意见|交办事项|调度情况"),
    date("closes", "销号问题日期|closes the problem of|销号|所销问题日期"),
    text("note", "备注|note|说明|remark"),
    SOURCE,
    notes={
        "date": "这一行的事发生的日期；同一天的几行按阶段的先后 | the day on which it happened; rows of one day follow the order of the stages",
        "stage": "到这一天为止所处的阶段；没有变化就重写一遍 | the stage reached by that day; said again where it has not changed",
        "park_id": "签约起：所定的园区；空白取此前写过的园区，或项目表的指定园区 | from signing on: the park that is settled; blank: the one "
        "said before, or fixed_park of the candidate",
        "quarter": "签约起：所定的签约季度；空白取签约日期所在的季度 | from signing on: the quarter of signing; blank: that of the day of signing",
        "planned_date": "下一步的计划日期；暂缓的：何时恢复，空白即规划期内不来 | when the next step is planned; of a pause: when it ends, "
        "blank: not within the horizon",
        "problem": "有内容即提出一个问题 | a text raises a problem",
        "owner": "谁负责解决问题、办理调度事项 | who is to solve the problem, or to see to what was ordered",
        "due": "问题或调度事项的办结期限 | by when it is to be solved, or done",
        "dispatch": "调度会交办了什么 | what was ordered",
        "closes": "此行办结了本项目哪一天提出的问题或交办的事项 | the day of the row of this project whose problem is solved, or whose order is carried "
        "out, with this row",
    },
    may_be_empty=True,
)

PEOPLE = table_of(
    "people|责任人|who answers for what|责任体系|责任分工|链长名单|人员|责任表",
    "person role chain_id scope",
    text("person", "姓名或单位|person or office|姓名|单位|单位名称|姓名/单位|责任人|人员|name", required=True),
    text("role", "角色|role|职责|担任|链上职务", required=True),
    list_("chain_id", f"{CHAIN}|负责产业链|联系产业链", reference="chains"),
    list_("scope", "范围|scope|负责范围|所在区县|园区"),
    text("level", "层级|level|级别"),
    count("capacity", "可负责项目数|projects at most|项目容量|容量|可包联项目数|capacity", unit="个", unlimited=True),
    list_("expertise", "专长|expertise|专业领域|擅长领域|擅长"),
    text("contact", "联系方式|contact|联系电话|电话"),
    notes={
        "person": "人或单位；担任几个角色的写几行 | a person or an office; one row for each role",
        "role": "总链长、链长、链长办、专班负责人等，用本单位的叫法 | chief of chiefs, chief, office, team leader …: the bureau's own words",
        "chain_id": "空白即各产业链；一群产业链逐个列出 | blank: every chain; a group of chains is listed",
        "scope": "园区（编号或名称）、分区、区县、市，也可写产业链名称；空白即各处 | parks (ids or names), zones, counties, cities, or names of "
        "chains; blank: everywhere",
        "level": "省、市、区县等，用本单位的叫法 | province, city, county …: the bureau's own words",
        "capacity": "至多负责几个项目，一人一个数；空白即不以这个角色负责项目 | projects at most, one number for a person; blank: owns none in "
        "this role",
        "expertise": "产业链、环节、项目的编号或名称，或词语 | ids or names of chains, links and projects, or words",
    },
    may_be_empty=True,
)

DAY_KINDS: Mapping[str, tuple[str, ...]] = {
    "rest": ("休", "休息", "休息日", "放假", "假日", "节假日", "holiday"),
    "work": ("班", "上班", "调休上班", "补班", "工作日", "workday"),
    "meeting": ("会", "会议", "定期会议", "固定会议", "活动"),
}
CALENDAR = table_of(
    "calendar|日历|days of rest and fixed meetings|放假安排|节假日|会议日历",
    "date kind name half_day",
    date("date", "日期|date|开始日期", required=True),
    choice("kind", "类型|kind|性质|类别", choices=DAY_KINDS, required=True),
    text("name", "名称|name|事项|会议名称|节日"),
    date("until", "截止日期|until|结束日期|至"),
    choice(
        "half_day",
        "上午或下午|half day|半天|时段",
        choices={"morning": ("上午", "am"), "afternoon": ("下午", "pm"), "whole": ("全天", "整天", "all day")},
        default="whole",
    ),
    list_("who", "参加角色|who takes part|参加人员|参加"),
    text("place", "地点|place|会议地点"),
    notes={
        "kind": "休：放假；班：周末调为上班；会：日期已定的会议 | rest: a holiday; work: a weekend that is worked; meeting: one whose day is settled",
        "until": "放假或上班到哪一天为止；空白即一天 | the last day of rest or work; blank: one day",
        "half_day": "会议占上午、下午还是全天；空白即全天 | what a meeting takes; blank: the whole day",
        "who": "参加的角色，写法同 people 表 | roles, as in the table people",
    },
    may_be_empty=True,
)

TARGETS = table_of(
    "targets|目标任务|what is to be reached, by stage|目标|任务目标|招商目标|年度目标|季度目标",
    "stage quarter chain_id county team_id",
    choice("stage", "阶段|stage|指标|目标阶段", choices={code: _CHOICES[code] for code in STAGES[SIGNED:]}, required=True),
    quarter("quarter", "季度|quarter|目标季度"),
    id_("chain_id", CHAIN, reference="chains"),
    text("county", "区县|county|县区|所在区县"),
    id_("team_id", "专班编号|team id|专班|责任专班|team", reference="teams"),
    count("projects", "项目数|number of projects|目标项目数|个数|projects", unit="个"),
    amount("investment", "投资额|investment|目标投资额|计划投资额|总投资", "万元"),
    SOURCE,
    notes={
        "stage": "签约 开工 竣工 投产 达产：到达这一阶段的项目 | projects that reach this stage",
        "quarter": "空白即整个规划期 | blank: the whole horizon",
        "chain_id": "空白即各产业链 | blank: every chain",
        "county": "园区所在区县，写法同园区表；空白即各区县 | the county of the park, as in the table parks; blank: everywhere",
        "team_id": "空白即各专班 | blank: every team",
        "projects": "与投资额至少填一个 | this or the investment is needed, or both",
    },
    may_be_empty=True,
)

FOLLOWING: tuple[TableSpec, ...] = (STATUS, PEOPLE, CALENDAR, TARGETS, *DESK)
"""In the order in which they are read."""
FOLLOWED = frozenset(spec.name for spec in FOLLOWING)
"""Their names: a plan that names no other table has its tables in ``data/`` all the same."""
ASIDE_OF_PLAN = FOLLOWED - {STATUS.name}
"""Tables that no plan is made from: they may change and the plan stays what it is."""
