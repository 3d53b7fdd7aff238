"""Processes that a test starts or finds at work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.city import hard_city

HERE = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    if os.name != "posix":
        listed = subprocess.run(["tasklist", "/FI", f"PID eq {pid}"], capture_output=True, text=True, check=False)
        return str(pid) in listed.stdout
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def all_gone(pids: set[int]) -> bool:
    """Whether they have ended, or do so within twenty seconds."""
    for _ in range(200):
        if not any(map(alive, pids)):
            return True
        time.sleep(0.1)
    return False


def descendants(pid: int) -> set[int]:
    """Processes below one, however deep."""
    parents: dict[int, set[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, set()).add(int(stat.parent.name))
    found, fresh = set[int](), {pid}
    while fresh:
        fresh = set[int]().union(*(parents.get(one, set()) for one in fresh)) - found
        found |= fresh
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def scenario_under_way(folder: Path) -> tuple[subprocess.Popen[str], set[int]]:
    """``planner compare`` of a city that keeps a solver busy, in a process group of its own, into ``folder / "out"``: once its
    base is done and the solver of its scenario is at work; and all the processes below it."""
    path = hard_city(folder)
    scenario = "scenarios: [{name: 甲, settings: {solve.gap: 0.0}, changes: [{table: parks, column: a, add: 5}]}]\n"
    text = path.read_text(encoding="utf-8").replace("gap: 0.0", "gap: 0.5")
    path.write_text(text + scenario, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", "compare", str(path), "--out", str(folder / "out"), "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        env=HERE,
    )
    assert process.stderr is not None
    assert any("个情景" in line for line in process.stderr)  # the base is done
    while process.poll() is None:
        below = descendants(process.pid)
        if any(b"planner-solve-" in _command(pid) for pid in below):
            time.sleep(0.7)  # it may be the worker of the base, which rests: the scenario takes it up in a moment
            return process, descendants(process.pid)
        time.sleep(0.05)
    raise AssertionError(f"it ended by itself: {process.communicate()[1]}")
