"""The lines above and below a map: what the plan is in one line, and where its ground and facts come from."""

from __future__ import annotations

from planner.plan.model import Plan
from planner.publish.map import words
from planner.publish.map.figures import money, percent


def headline(plan: Plan) -> list[str]:
    """The plan in one line: horizon, firms, investment, parks, and how good it is proved to be (R3)."""
    language, kpis, quarters = plan.plan.language, plan.kpis, plan.plan.quarters
    facts = [
        words.HEAD_QUARTERS.say(language, first=quarters[0], last=quarters[-1]) if len(quarters) > 1 else quarters[0],
        words.HEAD_SELECTED.say(language, n=kpis.selected),
    ]
    if kpis.investment is not None:
        facts.append(words.HEAD_INVESTMENT.say(language, amount=money(kpis.investment, language)))
    facts.append(words.HEAD_PARKS.say(language, used=kpis.parks_used, all=len(plan.parks)))
    gap = plan.objective.gap
    if plan.status.proved:
        facts.append(words.HEAD_PROVED.say(language))
    elif gap is not None:
        facts.append(words.HEAD_GAP.say(language, gap=percent(gap, 2)))
    else:
        facts.append(words.HEAD_UNPROVED.say(language))
    return facts


def sources(plan: Plan) -> list[str]:
    """Where ground and facts come from, what the star means, who made the map."""
    head, language = plan.plan, plan.plan.language
    lines = [words.SOURCE_GROUND.say(language)]
    if head.boundary is not None:
        own = words.SOURCE_OWN if head.map_approval else words.SOURCE_OWN_NONE
        lines.append(own.say(language, approval=head.map_approval))
    names = dict.fromkeys(entry.source or entry.file for entry in plan.inputs)
    if names:
        lines.append(words.SOURCE_DATA.say(language, names=words.SEMICOLON.say(language).join(names)))
    if plan.assumptions:
        lines.append(words.SOURCE_ASSUMED.say(language))
    lines.append(words.SOURCE_MADE.say(language, version=head.planner_version))
    return lines
