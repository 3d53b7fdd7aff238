"""A model that is too large to be searched whole: a plan is built, and the search goes on among the columns that look best.

Making such a model ready, handing it to another process and sifting it take longer than any time limit, and several times its memory.
So it stays where it is; the part that is searched has the columns of :func:`planner.solvers.search.promising.promising` and those of
the best plan. What the part proves is nothing about the whole: bounds come from prices of the whole
(:mod:`planner.solvers.bounds.pooled`), which are looked for meanwhile.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from threading import Thread

import numpy as np

from planner.solvers.bounds.pooled import Weak
from planner.solvers.check import Claim, conclude
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Reason, Runner, Solution, Solver, Stopping, StopSign
from planner.solvers.search.begin import build, least_of
from planner.solvers.search.promising import narrow, promising

ENTRIES = 10_000_000
"""Entries of the matrix up to which a model is searched whole: four times a province of 20,000 candidates and 100 parks."""
COLUMNS = 300_000
"""Columns of the part: those of such a province."""
AFTER = 0.05
"""Share of the time that is kept for what the part's plan has to pass in the whole model."""


def solve_narrowed(
    matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, start: Floats | None, stop: StopSign, run: Runner
) -> Solution:
    """Maximise over the part, from ``start`` or a plan that is built."""
    report = Reporter(listen)
    bounds = _Bounds(matrix, stopping, report, stop)
    bounds.start()
    best = build(matrix, stopping.seed, listen, report.began) if start is None else start
    columns = promising(matrix, stopping.seed, COLUMNS)
    columns = np.arange(len(matrix.lower)) if columns is None else columns
    if best is not None:
        columns = np.union1d(columns, np.flatnonzero(best != np.clip(0.0, matrix.lower, matrix.upper)))
    part, spent = narrow(matrix, columns), report.seconds
    left = replace(stopping, time_limit=max((1.0 - AFTER) * stopping.time_limit - spent, 0.1))

    def hear(progress: Progress) -> None:
        listen(replace(progress, seconds=progress.seconds + spent, bound=bounds.least, values=None))

    found = run(part, solver, left, hear, None if best is None else best[columns], stop)
    point = None if found.values is None else np.clip(np.zeros(len(matrix.lower)), matrix.lower, matrix.upper)
    if point is not None and found.values is not None:
        point[columns] = found.values
    ended, bound = found.termination, bounds.end(found.termination.reason != "interrupted")
    otherwise: Reason = "time_limit" if stopping.work is None else "work_limit"
    reason: Reason = ended.reason if ended.reason in ("interrupted", "failed") else otherwise
    told, seconds = f"among {len(columns)} of {len(matrix.lower)} columns; {ended.detail}", report.finish()
    for plan in (point, best):  # what the part has come to began from the best one: that is looked at only where it does not hold
        claim = Claim(reason, plan, bound, told, ended.work)
        whole = conclude(matrix, stopping, solver.name, claim, seconds, mend="never")
        if whole.values is not None:
            break
    return replace(whole, termination=replace(whole.termination, reference=matrix.reference))


class _Bounds(Thread):
    """Looks for bounds of the whole beside the search; ended by :meth:`end`, or as the process is."""

    def __init__(self, matrix: Matrix, stopping: Stopping, report: Reporter, stop: StopSign) -> None:
        super().__init__(name="bounds", daemon=True)
        self.least: float | None = None
        """What is proved by now."""
        self._matrix, self._stopping, self._report, self._stop = matrix, stopping, report, stop
        self._done = False

    def run(self) -> None:
        """Without prices first, then with better and better ones. Where memory does not suffice there are none."""
        with suppress(MemoryError):
            weak = Weak.of(self._matrix)
            self._hear(weak.bound())
            if not self._over():
                # Where work is limited no clock may have a say.
                seconds = math.inf if self._stopping.work is not None else max(self._left(), 0.0)
                weak.sift(seconds, self._stopping.seed, self._hear, self._over)

    def end(self, wait: bool) -> float | None:
        """The least bound, by the end of the time where there is some left and it may ``wait``."""
        if wait:
            self.join(timeout=None if self._stopping.work is not None else max(self._left(), 0.0))
        self._done = True
        return self.least

    def _hear(self, bound: float) -> None:
        self.least = least_of(self.least, bound)

    def _left(self) -> float:
        return (1.0 - AFTER) * self._stopping.time_limit - self._report.seconds

    def _over(self) -> bool:
        return self._done or self._stop() or (self._stopping.work is None and self._left() <= 0.0)
