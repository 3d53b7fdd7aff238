"""The analyst's own rules, said back: what each takes, in how many groups, between which bounds, and what it can come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from planner.case.case import Bools, Case
from planner.case.filters import NamedColumn, column_unit, meant, passing, raw_facts
from planner.case.rules import RuleRows, rule_unit
from planner.echo.lines import EchoLine, Verdict, with_verdict
from planner.echo.reach import Reached, contributions, in_steps, mean_reach, reach, share_reach, within_means
from planner.echo.words import OTHERS, condition_words, form_words, in_unit, joined, rule_words
from planner.language import Words, counted
from planner.layout import Layout
from planner.limits.rules import Entries, lower_sum, rule_columns
from planner.programme.build import Programme
from planner.settings.filters import conditions
from planner.settings.rules import Price
from planner.terms.registry import soft_price
from planner.terms.term import Term
from planner.tolerances import FITS

SHOWN = 3
"""Groups that a verdict names."""


def rule_reach(programme: Programme, rows: RuleRows) -> Reached:
    """The least and most of each group, shape (G,), in the unit of the bounds."""
    layout, groups = programme.layout, len(rows.labels)
    entries, asked = rule_columns(layout, rows), _bounded(rows)
    if rows.base is None:
        each = contributions(programme, entries, groups)
        least, most = reach(programme, each)
        most = within_means(programme, each, most, _parks_of(layout, entries) if rows.uses_park else None)
        ends = in_steps(programme, entries, least, most)
        return Reached(*ends, entries, np.ones(groups, dtype=bool), asked, ("rules", "rule", rows.position))
    below = lower_sum(layout, rows)
    size = 1 if rows.shared else groups
    if rows.rule.share is not None:
        part, whole = contributions(programme, entries, groups), contributions(programme, below, size)
        sure = np.resize(reach(programme, whole)[0] > 0, groups)
        return Reached(*share_reach(programme, part, whole, rows.shared), entries, sure, asked)
    upper = contributions(programme, entries, groups, counted_only=True)
    lower = contributions(programme, below, groups, counted_only=True)
    sure = reach(programme, contributions(programme, below, groups))[0] > 0
    return Reached(*mean_reach(upper, lower), entries, sure, asked)


def _bounded(rows: RuleRows) -> Bools:
    """Groups that have a bound, shape (G,)."""
    return np.asarray(np.isfinite(rows.low) | np.isfinite(rows.high))


def _parks_of(layout: Layout, entries: Entries) -> Callable[[int], Bools]:
    """Parks in which a group counts at all, shape (K,)."""
    group, column, _ = entries
    held = np.zeros((int(group.max(initial=-1)) + 1, len(layout.timed)), dtype=bool)
    held[group, layout.park[column]] = True
    return lambda number: np.asarray(held[number])


def rule_line(programme: Programme, rows: RuleRows, reached: Reached) -> EchoLine:
    """One rule in words, with its verdict."""
    case, rule, layout = programme.case, rows.rule, programme.layout
    _, column, _ = reached.entries
    candidates = np.unique(layout.candidate[column])
    parks, quarters = _touched(layout, rows, candidates, column)
    low, high = _own_bounds(rows)
    words = rule_words(case, rule, low, high)
    price = _price_words(case, rows)
    unit = rule_unit(case, rule)
    bounded = reached.asked
    line = EchoLine(
        kind="rule",
        name=rule.name,
        zh=f"{words.zh}；{price.zh}",
        en=f"{words.en}; {price.en}",
        unit=unit,
        groups=int(bounded.sum()),
        candidates=len(candidates),
        parks=parks,
        quarters=quarters,
        minimum=_finite(low),
        maximum=_finite(high),
        least=_finite(float(reached.least[bounded].min())) if bounded.any() else None,
        most=_finite(float(reached.most[bounded].max())) if bounded.any() else None,
    )
    verdict, told = _verdict(programme, rows, reached, len(candidates))
    return with_verdict(line, verdict, told)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _own_bounds(rows: RuleRows) -> tuple[float, float]:
    """The rule's own bounds; those of its only group where only ``by_group`` gives any."""
    own = np.flatnonzero(rows.bound_of < 0)
    at = int(own[0]) if len(own) else 0
    if not len(rows.low) or (not len(own) and len(rows.low) > 1):
        return -np.inf, np.inf
    return float(rows.low[at]), float(rows.high[at])


