"""Risks of a plan, from facts of the plan alone, the largest first.

Each risk is a share of something that the plan counts: of its expected output, of its links, of its projects. The rule of the
order: the larger that share, the earlier; equal shares in the order of :data:`RISKS`. A share of 0 is no risk and is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from planner.language import Words
from planner.plan.records import LinkResult
from planner.publish.figures import PROVED, gap_text, percent
from planner.publish.view import View

RULE = Words(
    "风险取自计划中的事实，按所占份额从大到小排列：{n} 类中 {found} 类存在，列出 {shown} 类。",
    "Risks are facts of the plan, ordered by the share that they concern: {found} of {n} kinds are there, {shown} are listed.",
)
NAMED = 3
"""Links or firms that a risk names."""


@dataclass(frozen=True)
class Risk:
    """One kind of risk: what it is, the share that it concerns, and of what."""

    kind: str
    title: Words
    text: Words
    share: float
    of: Words
    """What the share is a part of."""
    assumed: bool = False


Found = Risk | None


def risks_of(view: View) -> tuple[Risk, ...]:
    """Every risk that the plan has, in the order of the rule."""
    found = [risk for make in RISKS if (risk := make(view)) is not None and risk.share > 0]
    return tuple(sorted(found, key=lambda risk: -risk.share))


def _landing(view: View) -> Found:
    """Output that is not to be expected, for not every project lands."""
    kpis = view.plan.kpis
    if not kpis.output or kpis.expected_output is None:
        return None
    weak = min(view.plan.selected, key=lambda firm: (firm.landing_probability, firm.rank))
    return Risk(
        "landing",
        Words("落地不确定", "Projects may not land"),
        Words(
            "按落地概率，全部达产的年产值 {all} 中预期只能实现 {expected}；概率最低的是{firm}（{chance}）。",
            "Of {all} a year at full output, {expected} is to be expected by the chances of landing; the lowest is that of {firm} ({chance}).",
        ).fill(
            all=view.money(kpis.output),
            expected=view.money(kpis.expected_output),
            firm=weak.name,
            chance=percent(weak.landing_probability),
        ),
        1 - kpis.expected_output / kpis.output,
        Words("全部达产年产值", "output of all projects"),
        view.basis.any_firm("output", "landing_probability"),
    )


def _sources(view: View) -> Found:
    """Links with demand that hang on one source or have none."""
    wanted = [link for link in view.plan.links if link.grade_after != "no_demand"]
    lone = [link for link in wanted if link.sources_after <= 1]
    if not lone:
        return None
    none = sum(link.sources_after == 0 for link in lone)
    return Risk(
        "sources",
        Words("断供", "Supply may break off"),
        Words(
            "计划后仍有 {one} 个环节只有一个来源、{none} 个没有来源，如{links}。",
            "{one:link} still {depend} on one source and {none} on none after the plan, such as {links}.",
        ).fill(one=len(lone) - none, none=none, links=_links(lone), depend="depends" if len(lone) - none == 1 else "depend"),
        len(lone) / len(wanted),
        Words("有需求的环节", "links with demand"),
        view.basis.column("links", "sources", "min_sources"),
    )


def _shortage(view: View) -> Found:
    """Demand that nobody here meets after the plan."""
    links = [link for link in view.plan.links if link.shortage_after > 0]
    demand, short = fsum(link.demand_after for link in view.plan.links), view.plan.kpis.shortage_after
    if not links or demand <= 0:
        return None
    links = sorted(links, key=lambda link: (-link.shortage_after, link.link_id))
    return Risk(
        "shortage",
        Words("缺口仍在", "A shortage remains"),
        Words(
            "计划后 {n} 个环节仍缺 {short}，最大的是{links}。",
            "{n:link} {are} still short of {short} after the plan, most of all {links}.",
        ).fill(n=len(links), are="is" if len(links) == 1 else "are", short=view.money(short), links=_named(links)),
        short / demand,
        Words("本地需求", "local demand"),
        view.basis.links(view.plan.links, after=True),
    )


def _assumptions(view: View) -> Found:
    """Selected projects of which some figure is assumed."""
    selected, plan = view.plan.selected, view.plan
    resting = [firm for firm in selected if firm.assumed]
    if not resting:
        return None
    return Risk(
        "assumptions",
        Words("依据是假设", "Figures are assumed"),
        Words(
            "{n} 个入选项目的数据含假设值，全部表中有 {columns} 列、{cells} 个单元格是假设，须核实后再定。",
            "Of {n:selected project} some figure is an assumption; the tables hold {columns:column} and {cells} cells of them to be checked first.",
        ).fill(n=len(resting), columns=len(plan.assumptions), cells=f"{sum(one.cells for one in plan.assumptions):,}"),
        len(resting) / len(selected),
        Words("入选项目", "selected projects"),
    )


def _proof(view: View) -> Found:
    """What a better plan could still win."""
    gap = view.plan.objective.gap
    if view.plan.status.proved or (gap is not None and gap <= PROVED):
        return None
    if gap is None:
        text = Words(
            "没有上界：更好的计划能好多少，没有证明。", "There is no bound: how much better a plan could be is not proved."
        )
        return Risk("proof", Words("未证明最优", "Not proved optimal"), text, 1.0, Words("目标值", "value"))
    return Risk(
        "proof",
        Words("未证明最优", "Not proved optimal"),
        Words("更好的计划至多还能多 {gap}，未证明。", "A better plan may gain up to {gap}; this is not ruled out.").fill(
            gap=gap_text(gap)
        ),
        min(1.0, gap),
        Words("目标值", "value"),
    )


def _kept_out(view: View) -> Found:
    """Candidates worth having that limits keep out."""
    out = [firm for firm in view.plan.not_selected if firm.binding]
    if not out:
        return None
    tight = next((limit for limit in view.tightest if view.kept_out[limit.limit_id]), None)
    worth = len(out) + len(view.plan.selected)
    return Risk(
        "limits",
        Words("限制已满", "Limits are reached"),
        Words(
            "{n} 个值得要的项目被限制挡住，最紧的是{limit}。",
            "{n:project} worth having {are} kept out by limits, most of all {limit}.",
        ).fill(n=len(out), are="is" if len(out) == 1 else "are", limit="—" if tight is None else view.limit(tight)),
        len(out) / worth,
        Words("值得要的项目", "projects worth having"),
    )


def _lost(view: View) -> Found:
    """Candidates that are gone or on hold, by their status or an event."""
    plan = view.plan
    gone = [
        firm
        for firm in plan.not_selected
        if firm.stage in ("lost", "paused") or any(reason.code in ("lost", "paused") for reason in firm.exclusions)
    ]
    held = [firm for firm in plan.selected if firm.stage == "paused"]
    if not gone and not held:
        return None
    return Risk(
        "lost",
        Words("企业流失或暂缓", "Firms are lost or on hold"),
        Words("{n} 个客商已流失或暂缓{held}，如{firms}。", "{n:candidate} {are} lost or on hold{held}, such as {firms}.").fill(
            n=len(gone) + len(held),
            are="is" if len(gone) + len(held) == 1 else "are",
            held=Words("（其中入选 {n} 个）", " ({n} of them selected)").fill(n=len(held)) if held else "",
            firms=Words.listed([*(firm.name for firm in held), *(firm.name for firm in gone)], NAMED),
        ),
        (len(gone) + len(held)) / (len(plan.selected) + len(plan.not_selected)),
        Words("全部客商", "all candidates"),
    )


def _later(view: View) -> Found:
    """Subsidies that fall due after the horizon."""
    kpis = view.plan.kpis
    if not kpis.subsidy or not kpis.subsidy_after_horizon:
        return None
    return Risk(
        "later",
        Words("以后的兑付", "Payments to come"),
        Words("奖补诉求中 {later} 在规划期之后兑付。", "{later} of the subsidies asked fall due after the horizon.").fill(
            later=view.money(kpis.subsidy_after_horizon)
        ),
        kpis.subsidy_after_horizon / kpis.subsidy,
        Words("奖补诉求", "subsidies asked"),
        view.basis.any_firm("subsidy", *view.basis.due),
    )


def _rules(view: View) -> Found:
    """Rules of the bureau's own that give way."""
    rules = view.plan.rules
    missed = [rule for rule in rules if rule.violation > 0]
    if not missed:
        return None
    told = [f"{rule.name} {view.group(rule)} {view.outcome(rule)}".replace("  ", " ") for rule in missed]
    return Risk(
        "rules",
        Words("规则没有满足", "Rules are not met"),
        Words("{n} 条软规则没有满足：{rules}。", "{n:soft rule} {are} not met: {rules}.").fill(
            n=len(missed), are="is" if len(missed) == 1 else "are", rules=Words.listed(told, NAMED)
        ),
        len(missed) / len(rules),
        Words("自定规则", "rules of the plan"),
    )


