"""A finished run of a city of one's own, to ask questions about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

from planner import api
from planner.plan.reopen import Run, open_run, run_settings
from planner.plan.stored import SETTINGS_FILE
from planner.publish.run_folder import write_run
from planner.settings.write import resolved_yaml
from tests.city import PLAN, TABLES, write_city

_KEPT = TemporaryDirectory(prefix="bulian-tests-", ignore_cleanup_errors=True)
"""Finished runs; of this process, as pytest may use several."""


@cache
def _finished(plan: str, tables: str, outputs: tuple[str, ...]) -> Path:
    """The workspace of a city with its finished run; solved once, however many tests ask for it."""
    folder = Path(_KEPT.name, str(len(list(Path(_KEPT.name).iterdir()))))
    path = write_city(folder, plan, json.loads(tables))
    opened, run = api.open_plan(path), folder / "run"
    texts = {SETTINGS_FILE: resolved_yaml(run_settings(opened, run), "zh"), "run.log": ""}
    write_run(api.solve(opened), run, outputs, texts)
    return folder


def finished(
    folder: Path, plan: str = PLAN, outputs: tuple[str, ...] = (), tables: Mapping[str, Sequence[Mapping[str, Any]]] = TABLES
) -> Path:
    """A finished run of a city, ``folder / "run"``; the city is in the folder."""
    copytree(_finished(plan, json.dumps(tables), outputs), folder, dirs_exist_ok=True)
    return folder / "run"


def ran(folder: Path, *city: Any, **more: Any) -> Run:
    """The same, opened."""
    return open_run(finished(folder, *city, **more))
