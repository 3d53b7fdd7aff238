"""Solvers that work at one model and take turns on few threads: time goes to the one that is expected to prove most by the end.

Each runs in a process of its own, and stands still while others have their turn (:mod:`planner.solvers.rein`, :mod:`planner.solvers.halt`): nothing
of what it has done is lost. At first each has a short turn. From then on the turn goes to the one whose bound is expected to be the least in the
end. Bounds of a tree search fall by about the same amount whenever its time doubles; with :math:`b(a)` the bound after :math:`a`
seconds of its own and :math:`l` seconds left, what is expected is

.. math:: b(a) - \\bigl(b(a/2) - b(a)\\bigr) \\log_2 \\frac{a + l}{a} .

No figure of a size of models decides: a solver that is good at one shows it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from planner.solvers.check import Claim, conclude
from planner.solvers.protocol import (
    NO_MEMORY,
    Floats,
    Matrix,
    Progress,
    Reason,
    Runner,
    Signs,
    Solution,
    Solver,
    Termination,
    no_plan,
)
from planner.solvers.search.incumbent import LEAST_GAIN, Incumbent

SETTLED: tuple[Reason, ...] = ("optimal", "gap_reached", "infeasible", "unbounded")
"""What a solver of the whole says when there is nothing left to find."""


@dataclass(frozen=True)
class RaceParameters:
    """How turns are given."""

    probe: float = 0.08
    """Share of the time limit that each solver has at first."""
    least: float = 2.0
    most: float = 8.0
    """Seconds of that, at the least and at the most."""
    longest: float = 0.25
    """Share of the time limit, at the most."""
    patience: float = 2.0
    """A solver whose bound does not move after so many times that is not expected to move it."""
    wrong: float = 2.0
    """A bound may fall so many times as fast as is expected."""
    end: float = 2.0
    """When plans that were only told of are asked for: so many seconds before the time is up, ..."""
    end_share: float = 0.05
    """... or such a share of it if that is more, ..."""
    end_most: float = 0.25
    """... but no more than the last share of it."""
    rounded: float = 1e-6
    """Relative; values are told with few digits."""
    life: float = 3.0
    """Seconds of its own after which a search that is to begin anew from better plans does so, the first time."""
    longer: float = 1.5
    """By what that is multiplied each time."""
    near: float = 0.02
    """Gap up to which one begins anew: only near its end a tree makes much of a plan."""
    regained: float = 0.5
    """Of the time that it has had, what must be left for it to begin anew: with less it does not come to where it is."""


@dataclass(frozen=True, eq=False)
class Entrant:
    """A solver that takes part, and what its word means for the whole."""

    name: str
    solver: Solver
    model: Callable[[], Matrix]
    """The whole, or a relaxation of it: a bound of it is a bound of the whole. Asked when it begins, in its own thread: to write down a large one
    takes seconds, which others need not wait."""
    threads: int = 1
    start: Callable[[], Floats | None] = field(default=no_plan)
    """Asked when it begins, for a plan of its model."""
    hear: Callable[[Floats], None] = field(default=lambda values: None)
    """Hears of its values, in its own thread."""
    exact: bool = False
    """Its model is the whole: when it has searched to its end, there is nothing left to find."""
    shares: Callable[[Floats], Floats] | None = None
    """It goes on from plans of the whole that others find; this makes them plans of its model. None: it does not."""
    probe: float = 1.0
    """Its first turn, as a multiple of the others'."""
    granted: float = 0.0
    """What a relaxation has of that in any case, as such a multiple; the rest it has only while it may come to what is known, which first
    bounds do not always tell."""
    gap: float | None = None
    """Where to stop; None: as the whole."""
    anew: float | None = None
    """It begins anew, with other dice, from a plan that is better than the one that it had begun from, by more than this share of what its
    bound lies above that one; None: it does not. How long a tree takes is in great part luck; near the best plan most are short, and a
    few many times as long."""
    dice: int = 0
    """The number of its dice (:meth:`planner.solvers.protocol.Stopping.other_seed`); the next ones have the next thousand."""


