r"""A bound from clusters: what hangs together closely is solved exactly, what couples the clusters has a price.

Let the columns fall into clusters c (projects and links of one chain). A row whose columns all lie in one cluster stays there.
A row of several clusters gets a price :math:`\lambda_r` and is taken out (a fund); if all its columns that are no choices lie in
one cluster (the shortage of a link, to which other chains bring demand), it stays there, and what the others bring to it is a
column :math:`v_r` of its own, tied to them at a price. For all prices (:math:`\lambda_r` of the side's sign; any for the ties)

.. math:: \max c x \;\le\; \lambda_Q b_Q + \sum_c \max_{x_c \in X_c} \Bigl( \bigl(c - A_Q^\top\lambda_Q\bigr)_c x_c
          + \sum_{r \in H_c} \lambda_r v_r - \sum_{r \in H \setminus H_c} \lambda_r a_{rc} x_c \Bigr)

by Lagrangian relaxation: a feasible x, with :math:`v_r = \sum_{c' \ne c} a_{rc'} x_{c'}`, has at least its own value on the right.
Each :math:`v_r` may be held within bounds that every feasible x meets. The maxima are those of small mixed-integer programmes,
and any upper bound on them will do. Together with :mod:`planner.solvers.bounds.without_places` the whole is one over links, chains and backups
in whole numbers, with places and funds at prices: measured on 20,000 candidates, 1.0526 for the linear relaxation, 1.0290 here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, hstack

from planner.solvers.bounds.without_places import signed, worth_of_sides
from planner.solvers.groups import extent
from planner.solvers.lp import is_optimal, new_highs
from planner.solvers.protocol import Floats, Ints, Matrix
from planner.solvers.scaling import objective_unit, well_scaled

if TYPE_CHECKING:
    from highspy import Highs

PART_TIME = 5.0
"""Seconds for one cluster; its bound is good at any time."""
ROOM = 1e-6
"""Relative room of computed bounds against rounding."""


@dataclass(frozen=True, eq=False)
class Split:
    """A model cut into clusters."""

    model: Matrix
    columns: tuple[Ints, ...]
    """Columns of each cluster."""
    rows: tuple[Ints, ...]
    """Rows that stay in each cluster; the shared ones among them have a tie."""
    home: Ints
    """Cluster of each row; −1: it is priced."""
    priced: Ints
    """Rows that are taken out."""
    tied: Ints
    """Rows that stay in one cluster and have columns in others."""
    cluster: Ints
    """Of each column."""
    low: Floats
    """Least and greatest that other clusters bring to each of ``tied``."""
    high: Floats


def split(model: Matrix, cluster: Ints, block: Ints) -> Split | None:
    """Cut; None when there is nothing to be cut. Columns of no cluster are one of their own."""
    _, of = np.unique(cluster, return_inverse=True)
    count = int(of.max(initial=-1)) + 1
    entries = coo_array(model.rows)
    row = entries.row.astype(np.int64)
    least, most = extent(row, of[entries.col], model.rows.shape[0])
    single = least >= most
    loose = block[entries.col] < 0
    first, last = extent(row[loose], of[entries.col[loose]], model.rows.shape[0])
    home = np.where(single, np.minimum(least, count - 1), np.where(first == last, first, -1))
    priced = np.flatnonzero(home < 0)
    tied = np.flatnonzero(~single & (home >= 0))
    if count < 2 or not len(priced) + len(tied):
        return None
    columns = tuple(np.flatnonzero(of == c) for c in range(count))
    rows = tuple(np.flatnonzero(home == c) for c in range(count))
    low, high = _brought(model, columns, rows, home, tied, of)
    return Split(model, columns, rows, home, priced, tied, of, low, high)


def _brought(
    model: Matrix, columns: tuple[Ints, ...], rows: tuple[Ints, ...], home: Ints, tied: Ints, of: Ints
) -> tuple[Floats, Floats]:
    """Least and greatest that the other clusters together bring to each tied row: of each cluster, over the linear
    relaxation of the rows that are its own alone."""
    low, high = np.zeros(len(tied)), np.zeros(len(tied))
    by_column = csc_array(model.rows)
    shared = np.zeros(model.rows.shape[0], dtype=bool)
    shared[tied] = True
    for c, own in enumerate(columns):
        here = csr_array(by_column[:, own])
        theirs = np.flatnonzero((home[tied] != c) & (np.diff(here.indptr)[tied] > 0))
        if not len(theirs):
            continue
        alone = rows[c][~shared[rows[c]]]
        part = replace(model.part(own, alone, here[alone]), offset=0.0)
        highs = new_highs(part, integers=False)
        for position in theirs.tolist():
            entries = np.asarray(here[[tied[position]]].toarray()).ravel()
            high[position] += _most(highs, part, entries)
            low[position] -= _most(highs, part, -entries)
    room = ROOM * np.maximum(np.abs(low), np.abs(high))
    return low - room, high + room


def _most(highs: Highs, part: Matrix, entries: Floats) -> float:
    """The most that a·x can be in the linear relaxation of a part, or a plain bound where that is not found."""
    plain = float(np.where(entries > 0, entries * part.upper, np.where(entries < 0, entries * part.lower, 0.0)).sum())
    count = len(entries)
    highs.changeColsCost(count, np.arange(count, dtype=np.int32), -entries)
    highs.setOptionValue("time_limit", highs.getRunTime() + 1.0)
    highs.run()
    if not is_optimal(highs):
        return plain
    return min(-float(highs.getInfo().objective_function_value), plain)


@dataclass(frozen=True, eq=False)
class Answer:
    """What one set of prices gives."""

    bound: float
    """Of the whole."""
    values: Floats
    """Of all columns of the model: the best of every cluster."""
    said: Floats
    """What each tied row's home counts on from the others."""


