"""What every adapter does around its library: no library for what needs none, a checked start, and the answer held to the model."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

from planner.solvers.check import Claim, Mend, conclude, sound, unbounded_or_infeasible, value_of, without_search
from planner.solvers.lp import objective_unit, well_scaled
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Solution, Stopping, StopSign, never

ENDLESS = 1e20
"""A number of this size is a library's infinity."""


@dataclass(frozen=True, eq=False)
class Task:
    """A model that a library is to solve."""

    matrix: Matrix
    stopping: Stopping
    stop: StopSign
    reporter: Reporter
    begin: Floats | None
    """A plan to begin from, checked; its value is told already."""
    unit: float
    """What the objective is divided by in ``scaled``."""

    @property
    def scaled(self) -> Matrix:
        """The model in the size that floating-point solvers are made for; made anew each time."""
        return well_scaled(self.matrix, self.unit)

    @property
    def left(self) -> float:
        """Seconds."""
        return self.stopping.time_limit - self.reporter.seconds

    def ours(self, minimised: float | None) -> float | None:
        """A number of the scaled minimisation in the model's own units; None while the library has none."""
        if minimised is None or not math.isfinite(minimised) or abs(minimised) >= ENDLESS:
            return None
        return -minimised * self.unit


class Adapter(ABC):
    """A library as a :class:`planner.solvers.protocol.Solver`; each says in ``search`` what differs."""

    name: str
    mend: Mend = "broken"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Maximise; linear programmes too. The solution is never worse than ``start``."""
        easy = without_search(matrix, stopping, self.name)
        if easy is not None:
            return easy
        task = Task(matrix, stopping, stop, Reporter(listen), sound(matrix, start), objective_unit(matrix.objective))
        if task.begin is not None:
            task.reporter.tell(value=value_of(matrix, task.begin), values=task.begin)
        claim = self.search(task)
        if claim.reason == "unbounded":
            claim = unbounded_or_infeasible(matrix, claim, task.left)
        found = conclude(matrix, stopping, self.name, claim, task.reporter.finish(), task.begin, self.mend)
        return self.reviewed(task, claim, found)

    @abstractmethod
    def search(self, task: Task) -> Claim:
        """What the library says. ``unbounded`` also where it may be infeasible instead: that is made sure of."""

    def reviewed(self, task: Task, claim: Claim, found: Solution) -> Solution:
        """The solution, when a library's word is not enough."""
        return found
