"""When no plan exists: what stands against what, and the cheapest ways in which limits can give way.

Three answers, in this order: contradictions that adding up shows (:mod:`planner.questions.explain.arithmetic`); up to some different
repairs, each a list of changes of the input, applied in memory and verified before it is shown (:mod:`planner.questions.explain.elastic`,
:mod:`planner.questions.explain.repair`); minimal conflicts (:mod:`planner.questions.explain.conflict`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import numpy as np

from planner.case.case import Case
from planner.case.eligibility import CODE, Eligibility, eligibility
from planner.language import Words
from planner.layout.columns import choice_of
from planner.limits import FAMILIES, RELAXABLE, lever_words, step_of
from planner.limits.family import Lever
from planner.plan.open import Opened, open_plan
from planner.plan.solving import stopping_of
from planner.plan.verify import broken, held
from planner.problems import Place
from planner.programme.build import Programme, build
from planner.questions.codes import refusal
from planner.questions.explain.arithmetic import Contradiction, contradictions, reasons
from planner.questions.explain.conflict import clashes
from planner.questions.explain.elastic import Groups, Relaxed, relax
from planner.questions.explain.repair import Repair, confirm, write_repaired
from planner.questions.explain.sides import Sides, sides_of
from planner.questions.variant import heard
from planner.solvers.caller import Caller
from planner.solvers.lp import has_solution
from planner.solvers.protocol import Listener, Stopping, StopSign, never
from planner.terms.registry import reckon

FIRST, OTHERS = 0.5, 0.3
"""Shares of the time for the first repair and for each other; conflicts have what is left."""
FAR = 5.0
"""A further repair that is not proved to be the cheapest of its kind and costs so many times the first says nothing."""
OPENED_BY = ("forbidden_pair", "chain_not_allowed", "investment_intensity", "tax_intensity")
"""Reasons that an analyst can lift; a firm's refusal and a fixed park are not among them."""
ROUNDING = 1e-6
"""A bound below this part of the largest price may be rounding, and proves nothing."""


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot all hold. ``minimal``: it is proved that any one fewer can."""

    limits: tuple[Words, ...]
    kinds: tuple[str, ...]
    minimal: bool


@dataclass(frozen=True)
class Explanation:
    """Whether a plan exists, and if not, why not and what would help."""

    feasible: bool | None
    """None: neither a plan was found nor that there is none, in the time given."""
    projects: int
    """In the plan that was found when feasible; otherwise 0."""
    contradictions: tuple[Contradiction, ...]
    conflicts: tuple[Conflict, ...]
    repairs: tuple[Repair, ...]
    """Different ways out, the cheapest first."""
    weights: Mapping[str, float]
    """Price of each kind of limit for giving way by 100 %."""
    seconds: float


def at_once(programme: Programme) -> tuple[Contradiction, ...]:
    """Contradictions that arithmetic alone shows; nothing is solved."""
    case = programme.case
    locked = bool((case.candidates["must_include"] | (case.candidates["status"] == "signed")).any())
    asked = any(rule.soft is None for rule in case.settings.rules)
    return contradictions(programme, sides_of(programme)) if locked or asked else ()


@heard
def explain(
    plan: Opened | str | Path,
    time_limit: float | None = None,
    programme: Programme | None = None,
    known: bool = False,
    listen: Listener = Caller.listen,
    stop: StopSign = never,
) -> Explanation:
    """Whether a plan exists, and if none does: what stands against what, and up to some different repairs.

    Args:
        plan: a plan file, or one that is open.
        time_limit: seconds for all of it; None: ``explain.time_limit`` of the settings.
        programme: that of the plan, if it is built already.
        known: a solve has proved that there is none.

    Raises:
        planner.problems.InputError: the plan file cannot be used.
    """
    opened = plan if isinstance(plan, Opened) else open_plan(Path(plan))
    began = monotonic()
    told = opened.loaded.settings.explain
    end = began + (told.time_limit if time_limit is None else time_limit)
    programme = programme or build(opened.case, opened.eligible)
    weights = {kind: told.price(kind) for kind in RELAXABLE}
    facts = at_once(programme)
    sides = _widened(opened.case, opened.eligible)
    stopping = replace(stopping_of(opened), gap=0.0, work=None)
    first = relax(sides, _all(sides), _within(stopping, end, FIRST))
    projects = _plan(opened.case, sides, first)
    if projects is not None:  # held against every limit: whatever was claimed, there is a plan
        return Explanation(True, projects, (), (), (), weights, monotonic() - began)
    own = sides_of(programme)
    sure = known or bool(facts) or first.bound > ROUNDING * max(weights.values()) or _none_exists(own, end)
    repairs = _repairs(opened, sides, first, stopping, end)
    conflicts = _conflicts(programme, own, sides, first, stopping, end) if sure else ()
    return Explanation(False if sure else None, 0, facts, conflicts, repairs, weights, monotonic() - began)


def repair(opened: Opened, found: Explanation, number: int = 1) -> Path:
    """Write the repair of that number beside the plan file, which stays as it is; returns the new plan file.

    Raises:
        planner.problems.InputError: there is no repair of that number (R140), or the file cannot be written (R141).
    """
    shown = Place(opened.loaded.path.name)
    if not 1 <= number <= len(found.repairs):
        raise refusal("R140", shown, "--apply", str(number), count=len(found.repairs))
    try:
        return write_repaired(opened, found.repairs[number - 1], opened.loaded.settings.language)
    except OSError as error:
        raise refusal("R141", shown, "--apply", str(error)) from error


def _none_exists(sides: Sides, end: float) -> bool:
    """Whether a solver shows that the limits cannot all hold; asked where the prices are too small for a bound to show it."""
    return has_solution(sides.feasibility(_all(sides)), max(OTHERS * (end - monotonic()), 0.2)) is False


def _within(stopping: Stopping, end: float, share: float) -> Stopping:
    return replace(stopping, time_limit=max(share * (end - monotonic()), 0.2))


def _all(sides: Sides) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.ones(len(sides.levers), dtype=bool)


def _plan(case: Case, sides: Sides, found: Relaxed) -> int | None:
    """How many projects the plan has, when nothing gives way in it and its sums break no limit."""
    if found.values is None or found.used.size:
        return None
    choice = choice_of(sides.programme.layout, found.values)
    return None if broken(held(case, reckon(case, choice))) else len(choice.candidate)


def _widened(case: Case, eligible: Eligibility) -> Sides:
    """The limits over a wider programme: with the pairs that more capacity, or another entry rule, would open.

    It is built with so much more of every resource that no single need is too large; then its rows get their true amounts.
    Raised by the same everywhere, so that the same rows can bind.
    """
    plenty = []
    for r, supply in enumerate(case.resources):
        most = float(np.nan_to_num(np.nanmax(case.need(r), initial=0.0))) + 1.0
        plenty.append(replace(supply, amount=supply.amount + most))
    rich = replace(case, resources=tuple(plenty))
    wider = eligibility(rich)
    reason = wider.reason.copy()
    fresh = (reason == 0) & (eligible.reason != 0)
    for r in range(len(case.resources)):
        unknown = fresh & np.isnan(case.need(r))
        reason[unknown] = eligible.reason[unknown]
    frame = case.candidates
    homeless = frame["must_include"].to_numpy(bool) & (frame["status"] != "signed").to_numpy(bool)
    homeless &= ~(reason == 0).any(axis=1)
    liftable = np.isin(reason, [CODE[code] for code in OPENED_BY]) & homeless[:, None]
    for r in range(len(case.resources)):
        if liftable.any():
            liftable &= ~np.isnan(case.need(r))
    reason[liftable] = 0
    bounded = case.settings.objective.floors or case.settings.objective.ceilings
    families = tuple(family for family in FAMILIES if bounded or not family.worth_only)
    made = build(rich, replace(wider, reason=reason), families)
    rows = []
    for part in made.rows:
        if "resource" in part.about:
            at = zip(*(part.about[key].tolist() for key in ("resource", "place", "quarter")), strict=True)
            part = replace(part, upper=np.array([case.resources[r].amount[place, t] for r, place, t in at], dtype=float))
        rows.append(part)
    return sides_of(replace(made, case=case, rows=tuple(rows)), np.argwhere(liftable))


def _repairs(opened: Opened, sides: Sides, first: Relaxed, stopping: Stopping, end: float) -> tuple[Repair, ...]:
    """Different repairs, the cheapest first: another must leave a kind of limit alone that each earlier one has used, or,
    where no such repair exists, a single limit."""
    found: list[Relaxed] = []
    relaxed: Relaxed | None = first
    while relaxed is not None and relaxed.values is not None and relaxed.used.size:
        if any(np.isin(one.used, relaxed.used).all() for one in found):
            break
        if found and not relaxed.cheapest and relaxed.cost > FAR * found[0].cost:
            break
        found.append(relaxed)
        if len(found) == opened.loaded.settings.explain.repairs or end - monotonic() < 0.1:
            break
        relaxed = relax(sides, _all(sides), _within(stopping, end, OTHERS), [_by_kind(sides, one) for one in found])
        if relaxed.values is None or not relaxed.used.size:
            relaxed = relax(sides, _all(sides), _within(stopping, end, OTHERS), [_singly(one) for one in found])
    told = [_told(opened, sides, one) for one in found]
    order = sorted(range(len(told)), key=lambda n: told[n].cost)
    return tuple(replace(told[n], cheapest=told[n].cheapest and _stands(told, order[:place], n)) for place, n in enumerate(order))


def _stands(told: Sequence[Repair], before: Sequence[int], number: int) -> bool:
    """Whether "the cheapest that differs from those before" is so of a repair: it was sought beside those found earlier, so they
    must all stand before it, and one that may be none must not be cheaper."""
    return told[number].confirmed and set(range(number)) <= set(before) and all(told[n].confirmed for n in before)


def _by_kind(sides: Sides, found: Relaxed) -> Groups:
    """All limits of each kind that the repair uses."""
    kinds = np.array([one.family for one in sides.levers])
    return [np.flatnonzero(kinds == kind) for kind in np.unique(kinds[found.used])]


def _singly(found: Relaxed) -> Groups:
    return [np.array([lever]) for lever in found.used.tolist()]


def _told(opened: Opened, sides: Sides, found: Relaxed) -> Repair:
    assert found.values is not None
    choice = choice_of(sides.programme.layout, found.values)
    accounts = reckon(opened.case, choice)
    steps = tuple(step_of(opened.case, accounts, sides.levers[n]) for n in found.used.tolist())
    return confirm(opened, Repair(steps, found.cost, found.bound, found.cheapest, False), choice)


def _conflicts(
    programme: Programme, own: Sides, wide: Sides, first: Relaxed, stopping: Stopping, end: float
) -> tuple[Conflict, ...]:
    """Minimal conflicts of the plan file as it stands."""
    at = {(one.family, one.key): n for n, one in enumerate(own.levers)}
    used = [(wide.levers[n].family, wide.levers[n].key) for n in first.used.tolist()]
    involved = np.array(sorted(at[key] for key in used if key in at), dtype=np.int64)
    found = clashes(own, involved, _within(stopping, end, OTHERS), end - monotonic())
    return tuple(
        Conflict(
            tuple(_words(programme, own.levers[n], len(clash.levers) == 1) for n in clash.levers.tolist()),
            tuple(sorted({own.levers[n].family for n in clash.levers.tolist()})),
            clash.minimal,
        )
        for clash in found
    )


def _words(programme: Programme, lever: Lever, alone: bool) -> Words:
    """The lever in words; of a project that must come and cannot, why no park is open to it."""
    said = lever_words(programme.case, lever)
    if alone and lever.family in {"must_include", "signed"} and not programme.eligible.candidates[lever.key[0]]:
        why = reasons(programme, lever.key[0])
        return Words(f"{said.zh}，而它进不了任何园区：{why.zh}", f"{said.en}, and no park is open to it: {why.en}")
    return said
