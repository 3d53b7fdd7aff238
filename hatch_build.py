"""What hatchling calls for each archive it builds: the commit goes in, so that ``planner --version`` knows it anywhere."""

from __future__ import annotations

import runpy
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface):
    """Puts the commit into a file of the package; the checkout itself is not written to."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file, where the commit is known and the source does not hold the file already."""
        module = runpy.run_path(str(Path(self.root) / "planner" / "version.py"))
        name = f"planner/{module['COMMIT_FILE']}"
        commit = module["commit_of"](Path(self.root))
        if version == "editable" or commit is None or (Path(self.root) / name).is_file():
            return
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "commit").write_text(commit + "\n", encoding="ascii")
        build_data["force_include"][str(self.folder / "commit")] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the temporary file away."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)
