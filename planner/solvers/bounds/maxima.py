r"""The most that sums of columns come to in the linear relaxation of one model, each proved, within counted work.

The model is loaded once; for every sum its objective alone changes. What is told is never the library's value but what its row duals prove by weak duality (:mod:`planner.solvers.bounds.duals`), in rows that are
wider by what a verified plan may miss them by; so it holds wherever the run was cut short. That no point meets all rows is told only with
duals that prove the most of 0·x to be below 0 (Farkas).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from planner.solvers.bounds.duals import Priced
from planner.solvers.lp import Loaded, Run
from planner.solvers.protocol import Floats, Ints, Matrix
from planner.tolerances import FITS, rounding

PART = 0.25
"""Share of the work left that one sum may take."""
STARTING = 200
"""Iterations that beginning a run counts for."""
SMALL = 1_000
"""Nonzeros that every model counts for beside its own: a run takes time however small it is."""
FAINT = 1e-9
"""Duals below this share of the largest are left out of a proof where it holds without them."""


class Maxima:
    """Maxima over the relaxation of ``matrix``, whose columns all have ends; its objective does not matter. ``work``: iterations ×
    nonzeros, until which they are looked for."""

    def __init__(self, matrix: Matrix, work: float) -> None:
        nothing = np.zeros(len(matrix.objective))
        sums = abs(matrix.rows) @ np.maximum(np.abs(matrix.lower), np.abs(matrix.upper))
        lower, upper = matrix.row_lower - _miss(matrix.row_lower, sums), matrix.row_upper + _miss(matrix.row_upper, sums)
        self.matrix = replace(matrix, objective=nothing, offset=0.0, row_lower=lower, row_upper=upper)
        self._priced = Priced.of(self.matrix)
        self._loaded = Loaded(self.matrix)
        self._left, self._cost = work, matrix.rows.nnz + SMALL
        self._freed = np.zeros(0, dtype=np.int64)
        self._points: list[Floats] = []
        self.contradiction: Floats | None = None
        """Row duals that prove that no point meets all rows; None: none are known."""
        # As little as there can be of everything: where most sums are least.
        run = None if self._begin() else self._run(-np.ones(len(nothing)))
        self._empty = run is not None and run.status == "kInfeasible"
        if self._empty and run is not None and run.duals is not None:
            self.contradiction = self._proof(run.duals)

    def _begin(self) -> bool:
        """Whether the lower bounds meet all rows; then they are a point."""
        least, lower, upper = self.matrix.lower, *self._sides()
        activity = self.matrix.rows @ least
        fits = bool(((lower <= activity) & (activity <= upper)).all())
        if fits:
            self._points.append(least)
        return fits

    @contextmanager
    def without(self, rows: Ints) -> Iterator[None]:
        """Some rows are no limits for a while."""
        known = list(self._points)
        self._freed = rows
        self._begin()
        with self._loaded.without(rows):
            yield
        self._freed, self._points = rows[:0], known

    def most(self, objective: Floats, known: float) -> float:
        """An upper bound of c·x, not above ``known``; that itself where no better is proved, or the work is used up."""
        enough = known - FITS * max(1.0, abs(known))
        if (
            not np.isfinite(known)
            or (self._empty and not len(self._freed))
            or any(float(objective @ point) >= enough for point in self._points)
        ):
            return known
        run = self._run(objective)
        if run is None or run.duals is None or run.status == "kInfeasible":
            return known
        return min(known, self._aimed(objective).bound(run.duals))

    def _sides(self) -> tuple[Floats, Floats]:
        """Lower and upper sides of the rows in force."""
        lower, upper = self.matrix.row_lower.copy(), self.matrix.row_upper.copy()
        lower[self._freed], upper[self._freed] = -np.inf, np.inf
        return lower, upper

    def _aimed(self, objective: Floats) -> Priced:
        return self._priced.aimed(objective, *self._sides())

    def _run(self, objective: Floats) -> Run | None:
        limit = int(PART * self._left / self._cost) - STARTING
        if limit <= 0:
            return None
        run = self._loaded.maximise(objective, limit)
        self._left -= (run.iterations + STARTING) * self._cost
        if run.values is not None:
            self._points.append(run.values)
        return run

    def _proof(self, ray: Floats) -> Floats | None:
        """The ray, in the sign and with the duals that the proof needs; None where it proves nothing."""
        nothing = self._aimed(self.matrix.objective)
        strong = np.where(np.abs(ray) > FAINT * np.abs(ray).max(initial=0.0), ray, 0.0)
        return next((duals for duals in (strong, -strong, ray, -ray) if nothing.bound(duals) < 0.0), None)


def _miss(side: Floats, sums: Floats) -> Floats:
    """By how much a verified plan may go beyond the sides of rows whose terms come to ``sums`` in size; 0 where there is no side."""
    there = np.isfinite(side)
    return np.where(there, rounding(np.maximum(sums, np.abs(np.where(there, side, 0.0)))), 0.0)
