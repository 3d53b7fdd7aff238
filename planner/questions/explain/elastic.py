r"""The cheapest way in which limits give way so that a plan exists.

.. math::
    \min \sum_l w_l\,\sigma_l \quad\text{s.t.}\quad a_j x \le b_j + r_{l(j)}\,\sigma_{l(j)},\qquad
    \sigma_l \in \{0, 1\} \text{ where a limit is dropped whole.}

What counts projects gives way by whole numbers (its slack is then counted, at :math:`w_l / r_l` each), which makes the bound better.
One slack for each limit and not for each row: a park's land or a carried fund gives way by its worst row. Further repairs must
leave something of each earlier one alone: with :math:`G_1 … G_n` the groups that a repair has used,
:math:`\sigma_l \le M_l z_g \; (l \in G_g)`, :math:`\sum_g z_g \le n - 1`.

Minimal conflicts are limits that cannot all hold, while any one fewer can (deletion filter; Chinneck & Dravnieks, ORSA J. Comput.
3, 1991). First some limits are found that cannot hold together: where the linear relaxation has no solution, those with a price in
its cheapest way out (Farkas); otherwise the set is grown by what the cheapest way out of the limits outside it breaks. Then limits
are taken out, half of them at a time and then fewer, as long as the rest still cannot hold. The next conflict is looked for among
the limits that are left, so that independent ones are all found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from planner.limits.selection import SIGNED
from planner.questions.explain.sides import Sides
from planner.solvers.adapters.highs import Highs
from planner.solvers.caller import caller, stopped
from planner.solvers.lp import has_solution, row_duals
from planner.solvers.protocol import Bools, Floats, Ints, Matrix, Solution, Stopping
from planner.solvers.registry import solve as run_solver

SMALL = 3_000
"""Columns up to which a model is solved in this process: it ends at once, and a worker would only have to be started."""
MOST = 5
"""Conflicts that are looked for."""
Groups = Sequence[Ints]
"""Groups of limits, by position."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """How an elastic solve ended. ``values`` are all columns of the programme; None: no way was found."""

    values: Floats | None
    broken: Floats
    """How much each limit gives way, shape of the limits."""
    cost: float
    bound: float
    """No way is cheaper than this; ≥ 0."""
    impossible: bool
    """It is proved that there is no way at all."""

    @property
    def used(self) -> Ints:
        """Limits that give way."""
        return np.flatnonzero(self.broken > 0)

    @property
    def cheapest(self) -> bool:
        """It is proved that no way is cheaper."""
        return self.values is not None and self.cost <= self.bound + 1e-6 * max(1e-3, self.cost)


def relax(sides: Sides, giving: Bools, stopping: Stopping, spared: Sequence[Groups] = ()) -> Relaxed:
    """The cheapest way in which limits among ``giving`` give way while all others hold. ``spared``: for each earlier repair its
    groups of limits, of which at least one is not used."""
    giving = giving & np.isfinite(sides.prices)
    rows, columns = sides.part(sides.every)
    upper = np.where(giving, np.where([lever.whole for lever in sides.levers], 1.0, np.inf), 0.0)
    several = [groups for groups in spared if len(groups) > 1]
    for (only,) in (groups for groups in spared if len(groups) == 1):
        upper[only] = 0.0
    matrix = _elastic(sides, rows, columns, upper)
    if several:
        matrix = _spare(matrix, sides, columns, several)
    start = None if several else _nobody(matrix, len(columns))
    if matrix.rows.shape[1] <= SMALL:
        solution = Highs().solve(matrix, stopping, caller().listen, start, stopped)
    else:
        solution = run_solver(matrix, "highs", stopping, caller().listen, start)
    return _read(sides, columns, solution)


def _elastic(sides: Sides, rows: Ints, columns: Ints, most: Floats) -> Matrix:
    """Rows and columns of the programme beside one column for each limit."""
    part, levers = sides.matrix.part(columns, rows), sides.levers
    units, sizes = np.array([(lever.unit, lever.size) for lever in levers]).reshape(-1, 2).T
    held = np.flatnonzero(sides.lever[rows] >= 0)
    moved_by = sides.lever[rows][held]
    slack = coo_array((-units[moved_by], (held, moved_by)), shape=(len(rows), len(levers)))
    prices = np.where(np.isfinite(sides.prices), sides.prices, 0.0) * units / sizes
    return replace(
        part,
        objective=np.append(part.objective, -prices),
        rows=csr_array(hstack([part.rows, slack], format="csr")),
        lower=np.append(part.lower, np.zeros(len(levers))),
        upper=np.append(part.upper, most),
        integer=np.append(part.integer, [lever.whole or lever.counted for lever in levers]).astype(bool),
    )


def _spare(matrix: Matrix, sides: Sides, columns: Ints, several: Sequence[Groups]) -> Matrix:
    """The model in which of each repair's groups at least one is left alone: a 0-1 column for each group."""
    most = np.minimum(_most(sides, columns), matrix.upper[len(columns) :])
    n = group = matrix.rows.shape[1]
    entries: list[tuple[int, int, float]] = []
    bounds: list[float] = []
    for groups in several:
        for levers in groups:
            for lever in levers.tolist():
                entries += [(len(bounds), len(columns) + lever, 1.0), (len(bounds), group, -float(most[lever]))]
                bounds.append(0.0)
            group += 1
        entries += [(len(bounds), column, 1.0) for column in range(group - len(groups), group)]
        bounds.append(len(groups) - 1.0)
    rows, held, coefficients = (np.array(part) for part in zip(*entries, strict=True))
    wide = csr_array(hstack([matrix.rows, csr_array((matrix.rows.shape[0], group - n))], format="csr"))
    added = csr_array((coefficients, (rows, held)), shape=(len(bounds), group))
    ones = np.ones(group - n)
    return replace(
        matrix,
        objective=np.append(matrix.objective, 0 * ones),
        rows=csr_array(vstack([wide, added], format="csr")),
        row_lower=np.append(matrix.row_lower, np.full(len(bounds), -np.inf)),
        row_upper=np.append(matrix.row_upper, bounds),
        lower=np.append(matrix.lower, 0 * ones),
        upper=np.append(matrix.upper, ones),
        integer=np.append(matrix.integer, ones > 0),
    )