class Racer:
    """An entrant and how it has done."""

    def __init__(self, entrant: Entrant, best: Incumbent, run: Runner, parameters: RaceParameters = RaceParameters()) -> None:
        self.entrant, self._best, self._run, self._parameters = entrant, best, run, parameters
        self.active = 0.0
        """Seconds of its own, since it last began."""
        self._before = 0.0
        """The same of what it had begun before."""
        self._life = parameters.life
        """How long it goes on when there is a better plan than it had begun from."""
        self._from = -math.inf
        """The value of that plan."""
        self.ended: Termination | None = None
        self.running = False
        self._since = 0.0
        self._known = -math.inf
        """The best value that it knows of."""
        self._told = -math.inf
        """The best value that it has told without the plan."""
        self._curve: list[tuple[float, float]] = []
        self._thread: threading.Thread | None = None

    def go(self) -> None:
        """Its turn begins."""
        if self.ended is None and not self.running:
            self.running, self._since = True, monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._solve, name=self.entrant.name, daemon=True)
                self._thread.start()

    def hold(self) -> None:
        """Its turn is over."""
        self.count()
        self.running = False

    def count(self) -> None:
        """Add the time since it was last counted."""
        if self.running and self.ended is None:
            now = monotonic()
            self.active, self._since = self.active + now - self._since, now

    def expected(self, left: float, faster: float = 1.0) -> float:
        """The bound that it is expected to have proved when it has had all of the ``left`` seconds; inf: none. ``faster``: if it falls so
        many times as fast."""
        if not self._curve or self.ended is not None:
            return math.inf
        at, bound = self._curve[-1]
        before = next((value for moment, value in reversed(self._curve) if moment <= self.active / 2), self._curve[0][1])
        return bound - faster * max(before - bound, 0.0) * math.log2((self.active + left) / max(self.active, at, 1e-3))

    def owes(self) -> bool:
        """Whether it is time, near the end or before it begins anew, that it hands over a plan of which it has told only that it is better than
        the best: CBC, which writes one only in the end."""
        value, limit, parameters = self._best.value, self._best.stopping.time_limit, self._parameters
        near = min(max(parameters.end, parameters.end_share * limit), parameters.end_most * limit)
        if self.ended is not None or (self._best.left() > near and not self._outlived()):
            return False
        return self._told > (-math.inf if value is None else value + parameters.rounded * abs(value))

    @property
    def spent(self) -> float:
        """Seconds of its own, all in all."""
        return self._before + self.active

    @property
    def begun(self) -> bool:
        """Whether it has had a turn."""
        return self._thread is not None

    @property
    def moves(self) -> bool:
        """Whether it has made its own bound better, so that what to expect of it is known."""
        return len(self._curve) > 1

    def join(self) -> None:
        """Wait until its process is gone."""
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    def _solve(self) -> None:
        """In its own thread, until it has searched to its end or there is nothing left to do."""
        dice = self.entrant.dice
        while self.ended is None:
            try:
                found = self._once(self._best.stopping.other_seed(dice))
            except MemoryError:  # of its model as it sees it: the others go on, and have its turns
                claim = Claim("failed", None, None, NO_MEMORY)
                found = conclude(self._best.matrix, self._best.stopping, self.entrant.name, claim, 0.0)
            self.count()
            self._best.lower(found.termination.bound, self.entrant.name)
            if found.values is not None:
                self.entrant.hear(found.values)
            if self._outlived() and not self._best.over() and found.termination.reason not in SETTLED:
                dice += 1_000
                self._begin_anew()
            else:
                self.ended, self.running = found.termination, False

    def _once(self, seed: int) -> Solution:
        """One search, from the best plan that there is if it wants one."""
        entrant, best = self.entrant, self._best
        model = entrant.model()
        gap = best.stopping.gap if entrant.gap is None else entrant.gap
        stopping = replace(best.stopping, threads=entrant.threads, time_limit=max(best.left(), 0.1), gap=gap, seed=seed)

        def hold() -> bool:
            return not self.running

        self._from = -math.inf if best.value is None else best.value

        def over() -> bool:
            return best.over() or (self._outlived() and not self.owes())

        signs = Signs(hold, self._hint, self.owes)
        return self._run(model, entrant.solver, stopping, self._hear, entrant.start(), over, signs)

    def _outlived(self) -> bool:
        """Whether it has gone on long enough, and there is something better to begin from."""
        value, gap, share = self._best.value, self._best.gap, self.entrant.anew
        self.count()
        if share is None or value is None or gap is None or gap > self._parameters.near:
            return False
        if self.active < self._life or self._best.left() < self._parameters.regained * self.active:
            return False
        above = self._curve[-1][1] - self._from if self._curve and share and math.isfinite(self._from) else 0.0
        return value > self._from + max(share * above, LEAST_GAIN)

    def _begin_anew(self) -> None:
        """Nothing is known of the next tree; what others may expect of it, they learn from it."""
        self._before, self.active = self._before + self.active, 0.0
        self._life, self._told, self._curve = self._life * self._parameters.longer, -math.inf, []

    def _hint(self) -> Floats | None:
        """The best plan, where it is better than what the entrant knows."""
        value, plan = self._best.value, self._best.values
        shares = self.entrant.shares
        if shares is None or plan is None or not self.running or value is None or value <= self._known + LEAST_GAIN:
            return None
        self._known = value
        return shares(plan)

    def _hear(self, progress: Progress) -> None:
        if progress.value is not None:
            self._known = max(self._known, progress.value)
            if progress.values is None:
                self._told = max(self._told, progress.value)
        if progress.values is not None:
            self.entrant.hear(progress.values)
        if progress.bound is not None:
            self.count()
            if not self._curve or progress.bound < self._curve[-1][1]:
                self._curve.append((self.active, progress.bound))
            self._best.lower(progress.bound, self.entrant.name)


