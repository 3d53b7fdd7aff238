"""A frontier on disk: ``frontier.json``, ``frontier.xlsx`` and every point as a run folder of its own; whole or not at all (R7)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from planner.language import Words
from planner.plan.insights.frontier import Frontier
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import SETTINGS_FILE, run_settings
from planner.problems import InputError, Place, Problem
from planner.publish.proof import quality
from planner.publish.run_folder import swap, write_run
from planner.settings.write import resolved_yaml

FRONTIER_FILE, FRONTIER_BOOK = "frontier.json", "frontier.xlsx"


def check_frontier_target(folder: Path) -> None:
    """Refuse to replace a folder that is not a frontier.

    Raises:
        InputError: something else stands there (R135).
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir() or not (folder / FRONTIER_FILE).is_file():
        raise InputError(
            [
                Problem(
                    "R135",
                    Place(str(folder)),
                    "--out",
                    folder.name,
                    Words(
                        "这里已有内容，且不是取舍边界的目录，不会覆盖",
                        "something that is not a frontier's folder stands here and is not replaced",
                    ),
                    Words("换一个目录", "choose another folder"),
                )
            ]
        )


def write_frontier(told: Frontier, points: Sequence[tuple[Opened, Plan]], folder: Path) -> None:
    """Write the folder; ``points`` are the plan files and plans of ``told.points``.

    Raises:
        InputError: ``folder`` holds something that is not a frontier (R135).
    """
    from planner.publish.workbook.frontier import write_frontier_book

    check_frontier_target(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for point, (opened, plan) in zip(told.points, points, strict=True):
            language = plan.plan.language
            # Paths in the settings are relative to where the folder will stand.
            settings = resolved_yaml(run_settings(opened, folder / point.folder), language)
            log = quality(plan).say(language) + "\n"
            write_run(plan, fresh / point.folder, (), {SETTINGS_FILE: settings, "run.log": log})
        (fresh / FRONTIER_FILE).write_text(told.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        write_frontier_book(told, points[0][1], fresh / FRONTIER_BOOK)
        os.chmod(fresh, 0o755)  # noqa: PTH101  mkdtemp makes it private; a frontier is to be shared
        swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
