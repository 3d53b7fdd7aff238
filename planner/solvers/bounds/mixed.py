r"""Rows by mixed-integer rounding: what a row says once its whole columns are known to be whole.

A link lacks what two and a half firms bring. The linear relaxation takes two and a half of them, and nothing is short; a plan takes two
or three, and pays for what is short or for more than is wanted. Of a row :math:`\sum_j a_j z_j \le b + s` with whole :math:`z_j \ge 0` and
:math:`s \ge 0`, divided by :math:`\delta > 0`, with :math:`\hat b = b/\delta - \lfloor b/\delta\rfloor` and :math:`\hat a_j` likewise, each
solution meets (Nemhauser & Wolsey, Math. Program. 46, 1990)

.. math:: \sum_j \Bigl(\lfloor a_j/\delta \rfloor + \frac{\max(\hat a_j - \hat b, 0)}{1 - \hat b}\Bigr) z_j
          \;\le\; \lfloor b/\delta \rfloor + \frac{s}{\delta (1 - \hat b)} .

Each column stands for its distance from the bound that the point is nearer to, and as :math:`\delta` come the coefficients of columns that
the point divides, their largest one halved and quartered, and one above all (Marchand & Wolsey, Oper. Res. 49, 2001). A column that is not
whole, if its coefficient is negative, belongs to s, and otherwise only makes the left side smaller. The coefficients depend continuously on
all numbers but :math:`\hat b`, which is kept from 0 and 1; so their rounding is no more than that of a row.

One row at a time is looked at. Solvers of whole models have such rows of their own; for relaxations that are too large for them, and for
prices, they are worth more than anything else: of a province 1.0486 → 1.0292 (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.solvers.bounds.cuts import Cut
from planner.solvers.protocol import Bools, Floats, Ints, Matrix
from planner.tolerances import ROUNDING, rounding

DIVIDED = 1e-6
"""How far from its bounds a whole column counts as divided."""


@dataclass(frozen=True)
class MixedParameters:
    """What is tried, and what is worth a row."""

    divisors: int = 12
    """Coefficients of divided columns that are tried, at the most."""
    clear: float = 0.01
    """How far the fraction of the side has to be from 0 and 1."""
    violated: float = 1e-4
    """How far the point has to lie outside, as a distance."""
    full: float = 1e-6
    """What a point may leave of a row, of its size, for the row to be looked at."""


@dataclass(frozen=True, eq=False)
class Row:
    """Σ coefficient · x ≤ side, with the bounds of its columns; each column has one at least."""

    columns: Ints
    coefficients: Floats
    whole: Bools
    lower: Floats
    upper: Floats
    side: float
    size: float
    """The larger of Σ|coefficient| over whole columns and the side."""


def mixed_rows(matrix: Matrix) -> list[Row]:
    """Sides of rows that hold two whole columns or more."""
    rows, found = matrix.rows, []
    count = np.bincount(np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), matrix.integer[rows.indices], rows.shape[0])
    for number in np.flatnonzero(count >= 2).tolist():  # one alone is a bound
        span = slice(rows.indptr[number], rows.indptr[number + 1])
        columns, values = rows.indices[span].astype(np.int64), rows.data[span]
        low, high, whole = matrix.lower[columns], matrix.upper[columns], matrix.integer[columns]
        if (np.isfinite(low) | np.isfinite(high)).all():
            for sign, side in ((1.0, matrix.row_upper[number]), (-1.0, -matrix.row_lower[number])):
                if np.isfinite(side):
                    size = max(float(np.abs(values).sum()), abs(float(side)))
                    found.append(Row(columns, sign * values, whole, low, high, float(side), size))
    return found


def separated(rows: list[Row], point: Floats, parameters: MixedParameters = MixedParameters()) -> Iterator[Cut]:
    """Of each row that the point, shape (n,), fills the cut that it lies farthest outside of, if there is one."""
    for row in rows:
        at = point[row.columns]
        if row.coefficients @ at >= row.side - parameters.full * row.size:
            cut = _farthest(row, at, parameters)
            if cut is not None:
                yield cut


def _farthest(row: Row, at: Floats, parameters: MixedParameters) -> Cut | None:
    """The cut of the row that ``at``, shape of its columns, lies farthest outside of; None: it meets them all."""
    below, above = at - row.lower, row.upper - at
    turned = above < below
    distance = np.maximum(np.where(turned, above, below), 0.0)
    value = np.where(turned, -row.coefficients, row.coefficients)
    bound = np.where(turned, row.upper, row.lower)
    # What the check of plans lets pass is no breach here either.
    room = row.side + float(rounding(row.size)) - float(row.coefficients @ bound)
    whole, slack = row.whole, ~row.whole & (value < 0.0)
    own, z = value[whole], distance[whole]
    divided = np.abs(z - np.rint(z)) > DIVIDED
    if not divided.any():
        return None
    divisors = _divisors(own, divided, parameters.divisors)
    quotient, sides = own / divisors[:, None], room / divisors
    floor, least = np.floor(quotient), np.floor(sides)
    fraction = sides - least
    usable = (fraction >= parameters.clear) & (fraction <= 1.0 - parameters.clear)
    if not usable.any():
        return None
    divisors, fraction, least = divisors[usable], fraction[usable], least[usable]
    scale = divisors * (1.0 - fraction)
    made = floor[usable] + np.maximum(quotient[usable] - floor[usable] - fraction[:, None], 0.0) / (1.0 - fraction[:, None])
    paid = -float(value[slack] @ distance[slack])
    outside = (made @ z - least - paid / scale) / np.maximum(np.sqrt((made**2).sum(axis=1)), 1.0)
    best = int(outside.argmax())
    if outside[best] <= parameters.violated:
        return None
    coefficient = np.zeros(len(at))
    coefficient[whole] = made[best]
    coefficient[slack] = value[slack] / scale[best]
    coefficient[turned] *= -1.0
    used = coefficient != 0.0
    terms = coefficient[used] * bound[used]
    room = ROUNDING * (float(np.abs(terms).sum()) + float(np.abs(made[best]).sum()) + abs(least[best]))
    return Cut(row.columns[used], coefficient[used], float(least[best] + terms.sum() + room))


def _divisors(own: Floats, divided: Bools, most: int) -> Floats:
    """What a row of whole columns with coefficients ``own`` is divided by; > 0, ascending."""
    size = np.abs(own)
    some = np.unique(size[divided & (size > 0.0)])
    if len(some) > most:
        some = some[np.linspace(0, len(some) - 1, most).astype(np.int64)]
    largest = float(size.max(initial=0.0))
    return np.unique(np.r_[some, 2.0 * largest, some[-1:] / 2.0, some[-1:] / 4.0]) if largest > 0.0 else np.ones(1)
