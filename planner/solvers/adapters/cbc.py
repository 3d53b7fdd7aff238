"""CBC, the solver that comes with PuLP, run on a file of our own.

PuLP's own way to CBC reads the status wrong at a time limit and keeps no bound; so PuLP is only asked where CBC is. Status and
bound are read from CBC's log. The file minimises, so its "Lower bound" and "best possible" are bounds from below, and nothing
turns on its idea of maximising. Numbers in the log are rounded; a bound is taken at the far end of what may have been printed so.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from planner.solvers.adapters.frame import Adapter, Task
from planner.solvers.check import Claim, patience
from planner.solvers.export import write_model
from planner.solvers.lp import row_steps
from planner.solvers.progress import GLANCE
from planner.solvers.protocol import Floats, Matrix, Reason, Stopping
from planner.solvers.rein import Rein
from planner.solvers.work import CBC_NODES, units

MODEL, START, PLAN = "model.mps", "start.txt", "plan.txt"
COURTESY = 5.0
"""Seconds that CBC has to come to an end after it was asked to."""

NUMBER = r"([-+]?\d+\.?\d*(?:[eE][-+]?\d+)?)"
SOLUTION = re.compile(rf"Integer solution of {NUMBER} found")
POSSIBLE = (re.compile(rf"best possible {NUMBER}"), 1e-7, 0.0)
RELAXED = (re.compile(rf"Continuous objective value is {NUMBER}"), 1e-5, 0.0)
LOWER = (re.compile(rf"^Lower bound:\s+{NUMBER}"), 0.0, 1e-3)
OBJECTIVE = (re.compile(rf"^Optimal - objective value {NUMBER}"), 0.0, 1e-8)
"""Where a bound is printed, and how far the true number may lie below: relative (so many digits) and absolute."""

FINISHED = ("Result - Optimal solution found", "Optimal objective ")
UNFINISHED = ("Exiting on", "Exiting as integer gap", "within gap tolerance", "Partial search", "Result - Stopped", "ctrl-c")
OUT_OF_NODES = "Stopped on node limit"
NODES = re.compile(r"^Enumerated nodes:\s+(\d+)")
INCREMENT = 1e-5
"""CBC does not look for plans that are better by less."""
ROOM = 2e-6
"""Share of a row's side: twice what a whole number may be off."""
HUGE = 1e40
"""CBC prints 1e+50 while it has nothing."""

HEADS: tuple[tuple[str, Reason], ...] = (
    ("Optimal (within gap tolerance)", "gap_reached"),
    ("Optimal", "optimal"),
    ("Infeasible", "infeasible"),
    ("Integer infeasible", "infeasible"),
    ("Unbounded", "unbounded"),
    ("Stopped on time", "time_limit"),
    ("Stopped on iterations", "time_limit"),
    ("Stopped on ctrl-c", "time_limit"),
)
"""First words of CBC's solution file; any other is ``failed``."""


