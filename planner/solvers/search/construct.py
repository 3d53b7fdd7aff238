r"""A first plan by construction: no linear programme, a few sparse products a round, at any size and whatever dimension is large.

Where nothing is forced, nothing chosen is a plan, and the beginning. Then choices come in rounds, those first that bring most for
what they use up:

.. math:: \frac{v_j}{u_j},\qquad v_j = c_j + \sum_r \Delta_r(a_{rj}),\qquad u_j = \sum_r \frac{\text{what } j \text{ takes from row } r}{\text{room left in } r} .

:math:`\Delta_r` is what a choice saves or costs in the columns that make up for what one row lacks (a shortage, a soft rule's slack),
and what it does for a column that rises once its rows allow it (a backup). Both change as rows fill, so every round prices anew.
In a round the best quarter of the choices come, as far as their sum, taken in this order, keeps every row and is not more than what
was paid for. Where rows are broken to begin with (a project that must come, a count that is asked for), choices that mend them come
first, and there is no plan until none is broken.

A choice is a block of columns: one of them, or two with a tie between them (where, and when). Everything is counted in rounds, and
nothing by the clock, so that the same model and seed give the same plan. The result is checked as every plan is
(:func:`planner.solvers.check.sound`); searches go on from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array

from planner.solvers.bounds.duals import Own
from planner.solvers.bounds.sifting import rough_duals
from planner.solvers.check import makes_up, sound, value_of
from planner.solvers.groups import diagonal, drawn
from planner.solvers.lp import complete
from planner.solvers.protocol import Bools, Floats, Indices, Ints, Matrix
from planner.solvers.search.promising import NOISE, narrow, promising, written_out


@dataclass(frozen=True)
class ConstructParameters:
    """How much is looked at, and how much comes at a time."""

    rounds: int = 80
    share: float = 0.25
    """Of the choices that pay, those that may come in one round; the best ones."""
    least: int = 64
    """Choices that may come in one round, however few there are."""
    columns: int = 300_000
    """Columns that are looked at; of larger models those of the best blocks (:mod:`planner.solvers.search.promising`)."""
    tilt: float = 0.3
    """What one way of a choice may seem to take up less than another, by chance: alike choices spread over places and periods."""
    attempts: int = 6
    urgency: float = 4.0
    """How often all begins anew where rows stay broken, and what mending these is worth more each time."""
    tiers: int = 3
    """How far columns that rise may stand behind each other."""
    growth: int = 8
    """A model may grow to so many times its coefficients when sums over it are written out."""
    iterations: int = 200
    """Of the first-order method that finds rough prices of rows."""
    entries: int = 600_000_000
    """Entries that it may look at in all of them."""
    sample: int = 16
    """Columns of each block that it is shown, by chance: the others are much alike. It takes half of the time, and with so many alike columns it
    converges worse: plans that are built of large models are worth 2 % more (docs/trials.md, Construction)."""
    spare: float = 0.3
    """What the room of a row without a price is worth, as a share of the average of those with one."""
    seconds: float = 5.0
    """For the continuous columns, where a linear programme has to find them."""


def nothing(matrix: Matrix) -> Floats | None:
    """The plan that chooses nothing, if it is one; columns that make up for a row are at what it lacks."""
    return sound(matrix, np.clip(np.zeros(len(matrix.lower)), matrix.lower, matrix.upper))


def construct(
    matrix: Matrix, seed: int, empty: Floats | None = None, parameters: ConstructParameters = ConstructParameters()
) -> Floats | None:
    """A checked plan; None where rows that are broken to begin with could not be mended. ``empty``: :func:`nothing`, if at hand."""
    empty = nothing(matrix) if empty is None else empty
    if not len(matrix.lower) or not matrix.rows.nnz:
        return empty
    columns = promising(matrix, seed, parameters.columns)
    work = matrix if columns is None else narrow(matrix, columns)
    greedy = _Greedy(work, _blocks(work), seed, parameters)
    greedy.run()

    def checked(rounds: int) -> Floats | None:
        """What had come after so many rounds, in the whole model."""
        point = np.clip(np.zeros(len(matrix.lower)), matrix.lower, matrix.upper)
        point[slice(None) if columns is None else columns] = greedy.point(rounds)
        plan = sound(matrix, point)
        return plan if plan is not None or matrix.integer.all() else sound(matrix, complete(matrix, point, parameters.seconds))

    best, low, high = checked(greedy.count), 0, greedy.count - 1
    misjudged = best is None
    while misjudged and low <= high:  # as much of it as holds, about
        middle = (low + high) // 2
        if (plan := checked(middle)) is not None:
            best, low = plan, middle + 1
        else:
            high = middle - 1
    plans = [plan for plan in (best, empty) if plan is not None]
    return max(plans, key=lambda plan: value_of(matrix, plan), default=None)


def _blocks(matrix: Matrix) -> Ints:
    """Of each column its choice; where the model does not say, every whole column is one."""
    if matrix.periods is not None:
        return matrix.periods.block
    return np.where(matrix.integer, np.arange(len(matrix.lower)), -1)


class _Greedy:
    """One construction."""

    def __init__(self, matrix: Matrix, block: Ints, seed: int, parameters: ConstructParameters) -> None:
        self.original, self.parameters, self.seed = matrix, parameters, seed
        self.matrix, self.sums, self.equations = written_out(matrix, parameters.growth)
        matrix = self.matrix
        self.rows, self.columns = csr_array(matrix.rows), csc_array(matrix.rows)
        self.own = Own.of(matrix, block)
        self.block = block
        self.tied = np.zeros(self.rows.shape[0], dtype=bool)
        """Rows that tie two columns of a block together."""
        self.tied[self.own.tie[self.own.tie >= 0]] = True
        self._find_makers(makes_up(matrix) & (block < 0))
        rises = (block < 0) & ~self.makers & (matrix.objective >= 0.0) & (matrix.upper > np.maximum(matrix.lower, 0.0))
        rises &= np.isfinite(matrix.upper) & (np.diff(self.columns.indptr) > 0)
        self.risers = np.flatnonzero(rises)
        self.tilt = 1.0 - parameters.tilt * np.random.default_rng(seed).random(len(block))
        self.taken: list[Ints] = []
        """The columns that came, round by round."""
        self._begin()
        self.weight = self._scarcity()
        self.urgent = np.ones_like(self.weight)
        """What it is worth to mend each row, falling and rising."""

    @property
    def count(self) -> int:
        """Rounds in which something came."""
        return len(self.taken)

    def point(self, rounds: int) -> Floats:
        """What had come after so many rounds, other columns as they follow from it."""
        self.values = np.clip(np.zeros(len(self.block)), self.matrix.lower, self.matrix.upper)
        for columns in self.taken[:rounds]:
            self.values[columns] += 1.0
        self.activity = self.rows @ np.where(self.makers, 0.0, self.values)
        self._rise()
        if len(self.sums):
            self.values[self.sums] = 0.0
            rows = csr_array(self.original.rows[self.equations])
            own = rows[np.arange(len(self.sums)), self.sums]
            self.values[self.sums] = (self.original.row_lower[self.equations] - rows @ self.values) / own
        return self.values

    def _find_makers(self, single: Bools) -> None:
        """Columns that make up for a row: what each row pays for one unit that it lacks or has too much, and how far that goes."""
        matrix, size = self.matrix, self.matrix.rows.shape[0]
        self.makers = single
        at = np.flatnonzero(single)
        part = csc_array(self.columns[:, at])
        row, value = part.indices, part.data
        at = np.repeat(at, np.diff(part.indptr))
        self.price = np.zeros((2, size))
        self.side = np.stack([matrix.row_lower, matrix.row_upper])
        """What rows are priced against."""
        hard = self.side.copy()
        for number, (lifts, sign) in enumerate(((value > 0.0, -1.0), (value < 0.0, 1.0))):
            np.maximum.at(self.price[number], row[lifts], -matrix.objective[at[lifts]] / np.abs(value[lifts]))
            reach = np.where(np.isfinite(matrix.upper[at]), matrix.upper[at] * np.abs(value), np.inf)
            np.add.at(hard[number], row[lifts], sign * reach[lifts])
        self.hard = hard
        """What rows have to keep."""

    def _scarcity(self) -> Floats:
        """What the room of each row is worth at rough prices, falling and rising, 1 on average; shape (2, m). All alike where there are no
        prices."""
        room, parameters = self._room(), self.parameters
        filled = np.where(np.isfinite(room) & (room > 0.0), room, 0.0)
        few = np.union1d(drawn(self.block, parameters.sample, self.seed), np.flatnonzero(self.block < 0))
        part = self.matrix.part(few)
        iterations = min(parameters.iterations, max(parameters.entries // max(part.rows.nnz, 1), 1))
        dual = rough_duals(part, iterations, math.inf, 1)
        if dual is None:
            return np.ones_like(room)
        worth = np.stack([np.maximum(-dual, 0.0), np.maximum(dual, 0.0)]) * filled
        worth[:, self.own.row >= 0] = 0.0
        some = worth > 0.0
        return worth / worth[some].mean() + parameters.spare if some.any() else np.ones_like(room)

    def _room(self) -> Floats:
        """How far each row may fall, and how far it may rise; shape (2, m); negative where it is broken."""
        room = np.stack([self.activity - self.hard[0], self.hard[1] - self.activity])
        size = np.where(np.isfinite(self.hard), np.abs(self.hard), 0.0)
        near = NOISE * np.maximum(size, np.abs(self.activity))
        return np.where(np.abs(room) <= near, np.maximum(room, 0.0), room)

    def run(self) -> None:
        """Rounds, until nothing that pays fits. Where rows stay broken, all begins anew, and these come sooner."""
        for _ in range(self.parameters.attempts):
            self._begin()
            for _ in range(self.parameters.rounds):
                if not len(self.open) or not self._round():
                    break
            broken = self._room() < 0.0
            if not broken.any():
                break
            self.urgent[broken] *= self.parameters.urgency

    def _begin(self) -> None:
        """Nothing has come yet."""
        matrix = self.matrix
        self.values = np.clip(np.zeros(len(self.block)), matrix.lower, matrix.upper)
        self.open = np.flatnonzero((self.block >= 0) & (matrix.upper >= self.values + 1.0))
        self.activity = self.rows @ np.where(self.makers, 0.0, self.values)
        self.rate, self.taken = 0.0, []
        self._rise()

    def _round(self) -> bool:
        """Choices come; whether another round is worth its while."""
        room, table = self._room(), csc_array(self.columns[:, self.open])
        broken = room < 0.0
        value, use, fits = self._worth(table, room, broken)
        mending = broken.any()
        score = np.where(fits, value - self.rate * use, -np.inf)
        first, second = self._moves(score)
        if not len(first):
            return False
        both = second >= 0
        brings = value[first] + np.where(both, value[second], 0.0)
        takes = use[first] + np.where(both, use[second], 0.0)
        pays = np.flatnonzero(brings > 0.0)
        if not len(pays):
            return False
        order = pays[np.argsort(-brings[pays] / np.maximum(takes[pays], NOISE), kind="stable")]
        order = order[: max(int(self.parameters.share * len(order)), self.parameters.least)]
        self.rate = float(brings[order[-1]] / max(takes[order[-1]], NOISE))
        moves = csc_array(table[:, first[order]] + table[:, np.maximum(second[order], 0)] @ diagonal(both[order]))
        comes, never = self._together(moves, room, np.where(broken, -room, np.inf) if mending else self._wanted())
        columns = np.r_[self.open[first[order[comes]]], self.open[second[order[comes]][both[order[comes]]]]]
        closed = self.block[self.open[first[order[comes | never]]]]
        self.values[columns] += 1.0
        self.activity = self.activity + moves @ comes.astype(float)
        if len(columns):
            self.taken.append(columns)
            self._rise()
        self.open = self.open[~np.isin(self.block[self.open], closed)]
        return len(closed) > 0

    def _worth(self, table: csc_array, room: Floats, broken: Bools) -> tuple[Floats, Floats, Bools]:
        """(what each open column brings, what it takes, whether it fits alone)."""
        count, row, value = table.shape[1], table.indices, table.data
        column = np.repeat(np.arange(count), np.diff(table.indptr))
        # Ties are kept by moves, and a block's own rows take nothing from others. What harms a row: a fall, or a rise.
        harm, size = row + len(room[0]) * (value > 0.0), np.abs(value)
        left = np.where(self.tied, np.inf, room).ravel()[harm]
        fits = np.bincount(column, size > left, count) == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            part = size * np.where(self.own.row >= 0, 0.0, self.weight / np.maximum(room, 0.0)).ravel()[harm]
        use = np.bincount(column, np.where(np.isfinite(part), part, 1.0), count) * self.tilt[self.open]
        if broken.any():
            lack = np.where(broken & ~self.tied, -room, 0.0)
            helps = lack[::-1].ravel()[harm]  # a rise helps a row that must not fall
            at = np.flatnonzero(helps)
            worth = np.minimum(size[at] / helps[at], 1.0) * self.urgent[::-1].ravel()[harm[at]]
            return np.bincount(column[at], worth, count).astype(np.float64), use, fits
        gain = self._saved(column, row, value, count) + self._credited(column, row, value, count)
        return self.matrix.objective[self.open] + gain, use, fits

    def _saved(self, column: Ints, row: Indices, value: Floats, count: int) -> Floats:
        """What each column saves of what rows pay for what they lack, or have too much."""
        at = np.flatnonzero(np.maximum(*self.price)[row])
        row, value = row[at], value[at]
        lack, over = self.side[0] - self.activity, self.activity - self.side[1]
        low = np.maximum(lack[row] - value, 0.0) - np.maximum(lack, 0.0)[row]
        high = np.maximum(over[row] + value, 0.0) - np.maximum(over, 0.0)[row]
        return np.bincount(column[at], -self.price[0, row] * low - self.price[1, row] * high, count).astype(np.float64)

    def _credited(self, column: Ints, row: Indices, value: Floats, count: int) -> Floats:
        """What each column does for those that are to rise."""
        worth, need = self._credits()
        at = np.flatnonzero(np.maximum(*worth)[row])
        row, value = row[at], value[at]
        lifts, lowers = np.clip(value, 0.0, need[0, row]), np.clip(-value, 0.0, need[1, row])
        return np.bincount(column[at], worth[0, row] * lifts + worth[1, row] * lowers, count).astype(np.float64)

    def _credits(self) -> tuple[Floats, Floats]:
        """(what one unit is worth that brings a row nearer to letting a column rise, how many units that takes), each of shape (2, m):
        rows to be lifted, and to be lowered."""
        size = self.rows.shape[0]
        worth, need = np.zeros((2, size)), np.zeros((2, size))
        rising = self.risers[self.matrix.upper[self.risers] > self.values[self.risers]]
        table = csc_array(self.columns[:, rising])
        row, value, many = table.indices, table.data, np.diff(table.indptr)
        at = np.repeat(np.arange(len(rising)), many)
        rise = (self.matrix.upper - self.values)[rising]
        down, up = self.activity - self.hard[0], self.hard[1] - self.activity
        asks = np.where(value < 0.0, -value * rise[at] - down[row], value * rise[at] - up[row])
        for _ in range(self.parameters.tiers):
            gains = np.where(value > 0.0, worth[0, row], worth[1, row]) * np.abs(value)
            each = self.matrix.objective[rising] * rise + np.bincount(at, gains * rise[at], len(rising))
            held = np.bincount(at, asks > 0.0, len(rising))
            for number, lacking in enumerate(((value < 0.0) & (asks > 0.0), (value > 0.0) & (asks > 0.0))):
                share = each[at[lacking]] / (held[at[lacking]] * np.maximum(np.abs(value) * rise[at], NOISE)[lacking])
                np.maximum.at(worth[number], row[lacking], share)
                np.maximum.at(need[number], row[lacking], asks[lacking])
        return worth, need

    def _wanted(self) -> Floats:
        """What is paid for in each row, lifted or lowered, before it is worth nothing any more; shape (2, m), inf: not paid for."""
        lack = np.stack([self.side[0] - self.activity, self.activity - self.side[1]])
        wanted = np.where((self.price > 0.0) & (lack > 0.0), lack, np.inf)
        if len(self.risers):
            worth, need = self._credits()
            wanted = np.where((worth > 0.0) & (need > 0.0), np.minimum(wanted, need), wanted)
        return wanted

    def _moves(self, score: Floats) -> tuple[Ints, Ints]:
        """The best column of each block, and with it the best one across its tie, or −1; positions in ``open``."""
        side, block = self.own.side[self.open], self.block[self.open]
        found = [_best(np.where(mask, score, -np.inf), block, self.own.count) for mask in (side == 0.0, side > 0.0, side < 0.0)]
        padded = np.append(score, -np.inf)
        alone, pair = padded[found[0]], padded[found[1]] + padded[found[2]]
        single = alone >= pair
        first, second = np.where(single, found[0], found[1]), np.where(single, -1, found[2])
        kept = np.isfinite(np.maximum(alone, pair))
        return first[kept], second[kept]

    def _together(self, moves: csc_array, room: Floats, wanted: Floats | None) -> tuple[Bools, Bools]:
        """(moves that keep every row, all that stand before them counted as well; moves that do not even fit alone)."""
        table = csr_array(moves)
        table.sort_indices()
        count = np.diff(table.indptr)
        row, rises, move = np.repeat(np.arange(table.shape[0]), count), table.data > 0.0, table.indices
        begin = np.repeat(table.indptr[:-1], count)
        refused, never = np.zeros(moves.shape[1], dtype=bool), np.zeros(moves.shape[1], dtype=bool)

        def running(share: Floats) -> Floats:
            """Sums over each row up to and with each entry, in shares of the row: numbers of one size."""
            total = np.r_[0.0, np.cumsum(share)]
            return np.asarray(total[1:] - total[begin])

        for number, harms in ((0, ~rises), (1, rises)):
            left = room[number, row]
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.where(harms & np.isfinite(left) & (table.data != 0.0), np.abs(table.data) / left, 0.0)
            share = np.where((share < 0.0) | (share > 2.0) | np.isnan(share), 2.0, share)
            refused[move[harms & (share > 0.0) & (running(share) > 1.0 + NOISE)]] = True
            never[move[share > 1.0 + NOISE]] = True
            if wanted is not None:
                asked = wanted[1 - number, row]
                share = np.where(
                    harms & np.isfinite(asked), np.minimum(np.abs(table.data) / np.where(asked > 0.0, asked, 1.0), 1.0), 0.0
                )
                refused[move[(share > 0.0) & (running(share) - share > 1.0 - NOISE)]] = True
        return ~refused & ~never, never

    def _rise(self) -> None:
        """Loose columns that are worth something, or that others wait for, as far as their rows allow."""
        for _ in range(self.parameters.tiers):
            rising = self.risers[self.matrix.upper[self.risers] > self.values[self.risers]]
            if not len(rising):
                return
            rising = rising[np.argsort(-self.matrix.objective[rising], kind="stable")]
            room, table = self._room(), csc_array(self.columns[:, rising])
            value, at = table.data, np.repeat(np.arange(len(rising)), np.diff(table.indptr))
            with np.errstate(invalid="ignore"):
                able = np.where(value < 0.0, room[0, table.indices], room[1, table.indices]) / np.abs(value)
            rise = (self.matrix.upper - self.values)[rising]
            np.minimum.at(rise, at, np.maximum(able, 0.0))
            rise = np.where(self.matrix.integer[rising], np.floor(rise + NOISE), rise)
            some = np.flatnonzero(rise > 0.0)
            if not len(some):
                return
            moves = csc_array(table[:, some] @ diagonal(rise[some]))
            comes, _ = self._together(moves, room, None)
            if not comes.any():
                return
            self.values[rising[some[comes]]] += rise[some[comes]]
            self.activity = self.activity + moves @ comes.astype(float)


def _best(score: Floats, block: Ints, count: int) -> Ints:
    """Position of the best score of each block; that behind the last where a block has none that is finite."""
    best = np.full(count, -np.inf)
    np.maximum.at(best, block, score)
    at = np.flatnonzero(np.isfinite(score) & (score == best[block]))[::-1]
    found = np.full(count, len(score), dtype=np.int64)
    found[block[at]] = at
    return found
