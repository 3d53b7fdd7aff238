"""Bars drawn from a table's columns, all in one look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.language import Words
from planner.publish.workbook.book import Page
from planner.publish.workbook.table import Placed

ROW_POINTS = 20
"""Points of a row that nothing is written in."""


def bar_chart(
    page: Page,
    row: int,
    title: Words,
    placed: Placed,
    shown: int,
    series: Sequence[tuple[int, Words, str]],
    points: int,
    *,
    names: int = 0,
    gap: int = 60,
    overlap: int = 0,
    values: Mapping[str, Any] | None = None,
    labels: Mapping[str, Any] | None = None,
    width: int = 1036,
) -> int:
    """Bars of the first ``shown`` rows of a table, the first on top; returns the row below them.

    Args:
        series: sheet column, name and colour of each.
        points: height.
        names: sheet column of what the bars are labelled with.
        values, labels: more properties of the axes, as xlsxwriter has them.
    """
    last = placed.first + shown - 1
    chart = page.book.chart()
    for column, name, colour in series:
        chart.add_series(
            {
                "name": page.say(name),
                "categories": [page.name, placed.first, names, last, names],
                "values": [page.name, placed.first, column, last, column],
                "fill": {"color": colour},
                "gap": gap,
                **({"overlap": overlap} if overlap else {}),
            }
        )
    chart.set_title({"name": page.say(title), "name_font": {"size": 11}, "overlay": False})
    chart.set_x_axis({**(values or {}), "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}})
    chart.set_y_axis({"reverse": True, **(labels or {})})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": width, "height": points})
    page.whole(row)
    page.sheet.insert_chart(row, 0, chart, {"object_position": 2, "x_offset": 4})
    end = row + points // ROW_POINTS + 1
    page.touch(end, 0)
    return end + 1
