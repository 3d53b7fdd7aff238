r"""The limits of a programme as an analyst knows them, and every row as one side of one of them.

A *limit* is what one change of the input moves: the land of a park (all quarters of it), one fund, one team's effort, one
rule's lower side, one project that must come. All rows become :math:`a x \le b`, lower sides negated, so that giving way is
always :math:`a x \le b + r_l\,\sigma_l` with :math:`r_l` the size of the limit ("100 %") and :math:`\sigma_l \ge 0`.

A candidate that no row asks for can stay away without breaking any, so feasibility needs only the columns of those that are
asked for (:meth:`Sides.part`): at scale, a handful of locked projects and not all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.programme.blocks import Block, Family
from planner.programme.build import Programme
from planner.programme.eligibility import above, mu_of
from planner.programme.matrix import Bools, Floats, Ints, Matrix
from planner.settings.explain import MINIMUMS
from planner.settings.schema import Rule
from planner.tables.case import Case
from planner.tables.vocabulary import bounded_terms
from planner.tolerances import rounding

FITS = 1e-6
"""What of a limit, relatively, is no breach where solvers derive columns of their own for it."""
SIGNED = "signed"
"""Kind of a signed deal: a limit that never gives way."""
LOW, HIGH = 0, 1
CHAINS, INVESTMENT, TAX, OPTION = 0, 1, 2, 3
"""Cells that admit a project to a park, the second part of an ``admission`` key: the park's list of chains, its two gates, and
what site_options say of the one pair."""
GATES = {INVESTMENT: ("investment", "min_investment_intensity"), TAX: ("tax", "min_tax_intensity")}
"""Cell: (column of candidates, column of parks)."""
NOBODY: Ints = np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: what one change of the input moves, however many rows it has and from whichever side they hold. ``key`` holds
    positions in the case: candidate; resource and place; fund, team (and quarter); rule and side; park, cell and candidate …"""

    kind: str
    key: tuple[int, ...]
    price: float | None
    """Of giving way by 100 %; None: it never does."""
    size: float
    """What 100 % is."""
    whole: bool = False
    """It holds or is dropped: there is no half of it."""
    counted: bool = False
    """It counts projects, and so gives way by whole numbers."""

    @property
    def unit(self) -> float:
        """What one of its slack is."""
        return 1.0 if self.counted else self.size


@dataclass(frozen=True, eq=False)
class Sides:
    """m one-sided rows over all n columns of a programme (identities keep both sides)."""

    programme: Programme
    rows: csr_array
    lower: Floats
    upper: Floats
    limit: Ints
    """Shape (m,): position in ``limits``, −1 for what the model is."""
    limits: tuple[Limit, ...]
    wide: bool
    """Some limit speaks of shortages or backups, so that no column can be left out."""

    @cached_property
    def prices(self) -> Floats:
        """Of each limit; inf where it never gives way."""
        return np.array([np.inf if one.price is None else one.price for one in self.limits])

    def broken(self, values: Floats) -> Floats:
        """How much each limit has to give way for the plan, shape of ``limits``; what is rounding counts as 0."""
        over = np.asarray(self.rows @ values) - self.upper
        size = np.maximum(abs(self.rows) @ np.abs(values), np.abs(self.upper))
        derived = np.diff(self.rows[:, self.programme.layout.choices :].indptr) > 0
        over[over <= np.where(derived, FITS * np.maximum(1.0, size), rounding(size))] = 0.0
        found = np.zeros(len(self.limits))
        held = self.limit >= 0
        np.maximum.at(found, self.limit[held], over[held])
        return found

    def part(self, kept: Bools) -> tuple[Ints, Ints]:
        """(rows, columns) that decide whether the ``kept`` limits can hold together."""
        held = np.append(kept, True)[self.limit]
        columns = self.programme.layout
        if self.wide:
            return np.flatnonzero(held), np.arange(columns.columns)
        asking = self.rows[np.flatnonzero(held & (self.limit >= 0))]
        asked = np.unique(asking.indices[asking.data < 0])
        wanted = np.unique(columns.candidate[asked[asked < columns.choices]])
        some = np.flatnonzero(np.isin(columns.candidate, wanted))
        touched = np.diff(self.rows[:, some].indptr) > 0
        return np.flatnonzero(held & (touched | (self.upper < 0))), some

    def feasibility(self, kept: Bools) -> Matrix:
        """The ``kept`` limits alone, with nothing to optimise."""
        rows, columns = self.part(kept)
        matrix = self.programme.matrix
        return Matrix(
            objective=np.zeros(len(columns)),
            offset=0.0,
            rows=csr_array(self.rows[rows][:, columns]),
            row_lower=self.lower[rows],
            row_upper=self.upper[rows],
            lower=matrix.lower[columns],
            upper=matrix.upper[columns],
            integer=matrix.integer[columns],
        )


