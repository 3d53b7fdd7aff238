"""A plan file looked at as a whole, whether it can be planned or not: every problem, and the cells of every file that was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.plan.open import Opened, open_with_scenarios
from planner.problems import InputError, Problem, every_problem
from planner.reading.readers import GridRead, keeping_grids


@dataclass(frozen=True, eq=False)
class Inspection:
    """What ``planner check`` finds in a plan file. ``opened`` is None where an error stands in the way; no kind of problem is cut
    short. ``grids`` are the files, sheets and layers that were read, each once."""

    path: Path
    problems: tuple[Problem, ...]
    grids: Sequence[GridRead]
    opened: Opened | None


def inspect(path: Path) -> Inspection:
    """Read and check everything, scenarios too; never raises InputError."""
    with every_problem(), keeping_grids() as read:
        opened, problems = None, tuple[Problem, ...]()
        try:
            opened = open_with_scenarios(path)
            problems = opened.warnings
        except InputError as error:
            problems = error.problems
    each = {(kept.grid.file, kept.grid.sheet, kept.grid.sha256): kept for kept in reversed(read)}
    return Inspection(path, problems, list(each.values())[::-1], opened)
