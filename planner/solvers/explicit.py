r"""The same model with a column for each choice: whether it is taken at all, and whether by when.

A choice stands in a model as many columns :math:`x_j`, one for each place and each period, of which at most one is 1. A tree that
branches on one of them decides next to nothing when it is 0. Of a choice with columns :math:`j \in S`, those that stand in period
:math:`t` being :math:`S_t`, let

.. math:: y = \sum_{j \in S} x_j, \qquad w_t = w_{t-1} + \sum_{j \in S_t} x_j .

Both are whole, and branching on them halves: taken or not; by the middle of the year or later. And rows become short: what speaks
of the choice alone, as its output, has one entry in place of one for each place; what is paid up to a quarter has one or two. So
coefficients may be tightened (:mod:`planner.solvers.tighten`) as if the choice were one column, which in sums over its places they
cannot be. (Variables "by" in place of "at" are usual in scheduling; Lambert, Brickey, Newman and Eurek, Interfaces 44, 2014.)

No plan more, and none less: the new columns are sums of the others, which an equation each says. In every row and choice that way of
writing is taken that has the fewest entries. What it is worth stands in docs/trials.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from planner.solvers.check import Claim, conclude
from planner.solvers.groups import incidence, row_extent
from planner.solvers.protocol import (
    Bools,
    Floats,
    Ints,
    Listener,
    Matrix,
    Periods,
    Progress,
    Solution,
    Solver,
    Stopping,
    StopSign,
    never,
)
from planner.solvers.tighten import tightened


@dataclass(frozen=True, eq=False)
class Explicit:
    """A model written so, and how its plans belong to those of the model that it was made of."""

    matrix: Matrix
    """The columns of the model, then the new ones."""
    sums: csr_array
    """Of which columns of the model each new column is the sum, shape (new, n)."""

    def inward(self, plan: Floats) -> Floats:
        """A plan of the model as one of :attr:`matrix`."""
        return np.append(plan, self.sums @ plan)

    def outward(self, plan: Floats) -> Floats:
        """The other way round."""
        return plan[: self.sums.shape[1]]


def explicit(matrix: Matrix, steps: bool = True) -> Explicit:
    """The model with these columns; with none where it says nothing of its choices, or each is one column. ``steps``: with those that say
    by when, too."""
    count = len(matrix.objective)
    sets = None if matrix.periods is None else _sets(matrix, matrix.periods, steps)
    if sets is None or not sets.new:
        return Explicit(matrix, csr_array((0, count)))
    rows, new = _written(matrix, sets), sets.new
    equations, sums = csr_array(vstack([sets.taken_rows(), sets.step_rows()])), sets.sums()
    even = np.zeros(equations.shape[0])
    made = replace(
        matrix,
        objective=np.append(matrix.objective, np.zeros(new)),
        rows=csr_array(vstack([rows, equations])),
        row_lower=np.append(matrix.row_lower, even),
        row_upper=np.append(matrix.row_upper, even),
        lower=np.append(matrix.lower, sums @ matrix.lower),
        upper=np.append(matrix.upper, sums @ matrix.upper),
        integer=np.append(matrix.integer, np.ones(new, dtype=bool)),
        periods=None,
        row_names=(),
        column_names=(),
    )
    return Explicit(tightened(made), sums)


@dataclass(frozen=True)
class ByChoice:
    """A solver that is given a model written so."""

    solver: Solver
    steps: bool = True
    """See :func:`explicit`."""

    @property
    def name(self) -> str:
        """That of the solver."""
        return self.solver.name

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise; plans are those of ``matrix``."""
        began, made = time.monotonic(), explicit(matrix, self.steps)
        if made.matrix is matrix:
            return self.solver.solve(matrix, stopping, listen, start, stop)

        def hear(progress: Progress) -> None:
            listen(progress if progress.values is None else replace(progress, values=made.outward(progress.values)))

        left = stopping.after(time.monotonic() - began)
        found = self.solver.solve(made.matrix, left, hear, None if start is None else made.inward(start), stop)
        best, claimed = (None if plan is None else made.outward(plan) for plan in (found.values, found.rejected))
        ended = found.termination
        claim = Claim(ended.reason, best if claimed is None else claimed, ended.bound, ended.detail, ended.work)
        return conclude(matrix, stopping, ended.solver, claim, time.monotonic() - began, start if best is None else best)


