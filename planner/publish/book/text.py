"""Text from the input as a workbook can bear it (R6): no illegal characters, no overlong cells, sheet names that hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count

CELL_LIMIT = 32_767
"""UTF-16 units that Excel takes in one cell."""
SHEET_LIMIT = 31
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")
_UNBROKEN = re.compile(r"[!-~]+")
_RESERVED = {"history", "历史记录"}


def clean(text: str) -> str:
    """The text without characters that XML forbids, cut to what a cell holds."""
    if not text.isprintable():  # which the rest need not be looked through for
        text = _ILLEGAL.sub("\ufffd", _BREAKS.sub("\n", text))
    if len(text) * 2 > CELL_LIMIT:
        text = shorten(text, CELL_LIMIT)
    # xlsxwriter would take a text between these tags for rich-text markup of its own and write it unescaped.
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "
    return text


def shorten(text: str, units: int) -> str:
    """The text cut to so many UTF-16 units, with … where something is missing."""
    encoded = text.encode("utf-16-le")
    return text if len(encoded) <= 2 * units else encoded[: 2 * (units - 2)].decode("utf-16-le", errors="ignore") + "…"


def width(text: str) -> int:
    """Columns that the widest line takes in a fixed-width face, a Chinese character two."""
    # GBK has two bytes for what is printed wide: far faster than asking Unicode about every character.
    if "\n" in text:
        return max(width(line) for line in text.split("\n"))
    return len(text.encode("gbk", "replace"))


def widest_word(text: str) -> int:
    """Width of the longest part that no line break may split; Chinese may break anywhere."""
    return max(map(len, _UNBROKEN.findall(text)), default=2)


def lines(text: str, room: float) -> int:
    """Lines that the text takes when it wraps at ``room`` columns. Latin text loses some room at the ends of its words; digits among
    Chinese are wider in some faces."""
    if text.isascii():
        usable = max(1, int(room * 0.85))
    else:
        room *= 0.92 if _UNBROKEN.search(text) else 1.0
        usable = max(1, int(room))
    return sum(1 if width(line) <= room else max(1, -(-width(line) // usable)) for line in text.split("\n"))


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A legal sheet name nearest to ``wanted`` that is not taken yet, whatever its case."""
    name = _NOT_IN_SHEETS.sub("·", _ILLEGAL.sub("", wanted)).replace("'", "’")
    name = " ".join(name.split()) or "_"
    used = {other.casefold() for other in taken} | _RESERVED
    units = name.encode("utf-16-le")
    for mark in chain([""], (f" ({number})" for number in count(2))):
        candidate = (units[: 2 * (SHEET_LIMIT - len(mark))].decode("utf-16-le", errors="ignore").rstrip() or "_") + mark
        if candidate.casefold() not in used:
            break
    return candidate


def footer_text(text: str) -> str:
    """A text for a page header or footer, in which & begins a code; short enough with what stands beside it."""
    return shorten(clean(text).replace("\n", " "), 80).replace("&", "&&")
