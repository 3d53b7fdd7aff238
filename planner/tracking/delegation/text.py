"""A journey on the screen."""

from __future__ import annotations

from planner.language import Language, Words
from planner.publish.delegation.agenda import agenda
from planner.publish.delegation.record import Delegation
from planner.publish.delegation.words import (
    ELSEWHERE,
    HELPS,
    MOVED,
    NO_START,
    OPEN,
    PROVED,
    WHYS,
    day_heading,
    hours_text,
    span,
    title,
)

SHOWN = 20
"""Firms left out that are named."""
_HEAD = Words("{title}：{span}，{n} 家企业，路上约 {h} 小时 {m} 分", "{title}: {span}, {n:firm}, about {h} h {m} min on the way")
_LEFT = Words("未列入行程 {n} 家：", "{n} not visited:")
_ONE = Words("  {name}（{city}）：{why}", "  {name} ({city}): {why}")
_WHERE = Words("（{where}）", " ({where})")
_MORE = Words("  …… 另有 {n} 家，见汇总表", "  … and {n} more, see the summary")


def delegation_text(found: Delegation, language: Language) -> str:
    """Days with visits, who is left out and why, what would help."""
    hours, minutes = divmod(found.travel, 60)
    lines = [_HEAD.say(language, title=title(found), span=span(found), n=len(found.calls), h=hours, m=minutes)]
    lines.append((PROVED if found.proved else OPEN).say(language))
    if found.asked_start is None:
        lines.append(NO_START.say(language))
    elif found.asked_start != found.dates[0]:
        lines.append(MOVED.say(language, asked=found.asked_start, first=found.dates[0]))
    for day in found.days:
        lines.append(day_heading(found, day))
        for line in agenda(day, language):
            time = f"{line.begins:%H:%M}" if line.ends is None else hours_text(line.begins, line.ends)
            said = _WHERE.say(language, where=line.where + ("*" if line.assumed else "")) if line.where else ""
            lines.append(f"  {time}  {line.what}{said}")
    if found.left_out:
        lines.append(_LEFT.say(language, n=len(found.left_out)))
        lines += [_ONE.say(language, name=one.name, city=one.city, why=WHYS[one.why]) for one in found.left_out[:SHOWN]]
        if len(found.left_out) > SHOWN:
            lines.append(_MORE.say(language, n=len(found.left_out) - SHOWN))
    lines += [HELPS[one.kind].say(language, n=one.visits, more=Words.listed(one.more, 5)) for one in found.helps]
    if found.elsewhere:
        lines.append(ELSEWHERE.say(language, n=found.elsewhere))
    return "\n".join(lines)
