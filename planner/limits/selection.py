"""Who comes: each project once, the promised ones surely, each with its quarter, and where parks, firms and locks let it in.

Pairs that a lock, a list or a gate closes are filtered out before any column is made, so admission has no rows. Its check
repeats the filter's rules from the tables. Its levers are the cells that admit a project to a park: the park's list of chains,
its two gates, and what ``site_options`` says of one pair; and its own earliest and latest quarter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import nan
from typing import Any

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Bools, Case, Floats, Ints
from planner.case.eligibility import above, mu_of
from planner.language import Words
from planner.layout import Layout, Rows, number, numbering, rows_of, stack
from planner.limits.family import LOW, Family, Held, Lever, Step, Subject, enough, firm, full_text, moved, same
from planner.settings.changes import Change
from planner.tables.units import UnitError, convert

SIGNED = "signed"
"""Family of the lever of a signed deal, which never gives way."""
CHAINS, INVESTMENT, TAX, OPTION, EARLIEST, LATEST = range(6)
"""The second part of a lever's key, beside the park and, for ``OPTION``, the candidate; the last two are of a candidate alone."""
WINDOW = {EARLIEST: "earliest_quarter", LATEST: "latest_quarter"}
"""Cell: column of candidates."""
GATES = {
    INVESTMENT: ("investment", "min_investment_intensity", Words("投资强度门槛", "gate of investment per land")),
    TAX: ("tax", "min_tax_intensity", Words("亩均税收门槛", "gate of tax per land")),
}
"""Cell: (column of candidates, column of parks, what it is called)."""


