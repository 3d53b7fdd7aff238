r"""Better prices for the bound of :mod:`planner.solvers.bounds.clusters`: a bundle of what every cluster has answered so far.

The bound is convex in the prices :math:`\mu` of placing rows, funds and ties: each answer x of a cluster says that its share is
at least :math:`c x - \mu A x` at any other prices. The cheapest prices that all answers so far admit, within a box around the
best prices, are asked next (a linear programme of one column for each price and cluster); the box grows after a success and
shrinks after a failure. Every step's bound is valid by itself, so the arithmetic here only has to be useful.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack, vstack

from planner.solvers.bounds.clusters import Answer, Clusters, split
from planner.solvers.bounds.without_places import Priced, price_places
from planner.solvers.lp import is_optimal, row_duals, solved
from planner.solvers.protocol import Floats, Ints, Matrix


@dataclass(frozen=True)
class AscentParameters:
    """How far prices move, and how often."""

    box: float = 0.2
    """Half of the box's width, as a share of each price, to begin with."""
    least_price: float = 0.02
    """A price counts for the box as at least this share of the mean price of its kind."""
    smallest_box: float = 1e-3
    steps: int = 60


@dataclass(frozen=True, eq=False)
class Ascent:
    """What the ascent has come to."""

    bound: float
    places: Floats
    """Prices of the rows that :func:`price_places` moves, zero elsewhere: shape of the relaxation's rows."""
    priced: Priced
    """The relaxation at these prices."""
    values: Floats
    """Of the columns of ``priced.matrix``: the clusters' answers at the best prices."""


@dataclass
class _Bundle:
    """Answers so far: their own worth, and what they use of every priced thing."""

    clusters: int
    worth: list[Floats] = field(default_factory=list)
    use: list[csr_array] = field(default_factory=list)
    cluster: list[Ints] = field(default_factory=list)


def ascend(
    relaxation: Matrix,
    block: Ints,
    cluster: Ints,
    duals: Floats,
    seed: int,
    hear: Callable[[float], None],
    over: Callable[[], bool],
    parameters: AscentParameters = AscentParameters(),
) -> Ascent | None:
    """Bounds of the relaxation from clusters, better and better until nothing is gained,
    all steps are done, or ``over`` says so.

    ``duals`` are prices of the relaxation's rows to begin from. ``hear`` gets every better bound. None when the model is of one piece, or no bound was found in time.
    """
    priced = price_places(relaxation, block, duals)
    group_block, group_cluster = np.full(len(priced.place), -1), np.full(len(priced.place), -1)
    group_block[priced.column], group_cluster[priced.column] = block, cluster
    cut = split(priced.matrix, group_cluster, group_block)
    if cut is None:
        return None
    clusters = Clusters(cut, seed)
    first = row_duals(priced.matrix)
    if first is None:
        return None
    return _Climb(relaxation, block, priced, clusters, hear, over, parameters).run(first)


