"""The identical model to every solver, for the same seconds and threads, one after the other in the same run.

    python -m benchmarks.solvers --size city --seeds 3 --time 60
    python -m benchmarks.solvers --size anhui --time 60
    python -m benchmarks.solvers --families 40 --time 60 --record rows.jsonl
    python -m benchmarks.solvers --families 12 --prefecture --only even --time 120
    python -m benchmarks.solvers --known mknapcb4 --file mknapcb4.txt --time 60
    python -m benchmarks.solvers --summarise rows.jsonl

Sizes are those of benchmarks/instances.py, ``anhui`` is the real case beside the project; families are drawn by
benchmarks/families.py, known problems are those of benchmarks/known.py and benchmarks/orlib.py. Each solver runs in a process of
its own. Every plan is verified from the tables; every bound is held against every value found in the run. The table: seconds to
the first plan, value, bound, gap, seconds by the clock and of the processor, peak memory of the worker, and the gap as a ratio to
the best of the other solvers; in the end the summary of benchmarks/summary.py.

``--record FILE`` appends every row as it comes. A run that is told the same file again goes on after the rows that this commit has
there. ``--reuse FILE`` takes the rows of the other solvers from an earlier record, where instance, model, seconds and threads are
the same, and says so: for tuning, since two runs are never on the same machine in the same state.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psutil

from benchmarks import known, orlib, records, summary
from benchmarks.families import family
from benchmarks.instances import SIZES, write_instance
from benchmarks.records import OTHERS, OURS, Row
from planner.plan.build import make_plan
from planner.plan.open import Opened, open_plan
from planner.programme.build import Programme, build
from planner.solvers.protocol import Progress, Stopping
from planner.solvers.registry import solve

SAMPLE = 0.2
"""Seconds between two looks at memory and processor."""
ANHUI = Path(__file__).parent / "anhui" / "plan.yaml"


@dataclass(frozen=True)
class Task:
    """One instance: its name, how to write it into a folder (returns the plan file), and of families the seed and the knobs."""

    name: str
    write: Callable[[Path], Path]
    seed: int = 0
    knobs: Mapping[str, float | int | str | bool] = field(default_factory=dict)


def attempt(opened: Opened, programme: Programme, blank: Row, limits: Stopping, folder: Path) -> Row:
    """Solve, and verify what was found from the tables; ``blank``: the row to be filled."""
    first: list[float] = []
    began = time.monotonic()

    def listen(progress: Progress) -> None:
        if progress.value is not None and not first:
            first.append(time.monotonic() - began)

    with Watch() as watch:
        solution = solve(programme.matrix, blank.solver, limits, listen)
    ended = solution.termination
    verified = False
    if solution.values is not None:
        verified = make_plan(programme, solution, opened.warnings, folder).verification.passed
    return replace(
        blank,
        first=first[0] if first else None,
        value=ended.value,
        bound=ended.bound,
        gap=ended.gap,
        memory=watch.peak,
        verified=verified,
        seconds=ended.seconds,
        cpu=watch.cpu,
    )


class Watch:
    """What all processes started from here took together while the block runs, sampled: the most memory at once, in GB, and seconds
    of processor."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._before: dict[int, float] = {}
        self._cpu: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def cpu(self) -> float:
        """Seconds of processor, without the last moments of each process."""
        return sum(spent - self._before.get(pid, 0.0) for pid, spent in self._cpu.items())

    def __enter__(self) -> Watch:
        for child in psutil.Process().children(recursive=True):  # a process that is kept from the attempt before has worked already
            with contextlib.suppress(psutil.Error):
                spent = child.cpu_times()
                self._before[child.pid] = spent.user + spent.system
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
                    spent = child.cpu_times()
                    self._cpu[child.pid] = spent.user + spent.system
            self.peak = max(self.peak, total / 1e9)


@dataclass(frozen=True)
class Desk:
    """What a comparison is told: who solves, for how long, and which rows there are already."""

    solvers: Sequence[str]
    limits: Stopping
    record: Path | None = None
    done: Sequence[Row] = ()
    """Rows of ``record``."""
    lent: Sequence[Row] = ()
    """Rows of earlier runs that may stand for those of the other solvers."""
    commit: str = field(default_factory=records.commit)

    def earlier(self, blank: Row) -> tuple[Row, str] | None:
        """A row that need not be made again, and why: an earlier part of this run, or another solver's that is lent."""
        own = [row for row in self.done if row.task == blank.task and (row.commit == self.commit)]
        lent = [row for row in self.lent if row.task == blank.task and row.solver != OURS]
        return (own[-1], "earlier in this record") if own else (lent[-1], f"REUSED of {lent[-1].commit}") if lent else None


