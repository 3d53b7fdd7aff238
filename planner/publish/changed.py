"""What a plan changes of an earlier one, in words: for console, log, workbook and map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.plan.reference.records import ChangeReport, ProjectChange, Undone
from planner.publish.figures import figure, money
from planner.publish.proof import run_name
from planner.publish.words import TERMS

KINDS: Mapping[str, Words] = {
    "fallen": Words("退出（事实）", "gone (fact)"),
    "dropped": Words("退出", "dropped"),
    "added": Words("新增", "added"),
    "moved": Words("调整", "moved"),
}
CAUSES: Mapping[str, Words] = {
    "fact": Words("事实", "a fact"),
    "closed": Words("原位置已不可用", "its place is not open any more"),
    "room": Words("腾出了余地", "room was left"),
    "link": Words("接替环节", "takes over a link"),
    "new": Words("新的可能", "newly possible"),
    "better": Words("更优安排", "a better plan"),
}
VERDICTS: Mapping[str, Words] = {
    "free": Words("少变动没有损失目标值（已证明）", "changing so little costs nothing (proved)"),
    "costs": Words("少变动有代价（已证明）", "changing so little costs (proved)"),
    "uncertain": Words("少变动是否有代价，未能定论", "whether changing so little costs is not settled"),
}
IMPOSSIBLE = Words("不可能", "impossible")
AT_MOST, UNSETTLED = Words("至多 {high}", "{high} at most"), Words("未能定论", "not settled")
ALONE = Words("单独照旧的代价", "Cost of keeping it alone")
BEFORE, NOW, WHY = Words("原计划", "Before"), Words("本计划", "Now"), Words("原因", "Why")
RULES = Words("软规则", "soft rules")
MORE = Words("……另有 {n} 项，见工作簿“变动”", "… {n} more in the sheet of changes of the workbook")
SHOWN = 30
"""Changes that the console lists."""


def report_words(plan: Plan) -> Iterator[Words]:
    """What is to be said of a plan's changes as a whole: nothing without a report."""
    report = plan.change_report
    if report is None:
        return
    if not report.changes:
        yield Words("与 {run} 相比没有任何变动", "nothing changes against {run}").fill(run=run_name(report.run))
    if report.verdict is not None:
        span = Words("{low} 至 {high}", "{low} to {high}").fill(
            low=figure(report.keeping_lowest or 0.0), high="—" if report.keeping_highest is None else figure(report.keeping_highest)
        )
        if report.verdict == "free":
            yield VERDICTS["free"]
        else:
            yield Words("{verdict}：代价在 {span} 之间{money}", "{verdict}: its cost lies within {span}{money}").fill(
                verdict=VERDICTS[report.verdict], span=span, money=_worth_words(report, report.keeping_highest or 0.0)
            )
    yield from _price_words(report)
    if report.changes:
        if report.kept_value is not None:
            yield Words(
                "原计划去掉因事实退出的、其余一概不动，目标值为 {kept}；本计划为 {value}，多 {more}",
                "the earlier plan without those that facts took, nothing else changed, is worth {kept}; this plan {value}, {more} more",
            ).fill(kept=figure(report.kept_value), value=figure(report.value), more=figure(report.value - report.kept_value))
        elif report.not_keepable:
            yield Words(
                "原计划已不能照旧：{who} 的位置已不可用", "the earlier plan cannot stand: the places of {who} are not open any more"
            ).fill(who=Words("、".join(report.not_keepable), ", ".join(report.not_keepable)))
        else:
            yield Words("原计划照旧已不可行", "the earlier plan as it was is no plan any more")


def _price_words(report: ChangeReport) -> Iterator[Words]:
    """What the objective charges for a change of each kind, and what that is in money."""
    for price in dict.fromkeys(report.prices.values()):
        kinds = [TERMS[kind] for kind, of_kind in report.prices.items() if of_kind == price]
        yield Words("变动的价格：{kinds}，每个计 {price}{money}", "price of changes: {kinds}, {price} each{money}").fill(
            kinds=Words("、".join(kind.zh for kind in kinds), ", ".join(kind.en for kind in kinds)),
            price=figure(price),
            money=_worth_words(report, price),
        )


