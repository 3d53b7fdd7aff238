r"""Better plans by exchanging one choice at a time: everything that a single choice can do is looked at, and no programme is solved.

Parts of a plan (:mod:`planner.solvers.search.parts.neighbourhoods`) are exact where they look, and look at what prices, places and chance tell them
to. Here one choice comes, one goes, one takes the place of another, or does its own otherwise. A *way* is what a choice may do as a whole: one
of its columns, or two with a tie between them (where, and when). With :math:`a` what the plan uses of each row, a way :math:`w` in place of
:math:`o` brings

.. math:: c_w - c_o + \sum_r f_r(a_r - a_{ro} + a_{rw}) - f_r(a_r),

where :math:`f_r` is what the loose columns of a row bring at the best (:mod:`planner.solvers.loose`), and no row is broken. The first exchange
that is a gain is made, or the one that loses least, and what it undoes may not be done again for a few rounds (tabu search): so the walk
leaves a plan that no single exchange betters, and comes back with the best plan that it has met. Loose columns that stand in several rows are
held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.solvers.bounds.duals import Own
from planner.solvers.groups import diagonal
from planner.solvers.loose import Loose, settled, worth_of_rows
from planner.solvers.lp import complete
from planner.solvers.protocol import Bools, Floats, Ints, Matrix, StopSign
from planner.solvers.search.incumbent import LEAST_GAIN

ALIKE = 1e-9
"""Of what the dearest way is worth: those that bring so little more than each other are alike, as most places are."""


@dataclass(frozen=True)
class ExchangeParameters:
    """How a walk goes."""

    tenure: int = 10
    """Rounds for which what was undone is not done again, and at the most twice as many, by chance; ..."""
    share: float = 0.25
    """... of a small plan such a share of what is chosen, so that there is something else to do meanwhile."""
    goers: int = 15
    """Choices that may go in a round of a quick walk, by chance; in every other walk all may. Quick ones come further from where they begin, the
    others see more."""
    away: int = 15
    """Rounds after which a plan that is not better is another one."""
    seconds: float = 2.0
    """For the continuous columns of the plan that was found."""


@dataclass(frozen=True, eq=False)
class Ways:
    """What each choice may do as a whole."""

    block: Ints
    """Of each way the choice; ascending."""
    first: Ints
    second: Ints
    """Its columns; the second one −1 where there is one alone."""
    rows: csr_array
    """What it takes from each row; shape (ways, m)."""
    worth: Floats
    """Its part of the objective."""

    def of_plan(self, plan: Floats) -> Bools:
        """Which of them the plan takes; shape of the ways."""
        taken = plan > 0.5
        return taken[self.first] & ((self.second < 0) | taken[self.second])

    def columns(self, chosen: Ints) -> Ints:
        """The columns of these ways."""
        second = self.second[chosen]
        return np.concatenate([self.first[chosen], second[second >= 0]])


def ways_of(matrix: Matrix, own: Own) -> Ways:
    """All ways of all choices that their own rows allow. Columns that may not be 0 or 1 are in none."""
    usable = (own.block >= 0) & matrix.integer & (matrix.upper >= 1.0) & (matrix.lower <= 0.0)
    alone = np.flatnonzero(usable & (own.side == 0.0))
    left, right = np.flatnonzero(usable & (own.side > 0.0)), np.flatnonzero(usable & (own.side < 0.0))
    right = right[np.argsort(own.block[right], kind="stable")]
    begin = np.searchsorted(own.block[right], own.block[left], side="left")
    many = np.searchsorted(own.block[right], own.block[left], side="right") - begin
    each = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(begin, many)
    first = np.concatenate([alone, np.repeat(left, many)])
    second = np.concatenate([np.full(len(alone), -1), right[each]])
    order = np.argsort(own.block[first], kind="stable")
    first, second = first[order], second[order]
    both = np.flatnonzero(second >= 0)
    at = np.concatenate([np.arange(len(first)), both]), np.concatenate([first, second[both]])
    member = csr_array((np.ones(len(at[0])), at), shape=(len(first), len(own.block)))
    taken = csr_array(member @ csr_array(csc_array(matrix.rows).T))
    taken.eliminate_zeros()
    way, row = np.repeat(np.arange(len(first)), np.diff(taken.indptr)), taken.indices
    bad = (own.row[row] >= 0) & ((taken.data > matrix.row_upper[row]) | (taken.data < matrix.row_lower[row]))
    fits = np.bincount(way[bad], minlength=len(first)) == 0
    worth = np.asarray(member @ matrix.objective)
    table = csr_array(csr_array(taken)[np.flatnonzero(fits)])
    return Ways(own.block[first[fits]], first[fits], second[fits], table, worth[fits])


def exchanged(
    matrix: Matrix, plan: Floats, dice: np.random.Generator, over: StopSign, parameters: ExchangeParameters = ExchangeParameters()
) -> Floats | None:
    """The best plan of ``matrix`` that was met, which has to be checked. Where none is better it is another one, to be crossed with ``plan``:
    what is met on a walk is a good plan of its own. None: none was met before ``over``."""
    assert matrix.periods is not None
    own = Own.of(matrix, matrix.periods.block)
    ways = ways_of(matrix, own)
    chosen = np.flatnonzero(ways.of_plan(plan))
    chosen = chosen[np.diff(ways.block[chosen], append=-1) != 0]
    moved = np.zeros(len(plan), dtype=bool)
    moved[ways.columns(np.arange(len(ways.block)))] = True
    # Of a choice that does what no way does nothing is moved.
    strange = np.setdiff1d(np.flatnonzero((plan > 0.5) & (own.block >= 0)), ways.columns(chosen))
    moved[np.isin(own.block, own.block[strange])] = False
    able = moved[ways.first]
    loose = worth_of_rows(matrix, moved, plan)
    walk = _Walk(ways, able, own, loose, chosen[able[chosen]], dice, parameters)
    best = walk.run(over)
    if best is None:
        return None
    point = np.where(moved, 0.0, plan)
    point[ways.columns(best)] = 1.0
    point = settled(matrix, loose, point)
    return point if matrix.integer.all() else complete(matrix, point, parameters.seconds)


class _Walk:
    """From plan to plan; ``able``: ways of choices that may be moved."""

    def __init__(
        self,
        ways: Ways,
        able: Bools,
        own: Own,
        loose: Loose,
        chosen: Ints,
        dice: np.random.Generator,
        parameters: ExchangeParameters,
    ) -> None:
        self._dice, self._parameters = dice, parameters
        self._worth, self._block, self._able = ways.worth, ways.block, able
        self._alike = ALIKE * float(np.abs(ways.worth).max(initial=0.0))
        # Own rows that hold when nothing of a choice is taken hold for every way of it.
        needless = (own.row >= 0) & (loose.low <= 0.0) & (loose.high >= 0.0) & ~loose.served
        table = csr_array(ways.rows @ diagonal(~needless))
        table.eliminate_zeros()
        self._table, self._row = table, table.indices.astype(np.int64)
        self._way = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
        by_row = csr_array(table.T)
        self._begin, self._ways_of_row, self._entry = by_row.indptr, by_row.indices, by_row.data
        self._current = {int(ways.block[way]): int(way) for way in chosen}
        """Of each choice that is taken, the way."""
        self._activity = np.zeros(table.shape[1])
        for way in chosen:
            self._add(int(way), 1.0)
        # A plan that holds, but for rounding, holds.
        low, high = np.minimum(loose.low, self._activity), np.maximum(loose.high, self._activity)
        self._loose = replace(loose, low=np.where(needless, -np.inf, low), high=np.where(needless, np.inf, high))

    def _add(self, way: int, times: float) -> None:
        entries = slice(self._table.indptr[way], self._table.indptr[way + 1])
        self._activity[self._row[entries]] += times * self._table.data[entries]

    def run(self, over: StopSign) -> Ints | None:
        """The ways of the best plan that was met; if none is better than the first one, of the best one further away."""
        all_rows = np.arange(len(self._activity))
        value, best, second = 0.0, 0.0, -np.inf
        found: list[int] | None = None
        other: list[int] | None = None
        quick = bool(self._dice.random() < 0.5)
        until_way, until_block = np.zeros(len(self._worth)), np.zeros(int(self._block.max(initial=-1)) + 1)
        number = 0
        while not over():
            number += 1
            here = self._loose.at(all_rows, self._activity)
            move = _first_gain(self._moves(here, (until_way < number) & self._able, until_block < number, quick))
            if move is None:
                if max(until_way.max(initial=0.0), until_block.max(initial=0.0)) < number:
                    break
                continue  # what waits comes back
            gained, goes, comes = move
            if goes >= 0:
                self._add(self._current[goes], -1.0)
                tenure = max(min(self._parameters.tenure, int(self._parameters.share * len(self._current))), 1)
                rest = tenure + self._dice.integers(tenure, size=2)
                until_way[self._current.pop(goes)] = number + rest[0]
                if comes < 0 or self._block[comes] != goes:
                    until_block[goes] = number + rest[1]
            if comes >= 0:
                self._add(comes, 1.0)
                self._current[int(self._block[comes])] = comes
            value += gained
            if value > best + LEAST_GAIN:
                best, found = value, list(self._current.values())
            elif found is None and number >= self._parameters.away and value > second:
                second, other = value, list(self._current.values())
        found = other if found is None else found
        return None if found is None else np.array(found, dtype=np.int64)

    def _moves(self, here: Floats, free: Bools, rested: Bools, quick: bool) -> Iterator[tuple[float, int, int]]:
        """(what it brings, the choice that goes, the way that comes) of the best exchange for each choice that may go, these by chance;
        −1: none does. ``here``: what rows are worth now; ``free`` and ``rested``: ways, and choices, that are not to wait."""
        table, loose, activity = self._table, self._loose, self._activity
        row, size = self._row, len(self._worth)
        then = activity[row] + table.data
        alone = self._worth + np.bincount(self._way, loose.at(row, then) - here[row], size)
        breaks = np.bincount(self._way, loose.broken(row, then), size)
        chance = self._alike * self._dice.random(size)
        present = np.zeros(len(rested), dtype=bool)
        present[list(self._current)] = True
        free = free & (rested[self._block] | present[self._block])
        newcomer = free & ~present[self._block]
        yield from _best(alone, chance, newcomer & (breaks == 0.0), -1)
        goers = np.fromiter(self._current, dtype=np.int64, count=len(self._current))
        many = self._parameters.goers if quick else len(goers)
        for goes in self._dice.permutation(goers)[:many].tolist():
            way = self._current[goes]
            own = slice(table.indptr[way], table.indptr[way + 1])
            rows = row[own]
            left = activity[rows] - table.data[own]
            without, lack = loose.at(rows, left), loose.broken(rows, left)
            loss = float((without - here[rows]).sum()) - self._worth[way]
            if not lack.any():
                yield loss, goes, -1
            # Only rows of the one that goes tell a difference to what each way brings alone.
            count = self._begin[rows + 1] - self._begin[rows]
            entries = np.arange(count.sum()) + np.repeat(self._begin[rows] - np.cumsum(count) + count, count)
            at, step, ways = np.repeat(rows, count), self._entry[entries], self._ways_of_row[entries]
            late, early = np.repeat(left, count) + step, activity[at] + step
            change = np.asarray(loose.at(at, late) - np.repeat(without, count) - loose.at(at, early) + here[at])
            worse = loose.broken(at, late).astype(float) - np.repeat(lack, count) - loose.broken(at, early)
            fits = breaks + lack.sum() + np.bincount(ways, worse, size) == 0.0
            allowed = fits & (newcomer | (free & (self._block == goes)))
            allowed[way] = False
            yield from _best(alone + loss + np.bincount(ways, change, size), chance, allowed, goes)


def _first_gain(moves: Iterator[tuple[float, int, int]]) -> tuple[float, int, int] | None:
    """The first that brings something, or the one that loses least."""
    best: tuple[float, int, int] | None = None
    for move in moves:
        if move[0] > LEAST_GAIN:
            return move
        best = move if best is None else max(best, move)
    return best


def _best(brings: Floats, chance: Floats, allowed: Bools, goes: int) -> Iterator[tuple[float, int, int]]:
    """The best of the allowed ways, if there is one; of alike ones by ``chance``."""
    able = np.flatnonzero(allowed)
    if len(able):
        best = int(able[np.argmax(brings[able] + chance[able])])
        yield float(brings[best]), goes, best
