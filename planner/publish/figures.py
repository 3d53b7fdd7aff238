"""Figures as text, alike in all outputs."""

from __future__ import annotations

import math

from planner.language import Language
from planner.publish.words import unit_words

PROVED = 1e-6
"""A gap up to this is a proof: nothing is shown of it."""
LARGEST_GAP = 10.0
"""Gaps beyond this are told as "more than"."""


def figure(value: float) -> str:
    """A figure with thousands separators and no more decimals than it needs: ``12,345``, ``3.5``, ``0.012``."""
    if round(value, 6) == 0:  # nothing has no sign, either
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if abs(value) < 100 else 0
    text = f"{value:,.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: float, language: Language, unit: str = "万元") -> str:
    """An amount in 万元 as ``80,000 万元`` or ``CNY 800 m``; in ``亿元`` as ``8 亿元`` or ``CNY 1.2 bn`` from one of these on."""
    large, words = (10_000, "{} 亿元") if language == "zh" else (100_000, "CNY {} bn")
    if unit == "亿元" and abs(value) >= large:
        text = f"{value / large:,.2f}"
        return words.format(text.rstrip("0").rstrip("."))
    return f"{figure(value)} 万元" if language == "zh" else f"CNY {figure(value / 100)} m"


def quantity(value: float, unit: str, language: Language) -> str:
    """An amount in its unit."""
    return f"{figure(value)} {unit_words(unit).say(language)}".rstrip()


def percent(share: float) -> str:
    """``12.5%``."""
    text = f"{share * 100:,.1f}"
    return text.removesuffix(".0") + "%"


def gap_text(gap: float) -> str:
    """A gap in per cent, rounded up: what is not proved is not claimed (R3); what counts as proved is 0.

    Of a value near 0 a percentage says nothing but that.
    """
    if gap > LARGEST_GAP:
        return f">{LARGEST_GAP * 100:,.0f}%"
    return f"{0.0 if gap <= PROVED else math.ceil(gap * 10_000 - 1e-9) / 100:.2f}%"
