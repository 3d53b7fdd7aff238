"""What the charts say, in both languages; names shared by all outputs are in :mod:`planner.publish.words`."""

from __future__ import annotations

from pathlib import PureWindowsPath

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.publish.figures import figure, percent
from planner.publish.proof import quality, stamp_of, standing_of
from planner.publish.words import ASSUMED, SEMICOLON
from planner.publish.words import UNKNOWN as DASH

NO_TIER = Words("未注明位置", "tier not given")
NO_DEMAND = Words("无需求", "no demand")
NOT_KNOWN = Words("未知", "not known")
LOCAL, TARGET = Words("本地企业", "Local firm"), Words("目标企业", "Target firm")
DEMAND, SUPPLY, SHORTAGE = Words("需求", "Demand"), Words("供给", "Supply"), Words("缺口", "Shortage")
SOURCES = Words("来源", "Sources")
COVERAGE = Words("本地配套率", "Local supply rate")
COVERAGE_IS = Words(
    "本地配套率 = Σ min(供给, 需求) ÷ Σ 需求：环节按自身计，位置、产业链、全域为其下各环节按需求加权；没有需求的环节不计入，全都没有的写“未知”",
    "Local supply rate = Σ min(supply, demand) ÷ Σ demand: of a link by itself; of a tier, chain or region over the links below it, that is, "
    "weighted by demand; links without demand do not count, and where none has any it is not known",
)
EXPECTED = Words("计划后的供给为期望值（落地概率 × 能力）", "supply after the plan is expected: landing probability × capacity")
ASSUMED_IS = Words("* 含假设值", "* rests on an assumption")
MONEY_IS = Words("需求、供给、缺口为每年；亿、万即人民币亿元、万元", "Demand, supply and shortage are a year's; m: million CNY")

MARKS: dict[str, tuple[Words, Words]] = {
    "bottleneck": (Words("卡", "B"), Words("卡脖子环节", "bottleneck")),
    "single": (Words("单", "1"), Words("只有一个来源", "a single source")),
    "none": (Words("断", "0"), Words("有需求，没有来源", "demand and no source")),
}
"""Mark of a box: what stands on it, and what it says."""


def amount(value: float | None, language: Language, assumed: bool = False) -> str:
    """Money in few characters: ``2.4亿``, ``3,400万``, ``24 m``; what is not known is a dash."""
    if value is None:
        return DASH.say(language)
    if language == "en":
        said = f"{figure(value / 100)} m"
    else:
        said = f"{figure(value / 10_000)}亿" if abs(value) >= 10_000 else f"{figure(value)}万"
    return ("0" if round(value, 6) == 0 else said) + (ASSUMED if assumed else "")


def share(value: float | None, language: Language, assumed: bool = False) -> str:
    """A share in per cent; one that is not known says so."""
    return NOT_KNOWN.say(language) if value is None else percent(value) + (ASSUMED if assumed else "")


def arrow(before: str, after: str) -> str:
    """``2.4亿→2.6亿``; one of them where they are the same."""
    return before if before == after else f"{before}→{after}"


def standing(plan: Plan) -> str:
    """The plan in one line: its name, state, horizon and how good it is proved to be (R3)."""
    language, quarters = plan.plan.language, plan.plan.quarters
    marks = [mark.say(language) for mark in (standing_of(plan), stamp_of(plan)) if mark is not None]
    span = "–".join(dict.fromkeys((quarters[0], quarters[-1])))
    return " · ".join([plan.plan.name, *marks, span, quality(plan).say(language)])


def sources(plan: Plan) -> str:
    """Where the facts come from, of which day, and which plan this is."""
    language = plan.plan.language
    names = dict.fromkeys(entry.source or PureWindowsPath(entry.file).name for entry in plan.inputs)
    days = sorted({entry.as_of for entry in plan.inputs if entry.as_of})
    said = [Words("数据来源：{names}", "Data: {names}").say(language, names=SEMICOLON.say(language).join(names))] if names else []
    span = "–".join(dict.fromkeys((days[0], days[-1]))) if days else plan.plan.on
    dated = Words("数据日期：{span}", "data as of {span}") if span else Words("数据日期未提供", "the day of the data is not given")
    said.append(dated.say(language, span=span))
    made = Words("补链 {version} 编制，计划封印 {seal}", "made by Bulian {version}, seal of the plan {seal}")
    said.append(made.say(language, version=plan.plan.planner_version, seal=plan.short_seal))
    return SEMICOLON.say(language).join(said)
