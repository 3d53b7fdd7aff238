"""Large models: what is proved beside the search is heard."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers import process
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.bounds.rounded import Rounded
from planner.solvers.lp import relaxation_bound
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Listener, Matrix, Solution, Solver, Stopping
from planner.solvers.search import province
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.province import Large
from tests.city import write_city
from tests.racing import until
from tests.solving import EXACT


def _city(folder: Path) -> Matrix:
    opened = open_plan(write_city(folder))
    return build(opened.case, opened.eligible).matrix


def _proves(folder: Path, tight: float | None) -> tuple[Incumbent, Solution, Matrix, list[str]]:
    """What a large model's prover comes to when a relaxation without periods has proved ``tight``, None: what it really does, where the
    solver that it has run says nothing but its last word; that word, the model, and which solvers were run."""
    matrix = _city(folder)
    assert matrix.periods is not None
    proved = Highs().solve(matrix, EXACT, lambda _: None)
    model, ran = aggregate(matrix, matrix.periods), list[str]()

    def run(model: Matrix, solver: Solver, stopping: Stopping, listen: Listener, *led: object) -> Solution:
        ran.append(solver.name)
        return solver.solve(model, stopping, listen) if solver.name == "linear" else proved

    best = Incumbent(matrix, EXACT, Reporter(lambda _: None), lambda: False, "auto", proved={"": 1e9}, proving=1)
    bound = relaxation_bound(model.matrix, 10.0) if tight is None else tight
    assert bound is not None
    tighter = Future[Rounded]()
    tighter.set_result(Rounded(model.matrix, np.zeros(model.matrix.rows.shape[0]), bound))
    Large(best, matrix.periods, run)._prove(tighter, np.zeros(0, dtype=np.int64))
    assert best.proving == 0
    return best, proved, matrix, ran


def test_a_bound_that_only_the_last_word_tells_counts(tmp_path: Path) -> None:
    """A proof may be done before anything of it was told on the way."""
    best, proved, _, ran = _proves(tmp_path, None)
    assert ran == ["linear", "proof"]
    assert best.bound == proved.termination.bound


def test_where_periods_matter_the_relaxation_with_them_is_the_bound_and_none_without_is_worked_at(tmp_path: Path) -> None:
    """The relaxation without periods is told to be twice as high."""
    known = relaxation_bound(_proves(tmp_path / "one", None)[2], 10.0)
    assert known is not None
    best, _, _, ran = _proves(tmp_path / "two", 2.0 * known)
    assert best.bound == pytest.approx(known, rel=1e-6)
    assert ran == ["linear"]


@pytest.mark.parametrize(("threads", "before"), [(1, []), (2, ["linear"])])
def test_the_relaxation_with_periods_does_not_wait_for_the_tighter_one_where_it_has_a_thread(
    tmp_path: Path, threads: int, before: list[str]
) -> None:
    matrix = _city(tmp_path)
    assert matrix.periods is not None
    ran, tighter = list[str](), Future[Rounded]()

    def run(model: Matrix, solver: Solver, stopping: Stopping, listen: Listener, *led: object) -> Solution:
        ran.append(solver.name)
        return solver.solve(model, stopping, listen)

    best = Incumbent(matrix, replace(EXACT, threads=threads), Reporter(lambda _: None), lambda: False, "auto", proving=1)
    prover = threading.Thread(
        target=Large(best, matrix.periods, run)._prove, args=(tighter, np.zeros(0, dtype=np.int64)), daemon=True
    )
    prover.start()
    until(lambda: ran == before)
    time.sleep(0.2)
    assert ran == before
    model = aggregate(matrix, matrix.periods).matrix
    tighter.set_result(Rounded(model, np.zeros(model.rows.shape[0]), math.inf))
    prover.join(20.0)
    assert ran[:1] == ["linear"]
    assert best.bound is not None


@pytest.mark.parametrize(("took", "bound"), [(0.9, 5.0), (1.1, 7.0)])
def test_rows_by_rounding_are_looked_for_in_a_quarter_of_the_time_where_the_relaxation_took_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, took: float, bound: float
) -> None:
    """They take about as long. With a thousand links they were left out where the relaxation took a sixth of the time, and take a twelfth off
    its bound."""
    matrix = _city(tmp_path)
    assert matrix.periods is not None
    best = Incumbent(matrix, replace(EXACT, time_limit=60.0), Reporter(lambda _: None), lambda: False, "auto")
    monkeypatch.setattr(province, "rounded", lambda begun, *told: replace(begun, bound=5.0))
    begun = Rounded(matrix, np.zeros(matrix.rows.shape[0]), 7.0)
    found = Large(best, matrix.periods, process.solve)._tightened(begun, matrix.periods.block, took * 15.0, np.arange(0))
    assert (found.bound, best.bound) == (bound, bound)


def test_where_rounding_breaks_down_nothing_goes_on_beside_the_word_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What proves would wait for the tighter relaxation for ever, or go on for its share of the time."""
    matrix = _city(tmp_path)
    assert matrix.periods is not None
    begun = list[str]()

    def breaks_down(*told: object) -> Rounded:
        until(lambda: bool(begun))
        raise MemoryError("no rows by rounding")

    def run(model: Matrix, solver: Solver, stopping: Stopping, listen: Listener, *led: Any) -> Solution:
        _, over, *_ = led
        begun.append(solver.name)
        until(over)
        return solver.solve(model, stopping, listen)

    monkeypatch.setattr(province, "rounded", breaks_down)
    best = Incumbent(matrix, replace(EXACT, threads=2, time_limit=600.0), Reporter(lambda _: None), lambda: False, "auto")
    with pytest.raises(MemoryError, match="no rows by rounding"):
        Large(best, matrix.periods, run).run()
    assert begun == ["linear"]
    assert "bounds" not in [thread.name for thread in threading.enumerate()]