def sides_of(programme: Programme, admitted: Ints = NOBODY) -> Sides:
    """The programme's rows as sides. ``admitted`` (n, 2): pairs (candidate, park) that an entry rule closes: each stands for the price
    of every cell that would have to change (kind ``admission``), and pairs that need one cell share it.

    Soft rules are left out: they always give way.
    """
    limits: dict[tuple[str, tuple[int, ...]], tuple[int, Limit]] = {}

    def numbered(found: Sequence[Limit]) -> Ints:
        return np.array(
            [limits.setdefault((one.kind, one.key), (len(limits), one))[0] for one in found], dtype=np.int64
        )

    rows, lower, upper, numbers = [], [], [], []
    wide = any(part.rows[:, programme.layout.choices :].nnz > 0 for part in _hard(programme))
    for family, part in zip(programme.families, programme.blocks, strict=True):
        if not part.size or not (family.business or wide or family.name in {"once", "schedule"}):
            continue
        if not family.business:
            rows.append(part.rows)
            lower.append(part.lower)
            upper.append(part.upper)
            numbers.append(np.full(part.size, -1, dtype=np.int64))
            continue
        for side in (LOW, HIGH):
            bound = part.lower if side == LOW else part.upper
            # A project is placed once at most anyway: only that it must come is a limit.
            keep = np.isfinite(bound) & _counts(programme.case, family, part)
            keep &= not (family.name == "must_include" and side == HIGH)
            at = np.flatnonzero(keep)
            if not at.size:
                continue
            sign = -1.0 if side == LOW else 1.0
            found, which = _limits(programme.case, family, part, at, side)
            rows.append(csr_array(part.rows[at] * sign))
            lower.append(np.full(len(at), -np.inf))
            upper.append(bound[at] * sign)
            numbers.append(numbered(found)[which])
    if len(admitted):
        price = programme.case.settings.explain.price("admission")
        i, k = admitted.T
        pair, cells = _entry_cells(programme.case, i, k)
        rows.append(_pairs(programme, i[pair], k[pair]))
        lower.append(np.full(len(pair), -np.inf))
        upper.append(np.zeros(len(pair)))
        numbers.append(numbered([Limit("admission", tuple(cell), price, 1.0, True) for cell in cells.tolist()]))
    n = programme.layout.columns
    return Sides(
        programme,
        csr_array(vstack(rows, format="csr")) if rows else csr_array((0, n)),
        np.concatenate([np.zeros(0), *lower]),
        np.concatenate([np.zeros(0), *upper]),
        np.concatenate([np.zeros(0, dtype=np.int64), *numbers]),
        tuple(limit for _, limit in limits.values()),
        wide,
    )


def _hard(programme: Programme) -> list[Block]:
    return [
        replace(part, rows=csr_array(part.rows[np.flatnonzero(_counts(programme.case, family, part))]))
        for family, part in zip(programme.families, programme.blocks, strict=True)
        if family.business and part.size
    ]


def _counts(case: Case, family: Family, part: Block) -> Bools:
    """Rows that are hard."""
    if family.name != "rules":
        return np.ones(part.size, dtype=bool)
    hard = np.array([rule.soft is None for rule in case.settings.rules], dtype=bool)
    return hard[part.about["rule"]]


def _entry_cells(case: Case, i: Ints, k: Ints) -> tuple[Ints, Ints]:
    """What keeps candidates out of the parks beside them: positions of pairs, and for each a cell (park, which, candidate or −1
    where the cell is the park's), shape (n, 3). A pair that several cells close stands there several times."""
    row = case.own_rows(i, k)
    chain = case.candidates["chain"].to_numpy(np.int64)[i]
    closed = {cell: below_gate(case, cell, i, k) for cell in GATES}
    closed[CHAINS] = (chain >= 0) & ~np.append(case.chain_allowed, np.ones((len(case.parks), 1), bool), axis=1)[
        k, chain
    ]
    closed[OPTION] = (row >= 0) & ~np.append(case.pairs.allowed, True)[row]
    pairs = [np.flatnonzero(shut) for shut in closed.values()]
    cells = [
        np.stack([k[at], np.full(len(at), cell), i[at] if cell == OPTION else np.full(len(at), -1)], axis=1)
        for cell, at in zip(closed, pairs, strict=True)
    ]
    return np.concatenate(pairs), np.concatenate(cells)


def gate_land(case: Case, i: Ints, k: Ints) -> Floats:
    """The 亩 that gates divide by, of each candidate in the park beside it; 0 where there is no such resource."""
    if case.settings.gates.land not in {supply.resource_id for supply in case.resources}:
        return np.zeros(len(i))
    land: Floats = case.need_in(case.resource(case.settings.gates.land), i, k) * mu_of(case)
    return land


def below_gate(case: Case, cell: int, i: Ints, k: Ints) -> Bools:
    """Which of the candidates bring less per land than the gate of the park beside them asks for."""
    column, gate = GATES[cell]
    floor = case.parks[gate].to_numpy(float)[k]
    return above(floor * gate_land(case, i, k), case.candidates[column].to_numpy(float)[i]) & (floor > 0)


