"""Quarters: ``2027Q1`` as text, a running number for arithmetic."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from planner.language import Words
from planner.settings.base import RefusedError

_FORM = re.compile(r"([0-9]{4})\s*(?:年\s*|[-./]\s*)?(?:[Qq]\s*([1-4])|第?\s*([1-4一二三四])\s*季度?)")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


def normal_quarter(text: str) -> str:
    """``2027Q1`` from ``2027Q1``, ``2027-q1``, ``2027年Q1``, ``2027年第1季度`` or ``2027年一季度``, in digits of any width.

    Raises:
        RefusedError: the text is none of these.
    """
    match = _FORM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise RefusedError(Words("季度须写作 2027Q1 或 2027年第1季度", "a quarter is written 2027Q1"))
    digit = match[2] or match[3]
    number = _CHINESE.get(digit) or int(digit)
    return f"{match[1]}Q{number}"


Quarter = Annotated[str, AfterValidator(normal_quarter)]


def quarter_number(quarter: str) -> int:
    """Quarters since year 0: ``2027Q1`` is 8108. ``quarter`` is in normal form."""
    return int(quarter[:4]) * 4 + int(quarter[5]) - 1


def quarter_range(start: str, count: int) -> tuple[str, ...]:
    """``count`` quarters from ``start`` on."""
    first = quarter_number(start)
    return tuple(f"{number // 4}Q{number % 4 + 1}" for number in range(first, first + count))
