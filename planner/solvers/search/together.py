"""Searches for plans and for bounds together, on the threads that there are.

One improves parts of the best plan (:mod:`planner.solvers.search.parts.neighbourhoods`). The others take turns
(:mod:`planner.solvers.search.race`): the relaxations without periods and without places (:mod:`planner.solvers.bounds.proof`), and
HiGHS, CBC and SCIP on the whole model, each from the best plan on. A relaxation's plans say *which* choices to take; the whole
model is then solved exactly over these and those of the best plan. What one finds all know: plans and bounds are shared. So the
search comes to what each of its parts comes to, and time goes to what pays.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from planner.solvers.bounds.linear import LOOSE, Linear, Optimum, periods_matter
from planner.solvers.bounds.proof import Proof, order_of
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.bounds.rounded import Rounded
from planner.solvers.lp import objective_unit
from planner.solvers.protocol import Bools, Floats, Ints, Periods, Runner, Solution, StopSign, Termination
from planner.solvers.search.chosen import solve_over
from planner.solvers.search.entrants import LEADERS, PLACES, EntrantParameters, Shown, trees, with_places
from planner.solvers.search.first_plan import choose, first_plan
from planner.solvers.search.incumbent import RELAXATION, Incumbent
from planner.solvers.search.lines import Lines
from planner.solvers.search.looks import LookParameters, Looks
from planner.solvers.search.parts.kinds import NeighbourhoodParameters
from planner.solvers.search.parts.lanes import Lanes
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.prices import PriceParameters, Prices, of_choices, prices_of, relevant, with_periods
from planner.solvers.search.race import Entrant, Race
from planner.solvers.search.turns import PARTS, Earnings, Standing, TurnParameters, turn_of

DETAIL = "parts of the plan, and bounds in turn"
Found = TypeVar("Found")
TICK = 0.05
"""Seconds between two looks at what others have found."""


@dataclass(frozen=True)
class TogetherParameters:
    """How the time is divided."""

    first: float = 0.15
    """Share of the time for a first plan from prices and clusters."""
    turns: int = 60
    """Into how many turns the time is divided."""
    shortest_turn: float = 0.3
    """Seconds."""
    step: tuple[float, float] = (8.0, 0.08)
    """Seconds, and the share of the time, that a part of the model is solved exactly, at the most."""
    fewest: int = 20
    """Projects that the first plan may choose from, besides those that the linear relaxation uses."""
    moment: float = 0.3
    """Seconds in which most relaxations with periods are there: parts of the plan need not begin without it."""
    ahead: float = 3.0
    """Seconds for which solvers of the whole are all there is, where HiGHS leads: what is solved in that needs nothing else."""
    support: float = 1.3
    """Projects that the first plan may choose from, as a multiple of those that the linear relaxation uses."""
    prices: PriceParameters = field(default_factory=PriceParameters)
    """How they are found."""
    looks: LookParameters = field(default_factory=LookParameters)
    """How plans of the relaxation are looked at."""
    order: TurnParameters = field(default_factory=TurnParameters)
    """Who has the turns."""
    entrants: EntrantParameters = field(default_factory=EntrantParameters)
    """How long their first ones are."""


@dataclass
class Together:
    """One solve; see the module's words."""

    best: Incumbent
    periods: Periods
    run_apart: Runner
    whole_first: bool = False
    """Solvers of the whole model have their first turns before anything else."""
    lead: float = 0.0
    """Seconds that HiGHS has a thread for itself, from the plan that there is: one that is near the best."""
    parameters: TogetherParameters = TogetherParameters()
    relaxed: Shown = field(default_factory=Shown)
    found: SimpleQueue[tuple[str, Floats]] = field(default_factory=SimpleQueue)
    """Plans of the whole that entrants have found, and who."""
    spent: float = 0.0
    """Seconds spent on parts of the plan."""
    idle: float = 0.0
    """Of these, those since the last one that gave something."""
    loose: float = -np.inf
    """What the linear relaxation without periods proves."""
    turn: int = 0
    until: float = 0.0
    """When the turn ends."""
    lines: Lines | None = None
    """Which plan is improved; None: none yet."""

    def __post_init__(self) -> None:
        self.matrix = self.best.tightest
        self.looks = Looks(self.parameters.looks)
        self.earnings = Earnings(self.parameters.order, self._usual, self._gained())
        self.model = aggregate(self.matrix, self.periods)
        each = trees(self.best, self.whole_first, self.lead, self._hear, self.parameters.entrants)
        self.race = Race(self.best, self.run_apart, tuple(each))

    def run(self) -> Solution:
        """Searches for plans and for bounds, until the gap is reached or time is up."""
        try:
            ended = self._improve()
        finally:
            self.best.done = True
            self.race.close()
        self._adopt_found()
        reason = self.best.reason() if ended is None else ended.reason
        took = {PARTS: self.spent, **{racer.entrant.name: racer.spent for racer in self.race.racers}}
        return self.best.conclude(reason, DETAIL, took=took)

    def _begin(self, prices: Prices | None, given: bool, lanes: Lanes, lines: Lines) -> Optimum | None:
        """What the relaxation with periods says, and then a first plan at the prices of the one without; parts of the plan are improved
        meanwhile, and know what is known by then. ``given``: there is a plan that was searched for, and needs no such beginning. None: the one
        with periods was not looked at."""
        if prices is None:
            return None
        best, hoods, parameters = self.best, lines.hoods, self.parameters
        self.loose = prices.loose
        self._learn(hoods, prices, None)
        timed = self._meanwhile(
            lambda: with_periods(self.matrix, self.model, prices, best, parameters.prices), parameters.moment, lanes, lines
        )
        if timed is not None:
            self._learn(hoods, prices, timed)
        needless = given if prices.exact else best.searched
        plan, chosen = self._meanwhile(lambda: self._first(prices, needless), TICK, lanes, lines)
        hoods.take_hints(chosen)
        before = best.value
        if plan is not None:  # two plans are improved now, so that parts have all threads
            best.proving = self.race.turn(len(self._leaders), *self._leaders)
        lanes.overtake(hoods, best, plan, parameters.first * best.left(), self._settled)
        if best.value != before:
            self.idle = 0.0
        return timed

    def _learn(self, hoods: Neighbourhoods, prices: Prices, timed: Optimum | None) -> None:
        """Parts of the plan go on with these prices, and with a vertex of the newest relaxation."""
        hoods.learn(*of_choices(self.matrix, self.model, prices.tight, timed))
        hoods.look_at(relevant(self.matrix, self.model, prices, timed, self.best.stopping.seed))

    def _enter_relaxations(self, prices: Prices | None, timed: Optimum | None) -> None:
        """Without periods, from what is known of it, and with them, unless that is solved: their first turns are before those of the solvers
        of the whole, or after them."""
        proof, turns = Proof(None if prices is None else prices.tight), self.parameters.entrants
        entrant = Entrant(
            RELAXATION, proof, lambda: self.matrix, hear=self.relaxed.show, probe=turns.patient, granted=turns.relaxation_granted
        )
        self.race.enter(entrant, last=self.whole_first)
        if not self.whole_first and (timed is None or not timed.solved):  # it goes on with the columns that it had come to
            self.race.enter(Entrant(Linear.name, Linear(None if timed is None else timed.columns), lambda: self.matrix))

    def _improve(self) -> Termination | None:
        """Plans of the whole model, until nothing is left to do; the word that settles it, if there is one."""
        best, dice = self.best, np.random.default_rng(self.best.stopping.seed)
        if self.lead:
            self._lead()
        else:
            self._others_begin()
        lanes, given = Lanes(best.stopping.threads), best.searched
        try:
            prices, lines = self._prices(lanes)
            timed = self._begin(prices, given, lanes, lines)
            if len(self.model.matrix.objective) < len(self.matrix.objective):
                self._enter_relaxations(prices, timed)
            near, many = self._near(None if prices is None else prices.tight)
            if best.values is None or (self.matrix.rows.shape[1] <= self.parameters.entrants.narrow and not self.whole_first):
                self._solve_part(near[:many])
            extra = 4 * self.parameters.fewest
            while not best.over():
                settled = self.race.verdict()
                if settled is not None:
                    return settled
                self._adopt_found()
                for_parts = self._give_turns()
                plan, version = self.relaxed.plan, self.relaxed.version
                taken = np.zeros(0, dtype=np.int64) if best.values is None else self._blocks(best.values)
                chosen = taken if plan is None else np.union1d(taken, self._blocks(plan))
                if best.values is None:
                    more = near[dice.random(len(near)) < np.exp(-np.arange(len(near)) / extra)]
                    self._solve_part(np.union1d(chosen, more))
                    extra = min(2 * extra, len(near) + 1)
                elif self._look_is_due():
                    self._look(chosen, version)
                elif for_parts:
                    self._improve_parts(lanes, lines, self._news)
                else:
                    while not self._news():
                        time.sleep(TICK)
        finally:
            lanes.close()
        return None

    def _settled(self) -> bool:
        """Others have settled the model, with what they have found so far."""
        self._adopt_found()
        return self.best.over() or self.race.verdict() is not None

    def _lead(self) -> None:
        """HiGHS leads, twice where there are threads; on more, SCIP and CBC begin beside it from the same plan."""
        alone = min(self.parameters.ahead, self.lead)
        self.race.turn(self.best.stopping.threads, *LEADERS)
        while self._leads(alone) and not self.best.over():
            time.sleep(TICK)
            self._adopt_found()

    def _leads(self, seconds: float) -> bool:
        """HiGHS has had less time than that, and has not ended."""
        return self.race.seconds().get(LEADERS[0], math.inf) < seconds

    @property
    def _leaders(self) -> tuple[str, ...]:
        """Trees that lead from an earlier plan, and keep a thread each for now."""
        return LEADERS if self._leads(self.lead) else ()

    def _give_turns(self) -> bool:
        """Let entrants and parts of the plan have their turns on the threads that there are; whether parts have one."""
        best, threads, race = self.best, self.best.stopping.threads, self.race
        first = race.ended(RELAXATION)
        if periods_matter(best.bound, best.proved.get(RELAXATION)):
            race.drop(RELAXATION)
        if periods_matter(best.proved.get(Linear.name), self.loose, LOOSE):  # then those who know of periods come first
            race.put_last(RELAXATION)
        if first is not None and first.reason != "infeasible" and race.ended(PLACES) is None and not self.relaxed.placed:
            self.relaxed.placed = True
            race.enter(with_places(best, self.periods, self.relaxed, self.parameters.entrants))
        self.earnings.count({PARTS: self.spent, **race.seconds()}, self._gained())
        self.turn += 1
        self.until = best.report.seconds + self._usual
        turn = turn_of(self._standing(), self.parameters.order)
        best.proving = race.turn(turn.proving, *turn.first, anybody=turn.anybody)
        return turn.parts or best.proving < threads  # nobody else can use what is left

    def _standing(self) -> Standing:
        """What has been seen so far."""
        best, race, earnings = self.best, self.race, self.earnings
        payer = earnings.payer([PARTS, *race.seconds()], best.value or 0.0)
        return Standing(
            number=self.turn,
            threads=best.stopping.threads,
            value=best.value,
            payer=payer,
            pays=earnings.rate(payer),
            adds=earnings.rate(PARTS),
            spent=self.spent,
            idle=self.idle,
            wanted=race.wanted(),
            hoped=race.hoped(),
            closes=race.closes(),
            behind=race.behind(),
            last=race.last(),
            whole_first=self.whole_first,
            leaders=self._leaders,
            waiting=race.fresh(["highs", "scip"]),
        )

    @property
    def _usual(self) -> float:
        """Seconds of a usual turn."""
        return max(self.best.stopping.time_limit / self.parameters.turns, self.parameters.shortest_turn)

    def _gained(self) -> dict[str, float]:
        """What each part of the search has added to the value so far."""
        return {name: value for name, (value, _) in self.best.earned.items()}

    def _improve_parts(self, lanes: Lanes, lines: Lines, until: StopSign) -> None:
        """Improve parts of the plan until there is something else to do."""
        began, before = self.best.report.seconds, self.best.value
        while not until():
            state = lines.go_on()
            lanes.improve(lines.hoods, state, lambda: until() or lines.due(), apart=state is not self.best)
        passed = self.best.report.seconds - began
        self.spent += passed
        if self.best.value != before:
            self.idle = 0.0
        else:
            self.idle += passed

    def _prices(self, lanes: Lanes) -> tuple[Prices | None, Lines]:
        """Prices of the relaxation without periods, and parts of the plan, which know of none yet; where prices are long in coming, these are
        improved meanwhile."""
        best, model, parameters = self.best, self.model, self.parameters.prices
        with ThreadPoolExecutor(1) as apart:
            sought = apart.submit(prices_of, self.matrix, model, best, parameters)
            each = NeighbourhoodParameters().within(best.stopping.time_limit)
            each = each.beside_trees() if self.lead else each
            hoods = Neighbourhoods(self.matrix, model, None, best.stopping.seed, parameters=each, in_lanes=True)
            lines = self.lines = Lines(best, hoods, elsewhere=self.lead > 0.0)
            return self._awaited(sought, parameters.alone, lanes, lines), lines

    def _meanwhile(self, seek: Callable[[], Found], alone: float, lanes: Lanes, lines: Lines) -> Found:
        """What is sought; see :meth:`_awaited`."""
        with ThreadPoolExecutor(1) as apart:
            return self._awaited(apart.submit(seek), alone, lanes, lines)

    def _awaited(self, sought: Future[Found], alone: float, lanes: Lanes, lines: Lines) -> Found:
        """What is sought on one thread; once it has taken so many seconds, parts of the plan are improved meanwhile on one of the others, where
        there is one that no tree needs which leads from an earlier plan."""
        wait([sought], alone)
        best, others = self.best, self.best.stopping.threads - 1
        most = len(self._leaders) or others - 1
        if not sought.done() and best.values is not None and most < others:
            best.proving = 1 + self.race.turn(most, *self._leaders)
            self._improve_parts(lanes, lines, lambda: sought.done() or self._settled())
            self._others_begin()
        return sought.result()

    def _others_begin(self) -> None:
        """Who proves has all threads of a small model, and of others one less, until parts of the plan have their turns."""
        self.best.proving, threads = 0, self.best.stopping.threads
        self.race.turn(threads if self.whole_first else max(threads - 1, 1), *self._leaders)

    def _first(self, prices: Prices, given: bool) -> tuple[Floats | None, Bools | None]:
        """A first plan within a second or two, where there are clusters: from what each cluster takes at the prices of the relaxation, and what
        was taken. ``given``: there is a plan that needs no such beginning."""
        best, model, chosen, plan = self.best, self.model, None, None
        seed, block, tight = best.stopping.seed, model.of(self.periods.block), prices.tight
        priced = replace(model, matrix=tight.matrix)
        if not best.over():
            chosen = choose(priced, block, model.of(self.periods.cluster), tight.duals, seed, best.over)
        if chosen is not None and not given:
            worth = np.where(block >= 0, tight.matrix.objective - tight.matrix.rows.T @ tight.duals, -np.inf)
            seconds = max(self.parameters.first * best.left(), 1.0)
            plan = first_plan(self.matrix, priced, None, worth, seconds, seed, best.over, chosen)
        return plan, chosen

    def _news(self) -> bool:
        """Something is to be done besides what is being done."""
        return self.best.over() or self._look_is_due() or not self.found.empty() or self.best.report.seconds >= self.until

    def _look_is_due(self) -> bool:
        """The relaxation has a plan that is worth a look: it is near enough to the whole for that, or knows the places."""
        placed = self.relaxed.placed
        return (placed or self.race.reaches(RELAXATION)) and self.looks.due(self.relaxed.version, self.best.report.seconds, placed)

    def _look(self, allowed: Ints, plan: int) -> None:
        """Look at that plan of the relaxation: solve the model over what it takes, and what the best one does."""
        began, before = self.best.report.seconds, self.best.value
        self._solve_part(allowed, self.looks.length)
        self.looks.had(plan, began, self.best.report.seconds, self.best.value != before)

    def _hear(self, name: str, plan: Floats) -> None:
        self.found.put((name, plan))

    def _adopt_found(self) -> None:
        """Take over what entrants have found."""
        while not self.found.empty():
            name, plan = self.found.get()
            if self.lines is None:
                self.best.adopt(plan, by=name)
            else:
                self.lines.take(plan, by=name)

    def _solve_part(self, allowed: Ints, length: float = 1.0) -> None:
        """Solve the model exactly over these blocks, for a while, or such a share of it; what others find meanwhile is taken over as it comes."""
        most, share = self.parameters.step
        solve_over(self.best, allowed, length * min(most, share * self.best.stopping.time_limit), self._settled)

    def _blocks(self, plan: Floats) -> Ints:
        """Blocks of which a column is 1."""
        return np.unique(self.periods.block[(self.periods.block >= 0) & (plan > 0.5)])

    def _near(self, tight: Rounded | None) -> tuple[Ints, int]:
        """Blocks by the prices of the relaxation, the nearest to being taken first, and how many of them the first plan
        may choose from."""
        blocks = self._blocks(np.ones(len(self.periods.block)))
        if tight is None:
            return blocks, 0
        price = order_of(tight.duals, replace(self.model, matrix=tight.matrix), self.model.of(self.periods.block))
        used = int((price <= 1e-6 * objective_unit(tight.matrix.objective)).sum())
        many = int(self.parameters.support * used) + self.parameters.fewest
        return blocks[np.argsort(price[blocks], kind="stable")], many
