"""What every report begins with: what is to be decided, the plan in figures, how sure it is, what binds, what more money buys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.records import ChainResult
from planner.publish.documents.model import MARK, Bars, Block, Document, Fact, Facts, Note, Picture, Section, Series, Text, Value
from planner.publish.fields import AFTER, BEFORE
from planner.publish.figures import figure, percent
from planner.publish.later import later_text
from planner.publish.proof import level_lines, measured, nearness_words, stamp_of, standing_of
from planner.publish.reports.amounts import heading, number
from planner.publish.reports.money import Money
from planner.publish.view import View
from planner.publish.words import UNKNOWN

INTERNAL = Words("内部", "Internal")
DECISION = Words("请示事项", "Decision asked")
FIGURES, BINDS = Words("计划五个数", "The plan in five figures"), Words("什么卡住了计划", "What binds")
PROOF, NEXT = Words("证明了什么", "What is proved"), Words("再加钱买到什么", "What the next money buys")
MAP = Words("落位图", "Map")
ASK = Words(
    "请审定 {first} 至 {last} 推进 {n} 个项目的计划：计划投资 {investment}，企业奖补诉求 {subsidy}{within}。",
    "Approve a plan of {n:project} for {first} to {last}: {investment} of investment, {subsidy} of subsidies asked by firms{within}.",
)
DONE = Words(
    "{standing}。计划在 {first} 至 {last} 推进 {n} 个项目：计划投资 {investment}，企业奖补诉求 {subsidy}{within}。",
    "{standing}. The plan is of {n:project} for {first} to {last}: {investment} of investment, {subsidy} of subsidies asked by firms{within}.",
)
REFUSED = Words("本计划不提请决策。{stamp}。", "This plan asks for no decision. {stamp}.")
WITHIN = Words("，其中规划期后兑付 {later}", ", {later} of it due after the horizon")
NOT_ASKED = Words(
    "未测算：增加资金、土地、能耗各换来什么，尚未求解。运行 planner sensitivity RUN 后重做本件。",
    "Not solved yet: what more funds, land or energy would buy. Run planner sensitivity RUN, then make this again.",
)
NOTHING_BINDS = Words("没有限制挡住值得要的项目。", "No limit keeps out a project worth having.")
KEPT_OUT = Words("{limit}，挡住 {n} 个值得要的项目", "{limit}, keeps out {n:project} worth having")
MORE = Words("另有 {n} 条限制，见{where}", "{n} more limits, see {where}")
REPORT, WORKBOOK = Words("计划报告", "the report on the plan"), Words("工作簿", "the workbook")
FULL = Words("{limit}，已无余量", "{limit}, nothing is left")


def decision(view: View) -> str:
    """What is to be decided; that nothing is, of a plan which nobody should decide by."""
    plan, kpis, stamp, standing = view.plan, view.plan.kpis, stamp_of(view.plan), standing_of(view.plan)
    if stamp is not None:
        return REFUSED.say(view.language, stamp=stamp)
    later = (
        WITHIN.fill(later=_money(view, kpis.subsidy_after_horizon, "subsidy", *view.basis.due))
        if kpis.subsidy_after_horizon
        else ""
    )
    said = DONE if plan.signatures and plan.signatures[-1].state == "approved" else ASK
    return said.say(
        view.language,
        standing=standing or "",
        first=plan.plan.quarters[0],
        last=plan.plan.quarters[-1],
        n=kpis.selected,
        investment=_money(view, kpis.investment, "investment"),
        subsidy=_money(view, kpis.subsidy, "subsidy"),
        within=later,
    )


def five_figures(view: View) -> Facts:
    """The plan in five figures."""
    plan, kpis, rests = view.plan, view.plan.kpis, view.basis.any_firm
    short = view.basis.links(plan.links, after=True)
    known, unknown = bool(plan.links), UNKNOWN.say(view.language)  # of no links nothing is known: neither that they lack 0

    whole = view.arrow(_share(view, kpis.completeness_before), _share(view, kpis.completeness_after))
    parks = Words("落在 {used} 个园区", "in {used:park}").say(view.language, used=kpis.parks_used)
    links = Words("补齐 {closed} 个环节，仍缺 {short} 个", "{closed:link} closed, {short} still short")
    backed = Words("有备份的环节 {before} → {after} 个", "links backed up: {before} → {after}")
    facts = (
        Fact(_say(view, "入选项目（个）", "Projects"), f"{kpis.selected}", parks),
        Fact(heading(view, "计划投资", "Investment"), Value(number(view, kpis.investment), rests("investment")), _jobs(view)),
        Fact(
            heading(view, "环节缺口", "Shortage"),
            Value(view.arrow(number(view, kpis.shortage_before), number(view, kpis.shortage_after)), short) if known else unknown,
            links.say(view.language, closed=kpis.links_closed, short=kpis.links_short_after) if known else "",
        ),
        Fact(
            _say(view, "产业链完整度", "Completeness"),
            Value(whole, short),
            backed.say(view.language, before=_count(kpis.backed_up_before), after=_count(kpis.backed_up_after)) if known else "",
        ),
        Fact(
            heading(view, "预期年税收", "Expected tax a year"),
            Value(number(view, kpis.expected_tax), rests("tax", "landing_probability")),
            Words("奖补诉求 {subsidy}", "subsidies asked {subsidy}").say(
                view.language, subsidy=_money(view, kpis.subsidy, "subsidy")
            ),
        ),
    )
    return Facts(facts, 5, tiles=True)


def _jobs(view: View) -> str:
    jobs = view.plan.kpis.jobs
    return Words("就业 {jobs} 人", "{jobs} jobs").say(view.language, jobs=UNKNOWN if jobs is None else figure(jobs))


def proof_lines(view: View) -> tuple[str, ...]:
    """How good the plan is, what was checked, on how much that is assumed it rests."""
    plan, checked = view.plan, view.plan.verification
    value = measured(plan, view.basis.value())
    count = sum(check.checked for check in checked.checks)
    verified = Words(
        "已按原始数据独立核验 {n} 项限制，无一违反。", "{n:limit} checked against the data independently; none is broken."
    )
    if not checked.passed:
        verified = Words("独立核验没有通过。", "The independent check failed.")
    cells = sum(one.cells for one in plan.assumptions)
    rests = Words(
        "以上就所给数据与权重而言，数据中没有假设。", "This holds for the data and weights given; none of the data is assumed."
    )
    if cells:
        rests = Words(
            "以上就所给数据与权重而言；数据中有 {columns} 列含假设，共 {cells} 个单元格（*）。",
            "This holds for the data and weights given; {columns:column} of the data with {cells} cells are assumed (*).",
        ).fill(columns=len(plan.assumptions), cells=f"{cells:,}")
    near = nearness_words(plan)
    lines = (value, *level_lines(plan), *([near] if near is not None else []), verified.fill(n=f"{count:,}"), rests)
    return tuple(line.say(view.language) for line in lines)


def binding_lines(view: View, most: int, where: Words) -> tuple[Value, ...]:
    """The limits that keep out most projects, then those with nothing left; ``where`` the rest is found."""
    found = view.tightest
    lines = []
    for limit in found[:most]:
        out = view.kept_out[limit.limit_id]
        text = (KEPT_OUT if out else FULL).say(view.language, limit=view.limit(limit), n=out)
        lines.append(Value(text, view.basis.limit(limit)))
    if len(found) > most:
        lines.append(Value(MORE.say(view.language, n=len(found) - most, where=where)))
    return tuple(lines) or (Value(NOTHING_BINDS.say(view.language)),)


def next_money(view: View, money: Money) -> tuple[Block, ...]:
    """What more of something buys, as it was solved; that it was not."""
    return tuple(Text(line, "item") for line in money.lines) or (Note(NOT_ASKED.say(view.language)),)


def items(lines: Sequence[str | Value]) -> tuple[Block, ...]:
    """A list."""
    return tuple(Text(line, "item") for line in lines)


def document(view: View, template: str, title: Words, sections: Sequence[Section]) -> Document:
    """A report about the plan, with its seal, its standing and its stamp on every page."""
    plan = view.plan
    marks = [mark.say(view.language) for mark in (INTERNAL, standing_of(plan), _stamp(plan)) if mark is not None]
    return Document(
        template,
        title.say(view.language),
        _name(view),
        view.language,
        tuple(sections),
        day=span(plan, view),
        stamp=Words("；", "; ").say(view.language).join(marks),
        seal=plan.short_seal,
    )


def _name(view: View) -> str:
    """The name of the plan, with the scenario that it is one of."""
    head = view.plan.plan
    if head.scenario is None:
        return head.name
    return Words("{name}（情景：{scenario}）", "{name} (scenario: {scenario})").say(
        view.language, name=head.name, scenario=head.scenario
    )


def span(plan: Plan, view: View) -> str:
    """``2027Q1 至 2027Q4``, with the day that facts are of."""
    first, last = plan.plan.quarters[0], plan.plan.quarters[-1]
    said = Words("{first} 至 {last}", "{first} to {last}") if first != last else Words("{first}", "{first}")
    text = said.say(view.language, first=first, last=last)
    return (
        text
        if plan.plan.on is None
        else Words("{text}，进展算到 {on}", "{text}, facts up to {on}").say(view.language, text=text, on=plan.plan.on)
    )


def _stamp(plan: Plan) -> Words | None:
    """The word of the stamp; its reason stands in the text."""
    stamp = stamp_of(plan)
    return None if stamp is None else Words(stamp.zh.split("：")[0].split("，")[0], stamp.en.split(":")[0].split(",")[0])


def map_picture(view: View, width: float, height: float, chain_id: str | None = None) -> Picture:
    """The plan's map, or that of one chain, of so many mm."""
    from planner.publish.map.picture import map_svg

    svg = map_svg(view.plan, width_mm=width, height_mm=height, chain_id=chain_id, language=view.language)
    where = view.chain_names.get(chain_id or "", view.plan.plan.name)
    alt = Words("{where}：入选项目在各园区的落位图", "{where}: map of parks and selected projects").say(view.language, where=where)
    return Picture(svg, alt)


