"""What there can be more of, fund by fund, place by place, team by team: how much, and which cells of the tables hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.case.case import Bools, Case, Floats, Supply
from planner.case.eligibility import CODE
from planner.limits.family import place_name
from planner.plan.open import Opened
from planner.programme.build import Programme
from planner.questions.sensitivity.record import Addition
from planner.questions.variant import written
from planner.settings.questions import Sensitivity
from planner.settings.rules import CellChange

MONEY, EFFORT = "万元", "人月"
FITS = 1e-9
"""Relative room that counts as none: what all together ask for is at most what there is."""


@dataclass(frozen=True, eq=False)
class Knob:
    """One thing there can be more of."""

    addition: Addition
    """As it stands before anything is solved."""
    position: int
    """Of the fund, resource or team in the case."""
    place: int
    """Position of the place of a resource; −1 otherwise."""
    raises: Bools
    """In which quarters the change raises the amount, shape (T,)."""
    changes: tuple[CellChange, ...]
    """Of the tables, that give so much more."""
    limit_only: bool
    """The cells say nothing but how much there is, so that more never hurts; False when a rule filters parks by them."""

    @property
    def redundant(self) -> bool:
        """All that could ever be asked for fits already: more is proved to be worth nothing."""
        return self.addition.asked == "worthless"


def _knob(case: Case, position: int, raises: Bools, changes: tuple[CellChange, ...], fits: bool, /, **known: Any) -> Knob:
    """A knob; ``known`` are fields of its addition, ``limit_only`` and the position of its ``place_at``."""
    place, limit_only = known.pop("place_at", -1), known.pop("limit_only", True)
    worthless = {"worth": 0.0, "lowest": 0.0, "highest": 0.0, "asked": "worthless"}
    addition = Addition(
        **known,
        quarters=tuple(quarter for quarter, up in zip(case.quarters, raises.tolist(), strict=True) if up),
        changes=tuple(written(changes)),
        binds=False,
        **(worthless if fits and limit_only else {"asked": "not_asked"}),
    )
    return Knob(addition, position, place, raises, changes, limit_only)


def knobs(opened: Opened, programme: Programme) -> tuple[Knob, ...]:
    """Every fund, every resource in every place that limits it, every team; by kind, id and place."""
    case, asked = opened.case, opened.case.settings.sensitivity
    return (*_funds(case, programme, asked), *_resources(case, programme, asked), *_teams(case, programme, asked))


def _step(asked: Sensitivity, name: str, kind: str | None, present: float, largest: float) -> float:
    """x: as the settings say, or the share of what there is; where there is nothing, of the largest of its kind."""
    told = asked.steps.get(name, asked.steps.get(kind) if kind is not None else None)
    if told is not None:
        return told
    base = present if present > 0 else largest
    return float(f"{asked.share * base:.6g}") if base > 0 else 1.0


def _able(programme: Programme) -> Bools:
    """Candidates that some addition could bring in: eligible somewhere, or kept out by a capacity alone. Shape (I,)."""
    reason = programme.eligible.reason
    able: Bools = np.isin(reason, (CODE["eligible"], CODE["need_above_capacity"]))
    found: Bools = np.any(able, axis=1)
    return found


def _all_of(case: Case, amount: Floats) -> float:
    """The most that all projects together ask for, variants of one counted by the largest."""
    total = np.zeros(max(case.projects, 1))
    np.maximum.at(total, case.project_of, np.nan_to_num(amount))
    return float(total.sum())


def _fits(asked: float, amount: Floats) -> bool:
    return bool(asked <= float(amount.min(initial=np.inf)) * (1 + FITS))


def _funds(case: Case, programme: Programme, asked: Sensitivity) -> Iterator[Knob]:
    funds, able = case.funds, _able(programme)
    totals = funds.amount.sum(axis=1) if len(funds.ids) else np.zeros(0)
    for f, name in enumerate(funds.ids):
        amount, carried = funds.amount[f], bool(funds.carry_over[f])
        where: dict[str, Any] = {"fund_id": name}
        raises = _given(case, "funds", "fund_id", name)
        once = False
        if carried:
            named = _named_quarters(case, name)
            if named:
                where["quarter"] = case.quarters[named[0]]
                raises, once = np.arange(len(case.quarters)) == named[0], True
        if not raises.any():
            continue  # its rows lie outside the horizon
        present = float(amount.sum() if carried else amount.max(initial=0.0))
        total = _all_of(case, np.where(able, funds.asks[:, f], 0.0))
        step = _step(asked, name, "fund", present, float(totals.max()))
        changes, fits = (_add("funds", where, "amount", step),), _fits(total, amount.cumsum() if carried else amount)
        told = {"kind": "fund", "id": name, "name": name, "unit": MONEY, "step": step, "present": present, "once": once}
        yield _knob(case, f, raises, changes, fits, **told)


def _named_quarters(case: Case, fund: str) -> list[int]:
    """Positions of the quarters of the horizon that have a row of the fund, the first one first."""
    frame = case.tables.tables["funds"].frame
    if "quarter" not in frame.columns:
        return []
    rows = frame.loc[frame["fund_id"].astype(str) == fund, "quarter"].astype(str)
    return sorted(case.quarters.index(quarter) for quarter in set(rows) if quarter in case.quarters)


def _given(case: Case, table: str, column: str, name: str, **more: str) -> Bools:
    """Quarters that the rows of ``name`` speak of; a row without a quarter speaks of all."""
    frame = case.tables.tables[table].frame
    rows = frame[frame[column].astype(str) == name]
    for key, wanted in more.items():
        rows = rows[rows[key].astype(str) == wanted]
    if "quarter" not in frame.columns or (rows["quarter"].astype(str) == "").any():
        return np.ones(len(case.quarters), dtype=bool)
    return np.isin(np.array(case.quarters, dtype=object), rows["quarter"].astype(str).to_numpy(object))


def _teams(case: Case, programme: Programme, asked: Sensitivity) -> Iterator[Knob]:
    teams, able = case.teams, _able(programme)
    team = case.candidates["team"].to_numpy(np.int64)
    effort = case.candidates["effort"].to_numpy(float)
    largest = float(teams.effort.max(initial=0.0))
    for s, name in enumerate(teams.ids):
        where: dict[str, Any] = {"team_id": name}
        chain = int(teams.chain[s])
        place_id, place = None, None
        if teams.ids.count(name) > 1:
            where["chain_id"] = place_id = str(case.chains["chain_id"].iloc[chain]) if chain >= 0 else ""
            place = str(case.chains["name"].iloc[chain]) if chain >= 0 else None
        raises = _given(case, "teams", "team_id", name, **({"chain_id": place_id} if place_id is not None else {}))
        present = float(teams.effort[s].max(initial=0.0))
        total = _all_of(case, np.where(able & (team == s), effort, 0.0))
        step = _step(asked, name, "team", present, largest)
        changes, fits = (_add("teams", where, "effort", step),), _fits(total, teams.effort[s])
        told = {"kind": "team", "id": name, "name": name, "unit": EFFORT, "step": step, "present": present}
        yield _knob(case, s, raises, changes, fits, place_id=place_id, place=place, **told)


def _resources(case: Case, programme: Programme, asked: Sensitivity) -> Iterator[Knob]:
    for r, supply in enumerate(case.resources):
        finite = np.where(np.isfinite(supply.amount), supply.amount, np.nan)
        present = np.array([np.nanmax(row) if np.isfinite(row).any() else np.inf for row in finite])
        largest = float(present[np.isfinite(present)].max(initial=0.0))
        totals = _asked_at(case, programme, r)
        filtered = any(f"park.{supply.resource_id}" in rule.where for rule in case.settings.rules)
        for p, place_id in enumerate(supply.places):
            if not np.isfinite(present[p]):
                continue  # unlimited
            step = _step(asked, supply.resource_id, None, float(present[p]), largest)
            changes, raises = _cells(case, supply, p, step)
            if not changes:
                continue
            told = {"kind": "resource", "id": supply.resource_id, "name": supply.name, "unit": supply.unit}
            told |= {"place_id": place_id, "place": place_name(case, r, p).say(case.settings.language)}
            amounts = {"step": step, "present": float(present[p])}
            fits = _fits(float(totals[p]), supply.amount[p])
            yield _knob(case, r, raises, changes, fits, place_at=p, limit_only=not filtered, **told, **amounts)


def _asked_at(case: Case, programme: Programme, r: int) -> Floats:
    """The most that all projects together could need of resource ``r`` at each of its places."""
    supply, reason = case.resources[r], programme.eligible.reason
    able = np.isin(reason, (CODE["eligible"], CODE["need_above_capacity"]))
    need = np.where(able, np.nan_to_num(case.need(r)), 0.0)
    total = np.zeros(len(supply.places))
    for p in range(len(supply.places)):
        at = supply.place_of_park == p
        total[p] = _all_of(case, need[:, at].max(axis=1, initial=0.0))
    return total


def _cells(case: Case, supply: Supply, p: int, step: float) -> tuple[tuple[CellChange, ...], Bools]:
    """The cells that hold the amount of one place, and the quarters in which they rule.

    The column of ``parks`` holds from the start until the first phase in ``capacities``; each phase until the next. All of them
    are raised. A zone or the region has no cell of its own in ``parks``: the first of its parks that has a figure is raised.
    """
    quarters, changes = case.quarters, []
    raises = np.zeros(len(quarters), dtype=bool)
    first = len(quarters)
    phases = case.tables.get("capacities")
    if phases is not None:
        frame = phases.frame
        rows = frame["resource_id"].astype(str) == supply.resource_id
        where: dict[str, Any] = {"resource_id": supply.resource_id}
        if supply.scope != "region":
            rows &= frame["scope_id"].astype(str) == supply.places[p]
            where["scope_id"] = supply.places[p]
        if rows.any():
            begins = frame.loc[rows, "quarter"].astype(str) if "quarter" in frame.columns else [""]
            starts = [0 if q <= quarters[0] else quarters.index(q) for q in begins if q <= quarters[-1]]
            if starts:
                first = min(starts)
                raises[first:] = True
                changes.append(_add("capacities", where, "amount", step))
    parks = case.tables.tables["parks"].frame
    if first > 0 and supply.resource_id in parks.columns:
        column = case.parks[supply.resource_id].to_numpy(float)
        at = np.flatnonzero((supply.place_of_park == p) & np.isfinite(column))
        if len(at):
            park = str(case.parks["park_id"].iloc[int(at[0])])
            raises[:first] = True
            changes.append(_add("parks", {"park_id": park}, supply.resource_id, step))
    return tuple(changes), raises


def _add(table: Any, where: Mapping[str, Any], column: str, step: float) -> CellChange:
    return CellChange(table=table, where=dict(where), column=column, add=step)


def rises(knob: Knob, quarter: int) -> bool:
    """Whether the limit of a quarter rises: for money that is carried over in each quarter from the first on."""
    return bool(knob.raises[: quarter + 1].any() if knob.addition.once else knob.raises[quarter])
