"""The versions of a workspace in lines, and as data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from planner.language import Language, Words
from planner.plan.versions import STATE_WORDS, Version, in_force
from planner.publish.figures import figure, gap_text
from planner.publish.proof import stamp_of, standing_of
from planner.publish.words import UNKNOWN

HEAD = Words("{name}（{n} 次运行）", "{name} ({n:run})")
LINE = Words(
    "  {seal}  {state}{on}{by}  目标值 {value}，差距 {gap}{stamp}  {folder}{mark}",
    "  {seal}  {state}{on}{by}  value {value}, gap {gap}{stamp}  {folder}{mark}",
)
MARK = Words("  ← 现行", "  ← in force")
STAMPED = Words("，不宜上会", ", not fit for decision")
PUBLISH = Words(
    "成果上的状态在重做后更新：planner publish {folder}", "outputs say so once they are rendered again: planner publish {folder}"
)
SCENARIO = Words("，情景 {name}", ", scenario {name}")


def signed_text(version: Version, language: Language) -> str:
    """What was signed, and how outputs come to say it."""
    standing = standing_of(version.signed)
    assert standing is not None  # a signed plan has one
    return f"{standing.say(language)}\n{PUBLISH.say(language, folder=version.folder)}"


def versions_text(found: Sequence[Version], language: Language) -> str:
    """The versions, by plan; of each the newest that is approved is in force."""
    lines, now = [], in_force(found)
    for name, group in groupby(found, key=lambda one: one.plan.plan.name):
        versions = tuple(group)
        lines.append(HEAD.say(language, name=name, n=len(versions)))
        lines += [_line(one, one in now, language) for one in versions]
    return "\n".join(lines)


def _line(version: Version, now: bool, language: Language) -> str:
    plan, last = version.plan, version.lines[-1] if version.lines else None
    scenario = "" if plan.plan.scenario is None else SCENARIO.say(language, name=plan.plan.scenario)
    return LINE.say(
        language,
        seal=plan.short_seal,
        state=STATE_WORDS[version.state],
        on="" if last is None else f" {last.on}",
        by="" if last is None else f" {last.by}",
        value=figure(plan.objective.value),
        gap=UNKNOWN if plan.objective.gap is None else gap_text(plan.objective.gap),
        stamp=STAMPED if stamp_of(plan) is not None else "",
        folder=f"{version.folder}{scenario}",
        mark=MARK if now else "",
    )


def records_of(found: Sequence[Version]) -> list[dict[str, Any]]:
    """The versions as JSON has them, in the same order, each with every line that was signed."""
    now = in_force(found)
    return [
        {
            "plan": one.plan.plan.name,
            "scenario": one.plan.plan.scenario,
            "folder": str(one.folder),
            "seal": one.plan.seal,
            "state": one.state,
            "in_force": one in now,
            "value": one.plan.objective.value,
            "gap": one.plan.objective.gap,
            "proved": one.plan.status.proved,
            "signatures": [line.model_dump(mode="json", exclude={"plan"}) for line in one.lines],
        }
        for one in found
    ]
