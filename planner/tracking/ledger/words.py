"""What the ledgers say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.tables.following import STAGE_WORDS
from planner.tracking.ledger.record import Change, Group, Kind, Ledgers, Planned, State, Target

LIST_WORDS: Mapping[str, Words] = {
    "signed": Words("新签约", "Newly signed"),
    "started": Words("新开工", "Newly started"),
    "unstarted": Words("未开工", "Not started"),
    "finished": Words("新竣工", "Newly finished"),
    "producing": Words("新投产", "Newly producing"),
    "full": Words("新达产", "Newly at full output"),
}
LIGHT_WORDS: Mapping[str, Words] = {
    "": Words("—", "—"),
    "green": Words("绿灯", "green"),
    "yellow": Words("黄灯", "yellow"),
    "red": Words("红灯", "red"),
    "out": Words("出库", "out"),
}
STATE_WORDS: Mapping[State, Words] = {
    "overdue": Words("超期", "overdue"),
    "open": Words("未办结", "open"),
    "closed": Words("已办结", "closed"),
    "dropped": Words("项目已流失", "project lost"),
}
GROUP_WORDS: Mapping[str, Words] = {
    "chain": Words("产业链", "Chain"),
    "county": Words("区县", "County"),
    "team": Words("专班", "Team"),
}
PLANNED_WORDS: Mapping[str, Words] = {
    "signed": Words("按计划季度签约", "signed in its quarter"),
    "early": Words("提前签约", "signed early"),
    "late": Words("推迟签约", "signed late"),
    "due": Words("未到期", "not due yet"),
    "overdue": Words("逾期未签约", "overdue"),
    "lost": Words("流失", "lost"),
    "unplanned": Words("计划外签约", "signed outside the plan"),
}
KIND_WORDS: Mapping[Kind, Words] = {
    "new": Words("新增项目", "New project"),
    "moved": Words("阶段推进", "Moved on"),
    "paused": Words("暂缓", "Put on hold"),
    "resumed": Words("恢复", "Resumed"),
    "lost": Words("流失", "Lost"),
    "reopened": Words("重新开始", "Opened again"),
    "light": Words("红黄灯变化", "Light"),
    "late": Words("新超过计划日期", "Past the planned date now"),
    "raised": Words("新提出问题", "Problem raised"),
    "closed": Words("办结问题", "Problem closed"),
    "problem_late": Words("问题新超期", "Problem overdue now"),
    "ordered": Words("新交办事项", "Order given"),
    "order_late": Words("事项新超期", "Order overdue now"),
    "dropped": Words("问题随项目流失", "Problem of a lost project"),
}
NONE_KNOWN = Words("未定", "none named")
RULE = Words(
    "每个项目在一张清单、一个时期只列一次：自最近一次开始跟进以来，首次有一行写明到了这一阶段或更后阶段的那一天，落在时期内即列入"
    "（直接报投产的，同日也计竣工）。流失的项目不再列入，重新开始后重新计。未开工：期末已签约而未开工。",
    "A project is on a list once in a period: on the first day, since it was last opened, on which a row says that stage or a later one (who "
    "is told to be producing is finished on that day, too). A project that is lost is on no list any more, and begins anew if it is "
    "opened again. Not started: signed, and not started at the end of the period.",
)
_PROGRESS: Mapping[object, Words] = {
    "stage": Words("到了更后的阶段", "a later stage"),
    "any": Words("进展表有新的一行", "any new row of the table status"),
}
LIGHTS = Words(
    "红黄灯：{yellow} 天无进展亮黄灯，{red} 天亮红灯，{out} 天出库{others}；进展指{progress}；有计划日期的暂缓期不计；{done}及以后不亮灯。",
    "Lights: yellow from {yellow} days without progress, red from {red}, out from {out}{others}; progress is {progress}; a pause with a planned "
    "end does not count; no light once {done}.",
)
SETTLED = Words(
    "问题由写明其日期（销号）的一行办结；调度事项随所涉问题办结，或由写明其日期的一行办结；期限次日起为超期。",
    "A problem is closed by a row that names its day; an order with the problem that it is about, or by a row that names its own day. "
    "From the day after its due date it is overdue.",
)
UNTOLD = Words(
    "项目表写“已签约”而进展表没有记载的项目 {n} 个，不计入：{names}",
    "{n:project} of the table of candidates signed and without an event, not counted: {names}",
)
MARKED = Words("* 含假设值", "* rests on an assumption")


def rules_words(found: Ledgers) -> tuple[Words, ...]:
    """How lists, lights and problems are reckoned."""
    rules = found.rules
    lights, by_stage = rules["lights"], rules["by_stage"]
    assert isinstance(lights, dict)
    assert isinstance(by_stage, dict)
    others = Words("", "")
    if by_stage:
        each = Words.listed(
            Words("{stage} {days}", "{stage} {days}").fill(stage=STAGE_WORDS[stage], days="/".join(str(own[k]) for k in lights))
            for stage, own in by_stage.items()
        )
        others = Words("（其中 {each}）", " ({each})").fill(each=each)
    told = LIGHTS.fill(**lights, others=others, progress=_PROGRESS[rules["progress"]], done=STAGE_WORDS[str(rules["done"])])
    return RULE, told, SETTLED


def source_words(found: Ledgers) -> Words:
    """The files of events and targets, with what they say of their source."""
    named = Words("{file}（{source}）", "{file} ({source})")
    return Words.listed(
        named.fill(file=one.file, source=one.source) if one.source else Words(one.file, one.file) for one in found.sources
    )


def change_words(one: Change) -> Words:
    """What changed, in words."""
    if one.kind == "light":
        return Words("{before} → {after}", "{before} → {after}").fill(before=LIGHT_WORDS[one.before], after=LIGHT_WORDS[one.after])
    if one.text:
        return Words(one.text, one.text)
    if one.kind == "late":
        return Words("{stage}，计划日期 {date}", "{stage}, planned for {date}").fill(
            stage=STAGE_WORDS[one.after], date=str(one.date)
        )
    if not one.before:
        return STAGE_WORDS[one.after]
    return Words("{before} → {after}", "{before} → {after}").fill(before=STAGE_WORDS[one.before], after=STAGE_WORDS[one.after])


def target_words(one: Target) -> Words:
    """Whose target it is."""
    named = [part for part in (one.chain_name, one.county, one.team) if part]
    return Words.listed(named) if named else Words("全部", "all")


def group_words(one: Group) -> Words:
    """The group's name."""
    return Words(one.name, one.name) if one.name else Words("（无或不知道）", "(none, or not known)")


def planned_words(one: Planned) -> Words:
    """How a project of the plan came out."""
    if one.moved:
        return Words("{state}，落在别处", "{state}, in another park").fill(state=PLANNED_WORDS[one.state])
    return PLANNED_WORDS[one.state]
