"""A run folder: written whole to a temporary folder beside it and then renamed (R7); a killed run leaves the last alone."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from planner.language import Words
from planner.plan.earlier import PLAN_FILE
from planner.plan.model import Plan, read_plan
from planner.plan.reopen import DIGEST_FILE, digest_line
from planner.problems import InputError, Place, Problem

Writer = Callable[[Plan, Path], None]


def writers() -> dict[str, tuple[str, Writer]]:
    """Output → its file and what writes it; imported only here, since map and workbook libraries are slow to load."""
    from planner.publish.geopackage import write_geopackage
    from planner.publish.map import write_map
    from planner.publish.workbook import write_workbook

    return {
        "workbook": ("plan.xlsx", write_workbook),
        "map": ("map.html", write_map),
        "geopackage": ("plan.gpkg", write_geopackage),
    }


def check_target(folder: Path) -> None:
    """Refuse to replace a folder that is not a run.

    Raises:
        InputError: something else stands there.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir() or not (folder / PLAN_FILE).is_file():
        raise InputError(
            [
                Problem(
                    "R101",
                    Place(str(folder)),
                    "--out",
                    folder.name,
                    Words(
                        "这里已有内容，且不是计划运行目录，不会覆盖",
                        "something that is not a run folder stands here and is not replaced",
                    ),
                    Words("换一个目录", "choose another folder"),
                )
            ]
        )


def write_run(plan: Plan, folder: Path, outputs: Sequence[str], texts: dict[str, str]) -> None:
    """Write ``plan.json``, the outputs and further texts (file name → content), all or nothing.

    Raises:
        InputError: ``folder`` holds something that is not a run.
    """
    check_target(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_plan(plan, fresh)
        table = writers()
        for output in outputs:
            name, write = table[output]
            write(plan, fresh / name)
        for name, content in texts.items():
            (fresh / name).write_text(content, encoding="utf-8", newline="\n")
        os.chmod(fresh, 0o755)  # noqa: PTH101  mkdtemp makes it private; a run is to be shared
        swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _write_plan(plan: Plan, folder: Path) -> None:
    """``plan.json`` and its fingerprint."""
    text = plan.to_json()
    (folder / PLAN_FILE).write_text(text, encoding="utf-8", newline="\n")
    (folder / DIGEST_FILE).write_text(digest_line(text), encoding="utf-8", newline="\n")


def update_run(plan: Plan, folder: Path) -> None:
    """Give a run folder a plan that knows more (what was asked about it): plan.json anew, and the workbook if there is one.

    Raises:
        InputError: ``folder`` is not a run.
    """
    check_target(folder)
    name, write = writers()["workbook"]
    with tempfile.TemporaryDirectory(prefix=".update-", dir=folder) as fresh:
        _write_plan(plan, Path(fresh))
        if (folder / name).is_file():
            write(plan, Path(fresh) / name)
        for path in sorted(Path(fresh).iterdir(), key=lambda path: path.name == DIGEST_FILE):
            os.replace(path, folder / path.name)  # noqa: PTH105  replaces on Windows too


def swap(fresh: Path, folder: Path) -> None:
    """Put ``fresh`` in the place of ``folder``; the old one is there until the new one is."""
    old = folder.with_name(f".{folder.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        with suppress(OSError):
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def republish(folder: Path, outputs: Sequence[str] | None) -> tuple[Path, ...]:
    """Render outputs of a finished run again, each file replaced whole; all that its settings ask for when None.

    Raises:
        InputError: ``folder`` is not a run, or its plan.json cannot be read.
    """
    plan = read_run(folder)
    wanted = plan.plan.settings["publish"]["outputs"] if outputs is None else outputs
    table, written = writers(), []
    with tempfile.TemporaryDirectory(prefix=".publish-", dir=folder) as fresh:
        for output in wanted:
            name, write = table[output]
            write(plan, Path(fresh) / name)
        for output in wanted:
            name = table[output][0]
            os.replace(Path(fresh) / name, folder / name)  # noqa: PTH105  replaces on Windows too
            written.append(folder / name)
    return tuple(written)


def read_run(folder: Path) -> Plan:
    """The plan of a run folder.

    Raises:
        InputError: there is none, or it was changed or written by another version.
    """
    path = folder / PLAN_FILE
    if not path.is_file():
        raise InputError(
            [
                Problem(
                    "R104",
                    Place(str(folder)),
                    "RUN",
                    folder.name,
                    Words("不是运行目录：没有 plan.json", "not a run folder: there is no plan.json"),
                    Words("给出 planner run 写出的目录", "name a folder that planner run has written"),
                )
            ]
        )
    try:
        return read_plan(path)
    except ValueError as error:
        detail = str(error).splitlines()[0]
        raise InputError(
            [
                Problem(
                    "R105",
                    Place(str(path)),
                    PLAN_FILE,
                    detail,
                    Words("内容不完整、被改动，或由其他版本写出", "incomplete, changed, or written by another version"),
                    Words("重新运行 planner run", "run planner run again"),
                )
            ]
        ) from error
