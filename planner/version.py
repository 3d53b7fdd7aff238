"""The version and the commit it was made from. ``hatch_build.py`` runs this file by itself: the standard library only."""

from __future__ import annotations

import subprocess
from pathlib import Path

COMMIT_FILE = "commit.txt"
"""Beside this file in a wheel and in a source archive; never in a checkout, which asks git."""
_PACKAGE = Path(__file__).resolve().parent


def commit_of(root: Path) -> str | None:
    """The commit of a checkout or a source archive, with ``-dirty`` where files differ from it; None: not known."""
    written = root / "planner" / COMMIT_FILE
    if written.is_file():
        return written.read_text(encoding="ascii").strip() or None
    if not (root / ".git").exists():  # another repository around an installed package says nothing about it
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip() or None
    except (OSError, subprocess.SubprocessError):
        return None


def version_text() -> str:
    """``planner 0.1.0 (commit 0123456789ab)``."""
    from planner import __version__

    return f"planner {__version__} (commit {commit_of(_PACKAGE.parent) or 'unknown'})"
