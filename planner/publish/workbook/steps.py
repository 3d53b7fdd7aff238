"""What is to be done: quarter by quarter, what falls due after the horizon, and owner by owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import page_of_tables
from planner.publish.field import Shown
from planner.publish.fields import FIRM, FUND, TEAM
from planner.publish.figures import figure
from planner.publish.view import UNDECIDED, View
from planner.publish.workbook.points import invested
from planner.publish.workbook.records import columns_of

QUARTERS, OWNERS = Words("分季推进", "By quarter"), Words("责任分工", "By owner")
QUARTERS_NOTE = Words(
    "每季度签约哪些项目、落在哪个园区、由谁负责；到期兑付和专班投入含此前签约项目当季到期的部分。最后是规划期之后到期的：只有写明了额度才受限。",
    "What is to be signed in each quarter, where, and by whom. Payments and effort of a quarter include what earlier deals make due in it. "
    "Last comes what falls due after the horizon, which is limited only where an amount is given.",
)
QUARTER = Words("{quarter}：签约 {n} 个，计划投资 {money}{due}", "{quarter}: {n} to be signed, investment {money}{due}")
PAID, SPENT = Words("；到期兑付 {amount}", "; {amount} to be paid"), Words("；专班投入 {amount} 人月", "; {amount} person-months")
NONE_SIGNED = Words("本季度没有签约", "Nothing is to be signed in this quarter")
FUNDS_LATER = Words("规划期之后到期的资金", "Funds: due after the horizon")
TEAMS_LATER = Words("规划期之后的专班工作量", "Teams: effort after the horizon")
NOTHING_LATER = Words("规划期之后没有到期的", "Nothing falls due after the horizon")
OWNERS_NOTE = Words(
    "责任人取客商库的“项目责任人”；没有写的列在最后，按专班分开。planner people 按责任人表给出各级责任。",
    "Owners are those that the candidates name; projects without one come last, by team. planner people works out responsibility from the "
    "table of people.",
)
OWNER = Words("{owner}：{n} 个项目，计划投资 {money}", "{owner}: {n:project}, investment {money}")
OF_TEAM = Words("{undecided}（专班：{team}）", "{undecided} (team: {team})")
NOBODY = Words("没有选中的项目", "No project is selected")


def write_quarters(book: Book, view: View) -> None:
    """A table for each quarter of the horizon, then what is due after it."""
    plan = view.plan
    tables: list[tuple[str | Words, list[Column], Words | None]] = []
    for quarter in plan.plan.quarters:
        firms = sorted((firm for firm in plan.selected if firm.quarter == quarter), key=lambda firm: (firm.park_id, firm.rank))
        heading = QUARTER.say(view.language, quarter=quarter, n=len(firms), money=invested(view, firms), due=_due(view, quarter))
        tables.append((heading, _columns(view, firms, "quarter"), NONE_SIGNED))
    funds, teams = [use for use in plan.funds if use.after_horizon], [use for use in plan.teams if use.after_horizon]
    for title, columns in (
        (FUNDS_LATER, columns_of(view, FUND, funds, Shown.LATER)),
        (TEAMS_LATER, columns_of(view, TEAM, teams, Shown.LATER)),
    ):
        # A name stands below id and name of the firms, so that neither of these is the wider for it.
        tables.append((title, [replace(columns[0], span=2), *columns[1:]], NOTHING_LATER))
    page_of_tables(book, QUARTERS, tables, QUARTERS_NOTE).finish()


def _due(view: View, quarter: str) -> str:
    """What falls due of money and effort in a quarter, where there are funds and teams."""
    paid, spent = ([use.used for use in uses if use.quarter == quarter] for uses in (view.plan.funds, view.plan.teams))
    told = PAID.say(view.language, amount=view.money(sum(paid))) if paid else ""
    return told + (SPENT.say(view.language, amount=figure(sum(spent))) if spent else "")


def write_owners(book: Book, view: View) -> None:
    """A table for each owner, by name; projects without one come last, by team."""

    def whose(firm: Selected) -> tuple[bool, str]:
        owner = view.owner(firm)
        return owner is None, owner if owner is not None else firm.team_id or ""

    tables: list[tuple[str | Words, list[Column], Words | None]] = []
    ordered = sorted(view.plan.selected, key=lambda firm: (*whose(firm), firm.quarter, firm.rank))
    for (nobody, name), group in groupby(ordered, whose):
        firms = list(group)
        if nobody:
            name = OF_TEAM.say(view.language, undecided=UNDECIDED, team=name) if name else UNDECIDED.say(view.language)
        heading = OWNER.say(view.language, owner=name, n=len(firms), money=invested(view, firms))
        tables.append((heading, _columns(view, firms, "owner"), None))
    page_of_tables(book, OWNERS, tables or [(NOBODY, _columns(view, (), "owner"), NOBODY)], OWNERS_NOTE).finish()


def _columns(view: View, firms: Sequence[Selected], but: str) -> list[Column]:
    """Without the column that the heading says."""
    return [column for column in columns_of(view, FIRM, firms, Shown.STEPS) if column.title is not FIRM[but].heading]
