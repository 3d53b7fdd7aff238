"""What more of each fund, resource and team is worth."""

from planner.questions import Question

QUESTION = Question(__name__, ("sensitivity",), "Sensitivity", money=True)
