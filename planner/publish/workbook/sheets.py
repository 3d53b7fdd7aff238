"""The sheets of what a plan does: firms, chains and their links, parks, money and teams, limits and the analyst's own rules."""

from __future__ import annotations

from collections.abc import Callable

from planner.echo.lines import EchoLine
from planner.language import Words
from planner.plan.limit_records import Limit, RuleResult
from planner.plan.records import ChainResult
from planner.publish.basis import Basis
from planner.publish.book.book import Book, Page
from planner.publish.book.columns import Column
from planner.publish.book.table import lay, page_of_one_table, page_of_tables, titled_table
from planner.publish.book.text import clean, shorten
from planner.publish.echo import KINDS, name_of, words_of
from planner.publish.field import Catalogue, Field, Shown
from planner.publish.fields import CAPACITY, FIRM, FUND, INCUMBENT, LEFT_OUT, LINK, PARK, QUARTER, SHEET, TEAM, UNIT, USE, USED
from planner.publish.figures import percent
from planner.publish.sentences import NO_GAIN, NO_ROOM, RESERVE, RULED_OUT, WITHIN_GAP
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN, unit_words
from planner.publish.workbook.records import columns_of, stretched

TARGETS, NOT_SELECTED = Words("招商清单", "Target list"), Words("未选原因", "Not selected")
RANKED = Words(
    "按对目标值的贡献从大到小排列；金额单位万元；缺口为环节在整个计划前后的缺口，占比为本企业预期供给占原缺口的比例。",
    "Ranked by contribution to the value; money in CNY 10k. The shortage is the link's before and after the whole plan; the "
    "share is this firm's expected supply of the shortage before.",
)
ORDERED = Words(
    "最接近入选的在前。“放不下”：有价值，但受所列限制；“差距之内”：有价值也放得下，但在已证明的差距之内；“备选”：放得下，是否更好未证明；"
    "“不划算”：加入后目标值不增；“不符合条件”：没有园区或季度向它开放。",
    "The nearest to being selected first. “No room”: worth having, but the limits named are in the way; “within the gap”: worth "
    "having and there is room, within the proved gap; “reserve”: there is room, but that it would be better is not proved; “not worth it”: it would not raise the value; “ruled out”: no park or "
    "quarter is open to it.",
)
LINKS = Words("环节", "Links")
LINKS_NOTE = Words(
    "金额单位万元；供给为预期值：本地供给加入选企业的落地概率 × 年供给能力；需求含入选企业带来的配套需求；可选项目为至少有一个园区可落的候选项目数。",
    "Money in CNY 10k. Supply is expected: local supply plus landing chance × capacity of the selected firms; demand includes "
    "what selected firms need. Candidates are those with some park open to them.",
)
SELECTED_HERE, LINKS_HERE = Words("入选企业", "Selected firms"), Words("环节：计划前后", "Links before and after")
LEFT, PRESENT = Words("仍有的缺口", "Shortages left"), Words("本地企业", "Firms already here")
WHY_COLUMNS = 10
"""Sheet columns that the reason has at least on the sheet of a chain."""
PEOPLE = Words(
    "链长：{chief}　　牵头单位：{office}　　链主企业：{anchor}", "Chief: {chief}    Lead office: {office}    Anchor firm: {anchor}"
)
FIGURES = Words(
    "完整度 {a} → {b}；缺口 {c} → {d}；入选 {n} 家，计划投资 {money}",
    "Completeness {a} → {b}; shortage {c} → {d}; {n:firm} selected, investment {money}",
)
PARKS, PARKS_TITLE = Words("园区", "Parks"), Words("园区与资源占用", "Parks and their use of resources")
PARKS_NOTE = Words(
    "资源占用为 {quarter} 末；满度取占用最多的一项资源；“—”为能力不限或未知。",
    "Use at the end of {quarter}. Fullness is the share of the fullest resource; “—” is unlimited or not known.",
)
AREAS, BY_QUARTER = Words("分区与全域", "Zones and the region"), Words("资源分季", "Use by quarter")
BY_QUARTER_TITLE = Words("园区、分区与全域的资源占用（分季）", "Use of resources of parks, zones and the region, by quarter")
BY_QUARTER_NOTE = Words(
    "存量资源（如土地）用掉即减少，流量资源（如电力）在运行期间占用；占用率＝已用 ÷ 当季能力。",
    "A stock such as land is used up; a flow such as power is used in every quarter of operation. Share is used ÷ capacity "
    "of the quarter.",
)
MEANS, LIMITS = Words("资金与专班", "Funds and teams"), Words("限制与规则", "Limits and rules")
FUNDS, NO_FUNDS = Words("资金（分季）", "Funds by quarter"), Words("没有资金限额", "There is no limit of money")
TEAMS, NO_TEAMS = Words("专班（分季）", "Teams by quarter"), Words("没有专班限额", "There is no limit of effort")
MEANS_NOTE = Words(
    "当季可用含此前结转；工作量单位人月。规划期之后到期的见“分季推进”。",
    "Available includes what was carried over; effort in person-months. What falls due after the horizon stands in “By quarter”.",
)
BINDING = Words("已用尽或不够用的限制", "Limits with nothing, or too little, left")
NO_LIMITS = Words("没有用尽的限制", "No limit is used up")
RULES, NO_RULES = Words("自定义规则", "Own rules"), Words("没有自定义规则", "There are no own rules")
LIMITS_NOTE = Words(
    "“被挡的企业”为有价值而被该限制挡住的未选企业数；放宽人数多的限制最可能见效。",
    "“Firms kept out” counts those worth having that the limit keeps out; relaxing a limit with many is likely to pay.",
)
ECHO_SHEET, NO_ECHO = (
    Words("规则一览", "Rules at a glance"),
    Words("计划没有规则、关系和锁定", "The plan has no rules, relations or locks"),
)
ECHO_NOTE = Words(
    "求解之前逐条说明计划所要求的。最小、最大可能：任何计划都不会超出；由加总和分数背包得出，不一定达到。",
    "What the plan file asks for, line by line, before solving. No plan goes beyond the least and most possible, which are sums and fractional knapsacks and need not be reached.",
)
WHOLE_PLAN, KEPT, VIOLATED = Words("全部", "whole plan"), Words("满足", "kept"), Words("软规则，已超出", "soft, violated")