def _least_time(racers: Iterable[Racer]) -> str:
    """The name of the one that had the least time; empty: there is none."""
    return min(((racer.spent, racer.entrant.name) for racer in racers), default=(0.0, ""))[1]


class Race:
    """Entrants and their turns; leave it with :meth:`close`."""

    def __init__(
        self, best: Incumbent, run: Runner, entrants: Sequence[Entrant], parameters: RaceParameters = RaceParameters()
    ) -> None:
        self._best, self._run, self._parameters = best, run, parameters
        self.racers = [Racer(entrant, best, run, parameters) for entrant in entrants]

    def enter(self, entrant: Entrant, last: bool = False) -> None:
        """One more, which has its first turn at once, or after all others."""
        self.racers.insert(len(self.racers) if last else 0, Racer(entrant, self._best, self._run, self._parameters))

    def drop(self, name: str) -> None:
        """That one has no turn, if it has had none."""
        self.racers = [racer for racer in self.racers if racer.entrant.name != name or racer.begun]

    def put_last(self, name: str) -> None:
        """That one has its first turn after all others."""
        self.racers.sort(key=lambda racer: racer.entrant.name == name)

    def line(self) -> list[Racer]:
        """Those that have not ended: the first of those that are expected to have proved the best plan by the end, whoever has not had a first
        turn, the others that are expected to, then the rest by what is expected of them. A bound that falls fast at first is expected to go
        on so, and often does not: two of these must not keep a third from showing what it comes to."""
        left, alive = max(self._best.left(), 0.0), [racer for racer in self.racers if racer.ended is None]
        for racer in alive:
            racer.count()
        fresh = [racer for racer in alive if self._is_fresh(racer)]
        known = sorted((racer for racer in alive if racer not in fresh), key=lambda racer: racer.expected(left))
        closing = [racer for racer in known if self._closes(racer)]
        return closing[:1] + fresh + closing[1:] + [racer for racer in known if racer not in closing]

    def fresh(self, names: Sequence[str]) -> bool:
        """Whether one of these has not had its first turn."""
        return any(racer.entrant.name in names and racer.ended is None and self._is_fresh(racer) for racer in self.racers)

    def turn(self, threads: int, *first: str, anybody: bool = False) -> int:
        """Let the first in line run on so many threads, before them those of these names, and the others stand still; the threads
        that are taken. Besides these only those have one that may still come to the best bound, or are to have their first turn, unless
        ``anybody`` may: parts of the plan make more of it."""
        taken, chosen, line = 0, [], self.line()
        order = {name: number for number, name in enumerate(first)}
        for racer in sorted(line, key=lambda racer: (not racer.owes(), order.get(racer.entrant.name, len(order)))):
            may = anybody or racer is line[0] or racer.entrant.name in order or self._is_fresh(racer) or self._may_reach(racer)
            if (may and racer.entrant.threads <= threads - taken) or racer.owes():
                chosen.append(racer)
                taken += racer.entrant.threads
        for racer in self.racers:
            if racer not in chosen:
                racer.hold()
        for racer in chosen:
            racer.go()
        return taken

    def behind(self) -> str:
        """Of those that solve the whole, have not ended and may still come to the best bound, the one that had the least time; empty: there
        is none, or one of them is still to have its first turn."""
        return _least_time(racer for racer in self._tried() if self._may_reach(racer))

    def last(self) -> str:
        """The same, whatever is expected of them."""
        return _least_time(self._tried())

    def reaches(self, name: str) -> bool:
        """Whether that one has proved the best bound, or may still come to it."""
        proved, bound = self._best.proved.get(name, math.inf), self._best.bound
        if bound is None or proved <= bound:
            return True
        return any(self._may_reach(racer) for racer in self.racers if racer.entrant.name == name)

    def _tried(self) -> list[Racer]:
        """Those that solve the whole and have not ended; empty while one of them is to have its first turn."""
        exact = [racer for racer in self.line() if racer.entrant.exact]
        return [] if any(self._is_fresh(racer) for racer in exact) else exact

    def hoped(self) -> float:
        """By how much the best bound is expected to fall in a second, at the most; inf while somebody is to have a first turn."""
        left, line = max(self._best.left(), 1e-3), self.line()
        if any(self._is_fresh(racer) for racer in line):
            return math.inf
        least = min((racer.expected(left) for racer in line), default=math.inf)
        return 0.0 if self._best.bound is None else max(self._best.bound - least, 0.0) / left

    def wanted(self) -> int:
        """Threads of the first in line; 0: nobody is."""
        line = self.line()
        return line[0].entrant.threads if line else 0

    def seconds(self) -> dict[str, float]:
        """How long each that has not ended has run, by its name."""
        return {racer.entrant.name: racer.spent for racer in self.line()}

    def closes(self) -> bool:
        """Whether somebody is expected to have proved the best plan by the end."""
        return any(self._closes(racer) for racer in self.racers if racer.ended is None and not self._is_fresh(racer))

    def ended(self, name: str) -> Termination | None:
        """How an entrant has ended; None: it has not, or does not take part."""
        return next((racer.ended for racer in self.racers if racer.entrant.name == name), None)

    def verdict(self) -> Termination | None:
        """The word of one that settles the whole: there is no solution, or it has searched the whole to its end."""
        for racer in self.racers:
            if racer.ended is not None and racer.ended.reason in (SETTLED if racer.entrant.exact else ("infeasible",)):
                return racer.ended
        return None

    def close(self) -> None:
        """End all; ``best.over`` must say so already."""
        for racer in self.racers:
            racer.join()

    def _may_reach(self, racer: Racer) -> bool:
        """Whether its bound may still come to the best one, if it falls so many times as fast as is expected."""
        bound = self._best.bound
        return bound is None or racer.expected(max(self._best.left(), 0.0), self._parameters.wrong) <= bound

    def _closes(self, racer: Racer) -> bool:
        return self._best.value is not None and racer.expected(max(self._best.left(), 0.0)) <= self._best.value

    def _is_fresh(self, racer: Racer) -> bool:
        """It has not had its first turn, which is longer for one whose bound has not moved."""
        parameters, expected = self._parameters, racer.expected(max(self._best.left(), 0.0))
        limit, bound = self._best.stopping.time_limit, self._best.bound
        usual = min(max(parameters.probe * limit, parameters.least), parameters.most)
        if not racer.entrant.exact and bound is not None and math.isfinite(expected) and expected > bound:
            return racer.active < racer.entrant.granted * usual  # it is not expected to come to what is known already
        seconds = racer.entrant.probe * usual * (1.0 if racer.moves else parameters.patience)
        return racer.active < min(seconds, parameters.longest * limit)
