"""How much more can be conceded to a firm before the plan prefers the next best: for negotiators, never for a handout."""

from planner.questions import Question

QUESTION = Question(__name__, ("concede",), "Concessions")
