"""Why a candidate is in the plan, or what it would cost to force it in."""

from planner.questions import Question

QUESTION = Question(__name__, ("why", "why_all"), "Why")
