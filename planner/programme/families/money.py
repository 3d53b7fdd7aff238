r"""Funds and teams by quarter.

With shares :math:`\phi_\tau` of a subsidy paid :math:`\tau` quarters after signing, a fund that carries over holds

.. math:: \sum_{t'\le t}\sum_{\tau}\sum_i \phi_\tau p_{if}\, x_{i,t'-\tau} \le \sum_{t'\le t} B_{ft'},

one that does not holds each quarter alone. Teams hold each quarter with the shares of effort in the same way. What falls
after the horizon is not limited by it.
"""

from __future__ import annotations

import numpy as np

from planner.language import Words
from planner.programme.blocks import Block, Family, block, stack
from planner.programme.layout import Layout
from planner.tables.case import Case, Floats, Ints


def _spread(
    columns: Layout, at: Ints, amount: Floats, shares: tuple[float, ...], quarters: int
) -> tuple[Ints, Ints, Floats]:
    """(quarter, column, amount) of each payment of the schedule columns ``at`` inside the horizon."""
    signed = columns.quarter[at]
    lag = np.arange(len(shares))
    quarter = (signed[:, None] + lag[None, :]).ravel()
    column = np.repeat(at, len(shares))
    value = (amount[:, None] * np.asarray(shares)[None, :]).ravel()
    inside = quarter < quarters
    return quarter[inside], column[inside], value[inside]


def _funds(case: Case, columns: Layout) -> Block:
    funds, horizon = case.funds, len(case.quarters)
    parts = []
    for f in range(len(funds.ids)):
        asked = funds.asks[columns.candidate[columns.schedules], f]
        at = columns.schedules[asked > 0]
        quarter, column, value = _spread(columns, at, asked[asked > 0], case.settings.schedule.payout, horizon)
        budget = funds.amount[f]
        if funds.carry_over[f]:
            budget = budget.cumsum()
            repeats = horizon - quarter
            column, value = np.repeat(column, repeats), np.repeat(value, repeats)
            first = np.repeat(quarter, repeats)
            within = np.arange(len(first)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
            quarter = first + within
        parts.append(
            block(
                (horizon, columns.columns),
                quarter,
                column,
                value,
                -np.inf,
                budget,
                {"fund": np.full(horizon, f), "quarter": np.arange(horizon)},
            )
        )
    return stack(parts, columns.columns)


def _teams(case: Case, columns: Layout) -> Block:
    teams, horizon = case.teams, len(case.quarters)
    if not teams.ids:
        return stack([], columns.columns)
    team = case.candidates["team"].to_numpy(np.int64)[columns.candidate[columns.schedules]]
    at = columns.schedules[team >= 0]
    effort = case.candidates["effort"].to_numpy(float)[columns.candidate[at]]
    quarter, column, value = _spread(columns, at, effort, case.settings.schedule.effort, horizon)
    row = case.candidates["team"].to_numpy(np.int64)[columns.candidate[column]] * horizon + quarter
    size = len(teams.ids) * horizon
    return block(
        (size, columns.columns),
        row,
        column,
        value,
        -np.inf,
        teams.effort.ravel(),
        {"team": np.repeat(np.arange(len(teams.ids)), horizon), "quarter": np.tile(np.arange(horizon), len(teams.ids))},
    )


FUNDS = Family(
    "funds",
    Words("资金", "funds"),
    r"\sum_{t'\le t}\sum_i p_{if} x_{it'} \le \sum_{t'\le t} B_{ft'}",
    Words("{fund}到{quarter}的兑付不超过{amount}万元", "{fund} pays no more than {amount} 万元 by {quarter}"),
    _funds,
)
TEAMS = Family(
    "teams",
    Words("专班工作量", "team effort"),
    r"\sum_i e_{i,\tau} x_{i,t-\tau} \le E_{st}",
    Words("{team}{quarter}的工作量不超过{amount}人月", "effort of {team} in {quarter} within {amount} person-months"),
    _teams,
)
