"""Objectives in order of priority: each is optimised while those before it are kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.check import sound, value_of
from planner.solvers.lp import complete
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Search, Solution, Stopping, Termination

Level = tuple[Floats, float, float]
"""Objective c, its offset, and the relative tolerance within which its value is kept later."""

WORSE = ["optimal", "gap_reached", "work_limit", "time_limit", "interrupted", "failed", "unbounded", "infeasible"]
"""Reasons from the best to the worst."""
SLACK = 1e-9
"""Relative room, besides the tolerance, that a kept value has against rounding."""
LEAST_TIME = 1.0
OWN_SHARE = 0.8
"""What a level may take of the time, or work, that is left, when others follow."""


def solve_levels(
    matrix: Matrix, levels: Sequence[Level], search: Search, stopping: Stopping, listen: Listener, start: Floats | None = None
) -> tuple[Solution, tuple[Termination, ...]]:
    """Lexicographic optimum: level k is maximised over the plans with

        c_i·x + offset_i ≥ v_i − tolerance_i · |v_i|    for every level i < k,

    v_i being the value found for level i. The objective of ``matrix`` itself is not used; its ``reference`` is the first level's.
    Each level begins with the plan of the one before, or with ``start`` where that is better.

    A level may take :data:`OWN_SHARE` of the time that is left, or of the work where that is limited (the clock is then for all of
    them), and at least one unit; the last may take all. What a level does not need goes to those after it: they never take more
    than a fifth from one that is still open. They are solved even then, since a plan that is good by the first level and
    thoughtless by the second serves nobody; but what they prove holds only beside the value that was found for the open level.

    Returns the last plan with the termination of the level that is proved worst, and the terminations of all levels that were
    begun: it is ``optimal`` only if every level is, each among the plans that the earlier ones leave. After an interruption, or
    without a plan, later levels are not begun. Raises ValueError without levels.
    """
    if not levels:
        raise ValueError("there is no level to optimise")
    began = time.monotonic()
    ends: list[Termination] = []
    values: Floats | None = None
    for number, (objective, offset, tolerance) in enumerate(levels):
        share = _share(stopping, len(levels) - number, time.monotonic() - began, ends)
        vector, reference = np.asarray(objective, dtype=np.float64), matrix.reference if number == 0 else 0.0
        current = replace(matrix, objective=vector, offset=offset, reference=reference)
        heard = _numbered(listen, number, len(levels), began)
        done = search(current, share, heard, _better(current, values, start))
        ends.append(done.termination)
        if done.values is None:
            break
        values = done.values
        if done.termination.reason in ("interrupted", "failed"):
            break
        matrix = _kept(matrix, current, values, tolerance, number)
    worst = max(ends, key=lambda end: WORSE.index(end.reason))
    known = all(end.work is not None for end in ends)
    worst = replace(worst, seconds=time.monotonic() - began, work=_work(ends) if known else None)
    return Solution(values, worst), tuple(ends)


def _share(stopping: Stopping, levels: int, seconds: float, ends: Sequence[Termination]) -> Stopping:
    """The limits of the next level, with as many left as ``levels``, after those that have ended."""
    left, least = stopping.time_limit - seconds, min(LEAST_TIME, stopping.time_limit)
    share = OWN_SHARE if levels > 1 else 1.0
    if stopping.work is None:
        return replace(stopping, time_limit=max(share * left, least))
    return replace(stopping, time_limit=max(left, least), work=max(int(share * (stopping.work - _work(ends))), 1))


def _work(ends: Sequence[Termination]) -> int:
    """Units done in all levels that have ended, as far as they were counted."""
    return sum(end.work or 0 for end in ends)


def _better(matrix: Matrix, values: Floats | None, start: Floats | None) -> Floats | None:
    """The one of the higher value, where it is a solution of this level. The level before was indifferent to some continuous
    columns, such as shortages: they are set to what is best now."""
    known = [plan for plan in (values, start) if plan is not None]
    completed = [complete(matrix, plan, LEAST_TIME) for plan in known if matrix.integer.any()]
    checked = [point for plan in (*known, *completed) if (point := sound(matrix, plan)) is not None]
    return max(checked, key=lambda point: value_of(matrix, point), default=None)


def _kept(matrix: Matrix, current: Matrix, values: Floats, tolerance: float, number: int) -> Matrix:
    """The programme with a row that keeps the value of the level just solved."""
    value = value_of(current, values)
    floor = value - (tolerance + SLACK) * abs(value) - current.offset
    names = (*matrix.row_names, f"level_{number + 1}_kept") if matrix.row_names else ()
    row = csr_array(current.objective[np.newaxis, :])
    return replace(matrix.with_rows(row, np.array([floor]), np.array([np.inf])), row_names=names)


def _numbered(listen: Listener, number: int, count: int, began: float) -> Listener:
    """The listener of one level: its phase says which, its clock is that of all levels."""

    def hear(progress: Progress) -> None:
        phase = f"{progress.phase} {number + 1}/{count}"
        listen(replace(progress, phase=phase, seconds=time.monotonic() - began))

    return hear
