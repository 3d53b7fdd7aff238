"""A frontier on disk: ``frontier.json``, ``frontier.xlsx`` and every point as a run folder of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reopen import run_settings
from planner.plan.stored import SETTINGS_FILE
from planner.plan.whole_folder import FRONTIER, Target, whole_folder
from planner.problems import Problem
from planner.publish.proof import quality
from planner.publish.run_folder import moved_aside, write_each, write_run
from planner.questions.frontier.record import Frontier
from planner.settings.write import resolved_yaml

FRONTIER_FILE, FRONTIER_BOOK = FRONTIER.file, "frontier.xlsx"


def write_frontier(
    told: Frontier, points: Sequence[tuple[Opened, Plan]], target: Target
) -> tuple[Path, tuple[Problem, ...]]:
    """Write the folder; ``points`` are the plan files and plans of ``told.points``.

    Returns:
        Where it stands, and what could not be written.
    """
    from planner.questions.frontier.sheet import write_frontier_book

    with whole_folder(target) as whole:
        for point, (opened, plan) in zip(told.points, points, strict=True):
            language = plan.plan.language
            # Paths in the settings are relative to where the folder will stand.
            settings = resolved_yaml(run_settings(opened, target.real / point.folder), language)
            log = quality(plan).say(language) + "\n"
            write_run(plan, whole.fresh / point.folder, (), {SETTINGS_FILE: settings, "run.log": log})
        (whole.fresh / FRONTIER_FILE).write_text(told.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        failed = write_each({FRONTIER_BOOK: partial(write_frontier_book, told, points[0][1])}, whole.fresh)
    return whole.place, (*failed, *moved_aside(target, whole))
