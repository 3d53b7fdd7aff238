"""The state of a search that all its steps share: the best plan and bound so far, what is left of its time, who hears of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from planner.solvers.check import Claim, conclude, least_bound, proof_margin, refutes, sound, value_of
from planner.solvers.lp import value_step
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Matrix, Progress, Reason, Solution, Stopping, StopSign, relative_gap

RELAXATION = "relaxation"
"""Who has proved what the relaxation without periods proves."""
PROOF = "proof"
"""Who proves beside the search for plans."""
LEAST_GAIN = 1e-12
"""What a plan must be worth more than the best one to take its place."""


def _unheard(progress: Progress) -> None:
    """Nobody listens."""


@dataclass(eq=False)
class Incumbent:
    """Written by one thread that finds plans and by others that find bounds."""

    matrix: Matrix
    stopping: Stopping
    report: Reporter
    stop: StopSign
    solver: str
    """Its name, for the termination."""
    values: Floats | None = None
    """The best plan, checked."""
    tight: Matrix | None = None
    """The same model with tighter rows and bounds (:mod:`planner.solvers.tighten`), for all that search; None: as it is. Plans are
    checked against ``matrix``."""
    searched: bool = False
    """A plan was found by searching, or given: not only built (:mod:`planner.solvers.search.construct`)."""
    value: float | None = None
    """Of ``values``; kept, since libraries ask many times a second whether to stop."""
    proved: dict[str, float] = field(default_factory=dict)
    """The least bound that each part of the search has proved; each is one of the whole."""
    refuted: set[str] = field(default_factory=set)
    """Parts of the search that have called something a bound that a checked plan lies above: whatever they say, or have said, counts for
    nothing. What lies between that plan and the best one would else be taken for a proof."""
    phase: str = "search"
    columns: int | None = None
    """Columns still in play, to be told; None: all."""
    proving: int = 0
    """Threads that are busy with bounds."""
    done: bool = False
    """The search for plans is over: nobody waits for bounds any more."""
    _judged: tuple[float | None, float | None, bool] = (None, None, False)
    """Whether a value and a bound are good enough, asked for at every look at the clock; to find out takes a look at all columns."""
    earned: dict[str, list[float]] = field(default_factory=dict)
    """What each part of the search has added to the value, and taken from the bound, after the first of each."""

    @cached_property
    def step(self) -> float | None:
        """Between the values that plans can have, where there is one."""
        return value_step(self.matrix)

    @property
    def bound(self) -> float | None:
        """The least one that was proved."""
        return min(list(self.proved.values()), default=None)

    @property
    def gap(self) -> float | None:
        """Between the best plan and the bound; None: not known."""
        value, bound = self.value, self.bound  # read once: others refute bounds meanwhile
        return None if value is None or bound is None else relative_gap(value, bound, self.matrix.reference)

    @property
    def tightest(self) -> Matrix:
        """What relaxations and parts are made of."""
        return self.matrix if self.tight is None else self.tight

    def adopt(self, plan: Floats | None, built: bool = False, by: str = "") -> bool:
        """Make a plan the best one if it is a solution of the model, and better; whether it is. ``built``: nobody has searched for it;
        ``by``: the part of the search that has found it."""
        checked = sound(self.matrix, plan)
        self.searched |= checked is not None and not built
        if checked is None or not self.beaten_by(value := value_of(self.matrix, checked)):
            return False
        self._credit(by, 0, 0.0 if self.value is None else value - self.value)
        self.values, self.value = checked, value
        for name, bound in list(self.proved.items()):
            if refutes(self.matrix, value, bound):
                self._refute(name)
        self.tell()
        return True

    def beaten_by(self, value: float) -> bool:
        """Whether a plan of that value would be the best one."""
        return self.value is None or value > self.value + LEAST_GAIN

    def lower(self, bound: float | None, by: str = "") -> None:
        """Take over what a part of the search has proved, unless a plan has shown that it proves nothing."""
        if bound is not None and math.isfinite(bound) and by not in self.refuted:
            bound, before = least_bound(self.matrix, bound, self.step), self.bound
            if self.value is not None and refutes(self.matrix, self.value, bound):
                self._refute(by)
            else:
                if before is None or bound < before:
                    self._credit(by, 1, 0.0 if before is None else before - bound)
                self.proved[by] = min(bound, self.proved.get(by, math.inf))
        self.tell()

    def _refute(self, by: str) -> None:
        self.refuted.add(by)
        self.proved.pop(by, None)

    def _credit(self, by: str, what: int, gain: float) -> None:
        if by:
            self.earned.setdefault(by, [0.0, 0.0])[what] += gain

    def tell(self) -> None:
        """Tell whoever listens how things stand, as often as they want to know."""
        self.report.tell(self.value, self.bound, self.values, self.phase, self.columns)

    def left(self) -> float:
        """Seconds."""
        return self.stopping.time_limit - self.report.seconds

    def good_enough(self) -> bool:
        """The gap is reached, or the plan is proved the best."""
        value, bound = self.value, self.bound
        if self._judged[:2] != (value, bound):
            enough = value is not None and bound is not None and self._enough(value, bound)
            self._judged = value, bound, enough
        return self._judged[2]

    def _enough(self, value: float, bound: float) -> bool:
        gap = relative_gap(value, bound, self.matrix.reference)
        return gap is not None and (gap <= self.stopping.gap or bound - value <= proof_margin(self.matrix, value))

    def over(self) -> bool:
        """Whether to come to an end."""
        return self.done or self.stop() or self.left() <= 0 or self.good_enough()

    def beside(self, stop: StopSign) -> Incumbent:
        """A state of the same search, in the time that is left of it, that knows of no plan, and that nobody hears of."""
        left = self.stopping.after(self.report.seconds)
        return Incumbent(self.matrix, left, Reporter(_unheard), stop, self.solver, tight=self.tight, proving=self.proving)

    def free_threads(self) -> int:
        """Threads that prove nothing; at least one."""
        self.tell()
        return max(self.stopping.threads - self.proving, 1)

    def reason(self, otherwise: Reason = "time_limit") -> Reason:
        """Why the search ends now."""
        return "interrupted" if self.stop() else "gap_reached" if self.good_enough() else otherwise

    def conclude(
        self, reason: Reason, detail: str, work: int | None = None, took: Mapping[str, float] = MappingProxyType({})
    ) -> Solution:
        """What the search has come to. ``took``: seconds that parts of the search have had, for the log."""
        each = []
        for by in dict.fromkeys([*self.earned, *took, *sorted(self.refuted)]):
            value, bound = self.earned.get(by, (0.0, 0.0))
            seconds = f" ({took[by]:.1f} s)" if by in took else ""
            wrong = ", its bounds refuted by a plan" if by in self.refuted else ""
            each.append(f"{by} +{value:.3g} −{bound:.3g}{seconds}{wrong}")
        claim = Claim(reason, self.values, self.bound, "; ".join([detail, *each]), work)
        return conclude(self.matrix, self.stopping, self.solver, claim, self.report.finish(), self.values)