@dataclass(frozen=True, eq=False)
class _Sets:
    """Which columns are summed up. ``-1``: none."""

    block: Ints
    """Of each column, then of each new one: its choice."""
    choice: Ints
    """Of each column: the number of the choice of which it is one way to be taken, shape (n,)."""
    step: Ints
    """Of each column: the number of its step, a period of its choice, shape (n,)."""
    taken: Ints
    """Of each choice: the new column that says whether it is taken."""
    first: Bools
    """Of each step: whether it is the first of its choice."""
    apart: Bools
    """Of each choice: whether that column is one of its own, and not that of its last step."""

    @property
    def new(self) -> int:
        """How many columns are new: first those of the steps."""
        return len(self.first) + int(self.apart.sum())

    def differences(self) -> csr_array:
        """Each step as the difference of two new columns, shape (steps, new)."""
        here, later = np.arange(len(self.first)), np.flatnonzero(~self.first)
        value = np.append(np.ones(len(here)), -np.ones(len(later)))
        entries = (value, (np.append(here, later), np.append(here, later - 1)))
        return csr_array(coo_array(entries, shape=(len(here), self.new)))

    def as_taken(self) -> csr_array:
        """Each choice as the column that says whether it is taken, shape (choices, new)."""
        return incidence(np.arange(len(self.taken)), self.taken, (len(self.taken), self.new))

    def taken_rows(self) -> csr_array:
        """Equations of the choices that have a column of their own."""
        rows = csr_array(hstack([_members(self.choice, len(self.taken)), -self.as_taken()]))
        return csr_array(rows[np.flatnonzero(self.apart)])

    def step_rows(self) -> csr_array:
        """Equations of the steps."""
        return csr_array(hstack([_members(self.step, len(self.first)), -self.differences()]))

    def sums(self) -> csr_array:
        """The new columns as sums of the others."""
        steps = len(self.first)
        begin = np.maximum.accumulate(np.where(self.first, np.arange(steps), 0))
        # A step's column adds up the steps of its choice so far.
        each = np.arange(steps) - begin + 1
        row = np.repeat(np.arange(steps), each)
        column = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each) + begin[row]
        so_far = incidence(row, column, (steps, steps)) @ _members(self.step, steps)
        return csr_array(vstack([so_far, _members(self.choice, len(self.taken))[np.flatnonzero(self.apart)]]))


def _members(number: Ints, count: int) -> csr_array:
    """A row for each of ``count`` sets, 1 for each column of that number."""
    inside = np.flatnonzero(number >= 0)
    return incidence(number[inside], inside, (count, len(number)))


def _sets(matrix: Matrix, periods: Periods, steps: bool) -> _Sets:
    """The sets of columns that are worth a column of their own."""
    block, period = periods.block, periods.period
    own = (block >= 0) & matrix.integer & ((matrix.upper > 0.0) | (matrix.lower < 0.0))
    blocks = int(block.max(initial=-1)) + 2  # none, which is −1, is the last one
    relaxed = periods.relaxed[periods.column]
    has = np.bincount(block[own & relaxed], minlength=blocks) > 0
    side = own & (relaxed | ~has[block])  # one of these is 1 where the choice is taken
    side &= np.bincount(block[side], minlength=blocks)[block] > 1
    timed = own & (period >= 0) & steps
    key = block * (int(period.max(initial=0)) + 1) + period
    found = np.unique(key[timed])
    of = found // (int(period.max(initial=0)) + 1)
    several = np.bincount(of, minlength=blocks) > 1
    timed &= several[block]
    found, of = found[several[of]], of[several[of]]
    step = np.full(len(block), -1)
    step[timed] = np.searchsorted(found, key[timed])
    first = np.append(True, of[1:] != of[:-1])[: len(of)]
    last = np.full(blocks, -1)
    last[of] = np.arange(len(of))
    chosen = np.unique(block[side])
    number = np.full(blocks, -1)
    number[chosen] = np.arange(len(chosen))
    choice = np.where(side, number[block], -1)
    same = np.ones(blocks, dtype=bool)
    same[block[side != timed]] = False
    apart = ~(same[chosen] & (last[chosen] >= 0))
    taken = np.where(apart, len(of) + np.cumsum(apart) - 1, last[chosen])
    return _Sets(np.concatenate([block, of, chosen[apart]]), choice, step, taken, first, apart)


