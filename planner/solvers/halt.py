"""Workers that stand still at once, whatever they are doing, and go on later.

A library that is asked to stand still (:mod:`planner.solvers.rein`) does so when it next asks; HiGHS was seen to go on for four seconds in the
relaxation of a large model, on a core that was somebody else's by then. On Linux the system halts the worker. Elsewhere a worker that was halted
would be left behind for ever when the program is killed meanwhile, and libraries stand still when they ask.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

WHEN_PARENT_ENDS = 1
"""``PR_SET_PDEATHSIG`` of Linux: which signal a process is to get when its parent ends."""


def heed_parent() -> bool:
    """Whether this process may be halted from now on: when its parent ends meanwhile, however, it goes on, and can find that out."""
    return sys.platform == "linux" and bool(ctypes.CDLL(None).prctl(WHEN_PARENT_ENDS, int(signal.SIGCONT)) == 0)


def halt(worker: int) -> None:
    """Let a worker that may be halted stand still, and everything that it has started. It must lead its own group of processes."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(worker, signal.SIGSTOP)


def go_on(worker: int) -> None:
    """Let a worker that was halted go on."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError):
            os.killpg(worker, signal.SIGCONT)
