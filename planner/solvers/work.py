"""Work: what is counted in place of seconds, so that a limit means the same on every machine, busy or idle (R8).

One unit is very roughly a second, on a machine of two cores, of a city: 300 candidates, 20 parks, 8 quarters, 3,000 whole
columns. Small models do a unit faster, large ones slower.

| solver | what is counted | one unit | the root node, before the tree |
|---|---|---|---|
| ``highs`` | the looks that HiGHS takes at its limits | :data:`HIGHS_LOOKS` | its looks are slow: the first ones count for more |
| ``scip`` | nodes | :data:`SCIP_NODES` | stands for :data:`SCIP_ROOT` units; is never cut short |
| ``cpsat`` | CP-SAT's own deterministic time | :data:`CPSAT_TIME` | |
| ``cbc`` | nodes | :data:`CBC_NODES` | is not counted, and never cut short |
| ``auto`` | as ``highs``, one model after the other, on one thread | | |

A linear programme is counted in simplex iterations by ``highs`` (:data:`HIGHS_ITERATIONS`); the others solve it to its end.

The end depends on the model, the seed, the start, the versions of the libraries and, with ``cpsat``, the number of threads:
its workers take turns, so that it does not count which of them is faster, but there are more of them. ``cbc`` and ``highs``
run on one thread when their work is limited, ``scip`` always does.
"""

from __future__ import annotations

from math import ceil

COUNTING = ("auto", "highs", "scip", "cpsat", "cbc")
"""Solvers that can limit their work: PuLP passes no such limit on."""

HIGHS_LOOKS = 200
HIGHS_ROOT, HIGHS_SLOW = 64, 16
"""So many first looks, mostly at the root, count for so many each: rounds of cuts and heuristics lie between them."""
HIGHS_ITERATIONS = 5_000
SCIP_NODES, SCIP_ROOT = 20, 5
CPSAT_TIME = 0.5
CBC_NODES = 100


def looked(looks: int) -> int:
    """Looks of HiGHS at its limits, the slow ones for more: what its units are made of."""
    return looks + (HIGHS_SLOW - 1) * min(looks, HIGHS_ROOT)


def scip_nodes(work: int) -> int:
    """The nodes that SCIP may use; the root always is one."""
    return 1 + SCIP_NODES * max(work - SCIP_ROOT, 0)


def scip_units(nodes: int) -> int:
    """The units that so many nodes are, rounded up."""
    return SCIP_ROOT + units(max(nodes - 1, 0), SCIP_NODES)


def units(count: float, unit: float) -> int:
    """Units done, rounded up; a count of nothing is none."""
    return ceil(count / unit)
