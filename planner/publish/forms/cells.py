"""Values of a table as a clerk writes them in a cell, so that reading gives the same values again."""

from __future__ import annotations

from math import isinf, isnan
from typing import Any

from planner.language import Language, Words
from planner.publish.book.book import Cell
from planner.publish.book.exact import digits
from planner.tables.column import Column

YES, NO, UNLIMITED = Words("是", "yes"), Words("否", "no"), Words("不限", "unlimited")


def written(column: Column | None, value: Any, language: Language, assumed: bool = False) -> Cell:
    """The cell of one value; ``column`` is None for a column that no table declares. A value that is ``assumed`` bears a ``*``."""
    cell = _plain(column, value, language)
    if not assumed:
        return cell
    return f"{'' if cell is None else digits(cell) if isinstance(cell, float) else cell}*"


def _plain(column: Column | None, value: Any, language: Language) -> Cell:
    if isinstance(value, tuple):
        return "、".join(value) or None
    if column is not None and column.kind == "flag":
        return (YES if value else NO).say(language)
    if isinstance(value, str):
        return _choice(column, value, language) if column is not None and column.choices and value else value or None
    if value is None or isnan(value):
        return None
    return UNLIMITED.say(language) if isinf(value) else float(value)


def _choice(column: Column, value: str, language: Language) -> str:
    return choice_words(column, language).get(value, value)


def choice_words(column: Column, language: Language) -> dict[str, str]:
    """Canonical value: the word for it, its usual Chinese one or itself."""
    choices = column.choices or {}
    return {name: words[0] if language == "zh" and words else name for name, words in choices.items()}
