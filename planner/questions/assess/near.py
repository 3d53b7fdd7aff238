r"""Plans near a list: the fewest changes that make it keep every limit, and the best plans with so many projects exchanged.

With A the list, :math:`s_i` whether i comes, :math:`a_i, q_i` its park and quarter as far as the list says them, the changes are

.. math::
    \sum_{i\in A} (1 - s_i) + \sum_{i\notin A} s_i + \sum_{i\in A} (s_i - y_{i a_i}) + \sum_{i\in A} (s_i - z_{i q_i}),

and N swaps are :math:`\sum_{i\in A} (1 - s_i) \le N,\ \sum_{i\notin A} s_i = \sum_{i\in A} (1 - s_i)`. Both are over the programme's
own columns and rows: a pair that is ruled out has no column, so a project listed there counts as moved or gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from planner.case.case import Choice, Reference
from planner.layout import Layout
from planner.plan.reference.nearness import Distance, distance
from planner.programme.build import Programme
from planner.questions.assess.listing import FREE
from planner.questions.within import Kept, Within, extended
from planner.solvers.check import sound
from planner.solvers.protocol import Floats, Listener, Stopping
from planner.solvers.registry import solve
from planner.terms.changes import KINDS

ROUNDING = 1e-6
"""Of a bound on a whole number."""


def changes(layout: Layout, choice: Choice) -> Distance:
    """All changes against a list, each counting one; where it does not say a park or quarter, none is changed."""
    every = np.ones(len(choice.candidate), dtype=bool)
    said = {"park_moves": choice.park != FREE, "quarter_moves": choice.quarter != FREE}
    parts = [distance(layout, _reference(choice, said.get(kind, every)), {kind: 1.0}) for kind in KINDS]
    return Distance(np.sum([part.costs for part in parts], axis=0), sum(part.constant for part in parts))


def swapped(programme: Programme, choice: Choice, most: int) -> Programme:
    """The programme of plans in which at most so many of the list's projects are exchanged, each for another."""
    reference = _reference(choice, np.ones(len(choice.candidate), dtype=bool))
    left = distance(programme.layout, reference, {"dropped": 1.0})
    paired = distance(programme.layout, reference, {"added": 1.0, "dropped": -1.0})
    return extended(programme, Within([Kept(left, -inf, most), Kept(paired, 0.0, 0.0)]))


def _reference(choice: Choice, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Reference:
    """Some of the list as what plans are held against; that a project of it is excluded or lost is a change, too."""
    at = np.flatnonzero(kept)
    return Reference(choice.candidate[at], choice.park[at], choice.quarter[at], np.zeros(len(at), dtype=bool), ())


@dataclass(frozen=True, eq=False)
class Fewest:
    """A plan near a list."""

    values: Floats
    changes: int
    least: int
    """No plan changes less."""
    within: Programme
    """The programme of plans that change no more than this one."""


def fewest(
    programme: Programme, choice: Choice, solver: str, stopping: Stopping, listen: Listener, start: Floats | None
) -> Fewest | None:
    """The plan that changes least of the list, sought from ``start`` on; None: none was found in time."""
    costs = changes(programme.layout, choice)
    model = replace(programme.matrix, objective=-costs.costs, offset=-costs.constant, periods=None, reference=0.0)
    solution = solve(model, solver, replace(stopping, gap=0.0), listen, start)
    found = None if solution.values is None else sound(programme.matrix, solution.values)
    if found is None:
        return None
    count, bound = round(costs.of(found)), solution.termination.bound
    least = 0 if bound is None else max(ceil(-bound - ROUNDING), 0)
    return Fewest(found, count, min(least, count), extended(programme, Within([Kept(costs, -inf, float(count))])))
