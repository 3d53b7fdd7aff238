"""The first sheet: what the plan is, how good it is, what it brings, chain by chain, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.plan.model import Plan
from planner.publish.fields import AFTER, BEFORE, CHAIN, COMPLETE, UNIT, WEIGHT
from planner.publish.figures import figure, gap_text, percent
from planner.publish.proof import level_name, quality, unfit, value_name
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN, unit_words
from planner.publish.workbook.book import ACCENT, LINE_HEIGHT, Book, Page
from planner.publish.workbook.charts import bar_chart
from planner.publish.workbook.evidence import MARK_NOTE, verification_text
from planner.publish.workbook.means import LIMITS, limit_columns
from planner.publish.workbook.table import Column, columns_of, positions, write_table

OVERVIEW = Words("总览", "Overview")
WIDTHS = (26.0, 17.0, 17.0, 17.0, 17.0, 17.0, 17.0, 17.0)
TILES_A_ROW = 4
SHOWN_LIMITS = 5
SHOWN_CHAINS = 40
"""Chains in the chart; more would be a blur."""
CHAINS, OBJECTIVE = Words("各产业链", "Chains"), Words("目标值的构成", "What the value is made of")
BINDING, TRUST = Words("最紧的限制", "Limits that bind"), Words("依据与核验", "Evidence")
TERM, RAW, NORMALISER = Words("目标项", "Term"), Words("原值", "Raw"), Words("基数", "Divided by")
NORMALISED, CONTRIBUTION = Words("归一值", "Normalised"), Words("贡献", "Contribution")
PENALTIES = Words("软规则违反的代价", "price of violated soft rules")
NO_SOURCE = Words("无本地来源的环节（个）", "Links without a source")
ONE_SOURCE = Words("只有一个来源的环节（个）", "Links with one source")
BACKED_UP = Words("有备份的环节（个）", "Links backed up")
LEVELS, LEVEL, COLON = Words("各级目标", "Levels"), Words("级", "Level"), Words("：", ": ")
VALUE, BEST = Words("目标值", "Value"), Words("该级求得", "When solved")
BOUND, GAP = Words("上界", "Bound"), Words("差距", "Gap")
PROVED, YES, NO = Words("已证明最优", "Proved optimal"), Words("是", "yes"), Words("否", "no")
GIVEN_UP, ALLOWED = Words("为后级让出", "Given up"), Words("允许让出", "Tolerance")


def write_overview(book: Book, view: View) -> Page:
    """Everything that a chief asks first, on two pages."""
    page = book.page(OVERVIEW.say(book.language))
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    wide, plan = len(WIDTHS), view.plan
    page.merged(0, 0, wide - 1, plan.plan.name[:300], book.style("title", text_wrap=True), height=34)
    page.merged(1, 0, wide - 1, _span(page, plan), book.style("note"))
    page.merged(2, 0, wide - 1, _state(page, view), book.style("state"))
    row = _tiles(page, 4, _kpis(page, view))
    row = _chains(page, row + 1, view)
    page.breaks.append(row)
    row = _objective(page, row, view)
    row = _limits(page, row, view)
    _trust(page, row, view)
    page.finish()
    return page


def _span(page: Page, plan: Plan) -> str:
    quarters, scenario = plan.plan.quarters, plan.plan.scenario
    said = "" if scenario is None else page.say(Words("情景：{name}　　", "Scenario: {name}    "), name=scenario[:200])
    return said + page.say(
        Words(
            "规划期 {first} 至 {last}（{n} 个季度）　　求解器 {solver}　　补链 {version}　　计划封印 {seal}",
            "Quarters {first} to {last} ({n})    Solver {solver}    Bulian {version}    Seal {seal}",
        ),
        first=quarters[0],
        last=quarters[-1],
        n=len(quarters),
        solver=plan.status.solver,
        version=plan.plan.planner_version,
        seal=page.book.seal,
    )


def _state(page: Page, view: View) -> str:
    plan, dash = view.plan, page.say(UNKNOWN)
    told, stamp = plan.objective, unfit(plan.objective.gap)
    warned = "" if stamp is None else page.say(Words("【{stamp}】", "[{stamp}] "), stamp=stamp)
    name = value_name(plan)
    return warned + page.say(
        Words("{quality}。{name} {value}，上界 {bound}，差距 {gap}。", "{quality}. {name} {value}, bound {bound}, gap {gap}."),
        quality=quality(plan),
        name=Words(name.zh, name.en.capitalize()),
        value=figure(told.value) + (ASSUMED if view.basis.value() else ""),
        bound=dash if told.bound is None else figure(told.bound),
        gap=dash if told.gap is None else gap_text(told.gap),
    )


def _kpis(page: Page, view: View) -> list[tuple[str, float | str | None, str]]:
    """Tiles: label, figure, number format."""
    kpis, links = view.plan.kpis, view.plan.links

    def money(zh: str, en: str, value: float | None, assumed: bool) -> tuple[str, float | str | None, str]:
        return page.say(Words(zh + "（万元）", en + " (CNY 10k)")), value, "#,##0" + _mark(assumed)

    def change(before: str, after: str, assumed: bool) -> str:
        return f"{before} → {after}" + (ASSUMED if assumed else "")

    short = view.basis.links(links, after=True)
    dash = page.say(UNKNOWN)
    share_before, share_after = (
        dash if value is None else percent(value) for value in (kpis.completeness_before, kpis.completeness_after)
    )
    assumed = {name: view.basis.any_firm(name) for name in ("investment", "output", "tax", "subsidy", "jobs")}
    likely = view.basis.any_firm("landing_probability")
    return [
        (page.say(Words("入选企业（家）", "Firms selected")), kpis.selected, "#,##0"),
        money("计划投资", "Investment", kpis.investment, assumed["investment"]),
        money("预期年产值", "Expected output a year", kpis.expected_output, assumed["output"] or likely),
        money("预期年税收", "Expected tax a year", kpis.expected_tax, assumed["tax"] or likely),
        (
            page.say(Words("环节缺口（万元）", "Shortage (CNY 10k)")),
            change(f"{kpis.shortage_before:,.0f}", f"{kpis.shortage_after:,.0f}", short),
            "",
        ),
        (page.say(Words("产业链完整度", "Completeness of chains")), change(share_before, share_after, short), ""),
        (
            page.say(Words("有缺口的环节（个）", "Links with a shortage")),
            change(str(kpis.links_short_before), str(kpis.links_short_after), short),
            "",
        ),
        *(
            (page.say(label), change(dash if was is None else str(was), dash if now is None else str(now), False), "")
            for label, was, now in (
                (NO_SOURCE, kpis.no_source_before, kpis.no_source_after),
                (ONE_SOURCE, kpis.single_source_before, kpis.single_source_after),
                (BACKED_UP, kpis.backed_up_before, kpis.backed_up_after),
            )
        ),
        money("奖补诉求", "Subsidy asked", kpis.subsidy, assumed["subsidy"]),
        (page.say(Words("就业（人）", "Jobs")), kpis.jobs, "#,##0" + _mark(assumed["jobs"])),
        (page.say(Words("使用园区（个）", "Parks used")), f"{kpis.parks_used} / {len(view.plan.parks)}", ""),
        (page.say(Words("未选项目（个）", "Not selected")), len(view.plan.not_selected), "#,##0"),
    ]


def _mark(assumed: bool) -> str:
    return f'"{ASSUMED}"' if assumed else ""


def _tiles(page: Page, row: int, tiles: list[tuple[str, float | str | None, str]]) -> int:
    """Four tiles to a row, a label above its figure."""
    label = page.book.style("tile_label")
    for number, (name, value, form) in enumerate(tiles):
        top, left = row + 3 * (number // TILES_A_ROW), 2 * (number % TILES_A_ROW)
        style = page.book.style("tile_value", **({"num_format": form} if form else {}))
        page.sheet.merge_range(top, left, top, left + 1, "", label)
        page.sheet.merge_range(top + 1, left, top + 1, left + 1, "", style)
        page.text(top, left, name, label)
        page.high(top, LINE_HEIGHT + 2)
        page.high(top + 1, 28)
        page.high(top + 2, 6)
        if isinstance(value, (int, float)):
            page.number(top + 1, left, value, style)
        else:
            page.text(top + 1, left, page.say(UNKNOWN) if value is None else value, style)
    return row + 3 * -(-len(tiles) // TILES_A_ROW)


def _chains(page: Page, row: int, view: View) -> int:
    """Chains before and after, with a chart; returns the row below it."""
    chains = view.plan.chains
    columns = columns_of(view, CHAIN, chains)
    page.section(row, page.say(CHAINS))
    placed = write_table(page, row + 1, columns, grow=False)
    if not chains:
        return placed.end + 1
    shown, drawn = min(len(chains), SHOWN_CHAINS), [at for at, one in positions(columns) if one.group is COMPLETE]
    series = list(zip(drawn, (BEFORE, AFTER), ("#B8C2CC", ACCENT), strict=True))
    axis = {"min": 0, "max": 1, "num_format": "0%"}
    return bar_chart(page, placed.end + 1, COMPLETE, placed, shown, series, 90 + 34 * shown, values=axis)


def _objective(page: Page, row: int, view: View) -> int:
    """What the value is made of; of priorities each level by itself, for values of different levels do not add up."""
    told = view.plan.objective
    if not told.levels:
        contributed = {name: (term.weight, term.contribution) for name, term in told.terms.items()}
        return _value_table(page, row, view, page.say(OBJECTIVE), contributed, told.penalties)
    row = _levels(page, row, view)
    for number, level in enumerate(told.levels):
        contributed = {name: (level.weights[name], part) for name, part in level.contributions.items()}
        title = f"{page.say(OBJECTIVE)}{page.say(COLON)}{page.say(level_name(view.plan, number))}"
        row = _value_table(page, row, view, title, contributed, told.penalties if number == 0 else 0.0)
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
    page.section(row, page.say(LEVELS))
    return write_table(page, row + 1, columns, grow=False).end + 1


def _value_table(
    page: Page, row: int, view: View, title: str, contributed: Mapping[str, tuple[float, float]], penalties: float
) -> int:
    """Terms with their ``contributed`` weight and part of one value, which they sum to, less the ``penalties``."""
    told, names = view.plan.objective, list(contributed)
    terms = [told.terms[name] for name in names]
    reached, offered = [view.basis.term(name, False) for name in names], [view.basis.term(name, True) for name in names]
    either = [a or b for a, b in zip(reached, offered, strict=True)]
    # One more row where soft rules cost something, so that the column of contributions sums to the value.
    more = 1 if penalties > 0 else 0
    no_figure, no_mark = [None] * more, [False] * more
    places = 4 if told.normalise else None
    columns = [
        Column(TERM, [*map(view.term, names), *[page.say(PENALTIES)] * more], span=2),
        Column(WEIGHT, [*(weight for weight, _ in contributed.values()), *no_figure], "number"),
        Column(RAW, [*(term.raw for term in terms), *no_figure], "mixed", assumed=reached + no_mark),
        Column(UNIT, [*(unit_words(term.unit).say(page.language) for term in terms), *[""] * more], "short"),
        Column(NORMALISER, [*(term.normaliser for term in terms), *no_figure], "mixed", assumed=offered + no_mark),
        Column(NORMALISED, [*(term.normalised for term in terms), *no_figure], "number", assumed=either + no_mark, decimals=places),
        Column(
            CONTRIBUTION,
            [*(part for _, part in contributed.values()), *[-penalties] * more],
            "number",
            assumed=either + no_mark,
            total=True,
            decimals=places,
        ),
    ]
    page.section(row, title)
    return write_table(page, row + 1, columns, grow=False).end + 1


def _limits(page: Page, row: int, view: View) -> int:
    columns = limit_columns(view)
    page.section(row, page.say(BINDING))
    placed = write_table(page, row + 1, [column.first(SHOWN_LIMITS) for column in columns], grow=False)
    left = len(columns[0].values) - SHOWN_LIMITS
    if left > 0:
        text = page.say(Words("另有 {n} 条，见“{sheet}”。", "{n} more on the sheet “{sheet}”."), n=left, sheet=LIMITS)
        page.merged(placed.end, 0, len(WIDTHS) - 1, text, page.book.style("note"))
    return placed.end + (2 if left > 0 else 1)


def _trust(page: Page, row: int, view: View) -> None:
    plan = view.plan
    page.section(row, page.say(TRUST))
    cells = sum(one.cells for one in plan.assumptions)
    assumed = page.say(
        Words(
            "假设：{n} 列含假设值，共 {cells} 个单元格，逐列见“数据与假设”。",
            "Assumptions: {n} columns hold assumed values, {cells} cells in all; see “Data and assumptions”.",
        ),
        n=len(plan.assumptions),
        cells=f"{cells:,}",
    )
    for text in (verification_text(view), assumed, page.say(MARK_NOTE)):
        row += 1
        page.merged(row, 0, len(WIDTHS) - 1, text, page.book.style("note"))
