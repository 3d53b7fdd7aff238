r"""Rows that hold for every whole solution of one row, though no row of the model says so.

A row of 0-1 columns :math:`\sum_j w_j x_j \le b` with large weights allows mixtures that no choice comes near: a team for 100 that
lands two thirds of a firm of 60 and all of another of 60. Its whole points span a polytope, the knapsack polytope, and a point of the
linear relaxation outside it is cut off by a row :math:`\alpha x \le \beta` (Boccia; Avella, Boccia & Vasilyev, Comput. Optim. Appl.
45, 2010, who solve generalised assignment by it):

1. Columns that are 1 at the point stay 1, those that are 0 stay 0. Of what is left, few columns, the row farthest from the
   point is an optimum of

   .. math:: \max \bar x \alpha \quad\text{s.t.}\quad \alpha s \le 1 \text{ for each whole } s \text{ that fits},\ 0 \le \alpha \le 1,

   whose rows are found one after the other: the next :math:`s` is the best one at the prices :math:`\alpha`.
2. :math:`\alpha` is made whole by a common denominator. From here on nothing depends on what a linear programme has said:
   :math:`\beta` is what the columns come to at the most, by the least weight of each sum (dynamic programming over sums).
3. The columns left out come back one by one, each with the largest coefficient that keeps the row true (lifting), by the same sums.

A set fits where the check of plans lets it (:func:`planner.tolerances.rounding`): no row here forbids a plan that is accepted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.bounds.cuts import Cut, CutParameters, closed
from planner.solvers.check import value_of
from planner.solvers.lp import new_highs
from planner.solvers.protocol import Bools, Floats, Ints, Listener, Matrix, Solution, Solver, Stopping, StopSign, never
from planner.tolerances import rounding

WHOLE = 1e-6
"""How far from 0 and 1 a column still counts as either."""
SAME = 1e-6
"""Difference of two sums of prices, weights or coefficients that is no difference, relative to the largest of their terms."""
FRACTION = 1e-5
"""How far a price may be from a fraction that it is taken for: whether the row is true is found out afterwards."""


@dataclass(frozen=True)
class KnapsackParameters:
    """How much is looked for, and when that is enough."""

    wide: int = 40
    """Columns between 0 and 1 up to which a row is looked at."""
    points: int = 200
    """Whole points that describe a polytope, at the most."""
    nodes: int = 5_000
    """Of a search for the best whole point."""
    denominator: int = 300
    """The largest that is tried."""
    violated: float = 1e-4
    """What a row must cut off, of its side."""
    loop: CutParameters = field(default_factory=CutParameters)
    seconds: float = 0.08
    """Share of the time in which rows are looked for before a solver begins."""
    pays: float = 0.2
    """Share of the distance between relaxation and plan below which rows are not worth what they cost. Measured, CBC with them, 20 s: drawn
    assignment of type d −6318.1 → −6322.0, family 21 (0.33 of the distance) 0.5834 → 0.5810, 33 (0.13) no better, 31 (0.03) worse."""


@dataclass(frozen=True, eq=False)
class Knapsack:
    """One side of a row as Σ weight · y ≤ room over 0-1 columns, y = 1 − x where ``turned``."""

    columns: Ints
    turned: Bools
    weights: Floats
    """> 0."""
    room: float

    def at(self, point: Floats) -> Floats:
        """The y of its columns at a point x, shape (n,)."""
        own = np.clip(point[self.columns], 0.0, 1.0)
        return np.where(self.turned, 1.0 - own, own)


def knapsacks(matrix: Matrix) -> list[Knapsack]:
    """Rows of 0-1 columns alone, side by side, that not all columns can fill together and that are more than a count."""
    binary = matrix.integer & (matrix.lower >= 0.0) & (matrix.upper <= 1.0)
    rows, found = matrix.rows, []
    plain = np.bincount(np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), ~binary[rows.indices], rows.shape[0]) == 0
    for row in np.flatnonzero(plain).tolist():
        span = slice(rows.indptr[row], rows.indptr[row + 1])
        columns, values = rows.indices[span].astype(np.int64), rows.data[span]
        for sign, side in ((1.0, matrix.row_upper[row]), (-1.0, -matrix.row_lower[row])):
            knapsack = _knapsack(matrix, columns, sign * values, float(side)) if np.isfinite(side) else None
            found += [] if knapsack is None else [knapsack]
    return found


def _knapsack(matrix: Matrix, columns: Ints, values: Floats, side: float) -> Knapsack | None:
    """Σ value · x ≤ side over 0-1 columns; None: everything fits, nothing does, or it says how many and no more."""
    room = side + float(rounding(max(np.abs(values).sum(), abs(side))))
    fixed = matrix.lower[columns] == matrix.upper[columns]
    room -= float(values[fixed] @ matrix.lower[columns[fixed]])
    free = ~fixed & (values != 0.0)
    columns, values = columns[free], values[free]
    turned, weights = values < 0.0, np.abs(values)
    room += float(weights[turned].sum())
    if len(weights) < 2 or room < 0.0 or weights.sum() <= room:
        return None
    counts = np.ptp(weights) <= SAME * weights.max() and room / weights[0] % 1.0 <= SAME
    return None if counts else Knapsack(columns, turned, weights, room)


def cut_off(knapsack: Knapsack, point: Floats, parameters: KnapsackParameters = KnapsackParameters()) -> Cut | None:
    """A row that holds for every whole point of the knapsack and not for ``point``, shape (n,); None: there is none, or it was not
    found."""
    at = knapsack.at(point)
    between = np.flatnonzero((at > WHOLE) & (at < 1.0 - WHOLE))
    ones, zeros = np.flatnonzero(at >= 1.0 - WHOLE), np.flatnonzero(at <= WHOLE)
    room = knapsack.room - float(knapsack.weights[ones].sum())
    if not 0 < len(between) <= parameters.wide or room < 0.0 or knapsack.weights[between].sum() <= room:
        return None
    prices = _farthest(knapsack.weights[between], at[between], room, parameters)
    whole = None if prices is None else _whole(prices, parameters.denominator)
    if whole is None:
        return None
    coefficient = np.zeros(len(at), dtype=np.int64)
    coefficient[between] = whole
    side = _lifted(knapsack, coefficient, ones, zeros[np.argsort(-at[zeros], kind="stable")])
    if coefficient @ at <= side * (1.0 + parameters.violated) + SAME:
        return None
    used = np.flatnonzero(coefficient)
    turned, value = knapsack.turned[used], coefficient[used].astype(np.float64)
    return Cut(knapsack.columns[used], np.where(turned, -value, value), float(side - value[turned].sum()))


def _farthest(weights: Floats, at: Floats, room: float, parameters: KnapsackParameters) -> Floats | None:
    """Prices of the columns at which no whole point that fits is worth more than the side, 1 or 0, and ``at`` is; None: there are none."""
    alone = weights > room
    if alone.any():
        return alone.astype(np.float64)  # none of them fits beside what is 1
    count = len(weights)
    index = np.arange(count, dtype=np.int32)
    without_rows = Matrix(
        objective=at,
        offset=0.0,
        rows=csr_array((0, count)),
        row_lower=np.zeros(0),
        row_upper=np.zeros(0),
        lower=np.zeros(count),
        upper=np.ones(count),
        integer=np.zeros(count, dtype=bool),
    )
    highs = new_highs(without_rows, threads=1, presolve="off")
    points = [index[[column]] for column in range(count)]
    for _ in range(parameters.points):
        for point in points:
            highs.addRow(-np.inf, 1.0, len(point), point, np.ones(len(point)))
        highs.run()
        prices = np.asarray(highs.getSolution().col_value)
        if prices @ at <= 1.0 + parameters.violated:
            return None
        best = _best(weights, prices, room, parameters.nodes)
        if best is None:
            return None
        if prices[best].sum() <= 1.0 + SAME:
            return prices
        points = [index[best]]
    return None


def _best(weights: Floats, prices: Floats, room: float, nodes: int) -> list[int] | None:
    """The columns that fit and are worth the most; None: not found within so many nodes. Depth first, the best by price for weight
    before all others, bounded by what fits if the last one is taken in part."""
    order = np.argsort(-prices / weights, kind="stable")
    order = order[prices[order] > SAME]
    weight, price, count = weights[order].tolist(), prices[order].tolist(), len(order)
    best, value, seen = [], 0.0, 0
    stack: list[tuple[int, float, float, tuple[int, ...]]] = [(0, room, 0.0, ())]
    while stack:
        at, left, worth, taken = stack.pop()
        seen += 1
        if seen > nodes:
            return None
        if worth > value + SAME:
            best, value = list(taken), worth
        bound, space = worth, left
        for column in range(at, count):
            if weight[column] > space:
                bound += price[column] * space / weight[column]
                break
            space -= weight[column]
            bound += price[column]
        if at == count or bound <= value + SAME:
            continue
        stack.append((at + 1, left, worth, taken))
        if weight[at] <= left:
            stack.append((at + 1, left - weight[at], worth + price[at], (*taken, at)))
    return [int(column) for column in order[best]]


def _whole(prices: Floats, most: int) -> Ints | None:
    """The prices times their least common denominator; None: it is larger than ``most``."""
    for denominator in range(1, most + 1):
        times = prices * denominator
        if np.abs(times - np.rint(times)).max() <= FRACTION:
            return np.rint(times).astype(np.int64)
    return None


class _Sums:
    """The least weight of each sum of coefficients that columns come to."""

    def __init__(self) -> None:
        self.least: Floats = np.zeros(1)

    def add(self, weight: float, coefficient: int) -> None:
        """One more column."""
        longer = np.append(self.least, np.full(coefficient, np.inf))
        longer[coefficient:] = np.minimum(longer[coefficient:], self.least + weight)
        self.least = longer

    def most(self, room: float) -> int:
        """The largest sum that fits; −1: not even none of the columns does."""
        fits = np.flatnonzero(self.least <= room)
        return int(fits[-1]) if fits.size else -1


def _lifted(knapsack: Knapsack, coefficient: Ints, ones: Ints, zeros: Ints) -> int:
    """The side of the row, with the coefficients of ``ones`` and ``zeros`` written into ``coefficient``, each the largest for which the
    row holds with those before it."""
    weights, sums = knapsack.weights, _Sums()
    for column in np.flatnonzero(coefficient).tolist():
        sums.add(weights[column], int(coefficient[column]))
    room = knapsack.room - float(weights[ones].sum())
    side = sums.most(room)
    for column in ones[np.argsort(weights[ones], kind="stable")].tolist():  # from 1 on: what fits where it is not
        room += weights[column]
        more = max(sums.most(room) - side, 0)
        coefficient[column] = more
        side += more
        sums.add(weights[column], more)
    for column in zeros.tolist():
        if weights[column] <= knapsack.room:
            less = side - sums.most(knapsack.room - weights[column])
            coefficient[column] = less
            sums.add(weights[column], less)
        else:
            coefficient[column] = max(side, 0)  # it is never taken
    return side


def strengthened(
    matrix: Matrix,
    value: float | None,
    seconds: float,
    stop: StopSign = never,
    parameters: KnapsackParameters = KnapsackParameters(),
) -> Matrix:
    """The model with rows that cut off points of its linear relaxation and no whole solution; itself where they close too little of what is
    between the relaxation and a plan of that ``value`` (None: no plan is known, and any row is welcome). At most so many ``seconds`` of
    the processor: while the process stands still, nothing is used up."""
    rows = knapsacks(matrix)
    if not rows:
        return matrix

    def separate(point: Floats) -> Iterator[Cut]:
        for row in _full(rows, point):
            cut = cut_off(row, point, parameters)
            if cut is not None:
                yield cut

    found = closed(matrix, separate, seconds, stop, parameters.loop)
    course = found.course
    if len(course) < 2 or (value is not None and course[0] - course[-1] <= parameters.pays * (course[0] - value)):
        return matrix
    return found.matrix


def _full(rows: list[Knapsack], point: Floats) -> list[Knapsack]:
    """Those that the point fills: one that has room is seldom what keeps it where it is."""
    return [row for row in rows if row.weights @ row.at(point) >= row.room * (1.0 - SAME) - SAME * row.weights.max()]


@dataclass(frozen=True)
class Strengthened:
    """A solver that begins with these rows; the plan that it is given also tells whether they are worth their while. The columns are those of
    the model, so its plans and bounds are, too."""

    solver: Solver
    parameters: KnapsackParameters = KnapsackParameters()

    @property
    def name(self) -> str:
        """That of the solver."""
        return self.solver.name

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise, with the rows from the beginning."""
        began, seconds = time.monotonic(), self.parameters.seconds * stopping.time_limit
        value = None if start is None else value_of(matrix, start)
        strong = strengthened(matrix, value, seconds, stop, self.parameters)
        return self.solver.solve(strong, stopping.after(time.monotonic() - began), listen, start, stop)
