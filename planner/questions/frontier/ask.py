r"""The frontier between two terms by augmented ε-constraints (Mavrotas 2009), each point a plan file of its own.

With :math:`f_1, f_2` the terms (larger is better; a cost with its sign turned):

1. The ends come from the lexicographic payoff table: best :math:`f_1` and, among these plans, best :math:`f_2`; and the other
   way round. They give the ranges :math:`r_1, r_2`.
2. Between them, for ε at equal steps of :math:`r_2`,

   .. math:: \max\; f_1 / r_1 + \delta\, f_2 / r_2 \quad\text{s.t.}\quad f_2 \ge \varepsilon .

   For δ > 0 an optimum is efficient: a plan as good in both terms and better in one would meet the same ε and be worth more.
3. What another point dominates is left out, so that what remains is monotone.

Other terms weigh nothing and soft rules cost nothing; hard limits hold. ε is a floor or ceiling of the settings (family
``term_bounds``), so that every point can be run by anybody. The points are solved from the tightest ε to the loosest: the plan
before is then always feasible, and where the next begins. The *knee* is the point furthest above the straight line between the
ends, both terms as shares of their ranges.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from planner.case.case import Case
from planner.language import Words
from planner.plan.diff import came, named
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Near
from planner.plan.reopen import run_settings
from planner.plan.solving import NoPlan, Teller, announced, quiet, silent, solve_plan
from planner.plan.stored import SETTINGS_FILE
from planner.plan.whole_folder import FRONTIER, Target, look_at, whole_folder
from planner.problems import InputError, NotAllWritten, Place, nearest
from planner.publish.proof import quality
from planner.publish.run_folder import moved_aside, write_each, write_run
from planner.questions.codes import problem
from planner.questions.explain.ask import explain
from planner.questions.explain.text import infeasible
from planner.questions.frontier.record import Frontier, FrontierPoint, FrontierTerm, Room
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
    """A plan and the plan file that it solves; the second term was held to ``limit``."""

    opened: Opened
    plan: Plan
    limit: float | None

    @property
    def interrupted(self) -> bool:
        return self.plan.status.reason == "interrupted"


@dataclass(frozen=True)
class _Term:
    """A term with its sign (1: to be large) and the size of its weight."""

    name: str
    sign: float
    weight: float
    scale: float

    @classmethod
    def of(cls, case: Case, name: str) -> _Term:
        """The term with the sign of its weight in the plan; without one, a cost is to be small."""
        term, weight = term_of(case, name), case.settings.objective.term_weights.get(name, 0.0)
        return cls(name, math.copysign(1.0, weight or (-1.0 if term.cost else 1.0)), abs(weight) or 1.0, term.scale(case))

    def raw(self, plan: Plan) -> float:
        return plan.objective.terms[self.name].raw

    def good(self, plan: Plan) -> float:
        """The raw figure with its sign: more is better."""
        return self.sign * self.raw(plan)


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
        Infeasible, NoPlan: no plan exists; the ends were not found in time.
        NotAllWritten: something could not be written to ``out``.
    """
    target = None if out is None else look_at(Path(out), FRONTIER)
    stopping = stopping_within(opened, time_limit)
    # Each end has two levels, and the first may be solved once more.
    tell(announced(points + 1, (points + 4) * stopping.time_limit))
    _check(opened.case, terms, points)
    first, second = (_Term.of(opened.case, name) for name in terms)
    search = _Search(opened, first, second, stopping, listen, tell)
    try:
        solved = search.ends()
    except NoPlan as none:
        if none.solution.termination.reason == "infeasible":
            raise infeasible(explain(opened, known=True)) from None
        raise
    if len(solved) == 2:
        solved += search.between(solved[0], solved[1], points)
    kept = _efficient(solved, first, second)
    answer = Frontier(
        plan=opened.loaded.settings.name,
        language=opened.loaded.settings.language,
        first=_range(first, kept),
        second=_range(second, kept),
        asked=points,
        points=tuple(_points(kept, first, second)),
        dominated=len(solved) - len(kept),
        soft_rules=any(rule.soft is not None for rule in opened.loaded.settings.rules),
        interrupted=any(point.interrupted for point in solved),
    )
    if target is not None:
        _write(answer, kept, target)
    return answer, tuple(point.plan for point in kept)


