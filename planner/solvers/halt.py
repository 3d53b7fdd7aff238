"""Processes that stand still at once, whatever they are doing, and go on later.

A library that is asked to stand still (:mod:`planner.solvers.rein`) does so when it next asks; HiGHS was seen to go on for four seconds in the
relaxation of a large model, a core that was somebody else's by then. On Linux the system halts it. Elsewhere nobody can be halted without being
left behind for ever when the program is killed meanwhile, and libraries stand still when they ask.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from functools import cache

TELL_OF_PARENTS_END = 1
"""``PR_SET_PDEATHSIG`` of Linux: which signal a process is to get when its parent ends."""


@cache
def able() -> bool:
    """Whether processes that heed their parent can be halted here."""
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "prctl")


def heed_parent() -> None:
    """This process may be halted from now on: when its parent ends meanwhile, however, it goes on, and can find that out."""
    if able():
        ctypes.CDLL(None).prctl(TELL_OF_PARENTS_END, int(signal.SIGCONT))


def halt(process: int, group: bool = False) -> None:
    """Let a child that heeds its parent stand still, with its ``group`` of processes where it leads one; nothing where nobody is able to."""
    _signal(process, "SIGSTOP", group)


def go_on(process: int, group: bool = False) -> None:
    """Let a child that was halted go on."""
    _signal(process, "SIGCONT", group)


def _signal(process: int, name: str, group: bool) -> None:
    if able():
        with suppress(ProcessLookupError):  # it has ended by itself
            (os.killpg if group else os.kill)(process, signal.Signals[name])
