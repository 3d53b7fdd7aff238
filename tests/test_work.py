"""The same input, seed and work give the same plan: on a busy machine, too, and whatever the order of the rows (R8)."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.problems import InputError
from planner.publish.console import no_plan_text, outcome_text
from planner.solvers.adapters import highs
from planner.solvers.adapters.highs import Highs
from planner.solvers.protocol import Matrix, Solution, Stopping, Termination
from planner.solvers.registry import make_solver
from planner.solvers.search.lexicographic import solve_levels
from tests.city import write_city
from tests.matrices import hard
from tests.sweep import sweep

processes = pytest.mark.processes
"""Where a busy test process would be the solver itself that is busy."""
Tables = dict[str, list[dict[str, Any]]]

PLAN = """\
name: 难
quarters: {start: 2027Q1, count: 1}
resources: {a: {scope: park}, b: {scope: park}, c: {scope: park}}
objective: {normalise: false, weights: {score: 1.0, gap: 0.5}}
publish: {outputs: [workbook]}
solve: {gap: 0.0, time_limit: 300, threads: 2}
"""
LEVELS = PLAN.replace(
    "weights: {score: 1.0, gap: 0.5}", "mode: priorities, levels: [{weights: {score: 1.0}, tolerance: 0.2}, {weights: {gap: 1.0}}]"
)
WORK = {"auto": 1, "highs": 1, "scip": 6, "cpsat": 1, "cbc": 1}
"""Units for each solver that make a second or two at most, and prove nothing."""


def hard_tables() -> Tables:
    """Knapsacks that keep any solver busy, with whole scores, so that there are ties."""
    dice = Random(1)
    firms = [
        {
            "candidate_id": f"K{n:03}",
            "link_id": f"L{n % 3}",
            "score": dice.randint(20, 60),
            "capacity": dice.randint(1, 9) * 10,
            **{resource: dice.randint(20, 100) for resource in "abc"},
        }
        for n in range(60)
    ]
    parks = [{"park_id": f"P{k}", "lon": 117, "lat": 31, "a": 240 + k, "b": 250 - k, "c": 245} for k in range(6)]
    links = [{"link_id": f"L{n}", "chain_id": "C", "demand": 700, "supply": 0, "min_sources": 2 + n, "weight": 1} for n in range(3)]
    return {"candidates": firms, "parks": parks, "links": links}


def shuffled(tables: Tables) -> Tables:
    """The same tables with their rows in another order."""
    dice = Random(5)
    return {name: dice.sample(rows, len(rows)) for name, rows in tables.items()}


@contextmanager
def busy() -> Iterator[None]:
    """A machine with something else to do."""
    over = threading.Event()

    def turn() -> None:
        while not over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=turn, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def solved(path: Path, solver: str, work: int, **more: object) -> Plan:
    opened = open_plan(path, {"solve.solver": solver, "solve.work": work, **more})
    return api.solve(opened)


def told(plan: Plan) -> Mapping[str, Any]:
    """``plan.json`` less the fingerprints of the files, which differ with the order of their rows."""
    text: dict[str, Any] = json.loads(plan.to_json())
    for file in text["inputs"]:
        del file["sha256"]
    return text


@processes
@pytest.mark.parametrize("solver", sweep(WORK, 1))
def test_the_same_work_gives_the_same_plan(solver: str, tmp_path: Path) -> None:
    tables = hard_tables()
    one = solved(write_city(tmp_path / "one", PLAN, tables), solver, WORK[solver])
    assert one.status.reason == "work_limit"
    assert not one.status.proved
    assert one.selected
    assert one.status.work is not None
    assert one.status.work >= WORK[solver]
    with busy():
        two = solved(write_city(tmp_path / "two", PLAN, shuffled(tables)), solver, WORK[solver])
    assert told(two) == told(one)


@pytest.mark.slow
@processes
def test_priorities_share_the_work_and_are_repeatable(tmp_path: Path) -> None:
    path = write_city(tmp_path, LEVELS, hard_tables())
    one = solved(path, "highs", 2)
    assert one.status.reason == "work_limit"
    assert len(one.objective.levels) == 2
    with busy():
        assert solved(path, "highs", 2).to_json() == one.to_json()


def test_a_level_leaves_the_work_it_does_not_need() -> None:
    asked: list[Stopping] = []

    def fake(matrix: Matrix, limits: Stopping, *_: object) -> Solution:
        asked.append(limits)
        return Solution(np.zeros(matrix.objective.size), Termination("work_limit", 0.0, 1.0, 0.0, "x", work=len(asked)))

    matrix = hard()
    whole = Stopping(100.0, 0.0, 1, 1, work=9)
    solution, _ = solve_levels(matrix, [(matrix.objective, 0.0, 0.0)] * 4, fake, whole, lambda _: None)
    # Four fifths of 9; then of the 8 that the first left, of 6; of 3, all: the last has none after it.
    assert [limits.work for limits in asked] == [7, 6, 4, 3]
    assert all(limits.time_limit > 90 for limits in asked), "the clock is a safety net for all, not a share for each"
    assert solution.termination.work == 1 + 2 + 3 + 4


def test_every_level_gets_some_work() -> None:
    asked: list[int | None] = []

    def fake(matrix: Matrix, limits: Stopping, *_: object) -> Solution:
        asked.append(limits.work)
        return Solution(np.zeros(matrix.objective.size), Termination("work_limit", 0.0, 1.0, 0.0, "x", work=7))

    matrix = hard()
    solve_levels(matrix, [(matrix.objective, 0.0, 0.0)] * 3, fake, Stopping(9.0, 0.0, 1, 1, 1), lambda _: None)
    assert asked == [1, 1, 1]


@pytest.mark.slow
@processes
def test_an_earlier_plan_that_no_longer_fits_is_carried_over_repeatably(tmp_path: Path) -> None:
    tables = hard_tables()
    earlier = solved(write_city(tmp_path / "before", PLAN, tables), "highs", 1)
    less = {**tables, "parks": [{**park, "a": park["a"] * 0.8} for park in tables["parks"]]}
    path = write_city(tmp_path / "after", PLAN, less)
    opened = open_plan(path, {"solve.solver": "highs", "solve.work": 1})
    one = api.solve(opened, start=earlier)
    assert one.status.reason == "work_limit"
    assert one.status.start is not None
    assert 0 < one.status.start.carried < one.status.start.projects
    with busy():
        assert api.solve(opened, start=earlier).to_json() == one.to_json()


def test_threads_change_nothing_for_highs() -> None:
    one, two = (Highs().solve(hard(), Stopping(300.0, 0.0, threads, 1, work=2), lambda _: None) for threads in (1, 2))
    assert one.termination.reason == "work_limit"
    assert replace(one.termination, seconds=0.0) == replace(two.termination, seconds=0.0)
    assert one.values is not None
    assert two.values is not None
    assert one.values.tobytes() == two.values.tobytes()


def test_more_work_goes_on_where_less_ends() -> None:
    less, more = (Highs().solve(hard(), Stopping(300.0, 0.0, 1, 1, work), lambda _: None).termination for work in (1, 3))
    assert less.work is not None
    assert more.work is not None
    assert less.work < more.work
    assert less.bound is not None
    assert more.bound is not None
    assert more.bound <= less.bound


def test_a_linear_programme_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "HIGHS_ITERATIONS", 5)
    matrix = replace(hard(), integer=np.zeros(hard().integer.size, dtype=bool))
    end = Highs().solve(matrix, Stopping(300.0, 0.0, 1, 1, work=2), lambda _: None).termination
    assert end.reason == "work_limit"
    assert end.work is not None
    assert end.work >= 2


def test_work_is_no_reason_to_stop_at_a_proof(tmp_path: Path) -> None:
    plan = solved(write_city(tmp_path), "highs", 1000)
    assert (plan.status.reason, plan.status.proved) == ("optimal", True)


def test_without_a_work_limit_no_work_is_told(tmp_path: Path) -> None:
    plan = api.solve(open_plan(write_city(tmp_path)))
    assert "work" not in json.loads(plan.to_json())["status"]


def test_a_work_limit_is_said_in_words(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN, hard_tables())
    done = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "out"), "--solver", "highs", "--work", "1"])
    assert done.exit_code == 0, done.stderr
    words = "达到工作量上限（可复现）"
    assert words in done.stdout
    log = (tmp_path / "out" / "run.log").read_text(encoding="utf-8")
    assert words in log
    assert re.search(r"work: \d+ of 1\b", log)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx")["总览"]
    assert words in str(sheet["A3"].value)
    status = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["status"]
    assert status["reason"] == "work_limit"


@pytest.mark.slow
def test_a_clock_that_was_faster_than_the_work_is_said(tmp_path: Path) -> None:
    """The safety net: a plan there is, but nobody is told that it can be had again."""
    path = write_city(tmp_path, PLAN, hard_tables())
    plan = solved(path, "highs", 100_000, **{"solve.time_limit": 0.5})
    assert plan.status.reason == "time_limit"
    zh, en = (outcome_text(plan, tmp_path, {}, language) for language in ("zh", "en"))
    assert "不可复现" in zh
    assert "请加长 --time-limit" in zh
    assert "not repeatable" in en
    only_clock = open_plan(path, {"solve.solver": "highs", "solve.time_limit": 0.5})
    assert "可复现" not in outcome_text(api.solve(only_clock), tmp_path, {}, "zh")


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["highs", "scip", "cpsat", "cbc"])
def test_the_clock_still_ends_a_run_of_much_work(solver: str) -> None:
    end = make_solver(solver).solve(hard(), Stopping(0.7, 0.0, 1, 1, work=100_000), lambda _: None).termination
    assert end.reason == "time_limit"


def test_no_plan_within_the_work_is_not_blamed_on_the_clock() -> None:
    ended = Termination("work_limit", None, 1.0, 3.0, "highs")
    assert "--work" in no_plan_text(ended, "zh")
    assert "--time-limit" not in no_plan_text(ended, "en")


def test_a_solver_that_cannot_count_is_refused(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    with pytest.raises(InputError) as caught:
        open_plan(path, {"solve.solver": "HiGHS", "solve.work": 5})
    (problem,) = caught.value.problems
    assert problem.code == "S203"
    assert str(problem.place) == "--work"
    assert "highs" in problem.say("en")


def test_work_is_a_whole_number_from_one(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(write_city(tmp_path, PLAN.replace("gap: 0.0", "work: 0"), hard_tables()))])
    assert done.exit_code == 2
    assert "S113" in done.stderr
    assert "≥ 1" in done.stderr
