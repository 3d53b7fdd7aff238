"""A plan and its scenarios, or finished runs, side by side."""

from planner.questions import Question

QUESTION = Question(__name__, ("compare", "compare_runs"))
