"""What parts of a model are cut from: its rows both ways round, and what its columns say of places, clusters and prices.

Fixed for a model, built once; every question is answered with a few sparse products. A *block* is one choice with all its
columns; *loose* columns belong to none (shortages, slacks) and adapt to whatever is chosen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from planner.solvers.bounds.relaxations import Aggregate
from planner.solvers.groups import extent, incidence
from planner.solvers.loose import ROOM
from planner.solvers.protocol import Bools, Floats, Ints, Matrix

ALIKE = 0.5
"""Share of common columns from which two rows are limits of one place."""
PARTNERS = 8
"""Blocks in one row up to which it ties them together: they are set free together."""


class Parts:
    """Cuts models out of a matrix."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.rows = csr_array(matrix.rows)
        self.columns = csc_array(matrix.rows)
        assert matrix.periods is not None
        block = matrix.periods.block
        self.loose = block < 0
        entries = coo_array(matrix.rows)
        self.served = np.bincount(entries.row[self.loose[entries.col]], minlength=matrix.rows.shape[0]) > 0
        """Rows with a loose column."""
        low, high = extent(entries.row, block[entries.col], matrix.rows.shape[0])
        self.adapts = self.served | (low >= high)
        """Rows that can make room: with a loose column, or inside one block, which settles them itself."""
        self._find_companies(high >= 0)
        self._known: tuple[Floats, Floats] | None = None

    def _find_companies(self, of_blocks: Bools) -> None:
        """*Far* columns: loose ones that share no row with a block. Rows without blocks tie them to each other, a company, and to loose
        columns that are nearer: whoever sets one of these free frees its companies, or it cannot move. A company that is tied to
        nothing nearer is free always. ``of_blocks``: rows with a block; shape of the rows."""
        aside = coo_array(self.rows[np.flatnonzero(self.served & ~of_blocks)])
        rows, columns = aside.shape
        near = np.zeros(columns, dtype=bool)
        near[self.rows[np.flatnonzero(self.served & of_blocks)].indices] = True
        of_far = ~near[aside.col]
        tied = incidence(aside.row[of_far], rows + aside.col[of_far], (rows + columns, rows + columns))
        count, label = connected_components(tied, directed=False)
        self._needs = incidence(aside.col[~of_far], label[aside.row[~of_far]], (columns, count))
        """Of each nearer column the companies that it is tied to."""
        far = np.unique(aside.col[of_far])
        self._company = incidence(label[rows + far], far, (count, columns))
        """The columns of each company."""
        self._always = np.setdiff1d(far, self._company[np.unique(self._needs.indices)].indices)

    def activity(self, best: Floats) -> Floats:
        """A x; kept for the plan last asked about."""
        if self._known is None or self._known[0] is not best:
            self._known = (best, self.rows @ best)
        return self._known[1]

    def with_loose(self, columns: Ints) -> Ints:
        """The columns, all loose ones that share a row with them, and the far ones that these need, ascending."""
        touched = np.zeros(self.rows.shape[0], dtype=bool)
        touched[self.columns[:, columns].indices] = True
        near = np.zeros(len(self.loose), dtype=bool)
        near[self.rows[np.flatnonzero(touched & self.served)].indices] = True
        near &= self.loose
        far = self._company[np.unique(self._needs[np.flatnonzero(near)].indices)].indices
        for others in (columns, far, self._always):
            near[others] = True
        return np.flatnonzero(near)

    def room(self, leaving: Ints, best: Floats) -> tuple[Floats, Floats]:
        """What each row could take more, and give less, without the leaving columns; infinite where rows adapt."""
        left = self.activity(best) - self.columns[:, leaving] @ best[leaving]
        more = np.where(self.adapts, np.inf, self.matrix.row_upper - left)
        less = np.where(self.adapts, np.inf, left - self.matrix.row_lower)
        slack = ROOM * np.maximum(1.0, np.abs(left))
        return more + slack, less + slack

    def fits(self, columns: Ints, room: tuple[Floats, Floats]) -> Bools:
        """Columns that, alone at 1, no row forbids; a row that ``room`` breaks already forbids nothing."""
        more, less = room
        table = self.columns[:, columns]
        row, value = table.indices, table.data
        bad = ((value > more[row]) & (more[row] >= 0)) | ((-value > less[row]) & (less[row] >= 0))
        ok = self.matrix.upper[columns] > 0.0
        ok[np.repeat(np.arange(len(columns)), np.diff(table.indptr))[bad]] = False
        return ok

    def model(self, columns: Ints, best: Floats) -> Matrix:
        """The columns as a model of their own, all others held at ``best``; its objective counts these columns only."""
        whole = self.matrix
        cut = self.columns[:, columns]
        rows = np.unique(cut.indices)
        table = csr_array(cut)[rows]
        held = self.activity(best)[rows] - table @ best[columns]
        # Sums of many held columns carry rounding; a row that holds as it is must go on holding.
        lower, upper = whole.row_lower[rows] - held, whole.row_upper[rows] - held
        now = table @ best[columns]
        near = ROOM * np.maximum(1.0, np.abs(held))
        lower = np.where((now < lower) & (now > lower - near), now, lower)
        upper = np.where((now > upper) & (now < upper + near), now, upper)
        return replace(whole.part(columns, rows, table, known=True), offset=0.0, row_lower=lower, row_upper=upper)