class Clusters:
    """A cut model with its small programmes kept, so that prices can be changed and changed again."""

    def __init__(self, cut: Split, seed: int) -> None:
        self.cut = cut
        self._unit = objective_unit(cut.model.objective)
        by_column = csc_array(cut.model.rows)
        self._across = csr_array(by_column[np.r_[cut.priced, cut.tied]])
        self._side = (cut.model.row_lower[cut.priced], cut.model.row_upper[cut.priced])
        self._ties = [np.flatnonzero(cut.home[cut.tied] == c) for c in range(len(cut.columns))]
        self.foreign = self._without_home()
        """Coefficients across clusters: of priced rows all, of tied rows those outside their home."""
        self._parts = [self._make(c, by_column, seed) for c in range(len(cut.columns))]

    def _without_home(self) -> csr_array:
        """Coefficients across clusters: of priced rows all, of tied rows those outside their home."""
        cut, entries = self.cut, coo_array(self._across)
        rows = np.r_[cut.priced, cut.tied]
        away = cut.home[rows[entries.row]] != cut.cluster[entries.col]
        return csr_array((entries.data[away], (entries.row[away], entries.col[away])), shape=self._across.shape)

    def _make(self, c: int, by_column: csc_array, seed: int) -> Highs:
        cut = self.cut
        own, ties = cut.columns[c], self._ties[c]
        part = cut.model.part(own, cut.rows[c], csr_array(by_column[:, own])[cut.rows[c]])
        at = np.searchsorted(cut.rows[c], cut.tied[ties])
        extra = csr_array((np.ones(len(ties)), (at, np.arange(len(ties)))), shape=(len(cut.rows[c]), len(ties)))
        made = replace(
            part,
            objective=np.r_[part.objective, np.zeros(len(ties))],
            offset=0.0,
            rows=csr_array(hstack([part.rows, extra], format="csr")),
            lower=np.r_[part.lower, cut.low[ties]],
            upper=np.r_[part.upper, cut.high[ties]],
            integer=np.r_[part.integer, np.zeros(len(ties), dtype=bool)],
        )
        model = well_scaled(made, self._unit)
        return new_highs(model, mip_heuristic_run_root_reduced_cost=False, random_seed=seed, threads=1, mip_rel_gap=0.0)

    def ask(self, objective: Floats, offset: float, duals: Floats, precision: float, stop: Callable[[], bool]) -> Answer | None:
        """The bound at these prices, first of the priced rows, then of the tied ones; ``objective`` and ``offset`` stand for
        the model's. Each cluster is solved to within ``precision``. None when one gives no bound, or time is up."""
        cut = self.cut
        count = len(cut.priced)
        price = np.r_[signed(duals[:count], *self._side), duals[count:]]
        objective = objective - self.foreign.T @ price
        total = [offset, worth_of_sides(price[:count], *self._side)]
        values, said = np.zeros(len(objective)), np.zeros(len(cut.tied))
        for c, highs in enumerate(self._parts):
            if stop():
                return None
            own, ties = cut.columns[c], self._ties[c]
            cost = -np.r_[objective[own], price[count + ties]] / self._unit
            highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
            highs.setOptionValue("mip_abs_gap", precision / self._unit)
            highs.setOptionValue("time_limit", highs.getRunTime() + PART_TIME)
            highs.run()
            most, found = self._outcome(highs)
            if most is None or found is None:
                return None
            total.append(most)
            values[own], said[ties] = found[: len(own)], found[len(own) :]
        return Answer(math.fsum(total), values, said)

    def _outcome(self, highs: Highs) -> tuple[float | None, Floats | None]:
        info, solution = highs.getInfo(), highs.getSolution()
        whole = any(kind.name == "kInteger" for kind in highs.getLp().integrality_)
        least = info.mip_dual_bound if whole else info.objective_function_value
        if not math.isfinite(least) or not solution.value_valid:
            return None, None
        return -float(least) * self._unit, np.array(solution.col_value)
