"""Replacement cost: what the plan would lose without each selected firm."""

from planner.questions import Question

QUESTION = Question(__name__, ("importance",), "Importance", notes=True)
