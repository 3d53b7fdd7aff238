"""Prices of the relaxation without periods, which say where a first plan and parts of it should be looked for.

The linear programme that gives them takes less than a second for most models, and for one with a hundred limits in each park longer than
any time limit: rough prices of a first-order method have to do then, and whoever waits goes on without any meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.linear import Linear, Optimum, relaxed
from planner.solvers.bounds.relaxations import Aggregate
from planner.solvers.bounds.rounded import Rounded, rounded
from planner.solvers.bounds.sifting import rough_duals
from planner.solvers.groups import drawn
from planner.solvers.protocol import Floats, Ints, Matrix
from planner.solvers.search.incumbent import RELAXATION, Incumbent

WAYS = 3
"""Periods of each thing that a relaxation without periods uses, drawn, with which the one with them begins. With all of them its first programme
is the largest; the others come in where they are worth it."""


@dataclass(frozen=True)
class PriceParameters:
    """Shares of the time, and how rough prices are."""

    exact: float = 0.25
    """For the linear relaxation; it may have dense rows. As much again for rough prices."""
    timed: float = 0.5
    """For the relaxation with periods: where these matter nothing else proves anything, and a programme that is left half solved is begun anew by
    whoever goes on."""
    quick: float = 0.08
    """Within which it has to be there, or no rows by mixed-integer rounding are looked for."""
    alone: float = 1.0
    """Seconds for which nothing else is done meanwhile."""
    rounding: float = 0.1
    """For rows by mixed-integer rounding, at the most."""
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
    columns: Ints | None
    """Columns that the relaxation has come to; None: it was solved as it is, or not at all."""
    used: Ints | None
    """Those that it takes something of; None: not known."""


def prices_of(whole: Matrix, model: Aggregate, best: Incumbent, parameters: PriceParameters = PriceParameters()) -> Prices | None:
    """Prices of the rows of ``model``, the relaxation of ``whole`` without periods, rough ones where it is not solved in its time. None: there
    are none."""
    assert whole.periods is not None
    matrix, block = model.matrix, model.of(whole.periods.block)
    began, left, seed = best.report.seconds, best.left(), best.stopping.seed
    found = relaxed(matrix, block, max(parameters.exact * left, 0.1), seed, lambda _: None, best.over)
    quick = found.solved and best.report.seconds - began < parameters.quick * best.left()
    prices = found.duals
    if prices is None and not best.over():
        prices = rough_duals(matrix, parameters.rough, parameters.exact * best.left(), 1)
    if prices is None:
        return None
    loose = found.bound if prices is found.duals else Priced.of(matrix).bound(prices)
    tight = Rounded(matrix, prices, loose)
    if quick:
        tight = rounded(tight, block, parameters.rounding * best.left(), seed, best.over, known=found.columns)
    best.lower(tight.bound, RELAXATION)
    return Prices(tight, loose, found.solved, found.columns, found.used)


def with_periods(
    whole: Matrix, model: Aggregate, prices: Prices, best: Incumbent, parameters: PriceParameters = PriceParameters()
) -> Optimum | None:
    """The relaxation with periods, and what it proves. It begins with the columns of those that the one without uses. None: that one was not
    solved, or says all that there is to say."""
    assert whole.periods is not None
    if not prices.exact or len(model.matrix.objective) == len(whole.objective):
        return None
    known = None if prices.used is None else members(model, prices.used, best.stopping.seed)

    def hear(bound: float) -> None:
        best.lower(bound, Linear.name)

    seconds = max(parameters.timed * best.left(), 0.1)
    return relaxed(whole, whole.periods.block, seconds, best.stopping.seed, hear, best.over, known)


def relevant(whole: Matrix, model: Aggregate, prices: Prices, timed: Optimum | None, seed: int) -> Ints | None:
    """Columns of the whole among which a vertex of its relaxation is looked for, ascending: all that sifting has come to, though it has not come
    to its end; while there is none with periods, what it would begin with. None: not known."""
    everything = np.arange(len(whole.objective))
    if timed is not None:
        return everything if timed.solved and timed.columns is None else timed.columns
    if len(model.matrix.objective) < len(everything):
        return None if prices.used is None else members(model, prices.used, seed)
    if prices.columns is not None:
        return np.flatnonzero(np.isin(model.column, prices.columns))
    return everything if prices.exact else None


def members(model: Aggregate, used: Ints, seed: int) -> Ints:
    """Columns of the whole that belong to these of a relaxation, at most :data:`WAYS` of each, ascending: what the relaxation with periods begins
    with, in a third to an eighth of the time that it takes from nothing (docs/trials.md, The relaxation with quarters)."""
    columns = np.flatnonzero(np.isin(model.column, used))
    return columns[drawn(model.column[columns], WAYS, seed)]


def of_choices(whole: Matrix, model: Aggregate, tight: Rounded, timed: Optimum | None) -> tuple[Floats, Floats]:
    """(prices of the rows of ``model``, what besides each of its columns is charged), as parts of the plan take them: at the prices with
    periods, where these prove more, each column is worth what it is in its best period. What it is worth stands in docs/trials.md."""
    duals, charged = tight.apart(len(model.matrix.row_lower))
    if timed is None or timed.duals is None or timed.bound >= tight.bound:
        return duals, charged
    worth = np.full(len(model.matrix.objective), -np.inf)
    np.maximum.at(worth, model.column, whole.objective - whole.rows.T @ timed.duals)
    return duals, model.matrix.objective - model.matrix.rows.T @ duals - worth
