"""Sheets of firms: the ranked target list, and those that are not selected with why."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.plan.firm_records import NotSelected, Selected
from planner.publish.sentences import NO_GAIN, NO_ROOM, RESERVE, RULED_OUT, WITHIN_GAP, Teller
from planner.publish.words import COLUMNS, unit_words
from planner.publish.workbook.basis import Basis
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.importance import importance_columns
from planner.publish.workbook.table import Column, Placed, write_table

TARGETS = Words("招商清单", "Target list")
LEFT_OUT = Words("未选原因", "Not selected")
MONEY, MONTHS, PEOPLE = unit_words("万元"), unit_words("人月"), unit_words("人")
KIND = Words("类别", "Kind")
GAIN = Words("加入可增目标值", "Value if added")
BEST_PARK = Words("最好的园区", "Best park")
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


def write_targets(book: Book, teller: Teller, basis: Basis) -> None:
    """All selected firms, in their ranks."""
    page = book.page(TARGETS.say(book.language))
    firms = teller.plan.selected
    columns = [
        *_who(firms, basis),
        *_where(firms, teller, basis),
        *_means(firms, basis),
        *_money(firms, basis),
        *_needs(firms, teller, basis),
        *_asks(firms, basis),
        *_reasons(firms, teller, basis),
        *importance_columns(teller.plan, firms),
        _text("city", [firm.city for firm in firms], [basis.firm(firm, "city") for firm in firms], room=7.5),
    ]
    sources = {firm.source for firm in firms}
    note = RANKED
    if len(sources) == 1 and None not in sources:  # said once: in a column of its own it would only make rows tall
        told = f"{COLUMNS['source'].zh}：{firms[0].source}", f"{COLUMNS['source'].en}: {firms[0].source}"
        note = Words(f"{RANKED.zh}{told[0]}", f"{RANKED.en} {told[1]}")
    else:
        columns.append(_text("source", [firm.source for firm in firms], room=9))
    placed = _sheet(page, TARGETS, note, columns)
    page.sheet.freeze_panes(placed.first, 2)
    page.finish(repeat=(placed.head, placed.head))


def chain_columns(firms: Sequence[Selected], teller: Teller, basis: Basis, wide: int) -> list[Column]:
    """Selected firms of one chain, for its own sheet: what the target list says without the chain, ``wide`` columns or more."""
    columns = [
        _text("firm", [firm.name for firm in firms], [basis.firm(firm, "name") for firm in firms], room=18),
        _text("link", [firm.link_name for firm in firms], room=12),
        _text("park", [firm.park_name for firm in firms], [basis.firm(firm, "fixed_park") for firm in firms], room=14),
        _short("quarter", [firm.quarter for firm in firms]),
        *_money(firms, basis),
        *_needs(firms, teller, basis),
        *_asks(firms, basis),
    ]
    why = Column(COLUMNS["why"], [teller.why(firm) for firm in firms], span=max(6, wide - len(columns)))
    return [*columns, why]


def write_left_out(book: Book, teller: Teller) -> None:
    """Every candidate that is not selected, those nearest to it first."""
    page = book.page(LEFT_OUT.say(book.language))
    rank = {NO_ROOM: 0, WITHIN_GAP: 1, RESERVE: 1, NO_GAIN: 2, RULED_OUT: 3}
    kinds = {firm.candidate_id: teller.kind(firm) for firm in teller.plan.not_selected}
    firms = sorted(
        teller.plan.not_selected,
        key=lambda firm: (rank[kinds[firm.candidate_id]], -(firm.gain or 0.0), firm.candidate_id),
    )
    parks = teller.park_names
    columns = [
        _text("candidate_id", [firm.candidate_id for firm in firms], room=12),
        _text("firm", [firm.name for firm in firms], [_is(firm, "name") for firm in firms], room=26),
        _text("chain", [firm.chain_name for firm in firms], room=14),
        _text("link", [firm.link_name for firm in firms], room=14),
        _text("city", [firm.city for firm in firms], [_is(firm, "city") for firm in firms], room=10),
        Column(
            COLUMNS["investment"],
            [firm.investment for firm in firms],
            "number",
            MONEY,
            [_is(firm, "investment") for firm in firms],
            total=True,
        ),
        Column(
            COLUMNS["subsidy"],
            [firm.subsidy for firm in firms],
            "number",
            MONEY,
            [_is(firm, "subsidy") for firm in firms],
            total=True,
        ),
        Column(KIND, [kinds[firm.candidate_id].say(book.language) for firm in firms], "short", room=12),
        _text("why_not", [teller.why_not(firm) for firm in firms], room=72),
        Column(BEST_PARK, [parks.get(firm.best_park_id or "") for firm in firms], room=16),
        Column(GAIN, [firm.gain for firm in firms], "number", decimals=4 if teller.plan.objective.normalise else None),
    ]
    placed = _sheet(page, LEFT_OUT, ORDERED, columns)
    page.sheet.freeze_panes(placed.first, 2)
    page.finish(repeat=(placed.head, placed.head))


def _sheet(page: Page, title: Words, note: Words, columns: list[Column]) -> Placed:
    """A page of one table under its title and a note."""
    placed = write_table(page, 2, columns, filter_rows=True)
    page.merged(0, 0, len(columns) - 1, page.say(title), page.book.style("title"), height=30)
    page.merged(1, 0, len(columns) - 1, page.say(note), page.book.style("note"))
    return placed


def _text(
    name: str, values: Sequence[str | None], assumed: Sequence[bool] | bool = False, room: float | None = None
) -> Column:
    return Column(COLUMNS[name], values, "text", assumed=assumed, room=room)


def _short(name: str, values: Sequence[str | None], room: float | None = None) -> Column:
    return Column(COLUMNS[name], values, "short", room=room)


def _is(firm: NotSelected, field: str) -> bool:
    return field in firm.assumed


def _who(firms: Sequence[Selected], basis: Basis) -> list[Column]:
    return [
        Column(COLUMNS["rank"], [firm.rank for firm in firms], "count"),
        _text("firm", [firm.name for firm in firms], [basis.firm(firm, "name") for firm in firms], room=14),
        _text("chain", [firm.chain_name for firm in firms], room=9),
        _text("link", [firm.link_name for firm in firms], room=9),
    ]


def _where(firms: Sequence[Selected], teller: Teller, basis: Basis) -> list[Column]:
    county = {park.park_id: park.county for park in teller.plan.parks}
    return [
        _text("park", [firm.park_name for firm in firms], [basis.firm(firm, "fixed_park") for firm in firms], room=9),
        _text("county", [county.get(firm.park_id) for firm in firms], room=7),
        _short("quarter", [firm.quarter for firm in firms]),
    ]


def _means(firms: Sequence[Selected], basis: Basis) -> list[Column]:
    return [
        _text("team", [firm.team_id for firm in firms], [basis.firm(firm, "team") for firm in firms], room=7.5),
        _text("fund", [firm.fund_id for firm in firms], [basis.firm(firm, "fund_id") for firm in firms], room=7.5),
    ]


def _money(firms: Sequence[Selected], basis: Basis) -> list[Column]:
    return [
        Column(
            COLUMNS[name],
            [getattr(firm, name) for firm in firms],
            "number",
            MONEY,
            [basis.firm(firm, name) for firm in firms],
            total=True,
        )
        for name in ("investment", "output", "tax")
    ]


def _needs(firms: Sequence[Selected], teller: Teller, basis: Basis) -> list[Column]:
    """One column for each resource of the plan, whatever it is."""
    return [
        Column(
            Words(one.name, one.name),
            [firm.needs.get(one.resource_id) for firm in firms],
            "number",
            unit_words(one.unit),
            [basis.firm(firm, one.resource_id) for firm in firms],
            total=True,
        )
        for one in teller.plan.resources
    ]


def _asks(firms: Sequence[Selected], basis: Basis) -> list[Column]:
    return [
        Column(
            COLUMNS["subsidy"],
            [firm.subsidy for firm in firms],
            "number",
            MONEY,
            [basis.firm(firm, "subsidy") for firm in firms],
            total=True,
        ),
        Column(
            COLUMNS["landing_probability"],
            [firm.landing_probability for firm in firms],
            "share",
            assumed=[basis.firm(firm, "landing_probability") for firm in firms],
        ),
    ]


def _reasons(firms: Sequence[Selected], teller: Teller, basis: Basis) -> list[Column]:
    links = teller.links
    return [
        _text(
            "fills",
            [teller.fills(firm) or None for firm in firms],
            [
                basis.supply_of_firm(firm)
                or (firm.link_id in links and basis.shortage(links[firm.link_id or ""], after=True))
                for firm in firms
            ],
            room=15.5,
        ),
        _text("why", [teller.why(firm) for firm in firms], room=34),
    ]
