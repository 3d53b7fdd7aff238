r"""What x more of each fund, resource and team is worth: the promising ones solved anew, each with its cells changed.

*Worth* of an addition is :math:`V(x) - V`. With plan values v and bounds b it lies in
:math:`[\max(0,\, v_x - b),\; b_x - v]`; never below 0, since the old plan stays feasible. A run that was not proved optimal is
first solved again without any addition, for as long as each addition gets, and a plan found on the way that needs no addition is
one without it: what more time finds is not credited to the land.

*Promising* is what the linear relaxation prices, :math:`x \sum_r \pi_r` over the rows that rise, then what the plan has used
up. Prices are a guide: they hold for small changes of a relaxation. What is neither priced nor used up is **not** thereby worth
nothing (a project that did not fit may come in whole); it is only called worthless when all projects that could ever ask for it
fit in together. What the relaxation prices at nothing is first tried all at once (:mod:`planner.questions.sensitivity.together`);
the rest is solved one by one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from planner.language import Words
from planner.plan.diff import Named, came, levels, moved, named
from planner.plan.model import Plan
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, stopping_of
from planner.plan.start import columns_of, complete_point, plan_point, wanted_places
from planner.programme.build import Programme
from planner.questions.sensitivity.knobs import Key, Knob, knobs
from planner.questions.sensitivity.record import Addition, Sensitivity
from planner.questions.sensitivity.text import what
from planner.questions.sensitivity.together import bound_together
from planner.questions.side_by_side import lanes_of, side_by_side
from planner.questions.variant import heard, solve_changed
from planner.solvers.caller import stopped
from planner.solvers.lp import row_duals
from planner.solvers.process import ctrl_c
from planner.solvers.protocol import Listener, Stopping, StopSign, never

KINDS = {"stock": "resource", "flow": "resource", "funds": "fund", "teams": "team"}
"""Family of limits → kind of addition."""
PROVED = 1e-9
"""Relative difference of two values below which they are one."""


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
    plans, base, interrupted = _solved(run, base, order, promise, stopping, listen, tell) if not interrupted else ({}, base, True)
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


def _solved(
    run: Run, base: Plan, order: Sequence[Knob], promise: Mapping[Key, float], stopping: Stopping, listen: Listener, tell: Teller
) -> tuple[dict[Key, Plan], Plan, bool]:
    """(the plan with each addition, as far as it was found; the plan that they are held against; whether the user interrupted)."""
    plans: dict[Key, Plan] = {}
    unpriced = [knob for knob in order if knob.limit_only and promise[knob.addition.key] <= 0.0]
    with ctrl_c() as presses:
        if len(unpriced) > 1:
            count = len(unpriced)
            tell(Words(f"{count} 项一起加，看是否都不增值", f"{count} at once, to see whether all are worth nothing"))
            bound = bound_together(run, base, [change for knob in unpriced for change in knob.changes], stopping, listen)
            if bound is not None:
                base = _bounded(base, min(bound, _measured(base)[1] or bound))
                plans = {knob.addition.key: _bounded(base, bound) for knob in unpriced}
        left = [knob for knob in order if knob.addition.key not in plans]
        lanes, each = lanes_of(run.programme.matrix, run.opened.loaded.settings.solve.solver, stopping, len(left))
        start = base

        def solved(knob: Knob, hear: Listener) -> Plan | None:
            begin = base if stopping.work is None else start  # which plans are known by now is a matter of the clock (R8)
            try:
                return solve_changed(replace(run, plan=begin), knob.changes, each, hear)
            except NoPlan:
                return None  # none in the time: it stays unasked

        def said(number: int) -> None:
            line = f"{len(order) - len(left) + number + 1}/{len(order)}  {what(left[number].addition)}"
            tell(Words(line, line))

        found: dict[int, Plan] = {}
        for number, plan in side_by_side([partial(solved, knob) for knob in left], lanes, listen, said):
            if plan is not None:
                found[number] = plan
                base = _without(run.programme, base, plan)
        plans |= {left[number].addition.key: plan for number, plan in found.items()}
        return plans, base, bool(presses) or stopped() or any(plan.status.reason == "interrupted" for plan in found.values())


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
