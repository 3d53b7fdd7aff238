"""Prints the install commands of the README, one a line: what .ci/run does is what the README says, word for word."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    """The lines of the code blocks that begin with ``pip install .`` or an extra of it."""
    lines = [line for block in FENCED.findall(text) for line in block.splitlines()]
    return [line for line in lines if re.match(r'pip install "?\.', line) and "&&" in line]


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    told, chinese = (commands((root / name).read_text(encoding="utf-8")) for name in ("README.md", "README.zh-CN.md"))
    if len(told) != 2 or told != chinese:
        sys.exit(f"README.md says {told}, README.zh-CN.md says {chinese}: two commands are wanted, the same in both")
    print("\n".join(told))
