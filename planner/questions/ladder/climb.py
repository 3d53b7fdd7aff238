"""The solves of a ladder: from the top down, from the bottom up, or all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from planner.case.case import Choice
from planner.language import Words
from planner.layout import choice_of
from planner.plan.diff import came, levels, moved
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.nearness import Distance, Near
from planner.plan.solving import NoPlan, Teller, announced, solve_plan
from planner.plan.start import columns_of, wanted_places
from planner.plan.verify import VerificationError
from planner.problems import InputError
from planner.programme.build import Programme, build
from planner.questions.conflict import Infeasible
from planner.questions.difference import better
from planner.questions.explain.ask import explain
from planner.questions.explain.text import infeasible
from planner.questions.ladder.joint import binaries, solve_joint
from planner.questions.ladder.limits import Limit, check_scaled, scaled
from planner.questions.ladder.record import Joint, Missing, Way
from planner.questions.variant import clash
from planner.questions.within import Kept, Within, choice_in, extended, plan_at, point_at
from planner.solvers.protocol import Floats, Listener, Solution, Stopping, Termination

ROOTED = Words(
    "从上往下，最大份额的最好计划之内没有较小份额的可行计划；改为每级都给最小份额留出一个可行计划，其中取最好",
    "downwards, the best plan of a larger share contains none for a smaller one; each plan is the best of those that contain one for the smallest",
)
TURNED = Words(
    "从上往下求时，较大份额的计划之内没有较小份额的可行计划，改为从下往上",
    "downwards, a larger plan contained none for a smaller share; the ladder was made upwards",
)
ALONE = Near(sought=False)
"""Plans that are begun from here are no references."""


@dataclass(eq=False)
class Level:
    """What is known at one share while the ladder is made."""

    share: float
    opened: Opened | None = None
    programme: Programme | None = None
    nested: Plan | None = None
    nested_bound: float | None = None
    nested_proved: bool = False
    separate: Plan | None = None
    missing: Missing | None = None
    why: Words | None = None
    error: Infeasible | InputError | NoPlan | None = field(default=None, repr=False)


@dataclass(eq=False)
class Climb:
    """What all solves of a ladder share; ``levels`` from the smallest share on."""

    opened: Opened
    limits: tuple[Limit, ...]
    levels: list[Level]
    weights: Sequence[float]
    stopping: Stopping
    listen: Listener
    tell: Teller
    size: int = 0
    joint: Joint | None = None
    notices: list[Words] = field(default_factory=list)
    interrupted: bool = False

    def made(self, way: str, most: int) -> Way:
        """Fill the levels; the way that was used."""
        for level in reversed(self.levels):
            self._open(level)
        ready = [level.programme for level in self.levels if level.programme is not None]
        self.size = binaries(ready)
        weighted = not self.opened.case.settings.objective.levels
        together, count = way == "joint" or (way == "auto" and weighted and self.size <= most), len(self.levels)
        self.tell(announced(2 * count - (not together), (3 * count - 1 if together else 2 * count - 1) * self.stopping.time_limit))
        if together:
            return self._jointly()
        if way == "up":
            return self._up()
        self._down()
        if self.interrupted or all(level.missing != "none_nested" for level in self.levels):
            return "down"
        if weighted:
            self._again(ROOTED)
            self._rooted()
        elif way == "auto":
            self._again(TURNED)
            return self._up()
        return "down"

    def _again(self, notice: Words) -> None:
        """Begin anew; what is known of plans that need no order stays."""
        self.notices.append(notice)
        for level in self.levels:
            level.nested, level.nested_bound, level.nested_proved = None, None, False
            level.missing = None if level.missing == "none_nested" else level.missing

    def _open(self, level: Level) -> None:
        """The plan file under the tables of a share; locks that its limits contradict are why there is no plan."""
        try:
            opened = (
                self.opened.changed(changes) if (changes := scaled(self.opened.case, self.limits, level.share)) else self.opened
            )
        except InputError as error:
            told = clash(error)
            level.missing, level.error = "infeasible", error
            level.why = Words("；".join(one.say("zh") for one in told), "; ".join(one.say("en") for one in told))
            return
        check_scaled(self.opened.case, opened.case, self.limits, level.share)
        level.opened, level.programme = opened, build(opened.case, opened.eligible)

    def _down(self) -> None:
        above: Level | None = None
        for level in reversed(self.levels):
            if self._skipped(level):
                continue
            if above is not None and above.nested is not None:
                self._nest(level, above.nested, inside=True)
            elif above is not None:
                level.missing = above.missing
            self._separately(level, level.nested or (None if above is None else above.separate))
            if above is None and level.separate is not None:
                self._as_separate(level)
            above = level if level.separate is not None else above

    def _up(self) -> Way:
        below: Plan | None = None
        for level in self.levels:
            if self._skipped(level):
                continue
            if below is not None:
                self._nest(level, below, inside=False)
            if level.separate is None:
                self._separately(level, level.nested or below)
            if below is None and level.separate is not None:
                self._as_separate(level)
            below = level.nested or below
        return "up"

    def _rooted(self) -> None:
        """Downwards, each the best within the one above of those that contain some plan at the smallest share: there is always one."""
        ready = [level for level in self.levels if level.separate is not None]
        lowest, above = ready[0], None
        assert lowest.programme is not None
        assert lowest.separate is not None
        root = choice_in(self.opened.case, lowest.separate)
        for level in reversed(ready[1:]):
            if self.interrupted:
                level.missing = "not_found"
                continue
            assert level.programme is not None
            self.tell(
                Words("份额 {share}：连同最小份额一起求 …", "share {share}: with room for the smallest …").fill(
                    share=f"{level.share:g}"
                )
            )
            programme = (
                level.programme if above is None else extended(level.programme, Within([_kept(level.programme, above, True)]))
            )
            pair = [lowest.programme, programme]
            known = _points(pair, [root, root])
            if known is None:
                level.missing = "not_found"
                continue
            solution, points = self._solved(pair, (0.0, 1.0), self.stopping, known)
            root, level.nested = (
                choice_of(lowest.programme.layout, points[0]),
                self._plan(level, choice_of(programme.layout, points[1])),
            )
            level.nested_bound, level.nested_proved = solution.termination.bound, solution.termination.reason == "optimal"
            level.missing, above = None, level.nested
        if above is not None and not self.interrupted:
            self._nest(lowest, above, inside=True)

    def _jointly(self) -> Way:
        above: Plan | None = None
        for level in reversed(self.levels):
            if not self._skipped(level):
                self._separately(level, above)
                above = level.separate or above
        self._up()
        ready = [(level, weight) for level, weight in zip(self.levels, self.weights, strict=True) if level.separate is not None]
        if not ready or self.interrupted:
            return "up"
        self.tell(Words("各级一起求 …", "all plans together …"))
        programmes = [level.programme for level, _ in ready if level.programme is not None]
        stopping = replace(self.stopping, time_limit=len(ready) * self.stopping.time_limit)
        nested = [level.nested for level, _ in ready if level.nested is not None]
        known = _points(programmes, [choice_in(self.opened.case, plan) for plan in nested])
        if known is None:
            return "up"
        solution, points = self._solved(programmes, [weight for _, weight in ready], stopping, known)
        ended = solution.termination
        for (level, _), values in zip(ready, points, strict=True):
            assert level.programme is not None
            level.nested, level.nested_bound = self._plan(level, choice_of(level.programme.layout, values)), None
            level.missing, level.nested_proved = None, ended.reason == "optimal"
        total = sum(weight * levels(level.nested)[0].value for level, weight in ready if level.nested is not None)
        bound = None if ended.bound is None else max(ended.bound, total)
        self.joint = Joint(value=total, bound=bound, proved=ended.reason == "optimal")
        return "joint"

    def _solved(
        self, programmes: Sequence[Programme], weights: Sequence[float], stopping: Stopping, known: Sequence[Floats]
    ) -> tuple[Solution, tuple[Floats, ...]]:
        """A joint model solved; its points are worth no less than those ``known``."""
        pool = [plan for level in self.levels for plan in (level.separate, level.nested) if plan is not None]
        solver = self.opened.loaded.settings.solve.solver
        solution, points = solve_joint(programmes, weights, solver, stopping, self.listen, known, pool)
        self.interrupted |= solution.termination.reason == "interrupted"
        return solution, points

    def _skipped(self, level: Level) -> bool:
        """Nothing is solved after Ctrl-C, nor where it is known that there is no plan: no share below has one then."""
        if not self.interrupted and level.missing != "infeasible":
            larger = [other for other in self.levels if other.share > level.share and other.missing == "infeasible"]
            if not larger:
                return False
            level.missing = "infeasible"
            level.why = Words(
                f"份额 {larger[0].share:g} 就没有可行计划，更小的也没有",
                f"there is no plan at {larger[0].share:g}, so none at less",
            )
        level.missing = level.missing or "not_found"
        return True

    def _nest(self, level: Level, other: Plan, inside: bool) -> None:
        """The best plan at a share within another plan, or around it."""
        assert level.opened is not None
        assert level.programme is not None
        words = Words("份额 {share}：在相邻一级之{zh}求 …", "share {share}: the best plan {en} its neighbour …")
        self.tell(words.fill(share=f"{level.share:g}", zh="内" if inside else "外", en="within" if inside else "around"))
        programme = extended(level.programme, Within([_kept(level.programme, other, inside)]))
        try:
            plan = solve_plan(level.opened, programme, other, self.listen, stopping=self.stopping, near=ALONE)
        except NoPlan as none:
            level.missing = "none_nested" if none.solution.termination.reason == "infeasible" else "not_found"
            self.interrupted |= none.solution.termination.reason == "interrupted"
            return
        self.interrupted |= plan.status.reason == "interrupted"
        check_nested(*((plan, other) if inside else (other, plan)))
        level.nested, level.missing = plan, None
        level.nested_bound, level.nested_proved = plan.objective.bound, plan.status.proved

    def _separately(self, level: Level, start: Plan | None) -> None:
        """The best plan at a share, begun from ``start``; the nested one where nothing better is found."""
        if self.interrupted:
            level.separate = level.nested
            level.missing = level.missing or (None if level.nested else "not_found")
            return
        assert level.opened is not None
        assert level.programme is not None
        self.tell(Words("份额 {share}：单独求 …", "share {share}: the best plan by itself …").fill(share=f"{level.share:g}"))
        try:
            plan = solve_plan(level.opened, level.programme, start, self.listen, stopping=self.stopping, near=ALONE)
        except NoPlan as none:
            level.error, reason = none, none.solution.termination.reason
            self.interrupted |= reason == "interrupted"
            level.missing = "not_found"
            if reason == "infeasible":
                level.missing, level.error = "infeasible", infeasible(explain(level.opened, programme=level.programme, known=True))
                level.why = level.error.words
            return
        self.interrupted |= plan.status.reason == "interrupted"
        level.separate = level.nested if level.nested is not None and better(level.nested, plan) else plan

    def _as_separate(self, level: Level) -> None:
        """The plan at the first share that is solved is the best one, whatever the order."""
        assert level.separate is not None
        level.nested, level.missing = level.separate, None
        level.nested_bound, level.nested_proved = level.separate.objective.bound, level.separate.status.proved

    def _plan(self, level: Level, choice: Choice) -> Plan:
        assert level.opened is not None
        assert level.programme is not None
        plan = plan_at(level.opened, level.programme, choice)
        if plan is None:
            raise VerificationError(f"the plan at {level.share} breaks a limit")
        return plan


def _points(programmes: Sequence[Programme], choices: Sequence[Choice]) -> list[Floats] | None:
    """A choice as a point of each programme; None where there is not one for each."""
    points = [point_at(*both) for both in zip(programmes, choices, strict=False)]
    known = [point for point in points if point is not None]
    return known if len(known) == len(programmes) else None


def _kept(programme: Programme, plan: Plan, inside: bool) -> Kept:
    """That a plan has no column beside those of ``plan``; or that it has all of them."""
    mapped = columns_of(programme.layout, wanted_places(programme.case, plan))
    own = np.zeros(programme.layout.columns)
    own[mapped.loc[mapped["same"], "column"].to_numpy(np.int64)] = 1.0
    if not inside:
        return Kept(Distance(own, 0.0), float(own.sum()), inf)
    other = np.zeros_like(own)
    other[: programme.layout.choices] = 1.0 - own[: programme.layout.choices]
    return Kept(Distance(other, 0.0), -inf, 0.0)


def check_nested(inner: Plan, outer: Plan) -> None:
    """That whoever is in one plan is in the other, in the same park and quarter. Raises VerificationError: a bug."""
    if came(outer, inner) or moved(inner, outer):
        names = ", ".join(firm.candidate_id for firm in (*came(outer, inner), *(both[0] for both in moved(inner, outer))))
        raise VerificationError(f"plans of a ladder do not contain each other: {names}")


def bounded(level: Level, choice: Plan, bound: float | None) -> Plan:
    """A plan of the ladder with what is known of plans at its share: no claim rests on the order."""
    assert level.opened is not None
    assert level.programme is not None
    count = max(len(level.programme.case.settings.objective.levels), 1)
    ends = [Termination("time_limit", None, bound if n == 0 else None, 0.0, "ladder") for n in range(count)]
    plan = plan_at(level.opened, level.programme, choice_in(level.opened.case, choice), ends)
    if plan is None:
        raise VerificationError(f"the plan at {level.share} breaks a limit")
    return plan
