r"""Few choices at once: where a row speaks of few choices, every combination of them is written down.

A link's shortage :math:`u \ge D - \sum_i s_i Y_i`, its backup :math:`b \le \sum_i w_i Y_i / W`: each :math:`Y_i\in\{0,1\}` says
that a project comes, wherever and whenever. The linear relaxation fills such rows with fractions of projects. With a weight
:math:`\lambda_S\ge 0` for every combination :math:`S` of the row's projects,

.. math::
    \sum_S \lambda_S = 1,\qquad Y_i = \sum_{S\ni i}\lambda_S,\qquad
    u \ge \sum_S \lambda_S\,\max(0, D - s(S)),\qquad b \le \sum_S \lambda_S \,\lfloor\min(1, w(S)/W)\rfloor .

*Why nothing is lost.* In a solution the chosen projects are one combination :math:`S`; with :math:`\lambda_S = 1` the first two
hold. The row says :math:`u \ge D - s(S)` there, and its column is no less than its own lower bound: that is the third; a whole
column may be rounded: that is the fourth. Terms of other columns are first replaced by what weakens the row most (demand that
comes with other projects: none). Combinations that break a row which speaks of these projects alone, or hold two that a row
allows only one of (variants), belong to no solution and are left out. So the whole solutions are those of the model, and the
relaxation is the convex hull of what the rows of these projects allow (Balas, Disjunctive programming, 1979).

Nothing here knows a link. A *choice* is a set of whole columns with one coefficient in a row, of which some row of the model
allows at most one; where a row ties two such sets to each other (placed and scheduled), they are the same choice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from planner.programme.matrix import Bools, Floats, Ints, Matrix
from planner.solvers.own_rows import Own

CHOICES = 8
"""Of how many choices all combinations are written down: at most 2 to this power."""
NEAR = 1e-7


@dataclass(frozen=True, eq=False)
class Choices:
    """Sets of columns of which at most one is 1, each row's parts in terms of them."""

    members: tuple[Ints, ...]
    """Columns of each."""
    apart: Bools
    """Shape (choices, choices): some row allows at most one of the two."""


@dataclass(eq=False)
class _Group:
    """Choices whose combinations are written down, and the rows that gain by it."""

    choices: tuple[int, ...]
    rows: list[_Row] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Row:
    """``Σ value·choice + Σ other·column ≥ side`` with choices of positive values; the rest was weakened away."""

    choices: Ints
    value: Floats
    column: Ints
    other: Floats
    side: float


@dataclass(frozen=True, eq=False)
class Combinations:
    """New columns, one for each combination, and the rows that define and use them."""

    count: int
    rows: csr_array
    """Over the model's columns, then the new ones."""
    lower: Floats
    upper: Floats
    groups: tuple[tuple[int, Bools, tuple[Ints, ...]], ...]
    """(first new column, combinations × choices, columns of each choice)."""

    def values(self, plan: Floats) -> Floats | None:
        """The new columns of a plan; None when it is none of the combinations."""
        out = np.zeros(self.count)
        for first, held, members in self.groups:
            taken = np.array([plan[columns].sum() > 0.5 for columns in members])
            found = np.flatnonzero((held == taken).all(axis=1))
            if not len(found):
                return None
            out[first + found[0]] = 1.0
        return out


def combinations(matrix: Matrix, block: Ints) -> Combinations:
    """The combinations of ``matrix``; ``block``: of each column, −1 none (see :class:`~planner.programme.matrix.Periods`)."""
    rows, choices = _rows(matrix, block)
    groups = _groups(rows, choices)
    return _written(matrix, groups, choices)


def _rows(matrix: Matrix, block: Ints) -> tuple[list[_Row], Choices]:
    """Every side of a row that speaks of few choices, and the choices."""
    short = _short(matrix, block)
    ties = _ties(matrix, block)
    names: dict[tuple[int, ...], int] = {}
    found: list[tuple[list[tuple[int, float]], Ints, Floats, float, bool]] = []
    for row in short.tolist():
        entries = slice(matrix.rows.indptr[row], matrix.rows.indptr[row + 1])
        column, value = matrix.rows.indices[entries].astype(np.int64), matrix.rows.data[entries]
        for sign, side in ((1.0, matrix.row_lower[row]), (-1.0, -matrix.row_upper[row])):
            if np.isfinite(side):
                part = _part(matrix, block, ties, column, sign * value, float(side))
                if part is not None:
                    found.append((*part, bool(np.isfinite(side))))
    raise NotImplementedError(names)
