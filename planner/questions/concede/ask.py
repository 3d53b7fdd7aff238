r"""How much more can be conceded to a firm before the plan prefers the next best, from solved plans.

Let :math:`V_{-i}` be the best value without firm i and :math:`V_i(x)` the best with i in the plan and its subsidy, or its need of one
resource, larger by x. Each is known between the value of a plan and a bound, so that

.. math:: \underline V_i(x) \ge \overline V_{-i} \;\text{: i is kept,}\qquad \overline V_i(x) < \underline V_{-i} \;\text{: the next best is preferred,}

and between them it is open. The first x tried is all there is, then what is left with no other firm touched; then the interval
in which the answer turns is halved. Nothing is taken
for granted of how :math:`V_i` runs between: the answer is the largest x tried at which i is kept and the smallest above it at
which it is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from planner.case.case import Case
from planner.language import Words
from planner.plan.diff import came, least_difference, levels, moved, named
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent
from planner.problems import InputError
from planner.programme.build import build
from planner.publish.desk import Desk
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.subject import subject_of
from planner.publish.offers import of_verdict, screened
from planner.questions.codes import problem, refusal
from planner.questions.concede.record import KEPT, LOST, Concession, Concessions, Lawful, Probe, Room, Turn
from planner.questions.variant import cell, clash, heard, question, solve_forced, stopping_within
from planner.settings.changes import Change
from planner.solvers.caller import stopped
from planner.solvers.protocol import Listener, Stopping, StopSign, never

SUBSIDY, SUBSIDY_WORDS = "subsidy", Words("奖补", "subsidy")
REGION_WORDS = Words("全域", "the region")
STEPS = 6
"""Solves for each concession: the interval is then 1/32 of what there is, or less."""


@dataclass(frozen=True)
class Known:
    """The best value of a kind of plan, between two figures; None: not known."""

    low: float | None
    high: float | None


@dataclass(frozen=True)
class Ask:
    """One thing that can be conceded, before anything is solved."""

    id: str
    name: str
    unit: str
    asked: float
    most: float
    price: float
    """What the objective gives up for one unit more; 0 where it does not weigh it."""
    room: tuple[Room, ...]
    lawful: Lawful | None = None


@heard
def concede(
    run: Run,
    candidate: str,
    of: Sequence[str] = (),
    time_limit: float | None = None,
    steps: int = STEPS,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Concessions:
    """How much more money and resources a selected firm can be given before the plan prefers the next best.

    Args:
        candidate: id or exact name of a selected firm.
        of: ``subsidy`` and ids of resources; none: all of which the tables say what the firm asks.
        time_limit: seconds of each solve; None: that of the run's settings. ``steps``: solves for each of ``of``.

    Raises:
        InputError: no such candidate (R121, R122), it is not selected (R192), there is no such thing to concede (R193), or what the firm
            asks of it is not known or not limited (R194).
    """
    asked = question(run, candidate)
    if asked.asked != "out":
        raise refusal("R192", None, "CANDIDATE", asked.candidate_id)
    firm = next(firm for firm in run.plan.selected if firm.candidate_id == asked.candidate_id)
    asks, unknown = _asks(run, firm, asked.candidate, of)
    stopping = stopping_within(run.opened, time_limit)
    count = 1 + len(asks) * steps
    tell(announced(count, count * stopping.time_limit))
    first = levels(run.plan)[0]
    here = Known(first.value if first.best is None else first.best, first.bound)
    without, plan, none = _without(run, firm, stopping, listen)
    found = tuple(_concession(run, firm, one, here, without, none, steps, stopping, listen, tell) for one in asks)
    return Concessions(
        candidate_id=firm.candidate_id,
        name=firm.name,
        park_id=firm.park_id,
        quarter=firm.quarter,
        value=here.low if here.low is not None else first.value,
        bound=here.high,
        without_low=without.low,
        without_high=without.high,
        irreplaceable=none,
        locked=firm.must_include or firm.status == "signed",
        next_best=() if plan is None else named(came(run.plan, plan)),
        gone_too=() if plan is None else named(one for one in came(plan, run.plan) if one.candidate_id != firm.candidate_id),
        moved=0 if plan is None else len(moved(run.plan, plan)),
        concessions=found,
        unknown=unknown,
        time_limit=stopping.time_limit,
    )


def _asks(run: Run, firm: Selected, i: int, of: Sequence[str]) -> tuple[tuple[Ask, ...], tuple[str, ...]]:
    """What can be conceded, and what of it is not known or not limited. Raises InputError: R193, R194."""
    case = run.opened.case
    offered = [SUBSIDY, *(supply.resource_id for supply in case.resources)]
    problems = [problem("R193", None, "--of", name, listed=Words.listed(offered)) for name in of if name not in offered]
    asks = {name: _subsidy(run, firm) if name == SUBSIDY else _resource(run, firm, i, name) for name in offered}
    problems += [problem("R194", None, "--of", name) for name in of if name in asks and asks[name] is None]
    if problems:
        raise InputError(problems)
    wanted = [name for name in offered if not of or name in of]
    known = tuple(ask for name in wanted if (ask := asks[name]) is not None)
    return known, tuple(name for name in wanted if asks[name] is None)


def _subsidy(run: Run, firm: Selected) -> Ask | None:
    """None: what it asks is not known, or there is nothing to give."""
    plan = run.plan
    if firm.subsidy is None:
        return None
    lines = [line for line in plan.funds if line.fund_id == firm.fund_id]
    left = [(line.left, line.quarter) for line in lines if line.left is not None and line.quarter >= firm.quarter]
    room = tuple(Room(name=firm.fund_id or "", quarter=quarter, left=amount) for amount, quarter in sorted(left)[:1])
    term, weight = plan.objective.terms.get(SUBSIDY), levels(plan)[0].weights.get(SUBSIDY, 0.0)
    price = -weight / term.normaliser if term is not None and weight < 0 else 0.0
    amounts = [line.amount for line in lines if line.amount is not None]
    # Without a fund the investment is as much as anybody would pay for.
    most = math.fsum(amounts) - firm.subsidy if amounts else (firm.investment or 0.0) - firm.subsidy
    if most <= 0 or not (amounts or price):
        return None
    return Ask(SUBSIDY, SUBSIDY_WORDS.say(plan.plan.language), "万元", firm.subsidy, most, price, room, _lawful(run, firm))


def _lawful(run: Run, firm: Selected) -> Lawful | None:
    """What may be promised, by the same screening as on the firm's dossier."""
    desk = Desk(run.plan, run.opened)
    if not desk.has("policies"):
        return None
    here = Here(desk)
    offers = screened(here.policies, subject_of(here, firm.candidate_id).asker())
    open_ = of_verdict(offers, "offered")
    priced = [(offer.policy.text("offer"), offer.amount if offer.amount is not None else offer.ceiling) for offer in open_]
    return Lawful(
        most=math.fsum(most for _, most in priced if most is not None),
        offers=tuple(name for name, most in priced if most is not None),
        unpriced=tuple(name for name, most in priced if most is None),
        under_review=len(of_verdict(offers, "review")),
    )


