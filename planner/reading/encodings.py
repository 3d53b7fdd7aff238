"""In which encoding the text of a file is: the one that the plan states, else the first that decodes; told where another fits better.

Text in Big5 or Shift-JIS nearly always decodes as GB18030 too, into characters that hardly anybody uses. So how many of
the characters are common ones is what tells a right reading from a wrong one; the text itself is never changed by it.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from planner.language import Words
from planner.problems import Place, Problem
from planner.settings.base import Encoding
from planner.tables.codes import problem

_CODECS: Mapping[Encoding, str] = MappingProxyType(
    {"utf-8": "utf-8", "gb18030": "gb18030", "big5": "cp950", "shift_jis": "cp932", "windows-1252": "cp1252", "utf-16": "utf-16"}
)
_TRIED: tuple[Encoding, ...] = ("utf-8", "gb18030")
_OTHERS: tuple[Encoding, ...] = ("gb18030", "big5", "shift_jis", "windows-1252")
"""Encodings without a mark of their own, which the bytes may also be in."""
_GUESSED: tuple[Encoding, ...] = ("utf-8", *_OTHERS, "utf-16")
_MARKS: Mapping[bytes, Encoding] = MappingProxyType(
    {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
)
_PLAUSIBLE = 0.85
"""Share of common characters that the right reading of a table has at least."""
_HOPELESS = 0.34
"""Share of common characters below which a reading is not even half right."""
_BETTER = 0.15
"""By how much another reading has to be better before it is held against the one taken."""
_NARROW = 0.75
"""What a narrow kana counts for: Japanese tables have some, and text in other encodings read as Shift-JIS has little else."""
_LATIN = re.compile("[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][A-Za-z]")
_OTHER_THAN_ASCII = re.compile("[^\0-\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, None where it cannot be had; its encoding; and what is wrong or doubtful about it."""

    text: str | None
    encoding: Encoding | None
    fault: Problem | None


def decode(name: str, data: bytes, stated: Encoding | None) -> Decoded:
    """The text of the file ``name``. What the plan has ``stated`` wins, then a byte order mark, then UTF-8, then GB18030; a
    reading that was not stated and that another fits better is refused (``T230``)."""
    marked = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    tried = (stated,) if stated else (marked,) if marked else _TRIED
    decoded = ((encoding, _text(data, encoding)) for encoding in tried)
    taken, text = next(((encoding, text) for encoding, text in decoded if text is not None), (None, None))
    sure = bool(stated or marked)
    if text is None or taken is None or (taken != "utf-8" and not sure and _is_damaged_utf8(data)):
        return Decoded(None, None, _undecodable(name, data, tried))
    return Decoded(text, taken, None if sure else _doubt(name, data, text, taken))


def best_guess(data: bytes, among: Iterable[Encoding]) -> Encoding | None:
    """The encoding in which bytes read most like a table's text; None where none does."""
    score, encoding = _best(data, among)
    return encoding if score >= _PLAUSIBLE else None


def _best(data: bytes, among: Iterable[Encoding]) -> tuple[float, Encoding | None]:
    """The likeliest encoding, and how likely its text is. Western European decodes nearly everything: it needs a word."""
    texts = ((encoding, _text(data, encoding)) for encoding in among)
    read = [(encoding, text) for encoding, text in texts if text and (encoding != "windows-1252" or _LATIN.search(text))]
    return max(((likeness(text), encoding) for encoding, text in read), key=lambda pair: pair[0], default=(0.0, None))


def _text(data: bytes, encoding: Encoding) -> str | None:
    try:
        text = data.decode(_CODECS[encoding]).removeprefix("\ufeff")
    except UnicodeError:
        return None
    return None if "\0" in text else text


def _undecodable(name: str, data: bytes, tried: tuple[Encoding, ...]) -> Problem:
    """At the line of the first byte that does not fit the first encoding tried."""
    line = None
    try:
        data.decode(_CODECS[tried[0]])
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    damaged = "utf-8" in tried and _is_damaged_utf8(data)
    near = None if damaged else best_guess(data, (encoding for encoding in _GUESSED if encoding not in tried))
    remedy = Words(
        f"像是 {near}：在 plan.yaml 中写 encoding: {near}；或", f"looks like {near}: write encoding: {near} in plan.yaml, or "
    )
    said = {"tried": Words(" 或 ".join(tried), " or ".join(tried)), "remedy": remedy if near else Words("", "")}
    return problem("T104", Place(name, line=line), name, **said)


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes also decodes as GB18030, into nonsense: most of its text is still sound UTF-8."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if ord(character) > 127) - bad
    return good > 10 * bad > 0 or (data.startswith(codecs.BOM_UTF8) and bad > 0)


def _doubt(name: str, data: bytes, text: str, taken: Encoding) -> Problem | None:
    """The problem where the bytes read more like a table's text in another encoding than in the one ``taken``."""
    if text.isascii() or (score := likeness(text)) >= _PLAUSIBLE or (taken == "utf-8" and not _is_short_utf8(text)):
        return None
    best, other = _best(data, (encoding for encoding in _OTHERS if encoding != taken))
    if other is None or best < (_PLAUSIBLE if score > _HOPELESS else 0.5) or best < score + _BETTER:
        return None
    line = next(at for at, row in enumerate(data.split(b"\n")) if not row.isascii())
    row = data.split(b"\n")[line].strip()
    sides = [_excerpt(row.decode(_CODECS[encoding], errors="replace")) for encoding in (taken, other)]
    said = {"taken": taken, "other": other, "one": sides[0], "two": sides[1]}
    return problem("T230", Place(name, line=line + 1), name, **said)


def _is_short_utf8(text: str) -> bool:
    """Two-byte sequences alone, which pairs of other encodings also are; three bytes that fit together are UTF-8."""
    return max(text) < "\u0800"


def _excerpt(row: str) -> str:
    """The first words of a row that are not plain ASCII."""
    at = next((found.start() for found in _OTHER_THAN_ASCII.finditer(row)), 0)
    return row[at : at + 16]


def likeness(text: str) -> float:
    """Share of the characters beyond ASCII that are common in Chinese or Japanese tables, or Latin letters in a word; 1 where
    there are none."""
    counted = Counter(_OTHER_THAN_ASCII.findall(text))
    if not (total := sum(counted.values())):
        return 1.0
    known = _common()
    common = sum(count for character, count in counted.items() if character in known) + len(_LATIN.findall(text))
    narrow = sum(count for character, count in counted.items() if "\uff66" <= character <= "\uff9f")
    return min((common + _NARROW * narrow) / total, 1.0)


@cache
def _common() -> frozenset[str]:
    """The characters of GB 2312, the frequent ones of Big5, kana, and full-width signs and letters."""

    def characters(codec: str, leads: range, *trails: range) -> str:
        pairs = bytes(byte for lead in leads for trail in trails for last in trail for byte in (lead, last))
        return pairs.decode(codec, errors="ignore")

    simplified = characters("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    traditional = characters("cp950", range(0xA4, 0xC7), range(0x40, 0x7F), range(0xA1, 0xFF))
    signs = [*range(0x3000, 0x3020), *range(0x3041, 0x30FF), *range(0xFF01, 0xFF5F), *range(0x2010, 0x2030), 0xB7, 0xB2, 0xB3]
    others = "㎡℃％±×÷≤≥≈～·°①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ＊√✓✔✗✘－—…“”‘’"
    return frozenset(simplified) | frozenset(traditional) | frozenset(map(chr, signs)) | frozenset(others)
