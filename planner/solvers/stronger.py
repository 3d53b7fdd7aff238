"""The same model said more strongly, for small models that HiGHS solves as a whole.

Two things are added, each of which leaves the solutions as they are and makes the linear relaxation tighter:
combinations of few choices (:mod:`planner.solvers.combinations`) and whole sums (:mod:`planner.solvers.whole_sums`).
The model's own columns come first, so a solution of the stronger model begins with one of the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from planner.programme.matrix import Floats, Matrix, Periods
from planner.solvers.check import Claim, conclude, sound
from planner.solvers.combinations import Group, combinations, written
from planner.solvers.highs import Highs
from planner.solvers.protocol import Limits, Listener, Progress, Solution, StopSign, never
from planner.solvers.whole_sums import whole_sums


@dataclass(frozen=True, eq=False)
class Stronger:
    """A model with more columns and rows, and the same solutions."""

    matrix: Matrix
    groups: list[Group]
    sums: csr_array

    def extended(self, plan: Floats | None) -> Floats | None:
        """A solution of the model with the new columns' values; None for none, or for what is not a solution."""
        if plan is None:
            return None
        weights = []
        for group in self.groups:
            found = group.found(plan)
            if found is None:
                return None
            weights.append(np.eye(1, len(group.held), found).ravel())
        return np.concatenate([plan, *weights, self.sums @ plan])


def stronger(matrix: Matrix, periods: Periods) -> Stronger:
    """``matrix`` with what its combinations and whole sums say."""
    n = matrix.rows.shape[1]
    groups = combinations(matrix, periods.block)
    rows, lower, upper = written(groups, n)
    sums, largest, replaced, instead = whole_sums(matrix, periods.row)
    kept = np.setdiff1d(np.arange(matrix.rows.shape[0]), replaced)
    weights, count = rows.shape[1] - n, len(largest)
    parts = [
        hstack([matrix.rows[kept], csr_array((len(kept), weights + count))]),
        hstack([rows, csr_array((rows.shape[0], count))]),
        hstack([sums, csr_array((count, weights)), -csr_array(np.eye(count))]),
        hstack([csr_array((len(replaced), n + weights)), instead]),
    ]
    return Stronger(
        replace(
            matrix,
            objective=np.concatenate([matrix.objective, np.zeros(weights + count)]),
            rows=csr_array(vstack(parts, format="csr")),
            row_lower=np.concatenate([matrix.row_lower[kept], lower, np.zeros(count), np.full(len(replaced), -np.inf)]),
            row_upper=np.concatenate([matrix.row_upper[kept], upper, np.zeros(count), matrix.row_upper[replaced]]),
            lower=np.concatenate([matrix.lower, np.zeros(weights + count)]),
            upper=np.concatenate([matrix.upper, np.ones(weights), largest]),
            integer=np.concatenate([matrix.integer, np.zeros(weights, dtype=bool), np.ones(count, dtype=bool)]),
            periods=None,
            row_names=(),
            column_names=(),
        ),
        groups,
        sums,
    )


def solve_stronger(
    matrix: Matrix, periods: Periods, limits: Limits, listen: Listener, start: Floats | None = None,
    stop: StopSign = never, name: str = Highs.name,
) -> Solution:  # fmt: skip
    """Maximise with HiGHS on the stronger model; what it returns and tells is of ``matrix``, checked against it."""
    n = matrix.rows.shape[1]
    model = stronger(matrix, periods)

    def hear(progress: Progress) -> None:
        listen(progress if progress.values is None else replace(progress, values=progress.values[:n]))

    begin = sound(matrix, start)
    found = Highs().solve(model.matrix, limits, hear, model.extended(begin), stop)
    ended = found.termination
    claim = Claim(ended.reason, None if found.values is None else found.values[:n], ended.bound, ended.detail, ended.work)
    return conclude(matrix, limits, name, claim, ended.seconds, begin)
