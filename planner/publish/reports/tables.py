"""The tables that reports share, cut to what fits on a page; fields, headings and marks come from the catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from planner.language import Words
from planner.plan.firm_records import Incumbent, NotSelected, Selected
from planner.plan.records import ChainResult, LinkResult, ParkResult
from planner.publish.documents.model import Column, Table, Value
from planner.publish.documents.records import table_of
from planner.publish.fields import CHAIN, FIRM, INCUMBENT, LEFT_OUT, LINK, PARK
from planner.publish.figures import figure
from planner.publish.view import View
from planner.publish.words import UNKNOWN

FIRMS = (
    ("rank", 0.75),
    ("name", 2.6),
    ("link_name", 1.5),
    ("park_name", 1.9),
    ("quarter", 1.0),
    ("investment", 1.15),
    ("subsidy", 1.1),
    ("landing_probability", 0.9),
)
WHY = (("name", 2.2), ("why", 6.0))
LINKS_BEFORE = (
    ("name", 2.0),
    ("tier", 0.9),
    ("bottleneck", 0.8),
    ("demand_before", 1.2),
    ("supply_before", 1.2),
    ("shortage_before", 1.2),
    ("covered_before", 1.05),
    ("grade_before", 1.1),
    ("sources_before", 0.8),
)
LINKS_BOTH = (
    ("name", 2.0),
    ("shortage_before", 1.2),
    ("shortage_after", 1.2),
    ("covered_before", 1.0),
    ("covered_after", 1.0),
    ("sources_before", 0.8),
    ("sources_after", 0.8),
    ("grade_after", 1.1),
    ("selected", 0.8),
)
LINKS_LEFT = (("name", 2.0), ("shortage_after", 1.2), ("sources_after", 0.8), ("candidates", 0.8), ("help", 3.2))
LEFT = (("name", 2.4), ("link_name", 1.4), ("investment", 1.0), ("reason", 5.0))
HERE = (("name", 3.0), ("link_name", 2.0), ("capacity", 1.2), ("source", 2.4))
CHAINS = (
    ("name", 1.8),
    ("chief", 1.8),
    ("completeness_before", 1.0),
    ("completeness_after", 1.0),
    ("shortage_before", 1.3),
    ("shortage_after", 1.3),
    ("selected", 0.7),
    ("investment", 1.2),
)
PARKS = (("name", 2.6), ("county", 1.2), ("selected", 0.8), ("investment", 1.2), ("fullness", 0.9), ("allowed_chains", 2.4))


def firms(view: View, records: Sequence[Selected], caption: str = "") -> Table:
    """Selected firms with a sum."""
    return table_of(view, FIRM, records, FIRMS, caption, total=True)


def reasons(view: View, records: Sequence[Selected], caption: str = "") -> Table:
    """Why each selected firm is selected."""
    return table_of(view, FIRM, records, WHY, caption)


def left_out(view: View, records: Sequence[NotSelected], caption: str = "") -> Table:
    """Firms that are left out, and why."""
    return table_of(view, LEFT_OUT, records, LEFT, caption)


def links(view: View, records: Sequence[LinkResult], columns: Sequence[tuple[str, float]], caption: str = "") -> Table:
    """Links of a chain."""
    return table_of(view, LINK, records, columns, caption)


def here(view: View, records: Sequence[Incumbent], caption: str = "") -> Table:
    """Firms that are here already."""
    return table_of(view, INCUMBENT, records, HERE, caption)


def chains(view: View, records: Sequence[ChainResult], caption: str = "") -> Table:
    """Chains before and after the plan."""
    return table_of(view, CHAIN, records, CHAINS, caption, total=len(records) > 1)


def parks(view: View, records: Sequence[ParkResult], caption: str = "") -> Table:
    """Parks with what is placed in them."""
    return table_of(view, PARK, records, PARKS, caption, total=True)


def quarters(view: View, records: Sequence[Selected], caption: str = "") -> Table:
    """Projects, investment and subsidies by quarter, with a sum; a sum of which a part is not known is a dash."""
    heads = (
        Words("季度", "Quarter"),
        Words("项目（个）", "Projects"),
        Words("投资（万元）", "Investment (CNY 10k)"),
        Words("奖补诉求（万元）", "Subsidies asked (CNY 10k)"),
    )
    columns = tuple(Column(words.say(view.language), "left" if at == 0 else "right") for at, words in enumerate(heads))

    def row(name: str, own: Sequence[Selected]) -> tuple[Value | str, ...]:
        return name, str(len(own)), _sum(view, own, "investment"), _sum(view, own, "subsidy")

    rows = [row(quarter, [firm for firm in records if firm.quarter == quarter]) for quarter in view.plan.plan.quarters]
    rows.append(row(Words("合计", "Total").say(view.language), records))
    return Table(columns, tuple(rows), caption, total=True)


def by_park(view: View, records: Sequence[Selected], caption: str = "") -> Table:
    """Projects and investment in each park that has some."""
    heads = (
        Words("园区", "Park"),
        Words("项目（个）", "Projects"),
        Words("投资（万元）", "Investment (CNY 10k)"),
        Words("企业", "Firms"),
    )
    shares = (1.6, 0.7, 1.1, 4.0)
    columns = tuple(
        Column(words.say(view.language), "right" if at in (1, 2) else "left", share)
        for at, (words, share) in enumerate(zip(heads, shares, strict=True))
    )
    rows = []
    for park in view.plan.parks:
        own = [firm for firm in records if firm.park_id == park.park_id]
        if own:
            rows.append((park.name, str(len(own)), _sum(view, own, "investment"), view.listed(firm.name for firm in own)))
    return Table(columns, tuple(rows), caption)


def _sum(view: View, records: Sequence[Selected], name: str) -> Value:
    values = [getattr(firm, name) for firm in records]
    if any(value is None for value in values):
        return Value(UNKNOWN.say(view.language))
    return Value(figure(fsum(values)), any(view.basis.firm(firm, name) for firm in records))
