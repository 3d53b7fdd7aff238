"""The linear relaxation with rows by mixed-integer rounding: a tighter bound, and better prices for those that go on from it.

The rows wanted lie where nothing is said of places: links are filled by whole firms, wherever these stand. So they are looked for at the
prices of the places (:func:`planner.solvers.bounds.relaxations.price_places`), where a round takes tenths of a second even for a province; with
what is found there the relaxation itself is solved again, and so on. A row treats all places of a choice alike, so that what asks for no
place afterwards has it, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.solvers.bounds.cuts import closed
from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.mixed import mixed_rows, separated
from planner.solvers.bounds.relaxations import price_places
from planner.solvers.bounds.sifting import Sieve
from planner.solvers.groups import incidence
from planner.solvers.lp import row_duals
from planner.solvers.protocol import Floats, Ints, Matrix, StopSign


@dataclass(frozen=True, eq=False)
class Rounded:
    """The relaxation with its rows."""

    matrix: Matrix
    """The model's own rows, then those that were found."""
    duals: Floats
    """Of its rows, signed for a maximum."""
    bound: float | None = None
    """What they prove; None: no row was found that is worth anything."""

    def charged(self, own: int) -> Floats:
        """What the rows behind the first ``own`` take from each column at their prices, shape (n,)."""
        charged: Floats = self.matrix.rows[own:].T @ self.duals[own:]
        return charged


Solver = Callable[[Matrix, float], tuple[Floats, float] | None]
"""Row duals of the relaxation of a model, and what they prove, within so many seconds; None: there are none."""


@dataclass(frozen=True)
class RoundedParameters:
    """How often the relaxation is solved again."""

    rounds: int = 2
    """At the most. On a province 1.0486 → 1.0306 → 1.0292 → 1.0291, 7 to 10 s of the processor each."""
    search: float = 0.2
    """Share of the time for looking for rows in a round."""


def as_it_is(matrix: Matrix, seconds: float) -> tuple[Floats, float] | None:
    """The relaxation solved whole."""
    duals = row_duals(matrix, max(seconds, 0.1))
    return None if duals is None else (duals, Priced.of(matrix).bound(duals))


@dataclass
class Sifted:
    """The relaxation sifted, each time from the columns that the time before has come to."""

    block: Ints
    columns: Ints
    threads: int
    seed: int
    stop: StopSign

    def __call__(self, matrix: Matrix, seconds: float) -> tuple[Floats, float] | None:
        """Duals and bound."""
        sieve = Sieve(matrix, self.block, seconds, self.threads, self.seed, lambda _: None, self.stop, known=self.columns)
        sieve.prove()
        self.columns = sieve.columns
        return None if sieve.duals is None else (sieve.duals, sieve.bound)


def rounded(
    matrix: Matrix,
    block: Ints,
    duals: Floats,
    solver: Solver,
    seconds: float,
    stop: StopSign,
    parameters: RoundedParameters = RoundedParameters(),
) -> Rounded:
    """The relaxation of a model with rows that cut off its optimum, as far as whole columns say so; ``duals``: of this optimum."""
    until = time.monotonic() + seconds
    best = Rounded(matrix, duals)
    for _ in range(parameters.rounds):
        left = until - time.monotonic()
        if left <= 0.0 or stop():
            break
        more = _with_rows(best, block, parameters.search * left, stop)
        found = None if more is None else solver(more, until - time.monotonic())
        if more is None or found is None or (best.bound is not None and found[1] >= best.bound):
            break
        best = Rounded(more, *found)
    return best


def _with_rows(best: Rounded, block: Ints, seconds: float, stop: StopSign) -> Matrix | None:
    """The model with rows that cut off what it takes at the prices of its places; None: there are none."""
    priced = price_places(best.matrix, block, best.duals)
    model, own = priced.matrix, priced.matrix.rows.shape[0]
    rows = mixed_rows(model)
    found = closed(model, lambda point: separated(rows, point), seconds, stop).matrix
    if found is model:
        return None
    # A row over sums of columns is one over the columns.
    sums = incidence(priced.column, np.arange(len(priced.column)), (model.rows.shape[1], len(priced.column)))
    return best.matrix.with_rows(found.rows[own:] @ sums, found.row_lower[own:], found.row_upper[own:])
