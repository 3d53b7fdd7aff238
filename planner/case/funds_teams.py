"""Funds and teams: how much of them in which quarter, and who asks for which."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.case.case import Floats, Funds, Ints, Teams
from planner.case.columns import Columns
from planner.case.uses import UsedFacts
from planner.language import Words

CHAIN = Words("产业链", "chain")
TEAM = Words("专班", "team")
FUND = Words("资金池", "fund")


def link_funds(rows: Columns, asked: Columns, candidates: pd.DataFrame, quarters: tuple[str, ...]) -> Funds:
    """Funds by quarter (no row: no new money in that quarter) and who asks which of them."""
    if rows.table is None:
        return Funds((), np.zeros((0, len(quarters))), np.zeros(0, dtype=bool), np.zeros((len(candidates), 0)))
    names = rows.text("fund_id").astype(str)
    ids = tuple(sorted(set(names)))
    at = {name: position for position, name in enumerate(ids)}
    money, carry = np.zeros((len(ids), len(quarters))), np.zeros(len(ids), dtype=bool)
    to = np.array([at[name] for name in names], dtype=np.int64)
    _by_quarter(rows, "amount", to, quarters, money)
    carried = rows.flag("carry_over")
    for position, fund_row in enumerate(to.tolist()):
        first = int(np.flatnonzero(to == fund_row)[0])
        carry[fund_row] = carried[first]
        if carried[position] != carried[first]:
            rows.report("C215", position, "carry_over", ids[fund_row])
    subsidy = candidates["subsidy"].to_numpy(float)
    named = asked.text("fund_id")
    fund = asked.locate("fund_id", named.tolist(), at, FUND)
    if len(ids) == 1:
        fund = np.where(fund < 0, 0, fund)
    for unpaid in np.flatnonzero((fund < 0) & (named == "").to_numpy(bool) & (subsidy > 0)).tolist():
        asked.report("C206", unpaid, "subsidy", f"{subsidy[unpaid]:g}", funds=Words.listed(ids))
    for unasked in sorted(set(range(len(ids))) - set(fund.tolist())):
        rows.report("C245", int(np.flatnonzero(to == unasked)[0]), "fund_id", ids[unasked])
    asks = np.zeros((len(candidates), len(ids)))
    paying = np.flatnonzero(fund >= 0)
    asks[paying, fund[paying]] = subsidy[paying]
    return Funds(ids, money, carry, asks)


def _by_quarter(rows: Columns, column: str, to: Ints, quarters: tuple[str, ...], table: Floats) -> Floats:
    """Put ``column`` into ``table[to, quarter]``; rows of other quarters are reported and left out. Returns what is set."""
    known = {quarter: position for position, quarter in enumerate(quarters)}
    values = rows.number(column, 0.0)
    given = np.zeros(table.shape)
    for position, quarter in enumerate(rows.text("quarter").tolist()):
        if to[position] < 0:
            continue
        if quarter == "":
            blank = given[to[position]] < 2
            table[to[position], blank] = values[position]
            given[to[position]] = np.maximum(given[to[position]], 1)
        elif quarter in known:
            table[to[position], known[str(quarter)]] = values[position]
            given[to[position], known[str(quarter)]] = 2
        else:
            rows.report("C207", position, "quarter", str(quarter), horizon=f"{quarters[0]}–{quarters[-1]}")
    return given


def link_teams(rows: Columns, chain_at: dict[str, int], quarters: tuple[str, ...]) -> Teams:
    if rows.table is None:
        return Teams((), np.zeros(0, dtype=np.int64), np.zeros((0, len(quarters))))
    names = rows.text("team_id").astype(str).tolist()
    chain = rows.locate("chain_id", rows.text("chain_id").tolist(), chain_at, CHAIN)
    teams = sorted(set(zip(names, chain.tolist(), strict=True)))
    at = {team: position for position, team in enumerate(teams)}
    to = np.array([at[team] for team in zip(names, chain.tolist(), strict=True)], dtype=np.int64)
    effort = np.zeros((len(teams), len(quarters)))
    given = _by_quarter(rows, "effort", to, quarters, effort)
    for team, quarter in np.argwhere(given == 0):
        first = int(np.flatnonzero(to == team)[0])
        rows.findings.add("C208", rows.place(first, "effort"), teams[team][0], quarters[quarter])
    return Teams(tuple(team for team, _ in teams), np.array([c for _, c in teams], dtype=np.int64), effort)


def team_of(rows: Columns, candidates: pd.DataFrame, teams: Teams, uses: UsedFacts) -> Ints:
    """The team that works on each candidate: the one it names, or the only one of its chain. −1: no team limit."""
    found = np.full(len(candidates), -1, dtype=np.int64)
    if not teams.ids or "effort" not in uses.columns:
        return found
    named, chains = rows.text("team").tolist(), candidates["chain"].to_numpy(np.int64)
    serving: dict[tuple[str, int], list[int]] = {}
    for position, (team, chain) in enumerate(zip(teams.ids, teams.chain.tolist(), strict=True)):
        serving.setdefault((team, chain), []).append(position)
        serving.setdefault(("", chain), []).append(position)
    known = sorted(set(teams.ids))
    without = 0
    for position, (name, chain) in enumerate(zip(named, chains.tolist(), strict=True)):
        name = str(name or "")
        if name and name not in known:
            rows.unknown(position, "team", name, known, TEAM)
            continue
        options = serving.get((name, chain)) or serving.get((name, -1)) or []
        if not name and chain < 0:
            options = serving.get(("", -1), [])
        if len(options) == 1:
            found[position] = options[0]
        elif options:
            rows.report("C209", position, "team")
        elif name:
            rows.report("C244", position, "team", name)
        else:
            without += 1
    if without:
        rows.findings.add("C210", None, TEAM.zh, str(without))
    return found
