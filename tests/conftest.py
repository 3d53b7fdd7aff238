"""What all tests share: solves and scenarios inside the test process, and finished runs to read.

A worker process costs a second before it solves anything. It is tested where a test says ``@pytest.mark.processes``, and
wherever a command is started as a user starts it; every other test means the plan, which is the same either way.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from planner.questions.compare import parallel
from planner.settings.outputs import FILES
from planner.solvers import process
from planner.solvers.caller import called, caller
from planner.solvers.exact import Prepared, exactly
from planner.solvers.protocol import Floats, Listener, Matrix, Solution, Solver, Stopping, StopSign, never
from tests.quick import finished
from tests.remembered import remember

# The same examples in every run, however slow the machine.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")
# Nor whatever modules are loaded: constants of our own code would be drawn now and then, and every file searched for them.
providers._get_local_constants = lambda: providers._local_constants
OWN_PROCESSES = parallel._processes


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: the collector need not look through them again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def solve_here(
    matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
) -> Solution:
    """A solve in this process; from threads beside it a worker, since HiGHS has one scheduler for a whole process."""
    asked = caller().stop
    if threading.current_thread() is not threading.main_thread() or stop() or asked():
        return process.solve(matrix, solver, stopping, listen, start, stop)

    def search(ready: Prepared, left: Stopping, hear: Listener, begin: Floats | None) -> Solution:
        return solver.solve(ready.matrix, left, hear, begin, lambda: stop() or asked())

    return exactly(search, matrix, stopping, listen, start, stop)


@contextmanager
def jobs_here(*_: object) -> Iterator[parallel._Crew]:
    """One job at a time, in this process."""

    def give(_lane: int, task: Callable[[Any], Any], job: Any) -> Future[Any]:
        done = Future[Any]()
        try:
            done.set_result(task(job))
        except BaseException as error:
            done.set_exception(error)
        return done

    yield parallel._Crew((0,), give, lambda: frozenset({0}))


@pytest.fixture(scope="session", autouse=True)
def _in_this_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, called(run=solve_here):
        patch.setattr(parallel, "_processes", jobs_here)
        remember(patch)
        yield


@pytest.fixture(autouse=True)
def _in_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    apart = request.node.get_closest_marker("processes") is not None
    if apart:
        monkeypatch.setattr(parallel, "_processes", OWN_PROCESSES)
    with called(run=process.solve if apart else None):
        yield


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny city's workspace with a finished run in ``run`` and all its outputs; to be read, never changed."""
    return finished(tmp_path_factory.mktemp("tiny"), outputs=tuple(FILES)).parent


@pytest.fixture
def tiny_copy(tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return finished(tmp_path / "city", outputs=tuple(FILES)).parent