def _worth_words(report: ChangeReport, value: float) -> Words:
    """What a value is in 万元 of each term that adds up money, in brackets; nothing where none has a weight, or of nothing."""
    if not report.money or not value:
        return Words("", "")
    zh = [f"{TERMS[name].zh} {money(value * each, 'zh')}" for name, each in report.money.items()]
    en = [f"{TERMS[name].en} of {money(value * each, 'en')}" for name, each in report.money.items()]
    return Words(f"（相当于{'，或'.join(zh)}）", f" (worth {', or '.join(en)})")


def undone_words(one: Undone) -> Words:
    """What keeping one project as it was would cost: an amount, an interval, or that no plan has it so."""
    if one.outcome != "solved":
        return IMPOSSIBLE if one.outcome == "impossible" else UNSETTLED
    if one.verdict == "free":
        return Words("无代价", "nothing")
    low, high = figure(one.lowest), "—" if one.highest is None else figure(one.highest)
    if low == high:
        return Words(low, low)
    return (
        AT_MOST.fill(high=high)
        if not one.lowest and one.highest is not None
        else Words("{low} 至 {high}", "{low} to {high}").fill(low=low, high=high)
    )


def parts_words(one: Undone) -> Words:
    """The same term by term, the largest first, and how many others would change with it."""
    order = sorted(one.items.items(), key=lambda item: -abs(item[1]))
    names = [RULES if name == "rules" else TERMS.get(name, Words(name, name)) for name, _ in order]
    texts = [f"{'+' if value > 0 else '−'}{figure(abs(value))}" for _, value in order]
    told = list(zip(names, texts, strict=True))
    parts = Words("、".join(f"{name.zh} {text}" for name, text in told), ", ".join(f"{name.en} {text}" for name, text in told))
    if not one.others:
        return parts
    others = Words("另有 {n} 个项目随之变动", "{n:other project} would change with it").fill(n=len(one.others))
    return Words(f"{parts.zh}；{others.zh}" if told else others.zh, f"{parts.en}; {others.en}" if told else others.en)


def change_words(plan: Plan, change: ProjectChange) -> Words:
    """One change: who, from where and when to where and when, why."""
    parks = {park.park_id: park.name for park in plan.parks}

    def place(park: str | None, quarter: str | None) -> str:
        return " ".join(part for part in (parks.get(park or "", park), quarter) if part)

    before, after = place(change.park_before, change.quarter_before), place(change.park_after, change.quarter_after)
    path = " → ".join(part for part in (before, after) if part)
    alone = (
        next((one for one in plan.change_report.undone if one.candidate_id == change.candidate_id), None)
        if plan.change_report
        else None
    )
    cost = Words("", "")
    if alone is not None:
        cost = Words("；单独照旧的代价：{cost}{parts}", "; keeping this one as it was would cost: {cost}{parts}").fill(
            cost=undone_words(alone),
            parts=bracketed_words(parts_words(alone)) if alone.outcome == "solved" and alone.items else Words("", ""),
        )
    return Words("{kind} {name}（{id}） {path}：{why}{cost}", "{kind} {name} ({id}) {path}: {why}{cost}").fill(
        kind=KINDS[change.kind], name=change.name, id=change.candidate_id, path=path, why=change.why, cost=cost
    )


def bracketed_words(words: Words) -> Words:
    """In brackets."""
    return Words(f"（{words.zh}）", f" ({words.en})")


def change_rows(plan: Plan, change: ProjectChange, language: Language) -> list[tuple[Words, str]]:
    """One change as headings and texts: from where and when, to where and when, why, and what undoing it would cost."""
    parks = {park.park_id: park.name for park in plan.parks}
    places = ((BEFORE, change.park_before, change.quarter_before), (NOW, change.park_after, change.quarter_after))
    rows = [(heading, " ".join((parks.get(park, park), quarter or ""))) for heading, park, quarter in places if park is not None]
    rows.append((WHY, change.why.say(language)))
    alone = [one for one in plan.change_report.undone if one.candidate_id == change.candidate_id] if plan.change_report else []
    return [*rows, *((ALONE, undone_words(one).say(language)) for one in alone)]


def changes_text(plan: Plan, language: Language) -> str:
    """The report of a plan, a line a change; empty without one."""
    if plan.change_report is None:
        return ""
    changes = plan.change_report.changes
    lines = [*report_words(plan), *(change_words(plan, change) for change in changes[:SHOWN])]
    if len(changes) > SHOWN:
        lines.append(MORE.fill(n=len(changes) - SHOWN))
    return "\n".join(line.say(language) for line in lines)
