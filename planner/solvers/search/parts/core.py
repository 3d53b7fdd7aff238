r"""The core of a model: what its linear relaxation leaves to doubt, solved by itself, from no plan.

With :math:`x^*` the relaxation's plan and :math:`d_j` its reduced costs, the columns that stand between whole numbers and those of the least
:math:`|d_j|` are free; all others stand where :math:`x^*` has them. (Balas and Zemel, Operations Research 28, 1980, for knapsacks.) Parts of a
plan hold most of *it*, and come to a better one only by what is near; a core holds what the relaxation is sure of, and its plan may be another
one altogether. A core that is searched to its end is followed by a larger one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.solvers.lp import is_optimal, new_highs, objective_unit, well_scaled
from planner.solvers.protocol import Matrix
from planner.solvers.search.parts.priced import USED, by_cost


@dataclass(frozen=True)
class CoreParameters:
    """How large cores are."""

    share: float = 0.1
    """Of the whole columns, that a core of size 1 has besides what is between."""
    larger: float = 1.4
    """By what the next one is larger."""


def cores(
    matrix: Matrix,
    size: float,
    most: float,
    seconds: float,
    dice: np.random.Generator,
    parameters: CoreParameters = CoreParameters(),
) -> Iterator[Matrix]:
    """``matrix`` with all but a core of it held: a core of about that ``size``, then larger ones, the last of them all of it. None where the
    relaxation is not solved within ``seconds``, or comes to more than ``most``: what is far from any plan is sure of nothing."""
    unit = objective_unit(matrix.objective)
    highs = new_highs(well_scaled(matrix, unit), integers=False, threads=1, time_limit=seconds)
    highs.run()
    if not is_optimal(highs):
        return
    found = highs.getSolution()
    point, cost = np.array(found.col_value), np.abs(np.array(found.col_dual))
    if float(matrix.objective @ point) + matrix.offset > most:
        return
    between = (point > matrix.lower + USED) & (point < matrix.upper - USED)
    free = ~matrix.integer | between
    held = np.clip(np.rint(point), matrix.lower, matrix.upper)
    sure = np.flatnonzero(~free)
    order = sure[by_cost(cost[sure], dice)]
    many = size * parameters.share * float(matrix.integer.sum())
    while True:
        core = free.copy()
        core[order[: int(many)]] = True
        yield replace(matrix, lower=np.where(core, matrix.lower, held), upper=np.where(core, matrix.upper, held))
        if many >= len(order):
            return
        many = max(many * parameters.larger, many + 1.0)
