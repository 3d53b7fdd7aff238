"""Amounts of money in the tiles of reports: a number alone, its unit in the heading, in the unit that the plan asks for."""

from __future__ import annotations

from planner.language import Words
from planner.publish.figures import figure
from planner.publish.view import View
from planner.publish.words import UNKNOWN

_UNITS = {
    ("zh", "亿元"): ("亿元", 10_000),
    ("zh", "万元"): ("万元", 1),
    ("en", "亿元"): ("CNY bn", 100_000),
    ("en", "万元"): ("CNY m", 100),
}
"""Language, and money as ``display.money`` has it → the unit, and 万元 in it."""


def heading(view: View, zh: str, en: str) -> str:
    """A heading with the unit of :func:`number`."""
    unit, _ = _UNITS[view.language, view.money_unit]
    return Words(f"{zh}（{unit}）", f"{en} ({unit})").say(view.language)


def number(view: View, value: float | None) -> str:
    """An amount without its unit; a dash where it is not known."""
    if value is None:
        return UNKNOWN.say(view.language)
    _, worth = _UNITS[view.language, view.money_unit]
    many = value / worth
    return f"{many:,.2f}".rstrip("0").rstrip(".") if worth > 1 and abs(many) >= 1 else figure(many)
