"""What there can be more of: fund by fund, place by place, team by team, each with the cells that say how much there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.case.case import Bools, Case, Floats, Supply
from planner.case.eligibility import CODE
from planner.case.seasons import product_of, seasons_at
from planner.limits.family import place_name
from planner.plan.open import Opened
from planner.programme.build import Programme
from planner.questions.sensitivity.record import Addition
from planner.questions.variant import written
from planner.settings.changes import Change
from planner.settings.filters import named_in

Key = tuple[str, str, str]
"""Kind, id and place of an addition."""
FITS = 1e-9
"""Relative room that counts as none: what all together ask for is at most what there is."""
Changes = tuple[Change, ...]


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
    """In which quarters the change raises the amount: of the horizon, for funds and teams of the calendar."""
    changes: Changes
    """Of the tables, that give so much more."""
    limit_only: bool
    """The cells say nothing but how much there is, so that more never hurts; False when a rule filters parks by them."""
    shares: Floats
    """What of the addition seasons leave in each quarter, shape (T,)."""

    def rises(self, quarter: int) -> bool:
        """Whether the limit of a quarter rises: for money that is carried over in each quarter from the first on."""
        return bool(self.raises[: quarter + 1].any() if self.addition.once else self.raises[quarter])


def knobs(opened: Opened, programme: Programme) -> tuple[Knob, ...]:
    """Every fund, every resource in every place that limits it, every team; by kind, id and place."""
    # What some addition could bring in: eligible there, or kept out by a capacity alone; shape (I, K).
    able: Bools = np.isin(programme.eligible.reason, (CODE["eligible"], CODE["need_above_capacity"]))
    anywhere: Bools = np.any(able, axis=1)
    return (*_funds(opened.case, anywhere), *_resources(opened.case, able), *_teams(opened.case, anywhere))


def _knob(
    case: Case,
    at: tuple[int, int],
    raises: Bools,
    changes: Changes,
    fits: bool,
    alone: bool = True,
    shares: Floats | None = None,
    **known: Any,
) -> Knob:
    """A knob at a position and place; ``fits``: all that could ever be asked for; ``alone``: :attr:`Knob.limit_only`."""
    worthless = {"worth": 0.0, "lowest": 0.0, "highest": 0.0, "asked": "worthless"}
    addition = Addition(
        **known,
        quarters=tuple(quarter for quarter, up in zip(case.calendar, raises.tolist(), strict=False) if up),
        changes=tuple(written(changes)),
        binds=False,
        **(worthless if fits and alone else {"asked": "not_asked"}),
    )
    return Knob(addition, *at, raises, changes, alone, np.ones(len(raises)) if shares is None else shares)


def _step(case: Case, name: str, kind: str | None, present: float, largest: float) -> float:
    """x: as the settings say, or the share of what there is; where there is nothing, of the largest of its kind."""
    asked = case.settings.sensitivity
    told = asked.steps.get(name, asked.steps.get(kind) if kind is not None else None)
    if told is not None:
        return told
    base = present if present > 0 else largest
    return float(f"{asked.share * base:.6g}") if base > 0 else 1.0


def _fits(case: Case, asked: Floats, amount: Floats) -> bool:
    """All projects together, variants of one counted by the largest, ask for no more than there is in any quarter."""
    most = np.zeros(max(case.projects, 1))
    np.maximum.at(most, case.project_of, np.nan_to_num(asked))
    return bool(float(most.sum()) <= float(amount.min(initial=np.inf)) * (1 + FITS))


def _spoken_of(case: Case, table: str, where: Mapping[str, str]) -> set[str]:
    """Quarters that the rows of a table speak of, as they are written; a row without a quarter, ``""``, speaks of all."""
    found = case.tables.get(table)
    if found is None:
        return set()
    frame = found.frame
    for column, wanted in where.items():
        frame = frame[frame[column].astype(str) == wanted]
    return set(frame["quarter"].astype(str) if "quarter" in frame.columns else [""] * len(frame))


def _rise(case: Case, spoken_of: Collection[str]) -> Bools:
    """In which quarters of the calendar; a row for all quarters is one for those of the horizon."""
    return np.array([quarter in spoken_of or ("" in spoken_of and quarter in case.quarters) for quarter in case.calendar])


def _funds(case: Case, able: Bools) -> Iterator[Knob]:
    funds, totals = case.funds, np.where(np.isfinite(case.funds.amount), case.funds.amount, 0.0)
    for f, name in enumerate(funds.ids):
        amount, carried, where = totals[f], bool(funds.carry_over[f]), {"fund_id": name}
        spoken_of = _spoken_of(case, "funds", where)
        once = [quarter for quarter in case.calendar if carried and quarter in spoken_of][:1]
        where |= {"quarter": once[0]} if once else {}
        raises = _rise(case, once or spoken_of)
        if not raises.any():
            continue  # its rows lie where nothing falls due
        present = float(amount.sum() if carried else amount.max(initial=0.0))
        step = _step(case, name, "fund", present, float(totals.sum(axis=1).max()))
        fits = _fits(case, np.where(able, funds.asks[:, f], 0.0), funds.most[f])
        told: dict[str, Any] = {"kind": "fund", "id": name, "name": name, "unit": "万元", "step": step, "present": present}
        yield _knob(case, (f, -1), raises, (_add("funds", where, "amount", step),), fits, **told, once=bool(once))


def _teams(case: Case, able: Bools) -> Iterator[Knob]:
    teams = case.teams
    team, effort = case.candidates["team"].to_numpy(np.int64), case.candidates["effort"].to_numpy(float)
    largest = float(np.where(np.isfinite(teams.effort), teams.effort, 0.0).max(initial=0.0))
    for s, name in enumerate(teams.ids):
        where, chain = {"team_id": name}, int(teams.chain[s])
        place_id, place = None, None
        if teams.ids.count(name) > 1:
            served = case.chains.iloc[chain] if chain >= 0 else None
            where["chain_id"] = place_id = "" if served is None else str(served["chain_id"])
            place = None if served is None else str(served["name"])
        present = float(teams.effort[s][np.isfinite(teams.effort[s])].max(initial=0.0))
        step = _step(case, name, "team", present, largest)
        fits = _fits(case, np.where(able & (team == s), effort, 0.0), teams.effort[s])
        told: dict[str, Any] = {"kind": "team", "id": name, "name": name, "unit": "人月", "step": step, "present": present}
        changes, raises = (_add("teams", where, "effort", step),), _rise(case, _spoken_of(case, "teams", where))
        yield _knob(case, (s, -1), raises, changes, fits, **told, place_id=place_id, place=place)


def _resources(case: Case, able: Bools) -> Iterator[Knob]:
    for r, supply in enumerate(case.resources):
        present = np.where(np.isfinite(supply.amount), supply.amount, -np.inf).max(axis=1)
        largest = float(present[np.isfinite(present)].max(initial=0.0))
        need = np.where(able, np.nan_to_num(case.need(r)), 0.0)
        filters = [rule.where for rule in case.settings.rules] + [season.where for season in case.settings.seasons]
        filtered = any(f"park.{supply.resource_id}" in named_in(where) for where in filters)
        told = {"kind": "resource", "id": supply.resource_id, "name": supply.name, "unit": supply.unit}
        for p in np.flatnonzero(np.isfinite(present)).tolist():  # the others are unlimited
            step = _step(case, supply.resource_id, None, float(present[p]), largest)
            changes, raises = _cells(case, supply, p, step)
            if not changes:
                continue
            most = need[:, supply.place_of_park == p].max(axis=1, initial=0.0)
            where = {"place_id": supply.places[p], "place": place_name(case, r, p).say(case.settings.language)}
            amounts = {"step": step, "present": float(present[p])}
            fits = _fits(case, most, supply.amount[p])
            shares = np.array([float(product_of(case, touched)) for touched in supply.seasons[:, p].T])
            seasons = seasons_at(case, supply, p)
            yield _knob(case, (r, p), raises, changes, fits, not filtered, shares, **told, **where, **amounts, seasons=seasons)


def _cells(case: Case, supply: Supply, p: int, step: float) -> tuple[Changes, Bools]:
    """The cells that hold the amount of one place, and the quarters in which they rule.

    The column of ``parks`` holds from the start until the first phase in ``capacities``; each phase until the next. All of them
    are raised. A zone or the region has no cell of its own in ``parks``: the first of its parks that has a figure is raised.
    """
    quarters, changes = case.quarters, []
    where = {"resource_id": supply.resource_id, **({} if supply.scope == "region" else {"scope_id": supply.places[p]})}
    phases = [quarter for quarter in _spoken_of(case, "capacities", where) if quarter <= quarters[-1]]
    first = min((0 if quarter <= quarters[0] else quarters.index(quarter) for quarter in phases), default=len(quarters))
    raises = np.arange(len(quarters)) >= first
    if phases:
        changes.append(_add("capacities", where, "amount", step))
    if first > 0 and supply.resource_id in case.tables.tables["parks"].frame.columns:
        column = case.parks[supply.resource_id].to_numpy(float)
        at = np.flatnonzero((supply.place_of_park == p) & np.isfinite(column))
        if len(at):
            raises[:first] = True
            changes.append(_add("parks", {"park_id": str(case.parks["park_id"].iloc[int(at[0])])}, supply.resource_id, step))
    return tuple(changes), raises


def _add(table: Any, where: Mapping[str, str], column: str, step: float) -> Change:
    return Change(table=table, where=dict(where), column=column, add=step)
