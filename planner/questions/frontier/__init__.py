"""What one objective term costs in the other, as plans that can each be opened."""

from planner.questions import Question

QUESTION = Question(__name__, ("frontier",))