def _largest(view: View) -> Found:
    """The investment that hangs on one project."""
    known = [firm for firm in view.plan.selected if firm.investment is not None]
    total = view.plan.kpis.investment
    if not total or len(known) < 2:
        return None
    largest = max(known, key=lambda firm: (firm.investment or 0.0, -firm.rank))
    return Risk(
        "largest",
        Words("集中于一个项目", "One project weighs most"),
        Words("{firm}一个项目就占计划投资 {sum}。", "{firm} alone is {sum} of the investment.").fill(
            firm=largest.name, sum=view.money(largest.investment or 0.0)
        ),
        (largest.investment or 0.0) / total,
        Words("计划投资", "investment"),
        view.basis.firm(largest, "investment"),
    )


RISKS: Sequence[Callable[[View], Found]] = (
    _landing,
    _sources,
    _shortage,
    _assumptions,
    _proof,
    _kept_out,
    _lost,
    _later,
    _rules,
    _largest,
)
"""Every kind of risk that is looked for."""


def risk_lines(view: View, most: int | None = None) -> Iterator[tuple[Risk, str]]:
    """The first risks, each with its sentence: title, facts, and the share with what it is a part of."""
    line = Words("{title}（占{of} {share}）：{text}", "{title} ({share} of {of}): {text}")
    for risk in risks_of(view)[:most]:
        yield risk, line.say(view.language, title=risk.title, of=risk.of, share=percent(risk.share), text=risk.text)


def rule_text(view: View, shown: int) -> str:
    """How risks are found and ordered."""
    found = len(risks_of(view))
    return RULE.say(view.language, n=len(RISKS), found=found, shown=min(shown, found))


def _links(links: Sequence[LinkResult]) -> Words:
    """Links by name, the heaviest first."""
    return _named(sorted(links, key=lambda link: (not link.bottleneck, -link.weight, link.link_id)))


def _named(links: Sequence[LinkResult]) -> Words:
    return Words.listed([link.name for link in links], NAMED)
