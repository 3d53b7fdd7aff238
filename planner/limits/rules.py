r"""What an analyst bounds from below and above: own rules, and objective terms.

A rule is :math:`\min \le \sum_j v_j x_j \le \max`, with a priced slack when it is soft. Floors and ceilings of a term,
:math:`f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau`, hold whatever its weight: what an ε-constraint between two
terms is made of (Mavrotas 2009), and what an analyst writes as "no more than so much subsidy". The columns of shortages and
backups only ever understate what a plan does (:math:`u_l` is at least the shortage, :math:`b_l` at most the backup), so a floor
is exact for gap and backup too; a ceiling would be met by overstating shortage and is refused (C228).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import fsum
from typing import Any

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Floats, Ints
from planner.case.filters import Selection
from planner.case.groups import Measure, measure
from planner.case.rules import COUNT, RuleRows, limits_in, row_bounds, rule_unit, sums
from planner.language import Words
from planner.layout import Choices, ColumnBlock, Layout, Rows, numbering, rows_of, stack
from planner.limits.family import HIGH, LOW, Family, Held, Lever, Step, Subject, enough, full_text, moved, same
from planner.settings.questions import MINIMUMS
from planner.settings.rules import PLAN, Rule
from planner.terms.registry import soft_price, term_of
from planner.terms.term import Term

LEAST_SIZE = 1e-6
"""Of what 100 % of a ratio's lever is, where nothing could come."""


