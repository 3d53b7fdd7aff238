"""Sums, ranks and ranges over groups of numbers, vectorised: what searches and bounds ask of sparse rows and of blocks."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

from planner.solvers.protocol import Bools, Floats, Indices, Ints, Matrix


def incidence(row: Indices, column: Indices, shape: tuple[int, int]) -> csr_array:
    """The 0-1 table with a 1 wherever a pair of row and column stands, once or more often."""
    table = csr_array((np.ones(len(row)), (row, column)), shape=shape)
    table.data[:] = 1.0
    return table


def diagonal(values: Floats | Bools) -> csr_array:
    """The square table with these values on its diagonal; what it is multiplied with has its rows or columns taken so many times."""
    size = len(values)
    return csr_array((np.asarray(values, dtype=float), np.arange(size), np.arange(size + 1)), shape=(size, size))


def extent(group: Indices, value: Ints, count: int) -> tuple[Ints, Ints]:
    """Least and greatest value in each of ``count`` groups; one without any has a least above its greatest."""
    least, most = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(least, group, value)
    np.maximum.at(most, group, value)
    return least, most


def row_extent(rows: csr_array, number: Ints) -> tuple[Ints, Ints]:
    """Least and greatest number of the columns that stand in each row; ``number``: of each column. As :func:`extent`, without copies."""
    least, most = np.full(rows.shape[0], np.iinfo(np.int64).max), np.full(rows.shape[0], -1)
    filled = np.flatnonzero(np.diff(rows.indptr))
    if len(filled):
        of, begin = number[rows.indices], rows.indptr[filled]
        least[filled], most[filled] = np.minimum.reduceat(of, begin), np.maximum.reduceat(of, begin)
    return least, most


def rank(key: Ints) -> Ints:
    """Of each element its place among the neighbours of the same key, from 0."""
    begin = np.flatnonzero(np.r_[True, np.diff(key) != 0]) if len(key) else np.zeros(0, dtype=np.int64)
    return np.arange(len(key)) - np.repeat(begin, np.diff(np.r_[begin, len(key)]))


def drawn(key: Ints, many: int, seed: int) -> Ints:
    """At most so many elements of each key, by chance: their numbers, ascending."""
    order = np.lexsort((np.random.default_rng(seed).random(len(key)), key))
    return np.sort(order[rank(key[order]) < many])


def per_group(rows: csr_array, group: Ints, size: Ints) -> tuple[Ints, Ints, Floats, Floats, Bools]:
    """(row, group, least, greatest coefficient, whether columns of the group are missing) for all that meet in ``rows``. ``group``:
    of each column; ``size``: how many columns each has."""
    entries = coo_array(rows)
    key = entries.row.astype(np.int64) * len(size) + group[entries.col]
    order = np.argsort(key, kind="stable")
    key, value = key[order], entries.data[order]
    first = np.flatnonzero(np.r_[True, np.diff(key) > 0]) if len(key) else np.zeros(0, dtype=np.int64)
    found = np.diff(np.r_[first, len(key)])
    least = np.minimum.reduceat(value, first) if len(key) else value
    most = np.maximum.reduceat(value, first) if len(key) else value
    row, column = key[first] // len(size), key[first] % len(size)
    return row, column, least, most, found < size[column]


def joined(matrix: Matrix, group: Ints, count: int) -> tuple[Floats, Floats, Bools]:
    """(lower, upper, whole): bounds of each group of columns of which at most one is not 0, and whether one of them is whole."""
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, group, matrix.lower)
    np.maximum.at(high, group, matrix.upper)
    whole = np.zeros(count, dtype=bool)
    whole[group[matrix.integer]] = True
    return low, high, whole
