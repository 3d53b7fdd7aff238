"""Prices of the relaxation without periods, which say where a first plan and parts of it should be looked for.

The linear programme that gives them takes less than a second for most models, and for one with a hundred limits in each park longer than
any time limit: rough prices of a first-order method have to do then, and whoever waits goes on without any meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.linear import relaxed
from planner.solvers.bounds.rounded import Rounded, rounded
from planner.solvers.bounds.sifting import rough_duals
from planner.solvers.protocol import Ints, Matrix
from planner.solvers.search.incumbent import RELAXATION, Incumbent


@dataclass(frozen=True)
class PriceParameters:
    """Shares of the time, and how rough prices are."""

    exact: float = 0.25
    """For the linear relaxation; it may have dense rows. As much again for rough prices."""
    quick: float = 0.08
    """Within which it has to be there, or no rows by mixed-integer rounding are looked for."""
    rounding: float = 0.1
    """For these, at the most."""
    rough: int = 500
    """Iterations of the first-order method that gives rough prices where it does not come to its end."""


@dataclass(frozen=True)
class Prices:
    """What was found."""

    tight: Rounded
    """The relaxation, with rows by mixed-integer rounding where it was quick, its prices, and what they prove."""
    loose: float
    """What it proves without these rows."""
    exact: bool
    """They are those of the optimum."""
    used: Ints | None
    """Columns that the optimum takes something of; None: not known."""


def prices_of(matrix: Matrix, block: Ints, best: Incumbent, parameters: PriceParameters = PriceParameters()) -> Prices | None:
    """Prices of the rows of a relaxation, rough ones where it is not solved in its time; None: there are none."""
    began, left, seed = best.report.seconds, best.left(), best.stopping.seed
    found = relaxed(matrix, block, max(parameters.exact * left, 0.1), seed, lambda _: None, best.over)
    quick = best.report.seconds - began < parameters.quick * best.left()
    prices = found.duals
    if prices is None and not best.over():
        prices = rough_duals(matrix, parameters.rough, parameters.exact * best.left(), 1)
    if prices is None:
        return None
    loose = Priced.of(matrix).bound(prices)
    tight = Rounded(matrix, prices, loose)
    if found.solved and quick:
        tight = rounded(tight, block, parameters.rounding * best.left(), seed, best.over, known=found.columns)
    best.lower(tight.bound, RELAXATION)
    return Prices(tight, loose, found.solved, found.used)
