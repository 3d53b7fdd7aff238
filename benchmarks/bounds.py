"""What each step of the proof gives, and how long it takes: the profile of the bound side.

    python -m benchmarks.bounds --size city --seed 1
    python -m benchmarks.bounds --size province --seed 1 --quick

The steps are those of planner/solvers/bounds/proof.py, one after the other on one thread; ``--quick`` leaves out the two exact ones.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.instances import SIZES, write_instance
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.clusters import Ascent, ascend
from planner.solvers.bounds.relaxations import aggregate, price_places
from planner.solvers.bounds.rounded import Rounded, rounded
from planner.solvers.bounds.sifting import Sieve
from planner.solvers.protocol import Ints, Matrix, Stopping, never
from planner.solvers.tighten import tightened


def say(step: str, began: float, bound: float | None, note: str = "") -> None:
    """One line of the table."""
    shown = "–" if bound is None else f"{bound:.6f}"
    print(f"| {step} | {time.monotonic() - began:.2f} s | {shown} | {note} |", flush=True)


def measure(path: Path, seconds: float, quick: bool) -> None:
    """All steps on one plan file."""
    print("| step | time | bound | |\n|---|---|---|---|")
    began = time.monotonic()
    opened = open_plan(path)
    say("read and check", began, None)
    began = time.monotonic()
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    say("matrix", began, None, f"{matrix.rows.shape[1]:,} columns, {matrix.rows.shape[0]:,} rows, {matrix.rows.nnz:,} nonzeros")
    began = time.monotonic()
    matrix = tightened(matrix)
    say("tighter rows and bounds", began, None, f"{int((matrix.upper == 0.0).sum()):,} columns can never be chosen")
    assert matrix.periods is not None
    began = time.monotonic()
    model = aggregate(matrix, matrix.periods)
    block, cluster = model.of(matrix.periods.block), model.of(matrix.periods.cluster)
    say("without quarters", began, None, f"{model.matrix.rows.shape[1]:,} columns")
    began = time.monotonic()
    sifted = Sieve(model.matrix, block, seconds, 1, 1, lambda _: None).run()
    if sifted.duals is None:
        print("the linear relaxation was not solved in time")
        return
    say("linear relaxation, sifted", began, sifted.bound, f"{sifted.rounds} rounds, {len(sifted.columns):,} columns at the end")
    begun = Rounded(model.matrix, sifted.duals, sifted.bound)
    clusters("clusters at these prices", begun, block, cluster, seconds)
    began = time.monotonic()
    tight = rounded(begun, block, seconds, 1, never, known=sifted.columns)
    own = len(model.matrix.row_lower)
    say("with rows by mixed-integer rounding", began, tight.bound, f"{tight.matrix.rows.shape[0] - own:,} rows more")
    found = clusters("clusters at these prices", tight, block, cluster, seconds)
    if quick:
        return
    priced = price_places(tight.matrix, block, tight.duals) if found is None else found.priced
    exact(priced.matrix, "without places, exact", seconds)
    exact(model.matrix, "without quarters, exact", seconds)


def clusters(step: str, relaxation: Rounded, block: Ints, cluster: Ints, seconds: float) -> Ascent | None:
    """What clusters prove, from the prices of the relaxation on."""
    began, first = time.monotonic(), list[tuple[float, float]]()
    found = ascend(
        relaxation.matrix,
        block,
        cluster,
        relaxation.duals,
        1,
        lambda bound: first.append((time.monotonic() - began, bound)),
        lambda: time.monotonic() - began > seconds,
    )
    if found is not None:
        say(step, began, found.bound, f"{first[0][1]:.6f} after {first[0][0]:.2f} s")
    return found


def exact(matrix: Matrix, step: str, seconds: float) -> None:
    """A relaxation solved as far as it goes."""
    began = time.monotonic()
    ended = Highs().solve(matrix, Stopping(seconds, 1e-4, 1, 1), lambda _: None, None, never).termination
    say(step, began, ended.bound, f"{int(np.count_nonzero(matrix.integer)):,} whole columns, {ended.reason}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="city")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--density", type=float, default=0.15)
    parser.add_argument("--time", type=float, default=60.0, help="seconds for each step")
    parser.add_argument("--quick", action="store_true")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(write_instance(Path(folder), told.size, told.seed, told.density), told.time, told.quick)


if __name__ == "__main__":
    main()