class Once(Family):
    """A project, with all its versions, at most once."""

    name = "once"
    title = Words("每个项目至多落地一次", "each project at most once")
    formula = r"\sum_{i\in V}\sum_{k,t} x_{ikt} \le 1"
    business = False

    def rows(self, case: Case, layout: Layout) -> Rows:
        at = layout.placements
        _, first, row = np.unique(case.project_of[layout.candidate[at]], return_index=True, return_inverse=True)
        return rows_of(layout, (row, at, np.ones(len(at))), {"candidate": layout.candidate[at][first]}, upper=1.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        first = {row["project"]: row["position"] for row in reversed(accounts.chosen.rows)}
        for project, count in Counter(row["project"] for row in accounts.chosen.rows).items():
            yield Held(count, 1.0, about={"candidate": first[project]})


class MustInclude(Family):
    """Whoever must come, or has signed, comes."""

    name = "must_include"
    title = Words("必选与已签约项目", "projects that must come")
    formula = r"\sum_{k,t} x_{ikt} = 1"
    levered = (LOW,)
    lever_of = ("candidate",)

    def rows(self, case: Case, layout: Layout) -> Rows:
        locked = (case.candidates["must_include"] | (case.candidates["status"] == "signed")).to_numpy(bool)
        candidates = np.flatnonzero(locked)
        at = layout.placements[locked[layout.candidate[layout.placements]]]
        row = numbering(candidates, len(locked))[layout.candidate[at]]
        return rows_of(layout, (row, at, np.ones(len(at))), {"candidate": candidates}, 1.0, 1.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        here = set(accounts.choice.candidate.tolist())
        rows = zip(case.candidates["must_include"].tolist(), case.candidates["status"].tolist(), strict=True)
        for i, (must, status) in enumerate(rows):
            if must or status == "signed":
                yield Held(0.0 if i in here else 1.0, 0.0, about={"candidate": i})

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        signed = case.candidates["status"].iloc[key[0]] == "signed"
        return Lever(SIGNED, key, None, 1.0, whole=True) if signed else super().lever(case, key, bound, side)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        name, signed = firm(case, key[0]), case.candidates["status"].iloc[key[0]] == "signed"
        return (
            Words(f"已签约项目 {name.zh}", f"{name.en} is signed")
            if signed
            else Words(f"必选项目 {name.zh}", f"{name.en} must come")
        )

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        where, name = {"candidate_id": str(case.candidates["candidate_id"].iloc[key[0]])}, firm(case, key[0])
        cell = Change(table="candidates", where=where, column="must_include", set=False)
        return Step(Words(f"取消必选：{name.zh}", f"drop must_include: {name.en}"), cells=(cell,))


class Schedule(Family):
    """A selected project stands in one park and in one quarter."""

    name = "schedule"
    title = Words("落位与排期一致", "placed and scheduled alike")
    formula = r"\sum_{k} y_{ik} = \sum_t z_{it}"
    business = False

    def rows(self, case: Case, layout: Layout) -> Rows:
        placed = np.flatnonzero((layout.park >= 0) & (layout.quarter < 0))
        scheduled = np.flatnonzero((layout.park < 0) & (layout.quarter >= 0))
        at = np.concatenate([placed, scheduled])
        sign = np.concatenate([np.ones(len(placed)), -np.ones(len(scheduled))])
        row, candidates = number(layout.candidate[at])
        return rows_of(layout, (row, at, sign), {"candidate": candidates}, 0.0, 0.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        times = Counter(accounts.choice.candidate.tolist())
        for row in accounts.chosen.rows:
            known = 0 <= row["park"] < len(case.parks) and 0 <= row["quarter"] < len(case.quarters)
            yield Held(times[row["position"]] if known else 2.0, 1.0, about={"candidate": row["position"]})


class Admission(Family):
    """No lock, list or entry gate speaks against a project's park and quarter. Gates: 万元 against the floor times 亩."""

    name = "admission"
    title = Words("准入条件与锁定", "entry conditions and locks")
    formula = r"x_{ikt} = 0 \text{ for every pair that a lock, a list or a gate closes}"

    def rows(self, case: Case, layout: Layout) -> Rows:
        return stack(layout, [])

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        pairs = zip(case.pairs.candidate.tolist(), case.pairs.park.tolist(), case.pairs.allowed.tolist(), strict=True)
        closed = {(i, k) for i, k, allowed in pairs if not allowed}
        deals, waiting = (set(np.flatnonzero(mask).tolist()) for mask in (case.standing.promised, case.standing.waiting))
        ids = [supply.resource_id for supply in case.resources]
        land = ids.index(case.settings.gates.land) if case.settings.gates.land in ids else None
        for n, row in enumerate(accounts.chosen.rows):
            i, k, t = row["position"], row["park"], row["quarter"]
            signed = row["status"] == "signed"
            promised = i in deals and row["fixed_park"] == k
            against = {
                "excluded": row["exclude"],
                "lost": row["status"] == "lost",
                "paused": i in waiting and not signed,
                "forbidden_pair": (i, k) in closed and not promised,
                "refused_park": case.refused[i, k] and not promised,
                "fixed_elsewhere": row["fixed_park"] not in (-1, k),
                "other_quarter": row["fixed_quarter"] not in (-1, t),
                "earliest_quarter": not signed and case.quarters[t] < (row["earliest_quarter"] or ""),
                "latest_quarter": not signed and case.quarters[t] > (row["latest_quarter"] or case.quarters[t]),
                "chain_not_allowed": row["chain"] >= 0 and not signed and not case.chain_allowed[k, int(row["chain"])],
            }
            about = {"candidate": i, "park": k}
            yield from (Held(float(bool(shut)), 0.0, about={**about, "reason": why}) for why, shut in against.items())
            for column, gate in (("investment", "min_investment_intensity"), ("tax", "min_tax_intensity")):
                floor = float(case.parks[gate].iloc[k])
                if floor > 0 and not signed and land is not None:
                    need = _mu(float(accounts.needs[n, land]), case.resources[land].unit)
                    if need != 0:
                        gated = {**about, "reason": f"{column}_intensity", "side": LOW}
                        yield Held(floor * need, float(row[column]), about=gated)

    def limit(self, case: Case, about: Mapping[str, Any]) -> Subject:
        park = case.parks.iloc[about["park"]]
        firm_id, unit = str(case.candidates["candidate_id"].iloc[about["candidate"]]), "万元" if "side" in about else ""
        return Subject(firm(case, about["candidate"]), (firm_id, str(park["park_id"])), same(park["name"]), unit)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        if key[1] in WINDOW:
            name, quarter = firm(case, key[2]), case.candidates[WINDOW[key[1]]].iloc[key[2]]
            before, after = (
                Words(f"{name.zh} 最早 {quarter} 签约", f"{name.en} not before {quarter}"),
                Words(f"{name.zh} 最晚 {quarter} 签约", f"{name.en} not after {quarter}"),
            )
            return before if key[1] == EARLIEST else after
        park = case.parks["name"].iloc[key[0]]
        return Words(f"“{park}”的准入条件", f"what {park} asks of who settles there")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        """One cell, changed as little as all who settle in the park need."""
        k, what, only = key
        if what in WINDOW:
            quarter = case.quarters[int(accounts.choice.quarter[accounts.choice.candidate == only][0])]
            where = {"candidate_id": str(case.candidates["candidate_id"].iloc[only])}
            moved_to = (
                Words("最早季度提前到", "earliest quarter") if what == EARLIEST else Words("最晚季度推后到", "latest quarter")
            )
            text = Words(f"{firm(case, only).zh} 的{moved_to.zh} {quarter}", f"{firm(case, only).en}: {moved_to.en} {quarter}")
            return Step(text, cells=(Change(table="candidates", where=where, column=WINDOW[what], set=quarter),))
        park, at = case.parks.iloc[k], {"park_id": str(case.parks["park_id"].iloc[k])}
        here = accounts.choice.candidate[accounts.choice.park == k]
        here = here[(case.candidates["status"].iloc[here] != "signed").to_numpy(bool)]
        if what == OPTION:
            who = np.array([only])
            pair = {"candidate_id": str(case.candidates["candidate_id"].iloc[only]), **at}
            cell = Change(table="site_options", where=pair, column="allowed", set=True)
            change = Words("选址选项改为可落地", "site option allowed")
        elif what == CHAINS:
            chain = case.candidates["chain"].to_numpy(np.int64)
            here = here[chain[here] >= 0]
            who = here[~case.chain_allowed[k, chain[here]]]
            new = np.unique(chain[who])
            ids, names = case.chains["chain_id"].astype(str), case.chains["name"].astype(str)
            listed = "、".join([*ids[case.chain_allowed[k]], *ids.iloc[new]])
            cell = Change(table="parks", where=at, column="allowed_chains", set=listed)
            taken = Words.listed(names.iloc[new])
            change = Words(f"接纳产业链“{taken.zh}”", f"takes the chain {taken.en}")
        else:
            column, gate, name = GATES[what]
            who = here[below_gate(case, what, here, np.full(len(here), k))]
            now, land = float(park[gate]), gate_land(case, who, np.full(len(who), k))
            has = float((case.candidates[column].to_numpy(float)[who] / land).min())
            lower = max(moved(now, -enough(now - has)), 0.0)
            cell = Change(table="parks", where=at, column=gate, set=lower)
            old, new_gate = full_text(now), full_text(lower)
            change = Words(f"{name.zh}由 {old} 降到 {new_gate} 万元/亩", f"{name.en} {new_gate} instead of {old}")
        firms = Words.listed(firm(case, i) for i in who.tolist())
        text = Words(f"“{park['name']}”为 {firms.zh} {change.zh}", f"{park['name']} for {firms.en}: {change.en}")
        return Step(text, cells=(cell,))


def _mu(need: float, unit: str) -> float:
    """Land in 亩; NaN, which keeps no gate, where the unit is not one of land."""
    try:
        return convert(need, unit, "亩")
    except (UnitError, ArithmeticError, ValueError):
        return nan


def gate_land(case: Case, i: Ints, k: Ints) -> Floats:
    """The 亩 that gates divide by, of each candidate in the park beside it; 0 where there is no such resource."""
    if case.settings.gates.land not in {supply.resource_id for supply in case.resources}:
        return np.zeros(len(i))
    land: Floats = case.need_in(case.resource(case.settings.gates.land), i, k) * mu_of(case)
    return land


def below_gate(case: Case, cell: int, i: Ints, k: Ints) -> Bools:
    """Which of the candidates bring less per land than the gate of the park beside them asks for."""
    column, gate, _ = GATES[cell]
    floor = case.parks[gate].to_numpy(float)[k]
    return above(floor * gate_land(case, i, k), case.candidates[column].to_numpy(float)[i]) & (floor > 0)


def entry_cells(case: Case, i: Ints, k: Ints) -> tuple[Ints, Ints]:
    """What keeps candidates out of the parks beside them: positions of pairs, and for each a cell (park, which, candidate or −1
    where the cell is the park's), shape (n, 3). A pair that several cells close stands there several times."""
    row = case.own_rows(i, k)
    chain = case.candidates["chain"].to_numpy(np.int64)[i]
    closed = {cell: below_gate(case, cell, i, k) for cell in GATES}
    takes = np.append(case.chain_allowed, np.ones((len(case.parks), 1), bool), axis=1)
    closed[CHAINS] = (chain >= 0) & ~takes[k, chain]
    closed[OPTION] = (row >= 0) & ~np.append(case.pairs.allowed, True)[row]
    pairs = [np.flatnonzero(shut) for shut in closed.values()]
    cells = [
        np.stack([k[at], np.full(len(at), cell), i[at] if cell == OPTION else np.full(len(at), -1)], axis=1)
        for cell, at in zip(closed, pairs, strict=True)
    ]
    return np.concatenate(pairs), np.concatenate(cells)


def window_cells(case: Case, i: Ints, t: Ints) -> Ints:
    """The cell that keeps each candidate from the quarter beside it, which lies outside its window; shape (n, 3)."""
    which = np.where(t < case.window[i, 0], EARLIEST, LATEST)
    return np.stack([np.full(len(i), -1), which, i], axis=1)
