"""The next quarter's plan: facts come in, what was promised stays, and each change has its cause and its price."""

from planner.questions import Question

QUESTION = Question(__name__, ("replan",))
