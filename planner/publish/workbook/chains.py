"""Sheets of chains: all links before and after the plan, and one sheet for each chain."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.plan.firm_records import Incumbent
from planner.plan.records import ChainResult, LinkResult
from planner.publish.sentences import Teller, percent
from planner.publish.words import ASSUMED, COLUMNS, GRADES, UNKNOWN, unit_words
from planner.publish.workbook.basis import Basis
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.firms import chain_columns
from planner.publish.workbook.table import Column, positions, wanted_width, write_table
from planner.publish.workbook.text import clean, shorten

LINKS = Words("环节", "Links")
MONEY, FIRMS = unit_words("万元"), Words("家", "firms")
BEFORE, AFTER = Words("计划前", "before"), Words("计划后", "after")
COVERED = Words("满足率", "Covered")
BOTTLENECK = Words("卡脖子", "Bottleneck")
WANTED = Words("最少来源", "Sources wanted")
BACKED_UP = Words("备份已够", "Backed up")
OPEN = Words("可选项目", "Candidates")
YES, NO = Words("是", "yes"), Words("否", "no")
LINKS_NOTE = Words(
    "金额单位万元；供给为预期值：本地供给加入选企业的落地概率 × 年供给能力；需求含入选企业带来的配套需求；可选项目为至少有一个园区可落的候选项目数。",
    "Money in CNY 10k. Supply is expected: local supply plus landing chance × capacity of the selected firms; demand includes "
    "what selected firms need. Candidates are those with some park open to them.",
)
SELECTED_HERE = Words("入选企业", "Selected firms")
LINKS_HERE = Words("环节：计划前后", "Links before and after")
LEFT = Words("仍有的缺口", "Shortages left")
PRESENT = Words("本地企业", "Firms already here")
LEFT_NOTE = Words("说明", "Remark")


def write_links(book: Book, teller: Teller, basis: Basis) -> None:
    """Every link of every chain."""
    page = book.page(LINKS.say(book.language))
    names = {chain.chain_id: chain.name for chain in teller.plan.chains}
    links = teller.plan.links
    chain = Column(COLUMNS["chain"], [names.get(link.chain_id, link.chain_id) for link in links], room=16)
    columns = [chain, *_link_columns(page, links, basis)]
    placed = write_table(page, 2, columns, filter_rows=True)
    page.merged(0, 0, len(columns) - 1, page.say(LINKS_HERE), book.style("title"), height=30)
    page.merged(1, 0, len(columns) - 1, page.say(LINKS_NOTE), book.style("note"))
    page.sheet.freeze_panes(placed.first, 2)
    page.finish(repeat=(placed.head - 1, placed.head))


def _coverage(supply: float, demand: float) -> float | None:
    return min(supply / demand, 1.0) if demand > 0 else None


def _link_columns(page: Page, links: Sequence[LinkResult], basis: Basis) -> list[Column]:
    """A link's facts, then each figure before and after."""
    grades = {grade: words.say(page.language) for grade, words in GRADES.items()}
    columns = [
        Column(COLUMNS["link"], [link.name for link in links], assumed=[_is(link, "name") for link in links], room=20),
        Column(
            COLUMNS["tier"],
            [link.tier for link in links],
            "short",
            assumed=[_is(link, "tier") for link in links],
            room=10,
        ),
        Column(
            COLUMNS["weight"],
            [link.weight for link in links],
            "number",
            assumed=[_is(link, "weight") for link in links],
        ),
        Column(BOTTLENECK, [page.say(YES) if link.bottleneck else "" for link in links], "short"),
    ]
    for name, mark in (("demand", basis.demand), ("supply", basis.supply), ("shortage", basis.shortage)):
        for moment, words in (("before", BEFORE), ("after", AFTER)):
            columns.append(
                Column(
                    words,
                    [getattr(link, f"{name}_{moment}") for link in links],
                    "number",
                    MONEY,
                    [mark(link, moment == "after") for link in links],
                    total=True,
                    group=COLUMNS[name],
                )
            )
    for moment, words in (("before", BEFORE), ("after", AFTER)):
        columns.append(
            Column(
                words,
                [_coverage(getattr(link, f"supply_{moment}"), getattr(link, f"demand_{moment}")) for link in links],
                "share",
                assumed=[basis.shortage(link, moment == "after") for link in links],
                bar=True,
                group=COVERED,
            )
        )
    for moment, words in (("before", BEFORE), ("after", AFTER)):
        columns.append(
            Column(
                words,
                [grades[getattr(link, f"grade_{moment}")] for link in links],
                "short",
                assumed=[basis.shortage(link, moment == "after") for link in links],
                group=COLUMNS["grade"],
            )
        )
    for moment, words in (("before", BEFORE), ("after", AFTER)):
        columns.append(
            Column(
                words,
                [getattr(link, f"sources_{moment}") for link in links],
                "count",
                assumed=[_is(link, "sources") for link in links],
                group=COLUMNS["sources"],
            )
        )
    backed = [page.say(YES if link.backed_up else NO) if link.min_sources else None for link in links]
    return [
        *columns,
        Column(
            WANTED, [link.min_sources for link in links], "count", assumed=[_is(link, "min_sources") for link in links]
        ),
        Column(BACKED_UP, backed, "short"),
        Column(OPEN, [link.candidates for link in links], "count"),
        Column(COLUMNS["selected"], [link.selected for link in links], "count", total=True),
    ]