def _written(matrix: Matrix, sets: _Sets) -> csr_array:
    """The rows, each choice in each of them as short as it can be."""
    count, new = len(matrix.objective), sets.new
    inside = (sets.choice >= 0) | (sets.step >= 0)
    rest, rows = _only(matrix.rows, ~inside), _only(matrix.rows, inside)
    low, high = row_extent(rows, sets.block[:count])
    plain, taken, alone = (rows, csr_array((len(low), new))), _by_choice(rows, sets), _by_choice(rows, sets, low == high)
    steps = (_by_steps(left, known, sets) for left, known in (alone, taken, plain))
    ways = [csr_array(hstack(way)) for way in (*steps, taken, plain)]
    return csr_array(hstack([rest, plain[1]]) + _shortest(ways, sets.block))


def _only(rows: csr_array, columns: Bools) -> csr_array:
    """The entries in these columns."""
    entries = coo_array(rows)
    kept = columns[entries.col] & (entries.data != 0.0)
    return csr_array((entries.data[kept], (entries.row[kept], entries.col[kept])), shape=rows.shape)


def _by_choice(rows: csr_array, sets: _Sets, always: Bools | None = None) -> tuple[csr_array, csr_array]:
    """(what is left of the rows, entries of the new columns) with choices written as a whole; ``always`` as in :func:`_shorter`."""
    left, used = _shorter(rows, sets.choice, len(sets.taken), always)
    return left, csr_array(used @ sets.as_taken())


def _by_steps(rows: csr_array, known: csr_array, sets: _Sets) -> tuple[csr_array, csr_array]:
    """The same with what stands in each period written as differences."""
    left, steps = _shorter(rows, sets.step, len(sets.first))
    return left, known + steps @ sets.differences()


def _shorter(rows: csr_array, number: Ints, count: int, always: Bools | None = None) -> tuple[csr_array, csr_array]:
    """(what is left of the rows, what they have of each set): of a set whose columns have mostly the same coefficient in a row, that
    coefficient, where it makes what is left shorter, or in rows where it is ``always`` wanted."""
    entries = coo_array(rows)
    inside = number[entries.col] >= 0
    row, column, value = entries.row[inside].astype(np.int64), entries.col[inside], entries.data[inside]
    key = row * max(count, 1) + number[column]
    order = np.lexsort((value, key))
    key, value = key[order], value[order]
    if not len(key):
        return rows, csr_array((rows.shape[0], count))
    run = np.flatnonzero(np.append(True, (np.diff(key) != 0) | (np.diff(value) != 0.0)))
    long = np.diff(np.append(run, len(key)))
    of = key[run]
    best = np.lexsort((-long, of))
    best = best[np.append(True, np.diff(of[best]) != 0)]  # the longest run of each key
    entered = np.diff(np.append(np.flatnonzero(np.append(True, np.diff(key) != 0)), len(key)))
    size = np.bincount(number[number >= 0], minlength=count)
    at, which = of[best] // max(count, 1), of[best] % max(count, 1)
    use = size[which] - long[best] < entered
    if always is not None:
        use |= always[at]
    used = csr_array((value[run][best][use], (at[use], which[use])), shape=(rows.shape[0], count))
    left = csr_array(rows - used @ _members(number, count))
    left.eliminate_zeros()
    return left, used


def _shortest(ways: list[csr_array], block: Ints) -> csr_array:
    """Of several ways to write the same rows, for each row and choice the first of those that have the fewest entries."""
    tables = []
    for way in ways:
        way.eliminate_zeros()
        tables.append(coo_array(way))
    blocks = int(block.max(initial=-1)) + 1
    keys = [table.row.astype(np.int64) * blocks + block[table.col] for table in tables]
    known = np.unique(keys[-1])
    places = [np.searchsorted(known, key) for key in keys]
    entries = np.stack([np.bincount(place, minlength=len(known)) for place in places])
    entries[entries == 0] = np.iinfo(np.int64).max
    best = entries.argmin(axis=0)
    kept = [best[place] == number for number, place in enumerate(places)]
    data, row, column = (
        np.concatenate([getattr(table, what)[keep] for table, keep in zip(tables, kept, strict=True)])
        for what in ("data", "row", "col")
    )
    return csr_array((data, (row, column)), shape=ways[0].shape)
