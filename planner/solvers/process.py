"""Solving in a process of its own, which can be stopped, killed, and may die without harm.

The worker is a fresh interpreter (never a fork) that imports :mod:`planner.solvers.worker` and nothing of the program
that called: so it is light, and works from a console script, a notebook, a script without a main guard, and under
pytest, on Windows and Linux alike. Nothing is left behind: a worker ends by itself as soon as its parent is gone.

Starting an interpreter and its libraries takes longer than many a solve. So a worker whose job ended by itself is kept for the
next one: for :data:`KEPT_SECONDS`, unless the model was large (its memory goes back to the system). One that failed, was killed or
was asked to stop is never used again. What a solve comes to does not depend on what its worker did before: libraries keep
their state in the objects that a solve makes for itself.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import pickle
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from types import FrameType

from planner.solvers.caller import caller, stopped
from planner.solvers.check import Claim, conclude
from planner.solvers.exact import Prepared, exactly
from planner.solvers.halt import go_on, halt
from planner.solvers.protocol import Floats, Listener, Matrix, Progress, Reason, Signs, Solution, Solver, Stopping, StopSign, never
from planner.solvers.worker import (
    AHEAD,
    FOLDERS,
    GO,
    HOLD,
    LOG,
    RESTING,
    STOP,
    Begun,
    Ended,
    Failure,
    Job,
    Message,
    end_process_tree,
)

OF_TELLERS, OF_OTHERS = (0.03, 1.5), (0.1, 15.0)
"""Share of the time limit, and seconds, that a worker may run over before it is killed: of a solver that tells every plan as soon as
it has one (``tells``), and so has nothing to lose, and of a library that hands over its plan in the end."""
COURTESY = 15.0
"""Seconds that a worker has to hand over its plan after an interruption."""
TICK = 0.1
ASKED_FIRST = 0.25
"""Seconds from being told to stand still to being halted: whoever asks now and then has told what it has found by then."""
KEPT_SECONDS, KEPT_ENTRIES = 30.0, 1_000_000
"""How long a worker rests before it is ended, and the entries of a model up to which it is kept after its job."""
BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from planner.solvers.worker import main; main(*sys.argv[2:])"


def solve(
    matrix: Matrix,
    solver: Solver,
    stopping: Stopping,
    listen: Listener,
    start: Floats | None = None,
    stop: StopSign = never,
    signs: Signs = Signs(),
) -> Solution:
    """Maximise in a worker process, with a solver that can be pickled.

    ``listen`` is called in this thread. Ctrl-C asks for the best plan so far (reason ``interrupted``), a second one
    ends the worker at once; both work in the main thread only. The caller's stop sign (:mod:`planner.solvers.caller`) is like
    the first Ctrl-C, in any thread; ``stop`` ends the worker at once; ``signs`` lead it.
    If the worker is killed or dies, the best plan it has shown, or ``start``, is returned.
    """
    with ctrl_c() as presses:

        def search(ready: Prepared, left: Stopping, hear: Listener, begin: Floats | None) -> Solution:
            told = replace(signs, hint=lambda: ready.inward(signs.hint()))
            return _one(ready.matrix, solver, left, hear, begin, stop, told, presses)

        return exactly(search, matrix, stopping, listen, start, lambda: stop() or bool(presses) or stopped())


def _one(
    matrix: Matrix,
    solver: Solver,
    stopping: Stopping,
    listen: Listener,
    start: Floats | None,
    stop: StopSign,
    signs: Signs,
    presses: list[float],
) -> Solution:
    """One search in a worker of its own."""
    began = time.monotonic()
    if stopped():
        claim = Claim("interrupted", None, None, "asked to stop before it began")
        return conclude(matrix, stopping, solver.name, claim, 0.0, start, mend="never")
    with _worker() as worker:
        with contextlib.suppress(OSError):  # a worker that has died meanwhile is found out by its silence
            worker.order((solver, matrix, stopping, start, time.time()))
        share, grace = OF_TELLERS if getattr(solver, "tells", False) else OF_OTHERS
        watch = _Watch(worker, began + (1.0 + share) * stopping.time_limit + grace, listen, presses, stop, signs)
        watch.run()
        worker.fit &= not watch.asked and matrix.rows.nnz <= KEPT_ENTRIES
    if watch.solution is not None:
        return watch.solution
    if watch.silent and worker.rested and watch.cut is None:  # it had died while it rested
        return _one(matrix, solver, stopping, listen, start, stop, signs, presses)
    claim = watch.claim(worker.process.returncode, worker.words)
    return conclude(matrix, stopping, solver.name, claim, time.monotonic() - began, start, mend="never")


@dataclass
class _Watch:
    """Waits for the worker's last word, and knows the best it has said before."""

    worker: _Worker
    last: float
    """When it is killed, if it has not ended."""
    listen: Listener
    presses: list[float]
    stop: StopSign
    signs: Signs
    held: bool = False
    """The worker was told to stand still."""
    since: float = 0.0
    """When it was told so, or began after that."""
    may_be_halted: bool = False
    """It has begun, and said so."""
    halted: bool = False
    """It was halted since it was told to stand still."""
    solution: Solution | None = None
    failure: Failure | None = None
    best: Progress = field(default_factory=lambda: Progress("start", 0.0, None, None))
    values: Floats | None = None
    cut: Reason | None = None
    """Why the worker was killed from here; None when it ended by itself."""
    asked: bool = False
    """It was asked for the best plan so far."""
    silent: bool = True
    """It has said nothing at all."""

    def run(self) -> None:
        """Until the worker has ended or has to be ended."""
        inbox: queue.Queue[Message | None] = queue.Queue()
        threading.Thread(target=_receive, args=(self.worker.process, inbox), name="inbox", daemon=True).start()
        last = self.last
        while True:
            if not self.asked and (self.presses or stopped() or self.signs.finish()):
                self.asked, last = True, min(last, time.monotonic() + COURTESY)
                self._wake()
                self._say(STOP)
            elif not self.asked and self.signs.hold() != self.held:
                self.held, self.since = not self.held, time.monotonic()
                self._wake()
                self._say(HOLD if self.held else GO)
            elif self._overdue():
                self.halted = True
                halt(self.worker.process.pid)
            elif not self.asked and (plan := self.signs.hint()) is not None:
                self._say(plan)
            over = self.stop()
            if over or len(self.presses) > 1 or time.monotonic() > last:
                self.cut = "interrupted" if over or self.asked else "time_limit"
                return
            try:
                message = inbox.get(timeout=TICK)
            except queue.Empty:
                continue
            if message is None:
                return
            self.silent = False
            if isinstance(message, Ended):
                self._wake()  # it may have been halted since
                self.solution, self.worker.fit = message.solution, message.alone
                return
            if isinstance(message, Failure):
                self.failure = message
            elif isinstance(message, Begun):
                self.since, self.may_be_halted = time.monotonic(), message.may_be_halted
            else:
                self.best = message
                self.values = self.values if message.values is None else message.values
                self.listen(message)

    def _overdue(self) -> bool:
        """The worker was told to stand still, may be halted, and has had its time to tell what it has found."""
        told = self.held and not self.asked and not self.halted
        return told and self.may_be_halted and time.monotonic() > self.since + ASKED_FIRST

    def _wake(self) -> None:
        """Where it was halted, it is not any more."""
        if self.halted:
            self.halted = False
            go_on(self.worker.process.pid)

    def _say(self, word: str | Floats) -> None:
        """Tell the worker; one that has died meanwhile is found out by its silence."""
        with contextlib.suppress(OSError):
            self.worker.order(word)

    def claim(self, code: int, log: str) -> Claim:
        """What is left of a worker that gave no solution."""
        if self.cut is not None:
            return Claim(self.cut, self.values, self.best.bound, "the solver did not end in time and was ended")
        words = self.failure.words if self.failure is not None else f"{_cause_of_death(code)}\n{log[-2000:]}"
        reason: Reason = "interrupted" if self.asked else "failed"
        return Claim(reason, self.values, self.best.bound, words.strip())


