"""Which columns of a very large model a first plan looks at, and a model whose totals are written out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.solvers.check import makes_up
from planner.solvers.groups import rank, row_extent
from planner.solvers.protocol import Ints, Matrix

NOISE = 1e-10
"""Relative; what rounding may take of a row's room."""


@dataclass(frozen=True)
class PromisingParameters:
    """What is kept of each block."""

    ways: int = 8
    """Columns of each side of a block at least, where not all are kept."""
    tilt: float = 0.3
    """What one way of a choice may seem to take up less than another, by chance: alike choices spread over places and periods."""


def narrow(matrix: Matrix, columns: Ints) -> Matrix:
    """Some columns, the others being 0, in the rows that are left of it, with what is known of their structure."""
    part = matrix.part(columns, known=True)
    rows = np.flatnonzero((np.diff(part.rows.indptr) > 0) | (part.row_lower > 0.0) | (part.row_upper < 0.0))
    return replace(part.part(rows=rows, known=True), reference=matrix.reference)


def promising(matrix: Matrix, seed: int, most: int, parameters: PromisingParameters = PromisingParameters()) -> Ints | None:
    """Of a model with very many columns those to be looked at, ascending: every loose one, and of each cluster in turn the blocks
    that bring most for what they take, with the ways of each that take least. None: all."""
    if len(matrix.lower) <= most or matrix.periods is None:
        return None
    block, cluster = matrix.periods.block, matrix.periods.cluster
    lifts = np.flatnonzero(makes_up(matrix))
    price = np.zeros(matrix.rows.shape[0])
    loose = csr_array(csc_array(matrix.rows[:, lifts]).T)  # one entry each
    lacks = matrix.row_lower > 0.0
    paid = -matrix.objective[lifts] / np.where(loose.data == 0.0, 1.0, loose.data)
    np.maximum.at(price, loose.indices, np.where((loose.data > 0) & lacks[loose.indices], paid, 0.0))
    served = np.zeros(len(price), dtype=bool)
    served[loose.indices] = True
    room = np.where(np.isfinite(matrix.row_upper) & ~served & (matrix.row_upper > 0.0), matrix.row_upper, np.inf)
    low, high = row_extent(matrix.rows, block)
    shared = low < high  # of more than one block
    columns = csr_array(matrix.rows).T
    value = matrix.objective + columns @ price
    use = np.maximum(columns @ np.where(shared, 1.0 / room, 0.0), 0.0)
    use *= 1.0 - parameters.tilt * np.random.default_rng(seed).random(len(use))
    # What each block brings and takes at its best on each side; the sides add up.
    mine = np.flatnonzero(block >= 0)
    key = 2 * block[mine] + matrix.periods.relaxed[matrix.periods.column[mine]]
    count = int(block.max(initial=-1)) + 1
    best, least = np.full(2 * count, -np.inf), np.full(2 * count, np.inf)
    np.maximum.at(best, key, value[mine])
    np.minimum.at(least, key, use[mine])
    brings, takes = (np.where(np.isfinite(side), side, 0.0).reshape(-1, 2).sum(axis=1) for side in (best, least))
    many = max(parameters.ways, most // max(2 * count, 1))
    width = np.minimum(np.bincount(key, minlength=2 * count), many).reshape(-1, 2).sum(axis=1)
    of = np.full(count, -1)
    of[block[mine]] = cluster[mine]
    ranked = np.lexsort((-brings / np.maximum(takes, NOISE), of))
    turn = np.empty(count, dtype=np.int64)
    turn[ranked] = rank(of[ranked])
    queue = np.argsort(np.where(brings > 0.0, turn, count), kind="stable")
    taken = np.zeros(count, dtype=bool)
    taken[queue[np.cumsum(width[queue]) <= most]] = True
    inside = taken[block[mine]]
    mine, key = mine[inside], key[inside]
    order = np.lexsort((use[mine], key))
    few = mine[order[rank(key[order]) < many]]
    return np.union1d(few, np.flatnonzero(block < 0)).astype(np.int64)


def written_out(matrix: Matrix, growth: int) -> tuple[Matrix, Ints, Ints]:
    """(the model without columns that only stand for a sum, these columns, the equation of each): a total that several rows are
    held against is written out in each of them."""
    rows = csc_array(matrix.rows)
    width = np.diff(rows.indptr)
    plain = ~matrix.integer & (matrix.objective == 0.0) & (matrix.lower == 0.0) & (width > 1)
    even = matrix.row_lower == matrix.row_upper
    table = csr_array(matrix.rows[:, plain])
    alone = np.flatnonzero(even & (np.diff(table.indptr) == 1))
    column, first = np.unique(np.flatnonzero(plain)[table[alone].indices], return_index=True)
    equation = alone[first]
    if not len(column):
        return matrix, column, equation
    long = np.diff(matrix.rows.indptr)[equation]
    if int((width[column] * long).sum()) > growth * matrix.rows.nnz:
        return matrix, column[:0], equation[:0]
    sums = csr_array(matrix.rows[equation])
    own = sums[np.arange(len(column)), column]
    factor = csr_array(rows[:, column] @ csr_array((1.0 / own, (np.arange(len(column)), np.arange(len(column))))))
    change = factor @ matrix.row_lower[equation]
    made = csr_array(matrix.rows - factor @ sums)
    made.data[np.abs(made.data) < NOISE * np.abs(matrix.rows.data).max()] = 0.0
    made.eliminate_zeros()
    lower, upper = matrix.row_lower - change, matrix.row_upper - change
    lower[equation], upper[equation] = -np.inf, np.inf
    return replace(matrix, rows=made, row_lower=lower, row_upper=upper), column, equation
