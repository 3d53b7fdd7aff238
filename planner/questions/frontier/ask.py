r"""The frontier between two terms by augmented ε-constraints (Mavrotas 2009), each point a plan file of its own.

With :math:`f_1, f_2` the terms (larger is better; a cost with its sign turned):

1. The ends come from the lexicographic payoff table: best :math:`f_1` and, among these plans, best :math:`f_2`; and the other
   way round. They give the ranges :math:`r_1, r_2`.
2. Between them, for ε at equal steps of :math:`r_2`,

   .. math:: \max\; f_1 / r_1 + \delta\, f_2 / r_2 \quad\text{s.t.}\quad f_2 \ge \varepsilon .

   For δ > 0 an optimum is efficient: a plan as good in both terms and better in one would meet the same ε and be worth more.
   (Mavrotas' surplus variable :math:`s_2 = f_2 - \varepsilon` gives the same objective, less a constant.)
3. What another point dominates is left out, so that what remains is monotone.

Nothing but the two terms counts: other terms weigh nothing, soft rules cost nothing (their price in a point's settings is 0);
hard limits hold.

ε is a floor or ceiling of the settings (family ``term_bounds``), so that every point can be run by anybody. The points are solved
from the tightest ε to the loosest: the plan before is then always feasible, and where the next begins. The *knee* is the point
furthest above the straight line between the ends, both terms as shares of their ranges.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from planner.case.case import Case
from planner.language import Words
from planner.plan.diff import came, named
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import run_settings
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, solve_plan
from planner.plan.stored import SETTINGS_FILE
from planner.plan.whole_folder import FRONTIER, Target, look_at, whole_folder
from planner.problems import InputError, NotAllWritten, Place, Problem, nearest
from planner.publish.proof import quality
from planner.publish.run_folder import moved_aside, write_each, write_run
from planner.questions.codes import problem
from planner.questions.explain.ask import explain
from planner.questions.frontier.record import Frontier, FrontierPoint, FrontierTerm, Room
from planner.questions.plans import infeasible
from planner.questions.variant import heard, stopping_within
from planner.settings.schema import Objective
from planner.settings.write import resolved_yaml
from planner.solvers.protocol import Listener, Stopping, StopSign, never
from planner.terms.registry import TERMS, term_of

DELTA = 1e-3
"""δ: what the whole range of the second term is worth, in ranges of the first."""
SAME = 1e-9
"""Share of a term's range below which two figures are one."""
PROVED = 1e-6
"""A level with a smaller gap is closed."""
FEWEST, MOST = 3, 200


@dataclass(frozen=True, eq=False)
class Solved:
    """A plan and the plan file that it solves."""

    opened: Opened
    plan: Plan
    limit: float | None


@dataclass(frozen=True)
class _Term:
    """A term with its sign (1: to be large) and the size of its weight."""

    name: str
    sign: float
    weight: float
    scale: float

    def raw(self, plan: Plan) -> float:
        return plan.objective.terms[self.name].raw


