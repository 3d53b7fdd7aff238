"""Rows of one constraint family: sparse entries, bounds, and what each row is about (so that it can be said in words)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.language import Words
from planner.programme.layout import Layout
from planner.tables.case import Case, Floats, Ints

INF = np.inf


@dataclass(frozen=True, eq=False)
class Block:
    """m rows over all n columns: ``lower ≤ rows · x ≤ upper``.

    ``about`` says what each row speaks of: positions by kind (``candidate``, ``park``, ``link``, ``quarter``, ``resource``,
    ``place``, ``fund``, ``team``, ``rule``, ``group``, ``other``), each of shape (m,).
    """

    rows: csr_array
    lower: Floats
    upper: Floats
    about: Mapping[str, Ints]

    @property
    def size(self) -> int:
        """m."""
        return len(self.lower)


@dataclass(frozen=True)
class Family:
    """One kind of limit (R11): its name, its formula, and how its rows are made and said.

    ``business`` families are rules somebody made, which an explanation of infeasibility may relax; the others are what
    the model is (identities).
    """

    name: str
    title: Words
    formula: str
    row: Words
    """What one row says; filled from ``about`` with names."""
    build: Callable[[Case, Layout], Block]
    business: bool = True


def block(
    shape: tuple[int, int],
    row: Ints,
    column: Ints,
    value: Floats,
    lower: Floats | float,
    upper: Floats | float,
    about: Mapping[str, Ints],
) -> Block:
    """A block from coordinate entries; zero entries are dropped, repeated ones add up."""
    keep = value != 0
    rows = csr_array((value[keep], (row[keep], column[keep])), shape=shape)
    rows.sum_duplicates()
    m = shape[0]
    return Block(
        rows,
        np.broadcast_to(np.asarray(lower, dtype=float), m).copy(),
        np.broadcast_to(np.asarray(upper, dtype=float), m).copy(),
        about,
    )


def empty(columns: int) -> Block:
    """No rows."""
    none = np.zeros(0, dtype=np.int64)
    return block((0, columns), none, none, np.zeros(0), 0.0, 0.0, {})


def number(groups: Ints) -> tuple[Ints, Ints]:
    """Rows numbered by the distinct values of ``groups``: (row of each entry, value of each row)."""
    values, row = np.unique(groups, return_inverse=True)
    return row.astype(np.int64), values.astype(np.int64)


def stack(blocks: Sequence[Block], columns: int) -> Block:
    """Blocks of one family laid under each other; they speak of the same kinds of things."""
    filled = [part for part in blocks if part.size]
    if not filled:
        return empty(columns)
    from scipy.sparse import vstack

    return Block(
        csr_array(vstack([part.rows for part in filled], format="csr")),
        np.concatenate([part.lower for part in filled]),
        np.concatenate([part.upper for part in filled]),
        {key: np.concatenate([part.about[key] for part in filled]) for key in filled[0].about},
    )
