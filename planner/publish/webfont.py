"""Characters that a common Chinese font may lack, embedded in a page: a name on it reads right on a machine with any font."""

from __future__ import annotations

from functools import lru_cache

FAMILY = "Bulian Rare"
"""Stands first in the font list of every style sheet in ``maps/``; its range is that of the characters embedded."""


def with_rare(html: str) -> str:
    """The page with those of its Chinese characters embedded that GB 2312 does not have; the page itself where there are none.

    A character that the font of documents does not have either is left to the reader's machine.
    """
    rare = "".join(sorted({one for one in set(html) if ord(one) >= 0x3400 and _chinese(one) and not _common(one)}))
    face = _face(rare) if rare else ""
    return html.replace("</head>", f"<style>{face}</style></head>", 1) if face else html


def _chinese(character: str) -> bool:
    code = ord(character)
    return 0x3400 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0x20000 <= code < 0x33480


def _common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=64)
def _face(characters: str) -> str:
    """The CSS rule; font libraries are loaded only here."""
    from planner.publish.documents.fonts import font_face, missing

    there = [one for one in characters if one not in missing(characters)]
    if not there:
        return ""
    span = ",".join(f"U+{ord(one):X}" for one in there)
    return font_face(there, FAMILY).removesuffix("}") + f";unicode-range:{span}}}"