def write_targets(book: Book, view: View) -> None:
    """All selected firms, in their ranks."""
    firms, note = view.plan.selected, RANKED
    columns = columns_of(view, FIRM, firms)
    sources = {firm.source for firm in firms}
    if len(sources) == 1 and None not in sources:  # said once: in a column of its own it would only make rows tall
        heading = FIRM["source"].heading
        columns = [column for column in columns if column.title is not heading]
        note = Words(f"{RANKED.zh}{heading.zh}：{firms[0].source}", f"{RANKED.en} {heading.en}: {firms[0].source}")
    page_of_one_table(book, TARGETS, columns, note, fixed=3)[0].finish()


def write_left_out(book: Book, view: View) -> None:
    """Every candidate that is not selected, those nearest to it first."""
    rank = {NO_ROOM: 0, WITHIN_GAP: 1, RESERVE: 1, NO_GAIN: 2, RULED_OUT: 3}
    firms = sorted(view.plan.not_selected, key=lambda firm: (rank[view.kind(firm)], -(firm.gain or 0.0), firm.candidate_id))
    page_of_one_table(book, NOT_SELECTED, columns_of(view, LEFT_OUT, firms), ORDERED)[0].finish()


def write_links(book: Book, view: View) -> None:
    page_of_one_table(book, LINKS, columns_of(view, LINK, view.plan.links), LINKS_NOTE, title=LINKS_HERE)[0].finish()


