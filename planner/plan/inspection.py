"""A plan file looked at as a whole, whether it can be planned or not: every problem, and the cells of every file that was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from planner.plan.open import Opened, examine
from planner.problems import InputError, Problem, errors, every_problem
from planner.reading.provenance import old_facts
from planner.reading.readers import GridRead, keeping_grids
from planner.reading.table import Tables

OLD = 180
"""Days after which facts are old, where nothing else is asked for."""


@dataclass(frozen=True, eq=False)
class Inspection:
    """What ``planner check`` finds in a plan file. ``opened`` is None where an error stands in the way; no kind of problem is cut
    short. ``grids`` are the files, sheets and layers that were read, each once."""

    path: Path
    problems: tuple[Problem, ...]
    grids: Sequence[GridRead]
    opened: Opened | None
    tables: Tables | None
    as_of: dt.date | None = None
    older_than: int = OLD
    scenarios: tuple[Opened, ...] = ()
    """The plan under each scenario, where no error stands in the way."""


def inspect(
    path: Path,
    as_of: dt.date | None = None,
    older_than: int = OLD,
    every: bool = True,
    scenario: str | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Inspection:
    """Read and check everything, scenarios too (``scenario``: that one alone); never raises InputError. With ``as_of`` also which facts
    are more than ``older_than`` days old on that day. Without ``every`` each kind of problem is cut short, as for a screen. ``overrides``
    as for :func:`planner.plan.open.open_plan`."""
    with every_problem() if every else nullcontext(), keeping_grids() as read:
        opened, tables, under = None, None, tuple[Opened, ...]()
        try:
            found = examine(path, overrides, scenario)
        except InputError as error:
            problems = error.problems
        else:
            opened, problems = found.opened if not errors(found.problems) else None, found.problems
            tables, under = found.tables if opened is None else opened.case.tables, found.scenarios
        if as_of is not None and tables is not None:
            problems = (*problems, *old_facts(tables, as_of, older_than))
    each = {(kept.grid.file, kept.grid.sheet, kept.grid.sha256): kept for kept in reversed(read)}
    return Inspection(path, problems, list(each.values())[::-1], opened, tables, as_of, older_than, under)
