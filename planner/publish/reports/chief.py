"""One page for the chief: the decision asked, the plan in five figures, what binds, what is proved, risks, the map, what more money buys."""

from __future__ import annotations

from dataclasses import replace

from planner.language import Words
from planner.publish.documents.model import Document, Note, Section, Text, Value
from planner.publish.reports import head, tables
from planner.publish.reports.money import Money
from planner.publish.reports.risks import risk_lines, rule_text
from planner.publish.view import View

TITLE = Words("计划一页纸", "The plan on one page")
RISKS = Words("三大风险", "Three risks")
SHOWN_LIMITS, SHOWN_RISKS, MOST_BARS = 4, 3, 10


def chief_page(view: View, money: Money) -> Document:
    """The page; its template places the sections by their keys."""
    language = view.language
    risks = [Value(line, risk.assumed) for risk, line in risk_lines(view, SHOWN_RISKS)]
    sections = (
        Section("decision", head.DECISION.say(language), (Text(head.decision(view), "lead"),)),
        Section("figures", "", (head.five_figures(view),)),
        Section("binds", head.BINDS.say(language), head.items(head.binding_lines(view, SHOWN_LIMITS, head.REPORT))),
        Section("proved", head.PROOF.say(language), head.items(head.proof_lines(view))),
        Section("risks", RISKS.say(language), (*head.items(risks), Note(rule_text(view, SHOWN_RISKS)))),
        Section("map", head.MAP.say(language), (replace(head.map_picture(view, 88, 92), height=95),)),
        Section("money", head.NEXT.say(language), head.next_money(view, money)),
    )
    return head.document(view, "brief", TITLE, sections)


def chief_slides(view: View, money: Money) -> Document:
    """The same for a meeting, in fewer and fuller parts; chains and projects are added."""
    page, plan, language = chief_page(view, money), view.plan, view.language
    part = {section.key: section for section in page.sections}

    def both(first: str, second: str, between: str = "") -> Section:
        link = (Text(between, "lead"),) if between else ()
        return replace(part[first], blocks=(*part[first].blocks, *link, *part[second].blocks))

    sections = [both("decision", "figures"), both("binds", "map")]
    if plan.chains:
        bars = (head.completeness(view, plan.chains[:MOST_BARS]), tables.chains(view, plan.chains))
        sections.append(Section("chains", Words("各产业链", "Chains").say(language), bars))
    sections += [part["risks"], both("proved", "money", part["money"].heading)]
    if plan.selected:
        sections.append(Section("projects", Words("入选项目", "Projects").say(language), (tables.firms(view, plan.selected),)))
    return replace(page, sections=tuple(sections))
