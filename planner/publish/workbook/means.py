"""Sheets of what a plan spends and what holds it: funds, teams, binding limits, the analyst's own rules."""

from __future__ import annotations

from planner.language import Words
from planner.plan.records import Limit, RuleResult
from planner.publish.field import Catalogue, Field
from planner.publish.fields import CAPACITY, FUND, QUARTER, SHEET, TEAM, UNIT, USED
from planner.publish.view import View
from planner.publish.words import unit_words
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.table import Column, columns_of, write_table

MEANS = Words("资金与专班", "Funds and teams")
LIMITS = Words("限制与规则", "Limits and rules")
FUNDS, TEAMS = Words("资金（分季）", "Funds by quarter"), Words("专班（分季）", "Teams by quarter")
BINDING, RULES = (Words("已用尽或不够用的限制", "Limits with nothing, or too little, left"), Words("自定义规则", "Own rules"))
NO_FUNDS, NO_TEAMS = (Words("没有资金限额", "There is no limit of money"), Words("没有专班限额", "There is no limit of effort"))
NO_LIMITS = Words("没有用尽的限制", "No limit is used up")
NO_RULES = Words("没有自定义规则", "There are no own rules")


def write_means(book: Book, view: View) -> None:
    """Funds and teams, quarter by quarter."""
    page = book.page(MEANS.say(book.language))
    row = 2
    for title, columns, empty in (
        (FUNDS, columns_of(view, FUND, view.plan.funds), NO_FUNDS),
        (TEAMS, columns_of(view, TEAM, view.plan.teams), NO_TEAMS),
    ):
        row = _part(page, row, title, columns, empty)
    note = Words("当季可用含此前结转；工作量单位人月。", "Available includes what was carried over; effort in person-months.")
    page.head(page.last_column, MEANS, note)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _part(page: Page, row: int, title: Words, columns: list[Column], empty: Words) -> int:
    """A titled table, or a word that there is nothing; returns the next free row."""
    page.section(row, page.say(title))
    if not columns[0].values:
        page.text(row + 1, 0, page.say(empty), page.book.style("note", text_wrap=False))
        return row + 3
    return write_table(page, row + 1, columns).end + 1


def write_limits(book: Book, view: View) -> None:
    """What binds the plan, and how the analyst's own rules came out."""
    page = book.page(LIMITS.say(book.language))
    row = _part(page, 2, BINDING, limit_columns(view), NO_LIMITS)
    _part(page, row, RULES, columns_of(view, RULE, view.plan.rules), NO_RULES)
    note = Words(
        "“被挡的企业”为有价值而被该限制挡住的未选企业数；放宽人数多的限制最可能见效。",
        "“Firms kept out” counts those worth having that the limit keeps out; relaxing a limit with many is likely to pay.",
    )
    page.head(page.last_column, LIMITS, note)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _assumed(view: View, limit: Limit) -> bool:
    return view.basis.limit(limit)


LIMIT: Catalogue[Limit] = Catalogue(
    Field("subject", "text", Words("限制", "Limit"), SHEET, room=26),
    Field("family", "text", Words("类别", "Family"), SHEET, get=View.family, room=20),
    Field("place", "text", Words("地方", "Place"), SHEET, get=View.place, room=20),
    Field("quarter", "short", QUARTER, SHEET, get=lambda _, limit: limit.quarter or ""),
    Field("used", "mixed", USED, SHEET, assumed=_assumed),
    Field("amount", "mixed", CAPACITY, SHEET, assumed=_assumed),
    Field("unit", "short", UNIT, SHEET, get=lambda view, limit: unit_words(limit.unit).say(view.language)),
    Field("kept_out", "count", Words("被挡的企业", "Firms kept out"), SHEET, get=View.kept_out),
)


def limit_columns(view: View) -> list[Column]:
    """Binding limits, those that keep most firms out first."""
    limits = sorted(view.plan.limits, key=lambda limit: (-view.kept_out(limit), limit.limit_id))
    return columns_of(view, LIMIT, limits)


def _group(view: View, rule: RuleResult) -> str:
    return view.names.get(rule.group, rule.group) if rule.group else Words("全部", "whole plan").say(view.language)


def _outcome(view: View, rule: RuleResult) -> str:
    kept, broken = Words("满足", "kept"), Words("软规则，已超出", "soft, violated")
    return (broken if rule.violation > 0 else kept).say(view.language)


RULE: Catalogue[RuleResult] = Catalogue(
    Field("name", "text", Words("规则", "Rule"), SHEET, room=26),
    Field("group", "text", Words("范围", "Group"), SHEET, get=_group, room=20),
    Field("minimum", "mixed", Words("至少", "At least"), SHEET),
    Field("maximum", "mixed", Words("至多", "At most"), SHEET),
    Field("value", "mixed", Words("实际", "Value"), SHEET),
    Field("violation", "mixed", Words("超出", "Violation"), SHEET),
    Field("soft", "mixed", Words("每单位代价", "Price per unit"), SHEET),
    Field("outcome", "short", Words("结果", "Outcome"), SHEET, get=_outcome, room=16),
)
