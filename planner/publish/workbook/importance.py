"""Replacement costs: a sheet with a chart, and a column of the target list."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.publish.importance import HOW, MEANING, QUICK, SOLVED, cost, places_of, remark
from planner.publish.sentences import Teller
from planner.publish.words import COLUMNS
from planner.publish.workbook.basis import Basis
from planner.publish.workbook.book import BAR, Book
from planner.publish.workbook.table import Column, write_table

IMPORTANCE = Words("替换代价", "Replacement cost")
LEAST, MOST, SHARE = Words("至少", "At least"), Words("至多", "At most"), Words("占目标值", "Of the value")
KIND, HOW_FAR, REMARK = Words("证明到", "Proved"), Words("怎样得到", "How"), Words("备注", "Remark")
CHARTED = 20
"""Firms in the chart; more would be a blur."""


def importance_columns(plan: Plan, firms: Sequence[Selected]) -> list[Column]:
    """The column of the target list; none when it was not asked for."""
    found = plan.insights.importance
    if found is None:
        return []
    places, of = places_of(found), {one.candidate_id: one for one in found.firms}
    told = [of.get(firm.candidate_id) for firm in firms]
    texts = [None if one is None else cost(one, places, plan.plan.language) for one in told]
    return [Column(IMPORTANCE, texts, "short", room=12)]


def write_importance(book: Book, teller: Teller, basis: Basis) -> None:
    """All selected firms by replacement cost; nothing when it was not asked for."""
    found = teller.plan.insights.importance
    if found is None or not found.firms:
        return
    page, language = book.page(IMPORTANCE.say(book.language)), book.language
    firms, places = found.firms, places_of(found)
    where = {firm.candidate_id: firm for firm in teller.plan.selected}
    value = abs(found.value)
    columns = [
        Column(COLUMNS["rank"], [one.rank for one in firms], "count"),
        Column(COLUMNS["firm"], [one.name for one in firms], room=26),
        Column(COLUMNS["candidate_id"], [one.candidate_id for one in firms], "short"),
        Column(COLUMNS["link"], [where[one.candidate_id].link_name for one in firms], room=16),
        Column(COLUMNS["park"], [where[one.candidate_id].park_name for one in firms], room=18),
        Column(LEAST, [one.least for one in firms], "number", assumed=basis.value(), decimals=places),
        Column(MOST, [one.most for one in firms], "number", assumed=basis.value(), decimals=places),
        Column(
            SHARE,
            [None if one.most is None or not value else one.most / value for one in firms],
            "share",
            assumed=basis.value(),
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
