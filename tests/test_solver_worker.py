"""A solve in a process of its own: stopped, killed or dead, it tells the truth and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from planner.problems import InputError
from planner.solvers import process
from planner.solvers.check import Claim, conclude
from planner.solvers.protocol import Listener, Matrix, Progress, Search, Solution, Stopping
from planner.solvers.registry import make_solver, solve
from planner.solvers.search.lexicographic import solve_levels
from tests.matrices import hard, matrix_of, random_mixed, small
from tests.processes import alive
from tests.racing import quiet
from tests.solving import CLOSE
from tests.sweep import sweep

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[1]
PLAN = np.array([1.0, 0.0, 0.0])
POSIX = pytest.mark.skipif(os.name != "posix", reason="this system has no signals to send")


class Fake:
    """Shows a plan worth 3 and a bound of 9, then does as ``deed`` says."""

    def __init__(self, name: str) -> None:
        self.name = name

    def solve(self, _matrix: Matrix, _limits: Stopping, listen: Listener, *_rest: object) -> Solution:
        """Never returns."""
        listen(Progress("search", 0.1, 3.0, 9.0, PLAN))
        time.sleep(0.6)
        if self.name == "crash":
            os._exit(3)
        if self.name == "kill":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if self.name == "raise":
            raise MemoryError
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(90)"])
        (Path(os.environ.get("FAKE_PIDS", os.devnull))).write_text(f"{os.getpid()} {child.pid}")
        time.sleep(90)
        raise AssertionError("never reached")


class Looks:
    """Says what stands on the disk of a solve."""

    name = "looks"

    def solve(self, *_all: object) -> Solution:
        raise RuntimeError(f"there are {sorted(os.listdir(os.environ['TMPDIR']))}")  # noqa: PTH208


@pytest.mark.parametrize("name", sweep(["auto", "highs", "scip", "cpsat", "cbc"], 2))
def test_the_worker_gives_what_the_solver_finds(name: str) -> None:
    solution = solve(small(), name, CLOSE, quiet)
    assert (solution.termination.reason, solution.termination.value) == ("optimal", 5.0)
    assert solution.values is not None
    assert solution.values.tolist() == [0.0, 1.0, 0.0]


def test_progress_is_heard_in_the_calling_process() -> None:
    heard: list[Progress] = []
    end = solve(hard(), "highs", replace(CLOSE, time_limit=1.0), heard.append).termination
    assert end.reason == "time_limit"
    assert any(one.value is not None and one.bound is not None for one in heard)
    assert [one.seconds for one in heard] == sorted(one.seconds for one in heard)


def test_a_wrong_name_is_found_before_a_worker_starts() -> None:
    with pytest.raises(InputError, match="highs"):
        solve(small(), "hghs", CLOSE, quiet)


@pytest.mark.slow
def test_a_job_of_any_size_goes_to_the_worker_without_a_file() -> None:
    crowd = replace(small(), column_names=tuple("x" * 1_000_000 + str(n) for n in range(3)))  # more than a pipe holds
    assert "there are ['log.txt']" in process.solve(crowd, Looks(), CLOSE, quiet).termination.detail


@pytest.mark.slow
@pytest.mark.parametrize(("deed", "words"), [("crash", "exit code 3"), ("raise", "out of memory")])
def test_a_dead_worker_leaves_its_best_plan_and_says_what_happened(deed: str, words: str) -> None:
    solution = process.solve(small(), Fake(deed), CLOSE, quiet)
    end = solution.termination
    assert (end.reason, end.value, end.bound) == ("failed", 3.0, 9.0)
    assert words in end.detail
    assert solution.values is not None
    assert solution.values.tolist() == PLAN.tolist()


@pytest.mark.slow
@POSIX
def test_a_killed_worker_is_put_down_to_memory() -> None:
    end = process.solve(small(), Fake("kill"), CLOSE, quiet).termination
    assert (end.reason, end.value) == ("failed", 3.0)
    assert "memory" in end.detail


@pytest.mark.slow
def test_a_worker_that_overruns_is_killed_with_its_children_and_its_best_plan_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pids, late = tmp_path / "pids", [0.0]

    def heard(_: Progress) -> None:
        """Its plan is there; as soon as it hangs, with a child, its time is over."""
        while not (pids.exists() and pids.read_text()):
            time.sleep(0.05)
        late[0] = 1000.0

    monkeypatch.setattr(process, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + late[0], time=time.time))
    monkeypatch.setenv("FAKE_PIDS", str(pids))
    end = process.solve(small(), Fake("hang"), CLOSE, heard).termination
    assert (end.reason, end.value, end.bound) == ("time_limit", 3.0, 9.0)
    assert gone(pids)


@pytest.mark.slow
def test_a_plan_in_the_stream_that_fails_our_check_is_dropped() -> None:
    crowded = replace(small(), row_lower=np.array([2.0]), row_upper=np.array([2.0]))
    end = process.solve(crowded, Fake("crash"), replace(CLOSE, time_limit=0.5), quiet)  # no time for another search
    assert (end.termination.reason, end.values) == ("failed", None)


def gone(pids: Path) -> bool:
    """Whether the processes whose numbers stand in a file have ended, or do so within seconds."""
    for _ in range(100):
        if not any(alive(int(pid)) for pid in pids.read_text().split()):
            return True
        time.sleep(0.1)
    return False


def script(body: str, **environment: str) -> subprocess.Popen[str]:
    """A program without a main guard that solves; its standard output is read here."""
    head = "from tests.test_solver_worker import *\n"
    return subprocess.Popen(
        [sys.executable, "-u", "-c", head + body],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


FAKED = """
end = process.solve(small(), Fake("hang"), CLOSE, lambda _: print("heard")).termination
print(end.reason, end.value)
"""


@pytest.mark.slow
@POSIX
def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with script(FAKED, FAKE_PIDS=str(pids), TMPDIR=str(tmp_path)) as parent:
        for _ in range(200):
            if pids.exists() and pids.read_text():
                break
            time.sleep(0.1)
        parent.kill()
    assert gone(pids)
    assert [path.name for path in tmp_path.iterdir()] == ["pids"]


def at_work(program: subprocess.Popen[str], name: str) -> bool:
    """Whether its solver has had half a second of a processor, in a process of its own name."""
    below = psutil.Process(program.pid).children(recursive=True)
    return any(name in one.name() and one.cpu_times().user > 0.5 for one in below)


@POSIX
@pytest.mark.parametrize("name", sweep(["highs", "cpsat", "cbc"], 1))
def test_ctrl_c_keeps_the_best_plan(name: str) -> None:
    body = f"""
