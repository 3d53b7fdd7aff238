"""What every solver uses while its library runs: telling progress, passing on a stop sign, keeping its prints away."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from planner.solvers.protocol import Floats, Listener, Progress, StopSign

HEARTBEAT = 0.5
"""Seconds after which an unchanged state is told again."""
GLANCE = 0.1
"""Seconds between two looks at the stop sign."""


class Reporter:
    """Tells a listener how a search stands: the best value and the best bound so far, never a step back."""

    def __init__(self, listen: Listener, began: float | None = None) -> None:
        self._listen = listen
        self.began = time.monotonic() if began is None else began
        self._told = time.monotonic()
        self.value: float | None = None
        self.bound: float | None = None
        listen(Progress("start", 0.0, None, None))

    @property
    def seconds(self) -> float:
        """Since the solve began."""
        return time.monotonic() - self.began

    def tell(
        self,
        value: float | None = None,
        bound: float | None = None,
        values: Floats | None = None,
        phase: str = "search",
        columns: int | None = None,
    ) -> None:
        """Pass on what is new; an unchanged state only twice a second. ``columns``: how many are still looked at."""
        better = value is not None and (self.value is None or value > self.value)
        tighter = bound is not None and (self.bound is None or bound < self.bound)
        self.value, self.bound = value if better else self.value, bound if tighter else self.bound
        if better or tighter or time.monotonic() - self._told >= HEARTBEAT:
            self._told = time.monotonic()
            self._listen(Progress(phase, self.seconds, self.value, self.bound, values if better else None, columns))

    def finish(self) -> float:
        """Say that the search is over and the plan is being checked; the seconds so far."""
        self._listen(Progress("finish", self.seconds, self.value, self.bound))
        return self.seconds


@contextmanager
def watching(stop: StopSign, halt: Callable[[], object]) -> Iterator[None]:
    """While the block runs, call ``halt`` again and again once ``stop`` says so: for libraries that do not ask."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(GLANCE):
            if stop():
                halt()

    thread = threading.Thread(target=watch, name="stop sign", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def unprinted() -> Iterator[None]:
    """What a library prints to the process's standard output within the block goes nowhere: that is for what a command answers."""
    with ExitStack() as stack:
        with suppress(OSError):  # a process without standard output
            kept, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, kept)
            stack.callback(os.close, nothing)
            os.dup2(nothing, 1)
            stack.callback(os.dup2, kept, 1)
        yield
