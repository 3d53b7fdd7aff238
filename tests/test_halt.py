"""Processes that are halted while others have their turn: they do nothing at all, have told what they found, and are never left behind."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from planner.solvers import process
from planner.solvers.check import Claim, conclude
from planner.solvers.halt import halt
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Signs, Solution, Stopping, StopSign, never
from tests.matrices import hard
from tests.processes import HERE, all_gone, descendants
from tests.racing import quiet, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system halts nobody here: libraries stand still when they ask")


class Deaf:
    """Works until its time is up, and never asks whether it is to stand still: as a library in a long relaxation. Its plan is nothing."""

    name = "deaf"

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        """Busy all the time."""
        reporter = Reporter(listen)
        while reporter.seconds < stopping.time_limit:
            reporter.tell(0.0, 9.0, np.zeros(len(matrix.objective)))
        return conclude(matrix, stopping, self.name, Claim("time_limit", np.zeros(len(matrix.objective)), 9.0), reporter.seconds)


def _busy(pid: int, seconds: float = 1.0) -> float:
    """Share of so many seconds for which a process is at work."""
    one = psutil.Process(pid)
    before = sum(one.cpu_times()[:2])
    time.sleep(seconds)
    return float(sum(one.cpu_times()[:2]) - before) / seconds


def test_a_solver_that_never_asks_stands_still_all_the_same_and_goes_on() -> None:
    """HiGHS had been seen to work for four seconds of somebody else's turn. What it found before it was halted has come."""
    held, heard = threading.Event(), list[Progress]()
    held.set()
    found: list[Solution] = []

    def run() -> None:
        limits = Stopping(time_limit=6.0, gap=0.0, threads=1, seed=1)
        found.append(process.solve(hard(4, 2), Deaf(), limits, heard.append, None, never, Signs(held.is_set)))

    process.dismiss_all()
    thread = threading.Thread(target=run)
    before = descendants(psutil.Process().pid)
    thread.start()
    until(lambda: bool(heard))
    (worker,) = descendants(psutil.Process().pid) - before
    until(lambda: psutil.Process(worker).status() == psutil.STATUS_STOPPED)
    assert _busy(worker) == 0.0
    held.clear()
    until(lambda: psutil.Process(worker).status() != psutil.STATUS_STOPPED)
    thread.join()
    assert found[0].termination.reason == "time_limit"
    assert found[0].termination.value == 0.0


def test_a_worker_that_ends_just_before_it_is_halted_is_fit_for_the_next_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """It rested halted; whoever gave it a job waited for ever."""
    limits = Stopping(time_limit=0.5, gap=0.0, threads=1, seed=1)

    def late(worker: int) -> None:
        time.sleep(1.0)
        halt(worker)

    monkeypatch.setattr(process, "halt", late)
    for _ in range(2):
        assert process.solve(hard(4, 2), Deaf(), limits, quiet, signs=Signs(lambda: True)).termination.value == 0.0


PARENT = """
from planner.solvers import process
from planner.solvers.protocol import Signs, Stopping
from tests.matrices import hard
from tests.racing import quiet
from tests.test_halt import Deaf

if __name__ == "__main__":
    process.solve(hard(4, 2), Deaf(), Stopping(600.0, 0.0, 1, 1), quiet, signs=Signs(lambda: True))
"""


def test_who_is_halted_is_gone_when_the_program_is_killed() -> None:
    """Nobody is there then to let it go on, and it cannot find out by itself."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=HERE)
    try:
        until(lambda: any(psutil.Process(one).status() == psutil.STATUS_STOPPED for one in descendants(parent.pid)))
        below = descendants(parent.pid)
    finally:
        parent.kill()
        parent.wait()
    assert below
    assert all_gone(below)
