"""The default: choose first, schedule after, and prove from the model without its quarters.

Two searches run side by side. One solves the relaxation without periods (:mod:`planner.solvers.bounds.without_periods`) exactly, in a
process of its own: its bound is a bound on the whole, and each of its plans says *which* projects to take. The other searches
for plans of the whole model: it solves it exactly over the projects that the relaxation's newest plan and the best plan so
far take, then over those and a few more that the relaxation prices as nearly as good, or with part of the plan held fast.
When the relaxation is solved and a gap is left, the whole model is solved from the best plan on, for the rest of the time.

Small models, and models that say nothing of periods, go to HiGHS as they are; so do models of middle size in which the
periods matter so much that the linear relaxation with them is a tighter bound than the one without them by far: there the
relaxation without periods would prove nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.proof import Proof, order_of
from planner.solvers.bounds.without_periods import Aggregate, aggregate
from planner.solvers.check import Claim, conclude, proof_margin, sound, value_of
from planner.solvers.lp import relaxation_bound, row_duals
from planner.solvers.matrix import Bools, Floats, Ints, Matrix, Periods
from planner.solvers.progress import Reporter
from planner.solvers.protocol import (
    Listener,
    Progress,
    Reason,
    Solution,
    Stopping,
    StopSign,
    Termination,
    never,
    relative_gap,
)
from planner.solvers.scaling import objective_unit
from planner.solvers.search.by_work import Counted
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.lanes import Lanes
from planner.solvers.search.neighbourhoods import Neighbourhoods
from planner.solvers.search.province import Large

SMALL = 600
"""Whole columns up to which HiGHS alone is as good."""
MIDDLE = 4
"""Multiples of ``SMALL`` up to which HiGHS alone is as good when the periods matter."""
BLIND = 0.02
"""They do when the linear relaxation without them is higher by this share. Measured: 8 % where much of the effort and the money
falls after the horizon (the demo: HiGHS alone proves in seconds what both searches do not), below 0.5 % on cities of
:mod:`benchmarks.instances` of the same size, where both searches are ahead."""
LARGE = 150_000
"""Columns above which the relaxation itself is too slow to be solved as it is."""
SHORTEST = 3.0
"""Seconds below which nothing is worth dividing."""
FIRST = 0.15
"""Share of the time in which the whole model may go on improving plans by itself."""
STALLED = 1.5
"""Seconds without a better plan after which it has had its turn."""
STEP = 4.0
"""Seconds for one neighbourhood; twice as many for a plan of the relaxation."""
HELD = 0.5
"""Share of the plan that a neighbourhood holds fast, to begin with."""
FEWEST, MOST = 20, 600
"""Projects that a neighbourhood adds."""


PAUSE = 10.0
"""Seconds between two looks at plans of the relaxation."""
NARROW = 5_000
"""Columns up to which a small exact model improves on the first plan sooner than its parts do."""
SUPPORT = 1.3
"""Projects that the first plan may choose from, as a multiple of those that the linear relaxation uses."""


class Auto:
    """See the module's words."""

    name = "auto"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise within the limits."""
        periods = matrix.periods
        if periods is None or stopping.time_limit < SHORTEST or _for_highs(matrix, periods):
            return Highs().solve(matrix, stopping, listen, start, stop)
        if stopping.work is not None:
            return Counted(matrix, periods, stopping, listen, stop, self.name).run(start)
        if stopping.threads < 2:
            return Highs().solve(matrix, stopping, listen, start, stop)
        if matrix.rows.shape[1] > LARGE:
            report = Reporter(listen)
            found = Large(matrix, periods, stopping, report, stop, self.name).run(start)
            left = replace(stopping, time_limit=max(stopping.time_limit - report.seconds, 1.0))
            return found or Highs().solve(matrix, left, listen, start, stop)
        return _Search(matrix, periods, stopping, Reporter(listen), stop).run(start)


def _for_highs(matrix: Matrix, periods: Periods) -> bool:
    """HiGHS alone is as good or better: few whole columns, or not too many and periods that the relaxation misses."""
    whole = int(matrix.integer.sum())
    if whole <= SMALL:
        return True
    if whole > MIDDLE * SMALL:
        return False
    tight, loose = (relaxation_bound(one, 30.0) for one in (matrix, aggregate(matrix, periods).matrix))
    return tight is not None and loose is not None and loose - tight > BLIND * abs(tight)


@dataclass
class _Relaxed:
    """What the relaxation has said so far; written by one thread, read by another."""

    plan: Floats | None = None
    version: int = 0
    bound: float | None = None
    ended: Termination | None = None
    placed: bool = False
    """Its plans know the places as well, so that little is left to be found out: they are looked at as they come."""

    def hear(self, progress: Progress) -> None:
        """Progress of the worker."""
        if progress.bound is not None and (self.bound is None or progress.bound < self.bound):
            self.bound = progress.bound
        if progress.values is not None:
            self.plan = progress.values
            self.version += 1


@dataclass
class _Search:
    matrix: Matrix
    periods: Periods
    stopping: Stopping
    report: Reporter
    stop: StopSign
    best: Floats | None = None
    value: float | None = None
    """Of ``best``; kept, since libraries ask many times a second whether to stop."""
    relaxed: _Relaxed = field(default_factory=_Relaxed)
    whole: _Relaxed = field(default_factory=_Relaxed)
    done: bool = False
    seen: int = 0
    """The relaxation's newest plan that was looked at."""
    looked: float = -PAUSE
    """When the last of them was."""
    proving: int = 1
    """Threads that are busy with bounds."""

    def run(self, start: Floats | None) -> Solution:
        """Both searches, until the gap is reached or time is up."""
        model = aggregate(self.matrix, self.periods)
        self._keep(sound(self.matrix, start))
        prover = threading.Thread(target=self._prove, name="relaxation", daemon=True)
        prover.start()
        try:
            reason = self._improve(model)
        finally:
            self.done = True
            prover.join(timeout=5.0)
        claim = Claim(reason, self.best, self._bound(), "choose, then schedule")
        return conclude(self.matrix, self.stopping, Auto.name, claim, self.report.finish(), start)

    def _left(self) -> float:
        return self.stopping.time_limit - self.report.seconds

    def _bound(self) -> float | None:
        """The relaxation bounds the model; so does the model's own solve. Each is valid, so the lower one counts."""
        bounds = [one.bound for one in (self.relaxed, self.whole) if one.bound is not None]
        return min(bounds) if bounds else None

    def _over(self) -> bool:
        return self.done or self.stop() or self._left() <= 0 or self._good_enough()

    def _good_enough(self) -> bool:
        value, bound = self.value, self._bound()
        gap = relative_gap(value, bound)
        if gap is None or bound is None or value is None:
            return False
        return gap <= self.stopping.gap or bound - value <= proof_margin(self.matrix, value)

    def _keep(self, plan: Floats | None) -> bool:
        """Make a checked plan the best one if it is better."""
        if plan is None:
            return False
        value = value_of(self.matrix, plan)
        if self.value is not None and value <= self.value + 1e-12:
            return False
        self.best, self.value = plan, value
        return True

    def _prove(self) -> None:
        """Bounds of the relaxations, then the whole model from the best plan on."""
        from planner.solvers.process import solve

        stopping = replace(self.stopping, threads=1, time_limit=max(self._left(), 0.1))
        self.relaxed.ended = solve(self.matrix, Proof(), stopping, self.relaxed.hear, stop=self._over).termination
        if self.relaxed.ended.bound is not None:
            self.relaxed.hear(Progress("proof", 0.0, None, self.relaxed.ended.bound))
        while not self._over() and self.best is None:
            threading.Event().wait(0.2)
        if not self._over() and self.relaxed.ended.reason != "infeasible":
            self._prove_placed()
        if not self._over() and self.relaxed.ended.reason != "infeasible":
            stopping = replace(stopping, time_limit=max(self._left(), 0.1))
            ended = solve(self.matrix, "highs", stopping, self.whole.hear, self.best, self._over).termination
            if ended.bound is not None:
                self.whole.hear(Progress("whole", 0.0, None, ended.bound))
        self.proving = 0

    def _prove_placed(self) -> None:
        """The relaxation without periods again, its places whole: where parks are what fits badly, and not quarters, this is
        all that is missing (city seed 2: from 1.3 % to 0.2 %)."""
        from planner.solvers.process import solve

        placed = aggregate(self.matrix, self.periods, places=True)
        self.relaxed.placed = True
        block = placed.of(self.periods.block)

        def hear(progress: Progress) -> None:
            values = None
            if progress.values is not None:
                taken = np.unique(block[(block >= 0) & (progress.values > 0.5)])
                values = np.isin(self.periods.block, taken).astype(float)
            self.relaxed.hear(replace(progress, values=values))

        start: Floats | None = None
        if self.best is not None:
            start = np.zeros(len(placed.matrix.objective))
            np.add.at(start, placed.column, self.best)
        stopping = replace(
            self.stopping, threads=1, time_limit=max(self._left(), 0.1), gap=min(self.stopping.gap / 4, 1e-4)
        )
        ended = solve(placed.matrix, "highs", stopping, hear, start, self._over).termination
        self.relaxed.hear(Progress("proof", 0.0, None, ended.bound))
        if ended.reason == "infeasible":
            self.relaxed.ended = ended

    def _improve(self, model: Aggregate) -> Reason:
        """Plans of the whole model, until nothing is left to do; why it ended."""
        dice = np.random.default_rng(self.stopping.seed)
        prices = row_duals(model.matrix, 30.0)
        near = self._near(model, prices)
        hints = self._first(model, prices)
        hoods = Neighbourhoods(self.matrix, model, prices, self.stopping.seed, hints)
        lanes = Lanes(self.matrix, self.stopping.threads)
        try:
            if self.best is None or self.matrix.rows.shape[1] <= NARROW:
                self._try(self._part(near[: self._support(model, prices)], 0.0, dice), 2 * STEP)
            if self.best is None:
                self._begin()
            extra = 4 * FEWEST
            while not self._over():
                if any(
                    one.ended is not None and one.ended.reason == "infeasible" for one in (self.relaxed, self.whole)
                ):
                    return "infeasible"
                self._keep(sound(self.matrix, self.whole.plan))
                taken = self._taken()
                plan, version = self.relaxed.plan, self.relaxed.version
                chosen = np.union1d(taken, self._blocks(plan)) if plan is not None else taken
                if self.best is None:
                    more = near[dice.random(len(near)) < np.exp(-np.arange(len(near)) / extra)]
                    self._try(self._part(np.union1d(chosen, more), 0.0, dice), 2 * STEP)
                    extra = min(2 * extra, len(near) + 1)
                elif self._fresh():
                    self.seen = version
                    self._try(self._part(chosen, 0.0, dice), 2 * STEP)
                    self.looked = self.report.seconds
                else:
                    lanes.improve(
                        hoods, self.best, self._lanes, self.stopping.seed, self._left, self._better, self._news
                    )
                    self._adopt()
        finally:
            lanes.close()
        if self.stop():
            return "interrupted"
        return "gap_reached" if self._good_enough() else "time_limit"

    def _first(self, model: Aggregate, prices: Floats | None) -> Bools | None:
        """A first plan within a second or two, and the blocks that it began from: what each cluster takes at the prices of the
        linear relaxation. None when there are no prices or no clusters."""
        if prices is None or self._over():
            return None
        block, relaxed = model.of(self.periods.block), model.matrix
        chosen = choose(model, block, model.of(self.periods.cluster), prices, self.stopping.seed, self._over)
        if chosen is not None and self.best is None:
            worth = np.where(block >= 0, relaxed.objective - relaxed.rows.T @ prices, -np.inf)
            seconds = max(FIRST * self._left(), 1.0)
            self._keep(first_plan(self.matrix, model, None, worth, seconds, self.stopping.seed, self._over, chosen))
            self._tell()
        return chosen

    def _news(self) -> bool:
        """Something is to be done besides improving parts."""
        return self._over() or self._fresh() or self.whole.version > 0

    def _fresh(self) -> bool:
        """The relaxation has a plan that was not looked at, and the last look was long enough ago."""
        pause = 0.0 if self.relaxed.placed else PAUSE
        return self.relaxed.version > self.seen and self.report.seconds - self.looked > pause

    def _lanes(self) -> int:
        """One for each thread that proves nothing."""
        self._tell()
        return max(self.stopping.threads - self.proving, 1)

    def _better(self, plan: Floats, value: float) -> None:
        self.best, self.value = plan, value
        self._tell()

    def _adopt(self) -> None:
        """Take over what the whole model's own solve has found."""
        if self.whole.version:
            self.whole.version = 0
            self._keep(sound(self.matrix, self.whole.plan))

    def _begin(self) -> None:
        """Plans of the whole model, as long as they come by themselves."""
        last = self.report.seconds

        def hear(progress: Progress) -> None:
            nonlocal last
            if progress.values is not None:
                last = self.report.seconds
                self._keep(sound(self.matrix, progress.values))
            self.whole.hear(replace(progress, values=None))  # its plans are adopted here already
            self._tell()

        def enough() -> bool:
            stalled = self.best is not None and self.report.seconds - last > STALLED
            return stalled or self._over()

        until = replace(self.stopping, threads=1, time_limit=max(FIRST * self._left(), 0.1))
        found = Highs().solve(self.matrix, until, hear, self.best, enough)
        self._keep(found.values)
        self.whole.hear(Progress("whole", 0.0, None, found.termination.bound))
        self.whole.ended = found.termination

    def _taken(self) -> Ints:
        """Blocks that the best plan takes."""
        return np.zeros(0, dtype=np.int64) if self.best is None else self._blocks(self.best)

    def _part(self, allowed: Ints, held: float, dice: np.random.Generator) -> tuple[Bools, Floats, Floats]:
        """(columns kept, lower, upper): only allowed blocks may be chosen, a share of the plan's own is held as it is."""
        block = self.periods.block
        keep = (block < 0) | np.isin(block, allowed)
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        if self.best is not None and held > 0:
            taken = self._taken()
            fast = np.isin(block, taken[dice.random(len(taken)) < held]) & (block >= 0)
            lower[fast] = upper[fast] = np.rint(self.best[fast])
        return keep, lower, upper

    def _try(self, part: tuple[Bools, Floats, Floats], seconds: float) -> tuple[bool, bool]:
        """Solve a part of the model exactly; (a better plan was found, the part was searched to its end)."""
        keep, lower, upper = part
        columns = np.flatnonzero(keep)
        small = replace(
            self.matrix,
            objective=self.matrix.objective[columns],
            rows=csr_array(self.matrix.rows[:, columns]),
            lower=lower[columns],
            upper=upper[columns],
            integer=self.matrix.integer[columns],
            periods=None,
            column_names=(),
        )
        until = Stopping(max(min(seconds, self._left()), 0.1), min(self.stopping.gap / 2, 1e-4), 1, self.stopping.seed)
        before = None if self.best is None else self.best[columns]
        better = False

        def adopt(values: Floats | None) -> None:
            nonlocal better
            if values is not None:
                whole = np.zeros(len(self.matrix.lower))
                whole[columns] = values
                better |= self._keep(sound(self.matrix, np.clip(whole, self.matrix.lower, self.matrix.upper)))
            self._tell()

        found = Highs().solve(small, until, lambda progress: adopt(progress.values), before, self._over)
        adopt(found.values)
        return better, found.termination.reason in ("optimal", "gap_reached", "infeasible")

    def _blocks(self, plan: Floats) -> Ints:
        """Blocks of which a column is 1."""
        taken: Ints = np.unique(self.periods.block[(self.periods.block >= 0) & (plan > 0.5)])
        return taken

    def _near(self, model: Aggregate, prices: Floats | None) -> Ints:
        """Blocks by the prices of the linear relaxation: the nearest to being taken first."""
        blocks = self._blocks(np.ones(len(self.periods.block)))
        if prices is None:
            return blocks
        return blocks[np.argsort(order_of(prices, model, model.of(self.periods.block))[blocks], kind="stable")]

    def _support(self, model: Aggregate, prices: Floats | None) -> int:
        """How many blocks the first plan may choose from."""
        if prices is None:
            return 0
        price = order_of(prices, model, model.of(self.periods.block))
        used = int((price <= 1e-6 * objective_unit(model.matrix.objective)).sum())
        return int(SUPPORT * used) + FEWEST

    def _tell(self) -> None:
        self.report.tell(self.value, self._bound(), self.best)
