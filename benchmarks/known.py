"""Problems whose optimum is known, put through the planner's own tables: does it return the optimum, and prove it?

* **Generalised assignment** (Cattrysse, Salomon & Van Wassenhove 1994; OR-Library, © J E Beasley, MIT), 60 instances: every
  job goes to one agent, at least cost, within each agent's capacity. A park is an agent, a candidate that must be included
  is a job, ``site_options`` carries the cost and the use of each pair. The planner maximises: score = −cost.
* **Multidimensional knapsack** (mknap1, OR-Library), 7 instances: the most profit within several budgets. A candidate is an
  item, a region-wide resource is a budget; one park takes everything.

The instances lie beside the project, in ``../shared/data/bench``::

    python -m benchmarks.known list
    python -m benchmarks.known run --which all
    python -m benchmarks.known write gap1-0 /tmp/gap1-0
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path
from time import perf_counter
from typing import Any, Literal
from zipfile import ZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["gap", "mknap"]

BENCH = Path(__file__).resolve().parents[2] / "shared" / "data" / "bench"
TOLERANCE = 1e-6
"""Relative distance within which a value is the optimum."""
LOAD = "load"
"""The one resource of an agent."""


@dataclass(frozen=True, eq=False)
class Gap:
    """Generalised assignment of n jobs to m agents, a minimum."""

    name: str
    cost: Floats
    """Shape (m, n)."""
    use: Floats
    """Shape (m, n): of the agent's capacity."""
    capacity: Floats
    """Shape (m,)."""
    optimum: float
    """Least total cost, proven; nan: not known."""

    @property
    def objective(self) -> float:
        """What the planner, which maximises, must return."""
        return -self.optimum


@dataclass(frozen=True, eq=False)
class Knapsack:
    """Multidimensional knapsack of n items under m budgets, a maximum."""

    name: str
    profit: Floats
    """Shape (n,)."""
    weight: Floats
    """Shape (m, n)."""
    capacity: Floats
    """Shape (m,)."""
    optimum: float
    """Greatest total profit, proven; nan: not known."""

    @property
    def objective(self) -> float:
        """What the planner must return."""
        return self.optimum


Instance = Gap | Knapsack


def instances(which: Kind | Literal["all"] = "all", folder: Path = BENCH) -> tuple[Instance, ...]:
    """The instances with their proven optima, the smaller ones first.

    Raises:
        FileNotFoundError: the reference data are not beside the project.
    """
    found: list[Instance] = []
    if which in ("gap", "all"):
        found += _gap_instances(folder)
    if which in ("mknap", "all"):
        found += _knapsacks(folder)
    return tuple(found)


def read_gap(name: str, numbers: Floats, at: int) -> tuple[Gap, int]:
    """From the numbers of a file, from ``at`` on: agents, jobs, costs by agent, uses by agent, capacities; and where they end. The
    optimum is not among them."""
    agents, jobs = int(numbers[at]), int(numbers[at + 1])
    pairs, at = agents * jobs, at + 2
    cost, use, capacity = np.split(numbers[at : at + 2 * pairs + agents], [pairs, 2 * pairs])
    if capacity.shape != (agents,):
        raise ValueError(f"{name}: {capacity.size} capacities for {agents} agents")
    return Gap(name, cost.reshape(agents, jobs), use.reshape(agents, jobs), capacity, nan), at + 2 * pairs + agents


def read_knapsack(name: str, numbers: Floats, at: int) -> tuple[Knapsack, int]:
    """From the numbers of a file, from ``at`` on: items, budgets, optimum (0: not known), profits, weights by budget, capacities; and
    where they end."""
    items, budgets, optimum = int(numbers[at]), int(numbers[at + 1]), float(numbers[at + 2])
    at, weights = at + 3, items * budgets
    profit, weight, capacity = np.split(numbers[at : at + items + weights + budgets], [items, items + weights])
    if capacity.shape != (budgets,):
        raise ValueError(f"{name}: {capacity.size} capacities for {budgets} budgets")
    return Knapsack(name, profit, weight.reshape(budgets, items), capacity, optimum or nan), at + items + weights + budgets


def _gap_instances(folder: Path) -> list[Gap]:
    optima = pd.read_csv(folder / "gap_cattrysse_optima.csv").set_index("instance")["optimum"]
    found = []
    with ZipFile(folder / "gap_cattrysse.zip") as archive:
        for name in sorted(archive.namelist(), key=lambda name: (*map(int, name.removeprefix("gap").split("-")),)):
            numbers = np.array(archive.read(name).split(), dtype=float)
            instance, end = read_gap(name, numbers, 0)
            if end != numbers.size:
                raise ValueError(f"{name}: {numbers.size - end} numbers are left over")
            found.append(replace(instance, optimum=float(optima[f"cattrysse1994/{name}"])))
    return found


def _knapsacks(folder: Path) -> list[Knapsack]:
    optima = pd.read_csv(folder / "mknap1_optima.csv").set_index("name")["best_value"]
    numbers = np.array((folder / "mknap1.txt").read_text(encoding="ascii").split(), dtype=float)
    at, found = 1, []
    for number in range(1, int(numbers[0]) + 1):
        instance, at = read_knapsack(f"mknap1-{number}", numbers, at)
        found.append(replace(instance, optimum=float(optima[instance.name])))
    if at != numbers.size:
        raise ValueError(f"mknap1.txt: {numbers.size - at} numbers are left over")
    return found


def write(instance: Instance, folder: Path) -> Path:
    """A workspace for ``instance`` in ``folder``; returns its plan file."""
    return write_gap(instance, folder) if isinstance(instance, Gap) else write_mknap(instance, folder)


