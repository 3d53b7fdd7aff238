"""A comparison in plain words: names of figures, how sure a difference is, which override caused it, the console's table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from planner.language import Language, Words
from planner.plan.model import SHORT
from planner.plan.open import Opened
from planner.publish.figures import figure, gap_text
from planner.publish.proof import unfit
from planner.publish.words import FAMILIES, SEAL, TERMS, UNKNOWN, unit_words
from planner.questions.compare.record import BindingLimit, Certainty, Comparison, Effect, Entry, Measure, Outcome, Projects
from planner.questions.words import aligned, bracketed
from planner.reading.changes.words import change_words, short
from planner.settings.document import dotted
from planner.settings.layers import CHANGES, Override

MONEY, NO_UNIT = "万元", ""
FIGURES: Mapping[str, tuple[Words, str]] = {
    "value": (Words("目标值", "Value"), NO_UNIT),
    "value_by_base": (Words("按基准权重计的目标值", "Value by the base's weights"), NO_UNIT),
    "selected": (Words("入选项目", "Projects"), NO_UNIT),
    "investment": (Words("计划投资", "Investment"), MONEY),
    "output": (Words("达产年产值", "Output a year"), MONEY),
    "tax": (Words("年税收", "Tax a year"), MONEY),
    "jobs": (Words("就业", "Jobs"), "人"),
    "expected_output": (Words("预期年产值", "Expected output a year"), MONEY),
    "expected_tax": (Words("预期年税收", "Expected tax a year"), MONEY),
    "subsidy": (Words("奖补诉求", "Subsidy asked"), MONEY),
    "subsidy_after_horizon": (Words("规划期后兑付", "Paid after the horizon"), MONEY),
    "effort_after_horizon": (Words("规划期后工作量", "Effort after the horizon"), "人月"),
    "shortage_before": (Words("计划前缺口", "Shortage before"), MONEY),
    "shortage_after": (Words("计划后缺口", "Shortage after"), MONEY),
    "links_short_before": (Words("计划前有缺口的环节", "Links short before"), NO_UNIT),
    "links_short_after": (Words("计划后有缺口的环节", "Links short after"), NO_UNIT),
    "links_closed": (Words("补齐的环节", "Links closed"), NO_UNIT),
    "single_source_before": (Words("计划前单一来源的环节", "Single-source links before"), NO_UNIT),
    "single_source_after": (Words("计划后单一来源的环节", "Single-source links after"), NO_UNIT),
    "no_source_before": (Words("计划前没有来源的环节", "Links without a source before"), NO_UNIT),
    "no_source_after": (Words("计划后没有来源的环节", "Links without a source after"), NO_UNIT),
    "backed_up_before": (Words("计划前有备份的环节", "Backed-up links before"), NO_UNIT),
    "backed_up_after": (Words("计划后有备份的环节", "Backed-up links after"), NO_UNIT),
    "completeness_before": (Words("计划前完整度", "Completeness before"), "%"),
    "completeness_after": (Words("计划后完整度", "Completeness after"), "%"),
    "parks_used": (Words("使用园区", "Parks used"), NO_UNIT),
}
"""Every figure but the terms: its name and unit; ``%`` is a share."""
SHOWN = ("selected", "investment", "expected_output", "expected_tax", "subsidy", "shortage_after", "completeness_after")
"""Figures on the console beside the values; all of them are on the sheets."""
FEW = 6
"""Projects or limits named on the console before the rest is counted."""
OUTCOMES: Mapping[Outcome, Words] = {
    "plan": Words("有计划", "plan"),
    "infeasible": Words("无解", "infeasible"),
    "no_plan": Words("时限内没有找到计划", "no plan in time"),
    "refused": Words("数据或设置有误", "wrong input"),
    "interrupted": Words("未求解：已中断", "not solved: interrupted"),
}
MEASURES: Mapping[Measure, Words] = {
    "mode": Words("一个加权、一个分级", "one has weights, the other priorities"),
    "levels": Words("级数不同", "the numbers of levels differ"),
    "weights": Words("权重不同", "weights differ"),
    "divisors": Words("归一基数不同", "divisors differ"),
    "prices": Words("软规则代价不同", "prices of soft rules differ"),
}
"""Why two values cannot be compared."""
NOT_IN_BASE = Words("，基准的数据中没有", ", not among the base's data")
NOT_HERE = Words("（本计划的数据中没有）", " (not among this plan's data)")
LIST, COLON, STOP, NOTHING = Words("、", ", "), Words("：", ": "), Words("；", "; "), Words("", "")


def override_words(opened: Opened, override: Override) -> Words:
    """What an override says, for people; values as they were written (R6: text, wherever it goes)."""
    if override.keys == (CHANGES,) and isinstance(override.value, Mapping):
        return change_words(override.value)
    before: object = opened.loaded.settings
    for part in override.keys:
        before = before.get(part) if isinstance(before, Mapping) else getattr(before, str(part), None)
    key, old, new = dotted(override.keys), short(before), short(override.value)
    return Words(f"{key}：{old} → {new}", f"{key}: {old} → {new}")


def figure_name(name: str) -> Words:
    """A figure in words; an objective term says that its raw figure is meant."""
    if name in FIGURES:
        return FIGURES[name][0]
    if name.startswith("level:"):
        number = name.removeprefix("level:")
        return Words(f"第 {number} 级目标值", f"Value of level {number}")
    term = name.removeprefix("term:")
    words = TERMS.get(term, Words(term, term))
    return Words(f"目标项：{words.zh}", f"Term: {words.en}")


def is_value(name: str) -> bool:
    """The figure tells what a plan is worth, altogether or at one level."""
    return name == "value" or name.startswith("level:")


def values_of(entry: Entry) -> Mapping[str, float]:
    """What a plan is worth, by figure: its value, or that of each level."""
    levels = {f"level:{number}": level.value for number, level in enumerate(entry.levels, start=1)}
    return levels or ({} if entry.value is None else {"value": entry.value})


def value_names(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Figures that tell what the plans are worth: the value, then that of each level where some plan has priorities."""
    names = dict.fromkeys(name for entry in entries for name in values_of(entry))
    return tuple(sorted(names, key=lambda name: name != "value")) or ("value",)


