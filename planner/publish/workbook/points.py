"""The first sheet: one page in sentences. What is decided, what it brings, what binds it, what is proved, what to watch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.publish.book.book import LINE_HEIGHT, SECTION_HEIGHT, SIZE, Book, Page
from planner.publish.book.paper import A4_UPRIGHT
from planner.publish.book.text import clean, lines, shorten
from planner.publish.figures import percent
from planner.publish.later import later_text
from planner.publish.proof import level_lines, measured, nearness_words, stamp_of, standing_of
from planner.publish.sentences import join
from planner.publish.view import View
from planner.publish.words import ASSUMED, UNKNOWN
from planner.publish.workbook.evidence import verification_text

POINTS = Words("要点", "In brief")
WIDTHS = (3.5, *[14.2] * 7)
LAST = len(WIDTHS) - 1
WAYS = ((12.5, 600), (11.5, 600), (10.5, 600), (10.0, 600), (10.0, 250), (10.0, 150), (10.0, 100), (10.0, 50))
"""Points of the letters and most characters of a sentence: the first with which all of them are on one page."""
SHOWN_LIMITS, SHOWN_LINKS, SHOWN_CHAINS, SHOWN_QUARTERS, SHOWN_LEVELS, SHOWN_NOTICES = 4, 4, 6, 8, 3, 2
UNLIKELY = 0.5
"""Landing chance below which a project is to be watched."""
SPAN = Words(
    "规划期 {first} 至 {last}（{n} 个季度）　　求解器 {solver}　　补链 {version}　　计划封印 {seal}",
    "Quarters {first} to {last} ({n})    Solver {solver}    Bulian {version}    Seal {seal}",
)
SCENARIO = Words("情景：{name}　　", "Scenario: {name}    ")

DECIDED, BRINGS = Words("一、定什么", "1  What is decided"), Words("二、带来什么", "2  What it brings")
BINDS, PROVED = Words("三、卡在哪里", "3  What binds it"), Words("四、证明到哪一步", "4  What is proved")
WATCH = Words("五、盯住什么", "5  What to watch")
CHOSEN = Words(
    "从 {all} 个候选项目中选定 {n} 个，落在 {used} 个园区（共 {parks} 个），{first} 至 {last} 分 {quarters} 个季度签约",
    "Of {all:candidate} {n} are selected, for {used} of {parks:park}, to be signed from {first} to {last} ({quarters:quarter})",
)
ASKED = Words(
    "计划投资 {investment}；企业奖补诉求 {subsidy}，是诉求，不是承诺",
    "Investment {investment}; the firms ask for {subsidy}, which is asked, not granted",
)
PART = Words("{name} {n} 个（{money}）", "{name} {n} ({money})")
BY_QUARTER, BY_CHAIN = Words("分季：{parts}", "By quarter: {parts}"), Words("分链：{parts}", "By chain: {parts}")
YEARLY = Words(
    "按落地概率折算，每年产值 {output}、税收 {tax}；全部落地时就业 {jobs}",
    "Weighed by their chance to land: {output} of output and {tax} of tax a year; {jobs} if all of them land",
)
JOBS, NO_JOBS = Words("{n} 人", "{n:job}"), Words("未知", "jobs not known")
SHORTAGE = Words(
    "环节缺口由 {before} 到 {after}；有缺口的环节由 {links_before} 个到 {links_after} 个，补齐 {closed} 个",
    "Shortages go from {before} to {after}; {links_before} links were short, {links_after} are, {closed} are closed",
)
SOURCES = Words(
    "产业链完整度由 {before} 到 {after}；没有本地来源的环节由 {none_before} 个到 {none_after} 个，有备份的由 {backed_before} 个到 {backed_after} 个",
    "Completeness goes from {before} to {after}; links without a source from {none_before} to {none_after}, with a backup from "
    "{backed_before} to {backed_after}",
)
KEEPS_OUT = Words("{limit}：挡住 {n} 个有价值的项目", "{limit}: keeps out {n:project} worth having")
USED_UP = Words("{limit}：已用尽", "{limit}: used up")
MORE_LIMITS = Words("另有 {n} 条，见“限制与规则”", "{n} more, see “Limits and rules”")
NOTHING_BINDS = Words(
    "没有用尽的限制：其余项目要么进不来，要么不划算", "No limit is used up: the rest cannot come or is not worth it"
)
UNSURE = Words("落地概率不足 {share} 的 {n} 个，计划投资 {money}", "{n:project} with a chance below {share} to land, of {money}")
STILL_SHORT = Words("缺口最大的环节：{links}", "The largest shortages left: {links}")
NO_OWNER = Words("{n} 个项目责任人未定，见“责任分工”", "{n:project} without an owner, see “By owner”")
ASSUMPTIONS = Words(
    "{n} 列含假设值，共 {cells} 个单元格，逐列见“数据与假设”",
    "{n:column} with assumed values, {cells:cell} in all; see “Data and assumptions”",
)
CHANGES = Words(
    "计划另对数据作了 {n} 项改动，加入 {put_in} 行，删去 {taken_out} 行，都是假设，逐项见“数据与假设”",
    "The plan makes {n:change} of the data, {put_in:row} put in and {taken_out} taken out, all of them assumptions; see “Data and "
    "assumptions”",
)
COMMA = Words("、", ", ")
MORE = Words("另 {n} 项", "{n} more")
BULLET = "•"
Section = tuple[Words, list[str]]
"""A heading and the sentences below it."""


def write_points(book: Book, view: View) -> None:
    """One page, whatever the plan."""
    page, plan = book.page(POINTS.say(book.language)), view.plan
    page.papers = (A4_UPRIGHT,)
    for column, width in enumerate(WIDTHS):
        page.widen(column, width)
    page.merged(0, 0, LAST, shorten(plan.plan.name, 120), book.style("title", text_wrap=True), height=44)
    page.merged(1, 0, LAST, span_of(page, view), book.style("note"))
    row = 2
    size, told = _fitting(page, points(view))
    for heading, sentences in told:
        page.section(row, heading)
        for sentence in sentences:
            row += 1
            page.text(row, 0, BULLET, book.style("point", font_size=size, align="center"))
            page.merged(row, 1, LAST, sentence, book.style("point", font_size=size), height=_height(page, sentence, size))
        row += 1
    page.finish()


def _fitting(page: Page, told: Sequence[Section]) -> tuple[float, Sequence[Section]]:
    """The size of letters with which the sentences are on the first printed page, and the sentences: whole where they can be."""
    left = page.left(2) - SECTION_HEIGHT * len(told)
    for size, most in WAYS:
        cut = [(heading, [shorten(sentence, most) for sentence in sentences]) for heading, sentences in told]
        if sum(_height(page, sentence, size) for _, sentences in cut for sentence in sentences) <= left:
            break
    return size, cut


def _height(page: Page, sentence: str, size: float) -> float:
    """Points of the row that it needs."""
    return lines(clean(sentence), page.room(1, LAST) * 0.97 * SIZE / size) * LINE_HEIGHT * size / SIZE + 3


def points(view: View) -> tuple[Section, ...]:
    """The sentences under their headings; money as the plan wants it told, figures that rest on an assumption with their mark."""
    parts = ((DECIDED, _decided), (BRINGS, _brings), (BINDS, _binds), (PROVED, _proved), (WATCH, _watch))
    return tuple((heading, [join([text], view.language) for text in told(view)]) for heading, told in parts)


def span_of(page: Page, view: View) -> str:
    """Horizon, solver, version and seal."""
    plan = view.plan
    quarters, scenario = plan.plan.quarters, plan.plan.scenario
    made_by = {"solver": plan.status.solver, "version": plan.plan.planner_version, "seal": page.book.seal}
    span = page.say(SPAN, first=quarters[0], last=quarters[-1], n=len(quarters), **made_by)
    return span if scenario is None else page.say(SCENARIO, name=scenario[:200]) + span


def state_of(view: View) -> str:
    """How good the plan is proved to be, in one line, after the marks that it bears."""
    plan = view.plan
    marks = [mark for mark in (standing_of(plan), stamp_of(plan)) if mark is not None]
    told = measured(plan, view.basis.value()).say(view.language)
    return "".join(Words("【{mark}】", "[{mark}] ").say(view.language, mark=mark) for mark in marks) + told


def _starred(text: str, assumed: bool) -> str:
    return text + ASSUMED if assumed else text


def _money(view: View, amount: float | None, *fields: str) -> str:
    """An amount that rests on these fields of the selected firms."""
    return UNKNOWN.say(view.language) if amount is None else _starred(view.money(amount), view.basis.any_firm(*fields))


def _listed(view: View, parts: Sequence[str], most: int) -> str:
    """The first of them, the others counted."""
    more = [] if len(parts) <= most else [MORE.say(view.language, n=len(parts) - most)]
    return COMMA.say(view.language).join([*parts[:most], *more])


def invested(view: View, firms: Iterable[Selected]) -> str:
    """What firms invest; known only when every summand is (R1)."""
    firms = list(firms)
    amounts = [firm.investment for firm in firms]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return UNKNOWN.say(view.language)
    return _starred(view.money(sum(known)), any(view.basis.firm(firm, "investment") for firm in firms))


def _parts(view: View, groups: Iterable[tuple[str, list[Selected]]], most: int) -> str:
    parts = [PART.say(view.language, name=name, n=len(firms), money=invested(view, firms)) for name, firms in groups]
    return _listed(view, parts, most)


def _decided(view: View) -> Iterable[str]:
    plan, kpis, quarters, say = view.plan, view.plan.kpis, view.plan.plan.quarters, view.language
    size = {"all": len(plan.selected) + len(plan.not_selected), "n": kpis.selected, "quarters": len(quarters)}
    yield CHOSEN.say(say, **size, used=kpis.parks_used, parks=len(plan.parks), first=quarters[0], last=quarters[-1])
    subsidy = _money(view, kpis.subsidy, "subsidy")
    yield ASKED.say(say, investment=_money(view, kpis.investment, "investment"), subsidy=subsidy)
    if not plan.selected:
        return
    by_quarter = [(name, [firm for firm in plan.selected if firm.quarter == name]) for name in quarters]
    yield BY_QUARTER.say(say, parts=_parts(view, by_quarter, SHOWN_QUARTERS))
    by_chain = [(one.name, [firm for firm in plan.selected if firm.chain_id == one.chain_id]) for one in plan.chains]
    if by_chain:
        yield BY_CHAIN.say(say, parts=_parts(view, sorted(by_chain, key=lambda part: -len(part[1])), SHOWN_CHAINS))
    if (near := nearness_words(plan)) is not None:
        yield near.say(say)


def _brings(view: View) -> Iterable[str]:
    kpis, say = view.plan.kpis, view.language
    chance = "landing_probability"
    jobs = NO_JOBS.say(say) if kpis.jobs is None else JOBS.say(say, n=_starred(f"{kpis.jobs:,.0f}", view.basis.any_firm("jobs")))
    output, tax = (
        _money(view, amount, name, chance) for amount, name in ((kpis.expected_output, "output"), (kpis.expected_tax, "tax"))
    )
    yield YEARLY.say(say, output=output, tax=tax, jobs=jobs)
    if not view.plan.links:
        return
    before, after = (view.basis.links(view.plan.links, after=moment) for moment in (False, True))
    yield SHORTAGE.say(
        say,
        before=_starred(view.money(kpis.shortage_before), before),
        after=_starred(view.money(kpis.shortage_after), after),
        links_before=kpis.links_short_before,
        links_after=kpis.links_short_after,
        closed=kpis.links_closed,
    )
    dash = UNKNOWN.say(say)
    shares = [dash if share is None else percent(share) for share in (kpis.completeness_before, kpis.completeness_after)]
    counts = (kpis.no_source_before, kpis.no_source_after, kpis.backed_up_before, kpis.backed_up_after)
    names = ("none_before", "none_after", "backed_before", "backed_after")
    told = {name: dash if count is None else count for name, count in zip(names, counts, strict=True)}
    yield SOURCES.say(say, before=_starred(shares[0], before), after=_starred(shares[1], after), **told)


def _binds(view: View) -> Iterable[str]:
    limits = view.tightest
    for limit in limits[:SHOWN_LIMITS]:
        n = view.kept_out[limit.limit_id]
        text = _starred(view.limit(limit), view.basis.limit(limit))
        yield KEEPS_OUT.say(view.language, limit=text, n=n) if n else USED_UP.say(view.language, limit=text)
    if len(limits) > SHOWN_LIMITS:
        yield MORE_LIMITS.say(view.language, n=len(limits) - SHOWN_LIMITS)
    if not limits:
        yield NOTHING_BINDS.say(view.language)


def _proved(view: View) -> Iterable[str]:
    yield state_of(view).rstrip("。.")
    yield from (line.say(view.language) for line in level_lines(view.plan)[:SHOWN_LEVELS])
    yield verification_text(view).rstrip("。.")


def _watch(view: View) -> Iterable[str]:
    plan, say = view.plan, view.language
    later = later_text(plan, say)
    unsure = [firm for firm in plan.selected if firm.landing_probability < UNLIKELY]
    short = sorted((link for link in plan.links if link.shortage_after > 0), key=lambda link: (-link.shortage_after, link.link_id))
    left = [f"{link.name} {_starred(view.money(link.shortage_after), view.basis.shortage(link, after=True))}" for link in short]
    unowned = sum(view.owner(firm) is None for firm in plan.selected)
    rows = {way: sum(made.count for made in plan.changes if made.way == way) for way in ("insert", "remove")}
    told = (
        [] if later is None else [later[:1].upper() + later[1:]],
        [UNSURE.say(say, share=percent(UNLIKELY), n=len(unsure), money=invested(view, unsure))] if unsure else [],
        [STILL_SHORT.say(say, links=_listed(view, left, SHOWN_LINKS))] if short else [],
        [NO_OWNER.say(say, n=unowned)] if unowned else [],
        [ASSUMPTIONS.say(say, n=len(plan.assumptions), cells=f"{sum(one.cells for one in plan.assumptions):,}")],
        [CHANGES.say(say, n=len(plan.changes), put_in=rows["insert"], taken_out=rows["remove"])] if plan.changes else [],
        [getattr(notice, say).rstrip("。.") for notice in plan.notices if notice.about_plan][:SHOWN_NOTICES],
    )
    return chain.from_iterable(told)
