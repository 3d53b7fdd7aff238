"""发展路线图: links × quarters; who is signed when, and what the link has before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.plan.records import ChainResult
from planner.publish.charts import words
from planner.publish.charts.facts import ChainFacts, LinkFacts, chain_facts, coverage_change
from planner.publish.charts.flow import Block, Part, Text, between, evenly, flowed, parted, row
from planner.publish.charts.frame import Legend, swatch
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Svg
from planner.publish.desk import Desk
from planner.publish.view import View
from planner.publish.words import SEMICOLON

TITLE = Words("{chain}产业链发展路线图", "{chain}: road map")
LINK, AFTER = Words("环节", "Link"), Words("计划前 → 计划后", "Before → after")
QUARTER = Words(
    "签约 {n} 家，投资 {money}；新增预期年供给 {supply}", "{n:firm} signed, investment {money}; expected supply added {supply}"
)
EMPTY = Words("本期没有安排目标企业的环节（{n}）：{names}", "Links without a target in this plan ({n}): {names}")
IN_PARK = Words("{park}，投资 {money}", "{park}, investment {money}")
SHORT = Words("缺口 {change}", "Shortage {change}")
RATE = Words("配套率 {change}", "Supplied {change}")
MOST = 12
"""Targets in one row: a link with more has several."""
QUARTERS = 6
"""Quarters on one sheet."""
NO_LINK = Words("未注明环节", "no link given")


def roadmap(desk: Desk, chain: ChainResult) -> tuple[Svg, ...]:
    """发展路线图 of a chain; one of many quarters in several parts."""
    view, facts = desk.view, chain_facts(desk.view, chain)
    language, size = view.language, read_style().text
    firms = [firm for firm in view.plan.selected if firm.chain_id == chain.chain_id]
    spans = evenly(view.plan.plan.quarters, QUARTERS)
    parts = [
        Part(
            _rows(view, facts, firms, quarters), _head(view, firms, quarters), between(view, quarters[0], quarters[-1], len(spans))
        )
        for quarters in spans
    ]
    bare = [each.link.name for each in facts.links if not each.targets]
    if bare:
        said = Text(EMPTY.say(language, n=len(bare), names=view.listed(bare)), "soft", most=6)
        parts[-1] = replace(parts[-1], blocks=[*parts[-1].blocks, row([[said]], [1], size, "bare", "band")])
    notes = (words.MONEY_IS, words.EXPECTED, words.ASSUMED_IS)
    return flowed(
        view,
        TITLE.say(language, chain=chain.name),
        _facts(view, facts, firms),
        [Legend(swatch("target"), words.TARGET.say(language))],
        [words.COVERAGE_IS.say(language), SEMICOLON.say(language).join(note.say(language) for note in notes)],
        parts,
    )


def _widths(quarters: Sequence[str]) -> list[float]:
    return [1.5, *(2.6 for _ in quarters), 1.6]


def _head(view: View, firms: Sequence[Selected], quarters: Sequence[str]) -> Block:
    told = [[Text(quarter, "on_head", True), Text(_total(view, firms, quarter), "on_head")] for quarter in quarters]
    first, last = (Text(name.say(view.language), "on_head", True) for name in (LINK, AFTER))
    return row([[first], *told, [last]], _widths(quarters), read_style().text, ground="head")


def _rows(view: View, facts: ChainFacts, firms: Sequence[Selected], quarters: Sequence[str]) -> list[Block]:
    """The links by tier that get a target in these quarters; last the targets of no link."""
    none, blocks = words.NO_TIER.say(view.language), []
    for tier in facts.tiers:
        for each in facts.links:
            come = [firm for firm in each.targets if firm.quarter in quarters]
            if come and (each.link.tier or none) == tier:
                blocks += [_link_row(view, each, part, tier, quarters, _widths(quarters)) for part in parted(come, MOST)]
    loose = [firm for firm in firms if firm.link_id is None and firm.quarter in quarters]
    for part in parted(loose, MOST) if loose else ():
        cells = [[Text(NO_LINK.say(view.language), bold=True)], *(_firms(view, part, quarter) for quarter in quarters), [Text("")]]
        blocks.append(row(cells, _widths(quarters), read_style().text, "no-link"))
    return blocks


def _facts(view: View, facts: ChainFacts, firms: Sequence[Selected]) -> list[str]:
    links = [each.link for each in facts.links]
    return [
        Words("目标企业 {n} 家", "{n:target firm}").say(view.language, n=len(firms)),
        Words("投资 {money}", "investment {money}").say(view.language, money=invested(view, firms)),
        f"{words.COVERAGE.say(view.language)} {coverage_change(view, links)}",
    ]


def invested(view: View, firms: Sequence[Selected]) -> str:
    """What firms invest; not known where one of them is not known."""
    known = [firm.investment for firm in firms if firm.investment is not None]
    if len(known) < len(firms):
        return words.NOT_KNOWN.say(view.language)
    return words.amount(sum(known), view.language, any("investment" in firm.assumed for firm in firms))


def _total(view: View, firms: Sequence[Selected], quarter: str) -> str:
    come = [firm for firm in firms if firm.quarter == quarter]
    added = sum(firm.fills.expected_supply for firm in come if firm.fills)
    supply = words.amount(added, view.language, any(view.basis.supply_of_firm(firm) for firm in come))
    return QUARTER.say(view.language, n=len(come), money=invested(view, come), supply=supply)


def _firms(view: View, firms: Sequence[Selected], quarter: str) -> list[Text]:
    texts = []
    for firm in firms:
        if firm.quarter == quarter:
            money = words.amount(firm.investment, view.language, "investment" in firm.assumed)
            texts.append(Text(firm.name, "target", True, 2))
            texts.append(Text(IN_PARK.say(view.language, park=firm.park_name, money=money), "soft", most=2))
    return texts


def _link_row(
    view: View, each: LinkFacts, targets: Sequence[Selected], tier: str, quarters: Sequence[str], widths: Sequence[float]
) -> Block:
    link, language = each.link, view.language
    short = words.arrow(
        words.amount(link.shortage_before, language, view.basis.shortage(link, False)),
        words.amount(link.shortage_after, language, view.basis.shortage(link, True)),
    )
    marks = [Text(words.MARKS["bottleneck"][1].say(language), "mark")] if link.bottleneck else []
    after = [Text(RATE.say(language, change=coverage_change(view, [link]))), Text(SHORT.say(language, change=short), "soft")]
    cells = [
        [Text(link.name, bold=True), Text(tier, "soft"), *marks],
        *(_firms(view, targets, quarter) for quarter in quarters),
        after,
    ]
    return row(cells, widths, read_style().text, link.link_id)