def deltas(entry: Entry) -> Mapping[str, float | None]:
    """Each figure less the base's; nothing where there is no difference to tell."""
    return {} if entry.difference is None else {name: told.difference for name, told in entry.difference.figures.items()}


def gap_words(entry: Entry) -> Words:
    """The gap, with the level that it is of, and the stamp of a plan that nobody should decide by."""
    if entry.kpis is None:
        return UNKNOWN
    gap = UNKNOWN.zh if entry.gap is None else gap_text(entry.gap)
    of = Words(f"第 {entry.level} 级 ", f"level {entry.level} ") if entry.level else NOTHING
    stamp = NOTHING if unfit(entry.gap) is None else Words("，不宜上会", ", not fit for decision")
    return Words(f"{of.zh}{gap}{stamp.zh}", f"{of.en}{gap}{stamp.en}")


def is_share(name: str) -> bool:
    """The figure is a share of 1."""
    return name in FIGURES and FIGURES[name][1] == "%"


def unit_of(name: str, language: Language) -> str:
    """The unit of a figure; nothing for counts and shares."""
    return "" if name not in FIGURES or is_share(name) else unit_words(FIGURES[name][1]).say(language)


def amount(name: str, value: float | None, sign: bool = False) -> str:
    """A figure as text, with its sign where it is a difference."""
    if value is None:
        return UNKNOWN.zh
    if is_share(name):
        return "0" if sign and value == 0 else f"{value:{'+' if sign else ''}.2%}"
    text = f"{value:,.5g}" if name.startswith(("value", "level:")) and abs(value) < 1000 else figure(value)
    return f"+{text}" if sign and value > 0 else text