class Structure:
    """Blocks, places, clusters and profits of a model."""

    def __init__(self, matrix: Matrix, relaxed: Aggregate, dual: Floats | None, charged: Floats | None = None) -> None:
        """``charged``: what rows that ``relaxed`` does not have take from each of its columns at their prices; None: nothing."""
        periods, table = matrix.periods, relaxed.matrix
        assert periods is not None
        self._relaxed = table
        self.block, self.group = periods.block, relaxed.column
        self.blocks = int(self.block.max(initial=-1)) + 1
        owned = np.flatnonzero(self.block >= 0)
        self._members = incidence(self.block[owned], owned, (self.blocks, len(self.block)))
        self.sort = self.block * 2 + periods.relaxed[periods.column]
        """Of each column: its block, and whether it says where (1) or whether at all (0)."""
        self.cluster = np.full(self.blocks, -1)
        self.cluster[self.block[owned]] = periods.cluster[owned]
        self.clusters = int(self.cluster.max(initial=-1)) + 1
        self._group_block, sort = relaxed.of(self.block), relaxed.of(self.sort)
        self._group_sort = np.where(self._group_block >= 0, sort, -1)
        self._sorts = np.isin(np.arange(2 * self.blocks), self._group_sort).reshape(-1, 2)
        """Whether each block has columns that say whether at all, and columns that say where."""
        self.price(dual, charged)
        self._find_places()
        self._find_homes()
        self._find_partners()

    def price(self, dual: Floats | None, charged: Floats | None) -> None:
        """Take other prices."""
        table = self._relaxed
        self.dual = np.zeros(table.rows.shape[0]) if dual is None else dual
        """Prices of the relaxation's rows."""
        self._reduced = table.objective - table.rows.T @ self.dual
        """What each of the relaxation's columns is worth at these prices."""
        self._at_prices = self._profit(self._reduced if charged is None else self._reduced - charged)
        self._scored: tuple[Floats, Floats] | None = None

    def _find_places(self) -> None:
        """Places, and which of the relaxation's columns stand in them."""
        rows = coo_array(self._relaxed.rows)
        sort = self._group_sort
        own = sort[rows.col] >= 0
        row, column = rows.row[own], rows.col[own]
        kinds = int(sort.max(initial=-1)) + 1
        size = np.bincount(sort[sort >= 0], minlength=kinds)
        found, count = np.unique(row.astype(np.int64) * max(kinds, 1) + sort[column], return_counts=True)
        limits = found // max(kinds, 1)
        some = np.zeros(rows.shape[0], dtype=bool)
        some[limits[count < size[found % max(kinds, 1)]]] = True
        # A row inside one block ties its own columns together and is no place.
        low, high = extent(row, self._group_block[column], rows.shape[0])
        shared = np.flatnonzero(some & (low < high))
        number = np.full(rows.shape[0], -1)
        number[shared] = np.arange(len(shared))
        inside = number[row] >= 0
        stand = incidence(number[row[inside]], column[inside], (len(shared), rows.shape[1]))
        common = coo_array(stand @ stand.T)
        width = np.diff(stand.indptr)
        alike = common.data >= ALIKE * np.maximum(width[common.row], width[common.col])
        graph = incidence(common.row[alike], common.col[alike], common.shape)
        self.places, label = connected_components(graph, directed=False) if len(shared) else (0, np.zeros(0, dtype=int))
        place, stander = label[number[row[inside]]], column[inside]
        blocks, clusters = max(self.blocks, 1), max(self.clusters, 1)
        self._standing = incidence(stander, place, (rows.shape[1], self.places))
        self._place_block = incidence(place, self._group_block[stander], (self.places, blocks))
        self.near_place = _likeness(self._place_block)
        member = np.flatnonzero(self.cluster >= 0)
        gather = incidence(member, self.cluster[member], (blocks, clusters))
        self.near_cluster = _likeness(csr_array((self._place_block @ gather).T))

    def _find_homes(self) -> None:
        """Rows that loose continuous columns serve alone: where a plan's own price differs from the relaxation's."""
        table = self._relaxed
        loose = (self._group_block < 0) & ~table.integer & (table.objective != 0.0)
        rows = coo_array(table.rows)
        own = loose[rows.col]
        count = np.bincount(rows.row[own], minlength=rows.shape[0])
        lone = own & (count[rows.row] == 1)
        self.homes = rows.row[lone].astype(np.int64)
        """Rows of the relaxation."""
        self._price = table.objective[rows.col[lone]] / rows.data[lone]
        self._home_rows = csr_array(table.rows[self.homes])

    def _find_partners(self) -> None:
        """Blocks that a row of few blocks ties together."""
        rows = coo_array(self._relaxed.rows)
        block = self._group_block[rows.col]
        own = block >= 0
        member = incidence(rows.row[own], block[own], (rows.shape[0], max(self.blocks, 1)))
        width = np.diff(member.indptr)
        self._ties = csr_array(member[np.flatnonzero((width > 1) & (width <= PARTNERS))])

    def taken(self, best: Floats) -> Bools:
        """Blocks with a column that is not 0; shape of the blocks."""
        return np.isin(np.arange(self.blocks), self.block[best > 0.5])

    def score(self, best: Floats) -> Floats:
        """The better profit of each block at the relaxation's prices and at those of the plan; −inf: it cannot come. Kept for the plan last
        asked about."""
        if self._scored is None or self._scored[0] is not best:
            self._scored = (best, np.maximum(self._at_prices, self._at_own(best)) if len(self.homes) else self._at_prices)
        return self._scored[1]

    def _at_own(self, best: Floats) -> Floats:
        """The profit of each block at the prices of the plan itself."""
        table = self._relaxed
        point = np.bincount(self.group, weights=best, minlength=len(table.objective))
        activity = self._home_rows @ point
        size = 1e-6 * np.maximum(1.0, np.abs(activity))
        tight = (table.row_upper[self.homes] - activity <= size) | (activity - table.row_lower[self.homes] <= size)
        change = np.where(tight, self._price, 0.0) - self.dual[self.homes]
        return self._profit(self._reduced - self._home_rows.T @ change)

    def _profit(self, reduced: Floats) -> Floats:
        """The best column of each sort, summed over the sorts of a block."""
        best = np.full(2 * self.blocks, -np.inf)
        own = (self._group_sort >= 0) & (self._relaxed.upper > 0.0)
        np.maximum.at(best, self._group_sort[own], reduced[own])
        pairs = best.reshape(-1, 2)
        known = np.isfinite(pairs)
        profit = np.where(known, pairs, 0.0).sum(axis=1)
        return np.where(known.any(axis=1) & (known | ~self._sorts).all(axis=1), profit, -np.inf)

    def columns_of(self, blocks: Ints) -> Ints:
        """All columns of the blocks."""
        return self._members[blocks].indices.astype(np.int64)

    def entries_of_ways(self, entries: Ints) -> Floats:
        """About how many entries of the model all that a block can do has: its columns, or pairs of them that say whether and where; shape of the
        blocks. ``entries``: of each column."""
        owned = np.flatnonzero(self.block >= 0)
        sort = self.sort[owned]
        count, total = (np.bincount(sort, weights, 2 * self.blocks).reshape(-1, 2) for weights in (None, entries[owned]))
        other = np.maximum(count[:, ::-1], 1)
        return np.asarray((total * other).sum(axis=1), dtype=np.float64)

    def with_partners(self, blocks: Ints) -> Ints:
        """The blocks and those tied to them."""
        if not self._ties.shape[0]:
            return blocks
        here = np.zeros(self._ties.shape[1])
        here[blocks] = 1.0
        tied = self._ties.T @ np.minimum(self._ties @ here, 1.0)
        return np.union1d(blocks, np.flatnonzero(tied)).astype(np.int64)

    def column_in(self, places: Bools, columns: Ints) -> Bools:
        """Which of the columns stand in one of the places."""
        return np.asarray(self._standing @ places.astype(np.float64))[self.group[columns]] > 0

    def of_place(self, number: Floats, columns: Ints) -> Floats:
        """The number of the place where each column stands, their sum if there are several, 0 outside."""
        return np.asarray(self._standing @ number)[self.group[columns]]

    def standing_in(self, places: Bools, best: Floats) -> Ints:
        """Blocks that the plan puts into the places."""
        now = np.flatnonzero((best > 0.5) & (self.block >= 0))
        return np.unique(self.block[now[self.column_in(places, now)]])

    def stands(self, places: Bools, best: Floats) -> Bools:
        """Whether the plan puts each block into one of the places."""
        inside = np.zeros(self.blocks, dtype=bool)
        inside[self.standing_in(places, best)] = True
        return inside

    def may_stand_in(self, places: Bools) -> Bools:
        """Blocks with a column in the places; shape of the blocks."""
        return np.asarray(self._place_block.T @ places.astype(np.float64)).ravel()[: self.blocks] > 0

    def in_homes(self, homes: Ints) -> Bools:
        """Blocks with a column in the rows; shape of the blocks."""
        return np.isin(np.arange(self.blocks), self._group_block[self._relaxed.rows[homes].indices])


