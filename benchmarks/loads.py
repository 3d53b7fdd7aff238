"""Loads that are large in one dimension each: a first plan must come at every size, and the time limit must hold.

    python -m benchmarks.loads quarters FOLDER
    python -m benchmarks.loads --all --time 60

The first writes one load as a workspace. The second runs ``planner run`` on each in a process of its own, the limit given on the
command line, and prints a table: seconds until the solve begins, from there to the first plan that keeps every row and to the end
of the search, then for the plan's verification and its reasons, value, bound and gap in the end, the whole command, and the most memory that all its processes held together. The
plan that is written has passed the verification from the tables. Figures are random and stand for nobody.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from benchmarks.instances import Region, write_region

SAMPLE = 0.2
"""Seconds between two looks at the memory."""
CITY = Region(2_000, 30, 20, 8, 4, density=0.5)


@dataclass(frozen=True)
class Load:
    """A region, and what of it is more than any region has."""

    region: Region
    resources: int = 0
    """Further ones."""
    funds: int = 0
    """In place of those of the region."""
    rules: int = 0


LOADS = {
    "quarters": Load(replace(CITY, quarters=40)),
    "resources": Load(CITY, resources=96),
    "funds": Load(CITY, funds=2_000),
    "links": Load(Region(5_000, 60, 50, 20, 4, density=0.5)),
    "rules": Load(CITY, rules=5_000),
    "candidates": Load(Region(200_000, 300, 60, 8, 5)),
}


def write_load(name: str, folder: Path, seed: int = 1, load: Load | None = None) -> Path:
    """The workspace of a load; the plan file."""
    load = load or LOADS[name]
    path, dice = write_region(folder, load.region, seed, f"load {name}"), np.random.default_rng([seed, 3])
    firms, parks = _table(folder, "candidates"), _table(folder, "parks")
    text = path.read_text(encoding="utf-8")
    if load.resources:
        more = [f"r{number:03}" for number in range(load.resources)]
        asks = 20 * dice.lognormal(0.0, 1.0, (len(firms), len(more))) + 1
        has = asks.mean(axis=0) * load.region.firms_per_park * dice.uniform(0.7, 1.3, (len(parks), len(more)))
        firms, parks = (
            pd.concat([table, pd.DataFrame(np.round(amounts, 1), columns=more)], axis=1)
            for table, amounts in ((firms, asks), (parks, has))
        )
        text = text.replace("resources:\n", "resources:\n" + "".join(f"  {name}: {{kind: flow, scope: park}}\n" for name in more))
    if load.funds:
        ids, calendar = [f"F{number:04}" for number in range(load.funds)], load.region.calendar
        firms["fund_id"] = dice.choice(ids, len(firms))
        typical = float(firms["subsidy"].mean()) * len(firms) / load.funds / len(calendar)
        amounts = np.round(typical * dice.uniform(0.5, 1.5, load.funds * len(calendar)))
        every = {"fund_id": np.repeat(ids, len(calendar)), "quarter": calendar * load.funds, "carry_over": "是", "amount": amounts}
        _write(folder, "funds", pd.DataFrame(every))
    _write(folder, "candidates", firms)
    _write(folder, "parks", parks)
    if load.rules:
        text = text.replace("solve:", "rules:\n" + "".join(_rules(load, dice)) + "solve:")
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "data" / f"{name}.csv", dtype={"fund_id": str})


def _write(folder: Path, name: str, frame: pd.DataFrame) -> None:
    frame.to_csv(folder / "data" / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def _rules(load: Load, dice: np.random.Generator) -> Iterator[str]:
    """Own rules of every form: counts of a chain in a park, sums of a link, a few of them soft."""
    region = load.region
    for number in range(load.rules):
        chain, park = f"C{dice.integers(region.chains):02}", f"P{dice.integers(region.parks):03}"
        link = f"L{dice.integers(region.chains * region.links_per_chain):04}"
        forms = (
            f"where: {{chain_id: {chain}, park_id: {park}}}, count: {{max: {dice.integers(1, 5)}}}",
            f"where: {{link_id: {link}, park_id: {park}}}, count: {{max: {dice.integers(1, 3)}}}",
            f"where: {{link_id: {link}}}, sum: subsidy, max: {dice.integers(2_000, 20_000)}",
            f"where: {{park_id: {park}}}, sum: investment, max: {dice.integers(200_000, 900_000)}",
            f"where: {{chain_id: {chain}}}, count: {{min: {dice.integers(1, 4)}}}, soft: 0.001",
        )
        yield f"  - {{name: 规则{number:05}, {forms[number % len(forms)]}}}\n"


@dataclass
class Told:
    """What a command said of itself; seconds are from its start."""

    phases: dict[str, float]
    """When each phase began."""
    first: float | None = None
    searched: float | None = None
    """When the search was last heard of; what follows is the plan's verification and its reasons."""
    ended: dict[str, object] | None = None
    wall: float = 0.0
    memory: float = 0.0
    """GB."""
    words: str = ""
    """What it said at last, where there is no plan."""

    def cells(self, name: str) -> tuple[str, ...]:
        """One line of the table."""
        begins, told = self.phases.get("solve"), self.phases.get("publish")
        ended = self.ended or {}
        return (
            name,
            number(begins, ".1f"),
            *(lasted(begins, end) for end in (self.first, self.searched)),
            lasted(self.searched, told),
            *(number(ended.get(key), form) for key, form in (("value", ".6f"), ("bound", ".6f"), ("gap", ".2%"))),
            number(self.wall, ".1f"),
            number(self.memory, ".2f"),
            self.words,
        )


