"""A first plan of a large model, from its solved relaxation, within seconds.

Nothing chosen is a plan of most models, and then cluster after cluster (a chain with its links) is solved exactly over the few
ways that the relaxation uses, in the room that is left. A model that forbids doing nothing (a project that must come, a rule
that asks for so many) is first asked for any plan at all: the rows that nothing breaks get slack, and the slack is minimised
over more and more ways. The result is good enough for :mod:`planner.solvers.search.parts.neighbourhoods` to start from, no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.clusters import Clusters, split
from planner.solvers.bounds.relaxations import Aggregate, price_places
from planner.solvers.check import TOLERANCE, sound
from planner.solvers.exact import with_finite_bounds
from planner.solvers.groups import rank
from planner.solvers.lp import is_optimal, objective_unit, row_duals, solved
from planner.solvers.protocol import Bools, Floats, Ints, Matrix, Stopping, StopSign, never
from planner.solvers.search.parts.structure import Parts


@dataclass(frozen=True)
class FirstPlanParameters:
    """What is looked at, and how exactly."""

    used: float = 0.01
    """Value in the relaxation from which a way counts as used."""
    likely: float = 0.5
    """Value in the relaxation from which a way comes first."""
    ways: int = 3
    """Ways of a choice that are looked at where the relaxation says nothing."""
    chunk: int = 150
    """Choices solved at a time."""
    precision: float = 1e-3
    care: float = 1.0
    """Absolute precision of a cluster, in units of the objective."""
    lean: float = 0.6
    """What a place may seem better than another, in units of the objective."""
    most: int = 60_000
    """Columns of the widest model tried for a plan at all."""


def first_plan(
    matrix: Matrix,
    relaxed: Aggregate,
    x: Floats | None,
    worth: Floats | None,
    seconds: float,
    seed: int,
    stop: StopSign = never,
    chosen: Bools | None = None,
    parameters: FirstPlanParameters = FirstPlanParameters(),
) -> Floats | None:
    """A checked plan, or None when none was found in ``seconds``. ``x``: a solution of the relaxation. ``worth``: what each of its
    columns would bring at its prices, −inf for those that do not say where. ``chosen``: blocks to keep to, such as :func:`choose`
    gives; the search from such a plan ends higher. All may be missing (None); they only steer."""
    assert matrix.periods is not None
    search = _First(matrix, matrix.periods.block, monotonic() + seconds, seed, stop, parameters)
    if chosen is not None:
        fitted = _fitted(relaxed, relaxed.of(matrix.periods.block), chosen, 0.3 * seconds, seed, parameters.lean)
        x = x if fitted is None else fitted
    wide = _ways(matrix.periods.block, relaxed, worth, parameters.ways)
    used = wide if x is None else x[relaxed.column] > parameters.used
    # The empty plan, if feasible, with the loose columns at their best.
    plan = search.better(search.zero, np.flatnonzero(search.parts.loose), 0.2 * search.left())
    if plan is None:
        plan = search.obliged(used | search.parts.loose, wide)
    if plan is None:
        return None
    if x is not None:  # what the relaxation has decided fits together; what it divides takes the room that is left
        plan = search.fill(plan, x[relaxed.column] > parameters.likely, matrix.periods.cluster, 0.5)
    return search.fill(plan, used, matrix.periods.cluster, 1.0)


def choose(
    relaxed: Aggregate,
    block: Ints,
    cluster: Ints,
    dual: Floats,
    seed: int,
    stop: StopSign = never,
    parameters: FirstPlanParameters = FirstPlanParameters(),
) -> Bools | None:
    """Blocks that each cluster takes when it is solved exactly, places and other clusters at prices; shape of the blocks. ``dual``:
    prices of the relaxation's rows; ``block`` and ``cluster`` of its columns. A linear relaxation takes parts of choices and so
    fills every gap exactly; here gaps are filled as well as whole choices can. None: there are no clusters, or ``stop``."""
    priced = price_places(with_finite_bounds(relaxed.matrix), block, dual)  # a column without end may be worth endlessly much
    model = priced.matrix
    cut = split(model, cluster[priced.place], block[priced.place])
    if cut is None:
        return None
    price = row_duals(model, 10.0)
    if price is None:
        return None
    point = np.r_[price[cut.priced], price[cut.tied]]
    answer = Clusters(cut, seed).ask(model.objective, model.offset, point, parameters.care * objective_unit(model.objective), stop)
    if answer is None:
        return None
    return np.isin(np.arange(int(block.max(initial=-1)) + 1), block[priced.place][answer.values > 0.5])


def _fitted(relaxed: Aggregate, block: Ints, chosen: Bools, seconds: float, seed: int, most: float) -> Floats | None:
    """The relaxation's best for the chosen blocks alone. Places are worth the same to it; small random preferences make it
    name one for each choice rather than some of each."""
    table = relaxed.matrix
    columns = np.flatnonzero((block < 0) | chosen[np.maximum(block, 0)])
    where = (block[columns] >= 0) & ~table.integer[columns]
    lean = np.random.default_rng(seed).random(len(columns)) * where * most * objective_unit(table.objective)
    part = table.part(columns)
    part = replace(part, objective=part.objective + lean, integer=np.zeros(len(columns), dtype=bool))
    highs, _ = solved(part, seconds, solver="ipm", run_crossover="off", threads=1)
    values = np.array(highs.getSolution().col_value)
    if not is_optimal(highs) or len(values) != len(columns):
        return None
    x = np.zeros(len(block))
    x[columns] = values
    return x


def _ways(block: Ints, relaxed: Aggregate, worth: Floats | None, count: int) -> Bools:
    """The best few ways of each choice, and all columns that are no ways; all if nothing is known."""
    if worth is None or not np.isfinite(worth).any():
        return np.ones(len(block), dtype=bool)
    owner = relaxed.of(block)
    order = np.lexsort((-worth, owner))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = rank(owner[order])
    return ((place < count) | ~np.isfinite(worth))[relaxed.column]


@dataclass
class _First:
    matrix: Matrix
    block: Ints
    end: float
    seed: int
    stop: StopSign
    parameters: FirstPlanParameters

    def __post_init__(self) -> None:
        self.parts, self.dice = Parts(self.matrix), np.random.default_rng(self.seed)
        self.zero = np.clip(np.zeros(len(self.matrix.lower)), self.matrix.lower, self.matrix.upper)

    def obliged(self, used: Bools, wide: Bools) -> Floats | None:
        """Any plan, when doing nothing is none: over more and more columns."""
        point = self.zero
        activity = self.parts.activity(point)
        size = TOLERANCE * np.maximum(1.0, np.abs(activity))
        below, above = self.matrix.row_lower - activity, activity - self.matrix.row_upper
        broken = np.flatnonzero(np.maximum(below, above) > size)
        owned = (self.block >= 0) & np.isin(self.block, self.block[self.matrix.rows[broken].indices])
        for columns in (used | (owned & wide), used | owned, wide | owned, np.ones_like(used)):
            chosen = np.flatnonzero(columns | self.parts.loose)
            if self._over() or (len(chosen) > self.parameters.most and columns.all()):
                break
            found = self._least_slack(chosen, broken, point)
            if found is not None:
                return found
        return None

    def fill(self, plan: Floats, used: Bools, cluster: Ints, share: float) -> Floats:
        """The plan, with more chosen from the used ways, a chunk of choices at a time, in a share of the time left."""
        chunks = list(self._chunks(used, cluster))
        for number, chunk in enumerate(chunks):
            if self._over():
                break
            better = self.better(plan, self.parts.with_loose(chunk), share * self.left() / (len(chunks) - number))
            plan = plan if better is None else better
        return plan

    def _chunks(self, used: Bools, cluster: Ints) -> Iterator[Ints]:
        """Columns of choices, cluster by cluster, in random order."""
        columns = np.flatnonzero(used & (self.block >= 0))
        owners, first = np.unique(self.block[columns], return_index=True)
        groups = cluster[columns[first]]
        dealt = self.dice.permutation(len(owners))
        owners, groups = owners[dealt], groups[dealt]
        for group in self.dice.permutation(np.unique(groups)):
            members = owners[groups == group]
            for begin in range(0, len(members), self.parameters.chunk):
                yield columns[np.isin(self.block[columns], members[begin : begin + self.parameters.chunk])]

    def better(self, plan: Floats, columns: Ints, seconds: float) -> Floats | None:
        """The plan with the columns at their best; None if there is no such plan."""
        if not len(columns):
            return sound(self.matrix, plan)
        return self._solved(self.parts.model(columns, plan), columns, plan, plan[columns], seconds, self.parameters.precision)

    def _solved(self, model: Matrix, columns: Ints, plan: Floats, start: Floats, seconds: float, gap: float) -> Floats | None:
        """The plan with the columns as the model has them, which may have others behind them; None if there is no such plan."""
        stopping = Stopping(max(min(seconds, self.left()), 0.05), gap, 1, self.seed)
        values = Highs().solve(model, stopping, lambda _: None, start, self.stop).values
        if values is None:
            return None
        merged = plan.copy()
        merged[columns] = values[: len(columns)]
        return sound(self.matrix, merged)

    def _least_slack(self, columns: Ints, broken: Ints, point: Floats) -> Floats | None:
        """A plan over the columns: slack in the broken rows is minimised, and must vanish."""
        part = self.parts.model(columns, point)
        touched = np.unique(self.parts.columns[:, columns].indices)
        if not np.isin(broken, touched).all():
            return None
        place = np.searchsorted(touched, broken)
        count = len(broken)
        activity = self.parts.rows[broken][:, columns] @ point[columns]
        short = np.maximum(part.row_lower[place] - activity, 0.0)
        need = np.maximum(short, np.maximum(activity - part.row_upper[place], 0.0)) * np.where(short > 0, 1.0, -1.0)
        slack = csr_array((need, (place, np.arange(count))), shape=(part.rows.shape[0], count))
        # In units of what is missing: all missing is 1.
        wide = part.with_columns(slack, np.full(count, -1.0), np.zeros(count), np.full(count, 1.0 + TOLERANCE))
        model = replace(wide, objective=np.r_[np.zeros(len(columns)), np.full(count, -1.0)])
        start = np.r_[point[columns], np.ones(count)]
        return self._solved(model, columns, point, start, 0.4 * self.left(), 0.0)

    def left(self) -> float:
        """Seconds."""
        return self.end - monotonic()

    def _over(self) -> bool:
        return self.stop() or self.left() <= 0
