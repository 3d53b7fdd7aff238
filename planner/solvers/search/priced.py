r"""Parts of a plan that the linear relaxation chooses: some choices are held, and of all others the relaxation says which matter.

What a good plan lacks is seldom in one place or one cluster alone: a project that comes needs room, a team in a quarter, and money.
The linear relaxation of the whole model, with most of the plan held at its values, knows all of that at once. With :math:`z` its
value, :math:`v` the plan's, and :math:`d_j` the reduced cost of a column at 0, a plan better than this one that keeps what is held has
no column with

.. math:: -d_j \ge z - v ;

these are left out, and of the others so many are kept as are cheapest by :math:`-d_j`, a little at random. What the relaxation uses and
what the plan has is kept always. The small model is then solved exactly.

The relaxation is solved again for each part from the basis of the last one: a tenth to a half of the time from nothing. What it is worth
stands in docs/benchmarks.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solvers.check import value_of
from planner.solvers.lp import is_optimal, new_highs, objective_unit, well_scaled
from planner.solvers.protocol import Bools, Floats, Ints, Matrix
from planner.solvers.search.structure import Parts

CHANCE = 0.05
"""Of a typical loss: what one column may seem better than another by chance."""
USED = 1e-7
"""What a relaxation uses of a column, at the least."""
WORTH = 1e-9
"""Relative: what a relaxation must be above the plan for a part to be worth anything."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """A part that the relaxation has chosen."""

    columns: Ints
    """Ascending."""
    model: Matrix
    """All other columns held at the plan."""


class Relaxation:
    """The linear relaxation of one model, solved again and again with other columns held."""

    def __init__(self, matrix: Matrix) -> None:
        """``matrix`` has ``periods``."""
        self.matrix, self._parts = matrix, Parts(matrix)
        self._unit = objective_unit(matrix.objective)
        self._highs = new_highs(well_scaled(matrix, self._unit), integers=False, threads=1)
        self._every = np.arange(len(matrix.objective), dtype=np.int32)

    def choose(self, plan: Floats, free: Ints, most: int, seconds: float, dice: np.random.Generator) -> Chosen | None:
        """The part of ``plan`` in which ``free`` columns may change, ``most`` of them that neither the plan has nor the relaxation uses.
        None: nothing better is there; raises TimeoutError when the relaxation is not solved within ``seconds``, or not at all."""
        matrix, open_ = self.matrix, np.zeros(len(plan), dtype=bool)
        open_[free] = True
        low, high = np.where(open_, matrix.lower, plan), np.where(open_, matrix.upper, plan)
        highs = self._highs
        highs.changeColsBounds(len(plan), self._every, low, high)
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        highs.run()
        if not is_optimal(highs):
            raise TimeoutError
        value, found = value_of(matrix, plan), highs.getSolution()
        point, loss = np.array(found.col_value), np.maximum(np.array(found.col_dual) * self._unit, 0.0)
        gain = value_of(matrix, point) - value
        if gain <= WORTH * abs(value):
            return None
        keep = open_ & (~matrix.integer | (plan != 0.0) | (point > USED))
        others = np.flatnonzero(open_ & ~keep & (loss < gain) & (matrix.upper > 0.0))
        columns = np.flatnonzero(keep | _cheapest(others, loss, most, dice))
        return Chosen(columns, self._parts.model(columns, plan))


def _cheapest(columns: Ints, loss: Floats, most: int, dice: np.random.Generator) -> Bools:
    """So many of the columns, those of the least loss, a little at random; shape of ``loss``."""
    cost = loss[columns]
    typical = float(np.median(cost[cost > 0.0])) if (cost > 0.0).any() else 1.0
    order = np.argsort(cost + CHANCE * typical * dice.exponential(size=len(cost)), kind="stable")
    kept: Bools = np.zeros(len(loss), dtype=bool)
    kept[columns[order[:most]]] = True
    return kept
