r"""What an analyst bounds from below and above: own rules, and objective terms.

A rule is :math:`\min \le \sum_j v_j x_j \le \max`, with a priced slack when it is soft. Floors and ceilings of a term,
:math:`f_\tau \le c_\tau^\top x + \text{constant}_\tau \le g_\tau`, hold whatever its weight: what an ε-constraint between two
terms is made of (Mavrotas 2009), and what an analyst writes as "no more than so much subsidy". The columns of shortages and
backups only ever understate what a plan does (:math:`u_l` is at least the shortage, :math:`b_l` at most the backup), so a floor
is exact for gap and backup too; a ceiling would be met by overstating shortage and is refused (C228).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Floats, Ints
from planner.case.rules import RuleRows
from planner.language import Words
from planner.layout import Choices, ColumnBlock, Layout, Rows, rows_of, stack
from planner.limits.family import HIGH, LOW, Family, Held, Lever, Step, Subject, enough, full_text, moved, same
from planner.settings.questions import MINIMUMS
from planner.settings.rules import Rule
from planner.terms.registry import term_of


class Rules(Family):
    """Counts and sums between bounds. Declares two slacks for each group of a soft rule: below, then above."""

    name = "rules"
    title = Words("自定义规则", "own rules")
    formula = r"\min \le \sum_j v_j x_j + s^- - s^+ \le \max"
    lever_of = ("rule", "side")

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        soft = [(rows, len(rows.groups)) for rows in choices.rules if rows.rule.soft is not None]
        empty = np.zeros(0, dtype=np.int64)
        about = {
            "rule": np.concatenate([empty, *(np.full(2 * size, rows.position) for rows, size in soft)]),
            "group": np.concatenate([empty, *(np.tile(np.arange(size), 2) for _, size in soft)]),
        }
        prices = np.concatenate([np.zeros(0), *(np.full(2 * size, float(rows.rule.soft or 0.0)) for rows, size in soft)])
        return (ColumnBlock("slack", "v", about, np.full(len(prices), np.inf), price=prices),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        parts, slack = [], layout.at("slack").start
        for rows in layout.rules:
            size = len(rows.groups)
            group, at, value = rule_columns(layout, rows)
            bounds = rows.rule.bounds
            lower = bounds.equal if bounds.equal is not None else bounds.min if bounds.min is not None else -np.inf
            upper = bounds.equal if bounds.equal is not None else bounds.max if bounds.max is not None else np.inf
            if rows.rule.soft is not None:
                each = np.arange(size)
                group = np.concatenate([group, each, each])
                at = np.concatenate([at, slack + each, slack + size + each])
                value = np.concatenate([value, np.ones(size), -np.ones(size)])
                slack += 2 * size
            about = {"rule": np.full(size, rows.position), "group": np.arange(size)}
            parts.append(rows_of(layout, (group, at, value), about, lower, upper))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for value in accounts.rules:
            if case.settings.rules[value.rule].soft is None:
                yield Held(value.violation, 0.0, value.size)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = case.settings.rules[about["rule"]].name
        group = next(rows.groups[about["group"]] for rows in layout.rules if rows.position == about["rule"])
        return Subject(same(name), (name, *([group] if group else [])), same(group) if group else None)

    def hard(self, case: Case, rows: Rows) -> Bools:
        return np.array([rule.soft is None for rule in case.settings.rules], dtype=bool)[rows.about["rule"]]

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        rule = case.settings.rules[key[0]]
        price = case.settings.explain.price(MINIMUMS) if side == LOW else self.price(case)
        present = _bound(rule, side)
        counted = rule.count is not None and present.is_integer()
        return Lever(self.name, key, price, abs(present) or 1.0, counted=counted)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        rule, low = case.settings.rules[key[0]], key[1] == LOW
        present = full_text(_bound(rule, key[1]))
        zh, en = ("不少于", "at least") if low else ("不超过", "at most")
        return Words(f"规则“{rule.name}”{zh} {present}", f"rule “{rule.name}”: {en} {present}")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        position, side = key
        rule = case.settings.rules[position]
        values = [value.value for value in accounts.rules if value.rule == position]
        now = _bound(rule, side)
        short, beyond = enough(now - min(values)), enough(max(values) - now)
        by = short if side == LOW else beyond
        new = moved(now, -by if side == LOW else by)
        keys: tuple[str | int, ...] = ("rules", position, *(("count",) if rule.count is not None else ()))
        settings: list[tuple[tuple[str | int, ...], float | None]] = [((*keys, "min" if side == LOW else "max"), new)]
        if rule.bounds.equal is not None:
            # Whichever side gives way, both are written, so that two steps of one rule say the same.
            settings = [((*keys, "min"), moved(now, -short)), ((*keys, "max"), moved(now, beyond))]
            settings += [((*keys, "equal"), None)]
        zh, en, eased = ("下限", "minimum", "降") if side == LOW else ("上限", "maximum", "放宽")
        text = Words(
            f"规则“{rule.name}”的{zh}由 {full_text(now)} {eased}到 {full_text(new)}",
            f"rule “{rule.name}”: {en} {full_text(new)} instead of {full_text(now)}",
        )
        return Step(text, by, settings=tuple(settings))


def _bound(rule: Rule, side: int) -> float:
    bounds = rule.bounds
    bound = bounds.equal if bounds.equal is not None else bounds.min if side == LOW else bounds.max
    return float(bound or 0.0)


def rule_columns(layout: Choices, rows: RuleRows) -> tuple[Ints, Ints, Floats]:
    """(group, column, value) of every column that a rule counts."""
    at = layout.schedules if rows.uses_quarter else layout.placements
    candidate, park, quarter = layout.candidate[at], layout.park[at], layout.quarter[at]
    counted = rows.candidates[candidate]
    if rows.uses_park:
        counted &= rows.parks[park]
    if rows.uses_quarter:
        counted &= rows.quarters[quarter]
    if rows.pairs is not None:
        counted &= rows.pairs[candidate, park]
    value = rows.value[candidate] if rows.pair_value is None else rows.pair_value[candidate, park]
    if rows.group_owner == "plan":
        group = np.zeros(len(at), dtype=np.int64)
    else:
        owner = {"candidate": candidate, "park": park, "quarter": quarter}[rows.group_owner]
        group = rows.group_of[owner]
        counted &= group >= 0
    return group[counted], at[counted], value[counted]


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
        for sign, bounds in ((-1.0, case.settings.objective.floors), (1.0, case.settings.objective.ceilings)):
            for name, bound in bounds.items():
                size = fsum(map(abs, term_of(case, name).parts(accounts.chosen)))
                if name == "gap":  # a difference of larger amounts
                    size += fsum(link.demand + link.supply for link in accounts.chosen.after)
                yield Held(sign * accounts.raw[name], sign * bound, size)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = case.settings.objective.bounded_terms[about["term"]]
        term = term_of(case, name)
        return Subject(term.words, (name,), unit=term.unit, constant=term.coefficients(case, layout)[2])

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