def _resource(run: Run, firm: Selected, i: int, name: str) -> Ask | None:
    """None: the firm's need is not known, or nothing limits it in some place that is open to it."""
    case, parks = run.opened.case, np.flatnonzero(run.opened.eligible.pairs[i])
    r = case.resource(name)
    supply, need = case.resources[r], firm.needs.get(name)
    if need is None:
        return None
    there, needs = supply.lasting[supply.place_of_park[parks]].max(axis=1), case.need(r)[i, parks]
    most = float(np.max(there - np.nan_to_num(needs), initial=0.0))
    if not 0 < most < math.inf:
        return None
    return Ask(name, supply.name, supply.unit, need, most, 0.0, tuple(_left(run.plan, firm, name)))


def _left(plan: Plan, firm: Selected, resource: str) -> Iterator[Room]:
    """The tightest quarter from that of signing on, at the place of the firm's park."""
    park = next(park for park in plan.parks if park.park_id == firm.park_id)
    areas = [
        (REGION_WORDS.say(plan.plan.language) if area.scope == "region" else area.area_id, area.use)
        for area in plan.areas
        if area.scope == "region" or area.area_id == park.zone
    ]
    for place, uses in [(park.name, park.use), *areas]:
        lines = [(use.capacity - use.used, use.quarter) for use in uses if use.resource_id == resource and use.capacity is not None]
        lines = [(left, quarter) for left, quarter in lines if quarter >= firm.quarter]
        if lines:
            left, quarter = min(lines)
            yield Room(name=place, quarter=quarter, left=max(0.0, left))


def _without(run: Run, firm: Selected, stopping: Stopping, listen: Listener) -> tuple[Known, Plan | None, bool]:
    """The best without the firm; the plan found; and whether it is proved that there is none."""
    asked = question(run, firm.candidate_id)
    try:
        opened = run.opened.changed(asked.changes)
        plan = solve_forced(run, opened, build(opened.case, opened.eligible), asked.candidate, stopping, listen)
    except InputError as error:
        clash(error)
        return Known(None, None), None, True
    except NoPlan as none:
        return Known(None, None), None, none.solution.termination.reason == "infeasible"
    level = levels(plan)[0]
    return Known(level.value if level.best is None else level.best, level.bound), plan, False


