"""The plans of a ladder as a record: values, bounds and costs at each share, and what each share brings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import fsum

from planner.plan.diff import came, least_difference, levels, named
from planner.plan.facts import known
from planner.plan.firm_records import Selected
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.questions.difference import difference
from planner.questions.ladder import record
from planner.questions.ladder.climb import Climb, Level, bounded, check_nested
from planner.questions.ladder.limits import Limit


def answer_of(opened: Opened, climb: Climb, way: record.Way) -> tuple[record.Ladder, tuple[Plan | None, ...]]:
    """The answer, and the plan at each share as it is published: with the bound of all plans at that share."""
    found, best = climb.levels, _best(climb.levels)
    plans = tuple(
        None if level.nested is None else bounded(level, level.nested, bound) for level, (_, bound) in zip(found, best, strict=True)
    )
    there = [plan for plan in plans if plan is not None]
    for inner, outer in pairwise(there):
        check_nested(inner, outer)
    rungs = tuple(_rung(level, plan, climb.limits, *told) for level, plan, told in zip(found, plans, best, strict=True))
    return record.Ladder(
        plan=opened.loaded.settings.name,
        language=opened.loaded.settings.language,
        way=way,
        weights=tuple(climb.weights) if way == "joint" else (),
        binaries=climb.size,
        rungs=rungs,
        steps=tuple(_steps(climb, plans)),
        joint=climb.joint,
        notices=tuple(climb.notices),
        interrupted=climb.interrupted,
    ), plans


def _best(found: Sequence[Level]) -> list[tuple[float | None, float | None]]:
    """(best value, bound) by the first level of all plans at each share: a plan at a share is one at every larger share, so that
    the best value of a smaller one counts, too, and the bound of a larger one."""
    values = [[levels(plan)[0].value for plan in (level.separate, level.nested) if plan is not None] for level in found]
    bounds = [[] if level.separate is None else [levels(level.separate)[0].bound] for level in found]
    told = list[tuple[float | None, float | None]]()
    for n, level in enumerate(found):
        below = [value for several in values[: n + 1] for value in several]
        above = [bound for several in bounds[n:] for bound in several if bound is not None]
        there = level.missing != "infeasible"
        told.append((max(below, default=None) if there else None, min(above, default=None) if there else None))
    return told


def _rung(level: Level, plan: Plan | None, limits: Sequence[Limit], best: float | None, bound: float | None) -> record.Rung:
    case = None if level.opened is None else level.opened.case
    separate = level.separate
    return record.Rung(
        share=level.share,
        folder=None if plan is None else f"rungs/{level.share:.15g}",
        seal=None if plan is None else plan.storable().seal,
        missing=None if plan is not None else level.missing or "not_found",
        why=level.why,
        amounts=() if case is None or plan is None else tuple(limit.of(case, plan) for limit in limits),
        levels=tuple(_levels(level, plan, best, bound)),
        terms={} if plan is None else plan.objective.terms,
        selected=None if plan is None else len(plan.selected),
        investment=None if plan is None else plan.kpis.investment,
        links_closed=None if plan is None else plan.kpis.links_closed,
        verified=plan is not None,
        nested_proved=plan is not None and level.nested_proved,
        best_proved=separate is not None and separate.status.proved,
        reason=None if separate is None else separate.status.reason,
        came=() if plan is None or separate is None else named(came(plan, separate)),
        left=() if plan is None or separate is None else named(came(separate, plan)),
    )


def _levels(level: Level, plan: Plan | None, best: float | None, bound: float | None) -> Iterator[record.RungLevel]:
    """Of priorities a later level is compared only where the levels before it are alike."""
    own = () if plan is None else levels(plan)
    other = () if level.separate is None else levels(level.separate)
    comparable = True
    for n in range(max(len(own), len(other))):
        value = own[n].value if own else None
        top, roof = (best, bound) if n == 0 else (other[n].value, other[n].bound) if other else (None, None)
        least = most = None
        if value is not None and top is not None and comparable:
            least, most = max(top - value, 0.0), None if roof is None else max(roof - value, 0.0)
            room = least_difference(top, value)
            least, most = (0.0 if least <= room else least), (0.0 if most is not None and most <= room else most)
        comparable &= least == 0.0 and most == 0.0
        nested = level.nested_bound if n == 0 else None
        yield record.RungLevel(value=value, nested_bound=nested, best=top, bound=roof, cost_least=least, cost_most=most)


def _steps(climb: Climb, plans: Sequence[Plan | None]) -> Iterator[record.Step]:
    before: tuple[Level, Plan] | None = None
    for level, plan in zip(climb.levels, plans, strict=True):
        if plan is None or level.opened is None:
            continue
        case, old = level.opened.case, None if before is None else before[1]
        firms = sorted(plan.selected, key=lambda firm: firm.rank) if old is None else came(old, plan)
        amounts = defaultdict[str, float](float)
        for limit in climb.limits:
            amounts[limit.unit(case)] += limit.amount(case)
            if before is not None and before[0].opened is not None:
                amounts[limit.unit(case)] -= limit.amount(before[0].opened.case)
        gained = levels(plan)[0].value - (levels(old)[0].value if old is not None else 0.0)
        investments = [firm.investment for firm in firms]
        yield record.Step(
            share_from=None if before is None else before[0].share,
            share_to=level.share,
            firms=tuple(_next(level.opened, climb.limits, firm) for firm in firms),
            investment=known(fsum(one if one is not None else float("nan") for one in investments)),
            gained=gained,
            more=dict(amounts),
            marginal=gained / sum(amounts.values()) if len(amounts) == 1 else None,
            tenth=gained / (level.share - (0.0 if before is None else before[0].share)) / 10.0,
            difference=None if old is None else difference(old, plan, restricts=False),
        )
        before = level, plan


def _next(opened: Opened, limits: Sequence[Limit], firm: Selected) -> record.Next:
    needs: Mapping[str, float] = {limit.id(opened.case): limit.need(opened.case, firm) for limit in limits}
    return record.Next(
        candidate_id=firm.candidate_id,
        name=firm.name,
        park_id=firm.park_id,
        park_name=firm.park_name,
        quarter=firm.quarter,
        investment=firm.investment,
        needs={name: need for name, need in needs.items() if need},
        contribution=firm.contribution,
    )
