"""What the map says, in both languages; names shared by all outputs are in :mod:`planner.publish.words`."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words

PAGE: Mapping[str, Words] = {
    "panel": Words("筛选与列表", "Filters and lists"),
    "skip": Words("跳到筛选与列表", "Skip to filters and lists"),
    "skip_map": Words("跳到地图", "Skip to the map"),
    "theme": Words("深色/浅色", "Dark/light"),
    "print_a4": Words("打印 A4", "Print A4"),
    "print_a3": Words("打印 A3", "Print A3"),
    "search": Words("查找", "Search"),
    "search_hint": Words("企业、园区、环节", "Firm, park, link"),
    "legend": Words("图例", "Legend"),
    "sources": Words("图件说明", "About this map"),
    "time": Words("季度", "Quarter"),
    "north": Words("指北针", "North arrow"),
    "north_letter": Words("北", "N"),
    "no_script": Words("本页须启用 JavaScript 才能显示地图。", "This page needs JavaScript to show the map."),
}
"""Texts that the page template holds."""

VIEW: Mapping[str, Words] = {
    "chains": Words("产业链", "Chains"),
    "tiers": Words("位置", "Tiers"),
    "no_tier": Words("未注明位置", "no tier given"),
    "layers": Words("图层", "Layers"),
    "all": Words("全选", "All"),
    "none": Words("清空", "None"),
    "tab_filters": Words("筛选与图例", "Filters, legend"),
    "tab_firms": Words("企业", "Firms"),
    "tab_links": Words("环节", "Links"),
    "tab_route": Words("行程", "Journey"),
    "layer_heat": Words("区县短缺", "Shortage"),
    "layer_parks": Words("园区", "Parks"),
    "layer_firms": Words("入选企业", "Selected firms"),
    "layer_homes": Words("来源与连线", "Home cities"),
    "layer_incumbents": Words("本地企业", "Local firms"),
    "layer_districts": Words("区划", "Districts"),
    "layer_names": Words("名称", "Names"),
    "layer_route": Words("行程", "Journey"),
    "layer_changes": Words("变动", "Changes"),
    "layer_base": Words("在线底图：{name}", "Online: {name}"),
    "stop_times": Words("{arrival} 到，{departure} 离", "arrives {arrival}, leaves {departure}"),
    "before": Words("规划前", "Before the plan"),
    "until": Words("至 {quarter} 末", "Until the end of {quarter}"),
    "during": Words("{quarter} 当季", "In {quarter} alone"),
    "only": Words("只看当季", "This quarter alone"),
    "play": Words("播放", "Play"),
    "pause": Words("暂停", "Pause"),
    "shortage_now": Words("短缺 {before} → {now}", "shortage {before} → {now}"),
    "links_closed": Words("补齐 {n} 个环节", "{n} links filled"),
    "legend_arrow": Words("改到另一园区", "Moved to another park"),
    "legend_added": Words("新增企业", "Firms that come"),
    "legend_dropped": Words("退出企业", "Firms that leave"),
    "legend_moved": Words("改了季度", "Another quarter"),
    "legend_firms": Words("入选企业（按产业链）", "Selected firms, by chain"),
    "legend_parks": Words("园区满度（{quarter} 末占用最多的资源）", "How full parks are (fullest resource, end of {quarter})"),
    "legend_size": Words("符号面积：计划投资", "Area of a symbol: investment"),
    "size_least": Words("{amount} 及以下", "{amount} or less"),
    "size_most": Words("{amount} 及以上", "{amount} or more"),
    "size_unknown": Words("投资未提供", "investment not given"),
    "legend_heat": Words("区县短缺，{when}（每年）", "Shortage by county a year. {when}"),
    "heat_edges": Words(
        "本县企业按产能 × 投入系数所需而得不到的量", "What the firms of a county need (capacity × input coefficient) and cannot get"
    ),
    "heat_chain": Words(
        "没有投入系数，不知谁需要什么：各环节短缺按其产业链现有产能所在区县分摊，只是份额",
        "No input coefficients say who needs what: each link's shortage is spread by where its chain's capacity stands today, a share only",
    ),
    "heat_rest": Words("另有 {amount} 不能落到区县", "{amount} more belong to no county"),
    "heat_table": Words("各区县数值", "Figures by county"),
    "heat_none": Words(
        "短缺不能落到区县：没有区县界线，或本地企业没有位置、环节或产能",
        "Shortage cannot be placed by county: there are no county boundaries, or local firms have no place, link or capacity",
    ),
    "legend_other": Words("其他", "Other"),
    "legend_home": Words("来源城市及家数", "Home city, firms"),
    "legend_line": Words("来源连线", "Home to park"),
    "legend_stop": Words("行程各站", "Stops"),
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
    "more_rows": Words("再列 {n} 行（共 {all} 行）", "{n} more rows of {all}"),
    "list_empty": Words("没有符合筛选的条目", "Nothing passes the filters"),
    "no_shortage": Words("不缺", "none short"),
    "kind_firm": Words("入选企业", "Selected firm"),
    "kind_park": Words("园区", "Park"),
    "kind_link": Words("环节", "Link"),
    "nothing_found": Words("没有找到。未入选的项目见 plan.xlsx", "Nothing found. Candidates not selected are in plan.xlsx"),
    "nothing_found_here": Words("没有找到", "Nothing found"),
    "view_region": Words("区域", "Region"),
    "view_whole": Words("全国", "Country"),
    "zoom_in": Words("放大", "Zoom in"),
    "zoom_out": Words("缩小", "Zoom out"),
    "map_label": Words("招商计划地图", "Map of the plan"),
    "scale_number": Words("比例（图幅中央）", "Scale (middle)"),
    "printed": Words("打印日期", "Printed"),
}
"""Texts that the scripts use; what stands in braces is filled there."""

HANDOUT_TITLE = Words("{name}产业链招商地图", "{name}: map of the chain")
MONEY: Mapping[str, tuple[Words, int, int]] = {
    "亿元": (Words("{n} 亿元", "CNY {n} bn"), 10_000, 100_000),
    "万元": (Words("{n} 万元", "CNY {n} m"), 1, 100),
}
"""How amounts are told, and 万元 of one in Chinese and in English: in the larger from one of it on."""
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
