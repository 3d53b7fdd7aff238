"""The tables that a bureau keeps up while a plan is carried out: what happened, when, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planner.language import Words
from planner.tables.column import TableSpec
from planner.tables.declare import CANDIDATE, PARK, SOURCE, choice, date, id_, quarter, table_of, text

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
    choice("stage", "阶段|stage|进展阶段|项目阶段|进展|状态|status", choices=_CHOICES, required=True),
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
        "closes": "此行办结了本项目哪一天提出的问题 | the day of the row of this project whose problem is solved with this row",
    },
    may_be_empty=True,
)

FOLLOWING: tuple[TableSpec, ...] = (STATUS,)
"""In the order in which they are read."""
FOLLOWED = frozenset(spec.name for spec in FOLLOWING)
"""Their names: a plan that names no other table has its tables in ``data/`` all the same."""