@dataclass
class _Climb:
    relaxation: Matrix
    block: Ints
    priced: Priced
    clusters: Clusters
    hear: Callable[[float], None]
    over: Callable[[], bool]
    parameters: AscentParameters

    def run(self, first: Floats) -> Ascent | None:
        """From the prices of the linear relaxation on."""
        cut, moved = self.clusters.cut, self.priced.moved
        moving = csr_array(self.relaxation.rows[moved])
        lower = np.r_[self.relaxation.row_lower[moved], cut.model.row_lower[cut.priced]]
        upper = np.r_[self.relaxation.row_upper[moved], cut.model.row_upper[cut.priced]]
        places = len(moved)
        best = np.r_[self.priced.duals, first[cut.priced], first[cut.tied]]
        size = _sizes(best, (places, len(cut.priced), len(cut.tied)), self.parameters.least_price)
        answer, priced = self._ask(best, places)
        if answer is None:
            return None
        self.hear(answer.bound)
        top = Ascent(answer.bound, self._placed(best[:places]), priced, answer.values)
        bundle, box, precision = _Bundle(len(cut.columns)), self.parameters.box, 2e-5 * abs(answer.bound)
        self._add(bundle, answer, priced, moving)
        for _ in range(self.parameters.steps):
            if self.over() or box < self.parameters.smallest_box:
                break
            wanted, hoped = _cheapest(bundle, best, box * size, lower, upper)
            if wanted is None or top.bound - hoped < precision:
                break
            answer, priced = self._ask(wanted, places)
            if answer is None:
                break
            self._add(bundle, answer, priced, moving)
            if answer.bound < top.bound - precision:
                # A step that gives most of what was hoped for may be longer next time.
                box *= 2.0 if top.bound - answer.bound > 0.5 * (top.bound - hoped) else 1.0
                best = wanted
                top = Ascent(answer.bound, self._placed(best[:places]), priced, answer.values)
                self.hear(answer.bound)
            else:
                box /= 2.0
        return top

    def _ask(self, prices: Floats, places: int) -> tuple[Answer | None, Priced]:
        priced = price_places(self.relaxation, self.block, self._placed(prices[:places])) if places else self.priced
        precision = 1e-5 * abs(priced.matrix.offset or 1.0) / len(self.clusters.cut.columns)
        model = priced.matrix
        return self.clusters.ask(model.objective, model.offset, prices[places:], precision, self.over), priced

    def _placed(self, prices: Floats) -> Floats:
        duals = np.zeros(self.relaxation.rows.shape[0])
        duals[self.priced.moved] = prices
        return duals

    def _add(self, bundle: _Bundle, answer: Answer, priced: Priced, moving: csr_array) -> None:
        """The answers of all clusters, as rows of the master programme."""
        cut = self.clusters.cut
        taken = np.flatnonzero(answer.values)
        columns = csr_array((answer.values[taken], (cut.cluster[taken], taken)), shape=(bundle.clusters, len(answer.values)))
        model = self.relaxation
        worth = np.asarray(columns @ model.objective[priced.place])
        at_places = columns @ csr_array(moving[:, priced.place].T)
        across = csr_array(columns @ self.clusters.foreign.T)
        # What a home counts on is brought to it: the tie's price is earned on it.
        count = len(cut.priced)
        home = cut.home[cut.tied]
        said = csr_array((-answer.said, (home, count + np.arange(len(home)))), shape=(bundle.clusters, across.shape[1]))
        bundle.worth.append(worth)
        bundle.use.append(csr_array(hstack([at_places, across + said], format="csr")))
        bundle.cluster.append(np.arange(bundle.clusters))


def _sizes(prices: Floats, kinds: tuple[int, ...], least: float) -> Floats:
    """The scale of each price: its own size, or a share of the mean of its kind where that is larger."""
    parts, start = [], 0
    for count in kinds:
        part = np.abs(prices[start : start + count])
        mean = float(part.mean()) if count else 0.0
        parts.append(np.maximum(part, least * mean))
        start += count
    return np.concatenate(parts)


def _cheapest(bundle: _Bundle, centre: Floats, reach: Floats, lower: Floats, upper: Floats) -> tuple[Floats | None, float]:
    """Prices within ``reach`` of ``centre`` of the least bound that the answers so far admit, and that bound less the offset."""
    prices, signs = len(centre), len(lower)
    low, high = centre - reach, centre + reach
    # Prices keep the sign of the side that they have, and a side that is not there has none.
    up = np.isfinite(upper) & ((centre[:signs] >= 0) | ~np.isfinite(lower))
    low[:signs] = np.where(up, np.maximum(low[:signs], 0.0), low[:signs])
    high[:signs] = np.where(up, high[:signs], np.minimum(high[:signs], 0.0))
    side = np.r_[np.where(up, upper, lower), np.zeros(prices - signs)]
    low, high = np.minimum(low, high), np.maximum(low, high)
    share = np.concatenate(bundle.cluster)
    own = csr_array((np.ones(len(share)), (np.arange(len(share)), share)), shape=(len(share), bundle.clusters))
    rows = csr_array(hstack([vstack(bundle.use, format="csr"), own], format="csr"))
    size = np.r_[np.where(reach > 0, reach, 1.0), np.ones(bundle.clusters)]
    master = Matrix(
        objective=-np.r_[side, np.ones(bundle.clusters)] * size,
        offset=0.0,
        rows=csr_array(rows @ diags_array(size)),
        row_lower=np.concatenate(bundle.worth),
        row_upper=np.full(len(share), np.inf),
        lower=np.r_[low / size[:prices], np.full(bundle.clusters, -np.inf)],
        upper=np.r_[high / size[:prices], np.full(bundle.clusters, np.inf)],
        integer=np.zeros(prices + bundle.clusters, dtype=bool),
    )
    highs, unit = solved(master, 10.0, threads=1)
    if not is_optimal(highs):
        return None, 0.0
    found = np.array(highs.getSolution().col_value) * size
    return found[:prices], float(highs.getInfo().objective_function_value) * unit
