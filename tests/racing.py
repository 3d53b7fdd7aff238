"""Searches on small models inside the test process: held, offered plans and ended as one in a worker is."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Hint, Listener, Matrix, Progress, Signs, Solution, Solver, Stopping, StopSign, never
from planner.solvers.rein import Rein
from planner.solvers.search.auto import plain
from planner.solvers.search.incumbent import Incumbent

QUICK = Stopping(time_limit=30.0, gap=0.0, threads=2, seed=1)


def quiet(_: Progress) -> None:
    """Nobody listens."""


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


def until(true: StopSign) -> None:
    """Wait until it is true, for twenty seconds at the most."""
    end = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
