"""Unified social credit codes (GB 32100-2015): 18 characters of 31, the last one a check on the others."""

from __future__ import annotations

import re

from planner.language import Words
from planner.spelling import UNSEEN, half_width

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a code, by value; I, O, S, V and Z are none of them."""
LENGTH = 18


def plain_code(text: str) -> str:
    """A code as it is compared: full-width forms made plain, without blanks and hyphens, in capitals."""
    return re.sub(rf"[\s\-{UNSEEN}]", "", half_width(text)).upper()


def check_character(code: str) -> str:
    """What the last character has to be after the first 17: each value times 3 to the power of its position, modulo 31."""
    total = sum(ALPHABET.index(character) * pow(3, position, 31) for position, character in enumerate(code[: LENGTH - 1]))
    return ALPHABET[-total % 31]


def fault_of(text: str) -> Words | None:
    """What is wrong with a code; None where it is sound."""
    code = plain_code(text)
    if len(code) != LENGTH:
        return Words(f"有 {len(code)} 位，应为 {LENGTH} 位", f"it has {len(code)} characters, a code has {LENGTH}")
    if strange := sorted(set(code) - set(ALPHABET)):
        listed = " ".join(strange)
        return Words(f"含有代码中没有的字符 {listed}", f"it holds characters that no code has: {listed}")
    if code[-1] != (expected := check_character(code)):
        return Words(f"校验位应为 {expected}，实为 {code[-1]}", f"its last character should be {expected} and is {code[-1]}")
    return None
