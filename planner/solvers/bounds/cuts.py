"""Rows that cut points of the linear relaxation off and no plan: looked for at its optimum, again and again, until little comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.lp import new_highs, objective_unit, well_scaled
from planner.solvers.protocol import Floats, Ints, Matrix, StopSign, never

TIGHT = 1e-6
"""What of a row's largest coefficient a point may leave of a row that it fills."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Σ coefficient · x ≤ side."""

    columns: Ints
    coefficients: Floats
    side: float

    def filled(self, point: Floats) -> bool:
        """Whether the point leaves nothing of it."""
        return bool(self.side - self.coefficients @ point[self.columns] <= TIGHT * np.abs(self.coefficients).max())


Separator = Callable[[Floats], Iterable[Cut]]
"""Cuts that a point of the relaxation, shape (n,), does not meet, one after the other."""


@dataclass(frozen=True)
class CutParameters:
    """When enough was looked for."""

    rounds: int = 200
    """Of looking and solving the relaxation again."""
    last: int = 5
    """So many rounds at the end have to have given"""
    share: float = 0.03
    """this share of what all have given."""


@dataclass(frozen=True, eq=False)
class Closed:
    """What came of it."""

    matrix: Matrix
    """The model with the cuts that its relaxation fills; the same object where there are none."""
    course: tuple[float, ...]
    """What the relaxation is worth after each round; empty: it was not solved once."""


def _with_cuts(matrix: Matrix, cuts: Sequence[Cut]) -> Matrix:
    """The model with these rows below its own; itself where there are none."""
    if not cuts:
        return matrix
    ends = np.cumsum([0, *(len(cut.columns) for cut in cuts)])
    columns, values = (np.concatenate(each) for each in zip(*((cut.columns, cut.coefficients) for cut in cuts), strict=True))
    table = csr_array((values, columns, ends), shape=(len(cuts), matrix.rows.shape[1]))
    return matrix.with_rows(table, np.full(len(cuts), -np.inf), np.array([cut.side for cut in cuts]))


def closed(
    matrix: Matrix, separate: Separator, seconds: float, stop: StopSign = never, parameters: CutParameters = CutParameters()
) -> Closed:
    """The model with rows that ``separate`` finds at the optima of its relaxation. At most so many ``seconds`` of the processor in this
    thread: while it stands still, nothing is used up."""
    until = time.thread_time() + seconds
    unit = objective_unit(matrix.objective)
    highs = new_highs(well_scaled(matrix, unit), integers=False, threads=1)
    cuts: list[Cut] = []
    course: list[float] = []
    point, solved = np.zeros(0), 0

    def over() -> bool:
        return stop() or time.thread_time() > until

    for _ in range(parameters.rounds):
        highs.setOptionValue("time_limit", highs.getRunTime() + max(until - time.thread_time(), 0.0))
        highs.run()
        if highs.getModelStatus().name != "kOptimal":
            break
        course.append(-float(highs.getInfo().objective_function_value) * unit)
        point, solved = np.asarray(highs.getSolution().col_value), len(cuts)
        given = course[0] - course[-1]
        if over() or (len(course) > parameters.last and course[-parameters.last - 1] - course[-1] <= parameters.share * given):
            break
        new: list[Cut] = []
        for cut in separate(point):
            new.append(cut)
            if over():
                break
        if not new:
            break
        for cut in new:
            highs.addRow(-np.inf, cut.side, len(cut.columns), cut.columns.astype(np.int32), cut.coefficients)
        cuts += new
    return Closed(_with_cuts(matrix, [cut for cut in cuts[:solved] if cut.filled(point)]), tuple(course))
