"""An assessment in words: its lists, its remarks, and the result in lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.case.history import STAGE_WORDS
from planner.language import Language, Words
from planner.publish.figures import figure, percent, quantity
from planner.publish.words import SEMICOLON, UNKNOWN
from planner.tracking.appraise.record import Appraisal, ExtraStep, Step, Total

LISTS: Mapping[str, Words] = {
    **{
        code: Words(f"新{words.zh}" if code in {"signed", "started", "finished", "producing", "full"} else words.zh, words.en)
        for code, words in STAGE_WORDS.items()
    },
    "unstarted": Words("未开工", "not started"),
    "overdue": Words("超过计划日期", "past the planned date"),
    "yellow": Words("黄灯", "yellow light"),
    "red": Words("红灯", "red light"),
    "out": Words("出库", "out"),
    "problems": Words("问题未办结", "problem not solved"),
    "late_problems": Words("问题超期未办结", "problem past due"),
}
"""Every list that an assessment counts."""
PER: Mapping[str, Words] = {
    "plan": Words("全部", "the whole plan"),
    "chain": Words("产业链", "chain"),
    "link": Words("环节", "link"),
    "county": Words("区县", "county"),
    "team": Words("专班", "team"),
    "park": Words("园区", "park"),
    "owner": Words("责任人", "person responsible"),
}
REMARKS: Mapping[str, Words] = {
    "no_target": Words("未定目标", "no target"),
    "no_plan": Words("计划本期没有安排", "the plan has nothing for the period"),
    "nothing": Words("分母为 0，算不出", "nothing to divide by"),
}
WITHOUT = {None: Words("不考核", "not assessed"), 0.0: Words("记 0 分", "0 points"), 1.0: Words("记满分", "full points")}
"""What is done where there is no ratio, by the ratio that is used."""
HEAD = Words("{name}：{first} 至 {last}，按{per}考核", "{name}: {first} to {last}, by {per}")
LINE = Words("{rank}  {name}  {score} / {full}  {parts}", "{rank}  {name}  {score} / {full}  {parts}")
NOT_ASSESSED = Words("没有可考核的指标", "nothing to be assessed by")
UNPLACED = Words(
    "{n} 个项目没有计入：不知道园区，或没有所属的{per}：{names}", "not counted, of no known park or no {per}: {n}, {names}"
)
SHOWN = 12
"""Projects that one line names."""


def per_words(per: str) -> Words:
    """What is assessed."""
    return PER.get(per, Words(per, per))


def appraisal_text(found: Sequence[Appraisal], language: Language) -> str:
    """Each assessment, the best group first, with the score of each formula."""
    return "\n".join(line for one in found for line in _lines(one, language))


def _lines(one: Appraisal, language: Language) -> list[str]:
    per = per_words(one.per)
    lines = [HEAD.say(language, name=one.name, first=one.first, last=one.last, per=per)]
    for total in sorted(one.totals, key=lambda total: (total.rank is None, total.rank or 0)):
        lines.append("  " + _line(one, total, language))
    if one.unplaced:
        names = list(dict.fromkeys(f"{entry.candidate_id} {entry.name}" for entry in one.unplaced))
        shown = Words.listed([*names[:SHOWN], *(["…"] if len(names) > SHOWN else [])])
        lines.append("  " + UNPLACED.say(language, n=len(names), per=per, names=shown))
    return lines


def _line(one: Appraisal, total: Total, language: Language) -> str:
    if total.score is None:
        parts = [NOT_ASSESSED.say(language)]
    else:
        own = [step for step in one.steps if step.group == total.group]
        parts = [f"{step.formula} {points(step.score)}" for step in own]
        parts += [f"−{points(total.deducted)}"] if total.deducted else []
        parts += [f"+{points(total.added)}"] if total.added else []
    shown = {"rank": total.rank or UNKNOWN, "name": total.name, "score": points(total.score), "full": points(total.full)}
    return LINE.say(language, parts=SEMICOLON.say(language).join(parts), **shown)


def points(score: float | None) -> str:
    """Points with two decimals at most; a dash where there are none."""
    return "—" if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def remark(step: Step) -> Words:
    """Why there is no ratio and what is done then; nothing where there is one."""
    if not step.remark:
        return Words("", "")
    why, then = REMARKS[step.remark], WITHOUT[step.used]
    return Words(f"{why.zh}，{then.zh}", f"{why.en}: {then.en}")


def extra_name(extra: ExtraStep) -> Words:
    """What points are taken off or added for."""
    return Words(extra.name, extra.name) if extra.name else LISTS[extra.listed]


def sum_text(step: Step, language: Language) -> str:
    """The sum of a step: ``20 × 80 % (8 个 ÷ 10 个) − 1 = 15``."""
    if step.score is None or step.used is None:
        return "—"
    how = ""
    if step.ratio is not None and step.amount is not None and step.target is not None:
        shares = step.unit == "1"
        above, below = (percent(one) if shares else quantity(one, step.unit, language) for one in (step.amount, step.target))
        if step.base:
            from_base = percent(step.base) if shares else figure(step.base)
            above, below = f"({above} − {from_base})", f"({below} − {from_base})"
        limits = f" → {percent(step.used)}" if step.used != step.ratio else ""
        how = f" [{above} ÷ {below} = {percent(step.ratio)}{limits}]"
    extras = "".join(f" {sign} {points(value)}" for sign, value in (("−", step.deducted), ("+", step.added)) if value)
    return f"{points(step.weight)} × {percent(step.used)}{how}{extras} = {points(step.score)}"