def compare(path: Path, task: Task, desk: Desk) -> list[Row]:
    """All solvers on one plan file.

    Raises:
        RuntimeError: a bound lies below a verified value of another solver.
    """
    opened = open_plan(path)
    programme = build(opened.case, opened.eligible)
    rows, columns = programme.matrix.rows.shape
    print(f"{columns} columns, {rows} rows, {programme.matrix.rows.nnz} nonzeros", flush=True)
    empty = Row(task.name, "", None, None, None, None, 0.0, False, seed=task.seed, knobs=task.knobs)
    empty = replace(empty, time=desk.limits.time_limit, threads=desk.limits.threads, commit=desk.commit)
    empty = replace(empty, model=records.fingerprint(programme.matrix))
    found: list[Row] = []
    print(HEAD, flush=True)
    for solver in desk.solvers:
        blank = replace(empty, solver=solver)
        row, note = desk.earlier(blank) or (attempt(opened, programme, blank, desk.limits, path.parent), "")
        if desk.record and row not in desk.done:
            records.append(desk.record, row)
        found.append(row)
        print(line(row, found) + (f" {note}" if note else ""), flush=True)
    best = max((row.plan for row in found if row.plan is not None), default=None)
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
        number(row.first, ".1f") + " s" * (row.first is not None),
        number(row.value, ".6f"),
        number(row.bound, ".6f"),
        number(row.gap, ".3%"),
        f"{row.seconds:.1f} s",
        f"{row.cpu:.1f} s",
        f"{row.memory:.2f} GB",
        ratio,
        "yes" if row.verified else "no plan",
    )
    return "| " + " | ".join(cells) + " |"


HEAD = """\
| solver | first plan | value | bound | gap | took | of processor | peak memory | gap ÷ best other | verified |
|---|---|---|---|---|---|---|---|---|---|"""


def tasks(told: argparse.Namespace) -> Iterator[Task]:
    """The instances that were asked for, one after the other."""
    first = told.seeds_from
    if told.families:
        for seed in range(first, first + told.families):
            if told.only in (None, "odd" if seed % 2 else "even"):
                one = family(seed, told.prefecture)
                yield Task(one.name, one.write, seed, one.knobs)
    elif told.known:
        for instance in orlib.instances(told.known, told.file)[first - 1 : first - 1 + told.seeds]:
            yield Task(instance.name, partial(known.write, instance))
    elif told.size == "anhui":
        yield Task("anhui", lambda _: ANHUI)
    else:
        for seed in range(first, first + told.seeds):
            write = partial(write_instance, size=told.size, seed=seed, density=told.density)
            yield Task(f"{told.size} seed {seed} density {told.density:.0%}", write)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables and what they come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--size", choices=[*SIZES, "anhui"], default="city")
    which.add_argument("--families", type=int, metavar="N", help="instances whose every knob is drawn, of N seeds")
    which.add_argument("--known", choices=orlib.SETS, help="problems of the literature, see --file")
    which.add_argument("--summarise", type=Path, nargs="+", metavar="FILE", help="sum up records; nothing is solved")
    parser.add_argument("--file", type=Path, help="the published file of --known; left out: drawn by its published law")
    parser.add_argument("--seeds", type=int, default=3, help="how many, of a size or of a known set")
    parser.add_argument("--seeds-from", type=int, default=1, metavar="N", help="the first seed, or number within a known set")
    parser.add_argument("--only", choices=("odd", "even"), help="of families: seeds for tuning, or those not tuned on")
    parser.add_argument("--prefecture", action="store_true", help="of families: with 2,000 firms")
    parser.add_argument("--time", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--density", type=float, default=0.15)
    parser.add_argument("--solvers", nargs="+", default=[*OTHERS, OURS])
    parser.add_argument("--record", type=Path, metavar="FILE", help="append each row as a JSON line, and go on where it stops")
    parser.add_argument("--reuse", type=Path, nargs="+", default=[], metavar="FILE", help="rows of the others of earlier records")
    told = parser.parse_args(arguments)
    if told.summarise:
        print(summary.report(records.by_instance(records.read(told.summarise))))
        return
    limits = Stopping(told.time, 0.0, told.threads, 1)
    done = records.read([told.record]) if told.record and told.record.exists() else []
    desk = Desk(told.solvers, limits, told.record, done, records.read(told.reuse))
    print(f"{told.time:g} s, {told.threads} threads, {os.cpu_count()} cores, commit {desk.commit or 'unknown'}", flush=True)
    if told.reuse:
        print(f"rows of other solvers may be REUSED of {', '.join(map(str, told.reuse))}: not all of one run", flush=True)
    tables = []
    for task in tasks(told):
        print(f"\n{task.name}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            tables.append(compare(task.write(Path(folder)), task, desk))
    print(f"\n{summary.report(tables)}", flush=True)


if __name__ == "__main__":
    main()
