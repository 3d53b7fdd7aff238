"""What more of each fund, resource and team is worth."""

from planner.questions.question import Question

QUESTION = Question(__name__, ("sensitivity",), "Sensitivity")
