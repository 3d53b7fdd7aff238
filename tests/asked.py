"""Questions asked of a run in tests: with limits of their own, and what was kept of the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.plan.reopen import Run
from planner.plan.stored import read_run
from planner.questions.keeping import kept_answers
from planner.questions.variant import question
from planner.questions.why.ask import Answer, answer
from planner.solvers.protocol import Stopping


def why(run: Run, candidate: str, park: str | None = None, quarter: str | None = None, *, limits: Stopping) -> Answer:
    """Why, solved within these limits; nothing is kept."""
    return answer(run, question(run, candidate, park, quarter), limits)


def kept(folder: Path, name: str = "why") -> tuple[Any, ...]:
    """The answers to a question that are kept beside a run."""
    return kept_answers(folder, read_run(folder))[0].get(name, ())
