"""招商引资图: from which cities the targets come, to which links and parks, with what they invest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.plan.records import ChainResult
from planner.publish.charts import frame
from planner.publish.charts.roadmap import NO_LINK, invested
from planner.publish.charts.streams import Stream, draw_streams, gathered
from planner.publish.charts.svg import Box, Svg
from planner.publish.desk import Desk
from planner.publish.view import View

TITLE = Words("{chain}产业链招商引资图", "{chain}: where its targets come from")
TITLE_ALL = Words("各产业链招商引资图", "Where the targets of each chain come from")
NO_CITY, NO_CHAIN = Words("来源城市未提供", "home city not given"), Words("未注明产业链", "no chain given")
NO_COUNTY = Words("未注明区县", "county not given")
SAYS = Words("{n} 家，{money}", "{n:firm}, {money}")
UNKNOWN_MONEY = Words("虚线：投资额未提供", "dashed: investment not given")
NONE = Words("本计划没有为该链选入企业", "The plan selects no firm for this chain")
WAYS = {
    "link": Words("来源城市 → 环节 → 园区", "home city → link → park"),
    "chain": Words("来源城市 → 产业链 → 区县", "home city → chain → county"),
}

Through = Callable[[Selected], tuple[tuple[str, str], ...]]
"""Key and name of the place of a firm in each column."""


def origins(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """招商引资图 of a chain: home city → link → park."""
    view = desk.view
    firms = [firm for firm in view.plan.selected if firm.chain_id == chain.chain_id]

    def through(firm: Selected) -> tuple[tuple[str, str], ...]:
        link = (firm.link_id or "", firm.link_name or NO_LINK.say(view.language))
        return (_home(view, firm), link, (firm.park_id, firm.park_name))

    return _drawn(view, TITLE.say(view.language, chain=chain.name), firms, through, "link")


def origins_of_all(desk: Desk) -> tuple[Svg, ...]:
    """招商引资图 of all chains: home city → chain → county."""
    view = desk.view

    def through(firm: Selected) -> tuple[tuple[str, str], ...]:
        county = view.counties.get(firm.park_id) or NO_COUNTY.say(view.language)
        chain = (firm.chain_id or "", firm.chain_name or NO_CHAIN.say(view.language))
        return (_home(view, firm), chain, (county, county))

    return _drawn(view, TITLE_ALL.say(view.language), list(view.plan.selected), through, "chain")


def _home(view: View, firm: Selected) -> tuple[str, str]:
    home = view.home(firm)
    return home or "", home or NO_CITY.say(view.language)


def _drawn(view: View, title: str, firms: Sequence[Selected], through: Through, way: str) -> tuple[Svg, ...]:
    language = view.language
    said = SAYS.say(language, n=len(firms), money=invested(view, firms))
    legend = [frame.Legend(frame.swatch("target"), WAYS[way].say(language))]
    if any(firm.investment is None for firm in firms):
        legend.append(frame.Legend(frame.swatch(None, "target", "3 2"), UNKNOWN_MONEY.say(language)))
    notes = [
        Words(
            "金额为计划投资，人民币；带的宽度在每处之内与投资额成比例，最小的一处也有一行字高",
            "Planned investment, CNY; at each place bands are as wide as it, and the smallest place is a line high",
        ).say(language)
    ]
    canvas, room = frame.begin(view, title, [WAYS[way].say(language), said], legend, notes)
    if not firms:
        canvas.text(room.x, room.y + 10, NONE.say(language), canvas.style.heading, room.width, "soft")
        return (canvas.done(),)
    ways = [through(firm) for firm in firms]
    names = {(at, key): name for places in ways for at, (key, name) in enumerate(places)}
    whole = [Stream(tuple(key for key, _ in places), firm.investment, "target") for firm, places in zip(firms, ways, strict=True)]
    streams = gathered(view, whole, room.height)
    says = {}
    for at in range(len(streams[0].through)):
        for key in dict.fromkeys(stream.through[at] for stream in streams):
            mine = [firm for firm, stream in zip(firms, streams, strict=True) if stream.through[at] == key]
            says[at, key] = (names.get((at, key), key), SAYS.say(language, n=len(mine), money=invested(view, mine)))
    draw_streams(canvas, streams, Box("", room.x, room.y + 4, room.width, room.height - 8), says)
    return (canvas.done(),)
