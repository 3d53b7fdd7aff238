"""Runs and questions inside the test process: the solvers without their worker processes, which test_solver_worker.py tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner import api
from planner.plan.reopen import Run, open_run
from planner.solvers.protocol import Floats, Listener, Matrix, Solution, Stopping
from planner.solvers.registry import make_solver
from tests.city import PLAN, write_city

WORKERS = ("planner.plan.solving.run_solver", "planner.plan.start.solve", "planner.solvers.search.lexicographic.solve")


def here(
    matrix: Matrix, solver: str, limits: Stopping, listen: Listener, start: Floats | None = None, **_: Any
) -> Solution:
    """As :func:`planner.solvers.process.solve`, in this process."""
    return make_solver(solver).solve(matrix, limits, listen, start)


def without_workers(patch: pytest.MonkeyPatch, *more: str) -> None:
    """No worker process from now on; ``more`` are further places that start some."""
    for place in (*WORKERS, *more):
        patch.setattr(place, here)


def ran(folder: Path, plan: str = PLAN, outputs: tuple[str, ...] = (), **tables: Any) -> Run:
    """A finished run of the tiny city in ``folder / "out"``, opened again."""
    path = write_city(folder, plan, **tables)
    api.run(path, folder / "out", {"publish.outputs": list(outputs)})
    return open_run(folder / "out")
