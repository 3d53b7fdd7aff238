"""``planner new``: a workspace copied from what is shipped in ``data/``."""

from __future__ import annotations

import shutil
from pathlib import Path

from planner.content import content_folder
from planner.language import Words
from planner.plan.whole_folder import cannot_write
from planner.problems import InputError, Place, Problem, nearest


def examples() -> tuple[str, ...]:
    """Names that ``planner new --from`` knows."""
    return tuple(sorted(path.parent.name for path in content_folder("data").glob("*/plan.yaml")))


def new_workspace(folder: Path, name: str) -> Path:
    """Copy the example ``name`` into ``folder``, which must not exist or be empty.

    Raises:
        InputError: no such example, or something stands there already.
    """
    if name not in examples():
        known = "、".join(nearest(name, examples()) or examples())
        raise InputError(
            [
                Problem(
                    "R102",
                    None,
                    "--from",
                    name,
                    Words("没有这个范例", "no such example"),
                    Words(f"可用的：{known}", f"use one of: {known}"),
                )
            ]
        )
    leave = shutil.ignore_patterns("runs", "__pycache__")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                [
                    Problem(
                        "R103",
                        Place(str(folder)),
                        "DIR",
                        folder.name,
                        Words("这里已有内容，不会覆盖", "something stands here already and is not replaced"),
                        Words("换一个目录", "choose another folder"),
                    )
                ]
            )
        shutil.copytree(content_folder("data") / name, folder, dirs_exist_ok=True, ignore=leave)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder
