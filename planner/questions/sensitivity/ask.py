r"""What x more of each fund, resource and team is worth: the promising ones solved anew, each with its cells changed.

*Worth* of an addition is :math:`V(x) - V`. With plan values v and bounds b it lies in
:math:`[\max(0,\, v_x - b),\; b_x - v]`; never below 0, since the old plan stays feasible. A run that was not proved optimal is
first solved again without any addition, for as long as each addition gets, and a plan found on the way that needs no addition is
one without it: what more time finds is not credited to the land.

*Promising* is what the linear relaxation prices, :math:`x \sum_r \pi_r` over the rows that rise, then what the plan has used
up. Prices are a guide: they hold for small changes of a relaxation. What is neither priced nor used up is **not** thereby worth
nothing (a project that did not fit may come in whole); it is only called worthless when all projects that could ever ask for it
fit in together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from planner.language import Words
from planner.plan.diff import Named, came, moved, named
from planner.plan.model import Plan
from planner.plan.reopen import Run
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, stopping_of
from planner.plan.start import columns_of, complete_point, plan_point, wanted_places
from planner.programme.build import Programme
from planner.questions.sensitivity.additions import Knob, knobs, rises
from planner.questions.sensitivity.record import Addition, Sensitivity
from planner.questions.sensitivity.text import what
from planner.questions.variant import heard, solve_changed
from planner.solvers.lp import row_duals
from planner.solvers.protocol import Listener, Stopping, StopSign, never

KINDS = {"funds": "fund", "teams": "team"}
"""Family of limits → kind of addition; the others are resources."""
PROVED = 1e-9
"""Relative difference of two values below which they are one."""


@heard
def sensitivity(
    run: Run, time_limit: float | None = None, listen: Listener = silent, tell: Teller = quiet, stop: StopSign = never
) -> Sensitivity:
    """What more of each fund, resource and team is worth, by solving the promising ones.

    Args:
        run: how much more, and how many are solved, say its settings (``sensitivity``).
        time_limit: seconds of each solve; None: ``sensitivity.time_limit``.
        tell: hears which addition is being solved.
    """
    asked = run.opened.loaded.settings.sensitivity
    seconds = asked.time_limit if time_limit is None else time_limit
    # The run's own plan is solved once more where it was not proved.
    count = asked.most + (not run.plan.status.proved)
    tell(announced(count, count * seconds))
    stopping = replace(stopping_of(run.opened), time_limit=seconds)
    found = knobs(run.opened, run.programme)
    prices = _prices(run.programme, found, seconds)
    binding = _binding(run.plan)
    base, interrupted = _base(run, stopping, listen, tell)
    order = sorted(
        (knob for knob in found if not knob.redundant and (_promise(knob, prices) > 0 or knob.addition.key in binding)),
        key=lambda knob: (-_promise(knob, prices), knob.addition.key),
    )
    plans: dict[tuple[str, str, str], Plan] = {}
    for number, knob in enumerate(order[: asked.most]):
        if interrupted:
            break
        tell(
            Words("{n}/{all}  {what}", "{n}/{all}  {what}").fill(
                n=number + 1, all=min(len(order), asked.most), what=what(knob.addition)
            )
        )
        try:
            plan = solve_changed(replace(run, plan=base), knob.changes, stopping, listen)
        except NoPlan:
            continue  # none in the time: it stays unasked
        plans[knob.addition.key] = plan
        base = _without(run.programme, base, plan)
        interrupted = plan.status.reason == "interrupted"
    additions = []
    for knob in found:
        known, binds, price = plans.get(knob.addition.key), knob.addition.key in binding, prices.get(knob.addition.key)
        told = knob.addition if known is None else _answer(base, knob, known)
        additions.append(told.model_copy(update={"price": price, "binds": binds}))
    before, after = _measured(run.plan)[0], _measured(base)[0]
    return Sensitivity(
        additions=tuple(sorted(additions, key=_rank)),
        level=1 if run.plan.objective.levels else None,
        value=after,
        bound=_measured(base)[1],
        better=after - before if after > before else None,
        most=asked.most,
        time_limit=seconds,
        share=asked.share,
        interrupted=interrupted,
    )


def _rank(one: Addition) -> tuple[int, float, float, tuple[str, str, str]]:
    kind = ("solved", "worthless", "not_asked").index(one.asked)
    return kind, -(one.worth or 0.0), -(one.price or 0.0) * one.step, one.key


def _promise(knob: Knob, prices: dict[tuple[str, str, str], float]) -> float:
    return prices.get(knob.addition.key, 0.0) * knob.addition.step


def _prices(programme: Programme, found: Iterable[Knob], seconds: float) -> dict[tuple[str, str, str], float]:
    """Value per unit of each addition by the linear relaxation; empty when that was not solved in time."""
    duals = row_duals(programme.matrix, seconds)
    if duals is None:
        return {}
    prices: dict[tuple[str, str, str], float] = {}
    starts = np.concatenate([[0], np.cumsum([part.size for part in programme.rows])])
    rows: dict[tuple[str, int, int], list[tuple[int, float]]] = {}
    for number, (family, part) in enumerate(zip(programme.families, programme.rows, strict=True)):
        if family.name not in {"stock", "flow", "funds", "teams"} or not part.size:
            continue
        kind = KINDS.get(family.name, "resource")
        places = part.about.get("place", np.full(part.size, -1))
        for row, (subject, place, quarter) in enumerate(
            zip(part.about[kind].tolist(), places.tolist(), part.about["quarter"].tolist(), strict=True)
        ):
            price = float(duals[starts[number] + row])
            if price > 0:
                rows.setdefault((kind, subject, place), []).append((quarter, price))
    for knob in found:
        priced = rows.get((knob.addition.kind, knob.position, knob.place), [])
        prices[knob.addition.key] = sum(price for quarter, price in priced if rises(knob, quarter))
    return prices


def _binding(plan: Plan) -> set[tuple[str, str, str]]:
    """What the plan has nothing, or too little, left of."""
    found = set()
    for limit in plan.limits:
        if limit.family in {"stock", "flow"} and limit.ids:
            found.add(("resource", limit.ids[1], limit.ids[2]))
        elif limit.family in {"funds", "teams"} and limit.ids:
            found |= {(KINDS[limit.family], limit.ids[1], place) for place in {"", *limit.ids[2:]}}
    return found


def _measured(plan: Plan) -> tuple[float, float | None]:
    """Value and bound of what is compared: of the first level where there are several, since more never hurts that one."""
    told = plan.objective
    if told.levels:
        first = told.levels[0]
        return (first.value if first.best is None else max(first.best, first.value)), first.bound
    return told.value, told.bound


def _base(run: Run, stopping: Stopping, listen: Listener, tell: Teller) -> tuple[Plan, bool]:
    """The plan that additions are held against, and whether the user interrupted.

    That of the run where it is proved; otherwise the better of it and of one more solve.
    """
    if run.plan.status.proved:
        return run.plan, False
    tell(Words("先不加任何资源再算一次", "solving once more without any addition"))
    try:
        again = solve_changed(run, (), stopping, listen)
    except NoPlan as none:
        return run.plan, none.solution.termination.reason == "interrupted"
    (was, old), (now, bound) = _measured(run.plan), _measured(again)
    interrupted = again.status.reason == "interrupted"
    known = [one for one in (old, bound) if one is not None]
    if now <= was + PROVED * max(1.0, abs(was)):
        return _bounded(run.plan, min(known, default=None)), interrupted
    return _bounded(again, min(known, default=None)), interrupted


def _bounded(plan: Plan, bound: float | None) -> Plan:
    """The plan with the better of two bounds; the same object where that is its own."""
    if bound is None or bound == _measured(plan)[1]:
        return plan
    told = plan.objective
    if told.levels:
        levels = (told.levels[0].model_copy(update={"bound": bound}), *told.levels[1:])
        return plan.model_copy(update={"objective": told.model_copy(update={"levels": levels})})
    return plan.model_copy(update={"objective": told.model_copy(update={"bound": bound})})


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
        bounds = [one for one in (bound, new_bound) if one is not None]
        lowest = max(0.0, new - min(bounds)) if bounds else 0.0
    else:
        lowest = -np.inf if bound is None else new - bound
    highest = None if new_bound is None else max(new_bound - value, lowest)
    closed, opened = _links(base, plan)
    invested = [one.kpis.investment for one in (base, plan)]
    return knob.addition.model_copy(
        update={
            "asked": "solved",
            "value": new,
            "bound": new_bound,
            "worth": new - value,
            "lowest": float(lowest) if np.isfinite(lowest) else None,
            "highest": highest,
            "reason": plan.status.reason,
            "came": named(came(base, plan)),
            "left": named(came(plan, base)),
            "moved": named(after for _, after in moved(base, plan)),
            "closed": closed,
            "opened": opened,
            "investment": None if None in invested else (invested[1] or 0.0) - (invested[0] or 0.0),
            "shortage": plan.kpis.shortage_after - base.kpis.shortage_after,
        }
    )


def _links(before: Plan, after: Plan) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Links that are closed now and were not, and the other way round."""
    now = {link.link_id: link for link in after.links}
    pairs = [(link, now[link.link_id]) for link in before.links if link.link_id in now]
    closed = tuple(Named(id=a.link_id, name=a.name) for a, b in pairs if a.shortage_after > 0 and b.shortage_after == 0)
    opened = tuple(Named(id=a.link_id, name=a.name) for a, b in pairs if a.shortage_after == 0 and b.shortage_after > 0)
    return closed, opened
