"""Searches on small models inside the test process: held, offered plans and ended as one in a worker is."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.instances import write_instance
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.check import Claim, conclude
from planner.solvers.exact import prepare
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Hint, Listener, Matrix, Progress, Signs, Solution, Solver, Stopping, StopSign, never
from planner.solvers.rein import Rein
from planner.solvers.search.auto import plain
from planner.solvers.search.construct import construct
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.parts.kinds import NeighbourhoodParameters, Part
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods

QUICK = Stopping(time_limit=30.0, gap=0.0, threads=2, seed=1)


def quiet(_: Progress) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Owes:
    """Tells what its plan is worth, and hands it over when it is asked to finish, as CBC does; remembers which choice of the plan came first that it
    has begun from (-1: from nothing)."""

    plan: Floats
    name: str = "owes"
    begun: list[int] = field(default_factory=list)

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Until it is asked."""
        self.begun.append(-1 if start is None else int(start.argmax()))
        listen(Progress("search", 0.0, float(matrix.objective @ self.plan), 9.0))
        while not stop():
            time.sleep(0.02)
        return conclude(matrix, stopping, self.name, Claim("interrupted", self.plan, 9.0, ""), 0.0)


def apart(
    matrix: Matrix,
    solver: Solver,
    stopping: Stopping,
    listen: Listener,
    start: Floats | None = None,
    stop: StopSign = never,
    signs: Signs = Signs(),
) -> Solution:
    """A solve in this process; it stands still, and is offered plans, as one in a worker is."""
    rein = Rein()
    watch = threading.Thread(target=_watch, args=(rein, lambda: stop() or signs.finish(), signs.hold, signs.hint), daemon=True)
    watch.start()
    found = solver.solve(matrix, stopping, listen, start, rein)
    rein.stop()
    return found


def _watch(rein: Rein, stop: StopSign, hold: StopSign, hint: Hint) -> None:
    while not stop():
        if rein.held != hold():
            rein.hold() if hold() else rein.go()
        if (plan := hint()) is not None:
            rein.offer(plan)
        time.sleep(0.005)
    rein.stop()


def incumbent(matrix: Matrix, stopping: Stopping = QUICK) -> Incumbent:
    return Incumbent(replace(matrix, periods=plain(matrix)), stopping, Reporter(quiet), never, "auto")


def small_city(folder: Path, seed: int = 1) -> Matrix:
    """The programme of some 60 projects, of which half are chosen, made ready."""
    opened = open_plan(write_instance(folder, size="small", seed=seed, density=0.3))
    return prepare(build(opened.case, opened.eligible).matrix).matrix


def built(matrix: Matrix, seed: int) -> Floats:
    """A plan that is built by value."""
    plan = construct(matrix, seed)
    assert plan is not None
    return plan


def neighbourhoods(matrix: Matrix, in_lanes: bool = True, exchanged: int = NeighbourhoodParameters.exchanged) -> Neighbourhoods:
    """Parts of a plan, at no prices."""
    assert matrix.periods is not None
    parameters = NeighbourhoodParameters(exchanged=exchanged)
    return Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, parameters=parameters, in_lanes=in_lanes)


def next_crossed(hoods: Neighbourhoods, plan: Floats, most: int = 200) -> Part | None:
    """The next part that crosses a plan on offer with ``plan``, if there is one among so many; the others give nothing."""
    for _ in range(most):
        part = hoods.propose(plan)
        if part.kind == "crossed":
            return part
        hoods.feed(part, 0.0, False, 0.5)
    return None


def until(true: StopSign) -> None:
    """Wait until it is true, for twenty seconds at the most."""
    end = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
