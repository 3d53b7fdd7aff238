"""Figures as a reader of the plan's language writes them. Money comes in 万元; None is not shown at all (R1)."""

from __future__ import annotations

from planner.language import Language


def number(value: float, decimals: int = 2) -> str:
    """With thousands separators and without trailing zeros: ``1,234.5``."""
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def money(value: float, language: Language) -> str:
    """万元 as ``3,200 万元`` or, from 10,000 万元 on, ``1.25 亿元``; in English in millions: ``CNY 12.5 m``."""
    if language == "en":
        return f"CNY {number(value / 100)} m"
    return f"{number(value / 10_000)} 亿元" if abs(value) >= 10_000 else f"{number(value, 1)} 万元"


def amount(value: float, unit: str) -> str:
    """An amount of a resource with its unit."""
    return f"{number(value)} {unit}".rstrip()


def percent(share: float, decimals: int = 0) -> str:
    """0.855 as ``86%``."""
    return f"{number(share * 100, decimals)}%"
