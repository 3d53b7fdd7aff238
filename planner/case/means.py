"""Resources, funds and teams: how much of them there is, where and when, and who needs or asks for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.case.case import REGION, Floats, Funds, Ints, Supply, Teams
from planner.case.columns import Columns
from planner.language import Language, Words
from planner.reading.table import RESOURCES, Rests
from planner.settings.base import quarter_range, quarters_between
from planner.settings.schema import ResourceSettings

NAMES: Mapping[str, Words] = {
    "land": Words("用地", "land"),
    "power": Words("电力", "power"),
    "water": Words("用水", "water"),
    "energy": Words("能耗", "energy"),
    "floor_area": Words("厂房面积", "floor area"),
}
"""Names of common resources, for plans that give none."""
REGION_NAMES = frozenset({REGION, "全域", "全市", "全区", "全省", "all", "*"})

CHAIN, TEAM, FUND = Words("产业链", "chain"), Words("专班", "team"), Words("资金池", "fund")
_WHO, _CHAIN_OF = ("teams.team_id", "teams.chain_id"), ("link_id", "chain_id")
_PLACES = {"park": Words("园区", "park"), "zone": Words("分区", "zone"), "region": Words("区域", "region")}


def link_resources(
    declared: Mapping[str, ResourceSettings],
    language: Language,
    read: Mapping[str, Columns],
    parks: pd.DataFrame,
    quarters: tuple[str, ...],
) -> tuple[tuple[Supply, ...], Floats, Floats]:
    """Supplies, needs of candidates (I, R), needs of site options (J, R); resources in the order of their ids."""
    resources = {
        name: settings.model_copy(update={"name": settings.name or NAMES.get(name, Words(name, name)).say(language)})
        for name, settings in sorted(declared.items())
    }
    for position, name in enumerate(read["capacities"].texts("resource_id")):
        if name not in declared:
            read["capacities"].unknown(position, "resource_id", str(name), resources, Words("资源", "resource"), RESOURCES)
    supplies = tuple(_supply(name, settings, read, parks, quarters) for name, settings in resources.items())
    own, pair = read["candidates"], read["site_options"]
    needs, pair_needs = np.zeros((own.rows, len(resources))), np.zeros((pair.rows, len(resources)))
    for r, name in enumerate(resources):
        needs[:, r] = own.number(name, np.nan, used=False)
        pair_needs[:, r] = pair.number(name, np.nan, used=False)
    return supplies, needs, pair_needs


def _supply(
    name: str, settings: ResourceSettings, read: Mapping[str, Columns], parks: pd.DataFrame, quarters: tuple[str, ...]
) -> Supply:
    rows, title, of_park = read["parks"], settings.name or name, settings.scope == "park"
    places, place_of_park = _places(name, settings, rows, parks)
    amount = np.full((len(places), len(quarters)), np.nan)
    if rows.has(name):
        column = rows.number(name, np.nan, used=False)
        amount[:] = (column if of_park else np.bincount(place_of_park, column, len(places)))[:, None]
    _lay_phases(name, settings, read["capacities"], places, quarters, amount)
    phases = ("resource_id", "scope_id", "quarter", *(["amount"] if _amount_refused(read["capacities"], name) else []))
    rests: Rests = [("resources", name), *(f"capacities.{column}" for column in phases), *([] if of_park else [f"parks.{name}"])]
    for place in np.flatnonzero(np.isnan(amount).any(axis=1)).tolist():
        if of_park and rows.refused(place, name):
            continue
        cell = rows.place(place if of_park else 0, name) if rows.has(name) else None
        if of_park and rows.table is not None:
            rows.findings.cells.add((rows.table.name, int(rows.order[place]), name))
        rows.findings.add("C211", cell, rows.header(name), places[place], rests=rests, resource=title)
        if place > 20:
            break
    return Supply(
        name,
        title,
        settings.unit,
        settings.kind,
        settings.scope,
        places,
        place_of_park,
        amount,
        amount,
        np.zeros((0, *amount.shape), bool),
    )


def _amount_refused(rows: Columns, resource: str) -> bool:
    """Whether an amount of that resource was refused."""
    return any(name == resource and rows.refused(at, "amount") for at, name in enumerate(rows.texts("resource_id")))


def _places(name: str, settings: ResourceSettings, rows: Columns, parks: pd.DataFrame) -> tuple[tuple[str, ...], Ints]:
    if settings.scope == "park":
        return tuple(parks["park_id"].astype(str)), np.arange(len(parks))
    if settings.scope == "region":
        return (REGION,), np.zeros(len(parks), dtype=np.int64)
    for position in np.flatnonzero(parks["zone"].isna()).tolist():
        cell = rows.place(position, "zone" if rows.has("zone") else "park_id")
        if not rows.refused(position, "zone"):
            rows.findings.add("C212", cell, rows.header("zone"), rests=[("resources", name)])
    codes, names = pd.factorize(parks["zone"].fillna("").astype(str), sort=True)
    return tuple(names), codes.astype(np.int64)


def _lay_phases(
    name: str, settings: ResourceSettings, rows: Columns, places: tuple[str, ...], quarters: tuple[str, ...], amount: Floats
) -> None:
    """Lay ``capacities`` over the parks' own column: a row holds from its quarter until the next one of its place."""
    known = {place: position for position, place in enumerate(places)}
    values = rows.number("amount", np.nan)
    steps: dict[int, list[tuple[int, float]]] = {}
    cells = zip(rows.texts("resource_id"), rows.texts("scope_id"), rows.texts("quarter"), strict=True)
    for position, (resource, place, quarter) in enumerate(cells):
        if resource != name:
            continue
        is_region = settings.scope == "region" and (place == "" or place in REGION_NAMES)
        at = 0 if is_region else known.get(str(place), -1)
        if at < 0:
            rests: Rests = [("resources", name, "scope"), f"parks.{'zone' if settings.scope == 'zone' else 'park_id'}"]
            rows.unknown(position, "scope_id", str(place), known, _PLACES[settings.scope], rests)
        elif quarter <= quarters[-1]:  # a phase after the horizon changes nothing inside it
            steps.setdefault(at, []).append((quarters.index(quarter) if quarter in quarters else 0, values[position]))
    for at, phases in steps.items():
        phases.sort(key=lambda step: step[0])
        if np.isnan(amount[at, 0]):
            amount[at, : phases[0][0]] = 0.0  # nothing is there before its first phase
        for first, value in phases:
            amount[at, first:] = value


