"""The responsibility table on the screen: what is assigned, who carries how much, what is lacking."""

from __future__ import annotations

from planner.language import Language, Words
from planner.tracking.people.record import Responsibility
from planner.tracking.people.words import CAUSES

SHOWN = 20
"""Gaps and vacancies that are printed one by one."""
_HEAD = Words(
    "责任表：{plan}（封印 {seal}）；{projects} 个项目，{owned} 个有责任人，{gaps} 个没有",
    "who answers for what: {plan} (seal {seal}); {projects} projects, {owned} with an owner, {gaps} without",
)
_KEPT = Words("原有责任人保留 {kept} 个，改派 {other} 个", "owners kept: {kept}; replaced: {other}")
_LOADS = Words("负荷（项目数／容量）：{loads}", "loads (projects / capacity): {loads}")
_GAP = Words("  没有责任人：{name}（{chain}，{park}）：{cause}", "  no owner: {name} ({chain}, {park}): {cause}")
_FULL = Words("{cause}（{names}）", "{cause} ({names})")
_VACANT = Words("  空缺：{chain} {level}{role}", "  vacant: {chain} {level}{role}")
_MORE = Words("  …… 另有 {n} 处，见工作簿", "  … and {n} more, see the workbook")
_REPLACED = Words("  改派：{name} 原为 {had}：{cause}", "  replaced: {name} was of {had}: {cause}")


def people_text(found: Responsibility, language: Language) -> str:
    """In sentences."""
    owned = [one for one in found.projects if one.owner is not None]
    replaced = [one for one in found.projects if one.not_kept is not None]
    lines = [
        _HEAD.say(
            language, plan=found.plan, seal=found.seal[:8], projects=len(found.projects), owned=len(owned), gaps=len(found.gaps)
        )
    ]
    if any(one.had for one in found.projects):
        kept = sum(one.had is not None and one.not_kept is None for one in found.projects)
        lines.append(_KEPT.say(language, kept=kept, other=len(replaced)))
    if found.loads:
        unlimited = Words("不限", "unlimited")
        loads = Words.listed(
            Words("{name} {load}/{most}", "{name} {load}/{most}").fill(
                name=one.person, load=one.load, most=unlimited if one.capacity is None else one.capacity
            )
            for one in found.loads
        )
        lines.append(_LOADS.say(language, loads=loads))
    unknown = Words("—", "—")
    told = []
    for gap in found.gaps:
        cause = CAUSES[gap.cause]
        if gap.full:
            cause = _FULL.fill(cause=cause, names=Words.listed(gap.full))
        told.append(_GAP.say(language, name=gap.name, chain=gap.chain_name or unknown, park=gap.park_name, cause=cause))
    told += [_REPLACED.say(language, name=one.name, had=one.had, cause=CAUSES[one.not_kept]) for one in replaced if one.not_kept]
    told += [
        _VACANT.say(language, chain=one.chain_name, level=f"{one.level} " if one.level else "", role=one.role)
        for one in found.vacant
    ]
    lines += told[:SHOWN]
    if len(told) > SHOWN:
        lines.append(_MORE.say(language, n=len(told) - SHOWN))
    return "\n".join(lines)
