"""How wide a text is, by the metrics of the font that the charts are set in; texts are cut and wrapped by it."""

from __future__ import annotations

import unicodedata

from planner.publish.documents.fonts import REGULAR, advance

ELLIPSIS = "…"
ASCENT, DESCENT = 0.88, 0.12
"""Of a line, in parts of its size: what Chinese characters fill."""


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Of one line of text, in the unit of its size."""
    return size * sum(advance(character, weight) for character in text)


def clean(text: str) -> str:
    """One line: without line breaks, control characters and what no file can hold."""
    plain = "".join(character if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn"} else " " for character in text)
    return " ".join(plain.split())


def fit(text: str, size: float, room: float, weight: int = REGULAR) -> str:
    """The text, cut with an ellipsis where it is wider than its room; nothing where not even that has room."""
    if width(text, size, weight) <= room:
        return text
    room -= width(ELLIPSIS, size, weight)
    return text[: _fitting(text, size, room, weight)].rstrip() + ELLIPSIS if room >= 0 else ""


def _fitting(text: str, size: float, room: float, weight: int) -> int:
    """How many characters have room."""
    wide = 0.0
    for at, character in enumerate(text):
        wide += size * advance(character, weight)
        if wide > room:
            return at
    return len(text)


def wrap(text: str, size: float, room: float, lines: int, weight: int = REGULAR) -> list[str]:
    """At most so many lines, the last one cut; words of Latin letters stay whole where they have room."""
    wrapped: list[str] = []
    rest = text
    while rest and len(wrapped) < lines - 1:
        at = _break(rest, size, room, weight)
        if at == len(rest):
            break
        wrapped.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*wrapped, fit(rest, size, room, weight)] if rest and lines > 0 else wrapped


def _break(text: str, size: float, room: float, weight: int) -> int:
    """After how many characters a line ends: one at least."""
    at = max(1, _fitting(text, size, room, weight))
    whole = at
    while 0 < whole < len(text) and _joined(text[whole - 1], text[whole]):
        whole -= 1
    return whole or at


def _joined(left: str, right: str) -> bool:
    """No line ends between them: letters of a word, and marks that do not begin a line."""
    word = left.isascii() and right.isascii() and not left.isspace() and not right.isspace()
    return word or right in "、，；：。）》”,;:.)%*→" or (left.isdigit() and right in "亿万个家")
