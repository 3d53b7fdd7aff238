"""The ledgers on the screen: figures, and what needs somebody to act."""

from __future__ import annotations

from collections import Counter

from planner.language import Language, Words
from planner.publish.figures import money
from planner.tables.following import STAGE_WORDS
from planner.tracking.ledger.record import LISTS, Ledgers, Sums, Target
from planner.tracking.ledger.words import (
    KIND_WORDS,
    LIGHT_WORDS,
    LIST_WORDS,
    PLANNED_WORDS,
    UNTOLD,
    change_words,
    rules_words,
    target_words,
)

SHOWN = 20
"""Changes and projects that are told one by one."""
HEAD = Words(
    "{plan}：台账，进展算到 {on}；清单 {first} 至 {last}", "{plan}: ledgers, events up to {on}; lists of {first} to {last}"
)
LIST = Words("  {name} {n} 个{names}", "  {name}: {n}{names}")
LIGHTS = Words("红黄灯：{each}", "lights: {each}")
LATE = Words("  超过计划日期：{n} 个{names}", "  past the planned date: {n}{names}")
PROBLEMS = Words(
    "问题：未办结 {open} 个，其中超期 {late} 个；已办结 {closed} 个；未办结的调度事项 {orders} 个",
    "problems: {open} open, {late} of them overdue; {closed} closed; {orders} orders open",
)
TOTAL = Words("  {stage}：本期 {period}，本年 {year}", "  {stage}: period {period}, this year {year}")
SUM = Words("{n} 个 {money}{unknown}", "{n} ({money}{unknown})")
UNKNOWN = Words("（{n} 个不知投资额）", ", investment of {n} not known")
TARGET = Words(
    "  目标 {stage}（{of}，{first} 至 {last}，时间已过 {elapsed}）：{each}",
    "  target {stage} ({of}, {first} to {last}, {elapsed} of the time gone): {each}",
)
PLAN = Words("计划对照：{each}", "plan and fact: {each}")
CHANGES = Words("与 {against} 相比：{n} 处变化", "since {against}: {n:change}")
CHANGE = Words("  {kind} {id} {name}：{what}", "  {kind}: {id} {name}: {what}")
MORE = Words("  …… 另有 {n} 处，见工作簿", "  … and {n} more, see the workbook")


def ledger_text(found: Ledgers, language: Language) -> str:
    """In sentences."""
    lines = [HEAD.say(language, plan=found.plan, on=found.on, first=found.first, last=found.last)]
    for name in LISTS:
        lines.append(
            LIST.say(
                language,
                name=LIST_WORDS[name],
                n=len(found.lists[name]),
                names=_names([one.project.name for one in found.lists[name]]),
            )
        )
    lights = Counter(one.light for one in found.progress)
    each = Words.listed(f"{LIGHT_WORDS[lamp].say(language)} {lights[lamp]}" for lamp in ("green", "yellow", "red", "out"))
    lines.append(LIGHTS.say(language, each=each))
    for lamp in ("out", "red"):
        if names := [one.project.name for one in found.progress if one.light == lamp]:
            lines.append(LIST.say(language, name=LIGHT_WORDS[lamp], n=len(names), names=_names(names)))
    late = [one.project.name for one in found.progress if one.overdue]
    lines += [LATE.say(language, n=len(late), names=_names(late))] if late else []
    states, orders = (Counter(one.state for one in matters) for matters in (found.problems, found.orders))
    open_ = states["open"] + states["overdue"]
    lines.append(
        PROBLEMS.say(
            language, open=open_, late=states["overdue"], closed=states["closed"], orders=orders["open"] + orders["overdue"]
        )
    )
    for one in found.reached:
        lines.append(
            TOTAL.say(language, stage=STAGE_WORDS[one.stage], period=_sum(one.period, language), year=_sum(one.year, language))
        )
    lines += [_target(one, language) for one in found.targets]
    if found.seal is not None:
        counts: Counter[str] = Counter(one.state for one in found.planned)
        each = Words.listed(f"{words.say(language)} {counts[state]}" for state, words in PLANNED_WORDS.items() if counts[state])
        lines.append(PLAN.say(language, each=each))
    if found.against is not None:
        lines.append(CHANGES.say(language, against=found.against, n=len(found.changes)))
        for change in found.changes[:SHOWN]:
            what = change_words(change)
            lines.append(CHANGE.say(language, kind=KIND_WORDS[change.kind], id=change.candidate_id, name=change.name, what=what))
        if more := len(found.changes) - SHOWN:
            lines += [MORE.say(language, n=more)] if more > 0 else []
    if found.untold:
        lines.append(UNTOLD.say(language, n=len(found.untold), names=Words.listed(found.untold, SHOWN)))
    return "\n".join([*lines, *(words.say(language) for words in rules_words(found))])


def _names(names: list[str]) -> Words:
    return Words("：{names}", ": {names}").fill(names=Words.listed(names, SHOWN)) if names else Words("", "")


def _sum(one: Sums, language: Language) -> str:
    unknown = UNKNOWN.fill(n=one.unknown) if one.unknown else Words("", "")
    return SUM.say(language, n=one.projects, money=money(one.investment, language), unknown=unknown)


def _target(one: Target, language: Language) -> str:
    parts = []
    if one.projects is not None:
        parts.append(
            Words("{fact}/{aim} 个", "{fact} of {aim} projects").say(language, fact=one.reached.projects, aim=f"{one.projects:g}")
        )
    if one.investment is not None:
        parts.append(f"{money(one.reached.investment, language)} / {money(one.investment, language)}")
    told = {"stage": STAGE_WORDS[one.stage], "of": target_words(one), "first": one.first, "last": one.last}
    return TARGET.say(language, **told, elapsed=f"{one.elapsed:.0%}", each=Words.listed(parts))
