"""Other beginnings: another plan is built, improved by itself, and brought together with the best one.

Where a search begins decides where it ends, and parts are too small to lead from one good plan to another that has a fifth of its projects
otherwise. A line that begins elsewhere ends elsewhere. So some lines are compared, a few seconds each, once the best plan is near what can be
reached and its parts have come to a halt, or wherever they give nothing for long (before, they give more than other beginnings do); what any of them
does is searched as one small model then (:meth:`planner.solvers.search.parts.neighbourhoods.Neighbourhoods.merge_soon`), and the search goes on from the best. Later lines begin where parts
of the best plan give nothing any more; what one of them does and the best plan does not is solved besides
(:meth:`planner.solvers.search.parts.neighbourhoods.Neighbourhoods.offer`).
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.solvers.protocol import Floats
from planner.solvers.search.construct import construct
from planner.solvers.search.incumbent import NEAR, Incumbent
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods

OTHERS = "other beginnings"
"""The name under which they earn."""


@dataclass(frozen=True)
class LineParameters:
    """When another line begins, and how long it is."""

    compared: int = 3
    """Lines that are compared with the best plan, at the most."""
    near: float = NEAR
    """Gap from which on they are. From 0.04 on, models whose parts still gave more ended lower (docs/trials.md)."""
    calm: int = 6
    """Parts of the best plan in a row without a gain before they are: a plan that is near and still gets better by the second is worth more
    than others that begin anew (a prefecture stood still at 2.0 % after 12 s of 30; docs/trials.md)."""
    short: float = 0.05
    """Share of the time limit, in seconds of the processor, that such a line has, and the best plan has had before."""
    shortest: float = 3.0
    """The same in seconds, at the least: less leads nowhere."""
    comparing: float = 0.25
    """Share of the time limit that all of them may take."""
    barren: int = 24
    """Parts of the best plan in a row without a gain after which another begins."""
    parts: int = 12
    """That it has at the most."""
    largest: int = 50_000
    """Columns up to which a plan is soon built."""


@dataclass
class Lines:
    """Which plan is improved: the best one, or one beside it; and plans that are brought together with the best one."""

    best: Incumbent
    hoods: Neighbourhoods
    parameters: LineParameters = LineParameters()
    beside: Incumbent | None = None
    """The plan that is improved by itself; None: the best one is improved."""
    elsewhere: bool = False
    """The first line begins at once: the best plan is of an earlier solve, and a tree goes on from it meanwhile."""
    number: int = 0
    """Of lines that have begun."""

    @property
    def seconds_compared(self) -> float:
        """Of the processor, that a line which is compared has."""
        return max(self.parameters.short * self.best.stopping.time_limit, self.parameters.shortest)

    @property
    def to_compare(self) -> int:
        """How many lines are compared, in the time that there is."""
        most = 0 if self.elsewhere else self.parameters.compared
        return min(most, int(self.parameters.comparing * self.best.stopping.time_limit / self.seconds_compared))

    @property
    def compares(self) -> bool:
        """These have begun, and not all ended."""
        return 0 < self.number < self.to_compare or (0 < self.number == self.to_compare and self.beside is not None)

    def take(self, plan: Floats | None, by: str) -> None:
        """Make a plan the best one if it is better; the other of the two is to be brought together with it."""
        before = self.best.values
        other = before if self.best.adopt(plan, by=by) else plan
        if other is not None:
            self.hoods.offer(other, by)
            self.hoods.know(other, f"{by} {self.number}" if by == OTHERS else by)

    def due(self) -> bool:
        """Whether a line begins or ends."""
        had = self.hoods.had
        if self.beside is None:
            small = len(self.best.matrix.objective) <= self.parameters.largest
            wanted = had.barren >= self.parameters.barren or (self.elsewhere and not self.number)
            return small and self.best.values is not None and (wanted or self._is_compared_now())
        short = self.number <= self.to_compare
        ended = had.seconds >= self.seconds_compared if short else had.parts >= self.parameters.parts
        return ended or (self.beside.value is not None and self.best.beaten_by(self.beside.value))

    def _is_compared_now(self) -> bool:
        """Whether a line begins to be compared: the first one where the best plan is near what can be reached and its parts have come to a halt,
        others right after it."""
        if self.number:
            return self.number < self.to_compare
        gap, had = self.best.gap, self.hoods.had
        near = gap is not None and gap <= self.parameters.near
        halted = had.barren >= self.parameters.calm and had.seconds >= self.seconds_compared
        return near and halted and self.to_compare > 0

    def go_on(self) -> Incumbent:
        """Begin or end a line where one is due; what is improved now."""
        if self.due():
            self.hoods.begin_anew()
            if self.beside is None:
                self._begin()
            else:
                ended, self.beside = self.beside, None
                self.take(ended.values, OTHERS)
                if self.number >= self.to_compare:
                    self.hoods.merge_soon()
        if self.beside is None:
            return self.best
        self.beside.proving = self.best.proving
        return self.beside

    def _begin(self) -> None:
        """Another plan, built with other dice."""
        self.number += 1
        seed = self.best.stopping.other_seed(1_000 * self.number)
        beside = self.best.beside(self.best.over)
        if beside.adopt(construct(self.best.matrix, seed), built=True):
            self.beside = beside
            self.hoods.look_again()