class _Worker:
    """A worker process with a folder of its own."""

    def __init__(self, *told: str) -> None:
        self.folder = Path(mkdtemp(prefix=FOLDERS))
        self.fit = False
        """Whether it may be given another job."""
        self.words = ""
        """What its libraries have printed since it was given its job, once it has ended."""
        self.log, self.printed, self.rested = self.folder / LOG, 0, 0.0
        # What a new one would inherit today may be something else.
        self.parent, self.path, self.variables = os.getpid(), list(sys.path), dict(os.environ)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", BOOT, json.dumps(sys.path), str(self.folder), *told],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # A terminal's Ctrl-C is for the parent alone.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def order(self, order: Job | str | Floats) -> None:
        """Send a job, or a word or a plan to the one under way. Raises OSError where nobody listens any more."""
        assert self.process.stdin is not None
        pickle.dump(order, self.process.stdin, pickle.HIGHEST_PROTOCOL)
        self.process.stdin.flush()

    def ready(self) -> bool:
        """Whether it is as one that is started now would be: alive, and what a new one would inherit has not changed."""
        here = (os.getpid(), sys.path, dict(os.environ))
        return self.process.poll() is None and here == (self.parent, self.path, self.variables)

    def rest(self) -> None:
        """Before it is kept: what it has printed is none of the next job's business."""
        self.fit, self.printed, self.rested = False, self.log.stat().st_size, time.monotonic()

    def end(self) -> None:
        """End it and its children, and clear up. A forked process only lets go of the worker, which is its parent's."""
        own = self.parent == os.getpid()
        if own:
            if self.process.returncode is None:  # before the first wait, while its number cannot have passed to another process
                end_process_tree(self.process.pid)
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        if own:
            with contextlib.suppress(OSError):
                self.words = self.log.read_bytes()[self.printed :].decode("utf-8", errors="replace")
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def _worker() -> Iterator[_Worker]:
    """A worker for one job: one that is kept, or a new one. When the block is left it is kept if it is fit for another job; otherwise
    it and its children are gone."""
    worker = _kept() or _Worker()
    try:
        yield worker
    finally:
        if worker.fit:
            _keep(worker)
        else:
            worker.end()


