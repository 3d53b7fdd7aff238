"""A linear programme over some of the columns of a matrix; it always has a solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from planner.programme.matrix import Floats, Ints, Matrix
from planner.solvers.duals import Priced
from planner.solvers.lp import new_highs
from planner.solvers.protocol import StopSign
from planner.solvers.scale import objective_unit, well_scaled

OPTS: dict = {}
PRICE = 16.0
"""Of a broken row to begin with, as a multiple of the most that one column can bring; in units of the row's largest
coefficient."""
RAISE = 8.0
BROKEN = 1e-6
"""How far a row may be off, in units of its largest coefficient or of its side."""


@dataclass(frozen=True, eq=False)
class Point:
    """A solution of a restricted programme."""

    values: Floats
    """Shape (n,), of all columns."""
    value: float
    """c·x + offset less the price of broken rows."""
    duals: Floats
    """Shape (m,), of all rows; 0 for those that hold no column."""
    broken: bool
    """A row is met by paying for it only."""


class Restricted:
    """Linear programmes over parts of ``priced.matrix``; columns outside stay at ``base``.

    Rows that ``base`` does not meet may be broken at a price, so that every part has a solution.
    """

    def __init__(self, priced: Priced, base: Floats, threads: int) -> None:
        self.priced, self.base, self.threads = priced, base, threads
        matrix = priced.matrix
        self.activity = matrix.rows @ base
        largest = np.zeros(len(self.activity))
        np.maximum.at(
            largest, np.repeat(np.arange(len(largest)), np.diff(matrix.rows.indptr)), np.abs(matrix.rows.data)
        )
        self.size = np.where(largest > 0, largest, 1.0)
        self.unit = objective_unit(matrix.objective)
        short = self.activity < matrix.row_lower
        over = self.activity > matrix.row_upper
        self.loose = np.flatnonzero(short | over)
        self.sign = np.where(short[self.loose], 1.0, -1.0)
        ends = np.maximum(np.abs(priced.lower), np.abs(priced.upper))
        most = np.abs(matrix.objective) * np.where(np.isfinite(ends), ends, 0.0)
        self.price = PRICE * max(float(most.max(initial=0.0)), self.unit)

    def raise_price(self) -> None:
        """Make broken rows dearer."""
        self.price *= RAISE

    def solve(self, columns: Ints, seconds: float, stop: StopSign, extra: Floats | None = None) -> Point | None:
        """A solution over ``columns``, its objective with ``extra`` added where given; None when none was found."""
        import highspy

        matrix = self.priced.matrix
        part = coo_array(self.priced.columns[columns].T)
        kept = np.zeros(matrix.rows.shape[0], dtype=bool)
        kept[part.row] = True
        kept[self.loose] = True
        rows = np.flatnonzero(kept)
        place = np.cumsum(kept) - 1
        inner = csr_array((part.data, (place[part.row], part.col)), shape=(len(rows), len(columns)))
        aid = csr_array(
            (self.sign * self.size[self.loose], (place[self.loose], np.arange(len(self.loose)))),
            shape=(len(rows), len(self.loose)),
        )
        # Columns outside stay at their base; those inside may move away from it.
        shift = self.activity[rows] - inner @ self.base[columns]
        objective = matrix.objective[columns] if extra is None else matrix.objective[columns] + extra[columns]
        small = Matrix(
            objective=np.r_[objective, np.full(len(self.loose), -self.price)],
            offset=0.0,
            rows=csr_array(hstack([inner, aid], format="csr")),
            row_lower=matrix.row_lower[rows] - shift,
            row_upper=matrix.row_upper[rows] - shift,
            lower=np.r_[matrix.lower[columns], np.zeros(len(self.loose))],
            upper=np.r_[matrix.upper[columns], np.full(len(self.loose), np.inf)],
            integer=np.zeros(len(columns) + len(self.loose), dtype=bool),
        )
        scaled = well_scaled(small, self.unit)
        highs = new_highs(scaled, integers=False)
        highs.setOptionValue("threads", self.threads)
        highs.setOptionValue("time_limit", max(seconds, 0.0))
        highs.setOptionValue("solver", "ipm")
        highs.setOptionValue("run_crossover", "off")
        for k, v in OPTS.items():
            highs.setOptionValue(k, v)
        _heed(highs, stop)
        highs.run()
        found = highs.getSolution()
        info = highs.getInfo()
        print("   rows", len(rows), "ipm", info.ipm_iteration_count, highs.getModelStatus(), found.dual_valid)
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal or not found.dual_valid:
            return None
        x = np.clip(np.asarray(found.col_value), small.lower, small.upper)
        values = self.base.copy()
        values[columns] = x[: len(columns)]
        paid = x[len(columns) :]
        side = np.where(self.sign > 0, matrix.row_lower[self.loose], matrix.row_upper[self.loose])
        broken = bool((paid > BROKEN * np.maximum(1.0, np.abs(side) / self.size[self.loose])).any())
        duals = np.zeros(len(kept))
        # HiGHS minimises −c·x/unit over rows divided by a power of two each.
        scale = _row_scale(small, scaled)
        duals[rows] = -np.asarray(found.row_dual) * self.unit * scale
        value = float(matrix.objective @ values) + matrix.offset - self.price * float(paid.sum())
        return Point(values, value, duals, broken)


def _row_scale(small: Matrix, scaled: Matrix) -> Floats:
    """The factor of each row; a power of two, so the quotient is exact."""
    out = np.ones(small.rows.shape[0])
    filled = np.flatnonzero(np.diff(small.rows.indptr))
    first = small.rows.indptr[filled]
    out[filled] = scaled.rows.data[first] / small.rows.data[first]
    return out


def _heed(highs: Any, stop: StopSign) -> None:
    """Let HiGHS ask for the stop sign."""
    import highspy

    def hear(_kind: int, _message: str, _out: Any, into: Any, _user: object) -> None:
        if stop():
            into.user_interrupt = True

    highs.setCallback(hear, None)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackIpmInterrupt)