def write_chain(book: Book, view: View, chain: ChainResult) -> None:
    """One chain: who comes, its links before and after, what is still short, who is here."""
    page = book.page(chain.name)
    plan, links = view.plan, view.links_of(chain)
    firms = [firm for firm in plan.selected if firm.chain_id == chain.chain_id]
    short = sorted((link for link in links if link.shortage_after > 0), key=lambda link: (-link.shortage_after, link.link_id))
    present = [firm for firm in plan.incumbents if firm.chain_id == chain.chain_id]
    chain_name = LINK["chain_name"].heading
    inner = [column for column in columns_of(view, LINK, links) if column.title is not chain_name]
    own = stretched(columns_of(view, FIRM, firms, Shown.BRIEF), len(inner), least=WHY_COLUMNS)
    left = stretched(columns_of(view, LINK, short, Shown.BRIEF), sum(column.span for column in own))
    tables = [(SELECTED_HERE, own), (LINKS_HERE, inner), (LEFT, left)]
    if present:
        tables.append((PRESENT, columns_of(view, INCUMBENT, present)))
    lay(page, *(columns for _, columns in tables))
    dash = page.say(UNKNOWN)
    people = page.say(PEOPLE, chief=chain.chief or dash, office=chain.lead_office or dash, anchor=chain.anchor_firm or dash)
    last = max(sum(column.span for column in columns) for _, columns in tables) - 1
    page.head(last, shorten(clean(chain.name), 200), people)
    page.merged(2, 0, last, _figures(page, chain, view), book.style("state"))
    row = 3
    for title, columns in tables:
        row = titled_table(page, row, title, columns, grow=False)
    page.finish(frozen=(3, 1))


def _figures(page: Page, chain: ChainResult, view: View) -> str:
    """What the plan does for the chain; each figure with its mark."""

    def marked(text: str, assumed: bool) -> str:
        return text + ASSUMED if assumed else text

    before, after = view.basis.chain(chain, False), view.basis.chain(chain, True)
    share_before, share_after, dash = chain.completeness_before, chain.completeness_after, page.say(UNKNOWN)
    invested, invested_assumed = chain.investment, view.basis.any_firm("investment")
    return page.say(
        FIGURES,
        a=dash if share_before is None else marked(percent(share_before), before),
        b=dash if share_after is None else marked(percent(share_after), after),
        c=marked(view.money(chain.shortage_before), before),
        d=marked(view.money(chain.shortage_after), after),
        n=chain.selected,
        money=dash if invested is None else marked(view.money(invested), invested_assumed),
    )


def write_parks(book: Book, view: View) -> None:
    """One row per park, three columns per resource; below it zones and the region."""
    columns, note = columns_of(view, PARK, view.plan.parks), PARKS_NOTE.fill(quarter=view.last)
    page, placed = page_of_one_table(book, PARKS, columns, note, title=PARKS_TITLE, fixed=1)
    areas = [series for series in view.series if series.scope != "park"]
    if areas:
        titled_table(page, placed.end + 1, AREAS, columns_of(view, USE, areas, Shown.BRIEF))
    page.finish()


def write_use_by_quarter(book: Book, view: View) -> None:
    """One row per place and resource; used and share for each quarter."""
    columns = columns_of(view, USE, view.series)
    page_of_one_table(book, BY_QUARTER, columns, BY_QUARTER_NOTE, title=BY_QUARTER_TITLE, fixed=3)[0].finish()


def write_means(book: Book, view: View) -> None:
    """Within the horizon; what falls due after it stands with the quarters."""
    funds, teams = (
        [use for use in view.plan.funds if not use.after_horizon],
        [use for use in view.plan.teams if not use.after_horizon],
    )
    tables = ((FUNDS, columns_of(view, FUND, funds), NO_FUNDS), (TEAMS, columns_of(view, TEAM, teams), NO_TEAMS))
    page_of_tables(book, MEANS, tables, MEANS_NOTE).finish()


def write_limits(book: Book, view: View) -> None:
    """What binds the plan, and how the analyst's own rules came out."""
    tables = ((BINDING, limit_columns(view), NO_LIMITS), (RULES, columns_of(view, RULE, view.plan.rules), NO_RULES))
    page_of_tables(book, LIMITS, tables, LIMITS_NOTE).finish()


def write_echo(book: Book, view: View) -> None:
    """What the plan file asks for, line by line, as it was said before solving."""
    notes = (ECHO_NOTE,) if view.plan.echo else (ECHO_NOTE, NO_ECHO)
    page_of_one_table(book, ECHO_SHEET, columns_of(view, ECHO, view.plan.echo), *notes)[0].finish()


def _in_shown_unit(name: str) -> Callable[[View, EchoLine], float | None]:
    """A figure of a line; a share in per cent."""

    def shown(_: View, line: EchoLine) -> float | None:
        value: float | None = getattr(line, name)
        return value * 100 if value is not None and line.unit == "1" else value

    return shown


