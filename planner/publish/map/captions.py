"""The lines above and below a map: what the plan is in one line, and where its ground and facts come from."""

from __future__ import annotations

from pathlib import PureWindowsPath

from planner.language import Language
from planner.plan.model import Plan
from planner.publish.map import words
from planner.publish.proof import quality, unfit
from planner.publish.sentences import figure, money


def headline(plan: Plan) -> list[str]:
    """The plan in one line: horizon, firms, investment, parks, and how good it is proved to be (R3)."""
    language, kpis, quarters = plan.plan.language, plan.kpis, plan.plan.quarters
    facts = [
        words.HEAD_QUARTERS.say(language, first=quarters[0], last=quarters[-1]) if len(quarters) > 1 else quarters[0],
        words.HEAD_SELECTED.say(language, n=kpis.selected),
    ]
    if kpis.investment is not None:
        facts.append(words.HEAD_INVESTMENT.say(language, amount=_large(kpis.investment, language)))
    facts.append(words.HEAD_PARKS.say(language, used=kpis.parks_used, all=len(plan.parks)))
    facts.append(quality(plan).say(language))
    stamp = unfit(plan.objective.gap)
    return facts if stamp is None else [stamp.say(language), *facts]


def sources(plan: Plan) -> list[str]:
    """Where ground and facts come from, what the star means, who made the map."""
    head, language = plan.plan, plan.plan.language
    lines = [words.SOURCE_GROUND.say(language)]
    if head.boundary is not None:
        own = words.SOURCE_OWN if head.map_approval else words.SOURCE_OWN_NONE
        lines.append(own.say(language, approval=head.map_approval))
    names = dict.fromkeys(entry.source or _file_name(entry.file) for entry in plan.inputs)
    if names:
        lines.append(words.SOURCE_DATA.say(language, names=words.SEMICOLON.say(language).join(names)))
    if plan.assumptions:
        lines.append(words.SOURCE_ASSUMED.say(language))
    lines.append(words.SOURCE_MADE.say(language, version=head.planner_version, seal=plan.short_seal))
    return lines


def _large(value: float, language: Language) -> str:
    """A total of the whole plan: in 亿元 from one 亿元 on."""
    return f"{figure(value / 10_000)} 亿元" if language == "zh" and abs(value) >= 10_000 else money(value, language)


def _file_name(path: str) -> str:
    """The file without its folder, whichever system wrote the path: where it lies on a machine is no reader's affair."""
    return PureWindowsPath(path).name
