"""What processes are given to do in tests; alone here, so that a process need not load what tests load."""

from __future__ import annotations

import os
import time


def process_of(_job: int) -> int:
    """Which process does it."""
    return os.getpid()


def die(_job: int) -> int:
    """Takes its process with it."""
    os._exit(3)


def wait_long(_job: int) -> None:
    """A minute."""
    time.sleep(60)