@dataclass(frozen=True)
class Calendar:
    """The quarters of the horizon; ``all`` has those too that matter after it: money falls due in the first ``paid`` of them,
    effort in the first ``spent``, and an amount of a fund that carries over counts in the first ``carried``."""

    quarters: tuple[str, ...]
    all: tuple[str, ...]
    paid: int
    spent: int
    carried: int


def calendar_of(quarters: tuple[str, ...], paid: Floats, spent: Floats, funds: Columns) -> Calendar:
    """The calendar of a horizon and shares by quarters after signing."""
    money, effort = (len(quarters) + shares.shape[1] - 1 for shares in (paid, spent))
    carried = money
    if money > len(quarters):  # otherwise the last quarter of the horizon holds as much already
        rows = zip(map(str, funds.texts("quarter")), funds.flag("carry_over").tolist(), strict=True)
        carried = max([money, *(quarters_between(quarters[0], row) + 1 for row, carries in rows if carries and row)])
    return Calendar(quarters, quarter_range(quarters[0], max(carried, effort)), money, effort, carried)


@dataclass(frozen=True, eq=False)
class Payers:
    """The funds by name, the fund of each row of their table, the fund that pays each candidate (−1: none)."""

    ids: tuple[str, ...]
    of_row: Ints
    of_candidate: Ints


def link_payers(rows: Columns, asked: Columns, candidates: pd.DataFrame) -> Payers:
    """Who pays whom: the fund that a candidate names, or the only one."""
    unique, to = np.unique(np.array(rows.texts("fund_id"), dtype=str), return_inverse=True)
    ids = tuple(unique.tolist())
    if rows.table is None:
        return Payers(ids, to, np.full(len(candidates), -1, dtype=np.int64))
    subsidy, unnamed = candidates["subsidy"].to_numpy(float), [not name for name in asked.texts("fund_id")]
    fund = asked.locate("fund_id", {name: position for position, name in enumerate(ids)}, FUND)
    if len(ids) == 1:
        fund = np.zeros_like(fund)
    for unpaid in np.flatnonzero((fund < 0) & np.array(unnamed, dtype=bool) & (subsidy > 0)).tolist():
        shown = f"{subsidy[unpaid]:g}"
        asked.report("C206", unpaid, "subsidy", shown, beside=["fund_id"], rests=["funds.fund_id"], funds=Words.listed(ids))
    for unasked in sorted(set(range(len(ids))) - set(fund.tolist())):
        at = to.tolist().index(unasked)
        rows.report("C245", at, "fund_id", ids[unasked], rests=["candidates.fund_id", "funds.fund_id"])
    return Payers(ids, to, fund)


