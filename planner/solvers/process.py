"""Solving in a process of its own, which can be stopped, killed, and may die without harm.

The worker is a fresh interpreter (never a fork) that imports :mod:`planner.solvers.worker` and nothing of the program
that called: so it is light, and works from a console script, a notebook, a script without a main guard, and under
pytest, on Windows and Linux alike. Nothing is left behind: a worker ends by itself as soon as its parent is gone.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from planner.solvers.caller import stopped
from planner.solvers.check import Claim, conclude
from planner.solvers.exact import exactly
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Reason, Solution, Solver, Stopping, StopSign, never
from planner.solvers.worker import STOP, Failure, Job, Message, end_process_tree

GRACE = 15.0
"""Seconds, besides a tenth of the time limit, that a worker may run over before it is killed."""
COURTESY = 15.0
"""Seconds that a worker has to hand over its plan after an interruption."""
TICK = 0.1
BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from planner.solvers.worker import main; main(sys.argv[2])"


def solve(
    matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
) -> Solution:
    """Maximise in a worker process, with a solver that can be pickled.

    ``listen`` is called in this thread. Ctrl-C asks for the best plan so far (reason ``interrupted``), a second one
    ends the worker at once; both work in the main thread only. The caller's stop sign (:mod:`planner.solvers.caller`) is like
    the first Ctrl-C, in any thread; ``stop`` ends the worker at once. If the worker is killed or dies, the best plan it has
    shown, or ``start``, is returned.
    """
    with _ctrl_c() as presses:

        def search(model: Matrix, left: Stopping, hear: Listener, begin: Floats | None) -> Solution:
            return _one(model, solver, left, hear, begin, stop, presses)

        return exactly(search, matrix, stopping, listen, start, lambda: stop() or bool(presses))


def _one(
    matrix: Matrix, solver: Solver, stopping: Stopping, listen: Listener, start: Floats | None, stop: StopSign, presses: list[float]
) -> Solution:
    """One search in a worker of its own."""
    began = time.monotonic()
    if stopped():
        claim = Claim("interrupted", None, None, "asked to stop before it began")
        return conclude(matrix, stopping, solver.name, claim, 0.0, start, mend="never")
    with TemporaryDirectory(prefix="planner-solve-", ignore_cleanup_errors=True) as folder_name:
        folder = Path(folder_name)
        with _worker(folder) as process:
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # a worker that has died meanwhile is found out by its silence
                job: Job = (solver, matrix, stopping, start)
                pickle.dump(job, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
            watch = _Watch(process, stopping, listen, presses, stop)
            watch.run()
        if watch.solution is not None:
            return watch.solution
        log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    claim = watch.claim(process.returncode, log)
    return conclude(matrix, stopping, solver.name, claim, time.monotonic() - began, start, mend="never")


@dataclass
class _Watch:
    """Waits for the worker's last word, and knows the best it has said before."""

    process: subprocess.Popen[bytes]
    stopping: Stopping
    listen: Listener
    presses: list[float]
    stop: StopSign = never
    solution: Solution | None = None
    failure: Failure | None = None
    best: Progress = field(default_factory=lambda: Progress("start", 0.0, None, None))
    values: Floats | None = None
    cut: Reason | None = None
    """Why the worker was killed from here; None when it ended by itself."""

    def run(self) -> None:
        """Until the worker has ended or has to be ended."""
        inbox: queue.Queue[Message | None] = queue.Queue()
        threading.Thread(target=_receive, args=(self.process, inbox), name="inbox", daemon=True).start()
        last = time.monotonic() + 1.1 * self.stopping.time_limit + GRACE
        asked = False
        while True:
            if not self.presses and stopped():
                self.presses.append(time.monotonic())
            if self.presses and not asked:
                asked, last = True, min(last, time.monotonic() + COURTESY)
                assert self.process.stdin is not None
                with contextlib.suppress(OSError):
                    self.process.stdin.write(STOP)
                    self.process.stdin.flush()
            over = self.stop()
            if over or len(self.presses) > 1 or time.monotonic() > last:
                self.cut = "interrupted" if over or self.presses else "time_limit"
                return
            try:
                message = inbox.get(timeout=TICK)
            except queue.Empty:
                continue
            if message is None:
                return
            if isinstance(message, Solution):
                self.solution = message
            elif isinstance(message, Failure):
                self.failure = message
            else:
                self.best = message
                self.values = self.values if message.values is None else message.values
                self.listen(message)

    def claim(self, code: int, log: str) -> Claim:
        """What is left of a worker that gave no solution."""
        if self.cut is not None:
            return Claim(self.cut, self.values, self.best.bound, "the solver did not end in time and was ended")
        words = self.failure.words if self.failure is not None else f"{_cause_of_death(code)}\n{log[-2000:]}"
        reason: Reason = "interrupted" if self.presses else "failed"
        return Claim(reason, self.values, self.best.bound, words.strip())


@contextmanager
def _worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker at its job; it and its children are gone when the block is left."""
    command = [sys.executable, "-c", BOOT, json.dumps(sys.path), str(folder)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            # A terminal's Ctrl-C is for the parent alone.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    try:
        yield process
    finally:
        # Before the first wait, while the number of the process cannot have passed to another one.
        end_process_tree(process.pid)
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()


@contextmanager
def _ctrl_c() -> Iterator[list[float]]:
    """The times at which Ctrl-C was pressed within the block; a list that grows. It raises nothing meanwhile."""
    presses: list[float] = []
    if threading.current_thread() is not threading.main_thread():
        yield presses
        return

    def press(_number: int, _frame: FrameType | None) -> None:
        presses.append(time.monotonic())

    before = signal.signal(signal.SIGINT, press)
    try:
        yield presses
    finally:
        signal.signal(signal.SIGINT, before)


def _receive(process: subprocess.Popen[bytes], inbox: queue.Queue[Message | None]) -> None:
    """Pass on the worker's messages; None at their end. A message cut short by a death is no message."""
    assert process.stdout is not None
    try:
        while True:
            inbox.put(pickle.load(process.stdout))
    except Exception:
        inbox.put(None)


def _cause_of_death(code: int) -> str:
    """Why a worker ended without a word, as far as its exit code tells."""
    if code == -getattr(signal, "SIGKILL", 9):
        return "the solver process was killed, most likely because the machine ran out of memory"
    if code < 0:
        return f"the solver process crashed (signal {-code})"
    return f"the solver process ended without a result (exit code {code})"
