"""Who takes turns in one search: trees on the whole model, and the relaxation without periods with its places whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np

from planner.solvers.adapters.cbc import Cbc, find_cbc
from planner.solvers.adapters.highs import Highs
from planner.solvers.adapters.scip import Scip
from planner.solvers.bounds.knapsacks import Strengthened
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.explicit import Explicit, explicit
from planner.solvers.protocol import Floats, Matrix, Periods, Solver, no_plan
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.race import Entrant

RIVAL = "second highs"
"""The name of HiGHS with other dice."""
LEADERS = (Highs.name, RIVAL)
"""Who lead from the plan of an earlier solve: of two alike trees one is often many times as soon searched to its end as the other."""
PLACES = "places"
"""The name of the relaxation without periods, its places whole."""


class Form:
    """How a model is written for a tree, worked out once, when somebody first asks, from whatever thread."""

    def __init__(self, matrix: Matrix, steps: bool = True) -> None:
        """``steps``: see :func:`planner.solvers.explicit.explicit`."""
        self._matrix, self._steps = matrix, steps
        self._lock, self._made = Lock(), list[Explicit]()

    def model(self) -> Matrix:
        """The model, as the tree sees it."""
        return self._explicit().matrix

    def inward(self, plan: Floats) -> Floats:
        """A plan of the whole as one of the tree's."""
        return self._explicit().inward(plan)

    def outward(self, plan: Floats) -> Floats:
        """The other way round."""
        return self._explicit().outward(plan)

    def _explicit(self) -> Explicit:
        with self._lock:
            if not self._made:
                self._made.append(explicit(self._matrix, self._steps))
            return self._made[0]


@dataclass(frozen=True)
class EntrantParameters:
    """How long first turns are, as multiples of a usual one, and up to where a model is small."""

    patient: float = 3.0
    """Of a relaxation: it has steps, and the first ones prove little."""
    relaxation_granted: float = 0.5
    """Of a relaxation, what it has whatever others have proved: many end in that, and with their places whole they may prove the plan (family
    13 in 10 s, where trees have not in 40)."""
    places_granted: float = 1.0
    """The same of the relaxation with its places whole: a tree, whose first bounds say little."""
    long: float = 2.0
    """Of CBC on a small model: it works long at its root, and then dives for ten thousand nodes, in which its bound stands still (mknapcb7 drawn:
    22093 until it has had 7.6 s, and 21828 at once then)."""
    soon: float = 0.5
    """Of another solver of the whole that comes first, by the model's size."""
    anew: float = 0.2
    """Share of the distance between its bound and the plan that CBC has begun from, by which the best plan must have become better for it
    to begin anew: only from the beginning does it make anything of a plan."""
    narrow: int = 5_000
    """Columns up to which a small exact model improves on the first plan sooner than its parts do, and CBC may soon prove something."""


@dataclass
class Shown:
    """Plans that another solve has shown; written by one thread, read by another."""

    plan: Floats | None = None
    version: int = 0
    placed: bool = False
    """Its plans know the places as well, so that little is left to be found out: they are looked at as they come."""

    def show(self, plan: Floats) -> None:
        """A plan of the solve."""
        self.plan = plan
        self.version += 1


def trees(
    best: Incumbent, whole_first: bool, lead: float, hear: Callable[[str, Floats], None], parameters: EntrantParameters
) -> Iterator[Entrant]:
    """Every solver that there is, on the whole model. ``whole_first``: it is small enough for them to come first; ``lead``: seconds that HiGHS
    leads; ``hear`` is told who has found a plan, and which."""
    matrix = best.tightest
    # A second thread makes of CBC 1.6 times as much, and HiGHS hardly sooner; parts of the plan stand still meanwhile, so that one each is
    # better used (docs/trials.md, Races).
    half = max(best.stopping.threads // 2, 1) if whole_first else 1
    by_choice = Form(matrix, steps=False)
    # From nothing on a small model, or from a plan near the best, HiGHS proves more where it is told of steps (the demo's scenarios); families
    # 7, 21, 23 and 33 go better without, and so do SCIP and CBC.
    stepwise = Form(matrix) if whole_first or lead > 0.0 else by_choice

    def start(form: Form) -> Floats | None:
        return None if best.values is None else form.inward(best.values)

    each: list[tuple[str, Solver, Form, int]] = [(Highs.name, Highs(), stepwise, 1)]
    if lead and best.stopping.threads > 1:
        each += [(RIVAL, Highs(), stepwise, 1)]
    # Others look for plans, so SCIP searches for its bound; a small model, which may be near its proof, it searches as it always does: there
    # most nodes are worth nothing against the best plan, and diving is quicker (docs/trials.md, Best first).
    each += [(Scip.name, Scip(best_first=not whole_first), by_choice, 1)]
    if find_cbc() is not None:
        each += [(Cbc.name, Strengthened(Cbc()), by_choice, half)]

    def heard(name: str, form: Form, plan: Floats) -> None:
        hear(name, form.outward(plan))

    for name, solver, form, threads in each:
        # HiGHS has nothing to begin from on a small model: so it is the same search as without the others.
        leads = name in LEADERS
        alone = leads and whole_first and not lead
        yield Entrant(
            name,
            solver,
            form.model,
            threads,
            no_plan if alone else partial(start, form),
            partial(heard, name, form),
            exact=True,
            shares=form.inward if leads and not alone else None,
            probe=_first_turn(name, whole_first, len(matrix.objective), parameters),
            anew=0.0 if leads and lead > 0.0 else parameters.anew if name == Cbc.name else None,
            dice=500 if name == RIVAL else 0,
        )


def _first_turn(name: str, whole_first: bool, columns: int, parameters: EntrantParameters) -> float:
    """Its length: small models show soon what a tree comes to, but not CBC's."""
    if name == Cbc.name:
        return parameters.long if whole_first or columns <= parameters.narrow else 1.0
    return parameters.soon if whole_first else 1.0


def with_places(best: Incumbent, periods: Periods, relaxed: Shown, parameters: EntrantParameters) -> Entrant:
    """The relaxation without periods again, its places whole: where parks are what fits badly, and not quarters, this is all that is
    missing (city seed 2: from 1.3 % to 0.2 %). What it takes is shown by ``relaxed``."""
    placed = aggregate(best.tightest, periods, places=True)
    block, form = placed.of(periods.block), Form(placed.with_choices(periods))

    def hear(values: Floats) -> None:
        taken = block[(block >= 0) & (form.outward(values) > 0.5)]
        relaxed.show(np.isin(periods.block, taken).astype(float))

    def start() -> Floats | None:
        if best.values is None:
            return None
        point = np.zeros(len(block))
        np.add.at(point, placed.column, best.values)
        return form.inward(point)

    gap = min(best.stopping.gap / 4, 1e-4)
    return Entrant(
        PLACES, Highs(), form.model, start=start, hear=hear, probe=parameters.patient, granted=parameters.places_granted, gap=gap
    )