def _pairs(programme: Programme, i: Ints, k: Ints) -> csr_array:
    """One row for each pair: its placements."""
    columns = programme.layout
    parks, at = len(programme.case.parks), columns.placements
    codes = columns.candidate[at] * parks + columns.park[at]
    order = np.argsort(codes, kind="stable")
    first, end = (np.searchsorted(codes[order], i * parks + k, side) for side in ("left", "right"))
    count = end - first
    row = np.repeat(np.arange(len(i)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    entry = at[order[np.repeat(first, count) + step]]
    return csr_array((np.ones(len(row)), (row, entry)), shape=(len(i), columns.columns))


def _limits(case: Case, family: Family, part: Block, at: Ints, side: int) -> tuple[list[Limit], Ints]:
    """The limits of these rows, and which of them each row is a side of."""
    about = {key: values[at] for key, values in part.about.items()}
    bound = (part.lower if side == LOW else part.upper)[at]
    keys = _keys(case, family.name, about, side)
    values, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    found = [
        _limit(case, family.name, tuple(key), float(bound[n]), side)
        for key, n in zip(values.tolist(), first.tolist(), strict=True)
    ]
    return found, which.ravel().astype(np.int64)


def _keys(case: Case, family: str, about: dict[str, Ints], side: int) -> Ints:
    """What of the input moves each row, as positions; shape (rows, some)."""
    if family in {"stock", "flow"}:
        return np.stack([about["resource"], about["place"]], axis=1)
    if family == "funds":
        rows = fund_rows(case)
        quarters = np.arange(len(case.quarters))
        first = np.array([np.flatnonzero(has)[0] if has.any() else len(quarters) for has in rows], dtype=np.int64)
        fund, quarter = about["fund"], about["quarter"]
        carried = case.funds.carry_over[fund]
        has = np.where(carried, quarter >= first[fund], rows[fund, quarter])
        return np.stack([fund, np.where(carried & has, -1, quarter), has.astype(np.int64)], axis=1)
    if family == "teams":
        own = team_rows(case)[about["team"], about["quarter"]]
        return np.stack([about["team"], np.where(own, about["quarter"], -1)], axis=1)
    if family == "rivals":
        return (about["park"] >= 0).astype(np.int64)[:, None]
    subject = {"must_include": "candidate", "rules": "rule", "term_bounds": "term"}.get(family, "other")
    if family in {"rules", "term_bounds"}:
        return np.stack([about[subject], np.full(len(about[subject]), side)], axis=1)
    return about[subject][:, None]


def _limit(case: Case, family: str, key: tuple[int, ...], bound: float, side: int) -> Limit:
    price = case.settings.explain.price(MINIMUMS if family == "rules" and side == LOW else family)
    if family == "must_include":
        if str(case.candidates["status"].iloc[key[0]]) == "signed":
            return Limit(SIGNED, key, None, 1.0, True)
        return Limit(family, key, price, 1.0, True)
    if family in {"together", "apart"}:
        return Limit(family, key, price, 1.0, True)
    if family in {"stock", "flow"}:
        amount = case.resources[key[0]].amount
        own = amount[key[1]][np.isfinite(amount[key[1]])]
        return Limit(family, key, price, _size(own.max(initial=0.0), amount, case.needs[:, key[0]]))
    if family == "funds":
        money = case.funds.amount[key[0]]
        own = money.sum() if key[1] < 0 else money[key[1]]
        return Limit(family, key, price if key[2] else None, _size(own, money, case.funds.asks[:, key[0]]))
    if family == "teams":
        effort = case.teams.effort[key[0]]
        own = effort.max() if key[1] < 0 else effort[key[1]]
        return Limit(family, key, price, _size(own, effort, case.candidates["effort"].to_numpy(float)))
    if family == "rules":
        rule = case.settings.rules[key[0]]
        told = _rule_bound(rule, side)
        counted = rule.count is not None and told.is_integer()
        return Limit(family, key, price, abs(told) or 1.0, counted=counted)
    if family == "term_bounds":
        name = bounded_terms(case.settings)[key[0]]
        objective = case.settings.objective
        told = (objective.floors if side == LOW else objective.ceilings)[name]
        return Limit(family, key, price, abs(told) or 1.0)
    return Limit(family, key, price, abs(bound) or 1.0, counted=True)


def _rule_bound(rule: Rule, side: int) -> float:
    bounds = rule.bounds
    told = bounds.equal if bounds.equal is not None else bounds.min if side == LOW else bounds.max
    return float(told or 0.0)


def _size(own: float, others: Floats, asked: Floats) -> float:
    """100 % of a limit; of one that is 0, what its like have on average, or else the most that anybody asks."""
    if own > 0:
        return float(own)
    some = others[np.isfinite(others) & (others > 0)]
    if some.size:
        return float(some.mean())
    return float(np.nan_to_num(asked).max(initial=0.0)) or 1.0


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
