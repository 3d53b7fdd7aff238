"""What a number format shows beside the number: words (``0.00"亿元"``), and that it divides what is shown by 1000s."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].'
    r"|G/通用格式|General|(?P<number>[0#?](?:[0#?.,]|\\\.|!\.)*)|(?P<end>;)|(?P<other>.)",
    re.S | re.I,
)


@lru_cache(maxsize=4096)
def shown_words(code: str) -> str:
    """The words that a format shows with a number, ``亿元`` for ``0.00"亿元"``; ``""`` where it shows none. Letters that stand
    for parts of dates and the E of powers are no words."""
    said = []
    for piece in _PIECE.finditer(code):
        other = piece["other"] if piece["other"] and not piece["other"].isascii() else ""
        said.append(piece["quoted"] or piece["escaped"] or piece["currency"] or other or "")
    words = "".join(said).strip()
    return words if any(unicodedata.category(letter)[0] == "L" or letter in "㎡㎢㎥" for letter in words) else ""


@lru_cache(maxsize=4096)
def shown_divisor(code: str) -> int:
    """By what a number is divided before it is shown: 1000 for each comma that no digit follows (``0.0,``); a tenth of one
    with 万 for ``0!.0,``, which shows 35000 as 3.5."""
    for piece in _PIECE.finditer(code):
        digits = piece["number"] or ""
        if digits:
            thousands = 1000 ** (len(digits) - len(digits.rstrip(",")))
            literal = re.search(r"[\\!]\.([0#?]+)", digits)
            return int(thousands * (10 ** len(literal[1]) if literal else 1))
    return 1


def told(code: str) -> bool:
    """Whether a format says something of its number that the number does not."""
    return bool(shown_words(code)) or shown_divisor(code) != 1
