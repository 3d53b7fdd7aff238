r"""The analyst's own rules as rows: :math:`\min \le \sum_j v_j x_j \le \max`, with a priced slack when the rule is soft."""

from __future__ import annotations

import numpy as np

from planner.language import Words
from planner.programme.blocks import Block, Family, block, stack
from planner.programme.layout import Layout
from planner.programme.rules import RuleRows
from planner.tables.case import Case, Floats, Ints


def rule_columns(columns: Layout, rows: RuleRows) -> tuple[Ints, Ints, Floats]:
    """(group, column, value) of every column that a rule counts."""
    at = columns.schedules if rows.uses_quarter else columns.placements
    candidate, park, quarter = columns.candidate[at], columns.park[at], columns.quarter[at]
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


def _rules(case: Case, columns: Layout) -> Block:
    parts, slack = [], columns.slack.start
    for rows in columns.rules:
        size = len(rows.groups)
        group, at, value = rule_columns(columns, rows)
        bounds = rows.rule.bounds
        lower = bounds.equal if bounds.equal is not None else bounds.min if bounds.min is not None else -np.inf
        upper = bounds.equal if bounds.equal is not None else bounds.max if bounds.max is not None else np.inf
        if rows.rule.soft is not None:
            each = np.arange(size)
            group = np.concatenate([group, each, each])
            at = np.concatenate([at, slack + each, slack + size + each])
            value = np.concatenate([value, np.ones(size), -np.ones(size)])
            slack += 2 * size
        parts.append(
            block(
                (size, columns.columns),
                group,
                at,
                value,
                lower,
                upper,
                {"rule": np.full(size, rows.position), "group": np.arange(size)},
            )
        )
    return stack(parts, columns.columns)


RULES = Family(
    "rules",
    Words("自定义规则", "own rules"),
    r"\min \le \sum_j v_j x_j + s^- - s^+ \le \max",
    Words("规则“{rule}”{group}", "rule “{rule}” {group}"),
    _rules,
)
