"""Which columns of a very large model a first plan looks at, and a model whose totals are written out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.solvers.check import makes_up
from planner.solvers.groups import rank
from planner.solvers.protocol import Bools, Ints, Matrix

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
    """Some columns, with their blocks."""
    periods = matrix.periods
    assert periods is not None
    return replace(matrix.part(columns), periods=replace(periods, block=periods.block[columns]))


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
    shared = _shared(matrix.rows, block)
    columns = csr_array(matrix.rows).T
    value = matrix.objective + columns @ price
    use = np.maximum(columns @ np.where(shared, 1.0 / room, 0.0), 0.0)
    use *= 1.0 - parameters.tilt * np.random.default_rng(seed).random(len(use))
    mine = np.flatnonzero(block >= 0)
    side = matrix.periods.relaxed[matrix.periods.column[mine]]
    count = int(block.max(initial=-1)) + 1
    many = max(parameters.ways, most // max(2 * count, 1))
    order = np.lexsort((use[mine], side, block[mine]))
    few = mine[order[rank((2 * block[mine] + side)[order]) < many]]
    # What a block brings and takes at its best on each side; the sides add up.
    first = np.flatnonzero(np.diff(2 * block[few] + matrix.periods.relaxed[matrix.periods.column[few]], prepend=-1))
    brings = np.bincount(block[few[first]], np.maximum.reduceat(value[few], first), count)
    takes = np.bincount(block[few[first]], use[few[first]], count)
    of = np.full(count, -1)
    of[block[few]] = cluster[few]
    best = np.lexsort((-brings / np.maximum(takes, NOISE), of))
    turn = np.empty(count, dtype=np.int64)
    turn[best] = rank(of[best])
    width = np.bincount(block[few], minlength=count)
    queue = np.argsort(np.where(brings > 0.0, turn, count), kind="stable")
    taken = np.zeros(count, dtype=bool)
    taken[queue[np.cumsum(width[queue]) <= most]] = True
    return np.union1d(few[taken[block[few]]], np.flatnonzero(block < 0)).astype(np.int64)


def _shared(rows: csr_array, block: Ints) -> Bools:
    """Rows that are not of one block alone."""
    filled = np.flatnonzero(np.diff(rows.indptr))
    owner, begin = block[rows.indices], rows.indptr[filled]
    out = np.zeros(rows.shape[0], dtype=bool)
    out[filled] = np.minimum.reduceat(owner, begin) < np.maximum.reduceat(owner, begin) if len(filled) else False
    return out


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
