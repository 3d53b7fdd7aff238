"""The sheet of replacement costs, with a chart."""

from __future__ import annotations

from planner.language import Words
from planner.publish.fields import CANDIDATE, FIRM, LINK_NAME, NAME, PARK_NAME
from planner.publish.importance import HOW, MEANING, QUICK, SOLVED, places_of, remark
from planner.publish.view import View
from planner.publish.workbook.book import BAR, Book
from planner.publish.workbook.table import Column, write_table

IMPORTANCE = Words("替换代价", "Replacement cost")
LEAST, MOST, SHARE = Words("至少", "At least"), Words("至多", "At most"), Words("占目标值", "Of the value")
KIND, HOW_FAR, REMARK = Words("证明到", "Proved"), Words("怎样得到", "How"), Words("备注", "Remark")
CHARTED = 20
"""Firms in the chart; more would be a blur."""


def write_importance(book: Book, view: View) -> None:
    """All selected firms by replacement cost; nothing when it was not asked for."""
    found = view.plan.insights.importance
    if found is None or not found.firms:
        return
    page, language = book.page(IMPORTANCE.say(book.language)), book.language
    firms, places = found.firms, places_of(found)
    where = {firm.candidate_id: firm for firm in view.plan.selected}
    value = abs(found.value)
    columns = [
        Column(FIRM["rank"].heading, [one.rank for one in firms], "count"),
        Column(NAME, [one.name for one in firms], room=26),
        Column(CANDIDATE, [one.candidate_id for one in firms], "short"),
        Column(LINK_NAME, [where[one.candidate_id].link_name for one in firms], room=16),
        Column(PARK_NAME, [where[one.candidate_id].park_name for one in firms], room=18),
        Column(LEAST, [one.least for one in firms], "number", assumed=view.basis.value(), decimals=places),
        Column(MOST, [one.most for one in firms], "number", assumed=view.basis.value(), decimals=places),
        Column(
            SHARE,
            [None if one.most is None or not value else one.most / value for one in firms],
            "share",
            assumed=view.basis.value(),
        ),
        Column(KIND, [HOW[one.how].say(language) for one in firms], "short"),
        Column(HOW_FAR, [(SOLVED if one.solved else QUICK).say(language) for one in firms], "short", room=14),
        Column(
            REMARK, [_remark(one.irreplaceable, remark(one, found.value, language), language) for one in firms], room=24
        ),
    ]
    placed = write_table(page, 2, columns, filter_rows=True)
    page.merged(0, 0, len(columns) - 1, page.say(IMPORTANCE), book.style("title"), height=30)
    page.merged(1, 0, len(columns) - 1, page.say(MEANING), book.style("note"))
    page.sheet.freeze_panes(placed.first, 2)
    shown = min(CHARTED, len(firms))
    chart = book.chart()
    last = placed.first + shown - 1
    for column, title, colour in ((5, LEAST, "#1F4E79"), (6, MOST, BAR)):
        chart.add_series(
            {
                "name": page.say(title),
                "categories": [page.name, placed.first, 1, last, 1],
                "values": [page.name, placed.first, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    chart.set_title({"name": page.say(IMPORTANCE), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_legend({"position": "bottom"})
    points = 90 + 22 * shown
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}})
    chart.set_size({"width": 980, "height": points})
    top = placed.end + 1
    page.breaks.append(top)
    page.sheet.insert_chart(top, 0, chart, {"object_position": 2, "x_offset": 4, "y_offset": 4})
    page.touch(top + points // 20 + 1, len(columns) - 1)
    page.finish(repeat=(placed.head, placed.head))


def _remark(irreplaceable: bool, text: str, language: str) -> str:
    told = Words("没有它就没有计划", "there is no plan without it") if irreplaceable else None
    return text if told is None else told.zh if language == "zh" else told.en
