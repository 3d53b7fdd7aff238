"""What a repair changes in the input: cells of tables and settings, each with its amount in the user's own unit.

The amounts are not the solver's slacks. They are read off the repair's plan with the sums of :mod:`planner.plan.accounts`,
quarter by quarter, and rounded up, so that this plan is sure to hold in the changed input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any

import numpy as np

from planner.insight.sides import (
    CHAINS,
    GATES,
    HIGH,
    INVESTMENT,
    LOW,
    OPTION,
    TAX,
    Limit,
    below_gate,
    fund_rows,
    gate_land,
    team_rows,
)
from planner.language import Words
from planner.plan.accounts import Accounts
from planner.programme.families.relations import group_name, near_parks
from planner.programme.words import amount_text, place_name, term_name
from planner.settings.changes import CellChange
from planner.settings.explain import RELAXABLE
from planner.settings.schema import Together
from planner.tables.case import REGION, Bools, Case
from planner.tables.supplies import REGION_NAMES
from planner.tables.vocabulary import bounded_terms

DIGITS = 4
"""Digits that an amount is rounded up to: what people negotiate about."""

GATE_NAMES: Mapping[int, Words] = {
    INVESTMENT: Words("投资强度门槛", "gate of investment per land"),
    TAX: Words("亩均税收门槛", "gate of tax per land"),
}
Cell = tuple[Bools, str, Mapping[str, str], str]
"""(quarters that it rules, table, where, column)."""


@dataclass(frozen=True)
class Step:
    """One limit that gives way. ``settings`` are keys of plan.yaml with their new value, None: taken out."""

    kind: str
    """A key of :data:`planner.settings.explain.RELAXABLE`."""
    text: Words
    amount: float | None
    """By how much, None when it is dropped."""
    unit: str
    cells: tuple[CellChange, ...] = ()
    settings: tuple[tuple[tuple[str | int, ...], Any], ...] = field(default=())


def enough(amount: float) -> float:
    """The amount rounded up to :data:`DIGITS` digits; what is there by rounding alone is not counted."""
    if amount <= 0:
        return 0.0
    step = 10.0 ** (floor(log10(amount)) + 1 - DIGITS)
    return float(f"{ceil(amount / step - 1e-6) * step:.12g}")


def firm(case: Case, candidate: int) -> str:
    """A candidate by name and id."""
    row = case.candidates.iloc[candidate]
    return f"{row['name']}（{row['candidate_id']}）"


def step_of(case: Case, accounts: Accounts, limit: Limit) -> Step:
    """What of the input must change for ``limit`` so that the plan in ``accounts`` holds."""
    return _STEPS[limit.kind](case, accounts, limit)


def _must(case: Case, accounts: Accounts, limit: Limit) -> Step:
    where = {"candidate_id": str(case.candidates["candidate_id"].iloc[limit.key[0]])}
    name = firm(case, limit.key[0])
    cell = CellChange(table="candidates", where=where, column="must_include", set=False)
    return Step(limit.kind, Words(f"取消必选：{name}", f"drop must_include: {name}"), None, "", (cell,))


def _resource(case: Case, accounts: Accounts, limit: Limit) -> Step:
    r, place = limit.key
    supply = case.resources[r]
    present = supply.amount[place]
    over = accounts.used[r][place] - present
    where = place_name(case, r, place)
    cells, said = [], []
    for quarters, table, row, column in resource_cells(case, r, place):
        more = enough(float(over[quarters].max(initial=0.0)))
        if more > 0:
            cells.append(CellChange(table=table, where=row, column=column, add=more))  # type: ignore[arg-type]
            said.append(_more(case, quarters, more, float(present[quarters].min()), supply.unit))
    text = Words(
        f"{where.zh}的{supply.name}{'；'.join(w.zh for w in said)}",
        f"{supply.name} of {where.en}: {'; '.join(w.en for w in said)}",
    )
    return Step(limit.kind, text, enough(float(over.max())), supply.unit, tuple(cells))


def _more(case: Case, quarters: Bools, more: float, now: float, unit: str) -> Words:
    """``自 2027Q3 起增加 12 亩（现为 80 亩）``; the quarters are said when it is not all of them."""
    at = np.flatnonzero(quarters)
    names = case.quarters[at[0]], case.quarters[at[-1]]
    zh = en = ""
    if len(at) < len(case.quarters):
        zh = f"在 {names[0]} " if names[0] == names[1] else f"在 {names[0]} 至 {names[1]} "
        en = f" in {names[0]}" if names[0] == names[1] else f" from {names[0]} to {names[1]}"
    added, has = f"{amount(more)} {unit}".rstrip(), f"{amount(now)} {unit}".rstrip()
    return Words(f"{zh}增加 {added}（现为 {has}）", f"{added} more{en} (now {has})")


def amount(value: float) -> str:
    return amount_text(value) if abs(value) < 1000 or float(value).is_integer() else f"{value:,.10g}"


def resource_cells(case: Case, r: int, place: int) -> list[Cell]:
    """The cells that say how much of a resource a place has, and the quarters that each rules (none twice)."""
    supply, count = case.resources[r], len(case.quarters)
    starts: dict[int, Mapping[str, str]] = {}
    table = case.tables.get("capacities")
    if table is not None:
        keys = [name for name in ("resource_id", "scope_id", "quarter") if name in table.frame.columns]
        for row in table.frame[keys].astype(str).to_dict("records"):
            scope, quarter = str(row.get("scope_id", "")), str(row.get("quarter", ""))
            here = scope == supply.places[place] or (supply.places[place] == REGION and scope in {*REGION_NAMES, ""})
            if row["resource_id"] == supply.resource_id and here and quarter <= case.quarters[-1]:
                starts[case.quarters.index(quarter) if quarter in case.quarters else 0] = {
                    str(key): str(value) for key, value in row.items()
                }
    first = sorted(starts)
    cells: list[Cell] = []
    parks = np.flatnonzero(supply.place_of_park == place)
    if supply.resource_id in case.parks.columns and (not first or first[0] > 0):
        own = np.nan_to_num(case.parks[supply.resource_id].to_numpy(float)[parks])
        park = str(case.parks["park_id"].iloc[int(parks[int(own.argmax())])])
        quarters = np.arange(count) < (first[0] if first else count)
        cells.append((quarters, "parks", {"park_id": park}, supply.resource_id))
    for begin, end in zip(first, [*first[1:], count][: len(first)], strict=True):
        quarters = (np.arange(count) >= begin) & (np.arange(count) < end)
        cells.append((quarters, "capacities", starts[begin], "amount"))
    return cells


def _fund(case: Case, accounts: Accounts, limit: Limit) -> Step:
    f, quarter, _ = limit.key
    over = accounts.paid[f] - case.funds.amount[f]
    if quarter < 0:
        over = over.cumsum()
        rows = np.flatnonzero(fund_rows(case)[f])
    else:
        rows = np.array([quarter])
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
        now = amount(float(case.funds.amount[f, row]))
        said.append(
            Words(
                f"{case.quarters[row]} 增加 {amount(more)} 万元（现为 {now} 万元）",
                f"{amount(more)} 万元 more in {case.quarters[row]} (now {now})",
            )
        )
    name = case.funds.ids[f]
    text = Words(f"资金“{name}”{'；'.join(w.zh for w in said)}", f"fund {name}: {'; '.join(w.en for w in said)}")
    return Step(limit.kind, text, total, "万元", tuple(cells))


def _team(case: Case, accounts: Accounts, limit: Limit) -> Step:
    s, quarter = limit.key
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
    told = Words("每季", "each quarter") if quarter < 0 else Words(case.quarters[quarter], case.quarters[quarter])
    now = amount(float(effort[ruled].min()))
    text = Words(
        f"专班“{name}”{told.zh}增加 {amount(more)} 人月（现为 {now} 人月）",
        f"team {name}: {amount(more)} person-months more in {told.en} (now {now})",
    )
    cell = CellChange(table="teams", where=where, column="effort", add=more)
    return Step(limit.kind, text, more, "人月", (cell,))


def _rivals(case: Case, accounts: Accounts, limit: Limit) -> Step:
    in_park = bool(limit.key[0])
    name = "per_park_link" if in_park else "per_link"
    now = getattr(case.settings.relations.rivals, name)
    link = case.candidates["link"].to_numpy(np.int64)[accounts.choice.candidate]
    group = np.where(link >= 0, accounts.choice.park * len(case.links) + link, -1) if in_park else link
    most = int(np.unique(group[group >= 0], return_counts=True)[1].max(initial=0))
    text = Words(
        f"{'同一园区' if in_park else ''}同一环节的新项目上限由 {now} 个放宽到 {most} 个",
        f"new projects at one link{' in one park' if in_park else ''}: {most} instead of {now} at most",
    )
    return Step(limit.kind, text, float(most - now), "个", (), ((("relations", "rivals", name), most),))


def _placed(case: Case, accounts: Accounts, names: tuple[str, ...]) -> int:
    chosen = set(case.candidates["candidate_id"].astype(str).iloc[accounts.choice.candidate])
    return sum(name in chosen for name in names)


def _exclusive(case: Case, accounts: Accounts, limit: Limit) -> Step:
    at = limit.key[0]
    group = case.settings.relations.exclusive[at]
    most, name = _placed(case, accounts, group.candidates), group_name(case, "exclusive", at)
    text = Words(
        f"互斥组“{name}”的上限由 {group.max} 个放宽到 {most} 个",
        f"exclusive group {name}: {most} instead of {group.max}",
    )
    keys = ("relations", "exclusive", at, "max")
    return Step(limit.kind, text, float(most - group.max), "个", (), ((keys, most),))


def _neighbours(case: Case, accounts: Accounts, limit: Limit) -> Step:
    at, kind = limit.key[0], limit.kind
    group, name = getattr(case.settings.relations, kind)[at], group_name(case, kind, at)
    if kind == "together" and group.all_or_none and _stand_together(case, accounts, group):
        text = Words(
            f"“{name}”不再要求同进同退（只约束都选中的）", f"{name}: no longer all or none, only together if both come"
        )
        return Step(kind, text, None, "", (), ((("relations", kind, at, "all_or_none"), False),))
    zh, en = ("须在一起", "settle together") if kind == "together" else ("须分开", "keep apart")
    text = Words(f"取消“{name}”{zh}的要求", f"drop that {name} {en}")
    return Step(kind, text, None, "", (), ((("relations", kind, at), None),))


def _stand_together(case: Case, accounts: Accounts, group: Together) -> bool:
    """Whether those of the group that come are in one park, or in parks near each other."""
    ids = case.candidates["candidate_id"].astype(str).iloc[accounts.choice.candidate]
    parks = np.unique(accounts.choice.park[ids.isin(group.candidates).to_numpy(bool)])
    return bool(near_parks(case, group.km, unknown=False)[np.ix_(parks, parks)].all())


def _rule(case: Case, accounts: Accounts, limit: Limit) -> Step:
    at, side = limit.key
    rule = case.settings.rules[at]
    bounds = rule.bounds
    values = [one.value for one in accounts.rules if one.rule == at]
    now = bounds.equal if bounds.equal is not None else bounds.min if side == LOW else bounds.max
    assert now is not None
    short = enough(now - min(values)) if side == LOW else enough(max(values) - now)
    keys: tuple[str | int, ...] = ("rules", at, *(("count",) if rule.count is not None else ()))
    new = float(f"{now - short if side == LOW else now + short:.12g}")
    settings: list[tuple[tuple[str | int, ...], Any]] = [((*keys, "min" if side == LOW else "max"), new)]
    if bounds.equal is not None:
        # Whichever side gives way, both are written, so that two steps of one rule say the same.
        low, high = now - enough(now - min(values)), now + enough(max(values) - now)
        settings = [((*keys, name), float(f"{value:.12g}")) for name, value in (("min", low), ("max", high))]
        settings += [((*keys, "equal"), None)]
    side_zh, side_en = ("下限", "minimum") if side == LOW else ("上限", "maximum")
    down = "降" if side == LOW else "放宽"
    text = Words(
        f"规则“{rule.name}”的{side_zh}由 {amount(now)} {down}到 {amount(new)}",
        f"rule “{rule.name}”: {side_en} {amount(new)} instead of {amount(now)}",
    )
    return Step("rules", text, short, "", (), tuple(settings))


def _term(case: Case, accounts: Accounts, limit: Limit) -> Step:
    name = bounded_terms(case.settings)[limit.key[0]]
    side, key = (LOW, "floors") if limit.key[1] == LOW else (HIGH, "ceilings")
    now, value = float(getattr(case.settings.objective, key)[name]), accounts.raw[name]
    short = enough(now - value if side == LOW else value - now)
    new = float(f"{now - short if side == LOW else now + short:.12g}")
    said = term_name(case, name)
    text = Words(
        f"目标项“{said.zh}”的{'下限' if side == LOW else '上限'}由 {amount(now)} 改为 {amount(new)}",
        f"{'floor' if side == LOW else 'ceiling'} of {said.en}: {amount(new)} instead of {amount(now)}",
    )
    return Step(limit.kind, text, short, "", (), ((("objective", key, name), new),))


def _admission(case: Case, accounts: Accounts, limit: Limit) -> Step:
    """One cell, changed as little as all who settle in the park need."""
    k, what, only = limit.key
    park, at = case.parks.iloc[k], {"park_id": str(case.parks["park_id"].iloc[k])}
    signed = (case.candidates["status"] == "signed").to_numpy(bool)
    here = accounts.choice.candidate[accounts.choice.park == k]
    here = here[~signed[here]]
    if what == OPTION:
        who = np.array([only])
        pair = {"candidate_id": str(case.candidates["candidate_id"].iloc[only]), **at}
        cell = CellChange(table="site_options", where=pair, column="allowed", set=True)
        said = Words("选址选项改为可落地", "site option allowed")
    elif what == CHAINS:
        chain = case.candidates["chain"].to_numpy(np.int64)
        here = here[chain[here] >= 0]
        who = here[~case.chain_allowed[k, chain[here]]]
        new = np.unique(chain[who])
        ids, names = case.chains["chain_id"].astype(str), case.chains["name"].astype(str)
        listed = "、".join([*ids[case.chain_allowed[k]], *ids.iloc[new]])
        cell = CellChange(table="parks", where=at, column="allowed_chains", set=listed)
        said = Words(f"接纳产业链“{'、'.join(names.iloc[new])}”", f"takes the chain {', '.join(names.iloc[new])}")
    else:
        column, gate = GATES[what]
        who = here[below_gate(case, what, here, np.full(len(here), k))]
        now = float(park[gate])
        has = float((case.candidates[column].to_numpy(float)[who] / gate_land(case, who, np.full(len(who), k))).min())
        lower = max(float(f"{now - enough(now - has):.12g}"), 0.0)
        cell = CellChange(table="parks", where=at, column=gate, set=lower)
        name = GATE_NAMES[what]
        said = Words(
            f"{name.zh}由 {amount(now)} 降到 {amount(lower)} 万元/亩",
            f"{name.en} {amount(lower)} instead of {amount(now)}",
        )
    firms = [firm(case, i) for i in who.tolist()]
    text = Words(
        f"“{park['name']}”为 {'、'.join(firms)} {said.zh}", f"{park['name']} for {', '.join(firms)}: {said.en}"
    )
    return Step(limit.kind, text, None, "", (cell,))


_STEPS: Mapping[str, Callable[[Case, Accounts, Limit], Step]] = {
    "must_include": _must,
    "admission": _admission,
    "stock": _resource,
    "flow": _resource,
    "funds": _fund,
    "teams": _team,
    "rivals": _rivals,
    "exclusive": _exclusive,
    "together": _neighbours,
    "apart": _neighbours,
    "rules": _rule,
    "term_bounds": _term,
}
"""How each kind of limit gives way; a test holds the keys against the families and :data:`RELAXABLE`."""

assert set(_STEPS) <= set(RELAXABLE)