def certainty_words(told: Certainty) -> Words:
    """How sure the difference of the values is, with the interval in which it is proved to lie."""
    if not told.comparable:
        reasons = [MEASURES[measure] for measure in told.differs]
        zh, en = "、".join(reason.zh for reason in reasons), ", ".join(reason.en for reason in reasons)
        return Words(f"{zh}，两个目标值不能直接相比", f"{en}: the two values cannot be compared directly")
    level = Words(f"第 {told.level} 级：", f"level {told.level}: ") if told.level else NOTHING
    if told.sure is None or told.least is None or told.most is None:
        words = Words("没有上界，差别未经证明", "there is no bound: the difference is not proved")
    elif told.sure:
        words = Words("符号已证明：两个最优值之差在 {low} 与 {high} 之间", "sign proved: the two optima differ by {low} to {high}")
    else:
        words = Words(
            "两个最优值之差只证明在 {low} 与 {high} 之间：求解差距使正负未定",
            "the two optima are proved to differ by {low} to {high} only: within the gap even the sign is open",
        )
    words = words.fill(low=amount("value", told.least, sign=True), high=amount("value", told.most, sign=True))
    return Words(level.zh + words.zh, level.en + words.en)


def comparison_text(comparison: Comparison, folder: Path | None) -> str:
    """The table of figures, then each plan: what was changed, which projects differ, which override caused what."""
    language, entries = comparison.language, comparison.entries
    stamps = [(entry, None if entry.kpis is None else unfit(entry.gap)) for entry in entries]
    parts = [_table(comparison)]
    parts += [f"{entry.name}{COLON.say(language)}{stamp.say(language)}" for entry, stamp in stamps if stamp]
    parts += ["\n".join(_about(entry, language)) for entry in entries[1:]]
    if comparison.interrupted:
        words = Words("已中断：未求解完的情景没有结果。", "interrupted: scenarios that were not done have no result.")
        parts.append(words.say(language))
    if entries[0].outcome != "plan":
        parts.insert(0, "\n".join(_about(entries[0], language)))
    if folder is not None:
        parts.append(str(folder))
    return "\n\n".join(parts)


def _table(comparison: Comparison) -> str:
    language = comparison.language
    values = value_names(comparison.entries)
    shown = (*values, *SHOWN)
    head = (Words("计划", "plan"), *map(figure_name, shown), Words("差距", "gap"))
    rows = [[*(words.say(language) for words in head), SEAL.say(language).lower()]]
    for entry in comparison.entries:
        if entry.kpis is None:
            rows.append([entry.name, OUTCOMES[entry.outcome].say(language), *[""] * (len(shown) + 1)])
            continue
        figures = [*map(values_of(entry).get, values), *(getattr(entry.kpis, name) for name in SHOWN)]
        told = (amount(name, value) for name, value in zip(shown, figures, strict=True))
        rows.append([entry.name, *told, gap_words(entry).say(language), (entry.seal or "")[:SHORT]])
        if entry.difference is not None:
            change = deltas(entry)
            rows.append(["", *(amount(name, change.get(name), sign=True) for name in shown), "", ""])
    return aligned(rows, [False] + [True] * (len(rows[0]) - 1))


def _about(entry: Entry, language: Language) -> Iterator[str]:
    yield entry.name + ("" if entry.outcome == "plan" else COLON.say(language) + OUTCOMES[entry.outcome].say(language))
    for number, said in enumerate(entry.overrides, start=1):
        yield f"  {number}. {said.say(language)}"
    if entry.explanation is not None:
        yield from (f"  {line}" for line in entry.explanation.say(language).splitlines())
    told = entry.difference
    if told is None:
        return
    if not entry.overrides:
        settings = [f"  {change.key}: {change.base} → {change.here}" for change in told.settings]
        yield from settings[: 2 * FEW]
        if (more := len(settings) - 2 * FEW) > 0:
            yield Words(f"  还有 {more} 项设置不同", f"  {more} more settings differ").say(language)
        if told.inputs:
            tables = Words.listed(change.table for change in told.inputs)
            yield Words("  数据不同的表：{names}", "  tables with other data: {names}").say(language, names=tables)
    yield f"  {certainty_words(told.certainty).say(language)}"
    yield f"  {_projects(told.projects, language)}"
    if told.links:
        changes = [f"{link.name} {amount('shortage_after', link.shortage.difference, sign=True)}" for link in told.links[:FEW]]
        yield Words("  缺口变化：{named}（万元）", "  shortages: {named} (CNY 10k)").say(language, named=Words.listed(changes))
    for limits, words in (
        (told.limits.only_here, Words("  新的紧约束：", "  limits that bind now: ")),
        (told.limits.only_base, Words("  不再紧的：", "  no longer: ")),
    ):
        if limits:
            yield words.say(language) + _few([_limit_name(limit, language) for limit in limits], "条", language)
    yield from _causes(entry, language)


