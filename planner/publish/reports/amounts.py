"""Amounts of money in reports: in words with their unit, or as a number whose unit stands in the heading."""

from __future__ import annotations

from planner.language import Words
from planner.publish.figures import figure, money
from planner.publish.view import View
from planner.publish.words import UNKNOWN

LARGE = Words("亿元", "CNY bn")
_WORTH = {"zh": 10_000, "en": 100_000}
"""万元 in one of :data:`LARGE`."""


def amount(view: View, value: float) -> str:
    """``12.5 亿元``, ``CNY 1.25 bn``; below one of these ``8,000 万元``, ``CNY 80 m``."""
    if abs(value) < _WORTH[view.language]:
        return money(value, view.language)
    return Words("{n} 亿元", "CNY {n} bn").say(view.language, n=large(view, value))


def large(view: View, value: float | None) -> str:
    """The number of 亿元, or of billions, alone; a dash where it is not known."""
    if value is None:
        return UNKNOWN.say(view.language)
    many = value / _WORTH[view.language]
    return figure(many) if abs(many) < 1 else f"{many:,.2f}".rstrip("0").rstrip(".")
