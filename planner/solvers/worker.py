"""The process in which a library solves: started by :mod:`planner.solvers.process`, on its own in memory, and mortal.

It reads its job from its standard input, which no disk has to hold, sends what happens as pickles through its standard output, and
takes orders after the job: ``stop`` asks for the best plan soon, the end of the stream (the parent has ended, however) means end at
once. Libraries never see either stream.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from planner.solvers.protocol import Floats, Matrix, Progress, Solution, Solver, Stopping

STOP = b"stop\n"
POST = 0.2
"""Seconds between two messages of progress."""


Job = tuple[Solver, Matrix, Stopping, Floats | None]
"""What the worker is to do: with what, the model, when to stop, where to begin."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there will be no solution."""

    words: str
    """In plain words, and the traceback for the log."""


Message = Progress | Solution | Failure


def main(folder: str) -> None:
    """Do the job and end the process; libraries may write into ``folder``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries write meanwhile goes the way of the folder, whoever ends this process.
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder))
    orders, post = _private_streams()
    courier = Courier(post)
    courier.finish(_work(orders, courier, Path(folder)))
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
    """Sends the latest state of progress a few times a second, so that a fast library does not drown the parent."""

    def __init__(self, post: BinaryIO) -> None:
        self._post = post
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

    def finish(self, message: Solution | Failure) -> None:
        """Send the last message."""
        self._over.set()
        self._thread.join()
        pickle.dump(message, self._post, pickle.HIGHEST_PROTOCOL)
        self._post.flush()

    def _run(self) -> None:
        while not self._over.wait(POST):
            with self._lock:
                progress, self._waiting = self._waiting, None
            if progress is not None:
                pickle.dump(progress, self._post, pickle.HIGHEST_PROTOCOL)
                self._post.flush()


def _work(orders: BinaryIO, courier: Courier, folder: Path) -> Solution | Failure:
    stop = threading.Event()
    try:
        try:
            solver, matrix, stopping, start = pickle.load(orders)
        finally:  # also when the parent has ended meanwhile: then what stands in the folder is cleared up
            threading.Thread(target=_obey, args=(orders, stop, folder), name="orders", daemon=True).start()
        solution: Solution = solver.solve(matrix, stopping, courier.listen, start, stop.is_set)
        return solution
    except MemoryError:
        return Failure(f"the solver ran out of memory\n{traceback.format_exc()}")
    except Exception as error:
        return Failure(f"the solver broke down: {type(error).__name__}: {error}\n{traceback.format_exc()}")


def _obey(orders: BinaryIO, stop: threading.Event, folder: Path) -> None:
    for line in orders:
        if line == STOP:
            stop.set()
    # The parent has ended and will not clear up.
    shutil.rmtree(folder, ignore_errors=True)
    end_process_tree(os.getpid())
    os._exit(1)


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output under other numbers; libraries and their processes find nothing to read, and what they
    print goes where errors go."""
    orders, post = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, post