def _write(answer: Frontier, points: Sequence[Solved], target: Target) -> None:
    """``frontier.json``, ``frontier.xlsx`` and every point as a run folder of its own."""
    from planner.questions.frontier.text import write_frontier_book

    with whole_folder(target) as whole:
        for point, solved in zip(answer.points, points, strict=True):
            # Paths in the settings are relative to where the folder will stand.
            settings = resolved_yaml(run_settings(solved.opened, target.real / point.folder), answer.language)
            log = quality(solved.plan).say(answer.language) + "\n"
            write_run(solved.plan, whole.fresh / point.folder, (), {SETTINGS_FILE: settings, "run.log": log})
        (whole.fresh / FRONTIER.file).write_text(answer.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        failed = write_each({"frontier.xlsx": partial(write_frontier_book, answer, points[0].plan)}, whole.fresh)
    if failed := (*failed, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, failed)


def _check(case: Case, terms: Sequence[str], points: int) -> None:
    known = [*TERMS, *(supply.resource_id for supply in case.resources)]
    problems = [
        problem("R132", Place("--terms"), "terms", name, near=Words.listed(nearest(name, known) or known))
        for name in terms
        if name not in known
    ]
    if len(terms) != 2 or len(set(terms)) != 2:
        problems.append(problem("R133", Place("--terms"), "terms", ",".join(terms)))
    if not FEWEST <= points <= MOST:
        problems.append(problem("R134", Place("--points"), "points", str(points), least=FEWEST, most=MOST))
    if problems:
        raise InputError(problems)


@dataclass(frozen=True, eq=False)
class _Search:
    """What all solves of a frontier share."""

    opened: Opened
    first: _Term
    second: _Term
    stopping: Stopping
    listen: Listener
    tell: Teller

    def ends(self) -> list[Solved]:
        """The lexicographic ends: the best first term, and the best second; the first alone where the user ended it."""
        first, second = self.first, self.second
        self.tell(Words("端点 1/2", "end 1/2"))
        end = self._end(first, second, None)
        if end.interrupted:
            return [end]
        self.tell(Words("端点 2/2", "end 2/2"))
        other = self._end(second, first, end.plan)
        if first.good(other.plan) > first.good(end.plan) and not other.interrupted:
            # The first end was not solved to its best, and the second is better in its own term: begin from there.
            self.tell(Words("端点 1/2，从另一端的计划再求解", "end 1/2 again, from the plan of the other end"))
            end = self._end(first, second, other.plan)
        return [end, other]

    def between(self, end: Solved, other: Solved, points: int) -> list[Solved]:
        """The points inside, from the tightest ε to the loosest."""
        reach, span = (abs(term.raw(end.plan) - term.raw(other.plan)) / term.scale for term in (self.first, self.second))
        if min(reach, span) <= SAME or other.interrupted:
            return []
        # The second term's whole range is worth δ of what the first term's is.
        delta = DELTA * self.first.weight * reach / span
        found: list[Solved] = []
        start, worst, best = other.plan, self.second.raw(end.plan), self.second.raw(other.plan)
        for step in range(points - 2, 0, -1):
            self.tell(Words("中间点 {n}/{all}", "point {n}/{all}").fill(n=points - 1 - step, all=points - 2))
            try:
                point = self._held(float(f"{worst + (best - worst) * step / (points - 1):.12g}"), delta, start)
            except NoPlan:
                continue  # none in the time; the point is missing, not wrong
            found.append(point)
            start = point.plan
            if point.interrupted:
                break
        return found

    def _end(self, best: _Term, then: _Term, start: Plan | None) -> Solved:
        """The best in one term and, among these, in the other, in the time of two solves for the two levels."""
        levels = [{"weights": {term.name: term.sign * term.weight}} for term in (best, then)]
        twice = replace(self.stopping, time_limit=2 * self.stopping.time_limit)
        return self._solve({"mode": "priorities", "levels": levels, "weights": {}}, None, twice, start)

    def _held(self, limit: float, delta: float, start: Plan) -> Solved:
        """The best by the augmented objective with the second term held to ``limit``, besides any bound of the plan's own."""
        first, second, old = self.first, self.second, self.opened.loaded.settings.objective
        bounds, tighter = (old.floors, max) if second.sign > 0 else (old.ceilings, min)
        held = {**bounds, second.name: tighter(limit, bounds.get(second.name, limit))}
        weights = {first.name: first.sign * first.weight, second.name: second.sign * delta}
        told = {"weights": weights, "floors" if second.sign > 0 else "ceilings": held}
        return self._solve(told, limit, self.stopping, start)

    def _solve(self, told: Mapping[str, object], limit: float | None, stopping: Stopping, start: Plan | None) -> Solved:
        """Solved for an objective of our own: of the plan's its normalising and its bounds stay, and soft rules cost nothing."""
        old = self.opened.loaded.settings.objective
        kept = {"normalise": old.normalise, "floors": old.floors, "ceilings": old.ceilings}
        objective = Objective.model_validate({**kept, **told})
        rules = [rule if rule.soft is None else rule.model_copy(update={"soft": 0.0}) for rule in self.opened.case.settings.rules]
        own = self.opened.pursuing(objective, tuple(rules))
        return Solved(own, solve_plan(own, None, start, self.listen, stopping=stopping, near=Near(sought=False)), limit)


def _efficient(found: Sequence[Solved], first: _Term, second: _Term) -> list[Solved]:
    """Those that no other dominates, one of each pair of figures (a proved one where there is one), best first term first."""
    figures = [[term.raw(solved.plan) for solved in found] for term in (first, second)]
    room, second_room = (SAME * (max(several) - min(several) or 1.0) for several in figures)
    kept: list[Solved] = []
    for solved in sorted(found, key=lambda one: (-first.good(one.plan), -second.good(one.plan), not one.plan.status.proved)):
        if not kept or second.good(solved.plan) - second.good(kept[-1].plan) > second_room:
            if kept and abs(first.raw(solved.plan) - first.raw(kept[-1].plan)) <= room:
                kept.pop()
            kept.append(solved)
    return kept


def _range(term: _Term, kept: Sequence[Solved]) -> FrontierTerm:
    figures = sorted((term.raw(solved.plan) for solved in kept), reverse=term.sign > 0)
    unit = kept[0].plan.objective.terms[term.name].unit
    return FrontierTerm(name=term.name, unit=unit, maximise=term.sign > 0, best=figures[0], worst=figures[-1])


def _points(kept: Sequence[Solved], first: _Term, second: _Term) -> Iterator[FrontierPoint]:
    good = np.array([[term.good(solved.plan) for term in (first, second)] for solved in kept])
    reach = np.ptp(good, axis=0)
    shares = np.where(reach > 0, (good - good.min(axis=0)) / np.where(reach > 0, reach, 1.0), 1.0)
    above = ((shares.sum(axis=1) - 1.0) / math.sqrt(2)).tolist()
    top = above.index(max(above))
    for n, solved in enumerate(kept):
        plan, before = solved.plan, kept[max(n - 1, 0)].plan
        yield FrontierPoint(
            number=n + 1,
            folder=f"points/{n + 1:02}",
            seal=plan.storable().seal,
            first=first.raw(plan),
            second=second.raw(plan),
            limit=solved.limit,
            objective=json.loads(solved.opened.loaded.settings.objective.model_dump_json()),
            value=plan.objective.value,
            bound=plan.objective.bound,
            room=_room(plan, first, second),
            proved=plan.status.proved,
            reason=plan.status.reason,
            knee=n == top and 0 < n < len(kept) - 1 and above[n] > SAME,
            above=above[n],
            selected=len(plan.selected),
            came=named(came(before, plan)),
            left=named(came(plan, before)),
        )


def _room(plan: Plan, first: _Term, second: _Term) -> Room | None:
    """Of a plan that is not proved: the term that its solve was to make better, and by how much it could be at most."""
    if plan.status.proved:
        return None
    term, value, bound = first, plan.objective.value, plan.objective.bound
    for level in plan.objective.levels:
        value, bound = level.value if level.best is None else level.best, level.bound
        term = second if second.name in level.weights else first
        if level.gap is None or level.gap > PROVED:
            break
    return Room(term=term.name, amount=None if bound is None else max(bound - value, 0.0) * term.scale / term.weight)