@heard
def frontier(
    opened: Opened,
    terms: Sequence[str],
    points: int = 9,
    out: str | Path | None = None,
    time_limit: float | None = None,
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> tuple[Frontier, tuple[Plan, ...]]:
    """The frontier between two objective terms and the plan of each of its points.

    Args:
        terms: names of two objective terms; the second one is held to ε.
        points: how many to look for, the two ends counted.
        out: a folder for ``frontier.json``, ``frontier.xlsx`` and a run folder of each point; None: nothing is written.
        time_limit: seconds of each solve; None: that of the settings.

    Raises:
        InputError: no such terms (R132), not two of them (R133), a number of points that means nothing (R134), data that do
            not know what a term needs, or ``out`` holds something else.
        Infeasible: no plan exists.
        NoPlan: the ends were not found in time.
        NotAllWritten: something could not be written to ``out``.
    """
    target = None if out is None else look_at(Path(out), FRONTIER)
    stopping = stopping_within(opened, time_limit)
    # Each end has two levels, and the first may be solved once more.
    tell(announced(points + 1, (points + 4) * stopping.time_limit))
    _check(opened.case, terms, points)
    first, second = (_term(opened.case, name) for name in terms)
    try:
        found = _ends(opened, first, second, stopping, listen, tell)
    except NoPlan as none:
        if none.solution.termination.reason == "infeasible":
            raise infeasible(explain(opened, known=True)) from None
        raise
    if len(found) == 2:
        found += _between(opened, first, second, found[0].plan, found[1].plan, points, stopping, listen, tell)
    interrupted = any(one.plan.status.reason == "interrupted" for one in found)
    kept = _efficient(found, first, second)
    record = _told(opened, first, second, found, kept, points, interrupted)
    if target is not None:
        folder, failed = _write(record, kept, target)
        if failed:
            raise NotAllWritten(folder, failed)
    return record, tuple(one.plan for one in kept)


def _write(found: Frontier, points: Sequence[Solved], target: Target) -> tuple[Path, tuple[Problem, ...]]:
    """``frontier.json``, ``frontier.xlsx`` and every point as a run folder of its own: where they stand, and what could not be
    written."""
    from planner.questions.frontier.sheet import write_frontier_book

    with whole_folder(target) as whole:
        for point, solved in zip(found.points, points, strict=True):
            language = solved.plan.plan.language
            # Paths in the settings are relative to where the folder will stand.
            settings = resolved_yaml(run_settings(solved.opened, target.real / point.folder), language)
            log = quality(solved.plan).say(language) + "\n"
            write_run(solved.plan, whole.fresh / point.folder, (), {SETTINGS_FILE: settings, "run.log": log})
        (whole.fresh / FRONTIER.file).write_text(found.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        failed = write_each({"frontier.xlsx": partial(write_frontier_book, found, points[0].plan)}, whole.fresh)
    return whole.place, (*failed, *moved_aside(target, whole))


def _check(case: Case, terms: Sequence[str], points: int) -> None:
    known = [*TERMS, *(supply.resource_id for supply in case.resources)]
    problems = []
    for name in terms:
        if name not in known:
            shown = "、".join(nearest(name, known) or known)
            problems.append(problem("R132", Place("--terms"), "terms", name, near=shown))
    if len(terms) != 2 or len(set(terms)) != 2:
        problems.append(problem("R133", Place("--terms"), "terms", ",".join(terms)))
    if not FEWEST <= points <= MOST:
        problems.append(problem("R134", Place("--points"), "points", str(points), least=FEWEST, most=MOST))
    if problems:
        raise InputError(problems)


def _term(case: Case, name: str) -> _Term:
    weight = case.settings.objective.term_weights.get(name, 0.0)
    term = term_of(case, name)
    sign = math.copysign(1.0, weight) if weight else (-1.0 if term.cost else 1.0)
    scale = term.scale(case)
    return _Term(name, sign, abs(weight) or 1.0, scale)


def _objective(opened: Opened, **keys: object) -> Objective:
    """An objective of our own in place of the plan's: its normalising and its bounds stay."""
    old = opened.loaded.settings.objective
    told = {"normalise": old.normalise, "floors": old.floors, "ceilings": old.ceilings, "weights": {}, **keys}
    return Objective.model_validate(told)


def _lexicographic(opened: Opened, one: _Term, other: _Term) -> Objective:
    levels = [{"weights": {term.name: term.sign * term.weight}} for term in (one, other)]
    return _objective(opened, mode="priorities", levels=levels)


def _held(opened: Opened, first: _Term, second: _Term, delta: float, limit: float) -> Objective:
    """The augmented objective with the second term held to ``limit``, besides any bound of the plan's own."""
    old = opened.loaded.settings.objective
    floors, ceilings = dict(old.floors), dict(old.ceilings)
    if second.sign > 0:
        floors[second.name] = max(limit, floors.get(second.name, limit))
    else:
        ceilings[second.name] = min(limit, ceilings.get(second.name, limit))
    weights = {first.name: first.sign * first.weight, second.name: second.sign * delta}
    return _objective(opened, weights=weights, floors=floors, ceilings=ceilings)


def _solve(
    opened: Opened, objective: Objective, limit: float | None, stopping: Stopping, start: Plan | None, listen: Listener
) -> Solved:
    rules = tuple(rule if rule.soft is None else rule.model_copy(update={"soft": 0.0}) for rule in opened.case.settings.rules)
    own = opened.pursuing(objective, rules)
    return Solved(own, solve_plan(own, None, start, listen, stopping=stopping), limit)


def _ends(opened: Opened, first: _Term, second: _Term, stopping: Stopping, listen: Listener, tell: Teller) -> list[Solved]:
    """The lexicographic ends: the best first term, and the best second; each has the time of two solves for its two levels."""
    twice = replace(stopping, time_limit=2 * stopping.time_limit)
    tell(Words("端点 1/2", "end 1/2"))
    one = _solve(opened, _lexicographic(opened, first, second), None, twice, None, listen)
    if one.plan.status.reason == "interrupted":
        return [one]
    tell(Words("端点 2/2", "end 2/2"))
    other = _solve(opened, _lexicographic(opened, second, first), None, twice, one.plan, listen)
    if first.sign * (first.raw(other.plan) - first.raw(one.plan)) > 0 and other.plan.status.reason != "interrupted":
        # The first end was not solved to its best, and the second is better in its own term: begin from there.
        tell(Words("端点 1/2，从另一端的计划再求解", "end 1/2 again, from the plan of the other end"))
        one = _solve(opened, _lexicographic(opened, first, second), None, twice, other.plan, listen)
    return [one, other]


def _between(
    opened: Opened,
    first: _Term,
    second: _Term,
    one: Plan,
    other: Plan,
    points: int,
    stopping: Stopping,
    listen: Listener,
    tell: Teller,
) -> list[Solved]:
    """The points inside, from the tightest ε to the loosest."""
    reach_1, reach_2 = (abs(term.raw(one) - term.raw(other)) for term in (first, second))
    if min(reach_1 / first.scale, reach_2 / second.scale) <= SAME or other.status.reason == "interrupted":
        return []
    # The second term's whole range is worth δ of what the first term's is.
    delta = DELTA * first.weight * (reach_1 / first.scale) / (reach_2 / second.scale)
    found: list[Solved] = []
    start, worst, best = other, second.raw(one), second.raw(other)
    for step in range(points - 2, 0, -1):
        tell(Words("中间点 {n}/{all}", "point {n}/{all}").fill(n=points - 1 - step, all=points - 2))
        limit = float(f"{worst + (best - worst) * step / (points - 1):.12g}")
        try:
            solved = _solve(opened, _held(opened, first, second, delta, limit), limit, stopping, start, listen)
        except NoPlan:
            continue  # none in the time; the point is missing, not wrong
        found.append(solved)
        start = solved.plan
        if solved.plan.status.reason == "interrupted":
            break
    return found


def _efficient(found: Sequence[Solved], first: _Term, second: _Term) -> list[Solved]:
    """Those that no other dominates, one of each pair of figures (a proved one where there is one), best first term first."""
    room = [SAME * _reach(found, term) for term in (first, second)]
    order = sorted(
        found, key=lambda one: (-first.sign * first.raw(one.plan), -second.sign * second.raw(one.plan), not one.plan.status.proved)
    )
    kept: list[Solved] = []
    for one in order:
        if not kept or second.sign * (second.raw(one.plan) - second.raw(kept[-1].plan)) > room[1]:
            same = kept and abs(first.raw(one.plan) - first.raw(kept[-1].plan)) <= room[0]
            kept = [*kept[:-1], one] if same else [*kept, one]
    return kept


def _reach(found: Sequence[Solved], term: _Term) -> float:
    """Between the largest and the smallest figure of a term; 1 where they are one."""
    figures = [term.raw(one.plan) for one in found]
    return max(figures) - min(figures) or 1.0


def _told(
    opened: Opened, first: _Term, second: _Term, found: Sequence[Solved], kept: Sequence[Solved], asked: int, interrupted: bool
) -> Frontier:
    ranges = []
    for term in (first, second):
        figures = [term.raw(one.plan) for one in kept]
        high, low = max(figures), min(figures)
        best, worst = (high, low) if term.sign > 0 else (low, high)
        unit = kept[0].plan.objective.terms[term.name].unit
        ranges.append(FrontierTerm(name=term.name, unit=unit, maximise=term.sign > 0, best=best, worst=worst))
    above = [
        (_share(ranges[0], first.raw(one.plan)) + _share(ranges[1], second.raw(one.plan)) - 1.0) / math.sqrt(2) for one in kept
    ]
    top = max(range(len(kept)), key=lambda n: above[n])
    points = []
    for n, one in enumerate(kept):
        before = kept[n - 1].plan if n else one.plan
        told, plan = one.plan.objective, one.plan
        points.append(
            FrontierPoint(
                number=n + 1,
                folder=f"points/{n + 1:02}",
                seal=plan.storable().seal,
                first=first.raw(plan),
                second=second.raw(plan),
                limit=one.limit,
                objective=json.loads(one.opened.loaded.settings.objective.model_dump_json()),
                value=told.value,
                bound=told.bound,
                room=_room(plan, first, second),
                proved=plan.status.proved,
                reason=plan.status.reason,
                knee=n == top and 0 < n < len(kept) - 1 and above[n] > SAME,
                above=above[n],
                selected=len(plan.selected),
                came=named(came(before, plan)),
                left=named(came(plan, before)),
            )
        )
    return Frontier(
        plan=opened.loaded.settings.name,
        language=opened.loaded.settings.language,
        first=ranges[0],
        second=ranges[1],
        asked=asked,
        points=tuple(points),
        dominated=len(found) - len(kept),
        soft_rules=any(rule.soft is not None for rule in opened.loaded.settings.rules),
        interrupted=interrupted,
    )


def _room(plan: Plan, first: _Term, second: _Term) -> Room | None:
    """Of a plan that is not proved: the term that its solve was to make better, and by how much it could be at most."""
    if plan.status.proved:
        return None
    told, term = plan.objective, first
    value, bound = told.value, told.bound
    for level in told.levels:
        value, bound = level.value if level.best is None else level.best, level.bound
        term = second if second.name in level.weights else first
        if level.gap is None or level.gap > PROVED:
            break
    return Room(term=term.name, amount=None if bound is None else max(bound - value, 0.0) * term.scale / term.weight)


def _share(term: FrontierTerm, raw: float) -> float:
    """0 at the worst end, 1 at the best."""
    reach = term.best - term.worst
    return (raw - term.worst) / reach if reach else 1.0
