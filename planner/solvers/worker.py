"""The process in which a library solves: started by :mod:`planner.solvers.process`, on its own in memory, and mortal.

It reads its orders from its standard input, which no disk has to hold, and sends what happens as pickles through its standard output.
An order is a job, done one after the other, a word to the job under way (:data:`STOP`, :data:`HOLD`, :data:`GO`), or a plan that it
may go on from; the end of the stream (the parent has ended, however) means end at once. Libraries never see either stream.
"""

from __future__ import annotations

import os
import pickle
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from planner.solvers.halt import heed_parent
from planner.solvers.protocol import NO_MEMORY, Floats, Matrix, Progress, Solution, Solver, Stopping
from planner.solvers.rein import Rein

STOP, HOLD, GO = "stop", "hold", "go"
"""The orders to hand over the best plan soon, to stand still, and to go on."""
AHEAD = "ahead"
"""A worker that is started before there is a job loads what most jobs need."""
FOLDERS = "planner-solve-"
"""What the names of workers' folders begin with."""
LOG = "log.txt"
"""What libraries print, in the worker's folder."""
RESTING = "resting"
"""Name of the threads that wait for the end of a worker that is kept."""
THREADS = {threading.main_thread().name, "courier", "orders", RESTING}
"""Names of the threads that are no part of a job."""
LATEST = 0.5
"""Share of the time limit that may have gone by when a job begins."""
POST = 0.2
"""Seconds between two messages of progress."""


Job = tuple[Solver, Matrix, Stopping, Floats | None, float]
"""What the worker is to do: with what, the model, when to stop, where to begin."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there will be no solution."""

    words: str
    """In plain words, and the traceback for the log."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The first message of a job."""

    may_be_halted: bool
    """See :func:`planner.solvers.halt.heed_parent`."""


@dataclass(frozen=True, eq=False, slots=True)
class Ended:
    """The last message of a job that was done."""

    solution: Solution
    alone: bool
    """Nothing of the job goes on, so that the worker is free for another one."""


Message = Begun | Progress | Ended | Failure


def main(folder: str, when: str = "") -> None:
    """Do job after job and end the process after one that failed; libraries may write into ``folder``, which is empty again after
    each. ``when`` may be :data:`AHEAD`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    may_be_halted = heed_parent()
    # What libraries write meanwhile goes the way of the folder, whoever ends this process.
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder))
    orders, post = _private_streams()
    if when == AHEAD:
        _load()  # before another thread imports what a job needs
    jobs: queue.Queue[Job | Failure] = queue.Queue()
    rein = Rein()
    threading.Thread(target=_obey, args=(orders, jobs, rein, Path(folder)), name="orders", daemon=True).start()
    failed = False
    while not failed:
        job = jobs.get()
        courier = Courier(post, Begun(may_be_halted))
        message = job if isinstance(job, Failure) else _work(job, courier, rein)
        _clear(Path(folder))
        courier.finish(message)
        failed = isinstance(message, Failure)
    # Not sys.exit: some libraries wait for their own threads for ever.
    os._exit(0)


def end_process_tree(process: int) -> None:
    """End a worker and everything it has started, at once. The worker must lead its own group of processes."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process)]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    else:
        try:
            os.killpg(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


class Courier:
    """Says that a job has begun, then sends the latest state of progress a few times a second, so that a fast library does not drown the
    parent."""

    def __init__(self, post: BinaryIO, begun: Begun) -> None:
        self._post = post
        self.send(begun)
        self._lock = threading.Lock()
        self._waiting: Progress | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def listen(self, progress: Progress) -> None:
        """Take a message; a plan that was not sent yet is kept until a better one comes."""
        with self._lock:
            waiting = self._waiting
            if progress.values is None and waiting is not None and waiting.values is not None:
                progress = replace(progress, values=waiting.values)
            self._waiting = progress

    def finish(self, message: Ended | Failure) -> None:
        """Send the last message."""
        self._over.set()
        self._thread.join()
        self.send(message)

    def send(self, message: Message) -> None:
        """Send one message now."""
        pickle.dump(message, self._post, pickle.HIGHEST_PROTOCOL)
        self._post.flush()

    def _run(self) -> None:
        while not self._over.wait(POST):
            with self._lock:
                progress, self._waiting = self._waiting, None
            if progress is not None:
                self.send(progress)


def _work(job: Job, courier: Courier, rein: Rein) -> Ended | Failure:
    solver, matrix, stopping, start, ordered = job
    # What it took to start and to hand the model over belongs to the time limit, too; a clock that was set meanwhile does not.
    late = min(max(time.time() - ordered, 0.0), LATEST * stopping.time_limit)
    stopping = replace(stopping, time_limit=stopping.time_limit - late)
    try:
        solution = solver.solve(matrix, stopping, courier.listen, start, rein)
        return Ended(solution, all(thread.name in THREADS for thread in threading.enumerate()))
    except Exception as error:
        return _failure(error)


def _load() -> None:
    """What most jobs need, while there is none yet."""
    with suppress(ImportError):
        import highspy  # noqa: F401


def _failure(error: Exception) -> Failure:
    """Within the handler of that error."""
    words = f"the solver broke down: {type(error).__name__}: {error}"
    words = NO_MEMORY if isinstance(error, MemoryError) else words
    return Failure(f"{words}\n{traceback.format_exc()}")


def _clear(folder: Path) -> None:
    """Take away what a library has left, so that the next one finds what the first one found. The folders of workers that rest for
    this one are theirs."""
    for path in folder.iterdir():
        if path.name == LOG or path.name.startswith(FOLDERS):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):  # another process of the library still holds it
                path.unlink()


def _obey(orders: BinaryIO, jobs: queue.Queue[Job | Failure], rein: Rein, folder: Path) -> None:
    """Hand over jobs, and rein the one under way, until the parent has ended."""
    words = {STOP: rein.stop, HOLD: rein.hold, GO: rein.go}
    while True:
        try:
            order = pickle.load(orders)
        except (EOFError, OSError):  # the parent has ended and will not clear up
            shutil.rmtree(folder, ignore_errors=True)
            end_process_tree(os.getpid())
            os._exit(1)
        except Exception as error:  # what follows in the stream cannot be read either
            jobs.put(_failure(error))
            return
        if isinstance(order, str):
            words[order]()
        elif isinstance(order, np.ndarray):
            rein.offer(order)
        else:
            rein.begin()
            jobs.put(order)


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output under other numbers; libraries and their processes find nothing to read, and what they
    print goes where errors go."""
    orders, post = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, post