_RESTING: list[_Worker] = []
_LOCK = threading.Lock()


def apart() -> bool:
    """Whether each solve of this caller has a process of its own."""
    return caller().run in (None, solve)


def start_ahead() -> None:
    """Start a worker for a solve that comes soon: it loads its libraries while the caller is still reading. Nothing, where one rests
    already or the caller has solves run himself."""
    if not _RESTING and apart():
        _keep(_Worker(AHEAD))


def _kept() -> _Worker | None:
    """A worker that rests, ready for a job; those that are not are ended."""
    while True:
        with _LOCK:
            if not _RESTING:
                return None
            worker = _RESTING.pop()
        if worker.ready():
            return worker
        worker.end()


def _keep(worker: _Worker) -> None:
    """Let it rest until there is another job, but not for long."""
    worker.rest()
    with _LOCK:
        _RESTING.append(worker)
    timer = threading.Timer(KEPT_SECONDS, _dismiss, (worker, worker.rested))
    timer.daemon, timer.name = True, RESTING
    timer.start()


def _dismiss(worker: _Worker, since: float) -> None:
    """End a worker that rests since then, if it still does."""
    with _LOCK:
        if worker not in _RESTING or worker.rested != since:
            return
        _RESTING.remove(worker)
    worker.end()


@atexit.register
def dismiss_all() -> None:
    """End all workers that rest."""
    while (worker := _kept()) is not None:
        worker.end()


_PRESSES: ContextVar[list[float] | None] = ContextVar("presses", default=None)


@contextmanager
def ctrl_c() -> Iterator[list[float]]:
    """The times at which Ctrl-C was pressed within the block; a list that grows. It raises nothing meanwhile. Blocks within, and
    those of threads that run in a copy of its context, have the same list."""
    around = _PRESSES.get()
    if around is not None or threading.current_thread() is not threading.main_thread():
        yield [] if around is None else around
        return
    presses: list[float] = []

    def press(_number: int, _frame: FrameType | None) -> None:
        presses.append(time.monotonic())

    before, token = signal.signal(signal.SIGINT, press), _PRESSES.set(presses)
    try:
        yield presses
    finally:
        _PRESSES.reset(token)
        signal.signal(signal.SIGINT, before)


def _receive(process: subprocess.Popen[bytes], inbox: queue.Queue[Message | None]) -> None:
    """Pass on the worker's messages; None at their end. A message cut short by a death is no message."""
    assert process.stdout is not None
    try:
        while True:
            inbox.put(message := pickle.load(process.stdout))
            if isinstance(message, Ended):  # what comes then belongs to another job
                return
    except Exception:
        inbox.put(None)


def _cause_of_death(code: int) -> str:
    """Why a worker ended without a word, as far as its exit code tells."""
    if code == -getattr(signal, "SIGKILL", 9):
        return "the solver process was killed, most likely because the machine ran out of memory"
    if code < 0:
        return f"the solver process crashed (signal {-code})"
    return f"the solver process ended without a result (exit code {code})"
