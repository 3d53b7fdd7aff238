r"""What x more of each fund, resource and team is worth: the promising ones solved anew, each with its cells changed.

*Worth* of an addition is :math:`V(x) - V`. With plan values v and bounds b it lies in
:math:`[\max(0,\, v_x - b),\; b_x - v]`; never below 0, since the old plan stays feasible. A run that was not proved optimal is
first solved again without any addition, for as long as each addition gets, and a plan found on the way that needs no addition is
one without it: what more time finds is not credited to the land.

*Promising* is what the linear relaxation prices, :math:`x \sum_r \pi_r` over the rows that rise, then what the plan has used
up. Prices are a guide: they hold for small changes of a relaxation. What is neither priced nor used up is **not** thereby worth
nothing (a project that did not fit may come in whole); it is only called worthless when all projects that could ever ask for it
fit in together. What there can be more of are the :class:`Knob`: fund by fund, place by place, team by team.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.case.case import Bools, Case, Floats, Supply
from planner.case.eligibility import CODE
from planner.case.seasons import product_of, seasons_at
from planner.language import Words
from planner.limits.family import place_name
from planner.plan.diff import Named, came, levels, moved, named
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, stopping_of
from planner.plan.start import columns_of, complete_point, plan_point, wanted_places
from planner.programme.build import Programme
from planner.questions.sensitivity.record import Addition, Sensitivity
from planner.questions.sensitivity.text import what
from planner.questions.variant import heard, solve_changed, written
from planner.settings.changes import Change
from planner.settings.filters import named_in
from planner.solvers.lp import row_duals
from planner.solvers.protocol import Listener, Stopping, StopSign, never

KINDS = {"stock": "resource", "flow": "resource", "funds": "fund", "teams": "team"}
"""Family of limits → kind of addition."""
Key = tuple[str, str, str]
"""Kind, id and place of an addition."""
PROVED = 1e-9
"""Relative difference of two values below which they are one."""
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


@heard
def sensitivity(
    run: Run, time_limit: float | None = None, listen: Listener = silent, tell: Teller = quiet, stop: StopSign = never
) -> Sensitivity:
    """What more of each fund, resource and team is worth, by solving the promising ones.

    Args:
        run: how much more, and how many are solved, say its settings (``sensitivity``).
        time_limit: seconds of each solve; None: ``sensitivity.time_limit``. ``tell`` hears which addition is being solved.
    """
    asked = run.opened.loaded.settings.sensitivity
    seconds = asked.time_limit if time_limit is None else time_limit
    # The run's own plan is solved once more where it was not proved.
    count = asked.most + (not run.plan.status.proved)
    tell(announced(count, count * seconds))
    stopping = replace(stopping_of(run.opened), time_limit=seconds)
    found = knobs(run.opened, run.programme)
    prices, binding = _prices(run.programme, found, seconds), _binding(run.plan)
    promise = {knob.addition.key: prices.get(knob.addition.key, 0.0) * knob.addition.step for knob in found}
    base, interrupted = _base(run, stopping, listen, tell)
    order = sorted(
        (
            knob
            for knob in found
            if knob.addition.asked == "not_asked" and (promise[knob.addition.key] > 0 or knob.addition.key in binding)
        ),
        key=lambda knob: (-promise[knob.addition.key], knob.addition.key),
    )[: asked.most]
    plans: dict[Key, Plan] = {}
    for number, knob in enumerate(order, start=1):
        if interrupted:
            break
        line = f"{number}/{len(order)}  {what(knob.addition)}"
        tell(Words(line, line))
        try:
            plan = solve_changed(replace(run, plan=base), knob.changes, stopping, listen)
        except NoPlan:
            continue  # none in the time: it stays unasked
        plans[knob.addition.key] = plan
        base = _without(run.programme, base, plan)
        interrupted = plan.status.reason == "interrupted"
    additions = []
    for knob in found:
        key, plan_with = knob.addition.key, plans.get(knob.addition.key)
        told = knob.addition if plan_with is None else _answer(base, knob, plan_with)
        additions.append(told.model_copy(update={"price": prices.get(key), "binds": key in binding}))
    (value, bound), before = _measured(base), _measured(run.plan)[0]
    return Sensitivity(
        additions=tuple(sorted(additions, key=_rank)),
        level=1 if run.plan.objective.levels else None,
        value=value,
        bound=bound,
        better=value - before if value > before else None,
        most=asked.most,
        time_limit=seconds,
        share=asked.share,
        interrupted=interrupted,
    )


def _rank(addition: Addition) -> tuple[int, float, float, Key]:
    kind = ("solved", "worthless", "not_asked").index(addition.asked)
    return kind, -(addition.worth or 0.0), -(addition.price or 0.0) * addition.step, addition.key


def _prices(programme: Programme, found: Iterable[Knob], seconds: float) -> dict[Key, float]:
    """Value per unit of each addition by the linear relaxation; empty when that was not solved in time."""
    duals = row_duals(programme.matrix, seconds)
    if duals is None:
        return {}
    priced = defaultdict[tuple[str, int, int], list[tuple[int, float]]](list)
    ends = np.cumsum([part.size for part in programme.rows])
    for family, part, prices in zip(programme.families, programme.rows, np.split(duals, ends[:-1]), strict=True):
        kind = KINDS.get(family.name)
        if kind is None or not part.size:
            continue
        places = part.about.get("place", np.full(part.size, -1))
        rows = (part.about[kind].tolist(), places.tolist(), part.about["quarter"].tolist(), prices.tolist())
        for subject, place, quarter, price in zip(*rows, strict=True):
            if price > 0:
                priced[kind, subject, place].append((quarter, price))
    known = {knob: priced.get((knob.addition.kind, knob.position, knob.place), []) for knob in found}
    return {
        knob.addition.key: sum(price * float(knob.shares[quarter]) for quarter, price in rows if knob.rises(quarter))
        for knob, rows in known.items()
    }


def _binding(plan: Plan) -> set[Key]:
    """What the plan has nothing, or too little, left of."""
    found = set()
    for limit in plan.limits:
        if limit.family in KINDS and limit.ids:
            kind = KINDS[limit.family]
            places = {limit.ids[2]} if kind == "resource" else {"", *limit.ids[2:]}
            found |= {(kind, limit.ids[1], place) for place in places}
    return found


def _measured(plan: Plan) -> tuple[float, float | None]:
    """Value and bound of what is compared: of the first level where there are several, since more never hurts that one."""
    first = levels(plan)[0]
    return first.value if first.best is None else max(first.best, first.value), first.bound


def _base(run: Run, stopping: Stopping, listen: Listener, tell: Teller) -> tuple[Plan, bool]:
    """The run's plan where it is proved, else the better of it and of one more solve; and whether the user interrupted."""
    if run.plan.status.proved:
        return run.plan, False
    tell(Words("先不加任何资源再算一次", "solving once more without any addition"))
    try:
        again = solve_changed(run, (), stopping, listen)
    except NoPlan as none:
        return run.plan, none.solution.termination.reason == "interrupted"
    (was, old), (now, bound) = _measured(run.plan), _measured(again)
    better = again if now > was + PROVED * max(1.0, abs(was)) else run.plan
    known = [one for one in (old, bound) if one is not None]
    return _bounded(better, min(known, default=None)), again.status.reason == "interrupted"


