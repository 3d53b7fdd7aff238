"""What solvers reached, a JSON line for each attempt, so that a comparison can be continued and summed up later."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from planner.solvers.protocol import Matrix

OTHERS = ("highs", "scip", "cpsat", "cbc")
"""The solvers that ours is held against."""
OURS = "auto"


@dataclass(frozen=True)
class Row:
    """What one solver reached on one instance within a time."""

    instance: str
    solver: str
    first: float | None
    """Seconds to the first plan."""
    value: float | None
    bound: float | None
    gap: float | None
    memory: float
    """GB of its processes at most."""
    verified: bool
    """The plan passed the verification from the tables."""
    seconds: float = 0.0
    """What it took by the clock."""
    cpu: float = 0.0
    """Seconds of processor that its processes had: on a busy machine less than the clock and the threads promise."""
    seed: int = 0
    """Of families: odd for tuning, even only looked at in the end. 0: of no family."""
    time: float = 0.0
    threads: int = 0
    model: str = ""
    """Fingerprint of the model that was solved."""
    commit: str = ""
    """State of the code that solved it."""
    knobs: Mapping[str, float | int | str | bool] = field(default_factory=dict)

    @property
    def task(self) -> tuple[str, str, float, int, str]:
        """What two rows have in common when one can stand for the other."""
        return self.instance, self.model, self.time, self.threads, self.solver

    @property
    def plan(self) -> float | None:
        """The value of the plan, where it was verified."""
        return self.value if self.verified else None


def fingerprint(matrix: Matrix) -> str:
    """Of every number of a model: two models with one fingerprint are the same."""
    parts = (matrix.objective, matrix.row_lower, matrix.row_upper, matrix.lower, matrix.upper, matrix.integer)
    digest = sha256(repr((matrix.offset, matrix.reference)).encode())
    for part in (*parts, matrix.rows.indptr, matrix.rows.indices, matrix.rows.data):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:16]


def commit() -> str:
    """The commit of the code, with a + where files differ from it; empty outside a repository."""
    folder = Path(__file__).parent
    try:
        head, changed = (
            subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
            for words in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + "+" * bool(changed)


def append(path: Path, row: Row) -> None:
    """One more line."""
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def read(paths: Iterable[Path]) -> list[Row]:
    """The rows of several files; of two attempts at one task the later one counts.

    Raises:
        ValueError: a line that is no row.
    """
    found: dict[tuple[str, str, float, int, str], Row] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = Row(**json.loads(line))
            except TypeError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            found[row.task] = row
    return list(found.values())


def by_instance(rows: Iterable[Row]) -> list[Sequence[Row]]:
    """Rows that solved the same model for the same seconds on as many threads, in the order in which they came."""
    tables: dict[tuple[str, str, float, int], list[Row]] = {}
    for row in rows:
        tables.setdefault(row.task[:4], []).append(row)
    return list(tables.values())
