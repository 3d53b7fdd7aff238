"""A model that is too large to be searched whole: a plan is built, and the search goes on among the columns that look best.

Making such a model ready, handing it to another process and sifting it take longer than any time limit, and several times its memory.
So it stays where it is; the part that is searched has the columns of :func:`planner.solvers.search.promising.promising` and those of
the best plan. What the part proves is nothing about the whole: there is no bound.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.solvers.check import Claim, conclude, sound
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Reason, Runner, Solution, Solver, Stopping, StopSign
from planner.solvers.search.begin import build
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
    best = build(matrix, stopping.seed, listen, report.began) if start is None else start
    columns = promising(matrix, stopping.seed, COLUMNS)
    columns = np.arange(len(matrix.lower)) if columns is None else columns
    if best is not None:
        columns = np.union1d(columns, np.flatnonzero(best != np.clip(0.0, matrix.lower, matrix.upper)))
    part, spent = narrow(matrix, columns), report.seconds
    left = replace(stopping, time_limit=max((1.0 - AFTER) * stopping.time_limit - spent, 0.1))

    def hear(progress: Progress) -> None:
        listen(replace(progress, seconds=progress.seconds + spent, bound=None, values=None))

    found = run(part, solver, left, hear, None if best is None else best[columns], stop)
    values, ended = best, found.termination
    if found.values is not None:
        point = np.clip(np.zeros(len(matrix.lower)), matrix.lower, matrix.upper)
        point[columns] = found.values
        values = sound(matrix, point)
    otherwise: Reason = "time_limit" if stopping.work is None else "work_limit"
    reason: Reason = ended.reason if ended.reason in ("interrupted", "failed") else otherwise
    claim = Claim(reason, values, None, f"among {len(columns)} of {len(matrix.lower)} columns; {ended.detail}", ended.work)
    whole = conclude(matrix, stopping, solver.name, claim, report.finish(), best, mend="never")
    return replace(whole, termination=replace(whole.termination, reference=matrix.reference))
