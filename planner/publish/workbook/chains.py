"""Sheets of chains: all links before and after the plan, and one sheet for each chain."""

from __future__ import annotations

from planner.language import Words
from planner.plan.records import ChainResult
from planner.publish.field import Shown
from planner.publish.fields import FIRM, INCUMBENT, LINK
from planner.publish.figures import percent
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.table import columns_of, page_of_one_table, positions, stretched, wanted_width, write_table
from planner.publish.workbook.text import clean, shorten

LINKS = Words("环节", "Links")
LINKS_NOTE = Words(
    "金额单位万元；供给为预期值：本地供给加入选企业的落地概率 × 年供给能力；需求含入选企业带来的配套需求；可选项目为至少有一个园区可落的候选项目数。",
    "Money in CNY 10k. Supply is expected: local supply plus landing chance × capacity of the selected firms; demand includes "
    "what selected firms need. Candidates are those with some park open to them.",
)
SELECTED_HERE = Words("入选企业", "Selected firms")
LINKS_HERE = Words("环节：计划前后", "Links before and after")
LEFT = Words("仍有的缺口", "Shortages left")
PRESENT = Words("本地企业", "Firms already here")


def write_links(book: Book, view: View) -> None:
    """Every link of every chain."""
    page_of_one_table(book, LINKS, columns_of(view, LINK, view.plan.links), LINKS_NOTE, title=LINKS_HERE)[0].finish()


def write_chain(book: Book, view: View, chain: ChainResult) -> str:
    """One chain: who comes, its links before and after, what is still short, who is here. Returns the sheet's name."""
    page = book.page(chain.name)
    plan, links = view.plan, view.links_of(chain)
    firms = [firm for firm in plan.selected if firm.chain_id == chain.chain_id]
    short = sorted((link for link in links if link.shortage_after > 0), key=lambda link: (-link.shortage_after, link.link_id))
    present = [one for one in plan.incumbents if one.chain_id == chain.chain_id]
    named = LINK["chain_name"].heading
    inner = [column for column in columns_of(view, LINK, links) if column.title is not named]
    own = stretched(columns_of(view, FIRM, firms, Shown.BRIEF), len(inner), least=6)
    wide = sum(column.span for column in own)
    tables = [(SELECTED_HERE, own), (LINKS_HERE, inner), (LEFT, stretched(columns_of(view, LINK, short, Shown.BRIEF), wide))]
    if present:
        tables.append((PRESENT, columns_of(view, INCUMBENT, present)))
    for _, columns in tables:
        for at, column in positions(columns):
            page.widen(at, wanted_width(page, column))
    row = 3
    for title, columns in tables:
        page.section(row, page.say(title))
        row = write_table(page, row + 1, columns, grow=False).end + 1
    page.head(page.last_column, shorten(clean(chain.name), 200), _people(page, chain))
    page.merged(2, 0, page.last_column, _figures(page, chain, view), book.style("state"))
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


def _figures(page: Page, chain: ChainResult, view: View) -> str:
    links, basis = view.links_of(chain), view.basis

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
