"""The charts of a chain as sheets of its reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.charts.origins import origins
from planner.publish.charts.panorama import gap, present
from planner.publish.charts.roadmap import roadmap
from planner.publish.charts.style import POINTS
from planner.publish.charts.svg import Svg
from planner.publish.desk import Desk
from planner.publish.documents.model import Picture

Draw = Callable[[Desk, ChainResult], tuple[Svg, ...]]
OF_TARGETS: Mapping[Words, Draw] = {Words("发展路线图", "Road map"): roadmap, Words("招商引资图", "Origins of targets"): origins}
OF_ANALYSIS: Mapping[Words, Draw] = {Words("现状图", "As it is"): present, Words("缺口图", "The gap"): gap}
"""Chart → what draws its sheets, in the order in which they stand."""


def sheets_of(desk: Desk, chain: ChainResult, charts: Mapping[Words, Draw]) -> Iterator[Picture]:
    """Every sheet of these charts, each to fill a page of its own size."""
    for name, draw in charts.items():
        alt = f"{chain.name} {name.say(desk.language)}"
        for sheet in draw(desk, chain):
            yield Picture(sheet.text, alt, sheet=(sheet.width / POINTS, sheet.height / POINTS))
