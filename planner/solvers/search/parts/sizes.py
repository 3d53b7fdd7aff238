"""How large parts of each kind are, and how much is asked of them: by what has come of those before."""

from __future__ import annotations

import numpy as np

from planner.solvers.search.parts.kinds import JOINT, Kind, NeighbourhoodParameters, Part, PartSolver
from planner.solvers.search.parts.pays import Pays

WHOLE: tuple[Kind, ...] = (*JOINT, "core")
"""Kinds whose size says nothing of how many choices are set free: they begin with all of what they are of."""


class Sizes:
    """Of each kind, and of each solver; what a kind asks for, whoever solves it."""

    def __init__(self, parameters: NeighbourhoodParameters, entries: float) -> None:
        """``entries``: of the matrix, that a choice has on average."""
        self._parameters = parameters
        self._first_asked = min(max(parameters.entries / max(entries, 1.0), float(parameters.fewest)), float(parameters.asked))
        self._asked: dict[Kind, float] = {}
        self._size: dict[tuple[Kind, PartSolver], float] = {}
        self._times = {f"{times:g}": times for times in parameters.times}
        self._paid = Pays(parameters.pays)

    def of(self, kind: Kind, by: PartSolver) -> float:
        """The size of the next part of that kind."""
        return self._size.get((kind, by), self._first(kind))

    def times(self, dice: np.random.Generator) -> float:
        """By what the size of the next part is multiplied: by what that has paid, whatever kind the parts were of."""
        return self._times[self._paid.draw(tuple(self._times), dice)]

    def _first(self, kind: Kind) -> float:
        if kind == "vertex":
            return self._parameters.sharp
        return 1.0 if kind in WHOLE else (self._first_asked / self._parameters.asked) ** 0.5

    def asked(self, kind: Kind) -> float:
        """About so many of what is not chosen may come in a part of that kind: by what the relaxations of such parts have taken; of one that
        was not tried, as few as in any that was."""
        return self._asked.get(kind, min(self._asked.values(), default=self._first_asked))

    def feed(self, part: Part, gain: float, proved: bool, seconds: float, relaxed: float, has_paid: bool, stalled: bool) -> None:
        """What came of a part; see :meth:`planner.solvers.search.parts.neighbourhoods.Neighbourhoods.feed`. ``has_paid``: its kind has ever given
        something; ``stalled``: nothing has lately."""
        parameters, sort, size = self._parameters, (part.kind, part.by), part.kind_size
        if part.times:
            self._paid.count(f"{part.times:g}", gain, seconds)
        if proved and (seconds < parameters.easy * part.seconds or (gain <= 0 and stalled)):
            self._size[sort] = min(size * parameters.grow, parameters.largest)
        elif not proved and gain <= 0:
            self._size[sort] = max(size / (parameters.shrink if has_paid else parameters.halve), parameters.least)
        if part.asked and relaxed > part.seconds:
            self._asked[part.kind] = max(part.asked / min(relaxed / part.seconds, parameters.fewer), float(parameters.fewest))
        elif part.asked and relaxed < parameters.easy * part.seconds:
            self._asked[part.kind] = min(part.asked * parameters.more, float(parameters.asked))