HEAD = """\
| load | solve begins, s | first plan after, s | search, s | check and reasons, s | value | bound | gap | whole command, s | memory, GB | |
|---|---|---|---|---|---|---|---|---|---|---|"""


def number(value: object, form: str) -> str:
    """A figure, or a dash."""
    return format(value, form) if isinstance(value, float) else "–"


def lasted(begun: float | None, ended: float | None) -> str:
    """Seconds between two moments, or a dash."""
    return number(None if begun is None or ended is None else ended - begun, ".1f")


def measure(path: Path, seconds: float, solver: str = "auto") -> Told:
    """``planner run`` on a plan file, watched from outside."""
    command = [sys.executable, "-m", "planner", "run", str(path), "--time-limit", str(seconds), "--out", str(path.parent / "run")]
    began, told = time.monotonic(), Told({})
    with subprocess.Popen(
        [*command, "--solver", solver, "--progress", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        watch = threading.Thread(target=_watch, args=(process, told), daemon=True)
        watch.start()
        errors: list[str] = []
        drain = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
        drain.start()
        for line in process.stdout or ():
            event, now = json.loads(line), time.monotonic() - began
            if event["event"] == "phase":
                told.phases[event["phase"]] = now
            elif event["event"] == "progress":
                told.first = now if told.first is None and event["value"] is not None else told.first
                told.searched = now
            elif event["event"] == "end":
                told.ended = event
        process.wait()
        drain.join()
    told.wall = time.monotonic() - began
    if process.returncode:
        told.words = " ".join("".join(errors[-3:]).split())
    return told


def _watch(process: subprocess.Popen[str], told: Told) -> None:
    """The most memory that a process and all it has started held together."""
    with contextlib.suppress(psutil.Error):
        own = psutil.Process(process.pid)
        while process.poll() is None:
            total = 0
            for one in (own, *own.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += one.memory_info().rss
            told.memory = max(told.memory, total / 1e9)
            time.sleep(SAMPLE)


def main() -> None:
    """Write one load, or measure all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("load", choices=LOADS, nargs="?")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--all", action="store_true", help="measure all loads")
    parser.add_argument("--only", nargs="+", choices=LOADS, help="measure these")
    parser.add_argument("--time", type=float, default=60.0)
    parser.add_argument("--solver", default="auto")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.load is not None and asked.folder is not None:
        print(write_load(asked.load, asked.folder, asked.seed))
        return
    if not (asked.all or asked.only):
        parser.error("a load and a folder, or --all")
    print(f"{asked.time:g} s, 2 threads, {os.cpu_count()} cores\n\n{HEAD}", flush=True)
    for name in asked.only or LOADS:
        with tempfile.TemporaryDirectory() as folder:
            told = measure(write_load(name, Path(folder), asked.seed), asked.time, asked.solver)
        print("| " + " | ".join(told.cells(name)) + " |", flush=True)


if __name__ == "__main__":
    main()
