"""A year of the demo: four quarters in a row, each plan made again from the one before; the figures of docs/replan.md.

    python -m benchmarks.quarters

Prints the rows of the table in docs/replan.md, and fails where they are not those that stand there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from planner import api
from planner.plan.model import Plan

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "replan.md"
DAYS = ("2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31")


def year(folder: Path) -> Iterator[tuple[str, Plan]]:
    """Day and plan of each quarter's end, in a copy of the demo."""
    demo = copytree(ROOT / "data" / "demo", folder / "demo")
    # On one thread and with one solver the same of several equally good plans comes first on every machine, busy or not.
    more = {"publish.outputs": [], "solve.time_limit": 300, "solve.solver": "highs", "solve.threads": 1}
    api.run(demo / "plan.yaml", demo / "runs" / "2026-12-31", more)
    before = "2026-12-31"
    for day in DAYS:
        status = demo / "status" / "2027.csv"
        made = api.replan(demo / "plan.yaml", demo / "runs" / before, status, day, out=demo / "runs" / day, overrides=more)
        yield day, made.plan
        before = day


def row(day: str, plan: Plan) -> str:
    """A row of the page's table."""
    near = plan.nearness
    assert near is not None
    changes = near.changes
    proof = "最优、变动最少，均已证明" if plan.status.proved and near.proved else "未全部证明"
    counts = (changes.fallen, changes.dropped, changes.added, changes.park_moves, changes.quarter_moves)
    return f"| {day} | {plan.objective.value:.6f} | {' | '.join(map(str, counts))} | {proof} |"


def rows() -> list[str]:
    """All rows, worked out anew."""
    with TemporaryDirectory() as folder:
        return [row(day, plan) for day, plan in year(Path(folder))]


def written() -> list[str]:
    """The rows that stand on the page."""
    return [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| 2027-")]


if __name__ == "__main__":
    found = rows()
    print("\n".join(found))
    sys.exit(found != written())
