"""One page for the chief: the decision asked, the plan in five figures, what binds, what is proved, risks, the map, what more money buys."""

from __future__ import annotations

from planner.language import Words
from planner.publish.documents.model import Document, Note, Section, Text, Value
from planner.publish.reports import head
from planner.publish.reports.head import Money
from planner.publish.reports.risks import risk_lines, rule_text
from planner.publish.view import View

TITLE = Words("计划一页纸", "The plan on one page")
RISKS = Words("三大风险", "Three risks")
SHOWN_LIMITS, SHOWN_RISKS = 4, 3


def chief_page(view: View, money: Money) -> Document:
    """The page; its template places the sections by their keys."""
    language = view.language
    risks = [Value(line, risk.assumed) for risk, line in risk_lines(view, SHOWN_RISKS)]
    sections = (
        Section("decision", head.DECISION.say(language), (Text(head.decision(view), "lead"),)),
        Section("figures", "", (head.five_figures(view),)),
        Section("binds", head.BINDS.say(language), head.items(head.binding_lines(view, SHOWN_LIMITS))),
        Section("proved", head.PROOF.say(language), head.items(head.proof_lines(view))),
        Section("risks", RISKS.say(language), (*head.items(risks), Note(rule_text(view, SHOWN_RISKS)))),
        Section("map", head.MAP.say(language), (head.map_picture(view, 88, 92),)),
        Section("money", head.NEXT.say(language), head.next_money(view, money)),
    )
    return head.document(view, "brief", TITLE, sections)