def _touched(layout: Layout, rows: RuleRows, candidates: Any, column: Any) -> tuple[int, int]:
    """In how many parks, and in how many quarters, a choice can count."""
    of_them = np.isin(layout.candidate, candidates)
    parks = layout.park[column] if rows.uses_park else layout.park[of_them]
    quarters = layout.quarter[column] if rows.uses_quarter else layout.quarter[of_them]
    return len(np.unique(parks[parks >= 0])), len(np.unique(quarters[quarters >= 0]))


def _price_words(case: Case, rows: RuleRows) -> Words:
    rule = rows.rule
    if rule.soft is None:
        return Words("硬约束", "hard")
    unit = rows.measure.unit
    of = Words(
        f"每差 1 {unit}" if unit else "每差 1",
        f"for each {unit} of violation" if unit and unit != "个" else "for each unit of violation",
    )
    price = f"{soft_price(case, rule, Term.scale):.6g}"
    if isinstance(rule.soft, Price):
        money = rule.soft.money if isinstance(rule.soft.money, str) else f"{rule.soft.money:g} 万元"
        return Words(f"软约束，{of.zh}计 {money}，折目标值 {price}", f"soft, {money} {of.en}, {price} of objective value")
    return Words(f"软约束，{of.zh}扣目标值 {price}", f"soft, {price} of objective value {of.en}")


def _verdict(programme: Programme, rows: RuleRows, reached: Reached, candidates: int) -> tuple[Verdict, Words]:
    """What is to be told of a rule: the first that applies of nothing, never, everything, always."""
    case, rule = programme.case, rows.rule
    every = int(programme.eligible.candidates.sum())
    if candidates == 0:
        none = _empty_conditions(case, rule.where)
        detail = (
            none if none.zh else Words("没有可落地的项目同时满足各条件", "no project that could come meets all of its conditions")
        )
        return "nothing", Words(f"筛选什么也没有选中：{detail.zh}", f"the filter takes nothing: {detail.en}")
    never = _missed(rows, reached)
    if never.any():
        said = _groups_words(case, rows, reached, never)
        if not (never & reached.sure).any():
            only = Words("只有一个也不选才成立", "it holds only where nothing is selected")
            return "empty", Words(f"{only.zh}：{said.zh}", f"{only.en}: {said.en}")
        never_holds = Words("不可能成立", "cannot hold")
        if rule.soft is not None:
            never_holds = Words("总会违反，代价免不了", "is always violated, and its price cannot be avoided")
        return "never", Words(f"{never_holds.zh}：{said.zh}", f"{never_holds.en}: {said.en}")
    whole = _full_conditions(case, rule.where)
    if rule.where and candidates == every and whole.zh:
        return "everything", Words(f"筛选没有排除任何项目：{whole.zh}", f"the filter leaves no project out: {whole.en}")
    if _kept(rows, reached):
        unit, given = rule_unit(case, rule), Words("", "") if _kept(rows, reached.by_itself) else OTHERS
        low, high = (in_unit(float(side), unit) for side in (reached.least[reached.asked].min(), reached.most[reached.asked].max()))
        return "always", Words(
            f"总是成立：{given.zh}{form_words(case, rule).zh}只会在 {low.zh} 与 {high.zh} 之间",
            f"always holds: {given.en}{form_words(case, rule).en} can only be between {low.en} and {high.en}",
        )
    if (shut := _shut(case, rows, reached)) is not None:
        return "shut", shut
    if whole.zh:
        return "everything", Words(f"有的条件没有排除任何项目：{whole.zh}", f"a condition leaves nothing out: {whole.en}")
    return "open", Words("", "")


def _missed(rows: RuleRows, reached: Reached) -> Bools:
    """Groups whose bounds are out of reach, shape (G,)."""
    room_low, room_high = (FITS * np.maximum(1.0, np.where(np.isfinite(side), np.abs(side), 0.0)) for side in (rows.low, rows.high))
    return np.asarray((rows.low > reached.most + room_low) | (rows.high < reached.least - room_high))


def _kept(rows: RuleRows, reached: Reached) -> bool:
    """Whether no group can go beyond its bounds."""
    return bool(((rows.low <= reached.least) & (reached.most <= rows.high))[reached.asked].all())


