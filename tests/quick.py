"""A finished run of a city of one's own, to ask questions about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner import api
from planner.plan.reopen import Run, open_run
from tests.city import PLAN, write_city


def ran(folder: Path, plan: str = PLAN, outputs: tuple[str, ...] = (), **tables: Any) -> Run:
    """A finished run of the tiny city in ``folder / "out"``, opened again."""
    path = write_city(folder, plan, **tables)
    api.run(path, folder / "out", {"publish.outputs": list(outputs)})
    return open_run(folder / "out")
