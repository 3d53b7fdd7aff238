r"""Means: land, power, water … of parks, zones and the region; funds and teams by quarter.

.. math::
    \sum_{i}\sum_{k\in p}\sum_{t'\le t} n_{ikr}\, x_{ikt'} \le A_{prt}, \qquad
    \sum_{t'\le t}\sum_{\tau}\sum_i \phi_{i\tau} p_{if}\, x_{i,t'-\tau} \le \sum_{t'\le t} B_{ft'}

Stock is used up and flow is used from the quarter of signing on; nobody leaves within the horizon, so both are cumulative.
A row whose capacity is not below that of every later quarter can never bind and is left out. Shares :math:`\phi_{i\tau}` of a
subsidy are paid :math:`\tau` quarters after signing. The second row is that of a fund that carries over; one that does not
holds each quarter alone, and so do teams with the shares of effort. A quarter t after the horizon has a row where an amount is
given for it; what falls due in the others is limited by nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import fsum, isfinite
from typing import Any, ClassVar

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import REGION, Bools, Case, Floats, Ints
from planner.case.means import REGION_NAMES
from planner.case.seasons import seasons_at
from planner.language import Words
from planner.layout import Layout, Rows, needed_quarters, numbering, rows_of, stack
from planner.limits.family import Family, Held, Lever, Step, Subject, enough, full_size, full_text, place_name, same
from planner.settings.changes import Change

Cell = tuple[Bools, str, Mapping[str, str], str]
"""(quarters that it rules, table, where, column); without a column a row is put in, with an amount beside what ``where`` says."""


class Resource(Family):
    """Resources of one ``kind``: what is used at a place by a quarter within what there is."""

    kind: ClassVar[str]
    lever_of = ("resource", "place")

    def rows(self, case: Case, layout: Layout) -> Rows:
        wanted = [r for r, supply in enumerate(case.resources) if supply.kind == self.kind]
        return stack(layout, [part for r in wanted for part in _rows(case, layout, r)])

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for r, (supply, used) in enumerate(zip(case.resources, accounts.used, strict=True)):
            if supply.kind == self.kind:
                for place, amounts in enumerate(supply.amount.tolist()):
                    for t, present in enumerate(amounts):
                        yield Held(float(used[place, t]), present, about={"resource": r, "place": place, "quarter": t})

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        r, place = about["resource"], about["place"]
        ids = (case.resources[r].resource_id, case.resources[r].places[place])
        return Subject(same(case.resources[r].name), ids, place_name(case, r, place), case.resources[r].unit)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        amounts = case.resources[key[0]].amount
        own = amounts[key[1]][np.isfinite(amounts[key[1]])].max(initial=0.0)
        return Lever(self.name, key, self.price(case), full_size(own, amounts, case.needs[:, key[0]]))

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        supply, where = case.resources[key[0]], place_name(case, key[0], key[1])
        amounts = supply.amount[key[1]]
        named = seasons_at(case, supply, key[1])
        figures = full_text(float(amounts[-1])) if (amounts == amounts[-1]).all() else by_quarter(case.quarters, amounts)
        zh, en = (f"{head} {figures} {supply.unit}" for head in (f"{where.zh}的{supply.name}", f"{supply.name} of {where.en}:"))
        seasons = Words(f"（季节：{named}）", f" (seasons: {named})") if named else Words("", "")
        return Words(zh.strip() + seasons.zh, en.strip() + seasons.en)

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        r, place = key
        supply, where = case.resources[r], place_name(case, r, place)
        used, stated, seasons = accounts.used[r][place], supply.stated[place], supply.seasons[:, place]
        over = used - supply.amount[place]
        # A season that leaves nothing is dropped; of what others leave, the cells are raised by as much as it takes.
        nothing = [
            n
            for n, one in enumerate(case.settings.seasons[: len(seasons)])
            if not one.factor and over[seasons[n]].max(initial=0) > 0
        ]
        kept = np.delete(seasons, nothing, axis=0)
        factors = [one.factor for n, one in enumerate(case.settings.seasons[: len(seasons)]) if n not in nothing]
        left = np.prod(np.where(kept, np.array(factors, dtype=float)[:, None], 1.0), axis=0)
        lacking = np.where(over > 0, np.divide(used, left, out=np.zeros_like(used), where=left > 0) - stated, 0.0)
        cells, texts = [], []
        for n in nothing:
            title = case.settings.seasons[n].title
            texts.append(Words(f"取消季节“{title}”", f"drop the season {title}"))
        for quarters, table, row, column in resource_cells(case, r, place):
            more = enough(float(lacking[quarters].max(initial=0.0)))
            if more > 0:
                made = {"where": row, "column": column, "add": more} if column else {"insert": {**row, "amount": more}}
                cells.append(Change.model_validate({"table": table, **made}))
                texts.append(_more(case, quarters, more, float(stated[quarters].min()), supply.unit))
        named = seasons_at(case, supply, place)
        texts += [Words(f"季节系数仍在：{named}", f"its seasons stay: {named}")] if named and cells else []
        zh, en = "；".join(words.zh for words in texts), "; ".join(words.en for words in texts)
        text = Words(f"{where.zh}的{supply.name}{zh}", f"{supply.name} of {where.en}: {en}")
        dropped = tuple((("seasons", n), None) for n in nothing)
        return Step(text, enough(float(over.max())), supply.unit, tuple(cells), dropped)


class Stock(Resource):
    """Resources that are used up."""

    name = kind = "stock"
    title = Words("存量资源", "stock resources")
    formula = r"\sum_{i,\,t'\le t} n_{ikr} x_{ikt'} \le A_{krt}"


class Flow(Resource):
    """Resources that are used quarter by quarter."""

    name = kind = "flow"
    title = Words("流量资源", "flow resources")
    formula = r"\sum_{i,\,t'\le t} n_{ikr} x_{ikt'} \le A_{krt}\ \text{(in operation at } t)"


def _rows(case: Case, layout: Layout, r: int) -> Iterator[Rows]:
    supply = case.resources[r]
    needed = needed_quarters(supply.amount)
    last = len(case.quarters) - 1
    for t in np.flatnonzero(needed.any(axis=0)).tolist():
        places = np.flatnonzero(needed[:, t])
        at = layout.placements
        if t < last:
            at = at[(layout.quarter[at] >= 0) & (layout.quarter[at] <= t)]
        # Before the last quarter the rows of untimed parks never bind, except for a region-wide resource whose needs do
        # not depend on the park: there the quarter alone is enough.
        if t < last and supply.scope == "region" and not layout.timed.all():
            at = layout.schedules[layout.quarter[layout.schedules] <= t]
            need = case.needs[layout.candidate[at], r]
            place = np.zeros(len(at), dtype=np.int64)
        else:
            need = case.need(r)[layout.candidate[at], layout.park[at]]
            place = supply.place_of_park[layout.park[at]]
        row = numbering(places, len(supply.places))[place]
        kept, size = row >= 0, len(places)
        about = {"resource": np.full(size, r), "place": places, "quarter": np.full(size, t)}
        yield rows_of(layout, (row[kept], at[kept], need[kept]), about, upper=supply.amount[places, t])


def by_quarter(quarters: Sequence[str], amounts: Floats) -> str:
    """Amounts with their quarters."""
    return "、".join(f"{quarter} {full_text(float(value))}" for quarter, value in zip(quarters, amounts, strict=True))


def _more(case: Case, quarters: Bools, more: float, now: float, unit: str) -> Words:
    """``自 2027Q3 起增加 12 亩（现为 80 亩）``; the quarters are said when it is not all of them."""
    at = np.flatnonzero(quarters)
    names = case.quarters[at[0]], case.quarters[at[-1]]
    zh = en = ""
    if len(at) < len(case.quarters):
        zh = f"在 {names[0]} " if names[0] == names[1] else f"在 {names[0]} 至 {names[1]} "
        en = f" in {names[0]}" if names[0] == names[1] else f" from {names[0]} to {names[1]}"
    added, has = f"{full_text(more)} {unit}".rstrip(), f"{full_text(now)} {unit}".rstrip()
    return Words(f"{zh}增加 {added}（现为 {has}）", f"{added} more{en} (now {has})")


def resource_cells(case: Case, r: int, place: int) -> list[Cell]:
    """The cells that say how much of a resource a place has, and the quarters that each rules (none twice)."""
    supply, count = case.resources[r], len(case.quarters)
    starts: dict[int, Mapping[str, str]] = {}
    table = case.tables.get("capacities")
    if table is not None:
        keys = [name for name in ("resource_id", "scope_id", "quarter") if name in table.frame.columns]
        for values in table.frame[keys].astype(str).itertuples(index=False):
            row: dict[str, str] = dict(zip(keys, values, strict=True))
            scope, quarter = row.get("scope_id", ""), row.get("quarter", "")
            here = scope == supply.places[place] or (supply.places[place] == REGION and scope in {*REGION_NAMES, ""})
            if row["resource_id"] == supply.resource_id and here and quarter <= case.quarters[-1]:
                starts[case.quarters.index(quarter) if quarter in case.quarters else 0] = row
    first, cells = sorted(starts), list[Cell]()
    parks = np.flatnonzero(supply.place_of_park == place)
    if not first or first[0] > 0:
        column = (
            case.parks[supply.resource_id].to_numpy(float)
            if supply.resource_id in case.parks.columns
            else np.full(len(case.parks), np.nan)
        )
        stated = parks[np.isfinite(column[parks])]
        quarters = np.arange(count) < (first[0] if first else count)
        if len(stated):
            park = str(case.parks["park_id"].iloc[int(stated[int(column[stated].argmax())])])
            cells.append((quarters, "parks", {"park_id": park}, supply.resource_id))
        else:  # nothing is there before the first phase, and no cell says so
            scope = "" if supply.places[place] == REGION else supply.places[place]
            cells.append(
                (quarters, "capacities", {"resource_id": supply.resource_id, "scope_id": scope, "quarter": case.quarters[0]}, "")
            )
    for begin, end in zip(first, [*first[1:], count][: len(first)], strict=True):
        quarters = (np.arange(count) >= begin) & (np.arange(count) < end)
        cells.append((quarters, "capacities", starts[begin], "amount"))
    return cells


def _spread(layout: Layout, at: Ints, amounts: Floats, shares: Floats) -> tuple[Ints, Ints, Floats]:
    """(quarter of the calendar, column, amount) of what falls due of the schedule columns ``at``; ``shares`` by candidate."""
    parts = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
    for lag, share in enumerate(shares[layout.candidate[at]].T):
        due = np.flatnonzero(share)
        parts.append((layout.quarter[at[due]] + lag, at[due], amounts[due] * share[due]))
    quarter, column, value = (np.concatenate([part[n] for part in parts]) for n in range(3))
    return quarter.astype(np.int64), column.astype(np.int64), value


class Funds(Family):
    """Money paid within each fund's budget."""

    name = "funds"
    title = Words("资金", "funds")
    each_quarter = "fund"
    formula = r"\sum_{t'\le t}\sum_i p_{if} x_{it'} \le \sum_{t'\le t} B_{ft'}"

    def rows(self, case: Case, layout: Layout) -> Rows:
        funds, most, parts = case.funds, case.funds.most, []
        for f in range(len(funds.ids)):
            asked = funds.asks[layout.candidate[layout.schedules], f]
            at, limited = layout.schedules[asked > 0], np.flatnonzero(np.isfinite(most[f]))
            quarter, column, value = _spread(layout, at, asked[asked > 0], case.paid_shares)
            if funds.carry_over[f]:  # each payment counts in its quarter and in all later ones
                payment, row = np.nonzero(quarter[:, None] <= limited)
            else:
                payment, row = np.nonzero(quarter[:, None] == limited)
            about = {"fund": np.full(len(limited), f), "quarter": limited}
            parts.append(rows_of(layout, (row, column[payment], value[payment]), about, upper=most[f, limited]))
        return stack(layout, parts)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        funds = case.funds
        each = zip(accounts.paid.tolist(), funds.amount.tolist(), funds.carry_over.tolist(), strict=True)
        for f, (paid, money, carries) in enumerate(each):
            for t in (t for t, present in enumerate(money) if isfinite(present)):
                since = slice(0 if carries else t, t + 1)
                about = {"fund": f, "quarter": t}
                yield Held(fsum(paid[since]), fsum(new for new in money[since] if isfinite(new)), about=about)

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        name = case.funds.ids[about["fund"]]
        return Subject(same(name), (name,), unit="万元")

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        rows = fund_rows(case)
        first = np.where(rows.any(axis=1), rows.argmax(axis=1), len(case.calendar))
        fund, quarter = about["fund"], about["quarter"]
        carried = case.funds.carry_over[fund]
        has = np.where(carried, quarter >= first[fund], rows[fund, quarter])
        return np.stack([fund, np.where(carried & has, -1, quarter), has.astype(np.int64)], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        money = case.funds.amount[key[0]]
        own = money[np.isfinite(money)].sum() if key[1] < 0 else money[key[1]]
        size = full_size(own, money, case.funds.asks[:, key[0]])
        return Lever(self.name, key, self.price(case) if key[2] else None, size)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, money = case.funds.ids[key[0]], case.funds.amount[key[0]]
        if case.funds.carry_over[key[0]]:
            limited = np.isfinite(money)
            total = full_text(float(money[limited].sum()))
            phases = by_quarter(np.array(case.calendar)[limited].tolist(), money[limited])
            zh = f"资金“{name}”共 {total} 万元（{phases}，可结转）"
            return Words(zh, f"fund {name}: {total} 万元 in all ({phases}, carried over)")
        quarter, present = case.calendar[key[1]], full_text(float(money[key[1]]))
        return Words(f"资金“{name}”{quarter} {present} 万元", f"fund {name} in {quarter}: {present} 万元")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        f, quarter, _ = key
        limited, rows = np.isfinite(case.funds.amount[f]), np.array([quarter])
        over = accounts.paid[f] - np.where(limited, case.funds.amount[f], 0.0)
        if quarter < 0:
            over, rows = np.where(limited, over.cumsum(), -np.inf), np.flatnonzero(fund_rows(case)[f])
        cells, texts, total = [], [], 0.0
        for row, end in zip(rows.tolist(), [*rows[1:].tolist(), len(over)], strict=True):
            # Money that carries over is added as late as it still helps.
            until = end if quarter < 0 else row + 1
            more = enough(float(over[row:until].max()) - total)
            if more <= 0:
                continue
            total += more
            where = {"fund_id": case.funds.ids[f], "quarter": case.calendar[row]}
            cells.append(Change(table="funds", where=where, column="amount", add=more))
            when, added, now = case.calendar[row], full_text(more), full_text(float(case.funds.amount[f, row]))
            texts.append(Words(f"{when} 增加 {added} 万元（现为 {now} 万元）", f"{added} 万元 more in {when} (now {now})"))
        name, zh, en = case.funds.ids[f], "；".join(words.zh for words in texts), "; ".join(words.en for words in texts)
        text = Words(f"资金“{name}”{zh}", f"fund {name}: {en}")
        return Step(text, total, "万元", tuple(cells))


class Teams(Family):
    """Person-months of each team in each quarter."""

    name = "teams"
    title = Words("专班工作量", "team effort")
    each_quarter = "team"
    formula = r"\sum_i e_{i,\tau} x_{i,t-\tau} \le E_{st}"

    def rows(self, case: Case, layout: Layout) -> Rows:
        team = case.candidates["team"].to_numpy(np.int64)
        at = layout.schedules[team[layout.candidate[layout.schedules]] >= 0]
        effort = case.candidates["effort"].to_numpy(float)[layout.candidate[at]]
        quarter, column, value = _spread(layout, at, effort, case.spent_shares)
        most = case.teams.effort.ravel()
        limited = np.flatnonzero(np.isfinite(most))
        row = numbering(limited, len(most))[team[layout.candidate[column]] * len(case.calendar) + quarter]
        kept = row >= 0
        about = {"team": limited // len(case.calendar), "quarter": limited % len(case.calendar)}
        return rows_of(layout, (row[kept], column[kept], value[kept]), about, upper=most[limited])

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for team, both in enumerate(zip(accounts.spent.tolist(), case.teams.effort.tolist(), strict=True)):
            limited = ((t, used, most) for t, (used, most) in enumerate(zip(*both, strict=True)) if isfinite(most))
            yield from (Held(used, most, about={"team": team, "quarter": t}) for t, used, most in limited)

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        name, chain = case.teams.ids[about["team"]], int(case.teams.chain[about["team"]])
        chains = (str(case.chains["chain_id"].iloc[chain]),) if chain >= 0 else ()
        return Subject(same(name), (name, *chains), unit="人月")

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        own = team_rows(case)[about["team"], about["quarter"]]
        return np.stack([about["team"], np.where(own, about["quarter"], -1)], axis=1)

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        effort = case.teams.effort[key[0]]
        own = effort[: len(case.quarters)].max() if key[1] < 0 else effort[key[1]]
        return Lever(self.name, key, self.price(case), full_size(own, effort, case.candidates["effort"].to_numpy(float)))

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, effort = case.teams.ids[key[0]], case.teams.effort[key[0]]
        if key[1] < 0:
            most = full_text(float(effort[~team_rows(case)[key[0]]].min()))
            return Words(f"专班“{name}”每季 {most} 人月", f"team {name}: {most} person-months a quarter")
        quarter, most = case.calendar[key[1]], full_text(float(effort[key[1]]))
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
            where["quarter"] = case.calendar[quarter] if quarter >= 0 else ""
        when = Words("每季", "each quarter") if quarter < 0 else same(case.calendar[quarter])
        now = full_text(float(effort[ruled].min()))
        text = Words(
            f"专班“{name}”{when.zh}增加 {full_text(more)} 人月（现为 {now} 人月）",
            f"team {name}: {full_text(more)} person-months more in {when.en} (now {now})",
        )
        return Step(text, more, "人月", (Change(table="teams", where=where, column="effort", add=more),))


def fund_rows(case: Case) -> Bools:
    """Which funds have a row of their own for which quarter of the calendar: a cell that can be changed."""
    own = np.zeros(case.funds.amount.shape, dtype=bool)
    table = case.tables.get("funds")
    if table is not None:
        at = {name: position for position, name in enumerate(case.funds.ids)}
        quarters = {name: position for position, name in enumerate(case.calendar)}
        for name, quarter in zip(table.frame["fund_id"].astype(str), table.frame["quarter"].astype(str), strict=True):
            if name in at and (quarter in quarters or quarter == ""):
                own[at[name], quarters.get(quarter, slice(len(case.quarters)))] = True
    return own & np.isfinite(case.funds.amount)


def team_rows(case: Case) -> Bools:
    """Which teams have a row of their own for which quarter of the calendar; elsewhere in the horizon their row without a quarter
    holds."""
    own = np.zeros(case.teams.effort.shape, dtype=bool)
    table = case.tables.get("teams")
    if table is None or "quarter" not in table.frame.columns:
        return own
    chains = {str(name): position for position, name in enumerate(case.chains["chain_id"])}
    quarters = {name: position for position, name in enumerate(case.calendar)}
    at = {team: s for s, team in enumerate(zip(case.teams.ids, case.teams.chain.tolist(), strict=True))}
    served = table.frame["chain_id"].astype(str) if "chain_id" in table.frame.columns else [""] * len(table)
    for name, chain, quarter in zip(table.frame["team_id"].astype(str), served, table.frame["quarter"], strict=True):
        team = at.get((name, chains.get(chain, -1)))
        if team is not None and quarter in quarters:
            own[team, quarters[quarter]] = True
    return own
