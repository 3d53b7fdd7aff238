"""Every question, a line each, in the order in which the help and the workbook have them."""

from __future__ import annotations

from importlib import import_module

from planner.questions import Question

QUESTIONS: tuple[str, ...] = (
    "planner.questions.replan",
    "planner.questions.why",
    "planner.questions.importance",
    "planner.questions.concede",
    "planner.questions.compare",
    "planner.questions.sensitivity",
    "planner.questions.frontier",
    "planner.questions.alternatives",
    "planner.questions.explain",
    "planner.questions.assess",
    "planner.questions.ladder",
)


def questions() -> tuple[Question, ...]:
    """What the folders say of themselves."""
    return tuple(import_module(package).QUESTION for package in QUESTIONS)
