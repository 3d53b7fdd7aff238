"""The default: a plan at once, then everything that may make it better or prove how good it is, together.

First a plan is built (:mod:`planner.solvers.search.begin`). Models with few whole columns, or with periods that matter
so much that the linear relaxation with them is a tighter bound than the one without them by far, are given to HiGHS alone for a
moment: most are solved before anything else has started. From then on all searches share the threads
(:mod:`planner.solvers.search.together`); from a plan of an earlier solve HiGHS leads on models that are not large. Models whose
relaxation is too large to be solved as it is have a way of their own (:mod:`planner.solvers.search.province`); so have solves whose
work is limited (:mod:`planner.solvers.search.by_work`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.linear import periods_matter
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.explicit import ByChoice
from planner.solvers.lp import relaxation_bound
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Periods, Progress, Runner, Solution, Stopping, StopSign, never
from planner.solvers.search.begin import from_built, or_built
from planner.solvers.search.by_work import Counted
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.province import Large
from planner.solvers.search.together import Together
from planner.solvers.tighten import tightened


@dataclass(frozen=True)
class AutoParameters:
    """Which models begin how."""

    small: int = 600
    """Whole columns up to which HiGHS begins alone."""
    middle: int = 4
    """Multiples of ``small`` up to which it leads from a plan of an earlier solve, and begins alone where work is limited, nobody can take
    turns with it, and the periods matter."""
    look: float = 30.0
    """Seconds for each of two linear relaxations, which say whether they do; no clock may have a say there."""
    alone: float = 1.0
    """Seconds that HiGHS has then for itself: what is solved in that needs no second process."""
    again: float = 0.6
    """Share of the time for which it leads from a plan of an earlier solve: near the best one, so that one tree is soon
    searched to its end (docs/trials.md)."""
    large: int = 150_000
    """Columns above which the relaxation itself is too slow to be solved as it is."""
    shortest: float = 3.0
    """Seconds below which nothing is worth dividing."""


@dataclass(frozen=True)
class Auto:
    """See the module's words. ``run`` solves the models that are searched side by side."""

    run: Runner
    parameters: AutoParameters = AutoParameters()
    name: str = "auto"
    tells: bool = True
    """Every plan as soon as there is one: it may be ended at any time."""

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise within the limits, from a plan that is built before anything is searched."""
        search = partial(self._search, stop=stop)
        if start is None and int(matrix.integer.sum()) > self.parameters.small:
            return from_built(search, matrix, stopping, listen, self.name)
        return or_built(search(matrix, stopping, listen, start), matrix, stopping)

    def _search(
        self,
        matrix: Matrix,
        stopping: Stopping,
        listen: Listener,
        start: Floats | None,
        built: bool = False,
        stop: StopSign = never,
    ) -> Solution:
        """From ``start`` on; ``built``: nobody has searched for it."""
        periods, work = matrix.periods or plain(matrix), stopping.work is not None
        brief = stopping.time_limit < self.parameters.shortest or not matrix.integer.any()
        best = Incumbent(replace(matrix, periods=periods), stopping, Reporter(listen), stop, self.name)
        if not brief:
            best.tight = tightened(best.matrix)
        whole = brief or self._whole_first(best.tightest, periods, stopping)
        if brief or (work and (whole or matrix.periods is None)):
            return ByChoice(Highs()).solve(best.tightest, stopping, listen, start, stop)
        best.adopt(start, built)
        if work:
            return Counted(best, periods).run()
        if matrix.rows.shape[1] > self.parameters.large:
            found = Large(best, periods, self.run).run()
            left = replace(stopping, time_limit=max(best.left(), 1.0))
            return found or ByChoice(Highs()).solve(best.tightest, left, listen, best.values, stop)
        given = start is not None and not built
        few = int(matrix.integer.sum()) <= self.parameters.middle * self.parameters.small
        settled = self._begun(best) if whole else None
        lead = self.parameters.again * stopping.time_limit if given and few else 0.0
        return settled or Together(best, periods, self.run, whole, lead).run()

    def _whole_first(self, matrix: Matrix, periods: Periods, stopping: Stopping) -> bool:
        """Whether solvers of the whole model are likely to be the best: few whole columns, or periods that the relaxation misses where
        it is searched in steps."""
        count, small = int(matrix.integer.sum()), self.parameters.small
        if count <= small or count > self.parameters.middle * small or stopping.work is None:
            return count <= small
        models = (matrix, aggregate(matrix, periods).matrix)
        tight, loose = (relaxation_bound(model, self.parameters.look) for model in models)
        return periods_matter(tight, loose)

    def _begun(self, best: Incumbent) -> Solution | None:
        """What HiGHS comes to by itself, if that settles the model; otherwise its plan and bound are kept."""
        began = best.report.seconds
        limits = replace(best.stopping, time_limit=min(self.parameters.alone, max(best.left(), 0.1)))

        def hear(progress: Progress) -> None:
            best.adopt(progress.values, by="highs")
            best.lower(progress.bound, "highs")

        found = ByChoice(Highs()).solve(best.tightest, limits, hear, best.values, best.over)
        ended = found.termination
        if best.stop() or ended.reason not in ("time_limit", "failed", "interrupted"):
            return replace(found, termination=replace(ended, seconds=began + ended.seconds))
        best.adopt(found.values, by="highs")
        best.lower(ended.bound, "highs")
        return best.conclude(best.reason(), "highs") if best.over() else None


def plain(matrix: Matrix) -> Periods:
    """What is known of a model that says nothing of its structure: each whole column is a choice of its own."""
    count = len(matrix.objective)
    block = np.where(matrix.integer, np.cumsum(matrix.integer) - 1, -1)
    none, alone = np.full(count, -1), np.arange(count)
    return Periods(
        column=alone,
        row=np.full(matrix.rows.shape[0], -1),
        block=block,
        relaxed=np.zeros(count, dtype=bool),
        cluster=none,
        period=none,
    )
