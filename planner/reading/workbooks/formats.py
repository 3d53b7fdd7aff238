"""What a number format shows beside the number: words (``0.00"亿元"``), and that it divides what is shown by 1000s."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType

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
    return words if any(unicodedata.category(letter)[0] == "L" or letter in "㎡㎢㎥$€£₩₽" for letter in words) else ""


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


def shows_percent(code: str) -> bool:
    """Whether a number is shown 100 times as large, with a sign that says so."""
    return any(piece["other"] == "%" for piece in _PIECE.finditer(code))


_PART = re.compile(r'"[^"]*"?|[\\!_*].|\[[^\]]*\]|.', re.S)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType({"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne})


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[tuple[str, Callable[[float], bool]], ...]:
    """The sections of a format and when each applies: by the conditions in it, else for numbers that are positive, negative, 0."""
    sections = [""]
    for part in _PART.findall(code):
        if part == ";":
            sections.append("")
        else:
            sections[-1] += part
    sections = sections[:3]
    signs = {1: "", 2: ">=", 3: ">"}
    usual = [(signs.get(len(sections), ""), 0.0), ("<", 0.0), ("", 0.0)]
    found = []
    for text, (sign, limit) in zip(sections, usual, strict=False):
        stated = _CONDITION.search(text)
        sign, limit = (stated[1], float(stated[2])) if stated else (sign, limit)
        found.append((text, partial(_applies, sign, limit)))
    return tuple(found)


def section_of(code: str, number: float) -> str:
    """The part of a format by which ``number`` is shown: ``0.0"元"`` of ``[>=100]0"万元";0.0"元"`` for 5."""
    sections = _sections(code)
    return next((text for text, applies in sections if applies(number)), sections[-1][0])


def _applies(sign: str, limit: float, number: float) -> bool:
    return not sign or _HOLDS[sign](number, limit)


@lru_cache(maxsize=4096)
def told(code: str) -> bool:
    """Whether a format says something of its number that the number does not."""
    return any(shown_words(text) or shown_divisor(text) != 1 or shows_percent(text) for text, _ in _sections(code))
