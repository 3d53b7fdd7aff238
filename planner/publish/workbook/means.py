"""Sheets of what a plan spends and what holds it: funds, teams, binding limits, the analyst's own rules."""

from __future__ import annotations

from planner.language import Words
from planner.publish.fields import CAPACITY, FUND, QUARTER, TEAM, UNIT, USED
from planner.publish.view import View
from planner.publish.words import FAMILIES, unit_words
from planner.publish.workbook.book import Book, Page
from planner.publish.workbook.table import Column, columns_of, write_table

MEANS = Words("资金与专班", "Funds and teams")
LIMITS = Words("限制与规则", "Limits and rules")
FUNDS, TEAMS = Words("资金（分季）", "Funds by quarter"), Words("专班（分季）", "Teams by quarter")
BINDING, RULES = (
    Words("已用尽或不够用的限制", "Limits with nothing, or too little, left"),
    Words("自定义规则", "Own rules"),
)
NO_FUNDS, NO_TEAMS = (
    Words("没有资金限额", "There is no limit of money"),
    Words("没有专班限额", "There is no limit of effort"),
)
NO_LIMITS = Words("没有用尽的限制", "No limit is used up")
NO_RULES = Words("没有自定义规则", "There are no own rules")
FAMILY, SUBJECT, PLACE = Words("类别", "Family"), Words("限制", "Limit"), Words("地方", "Place")
RULE, GROUP = Words("规则", "Rule"), Words("范围", "Group")
LEAST, MOST, VALUE = Words("至少", "At least"), Words("至多", "At most"), Words("实际", "Value")
KEPT, VIOLATION, PRICE = Words("结果", "Outcome"), Words("超出", "Violation"), Words("每单位代价", "Price per unit")
OK, BROKEN = Words("满足", "kept"), Words("软规则，已超出", "soft, violated")
WHOLE_PLAN = Words("全部", "whole plan")
WANTED_BY = Words("被挡的企业", "Firms kept out")


def write_means(book: Book, view: View) -> None:
    """Funds and teams, quarter by quarter."""
    page = book.page(MEANS.say(book.language))
    row = 2
    for title, columns, empty in (
        (FUNDS, columns_of(view, FUND, view.plan.funds), NO_FUNDS),
        (TEAMS, columns_of(view, TEAM, view.plan.teams), NO_TEAMS),
    ):
        row = _part(page, row, title, columns, empty)
    note = Words(
        "当季可用含此前结转；工作量单位人月。", "Available includes what was carried over; effort in person-months."
    )
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
    _part(page, row, RULES, _rule_columns(view), NO_RULES)
    note = Words(
        "“被挡的企业”为有价值而被该限制挡住的未选企业数；放宽人数多的限制最可能见效。",
        "“Firms kept out” counts those worth having that the limit keeps out; relaxing a limit with many is likely to pay.",
    )
    page.head(page.last_column, LIMITS, note)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def limit_columns(view: View) -> list[Column]:
    """Binding limits, those that keep most firms out first."""
    wanted: dict[str, int] = {}
    for firm in view.plan.not_selected:
        for name in firm.binding:
            wanted[name] = wanted.get(name, 0) + 1
    limits = sorted(view.plan.limits, key=lambda limit: (-wanted.get(limit.limit_id, 0), limit.limit_id))
    assumed = [view.basis.limit(limit) for limit in limits]
    return [
        Column(SUBJECT, [limit.subject for limit in limits], room=26),
        Column(
            FAMILY,
            [FAMILIES[one.family].say(view.language) if one.family in FAMILIES else one.family for one in limits],
            room=20,
        ),
        Column(PLACE, [view.place(limit) for limit in limits], room=20),
        Column(QUARTER, [limit.quarter or "" for limit in limits], "short"),
        Column(USED, [limit.used for limit in limits], "mixed", assumed=assumed),
        Column(CAPACITY, [limit.amount for limit in limits], "mixed", assumed=assumed),
        Column(UNIT, [unit_words(limit.unit).say(view.language) for limit in limits], "short"),
        Column(WANTED_BY, [wanted.get(limit.limit_id, 0) for limit in limits], "count"),
    ]


def _rule_columns(view: View) -> list[Column]:
    rules, say = view.plan.rules, view.language
    names = view.names
    return [
        Column(RULE, [rule.name for rule in rules], room=26),
        Column(
            GROUP, [names.get(rule.group, rule.group) if rule.group else WHOLE_PLAN.say(say) for rule in rules], room=20
        ),
        Column(LEAST, [rule.minimum for rule in rules], "mixed"),
        Column(MOST, [rule.maximum for rule in rules], "mixed"),
        Column(VALUE, [rule.value for rule in rules], "mixed"),
        Column(VIOLATION, [rule.violation for rule in rules], "mixed"),
        Column(PRICE, [rule.soft for rule in rules], "mixed"),
        Column(KEPT, [(BROKEN if rule.violation > 0 else OK).say(say) for rule in rules], "short", room=16),
    ]