def _is(link: LinkResult, field: str) -> bool:
    return field in link.assumed


def write_chain(book: Book, teller: Teller, basis: Basis, chain: ChainResult) -> str:
    """One chain: who comes, its links before and after, what is still short, who is here. Returns the sheet's name."""
    page = book.page(chain.name)
    plan = teller.plan
    firms = [firm for firm in plan.selected if firm.chain_id == chain.chain_id]
    links = [link for link in plan.links if link.chain_id == chain.chain_id]
    short = sorted(
        (link for link in links if link.shortage_after > 0), key=lambda link: (-link.shortage_after, link.link_id)
    )
    present = [one for one in plan.incumbents if one.chain_id == chain.chain_id]
    inner = _link_columns(page, links, basis)
    own = chain_columns(firms, teller, basis, len(inner))
    wide = sum(column.span for column in own)
    tables = [(SELECTED_HERE, own), (LINKS_HERE, inner), (LEFT, _short_columns(page, short, basis, wide))]
    if present:
        tables.append((PRESENT, _present_columns(present)))
    for _, columns in tables:
        for at, column in positions(columns):
            page.widen(at, wanted_width(page, column))
    row = 3
    for title, columns in tables:
        page.section(row, page.say(title))
        row = write_table(page, row + 1, columns, grow=False).end + 1
    page.merged(0, 0, page.last_column, shorten(clean(chain.name), 200), book.style("title"), height=30)
    page.merged(1, 0, page.last_column, _people(page, chain), book.style("note"))
    page.merged(2, 0, page.last_column, _figures(page, chain, links, basis), book.style("state"))
    page.sheet.freeze_panes(3, 1)
    page.finish()
    return page.name


def _people(page: Page, chain: ChainResult) -> str:
    dash = page.say(UNKNOWN)
    return page.say(
        Words(
            "链长：{chief}　　牵头单位：{office}　　链主企业：{anchor}",
            "Chief: {chief}    Lead office: {office}    Anchor firm: {anchor}",
        ),
        chief=chain.chief or dash,
        office=chain.lead_office or dash,
        anchor=chain.anchor_firm or dash,
    )


def _figures(page: Page, chain: ChainResult, links: Sequence[LinkResult], basis: Basis) -> str:
    def share(value: float | None, after: bool) -> str:
        return page.say(UNKNOWN) if value is None else percent(value) + (ASSUMED if basis.links(links, after) else "")

    def money(value: float, after: bool) -> str:
        return f"{value:,.0f}" + (ASSUMED if basis.links(links, after) else "")

    return page.say(
        Words(
            "完整度 {a} → {b}；缺口 {c} → {d} 万元；入选 {n} 家，计划投资 {money} 万元",
            "Completeness {a} → {b}; shortage {c} → {d} (CNY 10k); {n} firms selected, investment {money} (CNY 10k)",
        ),
        a=share(chain.completeness_before, False),
        b=share(chain.completeness_after, True),
        c=money(chain.shortage_before, False),
        d=money(chain.shortage_after, True),
        n=chain.selected,
        money=page.say(UNKNOWN)
        if chain.investment is None
        else f"{chain.investment:,.0f}" + (ASSUMED if basis.any_firm("investment") else ""),
    )


def _short_columns(page: Page, links: Sequence[LinkResult], basis: Basis, wide: int) -> list[Column]:
    """What is still short, and whether the candidates at hand could help."""

    def remark(link: LinkResult) -> str:
        spare = link.candidates - link.selected
        if spare <= 0:
            return page.say(Words("客商库中已无可选项目，须另寻目标企业", "no candidate is left: look for new targets"))
        return page.say(
            Words("客商库中还有 {n} 个可选项目，见“未选原因”", "{n} more candidates, see “Not selected”"), n=spare
        )

    return [
        Column(COLUMNS["link"], [link.name for link in links], room=20),
        Column(COLUMNS["tier"], [link.tier for link in links], "short", room=10),
        Column(
            COLUMNS["shortage"],
            [link.shortage_after for link in links],
            "number",
            MONEY,
            [basis.shortage(link, after=True) for link in links],
            total=True,
        ),
        Column(
            COVERED,
            [_coverage(link.supply_after, link.demand_after) for link in links],
            "share",
            assumed=[basis.shortage(link, after=True) for link in links],
        ),
        Column(OPEN, [link.candidates for link in links], "count"),
        Column(COLUMNS["selected"], [link.selected for link in links], "count"),
        Column(LEFT_NOTE, [remark(link) for link in links], span=max(1, wide - 6)),
    ]


def _present_columns(present: Sequence[Incumbent]) -> list[Column]:
    return [
        Column(COLUMNS["firm"], [one.name for one in present], room=20),
        Column(COLUMNS["link"], [one.link_name for one in present], room=14),
        Column(
            COLUMNS["capacity"],
            [one.capacity for one in present],
            "number",
            MONEY,
            ["capacity" in one.assumed for one in present],
            total=all(one.capacity is not None for one in present),
        ),
        Column(COLUMNS["source"], [one.source for one in present], span=4),
    ]