def _concession(
    run: Run,
    firm: Selected,
    ask: Ask,
    here: Known,
    without: Known,
    none: bool,
    steps: int,
    stopping: Stopping,
    listen: Listener,
    tell: Teller,
) -> Concession:
    """Probes from all there is downwards, each at the middle of where the answer turns."""
    low, high, more = 0.0, ask.most, ask.most
    # What is left with no other firm touched, and where the objective alone turns: likelier than a middle.
    likely = [room.left for room in ask.room]
    likely += [(here.low - without.low) / ask.price] if ask.price and here.low is not None and without.low is not None else []
    probes = [Probe(more=0.0, turn=turn_of(here, without, none), low=here.low, high=here.high)]
    for _ in range(steps):
        if stopped() or probes[0].turn in LOST:
            break
        tell(Words(f"{ask.name} +{more:,.4g} {ask.unit}", f"{ask.name} +{more:,.4g} {ask.unit}"))
        probe = _probe(run, firm, ask, more, without, none, stopping, listen)
        probes.append(probe)
        if probe.turn in KEPT:
            if more == ask.most:
                break
            low = more
        else:
            high = more
        likely = [one for one in likely if low < one < high]
        more = likely.pop(0) if likely else (low + high) / 2
    ordered = tuple(sorted(probes, key=lambda probe: probe.more))
    kept = max((probe for probe in ordered if probe.turn in KEPT), key=lambda probe: probe.more, default=None)
    above = 0.0 if kept is None else kept.more
    lost = min(
        (probe for probe in ordered if probe.turn in LOST and (kept is None or probe.more > above)),
        key=lambda p: p.more,
        default=None,
    )
    return Concession(
        id=ask.id,
        name=ask.name,
        unit=ask.unit,
        asked=ask.asked,
        most=ask.most,
        kept=above,
        kept_proved=kept is not None and kept.turn == "kept",
        lost=None if lost is None else lost.more,
        lost_proved=lost is not None and lost.turn in {"lost", "no_room"},
        why_lost=None if lost is None else lost.turn,
        room=ask.room,
        lawful=ask.lawful,
        probes=ordered,
    )


def _probe(
    run: Run, firm: Selected, ask: Ask, more: float, without: Known, none: bool, stopping: Stopping, listen: Listener
) -> Probe:
    """Everything planned anew with the firm in the plan and so much more given to it."""
    try:
        opened = run.opened.changed(_changes(run.opened.case, firm, ask.id, more))
        programme = build(opened.case, opened.eligible)
        i = opened.case.candidates["candidate_id"].astype(str).tolist().index(firm.candidate_id)
        plan = solve_forced(run, opened, programme, i, stopping, listen)
    except InputError as error:
        clash(error)
        return Probe(more=more, turn="no_room", low=None, high=None)
    except NoPlan as outcome:
        gone = outcome.solution.termination.reason == "infeasible"
        return Probe(more=more, turn="no_room" if gone else "no_plan", low=None, high=None)
    level = levels(plan)[0]
    known = Known(level.value if level.best is None else level.best, level.bound)
    return Probe(more=more, turn=turn_of(known, without, none), low=known.low, high=known.high)


def _changes(case: Case, firm: Selected, what: str, more: float) -> tuple[Change, ...]:
    """The firm must come, and asks for so much more, in every park."""
    where = {"candidate_id": firm.candidate_id}
    column = case.tables["candidates"].frame
    own = column.loc[column["candidate_id"].astype(str) == firm.candidate_id]
    said = what in column.columns and own[what].notna().any()
    changes = [cell(firm.candidate_id, "must_include", value=True)]
    changes += [Change(table="candidates", where=where, column=what, add=more)] if said else []
    pairs = case.tables.get("site_options")
    if pairs is not None and what in pairs.frame.columns:
        rows = pairs.frame[(pairs.frame["candidate_id"].astype(str) == firm.candidate_id) & pairs.frame[what].notna()]
        parks = rows["park_id"].astype(str)
        changes += [Change(table="site_options", where={**where, "park_id": park}, column=what, add=more) for park in parks]
    return tuple(changes)


def turn_of(known: Known, without: Known, none: bool) -> Turn:
    """Whether the firm is kept, and how sure that is: ``known`` of plans with it, ``without`` of plans without it (``none``: there is none)."""
    if none:
        return "kept" if known.low is not None else "no_plan"
    if known.low is None or without.low is None:
        return "no_plan" if known.low is None else "open"
    tolerance = least_difference(known.low, without.low)
    if without.high is not None and known.low >= without.high - tolerance:
        return "kept"
    if known.high is not None and known.high < without.low - tolerance:
        return "lost"
    return "seems_kept" if known.low >= without.low - tolerance else "seems_lost"
