"""Linear programmes over some of the columns of a matrix, made so that each has a solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack

from planner.solvers.bounds.duals import Priced
from planner.solvers.lp import call_back, new_highs
from planner.solvers.protocol import Floats, Ints, Matrix, StopSign
from planner.solvers.scaling import objective_unit, well_scaled


@dataclass(frozen=True)
class RestrictedParameters:
    """How broken rows are paid for, and how exactly programmes are solved."""

    price: float = 16.0
    """Of a broken row to begin with, per unit of its largest coefficient: as a multiple of the most that one column brings."""
    rise: float = 8.0
    """What a price is multiplied by that was too low."""
    finest: float = 1e-8
    """Relative tolerance on the objective, for programmes that a rougher one does not solve."""
    broken: float = 1e-6
    """How far a row may be off without being broken, as a share of its largest coefficient or of its side."""


@dataclass(frozen=True, eq=False)
class Point:
    """A solution of a restricted programme."""

    values: Floats
    """Shape (n,), of all columns."""
    value: float
    """c·x + offset, less the price of broken rows."""
    duals: Floats
    """Shape (m,), of all rows; 0 for those that were not in the programme."""
    broken: bool
    """Some row is not met but paid for."""


class Restricted:
    """Programmes over parts of a matrix; columns outside a part stay at ``base``, shape (n,), which is within their bounds.

    Rows that ``base`` does not meet may be broken at a price, and so every part has a solution. Duals prove a bound whatever
    the price.
    """

    def __init__(
        self, priced: Priced, base: Floats, threads: int, parameters: RestrictedParameters = RestrictedParameters()
    ) -> None:
        self.parameters = parameters
        matrix = priced.matrix
        self.priced, self.base, self.threads = priced, base, threads
        self.unit = objective_unit(matrix.objective)
        self.activity: Floats = matrix.rows @ base
        short, over = self.activity < matrix.row_lower, self.activity > matrix.row_upper
        self.loose = np.flatnonzero(short | over)
        """Rows that may be broken."""
        self.size = _largest(csr_array(matrix.rows[self.loose]))
        self.sign = np.where(short[self.loose], 1.0, -1.0)
        side = np.where(short, matrix.row_lower, matrix.row_upper)[self.loose]
        self.room = self.parameters.broken * np.maximum(1.0, np.abs(side) / self.size)
        ends = np.maximum(np.abs(priced.lower), np.abs(priced.upper))
        most = np.abs(matrix.objective) * np.where(np.isfinite(ends), ends, 1.0)
        self.price = self.parameters.price * max(float(most.max(initial=0.0)), self.unit)

    def raise_price(self) -> None:
        """Make broken rows dearer."""
        self.price *= self.parameters.rise

    def solve(self, columns: Ints, seconds: float, stop: StopSign, tolerance: float, extra: Floats | None = None) -> Point | None:
        """A solution over ``columns``, by interior points; None when none was found in time.

        ``extra``, shape (n,), is added to the objective that is solved for, but not to the one that is told. ``tolerance``
        is relative, of the objective.
        """
        matrix = self.priced.matrix
        rows, small = self._programme(columns, extra)
        solved = _solved(small, self.unit, self.threads, seconds, stop, (tolerance, self.parameters.finest))
        if solved is None:
            return None
        x, row_duals = solved
        values = self.base.copy()
        values[columns] = x[: len(columns)]
        paid = x[len(columns) :]
        duals = np.zeros(len(self.activity))
        duals[rows] = row_duals
        value = float(matrix.objective @ values) + matrix.offset - self.price * float(paid.sum())
        return Point(values, value, duals, bool((paid > self.room).any()))

    def _programme(self, columns: Ints, extra: Floats | None) -> tuple[Ints, Matrix]:
        """(rows, the programme over them): the rows that hold one of ``columns``, and those that may be broken."""
        matrix = self.priced.matrix
        part = self.priced.part(columns)
        kept = np.diff(part.rows.indptr) > 0
        kept[self.loose] = True
        rows = np.flatnonzero(kept)
        inner = csr_array(part.rows[rows])
        place = np.searchsorted(rows, self.loose)
        count = len(self.loose)
        aid = csr_array((self.sign * self.size, (place, np.arange(count))), shape=(len(rows), count))
        shift = self.activity[rows] - inner @ self.base[columns]
        objective = part.objective if extra is None else part.objective + extra[columns]
        return rows, Matrix(
            objective=np.append(objective, np.full(count, -self.price)),
            offset=0.0,
            rows=csr_array(hstack([inner, aid], format="csr")),
            row_lower=matrix.row_lower[rows] - shift,
            row_upper=matrix.row_upper[rows] - shift,
            lower=np.append(part.lower, np.zeros(count)),
            upper=np.append(part.upper, np.full(count, np.inf)),
            integer=np.zeros(len(columns) + count, dtype=bool),
        )


def _solved(
    small: Matrix, unit: float, threads: int, seconds: float, stop: StopSign, tolerances: tuple[float, float]
) -> tuple[Floats, Floats] | None:
    """(values, row duals signed for a maximum) of a linear programme; None when it was not solved."""
    import highspy

    if seconds <= 0:
        return None
    rough, finest = tolerances
    scaled = well_scaled(small, unit)
    highs = new_highs(scaled, integers=False, threads=threads, time_limit=seconds, run_crossover="off")

    def heed(_kind: int, _message: str, _out: Any, into: Any, _user: object) -> None:
        if stop():
            into.user_interrupt = True

    call_back(highs, heed, "kCallbackIpmInterrupt", "kCallbackSimplexInterrupt")
    status = highspy.HighsModelStatus
    # A rough solution may be called none at all; what interior points cannot finish, the simplex method can.
    for method, precision in (("ipm", rough), ("ipm", finest), ("simplex", finest)):
        highs.clearSolver()
        highs.setOptionValue("solver", method)
        highs.setOptionValue("ipm_optimality_tolerance", precision)
        highs.run()
        if highs.getModelStatus() in (status.kOptimal, status.kTimeLimit, status.kInterrupt):
            break
    found = highs.getSolution()
    if highs.getModelStatus() != status.kOptimal or not found.dual_valid:
        return None
    x: Floats = np.clip(np.asarray(found.col_value), small.lower, small.upper)
    # HiGHS minimises −c·x ÷ unit over rows that were each multiplied by a power of two.
    duals: Floats = -np.asarray(found.row_dual) * unit * _largest(scaled.rows) / _largest(small.rows)
    return x, duals


def _largest(rows: csr_array) -> Floats:
    """The largest |coefficient| of each row; 1 for an empty one."""
    out = np.ones(rows.shape[0])
    filled = np.flatnonzero(np.diff(rows.indptr))
    if len(filled):
        out[filled] = np.maximum.reduceat(np.abs(rows.data), rows.indptr[filled])
    return np.where(out > 0, out, 1.0)
