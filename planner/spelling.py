"""How texts are made plain before they are read or compared: width, case, blanks, and what nobody sees."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Characters that take no room, as a class of a regular expression."""


def half_width(text: str) -> str:
    """A text with full-width digits, letters and signs made plain, and nothing else of what Unicode calls compatible: the ² or ①
    behind a figure is a mark of a footnote and no digit of it, ½ is no 1, and ``240，240`` are two figures."""
    if text.isascii():
        return text
    kept = "，" if any("0" <= sign <= "9" for sign in text) else ""
    return "".join(
        sign if sign in kept or unicodedata.category(sign) == "No" else unicodedata.normalize("NFKC", sign) for sign in text
    )


@lru_cache(maxsize=1 << 14)
def fold(name: str) -> str:
    """A name as it is compared: full-width forms made plain, no case, no blanks, underscores, hyphens or marks of assumption."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name).replace("*", "")).lower()
