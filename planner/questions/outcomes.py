"""How a plan can fail to come about, beside :class:`planner.plan.solving.NoPlan`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.language import Words

if TYPE_CHECKING:
    from planner.questions.explain.ask import Explanation


class Infeasible(Exception):  # noqa: N818  an outcome, not a fault
    """No plan exists; ``conflict`` says which limits stand against each other and what would help, ``words`` in sentences."""

    def __init__(self, conflict: Explanation, words: Words) -> None:
        self.conflict, self.words = conflict, words
        super().__init__(words.en)
