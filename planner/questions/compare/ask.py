"""A plan and its scenarios, or finished runs, compared: into ``compare.json``, ``compare.xlsx`` and the runs of the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from planner.plan.model import Plan
from planner.plan.open import open_with_scenarios
from planner.plan.solving import Teller, quiet, silent
from planner.plan.whole_folder import COMPARISON, Target, Whole, look_at, whole_folder
from planner.problems import NotAllWritten, Problem
from planner.publish.run_folder import moved_aside, write_each
from planner.questions.compare.record import Comparison
from planner.questions.compare.scenarios import compare_folders, compare_plan
from planner.solvers.caller import called
from planner.solvers.protocol import Listener, StopSign, never

BOOK_FILE = "compare.xlsx"


def compare(
    path: str | Path,
    out: str | Path,
    overrides: Mapping[str, object] | None = None,
    only: Sequence[str] = (),
    listen: Listener = silent,
    tell: Teller = quiet,
    stop: StopSign = never,
) -> Comparison:
    """Solve a plan and its scenarios, each from the plan's own result on, and hold them against it, into the folder ``out``:
    ``compare.json``, ``compare.xlsx`` and ``runs/``, a run folder for each.

    Args:
        overrides: settings by dotted key, such as ``{"compare.workers": 4, "compare.backend": "dask"}``.
        only: names of the scenarios wanted; empty: all. ``listen`` hears the base's progress, ``tell`` each result.
        stop: as in :func:`planner.api.solve`; what is not solved by then is left out.

    Raises:
        planner.problems.InputError: with every problem of the plan and of its scenarios. A scenario without a plan does not
            raise: its entry says why there is none.
    """
    target = look_at(Path(out), COMPARISON)
    with whole_folder(target) as whole, called(stop):
        opened, flags = open_with_scenarios(Path(path), overrides), dict(overrides or {})
        found, plans = compare_plan(opened, whole.fresh, target.real, only, flags, listen, tell)
        failed = _write(found, plans, whole.fresh)
    _all_written(target, whole, failed)
    return found


def compare_runs(folders: Sequence[str | Path], out: str | Path | None = None) -> Comparison:
    """Hold finished runs of one plan against the first of them; their data need not be there. ``out`` as in :func:`compare`.

    Raises:
        planner.problems.InputError: a folder is no run or was edited, or the runs are of different plans.
    """
    found, plans = compare_folders([Path(folder) for folder in folders])
    if out is not None:
        target = look_at(Path(out), COMPARISON)
        with whole_folder(target) as whole:
            failed = _write(found, plans, whole.fresh)
        _all_written(target, whole, failed)
    return found


def _all_written(target: Target, whole: Whole, failed: Sequence[Problem]) -> None:
    """Raises NotAllWritten if anything failed, or the folder stands elsewhere than asked."""
    if failed := (*failed, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, failed)


def _write(comparison: Comparison, plans: Sequence[Plan], folder: Path) -> tuple[Problem, ...]:
    """Write both files into a folder; without any plan there is nothing to fill a workbook with.

    Returns:
        That the workbook could not be written, if so.
    """
    from planner.questions.compare.sheet import write_comparison_book

    (folder / COMPARISON.file).write_text(comparison.to_json(), encoding="utf-8", newline="\n")
    return write_each({BOOK_FILE: partial(write_comparison_book, comparison, plans)} if plans else {}, folder)
