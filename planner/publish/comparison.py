"""The folder of a comparison: ``compare.json``, ``compare.xlsx`` and the runs of its scenarios, whole or not at all (R7)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from planner.insight.comparison import Comparison
from planner.language import Words
from planner.plan.model import Plan
from planner.problems import InputError, Place, Problem
from planner.publish.run_folder import swap

COMPARE_FILE, BOOK_FILE = "compare.json", "compare.xlsx"


def check_comparison_target(folder: Path) -> None:
    """Refuse to replace a folder that is not a comparison.

    Raises:
        InputError: something else stands there (R112).
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / COMPARE_FILE).is_file():
        raise InputError(
            [
                Problem(
                    "R112",
                    Place(str(folder)),
                    "--out",
                    folder.name,
                    Words(
                        "这里已有内容，且不是比较结果的目录，不会覆盖",
                        "something that is not a comparison stands here and is not replaced",
                    ),
                    Words("换一个目录", "choose another folder"),
                )
            ]
        )


@contextmanager
def comparison_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder beside ``folder`` that takes its place when the block ends well, and is gone otherwise.

    Raises:
        InputError: ``folder`` holds something that is not a comparison (R112).
    """
    check_comparison_target(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
        os.chmod(fresh, 0o755)  # noqa: PTH101  mkdtemp makes it private; a comparison is to be shared
        swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def write_comparison(comparison: Comparison, plans: Sequence[Plan], folder: Path) -> None:
    """Write both files into a folder; without any plan there is nothing to fill a workbook with."""
    from planner.publish.workbook.comparison import write_comparison_book

    (folder / COMPARE_FILE).write_text(comparison.to_json(), encoding="utf-8", newline="\n")
    if plans:
        write_comparison_book(comparison, plans, folder / BOOK_FILE)
