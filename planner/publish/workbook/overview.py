"""The plan in figures: sixteen of the whole, then chain by chain."""

from __future__ import annotations

from typing import Any

from planner.language import Words
from planner.publish.book.book import ACCENT, LINE_HEIGHT, Book, Page
from planner.publish.book.chart import bar_chart
from planner.publish.book.columns import positions
from planner.publish.book.paper import A4_UPRIGHT
from planner.publish.book.table import write_table
from planner.publish.book.text import lines
from planner.publish.fields import AFTER, BEFORE, CHAIN, COMPLETE
from planner.publish.figures import percent
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN
from planner.publish.workbook.evidence import MARK_NOTE
from planner.publish.workbook.points import span_of, state_of
from planner.publish.workbook.records import columns_of

OVERVIEW = Words("总览", "Overview")
WIDTHS = (20.0, *[14.0] * 7)
LAST = len(WIDTHS) - 1
TILES_A_ROW = 4
LONG = 16
"""Characters from which on a figure is written smaller."""
SHOWN_CHAINS = 40
"""Chains in the chart; more would be a blur."""
CHAINS = Words("各产业链", "Chains")
Tile = tuple[Words, float | str | None, bool]
"""Label, figure, and whether that rests on an assumption."""


def write_overview(book: Book, view: View) -> None:
    """One page of figures where the plan has few chains."""
    page, plan = book.page(OVERVIEW.say(book.language)), view.plan
    page.papers = (A4_UPRIGHT,)
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.merged(0, 0, LAST, plan.plan.name[:300], book.style("title", text_wrap=True), height=34)
    page.merged(1, 0, LAST, span_of(page, view), book.style("note"))
    page.merged(2, 0, LAST, state_of(view), book.style("state"))
    row = _tiles(page, 4, _kpis(page, view))
    row = _chains(page, row + 1, view)
    page.merged(row, 0, LAST, page.say(MARK_NOTE), book.style("note"))
    page.finish()


def _kpis(page: Page, view: View) -> list[Tile]:
    kpis, plan, assumed = view.plan.kpis, view.plan, view.basis.any_firm
    dash = page.say(UNKNOWN)

    def money(zh: str, en: str, value: float | None, *fields: str) -> Tile:
        return Words(f"{zh}（万元）", f"{en} (CNY 10k)"), value, assumed(*fields)

    def change(label: Words, before: object, after: object, rests: bool = False) -> Tile:
        return label, f"{dash if before is None else before} → {dash if after is None else after}", rests

    short = view.basis.links(plan.links, after=True)
    shortages = f"{kpis.shortage_before:,.0f}", f"{kpis.shortage_after:,.0f}"
    complete = [None if share is None else percent(share) for share in (kpis.completeness_before, kpis.completeness_after)]
    return [
        (Words("入选企业（家）", "Firms selected"), kpis.selected, False),
        money("计划投资", "Investment", kpis.investment, "investment"),
        money("预期年产值", "Expected output a year", kpis.expected_output, "output", "landing_probability"),
        money("预期年税收", "Expected tax a year", kpis.expected_tax, "tax", "landing_probability"),
        change(Words("环节缺口（万元）", "Shortage (CNY 10k)"), *shortages, short),
        change(Words("产业链完整度", "Completeness of chains"), complete[0], complete[1], short),
        change(Words("有缺口的环节（个）", "Links with a shortage"), kpis.links_short_before, kpis.links_short_after, short),
        change(Words("无本地来源的环节（个）", "Links without a source"), kpis.no_source_before, kpis.no_source_after),
        change(Words("只有一个来源的环节（个）", "Links with one source"), kpis.single_source_before, kpis.single_source_after),
        change(Words("有备份的环节（个）", "Links backed up"), kpis.backed_up_before, kpis.backed_up_after),
        money("奖补诉求", "Subsidy asked", kpis.subsidy, "subsidy"),
        money("规划期后兑付", "Paid after the horizon", kpis.subsidy_after_horizon, "subsidy", *view.basis.due),
        (Words("规划期后工作量（人月）", "Person-months after it"), kpis.effort_after_horizon, assumed("effort", *view.basis.due)),
        (Words("就业（人）", "Jobs"), kpis.jobs, assumed("jobs")),
        (Words("使用园区（个）", "Parks used"), f"{kpis.parks_used} / {len(plan.parks)}", False),
        (Words("未选项目（个）", "Not selected"), len(plan.not_selected), False),
    ]


def _tiles(page: Page, row: int, tiles: list[Tile]) -> int:
    """Four tiles to a row, a label above its figure."""
    label_style = page.book.style("tile_label")
    high = LINE_HEIGHT * max(lines(page.say(label), page.room(1, 2) * 0.9) for label, _, _ in tiles) + 2
    for number, (label, value, assumed) in enumerate(tiles):
        top, left = row + 3 * (number // TILES_A_ROW), 2 * (number % TILES_A_ROW)
        form: dict[str, Any] = {"num_format": f'#,##0"{ASSUMED}"' if assumed else "#,##0"}
        if isinstance(value, str):
            form = {"font_size": 11.5} if len(value) > LONG else {}
        style = page.book.style("tile_value", **form)
        page.sheet.merge_range(top, left, top, left + 1, "", label_style)
        page.sheet.merge_range(top + 1, left, top + 1, left + 1, "", style)
        page.text(top, left, page.say(label), label_style)
        for below, height in enumerate((high, 28, 6)):
            page.high(top + below, height)
        if isinstance(value, str):
            page.text(top + 1, left, value + (ASSUMED if assumed else ""), style)
        elif value is None:
            page.text(top + 1, left, page.say(UNKNOWN), style)
        else:
            page.number(top + 1, left, value, style)
    return row + 3 * -(-len(tiles) // TILES_A_ROW)


def _chains(page: Page, row: int, view: View) -> int:
    """Chains before and after, with a chart; returns the row below it."""
    chains = view.plan.chains
    columns = columns_of(view, CHAIN, chains)
    page.section(row, CHAINS)
    placed = write_table(page, row + 1, columns, grow=False)
    if not chains:
        return placed.end + 1
    shown, drawn = min(len(chains), SHOWN_CHAINS), [at for at, column in positions(columns) if column.group is COMPLETE]
    series = list(zip(drawn, (BEFORE, AFTER), ("#B8C2CC", ACCENT), strict=True))
    axis = {"min": 0, "max": 1, "num_format": "0%"}
    return bar_chart(page, placed.end + 1, COMPLETE, placed, shown, series, 110 + 48 * shown, values=axis, width=860)
