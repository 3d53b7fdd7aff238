"""How texts are made plain before they are read or compared: width, case, blanks, script, and what nobody sees."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

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


_ALSO_IN_GB2312 = re.compile("[乾菸薹拚捱摺吒後徵夥榘於袷麴醣麽]")
"""Traditional forms that GB 2312, which is else of simplified ones, has too."""


def simplified(text: str) -> str:
    """A text with traditional characters as the simplified ones, each by itself: 臺灣電子 is 台湾电子."""
    if text.isascii():
        return text
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return text.translate(_simple())
    return text.translate(_simple()) if _ALSO_IN_GB2312.search(text) else text


class _Simple(dict[int, str]):
    """Each character that was asked for, and its simplified form."""

    def __init__(self) -> None:
        from opencc import OpenCC  # a tenth of a second, which texts that are simplified do without

        self._converter = OpenCC("t2s")

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, self._converter.convert(chr(code)))


@cache
def _simple() -> _Simple:
    return _Simple()


@lru_cache(maxsize=1 << 14)
def fold(name: str) -> str:
    """A header or a name of the settings as it is compared: full-width and traditional forms made plain, no case, no blanks,
    underscores, hyphens or marks of assumption."""
    return simplified(re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name).replace("*", ""))).lower()


_ONE_SIGN = str.maketrans(
    {
        **dict.fromkeys("[{【〔〖《〈「『", "("),
        **dict.fromkeys("]}】〕〗》〉」』", ")"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•‧∙⋅・", "·"),
        **dict.fromkeys("“”‘’", '"'),
    }
)


def fold_name(text: str) -> str:
    """A name or id as it is compared with others: what sets two spellings of one apart and no two names, namely width, case, blanks,
    script, what nobody sees, and the kind of brackets, dashes, dots and quotes."""
    plain = re.sub(rf"[\s{UNSEEN}]+", "", unicodedata.normalize("NFKC", text))
    return simplified(plain).translate(_ONE_SIGN).casefold()
