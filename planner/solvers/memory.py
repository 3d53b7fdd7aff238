"""How much memory this machine still gives to this process, and what a matrix takes: told before it is made, not after."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

from planner.solvers.codes import refusal

PER_ENTRY = 110
"""Bytes that each entry of a matrix takes at the most until the plan stands with its reasons. Measured at 68 million entries: 55 while it
is made, 70 while it is searched, about 105 at the most, bounds of the whole included."""
SMALL = 2_000_000
"""Entries up to which nothing is asked: as much as the libraries themselves take."""
GIGABYTE = 1e9


def available() -> float:
    """Bytes; inf where the system does not say."""
    return min(_of_machine(), _of_group(), _of_process())


def require(entries: int) -> None:
    """Raises InputError (S204): a matrix of about so many entries does not fit."""
    need, has = PER_ENTRY * float(entries), available()
    if entries > SMALL and need > has:
        amounts = {"need": f"{need / GIGABYTE:.1f}", "has": f"{has / GIGABYTE:.1f}"}
        raise refusal("S204", None, "solve", "", found=f"{entries:,}", **amounts)


def _of_machine() -> float:
    """What is free, or is given back by the system when it is asked for."""
    if sys.platform == "win32":
        state = (ctypes.c_ulonglong * 8)(64)  # its own length, the load, then bytes: all and free of memory, page file, addresses
        known = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(state))
        return float(min(state[2], state[4])) if known else float("inf")
    with suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: 1024.0 * int(line.split()[1]) for line in lines}
        return sizes["MemAvailable"] + sizes.get("SwapFree", 0.0)
    return float("inf")


def _of_group() -> float:
    """What a container may still take."""
    with suppress(OSError, ValueError):
        most, now = (Path(f"/sys/fs/cgroup/memory.{name}").read_text(encoding="ascii") for name in ("max", "current"))
        return float(most) - float(now)
    return float("inf")


def _of_process() -> float:
    """What a limit of this process leaves (``ulimit -v``)."""
    if sys.platform != "win32":
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        with suppress(OSError, ValueError):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            return float("inf") if most == resource.RLIM_INFINITY else float(most - pages * resource.getpagesize())
    return float("inf")
