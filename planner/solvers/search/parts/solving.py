"""One part of a plan: ordered, solved by whom it asks for over the columns that are worth it, and taken over. Where it is solved is the
business of :mod:`planner.solvers.search.parts.lanes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

import numpy as np

from planner.solvers.adapters.cpsat import CpSat
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import value_of
from planner.solvers.explicit import ByChoice
from planner.solvers.protocol import Floats, Matrix, Solution, Solver, Stopping, StopSign, size_of
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.parts.core import cores
from planner.solvers.search.parts.exchanges import exchanged
from planner.solvers.search.parts.kinds import Part, PartSolver
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods, merge
from planner.solvers.search.parts.priced import worth_keeping

PRECISION = 1e-4
"""Relative gap at which a part is solved well enough."""
RELAXED = 4.0
"""Seconds by the clock that the relaxation of a priced part may take, as a multiple of those for the part."""


@dataclass(frozen=True, eq=False)
class Order:
    """A part to be solved."""

    model: Matrix
    plan: Floats
    """Where to begin: values of the part's columns."""
    stopping: Stopping
    seconds: float
    """Of the processor, once its columns are chosen."""
    most: int
    by: PartSolver
    """Both: see :class:`planner.solvers.search.parts.kinds.Part`."""
    core: float = 0.0
    """Size of the core of it that is solved first, from no plan; 0: it is solved as it stands, from the plan."""
    lean: float = 0.0
    """See :class:`planner.solvers.search.parts.kinds.Part`."""
    room: float = 0.0
    """By what its relaxation may be above the plan where it is solved by cores."""


@dataclass(frozen=True, eq=False)
class Result:
    """What came of it."""

    values: Floats | None
    """Of the part's columns."""
    searched: bool
    """To its end."""
    seconds: float
    """Of the processor."""
    relaxed: float = 0.0
    """Of these, for the relaxation that chose the columns."""


def ordered(hoods: Neighbourhoods, part: Part, plan: Floats, stopping: Stopping) -> Order:
    """The order to solve a part of ``plan``."""
    core, room = 0.0, 0.0
    if part.kind == "core":
        core, room = part.size, hoods.sure * size_of(value_of(hoods.matrix, plan), hoods.matrix.reference)
    return Order(hoods.model(part, plan), plan[part.columns], stopping, part.seconds, part.most, part.by, core, part.lean, room)


def take_over(state: Incumbent, hoods: Neighbourhoods, part: Part, plan: Floats, result: Result) -> None:
    """Take what came of a part of ``plan`` over into a state's plan, and tell ``hoods`` of it. What is better than that plan, and comes when there
    is a better one still with which it does not go, is crossed with it."""
    before = state.value or 0.0
    if result.values is not None and not _lay_over(state, part, plan, result.values):
        met = merge(plan, part, result.values)
        if part.offered or value_of(hoods.matrix, met) > value_of(hoods.matrix, plan):
            hoods.offer(met, part.kind)
    hoods.feed(part, (state.value or 0.0) - before, result.searched, result.seconds, result.relaxed)


def _lay_over(best: Incumbent, part: Part, plan: Floats, values: Floats) -> bool:
    """Lay a part's result over the best plan; if both together break a limit, over the plan it was made for."""
    for below in (best.values, plan) if plan is not best.values else (plan,):
        if below is not None:
            made = merge(below, part, values)
            if best.beaten_by(value_of(best.matrix, made)) and best.adopt(made, by="parts"):
                return True
    return False


def solved(order: Order) -> Result:
    """What comes of a part; of a priced one, over the columns that are worth keeping. Seconds of the processor, not of the clock: on a busy
    machine a part is the same piece of work as on a quiet one."""
    began, model, columns, relaxed = process_time(), order.model, np.arange(len(order.plan)), 0.0
    dice = np.random.default_rng(order.stopping.seed)
    if order.by == "exchanges":
        values = exchanged(model, order.plan, dice, _after(began + order.seconds))
        return Result(values, False, process_time() - began)
    if order.core:
        return _cored(order, dice, began)
    if order.most:
        try:
            kept = worth_keeping(model, order.plan, order.most, RELAXED * order.seconds, dice, order.lean)
        except TimeoutError:
            kept = np.zeros(0, dtype=np.int64)
        relaxed = process_time() - began
        if kept is None or not len(kept):
            return Result(None, kept is None, relaxed, relaxed)
        model, columns = model.part(kept, known=True), kept
    solver = _solver(order.by)
    stop = _after(process_time() + order.seconds)
    found = solver.solve(model, order.stopping, lambda _: None, order.plan[columns], stop)
    searched = _ended(found)
    if found.values is None:
        return Result(None, searched, process_time() - began, relaxed)
    values = order.plan.copy()
    values[columns] = found.values
    return Result(values, searched, process_time() - began, relaxed)


def _cored(order: Order, dice: np.random.Generator, began: float) -> Result:
    """What comes of cores of a part, from no plan; whether the first was searched to its end."""
    solver, stop = _solver(order.by), _after(began + order.seconds)
    best: Floats | None = None
    searched = False
    most = value_of(order.model, order.plan) + order.room
    for core in cores(order.model, order.core, most, order.seconds, dice):
        found = solver.solve(core, order.stopping, lambda _: None, best, stop)
        if found.values is not None and (best is None or value_of(core, found.values) > value_of(core, best)):
            best = found.values
        if not _ended(found) or stop():
            break
        searched = True
    return Result(best, searched, process_time() - began)


def _ended(found: Solution) -> bool:
    """Searched to its end."""
    return found.termination.reason in ("optimal", "gap_reached", "infeasible")


def _solver(by: PartSolver) -> Solver:
    """Ready to begin at once; CP-SAT is told whether a choice is taken, and not by when, which is better on three of four families (docs/trials.md)."""
    if by == "highs":
        return ByChoice(Highs())
    import ortools.sat.python.cp_model  # noqa: F401  what loading it takes is not the part's

    return ByChoice(CpSat(brief=True), steps=False)


def _after(moment: float) -> StopSign:
    """Says that the processor has worked until that moment."""
    return lambda: process_time() > moment
