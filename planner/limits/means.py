r"""Funds and teams by quarter.

With shares :math:`\phi_\tau` of a subsidy paid :math:`\tau` quarters after signing, a fund that carries over holds

.. math:: \sum_{t'\le t}\sum_{\tau}\sum_i \phi_\tau p_{if}\, x_{i,t'-\tau} \le \sum_{t'\le t} B_{ft'},

one that does not holds each quarter alone. Teams hold each quarter with the shares of effort in the same way. What falls
after the horizon is not limited by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Floats, Ints
from planner.language import Words
from planner.layout.columns import Layout
from planner.layout.rows import Rows, rows_of, stack
from planner.limits.family import Family, Held, Lever, Step, Subject, enough, full_size, full_text, same
from planner.limits.resources import by_quarter
from planner.settings.changes import CellChange


def _spread(layout: Layout, at: Ints, amounts: Floats, shares: tuple[float, ...], quarters: int) -> tuple[Ints, Ints, Floats]:
    """(quarter, column, amount) of each payment of the schedule columns ``at`` inside the horizon."""
    signed = layout.quarter[at]
    lag = np.arange(len(shares))
    quarter = (signed[:, None] + lag[None, :]).ravel()
    column = np.repeat(at, len(shares))
    value = (amounts[:, None] * np.asarray(shares)[None, :]).ravel()
    inside = quarter < quarters
    return quarter[inside], column[inside], value[inside]


class Funds(Family):
    """Money paid within each fund's budget."""

    name = "funds"
    title = Words("资金", "funds")
    each_quarter = "fund"
    formula = r"\sum_{t'\le t}\sum_i p_{if} x_{it'} \le \sum_{t'\le t} B_{ft'}"
    sentence = Words("{subject}到{quarter}的兑付不超过{amount}万元", "{subject} pays no more than {amount} 万元 by {quarter}")

    def rows(self, case: Case, layout: Layout) -> Rows:
        funds, horizon = case.funds, len(case.quarters)
        parts = []
        for f in range(len(funds.ids)):
            asked = funds.asks[layout.candidate[layout.schedules], f]
            at = layout.schedules[asked > 0]
            quarter, column, value = _spread(layout, at, asked[asked > 0], case.settings.schedule.payout, horizon)
            budget = funds.amount[f]
            if funds.carry_over[f]:
                budget = budget.cumsum()
                repeats = horizon - quarter
                column, value = np.repeat(column, repeats), np.repeat(value, repeats)
                first = np.repeat(quarter, repeats)
                within = np.arange(len(first)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
                quarter = first + within
            about = {"fund": np.full(horizon, f), "quarter": np.arange(horizon)}
            parts.append(rows_of(layout, (quarter, column, value), about, upper=budget))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for paid, money, carries in zip(
            accounts.paid.tolist(), case.funds.amount.tolist(), case.funds.carry_over.tolist(), strict=True
        ):
            for t in range(len(paid)):
                first = 0 if carries else t
                yield Held(fsum(paid[first : t + 1]), fsum(money[first : t + 1]))

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name = case.funds.ids[about["fund"]]
        return Subject(same(name), (name,), unit="万元")

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        rows = fund_rows(case)
        quarters = np.arange(len(case.quarters))
        first = np.array([np.flatnonzero(has)[0] if has.any() else len(quarters) for has in rows], dtype=np.int64)
        fund, quarter = about["fund"], about["quarter"]
        carried = case.funds.carry_over[fund]
        has = np.where(carried, quarter >= first[fund], rows[fund, quarter])
        return np.stack([fund, np.where(carried & has, -1, quarter), has.astype(np.int64)], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        money = case.funds.amount[key[0]]
        own = money.sum() if key[1] < 0 else money[key[1]]
        price = self.price(case) if key[2] else None
        return Lever(self.name, key, price, full_size(own, money, case.funds.asks[:, key[0]]))

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, money = case.funds.ids[key[0]], case.funds.amount[key[0]]
        if case.funds.carry_over[key[0]]:
            total, phases = full_text(float(money.sum())), by_quarter(case, money)
            return Words(
                f"资金“{name}”共 {total} 万元（{phases}，可结转）", f"fund {name}: {total} 万元 in all ({phases}, carried over)"
            )
        quarter, present = case.quarters[key[1]], full_text(float(money[key[1]]))
        return Words(f"资金“{name}”{quarter} {present} 万元", f"fund {name} in {quarter}: {present} 万元")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        f, quarter, _ = key
        over = accounts.paid[f] - case.funds.amount[f]
        rows = np.array([quarter])
        if quarter < 0:
            over, rows = over.cumsum(), np.flatnonzero(fund_rows(case)[f])
        cells, said, total = [], [], 0.0
        for row, end in zip(rows.tolist(), [*rows[1:].tolist(), len(over)], strict=True):
            # Money that carries over is added as late as it still helps.
            until = end if quarter < 0 else row + 1
            more = enough(float(over[row:until].max()) - total)
            if more <= 0:
                continue
            total += more
            where = {"fund_id": case.funds.ids[f], "quarter": case.quarters[row]}
            cells.append(CellChange(table="funds", where=where, column="amount", add=more))
            when, added, now = case.quarters[row], full_text(more), full_text(float(case.funds.amount[f, row]))
            said.append(Words(f"{when} 增加 {added} 万元（现为 {now} 万元）", f"{added} 万元 more in {when} (now {now})"))
        name = case.funds.ids[f]
        text = Words(f"资金“{name}”{'；'.join(w.zh for w in said)}", f"fund {name}: {'; '.join(w.en for w in said)}")
        return Step(text, total, "万元", tuple(cells))


class Teams(Family):
    """Person-months of each team in each quarter."""

    name = "teams"
    title = Words("专班工作量", "team effort")
    each_quarter = "team"
    formula = r"\sum_i e_{i,\tau} x_{i,t-\tau} \le E_{st}"
    sentence = Words(
        "{subject}{quarter}的工作量不超过{amount}人月", "effort of {subject} in {quarter} within {amount} person-months"
    )

    def rows(self, case: Case, layout: Layout) -> Rows:
        teams, horizon = case.teams, len(case.quarters)
        if not teams.ids:
            return stack(layout, [])
        team = case.candidates["team"].to_numpy(np.int64)[layout.candidate[layout.schedules]]
        at = layout.schedules[team >= 0]
        effort = case.candidates["effort"].to_numpy(float)[layout.candidate[at]]
        quarter, column, value = _spread(layout, at, effort, case.settings.schedule.effort, horizon)
        row = case.candidates["team"].to_numpy(np.int64)[layout.candidate[column]] * horizon + quarter
        count = len(teams.ids)
        about = {"team": np.repeat(np.arange(count), horizon), "quarter": np.tile(np.arange(horizon), count)}
        return rows_of(layout, (row, column, value), about, upper=teams.effort.ravel())

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for spent, effort in zip(accounts.spent.tolist(), case.teams.effort.tolist(), strict=True):
            yield from (Held(used, most) for used, most in zip(spent, effort, strict=True))

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        name, chain = case.teams.ids[about["team"]], int(case.teams.chain[about["team"]])
        chains = (str(case.chains["chain_id"].iloc[chain]),) if chain >= 0 else ()
        return Subject(same(name), (name, *chains), unit="人月")

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        own = team_rows(case)[about["team"], about["quarter"]]
        return np.stack([about["team"], np.where(own, about["quarter"], -1)], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        effort = case.teams.effort[key[0]]
        own = effort.max() if key[1] < 0 else effort[key[1]]
        asked = case.candidates["effort"].to_numpy(float)
        return Lever(self.name, key, self.price(case), full_size(own, effort, asked))

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, effort = case.teams.ids[key[0]], case.teams.effort[key[0]]
        if key[1] < 0:
            most = full_text(float(effort[~team_rows(case)[key[0]]].min()))
            return Words(f"专班“{name}”每季 {most} 人月", f"team {name}: {most} person-months a quarter")
        quarter, most = case.quarters[key[1]], full_text(float(effort[key[1]]))
        return Words(f"专班“{name}”{quarter} {most} 人月", f"team {name} in {quarter}: {most} person-months")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        s, quarter = key
        effort, name = case.teams.effort[s], case.teams.ids[s]
        ruled = ~team_rows(case)[s] if quarter < 0 else np.arange(len(effort)) == quarter
        more = enough(float((accounts.spent[s] - effort)[ruled].max()))
        frame = case.tables["teams"].frame
        where = {"team_id": name}
        if "chain_id" in frame.columns:
            chain = int(case.teams.chain[s])
            where["chain_id"] = str(case.chains["chain_id"].iloc[chain]) if chain >= 0 else ""
        if "quarter" in frame.columns:
            where["quarter"] = case.quarters[quarter] if quarter >= 0 else ""
        when = Words("每季", "each quarter") if quarter < 0 else same(case.quarters[quarter])
        now = full_text(float(effort[ruled].min()))
        text = Words(
            f"专班“{name}”{when.zh}增加 {full_text(more)} 人月（现为 {now} 人月）",
            f"team {name}: {full_text(more)} person-months more in {when.en} (now {now})",
        )
        return Step(text, more, "人月", (CellChange(table="teams", where=where, column="effort", add=more),))


def fund_rows(case: Case) -> Bools:
    """Which funds have a row of their own for which quarter: a cell that can be changed. Shape (F, T)."""
    found = np.zeros(case.funds.amount.shape, dtype=bool)
    table = case.tables.get("funds")
    if table is not None:
        at = {name: position for position, name in enumerate(case.funds.ids)}
        quarters = {name: position for position, name in enumerate(case.quarters)}
        for name, quarter in zip(table.frame["fund_id"].astype(str), table.frame["quarter"].astype(str), strict=True):
            if name in at and (quarter in quarters or quarter == ""):
                found[at[name], quarters.get(quarter, slice(None))] = True
    return found


def team_rows(case: Case) -> Bools:
    """Which teams have a row of their own for which quarter; elsewhere their row without a quarter holds. Shape (S, T)."""
    found = np.zeros(case.teams.effort.shape, dtype=bool)
    table = case.tables.get("teams")
    if table is None or "quarter" not in table.frame.columns:
        return found
    chains = {str(name): position for position, name in enumerate(case.chains["chain_id"])}
    quarters = {name: position for position, name in enumerate(case.quarters)}
    at = {team: s for s, team in enumerate(zip(case.teams.ids, case.teams.chain.tolist(), strict=True))}
    served = table.frame["chain_id"].astype(str) if "chain_id" in table.frame.columns else [""] * len(table)
    for name, chain, quarter in zip(table.frame["team_id"].astype(str), served, table.frame["quarter"], strict=True):
        team = at.get((name, chains.get(chain, -1)))
        if team is not None and quarter in quarters:
            found[team, quarters[quarter]] = True
    return found
