"""A stop sign that can also be told to wait: how solves take turns on the same cores without losing what they have done."""

from __future__ import annotations

import threading


class Rein:
    """A :data:`planner.solvers.protocol.StopSign`. While it is held, asking it blocks: a library that asks now and then, as all of
    ours do, stands still meanwhile. A library in a process of its own is stopped by whoever asks :attr:`held`."""

    def __init__(self) -> None:
        self._stopped = False
        self._free = threading.Event()
        self._free.set()

    def __call__(self) -> bool:
        """Whether to end soon; returns only when not held."""
        self._free.wait()
        return self._stopped

    @property
    def held(self) -> bool:
        """Whether to stand still."""
        return not self._free.is_set()

    def begin(self) -> None:
        """Neither stopped nor held: for another job."""
        self._stopped = False
        self._free.set()

    def hold(self) -> None:
        """Stand still until :meth:`go` or :meth:`stop`; no effect after :meth:`stop`."""
        if not self._stopped:
            self._free.clear()

    def go(self) -> None:
        """Go on."""
        self._free.set()

    def stop(self) -> None:
        """End soon."""
        self._stopped = True
        self._free.set()