def _most(sides: Sides, columns: Ints) -> Floats:
    """The most that each limit can be broken by, in its own size: every positive coefficient at its bound."""
    upper, rows = sides.programme.matrix.upper[columns], sides.rows[:, columns]
    reach = np.asarray(rows.maximum(0) @ np.where(np.isfinite(upper), upper, 0.0)) - sides.upper
    return np.asarray(np.maximum(sides.worst(reach) / np.array([lever.unit for lever in sides.levers]), 1.0))


def _nobody(matrix: Matrix, columns: int) -> Floats:
    """Nobody comes and everything gives way as it must: a start, unless something cannot."""
    values = np.maximum(matrix.lower, 0.0)
    over = np.maximum(matrix.rows @ values - matrix.row_upper, 0.0)
    slack = coo_array(matrix.rows[:, columns:])
    np.maximum.at(values, columns + slack.col, over[slack.row] / -slack.data)
    return np.asarray(np.minimum(values, matrix.upper))


def _read(sides: Sides, columns: Ints, solution: Solution) -> Relaxed:
    ended = solution.termination
    bound = 0.0 if ended.bound is None else max(-ended.bound, 0.0)
    if solution.values is None:
        return Relaxed(None, np.zeros(len(sides.levers)), np.inf, bound, ended.reason == "infeasible")
    values = np.zeros(sides.programme.layout.columns)
    values[columns] = solution.values[: len(columns)]
    whole = sides.programme.matrix.integer
    values[whole] = np.rint(values[whole])
    broken = sides.broken(values)
    used = np.flatnonzero(broken > 0)
    shares = [1.0 if sides.levers[n].whole else broken[n] / sides.levers[n].size for n in used.tolist()]
    cost = float(np.dot(sides.prices[used], shares)) if used.size else 0.0
    return Relaxed(values, broken, cost, bound, False)


