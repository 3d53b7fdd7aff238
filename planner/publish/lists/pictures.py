"""The pictures of a list set: links to charts, maps and reports of the run, and charts whose links lead to rows of the lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.lists.checklist import place_of_output
from planner.publish.lists.content import SetContent
from planner.publish.lists.schema import ListPicture, ListSet
from planner.publish.offline import html_text
from planner.settings.outputs import OUTPUTS

if TYPE_CHECKING:
    from planner.publish.desk import Desk

FEW = 6
"""Chains up to which a picture of each is led to by itself."""
OF_CHAIN = Words("{name}：{chain}", "{name}: {chain}")
NOT_MADE = Words("{name}（没有“{table}”表，未画）", "{name} (not drawn: the plan has no table {table})")


@dataclass(frozen=True)
class Picture:
    """A chart of one chain on the page of its lists."""

    heading: str
    file: str
    """Its file beside the page."""
    svg: str
    """The whole file."""
    html: str
    """The same for the page, with a link over each box that a row of the lists is of."""


def further(desk: Desk, asked: ListSet, up: str) -> Iterator[tuple[str, str]]:
    """What each picture is called, and the way from a folder ``up`` to the run's to where it is."""
    for one in asked.pictures:
        name = one.name.words.say(desk.language)
        if one.chart is None:
            yield name, up + place_of_output(str(one.output))
        elif lacking := _lacking(desk, one):
            yield NOT_MADE.say(desk.language, name=name, table=lacking), f"{up}{place_of_output('charts')}"
        elif len(desk.plan.chains) > FEW or asked.per == "chain":
            yield name, f"{up}{place_of_output('charts')}"
        else:
            from planner.publish.charts.pages import chain_page

            for position, chain in enumerate(desk.plan.chains):
                said = OF_CHAIN.say(desk.language, name=name, chain=chain.name)
                yield said, f"{up}{OUTPUTS['charts']}/{chain_page(position)}#{one.chart}"


def _lacking(desk: Desk, picture: ListPicture) -> str | None:
    """The table without which a chart is not drawn, where the plan does not have it."""
    from planner.publish.charts.registry import CHARTS

    chart = next(one for one in CHARTS if one.key == picture.chart)
    return None if chart.made(desk) else chart.table


def pictures_of(desk: Desk, asked: ListSet, content: SetContent, chain: ChainResult) -> Iterator[Picture]:
    """The charts of one chain that the set asks for."""
    from planner.publish.charts.registry import CHARTS

    charts = {chart.key: chart for chart in CHARTS}
    for one in asked.pictures:
        if one.chart is None or _lacking(desk, one):
            continue
        for number, sheet in enumerate(charts[one.chart].draw(desk, chain)):
            boxes = "".join(
                f'<a href="#{quote(key)}-{row}" aria-label="{html_text(name)}" style="left:{100 * box.x / sheet.width:.2f}%;'
                f"top:{100 * box.y / sheet.height:.2f}%;width:{100 * box.width / sheet.width:.2f}%;"
                f'height:{100 * box.height / sheet.height:.2f}%"></a>'
                for box in sheet.boxes
                if (found := _row(content, box.key)) is not None
                for key, row, name in (found,)
            )
            html = f'<div class="drawn">{sheet.inline()}{boxes}</div>'
            name = f"{one.chart}.svg" if number == 0 else f"{one.chart}-{number + 1}.svg"
            yield Picture(one.name.words.say(desk.language), name, sheet.text, html)


def _row(content: SetContent, link_id: str) -> tuple[str, int, str] | None:
    """The row of a link in the set's graph: sheet, row, name."""
    found = ((sheet.key, box.row, box.name) for sheet in content.sheets for box in sheet.boxes if box.link_id == link_id)
    return next(found, None)
