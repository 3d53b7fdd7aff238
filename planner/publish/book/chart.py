"""Bars drawn from a table of the same page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.language import Words
from planner.publish.book.book import SIZE, Page
from planner.publish.book.table import Placed

FONT = {"size": SIZE}
"""As large as the text of tables, so that it is as readable on paper."""


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
    chart = page.book.chart(type="bar")
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
    chart.set_title({"name": page.say(title), "name_font": FONT | {"size": 12}, "overlay": False})
    chart.set_x_axis({**(values or {}), "num_font": FONT, "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}})
    chart.set_y_axis({"reverse": True, "num_font": FONT, **(labels or {})})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": width, "height": points})
    page.whole(row)
    page.sheet.insert_chart(row, 0, chart, {"object_position": 2, "x_offset": 4})
    end = row + points // 20 + 1  # points of a row that nothing is written in
    page.touch(end, 0)
    return end + 1