def clashes(sides: Sides, involved: Ints, stopping: Stopping, seconds: float) -> Iterator[tuple[Ints, bool]]:
    """Conflicts that share no limit, beginning with those ``involved`` in the first repair: positions of levers that cannot hold
    together, and whether each is proved to be needed for that."""
    end = monotonic() + seconds
    allowed = sides.every.copy()
    for _ in range(MOST):
        grown = _grown(sides, allowed, involved, stopping, end)
        if grown is None:
            return
        kept, minimal = _thinned(sides, grown, involved, end)
        allowed &= ~kept
        yield np.flatnonzero(kept), minimal


def _grown(sides: Sides, allowed: Bools, involved: Ints, stopping: Stopping, end: float) -> Bools | None:
    """Some of the ``allowed`` limits that cannot hold together; None when they can, or time is up."""
    priced = _priced(sides, allowed, involved, end)
    if priced is not None:
        return priced
    firm: Bools = allowed & np.array([lever.family in {"must_include", SIGNED} for lever in sides.levers], dtype=bool)
    firm[involved] |= allowed[involved]
    while (left := end - monotonic()) > 0.05:
        if _possible(sides, firm, left) is False:
            return firm
        # Everything outside may give way, at whatever its price; what is not allowed is gone.
        kept = np.flatnonzero(np.append(allowed, True)[sides.lever])
        some = replace(sides, rows=sides.rows[kept], lower=sides.lower[kept], upper=sides.upper[kept], lever=sides.lever[kept])
        way = relax(some, ~firm, replace(stopping, time_limit=min(left, stopping.time_limit), gap=0.05))
        if way.values is None:
            return allowed.copy() if way.impossible else None
        broken = (way.broken > 0) & allowed
        if not (broken & ~firm).any():
            return None
        firm |= broken
    return None


def _priced(sides: Sides, allowed: Bools, involved: Ints, end: float) -> Bools | None:
    """Limits that already the linear relaxation cannot hold together, all of them giving way (signed deals too); None when it can,
    or time is up."""
    left = end - monotonic()
    if left < 0.1:
        return None
    rows, columns = sides.part(allowed)
    matrix = _elastic(sides, rows, columns, np.full(len(allowed), np.inf))
    prices = np.where(np.isfinite(sides.prices), sides.prices, 1.0)
    objective = np.append(matrix.objective[: len(columns)], -prices)
    duals = row_duals(replace(matrix, objective=objective, integer=np.zeros_like(matrix.integer)), left / 3)
    if duals is None:
        return None
    core = allowed & np.isin(np.arange(len(allowed)), sides.lever[rows][np.abs(duals) > 1e-9])
    if not core.any() or _possible(sides, core, max((end - monotonic()) / 4, 0.05), integers=False) is not False:
        return None
    return _thinned(sides, core, involved, monotonic() + (end - monotonic()) / 3, integers=False)[0]


def _possible(sides: Sides, kept: Bools, seconds: float, integers: bool = True) -> bool | None:
    matrix = sides.feasibility(kept)
    if not integers:
        matrix = replace(matrix, integer=np.zeros_like(matrix.integer))
    if not all(matrix.rows.shape):
        return not bool((matrix.row_upper < 0).any())
    return has_solution(matrix, max(seconds, 0.05))


def _thinned(sides: Sides, grown: Bools, involved: Ints, end: float, integers: bool = True) -> tuple[Bools, bool]:
    """The set less all that it does not need, and whether that is proved of the rest; limits of the repair are tried last, so
    that they stay."""
    kept, order = grown.copy(), np.flatnonzero(grown)
    order = order[np.argsort(np.isin(order, involved), kind="stable")]
    size = max(len(order) // 2, 1)
    while True:
        complete = True
        for start in range(0, len(order), size):
            left = end - monotonic()
            if size > 1 and left <= 0:
                break
            trial = kept.copy()
            trial[order[start : start + size]] = False
            answer = _possible(sides, trial, left / 4, integers) if left > 0.05 else None
            if answer is False:
                kept = trial
            complete = complete and answer is not None
        order = order[kept[order]]
        if size == 1:
            return kept, complete
        size = max(size // 4, 1)
