"""What a plan changes of an earlier one, in words: for console, log, workbook and map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.language import Language, Words
from planner.plan.model import Plan
from planner.plan.reference.records import ProjectChange
from planner.publish.figures import figure

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
    "free": Words("信守原计划不损失目标值（已证明）", "keeping the word costs nothing (proved)"),
    "costs": Words("信守原计划有代价（已证明）", "keeping the word costs (proved)"),
    "uncertain": Words("信守原计划是否有代价，未能定论", "whether keeping the word costs is not settled"),
}
MORE = Words("……另有 {n} 项，见工作簿“变动”", "… {n} more in the sheet of changes of the workbook")
SHOWN = 30
"""Changes that the console lists."""


def report_words(plan: Plan) -> Iterator[Words]:
    """What is to be said of a plan's changes as a whole: nothing without a report."""
    report = plan.change_report
    if report is None:
        return
    if not report.changes:
        yield Words("与 {run} 相比没有任何变动", "nothing changes against {run}").fill(run=report.run)
    if report.verdict is not None:
        span = Words("{low} 至 {high}", "{low} to {high}").fill(
            low=figure(report.keeping_lowest or 0.0), high="—" if report.keeping_highest is None else figure(report.keeping_highest)
        )
        yield Words("{verdict}：代价在 {span} 之间", "{verdict}: its cost lies within {span}").fill(
            verdict=VERDICTS[report.verdict], span=span
        )
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


def change_words(plan: Plan, change: ProjectChange) -> Words:
    """One change: who, from where and when to where and when, why."""
    parks = {park.park_id: park.name for park in plan.parks}

    def place(park: str | None, quarter: str | None) -> str:
        return " ".join(part for part in (parks.get(park or "", park), quarter) if part)

    before, after = place(change.park_before, change.quarter_before), place(change.park_after, change.quarter_after)
    path = " → ".join(part for part in (before, after) if part)
    return Words("{kind} {name}（{id}） {path}：{why}", "{kind} {name} ({id}) {path}: {why}").fill(
        kind=KINDS[change.kind], name=change.name, id=change.candidate_id, path=path, why=change.why
    )


def changes_text(plan: Plan, language: Language) -> str:
    """The report of a plan, a line a change; empty without one."""
    if plan.change_report is None:
        return ""
    changes = plan.change_report.changes
    lines = [*report_words(plan), *(change_words(plan, change) for change in changes[:SHOWN])]
    if len(changes) > SHOWN:
        lines.append(MORE.fill(n=len(changes) - SHOWN))
    return "\n".join(line.say(language) for line in lines)