class Totals(Family):
    """The sums over the whole plan that several groups of one rule are held against. Declares a column for each such rule."""

    name = "rule_totals"
    title = Words("占比规则的总数", "totals of rules on shares")
    formula = r"w = \sum_j v_j x_j"
    business = False

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        shared = [rows for rows in choices.rules if rows.shared]
        most = np.zeros(len(shared))
        for number, rows in enumerate(shared):
            _, at, value = lower_sum(choices, rows)
            largest = np.zeros(len(case.candidates))
            np.maximum.at(largest, choices.candidate[at], value)
            most[number] = largest.sum()
        about = {"rule": np.array([rows.position for rows in shared], dtype=np.int64)}
        return (ColumnBlock("totals", "w", about, most),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for total, rows in zip(layout.positions("totals"), (rows for rows in layout.rules if rows.shared), strict=True):
            _, at, value = lower_sum(layout, rows)
            entries = (np.zeros(len(at) + 1, dtype=np.int64), np.append(at, total), np.append(value, -1.0))
            parts.append(rows_of(layout, entries, {"rule": np.array([rows.position])}, 0.0, 0.0))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        """What each group's share comes to is held by :class:`Rules`; a total is no limit by itself."""
        yield from ()

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = case.settings.rules[about["rule"]].name
        return Subject(same(name), (name,))


class Rules(Family):
    """Counts, sums, shares and means between bounds. Declares two slacks for each group of a soft rule: below, then above."""

    name = "rules"
    title = Words("自定义规则", "own rules")
    formula = (
        r"\min \le \sum_{j\in G} v_j x_j + s^- - s^+ \le \max,\quad "
        r"\sum_{j\in G} v_j x_j - \min \sum_{j\in W} w_j x_j + s^- \ge 0 \text{ and likewise for } \max"
    )
    lever_of = ("rule", "bound", "side")

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        soft = [(rows, len(rows.labels)) for rows in choices.rules if rows.rule.soft is not None]
        empty = np.zeros(0, dtype=np.int64)
        about = {
            "rule": np.concatenate([empty, *(np.full(2 * size, rows.position) for rows, size in soft)]),
            "group": np.concatenate([empty, *(np.tile(np.arange(size), 2) for _, size in soft)]),
        }
        each = (np.full(2 * size, soft_price(case, rows.rule, Term.scale)) for rows, size in soft)
        prices = np.concatenate([np.zeros(0), *each])
        return (ColumnBlock("slack", "v", about, np.full(len(prices), np.inf), price=prices),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        slack, total = layout.at("slack").start, layout.at("totals").start
        parts = []
        for rows in layout.rules:
            size = len(rows.labels)
            below = above = None
            if rows.rule.soft is not None:
                below, above, slack = slack + np.arange(size), slack + size + np.arange(size), slack + 2 * size
            if rows.base is None:
                parts.append(_between(layout, rows, below, above))
            else:
                parts += [_ratio(layout, rows, LOW, total, below), _ratio(layout, rows, HIGH, total, above)]
            total += rows.shared
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for value in accounts.rules:
            if case.settings.rules[value.rule].soft is None:
                about = {"rule": value.rule, "group": value.group}
                if value.low is not None:
                    yield Held(value.low * value.divided, value.total, value.size, {**about, "side": LOW})
                if value.high is not None:
                    yield Held(value.total, value.high * value.divided, value.size, {**about, "side": HIGH})

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        rule, label = case.settings.rules[about["rule"]], about["group"]
        unit = measure(case, sums(rule)[0]).unit  # of what is added up, also where a ratio is asked for
        return Subject(same(rule.name), (rule.name, label, str(about["side"])), same(label) if label else None, unit)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        rows = layout.rules[about["rule"]]
        name, labels = rows.rule.name, rows.groups.labels[about["group"]]
        ids = (name, *labels, *(("max",) if about.get("over", 0) else ()))
        unit = "%" if rows.rule.share is not None else "" if rows.rule.count is not None else rows.unit
        return Subject(same(name), ids, same(rows.labels[about["group"]]) if labels else None, unit)

    def figures(self, layout: Layout, accounts: Accounts, about: Mapping[str, int]) -> tuple[float, float] | None:
        rows, group = layout.rules[about["rule"]], about["group"]
        if rows.base is None:
            return None
        told, scale = accounts.rule_at[rows.position, rows.labels[group]], 100.0 if rows.rule.share is not None else 1.0
        bound = (rows.high if about["over"] == HIGH else rows.low)[group]
        return (told.value if told.known else 0.0) * scale, float(bound) * scale

    def hard(self, case: Case, rows: Rows) -> Bools:
        return np.array([rule.soft is None for rule in case.settings.rules], dtype=bool)[rows.about["rule"]]

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        rule = case.settings.rules[key[0]]
        price = case.settings.explain.price(MINIMUMS) if side == LOW else self.price(case)
        present = _bound(case, key)
        size = abs(present) or 1.0
        if sums(rule)[1] is not None:
            # A ratio gives way by what its upper sum is short of: 100 % is what the bound asks of all that could come.
            most = np.nan_to_num(measure(case, sums(rule)[1] or COUNT).values)
            size = max(size * float(most.max(axis=-1).sum() if most.ndim > 1 else most.sum()), LEAST_SIZE)
        counted = rule.count is not None and present.is_integer()
        return Lever(self.name, key, price, size, counted=counted)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        rule, low = case.settings.rules[key[0]], key[2] == LOW
        present, of = _shown(case, rule, _bound(case, key)), _of_group(rule, key[1])
        zh, en = ("不少于", "at least") if low else ("不超过", "at most")
        return Words(f"规则“{rule.name}”{of.zh}{zh} {present.zh}", f"rule “{rule.name}”{of.en}: {en} {present.en}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        position, bound, side = key
        rule = case.settings.rules[position]
        mine = [value for value in accounts.rules if value.rule == position and value.bound == bound]
        values, now = [value.value for value in mine if value.known], _bound(case, key)
        short, beyond = enough(now - min(values, default=now)), enough(max(values, default=now) - now)
        by = short if side == LOW else beyond
        new = moved(now, -by if side == LOW else by)
        form = next((form for form in ("count", "share", "mean") if getattr(rule, form) is not None), None)
        keys: tuple[str | int, ...] = ("rules", position, *((form,) if form else ()))
        if bound >= 0:
            keys = ("rules", position, "by_group", bound)
        bounds = rule.limits if bound < 0 else row_bounds(rule.by_group[bound])
        low, high = _written(rule, moved(now, -short)), _written(rule, moved(now, beyond))
        settings: list[tuple[tuple[str | int, ...], float | str | None]] = [
            ((*keys, "min"), low) if side == LOW else ((*keys, "max"), high)
        ]
        if bounds.equal is not None:
            # Whichever side gives way, both are written, so that two steps of one rule say the same.
            settings = [((*keys, "min"), low), ((*keys, "max"), high), ((*keys, "equal"), None)]
        zh, en, eased = ("下限", "minimum", "降") if side == LOW else ("上限", "maximum", "放宽")
        of, old, shown = _of_group(rule, bound), _shown(case, rule, now), _shown(case, rule, new)
        text = Words(
            f"规则“{rule.name}”{of.zh}的{zh}由 {old.zh} {eased}到 {shown.zh}",
            f"rule “{rule.name}”{of.en}: {en} {shown.en} instead of {old.en}",
        )
        if side == HIGH and any(value.violation > 0 and not value.known for value in mine):
            # Something divided by nothing: no maximum holds for it, and the rule needs a bound.
            least = now if bounds.equal is not None else 0.0 if bounds.min is None else bounds.min
            settings = [((*keys, "max"), None), ((*keys, "equal"), None), ((*keys, "min"), least)]
            text = Words(
                f"取消规则“{rule.name}”{of.zh}的上限 {old.zh}", f"rule “{rule.name}”{of.en}: no maximum instead of {old.en}"
            )
        return Step(text, by, settings=tuple(settings))


def _of_group(rule: Rule, bound: int) -> Words:
    """The group that a row of ``by_group`` is of, for a sentence; for the rule's own bounds what its groups are."""
    if rule.per == (PLAN,):
        return Words("", "")
    if bound < 0:
        return Words(f"（每个 {'、'.join(rule.per)}）", f" (each {', '.join(rule.per)})")
    label = " / ".join(str(rule.by_group[bound][name]) for name in rule.per)
    return Words(f"（{label}）", f" ({label})")


def _bound(case: Case, key: tuple[int, ...]) -> float:
    """The bound that a lever moves, in the rule's unit; 0 where there is none."""
    rule = case.settings.rules[key[0]]
    bounds = rule.limits if key[1] < 0 else row_bounds(rule.by_group[key[1]])
    low, high = limits_in(bounds, rule_unit(case, rule))
    bound = low if key[2] == LOW else high
    return float(bound) if np.isfinite(bound) else 0.0


def _shown(case: Case, rule: Rule, bound: float) -> Words:
    """A bound with its unit for a sentence: a share in per cent."""
    if rule.share is not None:
        return same(_written(rule, bound))
    if rule.count is not None:
        return Words(f"{full_text(bound)} 个", f"{full_text(bound)} project{'' if bound == 1 else 's'}")
    return same(f"{full_text(bound)} {rule_unit(case, rule)}".rstrip())


def _written(rule: Rule, bound: float) -> float | str:
    """A bound as plan.yaml writes it: a share in per cent."""
    return f"{moved(bound * 100, 0.0):.12g} %" if rule.share is not None else bound


Entries = tuple[Ints, Ints, Floats]
"""(group, column, value) of each coefficient."""


def _sum(layout: Choices, rows: RuleRows, taken: Selection, amount: Measure, grouped: bool) -> Entries:
    at = layout.schedules if rows.uses_quarter else layout.placements
    candidate, park, quarter = layout.candidate[at], layout.park[at], layout.quarter[at]
    group = rows.groups.of(candidate, park, quarter) if grouped else np.zeros(len(at), dtype=np.int64)
    counted = taken.takes(candidate, park, quarter) & (group >= 0)
    return group[counted], at[counted], amount.at(candidate[counted], park[counted])


def rule_columns(layout: Choices, rows: RuleRows) -> Entries:
    """(group, column, value) of every column that a rule counts."""
    return _sum(layout, rows, rows.taken, rows.measure, grouped=True)


def lower_sum(layout: Choices, rows: RuleRows) -> Entries:
    """The same for what a ratio divides by; of one group where that is a sum over the whole plan."""
    assert rows.base is not None
    return _sum(layout, rows, rows.whole, rows.base, grouped=not rows.shared)


def _between(layout: Layout, rows: RuleRows, below: Ints | None, above: Ints | None) -> Rows:
    """The rows of a count or a sum, one for each group that has a bound."""
    entries = [rule_columns(layout, rows)]
    each = np.arange(len(rows.labels))
    if below is not None and above is not None:
        entries += [(each, below, np.ones(len(each))), (each, above, -np.ones(len(each)))]
    return _bounded(layout, rows, entries, rows.low, rows.high, 0)


def _ratio(layout: Layout, rows: RuleRows, side: int, total: int, slack: Ints | None) -> Rows:
    """The rows of one side of a ratio: upper sum − bound × lower sum is not below, or not above, 0."""
    bound = rows.low if side == LOW else rows.high
    group, at, value = lower_sum(layout, rows)
    each = np.arange(len(rows.labels))
    finite = np.where(np.isfinite(bound), bound, 0.0)
    lower = (each, np.full(len(each), total), -finite) if rows.shared else (group, at, -finite[group] * value)
    entries = [rule_columns(layout, rows), lower]
    if slack is not None:
        entries.append((each, slack, np.full(len(each), 1.0 if side == LOW else -1.0)))
    nothing = np.zeros(len(each))
    least = np.where(np.isfinite(bound), nothing, -np.inf) if side == LOW else np.full(len(each), -np.inf)
    most = np.where(np.isfinite(bound), nothing, np.inf) if side == HIGH else np.full(len(each), np.inf)
    return _bounded(layout, rows, entries, least, most, side)


def _bounded(layout: Layout, rows: RuleRows, entries: list[Entries], low: Floats, high: Floats, over: int) -> Rows:
    """Rows of the groups that have a bound. ``over``: 1 for the rows of a ratio's upper side."""
    kept = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
    row_of = numbering(kept, len(low))
    group, at, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    inside = row_of[group] >= 0
    about = {
        "rule": np.full(len(kept), rows.position),
        "group": kept,
        "bound": rows.bound_of[kept],
        "over": np.full(len(kept), over),
    }
    return rows_of(layout, (row_of[group[inside]], at[inside], value[inside]), about, low[kept], high[kept])


class TermBounds(Family):
    """Floors and ceilings of objective terms."""

    name = "term_bounds"
    title = Words("目标项的界限", "bounds of objective terms")
    formula = r"f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau"
    lever_of = ("term", "side")

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts = []
        for position, name in enumerate(case.settings.objective.bounded_terms):
            at, values, constant = term_of(case, name).coefficients(case, layout)
            entries, about = (np.zeros(len(at), dtype=np.int64), at, values), {"term": np.array([position])}
            for side in (LOW, HIGH):
                if (bound := _term_bound(case, name, side)) is not None:
                    sides = {"lower" if side == LOW else "upper": bound - constant}
                    parts.append(rows_of(layout, entries, about, **sides))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        names = case.settings.objective.bounded_terms
        for side, bounds in ((LOW, case.settings.objective.floors), (HIGH, case.settings.objective.ceilings)):
            for name, bound in bounds.items():
                size = fsum(map(abs, term_of(case, name).parts(accounts.chosen)))
                if name == "gap":  # a difference of larger amounts
                    size += fsum(link.demand + link.supply for link in accounts.chosen.after)
                used, allowed = (bound, accounts.raw[name]) if side == LOW else (accounts.raw[name], bound)
                yield Held(used, allowed, size, {"term": names.index(name), "side": side})

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        name = case.settings.objective.bounded_terms[about["term"]]
        term = term_of(case, name)
        return Subject(term.words, (name,), unit=term.unit)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = case.settings.objective.bounded_terms[about["term"]]
        return replace(self.limit(case, about), constant=term_of(case, name).coefficients(case, layout)[2])

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        present = _term_bound(case, case.settings.objective.bounded_terms[key[0]], side) or 0.0
        return Lever(self.name, key, self.price(case), abs(present) or 1.0)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, low = case.settings.objective.bounded_terms[key[0]], key[1] == LOW
        words, present = term_of(case, name).words, full_text(_term_bound(case, name, key[1]) or 0.0)
        zh, en = ("不低于", "at least") if low else ("不高于", "at most")
        return Words(f"目标项“{words.zh}”{zh} {present}", f"{words.en} {en} {present}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        name, side = case.settings.objective.bounded_terms[key[0]], key[1]
        words, now, value = term_of(case, name).words, _term_bound(case, name, side) or 0.0, accounts.raw[name]
        short = enough(now - value if side == LOW else value - now)
        new = moved(now, -short if side == LOW else short)
        text = Words(
            f"目标项“{words.zh}”的{'下限' if side == LOW else '上限'}由 {full_text(now)} 改为 {full_text(new)}",
            f"{'floor' if side == LOW else 'ceiling'} of {words.en}: {full_text(new)} instead of {full_text(now)}",
        )
        keys = ("objective", "floors" if side == LOW else "ceilings", name)
        return Step(text, short, settings=((keys, new),))


def _term_bound(case: Case, name: str, side: int) -> float | None:
    objective = case.settings.objective
    bound = (objective.floors if side == LOW else objective.ceilings).get(name)
    return None if bound is None else float(bound)
