"""Other beginnings: another plan is built, improved by itself, and brought together with the best one.

Where a search begins decides where it ends, and parts are too small to lead from one good plan to another that has a fifth of its projects
otherwise. A line that begins elsewhere ends elsewhere. So one begins where parts of the best plan give nothing any more; what it does and the
best plan does not is solved then (:meth:`planner.solvers.search.parts.neighbourhoods.Neighbourhoods.offer`), and what all plans do that are
known (:meth:`planner.solvers.search.parts.neighbourhoods.Neighbourhoods.merge_soon`). Before, parts give more than other beginnings do
(docs/trials.md, Beginnings compared).
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.solvers.protocol import Floats
from planner.solvers.search.construct import construct
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods

OTHERS = "other beginnings"
"""The name under which they earn."""


@dataclass(frozen=True)
class LineParameters:
    """When another line begins, and how long it is."""

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
            return small and self.best.values is not None and wanted
        return had.parts >= self.parameters.parts or (self.beside.value is not None and self.best.beaten_by(self.beside.value))

    def go_on(self) -> Incumbent:
        """Begin or end a line where one is due; what is improved now."""
        if self.due():
            self.hoods.begin_anew()
            if self.beside is None:
                self._begin()
            else:
                ended, self.beside = self.beside, None
                self.take(ended.values, OTHERS)
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