def link_funds(rows: Columns, payers: Payers, subsidy: Floats, calendar: Calendar) -> Funds:
    """Funds by quarter and what each candidate asks of them. Within the horizon no row is no new money, after it no limit."""
    carried, (_, first) = rows.flag("carry_over"), np.unique(payers.of_row, return_index=True)
    due = np.where(carried[first], calendar.carried, calendar.paid)
    money, _ = _by_quarter(rows, "amount", payers.of_row, due, calendar)
    for position in np.flatnonzero(carried != carried[first[payers.of_row]]).tolist():
        if not rows.refused(int(first[payers.of_row[position]]), "carry_over"):
            rows.report("C215", position, "carry_over", payers.ids[payers.of_row[position]], rests=["funds.fund_id"])
    asks = np.where(payers.of_candidate[:, None] == np.arange(len(payers.ids)), subsidy[:, None], 0.0)
    return Funds(payers.ids, money, carried[first], asks)


def _by_quarter(rows: Columns, column: str, to: Ints, due: Ints, calendar: Calendar) -> tuple[Floats, Ints]:
    """``column`` by owner and quarter of the calendar, and what says so: 0 nothing, 1 a row for all quarters of the horizon, 2 one
    of its own. ``to``: the owner of each row; ``due``: in how many quarters something of each owner can fall due. Rows of other
    quarters are reported and left out."""
    known = {quarter: position for position, quarter in enumerate(calendar.all)}
    values, within = rows.number(column, 0.0), np.arange(len(calendar.all)) < len(calendar.quarters)
    amounts = np.tile(np.where(within, 0.0, np.inf), (len(due), 1))
    given = np.zeros(amounts.shape, dtype=np.int64)
    for position, (owner, quarter) in enumerate(zip(to.tolist(), rows.texts("quarter"), strict=True)):
        if quarter == "":
            amounts[owner, within & (given[owner] < 2)] = values[position]
            given[owner, within] = np.maximum(given[owner, within], 1)
        elif known.get(quarter, len(known)) < due[owner]:
            amounts[owner, known[quarter]] = values[position]
            given[owner, known[quarter]] = 2
        else:
            first, ends = calendar.quarters[0], (calendar.quarters[-1], calendar.all[due[owner] - 1])
            horizon, told = (f"{first}–{last}" for last in ends)
            rests: Rests = [("quarters",), ("schedule",), f"{rows.table.name if rows.table else ''}.carry_over"]
            rows.report("C207", position, "quarter", str(quarter), rests=rests, horizon=horizon, due=told)
    return amounts, given


def link_teams(rows: Columns, chain_at: dict[str, int], calendar: Calendar) -> Teams:
    """Teams by chain and quarter; one that serves several chains is as many teams."""
    chain = rows.locate("chain_id", chain_at, CHAIN)
    team_of_row = list(zip(map(str, rows.texts("team_id")), chain.tolist(), strict=True))
    teams = sorted(set(team_of_row))
    to = np.array([teams.index(team) for team in team_of_row], dtype=np.int64)
    effort, given = _by_quarter(rows, "effort", to, np.full(len(teams), calendar.spent), calendar)
    for team, quarter in np.argwhere(given[:, : len(calendar.quarters)] == 0).tolist():
        first = team_of_row.index(teams[team])
        rests: Rests = [("quarters",), "teams.quarter", *_WHO]
        rows.findings.add("C208", rows.place(first, "effort"), teams[team][0], calendar.quarters[quarter], rests=rests)
    return Teams(tuple(name for name, _ in teams), np.array([chain for _, chain in teams], dtype=np.int64), effort)


def team_of(rows: Columns, candidates: pd.DataFrame, teams: Teams) -> Ints:
    """The team that works on each candidate: the one it names, or the only one of its chain. −1: no team limit."""
    chosen = np.full(len(candidates), -1, dtype=np.int64)
    if not teams.ids:
        return chosen
    serving: dict[tuple[str, int], list[int]] = {}
    for position, (team, chain) in enumerate(zip(teams.ids, teams.chain.tolist(), strict=True)):
        serving.setdefault((team, chain), []).append(position)
        serving.setdefault(("", chain), []).append(position)
    without = 0
    for position, (name, chain) in enumerate(zip(map(str, rows.texts("team")), candidates["chain"].tolist(), strict=True)):
        options = serving.get((name, chain)) or serving.get((name, -1)) or []
        if name and name not in teams.ids:
            rows.unknown(position, "team", name, sorted(set(teams.ids)), TEAM)
        elif len(options) == 1:
            chosen[position] = options[0]
        elif options:
            rows.report("C209", position, "team", beside=_CHAIN_OF, rests=[*_WHO, "links.chain_id"])
        elif name:
            rows.report("C244", position, "team", name, beside=_CHAIN_OF, rests=[*_WHO, "links.chain_id"])
        else:
            without += 1
    if without:
        rests = [*_WHO, "links.chain_id", *(f"candidates.{column}" for column in ("team", *_CHAIN_OF))]
        rows.findings.add("C210", None, TEAM.zh, str(without), rests=rests)
    return chosen