def _causes(entry: Entry, language: Language) -> Iterator[str]:
    """Which override caused what."""
    if entry.attribution is None or not entry.attribution.effects:
        return
    effects = entry.attribution.effects
    if len(effects) == 1 and len(entry.overrides) > 1:
        yield Words("  各处改动的影响没有分开求解。", "  what each change brings was not solved for.").say(language)
        return
    if len(effects) == 1:
        yield Words("  只改了一处：以上差别都归于它。", "  one thing was changed: all of this is put down to it.").say(language)
    else:
        words = Words("  各处改动的影响（按所写次序，逐处加上）：", "  what each change brings, made in the order written:")
        yield words.say(language)
        yield from (f"    {_effect(effect, language)}" for effect in effects)
    # Plans of nearly one value differ in much; where it is not proved that these are apart, that is said.
    if entry.difference is not None and entry.difference.certainty.sure is False:
        yield Words(
            "  两个计划的差别小于求解差距：进出、移动和指标的变化有些只是另一个同样好的方案；减小 --gap、加长 --time-limit 再比较。",
            "  the plans are closer than the gap: some of what differs is only another plan as good; compare with a smaller --gap and more --time-limit.",
        ).say(language)


def _effect(effect: Effect, language: Language) -> str:
    """``1：目标值 +0.02；入选项目 +3；…``."""
    numbers = "+".join(str(position + 1) for position in effect.overrides)
    changes = [
        f"{figure_name(name).say(language)} {amount(name, change, sign=True)}"
        for name, change in effect.figures.items()
        if change and (name in SHOWN or is_value(name))
    ]
    said = STOP.say(language).join(changes) or Words("没有变化", "no change").say(language)
    return f"{numbers}{COLON.say(language)}{said}{bracketed(certainty_words(effect.certainty).say(language), language)}"


def _projects(told: Projects, language: Language) -> str:
    """Who comes, who leaves, who moves; of who is no candidate of the other plan that is said."""
    new, gone = (words.say(language) for words in (NOT_IN_BASE, NOT_HERE))
    named = {
        "come": [
            f"{project.name}（{project.park}{new if project.candidate_id in told.only_here else ''}）" for project in told.come
        ],
        "leave": [project.name + (gone if project.candidate_id in told.only_base else "") for project in told.leave],
        "move": [f"{move.here.name}→{move.here.park} {move.here.quarter}" for move in told.move],
    }
    said = {way: _few(names, "个", language) or UNKNOWN.say(language) for way, names in named.items()}
    words = Words(
        "新增 {come}；退出 {leave}；移动 {move}；不变 {same} 个", "come: {come}; leave: {leave}; move: {move}; unchanged: {same}"
    )
    return words.say(language, same=told.same, **said)


def _few(names: Sequence[str], counter: str, language: Language) -> str:
    """The first few names, the rest counted; ``counter`` is the Chinese measure word."""
    more = len(names) - FEW
    rest = Words(f" 等 {len(names)} {counter}", f" and {more} more").say(language) if more > 0 else ""
    return LIST.say(language).join(names[:FEW]) + rest


def _limit_name(limit: BindingLimit, language: Language) -> str:
    """``东城经开区 2027Q3 用地``."""
    named = limit.subject
    if limit.family not in {"stock", "flow"} and limit.family in FAMILIES:
        named = f"{FAMILIES[limit.family].say(language)} {limit.subject}"
    return " ".join(part for part in (limit.place, limit.quarter, named) if part)
