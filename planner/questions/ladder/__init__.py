"""Plans that contain each other for less and more of some limits: what goes first, what the next money buys, what that order costs."""

from planner.questions import Question

QUESTION = Question(__name__, ("ladder",))
