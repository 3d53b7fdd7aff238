"""What is told where no plan exists: what stands against what, and what would help. Found in :mod:`planner.questions.explain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.language import Words
from planner.limits.family import Step
from planner.settings.changes import Change

Keys = tuple[str | int, ...]
"""Where a setting stands in plan.yaml."""


@dataclass(frozen=True)
class Contradiction:
    """One sure contradiction. ``kinds``: the kinds of limits that it is between."""

    text: Words
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot all hold. ``minimal``: it is proved that any one fewer can."""

    limits: tuple[Words, ...]
    kinds: tuple[str, ...]
    minimal: bool


@dataclass(frozen=True)
class Repair:
    """One way out. ``cost`` is in the prices of ``explain.weights``."""

    steps: tuple[Step, ...]
    cost: float
    bound: float
    """No repair (that differs like this from those before it) costs less than this; ≥ 0."""
    cheapest: bool
    """It is proved that no repair (after the first: none that is different in this way) is cheaper."""
    confirmed: bool
    """Applied to the input, a plan exists: one was found and verified against the changed tables."""

    @property
    def cells(self) -> tuple[Change, ...]:
        """Every cell that changes."""
        return tuple(cell for step in self.steps for cell in step.cells)

    @property
    def settings(self) -> tuple[tuple[Keys, Any], ...]:
        """Every setting that changes."""
        return tuple(setting for step in self.steps for setting in step.settings)


@dataclass(frozen=True)
class Explanation:
    """Whether a plan exists, and if not, why not and what would help."""

    feasible: bool | None
    """None: neither a plan was found nor that there is none, in the time given."""
    projects: int
    """In the plan that was found when feasible; otherwise 0."""
    contradictions: tuple[Contradiction, ...]
    conflicts: tuple[Conflict, ...]
    repairs: tuple[Repair, ...]
    """Different ways out, the cheapest first."""
    weights: Mapping[str, float]
    """Price of each kind of limit for giving way by 100 %."""


class Infeasible(Exception):  # noqa: N818  an outcome, not a fault
    """No plan exists; ``conflict`` says which limits stand against each other and what would help, ``words`` in sentences."""

    def __init__(self, conflict: Explanation, words: Words) -> None:
        self.conflict, self.words = conflict, words
        super().__init__(words.en)