def _likeness(table: csr_array) -> Floats:
    """How much every two rows have in common, and none with itself."""
    likeness = np.asarray((table @ table.T).toarray())
    np.fill_diagonal(likeness, 0.0)
    return likeness


def near(likeness: Floats, dice: np.random.Generator, count: int) -> Ints:
    """A random one, and others drawn by their likeness to it."""
    first = int(dice.integers(len(likeness)))
    weight = likeness[first]
    able = int((weight > 0).sum())
    if count <= 1 or not able:
        return np.array([first])
    others = dice.choice(len(weight), min(count - 1, able), replace=False, p=weight / weight.sum())
    return np.append(others, first)


def promising(allowed: Bools, score: Floats, many: float, dice: np.random.Generator) -> Ints:
    """About so many of those allowed, the ones of the highest score most likely."""
    able = np.flatnonzero(allowed)
    ranked = able[np.argsort(-score[able], kind="stable")]
    return ranked[dice.random(len(ranked)) < np.exp(-np.arange(len(ranked)) / many)]


def some_blocks(taken: Bools, entries: Floats, most: float, dice: np.random.Generator) -> Ints:
    """All blocks, or by chance as many as have about ``most`` entries, half of these those of what is ``taken``."""
    if entries.sum() <= most:
        return np.arange(len(taken))
    own, others = (dice.permutation(np.flatnonzero(side)) for side in (taken, ~taken))
    own = own[np.cumsum(entries[own]) <= max(most / 2.0, entries[own[:2]].sum())]
    left = most - entries[own].sum()
    return np.union1d(own, others[np.cumsum(entries[others]) <= left])