ECHO: Catalogue[EchoLine] = Catalogue(
    Field("kind", "short", Words("类别", "Kind"), SHEET, get=lambda view, line: KINDS[line.kind].say(view.language), room=10),
    Field("name", "text", Words("名称", "Name"), SHEET, get=lambda view, line: name_of(line).say(view.language), room=22),
    Field(
        "says", "text", Words("说的是", "What it says"), SHEET, get=lambda view, line: words_of(line).say(view.language), room=60
    ),
    Field("candidates", "count", Words("涉及项目", "Candidates"), SHEET),
    Field("parks", "count", Words("园区", "Parks"), SHEET),
    Field("quarters", "count", Words("季度", "Quarters"), SHEET),
    Field("groups", "count", Words("组数", "Groups"), SHEET, get=lambda _, line: line.groups if line.kind == "rule" else None),
    Field("minimum", "mixed", Words("至少", "At least"), SHEET, get=_in_shown_unit("minimum")),
    Field("maximum", "mixed", Words("至多", "At most"), SHEET, get=_in_shown_unit("maximum")),
    Field("least", "mixed", Words("最小可能", "Least possible"), SHEET, get=_in_shown_unit("least")),
    Field("most", "mixed", Words("最大可能", "Most possible"), SHEET, get=_in_shown_unit("most")),
    Field("unit", "short", UNIT, SHEET, get=lambda view, line: _unit(line).say(view.language)),
    Field(
        "verdict",
        "text",
        Words("提示", "To be checked"),
        SHEET,
        get=lambda view, line: Words(line.verdict_zh, line.verdict_en).say(view.language),
        room=50,
    ),
)


def _unit(line: EchoLine) -> Words:
    return Words("%", "%") if line.unit == "1" else unit_words(line.unit)


def limit_columns(view: View) -> list[Column]:
    """Binding limits, those that keep most firms out first."""
    return columns_of(view, LIMIT, view.tightest)


LIMIT: Catalogue[Limit] = Catalogue(
    Field("subject", "text", Words("限制", "Limit"), SHEET, room=26),
    Field("family", "text", Words("类别", "Family"), SHEET, get=View.family, room=20),
    Field("place", "text", Words("地方", "Place"), SHEET, get=View.place, room=20),
    Field("quarter", "short", QUARTER, SHEET, get=lambda _, limit: limit.quarter or ""),
    Field("used", "mixed", USED, SHEET, assumed=Basis.limit),
    Field("amount", "mixed", CAPACITY, SHEET, assumed=Basis.limit),
    Field("unit", "short", UNIT, SHEET, get=lambda view, limit: unit_words(limit.unit).say(view.language)),
    Field("kept_out", "count", Words("被挡的企业", "Firms kept out"), SHEET, get=lambda view, limit: view.kept_out[limit.limit_id]),
)


def _group(view: View, rule: RuleResult) -> str:
    return view.group(rule) or WHOLE_PLAN.say(view.language)


def _outcome(view: View, rule: RuleResult) -> str:
    return (VIOLATED if rule.violation > 0 else KEPT).say(view.language)


def _shown(rule: RuleResult, value: float | None) -> float | None:
    """A share in per cent."""
    return value * 100 if value is not None and rule.unit == "%" else value


RULE: Catalogue[RuleResult] = Catalogue(
    Field("name", "text", Words("规则", "Rule"), SHEET, room=26),
    Field("group", "text", Words("范围", "Group"), SHEET, get=_group, room=20),
    Field("minimum", "mixed", Words("至少", "At least"), SHEET, get=lambda _, rule: _shown(rule, rule.minimum)),
    Field("maximum", "mixed", Words("至多", "At most"), SHEET, get=lambda _, rule: _shown(rule, rule.maximum)),
    Field("value", "mixed", Words("实际", "Value"), SHEET, get=lambda _, rule: _shown(rule, rule.value)),
    Field("unit", "short", UNIT, SHEET, get=lambda view, rule: unit_words(rule.unit).say(view.language)),
    Field("violation", "mixed", Words("超出", "Violation"), SHEET),
    Field(
        "violation_unit",
        "short",
        Words("超出的单位", "Unit of violation"),
        SHEET,
        get=lambda view, rule: unit_words(rule.violation_unit).say(view.language),
    ),
    Field("soft", "mixed", Words("每单位代价", "Price per unit"), SHEET),
    Field("outcome", "short", Words("结果", "Outcome"), SHEET, get=_outcome, room=16),
)
