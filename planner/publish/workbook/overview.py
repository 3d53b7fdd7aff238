"""The first sheet: what the plan is, how good it is, what it brings, chain by chain, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.plan.model import Plan
from planner.publish.book.book import ACCENT, LINE_HEIGHT, Book, Page, Text
from planner.publish.book.chart import bar_chart
from planner.publish.book.columns import Column, positions
from planner.publish.book.table import titled_table, write_table
from planner.publish.fields import AFTER, BEFORE, CHAIN, COMPLETE, UNIT, WEIGHT
from planner.publish.figures import figure, gap_text, percent
from planner.publish.proof import level_name, nearness_words, quality, stamp_of, standing_of, value_name
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN, unit_words
from planner.publish.workbook.evidence import MARK_NOTE, verification_text
from planner.publish.workbook.records import columns_of
from planner.publish.workbook.sheets import LIMITS, limit_columns

OVERVIEW = Words("总览", "Overview")
WIDTHS = (26.0, 17.0, 17.0, 17.0, 17.0, 17.0, 17.0, 17.0)
LAST = len(WIDTHS) - 1
TILES_A_ROW = 4
SHOWN_LIMITS = 5
SHOWN_CHAINS = 40
"""Chains in the chart; more would be a blur."""
SCENARIO = Words("情景：{name}　　", "Scenario: {name}    ")
SPAN = Words(
    "规划期 {first} 至 {last}（{n} 个季度）　　求解器 {solver}　　补链 {version}　　计划封印 {seal}",
    "Quarters {first} to {last} ({n})    Solver {solver}    Bulian {version}    Seal {seal}",
)
STATE = Words("{quality}。{name} {value}，上界 {bound}，差距 {gap}。", "{quality}. {name} {value}, bound {bound}, gap {gap}.")
CHAINS, OBJECTIVE = Words("各产业链", "Chains"), Words("目标值的构成", "What the value is made of")
BINDING, TRUST = Words("最紧的限制", "Limits that bind"), Words("依据与核验", "Evidence")
TERM, RAW, NORMALISER = Words("目标项", "Term"), Words("原值", "Raw"), Words("基数", "Divided by")
NORMALISED, CONTRIBUTION = Words("归一值", "Normalised"), Words("贡献", "Contribution")
PENALTIES = Words("软规则违反的代价", "price of violated soft rules")
LEVELS, LEVEL, COLON = Words("各级目标", "Levels"), Words("级", "Level"), Words("：", ": ")
VALUE, BEST = Words("目标值", "Value"), Words("该级求得", "When solved")
BOUND, GAP = Words("上界", "Bound"), Words("差距", "Gap")
PROVED, YES, NO = Words("已证明最优", "Proved optimal"), Words("是", "yes"), Words("否", "no")
GIVEN_UP, ALLOWED = Words("为后级让出", "Given up"), Words("允许让出", "Tolerance")
FURTHER_LIMITS = Words("另有 {n} 条，见“{sheet}”。", "{n} more on the sheet “{sheet}”.")
ASSUMPTIONS = Words(
    "假设：{n} 列含假设值，共 {cells} 个单元格，逐列见“数据与假设”。",
    "Assumptions: {n:column} with assumed values, {cells:cell} in all; see “Data and assumptions”.",
)
CHANGES = Words(
    "改动：计划另对数据作了 {n} 项改动，加入 {put_in} 行，删去 {taken_out} 行，都是假设，逐项见“数据与假设”。",
    "Changes: the plan makes {n:change} of the data, {put_in:row} put in and {taken_out} taken out, all of them assumptions; see “Data "
    "and assumptions”.",
)
Tile = tuple[Words, float | str | None, bool]
"""Label, figure, and whether that rests on an assumption."""


def write_overview(book: Book, view: View) -> None:
    """Everything that a chief asks first, on two pages."""
    page, plan = book.page(OVERVIEW.say(book.language)), view.plan
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.merged(0, 0, LAST, plan.plan.name[:300], book.style("title", text_wrap=True), height=34)
    page.merged(1, 0, LAST, _span(page, plan), book.style("note"))
    page.merged(2, 0, LAST, _state(page, view), book.style("state"))
    near = nearness_words(plan)
    remarks = [
        *([page.say(near)] if near else []),
        *(getattr(notice, page.language) for notice in plan.notices if notice.about_plan),
    ]
    for number, remark in enumerate(remarks):
        page.merged(3 + number, 0, LAST, remark, book.style("note"))
    row = _tiles(page, 4 + len(remarks), _kpis(page, view))
    row = _chains(page, row + 1, view)
    page.breaks.append(row)
    row = _objective(page, row, view)
    row = _limits(page, row, view)
    _trust(page, row, view)
    page.finish()


def _span(page: Page, plan: Plan) -> str:
    quarters, scenario = plan.plan.quarters, plan.plan.scenario
    made_by = {"solver": plan.status.solver, "version": plan.plan.planner_version, "seal": page.book.seal}
    span = page.say(SPAN, first=quarters[0], last=quarters[-1], n=len(quarters), **made_by)
    return span if scenario is None else page.say(SCENARIO, name=scenario[:200]) + span


def _state(page: Page, view: View) -> str:
    plan, objective = view.plan, view.plan.objective
    name, marks = value_name(plan), [mark for mark in (standing_of(plan), stamp_of(plan)) if mark is not None]
    return "".join(page.say(Words("【{mark}】", "[{mark}] "), mark=mark) for mark in marks) + page.say(
        STATE,
        quality=quality(plan),
        name=Words(name.zh, name.en.capitalize()),
        value=figure(objective.value) + (ASSUMED if view.basis.value() else ""),
        bound=UNKNOWN if objective.bound is None else figure(objective.bound),
        gap=UNKNOWN if objective.gap is None else gap_text(objective.gap),
    )


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
    for number, (label, value, assumed) in enumerate(tiles):
        top, left = row + 3 * (number // TILES_A_ROW), 2 * (number % TILES_A_ROW)
        form = {} if isinstance(value, str) else {"num_format": f'#,##0"{ASSUMED}"' if assumed else "#,##0"}
        style = page.book.style("tile_value", **form)
        page.sheet.merge_range(top, left, top, left + 1, "", label_style)
        page.sheet.merge_range(top + 1, left, top + 1, left + 1, "", style)
        page.text(top, left, page.say(label), label_style)
        for below, height in enumerate((LINE_HEIGHT + 2, 28, 6)):
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
    return bar_chart(page, placed.end + 1, COMPLETE, placed, shown, series, 90 + 34 * shown, values=axis)


def _objective(page: Page, row: int, view: View) -> int:
    """What the value is made of; of priorities each level by itself, for values of different levels do not add up."""
    objective = view.plan.objective
    if not objective.levels:
        weighed = {name: (term.weight, term.contribution) for name, term in objective.terms.items()}
        return _value_table(page, row, view, OBJECTIVE, weighed, objective.penalties)
    row = _levels(page, row, view)
    for number, level in enumerate(objective.levels):
        weighed = {name: (level.weights[name], part) for name, part in level.contributions.items()}
        title = f"{page.say(OBJECTIVE)}{page.say(COLON)}{page.say(level_name(view.plan, number))}"
        row = _value_table(page, row, view, title, weighed, objective.penalties if number == 0 else 0.0)
    return row


def _levels(page: Page, row: int, view: View) -> int:
    """Every level: its value, how good that is, and what later levels took of it."""
    plan, levels = view.plan, view.plan.objective.levels
    dash, places = page.say(UNKNOWN), 4 if plan.objective.normalise else None
    columns = [
        Column(LEVEL, [page.say(level_name(plan, number)) for number in range(len(levels))], room=26),
        Column(VALUE, [level.value for level in levels], "number", decimals=places),
        Column(BEST, [level.best for level in levels], "number", decimals=places),
        Column(BOUND, [level.bound for level in levels], "number", decimals=places),
        Column(GAP, [dash if level.gap is None else gap_text(level.gap) for level in levels], "short"),
        Column(PROVED, [page.say(YES if level.proved else NO) for level in levels], "short"),
        Column(GIVEN_UP, [level.given_up for level in levels], "number", decimals=places),
        Column(ALLOWED, [percent(level.tolerance) for level in levels], "short"),
    ]
    return titled_table(page, row, LEVELS, columns, grow=False)


def _value_table(
    page: Page, row: int, view: View, title: Text, weighed: Mapping[str, tuple[float, float]], penalties: float
) -> int:
    """Terms as they are ``weighed``, by their weight and their part of one value: the sum of the parts, less the ``penalties``."""
    objective, names = view.plan.objective, list(weighed)
    terms = [objective.terms[name] for name in names]
    reached, offered = [view.basis.term(name, False) for name in names], [view.basis.term(name, True) for name in names]
    # One more row where soft rules cost something, so that the column of contributions sums to the value.
    more = 1 if penalties > 0 else 0
    no_figure, no_mark = [None] * more, [False] * more
    either = [a or b for a, b in zip(reached, offered, strict=True)] + no_mark
    weights, parts = [weight for weight, _ in weighed.values()], [part for _, part in weighed.values()]
    units = [unit_words(term.unit).say(page.language) for term in terms]
    normalised = [*(term.normalised for term in terms), *no_figure]
    places = 4 if objective.normalise else None
    columns = [
        Column(TERM, [*map(view.term, names), *[page.say(PENALTIES)] * more], span=2),
        Column(WEIGHT, [*weights, *no_figure], "number"),
        Column(RAW, [*(term.raw for term in terms), *no_figure], "mixed", assumed=reached + no_mark),
        Column(UNIT, [*units, *[""] * more], "short"),
        Column(NORMALISER, [*(term.normaliser for term in terms), *no_figure], "mixed", assumed=offered + no_mark),
        Column(NORMALISED, normalised, "number", assumed=either, decimals=places),
        Column(CONTRIBUTION, [*parts, *[-penalties] * more], "number", assumed=either, total=True, decimals=places),
    ]
    return titled_table(page, row, title, columns, grow=False)


def _limits(page: Page, row: int, view: View) -> int:
    end = titled_table(page, row, BINDING, limit_columns(view, SHOWN_LIMITS), grow=False)
    further = len(view.plan.limits) - SHOWN_LIMITS
    if further <= 0:
        return end
    page.merged(end - 1, 0, LAST, page.say(FURTHER_LIMITS, n=further, sheet=LIMITS), page.book.style("note"))
    return end + 1


def _trust(page: Page, row: int, view: View) -> None:
    assumptions = view.plan.assumptions
    page.section(row, TRUST)
    cells = sum(assumption.cells for assumption in assumptions)
    assumed = page.say(ASSUMPTIONS, n=len(assumptions), cells=f"{cells:,}")
    changes = view.plan.changes
    rows = {way: sum(made.count for made in changes if made.way == way) for way in ("insert", "remove")}
    changed = [page.say(CHANGES, n=len(changes), put_in=rows["insert"], taken_out=rows["remove"])] if changes else []
    for below, text in enumerate((verification_text(view), assumed, *changed, page.say(MARK_NOTE)), start=1):
        page.merged(row + below, 0, LAST, text, page.book.style("note"))
