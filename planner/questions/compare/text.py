"""A comparison in plain words: names of figures, how sure a difference is, which override caused it, the console's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from planner.language import Language, Words
from planner.plan.model import SHORT
from planner.publish.figures import figure, gap_text
from planner.publish.proof import unfit
from planner.publish.words import FAMILIES, SEAL, TERMS, UNKNOWN, unit_words
from planner.questions.compare.record import BindingLimit, Certainty, Comparison, Effect, Entry, Measure, Placement, Projects
from planner.questions.compare.words import OUTCOMES
from planner.questions.words import aligned, bracketed

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
"""Projects or effects named on the console before the rest is counted."""
MEASURES: Mapping[Measure, Words] = {
    "mode": Words("一个加权、一个分级", "one has weights, the other priorities"),
    "levels": Words("级数不同", "the numbers of levels differ"),
    "weights": Words("权重不同", "weights differ"),
    "divisors": Words("归一基数不同", "divisors differ"),
    "prices": Words("软规则代价不同", "prices of soft rules differ"),
}
"""Why two values cannot be compared."""


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


def value_names(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Figures that tell what the plans are worth: the value, or that of each level where some plan has priorities."""
    levels = max((len(entry.levels) for entry in entries), default=0)
    weighted = any(entry.value is not None and not entry.levels for entry in entries)
    return (*(("value",) if weighted or not levels else ()), *(f"level:{n + 1}" for n in range(levels)))


def value_in(entry: Entry, name: str) -> float | None:
    """One of :func:`value_names` of a plan; None where it has none."""
    if name == "value":
        return None if entry.levels else entry.value
    number = int(name.removeprefix("level:"))
    return entry.levels[number - 1].value if number <= len(entry.levels) else None


def gap_words(entry: Entry) -> Words:
    """The gap, with the level that it is of, and the stamp of a plan that nobody should decide by."""
    if entry.kpis is None:
        return UNKNOWN
    gap = UNKNOWN.zh if entry.gap is None else gap_text(entry.gap)
    of = Words(f"第 {entry.level} 级 ", f"level {entry.level} ") if entry.level else Words("", "")
    stamp = Words("", "") if unfit(entry.gap) is None else Words("，不宜上会", ", not fit for decision")
    return Words(f"{of.zh}{gap}{stamp.zh}", f"{of.en}{gap}{stamp.en}")


def is_share(name: str) -> bool:
    """The figure is a share of 1."""
    return FIGURES.get(name, (None, ""))[1] == "%"


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
        zh, en = ("、".join(MEASURES[one].zh for one in told.differs), ", ".join(MEASURES[one].en for one in told.differs))
        return Words(f"{zh}，两个目标值不能直接相比", f"{en}: the two values cannot be compared directly")
    level = Words(f"第 {told.level} 级：", f"level {told.level}: ") if told.level else Words("", "")
    if told.sure is None or told.least is None or told.most is None:
        return Words(f"{level.zh}没有上界，差别未经证明", f"{level.en}there is no bound: the difference is not proved")
    low, high = amount("value", told.least, sign=True), amount("value", told.most, sign=True)
    if told.sure:
        return Words(
            f"{level.zh}符号已证明：两个最优值之差在 {low} 与 {high} 之间",
            f"{level.en}sign proved: the two optima differ by {low} to {high}",
        )
    return Words(
        f"{level.zh}两个最优值之差只证明在 {low} 与 {high} 之间：求解差距使正负未定",
        f"{level.en}the two optima are proved to differ by {low} to {high} only: within the gap even the sign is open",
    )


def comparison_text(comparison: Comparison, folder: Path | None) -> str:
    """The table of figures, then each plan: what was changed, which projects differ, which override caused what."""
    language = comparison.language
    colon = Words("：", ": ").say(language)
    parts = [_table(comparison)]
    parts += [f"{entry.name}{colon}{stamp.say(language)}" for entry in comparison.entries if (stamp := _stamp(entry))]
    parts += ["\n".join(_about(entry, language)) for entry in comparison.entries[1:]]
    if comparison.interrupted:
        parts.append(
            Words("已中断：未求解完的情景没有结果。", "interrupted: scenarios that were not done have no result.").say(language)
        )
    base = comparison.entries[0]
    if base.outcome != "plan":
        parts.insert(0, "\n".join(_about(base, language)))
    if folder is not None:
        parts.append(str(folder))
    return "\n\n".join(parts)


def _stamp(entry: Entry) -> Words | None:
    return None if entry.kpis is None else unfit(entry.gap)


def _table(comparison: Comparison) -> str:
    language = comparison.language
    values = value_names(comparison.entries)
    shown = (*values, *SHOWN)
    head = [
        Words("计划", "plan").say(language),
        *(figure_name(name).say(language) for name in shown),
        Words("差距", "gap").say(language),
        SEAL.say(language).lower(),
    ]
    rows = [head]
    for entry in comparison.entries:
        ended = OUTCOMES[entry.outcome].say(language)
        if entry.kpis is None:
            rows.append([entry.name, ended, *[""] * (len(shown) + 1)])
            continue
        told = [*(value_in(entry, name) for name in values), *(getattr(entry.kpis, name) for name in SHOWN)]
        figures = (amount(name, value) for name, value in zip(shown, told, strict=True))
        rows.append([entry.name, *figures, gap_words(entry).say(language), (entry.seal or "")[:SHORT]])
        if entry.difference is not None:
            found = {name: one.difference for name, one in entry.difference.figures.items()}
            rows.append(["", *(amount(name, found.get(name), sign=True) for name in shown), "", ""])
    return aligned(rows, [False] + [True] * (len(head) - 1))


def _about(entry: Entry, language: Language) -> Iterator[str]:
    colon = Words("：", ": ").say(language)
    yield entry.name + ("" if entry.outcome == "plan" else colon + OUTCOMES[entry.outcome].say(language))
    for number, said in enumerate(entry.overrides, start=1):
        yield f"  {number}. {said.words.say(language)}"
    if entry.explanation is not None:
        yield from (f"  {line}" for line in entry.explanation.words.say(language).splitlines())
    told = entry.difference
    if told is None:
        return
    if not entry.overrides:
        yield from _limited([f"  {one.key}: {one.base} → {one.here}" for one in told.settings], language)
        if told.inputs:
            names = "、".join(one.table for one in told.inputs)
            yield Words("  数据不同的表：{names}", "  tables with other data: {names}").say(language, names=names)
    sure = certainty_words(told.certainty).say(language)
    if sure:
        yield f"  {sure}"
    yield f"  {projects_text(told.projects, language)}"
    if told.links:
        named = "、".join(f"{one.name} {amount('shortage_after', one.shortage.difference, sign=True)}" for one in told.links[:FEW])
        yield Words("  缺口变化：{named}（万元）", "  shortages: {named} (万元)").say(language, named=named)
    yield from _limit_lines(told.limits.only_here, told.limits.only_base, language)
    yield from attribution_lines(entry, language)


def attribution_lines(entry: Entry, language: Language) -> Iterator[str]:
    """Which override caused what."""
    if entry.attribution is None or not entry.attribution.effects:
        return
    effects = entry.attribution.effects
    if len(entry.overrides) == 1:
        yield Words("  只改了一处：以上差别都归于它。", "  one thing was changed: all of this is put down to it.").say(language)
        yield from _doubt(entry, language)
        return
    if len(effects) == 1:
        yield Words("  各处改动的影响没有分开求解。", "  what each change brings was not solved for.").say(language)
        return
    yield Words("  各处改动的影响（按所写次序，逐处加上）：", "  what each change brings, made in the order written:").say(language)
    for effect in effects:
        yield f"    {effect_text(effect, language)}"
    yield from _doubt(entry, language)


def _doubt(entry: Entry, language: Language) -> Iterator[str]:
    """That plans of nearly one value differ in much, where it is not proved that these are apart."""
    if entry.difference is not None and entry.difference.certainty.sure is False:
        yield Words(
            "  两个计划的差别小于求解差距：进出、移动和指标的变化有些只是另一个同样好的方案；减小 --gap、加长 --time-limit 再比较。",
            "  the plans are closer than the gap: some of what differs is only another plan as good; compare with a smaller --gap and more --time-limit.",
        ).say(language)


def effect_text(effect: Effect, language: Language) -> str:
    """``1：目标值 +0.02；入选项目 +3；…``."""
    numbers = "+".join(str(position + 1) for position in effect.overrides)
    names = [name for name in effect.figures if name in SHOWN or name == "value" or name.startswith("level:")]
    parts = [
        f"{figure_name(name).say(language)} {amount(name, effect.figures[name], sign=True)}"
        for name in names
        if effect.figures[name]
    ]
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    said = stop.join(parts) or Words("没有变化", "no change").say(language)
    sure = certainty_words(effect.certainty).say(language)
    return f"{numbers}{colon}{said}{bracketed(sure, language)}"


def projects_text(told: Projects, language: Language) -> str:
    """Who comes, who leaves, who moves."""
    dash = UNKNOWN.say(language)
    return Words(
        "新增 {come}；退出 {leave}；移动 {move}；不变 {same} 个", "come: {come}; leave: {leave}; move: {move}; unchanged: {same}"
    ).say(
        language,
        come=_named(told.come, lambda one: f"{one.name}（{one.park}）", language) or dash,
        leave=_named(told.leave, lambda one: one.name, language) or dash,
        move=_named([one.here for one in told.move], lambda one: f"{one.name}→{one.park} {one.quarter}", language) or dash,
        same=told.same,
    )


def _named(placed: tuple[Placement, ...] | list[Placement], say: Callable[[Placement], str], language: Language) -> str:
    text = ("、" if language == "zh" else ", ").join(say(one) for one in placed[:FEW])
    more = len(placed) - FEW
    return text + (Words(f" 等 {len(placed)} 个", f" and {more} more").say(language) if more > 0 else "")


def _limited(lines: list[str], language: Language) -> Iterator[str]:
    yield from lines[: 2 * FEW]
    if len(lines) > 2 * FEW:
        more = len(lines) - 2 * FEW
        yield Words(f"  还有 {more} 项设置不同", f"  {more} more settings differ").say(language)


def _limit_lines(here: tuple[BindingLimit, ...], base: tuple[BindingLimit, ...], language: Language) -> Iterator[str]:
    for limits, words in (
        (here, Words("  新的紧约束：", "  limits that bind now: ")),
        (base, Words("  不再紧的：", "  no longer: ")),
    ):
        if limits:
            named = ("、" if language == "zh" else ", ").join(limit_name(one, language) for one in limits[:FEW])
            more = len(limits) - FEW
            yield (
                words.say(language)
                + named
                + (Words(f" 等 {len(limits)} 条", f" and {more} more").say(language) if more > 0 else "")
            )


def limit_name(one: BindingLimit, language: Language) -> str:
    """``东城经开区 2027Q3 用地``."""
    named = one.subject
    if one.family not in {"stock", "flow"} and one.family in FAMILIES:
        named = f"{FAMILIES[one.family].say(language)} {one.subject}"
    return " ".join(part for part in (one.place, one.quarter, named) if part)


def unit_of(name: str, language: Language) -> str:
    """The unit of a figure; nothing for counts and shares."""
    unit = FIGURES.get(name, (None, ""))[1]
    return "" if unit in ("", "%") else unit_words(unit).say(language)