def completeness(view: View, chains: Sequence[ChainResult]) -> Bars:
    """How complete each chain is before and after the plan."""
    before = [chain.completeness_before for chain in chains]
    after = [chain.completeness_after for chain in chains]
    series = (
        Series(BEFORE.say(view.language), tuple(before), tuple(_shares(view, chains, before, after=False))),
        Series(AFTER.say(view.language), tuple(after), tuple(_shares(view, chains, after, after=True))),
    )
    alt = _say(view, "各产业链完整度，计划前后", "Completeness of each chain before and after the plan")
    return Bars(tuple(chain.name for chain in chains), series, alt, alt, "0.0%", 1.0)


def _shares(view: View, chains: Sequence[ChainResult], shares: Sequence[float | None], after: bool) -> Iterator[Value]:
    for chain, share in zip(chains, shares, strict=True):
        yield Value(_share(view, share), share is not None and view.basis.chain(chain, after))


def later(view: View) -> tuple[Block, ...]:
    """What falls due after the horizon."""
    text = later_text(view.plan, view.language)
    return () if text is None else (Note(text),)


def _say(view: View, zh: str, en: str) -> str:
    return Words(zh, en).say(view.language)


def _money(view: View, value: float | None, *fields: str) -> str:
    """An amount that firms add up to, with a mark where one of the fields is assumed of some firm."""
    if value is None:
        return UNKNOWN.say(view.language)
    return view.money(value) + (MARK if view.basis.any_firm(*fields) else "")


def _share(view: View, share: float | None) -> str:
    return UNKNOWN.say(view.language) if share is None else percent(share)


def _count(count: int | None) -> str:
    return UNKNOWN.zh if count is None else str(count)
