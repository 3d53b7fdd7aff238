"""``planner new``: a workspace copied from what is shipped in ``data/``."""

from __future__ import annotations

import shutil
from pathlib import Path

from planner.content import content_folder
from planner.plan.whole_folder import cannot_write
from planner.problems import Place, nearest
from planner.publish.codes import refusal


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
        raise refusal("R102", None, "--from", name, known=known)
    leave = shutil.ignore_patterns("runs", "__pycache__")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise refusal("R103", Place(str(folder)), "DIR", folder.name)
        shutil.copytree(content_folder("data") / name, folder, dirs_exist_ok=True, ignore=leave)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder
