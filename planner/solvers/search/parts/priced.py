r"""Which columns of a part are worth solving it over: the linear relaxation of the part says it.

What a good plan lacks is seldom in one place or one cluster alone: a project that comes needs room, a team in a quarter, and money.
The linear relaxation of a part knows all of that at once, with what is held as it is. With :math:`z` its
value, :math:`v` the plan's, and :math:`d_j` the reduced cost of a column at 0, a plan better than this one that keeps what is held has
no column with

.. math:: -d_j \ge z - v ;

these are left out, and of the others so many are kept as are cheapest by :math:`-d_j`, a little at random. What the relaxation uses and
what the plan has is kept always. The small model that is left is then solved exactly. What it is worth stands in docs/trials.md.

Of the whole model as a part, that is the search around what the relaxation and the plan do (Danna, Rothberg and Le Pape, Mathematical Programming
102, 2005). It needs a *vertex*: in the middle of the best points, where interior points end, hundreds of choices are a little of a thousand ways,
at a vertex of it no more than there are rows. Worths that lean a little by chance lead to another vertex each time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.solvers.lp import is_optimal, objective_unit, solved
from planner.solvers.protocol import Bools, Floats, Ints, Matrix

CHANCE = 0.05
"""Of a typical loss: what one column may seem better than another by chance."""
USED = 1e-7
"""What a relaxation uses of a column, at the least."""
WORTH = 1e-9
"""Relative: what a relaxation must be above the plan for a part to be worth anything."""


def worth_keeping(
    part: Matrix, start: Floats, most: int, seconds: float, dice: np.random.Generator, lean: float = 0.0
) -> Ints | None:
    """Columns of ``part`` that a plan better than ``start`` may need, ascending; at the most ``most`` that neither ``start`` has nor the
    relaxation uses. None: there is no better plan. ``lean``: share of its worth that each column may seem better, by chance; such a relaxation
    is of the whole model, and interior points come to its vertex sooner than the simplex method.

    Raises:
        TimeoutError: the relaxation is not solved within ``seconds``, or not at all.
    """
    unit = objective_unit(part.objective)
    if lean:
        part = replace(part, objective=part.objective * (1.0 + lean * dice.random(len(start))))
    highs, _ = solved(part, seconds, integers=False, threads=1, solver="ipm" if lean else "choose")
    if not is_optimal(highs):
        raise TimeoutError
    found = highs.getSolution()
    point, loss = np.array(found.col_value), np.maximum(np.array(found.col_dual) * unit, 0.0)
    value = float(part.objective @ start)
    gain = float(part.objective @ point) - value
    if gain <= WORTH * max(abs(value), unit):
        return None
    keep = ~part.integer | (start != 0.0) | (point > USED)
    others = np.flatnonzero(~keep & (loss < gain) & (part.upper > 0.0))
    return np.flatnonzero(keep | _cheapest(others, loss, most, dice))


def _cheapest(columns: Ints, loss: Floats, most: int, dice: np.random.Generator) -> Bools:
    """So many of the columns, those of the least loss, a little at random; shape of ``loss``."""
    kept: Bools = np.zeros(len(loss), dtype=bool)
    kept[columns[by_cost(loss[columns], dice)[:most]]] = True
    return kept


def by_cost(cost: Floats, dice: np.random.Generator) -> Ints:
    """Positions, those of the least cost first, a little at random."""
    typical = float(np.median(cost[cost > 0.0])) if (cost > 0.0).any() else 1.0
    return np.argsort(cost + CHANCE * typical * dice.exponential(size=len(cost)), kind="stable")
