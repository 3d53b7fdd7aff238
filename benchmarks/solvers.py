"""The identical model to every solver, for the same seconds and threads, one after the other in the same run.

    python -m benchmarks.solvers --size city --seeds 3 --time 60
    python -m benchmarks.solvers --size anhui --time 60

Sizes are those of benchmarks/instances.py; ``anhui`` is the real case beside the project. Each solver runs in a process of its
own. Every plan is verified from the tables; every bound is held against every value found in the run. The table: seconds to
the first plan, value, bound, gap, peak memory of the worker, and the gap as a ratio to the best of the other solvers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.instances import SIZES, write_instance
from planner.plan.build import make_plan
from planner.plan.open import Opened, open_plan
from planner.programme.build import Programme, build
from planner.solvers.protocol import Limits, Progress
from planner.solvers.run import solve

OTHERS = ("highs", "scip", "cpsat", "cbc")
ANHUI = Path(__file__).parent / "anhui" / "plan.yaml"


@dataclass(frozen=True)
class Row:
    """What one solver reached on one model."""

    solver: str
    first: float | None
    value: float | None
    bound: float | None
    gap: float | None
    memory: float
    verified: bool


def attempt(opened: Opened, programme: Programme, solver: str, limits: Limits, folder: Path) -> Row:
    """Solve, and verify what was found from the tables."""
    first: list[float] = []
    began = time.monotonic()

    def listen(progress: Progress) -> None:
        if progress.value is not None and not first:
            first.append(time.monotonic() - began)

    before = _peak_of_children()
    solution = solve(programme.matrix, solver, limits, listen)
    ended = solution.termination
    verified = False
    if solution.values is not None:
        verified = make_plan(programme, solution, opened.warnings, folder).verification.passed
    memory = max(_peak_of_children(), before)
    return Row(solver, first[0] if first else None, ended.value, ended.bound, ended.gap, memory, verified)


def _peak_of_children() -> float:
    """GB of the largest child so far; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def compare(path: Path, solvers: Sequence[str], limits: Limits) -> list[Row]:
    """All solvers on one plan file.

    Raises:
        RuntimeError: a bound lies below a verified value of another solver.
    """
    opened = open_plan(path)
    programme = build(opened.case, opened.eligible)
    rows, columns = programme.matrix.rows.shape
    print(f"{columns} columns, {rows} rows, {programme.matrix.rows.nnz} nonzeros", flush=True)
    found = []
    for solver in solvers:
        found.append(attempt(opened, programme, solver, limits, path.parent))
        print(line(found[-1], found), flush=True)
    best = max((row.value for row in found if row.value is not None and row.verified), default=None)
    for row in found:
        if best is not None and row.bound is not None and row.bound < best - 1e-6 * max(1.0, abs(best)):
            raise RuntimeError(f"the bound of {row.solver}, {row.bound}, lies below a plan worth {best}")
    return found


def line(row: Row, rows: Sequence[Row]) -> str:
    """One line of the table."""
    others = [other.gap for other in rows if other.solver in OTHERS and other.gap is not None]
    ratio = f"{row.gap / min(others):.2f}" if row.gap is not None and others and min(others) > 0 else "-"

    def number(value: float | None, form: str) -> str:
        return "-" if value is None else format(value, form)

    return (
        f"{row.solver:8} first {number(row.first, '7.1f')} s  value {number(row.value, '10.6f')}  "
        f"bound {number(row.bound, '10.6f')}  gap {number(row.gap, '8.3%')}  {row.memory:5.2f} GB  "
        f"ratio {ratio:>5}  {'verified' if row.verified else 'no plan'}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=[*SIZES, "anhui"], default="city")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--time", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--density", type=float, default=0.15)
    parser.add_argument("--solvers", nargs="+", default=[*OTHERS, "auto"])
    told = parser.parse_args()
    limits = Limits(told.time, 0.0, told.threads, 1)
    print(f"{told.time:g} s, {told.threads} threads, {os.cpu_count()} cores", flush=True)
    for seed in range(1, 2 if told.size == "anhui" else told.seeds + 1):
        print(f"\n{told.size} seed {seed}", flush=True)
        if told.size == "anhui":
            compare(ANHUI, told.solvers, limits)
            continue
        with tempfile.TemporaryDirectory() as folder:
            compare(write_instance(Path(folder), told.size, seed, told.density), told.solvers, limits)


if __name__ == "__main__":
    main()
