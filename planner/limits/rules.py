r"""The analyst's own rules as rows: :math:`\min \le \sum_j v_j x_j \le \max`, with a priced slack when the rule is soft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Floats, Ints
from planner.case.rules import RuleRows
from planner.language import Words
from planner.layout.columns import Choices, ColumnBlock, Layout
from planner.layout.rows import Rows, rows_of, stack
from planner.limits.family import LOW, Family, Held, Lever, Step, Subject, enough, full_text, moved, same
from planner.settings.questions import MINIMUMS
from planner.settings.rules import Rule


class Rules(Family):
    """Counts and sums between bounds. Declares two slacks for each group of a soft rule: below, then above."""

    name = "rules"
    title = Words("自定义规则", "own rules")
    formula = r"\min \le \sum_j v_j x_j + s^- - s^+ \le \max"
    sentence = Words("规则“{subject}”{place}", "rule “{subject}” {place}")

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        soft = [(rows, len(rows.groups)) for rows in choices.rules if rows.rule.soft is not None]
        empty = np.zeros(0, dtype=np.int64)
        about = {
            "rule": np.concatenate([empty, *(np.full(2 * size, rows.position) for rows, size in soft)]),
            "group": np.concatenate([empty, *(np.tile(np.arange(size), 2) for _, size in soft)]),
        }
        prices = np.concatenate([np.zeros(0), *(np.full(2 * size, float(rows.rule.soft or 0.0)) for rows, size in soft)])
        words = Words("软规则的违反量", "violation of a soft rule")
        return (ColumnBlock("slack", "v", words, about, np.full(len(prices), np.inf), price=prices),)

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
        hard = np.array([rule.soft is None for rule in case.settings.rules], dtype=bool)
        return hard[rows.about["rule"]]

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return np.stack([about["rule"], np.full(len(about["rule"]), side)], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        rule = case.settings.rules[key[0]]
        price = case.settings.explain.price(MINIMUMS) if side == LOW else self.price(case)
        present = _bound(rule, side)
        counted = rule.count is not None and present.is_integer()
        return Lever(self.name, key, price, abs(present) or 1.0, counted=counted)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        rule, low = case.settings.rules[key[0]], key[1] == LOW
        present = full_text(_bound(rule, key[1]))
        return Words(
            f"规则“{rule.name}”{'不少于' if low else '不超过'} {present}",
            f"rule “{rule.name}”: {'at least' if low else 'at most'} {present}",
        )

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        position, side = key
        rule = case.settings.rules[position]
        values = [value.value for value in accounts.rules if value.rule == position]
        now = _bound(rule, side)
        short, beyond = enough(now - min(values)), enough(max(values) - now)
        by = short if side == LOW else beyond
        new = moved(now, -by if side == LOW else by)
        keys: tuple[str | int, ...] = ("rules", position, *(("count",) if rule.count is not None else ()))
        settings: list[tuple[tuple[str | int, ...], float | None]]
        settings = [((*keys, "min" if side == LOW else "max"), new)]
        if rule.bounds.equal is not None:
            # Whichever side gives way, both are written, so that two steps of one rule say the same.
            settings = [((*keys, "min"), moved(now, -short)), ((*keys, "max"), moved(now, beyond))]
            settings += [((*keys, "equal"), None)]
        side_zh, side_en = ("下限", "minimum") if side == LOW else ("上限", "maximum")
        text = Words(
            f"规则“{rule.name}”的{side_zh}由 {full_text(now)} {'降' if side == LOW else '放宽'}到 {full_text(new)}",
            f"rule “{rule.name}”: {side_en} {full_text(new)} instead of {full_text(now)}",
        )
        return Step(text, by, settings=tuple(settings))


def _bound(rule: Rule, side: int) -> float:
    bounds = rule.bounds
    told = bounds.equal if bounds.equal is not None else bounds.min if side == LOW else bounds.max
    return float(told or 0.0)


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
