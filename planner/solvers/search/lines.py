"""Other beginnings: where parts of the best plan give nothing any more, another plan is built, improved by itself, and crossed with it.

Where a search begins decides where it ends, and parts are too small to lead from one good plan to another that has a fifth of its projects
otherwise. A line that begins elsewhere ends elsewhere, mostly a little lower; what both do alike is held then, and what they do not is
solved exactly (:meth:`planner.solvers.search.neighbourhoods.Neighbourhoods.offer`).
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.solvers.search.construct import construct
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.neighbourhoods import Neighbourhoods


@dataclass(frozen=True)
class LineParameters:
    """When another line begins, and how long it is."""

    barren: int = 24
    """Parts of the best plan in a row without a gain after which one begins."""
    parts: int = 12
    """That a line has at the most."""
    largest: int = 50_000
    """Columns up to which a plan is soon built."""


@dataclass
class Lines:
    """Whose turn it is: the best plan, or one beside it."""

    best: Incumbent
    hoods: Neighbourhoods
    parameters: LineParameters = LineParameters()
    beside: Incumbent | None = None
    """The plan that is improved by itself; None: the best one is improved."""
    number: int = 0
    """Of lines that have begun."""

    def due(self) -> bool:
        """Whether a line begins or ends."""
        had = self.hoods.had
        if self.beside is None:
            few = len(self.best.matrix.objective) <= self.parameters.largest
            return few and self.best.values is not None and had.barren >= self.parameters.barren
        return had.parts >= self.parameters.parts or (self.beside.value is not None and self.best.beaten_by(self.beside.value))

    def state(self) -> Incumbent:
        """What is to be improved now; where a line is due to begin or to end, it does."""
        if self.due():
            self.hoods.begin_anew()
            if self.beside is None:
                self._begin()
            else:
                self._end(self.beside)
        return self.beside or self.best

    def _begin(self) -> None:
        """Another plan, built with other dice."""
        self.number += 1
        seed = (self.best.stopping.seed + 1_000 * self.number) % 2_000_000_000
        alone = self.best.beside(self.best.over)
        if alone.adopt(construct(self.best.matrix, seed), built=True):
            self.beside = alone

    def _end(self, alone: Incumbent) -> None:
        """The better of the two is the best plan, the other is to be crossed with it."""
        self.beside, before = None, self.best.values
        other = before if self.best.adopt(alone.values, by="other beginnings") else alone.values
        if other is not None:
            self.hoods.offer(other, by="other beginnings")
