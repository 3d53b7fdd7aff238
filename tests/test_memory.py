"""A machine without memory: the best verified plan, or a clear word (Linux, where a process can be given a limit)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.content import content_folder
from planner.plan.model import read_plan

if sys.platform != "linux":
    pytest.skip("limits of memory can be set on Linux only", allow_module_level=True)

MAIN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]) * 2**20,) * 2)
from planner.cli import main
sys.argv = ["planner", *sys.argv[2:]]
main()
"""
LEAN = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""So that a limit means much the same on every machine."""


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [520, 700, 1_000])
def test_short_of_memory(tmp_path: Path, megabytes: int) -> None:
    """Too little for the solver, for some of its processes, or for none: never a bug's exit code, never half a run."""
    plan = content_folder("data") / "demo" / "plan.yaml"
    command = [sys.executable, "-c", MAIN, str(megabytes), "run", str(plan), "--out", str(tmp_path / "run")]
    done = subprocess.run(
        [*command, "--time-limit", "6"], capture_output=True, encoding="utf-8", env={**os.environ, **LEAN}, check=False
    )
    if done.returncode == 0:
        found = read_plan(tmp_path / "run" / "plan.json")
        assert found.verification.passed
        assert ("求解器中途退出" in done.stdout) == bool(found.status.broke)
    else:
        assert done.returncode == 4, done.stderr
        assert "内存" in done.stderr
        assert not (tmp_path / "run").exists()
