"""Runs on disk: killed at any step, refused by code, with nothing hidden left in them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from planner.problems import InputError

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that is killed at a given step is forked")
STEPS = ("rename", "replace", "mkdir", "rmdir", "unlink")
"""Functions of ``os`` with which folders and files are put in place and taken away."""


def killed(step: int, work: Callable[[], object], steps: Sequence[str] = STEPS) -> bool:
    """Do the work in a process that is killed before its step of that number; whether it came so far."""
    child = os.fork()
    if child == 0:
        left = [step]

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*words: object, **named: object) -> object:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*words, **named)

            return call

        for name in steps:
            setattr(os, name, counted(getattr(os, name)))
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def codes(work: Callable[[], object]) -> list[str]:
    with pytest.raises(InputError) as found:
        work()
    return [one.code for one in found.value.problems]


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*"))
