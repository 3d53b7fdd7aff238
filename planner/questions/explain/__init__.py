"""Whether a plan exists; if none does, what stands against what, and what would help."""

from planner.questions import Question

QUESTION = Question(__name__, ("explain", "repair"))
