"""Two reports about one chain: 招商报告, whom to go after, where and when; 分析报告, what the chain has, lacks and gets."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from planner.language import Words
from planner.plan.records import ChainResult, LinkResult
from planner.publish.documents.model import Bars, Block, Document, Fact, Facts, Note, Picture, Section, Series, Text, Value
from planner.publish.fields import AFTER, BEFORE
from planner.publish.figures import percent
from planner.publish.reports import head, tables
from planner.publish.reports.amounts import heading, number
from planner.publish.view import View
from planner.publish.words import UNKNOWN

TARGETS, ANALYSIS = (
    Words("{chain}产业链招商报告", "{chain}: report on targets"),
    Words("{chain}产业链分析报告", "{chain}: analysis of the chain"),
)
NOTHING = Words("本链没有入选项目。", "No project of this chain is selected.")
SHOWN_LEFT, MOST_BARS = 12, 12


def targets_report(view: View, chain: ChainResult, charts: Sequence[Picture] = ()) -> Document:
    """Whom the plan goes after for a chain, by quarter and by park, what each does for it, and who is next; its ``charts`` at the end."""
    language, own = view.language, [firm for firm in view.plan.selected if firm.chain_id == chain.chain_id]
    spare = [firm for firm in view.plan.not_selected if firm.chain_id == chain.chain_id]
    ready = sorted((firm for firm in spare if (firm.gain or 0.0) > 0), key=lambda firm: (-(firm.gain or 0.0), firm.candidate_id))
    helped = [link for link in view.links_of(chain) if link.selected]
    sections = [Section("summary", _say(view, "概要", "Summary"), (_summary(view, chain), _who(view, chain)))]
    if own:
        sections += [
            Section("targets", _say(view, "目标企业", "Targets"), (tables.firms(view, own),)),
            Section("when", _say(view, "分季度安排", "By quarter"), (tables.quarters(view, own),)),
            Section(
                "where",
                _say(view, "落在哪里", "Where they go"),
                (tables.by_park(view, own), head.map_picture(view, 176, 110, chain.chain_id)),
            ),
            Section("why", _say(view, "为什么是这些企业", "Why these firms"), (tables.reasons(view, own),)),
            Section("effect", _say(view, "补链效果", "What the chain gains"), (tables.links(view, helped, tables.LINKS_BOTH),)),
        ]
    else:
        sections.append(Section("targets", _say(view, "目标企业", "Targets"), (Text(NOTHING.say(language)),)))
    if ready:
        more = Words("另有 {n} 个，见工作簿“未选原因”。", "{n} more: see “Not selected” in the workbook.").say(
            language, n=len(ready) - SHOWN_LEFT
        )
        blocks: tuple[Block, ...] = (tables.left_out(view, ready[:SHOWN_LEFT]), *([Note(more)] if len(ready) > SHOWN_LEFT else []))
        sections.append(Section("next", _say(view, "后备项目", "Who is next"), blocks))
    sections += _end(view, charts)
    return head.document(view, "report", TARGETS.fill(chain=chain.name), sections)


def analysis_report(view: View, chain: ChainResult, charts: Sequence[Picture] = ()) -> Document:
    """What a chain has, what it lacks, on whom it depends, what the plan changes and what it leaves open; its ``charts`` at the end."""
    links = view.links_of(chain)
    here = [firm for firm in view.plan.incumbents if firm.chain_id == chain.chain_id]
    worst = sorted((link for link in links if link.shortage_before > 0), key=lambda link: (-link.shortage_before, link.link_id))
    still = sorted((link for link in links if link.shortage_after > 0), key=lambda link: (-link.shortage_after, link.link_id))
    lone = [link for link in links if link.grade_after != "no_demand" and link.sources_after <= 1]
    sections = [
        Section("summary", _say(view, "概要", "Summary"), (_summary(view, chain), *head.items(_findings(view, chain, links)))),
        Section(
            "now",
            _say(view, "现状：各环节供需", "As it is: supply and demand by link"),
            (tables.links(view, links, tables.LINKS_BEFORE),),
        ),
    ]
    if here:
        sections.append(Section("here", _say(view, "本地企业", "Firms here"), (tables.here(view, here),)))
    if worst:
        sections.append(
            Section(
                "gap",
                _say(view, "缺口：计划前后", "The gap before and after the plan"),
                (*_coverage(view, worst[:MOST_BARS]), tables.links(view, worst, tables.LINKS_BOTH)),
            )
        )
    if still:
        sections.append(
            Section("left", _say(view, "计划后仍缺", "Still short after the plan"), (tables.links(view, still, tables.LINKS_LEFT),))
        )
    if lone:
        said = Words("{link}：{n} 个来源", "{link}: {n:source}")
        lines = [
            Value(said.say(view.language, link=link.name, n=link.sources_after), view.basis.record(link, "sources"))
            for link in sorted(lone, key=lambda link: (link.sources_after, -link.weight, link.link_id))
        ]
        sections.append(
            Section(
                "sources", _say(view, "计划后来源不足两个的环节", "Links with fewer than two sources after it"), head.items(lines)
            )
        )
    sections += _end(view, charts)
    return head.document(view, "report", ANALYSIS.fill(chain=chain.name), sections)


def _coverage(view: View, links: Sequence[LinkResult]) -> tuple[Bars, ...]:
    """How much of the demand of each short link is met, before and after; none where no link is short."""
    if not links:
        return ()

    def series(name: Words, after: bool) -> Series:
        pairs = [(link.supply_after, link.demand_after) if after else (link.supply_before, link.demand_before) for link in links]
        shares = tuple(min(supply / demand, 1.0) if demand > 0 else None for supply, demand in pairs)
        texts = (
            Value(UNKNOWN.zh if share is None else percent(share), share is not None and view.basis.shortage(link, after))
            for link, share in zip(links, shares, strict=True)
        )
        return Series(name.say(view.language), shares, tuple(texts))

    alt = _say(view, "缺口最大的环节：需求满足率", "The links with the largest shortage: how much of the demand is met")
    return (Bars(tuple(link.name for link in links), (series(BEFORE, False), series(AFTER, True)), alt, alt, "0.0%", 1.0),)


def _summary(view: View, chain: ChainResult) -> Facts:
    short, invested = view.basis.chain(chain, after=True), view.basis.invested_in(chain)
    complete = [UNKNOWN.zh if share is None else percent(share) for share in (chain.completeness_before, chain.completeness_after)]
    links = view.links_of(chain)
    closed = sum(link.shortage_before > 0 and link.shortage_after == 0 for link in links)
    return Facts(
        (
            Fact(
                _say(view, "环节（个）", "Links"), str(chain.links), Words("补齐 {n} 个", "{n} closed").say(view.language, n=closed)
            ),
            Fact(_say(view, "入选项目（个）", "Projects"), str(chain.selected)),
            Fact(heading(view, "计划投资", "Investment"), Value(number(view, chain.investment), invested)),
            Fact(
                heading(view, "环节缺口", "Shortage"),
                Value(view.arrow(number(view, chain.shortage_before), number(view, chain.shortage_after)), short),
            ),
            Fact(_say(view, "产业链完整度", "Completeness"), Value(view.arrow(*complete), short)),
        ),
        5,
        tiles=True,
    )


def _who(view: View, chain: ChainResult) -> Facts:
    """Chief, office and anchor of the chain; who is not named is said to be not named."""
    none = Words("未提供", "not given").say(view.language)
    named = (
        ("链长", "Chief", chain.chief),
        ("牵头部门", "Lead office", chain.lead_office),
        ("链主企业", "Anchor firm", chain.anchor_firm),
    )
    return Facts(tuple(Fact(_say(view, zh, en), name or none) for zh, en, name in named), 1)


def _findings(view: View, chain: ChainResult, links: list[LinkResult]) -> list[Value]:
    """The chain in sentences, each from its links."""
    say, basis = view.language, view.basis
    demanded = [link for link in links if link.grade_before != "no_demand"]
    short = [link for link in links if link.shortage_before > 0]
    found = [
        Value(
            Words(
                "{n} 个环节有本地需求，其中 {short} 个供给不足，合计缺 {gap}；{none} 个没有本地来源，{one} 个只有一个。",
                "{n:link} {have} local demand; {short} of them are short, by {gap} in all; {none} have no source here, {one} have one.",
            ).say(
                say,
                n=len(demanded),
                have="has" if len(demanded) == 1 else "have",
                short=len(short),
                gap=view.money(chain.shortage_before),
                none=sum(link.sources_before == 0 for link in demanded),
                one=sum(link.sources_before == 1 for link in demanded),
            ),
            basis.chain(chain, after=False),
        )
    ]
    if short:
        largest = max(short, key=lambda link: (link.shortage_before, link.link_id))
        found.append(
            Value(
                Words(
                    "缺口最大的是{link}：缺 {gap}，占全链缺口 {share}。",
                    "The largest shortage is that of {link}: {gap}, {share} of the chain's.",
                ).say(
                    say,
                    link=largest.name,
                    gap=view.money(largest.shortage_before),
                    share=percent(largest.shortage_before / fsum(link.shortage_before for link in short)),
                ),
                basis.chain(chain, after=False),
            )
        )
    necks = [link for link in links if link.bottleneck]
    if necks:
        open_ = [link for link in necks if link.shortage_after > 0]
        found.append(
            Value(
                Words(
                    "卡脖子环节 {n} 个，计划后仍缺 {open} 个：{links}。",
                    "{n:bottleneck}, {open} still short after the plan: {links}.",
                ).say(
                    say, n=len(necks), open=len(open_), links=Words.listed([link.name for link in open_], 6) if open_ else UNKNOWN
                ),
                basis.chain(chain, after=True),
            )
        )
    return found


def _end(view: View, charts: Sequence[Picture]) -> list[Section]:
    proof = Section("proof", _say(view, "依据", "Evidence"), head.items(head.proof_lines(view)))
    return [proof, *([Section("charts", "", tuple(charts))] if charts else [])]


def _say(view: View, zh: str, en: str) -> str:
    return Words(zh, en).say(view.language)
