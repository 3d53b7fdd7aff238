"""The report on the whole plan: chains, quarters, parks, funds and teams, what binds, risks, what more money buys, evidence."""

from __future__ import annotations

from planner.language import Words
from planner.publish.documents.model import Block, Column, Document, Note, Section, Table, Text, Value
from planner.publish.documents.records import table_of
from planner.publish.fields import FUND, TEAM
from planner.publish.figures import percent
from planner.publish.reports import head, tables
from planner.publish.reports.money import Money
from planner.publish.reports.risks import risks_of, rule_text
from planner.publish.view import View
from planner.publish.workbook.sheets import RULE

TITLE = Words("招商计划报告", "Report on the plan")
FUNDS = (("fund_id", 2.4), ("quarter", 0.9), ("available", 1.1), ("used", 1.1), ("left", 1.1), ("share", 0.9))
TEAMS = (("team", 2.8), ("quarter", 0.9), ("effort", 1.1), ("used", 1.1), ("left", 1.1), ("share", 0.9))
RULES = (("name", 2.6), ("group", 1.6), ("minimum", 0.9), ("maximum", 0.9), ("value", 0.9), ("unit", 0.7), ("outcome", 1.0))
SHOWN_LIMITS = 20
MOST_BARS = 20
"""Chains in the chart; the table above it has all."""


def plan_report(view: View, money: Money) -> Document:
    """The whole plan, quarter by quarter."""
    plan = view.plan
    sections = [
        Section(
            "decision",
            head.DECISION.say(view.language),
            (Text(head.decision(view), "lead"), head.five_figures(view), *_notices(view)),
        ),
        Section(
            "chains",
            _say(view, "各产业链", "Chains"),
            (tables.chains(view, plan.chains), *([head.completeness(view, plan.chains[:MOST_BARS])] if plan.chains else [])),
        ),
        Section("quarters", _say(view, "分季度", "By quarter"), _quarters(view)),
        Section("parks", _say(view, "各园区", "Parks"), (tables.parks(view, [park for park in plan.parks if park.selected]),)),
        Section("map", head.MAP.say(view.language), (head.map_picture(view, 176, 150),)),
    ]
    if plan.funds or plan.teams:
        sections.append(Section("means", _say(view, "资金与专班", "Funds and teams"), _means(view)))
    if plan.rules:
        sections.append(Section("rules", _say(view, "自定规则", "Rules of the plan"), (table_of(view, RULE, plan.rules, RULES),)))
    sections += [
        Section("binds", head.BINDS.say(view.language), head.items(head.binding_lines(view, SHOWN_LIMITS, head.WORKBOOK))),
        Section("risks", _say(view, "风险", "Risks"), _risks(view)),
        Section("money", head.NEXT.say(view.language), head.next_money(view, money)),
        Section("proved", head.PROOF.say(view.language), head.items(head.proof_lines(view))),
    ]
    return head.document(view, "report", TITLE, sections)


def _notices(view: View) -> tuple[Block, ...]:
    """What is to be said of the plan besides."""
    return tuple(Note(getattr(notice, view.language)) for notice in view.plan.notices if notice.about_plan)


def _quarters(view: View) -> tuple[Block, ...]:
    """A sum of all quarters, then the projects of each."""
    plan = view.plan
    blocks: list[Block] = [tables.quarters(view, plan.selected)]
    for quarter in plan.plan.quarters:
        own = [firm for firm in plan.selected if firm.quarter == quarter]
        if own:
            blocks.append(
                tables.firms(view, own, Words("{q}：{n} 个项目", "{q}: {n:project}").say(view.language, q=quarter, n=len(own)))
            )
    return tuple(blocks)


def _means(view: View) -> tuple[Block, ...]:
    plan = view.plan
    funds = [use for use in plan.funds if not use.after_horizon]
    teams = [use for use in plan.teams if not use.after_horizon]
    blocks: list[Block] = []
    if funds:
        blocks.append(table_of(view, FUND, funds, FUNDS, _say(view, "资金", "Funds")))
    if teams:
        blocks.append(table_of(view, TEAM, teams, TEAMS, _say(view, "专班", "Teams")))
    return (*blocks, *head.later(view))


def _risks(view: View) -> tuple[Block, ...]:
    found = risks_of(view)
    columns = (
        Column(_say(view, "风险", "Risk"), share=1.3),
        Column(_say(view, "事实", "Facts"), share=5.0),
        Column(_say(view, "占", "Share of"), share=1.5),
        Column(_say(view, "份额", "Share"), "right", 0.8),
    )
    rows = tuple(
        (
            risk.title.say(view.language),
            Value(risk.text.say(view.language), risk.assumed),
            risk.of.say(view.language),
            percent(risk.share),
        )
        for risk in found
    )
    return (Table(columns, rows), Note(rule_text(view, len(found))))


def _say(view: View, zh: str, en: str) -> str:
    return Words(zh, en).say(view.language)
