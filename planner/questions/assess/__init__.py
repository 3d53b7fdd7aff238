"""A list made by hand held against every limit and against the proof: what it breaks, what it is worth, what would better it."""

from planner.questions import Question

QUESTION = Question(__name__, ("assess",))
