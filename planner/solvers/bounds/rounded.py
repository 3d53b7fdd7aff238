"""The linear relaxation with rows by mixed-integer rounding: a tighter bound, and better prices for those that go on from it.

The rows wanted lie where nothing is said of places: links are filled by whole firms, wherever these stand. So they are looked for at the
prices of the places (:func:`planner.solvers.bounds.relaxations.price_places`), where a round takes tenths of a second even for a province; with
what is found there the relaxation itself is sifted again from the columns that it had (:mod:`planner.solvers.bounds.sifting`), twelve times as
fast as it is solved whole with these rows where columns are 50,000, and three times where they are 18,000; and so on. A row treats all places of a choice alike, so that what asks for no
place afterwards has it, too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from planner.solvers.bounds.cuts import closed
from planner.solvers.bounds.mixed import mixed_rows, separated
from planner.solvers.bounds.relaxations import price_places
from planner.solvers.bounds.sifting import Sieve
from planner.solvers.groups import incidence
from planner.solvers.protocol import Floats, Ints, Matrix, StopSign


@dataclass(frozen=True, eq=False)
class Rounded:
    """The relaxation with its rows."""

    matrix: Matrix
    """The model's own rows, then those that were found."""
    duals: Floats
    """Of its rows, signed for a maximum."""
    bound: float
    """What they prove."""

    def apart(self, own: int) -> tuple[Floats, Floats]:
        """Prices of the first ``own`` rows, and what the rows behind them take from each column at theirs, shape (n,)."""
        return self.duals[:own], self.matrix.rows[own:].T @ self.duals[own:]


@dataclass(frozen=True)
class RoundedParameters:
    """How often the relaxation is solved again."""

    rounds: int = 2
    """At the most. On a province 1.0486 → 1.0306 → 1.0292 → 1.0291, 5 to 7 s of the processor each."""
    search: float = 0.2
    """Share of the time for looking for rows in a round."""


def rounded(
    begun: Rounded,
    block: Ints,
    seconds: float,
    seed: int,
    stop: StopSign,
    threads: int = 1,
    known: Ints | None = None,
    parameters: RoundedParameters = RoundedParameters(),
) -> Rounded:
    """The relaxation with rows that cut off its optimum, as far as whole columns say so; ``begun`` itself where none prove more.

    Args:
        begun: the relaxation as it is, with the duals of its optimum.
        known: columns that sifting begins with; None: as many as there are rows, those that are nearest to being worth it.
    """
    until = time.monotonic() + seconds
    best, columns, matrix = begun, known, begun.matrix
    if columns is None:
        columns = np.sort(np.argsort(matrix.rows.T @ begun.duals - matrix.objective, kind="stable")[: matrix.rows.shape[0]])
    for _ in range(parameters.rounds):
        left = until - time.monotonic()
        if left <= 0.0 or stop():
            break
        more = _with_rows(best, block, parameters.search * left, stop)
        if more is None:
            break
        sieve = Sieve(more, block, until - time.monotonic(), threads, seed, lambda _: None, stop, known=columns)
        sieve.prove()
        if sieve.duals is None or sieve.bound >= best.bound:
            break
        best, columns = Rounded(more, sieve.duals, sieve.bound), sieve.columns
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
