"""How many projects come from stage to stage, as ``planner check`` says it, and how to take that for a probability of landing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.case.case import Case
from planner.case.history import ENOUGH, SIGNED, STAGE_WORDS
from planner.language import Language, Words
from planner.settings.write import flow

TITLE = Words(
    "阶段转化：由截至 {on} 有进展的 {count} 个项目算出（计算值），不会自动采用",
    "From stage to stage: computed from {count:project} with events up to {on}; not taken by itself",
)
LINE = Words(
    "{stage}：{projects} 个项目到过，{next} 个进到以后的阶段（{share}）{days}；其中流失 {lost} 个，暂缓 {paused} 个",
    "{stage}: {projects:project} came to it, {next} went further ({share}){days}; lost: {lost}, on hold: {paused}",
)
SIGNING = Words(
    "；{signed} 个签约（{share}）{days}，{open} 个还没有结果", "; {signed} signed ({share}){days}, {open} are open still"
)
DAYS = Words("，中位数 {days} 天", ", in {days} days by the median")
FEW = Words("；少于 {enough} 个项目，不足以作概率", "; fewer than {enough:project}: too few for a probability")
TAKE = Words(
    "如以此作为现处“{stage}”的 {count} 个项目的落地概率，在 plan.yaml 的 changes 下加：",
    "to take it as the landing probability of {count:project} now at {stage}, add below changes in plan.yaml:",
)
REASON = Words(
    "按截至 {on} 的进展算出：到过“{stage}”的 {projects} 个项目中 {signed} 个签约",
    "computed from events up to {on}: {signed} of {projects:project} that came to {stage} signed",
)


def landing_changes(case: Case) -> Mapping[str, Mapping[str, Any]]:
    """For each stage before signing of which enough projects are known the change of plan.yaml that gives those who now stand at it the
    share that signed as their landing probability; of stages at which nobody stands, none."""
    if case.history.on is None:
        return {}
    standing, language = case.history.standing(), case.settings.language
    ids = case.candidates["candidate_id"].astype(str)
    changes: dict[str, Mapping[str, Any]] = {}
    for row in case.history.conversions().head(SIGNED).to_dict("records"):
        at = standing["candidate"][standing["stage"] == row["stage"]]
        if row["projects"] < ENOUGH or not len(at):
            continue
        told = {"on": case.history.on.isoformat(), "stage": STAGE_WORDS[row["stage"]]}
        changes[row["stage"]] = {
            "table": "candidates",
            "where": {"candidate_id": ids.iloc[at.to_numpy()].tolist()},
            "column": "landing_probability",
            "set": round(float(row["share_signed"]), 4),
            "reason": REASON.say(language, **told, projects=row["projects"], signed=row["signed"]),
        }
    return changes


def stages_text(case: Case, language: Language) -> str:
    """The rates and the lines to take them; empty without events."""
    on, standing = case.history.on, case.history.standing()
    if on is None or not len(standing):
        return ""
    changes = landing_changes(case)
    lines = [TITLE.say(language, on=on.isoformat(), count=len(standing))]
    for position, row in enumerate(case.history.conversions().to_dict("records")[:-1]):
        if row["projects"]:
            lines.append(f"  - {_line(row, position < SIGNED, language)}")
            lines += _taken(row["stage"], changes, language)
    return "\n".join(lines)


def _line(row: Mapping[Any, Any], before: bool, language: Language) -> str:
    """One stage."""
    share, days = f"{row['share_next']:.0%}", _days(row["days_next"], language)
    told = {name: row[name] for name in ("projects", "next", "lost", "paused")}
    text = LINE.say(language, stage=STAGE_WORDS[row["stage"]], share=share, days=days, **told)
    if before:
        share, days = f"{row['share_signed']:.0%}", _days(row["days_signed"], language)
        text += SIGNING.say(language, signed=row["signed"], share=share, days=days, open=row["open"])
        text += FEW.say(language, enough=ENOUGH) if row["projects"] < ENOUGH else ""
    return text


def _days(days: float, language: Language) -> str:
    return "" if days != days else DAYS.say(language, days=f"{days:g}")


def _taken(stage: str, changes: Mapping[str, Mapping[str, Any]], language: Language) -> Sequence[str]:
    if stage not in changes:
        return ()
    change = changes[stage]
    count = len(change["where"]["candidate_id"])
    return [f"      {TAKE.say(language, stage=STAGE_WORDS[stage], count=count)}", f"      - {flow(dict(change))}"]
