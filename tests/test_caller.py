"""What a caller can do to a long piece of work: hear how it goes, in words and as JSON lines, and end it with what there is."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.language import Words
from planner.solvers import process as running
from planner.solvers.adapters.highs import Highs
from planner.solvers.caller import called, stopped
from planner.solvers.protocol import Progress
from planner.solvers.registry import solve
from tests.city import PLAN, hard_city, write_city
from tests.matrices import hard, small
from tests.racing import quiet
from tests.solving import CLOSE
from tests.sweep import sweep

NO_OUTPUT = PLAN + "publish: {outputs: []}\n"


def children() -> set[str]:
    """Processes that this one has started and that still run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z":
            found.add(stat.parent.name)
    return found


@pytest.mark.processes
@pytest.mark.parametrize("name", sweep(["auto", "highs", "scip", "cpsat", "cbc"], 2))
def test_every_solver_ends_with_its_best_plan_and_leaves_no_process(name: str) -> None:
    event, before = threading.Event(), children()

    def hear(progress: Progress) -> None:
        if progress.value is not None:
            event.set()

    began = time.monotonic()
    with called(event.is_set):
        found = solve(hard(), name, replace(CLOSE, time_limit=120.0), hear, np.zeros(hard().objective.size))
    assert found.termination.reason == "interrupted"
    assert found.values is not None
    assert time.monotonic() - began < 60
    assert children() <= before


@pytest.mark.processes
def test_no_solve_begins_once_the_caller_has_had_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_worker", None)
    with called(lambda: True):
        with called(listen=quiet):  # what a block leaves out is as the one around says
            assert stopped()
        found = running.solve(small(), Highs(), CLOSE, quiet, np.array([1.0, 0.0, 0.0]))
    assert not stopped()
    assert (found.termination.reason, found.termination.value) == ("interrupted", 3.0)


@pytest.mark.processes
def test_a_run_that_is_stopped_is_published_with_the_best_plan_so_far(tmp_path: Path) -> None:
    event = threading.Event()

    def hear(progress: Progress) -> None:
        if progress.value is not None:
            event.set()

    path = hard_city(tmp_path)
    told: dict[str, object] = {"publish.outputs": [], "solve.time_limit": 300}
    plan = api.run(path, tmp_path / "out", told, hear, stop=event.is_set).plan
    assert plan.status.reason == "interrupted"
    assert (tmp_path / "out" / "plan.json").is_file()


def test_a_solve_stopped_before_it_has_a_plan_says_so(tmp_path: Path) -> None:
    with pytest.raises(api.NoPlan) as caught:
        api.solve(api.open_plan(write_city(tmp_path, PLAN)), stop=lambda: True)
    assert caught.value.solution.termination.reason == "interrupted"


def ask_importance(run: api.Run, tell: Callable[[Words], None], stop: Callable[[], bool]) -> object:
    return [one for one in api.importance(run, 7.0, tell=tell, stop=stop).firms if one.solved]


def ask_why(run: api.Run, tell: Callable[[Words], None], stop: Callable[[], bool]) -> object:
    return api.why_all(run, 7.0, tell, stop=stop)


def ask_sensitivity(run: api.Run, tell: Callable[[Words], None], stop: Callable[[], bool]) -> object:
    return [one for one in api.sensitivity(run, 7.0, tell=tell, stop=stop).additions if one.asked == "solved"]


@pytest.mark.parametrize(("ask", "solves", "seconds"), [(ask_importance, 3, 21), (ask_why, 1, 7), (ask_sensitivity, 12, 84)])
def test_questions_announce_their_solves_and_end_when_asked(
    ask: Callable[..., object], solves: int, seconds: int, tmp_path: Path
) -> None:
    api.run(write_city(tmp_path, NO_OUTPUT), tmp_path / "run")
    said: list[Words] = []
    found = ask(api.open_run(tmp_path / "run"), said.append, lambda: True)
    assert not found or ask is ask_sensitivity
    assert said[0].zh == f"将求解 {solves} 次，最多约 {seconds} 秒"
    assert said[0].en == f"{solves} {'solve' if solves == 1 else 'solves'}, about {seconds} seconds at most"


def test_progress_as_json_lines(tmp_path: Path) -> None:
    path = write_city(tmp_path, NO_OUTPUT)
    done = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "run"), "--progress", "json"])
    assert done.exit_code == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["phase"] for one in events if one["event"] == "phase"] == ["check", "build", "solve", "publish"]
    moments = [one for one in events if one["event"] == "progress"]
    assert moments
    assert all(set(one) == {"event", "phase", "seconds", "value", "bound", "gap", "columns"} for one in moments)
    last = events[-1]
    assert (last["event"], last["code"], last["folder"]) == ("end", 0, str(tmp_path / "run"))
    assert (last["status"], last["proved"], last["value"]) == ("optimal", True, 1800.0)
    assert "将求解 1 次" in done.stderr
    assert "1,800" in done.stderr
    # The next command of the same process is for people again.
    assert "检查通过" in CliRunner().invoke(app, ["check", str(path)]).stdout


def test_the_last_line_tells_a_failure_too(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN.replace("weights", "wieghts"))
    done = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "run"), "--progress", "json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout.splitlines()[-1]) == {"event": "end", "code": 2, "folder": None}
