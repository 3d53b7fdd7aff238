"""Supply edges in use: which firms, here or selected, supply which, by the coefficients between their links."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.plan.records import LinkEdge
from planner.publish.book.book import Book
from planner.publish.book.table import page_of_one_table
from planner.publish.field import Catalogue, Field
from planner.publish.fields import MONEY, SHEET, SOURCE
from planner.publish.view import View
from planner.publish.words import COMMA
from planner.publish.workbook.records import columns_of

SUPPLY = Words("供需对接", "Supply")
TITLE = Words("入选企业涉及的供需关系", "Supply edges that selected firms touch")
NOTE = Words(
    "上游环节的企业可供给下游环节的企业；系数为下游每产出 1 万元所需的上游投入（万元）；新增需求＝系数 × 入选下游企业的年供给能力，不乘落地概率。",
    "Firms of the upstream link can supply those of the downstream link. The coefficient is the input per unit of output; new demand is the "
    "coefficient times the yearly capacity of the selected buyers, not weighed by their chance to land.",
)
SHOWN = 4
"""Firms named before the rest is counted."""
REST = Words("等 {n} 家", "and {n} more")
UP, DOWN = Words("供方（上游）", "Supplier (upstream)"), Words("需方（下游）", "Buyer (downstream)")
LINK, HERE, COMES = Words("环节", "Link"), Words("本地企业", "Firms here"), Words("入选企业", "Selected firms")


def touched(view: View) -> list[LinkEdge]:
    """Edges of which one end at least has a selected firm, in the order of the table."""
    links = {firm.link_id for firm in view.plan.selected}
    return [edge for edge in view.plan.link_edges if edge.from_link in links or edge.to_link in links]


def new_demand(view: View, edge: LinkEdge) -> float | None:
    """万元 a year that selected buyers ask of the upstream link; None where some capacity is not known."""
    capacities = [firm.capacity for firm in view.plan.selected if firm.link_id == edge.to_link]
    known = [capacity for capacity in capacities if capacity is not None]
    return edge.coefficient * sum(known) if len(known) == len(capacities) else None


def _drawn_assumed(view: View, edge: LinkEdge) -> bool:
    buyers = [firm for firm in view.plan.selected if firm.link_id == edge.to_link]
    return bool(buyers) and (bool(edge.assumed) or any(view.basis.firm(firm, "capacity") for firm in buyers))


def _named(view: View, names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    more = [REST.say(view.language, n=len(names) if view.language == "zh" else len(names) - SHOWN)] if len(names) > SHOWN else []
    return COMMA.say(view.language).join([*names[:SHOWN], *more])


def _end(name: str, group: Words) -> tuple[Field[LinkEdge], ...]:
    """Link and firms of one end."""

    def link(view: View, edge: LinkEdge) -> str:
        told: str = view.names.get(getattr(edge, name), getattr(edge, name))
        return told

    def here(view: View, edge: LinkEdge) -> str:
        return _named(view, [firm.name for firm in view.plan.incumbents if firm.link_id == getattr(edge, name)])

    def comes(view: View, edge: LinkEdge) -> str:
        return _named(view, [firm.name for firm in view.plan.selected if firm.link_id == getattr(edge, name)])

    return (
        Field(name, "text", LINK, SHEET, None, link, (), group, room=16),
        Field(f"{name}_here", "text", HERE, SHEET, None, here, (), group, room=34),
        Field(f"{name}_comes", "text", COMES, SHEET, None, comes, (), group, room=34),
    )


EDGE: Catalogue[LinkEdge] = Catalogue(
    *_end("from_link", UP),
    *_end("to_link", DOWN),
    Field("coefficient", "mixed", Words("系数", "Coefficient"), SHEET),
    Field(
        "new_demand",
        "number",
        Words("新增需求", "New demand a year"),
        SHEET,
        MONEY,
        new_demand,
        lambda basis, edge: False,
        total=True,
    ),
    Field("source", "text", SOURCE, SHEET, room=18),
)


def write_supply(book: Book, view: View) -> None:
    """Nothing where no selected firm touches an edge."""
    if edges := touched(view):
        page_of_one_table(book, SUPPLY, columns_of(view, EDGE, edges), NOTE, title=TITLE, fixed=1)[0].finish()
