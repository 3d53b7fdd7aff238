"""Rows of one constraint family: sparse entries, bounds, and what each row is about (so that it can be said in words)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.case.case import Floats, Ints
from planner.layout.columns import Layout


@dataclass(frozen=True, eq=False)
class Rows:
    """m rows over all n columns: ``lower ≤ matrix · x ≤ upper``.

    ``about`` says what each row speaks of: positions by kind (``candidate``, ``park``, ``link``, ``quarter``, ``resource``,
    ``place``, ``fund``, ``team``, ``rule``, ``group``, ``term``), each of shape (m,).
    """

    matrix: csr_array
    lower: Floats
    upper: Floats
    about: Mapping[str, Ints]

    @property
    def size(self) -> int:
        """m."""
        return len(self.lower)

    def only(self, kept: Ints) -> Rows:
        """Some of the rows."""
        about = {key: values[kept] for key, values in self.about.items()}
        return Rows(csr_array(self.matrix[kept]), self.lower[kept], self.upper[kept], about)


def rows_of(
    layout: Layout,
    entries: tuple[Ints, Ints, Floats],
    about: Mapping[str, Ints],
    lower: Floats | float = -np.inf,
    upper: Floats | float = np.inf,
) -> Rows:
    """As many rows as ``about`` speaks of, from entries (row, column, value); zeros are dropped, repeated ones add up."""
    row, column, value = entries
    m, keep = len(next(iter(about.values()))), value != 0
    matrix = csr_array((value[keep], (row[keep], column[keep])), shape=(m, layout.columns))
    matrix.sum_duplicates()
    low, high = (np.broadcast_to(np.asarray(side, dtype=float), m).copy() for side in (lower, upper))
    return Rows(matrix, low, high, about)


def number(groups: Ints) -> tuple[Ints, Ints]:
    """Rows numbered by the distinct values of ``groups``: (row of each entry, value of each row)."""
    values, row = np.unique(groups, return_inverse=True)
    return row.astype(np.int64), values.astype(np.int64)


def numbering(positions: Ints, size: int) -> Ints:
    """The row of each position where ``positions`` have the rows 0, 1, …; −1 elsewhere and at the end; shape (size + 1,)."""
    row_of = np.full(size + 1, -1, dtype=np.int64)
    row_of[positions] = np.arange(len(positions))
    return row_of


def stack(layout: Layout, parts: Sequence[Rows]) -> Rows:
    """Rows of one family laid under each other; they speak of the same kinds of things. None is no rows."""
    filled = [part for part in parts if part.size]
    if not filled:
        return Rows(csr_array((0, layout.columns)), np.zeros(0), np.zeros(0), {})
    return Rows(
        csr_array(vstack([part.matrix for part in filled], format="csr")),
        np.concatenate([part.lower for part in filled]),
        np.concatenate([part.upper for part in filled]),
        {key: np.concatenate([part.about[key] for part in filled]) for key in filled[0].about},
    )
