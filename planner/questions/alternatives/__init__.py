"""Plans that are nearly as good and really different."""

from planner.questions import Question

QUESTION = Question(__name__, ("alternatives",), "Alternatives")