def write_gap(instance: Gap, folder: Path) -> Path:
    """A workspace in which parks are agents; returns its plan file."""
    agents, jobs = instance.cost.shape
    parks, candidates = _ids("A", agents), _ids("J", jobs)
    tables = {
        "parks": pd.DataFrame({"park_id": parks, LOAD: instance.capacity}),
        "candidates": pd.DataFrame({"candidate_id": candidates, "must_include": "yes"}),
        "site_options": pd.DataFrame(
            {
                "candidate_id": np.tile(candidates, agents),
                "park_id": np.repeat(parks, jobs),
                "score": -instance.cost.ravel(),
                LOAD: instance.use.ravel(),
            }
        ),
    }
    return _write(folder, instance.name, tables, {LOAD: {"kind": "stock", "scope": "park"}})


def write_mknap(instance: Knapsack, folder: Path) -> Path:
    """A workspace in which region-wide resources are budgets; returns its plan file."""
    budgets, items = instance.weight.shape
    resources = _ids("r", budgets)
    weights = {resource: instance.weight[number] for number, resource in enumerate(resources)}
    tables = {
        "parks": pd.DataFrame({"park_id": ["P1"]}),
        "candidates": pd.DataFrame({"candidate_id": _ids("I", items), "score": instance.profit, **weights}),
        "capacities": pd.DataFrame({"resource_id": resources, "scope_id": "region", "amount": instance.capacity}),
    }
    return _write(folder, instance.name, tables, {name: {"kind": "stock", "scope": "region"} for name in resources})


def _ids(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:02d}" for number in range(1, count + 1)]


def _write(folder: Path, name: str, tables: Mapping[str, pd.DataFrame], resources: Mapping[str, Mapping[str, str]]) -> Path:
    """Tables as CSV and the plan that reads them: raw sums, one quarter, to the optimum."""
    from ruamel.yaml import YAML

    (folder / "data").mkdir(parents=True, exist_ok=True)
    for table, frame in tables.items():
        frame.to_csv(folder / "data" / f"{table}.csv", index=False, encoding="utf-8", lineterminator="\n")
    plan: dict[str, Any] = {
        "name": name,
        "language": "en",
        "quarters": {"start": "2027Q1", "count": 1},
        "tables": {table: f"data/{table}.csv" for table in tables},
        "resources": {resource: dict(told) for resource, told in resources.items()},
        "objective": {"normalise": False, "weights": {"score": 1.0}},
        "solve": {"time_limit": 60.0, "gap": 0.0},
    }
    path = folder / "plan.yaml"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        YAML().dump(plan, file)
    return path


@dataclass(frozen=True, slots=True)
class Result:
    """What the planner made of one instance."""

    name: str
    wanted: float
    value: float
    bound: float | None
    proved: bool
    seconds: float

    @property
    def right(self) -> bool:
        """The optimum, with a proof."""
        return self.proved and abs(self.value - self.wanted) <= TOLERANCE * max(1.0, abs(self.wanted))


def solve(instance: Instance, solver: str = "auto", time_limit: float = 60.0) -> Result:
    """Write the workspace into a temporary folder, plan it, verify it.

    Raises:
        planner.api.Infeasible, planner.api.NoPlan: the planner found no plan, which is always wrong here.
    """
    from planner import api

    with tempfile.TemporaryDirectory() as folder:
        path = write(instance, Path(folder))
        since = perf_counter()
        plan = api.solve(api.open_plan(path, {"solve.solver": solver, "solve.time_limit": time_limit}))
    reached = plan.objective
    return Result(instance.name, instance.objective, reached.value, reached.bound, plan.status.proved, perf_counter() - since)


def run(which: Kind | Literal["all"] = "all", solver: str = "auto", time_limit: float = 60.0) -> Iterator[Result]:
    """Every instance, one result at a time."""
    for instance in instances(which):
        yield solve(instance, solver, time_limit)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when every instance that was run gave its proven optimum."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.known", description="Problems whose optimum is known.")
    commands = parser.add_subparsers(dest="command", required=True)
    which = argparse.ArgumentParser(add_help=False)
    which.add_argument("--which", choices=("gap", "mknap", "all"), default="all", help="default: all")
    commands.add_parser("list", parents=[which], help="print the instances and their optima")
    runs = commands.add_parser("run", parents=[which], help="plan them and compare with the optima")
    runs.add_argument("--solver", default="auto", help="auto, highs, scip, cpsat, cbc … (default: auto)")
    runs.add_argument("--time-limit", type=float, default=60.0, help="seconds for each (default: 60)")
    writes = commands.add_parser("write", help="write the workspace of one instance")
    writes.add_argument("name", help="such as gap1-0 or mknap1-7")
    writes.add_argument("folder", type=Path)
    told = parser.parse_args(arguments)
    if told.command == "list":
        for instance in instances(told.which):
            print(f"{instance.name:10} optimum {instance.optimum:g}")
        return 0
    if told.command == "write":
        named = {instance.name: instance for instance in instances()}
        if told.name not in named:
            parser.error(f"no instance {told.name}; see: python -m benchmarks.known list")
        print(write(named[told.name], told.folder))
        return 0
    return report(run(told.which, told.solver, told.time_limit))


def report(results: Iterator[Result]) -> int:
    """Print each result as it comes; 0 when all are proven optimal, else 1."""
    count = wrong = 0
    for result in results:
        count += 1
        wrong += not result.right
        verdict = "optimal, proved" if result.right else "WRONG" if result.proved else "NOT PROVED"
        bound = "—" if result.bound is None else f"{result.bound:g}"
        print(
            f"{result.name:10} wanted {result.wanted:10g}  value {result.value:10g}  bound {bound:>10}  "
            f"{result.seconds:6.2f} s  {verdict}",
            flush=True,
        )
    print(f"{count - wrong} of {count} proven optimal")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
