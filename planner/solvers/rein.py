"""A stop sign that can also be told to wait, and be offered plans: how solves take turns on the same cores without losing what they
have done, and know what others have found."""

from __future__ import annotations

import threading

from planner.solvers.protocol import Floats, StopSign


class Rein:
    """A :data:`planner.solvers.protocol.StopSign`. While it is held, asking it blocks: a library that asks now and then, as all of
    ours do, stands still meanwhile; one that does not ask for long is halted (:mod:`planner.solvers.halt`). A library in a process of its own is
    stopped by whoever asks :attr:`held`."""

    def __init__(self) -> None:
        self._stopped = False
        self._free = threading.Event()
        self._free.set()
        self._offered: Floats | None = None

    def __call__(self) -> bool:
        """Whether to end soon; returns only when not held."""
        self._free.wait()
        return self._stopped

    @property
    def held(self) -> bool:
        """Whether to stand still."""
        return not self._free.is_set()

    def begin(self) -> None:
        """Neither stopped nor held, and nothing offered: for another job."""
        self._stopped, self._offered = False, None
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

    def offer(self, plan: Floats) -> None:
        """A plan that others have found meanwhile, better than any that is known here; it takes the place of one not taken yet."""
        self._offered = plan

    def take(self) -> Floats | None:
        """What was offered since it was last asked; None: nothing."""
        plan, self._offered = self._offered, None
        return plan


def offered(stop: StopSign) -> Floats | None:
    """The plan that was offered to a solve with that stop sign; None: nothing, or it can be offered none."""
    return stop.take() if isinstance(stop, Rein) else None
