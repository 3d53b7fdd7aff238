"""Where the shipped ``models/``, ``data/`` and ``maps/`` are, in a checkout, an editable install and a wheel alike."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

ContentKind = Literal["models", "data", "maps"]

_PACKAGE = Path(__file__).resolve().parent


def content_folder(kind: ContentKind) -> Path:
    """The folder of one kind of content: in a wheel inside the package, in a checkout (an editable install too) beside it.

    Raises:
        FileNotFoundError: the content is in neither place, so the installation is not complete.
    """
    inside, beside = _PACKAGE / "_content" / kind, _PACKAGE.parent / kind
    if inside.is_dir():
        return inside
    # Beside an installed package lie other people's packages: only a checkout has a pyproject.toml there.
    if beside.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return beside
    raise FileNotFoundError(
        f"安装不完整：缺少随附的 {kind}/ 目录，请重新安装 / "
        f"the installation is not complete: its {kind}/ folder is missing; install the package again"
    )


def model_names() -> tuple[str, ...]:
    """The shipped models, by the name that ``extends:`` uses, in alphabetical order."""
    return tuple(sorted(path.stem for path in content_folder("models").glob("*.yaml")))