def _shut(case: Case, rows: RuleRows, reached: Reached) -> Words | None:
    """That the most of a sum is below what any single project would add, in every group that has one: nothing of it can come, as a bound
    in the wrong unit makes it. A most of 0 says so itself."""
    group, _, value = reached.entries
    smallest = np.full(len(rows.labels), np.inf)
    np.minimum.at(smallest, group[value > 0], value[value > 0])
    asked = np.isfinite(rows.high) & np.isfinite(smallest)
    if rows.rule.sum is None or not asked.any() or not ((rows.high > 0) & (smallest > rows.high * (1 + FITS)))[asked].all():
        return None
    unit = rule_unit(case, rows.rule)
    least, most = in_unit(float(smallest[asked].min()), unit), in_unit(float(rows.high[asked].max()), unit)
    form = form_words(case, rows.rule)
    return Words(
        f"一个项目也放不进：最小的一个{form.zh}就有 {least.zh}，而至多只许 {most.zh}",
        f"no project fits under it: the smallest adds {least.en} to the {form.en}, and it allows {most.en}",
    )


def _groups_words(case: Case, rows: RuleRows, reached: Reached, never: Any) -> Words:
    """The groups in which a rule cannot hold, with what they can come to."""
    unit, parts = rule_unit(case, rows.rule), []
    at, alone = np.flatnonzero(never), _missed(rows, reached.by_itself)
    for group in at[:SHOWN].tolist():
        low, high = (in_unit(float(side[group]), unit) for side in (reached.least, reached.most))
        label = rows.labels[group]
        name = Words(f"{label} ", f"{label} ") if label else Words("", "")
        short = rows.low[group] > reached.most[group]
        asked = in_unit(float(rows.low[group] if short else rows.high[group]), unit)
        zh, en = (
            ("至少要", "至多只能到") if short else ("至多只许", "至少也有"),
            ("asks for", "reaches") if short else ("allows", "has at least"),
        )
        got, given = high if short else low, Words("", "") if alone[group] else OTHERS
        told = Words(f"{zh[0]} {asked.zh}，而{given.zh}{zh[1]} {got.zh}", f"{en[0]} {asked.en}, and {given.en}{en[1]} {got.en}")
        parts.append(Words(f"{name.zh}{told.zh}", f"{name.en}{told.en}"))
    listed = joined(parts, Words("；", "; "))
    more = len(at) - len(parts)
    tail = Words(f"；另有 {more} 组", f"; {counted(more, 'more group')}") if more > 0 else Words("", "")
    return Words(f"{listed.zh}{tail.zh}", f"{listed.en}{tail.en}")


def _taken(case: Case, named: NamedColumn, wanted: Any) -> tuple[int, int]:
    """How many rows of its side a condition takes, and of how many."""
    held = passing(case, named, wanted)
    return int(held.sum()), int(held.size)


def column_span(case: Case, named: NamedColumn) -> Words:
    """What stands in a column of numbers: from the least to the most."""
    if named.owner in {"resource", "quarter"}:
        return Words("", "")
    numbers = raw_facts(case, named).numbers
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return Words("", "")
    unit = column_unit(case, named)
    low, high = in_unit(float(numbers.min()), unit), in_unit(float(numbers.max()), unit)
    return Words(f"（表中为 {low.zh} 至 {high.zh}）", f" (the table has {low.en} to {high.en})")


def _empty_conditions(case: Case, where: Mapping[str, Any]) -> Words:
    """Conditions that no row meets."""
    return joined(list(_said(case, where, lambda taken, size: taken == 0)), Words("；", "; "))


def _full_conditions(case: Case, where: Mapping[str, Any]) -> Words:
    """Conditions that every row meets."""
    return joined(list(_said(case, where, lambda taken, size: taken == size)), Words("；", "; "))


def _said(case: Case, where: Mapping[str, Any], when: Any) -> Iterator[Words]:
    for _, name, wanted in conditions(where):
        named = meant(case, name)
        taken, size = _taken(case, named, wanted)
        if when(taken, size):
            words, span = condition_words(case, named, wanted), column_span(case, named)
            yield Words(f"{words.zh} 取 {taken}/{size}{span.zh}", f"{words.en} takes {taken}/{size}{span.en}")
