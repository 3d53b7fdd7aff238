"""The default: choose first, schedule after, and prove from the model without its quarters.

Two searches run side by side. One solves the relaxation without periods (:mod:`planner.solvers.bounds.relaxations`) exactly, in a
process of its own: its bound is a bound on the whole, and each of its plans says *which* projects to take. The other searches
for plans of the whole model: it solves it exactly over the projects that the relaxation's newest plan and the best plan so
far take, then over those and a few more that the relaxation prices as nearly as good, or with part of the plan held fast.
When the relaxation is solved and a gap is left, the whole model is solved from the best plan on, for the rest of the time.

Small models, and models that say nothing of periods, go to HiGHS and SCIP as they are (:mod:`planner.solvers.search.race`); so do
models of middle size in which the periods matter so much that the linear relaxation with them is a tighter bound than the one
without them by far: there the relaxation without periods would prove nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.proof import Proof, order_of
from planner.solvers.bounds.relaxations import Aggregate, aggregate
from planner.solvers.lp import objective_unit, relaxation_bound, row_duals
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Ints, Listener, Matrix, Periods, Progress, Runner, Solution, Stopping, StopSign, never
from planner.solvers.search.begin import from_built, or_built
from planner.solvers.search.by_work import Counted
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.lanes import Lanes
from planner.solvers.search.neighbourhoods import Neighbourhoods
from planner.solvers.search.province import Large
from planner.solvers.search.race import Race


@dataclass(frozen=True)
class AutoParameters:
    """Which models are searched how, and for how long at a time."""

    small: int = 600
    """Whole columns up to which HiGHS alone is as good."""
    middle: int = 4
    """Multiples of ``small`` up to which HiGHS alone is as good when the periods matter."""
    blind: float = 0.02
    """They do when the linear relaxation without them is higher by this share. Measured: 8 % where much of the effort and the
    money falls after the horizon (the demo: HiGHS alone proves in seconds what both searches do not), below 0.5 % on cities of
    :mod:`benchmarks.instances` of the same size, where both searches are ahead."""
    large: int = 150_000
    """Columns above which the relaxation itself is too slow to be solved as it is."""
    shortest: float = 3.0
    """Seconds below which nothing is worth dividing."""
    first: float = 0.15
    """Share of the time in which the whole model may go on improving plans by itself."""
    stalled: float = 1.5
    """Seconds without a better plan after which it has had its turn."""
    step: float = 8.0
    """Seconds for a plan of the relaxation."""
    fewest: int = 20
    """Projects that the first plan may choose from, besides those that the linear relaxation uses."""
    pause: float = 10.0
    """Seconds between two looks at plans of the relaxation."""
    narrow: int = 5_000
    """Columns up to which a small exact model improves on the first plan sooner than its parts do."""
    support: float = 1.3
    """Projects that the first plan may choose from, as a multiple of those that the linear relaxation uses."""


@dataclass(frozen=True)
class Auto:
    """See the module's words. ``run`` solves the models that are searched side by side."""

    run: Runner
    parameters: AutoParameters = AutoParameters()
    name: str = "auto"
    tells: bool = True
    """Every plan as soon as there is one: it may be ended at any time."""

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise within the limits, from a plan that is built before anything is searched."""
        search = partial(self._search, stop=stop)
        if start is None and int(matrix.integer.sum()) > self.parameters.small:
            return from_built(search, matrix, stopping, listen, self.name)
        return or_built(search(matrix, stopping, listen, start), matrix, stopping)

    def _search(
        self,
        matrix: Matrix,
        stopping: Stopping,
        listen: Listener,
        start: Floats | None,
        built: bool = False,
        stop: StopSign = never,
    ) -> Solution:
        """From ``start`` on; ``built``: nobody has searched for it."""
        periods = matrix.periods
        brief, alone = stopping.time_limit < self.parameters.shortest, stopping.work is None and stopping.threads < 2
        whole = periods is None or brief or self._for_highs(matrix, periods)
        if alone or (whole and (brief or stopping.work is not None)):
            return Highs().solve(matrix, stopping, listen, start, stop)
        best = Incumbent(matrix, stopping, Reporter(listen), stop, self.name)
        best.adopt(start, built)
        if whole or periods is None:
            return Race(best, self.run).run()
        if stopping.work is not None:
            return Counted(best, periods).run()
        if matrix.rows.shape[1] > self.parameters.large:
            found = Large(best, periods, self.run).run()
            left = replace(stopping, time_limit=max(best.left(), 1.0))
            return found or Highs().solve(matrix, left, listen, best.values, stop)
        return _Search(best, periods, self.run, self.parameters).run()

    def _for_highs(self, matrix: Matrix, periods: Periods) -> bool:
        """HiGHS alone is as good or better: few whole columns, or not too many and periods that the relaxation misses."""
        whole, small = int(matrix.integer.sum()), self.parameters.small
        if whole <= small:
            return True
        if whole > self.parameters.middle * small:
            return False
        tight, loose = (relaxation_bound(model, 30.0) for model in (matrix, aggregate(matrix, periods).matrix))
        return tight is not None and loose is not None and loose - tight > self.parameters.blind * abs(tight)


@dataclass
class _Shown:
    """Plans that another solve has shown; written by one thread, read by another."""

    plan: Floats | None = None
    version: int = 0
    infeasible: bool = False
    """It is proved that there is no plan."""
    placed: bool = False
    """Its plans know the places as well, so that little is left to be found out: they are looked at as they come."""

    def show(self, plan: Floats | None) -> None:
        """A plan of the solve, or none."""
        if plan is not None:
            self.plan = plan
            self.version += 1


@dataclass
class _Search:
    best: Incumbent
    periods: Periods
    run_apart: Runner
    parameters: AutoParameters
    relaxed: _Shown = field(default_factory=_Shown)
    whole: _Shown = field(default_factory=_Shown)
    seen: int = 0
    """The relaxation's newest plan that was looked at."""
    looked: float = -np.inf
    """When the last of them was."""

    def __post_init__(self) -> None:
        self.matrix = self.best.matrix

    def run(self) -> Solution:
        """Both searches, until the gap is reached or time is up."""
        model = aggregate(self.matrix, self.periods)
        self.best.proving = 1
        prover = threading.Thread(target=self._prove, name="relaxation", daemon=True)
        prover.start()
        try:
            infeasible = self._improve(model)
        finally:
            self.best.done = True
            prover.join(timeout=5.0)
        return self.best.conclude("infeasible" if infeasible else self.best.reason(), "choose, then schedule")

    def _prove(self) -> None:
        """Bounds of the relaxations, then the whole model from the best plan on."""
        best = self.best

        def hear(progress: Progress, shown: _Shown) -> None:
            shown.show(progress.values)
            best.hear_bound(progress)

        self.relaxed.infeasible = self._apart(self.matrix, Proof(), partial(hear, shown=self.relaxed))
        while not best.over() and best.values is None:
            threading.Event().wait(0.2)
        if not best.over() and not self.relaxed.infeasible:
            self._prove_placed()
        if not best.over() and not self.relaxed.infeasible:
            self._apart(self.matrix, Highs(), partial(hear, shown=self.whole), best.values)
        best.proving = 0

    def _apart(
        self, model: Matrix, solver: Highs | Proof, hear: Listener, start: Floats | None = None, gap: float | None = None
    ) -> bool:
        """A solve for bounds, beside the search for plans and for the rest of its time; whether there is no solution."""
        best = self.best
        gap = best.stopping.gap if gap is None else gap
        stopping = replace(best.stopping, threads=1, time_limit=max(best.left(), 0.1), gap=gap)
        ended = self.run_apart(model, solver, stopping, hear, start, best.over).termination
        best.lower(ended.bound)
        return ended.reason == "infeasible"

    def _prove_placed(self) -> None:
        """The relaxation without periods again, its places whole: where parks are what fits badly, and not quarters, this is
        all that is missing (city seed 2: from 1.3 % to 0.2 %)."""
        placed = aggregate(self.matrix, self.periods, places=True)
        self.relaxed.placed = True
        block = placed.of(self.periods.block)

        def hear(progress: Progress) -> None:
            if progress.values is not None:
                taken = block[(block >= 0) & (progress.values > 0.5)]
                self.relaxed.show(np.isin(self.periods.block, taken).astype(float))
            self.best.hear_bound(progress)

        start: Floats | None = None
        if self.best.values is not None:
            start = np.zeros(len(placed.matrix.objective))
            np.add.at(start, placed.column, self.best.values)
        if self._apart(placed.matrix, Highs(), hear, start, min(self.best.stopping.gap / 4, 1e-4)):
            self.relaxed.infeasible = True

    def _improve(self, model: Aggregate) -> bool:
        """Plans of the whole model, until nothing is left to do; whether it ended because there are none."""
        best = self.best
        dice = np.random.default_rng(best.stopping.seed)
        prices = row_duals(model.matrix, 30.0)
        near, many = self._near(model, prices)
        hoods = self._first(model, prices)
        lanes = Lanes(best.stopping.threads)
        try:
            if not best.searched or self.matrix.rows.shape[1] <= self.parameters.narrow:
                self._solve_part(near[:many])
            if not best.searched:
                self._begin()
            extra = 4 * self.parameters.fewest
            while not best.over():
                if self.relaxed.infeasible or self.whole.infeasible:
                    return True
                self._adopt_whole()
                plan, version = self.relaxed.plan, self.relaxed.version
                taken = np.zeros(0, dtype=np.int64) if best.values is None else self._blocks(best.values)
                chosen = taken if plan is None else np.union1d(taken, self._blocks(plan))
                if best.values is None:
                    more = near[dice.random(len(near)) < np.exp(-np.arange(len(near)) / extra)]
                    self._solve_part(np.union1d(chosen, more))
                    extra = min(2 * extra, len(near) + 1)
                elif self._fresh():
                    self.seen = version
                    self._solve_part(chosen)
                    self.looked = best.report.seconds
                else:
                    lanes.improve(hoods, best, self._news)
                    self._adopt_whole()
        finally:
            lanes.close()
        return False

    def _first(self, model: Aggregate, prices: Floats | None) -> Neighbourhoods:
        """A first plan within a second or two, where there are prices and clusters: from what each cluster takes at the prices of
        the linear relaxation. The parts that improve it are told what was taken."""
        best, chosen = self.best, None
        seed, block, relaxed = best.stopping.seed, model.of(self.periods.block), model.matrix
        if prices is not None and not best.over():
            chosen = choose(model, block, model.of(self.periods.cluster), prices, seed, best.over)
        if prices is not None and chosen is not None and not best.searched:
            worth = np.where(block >= 0, relaxed.objective - relaxed.rows.T @ prices, -np.inf)
            seconds = max(self.parameters.first * best.left(), 1.0)
            best.adopt(first_plan(self.matrix, model, None, worth, seconds, seed, best.over, chosen))
        return Neighbourhoods(self.matrix, model, prices, seed, chosen)

    def _news(self) -> bool:
        """Something is to be done besides improving parts."""
        return self.best.over() or self._fresh() or self.whole.version > 0

    def _fresh(self) -> bool:
        """The relaxation has a plan that was not looked at, and the last look was long enough ago."""
        pause = 0.0 if self.relaxed.placed else self.parameters.pause
        return self.relaxed.version > self.seen and self.best.report.seconds - self.looked > pause

    def _adopt_whole(self) -> None:
        """Take over what the whole model's own solve has found."""
        if self.whole.version:
            self.whole.version = 0
            self.best.adopt(self.whole.plan)

    def _begin(self) -> None:
        """Plans of the whole model, as long as they come by themselves."""
        best = self.best
        last = best.report.seconds

        def hear(progress: Progress) -> None:
            nonlocal last
            if progress.values is not None:
                last = best.report.seconds
                best.adopt(progress.values)
            best.hear_bound(progress)
            best.tell()

        def enough() -> bool:
            stalled = best.values is not None and best.report.seconds - last > self.parameters.stalled
            return stalled or best.over()

        until = replace(best.stopping, threads=1, time_limit=max(self.parameters.first * best.left(), 0.1))
        found = Highs().solve(self.matrix, until, hear, best.values, enough)
        best.adopt(found.values)
        best.lower(found.termination.bound)
        self.whole.infeasible = found.termination.reason == "infeasible"

    def _solve_part(self, allowed: Ints) -> None:
        """Solve the part of the model exactly in which only the allowed blocks may be chosen."""
        best, matrix = self.best, self.matrix
        columns = np.flatnonzero((self.periods.block < 0) | np.isin(self.periods.block, allowed))
        small = matrix.part(columns)
        seconds = max(min(self.parameters.step, best.left()), 0.1)
        until = Stopping(seconds, min(best.stopping.gap / 2, 1e-4), 1, best.stopping.seed)

        def adopt(values: Floats | None) -> None:
            if values is not None:
                whole = np.zeros(len(matrix.lower))
                whole[columns] = values
                best.adopt(np.clip(whole, matrix.lower, matrix.upper))
            best.tell()

        before = None if best.values is None else best.values[columns]
        adopt(Highs().solve(small, until, lambda progress: adopt(progress.values), before, best.over).values)

    def _blocks(self, plan: Floats) -> Ints:
        """Blocks of which a column is 1."""
        return np.unique(self.periods.block[(self.periods.block >= 0) & (plan > 0.5)])

    def _near(self, model: Aggregate, prices: Floats | None) -> tuple[Ints, int]:
        """Blocks by the prices of the linear relaxation, the nearest to being taken first, and how many of them the first plan
        may choose from."""
        blocks = self._blocks(np.ones(len(self.periods.block)))
        if prices is None:
            return blocks, 0
        price = order_of(prices, model, model.of(self.periods.block))
        used = int((price <= 1e-6 * objective_unit(model.matrix.objective)).sum())
        many = int(self.parameters.support * used) + self.parameters.fewest
        return blocks[np.argsort(price[blocks], kind="stable")], many