def _bounded(plan: Plan, bound: float | None) -> Plan:
    """The plan with the better of two bounds; the same object where that is its own."""
    if bound is None or bound == _measured(plan)[1]:
        return plan
    objective = plan.objective
    update: dict[str, object] = {"bound": bound}
    if objective.levels:
        update = {"levels": (objective.levels[0].model_copy(update=update), *objective.levels[1:])}
    return plan.model_copy(update={"objective": objective.model_copy(update=update)})


def _without(programme: Programme, base: Plan, plan: Plan) -> Plan:
    """The plan that additions are held against, once ``plan`` is known: that one, where it is better and needs no addition."""
    (value, bound), (new, _) = _measured(base), _measured(plan)
    wanted = wanted_places(programme.case, plan)
    mapped = columns_of(programme.layout, wanted)
    same = mapped["same"]
    if new <= value + PROVED * max(1.0, abs(value)) or mapped.loc[same, "candidate"].nunique() < len(wanted):
        return base
    point = plan_point(programme, mapped.loc[same, "column"].to_numpy(np.int64))
    return base if complete_point(programme.matrix, point) is None else _bounded(plan, bound)


def _answer(base: Plan, knob: Knob, plan: Plan) -> Addition:
    """The addition with its plan."""
    (value, bound), (new, new_bound) = _measured(base), _measured(plan)
    if knob.limit_only:
        new = max(new, value)  # the old plan stays feasible
        lowest: float | None = max(0.0, new - min((one for one in (bound, new_bound) if one is not None), default=math.inf))
    else:
        lowest = None if bound is None else new - bound
    least = -math.inf if lowest is None else lowest
    links = {link.link_id: link for link in plan.links}
    pairs = [(link, links[link.link_id]) for link in base.links if link.link_id in links]
    states = [(Named(id=link.link_id, name=link.name), link.shortage_after > 0, after.shortage_after > 0) for link, after in pairs]
    invested, before = plan.kpis.investment, base.kpis.investment
    return knob.addition.model_copy(
        update={
            "asked": "solved",
            "value": new,
            "bound": new_bound,
            "worth": new - value,
            "lowest": lowest,
            "highest": None if new_bound is None else max(new_bound - value, least),
            "reason": plan.status.reason,
            "came": named(came(base, plan)),
            "left": named(came(plan, base)),
            "moved": named(after for _, after in moved(base, plan)),
            "closed": tuple(link for link, was_short, is_short in states if was_short and not is_short),
            "opened": tuple(link for link, was_short, is_short in states if is_short and not was_short),
            "investment": None if invested is None or before is None else invested - before,
            "shortage": plan.kpis.shortage_after - base.kpis.shortage_after,
        }
    )


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