limits = Stopping(time_limit=60.0, gap=0.0, threads=1, seed=1)
def hear(told):
    if told.value and told.bound is not None:
        print("now")
end = solve(hard(), {name!r}, limits, hear).termination
print(end.reason, end.value > 0, end.bound > end.value)
"""
    with script(body) as program:
        assert program.stdout is not None
        if name == "cbc":  # it says nothing on the way
            while not at_work(program, name):
                time.sleep(0.05)
        else:
            assert program.stdout.readline() == "now\n"
        program.send_signal(signal.SIGINT)
        out, errors = program.communicate(timeout=40)
    assert out.splitlines()[-1:] == ["interrupted True True"], errors


@pytest.mark.slow
@POSIX
def test_a_second_ctrl_c_ends_a_worker_that_does_not_listen(tmp_path: Path) -> None:
    with script(FAKED, FAKE_PIDS=str(tmp_path / "pids")) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "heard\n"
        while not (tmp_path / "pids").exists():
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        time.sleep(0.5)
        program.send_signal(signal.SIGINT)
        out, errors = program.communicate(timeout=process.COURTESY - 3)
    assert out.splitlines()[-1:] == ["interrupted 3.0"], errors
    assert gone(tmp_path / "pids")


def by(name: str) -> Search:
    """A search by that solver, in this process."""
    return lambda matrix, stopping, listen, start: make_solver(name).solve(matrix, stopping, listen, start)


def test_levels_keep_what_earlier_ones_have_reached() -> None:
    """Two of three: first the count of a and b (a, b: 2), then within half of it c (1 of a, b is enough), then a."""
    matrix = matrix_of([0, 0, 0], [[1, 1, 1]], upper=2)
    levels = [
        (np.array([1.0, 1.0, 0.0]), 10.0, 1 / 12),
        (np.array([0.0, 0.0, 1.0]), 0.0, 0.0),
        (np.array([2.0, 1.0, 0.0]), 0.0, 0.0),
    ]
    for name in ("highs", "cpsat"):
        solution, ends = solve_levels(matrix, levels, by(name), CLOSE, quiet)
        assert [(end.reason, end.value) for end in ends] == [("optimal", 12.0), ("optimal", 1.0), ("optimal", 2.0)]
        assert solution.termination.reason == "optimal"
        assert solution.values is not None
        assert solution.values.tolist() == [1.0, 0.0, 1.0]


@pytest.mark.slow
def test_levels_are_proved_only_if_every_one_is() -> None:
    matrix = hard()
    levels = [(matrix.objective, 0.0, 0.0), (np.ones(matrix.objective.size), 0.0, 0.0)]
    solution, ends = solve_levels(matrix, levels, by("highs"), replace(CLOSE, time_limit=1.0), quiet)
    assert ends[0].reason == "time_limit"
    assert solution.termination.reason == "time_limit"
    assert solution.termination.bound == ends[0].bound
    assert solution.values is not None
    assert ends[0].value is not None
    assert matrix.objective @ solution.values >= ends[0].value * (1 - 1e-6)


def test_levels_without_a_plan_stop_at_the_first() -> None:
    none = replace(small(), row_lower=np.array([4.0]), row_upper=np.array([9.0]))
    solution, ends = solve_levels(none, [(np.ones(3), 0.0, 0.0)] * 3, by("highs"), CLOSE, quiet)
    assert (solution.values, [end.reason for end in ends]) == (None, ["infeasible"])


def test_a_worker_solves_what_the_process_solves() -> None:
    matrix = random_mixed(2)
    values = {round(solve(matrix, name, CLOSE, quiet).termination.value or 0.0, 6) for name in ("highs", "scip")}
    assert len(values) == 1


class Tells:
    """Says in which process it solves, after ``deed``."""

    def __init__(self, deed: str = "") -> None:
        self.name = deed or "tells"

    def solve(self, matrix: Matrix, limits: Stopping, *_rest: object) -> Solution:
        if self.name == "raise":
            raise RuntimeError("broken")
        if self.name == "goes on":
            threading.Thread(target=time.sleep, args=(60.0,), daemon=True).start()
        if self.name == "litters":
            Path(os.environ["TMPDIR"], "left").write_text("")
        return conclude(matrix, limits, self.name, Claim("optimal", PLAN, 3.0, told()), 0.0)


def told() -> str:
    """The number of this process, and what stands in its folder."""
    return f"{os.getpid()} {sorted(os.listdir(os.environ['TMPDIR']))}"  # noqa: PTH208


def by_process(deed: str = "", matrix: Matrix | None = None) -> str:
    """What the worker of one more solve says."""
    return process.solve(small() if matrix is None else matrix, Tells(deed), CLOSE, quiet).termination.detail


@pytest.mark.slow
def test_a_worker_is_used_again_and_finds_what_the_first_solve_found() -> None:
    process.dismiss_all()
    first = by_process()
    assert "left" in by_process("litters")
    assert by_process() == first


class Nested:
    """Has a worker of its own solve it, and says what that says."""

    name = "nested"

    def solve(self, matrix: Matrix, limits: Stopping, *_rest: object) -> Solution:
        return process.solve(matrix, Tells(), limits, quiet)


@pytest.mark.slow
def test_a_worker_of_a_worker_is_used_again_like_any_other() -> None:
    """The default has its searches run so: what is cleared up after a solve is not what the next one needs."""
    process.dismiss_all()
    first, second = (process.solve(small(), Nested(), CLOSE, quiet).termination for _ in range(2))
    assert (first.reason, second.reason) == ("optimal", "optimal")
    assert second.detail.split()[0] == first.detail.split()[0]
    process.dismiss_all()


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["raise", "goes on", "kill", "large", "other surroundings"])
def test_a_worker_that_may_not_be_as_a_new_one_is_not_used_again(deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    process.dismiss_all()
    number = int(by_process().split()[0])
    if deed == "kill":
        os.kill(number, signal.SIGTERM)
        while psutil.Process(number).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.02)
    elif deed == "other surroundings":
        monkeypatch.setenv("SOMETHING", "else")
    elif deed == "large":
        monkeypatch.setattr(process, "KEPT_ENTRIES", 2)
        by_process()
    else:
        by_process(deed)
    assert int(by_process().split()[0]) != number
    assert not alive(number)
    process.dismiss_all()


@pytest.mark.slow
def test_a_worker_does_not_rest_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    process.dismiss_all()
    monkeypatch.setattr(process, "KEPT_SECONDS", 0.2)
    number = int(by_process().split()[0])
    time.sleep(1.0)
    assert not alive(number)


@pytest.mark.slow
def test_no_worker_and_no_folder_outlives_the_program(tmp_path: Path) -> None:
    with script("print(by_process(), flush=True)", TMPDIR=str(tmp_path)) as program:
        number = int(program.communicate(timeout=60)[0].split()[0])
    assert not alive(number)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["auto", "scip", "cpsat"])
def test_counted_work_comes_to_the_same_in_a_worker_that_was_used_before(name: str) -> None:
    process.dismiss_all()
    counted, matrix = replace(CLOSE, gap=0.0, work=1), hard()
    fresh, other, again = (solve(matrix, used, counted, quiet) for used in (name, "highs", name))
    assert other.values is not None
    assert fresh.values is not None
    assert again.values is not None
    assert (fresh.values.tolist(), fresh.termination.bound) == (again.values.tolist(), again.termination.bound)


@pytest.mark.slow
def test_a_worker_that_was_started_ahead_does_the_next_job() -> None:
    process.dismiss_all()
    process.start_ahead()
    process.start_ahead()
    (waiting,) = process._RESTING
    assert int(by_process().split()[0]) == waiting.process.pid