class Cbc(Adapter):
    """CBC as a process of its own. On Windows its log comes in blocks, and so does the progress, and an interrupted
    CBC cannot hand over its plan: the start is kept. Raises FileNotFoundError when there is no CBC."""

    name = "cbc"
    mend = "always"
    """The plan is printed with few digits: whole numbers survive that, the rest is found anew."""

    def search(self, task: Task) -> Claim:
        """Run CBC in a folder of its own and read what it leaves there."""
        matrix = task.matrix
        with TemporaryDirectory(prefix="planner-cbc-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            write_model(replace(_forgiving(task.scaled), row_names=(), column_names=()), folder / MODEL, "mps")
            if task.begin is not None:
                # CBC's own format of a plan; the whole columns are enough.
                lines = [f"{index} c{index} {task.begin[index]:.0f} 0\n" for index in np.flatnonzero(matrix.integer).tolist()]
                (folder / START).write_text("".join(["Feasible - objective value 0\n", *lines]), encoding="ascii")
            log = _run(folder, task)
            otherwise: Reason = "interrupted" if task.stop() else "time_limit" if task.left <= 0 else "failed"
            claim = _claim(folder / PLAN, log, task, otherwise)
        # CBC has been seen to call models infeasible that are unbounded.
        endless = not bool((np.isfinite(matrix.lower) & np.isfinite(matrix.upper)).all())
        unclear = any(words in line.lower() for line in log for words in ("infeasible or unbounded", "infeasible! (or unbounded)"))
        doubtful = claim.reason == "infeasible" and (endless or unclear)
        return replace(claim, reason="unbounded") if doubtful else claim


def _forgiving(matrix: Matrix) -> Matrix:
    """The model with a little more room in each row whose data are finer than CBC's idea of a whole number. It takes 0.9999999 for 1, rounds it,
    finds the row broken, and leaves out all that lay there (three of 1,000,000.01 in 3,000,000: nothing, or the plan to begin from, was
    called the best). With more room it is told as a plan, which the check refuses, and its bounds hold for the model."""
    steps, rows = row_steps(matrix), matrix.rows
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    whole = np.bincount(row, ~matrix.integer[rows.indices], rows.shape[0]) == 0
    room = []
    for side in (matrix.row_lower, matrix.row_upper):
        size = np.where(np.isfinite(side), np.abs(side), 0.0)
        told = np.isfinite(steps) & (steps >= ROOM * size)
        room.append(np.where(whole & ~told, ROOM * size, 0.0))
    return replace(matrix, row_lower=matrix.row_lower - room[0], row_upper=matrix.row_upper + room[1])


def find_cbc() -> str | None:
    """The CBC that PuLP brings, or one that PuLP finds on the machine; None when there is none."""
    import pulp

    bundled = getattr(pulp, "PULP_CBC_CMD", None)
    path = getattr(bundled, "pulp_cbc_path", None)
    if path and os.access(path, os.X_OK):
        return str(path)
    installed = pulp.COIN_CMD()
    return str(installed.path) if installed.available() else None


def _command(folder: Path, stopping: Stopping, seconds: float) -> list[str]:
    cbc = find_cbc()
    if cbc is None:
        raise FileNotFoundError("CBC is not installed")
    options = ["-sec", f"{seconds:.3f}", "-timeMode", "elapsed", "-ratio", f"{stopping.gap:.12g}"]
    options += ["-randomSeed", str(stopping.seed), "-randomCbcSeed", str(stopping.seed)]
    if stopping.work is not None:
        # On one thread: CBC's parallel search goes with the clock.
        options += ["-maxNodes", str(stopping.work * CBC_NODES)]
    else:
        # Also where it is one: else CBC searches small models in small trees of which its bound knows nothing (mknapcb7 drawn, 15 s on one
        # thread: 21652 in place of 22078, and a better plan).
        options += ["-threads", str(stopping.threads)]
    # Its preparation of the whole model and its covers of knapsacks lose solutions: of small models one in some hundreds was called solved at
    # less than its optimum (docs/trials.md, What CBC may do). Rows and bounds are made tighter beforehand (planner/solvers/tighten.py).
    options += ["-preprocess", "off", "-knapsackCuts", "off"]
    start = ["-mipstart", START] if (folder / START).exists() else []
    return [cbc, MODEL, *start, *options, "-solve", "-solution", PLAN]


def _line_by_line() -> tuple[int, int]:
    """Where to read what CBC prints, and where it is to print: what goes into a pipe waits there until there are pages of it."""
    return os.pipe() if os.name == "nt" else os.openpty()


def _run(folder: Path, task: Task) -> list[str]:
    """Run CBC until it ends, is stopped, or has overrun its time by far; the log."""
    seconds = max(task.left, 0.1)
    log: list[str] = []

    def read() -> None:
        with (
            os.fdopen(ours, encoding="utf-8", errors="replace") as lines,
            contextlib.suppress(OSError),
        ):  # a terminal ends with an error
            for line in lines:
                log.append(line.rstrip())
                task.reporter.tell(task.ours(_number(SOLUTION, line)), task.ours(_running_bound(line)))

    ours, theirs = _line_by_line()
    with subprocess.Popen(
        _command(folder, task.stopping, seconds),
        cwd=folder,  # names of files are relative to it: CBC splits paths at blanks
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.STDOUT,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        os.close(theirs)
        reader = threading.Thread(target=read, name="CBC's log", daemon=True)
        reader.start()
        last, asked = time.monotonic() + seconds + patience(task.stopping), False
        try:
            while process.poll() is None and time.monotonic() < last:
                time.sleep(GLANCE / 2)
                if isinstance(task.stop, Rein) and task.stop.held and os.name != "nt":
                    process.send_signal(signal.SIGSTOP)
                    task.stop()  # returns when CBC may go on
                    process.send_signal(signal.SIGCONT)
                if task.stop() and not asked:
                    asked, last = True, time.monotonic() + COURTESY
                    # CBC ends a search at Ctrl-C and writes its plan; Windows has no Ctrl-C for a single process.
                    process.kill() if os.name == "nt" else process.send_signal(signal.SIGINT)
        finally:
            process.kill()
            reader.join()
    return log


def _claim(path: Path, log: list[str], task: Task, otherwise: Reason) -> Claim:
    """What CBC says; ``otherwise`` is the reason when it leaves no plan or does not know why it ended."""
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
    head = lines[0] if lines else ""
    reason = _reason(head)
    if head.startswith("Stopped on iterations") and any(OUT_OF_NODES in line for line in log):
        reason = "work_limit"
    if reason == "failed" or (reason == "time_limit" and otherwise == "interrupted"):
        reason = otherwise
    bound = task.ours(proved_bound(head, log))
    detail = head or "; ".join(log[-3:])
    values = _values(lines[1:], task.matrix.objective.size) if reason not in ("infeasible", "unbounded") and lines else None
    done = next((units(int(nodes[1]), CBC_NODES) for line in log if (nodes := NODES.match(line))), None)
    return Claim(reason, values, bound, detail.strip(), done)


def _values(lines: list[str], columns: int) -> Floats:
    """The plan in CBC's solution file: index, name, value, reduced cost; zeros are left out."""
    values = np.zeros(columns)
    for line in lines:
        cells = line.replace("**", " ").split()
        if len(cells) >= 3 and cells[1].startswith("c"):
            values[int(cells[1][1:])] = float(cells[2])
    return values


def _reason(head: str) -> Reason:
    """The reason in the first line of the solution file."""
    return next((reason for words, reason in HEADS if head.startswith(words + " ")), "failed")


def proved_bound(head: str, log: list[str]) -> float | None:
    """The lower bound on the minimisation that CBC proves; None when it proves none. The objective value itself is a bound only if
    both the solution file and the log say that the search was finished."""
    said = any(words in line for line in log for words in FINISHED)
    if said and _reason(head) == "optimal" and not any(words in line for line in log for words in UNFINISHED):
        value = _least(OBJECTIVE, head)
        return None if value is None else value - INCREMENT
    stated = [bound for line in log if (bound := _least(LOWER, line)) is not None]
    running = [bound for line in log if (bound := _running_bound(line)) is not None]
    return max(stated + running, default=None)


def _running_bound(line: str) -> float | None:
    """The bound in a line printed while CBC runs."""
    bound = _least(POSSIBLE, line)
    return _least(RELAXED, line) if bound is None else bound


def _number(pattern: re.Pattern[str], line: str) -> float | None:
    """The number that a pattern finds; None also for CBC's stand-ins for infinity."""
    found = pattern.search(line)
    return None if found is None or abs(float(found[1])) > HUGE else float(found[1])


def _least(printed: tuple[re.Pattern[str], float, float], line: str) -> float | None:
    """The least number that may have been printed so."""
    pattern, relative, absolute = printed
    number = _number(pattern, line)
    return None if number is None else number - relative * abs(number) - absolute
