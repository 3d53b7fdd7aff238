"""Every chart, one line each: its name, what draws it, and the table without which it is not made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.charts.docking import docking
from planner.publish.charts.listed import applications, technologies
from planner.publish.charts.origins import origins, origins_of_all
from planner.publish.charts.panorama import gap, panorama, present
from planner.publish.charts.regions import regions, regions_of_all
from planner.publish.charts.roadmap import roadmap
from planner.publish.charts.svg import Svg
from planner.publish.charts.tree import tree
from planner.publish.desk import Desk


@dataclass(frozen=True)
class Chart:
    """A chart of each chain."""

    key: str
    name: Words
    draw: Callable[[Desk, ChainResult], tuple[Svg, ...]]
    """Its sheets."""
    table: str | None = None
    """What it is drawn from beside the plan."""

    def made(self, desk: Desk) -> bool:
        """Whether the plan has what it is drawn from."""
        return self.table is None or desk.has(self.table)


@dataclass(frozen=True)
class RegionChart:
    """A chart of all chains together."""

    key: str
    name: Words
    draw: Callable[[Desk], tuple[Svg, ...]]


CHARTS = (
    Chart("panorama", Words("全景图", "Panorama"), panorama),
    Chart("present", Words("现状图", "Present"), present),
    Chart("gap", Words("缺口图", "Gap"), gap),
    Chart("roadmap", Words("发展路线图", "Road map"), roadmap),
    Chart("regions", Words("区域分布图", "Regions"), regions),
    Chart("origins", Words("招商引资图", "Origins"), origins),
    Chart("docking", Words("对接图", "Docking"), docking),
    Chart("technologies", Words("技术路线图", "Technologies"), technologies, "technologies"),
    Chart("applications", Words("应用领域图", "Fields of use"), applications, "applications"),
)
REGION_CHARTS = (
    RegionChart("tree", Words("产业树全景图", "Tree"), tree),
    RegionChart("regions", Words("区域分布图", "Regions"), regions_of_all),
    RegionChart("origins", Words("招商引资图", "Origins"), origins_of_all),
)
