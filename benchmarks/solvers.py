"""The identical model to every solver, for the same seconds and threads, one after the other in the same run.

    python -m benchmarks.solvers --size city --seeds 3 --time 60
    python -m benchmarks.solvers --size anhui --time 60

Sizes are those of benchmarks/instances.py; ``anhui`` is the real case beside the project. Each solver runs in a process of its
own. Every plan is verified from the tables; every bound is held against every value found in the run. The table: seconds to
the first plan, value, bound, gap, peak memory of the worker, and the gap as a ratio to the best of the other solvers.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.instances import SIZES, write_instance
from planner.plan.build import make_plan
from planner.plan.open import Opened, open_plan
from planner.programme.build import Programme, build
from planner.solvers.protocol import Progress, Stopping
from planner.solvers.registry import solve

SAMPLE = 0.2
"""Seconds between two looks at the memory."""
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


def attempt(opened: Opened, programme: Programme, solver: str, limits: Stopping, folder: Path) -> Row:
    """Solve, and verify what was found from the tables."""
    first: list[float] = []
    began = time.monotonic()

    def listen(progress: Progress) -> None:
        if progress.value is not None and not first:
            first.append(time.monotonic() - began)

    with Memory() as memory:
        solution = solve(programme.matrix, solver, limits, listen)
    ended = solution.termination
    verified = False
    if solution.values is not None:
        verified = make_plan(programme, solution, opened.warnings, folder).verification.passed
    return Row(solver, first[0] if first else None, ended.value, ended.bound, ended.gap, memory.peak, verified)


class Memory:
    """The most memory that all processes started from here held together, in GB: sampled while the block runs."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(SAMPLE):
            total = 0
            for child in own.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += child.memory_info().rss
            self.peak = max(self.peak, total / 1e9)


def compare(path: Path, solvers: Sequence[str], limits: Stopping) -> list[Row]:
    """All solvers on one plan file.

    Raises:
        RuntimeError: a bound lies below a verified value of another solver.
    """
    opened = open_plan(path)
    programme = build(opened.case, opened.eligible)
    rows, columns = programme.matrix.rows.shape
    print(f"{columns} columns, {rows} rows, {programme.matrix.rows.nnz} nonzeros", flush=True)
    found: list[Row] = []
    print(HEAD, flush=True)
    for solver in solvers:
        found.append(attempt(opened, programme, solver, limits, path.parent))
        print(line(found[-1], found), flush=True)
    best = max((row.value for row in found if row.value is not None and row.verified), default=None)
    for row in found:
        if best is not None and row.bound is not None and row.bound < best - 1e-6 * max(1.0, abs(best)):
            raise RuntimeError(f"the bound of {row.solver}, {row.bound}, lies below a plan worth {best}")
    return found


def line(row: Row, rows: Sequence[Row]) -> str:
    """One line of the table, as Markdown."""
    others = [other.gap for other in rows if other.solver in OTHERS and other.gap is not None]
    ratio = f"{row.gap / min(others):.2f}" if row.gap is not None and others and min(others) > 0 else "–"

    def number(value: float | None, form: str) -> str:
        return "–" if value is None else format(value, form)

    cells = (
        row.solver,
        f"{number(row.first, '.1f')} s",
        number(row.value, ".6f"),
        number(row.bound, ".6f"),
        number(row.gap, ".3%"),
        f"{row.memory:.2f} GB",
        ratio,
        "yes" if row.verified else "no plan",
    )
    return "| " + " | ".join(cells) + " |"


HEAD = """\
| solver | first plan | value | bound | gap | peak memory | gap ÷ best other | verified |
|---|---|---|---|---|---|---|---|"""


def verdict(tables: Sequence[Sequence[Row]]) -> str:
    """How the default did against the best of the others, seed by seed."""
    words = []
    for rows in tables:
        ours = next((row for row in rows if row.solver == "auto"), None)
        values = [row.value for row in rows if row.solver in OTHERS and row.value is not None and row.verified]
        gaps = [row.gap for row in rows if row.solver in OTHERS and row.gap is not None]
        if ours is None or ours.value is None or ours.gap is None:
            words.append("auto found no plan")
        elif not values or not gaps:
            words.append(f"gap {ours.gap:.3%}; no other found a plan")
        else:
            lead = (ours.value - max(values)) / max(abs(max(values)), 1e-10)
            share = f"{ours.gap / min(gaps):.2f} of the smallest other" if min(gaps) > 0 else f"{ours.gap:.3%}, another's is 0"
            words.append(f"value {lead:+.3%} to the best other, gap {share}")
    return "\n".join(f"seed {seed}: {text}" for seed, text in enumerate(words, start=1))


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
    limits = Stopping(told.time, 0.0, told.threads, 1)
    print(f"{told.time:g} s, {told.threads} threads, {os.cpu_count()} cores", flush=True)
    tables = []
    for seed in range(1, 2 if told.size == "anhui" else told.seeds + 1):
        print(f"\n{told.size} seed {seed} density {told.density:.0%}", flush=True)
        if told.size == "anhui":
            tables.append(compare(ANHUI, told.solvers, limits))
            continue
        with tempfile.TemporaryDirectory() as folder:
            tables.append(compare(write_instance(Path(folder), told.size, seed, told.density), told.solvers, limits))
    print(f"\n{verdict(tables)}", flush=True)


if __name__ == "__main__":
    main()
